"""The one door through which a quote reaches a reader: word for word, or not at all.

Citations are made here and confirmed once more before they are shown, as passages are; excerpts and
the sentences of relations are taken by `quote_at`.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from indexer.errors import CitationError
from indexer.records import Document, Passage, Span
from retrieval.answering import Quotation
from retrieval.citation_forms import cite_forms
from retrieval.figures import asked_values
from retrieval.official_place import official_place
from retrieval.query import Query
from retrieval.results import Citation, Source, Statement


def cite(
    number: int, document: Document, source: Source, headings: tuple[str, ...], span: Span
) -> Citation:
    """Return a citation whose quote is exactly the document's text at its span.

    Raises:
        CitationError: the span is empty or does not lie in the document.
    """
    quote = quote_at(document.id, document.text, span)
    pages = document.pages_of(span)
    numbers = tuple(page.number for page in pages)
    place = official_place(document, span)
    return Citation(
        number=number,
        source=source,
        headings=headings,
        span=span,
        quote=quote,
        pages=numbers,
        confidence=min((p.confidence for p in pages if p.confidence is not None), default=None),
        cells=_cells(document, span),
        place=place,
        forms=cite_forms(document, source.issued_on, place, numbers),
    )


class Citations:
    """The citations of one answer, numbered as they come; a stretch is cited once."""

    def __init__(self, fetch: Callable[[str], Document], source: Callable[[str], Source]) -> None:
        self._fetch, self._source = fetch, source
        self._made: dict[tuple[str, Span], Citation] = {}

    @property
    def made(self) -> tuple[Citation, ...]:
        return tuple(self._made.values())

    def state(self, quotation: Quotation, query: Query) -> Statement:
        """Return a quotation as a statement, each of its stretches cited; the figures that a
        question asks for are marked.

        Raises:
            CitationError: a stretch does not lie in the document.
        """
        document = self._fetch(quotation.document)
        cited = [self._cite(document, quotation, span, query) for span in quotation.spans]
        return Statement("\n".join(c.quote for c in cited), tuple(c.number for c in cited))

    def cite(self, document: Document, span: Span) -> Citation:
        """Return a stretch of a document as a citation.

        Raises:
            CitationError: the span is empty or does not lie in the document.
        """
        return self._made.get((document.id, span)) or self._keep(
            cite(len(self._made) + 1, document, self._source(document.id), (), span), document
        )

    def _cite(self, document: Document, quotation: Quotation, span: Span, query: Query) -> Citation:
        if kept := self._made.get((document.id, span)):
            return kept
        focus = quotation.focus if quotation.focus and span.contains(quotation.focus) else None
        source = self._source(document.id)
        made = cite(len(self._made) + 1, document, source, quotation.headings, span)
        values = asked_values(query, document.text, span, focus)
        return self._keep(replace(made, focus=focus, values=values), document)

    def _keep(self, made: Citation, document: Document) -> Citation:
        confirm(made, document)
        self._made[document.id, made.span] = made
        return made


def quote_at(document_id: str, text: str, span: Span) -> str:
    """Return what stands at a span of a document's text, word for word.

    Raises:
        CitationError: the span is empty or does not lie in the text.
    """
    if not 0 <= span.start < span.end <= len(text):
        raise CitationError(
            f"引文位置 {span.start}–{span.end} 不在文件“{document_id}”的范围内。",
            "请运行 python -m indexer build 重建索引。",
        )
    return text[span.start : span.end]


def _cells(document: Document, span: Span) -> tuple[tuple[str, str], ...]:
    """Return the column and the words of each cell of the row that a quote stands in."""
    found = document.row_of(span)
    if found is None:
        return ()
    table, row = found
    if row in table.rows[: table.heads]:
        return ()
    names = (_words(document, table.column_name(column)) for column in range(len(row.cells)))
    cells = dict.fromkeys(zip(names, row.cells, strict=True))  # a merged cell is shown once
    return tuple((name, _words(document, (cell,))) for name, cell in cells if name and any(cell))


def _words(document: Document, spans: Iterable[Span]) -> str:
    """Return the words of some cells on one line."""
    return " ".join(" ".join(document.text[s.start : s.end].split()) for s in spans)


def confirm(citation: Citation, document: Document) -> None:
    """Check a citation against its document once more, just before it is shown.

    Raises:
        CitationError: the quote is not what stands there.
    """
    is_its_document = document.id == citation.source.document
    marked = (citation.focus, *citation.values)
    if not is_its_document or document.text[slice(*citation.span)] != citation.quote:
        raise _differs(citation.source.document)
    if not all(citation.span.contains(span) for span in marked if span):
        raise _differs(citation.source.document)


def confirm_passage(passage: Passage, text: str) -> None:
    """Check a passage against the text of its document, just before it is shown.

    Raises:
        CitationError: its words are not what stands there.
    """
    if text[slice(*passage.span)] != passage.text:
        raise _differs(passage.document)


def _differs(document_id: str) -> CitationError:
    return CitationError(
        f"引文与文件“{document_id}”的原文不一致，已拒绝显示。",
        "请运行 python -m indexer verify 检查索引。",
    )
