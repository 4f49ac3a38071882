"""Which documents a question is put to: those of the reader's filters and of what it names."""

from dataclasses import dataclass

from retrieval.catalogue import Catalogue
from retrieval.document_kinds import is_of_kind
from retrieval.query import Query
from retrieval.results import Filters


@dataclass(frozen=True, slots=True)
class Named:
    """What a question limits itself to: places, years and kinds that the reader's own filters
    leave open. A filter that the reader sets counts before the wording of the question."""

    places: tuple[str, ...]
    years: tuple[int, int] | None
    kinds: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.places or self.years or self.kinds)


def named_limits(query: Query, filters: Filters) -> Named:
    """Return what a question limits itself to, beside the reader's filters."""
    has_years = filters.first_year is not None or filters.last_year is not None
    return Named(
        places=() if filters.localities else query.places,
        years=query.years if query.years_limit and not has_years else None,
        kinds=() if filters.kinds else query.kinds,
    )


def narrow(
    query: Query, filters: Filters, catalogue: Catalogue, *, by_place: bool = True
) -> list[int] | None:
    """Return the positions of the documents that are asked, or None for all: the reader's filters,
    the places (unless not `by_place`), years, kinds and 文号 that the question names."""
    named = named_limits(query, filters)
    limits = [catalogue.select(filters)]
    if named.places and by_place:
        limits.append(catalogue.of_places(named.places))
    if named.years:
        first, last = named.years
        limits.append(catalogue.select(Filters(first_year=first, last_year=last)))
    if named.kinds:
        limits.append(
            [
                position
                for position, source in enumerate(catalogue.sources)
                if is_of_kind(source, named.kinds)
            ]
        )
    if query.doc_numbers:
        limits.append(catalogue.with_doc_number(query.doc_numbers) or None)
    given = [limit for limit in limits if limit is not None]
    if len(given) < 2:
        return given[0] if given else None
    return sorted(set.intersection(*map(set, given)))
