"""Score the sentences of passages: how well each would answer a question by itself.

A long sentence of many clauses (主要目标是：…；城镇新增就业50万人以上；…) answers with one of them,
so the question's words are looked for clause by clause: what stands in one clause counts whole,
what introduces it, precedes it or stands above it counts in part.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.records import LeadIn, Passage, Span
from indexer.store import Generation
from indexer.terms import bigrams, normalised, words
from retrieval.asked_roles import roles_asked, roles_of
from retrieval.catalogue import About
from retrieval.figures import fitting_figures, wants_figure
from retrieval.fusion import Candidate
from retrieval.plain_words import official_words
from retrieval.query import Query
from retrieval.time_frames import Setting, agreement, frame_asked, frame_of

# What a word counts outside the clause that answers: in the clause before it, the first of the
# sentence or the one that introduces it; elsewhere in the sentence; in the lead-in above it; in the
# headings or the title. A compound of which only the parts are there counts a little less.
_BESIDE, _ELSEWHERE, _ABOVE, _AROUND, _IN_PARTS = 0.9, 0.7, 0.8, 0.7, 0.9
_HEAD = 0.7  # of it the last part, which says what the thing is (班额 of 大班额)
_AS_RULES_SAY = 0.6  # a plain word where the sentence has what rules say for it
# Ends of clauses, in any width, but not inside a number (1,000 and 1:1).
_CLAUSE_END = re.compile(r"(?<!\d)[,，;；:：]|[,，;；:：](?!\d)")
_ONE_CLAUSE = 40  # characters: a shorter sentence is not taken apart
# A figure of the kind asked for that stands in the sentence, but in another clause.
_FIGURE_ELSEWHERE = 0.5
_DIGITS = 9
# Words that say which side of a thing is asked (目标, 比例); what answers often lacks them.
_ASIDE = 0.3
_SIDES = re.compile(
    "目标|预期|计划|打算|任务|指标|要求|规定|安排|标准|数量|总量|总数|规模|比例|占比|人数|金额|上限|下限|"
    "后果|处罚|处理|处置|步骤|流程|程序|手续|条件|对象|范围|方式|措施|办法|"
    "时限|期限|多久|达到|完成|实际|增长|增速|提高|开始|现在|目前|名称|名字"
)
# The title of another document that a sentence cites says little of the sentence.
_TITLE = re.compile("《[^《》]*》")
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
    superseded: float = -0.1  # what is no longer in force, unless a year is asked


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
    nearness: float
    coverage: float
    frame: float
    figure: float
    clause: int
    position: int = -1

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

    A word that the corpus does not have weighs most, and no sentence can cover it; a plain word
    weighs no more than what rules say for it (孩子 as little as 学生).
    """
    return {
        word: min(_rarity(generation, word), _rarity_as_said(generation, word))
        * (_ASIDE if _SIDES.fullmatch(word) else 1.0)
        for word in query.content
        if not _YEAR.fullmatch(word)
    }


def _rarity(generation: Generation, word: str) -> float:
    """Return the rarity of a word's rarest pair of characters, which does not depend on where the
    dictionary cuts."""
    return max(generation.words.rarity("pairs", pair) for pair in bigrams(word))


def _rarity_as_said(generation: Generation, word: str) -> float:
    said = [_rarity(generation, official) for official in official_words(word)]
    return min(said, default=math.inf)


