"""The words of one segment's passages: which passage has which word, and how often.

A segment's passages are rows, and each is cut twice, into the pieces of two fields: its words and
its pairs of characters. A term is a piece with its field's mark before it. A folder holds arrays
that stay on disk until they are read: the terms in the order of their bytes, in two parts, the
first eight bytes as a number and the rest; for each term where its postings begin; the postings,
which are rows, ascending, and how often each has the term; and how many pieces every row has.
Numbers are as narrow as the largest of them allows.
"""

import itertools
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.terms import bigrams, words

TermField: TypeAlias = Literal["body", "pairs"]
Numbers: TypeAlias = NDArray[np.unsignedinteger[Any]]

FIELDS: tuple[TermField, ...] = ("body", "pairs")
_PIECES_OF = {"body": words, "pairs": bigrams}
_MARKS = {"body": b"b", "pairs": b"p"}
# A mark and a word of two characters, as most terms are, fit in a number, which is found quickly.
_HEAD = 8  # bytes
_FILES = ("heads", "tails", "tail_ends", "starts", "rows", "frequencies", "lengths")
_ROW = np.uint64((1 << 32) - 1)  # the lower half of a key
_BLOCK = 1 << 20  # keys that are made into postings at once


class Postings:
    """The postings of one segment opened for reading; safe to use from several threads.

    `rows` is how many rows there are; `row_numbers` and `frequencies`, both [postings], are to be
    read at the places that `find` gives.
    """

    def __init__(self, folder: Path) -> None:
        # Read through plain arrays: numpy's own class for mapped files is slow to index.
        arrays: dict[str, Any] = {
            name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in _FILES
        }
        self._heads, self._tails, self._tail_ends, self._starts = (
            memoryview(arrays[name]) for name in ("heads", "tails", "tail_ends", "starts")
        )
        self.row_numbers: Numbers = arrays["rows"]
        self.frequencies: Numbers = arrays["frequencies"]
        self._lengths: Numbers = arrays["lengths"]
        self.rows = int(self._lengths.shape[1])

    def lengths(self, field: TermField) -> Numbers:
        """Return how many pieces each row has in a field, [rows]."""
        found: Numbers = self._lengths[FIELDS.index(field)]
        return found

    def find(self, field: TermField, piece: str) -> slice:
        """Return where the postings of a piece are; an empty slice where no row has it."""
        term = _MARKS[field] + piece.encode()
        head, tail = _head(term), term[_HEAD:]
        first = bisect_left(self._heads, head)
        last = bisect_right(self._heads, head, first)
        at = bisect_left(range(last), tail, first, key=self._tail)
        if at == last or self._tail(at) != tail:
            return slice(0, 0)
        return slice(self._starts[at], self._starts[at + 1])

    def of(self, field: TermField, piece: str) -> tuple[Numbers, Numbers]:
        """Return the rows that have a piece, ascending, and how often each has it."""
        found = self.find(field, piece)
        return self.row_numbers[found], self.frequencies[found]

    def terms(self) -> list[bytes]:
        """Return all terms in their order."""
        heads = (head.to_bytes(_HEAD, "big").rstrip(b"\0") for head in self._heads)
        bounds = itertools.pairwise([0, *self._tail_ends])
        tails = self._tails.tobytes()
        return [head + tails[a:b] for head, (a, b) in zip(heads, bounds, strict=True)]

    def counts(self) -> NDArray[np.int64]:
        """Return how many rows have each of the terms, [terms]."""
        starts = np.asarray(self._starts, np.int64)
        return starts[1:] - starts[:-1]

    def close(self) -> None:
        """Let go of the files; the postings cannot be used any more."""
        for view in (self._heads, self._tails, self._tail_ends, self._starts):
            view.release()
        del self.row_numbers, self.frequencies, self._lengths

    def _tail(self, at: int) -> bytes:
        return self._tails[self._tail_ends[at - 1] if at else 0 : self._tail_ends[at]].tobytes()


def write_postings(folder: Path, texts: Iterable[str]) -> None:
    """Write the postings of texts, which are the rows in their order, into a new folder.

    Takes some 20 bytes of memory for every piece of the texts; they are not kept.
    """
    vocabulary, keys, lengths = _collect(texts)
    _write(folder, vocabulary, _blocks(keys), lengths)


def _collect(
    texts: Iterable[str],
) -> tuple[list[bytes], NDArray[np.uint64], NDArray[np.uint32]]:
    """Return all terms of texts in their order, a key for every piece, and the lengths."""
    numbers = itertools.count()
    known = {field: defaultdict[str, int](numbers.__next__) for field in FIELDS}
    terms, lengths = array("I"), [array("I") for _ in FIELDS]
    for text in texts:
        for field, of_field in zip(FIELDS, lengths, strict=True):
            pieces = _PIECES_OF[field](text)
            terms.extend(map(known[field].__getitem__, pieces))
            of_field.append(len(pieces))
    number_of = {
        _MARKS[field] + piece.encode(): number
        for field in FIELDS
        for piece, number in known[field].items()
    }
    vocabulary = sorted(number_of)
    ranks = np.empty(len(vocabulary), np.int64)
    ranks[[number_of[term] for term in vocabulary]] = np.arange(len(vocabulary))
    per_row = np.stack([np.asarray(of_field) for of_field in lengths])
    keys = _upper(ranks)[np.asarray(terms)]
    sizes = per_row.sum(axis=0, dtype=np.int64)
    keys |= np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes)
    return vocabulary, keys, per_row


