"""Markdown: the text as written; its # lines are headings, its comments are not notice text."""

import re

from indexer.readers.encoding import decode
from indexer.readers.source import Source
from indexer.records import Exclusion, Span

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def read(content: bytes) -> Source:
    """Read a .md file."""
    text = decode(content)
    headings = tuple((Span(*m.span(2)), len(m[1])) for m in _HEADING.finditer(text))
    comments = tuple(Exclusion("注释", Span(*m.span())) for m in _COMMENT.finditer(text))
    return Source(text, headings, comments)
