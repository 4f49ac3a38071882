"""A notice's headings are a tree; a heading's rank comes from its form, never from its number."""

import pytest
from hypothesis import given

from indexer.errors import ReadError
from indexer.outline import mark_rank, read_outline
from indexer.records import Section, Span
from indexer.text import lines
from tests.make import any_text, cut, make_document, notice_text


def outline(text: str, name: str = "a.txt") -> list[tuple[int, str, str]]:
    sections = make_document(text, name).sections
    return [(section.level, section.number, section.heading) for section in sections]


def check_nesting(sections: tuple[Section, ...], text: str) -> None:
    for position, section in enumerate(sections):
        assert 0 <= section.span.start < section.span.end <= len(text)
        assert section.span.contains(section.heading_span)
        assert section.span.start == section.heading_span.start
        assert section.heading == " ".join(cut(text, section.heading_span).split())
        if section.parent >= 0:
            parent = sections[section.parent]
            assert section.parent < position
            assert section.level == parent.level + 1
            assert parent.span.contains(section.span)
        else:
            assert section.level == 1
        for later in sections[position + 1 :]:
            inside = section.span.contains(later.span)
            assert inside or later.span.start >= section.span.end


@given(any_text)
def test_any_text_has_an_outline_that_nests(text: str) -> None:
    check_nesting(read_outline(text, lines(text), [], None), text)


@given(notice_text)
def test_what_looks_like_a_notice_has_an_outline_that_nests(text: str) -> None:
    for name in ("a.txt", "a.md"):
        try:
            document = make_document(text, name)
        except ReadError:
            return
        check_nesting(document.sections, document.text)


def test_the_ranks_of_a_notice() -> None:
    text = (
        "关于工作的通知\n一、要求\n（一）领导。要重视。\n1.报送。按时。\n（1）细化方案。\n①第一项。\n"
        "（二）经费\n各级要保障。\n二、其他"
    )
    assert outline(text) == [
        (1, "一、", "一、要求"),
        (2, "(一)", "（一）领导"),
        (3, "1.", "1.报送"),
        (4, "(1)", "（1）细化方案"),
        (5, "①", "①第一项"),
        (2, "(二)", "（二）经费"),
        (1, "二、", "二、其他"),
    ]


def test_the_ranks_of_a_statute() -> None:
    text = (
        "某市管理办法\n第一编 总编\n第一章　总则\n第一节 一般\n第一条　为规范，制定本办法。\n（一）甲；\n"
        "第二条之一 有下列情形的：\n第二章\n第 3 條 依本法。"
    )
    assert outline(text) == [
        (1, "第一编", "第一编 总编"),
        (2, "第一章", "第一章 总则"),
        (3, "第一节", "第一节 一般"),
        (4, "第一条", "第一条"),
        (5, "(一)", "（一）甲"),
        (4, "第二条之一", "第二条之一"),
        (2, "第二章", "第二章"),
        (3, "第 3 条", "第 3 條"),
    ]


def test_a_wrong_number_does_not_break_the_tree() -> None:
    text = "关于工作的通知\n一、甲\n（一）乙\n（五）丙\n一、丁\n（三）戊"
    assert outline(text) == [
        (1, "一、", "一、甲"),
        (2, "(一)", "（一）乙"),
        (2, "(五)", "（五）丙"),
        (1, "一、", "一、丁"),
        (2, "(三)", "（三）戊"),
    ]


def test_questions_hold_their_answers() -> None:
    text = "政策问答\n问：怎么申请？\n答：一、先登记。填表。\n二、再审核。\n问:多久？\n答：五日。很快。"
    assert outline(text) == [
        (1, "问:", "问：怎么申请？"),
        (2, "一、", "一、先登记"),
        (2, "二、", "二、再审核"),
        (1, "问:", "问:多久？"),
    ]


def test_an_article_that_is_cited_at_the_beginning_of_a_line_is_no_heading() -> None:
    text = "某市办法\n第一条　为了规范，制定本办法。\n第五条第一项之校长，由市府聘任。\n第二条之一　中心职责如下。"
    assert outline(text) == [(1, "第一条", "第一条"), (1, "第二条之一", "第二条之一")]


def test_dashes_and_squares_head_paragraphs_but_sign_no_quotation() -> None:
    text = "工作报告\n■改革\n——坚持统筹。谋划。\n好。\n——某市委书记张三"
    assert outline(text) == [(1, "■", "■改革"), (2, "——", "——坚持统筹")]


PLAN = "某市教育工作实施方案"


def test_a_notice_with_two_plans_has_two_roots() -> None:
    text = (
        "关于印发《某市教育工作实施方案》和《某市卫生工作\n实施方案》的通知\n各县：\n现印发《某市教育工作实施方案》和"
        "《某市卫生工作实施方案》。\n某市政府\n2022年12月6日\n某市教育工作实施方案\n一、甲\n要做。\n"
        "某市卫生工作\n实施方案\n一、乙\n要做。"
    )
    assert outline(text) == [
        (1, "", "某市教育工作实施方案"),
        (2, "一、", "一、甲"),
        (1, "", "某市卫生工作 实施方案"),
        (2, "一、", "一、乙"),
    ]


