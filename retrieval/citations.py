"""The one door through which a quote reaches a reader: word for word, or not at all."""

from collections.abc import Iterable

from indexer.errors import CitationError
from indexer.records import Document, Span
from retrieval.results import Citation, Source


def cite(
    number: int, document: Document, source: Source, headings: tuple[str, ...], span: Span
) -> Citation:
    """Return a citation whose quote is exactly the document's text at its span.

    Raises:
        CitationError: the span is empty or does not lie in the document.
    """
    quote = quote_at(document.id, document.text, span)
    pages = document.pages_of(span)
    return Citation(
        number=number,
        source=source,
        headings=headings,
        span=span,
        quote=quote,
        pages=tuple(page.number for page in pages),
        confidence=min((p.confidence for p in pages if p.confidence is not None), default=None),
        cells=_cells(document, span),
    )


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
    stands_there = document.text[citation.span.start : citation.span.end]
    if document.id != citation.source.document or stands_there != citation.quote:
        raise CitationError(
            f"引文与文件“{citation.source.document}”的原文不一致，已拒绝显示。",
            "请运行 python -m indexer verify 检查索引。",
        )
