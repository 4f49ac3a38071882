"""The text of a document as nodes: every character as published, marks and headings in place."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, takewhile

from indexer.records import Document, Row, Span
from ui.paper import Node, element
from ui.words import say

# The browser lays out only the blocks near the view, so a text of 5 MB scrolls smoothly.
_LINES_A_BLOCK = 50


def write_text(document: Document, mark: Span | None) -> Node:
    """Return the whole text, a paragraph or a table row for each line, with `mark`, the pages and
    the exclusions shown."""
    brush = _Brush.over(document, mark)
    lines = list(_lines_and_tables(document, brush))
    starts = range(0, len(lines), _LINES_A_BLOCK)
    blocks = (element("div", *lines[at : at + _LINES_A_BLOCK], css="block") for at in starts)
    return element("div", *blocks, css="text")


def heading_id(section: int) -> str:
    """Return the id that a section's heading has on the page."""
    return f"section{section}"


@dataclass(frozen=True, slots=True)
class _Layer:
    """Stretches of one sort, in order and apart, each with what its name stands for."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, named: Iterable[tuple[Span, str]]) -> "_Layer":
        kept: list[tuple[int, int, str]] = []
        for span, name in sorted(named):
            start = max(span.start, kept[-1][1] if kept else 0)
            if start < span.end:
                kept.append((start, span.end, name))
        starts, ends, names = zip(*kept, strict=True) if kept else ((), (), ())
        return cls(starts, ends, names)

    def begins(self, offset: int) -> bool:
        """Tell whether a stretch begins at `offset`."""
        found = bisect_left(self.starts, offset)
        return self.starts[found : found + 1] == (offset,)

    def at(self, offset: int) -> str:
        """Return the name of the stretch that covers `offset`, or ""."""
        found = bisect_right(self.starts, offset) - 1
        return self.names[found] if found >= 0 and offset < self.ends[found] else ""


@dataclass(frozen=True, slots=True)
class _Brush:
    """Cuts lines where the look changes and gives each piece its look."""

    text: str
    headings: _Layer
    exclusions: _Layer
    marks: _Layer
    pages: _Layer
    cuts: tuple[int, ...]

    @classmethod
    def over(cls, document: Document, mark: Span | None) -> "_Brush":
        headings = _Layer.of(
            (section.heading_span, heading_id(n)) for n, section in enumerate(document.sections)
        )
        exclusions = _Layer.of((each.span, each.reason) for each in document.exclusions)
        marks = _Layer.of([(mark, "mark")] if mark else [])
        pages = _Layer.of((page.span, str(page.number)) for page in document.pages)
        layers = (headings, exclusions, marks, pages)
        cuts = {cut for layer in layers for cut in (*layer.starts, *layer.ends)}
        return cls(document.text, *layers, tuple(sorted(cuts)))

    def paint(self, line: Span) -> Iterator[Node]:
        inside = self.cuts[bisect_right(self.cuts, line.start) : bisect_left(self.cuts, line.end)]
        for start, end in pairwise((line.start, *inside, line.end)):
            if self.pages.begins(start):
                yield element("span", css="page", data_page=say(f"第 {self.pages.at(start)} 页"))
            if start < end:
                yield self._piece(start, end)

    def _piece(self, start: int, end: int) -> Node:
        words = self.text[start:end]
        heading, reason = self.headings.at(start), self.exclusions.at(start)
        marked = bool(self.marks.at(start))
        if not (heading or reason or marked):
            return words
        css = " ".join(name for name, on in (("heading", heading), ("excluded", reason)) if on)
        title = say(f"不参与检索：{reason}") if reason else ""
        anchor = heading if self.headings.begins(start) else ""
        return element("mark" if marked else "span", words, css=css, title=title, id=anchor)


def _lines_and_tables(document: Document, brush: _Brush) -> Iterator[Node]:
    """Yield a paragraph for each line, and a table for table rows that follow each other."""
    rows = {
        row.span.start: (row, number < table.heads)
        for table in document.tables
        for number, row in enumerate(table.rows)
    }
    for is_row, lines in groupby(_lines(document.text), lambda line: line.start in rows):
        if is_row:
            yield element("table", *_rows([rows[line.start] for line in lines], brush), css="grid")
        else:
            yield from (element("p", *brush.paint(line)) for line in lines)


def _rows(rows: Sequence[tuple[Row, bool]], brush: _Brush) -> Iterator[Node]:
    """Yield rows, each with whether it names columns; a merged cell stands once, over all that it
    covers."""
    for number, (row, is_head) in enumerate(rows):
        cells = []
        for column, wide in _cells(row):
            cell = row.cells[column]
            is_own = row.span.contains(cell)
            if not is_own and number:
                continue  # it hangs down from a row above
            high = 1 + sum(1 for _ in takewhile(_has(column, cell), rows[number + 1 :]))
            cells.append(
                element(
                    "th" if is_head else "td",
                    *(brush.paint(cell) if is_own else ()),
                    colspan=str(wide) if wide > 1 else "",
                    rowspan=str(high) if high > 1 and cell.start < cell.end else "",
                )
            )
        yield element("tr", *cells)


def _has(column: int, cell: Span) -> Callable[[tuple[Row, bool]], bool]:
    return lambda row: row[0].cells[column : column + 1] == (cell,)


def _cells(row: Row) -> Iterator[tuple[int, int]]:
    """Yield the first column and the width of each cell."""
    column = 0
    for cell, same in groupby(row.cells):
        wide = len(list(same))
        if cell.start < cell.end:
            yield column, wide
        else:  # empty cells are not one
            yield from ((each, 1) for each in range(column, column + wide))
        column += wide


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.split("\n"):
        yield Span(start, start + len(line))
        start += len(line) + 1
