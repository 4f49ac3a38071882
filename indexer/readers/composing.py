"""Put a text together in reading order while keeping what its form says of each stretch."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.readers.source import Source
from indexer.records import Caution, Exclusion, Page, Row, Span, Table

CELL_BREAK = " | "
_LONGEST_HEAD = 40  # characters of a cell that names a column
_SHORT_HEAD = 12
_NUMBERED = ("序号", "序號", "编号", "編號", "No", "NO", "No.")
_VALUE = re.compile(r"[\d.,%％()（）\-—/年月日:： ]+")


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

    def table(self, rows: Sequence[Sequence[Cell]], heads: int | None = None) -> None:
        """Add a table, each row on one line; `rows` hold each merged cell once, where it begins.

        `heads` is how many rows name the columns; None lets the words of the rows tell.
        """
        wanted = [row for row in rows if row]  # a row whose cells all hang from above has none
        if not any(cell.words.strip() for row in wanted for cell in row):
            return
        hanging: dict[int, tuple[Span, int]] = {}  # column -> merged cell and rows it still covers
        made: list[Row] = []
        for row in wanted:
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
            made.append(Row(line, tuple(cells)))
        count = _heads(wanted) if heads is None else min(heads, len(made))
        self._tables.append(Table(tuple(made), count))

    def page(self, number: int, confidence: float | None = None) -> None:
        """Say that what is added from here on stands on a page."""
        self._pages.append((number, self._length, confidence))

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
            headings=tuple(self._headings),
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


def _heads(rows: Sequence[Sequence[Cell]]) -> int:
    """Return how many rows name the columns: captions (one merged cell), then the first row of
    names with all that its cells are merged down over; 0 where the rows do not show it."""
    captions = 0
    while captions < len(rows) - 1 and len(rows[captions]) == 1 and rows[captions][0].columns > 1:
        captions += 1
    count = captions + max((cell.rows for cell in rows[captions]), default=0)
    first, body = rows[captions], rows[count:]
    if len(first) < 2 or not body or not all(_is_name(cell.words.strip()) for cell in first):
        return 0
    return count if _is_list(first, body) else 0


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


def _is_name(words: str) -> bool:
    return 0 < len(words) <= _LONGEST_HEAD and not _VALUE.fullmatch(words)
