"""Where a quote stands, as officials say it, and never where it does not stand."""

import re

import pytest
from hypothesis import given

from indexer.chunking import split_sentences
from indexer.errors import ReadError
from indexer.records import Document
from indexer.text import simplify
from retrieval.official_place import official_place, section_at
from tests.make import SHARED, make_document, notice_text, span_of

RULES = """云溪市小区停车管理办法

第一章　总则

第一条　为了规范小区停车秩序，制定本办法。

第二条　本办法所称停车位，包括地上车位和地下车位。
临时划定的车位也适用本办法。
有下列情形之一的，不得停放：
（一）占用消防通道的；
（二）占用无障碍设施的，包括：
1．坡道；
2．盲道；
（三）堵塞单元出入口的。
违反前款规定的，由物业服务人劝阻。

第二章　收费

第三条　停车费由下列各项组成：（一）车位使用费；（二）保洁费；（三）秩序维护费。

第四条之一　残疾人车辆免收停车费。
"""

PLANS = """云溪市住房和城乡建设局关于印发停车治理和充电设施两个方案的通知

云溪建发〔2024〕3号

各区住房和城乡建设局：
现将《云溪市停车治理方案》和《云溪市充电设施方案》印发给你们。

云溪市住房和城乡建设局
2024年3月5日

云溪市停车治理方案

为了缓解停车难，制定本方案。

一、总体目标
三年新增车位两万个。

二、重点任务
（一）盘活存量
机关院落夜间向居民开放。
1.错时开放。机关单位与社区签订协议，明确开放时间。
2.共享收益。收益按比例返还。
（二）建设增量。新建小区每户配建一个车位。

三、保障措施
（一）加强领导。成立专班。
（二）落实经费。市级财政安排专项资金。
专项资金使用办法另行制定。

云溪市充电设施方案

一、总体目标
每个小区都有充电桩。
每个街道都有快充站。
本方案自印发之日起施行。
"""

LIST = """云溪市防汛指挥部关于汛期停车的公告

一、汛期地下车库实行预警管理。
二、橙色预警时车辆应当移出。移出的车辆可以停在指定道路。
三、指定道路见附件。

附件：1.指定道路名单
2.联系电话

云溪市防汛指挥部
2024年6月1日

附件1
指定道路名单

（一）云溪路
（二）溪前路
"""

AMENDING = """云溪市人民政府关于修改《云溪市小区停车管理办法》的决定

一、将第二条修改为：
“本办法所称停车位，包括机械车位。
第五条　停车场应当公示价格。
（一）公示牌设在入口。”
二、删去第九条。
"""

TWICE = """云溪市工作报告

（一）经济稳步增长
产值增长百分之五。
（二）民生持续改善
新增车位两万个。
今年的主要目标是再增车位一万个。
（一）扩大投资
建设十个停车场。
（二）深化改革
推行错时停车。
"""

QUESTIONS = """停车办法解读

问：谁可以免费停车？
答：残疾人可以免费停车。还有别的办法。

问：车位怎么收费？
答：一、看区位。中心城区每小时五元。
二、看时段。夜间每晚十元。
"""


def place(text: str, quote: str) -> str:
    document = make_document(text)
    return official_place(document, span_of(document.text, quote))


@pytest.mark.parametrize(
    ("quote", "said"),
    [
        ("为了规范小区停车秩序，制定本办法。", "第一条"),  # not 第一章第一条, nor 第一款 of one
        ("第二条　本办法所称停车位，包括地上车位和地下车位。", "第二条第一款"),
        ("临时划定的车位也适用本办法。", "第二条第二款"),
        ("有下列情形之一的，不得停放：", "第二条第三款"),
        ("（一）占用消防通道的；", "第二条第三款第（一）项"),
        ("2．盲道；", "第二条第三款第（二）项第2目"),
        ("（三）堵塞单元出入口的。", "第二条第三款第（三）项"),
        ("违反前款规定的，由物业服务人劝阻。", "第二条第四款"),
        ("（一）占用消防通道的；\n（二）占用无障碍设施的，包括：", "第二条第三款"),
        ("也适用本办法。\n有下列情形", "第二条"),
        ("第二章　收费", "第二章"),
        ("（三）秩序维护费。", "第三条第（三）项"),  # inside a paragraph
        ("停车费由下列各项组成：", "第三条"),
        ("残疾人车辆免收停车费。", "第四条之一"),
        ("云溪市小区停车管理办法", "标题"),
    ],
)
def test_a_statute_is_cited_by_article_paragraph_item_and_sub_item(quote: str, said: str) -> None:
    assert place(RULES, quote) == said


@pytest.mark.parametrize(
    ("quote", "said"),
    [
        ("现将《云溪市停车治理方案》和《云溪市充电设施方案》印发给你们。", ""),
        ("云溪建发〔2024〕3号", "发文字号"),
        ("2024年3月5日", "成文日期"),
        ("为了缓解停车难，制定本方案。", "《云溪市停车治理方案》"),
        ("三年新增车位两万个。", "《云溪市停车治理方案》第一部分"),
        ("机关院落夜间向居民开放。", "《云溪市停车治理方案》第二部分第（一）条"),
        ("明确开放时间。", "《云溪市停车治理方案》第二部分第（一）条第1点"),
        ("新建小区每户配建一个车位。", "《云溪市停车治理方案》第二部分第（二）条"),
        ("每个小区都有充电桩。", "《云溪市充电设施方案》第一部分"),
        ("每个街道都有快充站。", "《云溪市充电设施方案》第一部分"),
    ],
)
def test_two_plans_in_one_notice_are_told_apart(quote: str, said: str) -> None:
    assert place(PLANS, quote) == said


