"""A kept quote is what stands in the index today, or is said not to be."""

from dataclasses import replace

import pytest

from indexer.errors import DocumentMissing
from indexer.records import Document, Span
from retrieval.basket import (
    LONGEST_NOTE,
    LONGEST_QUOTE,
    MOST_ITEMS,
    Item,
    Kept,
    find_kept,
    read_items,
)
from retrieval.results import Source
from tests.make import make_document, span_of

TEXT = """鹤汀市教育局关于规范校园用水管理的通知

鹤教发〔2024〕7号

一、总体要求
各校每学期检修一次供水管道，并公布结果。
二、保障措施
各校每年至少开展两次节水宣传，并公布结果。

鹤汀市教育局
2024年3月5日
"""
WORDS = "各校每年至少开展两次节水宣传，并公布结果。"
TWICE = "，并公布结果。"


def keep(words: str, text: str = TEXT, name: str = "a.txt", note: str = "") -> Item:
    return Item(name, span_of(text, words), words, "收录时的标题", note)


def look_up(item: Item, *documents: Document) -> Kept:
    by_id = {document.id: document for document in documents}

    def fetch(name: str) -> Document:
        if name not in by_id:
            raise DocumentMissing(f"没有“{name}”。", "")
        return by_id[name]

    def source(name: str) -> Source:
        document = by_id[name]
        return Source(name, document.title, "", "", "", "2024-03-05", "")

    (kept,) = find_kept([item], fetch, source)
    return kept


def test_words_that_stand_where_they_stood_are_cited() -> None:
    document = make_document(TEXT)
    kept = look_up(keep(WORDS), document)
    assert kept.state == "there"
    assert kept.citation and kept.whole
    assert (kept.citation.quote, kept.citation.span) == (WORDS, span_of(TEXT, WORDS))
    assert kept.citation.source.title == document.title
    assert kept.citation.headings == ("二、保障措施",)
    assert (
        kept.citation.forms.official
        == "《鹤汀市教育局关于规范校园用水管理的通知》（鹤教发〔2024〕7号）第二部分"
    )
    assert kept.whole.official == "《鹤汀市教育局关于规范校园用水管理的通知》（鹤教发〔2024〕7号）"


def test_words_that_moved_are_cited_where_they_stand_now() -> None:
    changed = TEXT.replace("一、总体要求\n", "一、总体要求\n学校是用水管理的责任主体。\n")
    kept = look_up(keep(WORDS), make_document(changed))
    assert kept.state == "moved"
    assert kept.citation and kept.citation.span == span_of(changed, WORDS)


@pytest.mark.parametrize(
    "changed",
    [
        TEXT.replace("两次", "三次"),
        TEXT.replace("二、保障措施", f"{WORDS}\n二、保障措施"),
        "鹤汀市\n",
    ],
    ids=["reworded", "twice elsewhere", "shorter than where they stood"],
)
def test_words_that_are_gone_or_stand_at_several_places_are_not_cited(changed: str) -> None:
    assert look_up(keep(WORDS), make_document(changed)) == Kept(keep(WORDS), "changed")


def test_words_that_stand_twice_are_cited_where_they_were_kept() -> None:
    second = TEXT.rindex(TWICE)
    item = Item("a.txt", Span(second, second + len(TWICE)), TWICE, "题")
    kept = look_up(item, make_document(TEXT))
    assert kept.citation and kept.citation.span == item.span


def test_words_whose_document_is_gone_are_not_cited() -> None:
    assert look_up(keep(WORDS)) == Kept(keep(WORDS), "gone")


ENTRY = {"document": "a.txt", "start": 3, "end": 6, "quote": "一二三", "title": "题", "note": "记"}


def test_what_a_browser_keeps_is_read_in_its_order() -> None:
    other = {**ENTRY, "document": "b.txt"}
    del other["note"]
    assert read_items([other, ENTRY]) == (
        (
            Item("b.txt", Span(3, 6), "一二三", "题"),
            Item("a.txt", Span(3, 6), "一二三", "题", "记"),
        ),
        0,
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"document": 5}, {"document": ""}, {"document": None}, {"document": "d" * 5000}, {"start": -3, "end": 0},
        {"start": "3"}, {"start": True, "end": 4}, {"start": 3.0}, {"end": 7}, {"end": 2}, {"end": 10**30},
        {"quote": ""}, {"quote": ["一二三"]}, {"quote": "一\ud800三"}, {"title": 1}, {"title": ""}, {"note": 1},
        {"note": None}, {"note": "记" * (LONGEST_NOTE + 1)}, {"note": "\udfff"},
        {"quote": "字" * (LONGEST_QUOTE + 1), "end": LONGEST_QUOTE + 4},
    ],
)  # fmt: skip
def test_an_entry_with_another_type_or_size_is_no_item(changed: dict[str, object]) -> None:
    assert read_items([{**ENTRY, **changed}, ENTRY]) == (read_items([ENTRY])[0], 1)


@pytest.mark.parametrize("name", ["document", "start", "end", "quote", "title"])
def test_an_entry_with_something_missing_is_no_item(name: str) -> None:
    assert read_items([{key: value for key, value in ENTRY.items() if key != name}]) == ((), 1)


@pytest.mark.parametrize("told", [None, {}, "items", 7, {"0": ENTRY}])
def test_what_is_no_list_holds_no_item(told: object) -> None:
    assert read_items(told) == ((), 0)


def test_entries_of_one_place_are_one_item_and_no_more_are_read_than_the_most() -> None:
    assert read_items([ENTRY, ENTRY, None, [ENTRY]])[1] == 3
    many = [{**ENTRY, "start": at, "end": at + 3} for at in range(MOST_ITEMS + 4)]
    items, rest = read_items(many)
    assert (len(items), rest) == (MOST_ITEMS, 4)


def test_the_title_of_what_is_cited_is_the_documents_and_not_the_kept_one() -> None:
    item = replace(keep(WORDS), title="别的标题")
    kept = look_up(item, make_document(TEXT))
    assert kept.citation and kept.citation.source.title == "鹤汀市教育局关于规范校园用水管理的通知"
