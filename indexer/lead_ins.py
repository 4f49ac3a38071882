"""What introduces a list item: 高龄津贴按下列标准按月计发： stands above each of the standards.

An item says too little by itself, so every sentence of a list knows its lead-in: the nearest
sentence above it that ends with a colon and whose list has not ended.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from indexer.outline import mark_rank
from indexer.records import Document, LeadIn, Span

# Characters: 答： only labels, and a longer sentence before a colon is a text of its own.
_SHORTEST, _LONGEST = 6, 200
_UNMARKED = 99  # the rank of lines without a number


@dataclass(frozen=True, slots=True)
class _List:
    """An open list: its lead-in, the rank of the line that has it, and the rank of its items, None
    before the first."""

    lead_in: LeadIn
    own: int
    items: int | None = None


def find_lead_ins(document: Document, sentences: Sequence[Span]) -> Iterator[LeadIn | None]:
    """Yield the lead-in of each sentence of a document, given in reading order."""
    addressee = document.header.addressee
    walk = _Walk(document.text, addressee.span.start if addressee else -1)
    headings = deque(section.heading_span for section in document.sections)
    for sentence in sentences:
        while headings and headings[0].start <= sentence.start:
            walk.pass_heading(headings.popleft())
        yield walk.step(sentence)


class _Walk:
    """Goes through a document once and keeps the lists that are open."""

    def __init__(self, text: str, addressee: int) -> None:
        self._text = text
        self._addressee = addressee  # where 主送机关 begins: 各县人民政府： introduces no list
        self._open: list[_List] = []
        self._last = Span(0, 0)
        self._below_heading = False  # no item without a number has come since the last heading

    def pass_heading(self, heading: Span) -> None:
        words = self._text[slice(*heading)]
        self._begin_line(words, mark_rank(words) or _UNMARKED)
        self._last = heading
        self._below_heading = True

    def step(self, sentence: Span) -> LeadIn | None:
        """Return the lead-in of the next sentence."""
        words = self._text[slice(*sentence)]
        rank = mark_rank(words) or _UNMARKED
        # The body of an item that has a heading, or the heading itself.
        is_text = self._below_heading and (rank == _UNMARKED or sentence.start < self._last.end)
        if not is_text and (rank != _UNMARKED or self._is_new_line(sentence)):
            self._begin_line(words, rank)
            self._below_heading = False
        self._last = sentence
        found = self._open[-1].lead_in if self._open else None
        if self._introduces(sentence, words):
            self._open.append(_List(LeadIn(sentence, words), rank))
            self._below_heading = False
        return found

    def _introduces(self, sentence: Span, words: str) -> bool:
        is_colon = words.endswith((":", "：")) and _SHORTEST <= len(words) <= _LONGEST
        return is_colon and sentence.start != self._addressee

    def _is_new_line(self, sentence: Span) -> bool:
        return "\n" in self._text[self._last.end : sentence.start]

    def _begin_line(self, words: str, rank: int) -> None:
        """Close the lists that a new line or number ends, and count it as an item of the last."""
        while self._open and not self._goes_on(self._open[-1], words, rank):
            self._open.pop()
        if self._open and self._open[-1].items is None:
            self._open[-1] = replace(self._open[-1], items=rank)

    def _goes_on(self, each: _List, words: str, rank: int) -> bool:
        if each.items is None:  # the first line below the lead-in
            if rank == _UNMARKED:
                return _is_item(words)  # not the text that follows 各县人民政府：
            return each.own == _UNMARKED or rank > each.own
        if each.items == _UNMARKED:
            return rank == _UNMARKED and _is_item(self._text[slice(*self._last)])
        return each.items <= rank < _UNMARKED


def _is_item(words: str) -> bool:
    """Tell an item of a list without numbers, other than its last, from a sentence of a text."""
    return words.endswith(("；", ";", "，", ",", "、")) or " | " in words
