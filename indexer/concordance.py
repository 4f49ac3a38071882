"""Where every stretch of words stands: the folded texts of all documents, one after another.

Characters are UTF-16 code units, in one array that stays on disk until it is read; units are
numbered through all documents. Beside it lie the way back to the texts, the bounds of sentences,
paragraphs and sections, the titles, and every 文号 that stands in a text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.chunking import split_sentences
from indexer.doc_number import find_doc_numbers
from indexer.records import Document, Span
from indexer.text import Folded, fold, folded

Positions: TypeAlias = NDArray[np.int64]
Part: TypeAlias = Literal["sentences", "paragraphs", "sections"]

_UNITS, _NUMBER_VALUES = "units.u16", "numbers.txt"
_PARTS: tuple[Part, ...] = ("sentences", "paragraphs", "sections")
_ARRAYS = ("documents", "titles", "shifts", "numbers", *_PARTS)
_SEPARATOR = "\n"  # after each text; folded text has no line ends, so nothing found runs over it
_CHUNK = 1 << 24  # units compared at once, so that a scan of a large corpus needs little memory
_NUMBER_REACH = 80  # characters before 号 that may be of its 文号; the patterns take fewer
# A part of a law that holds chapters: what stands at its two ends is not near.
_VOLUME = re.compile("第.{1,6}(?:[编編篇]|部分)")


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
    """The folded texts opened for reading; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        # Read through plain arrays: numpy's own class for mapped files is slow to index.
        self._units: NDArray[np.uint16] = np.asarray(np.memmap(folder / _UNITS, "<u2", "r"))
        arrays: dict[str, Positions] = {
            name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in _ARRAYS
        }
        self._bounds = arrays["documents"]
        self._shifts = arrays["shifts"]
        self._numbers = arrays["numbers"]
        self._parts = {name: Stretches(arrays[name][:-1], arrays[name][1:]) for name in _PARTS}
        self.documents = Stretches(self._bounds[:-1], self._bounds[1:])
        self.titles = Stretches(arrays["titles"][:, 0], arrays["titles"][:, 1])
        # Every 文号 of the texts in its standard form, in their order.
        text = (folder / _NUMBER_VALUES).read_text(encoding="utf-8")
        self.doc_numbers: tuple[str, ...] = tuple(text.split("\n")[:-1])

    def parts(self, name: Part) -> Stretches:
        """Return the sentences, paragraphs or sections; together they are the texts whole."""
        return self._parts[name]

    def document_of(self, units: Positions) -> Positions:
        """Return the positions of the documents that units are of."""
        return np.searchsorted(self._bounds, units, side="right") - 1

    def find(self, words: str) -> Stretches:
        """Return every place of folded words, as a scan from the left finds them: apart."""
        wanted = _units_of(words)
        places = [self._find_from(at, wanted) for at in range(0, len(self._units), _CHUNK)]
        starts = np.concatenate(places)
        if any(words[:size] == words[-size:] for size in range(1, len(words))):
            starts = _apart(starts, len(wanted))
        return Stretches(starts, starts + len(wanted))

    def _find_from(self, at: int, wanted: NDArray[np.uint16]) -> Positions:
        """Return where the units begin that are wanted, within one chunk."""
        last = min(at + _CHUNK, len(self._units) - len(wanted) + 1)
        found = np.flatnonzero(self._units[at:last] == wanted[0]) + at
        for offset in range(1, len(wanted)):
            found = found[self._units[found + offset] == wanted[offset]]
        return found.astype(np.int64)

    def numbers(self, rows: Sequence[int]) -> Stretches:
        """Return where some of `doc_numbers` stand, each given by its place among them."""
        found = self._numbers[np.array(rows, np.int64)]
        return Stretches(found[:, 0], found[:, 1])

    def originals(self, found: Stretches) -> list[Span]:
        """Return the spans of their documents' texts that stretches stand for."""
        first, last = self._origins(found.starts), self._origins(found.ends - 1)
        return [Span(a, b + 1) for a, b in zip(first.tolist(), last.tolist(), strict=True)]

    def _origins(self, units: Positions) -> Positions:
        """Return the offset in its document's text of what each unit stands for."""
        rows = np.searchsorted(self._shifts[:, 0], units, side="right") - 1
        return np.asarray(units + self._shifts[rows, 1], np.int64)


