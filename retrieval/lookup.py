"""Answer a question about a document itself (its 文号, date, issuer, title) from its fields."""

import re
from collections.abc import Iterator

from indexer.chunking import split_sentences
from indexer.places import lies_in
from indexer.records import Document, Field, Span
from indexer.store import Generation
from indexer.terms import words
from retrieval.asked_fields import subject_words
from retrieval.catalogue import Catalogue
from retrieval.query import Query

# Words that ask for the date of a notice itself, and for that of its publication.
_ISSUED = re.compile("印发|成文|落款|签发|发文|出台")
_PUBLISHED = re.compile("发布|公开|公布")
_TITLE_SHARE = 0.5
_MEANT = 3  # documents; a question that fits more titles is not about one document
_ROW_MAX = 200  # a field's sentence longer than this is not quoted whole

Found = tuple[Document, Span]


def look_up(query: Query, catalogue: Catalogue, generation: Generation) -> list[Found]:
    """Return the documents and the spans of the fields that answer, or nothing if the question
    is not about a document itself or no document fits."""
    if not query.looks_up:
        return []
    asked, rest = query.fields, subject_words(query.content)
    if query.doc_numbers or query.index_numbers:
        if rest and not asked:
            return []  # the document is named only to narrow the search
        given = "doc_number" if query.doc_numbers else "index_number"
        wanted = [name for name in asked if name != given] or ["title"]
        positions = catalogue.with_doc_number(query.doc_numbers) + [
            position
            for position, header in enumerate(catalogue.headers)
            if _value(header.index_number).lower() in query.index_numbers
        ]
        return list(_proofs(positions, wanted, catalogue, generation))
    if query.dates and asked and not rest:
        return _by_date(query, catalogue, generation)
    fields = [name for name in asked if name != "title"]
    if fields and rest:
        positions = _by_title(query, rest, catalogue)
        return list(_proofs(positions, fields, catalogue, generation))
    return []


def _by_date(query: Query, catalogue: Catalogue, generation: Generation) -> list[Found]:
    """Return the documents of a date; which date is meant follows from the words used."""
    kinds = (("issued_on", _ISSUED), ("published_on", _PUBLISHED))
    names = [name for name, pattern in kinds if pattern.search(query.plain)]
    found: list[Found] = []
    for position, header in enumerate(catalogue.headers):
        for name in names:
            if _value(getattr(header, name)) in query.dates:
                found += _proofs([position], ["title", name], catalogue, generation)
    return found


def _by_title(query: Query, rest: list[str], catalogue: Catalogue) -> list[int]:
    """Return the documents whose titles have most words of the question's subject, at least half
    of them; none where the question could mean more than a few."""
    shares: dict[int, float] = {}
    for position, source in enumerate(catalogue.sources):
        if query.places and not any(lies_in(source.locality, place) for place in query.places):
            continue
        title = set(words(source.title))
        shares[position] = sum(word in title for word in rest) / len(rest)
    best = max(shares.values(), default=0.0)
    found = [position for position, share in shares.items() if share == best]
    return found if best >= _TITLE_SHARE and len(found) <= _MEANT else []


def _proofs(
    positions: list[int], names: list[str], catalogue: Catalogue, generation: Generation
) -> Iterator[Found]:
    for position in positions:
        document = generation.document(catalogue.sources[position].document)
        shown: set[Span] = set()
        for name in names:
            field = getattr(document.header, name)
            if field is not None:
                span = field.span if name == "title" else _row(document, field)
                if span not in shown:
                    shown.add(span)
                    yield document, span


def _row(document: Document, field: Field) -> Span:
    """Return the sentence or table row that a field stands in, so that its label is seen."""
    text = document.text
    start = text.rfind("\n", 0, field.span.start) + 1
    end = text.find("\n", field.span.end)
    line = Span(start, len(text) if end < 0 else end)
    for sentence in split_sentences(text[line.start : line.end], line.start):
        if sentence.contains(field.span) and sentence.end - sentence.start <= _ROW_MAX:
            return sentence
    return field.span


def _value(field: Field | None) -> str:
    return field.value if field else ""
