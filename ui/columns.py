"""What is compared, in columns: two versions with their differences marked, answers beside each
other."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from indexer.records import Span
from retrieval.comparison import MODIFIED, Change, Comparison, Wording
from retrieval.redline import say_within, sum_up
from retrieval.results import Answer, Side, Source
from retrieval.titles import in_title_marks
from ui.address import Address, origin_params
from ui.marks import write_facts, write_lines
from ui.paper import Node, Params, element, link
from ui.quotes import write_answer, write_passages
from ui.words import say


def write_comparison(comparison: Comparison, shown: Sequence[Change], asked: Address) -> list[Node]:
    """Return how many clauses changed, and some of the clauses in columns."""
    summary = element("p", say(sum_up(comparison)), css="coverage")
    if not shown:
        return [summary, element("p", say("两份文件的条文没有差别。"))]
    base = asked.params(**origin_params())
    heads = element(
        "tr",
        element("th", say("变化"), css="kind", scope="col"),
        element("th", *_head("旧", comparison.old, base), scope="col"),
        element("th", *_head("新", comparison.new, base), scope="col"),
    )
    rows = (_row(change, comparison, base) for change in shown)
    table = element("table", element("thead", heads), element("tbody", *rows), css="versions")
    return [summary, table]


def _head(label: str, source: Source, base: Params) -> Iterator[Node]:
    yield element("span", say(f"{label}："), css="facts")
    yield _open(source, base)
    yield element("div", *write_facts(source), css="facts")


def _open(source: Source, base: Params) -> Node:
    """Return the title, which opens the document."""
    return link("document", {**base, "doc": source.document}, in_title_marks(source.title))


def _row(change: Change, comparison: Comparison, base: Params) -> Node:
    numbers = dict.fromkeys(each.number for each in (change.old, change.new) if each)
    notes = [say_within(change), "位置有变" if change.has_moved else ""]
    return element(
        "tr",
        element(
            "td",
            element(
                "div",
                element("strong", say(change.status)),
                element("div", "→".join(filter(None, numbers))),
                *(element("div", say(note), css="facts") for note in notes if note),
            ),
            css="kind",
            data_label=say("变化"),
        ),
        _cell("旧", change.old, comparison.old, _marks(change, "del"), base),
        _cell("新", change.new, comparison.new, _marks(change, "ins"), base),
    )


def _marks(change: Change, tag: str) -> tuple[str, list[Span]]:
    """Return the spans that differ, and the element that marks them on that side."""
    edits = change.edits if change.status == MODIFIED else ()
    return tag, [edit.old if tag == "del" else edit.new for edit in edits]


def _cell(
    label: str,
    wording: Wording | None,
    source: Source,
    marks: tuple[str, Sequence[Span]],
    base: Params,
) -> Node:
    if wording is None:
        return element("td", element("div", "—"), data_label=say(label), css="absent")
    start, end = map(str, wording.span)
    place = {**base, "doc": source.document, "start": start, "end": end}
    facts = [say(f"第 {'、'.join(map(str, wording.pages))} 页")] if wording.pages else []
    return element(
        "td",
        element(
            "div",
            element("span", *_marked(wording, *marks), css="wording"),
            element(
                "div",
                *(element("span", f"{fact}　") for fact in facts),
                link("document", place, say("原文")),
                css="facts",
            ),
        ),
        data_label=say(label),
    )


def _marked(wording: Wording, tag: str, marks: Sequence[Span]) -> Iterator[Node]:
    at = wording.span.start
    for mark in marks:
        yield from write_lines(wording.words_of(Span(at, mark.start)))
        if mark.start < mark.end:
            yield element(tag, *write_lines(wording.words_of(mark)))
        at = mark.end
    yield from write_lines(wording.words_of(Span(at, wording.span.end)))


def write_sides(sides: Sequence[Side], asked: Address) -> Node:
    """Return a column for each side with its answer, or that it has none."""
    columns: list[Node] = []
    cited = 0
    for side in sides:
        columns.append(element("section", *_side(side, cited, asked), css="side"))
        cited += len(side.answer.citations)
    return element("div", *columns, css="sides")


def _side(side: Side, cited: int, asked: Address) -> Iterator[Node]:
    """Yield one side; its citations are numbered on from those of the sides before it."""
    if side.source:
        yield element("h2", _open(side.source, asked.params(**origin_params())), css="part")
        yield element("div", *write_facts(side.source), css="facts")
    else:
        yield element("h2", say(side.name), css="part")
    answer = side.answer
    if not answer.refused:
        yield from write_answer(_renumbered(answer, cited), asked)
        return
    yield element("p", element("strong", say("没有找到")), css="statement")
    yield element("p", say(answer.reason), css="coverage")
    if answer.nearest:
        near = write_passages(answer.nearest, asked)
        yield element("details", element("summary", say("可能相关")), *near)


def _renumbered(answer: Answer, by: int) -> Answer:
    """Return an answer as one list of statements, with the numbers of its citations raised."""
    return replace(
        answer,
        localities=(),
        citations=tuple(replace(each, number=each.number + by) for each in answer.citations),
        statements=tuple(
            replace(each, citations=tuple(number + by for number in each.citations))
            for each in answer.statements
        ),
    )
