"""What differs between two texts is marked at its place, and how much is the same is counted."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.records import Span
from indexer.text import fold, folded
from retrieval.differences import cut_signs, find_edits, share_same
from tests.make import any_text, characters


def marked(old: str, new: str, **how: bool) -> list[tuple[str, str]]:
    return [(old[slice(*e.old)], new[slice(*e.new)]) for e in find_edits(old, new, **how)]


def between(text: str, marks: Sequence[Span]) -> list[str]:
    """What stands between some marks of a text, folded in its place."""
    whole = fold(text)
    bounds = [0, *(offset for mark in marks for offset in mark), len(text)]
    gaps = list(zip(bounds[::2], bounds[1::2], strict=True))
    pairs = list(zip(whole.text, whole.starts.tolist(), strict=False))
    return ["".join(c for c, at in pairs if start <= at < end).strip() for start, end in gaps]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("每班不超过45人", "每班不得超过50人", [("不", "不得"), ("45", "50")]),
        ("由教育局负责落实", "由教育部门负责实施", [("教育局", "教育部门"), ("落实", "实施")]),
        ("学校应该公示收费标准", "学校应当公示收费标准", [("应该", "应当")]),
        ("占比达到百分之九十五", "占比达到百分之八十", [("百分之九十五", "百分之八十")]),
        ("完成率3.5%以上", "完成率12%以上", [("3.5%", "12%")]),
        ("加强督导检查", "加強督導檢查", []),
    ],
)
def test_marks_fall_on_words_and_numbers_are_whole(
    old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    assert marked(old, new, by_words=True) == expected


def test_without_words_a_single_character_is_marked() -> None:
    assert marked("学校应该公示", "学校应当公示") == [("该", "当")]


texts = st.text(
    st.one_of(st.sampled_from("大班额比例控制在三百45%以内，。；应当不得㎡ ①abc"), characters),
    max_size=60,
)


@given(texts, texts, st.booleans())
def test_what_is_between_the_marks_is_the_same(old: str, new: str, by_words: bool) -> None:
    edits = list(find_edits(old, new, by_words=by_words))
    assert between(old, [e.old for e in edits]) == between(new, [e.new for e in edits])
    for one, following in pairwise(edits):
        assert one.old.end <= following.old.start and one.new.end <= following.new.start


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("三十日内办结", "30日内办结"),
        ("占比达百分之五", "占比達5%"),
        ("经市、县同意，可以办理。", "经市县同意可以办理"),
        ("二〇二三年", "2023年"),
    ],
)
def test_punctuation_and_ways_of_writing_numbers_do_not_count(one: str, other: str) -> None:
    assert share_same(cut_signs(folded(one)), cut_signs(folded(other))) == 1


def test_numbers_that_are_too_large_to_read_are_compared_as_written() -> None:
    assert cut_signs("三亿元") == ["三亿", "元"]
    assert share_same(cut_signs("投资三亿元"), cut_signs("投资五亿元")) == 0.75


def common(a: Sequence[str], b: Sequence[str]) -> int:
    """The longest common subsequence as a textbook has it."""
    row = [0] * (len(b) + 1)
    for one in a:
        above = row[:]
        for at, other in enumerate(b, start=1):
            row[at] = above[at - 1] + 1 if one == other else max(row[at - 1], above[at])
    return row[-1]


@given(
    st.lists(st.sampled_from("abcd"), max_size=70), st.lists(st.sampled_from("abcd"), max_size=70)
)
def test_the_share_is_that_of_the_longest_common_subsequence(a: list[str], b: list[str]) -> None:
    expected = 2 * common(a, b) / (len(a) + len(b)) if a or b else 1.0
    assert share_same(a, b) == expected


@given(any_text)
def test_a_text_is_the_same_as_itself(text: str) -> None:
    signs = cut_signs(folded(text))
    assert share_same(signs, signs) == 1
    assert not list(find_edits(text, text, by_words=True))
