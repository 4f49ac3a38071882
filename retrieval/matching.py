"""The two legs of a search: by meaning (vectors) and by words (BM25)."""

from collections.abc import Mapping, Sequence
from typing import Any

import faiss
import numpy as np
import tantivy
from numpy.typing import NDArray

from indexer.store import Generation
from indexer.terms import bigrams, words

# Weight of each field of the lexical index: words of the text, words of title and headings, and
# pairs of characters, which catch what the dictionary cuts wrongly. docs/evaluation.md.
_FIELDS = (("body", 1.0), ("head", 0.4), ("pairs", 0.4))


def match_meaning(
    generation: Generation,
    question: NDArray[np.float32],
    count: int,
    allowed: NDArray[np.int64] | None,
) -> dict[int, float]:
    """Return the cosine of the nearest passages by position; `allowed` limits the search."""
    parameters = None
    if allowed is not None:
        if not len(allowed):
            return {}
        parameters = faiss.SearchParameters()
        parameters.sel = faiss.IDSelectorBatch(allowed)
    count = min(count, generation.vectors.ntotal if allowed is None else len(allowed))
    scores, positions = generation.vectors.search(question.reshape(1, -1), count, params=parameters)
    return {
        int(position): float(score)
        for position, score in zip(positions[0], scores[0], strict=True)
        if position >= 0
    }


def cosines(
    generation: Generation, question: NDArray[np.float32], positions: Sequence[int]
) -> list[float]:
    """Return the cosine of given passages, in order."""
    if not positions:
        return []
    rows = generation.vectors.reconstruct_batch(np.asarray(positions, dtype=np.int64))
    return [float(score) for score in rows @ question]


def match_words(
    generation: Generation, text: str, count: int, documents: Sequence[int] | None
) -> dict[int, float]:
    """Return the BM25 score of the best passages by position; `documents` limits the search."""
    searcher = generation.words
    schema = generation.words_schema
    asked = words(text)
    pieces = {"body": asked, "head": asked, "pairs": bigrams(text)}
    clauses: list[tuple[Any, Any]] = []
    for name, weight in _FIELDS:
        for piece in dict.fromkeys(pieces[name]):
            term = tantivy.Query.term_query(schema, name, piece, "freq")
            clauses.append((tantivy.Occur.Should, tantivy.Query.boost_query(term, weight)))
    query = tantivy.Query.boolean_query(clauses)
    if documents is not None:
        if not documents:
            return {}
        within = tantivy.Query.term_set_query(schema, "document", [int(d) for d in documents])
        query = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Must, query),
                (tantivy.Occur.Must, tantivy.Query.const_score_query(within, 0.0)),
            ]
        )
    hits = searcher.search(query, limit=count, count=False).hits
    addresses = [address for _, address in hits]
    positions = searcher.fast_field_values("position", addresses)
    return {int(p): float(score) for p, (score, _) in zip(positions, hits, strict=True)}


def sentence_cosines(
    generation: Generation, question: NDArray[np.float32], dense: Mapping[int, float]
) -> dict[int, float]:
    """Return for each passage the mean of its own cosine and of its best sentence's.

    A long passage on several things is far from each of them; its best sentence is near.
    """
    positions = list(dense)
    best = {}
    vectors = generation.sentence_vectors_of(positions)
    for position, rows in zip(positions, vectors, strict=True):
        nearest = float((rows @ question).max()) if len(rows) else dense[position]
        best[position] = (dense[position] + nearest) / 2
    return best