def test_a_paragraph_below_the_last_item_may_be_the_whole_sections() -> None:
    """专项资金… may go on with （二） or close 三、."""
    paragraph = "专项资金使用办法另行制定。"
    assert place(PLANS, paragraph) == "《云溪市停车治理方案》"


def test_a_paragraph_that_closes_a_text_is_not_its_last_parts() -> None:
    assert place(PLANS, "本方案自印发之日起施行。") == "《云溪市充电设施方案》"


def test_parts_that_are_sentences_are_articles_and_the_signature_is_in_none() -> None:
    assert place(LIST, "移出的车辆可以停在指定道路。") == "第二条"
    assert place(LIST, "三、指定道路见附件。") == "第三条"
    assert place(LIST, "2.联系电话") == "附件说明"
    document = make_document(LIST)
    signature = document.text.index("云溪市防汛指挥部\n2024")
    assert section_at(document, signature) >= 0  # the outline does not end there
    span = document.header.signature
    assert span is not None
    assert official_place(document, span.span) == "发文机关署名"
    assert place(LIST, "（二）溪前路") == "附件1第（二）条"


@pytest.mark.parametrize(
    "quote",
    [
        "“本办法所称停车位，包括机械车位。",
        "第五条　停车场应当公示价格。",
        "（一）公示牌设在入口。”",
    ],
)
def test_the_articles_that_a_decision_quotes_are_not_its_own(quote: str) -> None:
    assert place(AMENDING, quote) in ("第一条", "")
    assert place(AMENDING, "二、删去第九条。") == "第二条"


def test_numbers_that_come_twice_are_told_apart_by_their_headings() -> None:
    assert place(TWICE, "产值增长百分之五。") == "第（一）条“经济稳步增长”"
    assert place(TWICE, "建设十个停车场。") == "第（一）条“扩大投资”"
    assert place(TWICE, "新增车位两万个。") == "第（二）条“民生持续改善”"


def test_what_follows_the_last_item_of_a_list_may_begin_the_next_part() -> None:
    assert place(TWICE, "今年的主要目标是再增车位一万个。") == ""


def test_an_answer_is_cited_by_its_question() -> None:
    assert place(QUESTIONS, "还有别的办法。") == "“问：谁可以免费停车？”部分"
    assert place(QUESTIONS, "夜间每晚十元。").endswith("第二条")


def test_lines_that_are_no_paragraphs_are_not_counted() -> None:
    text = "停车规定\n\n第一条　停车位由业主共有，\n业主可以约定用途。\n业主大会可以收费。\n第二条　略。\n"
    assert place(text, "业主大会可以收费。") == "第一条"


def test_nothing_is_said_of_articles_that_cannot_be_told_apart() -> None:
    text = (
        "停车规定\n\n第一条　地上收费。\n每晚十元。\n第一条　地下免费。\n不限时间。\n第二条　略。\n"
    )
    assert place(text, "每晚十元。") == ""
    assert place(text, "不限时间。") == ""


def test_an_item_whose_number_comes_twice_in_a_section_is_not_named() -> None:
    long = "，".join(["各单位都要按照要求做好停车引导工作确保秩序良好"] * 3).replace("，", "和")
    text = f"停车方案\n\n一、收费\n地上：\n1.{long}甲。\n地下：\n1.{long}乙。\n二、管理\n略。\n"
    assert place(text, f"1.{long}乙。") == "第一部分"


def test_an_annex_below_the_last_article_is_not_in_it() -> None:
    text = (
        "停车规定\n\n第一条　按附表收费。\n第二条　本规定自印发之日起施行。\n收费表\n1.地上车位；\n"
    )
    assert place(text, "1.地上车位；") == ""


def test_a_traditional_notice_is_cited_in_its_own_script() -> None:
    text = "雲溪市停車辦法\n\n第一條　制定本辦法。\n\n第二條　不得停放於：\n（一）消防通道；\n（二）人行道。\n"
    assert place(text, "（一）消防通道；") == "第二條第（一）項"


@given(notice_text)
def test_every_number_of_a_place_is_of_a_section_around_the_quote(text: str) -> None:
    try:
        document = make_document(text)
    except ReadError:
        return
    for sentence in split_sentences(document.text):
        around = {
            "".join(simplify(each.number).split())
            for each in document.sections
            if each.span.start <= sentence.start < each.span.end
        }
        said = simplify(official_place(document, sentence))
        for core in re.findall("第([^第（《“]+?)(?:部分|[编篇章节条])", said):
            assert any(core in number for number in around), (said, sentence)


def _every_step_is_around(document: Document) -> None:
    for sentence in split_sentences(document.text):
        said = official_place(document, sentence)
        for heading in re.findall("“([^”]+?)(?:……)?”", said):
            assert heading[:8] in " ".join(document.text[: sentence.end].split()).translate(
                str.maketrans("“”", "‘’")
            )


@pytest.mark.slow
@pytest.mark.skipif(not SHARED.is_dir(), reason="the five real notices are not beside the project")
def test_a_heading_that_names_a_place_stands_above_the_quote() -> None:
    for path in sorted((SHARED / "corpus").glob("*.txt")):
        _every_step_is_around(make_document(path.read_text(encoding="utf-8"), path.name))
