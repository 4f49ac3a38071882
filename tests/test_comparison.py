"""Versions side by side: every clause once, identical ones together, marks that turn old into new."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import ReadError
from indexer.records import Document, Exclusion, Span
from indexer.text import folded
from retrieval.alignment import align
from retrieval.clauses import read_clauses
from retrieval.comparison import (
    ADDED,
    CHANGES,
    MODIFIED,
    MOVED,
    REMOVED,
    RENUMBERED,
    UNCHANGED,
    Comparison,
    Edit,
    Wording,
    compare,
)
from retrieval.results import Source
from tests.make import any_text, cut, make_document, notice_text

OLD = """青岚市河道管理办法

第一条 为了保护河道，制定本办法。

第二条 市水务局负责全市河道的管理工作。

第三条 禁止向河道倾倒垃圾、渣土。

第四条 违反本办法第三条规定的，由市水务局处二百元以上一千元以下罚款。

第五条 河道两岸种植树木应当经镇人民政府同意。

第六条 本办法自2015年7月1日起施行。
"""
NEW = """青岚市河道管理办法

第一条　为了保护河道，制定本办法。

第二条 市水务局负责全市河道的管理和保护工作。

第三条 市、县（区）和镇设立河长，河长每月巡查所负责的河段。

第四条 禁止向河道倾倒垃圾、渣土。

第五条 违反本办法第四条规定的，由市水务局处五百元以上三千元以下罚款。

第六条 本办法自2023年7月1日起施行。
"""


def source_of(document: Document) -> Source:
    return Source(document.id, document.title, "", "", "", "", "")


def compared(old: str, new: str) -> Comparison:
    return compared_documents(make_document(old, "旧.txt"), make_document(new, "新.txt"))


def compared_documents(old: Document, new: Document) -> Comparison:
    return compare(old, new, source_of(old), source_of(new))


def marks(comparison: Comparison, at: int) -> list[tuple[str, str]]:
    """Return the words of each edit of a change, those that went and those that came."""
    change = comparison.changes[at]
    assert change.old and change.new
    return [(change.old.words_of(edit.old), change.new.words_of(edit.new)) for edit in change.edits]


def test_each_clause_is_found_again_and_says_what_became_of_it() -> None:
    comparison = compared(OLD, NEW)
    assert [
        (each.status, each.old and each.old.number, each.new and each.new.number)
        for each in comparison.changes
    ] == [
        (UNCHANGED, "", ""),
        (UNCHANGED, "第一条", "第一条"),
        (MODIFIED, "第二条", "第二条"),
        (ADDED, None, "第三条"),
        (RENUMBERED, "第三条", "第四条"),
        (MODIFIED, "第四条", "第五条"),
        (REMOVED, "第五条", None),
        (MODIFIED, "第六条", "第六条"),
    ]
    assert {status: comparison.count(status) for status in CHANGES} == {
        MODIFIED: 3, ADDED: 1, REMOVED: 1, MOVED: 0, RENUMBERED: 1, UNCHANGED: 2,
    }  # fmt: skip
    assert marks(comparison, 2) == [("", "和保护")]
    assert marks(comparison, 5) == [("三", "四"), ("二百", "五百"), ("一千", "三千")]
    assert marks(comparison, 7) == [("2015", "2023")]


def test_a_clause_that_changed_places_is_found_and_said_to_have_moved() -> None:
    old = ["第一条 河道的日常巡查由各镇负责，每月不少于两次。", "第二条 清淤经费列入市级预算。",
           "第三条 违法建设的涵闸应当限期拆除。", "第四条 水质每季度公布一次。"]  # fmt: skip
    new = [old[1].replace("二", "一"), old[2].replace("三", "二"), old[3].replace("四", "三"),
           "第四条 河道的日常巡查由各镇负责，每月不少于四次。"]  # fmt: skip
    title = "青岚市河道巡查办法"
    found = compared("\n".join([title, *old]), "\n".join([title, *new])).changes[1:]
    assert [(each.status, each.has_moved) for each in found] == [
        (RENUMBERED, False), (RENUMBERED, False), (RENUMBERED, False), (MODIFIED, True),
    ]  # fmt: skip
    new[3] = old[0].replace("一", "四")
    unchanged = compared("\n".join([title, *old]), "\n".join([title, *new]))
    assert [each.status for each in unchanged.changes][-1] == MOVED


def test_an_article_worded_anew_is_found_by_its_number_between_the_same_neighbours() -> None:
    old = """第一条 河道的日常巡查由各镇负责，每月不少于两次。

