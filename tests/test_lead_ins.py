"""Each item of a list knows the sentence that introduces it, and nothing else has one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.chunking import cut_passages
from indexer.errors import ReadError
from indexer.lead_ins import find_lead_ins
from indexer.records import Document, LeadIn, Span
from tests.make import any_text, cut, make_document, notice_text, span_of


def introduced(text: str) -> list[tuple[str, str | None]]:
    """Each sentence of a notice below its title, and the lead-in it has."""
    found: list[tuple[str, str | None]] = []
    for passage in cut_passages(make_document(text), len, 500):
        lead_ins = passage.lead_ins or (None,) * len(passage.sentences)
        for quote, lead_in in zip(passage.quotes(), lead_ins, strict=True):
            found.append((quote, lead_in.words if lead_in else None))
    return found[1:]


def test_the_items_of_a_numbered_list_have_its_lead_in() -> None:
    assert introduced(
        "松陵县关于发放津贴的通知\n现就津贴发放通知如下。\n津贴按下列标准按月发放：\n"
        "（一）满80周岁的，每月100元；\n（二）满90周岁的，每月200元。"
    ) == [
        ("现就津贴发放通知如下。", None),
        ("津贴按下列标准按月发放：", None),
        ("（一）满80周岁的，每月100元；", "津贴按下列标准按月发放："),
        ("（二）满90周岁的，每月200元。", "津贴按下列标准按月发放："),
    ]


def test_a_list_ends_where_a_number_of_its_lead_ins_own_rank_begins() -> None:
    assert introduced(
        "松陵县津贴管理办法\n第五条 申请人应当符合下列条件：\n（一）有本县户籍；\n（二）年满80周岁。\n"
        "第六条 逾期申领的，不予补发。\n（一）本条也不例外。"
    ) == [
        ("第五条 申请人应当符合下列条件：", None),
        ("（一）有本县户籍；", "第五条 申请人应当符合下列条件："),
        ("（二）年满80周岁。", "第五条 申请人应当符合下列条件："),
        ("第六条 逾期申领的，不予补发。", None),
        ("（一）本条也不例外。", None),
    ]


def test_items_of_an_inner_list_have_the_nearest_lead_in_and_then_the_outer_one_goes_on() -> None:
    assert introduced(
        "松陵县关于津贴的通知\n申请按下列办法办理：\n（一）提交材料，下列任选一种：\n"
        "1.身份证，原件；\n2.户口簿，原件；\n（二）到乡镇登记，当天办结。"
    ) == [
        ("申请按下列办法办理：", None),
        ("（一）提交材料，下列任选一种：", "申请按下列办法办理："),
        ("1.身份证，原件；", "（一）提交材料，下列任选一种："),
        ("2.户口簿，原件；", "（一）提交材料，下列任选一种："),
        ("（二）到乡镇登记，当天办结。", "申请按下列办法办理："),
    ]


def test_a_list_without_numbers_goes_on_to_its_first_full_stop() -> None:
    assert introduced(
        "松陵县关于津贴的通知\n有下列情形之一的，停发津贴：\n户籍迁出本县的；\n虚报年龄的；\n死亡的。\n"
        "停发次月生效。"
    ) == [
        ("有下列情形之一的，停发津贴：", None),
        ("户籍迁出本县的；", "有下列情形之一的，停发津贴："),
        ("虚报年龄的；", "有下列情形之一的，停发津贴："),
        ("死亡的。", "有下列情形之一的，停发津贴："),
        ("停发次月生效。", None),
    ]


def test_a_text_that_no_item_follows_is_not_introduced() -> None:
    assert introduced(
        "松陵县关于津贴的通知\n为了解情况，县里开展了调查：\n调查用时一年。\n结果已经公布。"
    ) == [
        ("为了解情况，县里开展了调查：", None),
        ("调查用时一年。", None),
        ("结果已经公布。", None),
    ]


@pytest.mark.parametrize("first", ["为做好工作，现通知如下。", "一、加快审核，不得拖延。"])
def test_whom_a_notice_is_sent_to_introduces_nothing(first: str) -> None:
    text = f"松陵县关于津贴的通知\n各乡镇人民政府：\n{first}\n请认真执行。"
    assert [lead_in for _, lead_in in introduced(text)] == [None, None, None]


def test_what_an_answer_begins_with_introduces_nothing() -> None:
    assert introduced("津贴问答\n问：怎么申领？\n答：\n到乡镇登记；\n当天办结。") == [
        ("答：", None),
        ("到乡镇登记；", None),
        ("当天办结。", None),
    ]


def test_a_lead_in_above_headings_introduces_all_that_stands_below_them() -> None:
    assert introduced(
        "松陵县2025年政府工作报告\n一年来的主要工作是：\n（一）稳增长\n新增就业5万人。粮食增产一成。\n"
        "（二）惠民生\n新建公园三座。\n二、今后工作\n新建学校五所。"
    ) == [
        ("一年来的主要工作是：", None),
        ("新增就业5万人。", "一年来的主要工作是："),
        ("粮食增产一成。", "一年来的主要工作是："),
        ("新建公园三座。", "一年来的主要工作是："),
        ("新建学校五所。", None),
    ]


def test_the_rows_of_a_table_have_the_sentence_above_it() -> None:
    assert introduced(
        "松陵县关于学位的通知\n学位按下表安排：\n学校 | 学位\n滨河学校 | 240\n云岭学校 | 300"
    ) == [
        ("学位按下表安排：", None),
        ("滨河学校 | 240", "学位按下表安排："),
        ("云岭学校 | 300", "学位按下表安排："),
    ]


def test_a_longer_sentence_with_a_colon_is_a_text_of_its_own() -> None:
    long = "为" + "进一步" * 70 + "做好工作，要求如下："
    assert [found for _, found in introduced(f"松陵县关于津贴的通知\n{long}\n一是审核；")] == [
        None,
        None,
    ]


def test_items_have_their_lead_in_whatever_passage_they_are_cut_into() -> None:
    text = "松陵县关于津贴的通知\n津贴按下列标准按月发放：\n" + "\n".join(
        f"{n}.满{n}0周岁的，每月{n}00元；" for n in range(1, 10)
    )
    passages = cut_passages(make_document(text), len, 40)
    found = [lead_in for passage in passages for lead_in in passage.lead_ins if lead_in]
    lead_in = LeadIn(span_of(text, "津贴按下列标准按月发放："), "津贴按下列标准按月发放：")
    assert len(passages) > 3
    assert found == [lead_in] * 9


def check_lead_ins(document: Document, sentences: list[Span]) -> None:
    found = list(find_lead_ins(document, sentences))
    assert len(found) == len(sentences)
    for sentence, lead_in in zip(sentences, found, strict=True):
        if lead_in:
            assert lead_in.span in sentences
            assert lead_in.span.end <= sentence.start
            assert lead_in.words == cut(document.text, lead_in.span)
            assert lead_in.words.endswith((":", "："))


_LISTS = st.lists(
    st.sampled_from(
        (
            "津贴按下列标准发放：",
            "（一）申请材料包括下列各项：",
            "第五条 应当符合下列条件：",
            "各乡镇人民政府：",
            "一、津贴标准",
            "（二）满90周岁的，200元；",
            "1.身份证，原件；",
            "户籍迁出的；",
            "死亡的。",
            "一小 | 240",
            "以上标准每年调整。另行公布。",
            "",
        )
    ),
    max_size=20,
).map(lambda lines: "\n".join(("松陵县关于津贴的通知", *lines)))


@given(st.one_of(_LISTS, notice_text, any_text), st.integers(10, 90))
def test_a_lead_in_is_a_sentence_of_the_same_document_above_its_items(
    text: str, limit: int
) -> None:
    try:
        document = make_document(text)
    except ReadError:
        return
    passages = cut_passages(document, len, limit)
    check_lead_ins(document, [span for passage in passages for span in passage.sentences])
    for passage in passages:
        assert len(passage.lead_ins) in (0, len(passage.sentences))
        assert not passage.lead_ins or any(passage.lead_ins)
