"""The places, years and kinds (文种) that a question names, and how others take their place."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from indexer.records import Span
from indexer.text import simplify
from retrieval.query import understand
from retrieval.subjects import find_start

KINDS = ("year", "place", "kind")  # in the order in which a question names them
_NO_PLACE = re.compile("分别|各级")  # these say how to answer, not where
_BETWEEN = re.compile("[和与跟及、,同]|以及|还有")
_YEAR_BEFORE = re.compile("(?<!\\d)(?:19|20)\\d\\d年?[和与及、,]$")  # 2022和2023年
_SEVERAL = re.compile("分别|各自")

Edit = tuple[Span, str]  # a stretch of a question, and what stands there instead


@dataclass(frozen=True, slots=True)
class Slot:
    """Something that a question names and another may stand for, and where it does."""

    kind: str
    span: Span


def find_slots(question: str, localities: Collection[str], today: date) -> tuple[Slot, ...]:
    """Return the slots of a question in its order; 各地 is the place of one that asks everywhere.

    Raises:
        QuestionError: the question is empty, too long, or has no word to search for.
    """
    plain = simplify(question)
    slots: list[Slot] = []
    for each in understand(question, localities, today).understood:
        kind = "place" if each.id == "type:across" else each.kind
        start = plain.find(each.text) if each.text else -1
        span = Span(start, start + len(each.text))
        if kind == "year" and (before := _YEAR_BEFORE.search(plain[:start])):
            span = Span(before.start(), span.end)
        is_slot = kind in KINDS and start >= 0 and not _NO_PLACE.fullmatch(each.text)
        if is_slot and not any(span.overlaps(other.span) for other in slots):
            slots.append(Slot(kind, span))
    return tuple(sorted(slots, key=lambda slot: slot.span))


def words_of(question: str, slots: Sequence[Slot], kind: str) -> str:
    """Return what a question names of a kind, as it says it: 银川和合作市."""
    spans = [slot.span for slot in slots if slot.kind == kind]
    if not spans:
        return ""
    between = (question[a.end : b.start] for a, b in pairwise(spans))
    if all(not each or _BETWEEN.fullmatch(simplify(each)) for each in between):
        return question[spans[0].start : spans[-1].end]
    return "和".join(question[slice(*span)] for span in spans)


def exchange(question: str, slots: Sequence[Slot], kind: str, words: str) -> list[Edit]:
    """Return the edits that put some words in place of what a question names of a kind; where it
    names none they come first."""
    plain = simplify(question)
    spans = [slot.span for slot in slots if slot.kind == kind]
    if not spans:
        start = find_start(
            plain, [s.span for s in slots if KINDS.index(s.kind) < KINDS.index(kind)]
        )
        return [(Span(start, start), words + "的" * (kind == "kind"))]
    edits = [(spans[0], words)]
    for span in spans[1:]:
        joined = bool(_BETWEEN.match(plain, span.start - 1, span.start))
        edits.append((Span(span.start - joined, span.end), ""))
    several = _SEVERAL.search(plain)
    if kind == "place" and several and not _BETWEEN.search(simplify(words)):
        edits.append((Span(*several.span()), ""))
    return edits


def apply(question: str, edits: Iterable[Edit]) -> str:
    """Return a question with edits that do not overlap; insertions at one place in their order."""
    ordered = sorted(enumerate(edits), key=lambda each: (each[1][0], each[0]), reverse=True)
    for _, (span, words) in ordered:
        question = question[: span.start] + words + question[span.end :]
    return question