def write_concordance(folder: Path, documents: Iterable[Document]) -> None:
    """Write the folded texts of documents, in the order of their positions, into a new folder."""
    folder.mkdir()
    at, values = 0, list[str]()
    rows: dict[str, list[Positions]] = {name: [] for name in _ARRAYS}
    for name in ("documents", *_PARTS):
        rows[name].append(np.zeros(1, np.int64))
    with (folder / _UNITS).open("wb") as file:
        for document in documents:
            entry = _Entry.of(document)
            file.write(_units_of(entry.folded + _SEPARATOR).tobytes())
            numbers = entry.doc_numbers()
            values += [value for value, _ in numbers]
            rows["numbers"].append(
                np.array([row for _, row in numbers], np.int64).reshape(-1, 2) + at
            )
            rows["titles"].append(entry.title() + at)
            rows["shifts"].append(entry.shifts() + np.array([at, -at]))
            for name, ends in entry.parts().items():
                rows[name].append(ends + at)
            at += entry.length
            rows["documents"].append(np.array([at], np.int64))
    for name, arrays in rows.items():
        np.save(folder / f"{name}.npy", np.concatenate(arrays))
    text = "".join(f"{value}\n" for value in values)
    (folder / _NUMBER_VALUES).write_text(text, encoding="utf-8", newline="\n")


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    """One document's folded text. `first[i]` is the unit at which its character i begins,
    `origins[u]` the offset in the document's text that unit u stands for."""

    document: Document
    folded: str
    first: Positions
    origins: Positions

    @classmethod
    def of(cls, document: Document) -> "_Entry":
        found = fold_quickly(document.text)
        codes = np.frombuffer(found.text.encode("utf-32-le", "surrogatepass"), "<u4")
        widths = 1 + (codes > 0xFFFF)  # a character beyond the basic plane is two units
        first = np.cumsum(np.concatenate([[0], widths]), dtype=np.int64)
        origins = np.repeat(np.array(found.starts[:-1], np.int64), widths)
        return cls(document, found.text, first, origins)

    @property
    def length(self) -> int:
        """How many units the document takes, its separator too."""
        return len(self.origins) + len(_SEPARATOR)

    def units_at(self, offsets: Sequence[int]) -> Positions:
        """Return for each offset of the text the first unit that stands for it or what follows."""
        return np.searchsorted(self.origins, np.array(offsets, np.int64)).astype(np.int64)

    def shifts(self) -> Positions:
        """Return [n, 2]: from which unit on how much is to be added to a unit for its origin."""
        shifts = self.origins - np.arange(len(self.origins))
        changes = np.flatnonzero(np.diff(shifts, prepend=-1))
        return np.stack([changes, shifts[changes]], axis=1)

    def parts(self) -> dict[Part, Positions]:
        """Return where sentences, paragraphs and sections end; the last one ends the document."""
        text = self.document.text
        ends: dict[Part, list[int]] = {
            "sentences": [sentence.end for sentence in split_sentences(text)],
            "paragraphs": [line.start() for line in re.finditer("\n", text)],
            "sections": list(_section_bounds(self.document)),
        }
        return {name: self._ends_at(offsets) for name, offsets in ends.items()}

    def _ends_at(self, offsets: Sequence[int]) -> Positions:
        units = np.unique(self.units_at(offsets))
        inside = units[(units > 0) & (units < len(self.origins))]
        return np.append(inside, self.length)

    def title(self) -> Positions:
        """Return [1, 2], where the title begins and ends; [0, 2] where the text has none."""
        title = self.document.header.title
        return self.units_at(title.span if title else ()).reshape(-1, 2)

    def doc_numbers(self) -> list[tuple[str, tuple[int, int]]]:
        """Return every 文号 in its standard form with its first unit and its end, in order.

        Where the header has found one, that knows best where it begins.
        """
        own = self.document.header.doc_number
        start, end = self.units_at(own.span).tolist() if own else (0, 0)
        found = {start: (own.value, (start, end))} if own else {}
        for value, span in _find_doc_numbers(self.folded):
            first, last = int(self.first[span.start]), int(self.first[span.end])
            if last <= start or end <= first:
                found[first] = (value, (first, last))
        return [found[first] for first in sorted(found)]


