"""What links a corpus has, said plainly: all documents at once, in the order of their paths.

`indexer.links` must come to the same whatever the history of the corpus.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.actions import AMENDS, ISSUES, REPEALS
from indexer.division import NATION
from indexer.naming import Names, names_of, normalise
from indexer.records import Document, Link, Links, Reference
from indexer.references import read_references
from indexer.text import simplify
from indexer.title import KINDS

_NONE = -1
# Rules are amended and issued anew under their name; of reports, plans and notices that have one
# name there is one a year.
_RULE = re.compile(
    "(法|法典|宪法|条例|办法|规定|细则|规则|规程|规范|章程|标准|准则|通则|制度|预案|目录|名录|清单|解释|指南|"
    "决定|编制表|守则|公约|纲要)(\\[[^\\[\\]]+\\])?$"
)
_KIND_ALONE = re.compile(KINDS)
_HERE = re.compile("现将|现予|现印发|现公布|现发布|印发给")
_ORGAN_END = re.compile("(?:政府|办公[室厅]|[局委厅部院会署]|法院|检察院)$")
_BEFORE = 60  # characters before a title in which its issuer stands


def links_of(documents: Sequence[Document]) -> Links:
    """Return the references of the documents with what they mean, and the versions.

    A reference of a document to itself is left out; so is a name that neither the corpus has nor
    looks like a document's.
    """
    corpus = _Corpus(documents)
    found = [read_references(document, corpus.titles) for document in documents]
    for citing, references in enumerate(found):
        corpus.carry(citing, references)
    links = [
        Link(documents[citing].id, documents[cited].id if cited != _NONE else "", reference)
        for citing, references in enumerate(found)
        for reference in references
        for cited in [corpus.meant(citing, reference)]
        if cited != citing and (cited != _NONE or reference.is_document)
    ]
    return Links(tuple(links), tuple(corpus.versions()))


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a document of the corpus; `dated` and `began` as in its header."""

    names: Names
    issuer: str
    places: tuple[str, ...]  # that issued it, and what that lies in
    dated: str
    began: str

    @property
    def locality(self) -> str:
        return self.places[0] if self.places else ""

    @property
    def name(self) -> str:
        """What tells the document from others: the rule that a notice hands out, or its title."""
        return self.names.carried[0] if len(self.names.carried) == 1 else self.names.plain


