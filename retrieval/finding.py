"""Find the passages for a question: by meaning, by words, both on one scale, places in turn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from indexer.store import Generation
from retrieval.catalogue import Catalogue
from retrieval.fusion import Candidate, fuse, take_turns
from retrieval.matching import match_words, sentence_cosines
from retrieval.narrowing import narrow
from retrieval.query import Query
from retrieval.ranking import Ranking
from retrieval.results import Filters

# Candidates each leg gives; beyond it a passage has no say. Enough for one passage from each of
# the 31 provinces several times over.
CANDIDATES = 300


@dataclass(frozen=True, slots=True, eq=False)
class Sought:
    """A question understood; the vector to search with, [d]; and the cosine that such vectors
    reach where the corpus has nothing to the point."""

    query: Query
    vector: NDArray[np.float32]
    background: float


class Finder:
    """Both legs over an open index; safe to use from several threads."""

    def __init__(self, generation: Generation, catalogue: Catalogue, ranking: Ranking) -> None:
        self._index = generation
        self._catalogue = catalogue
        self._ranking = ranking

    def find_within(self, sought: Sought, documents: Sequence[int] | None) -> list[Candidate]:
        """Return the candidates in some documents, by position, or in all, best first."""
        return self._in_turn(sought.query, self._fused(sought, documents))

    def find_preferring(
        self, sought: Sought, filters: Filters, count: int = CANDIDATES
    ) -> list[Candidate]:
        """Return the candidates of a search, best first, `count` of each leg: documents of a place
        that the question names come first, unless others are much more to the point, because a
        place is often but a topic."""
        query = sought.query
        documents = narrow(query, filters, self._catalogue)
        everywhere = narrow(query, filters, self._catalogue, by_place=False)
        found = self._fused(sought, documents, count)
        if documents != everywhere:
            named = {candidate.position for candidate in found}
            found = [replace(c, score=c.score + self._ranking.named) for c in found]
            others = self._fused(sought, everywhere, count)
            found += [c for c in others if c.position not in named]
            found.sort(key=lambda c: (-c.score, c.position))
        return self._in_turn(query, found)

    def place_of(self, position: int) -> str:
        """Return the locality of a passage's document, or ""."""
        return self._catalogue.locality_of(int(self._index.document_of[position]))

    def _fused(
        self, sought: Sought, documents: Sequence[int] | None, count: int = CANDIDATES
    ) -> list[Candidate]:
        query, vector, ranking = sought.query, sought.vector, self._ranking
        allowed = None if documents is None else self._index.positions_of(documents)
        dense = self._index.vectors.nearest(vector, count, allowed)
        lexical = match_words(self._index, query.plain, count, allowed, ranking)
        extra = sorted(set(lexical) - set(dense))
        dense.update(zip(extra, self._index.vectors.cosines(vector, extra), strict=True))
        meaning = sentence_cosines(self._index, vector, dense, ranking.sentence)
        return fuse(meaning, lexical, sought.background, ranking.meaning)

    def _in_turn(self, query: Query, found: list[Candidate]) -> list[Candidate]:
        if not query.asks_across:
            return found
        return take_turns(
            found,
            lambda candidate: candidate.score,
            lambda candidate: (self.place_of(candidate.position),),
            (self._ranking.turn,),
        )


def merge(found: Iterable[Sequence[Candidate]]) -> list[Candidate]:
    """Return the candidates of several questions in turn, each passage once."""
    turns = (each for row in zip_longest(*found) for each in row if each)
    return list({each.position: each for each in turns}.values())