def test_annexes_are_roots_and_their_list_is_not() -> None:
    text = (
        "某市关于工作的通知\n请执行。\n附件：1.任务分解表\n2.填报说明\n某市政府\n2023年4月17日\n附件1\n任务分解表\n"
        "甲 | 乙\n附件2\n填报说明\n一、按时。"
    )
    assert outline(text) == [
        (1, "附件1", "附件1 任务分解表"),
        (1, "附件2", "附件2 填报说明"),
        (2, "一、", "一、按时"),
    ]


def test_headings_below_an_annex_list_are_headings() -> None:
    text = "某市关于工作的通知\n附件：\n1.任务表\n2.说明\n一、甲\n二、乙"
    assert outline(text) == [(1, "一、", "一、甲"), (1, "二、", "二、乙")]


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("一、加强领导。各部门要重视。", "一、加强领导"),
        ("一、三个词：", "一、三个词"),
        ("一、" + "很长" * 20 + "，" + "更长" * 20 + "。", "一、" + "很长" * 20),
        ("一、" + "很长" * 20 + "：" + "更长" * 20 + "。", "一、" + "很长" * 20),
        ("一、" + "很长" * 60 + "。", "一、"),
        ("1.5万人参加。", None),
        ("1." + "很长" * 60 + "。", None),
        ("第一条规定的情形很多，应当处理。", "第一条"),
        ("三个词很重要。", None),
    ],
)  # fmt: skip
def test_how_far_a_heading_goes(line: str, heading: str | None) -> None:
    found = outline(f"某市关于工作的通知\n{line}")
    assert [each[2] for each in found] == ([heading] if heading else [])


def test_an_unnumbered_heading_stands_between_paragraphs() -> None:
    text = "某市工作综述\n第一段。\n补齐短板\n第二段。\n第三段；\n不是标题\n第四段。"
    assert outline(text) == [(1, "", "补齐短板")]


@pytest.mark.parametrize("line", ["2024年工作回顾", "2025年度主要目标", "二〇二五年工作安排"])
def test_an_unnumbered_heading_may_begin_with_a_year(line: str) -> None:
    text = f"某市政府工作报告\n各位代表，现在报告工作。\n{line}\n全年新增就业五万人。"
    assert outline(text) == [(1, "", line)]


@pytest.mark.parametrize(
    "line", ["2024年3月5日", "2024年", "2024年第3号", "共120所学校", "增长5%", "二〇二四年三月五日"]
)
def test_a_line_with_a_date_or_another_figure_is_no_heading(line: str) -> None:
    text = f"某市工作综述\n第一段说完了。\n{line}\n第二段也说完了。\n第三段。"
    assert outline(text) == []


def test_what_markdown_marks_is_a_heading() -> None:
    text = "# 某市关于工作的通知\n\n## 背景\n甲。\n### 一、目标\n乙。\n**二、任务**\n**（一）领导。** 要重视。\n## 附则"
    assert outline(text, "a.md") == [
        (1, "", "背景"),
        (2, "一、", "一、目标"),
        (2, "二、", "二、任务"),
        (3, "(一)", "（一）领导"),
        (1, "", "附则"),
    ]


def test_the_title_and_what_stands_above_it_is_no_section() -> None:
    text = "一、公开目录\n某市关于工作的通知\n一、甲"
    assert outline(text) == [(1, "一、", "一、甲")]


def test_a_section_ends_where_the_next_of_its_rank_begins() -> None:
    text = "某市关于工作的通知\n一、甲\n（一）乙\n二、丙\n末。"
    sections = make_document(text).sections
    assert [cut(text, section.span) for section in sections] == [
        "一、甲\n（一）乙\n", "（一）乙\n", "二、丙\n末。",
    ]  # fmt: skip


def test_a_text_without_headings_has_no_sections() -> None:
    assert read_outline("只有一句。", [Span(0, 5)], [], None) == ()
    assert read_outline("", [], [], None) == ()


def test_the_marks_of_lines_have_ranks_in_their_order() -> None:
    lines = ["第一章 总则", "第二条 甲", "一、甲", "（一）乙", "1.丙", "（1）丁", "①戊", "——己"]
    ranks = [mark_rank(line) or 0 for line in lines]
    assert ranks == sorted(set(ranks))
    assert 0 not in ranks
    assert [mark_rank(line) for line in ("甲", "2025年甲", "1.5万人", "")] == [None] * 4


@given(any_text)
def test_a_mark_has_a_rank_whatever_follows_it(text: str) -> None:
    assert mark_rank("（一）" + text) == mark_rank("(二)甲")
