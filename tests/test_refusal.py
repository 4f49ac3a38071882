"""What decides a refusal: signals, the model over them, a threshold for one corpus."""

import logging
from dataclasses import astuple, fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.build import build
from indexer.generations import open_live
from indexer.settings import Settings, read_settings
from retrieval.__main__ import main
from retrieval.calibration import Outcome, calibrate, calibrated, identify, write_calibration
from retrieval.engine import Engine
from retrieval.refusal import Refuser, Weight, shipped
from retrieval.register import formality
from retrieval.signals import NOTHING, Signals
from retrieval.trial_questions import SURE, Trial, make_trials

NOTICE = """{place}教育局关于{subject}的通知

一、{subject}达到{figure}%以上，城乡学校应当同步推进。
二、{place}小学起始年级班额不得超过45人，超过的学校限期整改。
三、{subject}经费由市级财政承担，每年核定一次。
"""
SUBJECTS = (
    "课后服务覆盖率",
    "校园网络接入率",
    "体育场馆开放率",
    "心理教师配备率",
    "营养食堂建成率",
)
REFUSER = Refuser((Weight("coverage", 2.0, 0.5, 0.25),), 0.0, 0.5)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Five short notices of two towns, indexed without a model."""
    folder = tmp_path_factory.mktemp("refusal")
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, subject in enumerate(SUBJECTS):
        place = ("银川市", "昭通市")[number % 2]
        text = NOTICE.format(place=place, subject=subject, figure=60 + number)
        (corpus / f"{number}.txt").write_text(text, encoding="utf-8")
    own = replace(read_settings({}), corpus=corpus, index=folder / "index", model="hashing")
    build(own)
    return own


@pytest.fixture(scope="module")
def engine(settings: Settings) -> Engine:
    return Engine.open(settings)


def test_the_shipped_model_knows_every_signal_that_it_weighs() -> None:
    known = {field.name for field in fields(Signals)}
    assert {weight.signal for weight in shipped().weights} <= known
    assert 0 < shipped().threshold < 1


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_of_a_signal_that_speaks_for_an_answer_never_refuses_it(a: float, b: float) -> None:
    low, high = (REFUSER.decide(replace(NOTHING, coverage=x)).probability for x in sorted((a, b)))
    assert low <= high


def test_the_threshold_itself_is_enough() -> None:
    decision = REFUSER.decide(replace(NOTHING, coverage=0.5))
    assert (decision.is_enough, decision.probability) == (True, 0.5)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("产假", 1.0), ("残疾人", 1.0), ("孩子", 0.0), ("东西", 0.0), ("2025", 1.0)],
)
def test_words_of_rules_are_told_from_everyday_ones(word: str, expected: float) -> None:
    assert formality(word) == expected


def test_the_signals_of_a_sentence_that_says_it_are_those_of_an_answer(engine: Engine) -> None:
    said = engine.support("银川市课后服务覆盖率达到多少")
    unsaid = engine.support("银川市博物馆门票价格多少元")
    assert said and unsaid
    assert said.signals.coverage > 0.8
    assert said.signals.answering > 0.8
    assert unsaid.signals.answering < said.signals.answering
    assert "博物馆" in unsaid.absent


def test_a_year_that_no_sentence_is_of_leaves_none_that_could_answer(engine: Engine) -> None:
    told = engine.support("小学起始年级班额不得超过多少人")
    left_out = engine.support("小学起始年级班额不得超过多少人", [f"{n}.txt" for n in range(5)])
    assert told and left_out
    assert told.has_documents
    assert not left_out.has_documents
    assert not left_out.is_enough


def test_a_refusal_names_what_the_corpus_nowhere_has(engine: Engine) -> None:
    answer = engine.ask("卫星频率许可如何申请")
    assert answer.refused
    assert answer.reason.startswith("没有找到：已检索语料库的 5 份文件，没有能够回答")
    assert "“卫星”" in answer.reason


def test_trial_questions_are_the_same_each_time_and_of_both_outcomes(engine: Engine) -> None:
    index, catalogue = engine._index, engine._catalogue
    found = make_trials(index, catalogue, 5)
    assert found == make_trials(index, catalogue, 5)
    assert {trial.is_answerable for trial in found if trial.kind in SURE} == {True, False}
    assert all(trial.kind in ("whole", "words left out") for trial in found if trial.is_answerable)


def test_a_threshold_that_reaches_both_aims_stays(engine: Engine) -> None:
    manifest = engine._index.manifest
    found = calibrate(manifest, REFUSER, [Outcome(0.9, True), Outcome(0.1, False)])
    assert astuple(found)[2:] == (identify(REFUSER), 0.5, 2, 1.0, 1.0)


def test_a_threshold_moves_only_within_bounds(engine: Engine) -> None:
    manifest = engine._index.manifest
    low = calibrate(manifest, REFUSER, [Outcome(0.45, True), Outcome(0.1, False)])
    far = calibrate(manifest, REFUSER, [Outcome(0.05, True), Outcome(0.01, False)])
    high = calibrate(manifest, REFUSER, [Outcome(0.9, True), Outcome(0.55, False)])
    assert 0.4 <= low.threshold <= 0.45
    assert (far.threshold, far.answered) == (0.5, 0.0)
    assert 0.55 < high.threshold <= 0.6


def test_calibrating_saves_the_threshold_with_the_index(engine: Engine, settings: Settings) -> None:
    found = engine.calibrate([Trial("银川市课后服务覆盖率达到多少", "asked", True)])
    assert found.questions == 1
    manifest = open_live(settings.index).manifest
    assert calibrated(settings.index, manifest, shipped()).threshold == found.threshold


def test_an_open_engine_is_stale_once_the_threshold_is_set_anew(settings: Settings) -> None:
    running, other = Engine.open(settings), Engine.open(settings)
    other.calibrate([Trial("银川市课后服务覆盖率达到多少", "asked", True)])
    assert running.is_stale()
    assert not other.is_stale()


def test_an_offices_own_questions_need_no_ids(
    settings: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SUYUAN_MODEL", "hashing")
    asked = tmp_path / "own.jsonl"
    given = ["calibrate", "--questions", str(asked), "--index", str(settings.index)]
    asked.write_text('{"question": "银川市课后服务覆盖率达到多少", "answerable": true}\n', "utf-8")
    assert main(given) == 0
    assert "按 1 个问题定" in capsys.readouterr().out
    asked.write_text('{"answerable": true}\n', "utf-8")
    assert main(given) != 0
    assert "第 1 行不是含 question 的 JSON 对象" in capsys.readouterr().err


@pytest.mark.parametrize("change", ["content", "fingerprint", "weights"])
def test_a_threshold_of_another_index_or_model_is_ignored_and_said_so(
    engine: Engine, tmp_path: Path, change: str, caplog: pytest.LogCaptureFixture
) -> None:
    manifest = engine._index.manifest
    found = calibrate(manifest, REFUSER, [Outcome(0.45, True), Outcome(0.1, False)])
    write_calibration(tmp_path, found)
    assert calibrated(tmp_path, manifest, REFUSER).threshold == found.threshold
    write_calibration(tmp_path, replace(found, **{change: "another"}))
    with caplog.at_level(logging.WARNING):
        assert calibrated(tmp_path, manifest, REFUSER) == REFUSER
    assert "不是为当前索引定的" in caplog.text


@pytest.mark.parametrize("content", ["", "[]", '{"threshold": "x"}', '{"content": 1}'])
def test_a_damaged_threshold_is_ignored_and_said_so(
    engine: Engine, tmp_path: Path, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "refusal.json").write_text(content, encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        assert calibrated(tmp_path, engine._index.manifest, REFUSER) == REFUSER
    assert "读不出来" in caplog.text
