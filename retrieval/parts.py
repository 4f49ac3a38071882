"""A question of several parts, taken apart: 县中发展提升方案由哪些单位牵头,经费谁负责.

Each part is made whole with the places, the years and the subject of the first. A question is left
as it is wherever it may be one: to ask for half of what was meant is worse than to ask for all.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from indexer.records import Span
from indexer.text import simplify
from retrieval.periods import find_periods
from retrieval.regions import find_regions, masked
from retrieval.subjects import (
    WHICH,
    asks,
    can_lead,
    find_leaning,
    find_subject,
    has_noun,
    write_lead,
)

_MOST = 4  # parts; a list of more questions is a text of its own, and each costs an answer
_SHORTEST = 8  # characters of a question that can have parts
_LONGEST_ITEM = 14  # and of one of several things of which the same is asked
_ANY_DAY = date(2000, 1, 1)  # only where years stand is of use here, not which they are
# A question said again in other words, an example in brackets, a choice between two.
_SAID_AGAIN = re.compile("[/()\\n]|也就是|换句话|而不是|还是(?=[^,?;]*[?]?$)")
_SENTENCE = re.compile("[?;。!]+")
# What joins two parts; a conjunction only where the next word asks.
_JOINT = re.compile(
    ",|(?:以及|并且|还有|同时|[、和与及并])"
    "(?=由?谁|由?哪[些个]|什么时候|什么时间|何时|多少|怎么|怎样|如何|多久)"
)
# What ends no question: 什么时候、在哪里申请 and 由谁和怎么处理 are one.
_DANGLING = re.compile(
    "(?:什么时候|何时|在?哪里|在?哪儿|[由被向找让给]谁|[由向]哪[些个]?(?:单位|部门|机关)|怎么|怎样|如何|"
    "为什么|(?<![是为叫有指要])什么|是否|能否|可否|哪[些个])$"
)
# A question whether something is so leans on what follows (是否真实,会影响效力吗), unless that asks
# at its head.
_HEAD_ASKS = re.compile(
    "(?:那么?)?(?:由?谁|由?哪|怎么|怎样|如何|多少|多久|什么时候|何时|是否|能否|可否|有没有|为什么|标准)"
)
# What goes on from a question asks none of its own.
_GOES_ON = re.compile(
    "以此|因此|从而|导致|致使|为了?|以便|约定|而不|例如|比如|包括|其中包含|否则|那就"
)
# A and B, of each of which something is asked.
_EACH = re.compile(
    "(?P<all>.{3,40}?)(?:分别|各自)(?P<said>[是为有应要需由在].{1,30}|怎么.{1,12}|如何.{1,12})"
)
_QUOTED = re.compile('《[^《》]*》|[“「『"][^“”「」『』"]*[”」』"]')
_AND = re.compile("以及|[和与、及]")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a question: whole by itself, and as the question says it."""

    question: str
    name: str


def split_parts(question: str, localities: Collection[str] = ()) -> tuple[Part, ...]:
    """Return the parts of a question, in its own script; one where it asks one thing.

    `localities` are those of the corpus, whose places are known by short names too.
    """
    text = question.strip()
    plain = simplify(text)
    whole = (Part(text, text),)
    if len(plain) < _SHORTEST or _SAID_AGAIN.search(plain):
        return whole
    veiled = masked(plain, [Span(*found.span()) for found in _QUOTED.finditer(plain)])
    sentences = _sentences(veiled)
    if len(sentences) > 1 and not all(asks(veiled[slice(*span)]) for span in sentences):
        return whole  # some of them tell what the others ask about
    spans = sentences if len(sentences) > 1 else _clauses(veiled)
    parts = (_complete if spans else _each)(text, plain, spans, localities)
    return parts if 1 < len(parts) <= _MOST else whole


def _sentences(plain: str) -> list[Span]:
    ends = [*(found.end() for found in _SENTENCE.finditer(plain)), len(plain)]
    spans = (_trimmed(plain, a, b) for a, b in zip([0, *ends], ends, strict=False))
    return [span for span in spans if span.start < span.end]


def _clauses(plain: str) -> list[Span]:
    """Return the runs of clauses that each ask something, where there are several."""
    spans: list[Span] = []
    start = last = 0  # of the part, and of its last clause
    for joint in _JOINT.finditer(plain):
        if _ends_part(plain[last : joint.start()], plain[joint.end() :]):
            spans.append(_trimmed(plain, start, joint.start()))
            start = last = joint.end()
        elif joint[0] == ",":
            last = joint.end()
    return [*spans, _trimmed(plain, start, len(plain))] if spans else []


