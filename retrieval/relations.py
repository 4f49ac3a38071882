"""What relates a document to others: what it cites, what cites it, its versions, its 时效."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from indexer.chunking import sentence_at
from indexer.records import Link
from indexer.store import Generation
from retrieval.catalogue import Catalogue
from retrieval.citations import quote_at
from retrieval.results import Relation, Relations, Source, Standing
from retrieval.standing import UNKNOWN


def relate(index: Generation, catalogue: Catalogue, document_id: str) -> Relations:
    """Return what relates a document of the index to the others."""
    cited = _once(index.links_from(document_id), lambda link: link.cited or _called(link))
    citing = _once(index.links_to(document_id), lambda link: link.citing)
    texts = index.texts({document_id, *(link.citing for link in citing)})
    standings = catalogue.standings
    return Relations(
        cites=tuple(
            _relation(link, catalogue.source(link.cited) if link.cited else None, texts)
            for link in cited
        ),
        cited_by=tuple(
            replace(_relation(link, source, texts), name=source.title)
            for link in citing
            for source in [catalogue.source(link.citing)]
        ),
        versions=tuple(catalogue.source(each) for each in standings.versions_of(document_id)),
        standing=_standing(index, catalogue, document_id),
    )


def _once(links: Iterable[Link], other: Callable[[Link], str]) -> list[Link]:
    """Return the first link to each other document for each thing that is done."""
    first: dict[tuple[str, str], Link] = {}
    for link in links:
        first.setdefault((other(link), link.reference.action), link)
    return list(first.values())


def _called(link: Link) -> str:
    return link.reference.name or link.reference.doc_number


def _relation(link: Link, source: Source | None, texts: Mapping[str, str]) -> Relation:
    reference = link.reference
    quote = quote_at(link.citing, texts[link.citing], reference.sentence)
    called = _called(link)
    return Relation(source, called, link.citing, reference.sentence, reference.action, quote)


def _standing(index: Generation, catalogue: Catalogue, document_id: str) -> Standing:
    """Return the 时效 with the whole sentence that proves it."""
    proof = catalogue.standings.of(document_id)
    if proof is None:
        return Standing(UNKNOWN)
    text = index.texts([proof.document])[proof.document]
    span = sentence_at(text, proof.span)
    return Standing(proof.value, proof.document, span, quote_at(proof.document, text, span))
