"""Figures of a text, each with its bounds, and those of a quote that a question asks for."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from opencc import OpenCC

from indexer.records import Span
from retrieval.figures import asked_figures, asked_values, fitting_figures, wants_figure
from retrieval.measures import Measure, find_figures
from retrieval.query import Query, understand
from tests.make import any_text, cut

TODAY = date(2025, 6, 1)
_PIECES = (
    "不少于", "不得超过", "力争达到", "至少", "约", "3", "１２", "5.5", "1,200", "三", "一百二十", "两", "十余", "数百", "半",
    "万", "亿", "%", "％", "个", "人", "名", "所", "元", "年", "个月", "工作日", "平方米", "岁", "课时", "百分点", "倍",
    "以上", "以下", "左右", "内", "—", "至", "到", "、", "，", "。", "；", ":", "1:5", "1∶12.5", "三分之一", "百分之",
    "2025年", "6月底前", "二〇二五年", "第", "（二）", "〔2022〕26号", "“十四五”", "班额", "增长", "\n", " ",
)  # fmt: skip
clause = st.lists(st.sampled_from(_PIECES), max_size=14).map("".join)
FULL = {ord(c): ord(c) + 0xFEE0 for c in "0123456789%.:-"}


def query(question: str) -> Query:
    return understand(question, ("松陵县", "柳溪市"), TODAY)


def found(text: str) -> list[str]:
    return [cut(text, figure.span) for figure in find_figures(text)]


def asked(question: str, text: str) -> list[str]:
    return [cut(text, span) for span in asked_figures(query(question), text, find_figures(text))]


@pytest.mark.parametrize(
    ("text", "figure", "numbers", "unit", "measure"),
    [
        ("增长5.0%—5.5%，争取更好", "5.0%—5.5%", (5.0, 5.5), "%", "share"),
        ("提高2个百分点", "2个百分点", (2.0,), "个百分点", "share"),
        ("按1∶12.5配备", "1∶12.5", (1.0, 12.5), "", "share"),
        ("三分之一以上的代表", "三分之一以上", (1 / 3,), "", "share"),
        ("百分之五至百分之十", "百分之五至百分之十", (5.0, 10.0), "%", "share"),
        ("为上年的两倍", "两倍", (2.0,), "倍", "share"),
        ("新增岗位50万人以上", "50万人以上", (500_000.0,), "人", "people"),
        ("每班不超过45人", "不超过45人", (45.0,), "人", "people"),
        ("每班45人（含）以下", "45人（含）以下", (45.0,), "人", "people"),
        ("至少配备一名专职教师", "至少配备一名", (1.0,), "名", "people"),
        ("建成5至6个站点", "5至6个", (5.0, 6.0), "个", "count"),
        ("数百家商户", "数百家", (), "家", "count"),
        ("三五个人选", "三五个", (3.0, 5.0), "个", "count"),
        ("覆盖10县", "10县", (10.0,), "县", "count"),
        (
            "处二万元以上十万元以下罚款",
            "二万元以上十万元以下",
            (20_000.0, 100_000.0),
            "元",
            "money",
        ),
        ("約30餘萬元補助", "約30餘萬元", (300_000.0,), "元", "money"),
        ("人均1,200.5元", "1,200.5元", (1200.5,), "元", "money"),
        ("一亿二千万元", "一亿二千万元", (120_000_000.0,), "元", "money"),
        ("16.8万元/人左右", "16.8万元/人左右", (168_000.0,), "元", "money"),
        ("自受理起20个工作日内", "20个工作日内", (20.0,), "个工作日", "time"),
        ("任期五年。", "五年", (5.0,), "年", "time"),
        ("三至五年内建成", "三至五年内", (3.0, 5.0), "年", "time"),
        ("半年内完成", "半年内", (0.5,), "", "time"),
        ("力争2025年6月底前建成", "2025年6月底前", (), "", "date"),
        ("馆舍2023年实现首次开放", "2023年", (), "", "date"),
        ("2021—2025年实施", "2021—2025年", (), "", "date"),
        ("二〇二五年十二月三十一日前报送", "二〇二五年十二月三十一日前", (), "", "date"),
        ("每日22时至次日6时禁行", "22时至次日6时", (), "", "date"),
        ("每日十八时至次日六时禁行", "十八时至次日六时", (), "", "date"),
        ("面积不低于15平方米/生", "不低于15平方米/生", (15.0,), "平方米", "area"),
        ("宽度3.5米以上", "3.5米以上", (3.5,), "米", "length"),
        ("产量80万吨左右", "80万吨左右", (800_000.0,), "吨", "weight"),
        ("不满十四周岁的", "不满十四周岁", (14.0,), "周岁", "age"),
        ("每周2课时", "2课时", (2.0,), "课时", "lessons"),
        ("得分60分以上", "60分以上", (60.0,), "分", "score"),
        ("校数 | 45 |", "45", (45.0,), "", "number"),
    ],
)
def test_a_figure_has_its_bounds_its_numbers_and_its_unit(
    text: str, figure: str, numbers: tuple[float, ...], unit: str, measure: Measure
) -> None:
    assert [(cut(text, f.span), f.numbers, f.unit, f.measure) for f in find_figures(text)] == [
        (figure, numbers, unit, measure)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "第三条规定", "第十一至十五条", "（二）加强管理", "一、总体要求", "1.加强领导", "2．按时报送", "青政办〔2022〕26号",
        "“十四五”规划", "两免一补", "“三个十”行动", "一校一策", "九年义务教育", "学前三年毛入园率", "三年行动计划", "三级医院",
        "六年级", "十分重视", "一方面", "一个办法", "前三名", "5G网络", "A4纸", "GB/T 50001-2010", "0870-1234567",
        "二期工程", "参见［19］", "2024年度总结",
        "对照市里2024年工作要点", "一时难以解决", "分三时段巡查",
    ],
)  # fmt: skip
def test_a_number_that_names_or_orders_is_no_figure(text: str) -> None:
    assert found(text) == []


def test_an_aim_and_a_full_width_comma_part_figures() -> None:
    assert found("增长7%以上、力争达到8%，分别为50，100名") == [
        "7%以上",
        "力争达到8%",
        "50",
        "100名",
    ]


@given(st.one_of(any_text, clause))
@example("１，２００元")
def test_figures_lie_in_the_text_in_order_and_apart(text: str) -> None:
    spans = [figure.span for figure in find_figures(text)]
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))


@pytest.mark.slow
@given(clause)
def test_script_and_width_change_no_figure(text: str) -> None:
    twin = OpenCC("s2t").convert(text)
    if len(twin) == len(text):
        assert find_figures(twin) == find_figures(text)
    assert find_figures(text.translate(FULL)) == find_figures(text)


GOALS = (
    "今年的主要预期目标是：生产总值增长6%左右，城镇新增就业3万人以上，登记失业率4%以内，人均收入增长"
    "7%以上、力争达到8%，单位生产总值能耗下降2%。"
)
CLASSES = "班额标准：小学不得超过40人，初中不得超过46人。每校不少于2名保安。"
OFFICE = "2024年3月底前完成改造，确保2024年9月对外开放，场馆面积不小于900平方米，经费不足部分由区里承担20万元。"
FINES = "占用消防通道的，责令改正，处二百元以上五百元以下罚款；应当在5个工作日内恢复。"


SLEEP = "小学生每天睡眠时间应达到10小时，初中生9小时，每天锻炼不少于1小时。"
TRIAL = (
    "合同期限三个月以上不满一年的，试用期不得超过一个月；一年以上不满三年的，试用期不得超过二个月。"
)


@pytest.mark.parametrize(
    ("question", "text", "figures"),
    [
        ("各地生产总值增长目标分别是多少", GOALS, ["6%左右"]),
        ("各县新增就业目标", GOALS, ["3万人以上"]),
        ("人均收入要增长多少", GOALS, ["7%以上、力争达到8%"]),
        ("能耗下降多少", GOALS, ["2%"]),
        ("登记失业率是多少", GOALS, ["4%以内"]),
        ("初中一个班最多多少学生", CLASSES, ["不得超过46人"]),
        ("班额标准是多少", CLASSES, ["不得超过40人", "不得超过46人"]),
        ("每所学校要几名保安", CLASSES, ["不少于2名"]),
        ("场馆什么时候对外开放", OFFICE, ["2024年9月"]),
        ("场馆面积多大", OFFICE, ["不小于900平方米"]),
        ("区里承担经费金额是多少", OFFICE, ["20万元"]),
        ("占用消防通道罚多少钱", FINES, ["二百元以上五百元以下"]),
        ("占用消防通道多久要恢复", FINES, ["5个工作日内"]),
        ("初中生每天睡多长时间", SLEEP, ["9小时"]),
        ("每天睡眠要多长时间", SLEEP, ["10小时", "9小时"]),
        ("试用期最长多久", TRIAL, ["不得超过一个月", "不得超过二个月"]),
        ("医保报销比例是多少", "居民消费价格涨幅2%左右", []),
        ("各地对保安的要求是什么", CLASSES, []),
        ("工作目标有哪些", GOALS, []),
    ],
)
def test_a_question_gets_the_figures_of_its_measure_beside_its_words(
    question: str, text: str, figures: list[str]
) -> None:
    assert asked(question, text) == figures


@pytest.mark.slow
@given(st.sampled_from([GOALS, CLASSES, OFFICE, FINES]), st.sampled_from(["增长多少", "什么时候"]))
def test_the_script_of_a_question_or_a_text_changes_nothing(text: str, question: str) -> None:
    convert = OpenCC("s2t").convert
    spans = asked_figures(query(question), text, find_figures(text))
    twin = convert(text)
    assert len(twin) == len(text)
    assert asked_figures(query(convert(question)), twin, find_figures(twin)) == spans


def test_values_are_spans_of_the_document_and_the_clause_that_answers_decides() -> None:
    document = f"前言。{GOALS}"
    whole = Span(3, len(document))
    clause = Span(document.index("登记"), document.index("，人均"))
    question = query("经济增长多少")
    assert [cut(document, v) for v in asked_values(question, document, whole)] == []
    assert [cut(document, v) for v in asked_values(question, document, whole, clause)] == ["4%以内"]


@pytest.mark.parametrize(
    ("question", "wants"),
    [
        ("每班几人", True),
        ("督学按什么比例配备", True),
        ("巩固率目标", True),
        ("何时完成", True),
        ("停车位面积是多少", True),
        ("教育经费保障有哪些要求", False),
        ("哪几个部门负责", False),
        ("发展目标有哪些", False),
        ("怎么申请补贴", False),
    ],
)
def test_a_question_wants_a_figure_where_it_asks_how_much_or_when(
    question: str, wants: bool
) -> None:
    assert wants_figure(query(question)) is wants


def test_a_clause_has_the_figure_asked_for_where_the_measure_fits() -> None:
    assert fitting_figures(query("补贴多少钱"), "每人每月300元")
    assert not fitting_figures(query("补贴多少钱"), "每人每月3次")
    assert not fitting_figures(query("怎么申请补贴"), "每人每月300元")
