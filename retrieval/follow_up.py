"""A question that goes on from another (那昭通呢, 2023年的呢, 什么时候施行), made whole.

What it names takes the place of its like: a place of the places, a year of the years, a thing of
the thing that is nearest in kind. What it does not name is taken over. A question that is whole by
itself is left alone: a new question taken for an old one is worse than one to be asked again.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from indexer.division import stem
from indexer.doc_number import find_doc_numbers
from indexer.records import Span
from indexer.terms import content_words, word_at
from indexer.text import find_dates, simplify
from retrieval.behind_answer import ask_of, asks_document, name_cited, name_given
from retrieval.objects import is_measure, replace_object
from retrieval.regions import MASK, masked
from retrieval.results import Source
from retrieval.slots import KINDS, Edit, Slot, apply, exchange, find_slots, words_of
from retrieval.subjects import (
    POINTING,
    WHETHER,
    WHICH,
    Leaning,
    asks,
    can_lead,
    find_leaning,
    find_start,
    find_subject,
    has_noun,
    is_aspect,
    write_lead,
)

_FRAGMENT = 6  # characters of what is no question by itself, with or without 呢
_POLITE = re.compile("(?:好的?|嗯|哦|噢|谢谢|请问|再问一?下|另外|[,;。!\\s])+")
# What opens a follow-up; 那 does where it points at nothing.
_OPENING = re.compile(
    "(?:那么|那(?![些个种里样年天月]|时候)|换成|换作|改成|改为|要是|如果(?:是|换成)|假如是|同样|再看看?|[只仅就]看|[只仅就]说|"
    "我?问的是|我是说|顺便问一?下?|[,\\s])+"
)
_CLOSING = re.compile("(?:的话|[呢吧啊呀嘛]|怎么样|怎样|又?如何|咋样|[?。!,\\s])+$")
_LINKS = f"和与跟及同、,对在里{MASK}\\s"
_REST = re.compile(f"^[{_LINKS}也的]+|[{_LINKS}]+$")
_COMPARED = re.compile("^[和跟与同](?P<place>.+?)(?:相?比较?|对比)")  # 和昭通比呢 adds a place
# 其他地方 is each place, of the level that is said.
_OTHERS = re.compile(
    "(?:其[他它余]|别的?|另外的?|剩下的?)(?:几个?|各)?(?P<level>地方|地区|省份?|市|县|区|城市|州)"
)
_LEVELS = {"地方": "各地", "地区": "各地", "省份": "各省", "城市": "各市"}
_CLASSIFIERS = frozenset("座条次家所份位项辆台块段届批")  # 那座桥 points; 那家庭医生 opens
# What a question asks with, which a question for its reason leaves out.
_ASKED_WITH = re.compile(
    f"(?:分别)?(?:[是为有在由归]|从|到)?(?:{WHICH.pattern})(?:时候|时间|地方|样的?|[个些位]?(?:单位|部门|机关|人)|[个点天年月日])?"
    "(?:[?]|吗)?"
)
_PIECE = re.compile("[^和与跟及、,的]+")
_LONGEST = 16  # characters of a follow-up
_OFFICE = re.compile("(?:单位|部门|机关|机构|主体|情况|情形|时候|时间|一次)$|规定$")  # who, when
_SHORT = 4  # characters of what has no room for a subject: 收费吗
_WHY = re.compile(
    "(?:这?是)?(?:为什么|为何|为啥|什么原因|原因)(?:是什么|要?这样|如此|这么)?(?:规定|要求|做)?"
)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up, made whole: `question` is what is then understood as any other.

    `replaced` are words of the previous question and what stands for them now, "" where nothing
    did; `is_alone` where nothing is taken over. `field` are the words that ask about the document
    of the previous answer, which `name_documents` puts into the question. `failure` says why a
    language model that is set had no part in it.
    """

    question: str
    is_alone: bool = False
    replaced: tuple[tuple[str, str], ...] = ()
    field: str = ""
    failure: str = ""


