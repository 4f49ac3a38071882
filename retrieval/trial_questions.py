"""Questions made of a corpus, whose outcome is known by the way they were made.

Answerable ones are made of what a sentence lays down: its subject, its place and a form of asking,
whole or with words left out. Unanswerable ones are the same with one thing changed that the corpus
is silent on: the year, the object, the place; or with the documents left out that have the words.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from indexer.records import Passage
from indexer.store import Generation
from indexer.terms import (
    bigrams,
    content_words,
    frequency,
    is_common_noun,
    is_latin,
    is_ordinary_word,
    normalised,
)
from retrieval.catalogue import Catalogue
from retrieval.register import rule_words

_CLAUSE_END = re.compile(r"[,;:。!?\s]")
# What a sentence lays down: a figure with what leads to it, or a duty.
_FIGURE = re.compile(
    r"(?:达到|达|至少|不少于|不低于|不超过|不得超过|控制在|为)?(?P<figure>\d[\d.]*)(?=[%个人元天日年月所户次])"
)
_DUTY = re.compile("应当|不得|必须|严禁|实行")
_LENGTHS = range(12, 120)  # characters of a sentence
_SUBJECT = range(2, 5)  # words of a subject
_SUBJECT_LENGTHS = range(5, 15)  # characters of it
_FIGURE_FORMS = ("{}是多少", "{}要达到多少", "{}有多少", "{}定的是多少")
_DUTY_FORMS = ("{}有什么规定", "{}怎么规定", "对{}有哪些要求", "{}要注意什么")
_YEARS_AHEAD = 12  # beyond what plans reach to
_LEFT_OUT = 5  # documents at most that have the words of a subject
_OFTEN = 2_000  # times that the dictionary has met a word: no object that anything could have
_TRIES = 40  # words tried as another object


ASKED = "asked"  # by a person
# Kinds whose outcome is sure: what is left of a corpus may say the same, or of another place.
SURE = frozenset((ASKED, "whole", "words left out", "another year", "another object"))


@dataclass(frozen=True, slots=True)
class Trial:
    """A question, how it was made, and whether the corpus answers it without some documents."""

    text: str
    kind: str
    is_answerable: bool
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Subject:
    """The words that a sentence says something of, the text they stand in, how it is asked for."""

    words: tuple[str, ...]
    text: str
    form: str
    place: str
    document: str

    def ask(self, text: str, place: str | None = None) -> str:
        return (self.place if place is None else place) + self.form.format(text)


def make_trials(
    generation: Generation, catalogue: Catalogue, count: int = 40, seed: int = 0
) -> tuple[Trial, ...]:
    """Return questions made of up to `count` sentences; the same ones for the same seed."""
    chance = random.Random(seed)
    maker = _Maker(generation, catalogue, chance)
    found: dict[str, Trial] = {}
    for subject in islice(maker.subjects(), count):
        for trial in maker.trials(subject):
            found.setdefault(trial.text + trial.kind, trial)
    return tuple(found.values())


class _Maker:
    """Makes questions of an open index."""

    def __init__(self, generation: Generation, catalogue: Catalogue, chance: random.Random) -> None:
        self._index = generation
        self._catalogue = catalogue
        self._chance = chance
        years = [int(s.issued_on[:4]) for s in catalogue.sources if s.issued_on] or [2025]
        self._year = max(years) + _YEARS_AHEAD
        self._objects = [
            word
            for word in rule_words()
            if len(word) > 1 and frequency(word) < _OFTEN and _is_noun(word)
        ]

    def subjects(self) -> Iterator[_Subject]:
        """Yield subjects in an order of chance, each of another passage."""
        positions = list(range(len(self._index.document_of)))
        self._chance.shuffle(positions)
        for position in positions:
            (passage,) = self._index.passages([position])
            subject = self._subject_of(passage)
            if subject:
                yield subject

    def trials(self, subject: _Subject) -> Iterator[Trial]:
        """Yield the questions of a subject."""
        yield Trial(subject.ask(subject.text), "whole", True)
        kept = [word for at, word in enumerate(subject.words) if at % 2 == 0 or at == 3]
        if len(subject.words) > 2:
            yield Trial(subject.ask("的".join(kept)), "words left out", True)
        if not self._index.words.frequency("body", str(self._year)):
            yield Trial(subject.ask(f"{self._year}年{subject.text}"), "another year", False)
        head = max(subject.words, key=lambda word: (self._rarity(word), word))
        rest = [word for word in subject.words if word != head]
        if other := self._object_without(rest):
            changed = subject.text.replace(head, other)
            yield Trial(subject.ask(changed), "another object", False)
        if place := self._silent_place(subject, head):
            yield Trial(subject.ask(subject.text, place), "a silent place", False)
        having = self._documents_with(subject.words)
        if subject.document in having and len(having) <= _LEFT_OUT < len(self._index.ids):
            without = tuple(sorted(having))
            yield Trial(subject.ask(subject.text), "left out", False, without)

    def _subject_of(self, passage: Passage) -> _Subject | None:
        place = self._catalogue.source(passage.document).locality
        if len(self._catalogue.localities) < 2:
            place = ""
        for span in passage.sentences:
            at = passage.span.start
            plain = normalised(passage.text[span.start - at : span.end - at])
            if len(plain) not in _LENGTHS or "|" in plain:
                continue
            for pattern, forms in ((_FIGURE, _FIGURE_FORMS), (_DUTY, _DUTY_FORMS)):
                found = pattern.search(plain)
                said = _last_clause(plain[: found.start()]) if found else ""
                words = [word for word in content_words(said) if not is_latin(word)]
                words = [word for word in words if len(word) > 1][-_SUBJECT.stop + 1 :]
                if len(words) not in _SUBJECT or not _is_noun(words[-1]):
                    continue
                text = said[said.index(words[0]) :].strip("“”\"'()、的 ")
                if len(text) in _SUBJECT_LENGTHS and text.isalpha():
                    form = self._chance.choice(forms)
                    return _Subject(tuple(words), text, form, place, passage.document)
        return None

    def _object_without(self, rest: Sequence[str]) -> str:
        """Return a noun of rules that no passage has together with any of some words, or ""."""
        for _ in range(_TRIES):
            noun = self._chance.choice(self._objects)
            if all(not self._documents_with((noun, word)) for word in rest):
                return noun
        return ""

    def _silent_place(self, subject: _Subject, head: str) -> str:
        """Return a place that has documents, none of which has the rarest word; or ""."""
        if not subject.place:
            return ""
        having = {self._catalogue.source(each).locality for each in self._documents_with((head,))}
        silent = [place for place in self._catalogue.localities if place not in having]
        return self._chance.choice(silent) if silent else ""

    def _documents_with(self, words: Sequence[str]) -> set[str]:
        """Return the documents of which a passage has all of some words."""
        pairs = [pair for word in words for pair in bigrams(word)]
        positions = self._index.words.having_all("pairs", pairs)
        return {self._index.ids[of] for of in self._index.document_of[positions].tolist()}

    def _rarity(self, word: str) -> float:
        return max(self._index.words.rarity("pairs", pair) for pair in bigrams(word))


def _last_clause(text: str) -> str:
    """Return what stands after the last mark that ends a clause."""
    return _CLAUSE_END.split(text)[-1]


def _is_noun(word: str) -> bool:
    return is_common_noun(word) and not is_ordinary_word(word)
