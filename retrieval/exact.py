"""The exact search: an expression becomes the documents that have its words, to the letter.

Every folded text is scanned, whatever passages it was cut into, so what is found is what a reader
with all documents and endless patience would find.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import and_, or_
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from indexer.concordance import Concordance, Part, Positions, Stretches
from indexer.doc_number import find_doc_numbers, is_doc_number
from indexer.records import Span
from indexer.store import Generation
from indexer.text import folded
from retrieval.catalogue import Catalogue
from retrieval.excerpts import cut_excerpts
from retrieval.expression import And, DocNumber, Expression, Not, Or, Phrase, terms
from retrieval.results import ExactHit

Within: TypeAlias = Literal["document", "section", "paragraph", "sentence"]
Order: TypeAlias = Literal["relevance", "date"]

_PARTS: dict[str, Part] = {
    "section": "sections", "paragraph": "paragraphs", "sentence": "sentences",
}  # fmt: skip
# Folding some characters takes their neighbours into account (text.py), and at the ends of a
# phrase these are not typed: these bring out every form that its first and last one can have.
_BEFORE, _AFTER = ("", "计", "编", "答", "家"), ("", "作", "a")
_TERMS = 64  # kept as they are understood, because every segment asks; an expression has fewer
_STANDARD = re.compile(r"(.*?)(?:〔(\d{4})〕|(\d{4})年)?第?(\d+)[A-Z]?号")

_Places: TypeAlias = dict[Phrase | DocNumber, Stretches]
_Flags: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ExactQuery:
    """What is searched for and how: `within` is where the terms of an AND must stand together
    (with `in_title`, that is the title), `offset` and `limit` which documents are shown."""

    expression: Expression
    in_title: bool = False
    within: Within = "document"
    order: Order = "relevance"
    offset: int = 0
    limit: int = 10


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What one segment has: where each term stands in its documents, where any of them does, and
    the positions of its documents and of those in which that is."""

    texts: Concordance
    terms: Sequence[Stretches]
    places: Stretches
    positions: Positions
    documents: Positions


@dataclass(frozen=True, slots=True, eq=False)
class ExactPage:
    """How many documents and matches there are in the documents that were searched, the hits that
    were asked for, and which documents have matches, [documents], searched or not."""

    documents: int
    matches: int
    hits: tuple[ExactHit, ...]
    everywhere: _Flags


def find_exactly(
    index: Generation, catalogue: Catalogue, query: ExactQuery, allowed: Sequence[int] | None
) -> ExactPage:
    """Return what an exact search finds.

    `allowed` are the positions of the documents to search, None for all. The best have a match in
    the title or bear the 文号 that is looked for, then most matches.
    """
    found = [_find(*segment, query) for segment in index.concordances]
    document = np.concatenate([each.documents for each in found])
    counts = np.bincount(document, minlength=len(index.ids))
    everywhere = counts > 0
    if allowed is not None:
        counts[np.delete(np.arange(len(counts)), allowed)] = 0
    has_title = np.zeros(len(index.ids), np.bool_)
    for each in found:
        has_title[each.documents[each.texts.titles.holding(each.places) >= 0]] = True
    positions = np.flatnonzero(counts)
    if query.order == "date":
        days = [catalogue.sources[position].issued_on for position in positions]
        ranked = positions[sorted(range(len(days)), key=days.__getitem__, reverse=True)]
    else:
        is_first = has_title.copy()
        is_first[_bearers(catalogue, query.expression)] = True
        ranked = positions[np.lexsort((-counts[positions], ~is_first[positions]))]
    hits = []
    shown = ranked[query.offset : query.offset + query.limit]
    for rank, position in enumerate(shown.tolist(), start=query.offset + 1):
        notice = index.document(index.ids[position])
        spans, rarest = _spans(found, position)
        hits.append(
            ExactHit(
                rank=rank,
                source=catalogue.source(notice.id),
                matches=len(spans),
                is_in_title=bool(has_title[position]),
                excerpts=cut_excerpts(notice, spans, rarest),
            )
        )
    return ExactPage(len(positions), int(counts.sum()), tuple(hits), everywhere)


def documents_having(index: Generation, words: str) -> Positions:
    """Return the positions of the documents that have some words to the letter, ascending: those
    that an exact search for them finds."""
    found = [
        positions[texts.document_of(_places(texts, Phrase(words)).starts)]
        for texts, positions in index.concordances
    ]
    distinct = np.unique(np.concatenate(found))
    return distinct[distinct >= 0]


def _find(texts: Concordance, positions: Positions, query: ExactQuery) -> _Found:
    """Return what a segment has in the documents that are live."""
    terms = _matches(texts, query)
    places = _joined(terms)
    document = positions[texts.document_of(places.starts)]
    is_live = document >= 0
    return _Found(texts, terms, places.of(is_live), positions, document[is_live])


