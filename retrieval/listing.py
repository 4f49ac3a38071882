"""The documents of a corpus as a list: found by the words of their fields, in an order."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import islice
from typing import Literal, TypeAlias

from indexer.text import folded
from retrieval.results import Source

# Newest first, oldest first; titles and places from their first to their last and back.
ListOrder: TypeAlias = Literal["date", "-date", "title", "-title", "place", "-place"]

_TOGETHER = 1_000  # documents folded at once: a call costs more than the characters of a title
_APART = "\0"  # between two documents; folding leaves it where it is, and no field has it


class Listing:
    """The sources of all documents; safe to use from several threads.

    `localities` are those of the corpus in the order in which places are listed.
    """

    def __init__(self, sources: Sequence[Source], localities: Sequence[str]) -> None:
        self._sources = sources
        self._rank = {place: rank for rank, place in enumerate(localities)}

    def find(
        self, words: str, order: ListOrder, among: Iterable[int] | None = None
    ) -> tuple[Source, ...]:
        """Return the documents with all of some words in title, 文号, issuer or path, written in
        either script; `among` are the positions to look at, None for all.

        What has no date or no place comes last, whichever way it is sorted.
        """
        asked = [folded(word) for word in words.split()]
        positions = range(len(self._sources)) if among is None else among
        found = (at for at in positions if all(word in self._texts[at] for word in asked))
        return tuple(self._sources[at] for at in self._sorted(found, order))

    def _sorted(self, positions: Iterable[int], order: ListOrder) -> list[int]:
        by_title = sorted(positions, key=self._titles.__getitem__, reverse=order == "-title")
        if order in ("title", "-title"):
            return by_title
        keys = self._days if order in ("date", "-date") else self._places
        known = [at for at in by_title if keys[at]]
        unknown = [at for at in by_title if not keys[at]]
        return [*sorted(known, key=keys.__getitem__, reverse=order in ("date", "-place")), *unknown]

    @cached_property
    def _texts(self) -> list[str]:
        """What can be found of each document, folded."""
        rest = iter(self._sources)
        texts: list[str] = []
        while some := list(islice(rest, _TOGETHER)):
            joined = _APART.join(
                " ".join((each.title, each.doc_number, each.issuer, each.document)).replace(
                    _APART, " "
                )
                for each in some
            )
            texts += folded(joined).split(_APART)
        return texts

    @cached_property
    def _titles(self) -> list[bytes]:
        """Keys to sort titles by: GB 18030 has the usual characters in the order of pinyin."""
        return [each.title.strip("《“\"'「 ").encode("gb18030") for each in self._sources]

    @cached_property
    def _days(self) -> Sequence[str]:
        return [each.issued_on for each in self._sources]

    @cached_property
    def _places(self) -> Sequence[str]:
        """Keys to sort places by, "" for none."""
        return [_key(self._rank.get(each.locality)) for each in self._sources]


def _key(rank: int | None) -> str:
    return "" if rank is None else f"{rank:09}"
