"""Precedents of a draft: which notices worded it so, how exactly, and who was first and last."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import QuestionError
from indexer.settings import Settings
from indexer.text import folded
from retrieval.__main__ import main
from retrieval.draft_sentences import MAX_DRAFT, split_draft
from retrieval.engine import Engine
from retrieval.precedents import (
    CHANGED,
    COME,
    GONE,
    KEPT,
    MEANT,
    SAME,
    Precedent,
    Precedents,
    Wanted,
    say_kind,
)
from retrieval.results import Filters
from retrieval.usage import say_years, sum_up
from tests.pages import make_library

CLAUSE = "新建居民区要同步规划配套学校，起始年级班额不得超过45人。"
NOTICE = """{place}教育局关于{subject}的通知
{mark}〔{year}〕{number}号

各学校：
一、总体要求
{clause}
二、{subject}
{own}
{place}教育局
{year}年{number}月6日
"""
NOTICES = {
    "青岚.txt": NOTICE.format(
        place="青岚市", mark="青教发", year=2019, number=3, subject="学位建设", clause=CLAUSE,
        own="各校于每学期末上报在籍人数，由市教育局汇总。",
    ),
    "望溪.txt": NOTICE.format(
        place="望溪县", mark="望教发", year=2023, number=5, subject="招生工作",
        clause=f"（三）{CLAUSE}各校不得跨片招生，违者追究校长责任。",
        own="民办学校与公办学校同步招生，超出计划的电脑随机录取。",
    ),
    "松陵.md": """# 松陵縣教育局關於增加學位的通知

松教發〔2021〕12號

各學校：

新建居民區要同步規劃配套學校，起始年級班額不得超過50人，特殊情況除外。

