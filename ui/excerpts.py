"""What an exact search found, as nodes: each document with its first matches marked in place."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from indexer.records import Span
from retrieval.results import ExactHit, ExactResult, Excerpt
from retrieval.titles import in_title_marks, inner_marks
from ui.address import Address
from ui.marks import apart
from ui.paper import Node, element, link
from ui.words import say


def write_found(result: ExactResult, asked: Address, more: Mapping[str, str]) -> list[Node]:
    """Return the counts and a page of documents; `more` are the address's other parameters, with
    which a document is opened so that it knows the way back."""
    counts = say(f"命中 {result.documents} 份文件，{result.matches} 处。")
    return [
        element("p", counts, css="coverage"),
        *(element("article", *_hit(hit, asked, more), css="found") for hit in result.hits),
    ]


def _hit(hit: ExactHit, asked: Address, more: Mapping[str, str]) -> Iterator[Node]:
    source = hit.source
    facts = (source.doc_number, source.issued_on, say(source.locality), say(f"{hit.matches} 处"))
    first = _place(hit, hit.excerpts[0].matches[0], asked, more)
    title, excerpts = _title(hit)
    yield element(
        "div",
        link("document", first, *title, css="title"),
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
    shown = sum(len(excerpt.matches) for excerpt in hit.excerpts)
    if shown < hit.matches:
        yield link("document", first, say(f"另有 {hit.matches - shown} 处，见全文"), css="facts")


def _title(hit: ExactHit) -> tuple[list[Node], Sequence[Excerpt]]:
    """Return the title, with marks where the first excerpt is it, and the other excerpts."""
    title, first = hit.source.title, hit.excerpts[0]
    if hit.is_in_title and "".join(first.text.split("\n")) == title:
        shown = replace(first, text=inner_marks(first.text))
        marked = _pieces(shown, lambda _, words: element("mark", words))
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

    return _pieces(excerpt, mark)


def _pieces(excerpt: Excerpt, mark: Callable[[Span, str], Node]) -> Iterator[Node]:
    """Yield the words of an excerpt, those of each match as `mark` has them."""
    at, before = excerpt.span.start, excerpt.span.start
    for match in excerpt.matches:
        start = max(match.start, at)  # two matches may be of one character, such as ㎜
        if start < match.end:
            yield excerpt.text[at - before : start - before]
            yield mark(match, excerpt.text[start - before : match.end - before])
            at = match.end
    yield excerpt.text[at - before :]


def _place(
    hit: ExactHit, span: Span, asked: Address, more: Mapping[str, str]
) -> dict[str, str | list[str]]:
    start, end = map(str, span)
    return asked.params(**more, doc=hit.source.document, start=start, end=end)
