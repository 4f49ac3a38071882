"""Put printed pages together to a text: lines to paragraphs, across columns and pages."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from indexer.readers.composing import Composer
from indexer.readers.page_tables import goes_on, join_tables
from indexer.readers.paragraphs import Placed, continues, is_heading, join, levels, paragraphs
from indexer.readers.printed import Line, PrintedPage, RuledTable
from indexer.readers.reading_order import ColumnReader, Item
from indexer.readers.running_heads import PartedPage, part_pages, with_neighbours
from indexer.readers.typesetting import Frame, LaidPage, Typesetting
from indexer.records import Span

_REACH = 2  # pages before and after that show how the text is set
_NOTE = 0.92  # times the size of the body's letters; those of footnotes are smaller
_NOTE_MARK = re.compile(
    "[①-⑳*※]|[\\[（(〔]?\\d{1,3}[\\]）)〕]?(?![\\d.、年月日%％])|注\\s*[:：\\d]|[備备][注註]"
)
_CONTINUED = re.compile(
    "[（(]?\\s*[续續]\\s*(?:上?表.{0,12}|上页|前)?\\s*[）)]?|.{0,20}[（(]\\s*[续續]\\s*[）)]"
)

_Beside = tuple[str, str]  # words beside the text, and why they are none of it, "" for notes


def compose(pages: Iterable[PrintedPage], composer: Composer) -> None:
    """Add pages to a text in reading order.

    A paragraph or a table that runs over the end of a page stays whole; what stands around the
    text on those pages comes before or after it.
    """
    flow = _Flow(composer)
    columns = ColumnReader()
    laid = (
        (page, LaidPage(page.page, columns.read(page.lines, page.page.tables)))
        for page in part_pages(pages)
    )
    for (page, own), others in with_neighbours(laid, _REACH):
        flow.add_page(page, own, [other for _, other in others])
    flow.finish()


class _Flow:
    """Takes pages in and gives paragraphs and tables out; one of them is open at a time."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._setting = Typesetting()
        self._lines: list[Placed] = []
        self._tables: list[tuple[RuledTable, PrintedPage]] = []
        self._next: PartedPage | None = None  # a page of which nothing is in the text yet
        self._feet: list[_Beside] = []  # what stands below the text of the page before
        self._before: list[_Beside] = []  # what goes before the open block, and after it
        self._after: list[_Beside] = []
        self._column = 0
        self._headings: list[tuple[Span, float]] = []

    def add_page(self, parted: PartedPage, laid: LaidPage, others: Sequence[LaidPage]) -> None:
        """Add a page; `others` are those near it."""
        self._next = parted
        body = self._setting.body(laid, others)
        notes: list[_Beside] = []
        for column in laid.columns:
            self._column += 1
            frame = self._setting.frame(column.path, laid, others, body)
            items, below = _part_notes(column.items, body)
            for item in self._without_mark(items):
                self._add(item, frame, laid.page)
            placed = [Placed(line, frame, laid.page, self._column) for line in below]
            notes += [(words, "") for words in paragraphs(placed)]
        if self._next is not None:
            self._begin()
        feet = [*notes, *laid.page.aside, *parted.feet]
        if self._began_before(laid.page):
            self._after += feet
        else:
            self._feet = feet

    def finish(self) -> None:
        """Add what is still open, and say which lines are headings."""
        self._close()
        self._write(self._feet)
        for span, level in levels(self._headings):
            self._composer.heading(span, level)

    def _add(self, item: Item, frame: Frame, page: PrintedPage) -> None:
        if isinstance(item, RuledTable):
            if self._tables and self._next is not None and goes_on(self._tables[-1][0], item):
                self._cross()
            else:
                self._begin()
            self._tables.append((item, page))
            return
        placed = Placed(item, frame, page, self._column)
        if self._lines and continues(self._lines, placed):
            self._cross()
        else:
            self._begin()
        self._lines.append(placed)

    def _without_mark(self, items: Sequence[Item]) -> Sequence[Item]:
        """Leave out the line that says that a table goes on; it is kept with the page's head."""
        if self._next is None or not self._tables or len(items) < 2:
            return items
        mark, table = items[:2]
        if (
            isinstance(mark, Line)
            and isinstance(table, RuledTable)
            and _CONTINUED.fullmatch(mark.words)
            and goes_on(self._tables[-1][0], table)
        ):
            self._next = replace(self._next, heads=(*self._next.heads, (mark.words, "续表标记")))
            return items[1:]
        return items

    def _began_before(self, page: PrintedPage) -> bool:
        """Tell whether the open block began on an earlier page than this one."""
        began = [each.page for each in self._lines[:1]] + [each for _, each in self._tables[:1]]
        return any(each.number != page.number for each in began)

    def _cross(self) -> None:
        """Let the open block go on; if this is on a new page, what parts them steps aside."""
        if self._next is not None:
            self._before += self._feet
            self._after += self._next.heads
            self._feet, self._next = [], None

    def _begin(self) -> None:
        """Close the open block, and begin a new page if this is on one."""
        self._close()
        if self._next is not None:
            self._write(self._feet)
            page = self._next.page
            self._composer.page(page.number, page.confidence)
            self._write(self._next.heads)
            self._feet, self._next = [], None

    def _close(self) -> None:
        self._write(self._before)
        if self._lines:
            self._write_paragraph(self._lines)
        if self._tables:
            self._write_table(self._tables)
        self._write(self._after)
        self._lines, self._tables, self._before, self._after = [], [], [], []

    def _write(self, beside: Iterable[_Beside]) -> None:
        for words, reason in beside:
            self._composer.paragraph(words, excluded=reason)

    def _write_paragraph(self, placed: Sequence[Placed]) -> None:
        words, starts = join(placed)
        span = self._composer.paragraph(words)
        for start, last, here in zip(starts[1:], placed, placed[1:], strict=False):
            if here.page is not last.page:
                page = here.page
                self._composer.page(page.number, page.confidence, span.start + start)
        if is_heading(words, placed):
            self._headings.append((span, placed[0].line.size))

    def _write_table(self, parts: Sequence[tuple[RuledTable, PrintedPage]]) -> None:
        table = join_tables([each for each, _ in parts])
        places = self._composer.table(table.rows, table.heads, table.repeated)
        for (_, page), start in zip(parts[1:], table.starts[1:], strict=True):
            at = places[start].start if start < len(places) else None
            self._composer.page(page.number, page.confidence, at)


def _part_notes(items: Sequence[Item], body: float) -> tuple[Sequence[Item], list[Line]]:
    """Part the footnotes of a column from the text above them."""
    notes: list[Line] = []
    for item in reversed(items):
        if not isinstance(item, Line) or item.size > _NOTE * body:
            break
        notes.insert(0, item)
    if len(notes) == len(items):
        return items, []
    while notes and not _NOTE_MARK.match(notes[0].words):
        del notes[0]
    return items[: len(items) - len(notes)], notes