class _Corpus:
    """The documents of a corpus by their names and 文号, each by its position."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = documents
        self._known = [_known(document) for document in documents]
        numbers, full, plain, about, carried = (defaultdict[str, list[int]](list) for _ in range(5))
        for position, known in enumerate(self._known):
            full[known.names.full].append(position)
            plain[known.names.plain].append(position)
            about[known.names.about].append(position)
            for name in known.names.carried:
                carried[name].append(position)
            if number := documents[position].header.doc_number:
                numbers[number.value].append(position)
        self._numbers, self._full, self._plain = numbers, full, plain
        self._about, self._carried = about, carried
        self._families = _families(self._known)
        self.titles = frozenset(name for name in plain if not _KIND_ALONE.fullmatch(name))

    def carry(self, position: int, references: Sequence[Reference]) -> None:
        """Take note of what a notice says that it hands out: 现将《…》印发给你们."""
        text = self._documents[position].text
        for reference in references:
            if reference.action == ISSUES and reference.name:
                sentence = text[reference.sentence.start : reference.sentence.end]
                holders = self._carried[names_of(reference.name).plain]
                if _HERE.search(simplify(sentence)) and position not in holders:
                    holders.append(position)

    def meant(self, citing: int, reference: Reference) -> int:
        """Return the position of the document that a reference means, or `_NONE`."""
        for candidates in self._candidates(citing, reference):
            near = self._of_one_family(citing, candidates)
            if near:
                return self._version(citing, near, reference.action)
        return _NONE

    def versions(self) -> Iterator[tuple[str, ...]]:
        """Yield the documents that are versions of one, oldest first."""
        families: dict[tuple[str, str], list[int]] = defaultdict(list)
        for position, family in enumerate(self._families):
            if _RULE.search(family[0]):
                families[family].append(position)
        for members in families.values():
            ids = [self._documents[at].id for at in sorted(members, key=self._order)]
            if len(ids) > 1:
                yield tuple(ids)

    def _candidates(self, citing: int, reference: Reference) -> Iterator[list[int]]:
        """Yield the documents that a reference may mean, the surest first."""
        if reference.doc_number in self._numbers:
            yield self._numbers[reference.doc_number]
        if not reference.name:
            return
        names = names_of(reference.name)
        yield self._full.get(names.full, [])
        is_edition = names.full != names.plain
        yield [
            at
            for at in self._plain.get(names.plain, [])
            if not (is_edition and self._is_edition(at))
        ]
        yield self._carried.get(names.plain, [])
        for name in names.carried:
            yield self._plain.get(name, []) + self._carried.get(name, [])
        if names.about:
            by = names.issuer or self._issuer_before(citing, reference)
            known = self._about.get(names.about, [])
            yield [at for at in known if self._is_issued_by(at, by, citing)]

    def _is_edition(self, position: int) -> bool:
        names = self._known[position].names
        return names.full != names.plain

    def _issuer_before(self, citing: int, reference: Reference) -> str:
        """Return the organ that stands before a title: 最高人民法院《关于…》."""
        end = reference.span.start
        start = max(reference.sentence.start, end - _BEFORE)
        before = normalise(self._documents[citing].text[start:end])
        return before if _ORGAN_END.search(before) else ""

    def _is_issued_by(self, position: int, issuer: str, citing: int) -> bool:
        """Tell whether a document whose name is told apart by its issuer only has this one; where
        none is named it is that of the citing document, or one above it."""
        known = self._known[position]
        if issuer:
            return bool(known.issuer) and issuer.endswith(known.issuer)
        return known.locality in (NATION, *self._known[citing].places)

    def _of_one_family(self, citing: int, candidates: Sequence[int]) -> list[int]:
        """Return the candidates if they are versions of one document; of several documents of one
        name those that come from where the citing document comes from."""
        if len({self._families[at] for at in candidates}) > 1:
            place = self._known[citing].locality
            candidates = [at for at in candidates if self._known[at].locality == place]
        return list(candidates) if len({self._families[at] for at in candidates}) == 1 else []

    def _version(self, citing: int, candidates: Sequence[int], action: str) -> int:
        """Return the version that was in force when the citing document was made, else the latest;
        what is repealed or amended is an older one."""
        own = self._known[citing]
        if action == REPEALS:
            older = [at for at in candidates if at != citing and self._may_end(at, own)]
            if not older:
                return citing if citing in candidates else _NONE
        elif action == AMENDS:
            older = [at for at in candidates if self._known[at].dated < own.dated]
        elif citing in candidates:
            return citing
        else:
            older = [at for at in candidates if self._known[at].dated <= own.dated]
        if not older and citing in candidates:
            return citing
        return max(older or candidates, key=lambda at: self._known[at].dated)

    def _may_end(self, position: int, own: "_Known") -> bool:
        """Tell whether a document was there before another took effect; an undated one may be."""
        began = self._known[position].began
        return not began or not own.began or began < own.began

    def _order(self, position: int) -> tuple[str, str]:
        return self._known[position].dated, self._documents[position].id


def _known(document: Document) -> _Known:
    header, names = document.header, names_of(document.title)
    place = header.locality
    return _Known(
        names=names,
        issuer=names.issuer or (normalise(header.issuer.value) if header.issuer else ""),
        places=(place.value, *place.parents) if place else (),
        dated=header.dated,
        began=header.began,
    )


def _families(known: Sequence[_Known]) -> list[tuple[str, str]]:
    """Return for each document what its versions share: a name and the place that issued them.

    The place is told apart only where several places have a document of that name.
    """
    places: dict[str, set[str]] = defaultdict(set)
    for document in known:
        places[document.name] |= {document.locality} - {""}
    return [(d.name, d.locality if len(places[d.name]) > 1 else "") for d in known]
