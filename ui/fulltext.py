"""The text of a document as nodes: every character as published, marks and headings in place.

What can be cited says where it stands, in characters: `data-at` is the start of a paragraph, a row
or a cell, and `data-clause` the whole of an article of several paragraphs. js/reading.js reads it.

A long text comes in blocks of lines. Those around the mark, and the first, are nodes; any other is
one string, the JSON of its nodes, which the browser builds when it has time. The strings do not
depend on the mark and are kept, so that to mark something else in a text of 5 MB is quick.
"""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, pairwise, takewhile

from indexer.records import Document, Page, Row, Span
from retrieval.clauses import read_clauses
from ui.paper import Node, element, later
from ui.scripts import is_traditional
from ui.words import say

_LINES_A_BLOCK = 50  # or rows; the browser lays out only the blocks near the view
_LONG_TABLE = 200  # rows; a longer table is laid out in parts of so many lines as a block has
_NARROWEST, _WIDEST = 4, 24  # characters of a column, as far as its width goes by them
_BUILT_AT_ONCE = 6  # blocks at the beginning, and as many from the mark on
# Characters in a line on a wide screen, and on a narrow one: they tell how high a block will be
# until it is laid out.
_WIDE, _NARROW = 44, 20
_KEPT = 2  # texts; one of 5 MB takes 15 MB


def write_text(document: Document, mark: Span | None, can_turn: bool = False) -> Node:
    """Return the whole text, a paragraph or a table row for each line, with `mark`, the pages and
    the exclusions shown; `can_turn` says that the pages of the file can be looked at."""
    sheet = _read_sheet(document, can_turn, is_traditional())
    return element(
        "div",
        *sheet.blocks(mark),
        css="text",
        data_pages=json.dumps([(page.span.start, page.number) for page in document.pages]),
        data_cite=say("引用本段"),
        data_cite_row=say("引用本行"),
        data_cite_clause=say("引用全条"),
        data_cite_chosen=say("引用所选"),
    )


def heading_id(section: int) -> str:
    """Return the id that a section's heading has on the page."""
    return f"section{section}"


@lru_cache(maxsize=_KEPT)
def _read_sheet(document: Document, can_turn: bool, traditional: bool) -> "_Sheet":
    """Return a text without a mark; `traditional` is the script of our words on it."""
    brush = _Brush.over(document, can_turn)
    blocks = (_Block.of(lines, brush) for lines in _in_blocks(_read_lines(document)))
    return _Sheet(tuple(blocks), brush)


