"""The passages for a question: encoded, found by both legs, reranked, and checked word for word."""

from collections.abc import Sequence
from concurrent.futures import Future

import numpy as np
from numpy.typing import NDArray

from indexer.store import Generation
from retrieval.catalogue import Catalogue
from retrieval.citations import confirm_passage
from retrieval.finding import CANDIDATES, Finder, Sought
from retrieval.fusion import Candidate
from retrieval.model import Model
from retrieval.query import Query
from retrieval.question_map import map_question
from retrieval.ranking import Ranking
from retrieval.reranking import rerank
from retrieval.results import Facets, Filters, Hit


class Searcher:
    """The legs, the model and the reranker over an open index; safe to use from several threads.

    The model may still be loading: what needs it waits for it.
    """

    def __init__(
        self,
        generation: Generation,
        catalogue: Catalogue,
        model: Future[Model],
        ranking: Ranking,
    ) -> None:
        self._index = generation
        self._catalogue = catalogue
        self._finder = Finder(generation, catalogue, ranking)
        self._model = model
        self._ranking = ranking

    def wait(self) -> Model:
        """Return the model when it is loaded.

        Raises:
            ModelError: it cannot be loaded.
            IndexUnusable: another model made the index.
        """
        return self._model.result()

    def encode(self, query: Query) -> tuple[Sought, NDArray[np.float32]]:
        """Return what to search with, and the question's own vector to compare sentences with."""
        model = self.wait()
        own = model.encoder.encode_question(query.topic)
        moved = map_question(own, model.weights, self._ranking.moved)
        return Sought(query, moved, model.moved_background), own

    def find_preferring(
        self, sought: Sought, filters: Filters, count: int = CANDIDATES
    ) -> list[Candidate]:
        """Return the candidates of a search, best first, `count` of each leg, those of places that
        are named before others."""
        return self._reranked(sought.query, self._finder.find_preferring(sought, filters, count))

    def find_within(self, sought: Sought, documents: Sequence[int] | None) -> list[Candidate]:
        """Return the candidates in some documents, by position, or in all, best first."""
        return self._reranked(sought.query, self._finder.find_within(sought, documents))

    def place_of(self, candidate: Candidate) -> str:
        """Return the locality of a candidate's document, or ""."""
        return self._finder.place_of(candidate.position)

    def facets(self, candidates: Sequence[Candidate], filters: Filters) -> Facets:
        """Return what the documents of candidates can be narrowed by, with counts of them."""
        among = np.zeros(len(self._index.ids), np.bool_)
        among[self._index.document_of[[each.position for each in candidates]]] = True
        return self._catalogue.facets(filters, among)

    def hits(self, candidates: Sequence[Candidate]) -> tuple[Hit, ...]:
        """Return candidates with their passages and sources, not yet confirmed."""
        found = self._index.passages([candidate.position for candidate in candidates])
        return tuple(
            Hit(
                rank=rank,
                score=candidate.score,
                dense=candidate.dense,
                lexical=candidate.lexical,
                passage=passage,
                source=self._catalogue.source(passage.document),
            )
            for rank, (candidate, passage) in enumerate(
                zip(candidates, found, strict=True), start=1
            )
        )

    def confirmed(self, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """Return hits whose words are what stands in their documents."""
        texts = self._index.texts({hit.passage.document for hit in hits})
        for hit in hits:
            confirm_passage(hit.passage, texts[hit.passage.document])
        return hits

    def _reranked(self, query: Query, found: list[Candidate]) -> list[Candidate]:
        """Return candidates as the reranker puts them, if one is set."""
        reranker = self.wait().reranker
        if reranker is None:
            return found
        return rerank(self._index, reranker, query.text, found, self._catalogue.titles)
