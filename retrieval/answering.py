"""Choose the sentences that answer a question, and what has to stand with them to be understood."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from indexer.records import Passage, Span
from indexer.terms import normalised
from indexer.text import folded
from retrieval.scoring import Scored, clause_spans

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
OPEN = Limits(first=0.75, further=0.8, each=3, whole=10)  # names no place, nor asks for each


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
        if sentence.score < least or sentence.frame < 0 or _lists(before) == limits.each:
            continue
        if before and before[0].figure == 1 > sentence.figure:
            continue
        words = "".join(c for c in folded(sentence.text) if c.isalnum())
        if any(words in other for other in said.get(place, ())):
            continue
        chosen.setdefault(place, []).append(sentence)
        said.setdefault(place, []).append(words)
    return chosen


def _lists(sentences: Iterable[Scored]) -> int:
    """Return how many sentences there are, the items of one list taken as one."""
    return len({(s.passage.document, _lead_in_near(s) or s.span) for s in sentences})


def _lead_in_near(sentence: Scored) -> Span | None:
    """Return where the lead-in of an item stands; None where it is far above, or there is none."""
    lead_in = sentence.lead_in
    is_near = lead_in and sentence.span.start - lead_in.span.end <= _NEAR_LEAD_IN
    return lead_in.span if lead_in and is_near else None


@dataclass(frozen=True, slots=True)
class Quotation:
    """Stretches of a document, in its order, that are understood together; `focus` is the clause
    of a long one that answers."""

    document: str
    headings: tuple[str, ...]
    spans: tuple[Span, ...]
    focus: Span | None


def quote_together(chosen: Iterable[Scored], words: Collection[str]) -> list[Quotation]:
    """Return chosen sentences with what they need: a list item its list, or at least its lead-in, a
    lead-in its items, 此 and 上述 the sentence before. `words` are those of the question.

    Items of one list make one quotation, and stretches that touch become one.
    """
    made: dict[tuple[str, Span], list[Scored]] = {}
    for sentence in chosen:
        lead_in = _lead_in_needed(sentence, words)
        made.setdefault((sentence.passage.document, lead_in or sentence.span), []).append(sentence)
    found: list[Quotation] = []
    for (document, first), sentences in made.items():
        best = sentences[0]
        whole = _list_below(best.passage, first)
        spans = (whole,) if whole else _joined([first, *map(_with_before, sentences)], best.passage)
        if not any(document == q.document and _holds(q.spans, spans) for q in found):
            found.append(Quotation(document, best.passage.headings, spans, _focus(best, spans)))
    return found


def _holds(outer: Sequence[Span], inner: Sequence[Span]) -> bool:
    return all(any(span.contains(each) for span in outer) for each in inner)


def _lead_in_needed(sentence: Scored, words: Collection[str]) -> Span | None:
    """Return where the lead-in of an item stands that has a word of the question the item lacks."""
    own = normalised(sentence.text)
    above = normalised(sentence.lead_in.words) if sentence.lead_in else ""
    is_needed = any(word in above and word not in own for word in words)
    return _lead_in_near(sentence) if is_needed else None


def _list_below(passage: Passage, lead_in: Span) -> Span | None:
    """Return a list of a passage from its lead-in to its last item; None where it is none, is too
    long to be quoted whole, or begins in another passage."""
    items = [
        item
        for item, above in zip(passage.sentences, passage.lead_ins, strict=False)
        if above and above.span == lead_in
    ]
    if not items or not passage.span.contains(lead_in):
        return None
    whole = Span(lead_in.start, items[-1].end)
    return whole if whole.end - whole.start <= _WHOLE_LIST else None


def _with_before(sentence: Scored) -> Span:
    """Return a sentence, with the one before it in its paragraph if it points at that."""
    passage, span = sentence.passage, sentence.span
    if sentence.number and _POINTS_BACK.match(normalised(sentence.text)):
        before = passage.sentences[sentence.number - 1]
        between = passage.text[before.end - passage.span.start : span.start - passage.span.start]
        if not between.strip() and span.end - before.start <= _WITH_SENTENCE_BEFORE:
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


def _focus(sentence: Scored, spans: Sequence[Span]) -> Span | None:
    """Return what answers in a long quotation: the clause of a sentence, or the item of a list;
    None where it is short or the whole of it answers."""
    own, quote = sentence.span, sentence.text
    if len(quote) < _LONG or sentence.clause < 0:
        is_part = sum(span.end - span.start for span in spans) >= _LONG and own not in spans
        return own if is_part else None
    clauses = clause_spans(quote)
    if sentence.clause >= len(clauses):
        return None
    clause = clauses[sentence.clause]
    return Span(own.start + clause.start, own.start + clause.end)
