"""The two legs of a search: by meaning (vectors) and by words (BM25)."""

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import faiss
import numpy as np
import tantivy
from numpy.typing import NDArray

from indexer.store import Generation
from indexer.terms import bigrams, words
from retrieval.ranking import RANKING, Ranking

_SATURATION = 1.2  # BM25's k1 of tantivy: a word is worth at most 1 + k1 times its rarity
# From this share of the documents on, the words leg searches all and picks; measured on 10,000
# documents with 48,000 passages: both ways take 2.4 ms at 0.1, at 0.5 it is 1.4 against 11 ms.
_LARGE_PART = 0.1
_RESERVE = 1.3  # more than the share suggests, because a part may have less than its share


def match_meaning(
    generation: Generation,
    question: NDArray[np.float32],
    count: int,
    allowed: NDArray[np.int64] | None,
) -> dict[int, float]:
    """Return the cosine of the nearest passages by position; `allowed` limits the search.

    A flat index given a list of rows looks at no other, so that a narrow search is a short one.
    It does so in one thread, and for that all rows are listed too: of their own accord several
    threads share one question, and on a busy machine wait for one another (16 ms instead of 1).
    """
    rows = np.arange(generation.vectors.ntotal) if allowed is None else allowed
    if not len(rows):
        return {}
    parameters = faiss.SearchParameters()
    parameters.sel = faiss.IDSelectorArray(rows)
    count = min(count, len(rows))
    scores, positions = generation.vectors.search(question.reshape(1, -1), count, params=parameters)
    return dict(zip(positions[0].tolist(), scores[0].tolist(), strict=True))


def cosines(
    generation: Generation, question: NDArray[np.float32], positions: Sequence[int]
) -> list[float]:
    """Return the cosine of given passages, in order."""
    if not positions:
        return []
    rows = generation.vectors.reconstruct_batch(np.asarray(positions, dtype=np.int64))
    return [float(score) for score in rows @ question]


def match_words(
    generation: Generation,
    text: str,
    count: int,
    documents: Sequence[int] | None,
    ranking: Ranking = RANKING,
) -> dict[int, float]:
    """Return the best passages by words: by position, the share in 0..1 of the question's words
    that a passage has, weighed by rarity, which is BM25 divided by the most it could be.

    Looked for are words, and pairs of characters, which catch what the dictionary cuts wrongly.
    `documents` limits the search.
    """
    asked = {
        "body": dict.fromkeys(words(text), 1.0),
        "pairs": dict.fromkeys(bigrams(text), ranking.pairs),
    }
    whole = 1 + ranking.pairs
    scale = {field: 1 / (whole * _most(generation, field, asked[field])) for field in asked}
    schema = generation.words_schema
    clauses: list[tuple[Any, Any]] = []
    for field, pieces in asked.items():
        for piece, weight in pieces.items():
            term = tantivy.Query.term_query(schema, field, piece, "freq")
            boosted = tantivy.Query.boost_query(term, weight * scale[field])
            clauses.append((tantivy.Occur.Should, boosted))
    query = tantivy.Query.boolean_query(clauses)
    if documents is None:
        return _best(generation, query, count)
    found = _best_of_many(generation, query, count, documents)
    return _best_within(generation, query, count, documents) if found is None else found


def rarity(generation: Generation, field: str, piece: str) -> float:
    """Return BM25's inverse document frequency of a word or pair in a field of the index."""
    count = generation.words.num_docs
    frequency = generation.words.doc_freq(field, piece)
    return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))


def _most(generation: Generation, field: str, pieces: Collection[str]) -> float:
    """Return what BM25 gives at most to a passage that has all of some words; a word that no
    passage has counts, too, so that a question on something else finds nothing to the point."""
    return (1 + _SATURATION) * sum(rarity(generation, field, piece) for piece in pieces) or 1.0


def _best(generation: Generation, query: tantivy.Query, count: int) -> dict[int, float]:
    """Return the scores of the best passages by position, best first."""
    hits = generation.words.search(query, limit=count, count=False).hits
    positions = generation.words.fast_field_values("position", [address for _, address in hits])
    return {int(p): float(score) for p, (score, _) in zip(positions, hits, strict=True)}


def _best_of_many(
    generation: Generation, query: tantivy.Query, count: int, documents: Sequence[int]
) -> dict[int, float] | None:
    """Return the best passages of documents that are a large part of the corpus; else None.

    They are picked from the best of all passages: to look up thousands of documents in the index
    takes several times as long as the search. None, too, where the best of all are not enough.
    """
    share = len(documents) / len(generation.ids)
    if share < _LARGE_PART:
        return None
    deep = int(count / share * _RESERVE)
    best = _best(generation, query, deep)
    wanted = set(documents)
    owners = generation.document_of[list(best)].tolist()
    found = [each for each, of in zip(best.items(), owners, strict=True) if of in wanted]
    return dict(found[:count]) if len(found) >= count or len(best) < deep else None


def _best_within(
    generation: Generation, query: tantivy.Query, count: int, documents: Sequence[int]
) -> dict[int, float]:
    """Return the best passages of some documents."""
    if not documents:
        return {}
    within = tantivy.Query.term_set_query(
        generation.words_schema, "document", [int(document) for document in documents]
    )
    no_score = tantivy.Query.const_score_query(within, 0.0)
    must = tantivy.Occur.Must
    limited = tantivy.Query.boolean_query([(must, query), (must, no_score)])
    return _best(generation, limited, count)


def sentence_cosines(
    generation: Generation,
    question: NDArray[np.float32],
    dense: Mapping[int, float],
    share: float,
) -> dict[int, float]:
    """Return for each passage its own cosine with a `share` of its best sentence's in it.

    A long passage on several things is far from each of them; its best sentence is near.
    """
    positions = np.fromiter(dense, dtype=np.int64, count=len(dense))
    own = np.fromiter(dense.values(), dtype=np.float32, count=len(dense))
    nearest = own.copy()
    vectors, starts = generation.sentences_of(positions)
    has_sentences = np.diff(starts) > 0
    if len(vectors):
        within = np.maximum.reduceat(vectors @ question, starts[:-1][has_sentences])
        nearest[has_sentences] = within
    mixed = (1 - share) * own + share * nearest
    return dict(zip(positions.tolist(), mixed.tolist(), strict=True))
