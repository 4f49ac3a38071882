"""The order in which a page is read: columns, what runs across them, lines within a column."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from indexer.readers.glyphs import is_gap
from indexer.readers.printed import Box, Line, RuledTable

Item = Line | RuledTable

# In units of the letters' size.
_NARROWEST = 8.0  # column
_WIDEST_GUTTER = 5.0
_RAGGED = 2.0  # how far from a column's edge a full line may end
_INDENTED = 3.0  # how far from it one may begin
_LEAST = 0.01  # points; letters may have no height
_WIDE_GAP = 2.0  # within a line; what is so far apart are cells, not words
# Of the lines of a column; the cells of a table without rules are of all lengths.
_FULL_SHARE, _FEWEST_FULL = 0.25, 3
_FLUSH_SHARE = 0.5
_PUNCTUATED_SHARE = 0.3
_PUNCTUATION = re.compile("[，。；：,;]")
_SIDE_BY_SIDE = 0.6
_MOST_CROSSING = 0.3
_MOST_STEPS = 500
_MOST_STRIPS = 5
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


class ColumnReader:
    """Reads the columns of one page after another, and remembers where the last ones were parted:
    the few lines of a last page do not show it."""

    def __init__(self) -> None:
        self._gutter: float | None = None

    def read(self, lines: Sequence[Line], tables: Sequence[RuledTable] = ()) -> tuple[Column, ...]:
        """Return the columns of a page in reading order; what runs across columns stands between
        those above it and those below it."""
        items: list[Item] = [*lines, *tables]
        gutter = _find_gutter(items) or _remembered_gutter(lines, self._gutter)
        self._gutter = gutter or self._gutter
        joined: list[Column] = []
        for column in _split(items, "", gutter):
            if joined and joined[-1].path == column.path:
                joined[-1] = replace(column, items=joined[-1].items + column.items)
            else:
                joined.append(column)
        return tuple(joined)


def _split(items: list[Item], path: str, gutter: float | None) -> Iterator[Column]:
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
            yield from _both(left, right, path)
            left, right = [], []
            yield Column(path, (item,))
    yield from _both(left, right, path)


def _both(left: list[Item], right: list[Item], path: str) -> Iterator[Column]:
    """Yield the columns on both sides of a gutter, which may be parted once more."""
    for items, name in ((left, "0"), (right, "1")):
        deeper = _find_gutter(items) if len(path) + 1 < _DEEPEST else None
        yield from _split(items, path + name, deeper)


def _remembered_gutter(lines: Sequence[Line], gutter: float | None) -> float | None:
    """Return the last page's gutter if this page, too, has lines on both sides of it."""
    if gutter is None:
        return None
    left = [line for line in lines if line.box.right <= gutter]
    right = [line for line in lines if line.box.left >= gutter]
    few = len(lines) - len(left) - len(right) <= _MOST_CROSSING * len(lines)
    punctuated = all(any(map(_is_punctuated, side)) for side in (left, right))
    return gutter if few and punctuated and _are_beside(left, right) else None


def _find_gutter(items: Sequence[Item]) -> float | None:
    """Return where a blank strip parts two columns of text, or None."""
    lines = [item for item in items if isinstance(item, Line)]
    if len(lines) < 2 * _FEWEST:
        return None
    size = max(median(line.size for line in lines), 1.0)
    block = _around(lines)
    if block.width < 2 * _NARROWEST * size:
        return None
    for gutter in _strips(lines, block, size):
        left = [line for line in lines if line.box.right <= gutter]
        right = [line for line in lines if line.box.left >= gutter]
        if _is_text(left, size) and _is_text(right, size) and _are_beside(left, right):
            apart = min(line.box.left for line in right) - max(line.box.right for line in left)
            return gutter if apart <= _WIDEST_GUTTER * size else None
    return None


def _strips(lines: Sequence[Line], block: Box, size: float) -> list[float]:
    """Return the middles of the strips that few lines cross, the emptiest and widest first."""
    step = max(size / 2, block.width / _MOST_STEPS)
    crossing = [0] * (int(block.width / step) + 2)
    for line in lines:
        first, last = ((x - block.left) / step for x in (line.box.left, line.box.right))
        for at in range(int(first), int(last) + 1):
            crossing[at] += 1
    first, last = (int(share * block.width / step) for share in _MIDDLE)
    changes = [at for at in range(first + 1, last + 1) if crossing[at] != crossing[at - 1]]
    runs = [
        (crossing[start], start - end, (start + end) / 2)
        for start, end in pairwise([first, *changes, last + 1])
    ]
    return [block.left + middle * step for _, _, middle in sorted(runs)[:_MOST_STRIPS]]


def _is_text(lines: Sequence[Line], size: float) -> bool:
    """Tell a column of text from one of cells: it is wide, has sentences in it, and several lines
    fill it from edge to edge."""
    if len(lines) < _FEWEST:
        return False
    block = _around(lines)
    full = sum(line.box.right >= block.right - _RAGGED * size for line in lines)
    flush = sum(line.box.left <= block.left + _INDENTED * size for line in lines)
    punctuated = sum(map(_is_punctuated, lines))
    return (
        block.width >= _NARROWEST * size
        and full >= max(_FEWEST_FULL, _FULL_SHARE * len(lines))
        and flush >= _FLUSH_SHARE * len(lines)
        and punctuated >= _PUNCTUATED_SHARE * len(lines)
    )


def _is_punctuated(line: Line) -> bool:
    return bool(_PUNCTUATION.search(line.words))


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


def _white(line: Line, other: Line) -> str:
    """Return what stands for the white between stretches of a line: a tab between cells."""
    gap = (other.box.left - line.box.right) / max(line.size, _LEAST)
    if gap > _WIDE_GAP:
        return "\t"
    return " " if is_gap(line.words[-1], other.words[0], gap) else ""


def _joined(row: list[Line]) -> Iterator[Line]:
    """Yield the lines of a row as one; where they overlap each stays by itself."""
    row = sorted(row, key=lambda line: line.box.left)
    while row:
        line, *row = row
        while row and row[0].box.left >= line.box.right - 0.5 * line.size:
            other, *row = row
            words = f"{line.words}{_white(line, other)}{other.words}"
            line = replace(line, words=words, box=line.box.joined(other.box))
        yield line
