"""Answers and passages on a page: each quote with its source, its card, and how it is cited."""

import json
from dataclasses import replace
from typing import Any

import pytest

from indexer.records import Passage, Span
from retrieval.basket import LONGEST_QUOTE
from retrieval.results import Answer, Citation, CitationForms, Copy, Hit, Source, Statement
from ui.address import Address
from ui.collecting import write_collect
from ui.marks import write_forms, write_mark, write_words
from ui.quotes import write_answer, write_passages

CLAUSE = "起始年级班额不得超过45人。"


def source(name: str, place: str) -> Source:
    return Source(
        f"{name}.txt", f"{place}学位通知", f"{name}〔2023〕1号", "", place, "2023-05-06", ""
    )


def found(*copies: Copy, may_be_more: bool = False) -> Hit:
    passage = Passage("a.txt", Span(0, len(CLAUSE)), CLAUSE, ("一、目标",), (), ())
    return Hit(1, 0.9, 0.9, 1.0, passage, source("a", "甲市"), copies, may_be_more)


def children(node: Any, tag: str) -> list[Any]:
    """Return the nodes of a tag at any depth."""
    if isinstance(node, str):
        return []
    inside = [each for child in node[2:] for each in children(child, tag)]
    return [node, *inside] if node[0] == tag else inside


def words(node: Any) -> str:
    return node if isinstance(node, str) else "".join(map(words, node[2:]))


def test_a_passage_without_copies_says_nothing_of_them() -> None:
    (article,) = write_passages([found()], Address())
    assert words(article) == (
        "《甲市学位通知》a〔2023〕1号　2023-05-06　甲市一、目标起始年级班额不得超过45人。放入资料篮"
    )
    assert children(article, "details") == []


@pytest.mark.parametrize(
    ("may_be_more", "said"),
    [(False, "另有 2 份文件有同样表述"), (True, "至少另有 2 份文件有同样表述")],
)
def test_copies_are_counted_and_each_is_a_link_to_where_it_stands(
    may_be_more: bool, said: str
) -> None:
    copies = (Copy(source("b", "乙市"), Span(7, 21)), Copy(source("c", "丙县"), Span(30, 44)))
    (article,) = write_passages([found(*copies, may_be_more=may_be_more)], Address("班额"))
    (details,) = children(article, "details")
    assert [words(summary) for summary in children(details, "summary")] == [said]
    assert [words(item) for item in children(details, "li")] == [
        "《乙市学位通知》b〔2023〕1号　2023-05-06　乙市",
        "《丙县学位通知》c〔2023〕1号　2023-05-06　丙县",
    ]
    assert [anchor[1]["href"] for anchor in children(details, "a")] == [
        "document?doc=b.txt&start=7&end=21&q=%E7%8F%AD%E9%A2%9D",
        "document?doc=c.txt&start=30&end=44&q=%E7%8F%AD%E9%A2%9D",
    ]


LEAD, ITEM = "有下列情形的免收停车费：", "（一）残疾人车辆，每日两小时内，最多免收十元；"
TEXT = LEAD + "\n" + ITEM


def cited(number: int, quote: str) -> Citation:
    start = TEXT.index(quote)
    where = replace(source("c", "丙县"), status="现行有效")
    return Citation(
        number,
        where,
        ("一、收费",),
        Span(start, start + len(quote)),
        quote,
        place="第一条第（一）项",
        forms=CitationForms("《办法》第一条", "办法[A/DK]. (2023).", "办法[A/DK]. 2023."),
    )


def span(part: str) -> Span:
    return Span(TEXT.index(part), TEXT.index(part) + len(part))


def answer(*citations: Citation, missing: tuple[str, ...] = ()) -> Answer:
    text = "\n".join(citation.quote for citation in citations)
    statement = Statement(text, tuple(citation.number for citation in citations))
    return Answer("?", 1.0, False, "", (statement,), citations, missing=missing)


def marked(nodes: list[Any]) -> list[tuple[str, str]]:
    """Return the pieces of a quote, each with how it is shown."""
    return [("", n) if isinstance(n, str) else (n[1]["class"], words(n)) for n in nodes]


def test_a_statement_is_followed_by_the_marks_of_all_that_it_quotes() -> None:
    nodes = write_answer(answer(cited(1, LEAD), cited(2, ITEM)), Address())
    (statement,) = [n for n in nodes if n[1].get("class") == "statement"]
    assert "".join(n for n in statement[2:] if isinstance(n, str)) == TEXT
    assert [words(n) for n in children(statement, "a")] == ["[1]", "[2]"]
    assert isinstance(statement[-3], str)  # nothing of the text comes after the first mark


