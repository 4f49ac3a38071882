"""Score the sentences of passages: how well each would answer a question by itself.

A long sentence of many clauses (主要目标是：…；城镇新增就业50万人以上；…) answers with one of them,
so the question's words are looked for clause by clause: what stands in one clause counts whole,
what introduces it, precedes it or stands above it counts in part.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.records import LeadIn, Passage, Span
from indexer.store import Generation
from indexer.terms import bigrams, normalised, words
from retrieval.asked_roles import roles_asked, roles_of
from retrieval.figures import has_asked_figure, wants_figure
from retrieval.fusion import Candidate
from retrieval.matching import rarity
from retrieval.query import Query
from retrieval.time_frames import Setting, agreement, frame_asked, frame_of

# What a word counts outside the clause that answers: in the clause before it, the first of the
# sentence or the one that introduces it; elsewhere in the sentence; in the lead-in above it; in the
# headings or the title. A compound of which only the parts are there counts a little less.
_BESIDE, _ELSEWHERE, _ABOVE, _AROUND, _IN_PARTS = 0.9, 0.7, 0.9, 0.7, 0.9
# Ends of clauses, in any width, but not inside a number (1,000 and 1:1).
CLAUSE = re.compile(r"[,，;；:：](?!\d)")
_ONE_CLAUSE = 40  # characters: a shorter sentence is not taken apart
# A figure of the kind asked for that stands in the sentence, but in another clause.
_FIGURE_ELSEWHERE = 0.5
# Words that say which side of a thing is asked (目标, 比例); what answers often lacks them.
_ASIDE = 0.3
_SIDES = re.compile(
    "目标|预期|计划|打算|任务|指标|要求|规定|安排|标准|数量|总量|总数|规模|比例|占比|人数|金额|上限|下限|"
    "时限|期限|多久|达到|完成|实际|增长|增速|提高|开始|现在|目前|名称|名字"
)
# The year is compared by itself.
_YEAR = re.compile(r"(?:19|20)\d\d年?|[今去上本]年")


@dataclass(frozen=True, slots=True)
class Blend:
    """What each signal adds to a sentence's score; docs/evaluation.md says what each gives."""

    nearness: float = 0.75
    coverage: float = 0.5
    passage: float = 0.45
    frame: float = 0.14
    figure: float = 0.08
    role: float = 0.12
    introduces: float = -0.1  # a lead-in says less than its items


