"""Chinese text is cut into words; a compound is followed by the words inside it."""

import pytest
from hypothesis import given

from indexer.terms import (
    bigrams,
    content_words,
    is_common_noun,
    is_ordinary_word,
    is_subject,
    normalised,
    words,
)
from indexer.text import folded
from tests.make import any_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("对大班额的要求", ["对", "大班", "班额", "大班额", "的", "要求"]),
        ("對大班額的要求", ["对", "大班", "班额", "大班额", "的", "要求"]),
        ("县管校聘", ["县管校聘"]),
        ("A-1号 3%", ["a-1", "号", "3%"]),
        ("，。！", []),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("各地对大班额的要求是什么", ["大班额"]),
        ("哪些地方提到了县管校聘", ["县管校聘"]),
        ("大班额和大班额", ["大班额"]),
        ("请问是什么", []),
    ],
)
def test_content_words_only_carry_meaning(text: str, expected: list[str]) -> None:
    assert content_words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("大班额", ["大班", "班额"]),
        ("第3条", ["第", "3", "条"]),
        ("56人及以上", ["56", "人及", "及以", "以上"]),
        ("", []),
    ],
)
def test_bigrams_need_no_dictionary(text: str, expected: list[str]) -> None:
    assert bigrams(text) == expected


def test_years_are_compared_in_digits() -> None:
    assert normalised("二〇二二年十二月") == "2022年十二月"


@given(any_text)
def test_folded_text_has_the_same_words(text: str) -> None:
    assert words(folded(text)) == words(text)
    assert bigrams(folded(text)) == bigrams(text)


def test_what_a_word_is() -> None:
    assert (is_subject("大班额"), is_subject("玉溪")) == (True, False)
    assert (is_ordinary_word("合作"), is_ordinary_word("玉溪")) == (True, False)
    assert (is_common_noun("教师"), is_common_noun("施甸")) == (True, False)
