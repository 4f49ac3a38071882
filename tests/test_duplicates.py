"""A clause that many documents copy is shown once, and says where else it stands."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.build import build
from indexer.records import Passage, Span
from indexer.settings import Settings
from retrieval.__main__ import main
from retrieval.duplicates import LOOKED_AT, arrange, collapse, spread
from retrieval.engine import Engine
from retrieval.results import Copy, Hit, Source

CLAUSE = "新建居民区要同步规划配套学校，起始年级班额不得超过45人，由教育部门会同自然资源部门落实。"


def hit(
    text: str, document: str, locality: str = "", score: float = 0.5, headings: tuple[str, ...] = ()
) -> Hit:
    span = Span(3, 3 + len(text))
    passage = Passage(document, span, text, headings, (span,), ())
    source = Source(document, document, "", "", locality, "", "")
    return Hit(1, score, 0.9, 1.0, passage, source)


def copies(*texts: str, localities: tuple[str, ...] = ()) -> list[tuple[str, list[str]]]:
    """Collapse one hit of each text; return the documents that are kept, with their copies."""
    places = localities or ("",) * len(texts)
    hits = [
        hit(text, f"{number}.txt", place)
        for number, (text, place) in enumerate(zip(texts, places, strict=True))
    ]
    return [(h.source.document, [c.source.document for c in h.same]) for h in collapse(hits)]


ALL_ONE = [("0.txt", ["1.txt"])]
EACH_ITS_OWN = [("0.txt", []), ("1.txt", [])]


@pytest.mark.parametrize(
    "copy",
    [
        CLAUSE,
        f"（三）{CLAUSE}",
        f"第二十一条　{CLAUSE}",
        f"12．{CLAUSE}",
        CLAUSE.replace("，", "，\n　　"),
        CLAUSE.replace("，", ",").replace("45", "４５"),
        "新建居民區要同步規劃配套學校，起始年級班額不得超過45人，由教育部門會同自然資源部門落實。",
        CLAUSE.replace("新建", "全市新建"),
        CLAUSE.replace("起始", "的起始"),
        CLAUSE.replace("配套", "科学配套"),
    ],
)
def test_script_space_numbering_and_a_short_addition_make_no_other_wording(copy: str) -> None:
    assert copies(CLAUSE, copy) == ALL_ONE
    assert copies(copy, CLAUSE) == ALL_ONE


@pytest.mark.parametrize(
    "other",
    [
        CLAUSE.replace("45", "55"),
        CLAUSE.replace("45人", "四十五人"),
        CLAUSE.replace("不得", "可以"),
        CLAUSE.replace("要", "应当"),
        CLAUSE.replace("要", "不要"),
        CLAUSE.replace("起始", "原则上起始"),
        CLAUSE.replace("居民区", "开发区"),
        CLAUSE.replace("教育", "财政"),
        CLAUSE + "违者依法处理。",
        CLAUSE[:20],
    ],
)
def test_another_figure_duty_subject_or_sentence_is_another_wording(other: str) -> None:
    assert copies(CLAUSE, other) == EACH_ITS_OWN


def test_places_make_no_other_wording_known_or_invented() -> None:
    texts = (
        "青岚市各县（市、区）要落实“青岚教育”专项，青岚市财政局每年安排专项资金用于校舍维修。",
        "玉溪市各县区要落实“玉溪教育”专项，玉溪市财政局每年安排专项资金用于校舍维修。",
        "昭通市各县（区）要落实“昭通教育”专项，昭通市财政局每年安排专项资金用于校舍维修。",
    )
    assert copies(*texts, localities=("青岚市", "玉溪市", "昭通市")) == [
        ("0.txt", ["1.txt", "2.txt"])
    ]


def test_the_number_and_the_date_of_a_notice_make_no_other_wording() -> None:
    texts = (
        f"玉溪市教育局关于学位建设的通知\n\n玉教发〔2023〕12号\n\n{CLAUSE}\n\n玉溪市教育局\n2023年5月6日",
        f"昭通市教育局关于学位建设的通知\n昭教发[2023]7号\n{CLAUSE}\n昭通市教育局\n二〇二三年六月一日\n",
    )
    assert copies(*texts) == ALL_ONE
    due = CLAUSE.replace("，由", "，2023年5月6日前由")
    assert copies(due, due.replace("5月", "6月")) == EACH_ITS_OWN


def test_a_copy_is_found_where_places_and_numbers_stand_all_over_its_end() -> None:
    texts = [
        f"{place}要把学位建设列入民生实事，责任单位：{place}教育局、{place}财政局、{place}人民政府。"
        for place in ("玉溪市", "昭通市", "银川市")
    ]
    assert copies(*texts) == [("0.txt", ["1.txt", "2.txt"])]


def test_too_little_wording_is_no_copy() -> None:
    assert copies("附则", "附则") == EACH_ITS_OWN
    assert copies("第一章　玉溪市", "第二章　昭通市") == EACH_ITS_OWN
    assert copies("", "") == EACH_ITS_OWN


def test_what_a_document_says_twice_stays_twice() -> None:
    hits = [hit(CLAUSE, "a.txt"), hit(CLAUSE, "a.txt"), hit(CLAUSE, "b.txt"), hit(CLAUSE, "b.txt")]
    found = collapse(hits)
    assert [h.source.document for h in found] == ["a.txt", "a.txt"]
    assert found[0].same == (Copy(hits[2].source, hits[2].passage.span),)
    assert found[1].same == ()


def test_the_best_is_kept_and_names_where_the_others_stand() -> None:
    hits = [
        hit(CLAUSE, "a.txt", score=0.9),
        hit("另一件事。", "b.txt"),
        hit(f"一、{CLAUSE}", "c.txt"),
    ]
    copy = Copy(hits[2].source, hits[2].passage.span)
    assert collapse(hits) == [replace(hits[0], same=(copy,)), hits[1]]


def test_what_was_not_looked_through_is_said() -> None:
    fillers = [hit(f"第{n}件事与学校无关而且各不相同：{n}", f"{n}.txt") for n in range(LOOKED_AT)]
    few = collapse([hit(CLAUSE, "a.txt"), hit(CLAUSE, "b.txt"), *fillers[: LOOKED_AT - 3]])
    many = collapse([hit(CLAUSE, "a.txt"), hit(CLAUSE, "b.txt"), *fillers[: LOOKED_AT - 2]])
    assert [(len(h.same), h.may_be_more) for h in (few[0], many[0])] == [(1, False), (1, True)]
    assert not any(h.may_be_more for h in many[1:])


def test_near_equal_documents_and_places_take_turns() -> None:
    scores = (("a", "甲市", 0.80), ("a", "甲市", 0.79), ("b", "甲市", 0.78), ("c", "乙市", 0.775))
    hits = [
        hit(f"{n}", document, place, score) for n, (document, place, score) in enumerate(scores)
    ]
    page = spread(hits, 4)
    assert [h.passage.text for h in page] == ["0", "3", "2", "1"]
    assert [h.rank for h in page] == [1, 2, 3, 4]
    assert [h.score for h in page] == [0.80, 0.775, 0.78, 0.79]


def test_what_is_clearly_better_stays_before_the_others() -> None:
    hits = [hit("0", "a", score=0.9), hit("1", "a", score=0.8), hit("2", "b", score=0.7)]
    assert [h.passage.text for h in spread(hits, 3)] == ["0", "1", "2"]


def test_passages_of_one_document_keep_their_order() -> None:
    hits = [hit(f"{n}", "a", "甲市", 0.9 - n / 1000) for n in range(30)]
    assert [h.passage.text for h in spread(hits, 10)] == [f"{n}" for n in range(10)]


def test_a_page_has_at_most_what_was_found() -> None:
    assert arrange([], 10) == ()
    assert len(arrange([hit(CLAUSE, "a"), hit(CLAUSE, "b")], 10)) == 1


ranked = st.lists(
    st.tuples(st.sampled_from("abcd"), st.sampled_from(["", "甲市", "乙市"]), st.floats(0, 1)),
    max_size=25,
)


@given(ranked, st.integers(1, 12))
def test_a_page_holds_each_hit_once_and_the_best_first(
    rows: list[tuple[str, str, float]], count: int
) -> None:
    rows = sorted(rows, key=lambda row: -row[2])
    hits = [hit(f"{n}", *row) for n, row in enumerate(rows)]
    page = spread(hits, count)
    assert len(page) == min(count, len(hits))
    assert len({h.passage.text for h in page}) == len(page)
    assert [h.passage.text for h in page[:1]] == [h.passage.text for h in hits[:1]]
    assert spread(hits, count) == page


@given(st.lists(st.sampled_from([CLAUSE, CLAUSE[2:], f"一、{CLAUSE}", "无关。"]), max_size=12))
def test_every_document_is_kept_or_named_once(texts: list[str]) -> None:
    hits = [hit(text, f"{number}.txt") for number, text in enumerate(texts)]
    named = [
        document
        for kept in collapse(hits)
        for document in (kept.source.document, *(copy.source.document for copy in kept.same))
    ]
    assert sorted(named) == sorted(h.source.document for h in hits)


@pytest.mark.slow
def test_a_search_shows_copies_as_one_only_where_asked(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    places = ("玉溪市", "昭通市", "青岚市", "银川市")
    for place in places:
        text = (
            f"{place}教育局关于学位建设的通知\n\n{place}{CLAUSE}\n\n{place}教育局\n2023年5月6日\n"
        )
        (corpus / f"{place}.txt").write_text(text, encoding="utf-8")
    (corpus / "其他.txt").write_text("关于养犬管理的通告\n养犬须办证。\n", encoding="utf-8")
    settings = Settings(corpus, tmp_path / "index", "hashing")
    build(settings)
    engine = Engine.open(settings)
    plain = engine.search("新建居民区配套学校的班额")
    assert {f"{place}.txt" for place in places} <= {h.source.document for h in plain}
    assert all(h.same == () for h in plain)
    (best, *rest) = engine.search("新建居民区配套学校的班额", collapse=True)
    assert {best.source.document, *(copy.source.document for copy in best.same)} == {
        f"{place}.txt" for place in places
    }
    assert not best.may_be_more
    assert all(CLAUSE not in h.passage.text for h in rest)
    for copy in best.same:
        text = engine.document(copy.source.document).text
        assert CLAUSE in text[copy.span.start : copy.span.end]


@pytest.mark.slow
def test_the_command_shows_copies_as_one_only_where_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for place in ("玉溪市", "昭通市"):
        (corpus / f"{place}.txt").write_text(f"{place}学位通知\n{CLAUSE}\n", encoding="utf-8")
    build(Settings(corpus, tmp_path / "index", "hashing"))
    monkeypatch.setenv("SUYUAN_MODEL", "hashing")
    asked = ["search", "居民区配套学校", "--index", str(tmp_path / "index")]
    assert main([*asked, "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)["hits"]
    assert main([*asked, "--json", "--collapse"]) == 0
    (hit,) = json.loads(capsys.readouterr().out)["hits"]
    assert len(plain) == 2
    assert all("same" not in each for each in plain)
    assert not hit["may_be_more"]
    (copy,) = hit["same"]
    assert {hit["document"], copy["document"]} == {"玉溪市.txt", "昭通市.txt"}
    assert main([*asked, "--collapse"]) == 0
    assert f"另有 1 份文件有同样表述：\n   - {copy['document']}\n" in capsys.readouterr().out
