"""Bring the two legs onto one scale and join them.

Both scales are absolute. Nearness is 0 where a passage is as near as passages of this corpus come
to a question on nothing in it, and 1 for the same text; the score by words is the share of the
question's that the passage has, weighed by rarity. So a leg that found nothing to the point has no
say, which it has where ranks are joined, or scores scaled between the best and worst candidate.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heapreplace
from typing import TypeVar

T = TypeVar("T")

_COUNTED = 5  # better ones of a group that count against the next one


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
    ranked: Sequence[T],
    score: Callable[[T], float],
    groups: Callable[[T], tuple[str | None, ...]],
    costs: tuple[float, ...],
) -> list[T]:
    """Return what is given best first so that near-equal ones of many groups take turns.

    `groups` names the group of each kind (its document, its place) that one belongs to, None for
    none; it counts the kind's cost less for each of the same group that stands above it.
    """
    kinds = range(len(costs))
    above: list[Counter[str | None]] = [Counter() for _ in kinds]
    waiting = [(-score(each), rank) for rank, each in enumerate(ranked)]
    heapify(waiting)
    found: list[T] = []
    while waiting:
        believed, rank = waiting[0]
        each = ranked[rank]
        names = groups(each)
        cost = sum(costs[k] * min(above[k][names[k]], _COUNTED) for k in kinds)
        worth = cost - score(each)
        if worth > believed:  # others of its groups have come above it since
            heapreplace(waiting, (worth, rank))
            continue
        heappop(waiting)
        found.append(each)
        for k in kinds:
            if names[k] is not None:
                above[k][names[k]] += 1
    return found
