"""Passages on a page: each with its source, and with where else the same stands."""

from typing import Any

import pytest

from indexer.records import Passage, Span
from retrieval.results import Copy, Hit, Source
from ui.address import Address
from ui.quotes import write_passages

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
        "《甲市学位通知》a〔2023〕1号　2023-05-06　甲市一、目标起始年级班额不得超过45人。"
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
