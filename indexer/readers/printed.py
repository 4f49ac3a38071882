"""A page as it is printed: lines of characters and ruled tables, and where they lie.

Measures are points of a PDF or pixels of an image, from the upper left corner; whatever is told
from them is told from their ratio to the size of the letters.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from indexer.readers.composing import Cell

_SIZE_STEP = 1.06
_MOST_RUNS = 20  # of pages in one sentence


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page; `top` is less than `bottom`."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Half way down."""
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        """Half way across."""
        return (self.left + self.right) / 2

    def scaled(self, factor: float) -> "Box":
        return Box(self.left * factor, self.top * factor, self.right * factor, self.bottom * factor)

    def joined(self, other: "Box") -> "Box":
        """Return the smallest box around both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """Characters that follow one another on one line, with no gap wider than a letter or two.

    `size` is the height of its letters. `around` says why the file itself, or the look of the
    letters, shows that it is outside the article; `is_red` that it is printed in red.
    """

    words: str
    box: Box
    size: float
    around: str = ""
    is_red: bool = False


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table between ruled lines; `rows` hold each merged cell once, where it begins.

    `columns` are the right edges of the columns.
    """

    box: Box
    columns: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """What is on a page; `aside` is what is printed across it or along its edge, with the reason
    for which it is kept out. `confidence` is that of a recognised page."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...] = ()
    tables: tuple[RuledTable, ...] = ()
    aside: tuple[tuple[str, str], ...] = ()
    confidence: float | None = None

    def scaled(self, factor: float) -> "PrintedPage":
        """Return the page in another measure."""
        return replace(
            self,
            width=self.width * factor,
            height=self.height * factor,
            lines=tuple(
                replace(each, box=each.box.scaled(factor), size=each.size * factor)
                for each in self.lines
            ),
            tables=tuple(
                replace(
                    each,
                    box=each.box.scaled(factor),
                    columns=tuple(edge * factor for edge in each.columns),
                )
                for each in self.tables
            ),
        )

    @property
    def letters(self) -> int:
        """How many characters there are on it."""
        cells = [cell.words for table in self.tables for row in table.rows for cell in row]
        words = [*(line.words for line in self.lines), *cells]
        return sum(len("".join(each.split())) for each in words)


class Sizes:
    """How many characters have which size; sizes that differ by some hundredths are one, for a
    recognised page only has measured ones."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}
        self._totals: dict[int, float] = {}

    def add(self, lines: Iterable[Line]) -> None:
        for line in lines:
            step = round(math.log(max(line.size, 0.1), _SIZE_STEP))
            self._counts[step] = self._counts.get(step, 0) + len(line.words)
            self._totals[step] = self._totals.get(step, 0.0) + len(line.words) * line.size

    @property
    def common(self) -> float:
        """The size that most characters have; 0 where there are none."""
        step = max(self._counts, key=lambda step: self._counts[step], default=None)
        return self._totals[step] / self._counts[step] if step is not None else 0.0


def common_size(lines: Iterable[Line]) -> float:
    """Return the size that most characters of some lines have; 0 where there are none."""
    sizes = Sizes()
    sizes.add(lines)
    return sizes.common


def name_pages(numbers: Iterable[int]) -> str:
    """Return pages as one says them: 第3、7、9—11页; numbers go up."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    named = ["—".join(map(str, run)) for run in runs[:_MOST_RUNS]]
    return f"第{'、'.join(named)}{'等' if len(runs) > _MOST_RUNS else ''}页"
