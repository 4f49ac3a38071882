"""The words of all live passages of a generation: how rare each is, and which passages have it.

The postings lie in segments; what is counted are live passages alone, and a passage's score is the
same number, bit for bit, whatever segment it is in and whatever was removed: each is the sum, in
double precision and in the order of the question's words, of terms that depend on the passage's
own frequencies and length and on the statistics of the live passages.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.postings import FIELDS, Numbers, Postings, TermField

Weights: TypeAlias = Mapping[TermField, Mapping[str, float]]

_SATURATION, _LENGTH_SHARE = 1.2, 0.75  # BM25's k1 and b, as every search engine sets them
_KEPT_TERMS = 2_048  # terms whose places are kept; with 16 segments they take some 5 MB
_LOOKUP = 8  # postings are scored in the time in which one row is looked up among them


class _Term(NamedTuple):
    """Where the postings of a piece are in each segment, and how many live passages have it."""

    places: tuple[slice, ...]
    frequency: int


class _Asked(NamedTuple):
    """A piece that is looked for: where its postings are in each segment, what it weighs."""

    field: TermField
    places: tuple[slice, ...]
    weight: float


class Lexicon:
    """The postings of a generation's segments, opened; safe to use from several threads.

    `parts` gives with each segment the position of each of its rows, [rows], -1 for a dead one;
    the positions of all together are 0 to `count` - 1. The postings remain the caller's to close.
    """

    def __init__(self, parts: Sequence[tuple[Postings, NDArray[np.int64]]]) -> None:
        every = [_Part(postings, positions) for postings, positions in parts]
        self._parts = [part for part in every if part.live]
        self.count = sum(part.live for part in self._parts)
        for field in FIELDS:
            whole = sum(part.pieces(field) for part in self._parts)
            for part in self._parts:
                part.set_average(field, whole / self.count if whole else 1.0)
        self._term = lru_cache(_KEPT_TERMS)(partial(_find, self._parts))

    def frequency(self, field: TermField, piece: str) -> int:
        """Return how many passages have a piece."""
        return self._term(field, piece).frequency

    def rarity(self, field: TermField, piece: str) -> float:
        """Return BM25's inverse document frequency of a piece."""
        frequency = self.frequency(field, piece)
        return math.log(1 + (self.count - frequency + 0.5) / (frequency + 0.5))

    def best(
        self, weights: Weights, count: int, allowed: NDArray[np.bool_] | None = None
    ) -> dict[int, float]:
        """Return the scores of the best passages by position, best first, those of one score in
        the order of their positions; `allowed`, [count], limits them.

        The score is BM25's sum over the pieces that a passage has, each by its weight and rarity,
        without the factor k1 + 1: what a piece gives is less than its weight by its rarity. Only
        passages that have one are returned.
        """
        asked = [
            _Asked(field, self._term(field, piece).places, weight * self.rarity(field, piece))
            for field, pieces in weights.items()
            for piece, weight in pieces.items()
        ]
        positions, scores, least = np.empty(0, np.int64), np.empty(0), 0.0
        for number, part in enumerate(self._parts if count > 0 else ()):
            found = part.score(number, asked, allowed, least)
            positions = np.concatenate([positions, found[0]])
            scores = np.concatenate([scores, found[1]])
            if len(scores) > count:
                least = float(np.partition(scores, -count)[-count])
                is_good = scores >= least  # with all that equal the last
                positions, scores = positions[is_good], scores[is_good]
        order = np.lexsort((positions, -scores))[:count]
        return dict(zip(positions[order].tolist(), scores[order].tolist(), strict=True))

    def having_all(self, field: TermField, pieces: Iterable[str]) -> NDArray[np.int64]:
        """Return the positions of the passages that have all of some pieces, ascending."""
        terms = sorted((self._term(field, piece) for piece in pieces), key=lambda t: t.frequency)
        found = [
            part.having_all([term.places[number] for term in terms])
            for number, part in enumerate(self._parts)
        ]
        return np.sort(np.concatenate([np.empty(0, np.int64), *found]))


