"""What a search found, as nodes: each document with its first matches marked in place, or each
passage with the words of the question."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from indexer.records import Span
from retrieval.highlighting import find_words
from retrieval.results import ExactHit, ExactResult, Excerpt, Hit
from retrieval.titles import in_title_marks, inner_marks
from ui.address import Address
from ui.collecting import write_collect
from ui.marks import apart, write_pieces
from ui.paper import Node, element, link
from ui.quotes import mark_passage, write_passages
from ui.words import say


def write_found(result: ExactResult, asked: Address, more: Mapping[str, str]) -> list[Node]:
    """Return a page of documents; `more` are the address's other parameters, with which a document
    is opened so that it knows the way back."""
    return [element("article", *_hit(hit, asked, more), css="found") for hit in result.hits]


def write_like(hits: Iterable[Hit], words: Sequence[str], asked: Address) -> list[Node]:
    """Return passages of like meaning, with some words marked where they have them."""
    return write_passages(
        hits, asked, lambda hit: mark_passage(hit, find_words(hit.passage, words), _mark)
    )


def _mark(_: Span, words: str) -> Node:
    return element("mark", words)


def _hit(hit: ExactHit, asked: Address, more: Mapping[str, str]) -> Iterator[Node]:
    source = hit.source
    facts = (source.doc_number, source.issued_on, say(source.locality), say(f"{hit.matches} 处"))
    first = _place(hit, hit.excerpts[0].matches[0], asked, more)
    title, excerpts = _title(hit)
    yield element(
        "div",
        link("document", first, *title, css="title", data_result="document"),
        element("div", *apart(filter(None, facts)), css="facts"),
        css="source",
    )
    above: list[Node] = []
    for excerpt in excerpts:
        where = _where(excerpt)
        if where and where != above:
            yield element("div", *where, css="headings")
        above = where
        yield element("blockquote", *_marked(hit, excerpt, asked, more))
        yield write_collect(source, excerpt.span, excerpt.text)
    shown = sum(len(excerpt.matches) for excerpt in hit.excerpts)
    if shown < hit.matches:
        yield link("document", first, say(f"另有 {hit.matches - shown} 处，见全文"), css="facts")


def _title(hit: ExactHit) -> tuple[list[Node], Sequence[Excerpt]]:
    """Return the title, with marks where the first excerpt is it, and the other excerpts."""
    title, first = hit.source.title, hit.excerpts[0]
    if hit.is_in_title and "".join(first.text.split("\n")) == title:
        marked = write_pieces(inner_marks(first.text), first.span.start, first.matches, _mark)
        return ["《", *marked, "》"], hit.excerpts[1:]
    return [in_title_marks(title)], hit.excerpts


def _where(excerpt: Excerpt) -> list[Node]:
    """Return the headings that an excerpt stands below, its pages, and whether it is debris."""
    asides = [say(f"第 {'、'.join(map(str, excerpt.pages))} 页")] if excerpt.pages else []
    if excerpt.excluded:
        asides.append(say(f"网页内容：{excerpt.excluded}"))
    headings: list[Node] = [" › ".join(excerpt.headings)] if excerpt.headings else []
    return [*headings, *(element("span", aside, css="beside") for aside in asides)]


def _marked(
    hit: ExactHit, excerpt: Excerpt, asked: Address, more: Mapping[str, str]
) -> Iterator[Node]:
    """Return the words of an excerpt; each match is marked and opens the document where it is."""

    def mark(match: Span, words: str) -> Node:
        place = _place(hit, match, asked, more)
        return link("document", place, element("mark", words), title=say("查看原文"))

    return write_pieces(excerpt.text, excerpt.span.start, excerpt.matches, mark)


def _place(
    hit: ExactHit, span: Span, asked: Address, more: Mapping[str, str]
) -> dict[str, str | list[str]]:
    start, end = map(str, span)
    return asked.params(**more, doc=hit.source.document, start=start, end=end)
