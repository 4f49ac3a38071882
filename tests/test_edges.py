"""The edges of a stretch: marks of Markdown headings are left out there, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.edges import without_marks


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("### 第二章 标准", "第二章 标准"),
        ("第一条 甲。\n\n### ", "第一条 甲。"),
        ("## 第一章\n\n第一条 甲。\n\n##", "第一章\n\n第一条 甲。"),
        ("一、甲\n## 二、乙\n丙", "一、甲\n## 二、乙\n丙"),
        ("#甲", "#甲"),
        ("编号 C#", "编号 C#"),
        ("甲 ", "甲 "),
        ("### ", "### "),
        ("", ""),
    ],
)
def test_marks_at_the_edges_are_left_out(text: str, shown: str) -> None:
    assert text[slice(*without_marks(text))] == shown


@given(st.text("# \n甲。"))
def test_no_word_is_left_out(text: str) -> None:
    start, end = without_marks(text)
    assert not {"甲", "。"} & {*text[:start], *text[end:]}
