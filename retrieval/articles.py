"""Where something stands in an article: 第二款第（三）项第1目.

A paragraph of an article is a 款 and has no number; what is numbered in it is a 项, and below that
a 目. Paragraphs are counted only where every line surely is one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.records import Document, Span
from retrieval.numbering import Mark, Rank, is_quoted, read_inline_mark, read_mark, say_number

_ENDS = "。：；:;！!？?…”」』）)》】"  # how a paragraph ends, and a line that is cut off does not
_NOUNS = ("项", "目")

Items = tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of an article: which paragraph it belongs to, and the items that it stands in,
    largest first; `is_odd` where it begins a list with another number than the first."""

    paragraph: int
    items: Items
    is_odd: bool


def place_in_article(
    document: Document, lines: Sequence[Span], span: Span, is_last: bool
) -> tuple[str, ...] | None:
    """Return the steps to words of one line inside an article, () where it is all that is sure,
    None where not even that is: an annex or a division without a heading may follow the last one.

    `lines` are those of the article, its number left out of the first.
    """
    text = document.text
    at = next((n for n, line in enumerate(lines) if span.start < line.end), len(lines) - 1)
    unended = [n for n, line in enumerate(lines) if text[line.end - 1] not in _ENDS]
    read = list(_read(text, lines))
    if at >= len(read) or (is_last and at and any(n <= at for n in unended)):
        return None if is_last or at >= len(read) else ()
    here = read[at]
    inline = read_inline_mark(text[lines[at].start : span.start], text[slice(*span)])
    items = (*here.items, inline) if inline else here.items
    named = tuple(mark.said_as(noun) for mark, noun in zip(items, _NOUNS, strict=False))
    is_sure = not unended and len(read) == len(lines) and not any(line.is_odd for line in read)
    if is_sure and not _has_table(document, Span(lines[0].start, lines[-1].end)):
        count = read[-1].paragraph
        return ((f"第{say_number(here.paragraph)}款",) if count > 1 else ()) + named
    return named if [line.items for line in read].count(here.items) == 1 else ()


def _read(text: str, lines: Sequence[Span]) -> Iterator[_Line]:
    """Yield what each line is, up to one that need not be of this article: a division, or a line
    of what is quoted."""
    paragraph = 0
    items: list[Mark] = []
    for line in lines:
        mark = read_mark(text[line.start : line.end])
        is_odd = False
        if is_quoted(text, line.start) or (mark and mark.rank == Rank.PART):
            return
        if mark and mark.rank > Rank.PART:
            before = len(items)
            items = [item for item in items if item.rank < mark.rank]
            is_odd = before == len(items) and mark.count != 1
            items.append(mark)
            paragraph = max(paragraph, 1)
        else:
            paragraph, items = paragraph + 1, []
        yield _Line(paragraph, tuple(items), is_odd)


def _has_table(document: Document, span: Span) -> bool:
    return any(row.span.overlaps(span) for table in document.tables for row in table.rows)
