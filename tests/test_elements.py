"""The elements around an official document's text, each with the span that proves it."""

from dataclasses import fields

import pytest
from hypothesis import given

from indexer.elements import find_signature
from indexer.header import read_header
from indexer.records import Field, Header
from indexer.text import lines, simplify
from tests.make import cut, make_document, notice_text

NOTICE = """000012
机密★1年　　特急
云岭市人民政府办公室文件
云政办发〔2023〕15号　　　签发人：张三　李四

云岭市人民政府办公室关于印发
云岭市学位建设三年行动方案的通知

各县（市、区）人民政府，市直各委、办、局：
　　现将《方案》印发给你们，请认真执行。
　　附件：1.任务分解表
　　　　　2.进度表

云岭市人民政府办公室
二〇二三年五月六日
（此件公开发布）

附件1
任务分解表
学校 | 班数
一中 | 3

抄送：市委办公室，市人大常委会办公室，
市政协办公室。
云岭市人民政府办公室　　2023年5月7日印发
"""
TRUTH = {
    "title": "云岭市人民政府办公室关于印发云岭市学位建设三年行动方案的通知",
    "doc_number": "云政办发〔2023〕15号",
    "issuer": "云岭市人民政府办公室",
    "issued_on": "2023-05-06",
    "kind": "通知",
    "copy_number": "000012",
    "secrecy": "机密★1年",
    "urgency": "特急",
    "signer": "张三、李四",
    "addressee": "各县(市、区)人民政府,市直各委、办、局",
    "annex_note": "1.任务分解表 2.进度表",
    "signature": "云岭市人民政府办公室",
    "note": "此件公开发布",
    "copied_to": "市委办公室,市人大常委会办公室, 市政协办公室",
    "printed_by": "云岭市人民政府办公室",
    "printed_on": "2023-05-07",
    "locality": "云岭市",
}


def elements(text: str) -> dict[str, str]:
    header = make_document(text).header
    values = {field.name: getattr(header, field.name) for field in fields(Header)}
    return {name: field.value for name, field in values.items() if isinstance(field, Field)}


def test_every_element_of_a_notice_in_the_standard_form_is_read() -> None:
    assert elements(NOTICE) == TRUTH


def test_each_element_stands_where_its_span_says() -> None:
    header = make_document(NOTICE).header
    assert cut(NOTICE, header.copied_to.span).endswith("市政协办公室")
    assert cut(NOTICE, header.annex_note.span) == "1.任务分解表\n　　　　　2.进度表"
    assert cut(NOTICE, header.issued_on.span) == "二〇二三年五月六日"
    assert cut(NOTICE, header.printed_on.span) == "2023年5月7日"
    assert cut(NOTICE, header.addressee.span) == "各县（市、区）人民政府，市直各委、办、局"


def test_without_the_title_of_an_organ_its_letterhead_names_it() -> None:
    text = "云岭市人民政府文件\n云政发〔2023〕1号\n关于加强学位建设的意见\n各县人民政府：\n请执行。"
    found = elements(text)
    assert (found["issuer"], found["doc_number"]) == ("云岭市人民政府", "云政发〔2023〕1号")
    assert found["title"] == "关于加强学位建设的意见"


@pytest.mark.parametrize(
    ("above", "found"),
    [
        ("000123", {"copy_number": "000123"}),
        ("份号：000123", {"copy_number": "000123"}),
        ("0001234", {}),
        ("秘密", {"secrecy": "秘密"}),
        ("绝密★30年", {"secrecy": "绝密★30年"}),
        ("秘密★6个月 加急", {"secrecy": "秘密★6个月", "urgency": "加急"}),
        ("000001 机密 特急", {"copy_number": "000001", "secrecy": "机密", "urgency": "特急"}),
        ("秘密警察", {}),
        ("签发人：王五", {"signer": "王五"}),
        ("簽發人：欧阳某某　李四", {"signer": "欧阳某某、李四"}),
    ],
)
def test_marks_above_the_title(above: str, found: dict[str, str]) -> None:
    names = ("copy_number", "secrecy", "urgency", "signer")
    read = elements(f"{above}\n关于加强学位建设的通知\n一、做。")
    assert {name: read[name] for name in names if name in read} == found


@pytest.mark.parametrize(
    ("line", "addressee"),
    [
        ("各县（区）教育局：", "各县(区)教育局"),
        ("国务院各部委、各直属机构：", "国务院各部委、各直属机构"),
        ("省发展改革委：", "省发展改革委"),
        ("各位代表：", "各位代表"),
        ("现将有关事项通知如下：", None),
        ("各县要做好以下工作，主要内容是：", None),
        ("一、各县教育局：", None),
        ("联系电话：", None),
    ],
)
def test_the_organs_that_a_notice_is_sent_to(line: str, addressee: str | None) -> None:
    text = f"云岭市教育局关于加强学位建设的通知\n{line}\n一、做好工作。"
    assert elements(text).get("addressee") == addressee


@pytest.mark.parametrize(
    ("end", "signature", "issued_on"),
    [
        ("云岭市教育局\n2023年5月6日", "云岭市教育局", "2023-05-06"),
        ("云岭市教育局　2023年5月6日", "云岭市教育局", "2023-05-06"),
        ("云岭市教育局 云岭市财政局\n2023 年 5 月 6 日", "云岭市教育局、云岭市财政局", "2023-05-06"),
        ("云岭市教育局\n云岭市财政局\n云岭市公安局\n二〇二三年五月六日",
         "云岭市教育局、云岭市财政局、云岭市公安局", "2023-05-06"),
        ("实施期限至 2023年5月6日", None, None),
    ],
)  # fmt: skip
def test_who_signs_and_when(end: str, signature: str | None, issued_on: str | None) -> None:
    found = elements(f"关于加强学位建设的通知\n各县教育局：\n一、做。\n二、做好。\n{end}")
    assert (found.get("signature"), found.get("issued_on")) == (signature, issued_on)


@pytest.mark.parametrize("below", ["（联系人：张三，电话：123）", "（此件删减后公开）"])
def test_a_note_stands_below_the_date(below: str) -> None:
    text = f"关于学位建设的通知\n一、做。\n云岭市教育局\n2023年5月6日\n{below}\n"
    assert elements(text)["note"] == simplify(below)[1:-1]


def test_a_plan_s_years_below_the_date_are_no_note() -> None:
    text = (
        "关于印发方案的通知\n一、做。\n云岭市教育局\n2023年5月6日\n学位建设方案\n（2023—2025年）\n"
    )
    assert "note" not in elements(text)


@given(notice_text)
def test_every_field_lies_in_the_text(text: str) -> None:
    header = read_header(text, lines(text), ())
    for field in fields(Header):
        value = getattr(header, field.name)
        if isinstance(value, Field):
            assert 0 <= value.span.start < value.span.end <= len(text)


@given(notice_text)
def test_a_signature_s_organs_stand_before_its_date(text: str) -> None:
    plain = simplify(text)
    signature = find_signature(plain, lines(text), None)
    if signature is not None:
        assert all(organ.span.end <= signature.day.span.start for organ in signature.organs)
