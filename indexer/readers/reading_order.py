"""The order in which a page is read: columns, what runs across them, lines within a column."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from indexer.readers.printed import Box, Line, RuledTable

Item = Line | RuledTable

# In units of the letters' size.
_NARROWEST = 6.0  # column
_RAGGED = 2.0  # how far from a column's edge a full line may end
_WIDE_GAP = 2.0  # within a line; what is so far apart are cells, not words
# Lines side by side are columns of text where most of them fill their column; the cells of a
# table without rules are of all lengths.
_FULL_SHARE = 0.5
_SIDE_BY_SIDE = 0.6
_FEWEST = 4  # lines of a column
_MIDDLE = (0.2, 0.8)  # of the text's width, where a gutter lies
_DEEPEST = 3  # gutters cut columns into columns


@dataclass(frozen=True, slots=True)
class Column:
    """Lines, one a row, and tables, from the top down. `path` tells which column of a page it is:
    "" for the whole width, "0" for the left one of two, "10" for the middle one of three."""

    path: str
    items: tuple[Item, ...]

    @property
    def lines(self) -> list[Line]:
        return [item for item in self.items if isinstance(item, Line)]


def read_columns(lines: Sequence[Line], tables: Sequence[RuledTable] = ()) -> list[Column]:
    """Return the columns of a page in reading order; what runs across columns stands between
    those above it and those below it."""
    columns = list(_split([*lines, *tables], ""))
    joined: list[Column] = []
    for column in columns:
        if joined and joined[-1].path == column.path:
            joined[-1] = replace(column, items=joined[-1].items + column.items)
        else:
            joined.append(column)
    return joined


def _split(items: list[Item], path: str) -> Iterator[Column]:
    gutter = _find_gutter(items) if len(path) < _DEEPEST else None
    if gutter is None:
        if items:
            yield Column(path, tuple(_in_order(items)))
        return
    left: list[Item] = []
    right: list[Item] = []
    for item in sorted(items, key=lambda item: item.box.top):
        if item.box.right <= gutter:
            left.append(item)
        elif item.box.left >= gutter:
            right.append(item)
        else:
            yield from _split(left, path + "0")
            yield from _split(right, path + "1")
            left, right = [], []
            yield Column(path, (item,))
    yield from _split(left, path + "0")
    yield from _split(right, path + "1")


def _find_gutter(items: Sequence[Item]) -> float | None:
    """Return where a blank strip parts two columns of text, or None."""
    lines = [item for item in items if isinstance(item, Line)]
    if len(lines) < 2 * _FEWEST:
        return None
    size = median(line.size for line in lines)
    block = _around(lines)
    if size <= 0 or block.width < 2 * _NARROWEST * size:
        return None
    gutter = _emptiest(lines, block, size)
    left = [line for line in lines if line.box.right <= gutter]
    right = [line for line in lines if line.box.left >= gutter]
    is_parted = _is_text(left, size) and _is_text(right, size) and _are_beside(left, right)
    return gutter if is_parted else None


def _emptiest(lines: Sequence[Line], block: Box, size: float) -> float:
    """Return the middle of the widest strip that the fewest lines cross."""
    step = size / 2
    first, last = (int(share * block.width / step) for share in _MIDDLE)
    crossing = [0] * (int(block.width / step) + 2)
    for line in lines:
        for at in range(
            int((line.box.left - block.left) / step), int((line.box.right - block.left) / step) + 1
        ):
            crossing[at] += 1
    fewest = min(crossing[first : last + 1])
    best, run = (0, first), 0
    for at in range(first, last + 2):
        if at <= last and crossing[at] == fewest:
            run += 1
            continue
        best, run = max(best, (run, at)), 0
    length, end = best
    return block.left + (end - length / 2) * step


def _is_text(lines: Sequence[Line], size: float) -> bool:
    """Tell a column of text from a column of cells: it is wide, and most of its lines are full."""
    if len(lines) < _FEWEST:
        return False
    block = _around(lines)
    full = sum(line.box.right >= block.right - _RAGGED * size for line in lines)
    even = sum(line.box.left <= block.left + 1.5 * _RAGGED * size for line in lines)
    return (
        block.width >= _NARROWEST * size
        and full >= _FULL_SHARE * len(lines)
        and even >= _FULL_SHARE * len(lines)
    )


def _are_beside(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Tell whether most lines of the shorter column have one of the other beside them."""
    fewer, more = sorted((left, right), key=len)
    beside = sum(
        any(line.box.top < other.box.bottom and other.box.top < line.box.bottom for other in more)
        for line in fewer
    )
    return beside >= _SIDE_BY_SIDE * len(fewer)


def _around(lines: Iterable[Line]) -> Box:
    boxes = [line.box for line in lines]
    return Box(
        min(box.left for box in boxes), min(box.top for box in boxes),
        max(box.right for box in boxes), max(box.bottom for box in boxes),
    )  # fmt: skip


def join_level(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield lines from the top down, those that stand side by side as one."""
    row: list[Line] = []
    for line in sorted(lines, key=lambda line: (line.box.middle, line.box.left)):
        if row and not _are_level(row[0], line):
            yield from _joined(row)
            row = []
        row.append(line)
    yield from _joined(row)


def _in_order(items: Iterable[Item]) -> list[Item]:
    """Return what stands in a column from the top down."""
    items = list(items)
    tables = [item for item in items if isinstance(item, RuledTable)]
    lines = join_level(item for item in items if isinstance(item, Line))
    return sorted([*lines, *tables], key=_height)


def _height(item: Item) -> float:
    return item.box.middle if isinstance(item, Line) else item.box.top


def _are_level(line: Line, other: Line) -> bool:
    return abs(line.box.middle - other.box.middle) <= 0.5 * min(line.size, other.size)


def _joined(row: list[Line]) -> Iterator[Line]:
    """Yield the lines of a row as one; where they overlap each stays by itself."""
    row = sorted(row, key=lambda line: line.box.left)
    while row:
        line, *row = row
        while row and row[0].box.left >= line.box.right - 0.5 * line.size:
            other, *row = row
            gap = "\t" if other.box.left - line.box.right > _WIDE_GAP * line.size else " "
            line = replace(
                line, words=line.words + gap + other.words, box=line.box.joined(other.box)
            )
        yield line
