"""The two legs of a search: by meaning (vectors) and by words (BM25)."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from indexer.postings import TermField
from indexer.store import Generation
from indexer.terms import bigrams, words
from retrieval.ranking import RANKING, Ranking


def match_words(
    generation: Generation,
    text: str,
    count: int,
    allowed: NDArray[np.int64] | None,
    ranking: Ranking = RANKING,
) -> dict[int, float]:
    """Return the best passages by words: by position, the share in 0..1 of the question's words
    that a passage has, weighed by rarity, which is BM25 divided by the most it could be.

    Looked for are words, and pairs of characters, which catch what the dictionary cuts wrongly; a
    word that no passage has counts, too, so that a question on something else finds nothing to the
    point. `allowed` limits the search to some positions.
    """
    lexicon = generation.words
    asked: dict[TermField, dict[str, float]] = {
        "body": dict.fromkeys(words(text), 1.0),
        "pairs": dict.fromkeys(bigrams(text), ranking.pairs),
    }
    whole = 1 + ranking.pairs
    weights: dict[TermField, dict[str, float]] = {}
    for field, pieces in asked.items():
        most = sum(lexicon.rarity(field, piece) for piece in pieces) or 1.0
        weights[field] = {piece: weight / (whole * most) for piece, weight in pieces.items()}
    is_allowed = None
    if allowed is not None:
        is_allowed = np.zeros(lexicon.count, np.bool_)
        is_allowed[allowed] = True
    return lexicon.best(weights, count, is_allowed)


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
    vectors, starts = generation.vectors.sentences_of(positions)
    has_sentences = np.diff(starts) > 0
    if len(vectors):
        within = np.maximum.reduceat(vectors @ question, starts[:-1][has_sentences])
        nearest[has_sentences] = within
    mixed = (1 - share) * own + share * nearest
    return dict(zip(positions.tolist(), mixed.tolist(), strict=True))
