"""A search by meaning, ranked once and shown a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from retrieval.duplicates import LOOKED_AT, arrange
from retrieval.fusion import Candidate
from retrieval.query import Query
from retrieval.results import Facets, Filters, Hit
from retrieval.searching import Searcher

RankedOrder: TypeAlias = Literal["relevance", "date"]

MOST = 1_000  # passages that can be paged through


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """The passages for a question, best first: `first` are the nearest, with copies as one, and
    `rest` those behind them; `words` are those of the question that carry meaning, `facets` what
    the documents of all of them can be narrowed by."""

    words: tuple[str, ...]
    first: tuple[Hit, ...]
    rest: tuple[Candidate, ...]
    facets: Facets

    def count(self, order: RankedOrder) -> int:
        """Return how many there are to be shown. Of a search by meaning all passages are more or
        less a result, so only the nearest are put in the order of their dates."""
        return len(self.first) + (len(self.rest) if order == "relevance" else 0)


def rank_passages(searcher: Searcher, query: Query, filters: Filters) -> Ranked:
    """Return the passages for a question, ranked; the question is embedded for it."""
    sought, _ = searcher.encode(query)
    candidates = searcher.find_preferring(sought, filters, MOST)[:MOST]
    first = arrange(searcher.hits(candidates[:LOOKED_AT]), LOOKED_AT)
    facets = searcher.facets(candidates, filters)
    return Ranked(query.content, first, tuple(candidates[LOOKED_AT:]), facets)


def show_ranked(
    searcher: Searcher, ranked: Ranked, order: RankedOrder, offset: int, limit: int
) -> tuple[Hit, ...]:
    """Return `limit` passages from `offset` on."""
    first: Sequence[Hit] = ranked.first
    if order == "date":
        first = sorted(first, key=lambda hit: hit.source.issued_on, reverse=True)
    hits = [*first[offset : offset + limit]]
    if order == "relevance":
        past = max(0, offset - len(first))
        hits += searcher.hits(ranked.rest[past : past + limit - len(hits)])
    ranked_anew = (replace(hit, rank=rank) for rank, hit in enumerate(hits, start=offset + 1))
    return searcher.confirmed(tuple(ranked_anew))