def _blocks(keys: NDArray[np.uint64]) -> Iterator[NDArray[np.uint64]]:
    """Yield keys in their order, all of one term together."""
    keys.sort()
    start = 0
    while start < len(keys):
        last = keys[min(start + _BLOCK, len(keys)) - 1]
        end = int(np.searchsorted(keys, last | _ROW, side="right"))
        yield keys[start:end]
        start = end


def merge_postings(folder: Path, parts: Sequence[tuple[Path, NDArray[np.bool_]]]) -> None:
    """Write into a new folder what `write_postings` would write of those rows of some segments
    that are kept, [rows] each, one segment after the other; no text is cut again."""
    opened = [(Postings(path), kept) for path, kept in parts]
    terms = [part.terms() for part, _ in opened]
    vocabulary = sorted(set().union(*terms))
    rank_of = {term: rank for rank, term in enumerate(vocabulary)}
    merged, lengths, first = list[_Merged](), [np.empty((len(FIELDS), 0), np.uint32)], 0
    for (part, kept), own in zip(opened, terms, strict=True):
        ranks = np.array([rank_of[term] for term in own], np.int64)
        merged.append(_Merged(part, kept, ranks, first))
        lengths.append(np.stack([part.lengths(field)[kept] for field in FIELDS]).astype(np.uint32))
        first += int(np.count_nonzero(kept))
    blocks = _merged_blocks(merged, len(vocabulary))
    _write(folder, vocabulary, blocks, np.concatenate(lengths, axis=1))
    for part, _ in opened:
        part.close()


class _Merged:
    """A segment that is merged: which rows are kept, the ranks of its terms in the new order,
    ascending, and the number of its first row there."""

    def __init__(
        self, part: Postings, kept: NDArray[np.bool_], ranks: NDArray[np.int64], first: int
    ) -> None:
        self._part, self._kept, self.ranks = part, kept, ranks
        self._rows = (np.cumsum(kept) - 1 + first).astype(np.uint32)
        self.counts = part.counts()
        self._starts = np.concatenate(([0], np.cumsum(self.counts)))

    def keys(self, first: int, last: int) -> NDArray[np.uint64]:
        """Return a key for every piece that is kept of some ranks, the last not among them."""
        a, b = np.searchsorted(self.ranks, (first, last))
        place = slice(self._starts[a], self._starts[b])
        rows = self._part.row_numbers[place]
        is_kept = self._kept[rows]
        keys = np.repeat(_upper(self.ranks[a:b]), self.counts[a:b])[is_kept]
        keys |= self._rows[rows[is_kept]]
        return np.repeat(keys, self._part.frequencies[place][is_kept])


def _merged_blocks(parts: Sequence[_Merged], terms: int) -> Iterator[NDArray[np.uint64]]:
    """Yield the keys of segments in the order of them all, so many terms at once that they fit."""
    counts = np.zeros(terms, np.int64)
    for part in parts:
        counts[part.ranks] += part.counts
    block_of = np.cumsum(counts) // _BLOCK
    bounds = [*np.flatnonzero(np.diff(block_of, prepend=-1)).tolist(), terms]
    for first, last in itertools.pairwise(bounds):
        keys = np.concatenate([part.keys(first, last) for part in parts])
        keys.sort()
        yield keys


def _upper(ranks: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return the ranks of terms as the upper half of keys."""
    return ranks.astype(np.uint64) << np.uint64(32)


def _write(
    folder: Path,
    vocabulary: Sequence[bytes],
    blocks: Iterable[NDArray[np.uint64]],
    lengths: NDArray[np.uint32],
) -> None:
    """Write a folder from a key for every piece of the texts: its term's rank in the vocabulary,
    then its row. They come in their order, and all of one term in one block; a term without pieces
    is left out."""
    counts = np.zeros(len(vocabulary), np.int64)
    # Any row can be looked for among those of a term, one without pieces too.
    row_form = np.min_scalar_type(max(0, lengths.shape[1] - 1))
    rows, frequencies = [np.empty(0, row_form)], [np.empty(0, np.uint8)]
    for keys in blocks:
        last = np.flatnonzero(np.append(keys[1:] != keys[:-1], True)[: len(keys)])
        rows.append((keys[last] & _ROW).astype(row_form))
        frequencies.append(_narrow(np.diff(last, prepend=-1)))
        ranks, found = np.unique(keys[last] >> np.uint64(32), return_counts=True)
        counts[ranks] = found
    used = list(itertools.compress(vocabulary, counts > 0))
    arrays: dict[str, NDArray[Any]] = {
        "heads": np.array([_head(term) for term in used], np.uint64),
        "tails": np.frombuffer(b"".join(term[_HEAD:] for term in used), np.uint8),
        "tail_ends": _narrow(np.cumsum([len(term[_HEAD:]) for term in used], dtype=np.int64)),
        "starts": _narrow(np.concatenate(([0], np.cumsum(counts[counts > 0])))),
        "rows": np.concatenate(rows),
        "frequencies": np.concatenate(frequencies),
        "lengths": _narrow(lengths),
    }
    folder.mkdir()
    for name, found in arrays.items():
        np.save(folder / f"{name}.npy", found)


def _narrow(numbers: NDArray[Any]) -> Numbers:
    """Return numbers in the narrowest form that holds the largest."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


def _head(term: bytes) -> int:
    """Return the first bytes of a term as a number; numbers are in the order of terms."""
    return int.from_bytes(term[:_HEAD].ljust(_HEAD, b"\0"), "big")
