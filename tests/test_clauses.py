"""A document as clauses: articles whole, other paragraphs one by one, nothing lost."""

from dataclasses import replace

from hypothesis import given

from indexer.errors import ReadError
from indexer.records import Exclusion, Span
from retrieval.clauses import read_clauses
from tests.make import cut, make_document, notice_text

RULES = """青岚市河道管理办法

2023年5月6日发布

第一章 总 则

第一条 为了保护河道，制定本办法。

第二条　河道由下列部门管理：

（一）市水务局；

（二）镇人民政府。

## 第二章 罚则

第 三 条 违反本办法的，处二百元罚款。
"""


def numbered(text: str, name: str = "a.txt") -> list[tuple[str, str]]:
    document = make_document(text, name)
    return [
        (cut(document.text, each.number), cut(document.text, each.words))
        for each in read_clauses(document)
    ]


def test_an_article_is_one_clause_with_its_items_and_any_other_line_is_one() -> None:
    assert numbered(RULES, "a.md") == [
        ("", "青岚市河道管理办法"),
        ("", "2023年5月6日发布"),
        ("第一章", "总 则"),
        ("第一条", "为了保护河道，制定本办法。"),
        ("第二条", "河道由下列部门管理：\n\n（一）市水务局；\n\n（二）镇人民政府。"),
        ("第二章", "罚则"),
        ("第 三 条", "违反本办法的，处二百元罚款。"),
    ]


def test_a_notice_without_articles_has_a_clause_for_each_paragraph() -> None:
    text = "关于清淤的通知\n\n各镇：\n一、范围\n全市河道。\n（一）干流。先行清理。\n"
    assert numbered(text) == [
        ("", "关于清淤的通知"),
        ("", "各镇："),
        ("一、", "范围"),
        ("", "全市河道。"),
        ("（一）", "干流。先行清理。"),
    ]


def test_a_number_alone_in_its_line_is_what_the_line_says() -> None:
    assert ("", "附件1") in numbered(
        "关于清淤的通知\n\n各镇：\n现印发方案。\n\n附件1\n河道清淤方案\n"
    )


def test_lines_without_a_letter_or_digit_are_no_clauses() -> None:
    assert numbered("甲。\n———\n\u200b\n乙。\n") == [("", "甲。"), ("", "乙。")]


def test_what_is_excluded_is_in_no_clause_unless_an_article_goes_on_after_it() -> None:
    document = make_document("打印本页\n第一条 甲。\n- 1 -\n（一）乙。\n")
    page = Span(document.text.index("- 1"), document.text.index("（一"))
    shown = Exclusion("网页工具", Span(0, 4)), Exclusion("页码", page)
    clauses = read_clauses(replace(document, exclusions=shown))
    assert [cut(document.text, each.span) for each in clauses] == ["第一条 甲。\n- 1 -\n（一）乙。"]


@given(notice_text)
def test_clauses_are_apart_and_have_every_line_that_says_something(text: str) -> None:
    try:
        document = make_document(text)
    except ReadError:
        return
    clauses = read_clauses(document)
    ends = 0
    for clause in clauses:
        assert ends <= clause.span.start < clause.span.end
        assert clause.span.contains(clause.number) and clause.span.contains(clause.words)
        assert clause.number.end <= clause.words.start < clause.words.end == clause.span.end
        ends = clause.span.end
    excluded = {at for each in document.exclusions for at in range(*each.span)}
    covered = {at for clause in clauses for at in range(*clause.span)}
    start = 0
    for line_text in document.text.split("\n"):
        here = {
            at for at in range(start, start + len(line_text)) if not document.text[at].isspace()
        }
        if any(document.text[at].isalnum() for at in here) and not here & excluded:
            assert here <= covered
        start += len(line_text) + 1
