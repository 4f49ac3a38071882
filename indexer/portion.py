"""What a concordance has of a document: the folded text, and where everything in it stands."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from indexer.chunking import split_sentences
from indexer.doc_number import find_doc_numbers
from indexer.records import Document, Span
from indexer.text import codes_of, fold

_SEPARATOR = "\n"  # after each text; folded text has no line ends, so nothing found runs over it
_NUMBER_REACH = 80  # characters before 号 that may be of its 文号; the patterns take fewer
# A part of a law that holds chapters: what stands at its two ends is not near.
_VOLUME = re.compile("第.{1,6}(?:[编編篇]|部分)")


@dataclass(frozen=True, slots=True, eq=False)
class Portion:
    """A document or several that follow each other: the units (UTF-16) of their folded texts, every
    文号 in its standard form, and places in units, all ascending.

    Of documents, sentences, paragraphs and sections it is the ends, [n]; of titles and 文号 the
    starts and the ends, [2, n]. `shifts`, [2, n], says from which unit on how much is to be added
    to a unit for the offset that it stands for in its document's text.
    """

    units: NDArray[np.uint16]
    doc_numbers: Sequence[str]
    documents: NDArray[np.int64]
    sentences: NDArray[np.int64]
    paragraphs: NDArray[np.int64]
    sections: NDArray[np.int64]
    titles: NDArray[np.int64]
    numbers: NDArray[np.int64]
    shifts: NDArray[np.int64]

    def moved(self, by: int) -> "Portion":
        """Return the portion with its units counted from another one."""
        return Portion(
            self.units,
            self.doc_numbers,
            self.documents + by,
            self.sentences + by,
            self.paragraphs + by,
            self.sections + by,
            self.titles + by,
            self.numbers + by,
            self.shifts + np.array([[by], [-by]]),
        )


def units_of(words: str) -> NDArray[np.uint16]:
    """Return the units of folded words."""
    return np.frombuffer(words.encode("utf-16-le", "surrogatepass"), "<u2")


def portion_of(document: Document) -> Portion:
    """Return what a concordance has of one document."""
    entry, text = _Entry.of(document), document.text
    title = document.header.title
    numbers = entry.doc_numbers()
    return Portion(
        units=units_of(entry.folded + _SEPARATOR),
        doc_numbers=[value for value, _ in numbers],
        documents=np.array([entry.length]),
        sentences=entry.ends_at([sentence.end for sentence in split_sentences(text)]),
        paragraphs=entry.ends_at(np.flatnonzero(codes_of(text) == ord("\n"))),
        sections=entry.ends_at(list(_section_bounds(document))),
        titles=entry.units_at(title.span if title else ()).reshape(2, -1),
        numbers=np.array([place for _, place in numbers], np.int64).reshape(-1, 2).T,
        shifts=entry.shifts(),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    """One document's folded text. `first[i]` is the unit at which its character i begins,
    `origins[u]` the offset in the document's text that unit u stands for."""

    document: Document
    folded: str
    first: NDArray[np.int64]
    origins: NDArray[np.int64]

    @classmethod
    def of(cls, document: Document) -> "_Entry":
        found = fold(document.text)
        # A character beyond the basic plane is two units.
        widths = 1 + (codes_of(found.text) > 0xFFFF)
        first = np.cumsum(np.concatenate([[0], widths]), dtype=np.int64)
        return cls(document, found.text, first, np.repeat(found.starts[:-1], widths))

    @property
    def length(self) -> int:
        """How many units the document takes, its separator too."""
        return len(self.origins) + len(_SEPARATOR)

    def units_at(self, offsets: ArrayLike) -> NDArray[np.int64]:
        """Return for each offset of the text the first unit that stands for it or what follows."""
        return np.searchsorted(self.origins, np.array(offsets, np.int64)).astype(np.int64)

    def ends_at(self, offsets: ArrayLike) -> NDArray[np.int64]:
        """Return the units at which parts of the text end; the last one ends the document."""
        units = np.unique(self.units_at(offsets))
        inside = units[(units > 0) & (units < len(self.origins))]
        return np.append(inside, self.length)

    def shifts(self) -> NDArray[np.int64]:
        """Return [2, n]: from which unit on how much is to be added to a unit for its origin."""
        shifts = self.origins - np.arange(len(self.origins))
        changes = np.flatnonzero(np.diff(shifts, prepend=-1))
        return np.stack([changes, shifts[changes]])

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