def _spans(found: Sequence[_Found], position: int) -> tuple[list[Span], list[Span]]:
    """Return where the document at a position has what is found, and the first place of each term
    there, the rarest first."""
    each, row = next(
        (each, row) for each in found for row in np.flatnonzero(each.positions == position).tolist()
    )
    texts = each.texts
    terms = [here for term in each.terms if len((here := _within(texts, term, row)).starts)]
    terms.sort(key=lambda here: len(here.starts))
    rarest = [texts.originals(here.of(slice(1)))[0] for here in terms]
    return texts.originals(_within(texts, each.places, row)), rarest


def _matches(texts: Concordance, query: ExactQuery) -> list[Stretches]:
    """Return for each term that is wanted where it stands, where the expression holds."""
    tree = query.expression
    places = {term: _places(texts, term) for term in {*terms(tree), *terms(tree, wanted=False)}}
    if query.in_title:
        units = texts.titles
    elif query.within == "document" or isinstance(tree, Phrase | DocNumber):
        units = texts.documents
    else:
        units = texts.parts(_PARTS[query.within])
    fits = _fits(tree, units, places)
    kept = []
    for term in dict.fromkeys(terms(tree)):
        unit = units.holding(places[term])
        kept.append(places[term].of((unit >= 0) & fits[unit]))
    return kept


def _within(texts: Concordance, found: Stretches, row: int) -> Stretches:
    """Return what is found in one document."""
    bounds = texts.documents.starts[row], texts.documents.ends[row]
    first, last = np.searchsorted(found.starts, bounds)
    return found.of(slice(first, last))


def _fits(tree: Expression, units: Stretches, places: _Places) -> _Flags:
    """Return for each unit of text whether the expression holds in it."""
    match tree:
        case Not(part):
            return ~_fits(part, units, places)
        case And(parts):
            return reduce(and_, [_fits(part, units, places) for part in parts])
        case Or(parts):
            return reduce(or_, [_fits(part, units, places) for part in parts])
        case term:
            fits = np.zeros(len(units.starts) + 1, np.bool_)  # one more, for places in no unit
            fits[units.holding(places[term])] = True
            return fits


def _places(texts: Concordance, term: Phrase | DocNumber) -> Stretches:
    """Return where a term stands; a phrase that is a 文号, also where that is written otherwise."""
    found = [texts.find(form) for form in _forms(term.text)] if isinstance(term, Phrase) else []
    if is_meant := _number_test(term):
        rows = [row for row, number in enumerate(texts.doc_numbers) if is_meant(number)]
        found.append(texts.numbers(rows))
    return _joined(found)


@lru_cache(maxsize=_TERMS)
def _number_test(term: Phrase | DocNumber) -> Callable[[str], bool] | None:
    """Return what tells a 文号 that a term means, None where it means none."""
    if isinstance(term, DocNumber):
        return lambda number: _has_parts(number, term)
    if is_doc_number(term.text):
        value = find_doc_numbers(term.text)[0][0]
        return lambda number: number.endswith(value)  # as a phrase, it may begin inside a word
    return None


def _bearers(catalogue: Catalogue, tree: Expression) -> list[int]:
    """Return the positions of the documents whose own 文号 is one that is wanted."""
    tests = [is_meant for term in terms(tree) if (is_meant := _number_test(term))]
    if not tests:
        return []
    return [
        position
        for position, source in enumerate(catalogue.sources)
        if source.doc_number and any(is_meant(source.doc_number) for is_meant in tests)
    ]


@lru_cache(maxsize=_TERMS)
def _forms(words: str) -> frozenset[str]:
    """Return every folded form that words can have inside a text."""
    wholes = ((folded(f"{b}{words}{a}"), b, a) for b in _BEFORE for a in _AFTER)
    return frozenset(whole[len(b) : len(whole) - len(a)] for whole, b, a in wholes)


def _joined(found: Sequence[Stretches]) -> Stretches:
    """Return all stretches in order, those that overlap as one."""
    if len(found) == 1:
        return found[0]
    starts = np.concatenate([each.starts for each in found])
    order = np.argsort(starts, kind="stable")
    starts = starts[order]
    reach = np.maximum.accumulate(np.concatenate([each.ends for each in found])[order])
    begins = np.append(True, starts[1:] >= reach[:-1])[: len(starts)]
    ends = np.append(begins[1:], True)[: len(starts)]
    return Stretches(starts[begins], reach[ends])


def _has_parts(doc_number: str, wanted: DocNumber) -> bool:
    organ, year, serial = _split(doc_number)
    return wanted.organ in organ and wanted.year in (None, year) and wanted.serial in (None, serial)


@lru_cache(maxsize=1 << 16)
def _split(doc_number: str) -> tuple[str, int | None, int]:
    """Return 机关代字, 年份 and 序号 of a 文号 in its standard form (doc_number.py)."""
    organ, year, other, serial = _STANDARD.fullmatch(doc_number).groups()  # type: ignore[union-attr]
    return organ, int(year or other) if year or other else None, int(serial)
