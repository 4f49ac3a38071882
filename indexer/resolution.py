"""Which document of a corpus a name or a 文号 means, in the version of its day; or none.

A name must be equal to a document's after normalisation, a 文号 to its 文号; nothing is guessed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from indexer.actions import AMENDS, REPEALS
from indexer.division import NATION
from indexer.naming import Names, names_of

# How a document holds a name: as its 文号, as its title whole, without the edition, or without the
# issuer; as that of what its title hands out, or of what its text does.
NUMBER, FULL, PLAIN, ABOUT, CARRIES, SAYS = (1 << bit for bit in range(6))


class Known(NamedTuple):
    """What is known of a document of the corpus, by its number; `dated` and `began` as in its
    header. Documents of one `family` are versions of one: a name, and the place that issued them
    where several places have a document of that name."""

    number: int
    family: tuple[int, str]
    places: tuple[str, ...]  # that issued it, and what that lies in
    issuer: str
    dated: str
    began: str
    is_edition: bool

    @property
    def locality(self) -> str:
        return self.places[0] if self.places else ""


class Holder(NamedTuple):
    """A document that has a name, and how (`NUMBER`, `FULL` ...)."""

    roles: int
    known: Known


def names_sought(name: str, doc_number: str) -> set[str]:
    """Return the names by which a document that is so called is looked for."""
    sought = {doc_number} - {""}
    if name:
        names = names_of(name)
        sought |= {names.full, names.plain, *names.carried}
        sought |= {names.about} - {""}
    return sought


class Designation:
    """A name, a 文号 or both, as texts cite it, and the documents that it may mean.

    `holders` gives the documents that have a name, in the order of their paths.
    """

    def __init__(
        self, name: str, doc_number: str, holders: Callable[[str], Sequence[Holder]]
    ) -> None:
        names = names_of(name) if name else None
        self._issuer = names.issuer if names else ""
        self._surest_first = [
            _Candidates(found)
            for found in _candidates(names, doc_number, holders)
            if found  # most are of none
        ]
        self._about = _having(ABOUT, holders(names.about)) if names and names.about else []

    def meant(self, citing: Known, action: str, issuer: str) -> int | None:
        """Return the number of the document that one citing it so means, None where there is none.

        `issuer` is the organ that stands before the name, "" where none does.
        """
        for candidates in self._surest_first:
            if near := candidates.of_one_family(citing.locality):
                return _version(citing, near, action)
        by = self._issuer or issuer
        issued = [known for known in self._about if _is_issued_by(known, by, citing)]
        near = _Candidates(issued).of_one_family(citing.locality)
        return _version(citing, near, action) if near else None


class _Candidates:
    """Documents that have one name."""

    def __init__(self, known: Sequence[Known]) -> None:
        self._known = known
        self._are_one = len({each.family for each in known}) == 1
        self._of_place: dict[str, list[Known]] = defaultdict(list)
        if not self._are_one:
            for each in known:
                self._of_place[each.locality].append(each)

    def of_one_family(self, locality: str) -> Sequence[Known]:
        """Return the documents if they are versions of one; of several documents those that come
        from the place of the one that cites them."""
        if self._are_one:
            return self._known
        near = self._of_place.get(locality, [])
        return near if len({each.family for each in near}) == 1 else []


def _candidates(
    names: Names | None, doc_number: str, holders: Callable[[str], Sequence[Holder]]
) -> Iterator[list[Known]]:
    """Yield the documents that are meant whoever cites them, the surest first."""
    if doc_number:
        yield _having(NUMBER, holders(doc_number))
    if names is None:
        return
    yield _having(FULL, holders(names.full))
    held = holders(names.plain)
    is_edition = names.full != names.plain
    yield [known for known in _having(PLAIN, held) if not (is_edition and known.is_edition)]
    yield _carrying(held)
    for name in names.carried:
        held = holders(name)
        yield _having(PLAIN, held) + _carrying(held)


def _having(role: int, holders: Sequence[Holder]) -> list[Known]:
    return [holder.known for holder in holders if holder.roles & role]


def _carrying(holders: Sequence[Holder]) -> list[Known]:
    """Return what hands out a name: by its title, then by its text alone."""
    return _having(CARRIES, holders) + _having(SAYS, holders)


def _is_issued_by(known: Known, issuer: str, citing: Known) -> bool:
    """Tell whether a document whose name is told apart by its issuer only has this one; where none
    is named it is that of the citing document, or one above it."""
    if issuer:
        return bool(known.issuer) and issuer.endswith(known.issuer)
    return known.locality in (NATION, *citing.places)


def _version(citing: Known, candidates: Sequence[Known], action: str) -> int | None:
    """Return the version that was in force when the citing document was made, else the latest;
    what is repealed or amended is an older one."""
    itself = next((each.number for each in candidates if each.number == citing.number), None)
    if action == REPEALS:
        older = [each for each in candidates if each.number != itself and _may_end(each, citing)]
        if not older:
            return itself
    elif action == AMENDS:
        older = [each for each in candidates if each.dated < citing.dated]
    elif itself is not None:
        return itself
    else:
        older = [each for each in candidates if each.dated <= citing.dated]
    if not older and itself is not None:
        return itself
    return max(older or candidates, key=lambda known: known.dated).number  # the first of a day


def _may_end(known: Known, citing: Known) -> bool:
    """Tell whether a document was there before another took effect; an undated one may be."""
    return not known.began or not citing.began or known.began < citing.began
