"""Drafts with a known precedent are made the same each time, and judged by where it comes."""

from pathlib import Path

import pytest

from benchmarks.drafts import MEANT, UNRELATED, alter, draw_sentences
from benchmarks.precedents import measure
from indexer.generations import open_live
from indexer.settings import Settings
from tests.conftest import CACHE
from tests.make import OWN
from tests.pages import make_library

SENTENCE = "玉溪市每所学校应当在3月底前上报在籍人数、班级数、教师数、藏书量和校舍面积，由教育部门汇总，逐级审核。"


def test_a_sentence_is_altered_as_writers_do() -> None:
    drafts = dict(alter(SENTENCE))
    assert drafts["as it is"] == SENTENCE
    assert drafts["another place"] == SENTENCE.replace("玉溪市", "临川市")
    assert drafts["other numbers"] == SENTENCE.replace("3月", "6月")
    assert drafts["a clause left out"] == SENTENCE.replace("由教育部门汇总，", "")
    assert drafts["clauses swapped"] == SENTENCE.replace("班级数、教师数", "教师数、班级数")
    assert drafts["synonyms"] == SENTENCE.replace("应当", "应")
    assert drafts["Traditional"].startswith("玉溪市每所學校應當")
    assert len(drafts) == 10


def test_what_would_be_as_it_was_is_left_out() -> None:
    assert [name for name, _ in alter("本次清淤由水务局完成。")] == [
        "as it is", "another place", "a clause more", "Traditional", "all of these",
    ]  # fmt: skip


@pytest.mark.slow
def test_sentences_are_drawn_the_same_each_time_and_measured(tmp_path: Path) -> None:
    notices = {
        f"{name}.txt": f"{name}的通知\n\n一、总体要求\n{name}应当由各县区在2023年底前完成，经费列入预算。\n"
        for name in ("校舍维修", "河道清淤", "公园绿化", "路灯改造")
    }
    folder = make_library(tmp_path, notices)
    settings = Settings(folder / "corpus", folder / "index", "hashing", CACHE)
    index = open_live(settings.index)
    drawn = draw_sentences(index, 3)
    assert drawn == draw_sentences(index, 3) and len(drawn) == 3
    for each in drawn:
        assert notices[each.document][slice(*each.span)] == each.text
    figures = measure(settings, drawn, ("火箭燃料须逐月登记造册。",))
    assert figures["as it is"]["first"] == figures["as it is"]["identical"] == 1
    assert figures["synonyms"] == {**figures["synonyms"], "worded": 1, "identical": 0}
    assert figures["unrelated"]["refused"] == figures["of another corpus"]["refused"] == 1


@pytest.mark.parametrize("piece", [piece for _, piece in MEANT])
def test_what_is_meant_stands_in_the_projects_own_notices(piece: str) -> None:
    assert any(
        piece in path.read_text(encoding="utf-8") for path in OWN.rglob("*") if path.is_file()
    )


def test_drafts_without_a_precedent_are_each_one_sentence() -> None:
    assert len({*UNRELATED}) == len(UNRELATED) >= 20
