"""What a question asks: its topic, its places, its 文号, whether it asks across places."""

import pytest

from indexer.errors import QuestionError
from retrieval.query import MAX_QUESTION, understand

LOCALITIES = ("玉溪市", "昭通市", "合作市", "银川市", "施甸县", "望溪县")


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


def test_the_traditional_twin_is_understood_alike() -> None:
    simplified = understand("各地对小规模学校发展计划的要求", LOCALITIES)
    traditional = understand("各地對小規模學校發展計畫的要求", LOCALITIES)
    assert (traditional.plain, traditional.topic, traditional.content) == (
        simplified.plain,
        simplified.topic,
        simplified.content,
    )
