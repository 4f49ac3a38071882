"""Answers, citations and passages as nodes of a page: each quote one click from its source."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from indexer.records import Span
from retrieval.edges import without_marks
from retrieval.results import (
    Answer,
    Citation,
    Copy,
    Coverage,
    Hit,
    LocalityGroup,
    Source,
    Statement,
)
from retrieval.titles import in_title_marks
from ui.address import Address
from ui.collecting import write_collect
from ui.marks import (
    place_params,
    write_facts,
    write_forms,
    write_lines,
    write_mark,
    write_number,
    write_pieces,
    write_words,
)
from ui.paper import Node, Params, element, link
from ui.words import say

Cited: TypeAlias = Mapping[int, Citation]  # by number


def write_answer(answer: Answer, asked: Address) -> list[Node]:
    """Return an answer, then its citations and its passages."""
    return [
        *write_statements(answer, asked),
        *write_citations(answer, asked),
        element(
            "details",
            element("summary", say(f"依据（{len(answer.hits)} 段）")),
            *write_passages(answer.hits, asked),
        ),
    ]


def write_statements(answer: Answer, asked: Address) -> list[Node]:
    """Return what an answer says, in groups where it is of many localities."""
    cited = {citation.number: citation for citation in answer.citations}
    said = (
        [_locality(group, cited, asked) for group in answer.localities]
        if answer.localities
        else _statements(answer.statements, cited, asked)
    )
    return [*write_coverage(answer), *said]


def write_coverage(answer: Answer) -> list[Node]:
    """Return how many localities have something to say and which have not, and which parts of the
    question nothing was found on."""
    return [
        *([element("p", _coverage(answer.coverage), css="coverage")] if answer.coverage else []),
        *([element("p", _missing(answer.missing), css="coverage")] if answer.missing else []),
    ]


def write_citations(answer: Answer, asked: Address) -> list[Node]:
    """Return the citations of an answer, each with how it is cited."""
    return [
        element("h2", say("引用")),
        element("ol", *(_citation(each, asked) for each in answer.citations), css="citations"),
    ]


def write_basis(answer: Answer, asked: Address) -> list[Node]:
    """Return the passages that an answer was drawn from, what it quotes of them marked and
    numbered; then those that were near, too."""
    quoted = {hit.rank: _quoted(answer, hit) for hit in answer.hits}

    def words(hit: Hit) -> Iterator[Node]:
        by_span = {citation.span: citation for citation in quoted[hit.rank]}
        return mark_passage(
            hit,
            sorted(by_span),
            lambda span, quote: element(
                "span", element("mark", quote), write_number(by_span[span], asked)
            ),
        )

    sources = [hit for hit in answer.hits if quoted[hit.rank]]
    others = [hit for hit in answer.hits if not quoted[hit.rank]]
    return [
        element("p", say("答案摘自以下段落，所摘的话已标出。"), css="coverage"),
        *write_passages(sources, asked, words),
        *([element("h2", say("其他相近的段落"))] if others else []),
        *write_passages(others, asked),
    ]


def _quoted(answer: Answer, hit: Hit) -> list[Citation]:
    """Return the citations that have words of a passage."""
    return [
        citation
        for citation in answer.citations
        if citation.source.document == hit.passage.document
        and citation.span.overlaps(hit.passage.span)
    ]


def write_passages(
    hits: Iterable[Hit],
    asked: Address,
    words: Callable[[Hit], Iterable[Node]] = lambda hit: mark_passage(hit),
) -> list[Node]:
    """Return passages, each with its source, a link to where it stands, and where else it does;
    `words` are those of a passage as they are shown."""
    return [
        element(
            "article",
            _source(hit.source, hit.passage.headings, hit.passage.span, asked),
            write_pages(hit.passage.pages, None),
            element("blockquote", *words(hit)),
            _collect(hit),
            *([write_copies(hit.same, asked, may_be_more=hit.may_be_more)] if hit.same else []),
        )
        for hit in hits
    ]


def _collect(hit: Hit) -> Node:
    """Return what keeps a passage, as it is shown."""
    span = shown_span(hit)
    return write_collect(hit.source, span, _words_of(hit, span))


def mark_passage(
    hit: Hit,
    spans: Sequence[Span] = (),
    mark: Callable[[Span, str], Node] = lambda _, words: element("mark", words),
) -> Iterator[Node]:
    """Yield the words of a passage, the stretches that some spans have of it marked."""
    span = shown_span(hit)
    return write_pieces(_words_of(hit, span), span.start, spans, mark)


def shown_span(hit: Hit) -> Span:
    """Return which stretch of its document is shown of a passage."""
    start, end = without_marks(hit.passage.text)
    return Span(hit.passage.span.start + start, hit.passage.span.start + end)


def _words_of(hit: Hit, span: Span) -> str:
    start = hit.passage.span.start
    return hit.passage.text[span.start - start : span.end - start]


def write_copies(
    same: Sequence[Copy], asked: Address, *, may_be_more: bool = False, **more: str
) -> Node:
    """Return how many other documents say the same, to be opened as links to where they do; `more`
    are further parameters of these."""
    least = "至少" if may_be_more else ""
    copies = (
        element("li", _copy(copy, place_params(copy.source, copy.span, asked, **more)))
        for copy in same
    )
    return element(
        "details",
        element("summary", say(f"{least}另有 {len(same)} 份文件有同样表述")),
        element("ul", *copies),
        css="relations",
    )


def _copy(copy: Copy, place: Params) -> Node:
    title = link("document", place, in_title_marks(copy.source.title))
    return element("span", title, element("span", *write_facts(copy.source), css="proof"))


def _locality(group: LocalityGroup, cited: Cited, asked: Address) -> Node:
    said = _statements(group.statements, cited, asked)
    return element("section", element("h2", say(group.name), css="part"), *said, css="locality")


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
        write_pages(citation.pages, citation.confidence),
        element("blockquote", *write_words(citation)),
        *([_row(citation.cells)] if citation.cells else []),
        write_forms(citation),
        value=str(citation.number),
    )


def write_pages(pages: Sequence[int], confidence: float | None) -> Node:
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
        link(
            "document",
            place_params(source, span, asked),
            title,
            css="title",
            data_result="passage",
        ),
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