def _in_blocks(lines: Iterable["_Line"]) -> Iterator[list["_Line"]]:
    """Yield lines together that are as many as a block has, or more where a table is among them."""
    block: list[_Line] = []
    size = 0
    for line in lines:
        block.append(line)
        size += len(line.rows) or 1
        if size >= _LINES_A_BLOCK:
            yield block
            block, size = [], 0
    if block:
        yield block


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the text, or rows of a table that follow each other, each with whether it names
    columns; `whole` is the place of the article that the line is one paragraph of, `shares` are the
    widths of the columns of a table in parts, in hundredths."""

    span: Span
    rows: tuple[tuple[Row, bool], ...] = ()
    whole: str = ""
    shares: tuple[int, ...] = ()

    @classmethod
    def table(cls, rows: tuple[tuple[Row, bool], ...], shares: tuple[int, ...] = ()) -> "_Line":
        return cls(Span(rows[0][0].span.start, rows[-1][0].span.end), rows, shares=shares)

    @property
    def lengths(self) -> list[int]:
        """How many characters each of its lines has."""
        return [end - start for start, end in ([row.span for row, _ in self.rows] or [self.span])]

    def paint(self, brush: "_Brush") -> Node:
        if self.rows:
            columns = (element("col", style=f"width: {share}%") for share in self.shares)
            css = "grid part" if self.shares else "grid"
            style = f"--columns: {len(self.shares)}" if self.shares else ""
            return element("table", *columns, *_rows(self.rows, brush), css=css, style=style)
        named = {"data-at": str(self.span.start)} if self.span.start < self.span.end else {}
        if self.whole:
            named["data-clause"] = self.whole
        return ["p", named, *brush.paint(self.span)]


@dataclass(frozen=True, slots=True)
class _Block:
    """Some lines, and how they are until they are built."""

    lines: tuple[_Line, ...]
    style: str
    unbuilt: Node

    @classmethod
    def of(cls, lines: Sequence[_Line], brush: "_Brush") -> "_Block":
        lengths = [length for line in lines for length in line.lengths]
        wide, narrow = (
            sum(1 + length // across for length in lengths) for across in (_WIDE, _NARROW)
        )
        style = f"--wide: {wide}; --narrow: {narrow}; --lines: {len(lengths)}"
        nodes = [line.paint(brush) for line in lines]
        return cls(tuple(lines), style, later("div", nodes, css="block", style=style))

    @property
    def span(self) -> Span:
        return Span(self.lines[0].span.start, self.lines[-1].span.end)

    def paint(self, brush: "_Brush") -> Node:
        nodes = (line.paint(brush) for line in self.lines)
        return element("div", *nodes, css="block", style=self.style)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A text in blocks, and how it looks without a mark."""

    all_blocks: tuple[_Block, ...]
    brush: "_Brush"

    def blocks(self, mark: Span | None) -> Iterator[Node]:
        """Yield the blocks, those that have the mark, those after it and the first ones built."""
        brush = self.brush.marking(mark) if mark else self.brush
        built = set(range(_BUILT_AT_ONCE))
        if mark:
            marked = [n for n, block in enumerate(self.all_blocks) if block.span.overlaps(mark)]
            built.update(*(range(n - 1, n + _BUILT_AT_ONCE) for n in marked))
        for number, block in enumerate(self.all_blocks):
            yield block.paint(brush) if number in built else block.unbuilt


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

    def at(self, offset: int) -> str:
        """Return the name of the stretch that covers `offset`, or ""."""
        found = bisect_right(self.starts, offset) - 1
        return self.names[found] if found >= 0 and offset < self.ends[found] else ""

    def names_at(self, offsets: Sequence[int]) -> Iterator[tuple[str, bool]]:
        """Yield for each offset, in order, the name of the stretch that covers it, or "", and
        whether it begins there."""
        at, count = 0, len(self.starts)
        for offset in offsets:
            while at < count and self.ends[at] <= offset:
                at += 1
            start = self.starts[at] if at < count else offset + 1
            yield (self.names[at], start == offset) if start <= offset else ("", False)


@dataclass(frozen=True, slots=True)
class _Look:
    """How a stretch looks: `tag` is "" for plain words; `page` is what begins with it."""

    tag: str = ""
    css: str = ""
    title: str = ""
    id: str = ""
    page: Node | None = None

    @classmethod
    def of(cls, heading: tuple[str, bool], reason: str, page: Node | None) -> "_Look":
        css = " ".join(name for name, on in (("heading", heading[0]), ("excluded", reason)) if on)
        title = say(f"不参与检索：{reason}") if reason else ""
        return cls("span" if css else "", css, title, heading[0] if heading[1] else "", page)

    def dress(self, words: str) -> Node:
        if not self.tag:
            return words
        return element(self.tag, words, css=self.css, title=self.title, id=self.id)


