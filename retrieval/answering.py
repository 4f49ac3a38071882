"""Choose the sentences that answer a question, and what has to stand with them to be understood."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from indexer.records import Passage, Span
from indexer.terms import normalised
from indexer.text import folded
from retrieval.scoring import CLAUSE, Scored

# A sentence that begins so points at the one before it.
_POINTS_BACK = re.compile("(?:此[项类外]?|该|上述|前述|前款|以上|这[些一项]|其(?![他它中余]))")
_WITH_SENTENCE_BEFORE = 300  # characters, both together
_NEAR_LEAD_IN = 400  # characters from a lead-in to an item: further down it is a text of its own
_WHOLE_LIST = 600  # characters of a list that is quoted whole
_LONG = 80  # characters of a quote from which on the clause that answers is named


@dataclass(frozen=True, slots=True)
class Limits:
    """How many sentences an answer shows: the first of a locality at least `first` of the best
    one's score, the next ones at least `further` of their first; at most `each` from one locality
    and `whole` altogether."""

    first: float
    further: float
    each: int
    whole: int


# Set on the open questions and the project's own (docs/evaluation.md).
ONE_PLACE = Limits(first=0.85, further=0.85, each=3, whole=3)
ACROSS = Limits(first=0.6, further=0.85, each=3, whole=1_000)  # every locality is to have its say
OPEN = Limits(first=0.75, further=0.85, each=3, whole=8)  # names no place, nor asks for each


def choose(
    scored: Sequence[Scored], limits: Limits, locality: Callable[[str], str]
) -> dict[str, list[Scored]]:
    """Return the sentences to show by locality, best locality first.

    Left out is what is of another year or sort than was asked, what a better sentence of the same
    locality says whole, and what has no figure where a figure is asked and found. `scored` is best
    first; `locality` gives a document's.
    """
    chosen: dict[str, list[Scored]] = {}
    said: dict[str, list[str]] = {}
    best = scored[0].score if scored else 0.0
    for sentence in scored:
        is_full = sum(map(len, chosen.values())) == limits.whole
        if is_full or sentence.score < limits.further * limits.first * best:
            break
        place = locality(sentence.passage.document)
        before = chosen.get(place, [])
        least = limits.further * before[0].score if before else limits.first * best
        if sentence.score < least or sentence.frame < 0 or len(before) == limits.each:
            continue
        if before and before[0].figure == 1 > sentence.figure:
            continue
        words = "".join(c for c in folded(sentence.text) if c.isalnum())
        if any(words in other for other in said.get(place, ())):
            continue
        chosen.setdefault(place, []).append(sentence)
        said.setdefault(place, []).append(words)
    return chosen


@dataclass(frozen=True, slots=True)
class Quotation:
    """Stretches of a document, in its order, that are understood together; `focus` is the clause
    of a long one that answers."""

    document: str
    headings: tuple[str, ...]
    spans: tuple[Span, ...]
    focus: Span | None


def quote_together(chosen: Iterable[Scored], words: Collection[str]) -> list[Quotation]:
    """Return chosen sentences with what they need: a list item its lead-in, a lead-in its items, 此
    and 上述 the sentence before. `words` are those of the question.

    Items of one list make one quotation, and stretches that touch become one.
    """
    made: dict[tuple[str, Span], list[Scored]] = {}
    for sentence in chosen:
        lead_in = _lead_in_needed(sentence, words)
        made.setdefault((sentence.passage.document, lead_in or sentence.span), []).append(sentence)
    found: list[Quotation] = []
    for (document, first), sentences in made.items():
        spans = _joined(
            [first, *(_extended(sentence) for sentence in sentences)], sentences[0].passage
        )
        if not any(document == q.document and _holds(q.spans, spans) for q in found):
            best = sentences[0]
            found.append(Quotation(document, best.passage.headings, spans, _focus(best)))
    return found


def _holds(outer: Sequence[Span], inner: Sequence[Span]) -> bool:
    return all(any(span.contains(each) for span in outer) for each in inner)


def _lead_in_needed(sentence: Scored, words: Collection[str]) -> Span | None:
    """Return where the lead-in of an item stands that has a word of the question the item lacks."""
    lead_in = sentence.lead_in
    if lead_in is None or sentence.span.start - lead_in.span.end > _NEAR_LEAD_IN:
        return None
    own, above = normalised(sentence.text), normalised(lead_in.words)
    needed = any(word in above and word not in own for word in words)
    return lead_in.span if needed else None


def _extended(sentence: Scored) -> Span:
    """Return a sentence with its items, if it is a lead-in, or the sentence that it points at."""
    passage, span = sentence.passage, sentence.span
    items = [
        item
        for item, lead_in in zip(passage.sentences, passage.lead_ins, strict=False)
        if lead_in and lead_in.span == span
    ]
    if items and items[-1].end - span.start <= _WHOLE_LIST:
        return Span(span.start, items[-1].end)
    if sentence.number and _POINTS_BACK.match(normalised(sentence.text)):
        before = passage.sentences[sentence.number - 1]
        if span.end - before.start <= _WITH_SENTENCE_BEFORE:
            return Span(before.start, span.end)
    return span


def _joined(spans: Iterable[Span], passage: Passage) -> tuple[Span, ...]:
    """Return spans in order; those that overlap, or with only white space between them in the
    passage, as one."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start - joined[-1].end <= _blank_after(joined[-1].end, passage):
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)


def _blank_after(offset: int, passage: Passage) -> int:
    """Return how much white space follows an offset of the document, 0 outside the passage."""
    if not passage.span.start <= offset <= passage.span.end:
        return 0
    rest = passage.text[offset - passage.span.start :]
    return len(rest) - len(rest.lstrip())


def _focus(sentence: Scored) -> Span | None:
    """Return the clause of a long sentence that answers, None where it is short or one clause."""
    quote, start = sentence.text, sentence.span.start
    if sentence.clause < 0 or len(quote) < _LONG:
        return None
    cuts = [0, *(found.end() for found in CLAUSE.finditer(quote)), len(quote)]
    if sentence.clause + 1 >= len(cuts):
        return None
    return Span(start + cuts[sentence.clause], start + cuts[sentence.clause + 1])
