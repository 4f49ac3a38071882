"""Records as rows of JSON, as the commands print them."""

from dataclasses import fields
from datetime import date
from typing import Any

from indexer.records import Document, Field, Header, Link, Locality, Span
from indexer.store import Generation
from retrieval.catalogue import Catalogue
from retrieval.comparison import CHANGES, Change, Comparison, Wording
from retrieval.differences import Edit
from retrieval.precedents import Precedent, Precedents
from retrieval.relations import relate
from retrieval.results import (
    Answer,
    Citation,
    Copy,
    ExactResult,
    Excerpt,
    Hit,
    Side,
    Source,
    Statement,
)
from retrieval.table import TableRow, table_rows
from retrieval.usage import Usage

Row = dict[str, Any]
_FIELDS = tuple(
    field.name for field in fields(Header) if field.name not in ("locality", "mentions")
)


def source_row(source: Source) -> Row:
    return {
        "document": source.document,
        "title": source.title,
        "doc_number": source.doc_number or None,
        "issuer": source.issuer or None,
        "locality": source.locality or None,
        "issued_on": source.issued_on or None,
    }


def hit_row(hit: Hit) -> Row:
    passage = hit.passage
    return {
        "rank": hit.rank,
        "score": round(hit.score, 6),
        **source_row(hit.source),
        "headings": list(passage.headings),
        "start": passage.span.start,
        "end": passage.span.end,
        "pages": list(passage.pages),
        "text": passage.text,
        **(same_row(hit) if hit.same else {}),
    }


def same_row(hit: Hit) -> Row:
    return {"same": [copy_row(copy) for copy in hit.same], "may_be_more": hit.may_be_more}


def copy_row(copy: Copy) -> Row:
    return {**source_row(copy.source), **span_row(copy.span)}


def citation_row(citation: Citation) -> Row:
    return {
        "number": citation.number,
        **source_row(citation.source),
        "headings": list(citation.headings),
        "start": citation.span.start,
        "end": citation.span.end,
        "pages": list(citation.pages),
        "confidence": citation.confidence,
        "cells": [{"column": column, "words": words} for column, words in citation.cells],
        "quote": citation.quote,
        "place": citation.place or None,
        "focus": citation.focus and span_row(citation.focus),
        "values": [{**span_row(v), "text": citation.words_of(v)} for v in citation.values],
        "cite": {
            "official": citation.forms.official,
            "gbt7714_2015": citation.forms.gbt7714_2015,
            "gbt7714_2025": citation.forms.gbt7714_2025,
        },
    }


def span_row(span: Span) -> Row:
    return {"start": span.start, "end": span.end}


def statement_row(statement: Statement) -> Row:
    return {"text": statement.text, "citations": list(statement.citations)}


def table_row(row: TableRow) -> Row:
    return {
        "locality": row.locality or None,
        "text": row.text,
        "citations": list(row.citations),
        "value": row.value or None,
        "document": row.document,
        "title": row.title,
        "doc_number": row.doc_number or None,
        "issued_on": row.issued_on or None,
        "status": row.status or None,
    }


def answer_row(answer: Answer) -> Row:
    coverage = answer.coverage
    return {
        "question": answer.question,
        "ms": round(answer.milliseconds, 2),
        "refused": answer.refused,
        "reason": answer.reason or None,
        "text": answer.text,
        "statements": [statement_row(statement) for statement in answer.statements],
        "citations": [citation_row(citation) for citation in answer.citations],
        "localities": [
            {"name": group.name, "statements": [statement_row(s) for s in group.statements]}
            for group in answer.localities
        ],
        "table": [table_row(row) for row in table_rows(answer)],
        "coverage": coverage
        and {
            "localities": coverage.localities,
            "with": coverage.with_answer,
            "without": list(coverage.without),
        },
        "nearest": [hit_row(hit) for hit in answer.nearest],
    }


def exact_row(result: ExactResult) -> Row:
    return {
        "question": result.expression,
        "ms": round(result.milliseconds, 2),
        "documents": result.documents,
        "matches": result.matches,
        "hits": [
            {
                "rank": hit.rank,
                **source_row(hit.source),
                "matches": hit.matches,
                "in_title": hit.is_in_title,
                "excerpts": [excerpt_row(excerpt) for excerpt in hit.excerpts],
            }
            for hit in result.hits
        ],
    }


def excerpt_row(excerpt: Excerpt) -> Row:
    return {
        "headings": list(excerpt.headings),
        "start": excerpt.span.start,
        "end": excerpt.span.end,
        "pages": list(excerpt.pages),
        "excluded": excerpt.excluded or None,
        "text": excerpt.text,
        "matches": [{"start": match.start, "end": match.end} for match in excerpt.matches],
    }


