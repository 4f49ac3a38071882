"""What documents can be narrowed by: which pass, and how many have each value."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache, reduce
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.documents import Known
from indexer.errors import FilterError
from indexer.places import distinct_name, parents, place_at_start
from indexer.records import Locality
from indexer.text import simplify
from retrieval.region_lists import REGIONS, members
from retrieval.results import Facet, Facets, Filters, Source

Mask = NDArray[np.bool_]  # [documents]
_NAMED = 8  # values that a message names
_TOGETHER = re.compile(r"[、\s]+")  # between the issuers of one document


class Axes:
    """The values of every document of a corpus, by kind.

    They are kept as arrays, because every question and every page asks for all documents.
    """

    def __init__(self, known: Sequence[Known], sources: Sequence[Source]) -> None:
        chains = [_chain(each.header.locality) for each in known]
        folders = [_folders(each.document) for each in known]
        self._position = {each.document: position for position, each in enumerate(known)}
        self._year = np.array([int(source.issued_on[:4] or 0) for source in sources], np.int64)
        self._places = _Axis(
            [(*chain, *_plain(chain), *_lists(chain)) for chain in chains],
            _by_frequency,
            _parents_in(chains),
        )
        several = _several({place for chain in chains for place in chain})
        self._regions = _Axis([several & _lists(chain) for chain in chains], _by_frequency)
        self._axes = (  # in the order of `Facets`
            self._places,
            _Axis([[source.kind] for source in sources], _by_frequency),
            _Axis([[source.issued_on[:4]] for source in sources], _newest_first),
            _Axis([_TOGETHER.split(source.issuer) for source in sources], _by_frequency),
            _Axis([[source.status] for source in sources], _by_frequency),
            _Axis([[each.script] for each in known], _by_frequency),
            _Axis(folders, _by_name, _parents_in(folders)),
        )

    def select(self, filters: Filters) -> Mask:
        """Tell which documents pass."""
        return _all_of(self._masks(filters))

    def count(self, filters: Filters, among: Mask | None = None) -> Facets:
        """Return every value with its counts, of the documents `among` which is searched.

        What is chosen of a kind does not reduce the counts of that kind, so that a second value
        can be added to it.
        """
        masks = [*self._masks(filters), *([] if among is None else [among])]
        others = [_all_of((*masks[:at], *masks[at + 1 :])) for at in range(len(self._axes))]
        places, kinds, years, issuers, statuses, scripts, folders = (
            axis.count(other) for axis, other in zip(self._axes, others, strict=True)
        )
        return Facets(
            localities=places,
            regions=self._regions.count(others[0]),
            kinds=kinds,
            years=years,
            issuers=issuers,
            statuses=statuses,
            scripts=scripts,
            folders=folders,
            documents=int(_all_of(masks).sum()),
            total=len(self._year) if among is None else int(among.sum()),
        )

    def _masks(self, filters: Filters) -> list[Mask]:
        """Return which documents pass each kind of filter, in the order of the axes, and last which
        are among those that are named."""
        places, kinds, _, issuers, statuses, scripts, folders = self._axes
        return [
            places.having(map(self._place, filters.localities)),
            kinds.having(filters.kinds),
            self._between(filters.first_year, filters.last_year),
            issuers.having(map(simplify, filters.issuers)),
            statuses.having(filters.statuses),
            scripts.having(filters.scripts),
            folders.having(folder.strip("/") for folder in filters.folders),
            self._named(filters.documents),
        ]

    def _named(self, documents: Collection[str]) -> Mask:
        if not documents:
            return np.ones(len(self._year), np.bool_)
        found = np.zeros(len(self._year), np.bool_)
        found[[self._position[each] for each in documents if each in self._position]] = True
        return found

    def _between(self, first: int | None, last: int | None) -> Mask:
        if first is None and last is None:
            return np.ones(len(self._year), np.bool_)
        has_begun = self._year >= max(first or 1, 1)  # a document without a date has the year 0
        return has_begun if last is None else has_begun & (self._year <= last)

    def _place(self, name: str) -> str:
        """Return a place as the corpus calls it: 雲南 is 云南省, 玉溪地区 is 玉溪市."""
        plain = simplify(name.strip())
        named = None if plain in self._places else place_at_start(plain, short=True)
        if named is None or named.span.end < len(plain):
            return plain
        return distinct_name(named.place.name, named.place.parents)


class _Axis:
    """One kind of value, of which a document may have several; one that is "" is none.

    `parents` says for each value what it lies in; where it is given, the others are further names
    by which documents can be asked for, and no facets.
    """

    def __init__(
        self,
        values_of: Iterable[Iterable[str]],
        order: Callable[[Facet], tuple[int, str]],
        parents: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        sets = [[value for value in dict.fromkeys(values) if value] for values in values_of]
        self._rows = {
            value: row for row, value in enumerate(dict.fromkeys(v for s in sets for v in s))
        }
        self._documents = len(sets)
        # Row i of both: a document, and the row of a value that it has.
        self._document = np.repeat(np.arange(len(sets)), [len(values) for values in sets])
        self._value = np.array([self._rows[value] for values in sets for value in values], np.int64)
        named = dict.fromkeys(self._rows, ()) if parents is None else parents
        totals = self._counts(self._value)
        facets = [Facet(v, 0, totals[row], named[v]) for v, row in self._rows.items() if v in named]
        self._facets = tuple(_as_tree(sorted(facets, key=order)))

    def __contains__(self, value: str) -> bool:
        return value in self._rows

    def having(self, values: Iterable[str]) -> Mask:
        """Tell which documents have any of some values; all do where none is given."""
        asked = list(values)
        if not asked:
            return np.ones(self._documents, np.bool_)
        wanted = np.zeros(len(self._rows), np.bool_)
        wanted[[self._rows[value] for value in asked if value in self._rows]] = True
        found = np.zeros(self._documents, np.bool_)
        found[self._document[wanted[self._value]]] = True
        return found

    def count(self, among: Mask) -> tuple[Facet, ...]:
        """Return the values in order, each before what lies in it, with how many of some documents
        and of all have them."""
        counts = self._counts(self._value[among[self._document]])
        return tuple(
            Facet(each.value, counts[self._rows[each.value]], each.total, each.parents)
            for each in self._facets
        )

    def _counts(self, values: NDArray[np.int64]) -> list[int]:
        counts: list[int] = np.bincount(values, minlength=len(self._rows)).tolist()
        return counts


def check_known(filters: Filters, facets: Facets) -> None:
    """Check what names a value that documents have or have not. Places are left out: a place that
    the corpus has nothing of is a question that can be asked.

    Raises:
        FilterError: no document has such a value; with those that are nearest to it.
    """
    for label, asked, known in (
        ("文种", filters.kinds, facets.kinds),
        ("发文机关", map(simplify, filters.issuers), facets.issuers),
        ("文件夹", (folder.strip("/") for folder in filters.folders), facets.folders),
    ):
        values = [facet.value for facet in known]
        for value in asked:
            if value not in values:
                raise FilterError(f"语料库的文件里没有{label}“{value}”。", _advise(value, values))


def _advise(value: str, values: Sequence[str]) -> str:
    """Return, in Chinese, which values there are: those like the one asked for, else the first."""
    near = [known for known in values if value in known]
    near = list(dict.fromkeys([*near, *get_close_matches(value, values, _NAMED, cutoff=0.5)]))
    if near:
        return f"相近的有：{'、'.join(near[:_NAMED])}。"
    return f"可用的有：{'、'.join(values[:_NAMED])}等。" if values else "请去掉这个条件。"


def _as_tree(facets: Iterable[Facet]) -> Iterable[Facet]:
    """Yield facets in their order, each before what lies in it."""
    below: dict[tuple[str, ...], list[Facet]] = {}
    for facet in facets:
        below.setdefault(facet.parents, []).append(facet)

    def walk(path: tuple[str, ...]) -> Iterable[Facet]:
        for facet in below.get(path, ()):
            yield facet
            yield from walk((*path, facet.value))

    return walk(())


def _all_of(masks: Sequence[Mask]) -> Mask:
    return reduce(np.logical_and, masks)


def _by_frequency(facet: Facet) -> tuple[int, str]:
    """Order by the whole corpus, so that a list stays as it is while filters change."""
    return -facet.total, facet.value


def _newest_first(facet: Facet) -> tuple[int, str]:
    return -int(facet.value), ""


def _by_name(facet: Facet) -> tuple[int, str]:
    return 0, facet.value


def _chain(place: Locality | None) -> tuple[str, ...]:
    """Return what a place lies in, largest first, and itself, each told from its namesakes."""
    return _distinct((*(place.parents or parents(place.value)), place.value)) if place else ()


@cache
def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(distinct_name(name, names[:at]) for at, name in enumerate(names))


def _plain(chain: Sequence[str]) -> list[str]:
    """Return the names of a chain without what tells them from namesakes: 朝阳区 asks for all."""
    return [name.removeprefix(above) for above, name in pairwise(chain)]


@cache
def _lists(chain: tuple[str, ...]) -> frozenset[str]:
    """Return the lists, such as 西部, that a place or what it lies in is on."""
    return frozenset(r.name for r in REGIONS if not frozenset(chain).isdisjoint(members(r.name)))


def _several(places: Collection[str]) -> frozenset[str]:
    """Return the lists of which several places are there; else a list is but another name."""
    return frozenset(r.name for r in REGIONS if len(frozenset(places) & {*members(r.name)}) > 1)


def _folders(document: str) -> tuple[str, ...]:
    """Return the folders that a document lies in, outermost first."""
    parts = document.split("/")[:-1]
    return tuple("/".join(parts[: at + 1]) for at in range(len(parts)))


def _parents_in(chains: Iterable[Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Return for each member of some chains the members above it.

    Where chains differ the shortest decides: then no member can come to lie in itself.
    """
    above: dict[str, tuple[int, str]] = {}
    for chain in chains:
        for depth, (name, parent) in enumerate(zip(chain, ("", *chain), strict=False)):
            above[name] = min(above.get(name, (depth, parent)), (depth, parent))
    found: dict[str, tuple[str, ...]] = {"": ()}
    for name, (_, parent) in sorted(above.items(), key=lambda item: item[1]):
        found[name] = (*found[parent], parent) if parent else ()
    del found[""]
    return found
