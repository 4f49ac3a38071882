"""What sort of answer a question wants."""

import pytest

from retrieval.question_types import Wanted, classify, words_across


@pytest.mark.parametrize(
    ("question", "places", "wanted"),
    [
        ("各地对大班额的要求是什么", 0, Wanted("across", "各地")),
        ("各省目标分别是多少", 0, Wanted("across", "各省")),
        ("哪几个市有补贴", 0, Wanted("across", "哪几个市")),
        ("玉溪和昭通的班额", 2, Wanted("across", "")),
        ("银川市指标到校的比例是多少", 1, Wanted("number", "比例")),
        ("白鹭市2019年和2023年分别是多少", 1, Wanted("number", "多少")),
        ("施甸县义务教育巩固率目标", 1, Wanted("number", "目标")),
        ("各市场主体的税收优惠", 0, Wanted("open", "")),
        ("找一段不得擅自变更的批复用语", 0, Wanted("wording", "找一段不得擅自变更的批复用语")),
        ("教师产假可以休多少天", 0, Wanted("number", "多少")),
        ("有没有写过不得收取品牌费的条款", 0, Wanted("wording", "有没有写过")),
        ("容缺受理的条款别处是怎么写的", 0, Wanted("wording", "怎么写")),
        ("关于托管帮扶不得收取品牌费的表述", 0, Wanted("wording", "表述")),
        ("县管校聘的原文怎么写", 0, Wanted("wording", "原文怎么写")),
        ("哪份文件的发布日期是2020年11月30日", 0, Wanted("lookup", "哪份文件的发布日期")),
        ("这份方案是什么文件", 0, Wanted("lookup", "是什么文件")),
        ("合作市怎么招生", 1, Wanted("one-place", "")),
        ("没有办学许可的幼儿园怎么处置", 0, Wanted("open", "")),
        ("几乎没有学位怎么办", 0, Wanted("open", "")),
    ],
)
def test_the_type_and_the_words_that_ask_for_it(question: str, places: int, wanted: Wanted) -> None:
    assert classify(question, False, words_across(question), places) == wanted


def test_a_document_that_is_given_makes_a_lookup() -> None:
    assert classify("某政发〔2022〕26号的标题", True, "", 0).type == "lookup"