def _find_doc_numbers(whole: str) -> Iterator[tuple[str, Span]]:
    """Yield every 文号 of a folded text: what a search in all of it finds, but only where a 号
    stands, because searching folds again."""
    marks = [mark.end() for mark in re.finditer("号", whole)]
    at = 0
    while at < len(marks):
        start, last = max(0, marks[at] - _NUMBER_REACH), at
        while last + 1 < len(marks) and marks[last + 1] - _NUMBER_REACH < marks[last]:
            last += 1
        for value, span in find_doc_numbers(whole[start : marks[last]]):
            yield value, Span(start + span.start, start + span.end)
        at = last + 1


def _section_bounds(document: Document) -> Iterator[int]:
    """Yield where the sections that count as one place begin and end.

    Those are the outermost numbered ones (第一章, 一、): what holds them is the whole of an annexed
    plan or a volume of a law, and what they hold is mostly no longer than a paragraph.
    """
    sections = document.sections
    parents = {section.parent for section in sections}
    opened = {-1}
    for position, section in enumerate(sections):
        if section.parent in opened:
            yield from section.span
            is_whole = not section.number or section.is_annex or _VOLUME.match(section.number)
            if is_whole and position in parents:
                opened.add(position)


def fold_quickly(text: str) -> Folded:
    """Return `fold(text)` in half the time: only what folding makes longer or shorter is gone
    through character by character."""
    whole = folded(text)
    special = {character for character in set(text) if _width(character) != 1}
    starts: list[int] = []
    plain_from = 0
    for run in re.finditer(f"[\\s{re.escape(''.join(sorted(special)))}]+", text):
        starts.extend(range(plain_from, run.start()))
        plain_from = run.end()
        blank = -1  # the first white space of this run that nothing has followed yet
        for offset in range(*run.span()):
            width = _width(text[offset])
            if text[offset].isspace():
                blank = offset if blank < 0 else blank
            elif width:
                starts.extend(_kept(blank, whole, len(starts)))
                starts.extend([offset] * width)
                blank = -1
        starts.extend(_kept(blank, whole, len(starts)))
    starts.extend(range(plain_from, len(text)))
    if len(starts) != len(whole):  # a character whose fold has white space inside it
        return Folded(whole, fold(text).starts)
    return Folded(whole, (*starts, len(text)))


def _kept(blank: int, whole: str, at: int) -> tuple[int, ...]:
    """Return the offset of a white space if the folded text has kept it."""
    return (blank,) if blank >= 0 and whole[at : at + 1] == " " else ()


@cache
def _width(character: str) -> int:
    """Return how many characters one becomes by folding; white space as if it went."""
    return len(fold(character).text)


def _units_of(words: str) -> NDArray[np.uint16]:
    return np.frombuffer(words.encode("utf-16-le", "surrogatepass"), "<u2")


def _apart(starts: Positions, length: int) -> Positions:
    """Leave out what overlaps the place before it."""
    kept, free = [], 0
    for start in starts.tolist():
        if start >= free:
            kept.append(start)
            free = start + length
    return np.array(kept, np.int64)
