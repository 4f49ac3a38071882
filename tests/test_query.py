"""What a question asks: its topic, places, years, kinds and 文号, and what the reader sees of it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from opencc import OpenCC

from indexer.errors import QuestionError
from retrieval.query import MAX_QUESTION, Query
from retrieval.query import understand as understand_on
from retrieval.results import ALL, FORM, LIMIT, MISSING, PREFERENCE, Understood
from tests.make import any_text

LOCALITIES = ("玉溪市", "昭通市", "合作市", "银川市", "施甸县", "望溪县")
TODAY = date(2026, 11, 22)


def understand(question: str, localities: tuple[str, ...] = LOCALITIES, **given: Any) -> Query:
    return understand_on(question, localities, TODAY, **given)


def shown(query: Query) -> list[tuple[str, str, str]]:
    """Return the id, the words and the effect of everything that is on."""
    return [(each.id, each.text, each.effect) for each in query.understood if not each.is_off]


@pytest.mark.parametrize(
    ("question", "places", "unknown"),
    [
        ("玉溪市普通高中班额", ("玉溪市",), ()),
        ("玉溪的普通高中班额", ("玉溪市",), ()),
        ("銀川市對鄉村學校有什麼安排", ("银川市",), ()),
        ("施甸和银川的县管校聘", ("施甸县", "银川市"), ()),
        ("云南各地对大班额的要求", ("云南省",), ()),
        ("合作市怎么招生", ("合作市",), ()),
        ("校企合作怎么推进", (), ()),
        ("北京市中考体育分值", (), ("北京市",)),
        ("北京的做法", (), ("北京",)),
        ("墨川市垃圾不分类罚款多少", (), ("墨川市",)),
        ("贫困县有什么补助", (), ()),
        ("优质均衡县怎么评", (), ()),
        ("各县区学前教育目标", (), ()),
        ("城区学校大班额", (), ()),
    ],
)
def test_places_are_told_from_words(
    question: str, places: tuple[str, ...], unknown: tuple[str, ...]
) -> None:
    query = understand(question, LOCALITIES)
    assert (sorted(query.places), query.unknown_places) == (sorted(places), unknown)


@pytest.mark.parametrize(
    "question",
    [
        "各地对大班额的要求是什么",
        "哪些地方提出县管校聘",
        "各省2025年目标分别是多少",
        "哪几个市有补贴",
    ],
)
def test_a_question_across_places_is_seen(question: str) -> None:
    assert understand(question, LOCALITIES).asks_across


def test_a_question_on_one_place_does_not_ask_across() -> None:
    assert not understand("银川市指标到校的比例是多少", LOCALITIES).asks_across


@pytest.mark.parametrize(
    "written",
    [
        "玉教体联〔2022〕26号",
        "玉教体联[2022]26号",
        "玉教体联（２０２２）２６號",
        "玉教体联【2022】第26号",
    ],
)
def test_a_doc_number_is_the_same_in_any_brackets_and_digits(written: str) -> None:
    query = understand(f"{written}是什么文件", LOCALITIES)
    assert query.doc_numbers == ("玉教体联〔2022〕26号",)
    assert query.content == ()


def test_dates_and_index_numbers_are_read() -> None:
    query = understand("索引号01525914-6-/2020-1130003的文件是2020年11月30日发布的吗", LOCALITIES)
    assert query.index_numbers == ("01525914-6-/2020-1130003",)
    assert query.dates == ("2020-11-30",)


def test_words_that_only_ask_carry_no_meaning() -> None:
    assert understand("各地对大班额的要求是什么", LOCALITIES).content == ("大班额",)


@pytest.mark.parametrize(
    ("question", "fact"),
    [
        ("", "问题是空的。"),
        (" \n\t　", "问题是空的。"),
        ("？！……，。", "问题里没有可以检索的文字。"),
        ("班" * (MAX_QUESTION + 1), "超过 2000 字的上限。"),
        ("班" * 10_000, "问题有 10000 个字"),
    ],
)
def test_a_question_that_cannot_be_asked_says_why(question: str, fact: str) -> None:
    with pytest.raises(QuestionError) as error:
        understand(question, LOCALITIES)
    assert fact in error.value.fact
    assert error.value.cure


UNDERSTOOD = [
    ("施甸县2021年义务教育巩固率目标", [
        ("place:施甸县", "施甸县", LIMIT), ("year:2021", "2021年", PREFERENCE),
        ("type:number", "目标", FORM)]),
    ("云南各地对大班额的要求", [("place:云南省", "云南", LIMIT), ("type:across", "各地", FORM)]),
    ("云南各州市的班额目标", [
        ("place:云南省", "云南", LIMIT), ("place:各州市", "各州市", FORM),
        ("type:across", "各州", FORM)]),
    ("西部省份的大班额要求", [
        ("place:西部", "西部省份", LIMIT), ("type:across", "西部省份", FORM)]),
    ("长三角各地的托育收费", [
        ("place:长三角", "长三角各地", MISSING), ("type:across", "各地", FORM)]),
    ("杭州市普惠托育怎么收费", [("place:杭州市", "杭州市", MISSING)]),
    ("近三年各地出台的关于大班额的通知", [
        ("year:2023-", "近三年", LIMIT), ("kind:通知", "通知", LIMIT), ("type:across", "各地", FORM)]),
    ("云南省的实施意见里对班额怎么规定", [
        ("place:云南省", "云南省", LIMIT), ("kind:实施意见", "实施意见", LIMIT)]),
    ("2019年和2023年的津贴", [("year:2019", "2019年", PREFERENCE), ("year:2023", "2023年", PREFERENCE)]),
    ("“十四五”期间的大班额", [("year:2021-2025", "“十四五”期间", PREFERENCE)]),
    ("关于托管帮扶不得收取品牌费的表述", [("type:wording", "表述", FORM)]),
    ("玉教体联〔2022〕26号是什么文件", [("type:lookup", "是什么文件", FORM)]),
    ("玉教体联〔2022〕26号印发的通知由谁负责", []),
    ("《云南省教育条例》规定了什么", []),
    ("2023年4月21日发布的是哪一份方案", [("type:lookup", "是哪一份方案", FORM)]),
    ("没有办学许可的幼儿园怎么处置", []),
    ("国家机关工作人员", []),
]  # fmt: skip


@pytest.mark.parametrize(("question", "expected"), UNDERSTOOD)
def test_what_is_understood(question: str, expected: list[tuple[str, str, str]]) -> None:
    assert shown(understand(question)) == expected


@pytest.mark.parametrize("question", [question for question, _ in UNDERSTOOD])
def test_the_traditional_twin_is_understood_alike(question: str) -> None:
    twin = understand(OpenCC("s2t").convert(question))
    assert replace(twin, text=question) == understand(question)


def test_a_question_is_understood_whole() -> None:
    assert understand("西部省份近三年印发的通知里，国中班额多少人") == Query(
        text="西部省份近三年印发的通知里，国中班额多少人",
        plain="西部省份近三年印发的通知里,国中班额多少人",
        topic="印发的通知里,国中班额多少人",
        content=("印发", "班额"),
        doc_numbers=(),
        index_numbers=(),
        dates=(),
        places=("云南省", "甘肃省", "宁夏回族自治区"),
        unknown_places=(),
        asks_across=True,
        level="",
        years=(2023, 2026),
        years_limit=True,
        kinds=("通知",),
        question_type="across",
        fields=(),
        looks_up=True,
        understood=(
            Understood(
                "place",
                "西部",
                "西部省份",
                LIMIT,
                "内蒙古、广西、重庆、四川、贵州、云南、西藏、陕西、甘肃、青海、宁夏、新疆"
                "；依据国家统计局《东西中部和东北地区划分方法》（2011年6月13日）",
            ),
            Understood("year", "2023-", "近三年", LIMIT),
            Understood("kind", "通知", "通知", LIMIT),
            Understood("type", "across", "西部省份", FORM),
        ),
    )


def test_what_is_switched_off_is_words_again() -> None:
    question = "施甸2020年以来印发的通知有哪些"
    query = understand(question, ignored=("place:施甸县", "year:2020-"))
    assert (query.places, query.years, query.years_limit, query.kinds) == (
        (),
        None,
        False,
        ("通知",),
    )
    assert "施甸" in query.topic and "2020年以来" in query.topic
    assert [(each.id, each.is_off) for each in query.understood] == [
        ("place:施甸县", True), ("year:2020-", True), ("kind:通知", False)]  # fmt: skip


def test_everything_can_be_switched_off_at_once() -> None:
    query = understand("西部省份去年印发的通知分别怎么写", ignored=(ALL,))
    assert (query.places, query.years, query.kinds, query.looks_up) == ((), None, (), False)
    assert (query.asks_across, query.question_type) == (False, "open")
    assert query.topic == query.plain
    assert all(each.is_off for each in query.understood)


def test_a_place_that_the_corpus_lacks_can_be_switched_off() -> None:
    assert understand("杭州市普惠托育，杭州市的标准").unknown_places == ("杭州市",)
    assert understand("杭州市普惠托育", ignored=("place:杭州市",)).unknown_places == ()


def test_a_corpus_without_places_is_not_asked_for_any() -> None:
    query = understand("北京市中考体育分值", ())
    assert (query.places, query.unknown_places, query.topic) == ((), (), "北京市中考体育分值")


def test_a_bare_region_limits_only_a_corpus_of_places() -> None:
    question = "西部地区的大班额要求"
    assert understand(question).places == ("云南省", "甘肃省", "宁夏回族自治区")
    assert understand(question, ("国家", "云南省")).places == ()
    assert understand(question, ("上海市",)).unknown_places == ()


def test_the_years_that_limit_count_before_those_that_are_named() -> None:
    query = understand("去年印发的文件里2030年的目标")
    assert (query.years, query.years_limit) == ((2025, 2025), True)


@given(any_text)
@example("各地" * 1000)
@example("“十四五”" * 300)
@example("关于" * 900 + "的通知")
def test_any_text_is_understood_or_said_to_be_no_question(text: str) -> None:
    try:
        query = understand(text)
    except QuestionError:
        return
    assert len(query.plain) == len(query.text)
    assert query.topic
    off = understand(text, ignored=[each.id for each in query.understood])
    assert all(
        each.is_off for each in off.understood if each.id in {e.id for e in query.understood}
    )
    assert not off.places and not off.unknown_places and not off.kinds and off.years is None


_PHRASES = st.sampled_from(
    "近三年 去年 2020年以来 2021—2023年 “十四五” 云南 施甸县 西部省份 长三角 各州市 各地 印发的 出台了哪些 "
    "关于大班额的通知 实施意见里 哪些办法规定 国家层面 《云南省条例》 玉教体联〔2022〕26号 怎么写 多少 ， 。 的".split()
)


@given(st.lists(_PHRASES, min_size=1, max_size=6).map("".join))
def test_limits_do_not_overlap_and_their_words_stand_in_the_question(question: str) -> None:
    try:
        query = understand(question)
    except QuestionError:
        return
    assert all(each.text in query.plain for each in query.understood)
    assert len({each.id for each in query.understood}) == len(query.understood)
