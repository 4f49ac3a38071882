"""A file's content becomes a `Document`: read, header, debris, outline."""

import hashlib
import re
from collections.abc import Sequence

from indexer.debris import find_debris
from indexer.header import read_header
from indexer.outline import read_outline
from indexer.readers import read_source
from indexer.readers.source import Source
from indexer.records import Document, Field, Span
from indexer.text import lines, outside
from indexer.validity import with_validity

# Raised whenever the same file would give another document: every file is then read again.
READING_VERSION = 5

_SAYS = re.compile(r"[^\W_]")


def read_document(name: str, content: bytes) -> Document:
    """Return the notice in a file; `name` is its path below the corpus.

    Raises:
        ReadError: the content cannot be read as a notice.
    """
    return make_document(name, hashlib.sha256(content).hexdigest(), read_source(name, content))


def make_document(name: str, sha256: str, source: Source) -> Document:
    """Return the notice that a reader found in a file of that name and hash."""
    text = source.text
    around = sorted(exclusion.span for exclusion in source.exclusions)
    article = outside(lines(text), around)
    inside = set(outside(sorted(span for span, _ in source.headings), around))
    headings = [(span, level) for span, level in source.headings if span in inside]
    header = read_header(text, article, headings)
    title = _line_of_its_own(text, article, header.title)
    debris = find_debris(text, article, [span for span, _ in headings], title)
    body = outside(article, [exclusion.span for exclusion in debris])
    document = Document(
        id=name,
        sha256=sha256,
        text=text,
        header=header,
        sections=read_outline(text, body, headings, title),
        exclusions=tuple(sorted((*source.exclusions, *debris), key=lambda e: e.span)),
        pages=source.pages,
        tables=source.tables,
        cautions=source.cautions,
    )
    return with_validity(document)


def _line_of_its_own(text: str, article: Sequence[Span], title: Field | None) -> Span | None:
    """Return where the title stands, unless that is in the middle of the notice's text."""
    if title is None:
        return None
    span = title.span
    for line in article:
        if line.overlaps(span):
            before = _SAYS.search(text, line.start, span.start) if line.start < span.start else None
            after = _SAYS.search(text, span.end, line.end) if span.end < line.end else None
            if before or after:
                return None
    return span
