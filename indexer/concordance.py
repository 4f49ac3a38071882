"""Where every stretch of words stands: the folded texts of many documents, one after another.

Characters are UTF-16 code units, in one array that stays on disk until it is read; units are
numbered through all documents. Beside it lie the way back to the texts, the bounds of sentences,
paragraphs and sections, the titles, and every 文号 that stands in a text (portion.py).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.portion import Portion, portion_of, units_of
from indexer.records import Document, Span

Positions: TypeAlias = NDArray[np.int64]
Part: TypeAlias = Literal["sentences", "paragraphs", "sections"]

_UNITS, _NUMBER_VALUES = "units.u16", "numbers.txt"
_PARTS: tuple[Part, ...] = ("sentences", "paragraphs", "sections")
_ENDS = ("documents", *_PARTS)  # on disk with a 0 before the first, so that all but it are starts
_PAIRS = ("titles", "numbers", "shifts")
_LARGE = ("sentences", "paragraphs", "shifts")  # stay on disk; the rest is some bytes a document
_CHUNK = 1 << 18  # units compared at once: what comes of them stays in the processor's cache


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """Stretches of the numbered units, ascending and apart: `starts` [n] and `ends` [n]."""

    starts: Positions
    ends: Positions

    def of(self, chosen: NDArray[np.bool_] | slice) -> "Stretches":
        """Return some of them."""
        return Stretches(self.starts[chosen], self.ends[chosen])

    def holding(self, others: "Stretches") -> Positions:
        """Return for each of some other stretches which one holds it whole, -1 for none."""
        found = np.searchsorted(self.ends, others.starts, side="right")
        found = np.minimum(found, max(0, len(self.ends) - 1))
        if not len(self.ends):
            return np.full(len(others.starts), -1, np.int64)
        is_held = (self.starts[found] <= others.starts) & (others.ends <= self.ends[found])
        return np.where(is_held, found, -1)


class Concordance:
    """The folded texts of one document or more opened for reading; safe to use from several
    threads."""

    def __init__(self, folder: Path) -> None:
        # Read through plain arrays: numpy's own class for mapped files is slow to index.
        self._units: NDArray[np.uint16] = np.asarray(np.memmap(folder / _UNITS, "<u2", "r"))
        self._arrays: dict[str, Positions] = {
            name: np.asarray(np.load(folder / f"{name}.npy", "r" if name in _LARGE else None))
            for name in (*_ENDS, *_PAIRS)
        }
        self._number_values = (folder / _NUMBER_VALUES).read_bytes()
        self._parts = {name: self._stretches(name) for name in _PARTS}
        self.documents = self._stretches("documents")
        self.titles = Stretches(*self._arrays["titles"])

    def _stretches(self, name: str) -> Stretches:
        ends = self._arrays[name]
        return Stretches(ends[:-1], ends[1:])

    @cached_property
    def doc_numbers(self) -> tuple[str, ...]:
        """Every 文号 of the texts in its standard form, in their order."""
        return tuple(self._number_values.decode("utf-8").split("\n")[:-1])

    def parts(self, name: Part) -> Stretches:
        """Return the sentences, paragraphs or sections; together they are the texts whole."""
        return self._parts[name]

    def document_of(self, units: Positions) -> Positions:
        """Return the positions of the documents that units are of."""
        return np.searchsorted(self._arrays["documents"], units, side="right") - 1

    def find(self, words: str) -> Stretches:
        """Return every place of folded words, as a scan from the left finds them: apart."""
        wanted = units_of(words)
        places = [self._find_from(at, wanted) for at in range(0, len(self._units), _CHUNK)]
        starts = np.concatenate(places)
        if any(words[:size] == words[-size:] for size in range(1, len(words))):
            starts = _apart(starts, len(wanted))
        return Stretches(starts, starts + len(wanted))

    def _find_from(self, at: int, wanted: NDArray[np.uint16]) -> Positions:
        """Return where the units begin that are wanted, within one chunk."""
        last = max(at, min(at + _CHUNK, len(self._units) - len(wanted) + 1))
        found = np.flatnonzero(self._units[at:last] == wanted[0]) + at
        for offset in range(1, len(wanted)):
            found = found[self._units[found + offset] == wanted[offset]]
        return found.astype(np.int64)

    def numbers(self, rows: Sequence[int]) -> Stretches:
        """Return where some of `doc_numbers` stand, each given by its place among them."""
        return Stretches(*self._arrays["numbers"][:, np.array(rows, np.int64)])

    def originals(self, found: Stretches) -> list[Span]:
        """Return the spans of their documents' texts that stretches stand for."""
        first, last = self._origins(found.starts), self._origins(found.ends - 1)
        return [Span(a, b + 1) for a, b in zip(first.tolist(), last.tolist(), strict=True)]

    def _origins(self, units: Positions) -> Positions:
        """Return the offset in its document's text of what each unit stands for."""
        begins, shifts = self._arrays["shifts"]
        rows = np.searchsorted(begins, units, side="right") - 1
        return np.asarray(units + shifts[rows], np.int64)

    def portions(self, kept: NDArray[np.bool_]) -> Iterator[Portion]:
        """Yield the documents that are kept, [documents], in their order, neighbours together."""
        turns = np.flatnonzero(np.diff(kept, prepend=False, append=False))
        for first, last in turns.reshape(-1, 2).tolist():
            start, end = self._arrays["documents"][[first, last]].tolist()
            ends = {n: self._arrays[n][self._columns(n, start + 1, end + 1)] for n in _ENDS}
            pairs = {n: self._arrays[n][:, self._columns(n, start, end)] for n in _PAIRS}
            values = self.doc_numbers[self._columns("numbers", start, end)]
            yield Portion(self._units[start:end], values, **ends, **pairs).moved(-start)

    def _columns(self, name: str, start: int, end: int) -> slice:
        """Return which ends or starts of an array are units from one to another."""
        units = self._arrays[name] if name in _ENDS else self._arrays[name][0]
        return slice(*np.searchsorted(units, [start, end]).tolist())


