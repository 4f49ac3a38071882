"""What is known of every document: for filters, facets, look-ups and citations."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from indexer.documents import Known
from indexer.labels import is_label
from indexer.places import administrative_order, distinct_name
from indexer.records import Field, Header
from indexer.store import Generation
from indexer.terms import content_words, is_latin, is_subject
from indexer.text import simplify
from retrieval.facets import Axes, Mask
from retrieval.results import EVERYTHING, Facets, Filters, Source
from retrieval.standing import AMENDED, CHANGES, EXPIRED, REPEALED, UNKNOWN, Proof, Standings

_EXAMPLES = 4
_READ_FOR_EXAMPLES = 2_000  # passages looked at for the subjects that localities share
_SUBJECT = (3, 6)  # characters of a word that names a subject rather than a generality


_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年)")


@dataclass(frozen=True, slots=True)
class About:
    """What counts of a document: its title, the year that 今年 means in it, and whether another
    version or its end has superseded it."""

    title: str
    year: int | None
    is_superseded: bool


_SUPERSEDED = (AMENDED, REPEALED, EXPIRED)


class Catalogue:
    """The header fields of all documents of a generation, held in memory."""

    def __init__(self, generation: Generation, today: date) -> None:
        self._generation = generation
        rows = generation.headers()
        self.headers: tuple[Header, ...] = tuple(each.header for each in rows)
        self.standings = Standings(
            {each.document: each.header for each in rows},
            generation.versions(),
            generation.changes(CHANGES),
            today,
        )
        self.sources: tuple[Source, ...] = tuple(
            _source(each, self.standings.of(each.document)) for each in rows
        )
        self._axes = Axes(rows, self.sources)
        self._plain_titles = tuple(simplify(source.title) for source in self.sources)
        self._by_doc_number: dict[str, list[int]] = {}
        for position, source in enumerate(self.sources):
            self._by_doc_number.setdefault(source.doc_number, []).append(position)
        self._by_id = {source.document: source for source in self.sources}
        self._examples: tuple[str, ...] | None = None
        self.titles = {source.document: source.title for source in self.sources}
        places = {source.locality for source in self.sources if source.locality}
        self.localities: tuple[str, ...] = tuple(sorted(places, key=administrative_order))
        self._rank = {place: rank for rank, place in enumerate(self.localities)}

    def source(self, document_id: str) -> Source:
        """Return what a citation says about a document."""
        return self._by_id[document_id]

    def about(self, document_id: str) -> About:
        """Return what counts of a document for the score of its sentences."""
        source = self._by_id[document_id]
        return About(source.title, _year_of(source), source.status in _SUPERSEDED)

    def place_of(self, document_id: str) -> str:
        """Return the locality of a document, or ""."""
        return self._by_id[document_id].locality

    def locality_of(self, position: int) -> str:
        """Return the locality of the document at a position, or ""."""
        return self.sources[position].locality

    def localities_of(self, positions: Sequence[int] | None) -> tuple[str, ...]:
        """Return the localities of some documents (None: all), in administrative order."""
        if positions is None:
            return self.localities
        return self.in_order({self.sources[position].locality for position in positions} - {""})

    def in_order(self, places: Collection[str]) -> tuple[str, ...]:
        """Return localities of the corpus in administrative order."""
        return tuple(sorted(places, key=self._rank.__getitem__))

    def select(self, filters: Filters) -> list[int] | None:
        """Return the positions of the documents that pass, or None where nothing is filtered."""
        if filters.is_empty:
            return None
        positions: list[int] = np.flatnonzero(self._axes.select(filters)).tolist()
        return positions

    def chosen(self, filters: Filters) -> tuple[Source, ...]:
        """Return what is known of the documents that pass, in the order of their paths."""
        passing = self.select(filters)
        return self.sources if passing is None else tuple(self.sources[at] for at in passing)

    def of_places(self, places: Sequence[str]) -> list[int]:
        """Return the positions of the documents that places issued, or that name one in the title:
        a city's reply on a county's project is about the county."""
        if not places:
            return []
        issued = self._axes.select(Filters(localities=tuple(places))).tolist()
        return [
            position
            for position, title in enumerate(self._plain_titles)
            if issued[position] or any(place in title for place in places)
        ]

    def with_doc_number(self, numbers: Sequence[str]) -> list[int]:
        """Return the positions of the documents that bear one of some 文号.

        In a question other words may stand right before it: 文号为玉教体联〔2022〕26号.
        """
        endings = {number[at:] for number in numbers for at in range(len(number))}
        found = [self._by_doc_number.get(ending, ()) for ending in endings]
        return sorted(position for positions in found for position in positions)

    def facets(self, filters: Filters = EVERYTHING, among: Mask | None = None) -> Facets:
        """Return the values that documents can be narrowed by, with counts before and after; all
        but those of the whole corpus are `among` some documents, where they are given."""
        return self._axes.count(filters, among)

    def examples(self) -> tuple[str, ...]:
        """Return questions that the corpus can answer: across localities, of one, by 文号."""
        if self._examples is None:
            self._examples = tuple(self._make_examples())
        return self._examples

    def _make_examples(self) -> list[str]:
        shared, single = self._subjects()
        found = [f"各地对{subject}的要求是什么" for subject in shared[:2]]
        found += [f"{place}对{subject}有什么安排" for place, subject in single[:1]]
        found += [f"{s.doc_number}是什么文件" for s in self.sources if s.doc_number][:1]
        return found[:_EXAMPLES]

    def _subjects(self) -> tuple[list[str], list[tuple[str, str]]]:
        """Return subjects that several localities write about, and (place, subject) of one."""
        count = min(_READ_FOR_EXAMPLES, len(self._generation.document_of))
        places: dict[str, set[str]] = {}
        uses: Counter[str] = Counter()
        for passage in self._generation.passages(range(count)):
            place = self.source(passage.document).locality
            for word in set(content_words(passage.text)):
                names_subject = _SUBJECT[0] <= len(word) <= _SUBJECT[1] and not is_latin(word)
                if place and names_subject and not is_label(word):
                    places.setdefault(word, set()).add(place)
                    uses[word] += 1
        most = max(2, count // 10)  # a word in more passages than that says little
        shared = [w for w, found in places.items() if len(found) > 1 and uses[w] <= most]
        shared.sort(key=lambda w: (not is_subject(w), -len(places[w]), -uses[w], w))
        single = [w for w, found in places.items() if len(found) == 1 and uses[w] > 1]
        single.sort(key=lambda w: (not is_subject(w), -uses[w], w))
        return shared, [(min(places[word]), word) for word in single]


def _source(known: Known, standing: Proof | None) -> Source:
    header = known.header
    place = header.locality
    return Source(
        document=known.document,
        title=known.title,
        doc_number=_value(header.doc_number),
        issuer=_value(header.issuer),
        locality=distinct_name(place.value, place.parents) if place else "",
        issued_on=_value(header.issued_on) or _value(header.published_on),
        kind=_value(header.kind),
        status=standing.value if standing else UNKNOWN,
    )


def _year_of(source: Source) -> int | None:
    """Return the year that 今年 means in a document: of its title (2021年工作计划), unless that is
    another one's than the year of issue or the next; else of issue."""
    issued = int(source.issued_on[:4]) if source.issued_on else None
    named = [int(year) for year in _YEAR.findall(source.title)]
    return next((year for year in named if issued is None or 0 <= year - issued <= 1), issued)


def _value(field: Field | None) -> str:
    return field.value if field else ""