BLEND = Blend()


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence of a passage, its score, and the signals that it comes from.

    `nearness` is how far its cosine stands above the background, 1 being the same text; `coverage`
    is the share in 0..1 of the question's words, by weight, that it has; `frame` in -1..1 says
    whether it is of the year and the sort (aim or result) that is asked; `figure` whether it has a
    figure of the kind asked for. `clause` is the number of the clause that answers, -1 where the
    sentence is one.
    """

    passage: Passage
    number: int  # of the sentence in the passage
    score: float
    cosine: float
    nearness: float
    coverage: float
    frame: float
    figure: float
    clause: int

    @property
    def span(self) -> Span:
        return self.passage.sentences[self.number]

    @property
    def lead_in(self) -> LeadIn | None:
        return self.passage.lead_ins[self.number] if self.passage.lead_ins else None

    @property
    def text(self) -> str:
        start = self.passage.span.start
        return self.passage.text[self.span.start - start : self.span.end - start]


def weigh_words(generation: Generation, query: Query) -> dict[str, float]:
    """Return the weight of each meaning-bearing word of the question: its rarity (BM25's idf).

    A word that the corpus does not have weighs most, and no sentence can cover it. How many
    passages have a word is taken from its rarest pair of characters, which does not depend on
    where the dictionary cuts.
    """
    return {
        word: max(rarity(generation, "pairs", pair) for pair in bigrams(word))
        * (_ASIDE if _SIDES.fullmatch(word) else 1.0)
        for word in query.content
        if not _YEAR.fullmatch(word)
    }


def score_sentences(
    generation: Generation,
    candidates: Sequence[Candidate],
    asked: "Asked",
    titles: Mapping[str, str],
    years: Mapping[str, int],
) -> list[Scored]:
    """Return every sentence of the candidates' passages, best first.

    `titles` and `years` give each document's; a document without a date has no year.
    """
    positions = [candidate.position for candidate in candidates]
    found = generation.passages(positions)
    vectors = generation.sentence_vectors_of(positions)
    scored: list[Scored] = []
    for candidate, passage, rows in zip(candidates, found, vectors, strict=True):
        title, year = titles[passage.document], years.get(passage.document)
        scored += _score_passage(asked, candidate, passage, rows @ asked.vector, title, year)
    return sorted(scored, key=lambda s: (-s.score, s.passage.document, s.span))


class Asked:
    """What sentences are measured by: the question, its vector [d], the cosine that counts as no
    nearness, and the weights of its words."""

    def __init__(
        self,
        query: Query,
        vector: NDArray[np.float32],
        background: float,
        weights: Mapping[str, float],
    ) -> None:
        self.query, self.vector, self.background, self.weights = query, vector, background, weights
        self.total = sum(weights.values()) or 1.0
        self.parts = {word: parts for word in weights if (parts := _parts(word))}
        self.frame = frame_asked(query)
        self.roles = roles_asked(query.plain)
        self.wants_figure = wants_figure(query)


def _parts(word: str) -> list[str]:
    """Return the words that a compound is made of, [] where it is none."""
    inside = [each for each in words(word) if each != word and len(each) > 1]
    halves = [word[:2], word[2:]] if len(word) >= 4 and not word.isascii() else []
    return inside or halves


def _score_passage(
    asked: Asked,
    candidate: Candidate,
    passage: Passage,
    cosines: NDArray[np.float32],
    title: str,
    year: int | None,
) -> Iterator[Scored]:
    headings = tuple(normalised(heading) for heading in reversed(passage.headings))
    title = normalised(title)
    around = "\n".join((*headings, title))
    lead_ins = passage.lead_ins or (None,) * len(passage.sentences)
    for number, (quote, lead_in) in enumerate(zip(passage.quotes(), lead_ins, strict=True)):
        sentence = normalised(quote)
        above = normalised(lead_in.words) if lead_in else ""
        covered, clause, words_of_clause = _cover(asked, sentence, above, around)
        cosine = float(cosines[number])
        nearness = (cosine - asked.background) / (1 - asked.background)
        coverage = covered / asked.total
        own = (words_of_clause, sentence)
        frame = agreement(asked.frame, frame_of(own, Setting((above, *headings), title, year)))
        figure = _figure(asked, own)
        score = (
            BLEND.nearness * nearness
            + BLEND.coverage * coverage
            + BLEND.passage * candidate.score
            + BLEND.frame * frame
            + BLEND.figure * figure
            + BLEND.role * bool(asked.roles and asked.roles & roles_of(sentence))
            + BLEND.introduces * sentence.endswith(":")
        )
        yield Scored(passage, number, score, cosine, nearness, coverage, frame, figure, clause)


def _figure(asked: Asked, own: tuple[str, str]) -> float:
    """Return whether a clause has a figure of the kind asked for, or at least its sentence."""
    if not asked.wants_figure:
        return 0.0
    clause, sentence = (has_asked_figure(asked.query, words) for words in own)
    return 1.0 if clause else _FIGURE_ELSEWHERE if sentence else 0.0


def _cover(asked: Asked, sentence: str, above: str, around: str) -> tuple[float, int, str]:
    """Return the weight of the question's words that a sentence has with the clause that has most
    of them, the number of that clause (-1 where there is but one) and its words."""
    lacking = {
        word: _outside(word, asked.parts.get(word, ()), sentence, above, around)
        for word in asked.weights
    }
    inside = [word for word in asked.weights if word in sentence]
    if len(sentence) <= _ONE_CLAUSE or not inside:
        covered = sum(
            w * (1.0 if word in inside else lacking[word]) for word, w in asked.weights.items()
        )
        return covered, -1, sentence
    clauses = CLAUSE.split(sentence)
    ends = CLAUSE.findall(sentence)
    has = [{word for word in inside if word in clause} for clause in clauses]
    best, best_at, lead = -1.0, 0, has[0]
    for at, own in enumerate(has):
        if at and ends[at - 1] == ":":
            lead = lead | has[at - 1]
        beside = lead | has[at - 1] if at else lead
        covered = sum(
            weight
            * (
                1.0
                if word in own
                else _BESIDE
                if word in beside
                else max(_ELSEWHERE, lacking[word])
                if word in inside
                else lacking[word]
            )
            for word, weight in asked.weights.items()
        )
        if covered > best + 1e-9:
            best, best_at = covered, at
    return best, best_at, clauses[best_at]


def _outside(word: str, parts: Sequence[str], sentence: str, above: str, around: str) -> float:
    """Return what a word counts that a sentence has not: by its parts, or by what stands above."""

    def there(words: str) -> float:
        return (
            1.0
            if words in sentence
            else _ABOVE
            if words in above
            else _AROUND
            if words in around
            else 0.0
        )

    by_parts = _IN_PARTS * sum(map(there, parts)) / len(parts) if parts else 0.0
    return max(there(word), by_parts)