第二条 河长制遵循属地管理的原则。水务部门负责清淤和养护，财政部门负责经费保障。

第三条 违法建设的涵闸应当限期拆除，逾期不拆的依法强制拆除。

第四条 水质每季度公布一次，公布的内容包括断面和类别。
"""
    new = old.replace(
        "河长制遵循属地管理的原则。水务部门负责清淤和养护，财政部门负责经费保障。",
        "水务部门主管河长制；财政、公安、环保、城管等部门按照职责做好经费保障、联合执法。",
    )
    assert [each.status for each in compared(old, new).changes] == [
        UNCHANGED, MODIFIED, UNCHANGED, UNCHANGED,
    ]  # fmt: skip
    other = old.replace(
        "河长制遵循属地管理的原则。水务部门负责清淤和养护，财政部门负责经费保障。",
        "举报倾倒垃圾属实的，奖励五百元。",
    )
    assert [each.status for each in compared(old, other).changes] == [
        UNCHANGED, REMOVED, ADDED, UNCHANGED, UNCHANGED,
    ]  # fmt: skip


def test_a_clause_that_another_took_in_says_which() -> None:
    old = """第一条 镇人民政府每月巡查河道，发现倾倒垃圾的应当及时制止并报告市水务局处理。

第二条 沿河单位应当清理门前的漂浮物和堆放的杂物。
"""
    new = """第一条 镇人民政府每月巡查河道，发现倾倒垃圾的应当及时制止并报告市水务局处理。沿河单位应当清理门前的漂浮物和堆放的杂物。
