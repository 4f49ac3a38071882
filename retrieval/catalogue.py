"""What is known of every document: for filters, facets, look-ups and citations."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from indexer.labels import is_label
from indexer.places import administrative_order, distinct_name, lies_in
from indexer.records import Field, Header
from indexer.store import Generation
from indexer.terms import content_words, is_latin, is_subject
from indexer.text import simplify
from retrieval.results import Facet, Facets, Filters, Source
from retrieval.standing import CHANGES, UNKNOWN, Proof, Standings

_EXAMPLES = 4
_READ_FOR_EXAMPLES = 2_000  # passages looked at for the subjects that localities share
_SUBJECT = (3, 6)  # characters of a word that names a subject rather than a generality


class Catalogue:
    """The header fields of all documents of a generation, held in memory."""

    def __init__(self, generation: Generation, today: date) -> None:
        self._generation = generation
        rows = generation.headers()
        self.headers: tuple[Header, ...] = tuple(header for _, header, _ in rows)
        self.standings = Standings(
            {name: header for name, header, _ in rows},
            generation.versions(),
            generation.changes(CHANGES),
            today,
        )
        self.sources: tuple[Source, ...] = tuple(
            _source(name, header, title, self.standings.of(name)) for name, header, title in rows
        )
        self._by_id = {source.document: source for source in self.sources}
        self._examples: tuple[str, ...] | None = None
        self.titles = {source.document: source.title for source in self.sources}
        self.localities: tuple[str, ...] = self.localities_of(None)

    def source(self, document_id: str) -> Source:
        """Return what a citation says about a document."""
        return self._by_id[document_id]

    def locality_of(self, position: int) -> str:
        """Return the locality of the document at a position, or ""."""
        return self.sources[position].locality

    def localities_of(self, positions: Sequence[int] | None) -> tuple[str, ...]:
        """Return the localities of some documents (None: all), in administrative order."""
        chosen = self.sources if positions is None else [self.sources[p] for p in positions]
        return tuple(sorted({s.locality for s in chosen if s.locality}, key=administrative_order))

    def select(self, filters: Filters) -> list[int] | None:
        """Return the positions of the documents that pass, or None where nothing is filtered."""
        if filters.is_empty:
            return None
        return [
            position for position, source in enumerate(self.sources) if _passes(source, filters)
        ]

    def of_places(self, places: Sequence[str]) -> list[int]:
        """Return the positions of the documents that places issued, or that name one in the title:
        a city's reply on a county's project is about the county."""
        return [
            position
            for position, source in enumerate(self.sources)
            for title in [simplify(source.title)]
            if any(lies_in(source.locality, place) or place in title for place in places)
        ]

    def with_doc_number(self, numbers: Sequence[str]) -> list[int]:
        """Return the positions of the documents that bear one of some 文号.

        In a question other words may stand right before it: 文号为玉教体联〔2022〕26号.
        """
        return [
            position
            for position, source in enumerate(self.sources)
            if source.doc_number and any(n.endswith(source.doc_number) for n in numbers)
        ]

    def facets(self) -> Facets:
        """Return the values that documents can be narrowed by, with counts."""
        return Facets(
            localities=_count(source.locality for source in self.sources),
            kinds=_count(source.kind for source in self.sources),
            years=tuple(
                sorted(
                    _count(source.issued_on[:4] for source in self.sources),
                    key=lambda facet: facet.value,
                    reverse=True,
                )
            ),
        )

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


def _count(values: Iterable[str]) -> tuple[Facet, ...]:
    counts = Counter(value for value in values if value)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Facet(value, documents) for value, documents in ordered)


def _passes(source: Source, filters: Filters) -> bool:
    if filters.localities and not any(lies_in(source.locality, p) for p in filters.localities):
        return False
    if filters.kinds and source.kind not in filters.kinds:
        return False
    if filters.first_year is None and filters.last_year is None:
        return True
    if not source.issued_on:
        return False
    year = int(source.issued_on[:4])
    return (filters.first_year or year) <= year <= (filters.last_year or year)


def _source(name: str, header: Header, title: str, standing: Proof | None) -> Source:
    place = header.locality
    return Source(
        document=name,
        title=title,
        doc_number=_value(header.doc_number),
        issuer=_value(header.issuer),
        locality=distinct_name(place.value, place.parents) if place else "",
        issued_on=_value(header.issued_on) or _value(header.published_on),
        kind=_value(header.kind),
        status=standing.value if standing else UNKNOWN,
    )


def _value(field: Field | None) -> str:
    return field.value if field else ""
