"""The sheets of an .xls file (Excel 97 to 2003, and WPS), each cell as it is shown."""

import io
from collections.abc import Iterator

import xlrd
from xlrd.biffh import XL_CELL_BOOLEAN, XL_CELL_ERROR, XL_CELL_NUMBER, XL_CELL_TEXT
from xlrd.book import Book
from xlrd.sheet import Cell, Sheet

from indexer.errors import ReadError
from indexer.readers.composing import Composer
from indexer.readers.grid import Area, Grid
from indexer.readers.number_format import BUILT_IN, format_number, format_text

_CURE = "请用 Excel 或 WPS 打开修复后另存为 .xlsx，再重建索引。"
_PROTECTED = "Workbook is encrypted"
_DATE = 3  # xlrd's type of a cell with a number in a date's format


def read_sheets(content: bytes, composer: Composer) -> list[Grid]:
    """Return the visible sheets of a file in their order; cautions go to `composer`.

    Raises:
        ReadError: the file is damaged, protected, or no workbook.
    """
    book = _open(content)
    grids: list[Grid] = []
    for sheet in book.sheets():
        if sheet.visibility:
            composer.caution(
                f"隐藏的工作表“{sheet.name}”没有读入。", "需要时请在表格里取消隐藏后重建索引。"
            )
            continue
        grids.append(_read_sheet(book, sheet))
        if sheet.cell_note_map:
            composer.caution("表格里有批注，没有读入。", "需要时请把批注的内容写进单元格。")
    return grids


def _open(content: bytes) -> Book:
    # xlrd meets damaged records with whatever error they lead to (struct, index, assertion,
    # encoding, …): here they are all the same thing, a file that it cannot read.
    try:
        return xlrd.open_workbook(
            file_contents=content,
            formatting_info=True,  # merged and hidden cells, number formats
            ragged_rows=True,
            logfile=io.StringIO(),
        )
    except MemoryError:
        raise
    except Exception as error:
        if _PROTECTED in str(error):
            raise ReadError(
                "文件有打开密码，读不了。", "请用 Excel 或 WPS 打开后去掉密码，另存一份再重建索引。"
            ) from error
        raise ReadError("文件已损坏，或者不是 Excel 97-2003 工作簿。", _CURE) from error


def _read_sheet(book: Book, sheet: Sheet) -> Grid:
    grid = Grid(sheet.name)
    for row, info in sorted(sheet.rowinfo_map.items()):
        if info.hidden or info.height == 0:
            grid.hidden_rows.add(row + 1, row + 1)
    for column, info in sorted(sheet.colinfo_map.items()):
        if info.hidden or info.width == 0:
            grid.hidden_columns.add(column + 1, column + 1)
    for first_row, row_end, first_column, column_end in sheet.merged_cells:
        grid.merged.append(Area(first_row + 1, first_column + 1, row_end, column_end))
    for row, column, cell in _cells(sheet):
        code, size = _look(book, cell.xf_index)
        grid.put(row + 1, column + 1, _words(cell, code, book.datemode), size)
    return grid


def _cells(sheet: Sheet) -> Iterator[tuple[int, int, Cell]]:
    for row in range(sheet.nrows):
        for column, kind in enumerate(sheet.row_types(row)):
            if kind in (XL_CELL_TEXT, XL_CELL_NUMBER, _DATE, XL_CELL_BOOLEAN, XL_CELL_ERROR):
                yield row, column, sheet.cell(row, column)


def _look(book: Book, style: int | None) -> tuple[str, float]:
    """Return the number format and the letters' size of a cell."""
    if style is None or not 0 <= style < len(book.xf_list):
        return "General", 0.0
    form = book.xf_list[style]
    written = book.format_map.get(form.format_key)
    code = BUILT_IN.get(form.format_key) or (written.format_str if written else "General")
    fonts = book.font_list
    size = fonts[form.font_index].height / 20 if form.font_index < len(fonts) else 0.0
    return code, size


def _words(cell: Cell, code: str, date_mode: int) -> str:
    if cell.ctype == XL_CELL_TEXT:
        return format_text(cell.value, code)
    if cell.ctype == XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    return format_number(cell.value, code, date_mode == 1)