def document_row(document: Document) -> Row:
    header = document.header
    return {
        "document": document.id,
        "text": document.text,
        **{name: field_row(getattr(header, name)) for name in _FIELDS},
        "localities": [place_row(header.locality)] if header.locality else [],
        "mentions": [place_row(place) for place in header.mentions],
        "outline": outline_rows(document, -1),
        "pages": [
            {
                "number": page.number,
                "start": page.span.start,
                "end": page.span.end,
                "confidence": page.confidence,
            }
            for page in document.pages
        ],
        "excluded": [
            {"reason": each.reason, "start": each.span.start, "end": each.span.end}
            for each in document.exclusions
        ],
        "cautions": [{"fact": each.fact, "cure": each.cure} for each in document.cautions],
    }


def relations_row(generation: Generation, document_id: str) -> Row:
    """Return the 时效, with the document that proves it, every reference and citation, and the
    versions."""
    catalogue = Catalogue(generation, date.today())
    found = relate(generation, catalogue, document_id)
    proof = found.standing
    return {
        "status": proof.span
        and {
            "value": proof.value,
            "start": proof.span.start,
            "end": proof.span.end,
            "document": proof.document,
        },
        "references": [
            {
                "name": link.reference.name or None,
                "doc_number": link.reference.doc_number or None,
                **link_row(link),
                "document": link.cited or None,
            }
            for link in generation.links_from(document_id)
        ],
        "cited_by": [
            {"document": link.citing, **link_row(link)} for link in generation.links_to(document_id)
        ],
        "versions": [source_row(source) for source in found.versions],
    }


def link_row(link: Link) -> Row:
    reference = link.reference
    return {
        "action": reference.action,
        "start": reference.span.start,
        "end": reference.span.end,
    }


def field_row(field: Field | None) -> Row | None:
    if field is None:
        return None
    return {"value": field.value, "start": field.span.start, "end": field.span.end}


def place_row(place: Locality) -> Row:
    return {
        "value": place.value,
        "start": place.span.start,
        "end": place.span.end,
        "parents": list(place.parents),
    }


def outline_rows(document: Document, parent: int) -> list[Row]:
    """Return the sections below one, each with those below it."""
    return [
        {
            "number": section.number,
            "heading": section.heading,
            "level": section.level,
            "start": section.span.start,
            "end": section.span.end,
            "children": outline_rows(document, position),
        }
        for position, section in enumerate(document.sections)
        if section.parent == parent
    ]


def comparison_row(comparison: Comparison) -> Row:
    return {
        "old": source_row(comparison.old),
        "new": source_row(comparison.new),
        "counts": {status: comparison.count(status) for status in CHANGES},
        "changes": [_change_row(change) for change in comparison.changes],
    }


def _change_row(change: Change) -> Row:
    return {
        "status": change.status,
        "moved": change.has_moved,
        "old": change.old and _wording_row(change.old),
        "new": change.new and _wording_row(change.new),
        "edits": [edit_row(edit) for edit in change.edits],
        "within": change.within and _wording_row(change.within),
    }


def edit_row(edit: Edit) -> Row:
    return {"old": span_row(edit.old), "new": span_row(edit.new)}


def _wording_row(wording: Wording) -> Row:
    return {
        "number": wording.number or None,
        "start": wording.span.start,
        "end": wording.span.end,
        "pages": list(wording.pages),
        "text": wording.text,
    }


def side_row(side: Side) -> Row:
    return {
        "name": side.name,
        "document": side.source and side.source.document,
        **answer_row(side.answer),
    }


def precedents_row(found: Precedents) -> Row:
    return {
        "question": found.draft,
        "ms": round(found.milliseconds, 2),
        "sentences": [
            {
                **span_row(sentence.span),
                "text": sentence.text,
                "usage": sentence.usage and usage_row(sentence.usage),
                "found": sentence.found,
                "precedents": [precedent_row(each) for each in sentence.precedents],
            }
            for sentence in found.sentences
        ],
    }


def usage_row(usage: Usage) -> Row:
    return {
        "documents": usage.documents,
        "identical": usage.identical,
        "localities": list(usage.localities),
        "years": list(usage.years),
        "earliest": usage.earliest and citation_row(usage.earliest),
        "latest": usage.latest and citation_row(usage.latest),
        "may_be_more": usage.is_least,
    }


def precedent_row(precedent: Precedent) -> Row:
    return {
        "kind": precedent.kind,
        "share": round(precedent.share, 4),
        **citation_row(precedent.citation),
        "edits": [edit_row(edit) for edit in precedent.edits],
        "same": [copy_row(copy) for copy in precedent.same],
    }