松陵縣教育局
2021年3月2日
""",
    "无日期.txt": f"临枫区学校建设导则\n\n第一条 {CLAUSE}\n第二条 操场应当采用环保材料。\n",
    "清淤.txt": "石门区水务局关于河道清淤的通知\n\n本次清淤共计十二公里，由水务局负责。\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return open_library(make_library(tmp_path_factory.mktemp("precedents"), NOTICES))


def open_library(folder: Path) -> Engine:
    return Engine.open(Settings(folder / "corpus", folder / "index", "hashing"))


def names(precedent: Precedent) -> list[str]:
    """The documents that have the words of a precedent."""
    return [
        precedent.citation.source.document,
        *(copy.source.document for copy in precedent.same),
    ]


def words(precedent: Precedent, found: Precedents) -> str:
    """A precedent on one line, with what the draft has alone and what it lacks set apart."""
    marks = {KEPT: "{}", GONE: "[-{}-]", COME: "[+{}+]"}
    return "".join(marks[kind].format(said) for kind, said in precedent.pieces(found.draft))


def test_the_same_words_are_one_precedent_and_the_newest_speaks_for_all(engine: Engine) -> None:
    (sentence,) = engine.precedents(CLAUSE).sentences
    first = sentence.precedents[0]
    assert (first.kind, first.share, first.edits) == (SAME, 1.0, ())
    assert names(first) == ["望溪.txt", "青岚.txt", "无日期.txt"]
    assert first.citation.quote == f"（三）{CLAUSE}"
    assert NOTICES["望溪.txt"][slice(*first.focus)] == CLAUSE.rstrip("。")
    assert (
        first.citation.forms.official
        == "《望溪县教育局关于招生工作的通知》（望教发〔2023〕5号）第一部分第（三）条"
    )


def test_another_wording_shows_what_differs_word_by_word(engine: Engine) -> None:
    found = engine.precedents(CLAUSE)
    second = found.sentences[0].precedents[1]
    assert names(second) == ["松陵.md"] and second.kind == CHANGED
    assert (
        words(second, found) == "新建居民區要同步規劃配套學校，起始年級班額不得超過[-45-][+50+]人"
    )
    assert say_kind(second) == "仅有改动，字词相同 96%"


def test_who_has_used_a_wording_is_summed_up(engine: Engine) -> None:
    usage = engine.precedents(CLAUSE).sentences[0].usage
    assert usage is not None
    assert (usage.documents, usage.identical, usage.is_least) == (4, 3, False)
    assert usage.years == (2019, 2021, 2023)
    assert set(usage.localities) >= {"松陵县", "望溪县", "青岚市"}
    assert usage.earliest and usage.earliest.source.document == "青岚.txt"
    assert usage.latest and usage.latest.source.document == "望溪.txt"
    assert sum_up(usage).startswith("有 4 份文件用过相同或相近的表述，其中逐字相同的 3 份，涉及 ")
    assert sum_up(usage).endswith("，年份为 2019、2021、2023。")


@pytest.mark.parametrize(
    ("draft", "kind"),
    [
        ("（一）新建居民區要同步規劃配套學校，起始年級班額不得超過４５人", "逐字相同"),
        (CLAUSE.replace("，", "、").replace("45", "四十五"), "字词相同，标点或数字的写法不同"),
        (
            "临川市新建居民区要同步规划配套学校，起始年级班额不得超过45人。",
            "仅有改动，字词相同 95%",
        ),
        ("新建居民区要同步规划配套学校。", "逐字相同"),
    ],
)
def test_how_a_wording_is_like_the_draft_is_said(engine: Engine, draft: str, kind: str) -> None:
    first = engine.precedents(draft).sentences[0].precedents[0]
    assert say_kind(first) == kind


def test_each_sentence_of_a_paragraph_is_looked_for_by_itself(engine: Engine) -> None:
    draft = f"{CLAUSE}火箭燃料须逐月登记造册。各校于每学期末上报在籍人数。"
    found = engine.precedents(draft)
    assert [each.text for each in found.sentences] == [
        CLAUSE, "火箭燃料须逐月登记造册。", "各校于每学期末上报在籍人数。",
    ]  # fmt: skip
    assert [draft[slice(*each.span)] for each in found.sentences] == [
        each.text for each in found.sentences
    ]
    assert [bool(each.usage) for each in found.sentences] == [True, False, True]
    assert len(engine.precedents(draft, Wanted(of_each=1)).sentences[0].precedents) == 1


def test_what_nothing_is_like_has_no_precedent(engine: Engine) -> None:
    (sentence,) = engine.precedents("火箭燃料须逐月登记造册。").sentences
    assert (sentence.usage, sentence.found, sentence.precedents) == (None, 0, ())


def test_meaning_adds_to_little_wording_and_carries_no_marks(engine: Engine) -> None:
    (sentence,) = engine.precedents("随机录取，电脑操作，计划超出的民办与公办学校").sentences
    (only,) = sentence.precedents
    assert (only.kind, only.edits, sentence.usage) == (MEANT, (), None)
    assert "电脑随机录取" in only.citation.quote


def test_filters_limit_what_is_looked_through(engine: Engine) -> None:
    (sentence,) = engine.precedents(CLAUSE, filters=Filters(localities=("青岚市",))).sentences
    assert sentence.usage and sentence.usage.documents == 1
    assert [names(each) for each in sentence.precedents] == [["青岚.txt"]]
    (none,) = engine.precedents(CLAUSE, filters=Filters(first_year=2030)).sentences
    assert none.found == 0


def test_pages_and_the_order_by_date(engine: Engine) -> None:
    draft = "新建居民区要同步规划配套学校，起始年级班额不得超过50人。"
    by_likeness = engine.precedents(draft).sentences[0]
    assert [names(each)[0] for each in by_likeness.precedents][:2] == ["松陵.md", "望溪.txt"]
    by_date = engine.precedents(draft, Wanted(order="date")).sentences[0]
    assert [names(each)[0] for each in by_date.precedents][:2] == ["望溪.txt", "松陵.md"]
    second = engine.precedents(draft, Wanted(k=1, offset=1)).sentences[0]
    assert (second.found, second.precedents) == (
        by_likeness.found, by_likeness.precedents[1:2],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("draft", "fact"),
    [
        (" \n", "还没有初稿。"),
        ("长" * (MAX_DRAFT + 1), "超过 2000 字的上限"),
        ("学校。", "初稿太短"),
        ("？！……", "初稿太短"),
        ("加强督导检查。" * 41, "初稿有 41 句"),
    ],
)
def test_a_draft_that_cannot_be_looked_for_is_refused(
    engine: Engine, draft: str, fact: str
) -> None:
    with pytest.raises(QuestionError) as refused:
        engine.precedents(draft)
    assert fact in refused.value.fact and refused.value.cure


@pytest.mark.parametrize(
    ("draft", "sentences"),
    [
        ("加强领导。落实责任！", ["加强领导。", "落实责任！"]),
        ("一、总体要求\n加强领导。", ["一、总体要求", "加强领导。"]),
        ("各县区要摸清底数，\n按月上报。", ["各县区要摸清底数，\n按月上报。"]),
        (
            "新建居民区要同步规划配套学校并与住宅同步交付使用\n的，给予奖励。",
            ["新建居民区要同步规划配套学校并与住宅同步交付使用\n的，给予奖励。"],
        ),
        (
            "新建居民区要同步规划配套学校并与住宅同步交付使用\n（二）按月上报。",
            ["新建居民区要同步规划配套学校并与住宅同步交付使用", "（二）按月上报。"],
        ),
        ("附则。\n加强领导；\n落实责任。", ["加强领导；", "落实责任。"]),
    ],
)
def test_a_draft_is_cut_at_its_stops_and_lines_that_end_there(
    draft: str, sentences: list[str]
) -> None:
    assert [draft[slice(*span)] for span in split_draft(draft)] == sentences


@pytest.mark.parametrize(
    ("years", "said"),
    [((2019,), "2019"), ((2012, 2019, 2020, 2021), "2012、2019—2021"), ((), "")],
)
def test_years_that_follow_each_other_are_one(years: Sequence[int], said: str) -> None:
    assert say_years(years) == said


_PIECES = st.sampled_from(
    [CLAUSE, "新建居民区", "，", "起始年级", "班額不得超過50人", "45", "各校于每学期末上报在籍人数",
     "由水务局负责", "㎡", " ", "\n", "（三）", "操场", "本次清淤共计十二公里", "<b>", "。"]
)  # fmt: skip


@given(st.lists(_PIECES, min_size=1, max_size=9).map("".join))
def test_every_quote_stands_at_its_place_and_the_marks_make_both_texts(
    engine: Engine, draft: str
) -> None:
    try:
        found = engine.precedents(draft)
    except QuestionError:
        return
    for sentence in found.sentences:
        assert draft[slice(*sentence.span)] == sentence.text
        for each in sentence.precedents:
            cited = each.citation
            text = engine.document(cited.source.document).text
            assert text[slice(*cited.span)] == cited.quote
            assert cited.span.contains(each.focus)
            pieces = list(each.pieces(draft))
            own = "".join(said for kind, said in pieces if kind != GONE)
            assert own == text[slice(*each.focus)]
            if each.edits:
                drafted = "".join(said for kind, said in pieces if kind != COME)
                assert "".join(folded(drafted).split()) in "".join(folded(sentence.text).split())
            if each.kind == SAME:
                for copy in each.same:
                    other = engine.document(copy.source.document).text
                    assert folded(other[slice(*copy.span)]) == folded(text[slice(*each.focus)])


def test_a_document_that_says_it_twice_counts_once(tmp_path: Path) -> None:
    twice = f"关于学位的通知\n\n{CLAUSE.replace('，', '、')}\n另行通知。\n{CLAUSE}\n"
    (sentence,) = (
        open_library(make_library(tmp_path, {"a.txt": twice})).precedents(CLAUSE).sentences
    )
    assert sentence.usage and (sentence.usage.documents, sentence.usage.identical) == (1, 1)
    assert [say_kind(each) for each in sentence.precedents] == [
        SAME,
        "字词相同，标点或数字的写法不同",
    ]


@pytest.mark.slow
def test_a_clause_of_a_very_long_sentence_is_quoted_by_itself(tmp_path: Path) -> None:
    rest = "，".join(f"第{n}所学校的运动场、实验室和图书室按照标准配备" for n in range(40))
    notice = f"通知\n\n{rest}，班额“不得超过45人”，{rest}。\n"
    engine = open_library(make_library(tmp_path, {"a.txt": notice}))
    first = engine.precedents("班额不得超过45人。").sentences[0].precedents[0]
    assert first.citation.quote == "班额“不得超过45人”"


def test_wordings_are_the_words_of_passages(engine: Engine) -> None:
    index = engine._index
    positions = range(len(index.document_of))[::-1]
    passages = index.passages(positions)
    assert index.wordings(positions) == [(each.span.start, each.text) for each in passages]
    assert index.wordings([]) == []


def run(capsys: pytest.CaptureFixture[str], engine: Engine, *arguments: str) -> str:
    assert main(["precedents", *arguments]) == 0
    return capsys.readouterr().out


@pytest.fixture
def index(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("SUYUAN_MODEL", "hashing")
    return ["--index", str(engine._settings.index)]


def test_the_command_prints_what_differs(
    capsys: pytest.CaptureFixture[str], engine: Engine, index: list[str]
) -> None:
    out = run(capsys, engine, CLAUSE, *index)
    assert "有 4 份文件用过相同或相近的表述" in out
    assert "最早：《青岚市教育局关于学位建设的通知》（青教发〔2019〕3号）第一部分 2019-03-06" in out
    assert "   另有 2 份文件有同样表述：\n   - 青岚.txt\n   - 无日期.txt\n" in out
    assert "起始年級班額不得超過[-45-]{+50+}人" in out
    assert "没有找到相同、相近的表述。" in run(capsys, engine, "火箭燃料须逐月登记造册。", *index)


def test_the_command_prints_rows(
    capsys: pytest.CaptureFixture[str], engine: Engine, index: list[str], tmp_path: Path
) -> None:
    row = json.loads(run(capsys, engine, CLAUSE, "--json", "--place", "松陵县", *index))
    (sentence,) = row["sentences"]
    (only,) = sentence["precedents"]
    assert (sentence["usage"]["documents"], sentence["found"], only["kind"]) == (1, 1, CHANGED)
    (edit,) = only["edits"]
    assert CLAUSE[edit["old"]["start"] : edit["old"]["end"]] == "45"
    assert NOTICES["松陵.md"][edit["new"]["start"] : edit["new"]["end"]] == "50"
    asked = tmp_path / "drafts.jsonl"
    lines = [{"id": 1, "question": CLAUSE}, {"id": 2, "question": "短"}]
    asked.write_text("\n".join(json.dumps(each) for each in lines), encoding="utf-8")
    one, two = map(json.loads, run(capsys, engine, "--batch", str(asked), *index).splitlines())
    assert one["id"] == 1 and one["sentences"][0]["usage"]["identical"] == 3
    assert two["sentences"] == [] and "初稿太短" in two["reason"]


def test_the_examples_are_sentences_of_the_corpus(engine: Engine) -> None:
    examples = engine.draft_examples()
    assert examples
    for example in examples:
        assert any(example in text for text in NOTICES.values())
        assert engine.precedents(example).sentences[0].precedents[0].kind == SAME
