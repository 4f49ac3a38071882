"""What took long to read is read once: by `check`, by a killed build, or by the build after it."""

from pathlib import Path

import pytest

from indexer import reading
from indexer.build import build, check
from indexer.generations import open_live
from indexer.readers.source import Source
from indexer.records import Caution, Exclusion, Page, Row, Span, Table
from indexer.settings import Settings
from indexer.source_cache import SourceCache

SOURCE = Source(
    "标题\n甲 | 乙\n",
    headings=((Span(0, 2), 1),),
    exclusions=(Exclusion("页码", Span(0, 1)),),
    pages=(Page(1, Span(0, 8), 0.9),),
    tables=(Table((Row(Span(3, 8), (Span(3, 4), Span(7, 8))),), 0),),
    cautions=(Caution("有图片。", "请看原件。"),),
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text("关于做好招生工作的通知\n一、做。", encoding="utf-8")
    return Settings(corpus=corpus, index=tmp_path / "index", model="hashing", cache=tmp_path)


def test_a_source_comes_back_as_it_was(tmp_path: Path) -> None:
    cache = SourceCache(tmp_path / "sources", "4")
    assert cache.load("ab", ".pdf") is None
    cache.save("ab", ".pdf", SOURCE)
    assert cache.load("ab", ".pdf") == SOURCE
    assert cache.load("ab", ".doc") is None
    assert SourceCache(tmp_path / "sources", "5").load("ab", ".pdf") is None
    cache.clear()
    assert cache.load("ab", ".pdf") is None


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff", b"[1,2,3,4,5,6]"])
def test_a_damaged_source_is_read_again(tmp_path: Path, content: bytes) -> None:
    cache = SourceCache(tmp_path, "4")
    cache.save("ab", ".pdf", SOURCE)
    (kept,) = tmp_path.glob("*.json")
    kept.write_bytes(content)
    assert cache.load("ab", ".pdf") is None


def test_that_a_source_cannot_be_kept_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = SourceCache(tmp_path / "file" / "sources", "4")
    cache.save("ab", ".pdf", SOURCE)
    assert cache.load("ab", ".pdf") is None


@pytest.mark.slow
def test_what_a_check_took_long_to_read_the_build_takes_over(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_LONG", 0.0)
    check(settings)
    (kept,) = (settings.index / "sources").glob("*.json")
    kept.write_bytes(kept.read_bytes().replace(rb"\u62db\u751f", rb"\u5165\u5b66"))
    build(settings)
    generation = open_live(settings.index)
    assert generation.document("a.txt").text == "关于做好入学工作的通知\n一、做。"
    assert not (settings.index / "sources").exists()


def test_what_is_read_quickly_is_not_kept(settings: Settings) -> None:
    check(settings)
    assert not (settings.index / "sources").exists()
