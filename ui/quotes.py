"""Answers, citations and passages as nodes of a page: each quote one click from its source."""

from collections.abc import Iterable, Mapping, Sequence

from indexer.records import Span
from retrieval.results import Answer, Citation, Copy, Coverage, Hit, Source, Statement
from ui.address import Address, origin_params
from ui.paper import Node, element, link
from ui.words import say


def write_answer(answer: Answer, asked: Address) -> list[Node]:
    """Return an answer, by locality where it is grouped, then its citations and its passages."""
    marks = {citation.number: _mark(citation, asked) for citation in answer.citations}
    return [
        *([element("p", _coverage(answer.coverage), css="coverage")] if answer.coverage else []),
        *(_groups(answer, marks) if answer.localities else _statements(answer.statements, marks)),
        element("h2", say("引用")),
        element("ol", *(_citation(each, asked) for each in answer.citations), css="citations"),
        element(
            "details",
            element("summary", say(f"依据（{len(answer.hits)} 段）")),
            *write_passages(answer.hits, asked),
        ),
    ]


def write_passages(hits: Iterable[Hit], asked: Address) -> list[Node]:
    """Return passages, each with its source, a link to where it stands, and where else it does."""
    return [
        element(
            "article",
            _source(hit.source, hit.passage.headings, hit.passage.span, asked),
            _pages(hit.passage.pages, None),
            element("blockquote", hit.passage.text),
            *([_same(hit, asked)] if hit.same else []),
        )
        for hit in hits
    ]


def _same(hit: Hit, asked: Address) -> Node:
    """Return how many other documents say the same, to be opened as links to where they do."""
    least = "至少" if hit.may_be_more else ""
    return element(
        "details",
        element("summary", say(f"{least}另有 {len(hit.same)} 份文件有同样表述")),
        element("ul", *(element("li", _copy(copy, asked)) for copy in hit.same)),
        css="relations",
    )


def _copy(copy: Copy, asked: Address) -> Node:
    title = link("document", _place(copy.source, copy.span, asked), f"《{copy.source.title}》")
    return element("span", title, element("span", "　".join(_facts(copy.source)), css="proof"))


def _groups(answer: Answer, marks: Mapping[int, Node]) -> list[Node]:
    return [
        element("section", element("h3", say(group.name)), *_statements(group.statements, marks))
        for group in answer.localities
    ]


def _statements(statements: Sequence[Statement], marks: Mapping[int, Node]) -> list[Node]:
    return [
        element("p", each.text, *(marks[number] for number in each.citations), css="statement")
        for each in statements
    ]


def _mark(citation: Citation, asked: Address) -> Node:
    return link(
        "document",
        _place(citation.source, citation.span, asked),
        f"[{citation.number}]",
        css="mark",
        title=" ".join((f"《{citation.source.title}》", *_facts(citation.source))),
    )


def _citation(citation: Citation, asked: Address) -> Node:
    return element(
        "li",
        _source(citation.source, citation.headings, citation.span, asked),
        _pages(citation.pages, citation.confidence),
        element("blockquote", citation.quote),
        *([_row(citation.cells)] if citation.cells else []),
        value=str(citation.number),
    )


def _pages(pages: Sequence[int], confidence: float | None) -> Node:
    """Return which pages a quote stands on, and how sure their recognition is."""
    facts = [f"第 {'、'.join(map(str, pages))} 页"] if pages else []
    if confidence is not None:
        facts.append(f"扫描件，识别把握 {confidence:.2f}，引用前请核对原件")
    return element("div", say("　".join(facts)), css="facts")


def _row(cells: Sequence[tuple[str, str]]) -> Node:
    """Return the cells of a table row, each with the name of its column."""
    named = (element("div", element("dt", name), element("dd", words)) for name, words in cells)
    return element("dl", *named, css="row-cells")


def _source(source: Source, headings: Sequence[str], span: Span, asked: Address) -> Node:
    """Return the title, which opens the document at `span`, its facts and the heading path."""
    return element(
        "div",
        link("document", _place(source, span, asked), f"《{source.title}》", css="title"),
        element("div", "　".join(_facts(source)), css="facts"),
        element("div", " › ".join(headings), css="headings"),
        css="source",
    )


def _facts(source: Source) -> list[str]:
    facts = (source.doc_number, source.issued_on, say(source.locality))
    return [fact for fact in facts if fact]


def _place(source: Source, span: Span, asked: Address) -> dict[str, str | list[str]]:
    at = {"doc": source.document, "start": str(span.start), "end": str(span.end)}
    return asked.params(**origin_params(), **at)


def _coverage(coverage: Coverage) -> str:
    found = f"语料库含 {coverage.localities} 个地区，{coverage.with_answer} 个有相关表述"
    if not coverage.without:
        return say(f"{found}。")
    return say(f"{found}；其余未检出：{'、'.join(coverage.without)}。")