def resolve(previous: str, follow_up: str, localities: Collection[str], today: date) -> FollowUp:
    """Return a follow-up as a question that stands alone.

    `previous` stands alone itself, made whole where it was a follow-up too; `localities` are those
    of the corpus.

    Raises:
        QuestionError: one of the two is empty, too long, or has no word to search for.
    """
    said = follow_up.strip()
    old, new = (find_slots(each, localities, today) for each in (previous, said))
    if find_doc_numbers(said) or find_dates(said):
        return FollowUp(said, is_alone=True)
    plain = simplify(said)
    polite = _POLITE.match(plain)
    start = polite.end() if polite else 0
    opening = _OPENING.match(plain, start)
    if opening and word_at(plain, opening.end()) in _CLASSIFIERS:
        opening = None
    start = opening.end() if opening else start
    bare = _bare_places(plain, start, localities)
    named = sorted({slot.span: slot for slot in (*new, *bare)}.items())
    moved = tuple(
        Slot(slot.kind, Span(slot.span.start - start, slot.span.end - start))
        for _, slot in named
        if slot.span.start >= start
    )
    turn = _Turn(previous, old, said[start:], moved, opening is not None)
    return turn.ask_document() or turn.go_on() or FollowUp(said, is_alone=True)


def _bare_places(plain: str, start: int, localities: Collection[str]) -> list[Slot]:
    """Return the corpus's places that stand alone, be their short names words, as 合作 is."""
    names = {stem(name) for name in localities}
    end = len(_CLOSING.sub("", plain))
    pieces = (Span(*found.span()) for found in _PIECE.finditer(plain, start, end))
    return [Slot("place", span) for span in pieces if plain[slice(*span)] in names]


def name_documents(follow_up: FollowUp, sources: Sequence[Source]) -> FollowUp:
    """Return a question about the document of an answer with the document named, if it is one.
    `sources` are those that the answer cites."""
    name = name_cited(follow_up.field, sources) if follow_up.field else ""
    if not name:
        return follow_up
    return FollowUp(ask_of(name, follow_up.field), replaced=(("", name),))


def _stated(question: str) -> str:
    """Return a question without what it asks with: 车辆几点禁止通行 is 车辆禁止通行."""
    found = _ASKED_WITH.search(simplify(question))
    return question[: found.start()] + question[found.end() :] if found else question


