"""The vectors of all live passages of a generation, by position, whatever segment they are in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.codes import candidates_for
from indexer.vectors import Vectors, leading, stretches

# Up to so many passages every one is scored, which is exact, in 15 to 20 ms. Measured: 14 ms for
# 100,000 vectors of 384 numbers, as fast as one thread gets them from memory.
MOST_FLAT = 131_072
# `measure_recall` takes this many passages as questions, and this many nearest to each, as many as
# a search takes: 3 s for a million passages.
_ASKED, _RECALL_OF = 16, 300
_MOST_READ = 5_000  # rows that are read one by one; to look at more of them mapped is faster


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """The live rows of a segment and their positions, [n] each."""

    vectors: Vectors
    rows: NDArray[np.int64]
    positions: NDArray[np.int64]


class VectorSpace:
    """Nearest passages, and the vectors of sentences; safe to use from several threads.

    `parts` gives for each segment the position of each of its rows, -1 of one that is dead; all
    positions together are 0..n-1. Scores are inner products, the same to the last bit however
    passages are spread over segments. So is what is found, up to `most_flat` passages; of more, or
    of more within a search's limits, the segments' codes choose candidates, which are then scored
    exactly: `recall` says how many of the nearest are found.
    """

    def __init__(
        self,
        parts: Sequence[tuple[Vectors, NDArray[np.int64]]],
        most_flat: int = MOST_FLAT,
    ) -> None:
        self._parts: list[_Part] = []
        self._most_flat = most_flat
        self._dimension = parts[0][0].dimension if parts else 0
        total = sum(int((positions >= 0).sum()) for _, positions in parts)
        self._is_large = total > most_flat
        self._owners = np.zeros(total, np.intp)
        self._rows = np.zeros(total, np.int64)
        self._first_sentence = np.zeros(total, np.int64)
        self._sentence_count = np.zeros(total, np.int64)
        for vectors, positions in parts:
            rows = np.flatnonzero(positions >= 0)
            there = positions[rows].astype(np.int64)
            self._owners[there] = len(self._parts)
            self._rows[there] = rows
            self._first_sentence[there] = vectors.starts[rows]
            self._sentence_count[there] = vectors.starts[rows + 1] - vectors.starts[rows]
            self._parts.append(_Part(vectors, rows, there))
            if total > most_flat:
                _ = vectors.codes  # read now: a build may remove the segment from the disk

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def recall(self) -> float:
        """Return the share of the nearest passages that a search finds, the least of any segment
        as measured when it was written; 1 where every passage is scored."""
        known = [part.vectors.recall for part in self._parts]
        least = min((recall for recall in known if recall is not None), default=1.0)
        return least if self._is_large else 1.0

    def nearest(
        self,
        question: NDArray[np.float32],
        count: int,
        allowed: NDArray[np.int64] | None = None,
    ) -> dict[int, float]:
        """Return the score of the nearest passages by position, best first, equal ones by position;
        `allowed`, ascending, limits the search."""
        asked = len(self) if allowed is None else len(allowed)
        if asked > self._most_flat:
            allowed = self._candidates(question, candidates_for(count), allowed)
        elif allowed is None:
            allowed = np.arange(len(self))
        scores = self._scores(question, allowed)
        best = leading(scores, count)
        return dict(zip(allowed[best].tolist(), scores[best].tolist(), strict=True))

    def cosines(self, question: NDArray[np.float32], positions: Sequence[int]) -> list[float]:
        """Return the score of given passages, in order."""
        found: list[float] = self._scores(question, np.asarray(positions, np.int64)).tolist()
        return found

    def passages_of(self, positions: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the vectors of passages, [passages, d]."""
        found = np.empty((len(positions), self._dimension), np.float32)
        rows = self._rows[positions]
        for part, which in self._by_part(self._owners[positions]):
            found[which] = part.vectors.passages_at(rows[which])
        return found

    def sentences_of(
        self, positions: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return the sentence vectors of passages in one array, [sentences, d], and where those of
        each passage begin in it, [passages + 1]."""
        first, counts = self._first_sentence[positions], self._sentence_count[positions]
        starts = np.concatenate(([0], np.cumsum(counts)))
        found = np.empty((int(starts[-1]), self._dimension), np.float32)
        for part, which in self._by_part(self._owners[positions]):
            # The sentences of passages of one segment: all of them, or here and there.
            there = (
                which if isinstance(which, slice) else stretches(starts[which], counts[which])[0]
            )
            found[there] = part.vectors.sentences_at(
                first[which], counts[which], is_scattered=self._is_large
            )
        return found, starts

    def measure_recall(self) -> float:
        """Measure `recall` over all segments together, with passages as questions, each left out
        itself: 3 s for a million passages."""
        if not self._is_large:
            return 1.0
        shares = []
        everything = np.arange(len(self))
        for position in np.linspace(0, len(self) - 1, _ASKED, dtype=np.int64):
            vector = self.passages_of(np.array([position]))[0]
            nearest = leading(self._scores(vector, everything), _RECALL_OF + 1)
            found = self._candidates(vector, candidates_for(_RECALL_OF), None)
            wanted = np.setdiff1d(nearest, [position])
            shares.append(np.isin(wanted, found).mean())
        return float(np.mean(shares))

    def _scores(
        self, question: NDArray[np.float32], positions: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        found = np.empty(len(positions), np.float32)
        rows = self._rows[positions]
        is_scattered = self._is_large and len(positions) <= _MOST_READ
        for part, which in self._by_part(self._owners[positions]):
            found[which] = part.vectors.cosines(question, rows[which], is_scattered=is_scattered)
        return found

    def _by_part(
        self, owners: NDArray[np.intp]
    ) -> Iterator[tuple[_Part, NDArray[np.int64] | slice]]:
        """Yield each segment that is among the owners, and where it is."""
        counts = np.bincount(owners)
        for at in np.flatnonzero(counts):
            is_only = counts[at] == len(owners)
            yield self._parts[at], slice(None) if is_only else np.flatnonzero(owners == at)

    def _candidates(
        self, question: NDArray[np.float32], count: int, allowed: NDArray[np.int64] | None
    ) -> NDArray[np.int64]:
        """Return the positions that seem nearest, ascending; those of a segment without codes are
        chosen by their exact scores."""
        is_allowed = np.zeros(len(self), np.bool_)
        if allowed is not None:
            is_allowed[allowed] = True
        positions, scores = [], []
        for part in self._parts:
            vectors = part.vectors
            among = part.rows if allowed is None else part.rows[is_allowed[part.positions]]
            if vectors.codes is None:
                rows, found = vectors.nearest(question, count, among)
            elif len(among) == vectors.rows:
                rows, found = vectors.codes.search(question, count, None)
            else:
                mask = np.zeros(vectors.rows, np.bool_)
                mask[among] = True
                rows, found = vectors.codes.search(question, count, mask)
            positions.append(part.positions[np.searchsorted(part.rows, rows)])
            scores.append(found)
        best = leading(np.concatenate(scores), count)
        return np.sort(np.concatenate(positions)[best])
