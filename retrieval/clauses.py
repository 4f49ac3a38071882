"""A document as a list of clauses: its articles, and every paragraph that stands in none.

The clauses have every line of the notice that has a letter or a digit, each once; what a web page
left around it is in none.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from indexer.records import Document, Span
from indexer.text import lines, outside

_ARTICLE = re.compile("第.+条")  # 第五条, 第五条之一
_SAYS = re.compile(r"[^\W_]")
_MARKUP = "#*_>"  # what Markdown puts before a heading


@dataclass(frozen=True, slots=True)
class Clause:
    """An article whole, or one paragraph, as spans of its document.

    `number` is 第五条, 第二章 or 三、, empty where there is none; `words` is what follows: what a
    clause says does not depend on how it is counted.
    """

    span: Span
    number: Span
    words: Span


def read_clauses(document: Document) -> tuple[Clause, ...]:
    """Return the clauses in the order of the text; their spans are apart and never empty."""
    kept = outside(lines(document.text), [each.span for each in document.exclusions])
    saying = (line for line in kept if _SAYS.search(document.text, line.start, line.end))
    return tuple(_Reader(document).clauses(saying))


class _Reader:
    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._sections = document.sections
        self._starts = [section.heading_span.start for section in document.sections]
        self._articles = [each for each in document.sections if _ARTICLE.match(each.number)]
        self._article_starts = [article.heading_span.start for article in self._articles]

    def clauses(self, kept: Iterable[Span]) -> Iterator[Clause]:
        for article, found in groupby(kept, self._article_of):
            paragraphs = list(found)
            if article >= 0:
                paragraphs = [Span(paragraphs[0].start, paragraphs[-1].end)]
            yield from map(self._clause, paragraphs)

    def _article_of(self, line: Span) -> int:
        """Return the article that a line is in, or -1. A line that runs over the end of one is the
        heading of what follows, with the marks that a form puts before it."""
        found = bisect_left(self._article_starts, line.end) - 1
        return found if found >= 0 and line.end <= self._articles[found].span.end else -1

    def _clause(self, span: Span) -> Clause:
        start = self._skip(span.start, span.end, _MARKUP)
        at = bisect_left(self._starts, span.start)
        number = 0
        if at < len(self._starts) and self._starts[at] == start:
            number = len("".join(self._sections[at].number.split()))
        end = self._after(start, number)
        words = self._skip(end, span.end)
        if words >= span.end:  # 附件1 in a line of its own is what that line says
            return Clause(span, Span(start, start), Span(start, span.end))
        return Clause(span, Span(start, end), Span(words, span.end))

    def _after(self, start: int, signs: int) -> int:
        """Return where a number of so many signs ends, which may be spaced out."""
        for _ in range(signs):
            start = self._skip(start, len(self._text)) + 1
        return start

    def _skip(self, start: int, end: int, more: str = "") -> int:
        """Return where white space, or some signs more, end that begin at `start`."""
        while start < end and (self._text[start].isspace() or self._text[start] in more):
            start += 1
        return start
