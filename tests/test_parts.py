"""Questions of several parts: taken apart where they surely are, left alone where they may be one."""

import pytest
from hypothesis import given

from retrieval.parts import Part, split_parts
from tests.make import any_text

PLACES = ("柳溪市", "松陵县")
SPLIT = [
    (
        "县中发展提升方案由哪些单位牵头,经费谁负责",
        Part("县中发展提升方案由哪些单位牵头", "县中发展提升方案由哪些单位牵头"),
        Part("县中发展提升方案的经费谁负责", "经费谁负责"),
    ),
    (
        "教師縣管校聘由誰負責，什麼時候完成？",
        Part("教師縣管校聘由誰負責", "教師縣管校聘由誰負責"),
        Part("教師縣管校聘什麼時候完成", "什麼時候完成"),
    ),
    (
        "大班额的标准是多少，超了怎么办",
        Part("大班额的标准是多少", "大班额的标准是多少"),
        Part("大班额超了怎么办", "超了怎么办"),
    ),
    (
        "农村公路养护资金由谁承担，什么时候拨付",
        Part("农村公路养护资金由谁承担", "农村公路养护资金由谁承担"),
        Part("农村公路养护资金什么时候拨付", "什么时候拨付"),
    ),
    (
        "什么是高标准农田？其补助标准是多少？",
        Part("什么是高标准农田", "什么是高标准农田"),
        Part("高标准农田的补助标准是多少", "其补助标准是多少"),
    ),
    (
        "2023年柳溪市幼儿园的班额是多少，小学怎么规定",
        Part("2023年柳溪市幼儿园的班额是多少", "2023年柳溪市幼儿园的班额是多少"),
        Part("2023年柳溪市小学怎么规定", "小学怎么规定"),
    ),
    (
        "河长制由哪个部门牵头，什么时候完成，不达标怎么处罚",
        Part("河长制由哪个部门牵头", "河长制由哪个部门牵头"),
        Part("河长制什么时候完成", "什么时候完成"),
        Part("河长制不达标怎么处罚", "不达标怎么处罚"),
    ),
    (
        "秸秆焚烧由谁监管以及怎么处罚",
        Part("秸秆焚烧由谁监管", "秸秆焚烧由谁监管"),
        Part("秸秆焚烧怎么处罚", "怎么处罚"),
    ),
    (
        "公办园和民办园的收费标准分别是多少",
        Part("公办园的收费标准是多少", "公办园的收费标准是多少"),
        Part("民办园的收费标准是多少", "民办园的收费标准是多少"),
    ),
    (
        "柳溪市小學和初中的班額分別是多少？",
        Part("柳溪市小學的班額是多少？", "小學的班額是多少？"),
        Part("柳溪市初中的班額是多少？", "初中的班額是多少？"),
    ),
    (
        "幼儿园的班额和师生比分别是多少",
        Part("幼儿园的班额是多少", "班额是多少"),
        Part("幼儿园的师生比是多少", "师生比是多少"),
    ),
]
WHOLE = [
    "各地对大班额的要求是什么",
    "柳溪市和松陵县的班额分别是多少",  # an answer is in groups by place as it is
    "高龄津贴2019年和2023年分别是多少",
    "合作市小学和幼儿园怎么招生",
    "住宅小区配建学校、幼儿园，各地有哪些规定",
    "托班的钱能要回来一些吗",
    "供电公司线路故障造成火灾，可以请求赔钱吗",
    "合同中的债权是否真实，会影响合同效力吗",
    "阳台花盆掉下砸坏车，但不清楚是谁家的，该怎么赔",
    "能确定由哪一主体负责公开的，机关告知不属于本机关是否合法",
    "我可以转让份额吗？/份额怎么转让？",
    "就医过程中发生意外，能否认定构成事故？（两者有什么区别？）",
    "委托人和受托人的主要义务和责任分别是什么",
    "《山水记》与《田园考》分别是谁写的",
    "北方几个地区中，哪个地区最早修水渠",
    "什么时候、在哪里申请低保",
    "由谁和怎么处理",
    "未成年人打伤他人怎么赔偿\n孩子打伤同学怎么赔偿",
]


@pytest.mark.parametrize("case", SPLIT, ids=lambda case: case[0])
def test_each_part_of_a_question_is_whole_by_itself(case: tuple[str, *tuple[Part, ...]]) -> None:
    question, *parts = case
    assert split_parts(question, PLACES) == tuple(parts)


@pytest.mark.parametrize("question", WHOLE)
def test_what_may_be_one_question_is_left_as_it_is(question: str) -> None:
    assert split_parts(question, PLACES) == (Part(question, question),)


def test_more_questions_than_anyone_asks_at_once_are_left_as_they_are() -> None:
    question = "".join(f"河长制第{n}项由谁负责？" for n in "一二三四五六")
    assert split_parts(question) == (Part(question, question),)


@given(any_text)
def test_a_part_says_only_what_the_question_does(text: str) -> None:
    for part in split_parts(text):
        assert set(part.question) <= {*text, "的"}
        assert part.name in part.question or part.name in text
