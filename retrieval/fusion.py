"""Bring the two legs onto one scale and join them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage's position, its joint score in 0..1, and what each leg said."""

    position: int
    score: float
    dense: float
    lexical: float


def fuse(
    dense: Mapping[int, float], lexical: Mapping[int, float], dense_weight: float
) -> list[Candidate]:
    """Return candidates, best first: a weighted sum of both legs' scores, scaled to 0..1.

    `dense` must hold every candidate; a passage the lexical leg did not return counts as 0 there.
    Ties go to the earlier passage, so the same question always gets the same order.
    """
    if not dense:
        return []
    low, high = min(dense.values()), max(dense.values())
    top = max(lexical.values(), default=0.0)
    found = []
    for position, cosine in dense.items():
        by_meaning = (cosine - low) / (high - low) if high > low else 1.0
        by_words = lexical.get(position, 0.0) / top if top else 0.0
        score = dense_weight * by_meaning + (1 - dense_weight) * by_words
        found.append(Candidate(position, score, cosine, lexical.get(position, 0.0)))
    return sorted(found, key=lambda c: (-c.score, c.position))
