"""Bring the two legs onto one scale and join them.

Both scales are absolute. Nearness is 0 where a passage is as near as passages of this corpus come
to a question on nothing in it, and 1 for the same text; the score by words is the share of the
question's that the passage has, weighed by rarity. So a leg that found nothing to the point has no
say, which it has where ranks are joined, or scores scaled between the best and worst candidate.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace

_COUNTED = 5  # better passages of a place that count against the next one


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage's position, its joint score (1 is the best there can be), and what each leg said:
    `dense` is a cosine, `lexical` a share in 0..1."""

    position: int
    score: float
    dense: float
    lexical: float


def fuse(
    dense: Mapping[int, float], lexical: Mapping[int, float], background: float, meaning: float
) -> list[Candidate]:
    """Return candidates, best first; `meaning` is the weight of nearness in 0..1.

    `dense` must hold every candidate; a passage the lexical leg did not return counts as 0 there.
    `background` is the cosine that counts as no nearness. Ties go to the earlier passage, so the
    same question always gets the same order.
    """
    scale = meaning / (1 - background)
    found = []
    for position, cosine in dense.items():
        words = lexical.get(position, 0.0)
        score = scale * (cosine - background) + (1 - meaning) * words
        found.append(Candidate(position, score, cosine, words))
    return sorted(found, key=lambda c: (-c.score, c.position))


def take_turns(
    candidates: Sequence[Candidate], place_of: Callable[[int], str], cost: float
) -> list[Candidate]:
    """Return candidates, best first, so that the first ones are of many places: each counts
    `cost` less for every one of its place that stands above it; all keep their scores.

    `place_of` gives the place of a position, "" where there is none.
    """
    waiting: dict[str, list[Candidate]] = {}
    for candidate in reversed(candidates):
        waiting.setdefault(place_of(candidate.position), []).append(candidate)
    heads = [(-left[-1].score, left[-1].position, 0, place) for place, left in waiting.items()]
    heapify(heads)
    found = []
    while heads:
        *_, above, place = heads[0]
        left = waiting[place]
        found.append(left.pop())
        if left:
            worth = left[-1].score - cost * min(above + 1, _COUNTED)
            heapreplace(heads, (-worth, left[-1].position, above + 1, place))
        else:
            heappop(heads)
    return found
