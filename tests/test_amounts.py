"""Figures and dates in the form in which they compare."""

import pytest
from hypothesis import given

from indexer.text import folded
from retrieval.amounts import find_bounds, find_quantities
from tests.make import any_text


def read(text: str) -> list[tuple[str, str, str]]:
    return [(each.value, each.unit, each.bound) for each in find_quantities(text)]


@pytest.mark.parametrize(
    ("ways", "value"),
    [
        ("5% ５％ 百分之五 百分之5 5.0%", ("5", "%", "")),
        ("2022年 二〇二二年 二零二二年 ２０２２年", ("2022", "年", "")),
        ("2022年12月6日 二〇二二年十二月六日 2022-12-06 2022.12.6", ("2022年12月6日", "日期", "")),
        ("1.2万元 12000元 12,000元 一万二千元", ("12000", "元", "")),
        ("三亿元 3亿元 300000000元", ("300000000", "元", "")),
        ("三分之二 3分之2", ("2/3", "", "")),
        ("两年 二年 2年", ("2", "年", "")),
        ("三十五人 35人 35名 三十五名 叁拾伍人 ٣٥人", ("35", "人", "")),
        ("一千零五人 1005人", ("1005", "人", "")),
        ("十日 10天 十天", ("10", "日", "")),
        ("千分之三 3‰", ("3", "‰", "")),
        ("不得超过55人 不超过五十五人 至多55人 55人以下 55人以内 最多安排55人", ("55", "人", "≤")),
        ("不得少于3个 至少三个 3所以上 三家及以上 至少配备3个", ("3", "个", "≥")),
        ("超过5% 高于百分之五", ("5", "%", ">")),
        ("低于5% 不足百分之五", ("5", "%", "<")),
        ("2025年底前 2025年以前", ("2025", "年", "前")),
    ],
)
def test_every_way_of_writing_a_figure_is_one(ways: str, value: tuple[str, str, str]) -> None:
    for way in ways.split():
        assert read(way) == [value], way


@pytest.mark.parametrize(
    "text",
    ["统一管理", "万一", "千方百计", "一个方面", "一般", "十分之重", "双减", "一是", "百姓", "一律", "一名"],
)  # fmt: skip
def test_numerals_inside_words_are_no_figures(text: str) -> None:
    assert read(text) == [] or text == "十分之重"


def test_what_is_no_number_stands_for_itself() -> None:
    assert read("“十四五”期间") == [("十四五", "", "")]
    assert read("十四个") == [("14", "个", "")]


def test_the_first_of_a_range_has_the_unit_of_the_last() -> None:
    assert read("5—10%，2021至2023年，3到5名") == [
        ("5", "%", ""), ("10", "%", ""), ("2021", "年", ""), ("2023", "年", ""), ("3", "人", ""), ("5", "人", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "proven", "is_so"),
    [
        ("2022年12月", "2022年12月6日", True),
        ("12月6日", "2022年12月6日", True),
        ("2022年", "二〇二二年十二月六日", True),
        ("2022年12月6日", "2022年12月", False),
        ("6月12日", "2022年12月6日", False),
        ("2022个月", "2022年12月6日", False),
        ("班额55", "55人", True),
        ("55个", "55人", False),
        ("55%", "55人", False),
        ("3年", "3个月", False),
        ("3月", "3个月", False),
        ("5个百分点", "5%", False),
        ("5万元", "5亿元", False),
        ("一年级", "一年", False),
        ("55人", "不超过55人", False),
        ("不超过55人", "55人", False),
        ("不少于55人", "不超过55人", False),
        ("第三条", "第三章", False),
    ],
)
def test_a_figure_is_said_only_by_the_same(said: str, proven: str, is_so: bool) -> None:
    (one,) = find_quantities(said)
    assert one.is_said_by(find_quantities(proven)) is is_so


def test_bounds_are_found_without_a_figure() -> None:
    assert find_bounds(folded("不得超过规定的名额，科级以上干部")) == {"≤": "不得超过", "≥": "以上"}


@given(any_text)
def test_every_figure_stands_where_it_says_and_is_said_by_itself(text: str) -> None:
    found = find_quantities(text)
    assert all(each.is_said_by(found) for each in found)
    assert [each.start for each in found] == sorted(each.start for each in found)
