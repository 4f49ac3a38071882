"""What a build changes: which documents of the live index stay, and which come."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from indexer.generations import segment_folder
from indexer.inventory import Listed, Place
from indexer.reading import Duplicate, Outcome, Unchanged, Unread
from indexer.records import Document, Problem
from indexer.segment import open_segment
from indexer.store import Generation


class Change:
    """What becomes of the documents of the live index, and what comes to them.

    Where documents would be cut into other passages now, they are all new, but need no reading.
    """

    def __init__(self, live: Generation | None, is_cut_alike: bool = True) -> None:
        self._live = live
        self._is_cut_alike = is_cut_alike
        self._cautions_of: dict[str, list[Problem]] = {}
        for caution in live.cautions() if live else ():
            self._cautions_of.setdefault(caution.file, []).append(caution)
        self._stay: dict[int, Listed] = {}
        self._renamed: list[tuple[str, Listed]] = []
        self.drafted: list[tuple[str, int, int]] = []  # names, drafts and rows
        self.problems: list[tuple[Problem, str]] = []
        self.duplicates: list[tuple[str, str]] = []
        self.cautions: list[Problem] = []

    def note(self, outcome: Outcome) -> Document | None:
        """Take note of what becomes of a file; return its document where that is new."""
        match outcome:
            case Unread(problem, sha256):
                self.problems.append((problem, sha256))
            case Duplicate(name, kept):
                self.duplicates.append((name, kept))
            case Unchanged(name, listed):
                assert self._live is not None
                found = self._cautions_of.get(listed.id, ())
                self.cautions += [replace(caution, file=name) for caution in found]
                if not self._is_cut_alike:
                    return replace(self._live.document(listed.id), id=name)
                if name == listed.id:
                    self._stay[listed.number] = listed
                else:
                    self._renamed.append((name, listed))
            case Document() as document:
                self.cautions += [Problem(document.id, c.fact, c.cure) for c in document.cautions]
                return document
        return None

    @property
    def is_empty(self) -> bool:
        """True where no document is left."""
        return not (self._stay or self._renamed or self.drafted)

    @property
    def base(self) -> Generation | None:
        """The generation to go on from."""
        return self._live if self._is_cut_alike else None

    def segments(self) -> list[str]:
        """Return the segments of which something stays, in their order."""
        listed = (*self._stay.values(), *(listed for _, listed in self._renamed))
        needed = {each.place.segment for each in listed}
        names = self.base.manifest.segments if self.base else ()
        return [name for name in names if name in needed]

    def gone(self) -> list[int]:
        """Return the numbers of the documents that are no more under their names."""
        listed = self.base.listed if self.base else ()
        return [each.number for each in listed if each.number not in self._stay]

    def come(self, index: Path, names: Sequence[str]) -> Iterator[tuple[Document, Place]]:
        """Yield the documents that are new or have new names, by name, and where they lie; `names`
        are those of the segments that were drafted."""
        places = {name: Place(names[draft], row) for name, draft, row in self.drafted}
        places |= {name: listed.place for name, listed in self._renamed}
        needed = {place.segment for place in places.values()}
        opened = {name: open_segment(segment_folder(index, name)) for name in needed}
        for name, place in sorted(places.items()):
            yield opened[place.segment].documents.document(place.row, name), place
