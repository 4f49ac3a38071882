"""The sheets of an .xlsx file, each cell as it is shown (ECMA-376 part 1, 18).

openpyxl gives stored values, not what is shown for them, keeps every formatted cell of a million
empty rows in memory unless it leaves out merged and hidden cells, and takes five times as long.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from indexer.errors import ReadError
from indexer.readers.composing import Composer
from indexer.readers.grid import Area, Grid
from indexer.readers.number_format import BUILT_IN, format_number, format_text
from indexer.readers.package import Element, Package

_CURE = "请用 Excel 或 WPS 打开修复后另存为 .xlsx，再重建索引。"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MOST_CHARACTERS = 50_000_000  # of all shared strings
_DRAWN = re.compile(r"xl/(?:drawings/[^/]*|charts/[^/]*)\.xml")


@dataclass(frozen=True, slots=True)
class _Style:
    code: str = "General"
    size: float = 0.0


@dataclass(frozen=True, slots=True)
class _Book:
    """What the sheets of a file refer to."""

    package: Package
    strings: tuple[str, ...]
    styles: tuple[_Style, ...]
    from_1904: bool


def read_sheets(content: bytes, composer: Composer) -> list[Grid]:
    """Return the visible sheets of a file in their order; cautions go to `composer`.

    Raises:
        ReadError: the file is damaged, protected, or no workbook.
    """
    package = Package(content, _CURE)
    main = next((r.target for r in package.relations("") if r.kind == "officeDocument"), "")
    root = package.xml(main) if main else None
    if root is None:
        raise ReadError("文件里没有工作簿。", _CURE)
    related = {relation.identity: relation for relation in package.relations(main)}
    parts = {relation.kind: relation.target for relation in related.values()}
    settings = next(root.iter("{*}workbookPr"), None)
    book = _Book(
        package,
        tuple(_strings(package, parts.get("sharedStrings", ""))),
        tuple(_styles(package, parts.get("styles", ""))),
        settings is not None and _is_true(settings.get("date1904")),
    )
    grids: list[Grid] = []
    for sheet in root.iter("{*}sheet"):
        name = sheet.get("name", "")
        relation = related.get(_attribute(sheet, "id"))
        if relation is None or relation.kind != "worksheet":
            continue
        if sheet.get("state", "visible") != "visible":
            composer.caution(
                f"隐藏的工作表“{name}”没有读入。", "需要时请在表格里取消隐藏后重建索引。"
            )
            continue
        grids.append(_read_sheet(book, relation.target, name, composer))
    _say_what_is_left(package, composer)
    return grids


def _attribute(element: Element, name: str) -> str:
    """Return an attribute whatever namespace it is in."""
    return next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == name), "")


def _is_true(value: str | None) -> bool:
    return value in ("1", "true", "on")


def _strings(package: Package, name: str) -> Iterator[str]:
    characters = 0
    for item in package.stream(name, ("si",)):
        words = _text_of(item)
        characters += len(words)
        if characters > _MOST_CHARACTERS:
            raise ReadError("表格里的文字多得不正常。", "请拆成几个文件后重建索引。")
        yield words


def _text_of(item: Element) -> str:
    """Return the words of a string, without the readings above them (rPh)."""
    words = "".join(
        text.text or ""
        for text in item.iter("{*}t")
        if not text.getparent().tag.endswith("}rPh")
    )  # fmt: skip
    return _unescape(words)


def _unescape(words: str) -> str:
    if "_x" not in words:
        return words
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), words)


def _styles(package: Package, name: str) -> Iterator[_Style]:
    root = package.xml(name) if name else None
    if root is None:
        return
    codes = dict(BUILT_IN)
    for form in root.iterfind("{*}numFmts/{*}numFmt"):
        codes[_whole(form.get("numFmtId"))] = form.get("formatCode", "General")
    sizes = [
        _float(size.get("val")) if (size := font.find("{*}sz")) is not None else 0.0
        for font in root.iterfind("{*}fonts/{*}font")
    ]
    for style in root.iterfind("{*}cellXfs/{*}xf"):
        font = _whole(style.get("fontId"))
        size = sizes[font] if font < len(sizes) else 0.0
        yield _Style(codes.get(_whole(style.get("numFmtId")), "General"), size)


def _whole(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdigit() else 0


def _float(value: str | None) -> float:
    try:
        return float(value or 0)
    except ValueError:
        return 0.0


# -- one sheet -----------------------------------------------------------------------------------


def _read_sheet(book: _Book, part: str, name: str, composer: Composer) -> Grid:
    grid = Grid(name)
    row = 0
    are_hidden = False  # rows that do not say
    uncounted = 0
    for element in book.package.stream(part, ("sheetFormatPr", "col", "row", "mergeCell")):
        tag = element.tag.rpartition("}")[2]
        if tag == "row":
            row = _whole(element.get("r")) or row + 1
            hidden = element.get("hidden")
            if _is_true(hidden) or (hidden is None and are_hidden) or element.get("ht") == "0":
                grid.hidden_rows.add(row, row)
            uncounted += _read_row(book, element, row, grid)
        elif tag == "mergeCell":
            area = _area(element.get("ref", ""))
            if area is not None:
                grid.merged.append(area)
        elif tag == "col":
            if _is_true(element.get("hidden")) or element.get("width") == "0":
                grid.hidden_columns.add(_whole(element.get("min")), _whole(element.get("max")))
        else:
            are_hidden = _is_true(element.get("zeroHeight"))
    if uncounted:
        composer.caution(
            f"工作表“{name}”有 {uncounted} 个公式没有保存计算结果，按空白读入。",
            "请用 Excel 或 WPS 打开并保存一次后重建索引。",
        )
    return grid


def _read_row(book: _Book, element: Element, row: int, grid: Grid) -> int:
    """Put a row's cells into the grid; return how many formulas have no result."""
    uncounted = column = 0
    for cell in element:
        if not len(cell) and "r" in cell.attrib:
            continue  # formatted and empty, as most cells of some files are
        reference = _REFERENCE.fullmatch(cell.get("r", ""))
        column = _column(reference[1]) if reference else column + 1
        style = _whole(cell.get("s"))
        look = book.styles[style] if style < len(book.styles) else _Style()
        words = _words(book, cell, look.code)
        if words is None:
            uncounted += 1
        else:
            grid.put(row, column, words, look.size)
    return uncounted


