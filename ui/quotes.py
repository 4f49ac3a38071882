"""Answers, citations and passages as nodes of a page: each quote one click from its source."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from indexer.records import Span
from retrieval.edges import without_marks
from retrieval.results import Answer, Citation, Copy, Coverage, Hit, Source, Statement
from retrieval.titles import in_title_marks
from ui.address import Address
from ui.marks import (
    place_params,
    write_facts,
    write_forms,
    write_lines,
    write_mark,
    write_words,
)
from ui.paper import Node, element, link
from ui.table import write_table
from ui.words import say

Cited: TypeAlias = Mapping[int, Citation]  # by number


def write_answer(answer: Answer, asked: Address) -> list[Node]:
    """Return an answer, then its citations and its passages."""
    return [*write_statements(answer, asked), *write_sources(answer, asked)]


def write_statements(answer: Answer, asked: Address) -> list[Node]:
    """Return what an answer says, as a table where it is of many localities."""
    cited = {citation.number: citation for citation in answer.citations}
    return [
        *([element("p", _coverage(answer.coverage), css="coverage")] if answer.coverage else []),
        *([element("p", _missing(answer.missing), css="coverage")] if answer.missing else []),
        *(
            write_table(answer, asked)
            if answer.localities
            else _statements(answer.statements, cited, asked)
        ),
    ]


def write_sources(answer: Answer, asked: Address) -> list[Node]:
    """Return the citations of an answer and its passages."""
    return [
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
            element("blockquote", *write_lines(_shown(hit))),
            *([_same(hit, asked)] if hit.same else []),
        )
        for hit in hits
    ]


def _shown(hit: Hit) -> str:
    return hit.passage.text[slice(*without_marks(hit.passage.text))]


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
    place = place_params(copy.source, copy.span, asked)
    title = link("document", place, in_title_marks(copy.source.title))
    return element("span", title, element("span", *write_facts(copy.source), css="proof"))


def _statements(statements: Iterable[Statement], cited: Cited, asked: Address) -> list[Node]:
    """Return the statements, each followed by the numbers of all that it quotes."""
    return [
        element(
            "p",
            *_words(each, cited),
            *(write_mark(cited[number], asked) for number in each.citations),
            css="statement",
        )
        for each in statements
    ]


def _words(statement: Statement, cited: Cited) -> Iterator[Node]:
    """Yield the words of a statement, each quote in it with what matters shown."""
    at = 0
    for citation in (cited[number] for number in statement.citations):
        start = statement.text.find(citation.quote, at)
        if start >= 0:
            yield from write_lines(statement.text[at:start])
            yield from write_words(citation)
            at = start + len(citation.quote)
    yield from write_lines(statement.text[at:])


def _citation(citation: Citation, asked: Address) -> Node:
    return element(
        "li",
        _source(citation.source, citation.headings, citation.span, asked),
        element("div", citation.place, css="facts"),
        _pages(citation.pages, citation.confidence),
        element("blockquote", *write_words(citation)),
        *([_row(citation.cells)] if citation.cells else []),
        write_forms(citation),
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
    title = in_title_marks(source.title)
    return element(
        "div",
        link("document", place_params(source, span, asked), title, css="title"),
        element("div", *write_facts(source), css="facts"),
        element("div", " › ".join(headings), css="headings"),
        css="source",
    )


def _missing(parts: Sequence[str]) -> str:
    return say(f"未找到有关内容：{'、'.join(parts)}。")


def _coverage(coverage: Coverage) -> str:
    found = f"语料库含 {coverage.localities} 个地区，{coverage.with_answer} 个有相关表述"
    if not coverage.without:
        return say(f"{found}。")
    return say(f"{found}；其余未检出：{'、'.join(coverage.without)}。")
