"""The places that a question names, in full, in short, by former names and in chains."""

import pytest

from indexer.records import Span
from retrieval.regions import Asked, at_level, find_regions, is_known

LOCALITIES = ("玉溪市", "昭通市", "施甸县", "江川区", "大理白族自治州", "北京市朝阳区", "望溪县")


@pytest.mark.parametrize(
    ("question", "known", "unknown"),
    [
        ("云南施甸的学校", ("施甸县",), ()),
        ("云南省施甸县的学校", ("施甸县",), ()),
        ("云南省保山市施甸县的学校", ("施甸县",), ()),
        ("云南和施甸", ("云南省", "施甸县"), ()),
        ("玉溪、昭通怎么做", ("玉溪市", "昭通市"), ()),
        ("江川县的学校", ("江川区",), ()),
        ("大理州教育", ("大理白族自治州",), ()),
        ("北京朝阳区的学校", ("北京市朝阳区",), ()),
        ("北京市朝阳区的学校", ("北京市朝阳区",), ()),
        ("朝阳区的学校", ("朝阳区",), ()),
        ("长春市朝阳区的学校", (), ("长春市朝阳区",)),
        ("云南红塔的学校", (), ("云南红塔",)),
        ("上海浦东新区的学校", (), ("上海浦东新区",)),
        ("襄樊市的学校", (), ("襄樊市",)),
        ("望溪县的学校", ("望溪县",), ()),
        ("墨川市的学校", (), ("墨川市",)),
        # Words, not counties, after a region.
        ("云南公安机关怎么做", ("云南省",), ()),
        ("云南新建学校", ("云南省",), ()),
        ("适应城市建设", (), ()),
        ("去超市购物", (), ()),
        ("被小区楼上扔的东西砸伤", (), ()),
        ("老旧小区加装电梯", (), ()),
        ("在墨川市办学", (), ("墨川市",)),
        ("普通市民怎么参与", (), ()),
        ("偏远地区教师补贴", (), ()),
        ("最东的省份是哪个", (), ()),
        # A short name inside other words, or of something else.
        ("昭通话怎么说", (), ()),
        ("云南人均可支配收入", ("云南省",), ()),
        ("东方艺术", (), ()),
        ("云南路小学", (), ()),
        ("玉溪路网规划", ("玉溪市",), ()),
        # The nation, only where what it issued is meant.
        ("国家机关工作人员", (), ()),
        ("国家层面有什么规定", (), ("国家层面",)),
        ("国务院印发的通知", (), ("国务院",)),
    ],
)
def test_the_places_of_a_question(
    question: str, known: tuple[str, ...], unknown: tuple[str, ...]
) -> None:
    asked = find_regions(question, LOCALITIES)
    here = [each for each in asked if is_known(each.name, LOCALITIES)]
    others = [each for each in asked if each not in here]
    assert tuple(each.name for each in here) == known
    assert tuple(question[slice(*each.span)] for each in others) == unknown


def test_a_place_says_where_it_is_named() -> None:
    assert find_regions("在云南施甸的学校", LOCALITIES) == (Asked("施甸县", Span(1, 5)),)


def test_what_is_masked_is_not_read() -> None:
    assert find_regions("，，，，的学校", LOCALITIES) == ()


def test_a_name_across_two_words_is_none() -> None:
    assert find_regions("上海南部的学校", ("海南省",)) == (Asked("上海市", Span(0, 2)),)
    assert find_regions("黄河南岸的村子", ("河南省",)) == ()


def test_a_short_name_means_the_larger_place() -> None:
    places = ("吉林省", "吉林市")
    assert [each.name for each in find_regions("吉林的学校", places)] == ["吉林省"]
    assert [each.name for each in find_regions("吉林市的学校", places)] == ["吉林市"]


def test_the_nation_is_a_place_of_a_corpus_that_has_its_documents() -> None:
    assert find_regions("国家财产受损失", ("国家", "云南省")) == ()
    assert find_regions("国家层面的要求", ("国家",)) == (Asked("国家", Span(0, 4)),)
    assert is_known("国家", ("国家",))


@pytest.mark.parametrize(
    ("name", "known"),
    [("云南省", True), ("施甸县", True), ("保山市", True), ("朝阳区", True), ("北京市", True),
     ("四川省", False), ("长春市朝阳区", False)],
)  # fmt: skip
def test_a_place_is_known_by_what_lies_in_it(name: str, known: bool) -> None:
    assert is_known(name, LOCALITIES) is known


def test_the_places_of_a_level() -> None:
    names = (
        "云南省",
        "玉溪市",
        "大理白族自治州",
        "施甸县",
        "北京市朝阳区",
        "望溪县",
        "青岚市",
        "北京市",
    )
    assert at_level(names, "省") == ["云南省", "北京市"]
    assert at_level(names, "市") == ["玉溪市", "大理白族自治州", "青岚市"]
    assert at_level(names, "县") == ["施甸县", "北京市朝阳区", "望溪县"]
    assert at_level(names, "") == list(names)
    assert at_level(("玉溪市",), "省") == ["玉溪市"]