"""
    first, second = compared(old, new).changes
    assert (first.status, second.status) == (MODIFIED, REMOVED)
    assert second.within == first.new
    back = compared(new, old).changes
    assert (back[1].status, back[1].within) == (ADDED, back[0].old)


def test_width_script_spacing_and_numbers_of_pages_are_no_differences() -> None:
    old = make_document(
        "第一条 為了保護河道(含水庫),制定本辦法。\n\n（一）清淤;\n- 1 -\n（二）巡查。\n"
    )
    new = make_document("第一条　为了保护 河道（含水库），制定本办法。\n（一）清淤；（二）巡查。\n")
    assert [each.status for each in compared_documents(old, new).changes] == [MODIFIED]
    page = Span(old.text.index("- 1"), old.text.index("- 1") + 5)
    excluding = replace(old, exclusions=(Exclusion("页码", page),))
    assert [each.status for each in compared_documents(excluding, new).changes] == [UNCHANGED]


def test_a_number_is_marked_whole_and_no_sign_is_left_alone_in_a_change() -> None:
    found = compared(
        "第一条 罚款二十五元，由张三、李四收取。", "第一条 罚款三十五元，由王五、赵六收取。"
    )
    assert marks(found, 0) == [("二十五", "三十五"), ("张三、李四", "王五、赵六")]


@pytest.mark.parametrize("old", ["面积5㎡的。", "第⑴项的。", "温度㎜。"])
@pytest.mark.parametrize("new", ["面积5m3的。", "第(2)项的。", "温度mn。"])
def test_a_mark_has_the_whole_of_a_character_that_stands_for_several(old: str, new: str) -> None:
    check(compared(old + "保护河道，制定本办法。", new + "保护河道，制定本办法。"))


def test_repeated_clauses_are_paired_in_their_order() -> None:
    words = ["同上。", "甲乙丙丁。", "同上。", "戊己庚辛。", "同上。"]
    found = align(words, [words[0], *words[2:]])
    assert [(each.old, each.new) for each in found] == [(0, 0), (1, None), (2, 1), (3, 2), (4, 3)]


def test_the_same_text_many_times_is_paired_as_often_as_both_have_it() -> None:
    found = align(["同上"] * 900, ["同上"] * 700)
    assert sum(each.old is not None and each.new is not None for each in found) == 700
    assert sum(each.new is None for each in found) == 200


def test_a_long_text_is_compared_by_sentences_and_marked_inside_them() -> None:
    sentences = [f"第{n}号闸门由水务局于每年{n % 12 + 1}月检修。" for n in range(900)]
    changed = [*sentences]
    changed[450] = "第450号闸门由河长办于每年7月检修。"
    found = compared("".join(sentences), "".join(changed))
    assert marks(found, 0) == [("水务局", "河长办")]


phrases = st.lists(
    st.sampled_from(
        ["河道巡查由各镇负责", "经费列入预算", "水质每季公布", "擅自建闸的限期拆除", "同上", "x1"]
    ),
    min_size=1,
    max_size=4,
).map("，".join)
clause_lists = st.lists(phrases, max_size=12)


@given(clause_lists, clause_lists)
def test_every_clause_is_matched_once_and_twins_always_are(old: list[str], new: list[str]) -> None:
    found = align(old, new)
    assert sorted(each.old for each in found if each.old is not None) == list(range(len(old)))
    assert [each.new for each in found if each.new is not None] == list(range(len(new)))
    in_place = [each.old for each in found if each.old is not None and each.keeps_order]
    assert in_place == sorted(in_place)
    twins = sum(
        each.old is not None and each.new is not None and old[each.old] == new[each.new]
        for each in found
    )
    assert twins == sum(min(old.count(words), new.count(words)) for words in {*old})


@given(clause_lists)
def test_a_text_beside_itself_is_unchanged(words: list[str]) -> None:
    assert [(each.old, each.new) for each in align(words, words)] == [
        (at, at) for at in range(len(words))
    ]


@given(notice_text, notice_text)
def test_wordings_are_the_text_and_cover_the_clauses_of_both_documents(a: str, b: str) -> None:
    try:
        old, new = make_document(a, "旧.txt"), make_document(b, "新.txt")
    except ReadError:
        return
    changes = compared_documents(old, new).changes
    for document, shown in (
        (old, [each.old for each in changes if each.old]),
        (new, [each.new for each in changes if each.new]),
    ):
        assert all(cut(document.text, each.span) == each.text for each in shown)
        spans = sorted(each.span for each in shown)
        clauses = [clause.span for clause in read_clauses(document)]
        assert len(spans) == len(clauses)
        for span, clause in zip(spans, clauses, strict=True):
            assert clause.contains(span)  # all but the marks of Markdown headings at its edges
            left_out = (
                document.text[clause.start : span.start] + document.text[span.end : clause.end]
            )
            assert set(left_out) <= {*"# \t\n\u3000"} or left_out.isspace()


@given(any_text, any_text)
def test_marks_turn_the_old_words_into_the_new(a: str, b: str) -> None:
    try:
        found = compared(f"保护河道，{a}，制定本办法。", f"保护河道，{b}，制定本办法。")
    except ReadError:
        return
    check(found)


def check(comparison: Comparison) -> None:
    """Check that what stands between the marks of a pair is the same, and what they mark is not."""
    for change in comparison.changes:
        if change.old and change.new:
            kept = _between(change.old, [edit.old for edit in change.edits])
            now = _between(change.new, [edit.new for edit in change.edits])
            assert [folded(each) for each in kept] == [folded(each) for each in now]
            assert bool(change.edits) == (change.status == MODIFIED)
            for old, new in _words(change.old, change.new, change.edits):
                assert folded(old) != folded(new)


def _between(wording: Wording, spans: Sequence[Span]) -> list[str]:
    ends = [wording.span.start, *(span.end for span in spans)]
    starts = [*(span.start for span in spans), wording.span.end]
    assert all(end <= start for end, start in zip(ends, starts, strict=True))
    return [wording.words_of(Span(end, start)) for end, start in zip(ends, starts, strict=True)]


def _words(old: Wording, new: Wording, edits: Sequence[Edit]) -> list[tuple[str, str]]:
    return [(old.words_of(edit.old), new.words_of(edit.new)) for edit in edits]