def _ends_part(before: str, after: str) -> bool:
    """Tell whether a part ends between a clause and what follows it, whose next clause asks."""
    if not asks(before) or _DANGLING.search(before) or _GOES_ON.match(after):
        return False
    if not asks(re.split("[,?;。!]", after, maxsplit=1)[0]):
        return False
    return bool(WHICH.search(before) or before.endswith("吗") or _HEAD_ASKS.match(after))


def _trimmed(plain: str, start: int, end: int) -> Span:
    """Return a stretch without white space and stops at its ends."""
    words = plain[start:end]
    start += len(words) - len(words.lstrip(" ,;"))
    return Span(start, max(start, end - len(words) + len(words.rstrip(" ,;?。!"))))


def _complete(
    text: str, plain: str, spans: Sequence[Span], localities: Collection[str]
) -> tuple[Part, ...]:
    """Return the parts, each with what it takes over from the first; none where one leans on a
    part that names nothing, or names a place itself and so may mean another thing."""
    places, years = _places(plain, localities), _years(plain)
    head, named = spans[0], sorted([*places, *years])
    subject = find_subject(plain[: head.end], named)
    parts = [Part(text[slice(*head)], text[slice(*head)])]
    for span in spans[1:]:
        name = text[slice(*span)]
        inside = [Span(a - span.start, b - span.start) for a, b in _inside(named, span)]
        leaning = find_leaning(plain[slice(*span)], inside, plain[slice(*head)])
        if leaning is None:
            lost = [each for kind in (places, years) for each in _lost(kind, head, span)]
            parts.append(Part("".join(text[slice(*each)] for each in sorted(lost)) + name, name))
        elif inside or not can_lead(plain[slice(*subject.span)]):
            return ()
        else:
            lead = write_lead(text, subject, _inside(named, head), leaning)
            parts.append(Part(lead + name[leaning.start :], name))
    return tuple(parts)


def _places(plain: str, localities: Collection[str]) -> list[Span]:
    return [each.span for each in find_regions(plain, localities)]


def _years(plain: str) -> list[Span]:
    return [each.span for each in find_periods(plain, _ANY_DAY)]


def _inside(named: Sequence[Span], part: Span) -> list[Span]:
    return [span for span in named if part.contains(span)]


def _lost(named: Sequence[Span], head: Span, part: Span) -> list[Span]:
    """Return what the head names and a part without such names would lose."""
    return [] if _inside(named, part) else _inside(named, head)


def _each(
    text: str, plain: str, spans: Sequence[Span], localities: Collection[str]
) -> tuple[Part, ...]:
    """Return what is asked of each of several things: 公办园和民办园的收费标准分别是多少. Several
    places or years are no parts: an answer is in groups by place as it is."""
    asked = _EACH.fullmatch(plain.rstrip("?。!"))
    if asked is None or _QUOTED.search(plain):
        return ()
    every = Span(*asked.span("all"))
    named = _inside(sorted([*_places(plain, localities), *_years(plain)]), every)
    start = max((span.end for span in named), default=every.start)
    start += len(plain[start : every.end]) - len(plain[start : every.end].lstrip("的,对"))
    joints = list(_AND.finditer(plain, start, every.end))
    if not joints or _AND.search(plain, every.start, start):
        return ()
    # What all share stands before a 的 ahead of them, or from the first 的 behind them on.
    before = plain.rfind("的", start, joints[0].start()) + 1
    behind = plain.find("的", joints[-1].end(), every.end)
    if before and behind >= 0:
        before, behind = 0, -1  # 小学的班额和初中的班额: each is whole
    first, last = before or start, behind if behind >= 0 else every.end
    cuts = [first, *(at for joint in joints for at in joint.span()), last]
    items = [Span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=True)]
    if len({plain[a:b].count("的") for a, b in items}) > 1 or not all(
        1 < b - a <= _LONGEST_ITEM and has_noun(plain[a:b]) for a, b in items
    ):
        return ()
    head, tail = text[every.start : first], text[last : every.end] + text[asked.start("said") :]
    words = [text[slice(*item)] + tail for item in items]
    return tuple(Part(head + each, each) for each in words)
