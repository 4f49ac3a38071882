"""The one door through which a quote reaches a reader: word for word, or not at all."""

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
    if not 0 <= span.start < span.end <= len(document.text):
        raise CitationError(
            f"引文位置 {span.start}–{span.end} 不在文件“{document.id}”的范围内。",
            "请运行 python -m indexer build 重建索引。",
        )
    quote = document.text[span.start : span.end]
    return Citation(number, source, headings, span, quote)


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
