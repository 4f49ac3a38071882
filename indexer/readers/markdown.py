"""Markdown: the text as written; its # lines are headings, its comments are not notice text."""

import re
from collections.abc import Iterator

from indexer.readers.encoding import decode
from indexer.readers.source import Source
from indexer.records import Exclusion, Span

_HEADING = re.compile(r"^(#{1,6})[ \t]+(\S.*)$", re.MULTILINE)
_CLOSING = " \t#"  # a heading may be closed with # as it was opened


def read(content: bytes) -> Source:
    """Read a .md file."""
    text = decode(content)
    return Source(text, tuple(_headings(text)), tuple(_comments(text)))


def _headings(text: str) -> Iterator[tuple[Span, int]]:
    for found in _HEADING.finditer(text):
        words = found[2].rstrip(_CLOSING)
        if words:
            yield Span(found.start(2), found.start(2) + len(words)), len(found[1])


def _comments(text: str) -> Iterator[Exclusion]:
    at = text.find("<!--")
    while at >= 0:
        end = text.find("-->", at)
        if end < 0:
            return
        yield Exclusion("注释", Span(at, end + 3))
        at = text.find("<!--", end)
