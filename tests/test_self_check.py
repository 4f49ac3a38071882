"""An index asked about itself: what is tried, what counts as right, and what is told."""

import json
import re
from pathlib import Path

import pytest

from indexer.records import Progress
from indexer.settings import PROJECT, Settings, variables
from retrieval.__main__ import main
from retrieval.engine import Engine
from retrieval.self_check import (
    ANSWERED,
    EXACT,
    QUOTES,
    REFUSED,
    TITLE,
    TRIED,
    WORDING,
    Outcome,
    check_itself,
)
from retrieval.trial_questions import Trial
from tests.pages import NOTICES, make_library

# The third is answered, though it is said that it should not be; the last is of no sure kind.
ASKED = (
    Trial("柳溪市大班额的比例控制在百分之三以内", "whole", True),
    Trial("航天员的选拔标准有哪些", "another object", False),
    Trial("松陵县大班额的比例控制在百分之三以内", "another year", False),
    Trial("柳溪市的工作措施", "a silent place", False),
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = make_library(tmp_path_factory.mktemp("asked"), NOTICES)
    return Settings(folder / "corpus", folder / "index", "hashing")


@pytest.fixture(scope="module")
def engine(settings: Settings) -> Engine:
    return Engine.open(settings)


def test_what_the_corpus_has_is_found(engine: Engine) -> None:
    told: list[Progress] = []
    found = check_itself(engine, told.append)
    assert set(found.outcomes) == set(TRIED)
    for name in (EXACT, WORDING, TITLE):
        outcome = found.outcomes[name]
        assert outcome.right == outcome.tried > 0
        assert outcome.missed == ()
    assert found.outcomes[TITLE].tried == len(NOTICES)
    assert found.generation == engine.generation
    assert found.recall == 1.0
    assert not found.is_cut_short
    assert found.find_ms is not None and found.search_ms is not None
    assert [each.done for each in told[1:]] == list(range(told[1].total))


def test_the_same_index_is_asked_the_same(engine: Engine) -> None:
    first, second = (check_itself(engine) for _ in range(2))
    assert first.outcomes == second.outcomes


def test_when_the_time_is_up_nothing_more_is_asked(engine: Engine) -> None:
    found = check_itself(engine, seconds=0.0)
    assert found.is_cut_short
    assert sum(outcome.tried for outcome in found.outcomes.values()) == 0
    assert (found.find_ms, found.search_ms, found.ask_ms) == (None, None, None)


def test_questions_count_by_whether_they_should_be_answered(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "trials", lambda _: ASKED)
    outcomes = check_itself(engine).outcomes
    assert outcomes[ANSWERED] == Outcome(1, 1)
    assert outcomes[REFUSED] == Outcome(2, 1, (ASKED[2].text,))
    assert outcomes[QUOTES].tried == outcomes[QUOTES].right > 0


def test_a_quote_that_does_not_stand_where_it_should_is_told(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The document is another one by the time that the quotes are compared with it."""
    monkeypatch.setattr(engine, "trials", lambda _: ASKED)
    document, moved = engine.document, "挪动"

    class Moved:
        def __init__(self, name: str) -> None:
            self.text = moved + document(name).text

    monkeypatch.setattr(engine, "document", Moved)
    outcome = check_itself(engine).outcomes[QUOTES]
    assert outcome.tried > outcome.right == 0
    assert outcome.missed


def test_the_command_tells_people_and_programs(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SUYUAN_MODEL", "hashing")
    assert main(["selfcheck", "--index", str(settings.index)]) == 0
    told = capsys.readouterr().out
    assert all(label in told for label, _ in TRIED.values())
    assert "没有测的" in told
    assert main(["selfcheck", "--index", str(settings.index), "--json"]) == 0
    assert set(json.loads(capsys.readouterr().out)["outcomes"]) == set(TRIED)


def test_every_setting_can_be_told_and_no_secret_is() -> None:
    source = (PROJECT / "indexer" / "settings.py").read_text(encoding="utf-8")
    told = variables(Settings(llm_key="sk-1", llm_base_url="https://u:p@w@host:1/v1?key=2"))
    assert set(told) == set(re.findall("SUYUAN_[A-Z_]+", source))
    assert told["SUYUAN_LLM_KEY"] == "***"
    assert told["SUYUAN_LLM_BASE_URL"] == "https://***@host:1/v1?***"
    assert variables(Settings(corpus=Path("语料")))["SUYUAN_CORPUS"] == "语料"