@dataclass(frozen=True, slots=True)
class _Turn:
    """A question with its slots, and what follows it, without what opens that, with its own."""

    previous: str
    old: tuple[Slot, ...]
    words: str
    new: tuple[Slot, ...]
    is_opened: bool

    @property
    def plain(self) -> str:
        return simplify(self.words)

    def ask_document(self) -> FollowUp | None:
        """Return a question about the document of the previous answer, if it is one."""
        bare = _CLOSING.sub("", self.plain)
        if self.new or not asks_document(bare):
            return None
        words = self.words[: len(bare)]
        if name := name_given(self.previous):
            return FollowUp(ask_of(name, words), replaced=(("", name),))
        whole = self._lean()
        return FollowUp(whole.question if whole else self.previous, field=words)

    def go_on(self) -> FollowUp | None:
        """Return the question made whole, None where it is whole by itself or cannot be."""
        bare = _CLOSING.sub("", self.plain)
        if compared := _COMPARED.match(self.plain):
            return self._compare(Span(*compared.span("place")))
        if (others := _OTHERS.search(bare)) and not self.new:
            level = others["level"]
            return self._edited(
                exchange(self.previous, self.old, "place", _LEVELS.get(level, f"各{level}"))
            )
        thing = self._rest(bare)
        if self.new and not content_words(thing):
            return self._edited(self._exchanged())
        if not asks(bare) and not _WHY.fullmatch(bare):
            is_going_on = self.is_opened or "呢" in self.plain[len(bare) :]
            is_fragment = len(bare) <= (_LONGEST if is_going_on else _FRAGMENT)
            return self._put(thing) if is_fragment and "," not in bare else None
        if lean := self._lean():
            return lean
        if not self.is_opened:
            return None
        subject = find_subject(bare, [slot.span for slot in self.new])
        own = bare[slice(*subject.span)]
        has_more = set(content_words(bare)) - set(content_words(own))
        return self._inherit() if has_more else self._put(own)

    def _rest(self, bare: str) -> str:
        """Return what is said beside slots, without what links it to them."""
        rest = masked(bare, [slot.span for slot in self.new])
        return _REST.sub("", rest).replace(MASK, "")

    def _exchanged(self) -> list[Edit]:
        return [
            edit
            for kind in KINDS
            if (words := words_of(self.words, self.new, kind))
            for edit in exchange(self.previous, self.old, kind, words)
        ]

    def _edited(self, edits: Sequence[Edit]) -> FollowUp:
        pairs = ((self.previous[slice(*span)], words) for span, words in edits)
        replaced = tuple((was, now) for was, now in pairs if now and now != was)
        return FollowUp(apply(self.previous, edits), replaced=replaced)

    def _compare(self, place: Span) -> FollowUp | None:
        """Return the question for its places and one more."""
        if not any(slot.kind == "place" and slot.span.overlaps(place) for slot in self.new):
            return None
        words = (
            words_of(self.previous, self.old, "place"),
            words_of(self.words, self.new, "place"),
        )
        both = "和".join(filter(None, words))
        return self._edited(exchange(self.previous, self.old, "place", both))

    def _put(self, thing: str) -> FollowUp | None:
        """Return the question for another thing, in other places and years if any are said."""
        if not content_words(thing):
            return None
        named = [slot.span for slot in self.old]
        edits = replace_object(simplify(self.previous), named, thing)
        if edits is None:
            return None
        start = self.plain.find(thing)
        own = self.words[start : start + len(thing)] if start >= 0 else thing  # in its own script
        return self._edited(
            [*self._exchanged(), *((span, words.replace(thing, own)) for span, words in edits)]
        )

    def _lean(self) -> FollowUp | None:
        """Return a question without a subject of its own (由谁负责) with that of the previous."""
        before = simplify(self.previous)
        subject = find_subject(before, [slot.span for slot in self.old])
        leaning = self._leaning(before)
        if leaning is None or not can_lead(before[slice(*subject.span)]):
            return None
        if _WHY.fullmatch(_CLOSING.sub("", self.plain)):
            lead, asked = _stated(self.previous), "的原因是什么"
        else:
            lead = self._names() + write_lead(self.previous, subject, [], leaning)
            asked = self.words[leaning.start :]
        return FollowUp(lead + asked, replaced=(("", lead),))

    def _leaning(self, before: str) -> Leaning | None:
        """Return how the follow-up leans on the question before; None where it may not."""
        plain, inside = self.plain, [slot.span for slot in self.new]
        subject = find_subject(plain, inside)
        own = plain[slice(*subject.span)]
        if leaning := find_leaning(plain, inside, before):
            return None if self._is_new(own, before) else leaning
        is_bare = is_measure(own) and len(own) < _SHORT - 1 and own not in before  # 租金多少
        bare = _CLOSING.sub("", plain)
        if is_bare or (len(bare) <= _SHORT and WHETHER.search(bare)):  # 收费吗
            return Leaning(subject.span.start, "", True)
        return None

    def _is_new(self, own: str, before: str) -> bool:
        """Tell whether words without a subject in front name so much that they ask on their own:
        什么情况下可以解除租赁合同, unlike 什么时候拨付."""
        plain = self.plain
        if POINTING.match(plain, find_start(plain, [])):
            return False
        if len(plain) > _LONGEST or len(content_words(own)) > 1 + (own[:1] in "不未没违"):
            return True
        told = masked(plain, [slot.span for slot in self.new])
        nouns = (word for word in content_words(told) if has_noun(word) and word not in before)
        return not all(
            is_aspect(word) or _OFFICE.search(word) or WHICH.search(word) for word in nouns
        )

    def _names(self) -> str:
        """Return the places, years and kinds of the previous question, or those said instead."""
        words = {kind: words_of(self.words, self.new, kind) for kind in KINDS}
        had = {slot.kind for slot in self.old}
        added = [words[kind] for kind in KINDS if kind not in had]
        kept = [words[slot.kind] or self.previous[slice(*slot.span)] for slot in self.old]
        return "".join(dict.fromkeys([*added, *kept]))

    def _inherit(self) -> FollowUp:
        """Return a question with a subject of its own in the places and years of the previous."""
        edits = [
            edit
            for kind in ("year", "place")
            if (words := words_of(self.previous, self.old, kind))
            and not words_of(self.words, self.new, kind)
            for edit in exchange(self.words, self.new, kind, words)
        ]
        return FollowUp(apply(self.words, edits), replaced=tuple(("", words) for _, words in edits))