def write_concordance(folder: Path, documents: Iterable[Document]) -> None:
    """Write the folded texts of documents, in the order of their positions, into a new folder."""
    _write(folder, map(portion_of, documents))


def merge_concordance(folder: Path, parts: Sequence[tuple[Path, NDArray[np.bool_]]]) -> None:
    """Write into a new folder the documents of other concordances that are kept, [documents] of
    each, in their order: byte for byte what `write_concordance` makes of them, without folding."""
    _write(folder, (each for path, kept in parts for each in Concordance(path).portions(kept)))


def _write(folder: Path, portions: Iterable[Portion]) -> None:
    folder.mkdir()
    arrays: dict[str, list[Positions]] = {
        **{name: [np.zeros(1, np.int64)] for name in _ENDS},
        **{name: [np.zeros((2, 0), np.int64)] for name in _PAIRS},
    }
    at = 0
    with (
        (folder / _UNITS).open("wb") as units,
        (folder / _NUMBER_VALUES).open("w", encoding="utf-8", newline="\n") as values,
    ):
        for portion in portions:
            units.write(portion.units.data)
            values.writelines(f"{value}\n" for value in portion.doc_numbers)
            moved = portion.moved(at)
            for name, parts in arrays.items():
                parts.append(getattr(moved, name))
            at += len(portion.units)
    for name, parts in arrays.items():
        np.save(folder / f"{name}.npy", np.concatenate(parts, axis=-1))


def _apart(starts: Positions, length: int) -> Positions:
    """Leave out what overlaps the place before it."""
    kept, free = [], 0
    for start in starts.tolist():
        if start >= free:
            kept.append(start)
            free = start + length
    return np.array(kept, np.int64)
