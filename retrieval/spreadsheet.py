"""Tables as files for spreadsheets, CSV and workbooks: a text stays a text, whatever it looks
like."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from retrieval.material import legal

_WIDEST = 40  # characters of a column of a workbook
# What a spreadsheet that reads CSV takes for a formula, also in full width and after white space.
_READ_AS_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_TYPED_AS_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # in the cell of a workbook
_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # _x0041_ stands for A, so _ is written as its code


def write_csv(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as CSV that a spreadsheet opens without running anything that is in it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def write_workbook(heads: Sequence[str], rows: Iterable[Sequence[str]], name: str) -> bytes:
    """Return a table as a workbook of Excel; every cell is a text, and none is run as a formula."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = name
    for number, cells in enumerate((heads, *rows), start=1):
        for column, words in enumerate(cells, start=1):
            cell = sheet.cell(number, column)
            write_cell(cell, words)
            cell.font = Font(bold=number == 1)
    for cells in sheet.columns:
        widest = max(len(str(cell.value)) for cell in cells)
        # A Chinese character is as wide as two others.
        sheet.column_dimensions[cells[0].column_letter].width = 2 * min(widest, _WIDEST) + 2
    sheet.freeze_panes = "B2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_cell(cell: Cell, value: str | int) -> None:
    """Write a value; a text stays one, even where it looks like a formula or an error."""
    if isinstance(value, int):
        cell.value = value
    else:
        cell.value = _CODE.sub("_x005F_", legal(value))
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(_TYPED_AS_FORMULA)
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.lstrip().startswith(_READ_AS_FORMULA) else cell
