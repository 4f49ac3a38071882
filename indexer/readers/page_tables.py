"""The tables of pages: lines put into cells, and the parts on several pages put together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indexer.readers.composing import Cell, count_heads
from indexer.readers.glyphs import join_words, unit_width
from indexer.readers.printed import Line, RuledTable
from indexer.readers.reading_order import join_level
from indexer.readers.ruling import Lattice

_ROOM = 0.6  # letters: a line that ends so near to the edge is full
_SAME_COLUMNS = 0.02  # of a table's width
_ENDS = tuple("。；！？;!?")


@dataclass(frozen=True, slots=True)
class JoinedTable:
    """A table from one or more pages: `heads` of its rows name the columns (None where its words
    must tell), `repeated` rows do so once more, `starts` are the first rows of its pages."""

    rows: tuple[tuple[Cell, ...], ...]
    heads: int | None
    repeated: frozenset[int]
    starts: tuple[int, ...]


def make_table(lattice: Lattice, lines: Iterable[Line]) -> RuledTable:
    """Put the lines of a table into its cells."""
    inside: dict[tuple[int, int], list[Line]] = {}
    for line in lines:
        place = lattice.place_at(line.box.centre, line.box.middle)
        if place is not None:
            inside.setdefault((place.row, place.column), []).append(line)
    rows: list[list[Cell]] = [[] for _ in lattice.ys[1:]]
    for place in lattice.places:
        words = _cell_words(inside.get((place.row, place.column), ()), place.box.right)
        rows[place.row].append(Cell(words, place.columns, place.rows))
    return RuledTable(lattice.box, lattice.xs[1:], tuple(map(tuple, rows)))


def goes_on(table: RuledTable, after: RuledTable) -> bool:
    """Tell whether a table is the rest of one on the page before: its columns are the same."""
    tolerance = _SAME_COLUMNS * table.box.width
    return len(table.columns) == len(after.columns) and all(
        abs((a - table.box.left) - (b - after.box.left)) <= tolerance
        for a, b in zip(table.columns, after.columns, strict=True)
    )


def join_tables(tables: Sequence[RuledTable]) -> JoinedTable:
    """Put the parts of a table on several pages together."""
    rows = list(tables[0].rows)
    heads = count_heads(rows)
    repeated: set[int] = set()
    starts = [0]
    for table in tables[1:]:
        count = _count_repeated(rows, table.rows, heads)
        heads = max(heads, count)
        rest = list(table.rows[count:])
        if rest and _is_cut(rows[-1], rest[0]):
            # The repeated names stand between the halves: the row is whole before them.
            rows[-1] = tuple(map(_joined, rows[-1], rest.pop(0)))
        starts.append(len(rows))
        repeated |= set(range(len(rows), len(rows) + count))
        rows += [*table.rows[:count], *rest]
    return JoinedTable(tuple(rows), heads or None, frozenset(repeated), tuple(starts))


def _cell_words(lines: Iterable[Line], right: float) -> str:
    """Return the words of a cell that reaches to `right`; a line that ends early for no lack of
    room ends what it says."""
    words, end = "", right
    for line in join_level(lines):
        room = (unit_width(line.words) + _ROOM) * line.size
        words = join_words(words, line.words) if right - end < room else f"{words}\n{line.words}"
        end = line.box.right
    return words


def _count_repeated(
    rows: Sequence[Sequence[Cell]], after: Sequence[Sequence[Cell]], heads: int
) -> int:
    """Return how many rows of a table's rest print the first ones, which name the columns, once
    more."""
    for count in range(max(heads, 1), 0, -1):
        said = [[_solid(cell.words) for cell in row] for row in rows[:count]]
        if said == [[_solid(cell.words) for cell in row] for row in after[:count]]:
            return count if sum(map(bool, said[0])) > 1 else 0
    return 0


def _is_cut(row: Sequence[Cell], rest: Sequence[Cell]) -> bool:
    """Tell whether a page's end cuts through a row: what its first cell says is not said again,
    and whatever the rest says goes on with something unfinished."""
    if len(row) != len(rest) or not row[0].words or rest[0].words:
        return False
    if any(cell.rows > 1 for cell in (*row, *rest)):
        return False
    return all(
        cell.words and not cell.words.endswith(_ENDS)
        for cell, more in zip(row, rest, strict=True)
        if more.words
    )


def _joined(cell: Cell, rest: Cell) -> Cell:
    return Cell(join_words(cell.words, rest.words) if rest.words else cell.words, cell.columns)


def _solid(words: str) -> str:
    return "".join(words.split())
