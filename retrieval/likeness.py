"""Which clauses of two texts have words in common, and how many of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# From here on two clauses are somewhat alike. Of 90 pairs of versions of statutes, pairs of clauses
# below 0.2 were mostly two clauses, above 0.22 hardly ever.
SOMEWHAT = 0.22
# Two articles of one number that stand alone between the same neighbours were mostly one from here
# on, and two below 0.12.
FAINTLY = 0.13
HELD = 0.7  # of its words are in one that took it in
_PART = 0.6  # what it counts for that one has all the words of the other: clauses grow and shrink
_PART_SIZE = 12  # pairs of characters; what is shorter is in any long clause
_COMMON = 100  # clauses of one text that have a pair of characters, beyond which it tells nothing
_AT_ONCE = 1_000_000  # what is counted in one go, so that memory stays small


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two clauses have in common: a share of both, of the old one and of the new one."""

    old: int
    new: int
    both: float
    of_old: float
    of_new: float


def liken(old: Sequence[str], new: Sequence[str]) -> Iterator[Likeness]:
    """Yield which clauses have much in common: pairs of characters, the rarer the more."""
    clause_old, pair_old = _pairs(old)
    clause_new, pair_new = _pairs(new)
    _, both = np.unique(np.concatenate((pair_old, pair_new)), return_inverse=True)
    pair_old, pair_new = both[: len(pair_old)], both[len(pair_old) :]
    kinds = int(both.max(initial=-1)) + 1
    in_old, in_new = (np.bincount(pairs, minlength=kinds) for pairs in (pair_old, pair_new))
    rarity = np.log((max(len(old), len(new)) + 1) / np.maximum(in_old, in_new))
    rarity[(in_old > _COMMON) | (in_new > _COMMON)] = 0.0
    sizes_old = np.bincount(clause_old, minlength=len(old))
    sizes_new = np.bincount(clause_new, minlength=len(new))
    weights_old = np.bincount(clause_old, rarity[pair_old], len(old))
    weights_new = np.bincount(clause_new, rarity[pair_new], len(new))
    holders = clause_new[np.argsort(pair_new, kind="stable")]  # of each pair of characters in turn
    first = np.cumsum(in_new) - in_new
    met = np.where(rarity[pair_old] > 0, in_new[pair_old], 0)
    for part in np.split(np.arange(len(met)), _cuts(met, clause_old)):
        times = met[part]
        within = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        there = holders[np.repeat(first[pair_old[part]], times) + within]
        couples, of = np.unique(
            np.repeat(clause_old[part], times) * len(new) + there, return_inverse=True
        )
        shared = np.bincount(of, np.repeat(rarity[pair_old[part]], times), len(couples))
        i, j = np.divmod(couples, len(new))
        share_old, share_new = shared / weights_old[i], shared / weights_new[j]
        likeness = 2 * shared / (weights_old[i] + weights_new[j])
        is_long = np.minimum(sizes_old[i], sizes_new[j]) >= _PART_SIZE
        part_of = np.where(is_long, _PART * np.maximum(share_old, share_new), 0.0)
        likeness = np.maximum(likeness, part_of)
        is_much = (likeness >= FAINTLY) | (np.maximum(share_old, share_new) >= HELD)
        columns = (i, j, likeness, share_old, share_new)
        rows = zip(*(column[is_much].tolist() for column in columns), strict=True)
        yield from (Likeness(*row) for row in rows)


def _pairs(texts: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the different pairs of neighbouring characters of some texts, as numbers, each with
    the text that has it."""
    characters = [
        np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
        for text in texts
    ]
    found = [np.unique(each[:-1] << 21 | each[1:]) for each in characters]
    which = np.repeat(np.arange(len(found)), [len(each) for each in found])
    return which, np.concatenate([*found, np.empty(0, np.int64)])


def _cuts(met: NDArray[np.int64], clause: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where to cut what is counted into parts of some size, between two clauses."""
    parts = np.cumsum(met) // _AT_ONCE
    part_of_clause = parts[np.searchsorted(clause, clause)]  # that of its first pair
    return np.flatnonzero(np.diff(part_of_clause)) + 1
