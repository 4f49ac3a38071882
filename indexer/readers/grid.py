"""A sheet of cells becomes text: titles, tables with the rows that name their columns, notes.

What a spreadsheet holds is a grid and nothing more; that the first rows are a title, that a blank
row ends a table, that a line below it is a note, is told by where the words stand.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from indexer.errors import ReadError
from indexer.readers.composing import CELL_BREAK, Cell, Composer, count_heads

# Every place of a table becomes a cell, at some 400 bytes; large sheets have 200,000 of them.
_MOST_PLACES = 1_000_000
_MOST_CHARACTERS = 20_000_000
_LONGEST_TITLE = 60
_LONG_NOTE = 20  # characters; a cell alone in its row with as many is no value
# Names that a program gives to a sheet by itself.
_UNNAMED = re.compile(
    r"(?:sheet|table|工作表|表格?|工作簿)\s*\d*(?:\s*[(（]\d+[)）])?", re.IGNORECASE
)
_ANNEX = re.compile(r"附\s*[件表录錄]\s*[\d一二三四五六七八九十]*\s*[:：]?")
_LABEL = re.compile(r"[^:：]{1,16}[:：].*|[(（]?(?:计量)?[单單]位.{0,12}", re.DOTALL)
_NOTE = re.compile(r"(?:备?注|備?註|说明|說明|填[表报報]|数据来源|資料來源|制表|审核|负责人)")
_NAMES = re.compile(r"[^\W\d_年月日]")  # a title is more than a number or a date
_SENTENCE = re.compile("[。；;！!？?：:]")


@dataclass(frozen=True, slots=True)
class Area:
    """Cells merged into one; the last row and column are part of it."""

    row: int
    column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What a cell shows, and the size of its letters in points (0 where that is not known)."""

    words: str
    size: float = 0.0


class Ranges:
    """Numbers such as those of hidden rows, of which a file may have a million."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def add(self, first: int, last: int) -> None:
        """Add numbers, each call with higher ones than before."""
        if self._ends and self._ends[-1] + 1 == first:
            self._ends[-1] = last
        else:
            self._starts.append(first)
            self._ends.append(last)

    def __contains__(self, number: int) -> bool:
        at = bisect_right(self._starts, number) - 1
        return at >= 0 and number <= self._ends[at]

    def after(self, number: int) -> int:
        """Return the first number from `number` on that is not among these."""
        at = bisect_right(self._starts, number) - 1
        return self._ends[at] + 1 if at >= 0 and number <= self._ends[at] else number


@dataclass(slots=True)
class Grid:
    """A sheet as its file gives it: cells with words by row and column, in any order."""

    name: str
    rows: dict[int, dict[int, Shown]] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    hidden_rows: Ranges = field(default_factory=Ranges)
    hidden_columns: Ranges = field(default_factory=Ranges)
    characters: int = 0

    def put(self, row: int, column: int, words: str, size: float = 0.0) -> None:
        """Say what a cell shows; white space is nothing.

        Raises:
            ReadError: the sheet says more than any real one.
        """
        if not words or words.isspace():
            return
        self.characters += len(words)
        if self.characters > _MOST_CHARACTERS:
            raise _too_large(f"一张表的文字超过 {_MOST_CHARACTERS // 10_000} 万字。")
        self.rows.setdefault(row, {})[column] = Shown(words, size)


def lay_out(grid: Grid, composer: Composer, is_one_of_many: bool) -> None:
    """Add a sheet to a text.

    Its title is a heading of the first level, the name of one sheet among many one of the second,
    captions of later tables are of the third; a name that says nothing is kept out of the passages.
    """
    parts = _parts(_show(grid, composer), grid.hidden_rows)
    title = _title(parts)
    has_table = False
    if title is None:
        _add_name(grid.name, "", composer, is_one_of_many)
    for part in parts:
        if isinstance(part, _Rows):
            composer.table(part.cells, part.heads)
            has_table = True
            continue
        level = 1 if part is title else 3 if has_table and part.is_caption else 0
        composer.paragraph(" ".join(part.words.split()) if level else part.words, level)
        if part is title:
            _add_name(grid.name, part.words, composer, is_one_of_many)


def _add_name(name: str, title: str, composer: Composer, is_one_of_many: bool) -> None:
    """Add the name of a sheet, which repeats its title or says nothing more often than not."""
    says = not _UNNAMED.fullmatch(name.strip()) and name.strip() not in title
    if says and is_one_of_many:
        composer.paragraph(name, level=2 if title else 1)
    else:
        composer.paragraph(name, excluded="工作表名")


# -- what is shown -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell with words: where it begins among the visible ones and how far it reaches."""

    shown: Shown
    column: int
    last_row: int
    last_column: int


