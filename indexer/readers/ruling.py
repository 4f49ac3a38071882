"""Find the cells between ruled lines, merged ones and open sides included."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.readers.printed import Box

FEWEST_CELLS = 2  # with something in them; a drawing has cells, too
_MOST_RULES = 4000  # a drawing has more; a table with as many cells would fill ten pages
_MOST_CELLS = 20_000
_MOST_OF_A_SIDE = 0.6


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line: `at` is where it lies across, `start` and `end` how far it runs."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of a lattice: where it begins, counted from 0, and how far it reaches."""

    row: int
    column: int
    rows: int
    columns: int
    box: Box


@dataclass(frozen=True, slots=True)
class Lattice:
    """The cells of one table in the order of its rows; `xs` and `ys` are the edges of all its
    columns and rows."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    places: tuple[Place, ...]
    covering: dict[tuple[int, int], Place]  # (row, column) -> the cell that covers it

    @property
    def box(self) -> Box:
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def place_at(self, x: float, y: float) -> Place | None:
        """Return the cell in which a point lies."""
        return self.covering.get((bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1))


def find_lattices(across: Sequence[Rule], down: Sequence[Rule], tolerance: float) -> list[Lattice]:
    """Return the tables that rules across and down a page make, from the top down.

    What lies nearer than `tolerance` touches. A frame with one column is no table.
    """
    if len(across) + len(down) > _MOST_RULES:
        return []
    rows, columns = _straighten(across, tolerance), _straighten(down, tolerance)
    made = (_lattice(*part, tolerance) for part in _parts(rows, columns, tolerance))
    return sorted((each for each in made if each is not None), key=lambda each: each.box.top)


def _straighten(rules: Iterable[Rule], tolerance: float) -> list[Rule]:
    """Lay rules that nearly lie on one line on it, and join what touches there."""
    straight: list[Rule] = []
    group: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: rule.at):
        if group and rule.at - group[0].at > tolerance:
            straight += _joined(group, tolerance)
            group = []
        group.append(rule)
    return straight + _joined(group, tolerance)


def _joined(group: list[Rule], tolerance: float) -> list[Rule]:
    if not group:
        return []
    at = sum(rule.at for rule in group) / len(group)
    joined: list[Rule] = []
    for rule in sorted(group, key=lambda rule: rule.start):
        if joined and rule.start <= joined[-1].end + tolerance:
            joined[-1] = Rule(at, joined[-1].start, max(joined[-1].end, rule.end))
        else:
            joined.append(Rule(at, rule.start, rule.end))
    return joined


def _parts(
    rows: list[Rule], columns: list[Rule], tolerance: float
) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """Yield the rules of each table: those that touch one another."""
    waiting = set(range(len(columns)))
    unseen = set(range(len(rows)))
    while unseen:
        part_rows, part_columns, fresh = set[int](), set[int](), {unseen.pop()}
        while fresh:
            part_rows |= fresh
            touched = {
                c for c in waiting if any(_touch(rows[r], columns[c], tolerance) for r in fresh)
            }
            waiting -= touched
            part_columns |= touched
            fresh = {
                r for r in unseen if any(_touch(rows[r], columns[c], tolerance) for c in touched)
            }
            unseen -= fresh
        yield [rows[r] for r in part_rows], [columns[c] for c in part_columns]


def _touch(row: Rule, column: Rule, tolerance: float) -> bool:
    return (
        row.start - tolerance <= column.at <= row.end + tolerance
        and column.start - tolerance <= row.at <= column.end + tolerance
    )


def _lattice(rows: list[Rule], columns: list[Rule], tolerance: float) -> Lattice | None:
    """Return the table of rules that touch, or None where they make no two columns."""
    xs, ys = _edges(columns, rows, tolerance), _edges(rows, columns, tolerance)
    wide, high = len(xs) - 1, len(ys) - 1
    if wide < 2 or high < 1 or wide * high > _MOST_CELLS:
        return None
    places = tuple(
        Place(row, column, high, wide, Box(xs[column], ys[row], xs[column + wide], ys[row + high]))
        for row, column, high, wide in _Walls(rows, columns, xs, ys, tolerance).cells()
    )
    covering = {
        (place.row + r, place.column + c): place
        for place in places
        for r in range(place.rows)
        for c in range(place.columns)
    }
    return Lattice(tuple(xs), tuple(ys), places, covering)


def _edges(rules: list[Rule], crossing: list[Rule], tolerance: float) -> list[float]:
    """Return where the rules of one direction lie, and where those that cross them end if the
    table is open on that side."""
    places: list[float] = []
    for at in sorted(rule.at for rule in rules):
        if not places or at - places[-1] > tolerance:
            places.append(at)
    starts, ends = sorted(rule.start for rule in crossing), sorted(rule.end for rule in crossing)
    if len(crossing) > 1 and starts[1] < places[0] - tolerance:
        places.insert(0, starts[1])
    if len(crossing) > 1 and ends[-2] > places[-1] + tolerance:
        places.append(ends[-2])
    return places


class _Walls:
    """Which of the smallest rectangles between the rules are parted from their neighbours."""

    def __init__(
        self,
        rows: list[Rule],
        columns: list[Rule],
        xs: list[float],
        ys: list[float],
        tolerance: float,
    ) -> None:
        beside = [[rule for rule in columns if abs(rule.at - x) <= tolerance] for x in xs[1:]]
        below = [[rule for rule in rows if abs(rule.at - y) <= tolerance] for y in ys[1:]]
        self._right = [[_is_ruled(at, *side) for at in beside] for side in pairwise(ys)]
        self._below = [[_is_ruled(at, *side) for side in pairwise(xs)] for at in below]

    def cells(self) -> Iterator[tuple[int, int, int, int]]:
        """Yield each cell's row, column, height and width, from the top down."""
        taken: set[tuple[int, int]] = set()
        for row, walls in enumerate(self._right):
            for column in range(len(walls)):
                if (row, column) not in taken:
                    high, wide = self._reach(row, column, taken)
                    taken |= {(row + r, column + c) for r in range(high) for c in range(wide)}
                    yield row, column, high, wide

    def _reach(self, row: int, column: int, taken: set[tuple[int, int]]) -> tuple[int, int]:
        wide = 1
        while (
            column + wide < len(self._right[row])
            and not self._right[row][column + wide - 1]
            and (row, column + wide) not in taken
        ):
            wide += 1
        high = 1
        while row + high < len(self._right) and self._goes_on(row + high, column, wide):
            high += 1
        return high, wide

    def _goes_on(self, row: int, column: int, wide: int) -> bool:
        """Tell whether a cell reaches down into a row: no wall above it and none within it."""
        return not any(self._below[row - 1][column : column + wide]) and not any(
            self._right[row][column : column + wide - 1]
        )


def _is_ruled(rules: list[Rule], start: float, end: float) -> bool:
    """Tell whether one of some rules runs along most of a side of a rectangle."""
    return any(
        min(rule.end, end) - max(rule.start, start) > _MOST_OF_A_SIDE * (end - start)
        for rule in rules
    )
