"""Put a text together in reading order while keeping what its form says of each stretch."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from indexer.labels import is_label
from indexer.readers.source import Source
from indexer.records import Caution, Exclusion, Page, Row, Span, Table

CELL_BREAK = " | "
_LONGEST_HEAD = 40  # characters of a cell that names a column
_SHORT_HEAD = 12
_NUMBERED = ("序号", "序號", "编号", "編號", "No", "NO", "No.")
_VALUE = re.compile(r"[\d.,%％()（）\-—/年月日:： ]+")
_PERIOD = re.compile(r"(?:19|20)\d\d\s*年?(?:\s*\d{1,2}\s*月)?")  # names a column of figures


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as printed, and how many columns and rows it covers."""

    words: str
    columns: int = 1
    rows: int = 1


class Composer:
    """Collects the visible text of a file, a paragraph or a table row on each line."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._headings: list[tuple[Span, int]] = []
        self._exclusions: list[Exclusion] = []
        self._pages: list[tuple[int, int, float | None]] = []  # number, start, confidence
        self._tables: list[Table] = []
        self._cautions: dict[Caution, None] = {}

    @property
    def length(self) -> int:
        """How many characters there are so far: where the next paragraph will start."""
        return self._length

    def paragraph(self, words: str, level: int = 0, excluded: str = "") -> Span:
        """Add a paragraph and return its span; one of white space adds nothing.

        `level` makes it a heading; `excluded` keeps it out of the passages for that reason.
        """
        solid = words.strip()
        if not solid:
            return Span(self._length, self._length)
        span = self._line(solid)
        if level:
            self._headings.append((span, level))
        if excluded:
            self._exclusions.append(Exclusion(excluded, span))
        return span

    def table(
        self,
        rows: Sequence[Sequence[Cell]],
        heads: int | None = None,
        repeated: Collection[int] = (),
    ) -> list[Span]:
        """Add a table, each row on one line, and return where the rows stand; `rows` hold each
        merged cell once, where it begins.

        `heads` is how many rows name the columns; None lets the words of the rows tell.
        `repeated` are the numbers of rows that print those names once more on another page.
        """
        if not any(cell.words.strip() for row in rows for cell in row):
            return []
        hanging: dict[int, tuple[Span, int]] = {}  # column -> merged cell and rows it still covers
        made: list[Row] = []
        places: list[Span] = []
        for number, row in enumerate(rows):
            if not row:  # all its cells hang from above
                self._hang([], hanging)
                places.append(Span(self._length, self._length))
                continue
            pieces = [" ".join(cell.words.split()) for cell in row]
            line = self._line(CELL_BREAK.join(pieces), keep_blank=True)
            at = line.start
            cells: list[Span] = []
            for cell, words in zip(row, pieces, strict=True):
                self._hang(cells, hanging)
                span = Span(at, at + len(words))
                at = span.end + len(CELL_BREAK)
                for column in range(len(cells), len(cells) + cell.columns):
                    if cell.rows > 1:
                        hanging[column] = (span, cell.rows - 1)
                    cells.append(span)
            self._hang(cells, hanging)
            places.append(line)
            if number in repeated:
                self.exclude(line, "重复表头")
            else:
                made.append(Row(line, tuple(cells)))
        count = count_heads(rows) if heads is None else min(heads, len(rows))
        self._tables.append(Table(tuple(made), sum(bool(row) for row in rows[:count])))
        return places

    def page(self, number: int, confidence: float | None = None, at: int | None = None) -> None:
        """Say that what is added from here on, or what stands from `at` on, stands on a page."""
        self._pages.append((number, self._length if at is None else at, confidence))

    def heading(self, span: Span, level: int) -> None:
        """Make a heading of a stretch that was added before."""
        self._headings.append((span, level))

    def exclude(self, span: Span, reason: str) -> None:
        """Keep a stretch out of the passages."""
        self._exclusions.append(Exclusion(reason, span))

    def caution(self, fact: str, cure: str) -> None:
        """Say something that a person should know; the same thing is said once."""
        self._cautions[Caution(fact, cure)] = None

    def source(self) -> Source:
        """Return what was collected."""
        ends = [*(start for _, start, _ in self._pages[1:]), self._length][: len(self._pages)]
        return Source(
            text="".join(self._parts),
            headings=tuple(sorted(self._headings)),
            exclusions=tuple(sorted(self._exclusions, key=lambda e: e.span)),
            pages=tuple(
                Page(number, Span(start, end), confidence)
                for (number, start, confidence), end in zip(self._pages, ends, strict=True)
            ),
            tables=tuple(self._tables),
            cautions=tuple(self._cautions),
        )

    def _line(self, words: str, keep_blank: bool = False) -> Span:
        span = Span(self._length, self._length + len(words))
        if words or keep_blank:
            self._parts.append(words + "\n")
            self._length = span.end + 1
        return span

    @staticmethod
    def _hang(cells: list[Span], hanging: dict[int, tuple[Span, int]]) -> None:
        """Let merged cells of the rows above stand for the next columns of this row."""
        while len(cells) in hanging:
            span, left = hanging.pop(len(cells))
            if left > 1:
                hanging[len(cells)] = (span, left - 1)
            cells.append(span)


def count_heads(rows: Sequence[Sequence[Cell]]) -> int:
    """Return how many rows name the columns.

    They are captions (one merged cell), then the first row of names with all that its cells are
    merged down over and the names below its wide cells; none where the rows do not show it.
    """
    first = 0
    while first < len(rows) - 1 and len(rows[first]) == 1 and rows[first][0].columns > 1:
        first += 1
    if first >= len(rows) - 1 or not _names_columns(rows[first]):
        return 0
    end = first + max(cell.rows for cell in rows[first])
    while end < len(rows) - 1 and _is_below_wide(rows[end - 1], rows[end]):
        end += 1
    return end if _is_list(rows[first], rows[end:]) else 0


def _is_list(first: Sequence[Cell], body: Sequence[Sequence[Cell]]) -> bool:
    """Tell rows of one kind below names from labels that stand beside their values.

    A list is numbered, or has figures below a name, or several columns of longer texts.
    """
    if first[0].words.strip() in _NUMBERED:
        return True
    filled = [cell.words.strip() for row in body for cell in row if cell.words.strip()]
    if any(_VALUE.fullmatch(words) for words in filled):
        return True
    longest = max(len(cell.words.strip()) for cell in first)
    is_longer = sum(map(len, filled)) > longest * len(filled)
    return len(first) > 2 and len(body) > 1 and longest <= _SHORT_HEAD and is_longer


def _names_columns(row: Sequence[Cell]) -> bool:
    """Tell a row of names from one of values; the corner above a column of names may be empty."""
    words = [cell.words.strip() for cell in row]
    named = [each for each in words if each]
    if len(named) < 2 or 2 * len(named) < len(words):
        return False
    labels = sum(map(is_label, named))
    if labels and labels < len(named) and is_label(words[0]):
        return False
    periods = sum(bool(_PERIOD.fullmatch(each)) for each in named)
    return all(_is_name(each) or _PERIOD.fullmatch(each) for each in named) and (
        periods < len(named) or not words[0]
    )


def _is_below_wide(above: Sequence[Cell], row: Sequence[Cell]) -> bool:
    """Tell a second row of names: it has words below wide cells only, and there everywhere."""
    wide: list[bool] = []
    for cell in above:
        wide += [cell.columns > 1] * cell.columns
    at = 0
    for cell in row:
        if at >= len(wide) or wide[at] != _is_name(cell.words.strip()):
            return False
        if not wide[at] and cell.words.strip():
            return False
        at += cell.columns
    return any(wide)


def _is_name(words: str) -> bool:
    return 0 < len(words) <= _LONGEST_HEAD and not _VALUE.fullmatch(words)