@dataclass(frozen=True, slots=True)
class _Brush:
    """Cuts lines where the look changes and gives each piece its look: `looks[0]` what comes before
    the first cut has, and each other one what comes after the cut before it."""

    text: str
    cuts: tuple[int, ...]
    looks: tuple[_Look, ...]

    @classmethod
    def over(cls, document: Document, can_turn: bool) -> "_Brush":
        layers = (
            _Layer.of((s.heading_span, heading_id(n)) for n, s in enumerate(document.sections)),
            _Layer.of((each.span, each.reason) for each in document.exclusions),
            _Layer.of((page.span, str(page.number)) for page in document.pages),
        )
        pages = {str(page.number): _page(page, can_turn) for page in document.pages}
        cuts = sorted({cut for layer in layers for cut in (*layer.starts, *layer.ends)})
        looks = [_Look()]
        for heading, exclusion, page in zip(*(each.names_at(cuts) for each in layers), strict=True):
            begun = pages[page[0]] if page[1] else None
            looks.append(_Look.of(heading, exclusion[0], begun))
        return cls(document.text, tuple(cuts), tuple(looks))

    def marking(self, mark: Span) -> "_Brush":
        """Return a brush that marks a stretch, too."""
        return self._cut(mark.start)._cut(mark.end)._marked(mark)

    def _cut(self, offset: int) -> "_Brush":
        """Return a brush that cuts there; what began before does not begin there again."""
        at = bisect_left(self.cuts, offset)
        if self.cuts[at : at + 1] == (offset,):
            return self
        rest = replace(self.looks[at], id="", page=None)
        cuts = (*self.cuts[:at], offset, *self.cuts[at:])
        return replace(self, cuts=cuts, looks=(*self.looks[: at + 1], rest, *self.looks[at + 1 :]))

    def _marked(self, mark: Span) -> "_Brush":
        first, last = (bisect_left(self.cuts, offset) + 1 for offset in mark)
        marked = (replace(look, tag="mark") for look in self.looks[first:last])
        return replace(self, looks=(*self.looks[:first], *marked, *self.looks[last:]))

    def paint(self, line: Span) -> Iterator[Node]:
        first = bisect_right(self.cuts, line.start)
        last = bisect_left(self.cuts, line.end, first)
        ends = (line.start, *self.cuts[first:last], line.end)
        for number, (start, end) in enumerate(pairwise(ends)):
            look = self.looks[first + number]
            if look.page and (number or self.cuts[first - 1] == start):
                yield look.page
            if start < end:
                yield look.dress(self.text[start:end])


def _page(page: Page, can_turn: bool) -> Node:
    """Return the number of a page, which is no character of the text, and how sure it is."""
    sure = "" if page.confidence is None else say(f"，识别把握 {page.confidence:.2f}")
    name = say(f"第 {page.number} 页{sure}")
    if not can_turn:
        return element("span", css="page", data_page=name)
    hint = say(f"{name}，对照原件")
    number = str(page.number)
    return element(
        "button", css="page", data_page=name, data_leaf=number, title=hint, aria_label=hint
    )


def _read_lines(document: Document) -> Iterator[_Line]:
    rows = {
        row.span.start: (row, number < table.heads)
        for table in document.tables
        for number, row in enumerate(table.rows)
    }
    wholes = _articles_of_several(document)
    for is_row, spans in groupby(_lines(document.text), lambda line: line.start in rows):
        if is_row:
            yield from _in_parts(tuple(rows[span.start] for span in spans))
        else:
            yield from (_Line(span, whole=wholes.at(span.start)) for span in spans)


def _in_parts(rows: tuple[tuple[Row, bool], ...]) -> Iterator[_Line]:
    """Yield a table, a long one in parts whose columns are as wide as each other's."""
    if len(rows) <= _LONG_TABLE:
        yield _Line.table(rows)
        return
    shares = _shares([row for row, _ in rows[:_LONG_TABLE]])
    for at in range(0, len(rows), _LINES_A_BLOCK):
        yield _Line.table(rows[at : at + _LINES_A_BLOCK], shares)


def _shares(rows: Sequence[Row]) -> tuple[int, ...]:
    """Return how wide columns are, in hundredths, by how much is in them on the average."""
    columns = max(len(row.cells) for row in rows)
    lengths = [0.0] * columns
    for row in rows:
        for column, cell in enumerate(row.cells):
            lengths[column] += (cell.end - cell.start) / len(rows)
    wanted = [min(max(length, _NARROWEST), _WIDEST) for length in lengths]
    return tuple(round(100 * each / sum(wanted)) for each in wanted)


def _articles_of_several(document: Document) -> _Layer:
    """Return the articles that have more than one paragraph, named by their places."""
    return _Layer.of(
        (clause.span, f"{clause.span.start}-{clause.span.end}")
        for clause in read_clauses(document)
        if document.text.find("\n", *clause.span) >= 0
    )


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
                    data_at=str(cell.start) if is_own else "",
                )
            )
        yield element("tr", *cells, data_row=f"{row.span.start}-{row.span.end}")


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
