"""What was found for a draft, as nodes: who has used its wording, and the words of each notice with
what differs from the draft marked."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from indexer.records import Span
from retrieval.precedents import (
    COME,
    GONE,
    KEPT,
    DraftSentence,
    Precedent,
    Precedents,
    say_kind,
    say_none,
)
from retrieval.results import Citation
from retrieval.titles import in_title_marks
from retrieval.usage import Usage, sum_up
from ui.address import Address
from ui.marks import place_params, write_facts, write_forms, write_lines
from ui.paper import Node, element, link
from ui.quotes import write_copies, write_pages
from ui.words import say

PRECEDENTS = "precedents"  # the `mode` by which a document knows that it was opened from here


def write_usage(sentence: DraftSentence, asked: Address) -> list[Node]:
    """Return who has used the wording of a sentence, first and last among them."""
    usage = sentence.usage
    if usage is None:
        return [element("p", say(say_none(sentence)), css="coverage")]
    said = [element("p", say(sum_up(usage)), css="usage")]
    return [*said, element("p", *_write_ends(usage, asked), css="usage")]


def write_precedents(found: Precedents, asked: Address) -> list[Node]:
    """Return the precedents of a draft of one sentence."""
    (sentence,) = found.sentences
    return [
        *_write_legend(sentence.precedents),
        *(_write_precedent(each, found.draft, asked) for each in sentence.precedents),
    ]


def write_sentences(found: Precedents, asked: Address) -> list[Node]:
    """Return what was found for each sentence of a draft, its best precedents, and the way to all
    of them."""
    shown = [each for sentence in found.sentences for each in sentence.precedents]
    return [
        element("p", say(_overview(found.sentences)), css="coverage"),
        *_write_legend(shown),
        *(
            element("section", *_write_part(number, sentence, found, asked), css="drafted")
            for number, sentence in enumerate(found.sentences, start=1)
        ),
    ]


def _overview(sentences: Sequence[DraftSentence]) -> str:
    worded = sum(sentence.usage is not None for sentence in sentences)
    meant = sum(sentence.usage is None and sentence.found > 0 for sentence in sentences)
    counts = (
        (worded, "有相同或相近的表述"),
        (meant, "只有意思相近的"),
        (len(sentences) - worded - meant, "没有找到"),
    )
    said = "，".join(f"{count} 句{words}" for count, words in counts if count)
    return f"初稿共 {len(sentences)} 句：{said}。"


def _write_part(
    number: int, sentence: DraftSentence, found: Precedents, asked: Address
) -> Iterator[Node]:
    yield element("h2", say(f"第 {number} 句"))
    yield element("p", *write_lines(sentence.text), css="draft")
    yield from write_usage(sentence, asked)
    for each in sentence.precedents:
        yield _write_precedent(each, found.draft, asked)
    if sentence.found > len(sentence.precedents):
        alone = replace(asked, question=sentence.text).params()
        words = f"单独查这一句，看全部 {sentence.found} 种表述"
        yield element("p", link("precedents", alone, say(words)))


def _write_ends(usage: Usage, asked: Address) -> Iterator[Node]:
    """Yield which documents were the first and the last to use a wording."""
    ends = {"最早：": usage.earliest, "最晚：": usage.latest}
    if usage.earliest and usage.latest and usage.earliest.source == usage.latest.source:
        ends = {"有日期的只有：" if usage.documents > 1 else "出自：": usage.earliest}
    for label, citation in ends.items():
        if citation:
            title = in_title_marks(citation.source.title)
            place = place_params(citation.source, citation.span, asked, mode=PRECEDENTS)
            facts = "，".join(filter(None, (citation.source.issued_on, citation.place)))
            yield element(
                "span", say(label), link("document", place, title), f"（{facts}）", css="end"
            )


def _write_legend(precedents: Sequence[Precedent]) -> list[Node]:
    """Return what the marks mean, where there are any."""
    if not any(each.edits for each in precedents):
        return []
    return [
        element(
            "p",
            say("标记："),
            element("ins", say("下划线加粗")),
            say("是原文有、初稿没有的字；"),
            element("del", say("删除线")),
            say("是初稿有、原文没有的字，复制时不带上；浅色是同一句里的其他文字。"),
            css="legend",
        )
    ]


def _write_precedent(precedent: Precedent, draft: str, asked: Address) -> Node:
    citation = precedent.citation
    source = citation.source
    place = place_params(source, citation.span, asked, mode=PRECEDENTS)
    title = in_title_marks(source.title)
    return element(
        "article",
        element(
            "div",
            element("span", say(say_kind(precedent)), css="likeness"),
            link("document", place, title, css="title", data_result="1"),
            element("div", *write_facts(source), css="facts"),
            element("div", citation.place, css="facts"),
            write_pages(citation.pages, citation.confidence),
            css="source",
        ),
        element("blockquote", *_write_words(precedent, draft), css="precedent"),
        write_forms(citation),
        *([write_copies(precedent.same, asked, mode=PRECEDENTS)] if precedent.same else []),
    )


def _write_words(precedent: Precedent, draft: str) -> Iterator[Node]:
    """Yield a quote: around what is like the draft paler, and in it what differs marked."""
    citation, focus = precedent.citation, precedent.focus
    yield from _write_rest(citation, Span(citation.span.start, focus.start))
    tags = {COME: "ins", GONE: "del"}
    for kind, words in precedent.pieces(draft):
        lines = write_lines(words)
        yield from lines if kind == KEPT else [element(tags[kind], *lines)]
    yield from _write_rest(citation, Span(focus.end, citation.span.end))


def _write_rest(citation: Citation, part: Span) -> list[Node]:
    words = citation.words_of(part)
    return [element("span", *write_lines(words), css="rest")] if words else []