def _words(book: _Book, cell: Element, code: str) -> str | None:
    """Return what a cell shows; None for a formula without a result."""
    kind = cell.get("t", "n")
    value = is_formula = None
    for child in cell:
        tag = child.tag.rpartition("}")[2]
        if tag == "v":
            value = child.text or ""
        elif tag == "f":
            is_formula = True
        elif tag == "is":
            return format_text(_text_of(child), code)
    if not value and kind == "n":
        return None if is_formula else ""
    value = value or ""
    if kind == "s":
        index = int(value) if value.isdecimal() else len(book.strings)
        return format_text(book.strings[index], code) if index < len(book.strings) else ""
    if kind == "b":
        return "TRUE" if _is_true(value) else "FALSE"
    if kind == "e":
        return value
    if kind == "d":
        return _show_day(value, code)
    return _show_number(value, code, book.from_1904) if kind == "n" else _text(value, code)


def _text(value: str, code: str) -> str:
    return format_text(_unescape(value), code)


def _show_number(value: str, code: str, from_1904: bool) -> str:
    try:
        return format_number(float(value), code, from_1904)
    except (ValueError, ArithmeticError):
        return value  # no number after all: shown as it stands in the file


def _show_day(value: str, code: str) -> str:
    """Show a date that the file holds in words (ISO 8601) as its format wants it."""
    try:
        since = datetime.fromisoformat(value).replace(tzinfo=None) - datetime(1899, 12, 30)
    except ValueError:
        return value
    return format_number(since.total_seconds() / 86400, code)


def _area(reference: str) -> Area | None:
    start, _, end = reference.partition(":")
    first, last = _REFERENCE.fullmatch(start), _REFERENCE.fullmatch(end)
    if first is None or last is None:
        return None
    return Area(int(first[2]), _column(first[1]), int(last[2]), _column(last[1]))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


# -- what is not read ----------------------------------------------------------------------------


def _say_what_is_left(package: Package, composer: Composer) -> None:
    names = package.names()
    if any(name.startswith(("xl/comments", "xl/threadedcomments")) for name in names):
        composer.caution("表格里有批注，没有读入。", "需要时请把批注的内容写进单元格。")
    if any(_DRAWN.fullmatch(name) and _draws(package, name) for name in names):
        composer.caution(
            "表格里有图片、图表或文本框，其中的文字没有读入。", "需要时请把其中的文字写进单元格。"
        )
    if any(name.endswith("vbaproject.bin") for name in names):
        composer.caution("文件里有宏，没有运行，也没有读入。", "无需处理。")


def _draws(package: Package, name: str) -> bool:
    """Tell a drawing that can hold words: a picture, a chart, or a shape with text."""
    root = package.xml(name)
    return root is not None and any(
        element.tag.rpartition("}")[2] in ("pic", "chart") or (element.text or "").strip()
        for element in root.iter("{*}pic", "{*}chart", "{*}t")
    )