_Visible = dict[int, dict[int, _Placed]]  # by row and column, both in order


def _show(grid: Grid, composer: Composer) -> _Visible:
    """Return what is visible; the words of a merged cell stand where its visible part begins."""
    visible: _Visible = {}
    hidden = False
    for row, column, shown, area in _uncovered(grid):
        top, left = grid.hidden_rows.after(row), grid.hidden_columns.after(column)
        if top > area.last_row or left > area.last_column:
            hidden = True
            continue
        placed = _Placed(shown, left, area.last_row, area.last_column)
        visible.setdefault(top, {})[left] = placed
    if hidden:
        composer.caution(
            "表格里有隐藏的行或列，没有读入。", "需要时请在表格里取消隐藏（含筛选）后重建索引。"
        )
    return {row: dict(sorted(visible[row].items())) for row in sorted(visible)}


def _uncovered(grid: Grid) -> Iterator[tuple[int, int, Shown, Area]]:
    """Yield the cells with the area each is merged over; what lies below a merged cell is covered
    by it and shown nowhere."""
    coming = sorted(grid.merged, key=lambda area: area.row, reverse=True)
    open_areas: list[Area] = []
    for row in sorted(grid.rows):
        open_areas = [area for area in open_areas if area.last_row >= row]
        while coming and coming[-1].row <= row:
            area = coming.pop()
            if area.last_row >= row:
                open_areas.append(area)
        for column, shown in sorted(grid.rows[row].items()):
            around = [a for a in open_areas if a.column <= column <= a.last_column]
            if not around:
                yield row, column, shown, Area(row, column, row, column)
            elif (around[0].row, around[0].column) == (row, column):
                yield row, column, shown, around[0]


# -- titles, tables and notes --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """Words outside of tables; a caption stands above a table, a wide one over several columns."""

    words: str
    size: float
    is_wide: bool
    is_caption: bool


@dataclass(frozen=True, slots=True)
class _Rows:
    """A table, each merged cell once; `columns` are those of the sheet that have words."""

    cells: list[list[Cell]]
    heads: int
    columns: frozenset[int]


_Part = _Line | _Rows


def _parts(visible: _Visible, hidden_rows: Ranges) -> list[_Part]:
    """Return what stands on a sheet, from the top down.

    A blank row ends a table, unless what follows has neither a caption nor names of columns and
    keeps to the columns above: a total, for example.
    """
    parts: list[_Part] = []
    open_block: _Visible = {}
    last: list[_Part] = []  # what the last block alone is
    columns: frozenset[int] = frozenset()
    for block in _blocks(visible, hidden_rows):
        made = _cut(block)
        first = made[0]
        continues = (
            last
            and isinstance(last[-1], _Rows)
            and isinstance(first, _Rows)
            and not first.heads
            and first.columns <= columns
        )
        if open_block and not continues:
            parts += _cut(open_block)
            open_block = {}
        if not open_block:
            columns = next((part.columns for part in made if isinstance(part, _Rows)), frozenset())
        open_block |= block
        last = made
    return parts + (_cut(open_block) if open_block else [])


def _blocks(visible: _Visible, hidden_rows: Ranges) -> Iterator[_Visible]:
    """Yield the rows between blank rows; a merged cell fills the rows that it reaches over."""
    block: _Visible = {}
    reach = 0
    for row, cells in visible.items():
        if block and hidden_rows.after(reach + 1) < row:
            yield block
            block = {}
        block[row] = cells
        reach = max(row, reach, *(cell.last_row for cell in cells.values()))
    if block:
        yield block


def _cut(block: _Visible) -> list[_Part]:
    """Return the lines above a table, the table, and the lines below it."""
    numbers = list(block)
    rows = list(block.values())
    first, last = _find_table(numbers, rows)
    parts: list[_Part] = [_line(row, is_caption=first < last) for row in rows[:first]]
    if first < last:
        parts.append(_table(numbers[first:last], rows[first:last]))
    return parts + [_line(row, is_caption=False) for row in rows[last:]]


