"""Where a passage has the words of a question, to be marked."""

from collections.abc import Iterable, Iterator

from indexer.records import Passage, Span
from indexer.terms import words
from indexer.text import simplify

_SHORTEST = 2  # characters of a word, or of a part of one, that is marked


def find_words(passage: Passage, wanted: Iterable[str]) -> tuple[Span, ...]:
    """Return where a passage has some words, in either script, as spans of its document in order;
    of a compound that it has not, the parts that it has. Of two that overlap the longer is first.
    """
    plain = simplify(passage.text)
    found: set[Span] = set()
    for word in wanted:
        whole = set(_find(plain, word))
        found |= whole or {span for part in words(word) for span in _find(plain, part)}
    offset = passage.span.start
    ordered = sorted(found, key=lambda span: (span.start, -span.end))
    return tuple(Span(offset + start, offset + end) for start, end in ordered)


def _find(plain: str, word: str) -> Iterator[Span]:
    if len(word) < _SHORTEST:
        return
    at = plain.find(word)
    while at >= 0:
        yield Span(at, at + len(word))
        at = plain.find(word, at + len(word))
