"""A stretch of a text without the marks of Markdown headings that stand at its edges.

A passage ends where the next heading's words begin, which is behind its marks (### 第二章); they
are no words of either.
"""

import re

from indexer.records import Span

_BEFORE = re.compile(r"\s*#{1,6}[ \t]\s*")


def without_marks(text: str) -> Span:
    """Return the part of a stretch that has its words; all of it where there are only marks."""
    before = _BEFORE.match(text)
    start, end = before.end() if before else 0, len(text)
    marked = text.rstrip()
    above = marked.rstrip("#").rstrip(" \t")
    if above.endswith("\n") and marked.endswith("#"):
        end = len(above.rstrip())
    return Span(start, end) if start < end else Span(0, len(text))