def score_sentences(
    generation: Generation,
    candidates: Sequence[Candidate],
    asked: "Asked",
    about: Callable[[str], About],
) -> list[Scored]:
    """Return every sentence of the candidates' passages, best first; `about` tells what counts of
    a document."""
    positions = [candidate.position for candidate in candidates]
    found = generation.passages(positions)
    vectors = generation.sentence_vectors_of(positions)
    scored: list[Scored] = []
    for candidate, passage, rows in zip(candidates, found, vectors, strict=True):
        document = about(passage.document)
        scored += _score_passage(asked, candidate, passage, rows @ asked.vector, document)
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
        self._wants_figure = wants_figure(query)

    def figures(self, text: str) -> tuple[Span, ...]:
        """Return where a text has figures of the kind that is asked for."""
        return fitting_figures(self.query, text) if self._wants_figure else ()


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
    document: About,
) -> Iterator[Scored]:
    headings = tuple(normalised(heading) for heading in reversed(passage.headings))
    title = normalised(document.title)
    around = "\n".join((*headings, title))
    lead_ins = passage.lead_ins or (None,) * len(passage.sentences)
    for number, (quote, lead_in) in enumerate(zip(passage.quotes(), lead_ins, strict=True)):
        sentence = normalised(quote)
        above = normalised(lead_in.words) if lead_in else ""
        best = _best_clause(asked, sentence, above, around)
        clause = sentence[slice(*best.span)]
        nearness = (float(cosines[number]) - asked.background) / (1 - asked.background)
        coverage = best.covered / asked.total
        setting = Setting((above, *headings), title, document.year)
        frame = agreement(asked.frame, frame_of((clause, sentence), setting))
        score = (
            BLEND.nearness * nearness
            + BLEND.coverage * coverage
            + BLEND.passage * candidate.score
            + BLEND.frame * frame
            + BLEND.figure * best.figure
            + BLEND.role * bool(asked.roles and asked.roles & roles_of(sentence))
            + BLEND.introduces * sentence.endswith(":")
            + BLEND.superseded * (document.is_superseded and not asked.frame.years)
        )
        yield Scored(
            passage, number, score, nearness, coverage, frame, best.figure, best.number,
            candidate.position,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause of a sentence: its number (-1 where there is but one), its span, the weight of the
    question's words that it answers for, and whether it, or at least the sentence, has a figure of
    the kind asked for."""

    number: int
    span: Span
    covered: float
    figure: float


def _best_clause(asked: Asked, sentence: str, above: str, around: str) -> _Clause:
    """Return the clause of a sentence that answers best; all given is normalised."""
    body = _without_titles(sentence)
    around = "\n".join((around, *_TITLE.findall(sentence)))
    lacking = {
        word: _outside(word, asked.parts.get(word, ()), body, above, around)
        for word in asked.weights
    }
    inside = [word for word in asked.weights if word in body]
    figures = asked.figures(sentence)
    if len(sentence) <= _ONE_CLAUSE or not (inside or figures):
        covered = sum(w * (word in inside or lacking[word]) for word, w in asked.weights.items())
        return _Clause(-1, Span(0, len(sentence)), covered, float(bool(figures)))
    spans = clause_spans(sentence)
    has = [{word for word in inside if body.find(word, *span) >= 0} for span in spans]
    clauses: list[_Clause] = []
    lead = has[0]
    for number, span in enumerate(spans):
        before = has[number - 1] if number else lead
        if number and sentence[span.start - 1] == ":":
            lead = lead | before
        covered = sum(
            weight * _worth(word, has[number], lead | before, word in inside, lacking[word])
            for word, weight in asked.weights.items()
        )
        clauses.append(_Clause(number, span, covered, _figure(span, figures)))
    # Of clauses as good as each other the first answers, whatever the last bits of the sums say.
    return max(
        clauses,
        key=lambda c: round(
            BLEND.coverage * c.covered / asked.total + BLEND.figure * c.figure, _DIGITS
        ),
    )


def clause_spans(sentence: str) -> list[Span]:
    """Return the clauses of a sentence, each with what ends it; a title in 《》 is not cut."""
    body = _without_titles(sentence)
    cuts = [0, *(found.end() for found in _CLAUSE_END.finditer(body)), len(body)]
    return [Span(start, end) for start, end in pairwise(cuts) if start < end]


def _worth(word: str, own: Set[str], beside: Set[str], is_inside: bool, lacking: float) -> float:
    """Return what a word counts for a clause."""
    if word in own:
        return 1.0
    if word in beside:
        return _BESIDE
    return max(_ELSEWHERE, lacking) if is_inside else lacking


def _figure(clause: Span, figures: Sequence[Span]) -> float:
    if any(clause.overlaps(figure) for figure in figures):
        return 1.0
    return _FIGURE_ELSEWHERE if figures else 0.0


def _outside(word: str, parts: Sequence[str], body: str, above: str, around: str) -> float:
    """Return what a word counts that a sentence has not: by its parts, or by what stands above."""

    def there(each: str) -> float:
        if each in body:
            return 1.0
        return _ABOVE if each in above else _AROUND if each in around else 0.0

    whole = _ABOVE if word in above else _AROUND if word in around else 0.0
    by_parts = 0.0
    if parts:
        every = sum(map(there, parts)) / len(parts)
        by_parts = _IN_PARTS * (_HEAD * there(parts[-1]) + (1 - _HEAD) * every)
    as_said = _AS_RULES_SAY * max(map(there, official_words(word)), default=0.0)
    return max(whole, by_parts, as_said)


def _without_titles(sentence: str) -> str:
    """Return a sentence with its titles in 《》 blank, every other character in its place."""
    return _TITLE.sub(lambda title: " " * len(title[0]), sentence)
