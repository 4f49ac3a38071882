"""The benchmark's list of answers: what is judged of each, and the table that keeps the remarks."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.answers import Judged, measure_answers
from benchmarks.filling import PlaceMissing, fill_place, read_place
from benchmarks.sets import (
    Evidence,
    Question,
    QuestionFileError,
    QuestionSet,
    Source,
    add_wrong,
    read_questions,
)
from benchmarks.transcript import find_unsaid, read_rows, write_table
from indexer.build import build
from indexer.records import Span
from indexer.settings import Settings
from retrieval.engine import Engine
from retrieval.results import Answer, Citation, LocalityGroup, Statement
from retrieval.results import Source as Issued

LAST, AIM = "去年新增就业七千人", "今年新增就业九千人"
SENTENCE = f"{LAST}，{AIM}。"
QUESTION = Question(
    "q1", "fact", "青岚市今年新增就业的目标", True,
    (Evidence("a.txt", AIM),), wrong=(Evidence("a.txt", LAST),),
)  # fmt: skip
ISSUED = Issued("x/a.txt", "就业 | 通知", "", "", "青岚市", "", "")
FAILED = "| q1 | fact | 青岚市今年新增就业的目标 | refused ✗ | 0/1 |  |  |"


def answered(focus: Span | None) -> Answer:
    citation = Citation(1, ISSUED, (), Span(0, len(SENTENCE)), SENTENCE, focus=focus)
    group = LocalityGroup("青岚市", (Statement(SENTENCE, (1,)),))
    return Answer(QUESTION.text, 0.0, False, "", group.statements, (citation,), (group,))


def judged(answer: Answer, held: bool = True) -> Judged:
    return Judged(QUESTION, answer, (held,), (True,) * len(answer.citations))


REFUSED = judged(Answer(QUESTION.text, 0.0, True, "没有找到"), held=False)


@pytest.mark.parametrize(
    ("focus", "is_of_another_year"),
    [(None, False), (Span(0, 9), True), (Span(10, 19), False)],
    ids=["both, whole", "last year's", "this year's"],
)
def test_the_clause_shown_to_answer_tells_the_year(
    focus: Span | None, is_of_another_year: bool
) -> None:
    assert judged(answered(focus)).of_other_years == [is_of_another_year]


def test_a_refusal_is_right_only_where_nothing_answers() -> None:
    assert judged(answered(None)).is_right
    assert not REFUSED.is_right
    unanswerable = replace(QUESTION, answerable=False, evidence=())
    assert Judged(unanswerable, REFUSED.answer, (), ()).is_right
    assert REFUSED.of_other_years == []


def test_a_row_says_what_was_answered_with_at_most_24_characters() -> None:
    (row,) = read_rows(write_table([judged(answered(None))], {})).values()
    assert row == [
        "q1", "fact", "青岚市今年新增就业的目标", "answered", "1/1", "1/1", SENTENCE[:24], "",
    ]  # fmt: skip


def test_bars_in_a_quote_do_not_end_a_cell() -> None:
    answer = answered(None)
    barred = replace(answer.citations[0], quote="甲 | 乙\n| 丙")
    (row,) = read_rows(write_table([judged(replace(answer, citations=(barred,)))], {})).values()
    assert row[6] == r"甲 \| 乙 \| 丙"


def test_the_remark_on_a_failure_stays_until_it_is_none() -> None:
    before = read_rows(f"{FAILED} 词不同 |")
    assert write_table([REFUSED], before).endswith(f"{FAILED} 词不同 |")
    assert "词不同" not in write_table([judged(answered(None))], before)


def test_a_failure_without_a_remark_and_a_remark_on_another_answer_are_named() -> None:
    table = write_table([REFUSED], {})
    assert find_unsaid(table, {}) == ["q1：答错了，还没有说明。"]
    before = read_rows(f"{FAILED.replace('0/1', '1/2')} 只引了一半 |")
    table = write_table([REFUSED], before)
    assert find_unsaid(table, before) == ["q1：答案变了，请核对说明“只引了一半”。"]
    assert find_unsaid(table, read_rows(table)) == []


def test_a_table_takes_its_place_in_a_page_and_leaves_the_rest(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("甲\n<!-- table a -->\n<!-- end a -->\n乙\n", encoding="utf-8")
    for table in ("| 1 |", r"| \1 |"):
        fill_place(page, "a", table)
        assert read_place(page, "a") == table
    assert page.read_text(encoding="utf-8") == (
        "甲\n<!-- table a -->\n\n" r"| \1 |" "\n\n<!-- end a -->\n乙\n"
    )
    with pytest.raises(PlaceMissing, match="没有“b”表的位置"):
        fill_place(page, "b", "")


def test_clauses_of_other_years_come_with_a_question_or_in_a_file_beside(tmp_path: Path) -> None:
    asked = tmp_path / "asked.jsonl"
    asked.write_text(
        '{"id": "q1", "question": "问", "evidence": [{"doc": "a.txt", "text": "甲"}],'
        ' "wrong": [{"doc": "a.txt", "text": "乙"}]}',
        encoding="utf-8",
    )
    beside = tmp_path / "wrong.jsonl"
    beside.write_text(
        '{"id": "q1", "doc": "a.txt", "text": "丙"}\n{"id": "q2", "doc": "a.txt", "text": "丁"}',
        encoding="utf-8",
    )
    questions = read_questions(Source("mine", asked, tmp_path))
    found = add_wrong(QuestionSet("mine", tmp_path, questions, False), beside)
    assert [each.text for each in found.questions[0].wrong] == ["乙", "丙"]
    beside.write_text('{"id": "q1", "doc": "a.txt"}', encoding="utf-8")
    with pytest.raises(QuestionFileError, match="第 1 行没有 text"):
        add_wrong(found, beside)


@pytest.mark.slow
def test_answers_are_measured_by_group_and_year(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for place in ("银川市", "昭通市"):
        text = f"{place}就业工作通知\n\n{place}今年城镇新增就业九千人以上。\n"
        (corpus / f"{place}.txt").write_text(text, encoding="utf-8")
    settings = Settings(corpus=corpus, index=tmp_path / "index", model="hashing")
    build(settings)
    evidence = tuple(
        Evidence(f"{place}.txt", "新增就业九千人以上", place) for place in ("银川市", "昭通市")
    )
    question = Question(
        "q", "cross-locality", "各地今年城镇新增就业目标", True, evidence,
        wrong=(Evidence("银川市.txt", "新增就业八千人"),),
    )  # fmt: skip
    figures = measure_answers(Engine.open(settings), [question])
    assert figures == {
        "answered": 1.0, "locality": 1.0, "precision": 1.0, "verbatim": 1.0, "quotes": 2.0,
        "a group": 1.0, "other year": 0.0, "missing": 0.0, "cov": 1.0, "cov[cross-locality]": 1.0,
    }  # fmt: skip