class _Part:
    """A segment with the positions of its rows."""

    def __init__(self, postings: Postings, positions: NDArray[np.int64]) -> None:
        self.postings = postings
        self._positions = positions
        self._is_live = positions >= 0
        self.live = int(np.count_nonzero(self._is_live))
        self._norms: dict[TermField, NDArray[np.float64]] = {}

    def pieces(self, field: TermField) -> int:
        """Return how many pieces the live rows have in a field."""
        return int(self.postings.lengths(field)[self._is_live].sum(dtype=np.int64))

    def set_average(self, field: TermField, average: float) -> None:
        """Take in how many pieces a live passage has in a field on average."""
        shares = self.postings.lengths(field) / average
        self._norms[field] = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * shares)

    def count(self, place: slice) -> int:
        """Return how many live rows have postings at a place."""
        if self.live == self.postings.rows:
            return int(place.stop - place.start)
        return int(np.count_nonzero(self._is_live[self.postings.row_numbers[place]]))

    def having_all(self, places: Sequence[slice]) -> NDArray[np.int64]:
        """Return the positions of the live rows that have postings at all of some places."""
        found = [self.postings.row_numbers[place] for place in places]
        rows = found[0] if found else np.arange(self.postings.rows, dtype=np.uint32)
        for other in found[1:]:
            rows = other[_look_up(rows, other)]
        positions = self._positions[rows]
        return positions[positions >= 0]

    def score(
        self,
        number: int,
        asked: Sequence[_Asked],
        allowed: NDArray[np.bool_] | None,
        least: float,
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the positions and scores of the allowed rows that score above 0 and not below
        `least`; this is the segment of that number."""
        is_wanted = self._is_live if allowed is None else self._is_live & allowed[self._positions]
        few = self._few(is_wanted)
        if few is not None and not len(few):
            return np.empty(0, np.int64), np.empty(0)
        scores = np.zeros(self.postings.rows)
        for field in FIELDS:
            terms = [term for term in asked if term.field == field]
            found = [self._postings_at(term.places[number], few) for term in terms]
            sizes = [len(rows) for rows, _ in found]
            if not sum(sizes):
                continue
            rows = np.concatenate([rows for rows, _ in found], dtype=np.intp)
            frequencies = np.concatenate([frequencies for _, frequencies in found])
            # In place: to make room for every step would take as long as the step.
            given = self._norms[field][rows]
            given += frequencies
            np.divide(frequencies, given, out=given)
            given *= np.repeat([term.weight for term in terms], sizes)
            scores += np.bincount(rows, given, len(scores))  # adds them up in their order
        is_good = is_wanted & (scores >= least if least else scores > 0)
        return self._positions[is_good], scores[is_good]

    def _few(self, is_wanted: NDArray[np.bool_]) -> Numbers | None:
        """Return the rows wanted, ascending, if they are few enough to be looked up."""
        if np.count_nonzero(is_wanted) * _LOOKUP > len(is_wanted):
            return None
        return np.flatnonzero(is_wanted).astype(self.postings.row_numbers.dtype)

    def _postings_at(self, place: slice, few: Numbers | None) -> tuple[Numbers, Numbers]:
        """Return the rows and frequencies at a place, at least those of the few rows wanted."""
        rows, frequencies = self.postings.row_numbers[place], self.postings.frequencies[place]
        if few is None or len(few) * _LOOKUP > len(rows):
            return rows, frequencies
        at = _look_up(few, rows)
        return rows[at], frequencies[at]


def _find(parts: Sequence[_Part], field: TermField, piece: str) -> _Term:
    places = tuple(part.postings.find(field, piece) for part in parts)
    counts = (part.count(place) for part, place in zip(parts, places, strict=True))
    return _Term(places, sum(counts))


def _look_up(wanted: Numbers, rows: Numbers) -> NDArray[np.intp]:
    """Return where those of the rows wanted that are among some rows stand there; both ascend."""
    at: NDArray[np.intp] = rows.searchsorted(wanted)
    return at[rows.take(at, mode="clip") == wanted] if len(rows) else at[:0]
