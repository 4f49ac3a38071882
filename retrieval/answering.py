"""Choose the sentences that answer a question, by meaning and words together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.records import Passage, Span
from indexer.store import Generation
from indexer.terms import bigrams, normalised
from indexer.text import folded
from retrieval.fusion import Candidate
from retrieval.matching import rarity
from retrieval.query import Query

# How much of a sentence's score comes from its own meaning, its words, and its passage; and how
# much a word counts that only the headings or the title around it have. docs/evaluation.md.
_MEANING, _WORDS, _PASSAGE = 0.3, 0.5, 0.2
_AROUND = 0.7


@dataclass(frozen=True, slots=True)
class Limits:
    """How many sentences an answer shows: each at least `near_best` of the best one's score, at
    most `each` from one locality and `whole` altogether."""

    near_best: float
    each: int
    whole: int


ONE_PLACE = Limits(near_best=0.8, each=3, whole=3)
ACROSS = Limits(near_best=0.65, each=4, whole=1_000)  # every locality is to have its say
OPEN = Limits(near_best=0.7, each=2, whole=8)  # names no place and does not ask for each


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence of a passage with its score in 0..1 and what share of the question it covers."""

    passage: Passage
    span: Span
    score: float
    cosine: float
    coverage: float

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
        for word in query.content
    }


def score_sentences(
    generation: Generation,
    candidates: Sequence[Candidate],
    question: NDArray[np.float32],
    weights: dict[str, float],
    titles: Mapping[str, str],
) -> list[Scored]:
    """Return every sentence of the candidates' passages, best first.

    `titles` gives each document's, which counts as context like a heading.
    """
    positions = [candidate.position for candidate in candidates]
    found = generation.passages(positions)
    vectors = generation.sentence_vectors_of(positions)
    rows: list[tuple[Candidate, Passage, Span, float, float]] = []
    total = sum(weights.values())
    for candidate, passage, of_passage in zip(candidates, found, vectors, strict=True):
        cosines = of_passage @ question
        around = normalised("\n".join((titles[passage.document], *passage.headings)))
        for sentence, cosine in zip(passage.sentences, cosines, strict=True):
            at = passage.span.start
            inside = normalised(passage.text[sentence.start - at : sentence.end - at])
            covered = sum(
                weight * (1.0 if word in inside else _AROUND if word in around else 0.0)
                for word, weight in weights.items()
            )
            coverage = covered / total if total else 0.0
            rows.append((candidate, passage, sentence, float(cosine), coverage))
    if not rows:
        return []
    low, high = min(row[3] for row in rows), max(row[3] for row in rows)
    spread = (high - low) or 1.0
    best = max(candidate.score for candidate in candidates) or 1.0
    scored = [
        Scored(
            passage,
            sentence,
            _MEANING * (cosine - low) / spread
            + _WORDS * coverage
            + _PASSAGE * candidate.score / best,
            cosine,
            coverage,
        )
        for candidate, passage, sentence, cosine, coverage in rows
    ]
    return sorted(scored, key=lambda s: (-s.score, s.passage.document, s.span))


def choose(
    scored: Sequence[Scored], limits: Limits, locality: Callable[[str], str]
) -> dict[str, list[Scored]]:
    """Return the sentences to show by locality, best locality first.

    A sentence is left out that a better one of the same locality says whole. `scored` is best
    first; `locality` gives a document's.
    """
    chosen: dict[str, list[Scored]] = {}
    said: dict[str, list[str]] = {}
    for sentence in scored:
        enough = sum(map(len, said.values())) == limits.whole
        if sentence.score < limits.near_best * scored[0].score or enough:
            break
        place = locality(sentence.passage.document)
        words_only = "".join(c for c in folded(sentence.text) if c.isalnum())
        before = said.setdefault(place, [])
        if len(before) < limits.each and not any(words_only in other for other in before):
            before.append(words_only)
            chosen.setdefault(place, []).append(sentence)
    return chosen