def _find_table(numbers: Sequence[int], rows: Sequence[dict[int, _Placed]]) -> tuple[int, int]:
    """Return the first row of a block that is part of a table, and the one after the last.

    A row with one cell above the names of columns is a caption; one below the table is a note if
    it is wide or long.
    """
    reach = 0
    full: list[int] = []  # rows with several cells, or beside a merged one
    for index, (number, row) in enumerate(zip(numbers, rows, strict=True)):
        if len(row) > 1 or reach >= number:
            full.append(index)
        reach = max(reach, *(cell.last_row for cell in row.values()))
    width = max(map(len, rows)) + (len(full) == 1)  # a row alone has nothing to be narrower than
    while full and _is_labels(rows[full[0]], width):
        del full[0]
    while full and _is_labels(rows[full[-1]], width):
        del full[-1]
    if not full:
        return len(rows), len(rows)
    last = full[-1] + 1
    while last < len(rows) and not _is_note(rows[last]) and len(rows[last]) == 1:
        last += 1
    return full[0], last


def _is_labels(row: dict[int, _Placed], width: int) -> bool:
    """Tell 编制单位：… 单位：万元 above or below a table from a row of it, which has more cells."""
    words = [cell.shown.words.strip() for cell in row.values()]
    return len(row) < width and all(_LABEL.fullmatch(w) or _ANNEX.fullmatch(w) for w in words)


def _is_note(row: dict[int, _Placed]) -> bool:
    cell = next(iter(row.values()))
    words = cell.shown.words.strip()
    is_wide = cell.last_column > cell.column
    return is_wide or len(words) >= _LONG_NOTE or bool(_NOTE.match(words))


def _line(row: dict[int, _Placed], is_caption: bool) -> _Line:
    words = CELL_BREAK.join(cell.shown.words.strip() for cell in row.values())
    cells = list(row.values())
    is_wide = len(cells) == 1 and cells[0].last_column > cells[0].column
    return _Line(words, cells[0].shown.size, is_wide, is_caption and _reads_like_title(words))


def _table(numbers: Sequence[int], rows: Sequence[dict[int, _Placed]]) -> _Rows:
    """Return a table; columns in which nothing begins are left out."""
    columns = sorted({column for row in rows for column in row})
    if len(rows) * len(columns) > _MOST_PLACES:
        raise _too_large(f"一张表超过 {_MOST_PLACES // 10_000} 万格。")
    covered = [0] * len(columns)  # a cell that began above covers the column up to this row
    made = [
        list(_cells(index, row, numbers, columns, covered))
        for index, row in enumerate(rows)
    ]  # fmt: skip
    return _Rows(made, count_heads(made), frozenset(columns))


def _cells(
    index: int,
    row: dict[int, _Placed],
    numbers: Sequence[int],
    columns: Sequence[int],
    covered: list[int],
) -> Iterator[Cell]:
    at = 0
    while at < len(columns):
        placed = row.get(columns[at])
        if covered[at] > index:
            at += 1
        elif placed is None:
            yield Cell("")
            at += 1
        else:
            wide = bisect_right(columns, placed.last_column) - at
            end = bisect_right(numbers, placed.last_row)
            yield Cell(placed.shown.words, wide, end - index)
            covered[at : at + wide] = [end] * wide
            at += wide


def _title(parts: Sequence[_Part]) -> _Line | None:
    """Return the line that is the sheet's title: of those above its first table the one in the
    largest letters; on a sheet without a table it must stand out."""
    table = next((i for i, part in enumerate(parts) if isinstance(part, _Rows)), len(parts))
    lines = [part for part in parts[:table] if isinstance(part, _Line)]
    fit = [line for line in lines if _reads_like_title(line.words)]
    if table == len(parts):
        smallest = min((line.size for line in lines), default=0)
        fit = [line for line in fit if line.is_wide or line.size > smallest]
    return max(fit, key=lambda line: line.size, default=None)


def _reads_like_title(words: str) -> bool:
    solid = words.strip()
    return (
        2 <= len(solid) <= _LONGEST_TITLE
        and CELL_BREAK not in solid
        and _NAMES.search(solid) is not None
        and not _SENTENCE.search(solid)
        and not _ANNEX.fullmatch(solid)
        and not _LABEL.fullmatch(solid)
        and not _NOTE.match(solid)
        and not solid.startswith(("(", "（"))
    )


def _too_large(fact: str) -> ReadError:
    return ReadError(fact, "请拆成几个文件后重建索引。")
