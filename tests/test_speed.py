"""Programs are measured alike, by what a search shows, and one that is not there is said so."""

import importlib.util
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from benchmarks import speed
from benchmarks.programs import Suyuan, read_texts, write_texts
from benchmarks.runs import Run
from benchmarks.speed import best, measure_program, programs
from indexer.errors import SuyuanError
from indexer.settings import Settings
from tests.conftest import CACHE

CHANGES = {"add s", "remove s"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "托育.txt").write_text(
        "甲市托育通知\n一、目标\n到2027年每千人托位达到5个。\n", encoding="utf-8"
    )
    return Settings(corpus, tmp_path / "index", "hashing", CACHE)


class Deaf:
    """A program whose searches never show a change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def index(self) -> None:
        pass

    def add(self, name: str, text: str) -> None:
        pass

    def remove(self, name: str) -> None:
        pass

    def search(self, question: str) -> Collection[str]:
        return ()


def test_a_change_counts_only_when_a_search_shows_it(tmp_path: Path) -> None:
    with pytest.raises(SuyuanError, match="没有在检索里见到"):
        measure_program(Deaf(tmp_path), ["托位"])


@pytest.mark.slow
def test_this_program_is_measured_whole_and_hands_over_what_it_embedded(
    settings: Settings, tmp_path: Path
) -> None:
    ours = Suyuan(settings)
    figures = measure_program(ours, ["每千人托位"])
    assert {"index s", "MB on disk", "peak MB", "search p50 ms", "search p95 ms"} | CHANGES == set(
        figures
    )
    write_texts(tmp_path / "texts.json", ours.texts())
    texts = read_texts(tmp_path / "texts.json")
    assert set(texts) == {"托育.txt", "新增1.txt", "新增2.txt", "新增3.txt"}
    assert texts["托育.txt"] == [
        "甲市托育通知\n甲市托育通知\n一、目标\n到2027年每千人托位达到5个。"
    ]


def test_the_least_of_several_rounds_counts() -> None:
    rounds = [
        ("suyuan", {"index s": 3.0, "add s": 1.0}),
        ("encode", {"index s": 2.0}),
        ("suyuan", {"index s": 2.5, "add s": 1.5}),
        ("encode", {"index s": 5.0}),
    ]
    assert best(rounds) == {
        "suyuan": {"÷ encode": 1.25, "index s": 2.5, "add s": 1.0},
        "encode": {"÷ encode": 1.0, "index s": 2.0},
    }


def test_a_program_that_is_not_installed_is_skipped_and_said_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert programs() == ["suyuan", "encode"]
    assert "没有安装 txtai，跳过" in capsys.readouterr().out


def test_the_table_and_the_file_come_of_what_each_process_measured(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measured(*_: object) -> Iterator[tuple[str, dict[str, float]]]:
        yield "suyuan", {"index s": 1.0, "add s": 0.5}
        yield "encode", {"index s": 2.0}

    kept: list[object] = []
    monkeypatch.setattr(speed, "take_turns", measured)
    monkeypatch.setattr(Run, "save", lambda _, *named: kept.append(named))
    assert speed.main(["--corpus", str(settings.corpus)]) == 0
    assert kept == [
        (
            "speed",
            {
                "suyuan": {"÷ encode": 0.5, "index s": 1.0, "add s": 0.5},
                "encode": {"÷ encode": 1.0, "index s": 2.0},
            },
        )
    ]
    assert "suyuan" in capsys.readouterr().out
