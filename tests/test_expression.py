"""What can be typed into the box of the exact search, and what it means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import QuestionError
from retrieval.expression import And, DocNumber, Not, Or, Phrase, parse_expression, terms

A, B, C = Phrase("学校"), Phrase("教师"), Phrase("幼儿园")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("学校", A),
        ("  学校　教师 ", And((A, B))),
        ("学校 AND 教师", And((A, B))),
        ("学校 and 教师 与 幼儿园", And((A, B, C))),
        ("学校 OR 教师", Or((A, B))),
        ("学校 Or 教师 或 幼儿园", Or((A, B, C))),
        ("学校 NOT 教师", And((A, Not(B)))),
        ("学校 非 教师", And((A, Not(B)))),
        ("学校 -教师 +幼儿园", And((A, Not(B), C))),
        ("ＮＯＴ 教师 学校", And((Not(B), A))),
        ("NOT NOT 学校", A),
        ("学校 OR 教师 幼儿园", Or((A, And((B, C))))),
        ("(学校 OR 教师) 幼儿园", And((Or((A, B)), C))),
        ("（学校 或 教师）幼儿园", And((Or((A, B)), C))),
        ("学校 NOT (教师 OR 幼儿园)", And((A, Not(Or((B, C)))))),
    ],
)
def test_an_expression_is_what_its_operators_say(typed: str, meant: object) -> None:
    assert parse_expression(typed) == meant


@pytest.mark.parametrize(
    "quoted",
    ["“{}”", '"{}"', "＂{}＂", "”{}“", "”{}”", "‘{}’", "「{}」", "『{}』", '“{}"', "〝{}〞"],
)
def test_quotation_marks_of_any_kind_make_a_phrase(quoted: str) -> None:
    assert parse_expression(quoted.format("学校 or 教师")) == Phrase("学校 or 教师")


def test_marks_of_another_kind_inside_a_phrase_are_its_words() -> None:
    assert parse_expression("「关于“双减”的通知」") == Phrase("关于“双减”的通知")
    assert parse_expression("“所称‘大班额’指”") == Phrase("所称‘大班额’指")


def test_a_phrase_parts_the_words_beside_it() -> None:
    assert parse_expression("学校“教师”幼儿园") == And((A, B, C))


@pytest.mark.parametrize(
    "word",
    [
        "国发（2022）3号",
        "办法（试行）",
        "与会",
        "或者",
        "非常",
        "android",
        "2023-05",
        "a+b",
        "+",
        "-",
    ],
)
def test_a_word_may_hold_signs_and_the_characters_of_operators(word: str) -> None:
    assert parse_expression(word) == Phrase(word)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("文号:国发", DocNumber("国发")),
        ("文号：〔2022〕", DocNumber(year=2022)),
        ("文号: 2022", DocNumber(year=2022)),
        ("文号:26", DocNumber(serial=26)),
        ("文号:26号", DocNumber(serial=26)),
        ("文号:玉教体联 2022 26", DocNumber("玉教体联", 2022, 26)),
        ("文號：國發【二〇二二】三號", DocNumber("国发", 2022, 3)),
        ("文号:国发 3", DocNumber("国发", None, 3)),
        ("发文字号:国务院令第588号", DocNumber("国务院令", None, 588)),
        ("文号:教育部公告2022年第3号", DocNumber("教育部公告", 2022, 3)),
        ("文号:府教学字第1120012345号", DocNumber("府教学字", None, 1120012345)),
        ("文号:“国发 2022”", DocNumber("国发", 2022)),
        ("文号:国发 2022 学校", And((DocNumber("国发", 2022), A))),
        (
            "(文号:国发(2022) OR 文号:国办) 学校",
            And((Or((DocNumber("国发", 2022), DocNumber("国办"))), A)),
        ),
    ],
)
def test_a_doc_number_may_be_given_by_its_parts(typed: str, meant: object) -> None:
    assert parse_expression(typed) == meant


@pytest.mark.parametrize(
    ("typed", "fact"),
    [
        ("", "检索式是空的。"),
        (" 　", "检索式是空的。"),
        ("学" * 2001, "检索式有 2001 个字，超过 2000 字的上限。"),
        ("学 " * 51, "检索式里的词超过 50 个。"),
        ("“学校", "引号不成对：“学校"),
        ("学校 「教师”", "引号不成对：「教师”"),
        ("“ ”", "引号里没有字。"),
        ("(学校 教师", "少了一个右括号。"),
        ("学校 教师)", "多了一个右括号。"),
        ("(" * 30 + "学校" + ")" * 30, "括号套得太深。"),
        ("()", "“)”前面缺少要查找的词。"),
        ("学校 AND", "“AND”后面缺少要查找的词。"),
        ("OR 学校", "“OR”前面缺少要查找的词。"),
        ("学校 AND OR 教师", "“OR”前面缺少要查找的词。"),
        ("NOT", "“NOT”后面缺少要查找的词。"),
        ("NOT 学校", "检索式只说了不要什么，几乎所有文件都符合。"),
        ("学校 OR NOT 教师", "检索式只说了不要什么，几乎所有文件都符合。"),
        ("文号:", "“文号:”后面没有可用的内容。"),
        ("文号:!", "“文号:”后面没有可用的内容。"),
        ("文号:“国发 学校”", "“国发 学校”不是文号的几个部分。"),
    ],
)
def test_what_cannot_be_searched_for_is_said_with_a_cure(typed: str, fact: str) -> None:
    with pytest.raises(QuestionError) as caught:
        parse_expression(typed)
    assert caught.value.fact == fact
    assert caught.value.cure


def test_terms_are_told_apart_by_whether_they_are_wanted() -> None:
    tree = parse_expression("学校 NOT (教师 NOT 幼儿园)")
    assert list(terms(tree)) == [A, C]
    assert list(terms(tree, wanted=False)) == [B]


@given(
    st.text(
        st.sampled_from('学校教 　()（）“”"「」‘-+:文号国发〔2022〕3andornot与或非AN'), max_size=40
    )
)
def test_whatever_is_typed_is_understood_or_refused_with_a_reason(typed: str) -> None:
    try:
        tree = parse_expression(typed)
    except QuestionError:
        return
    assert list(terms(tree))
