"""A file's content becomes a `Document`: read, header, debris, outline."""

import hashlib

from indexer.debris import find_debris
from indexer.header import read_header
from indexer.outline import read_outline
from indexer.readers import read_source
from indexer.records import Document, Exclusion, Header, Span
from indexer.text import lines

# Raised whenever the same file would give another document: every file is then read again.
READING_VERSION = 1


def read_document(name: str, content: bytes) -> Document:
    """Return the notice in a file; `name` is its path below the corpus.

    Raises:
        ReadError: the content cannot be read as a notice.
    """
    source = read_source(name, content)
    text_lines = lines(source.text)
    header = read_header(source.text, text_lines, source.headings, source.exclusions)
    title = header.title.span if header.title else None
    article = [
        line for line in text_lines if not any(e.span.overlaps(line) for e in source.exclusions)
    ]
    debris = find_debris(source.text, article, _body_start(header, article))
    exclusions = tuple(sorted((*source.exclusions, *debris), key=lambda e: e.span))
    sections = read_outline(source.text, article, source.headings, exclusions, title)
    return Document(
        id=name,
        sha256=hashlib.sha256(content).hexdigest(),
        text=source.text,
        header=header,
        sections=sections,
        exclusions=exclusions,
    )


def excluded_characters(exclusions: tuple[Exclusion, ...]) -> dict[str, int]:
    """Return how many characters are kept out of the passages, by reason."""
    counts: dict[str, int] = {}
    for exclusion in exclusions:
        length = exclusion.span.end - exclusion.span.start
        counts[exclusion.reason] = counts.get(exclusion.reason, 0) + length
    return counts


def _body_start(header: Header, article: list[Span]) -> int:
    """Return where the body begins: after a title that stands among the first lines."""
    top = article[min(len(article), 12) - 1].end if article else 0
    title = header.title
    return title.span.end if title and title.span.end <= top else 0