def test_a_title_is_shown_in_title_marks_and_what_it_names_in_single_ones() -> None:
    titled = replace(source("a", "甲市"), title="《甲市停车办法》政策解读")
    citation = replace(cited(2, ITEM), source=titled)
    nodes = write_answer(answer(citation), Address())
    assert "《〈甲市停车办法〉政策解读》" in "".join(map(words, nodes))
    assert "《甲市停车办法》" not in "".join(map(words, nodes))


def test_a_quote_keeps_its_blank_lines_and_one_of_two_line_ends_is_out_of_sight() -> None:
    citation = replace(
        cited(1, LEAD), span=Span(0, 10), quote="甲：\n\n \n（一）乙", focus=Span(0, 2)
    )
    shown = list(write_words(citation))
    assert "".join(map(words, shown)) == citation.quote
    (rest,) = [node for node in shown if not isinstance(node, str)]
    assert rest[2:] == ["\n", ["span", {"class": "blank"}, "\n \n"], "（一）乙"]


def test_a_passage_is_shown_without_the_marks_of_the_next_heading() -> None:
    text = "第一章 总则\n\n第一条 乙。\n\n### "
    near = replace(found(), passage=replace(found().passage, text=text))
    (quote,) = children(write_passages([near], Address())[0], "blockquote")
    assert words(quote) == "第一章 总则\n\n第一条 乙。"


def test_a_mark_opens_the_quote_and_describes_itself_with_a_card() -> None:
    mark = write_mark(cited(2, ITEM), Address())
    (anchor,) = children(mark, "a")
    at = span(ITEM)
    assert anchor[1]["href"] == f"document?doc=c.txt&start={at.start}&end={at.end}"
    (card,) = [n for n in children(mark, "span") if n[1].get("role") == "tooltip"]
    assert anchor[1]["aria-describedby"] == card[1]["id"]
    assert words(card) == (
        f"{ITEM}《丙县学位通知》c〔2023〕1号　2023-05-06　丙县　现行有效第一条第（一）项"
        "再点编号，打开原文"
    )


def test_figures_are_marked_and_what_does_not_answer_is_paler_but_whole() -> None:
    citation = replace(
        cited(1, ITEM), values=(span("两小时"), span("十元")), focus=span("最多免收十元")
    )
    pieces = marked(list(write_words(citation)))
    assert "".join(piece for _, piece in pieces) == ITEM
    assert pieces == [
        ("rest", "（一）残疾人车辆，每日"),
        ("value", "两小时"),
        ("rest", "内，"),
        ("", "最多免收"),
        ("value", "十元"),
        ("rest", "；"),
    ]
    assert marked(list(write_words(cited(1, ITEM)))) == [("", ITEM)]


def test_each_form_is_copied_with_the_quote_by_a_button_of_its_own() -> None:
    *buttons, collect = children(write_forms(cited(1, LEAD)), "button")
    assert words(collect) == "放入资料篮"
    assert [(words(b), b[1]["data-copy"]) for b in buttons] == [
        ("公文格式", f"“{LEAD}”\n《办法》第一条"),
        ("GB/T 7714—2015", f"“{LEAD}”\n办法[A/DK]. (2023)."),
        ("GB/T 7714—2025", f"“{LEAD}”\n办法[A/DK]. 2023."),
    ]


def test_a_passage_is_collected_as_it_is_shown_without_the_marks_of_a_heading() -> None:
    hit = found()
    text = f"## {hit.passage.text}"
    passage = replace(hit.passage, text=text, span=Span(7, 7 + len(text)))
    (article,) = write_passages([replace(hit, passage=passage)], Address())
    kept = json.loads(children(article, "button")[0][1]["data-collect"])
    assert kept == {
        "document": hit.source.document,
        "start": 10,
        "end": 7 + len(text),
        "quote": hit.passage.text,
        "title": hit.source.title,
    }


def test_what_is_too_long_for_the_basket_has_no_button() -> None:
    quote = "长" * (LONGEST_QUOTE + 1)
    node = write_collect(source("a", "甲市"), Span(0, len(quote)), quote)
    assert (children(node, "button"), words(node)) == ([], "文字太长，放不进资料篮")


def test_parts_of_a_question_that_nothing_was_found_on_are_named() -> None:
    nodes = write_answer(answer(cited(1, LEAD), missing=("处罚", "期限")), Address())
    assert [words(n) for n in nodes if n[1].get("class") == "coverage"] == [
        "未找到有关内容：处罚、期限。"
    ]
