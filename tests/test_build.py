"""From a folder of notices to a live generation: incremental, safe, and honest about bad input."""

import multiprocessing
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.build import build, check, verify
from indexer.errors import BuildError, CorpusError, IndexUnusable, ModelError, SuyuanError
from indexer.generations import (
    building,
    generation_folder,
    list_generations,
    live_generation,
    open_live,
    previous_generation,
    switch_to,
)
from indexer.manifest import SCHEMA_VERSION
from indexer.records import Problem, Progress
from indexer.settings import PROJECT, Settings

pytestmark = pytest.mark.slow

NOTICE = """青岚市教育局关于做好{subject}工作的通知
青教发〔2023〕{number}号
各县（区）教育局：
一、总体要求
{subject}工作要坚持公平，{number}月底前完成。各学校每学期至少检查{number}次。
二、保障措施
市教育局负责督促落实，经费由市财政局安排。
青岚市教育局
2023年3月{number}日
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A corpus of three notices and an empty index, with the encoder that needs no model."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, subject in enumerate(("招生入学", "校园安全", "课后服务"), start=1):
        _write(corpus / f"{number}.txt", NOTICE.format(subject=subject, number=number))
    return Settings(corpus=corpus, index=tmp_path / "index", model="hashing", cache=tmp_path)


def test_the_first_build_adds_every_file(settings: Settings) -> None:
    report = build(settings)
    assert (report.added, report.problems) == (("1.txt", "2.txt", "3.txt"), ())
    assert report.embedded == report.passages > 0
    assert live_generation(settings.index) == report.generation


def test_an_unchanged_corpus_changes_nothing(settings: Settings) -> None:
    first = build(settings)
    before = _snapshot(settings.index)
    again = build(settings)
    assert again.changes_nothing
    assert (again.generation, again.embedded) == (first.generation, 0)
    assert _snapshot(settings.index) == before


def test_only_what_is_new_is_embedded(settings: Settings) -> None:
    first = build(settings)
    _write(settings.corpus / "4.txt", NOTICE.format(subject="营养改善", number=4))
    (settings.corpus / "1.txt").unlink()
    report = build(settings)
    assert (report.added, report.removed) == (("4.txt",), ("1.txt",))
    assert 0 < report.embedded < first.embedded
    assert open_live(settings.index).ids == ("2.txt", "3.txt", "4.txt")


def test_a_renamed_file_is_neither_read_nor_embedded_again(settings: Settings) -> None:
    build(settings)
    (settings.corpus / "1.txt").rename(settings.corpus / "renamed.txt")
    report = build(settings)
    assert (report.added, report.removed, report.embedded) == (("renamed.txt",), ("1.txt",), 0)


def test_of_two_files_with_one_content_the_first_is_kept(settings: Settings) -> None:
    shutil.copy(settings.corpus / "1.txt", settings.corpus / "copy.txt")
    assert build(settings).duplicates == (("copy.txt", "1.txt"),)
    assert build(settings).changes_nothing


def test_check_says_what_a_build_would_do_and_changes_nothing(settings: Settings) -> None:
    build(settings)
    _write(settings.corpus / "4.txt", NOTICE.format(subject="营养改善", number=4))
    (settings.corpus / "bad.txt").write_bytes(b"\x00\x01\x02")
    before = _snapshot(settings.index)
    planned = check(settings)
    assert _snapshot(settings.index) == before
    done = build(settings)
    assert (planned.added, planned.problems) == (done.added, done.problems)


def test_the_same_corpus_gives_the_same_generation(settings: Settings, tmp_path: Path) -> None:
    other = replace(settings, index=tmp_path / "other")
    assert build(settings).generation == build(other).generation
    assert _segments(settings.index) == _segments(other.index)


def test_the_order_in_which_a_process_looks_through_sets_changes_nothing(tmp_path: Path) -> None:
    made = set()
    for seed in ("1", "2", "3"):
        command = [sys.executable, "-m", "indexer", "build", "--index", str(tmp_path / seed)]
        environment = os.environ | {"PYTHONHASHSEED": seed, "SUYUAN_MODEL": "hashing"}
        subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True)
        made.add(live_generation(tmp_path / seed))
    assert len(made) == 1


def test_another_history_gives_the_same_content(settings: Settings, tmp_path: Path) -> None:
    content = _content(settings)
    _write(settings.corpus / "4.txt", NOTICE.format(subject="营养改善", number=4))
    assert _content(settings) != content
    (settings.corpus / "4.txt").unlink()
    assert _content(settings) == content


@pytest.mark.parametrize(
    ("name", "content", "fact"),
    [
        ("empty.txt", b"", "文件是空的。"),
        ("blank.txt", b" \n\n\t ", "文件是空的。"),
        ("binary.txt", bytes(range(256)), "文件不是文本（含二进制数据）。"),
        ("broken.txt", "教育局关于招生工作的通知".encode()[:-1], "编码认不出来"),
        ("signs.md", "。。。——！".encode(), "文件里没有文字。"),
        ("table.xyz", "教育".encode(), "暂不支持 .xyz 文件。"),
    ],
)
def test_a_bad_file_is_reported_and_stops_nothing(
    settings: Settings, name: str, content: bytes, fact: str
) -> None:
    (settings.corpus / name).write_bytes(content)
    report = build(settings)
    assert report.added == tuple(sorted(("1.txt", "2.txt", "3.txt", name)))
    (problem,) = report.problems
    assert problem.file == name
    assert fact in problem.fact
    assert problem.cure
    live = open_live(settings.index)
    assert (live.ids, live.problems()) == (("1.txt", "2.txt", "3.txt"), (problem,))
    assert build(settings).changes_nothing


def test_a_file_above_the_limit_is_reported_with_its_size(settings: Settings) -> None:
    with (settings.corpus / "huge.txt").open("wb") as file:
        file.truncate(50_000_000)
    (problem,) = build(replace(settings, max_file_bytes=20_000_000)).problems
    assert problem == Problem(
        "huge.txt",
        "文件有 50 MB，超过单个文件 20 MB 的上限。",
        "请拆成几个文件，或用 SUYUAN_MAX_FILE_MB 调大上限后重建索引。",
    )


def test_a_file_that_cannot_be_opened_is_reported(settings: Settings) -> None:
    (settings.corpus / "gone.txt").symlink_to(settings.corpus / "nowhere.txt")
    (problem,) = build(settings).problems
    assert problem.file == "gone.txt"
    assert problem.fact.startswith("文件打不开")


def test_a_link_out_of_the_corpus_is_not_followed(settings: Settings, tmp_path: Path) -> None:
    _write(tmp_path / "secret.txt", NOTICE.format(subject="机密", number=9))
    (settings.corpus / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert build(settings).added == ("1.txt", "2.txt", "3.txt")


def test_files_that_systems_leave_are_ignored(settings: Settings) -> None:
    for name in (".DS_Store", "Thumbs.db", "~$1.docx"):
        (settings.corpus / name).write_bytes(b"x")
    assert build(settings).added == ("1.txt", "2.txt", "3.txt")


@pytest.mark.parametrize("prepare", [shutil.rmtree, lambda folder: _empty(folder)])
def test_a_missing_or_empty_folder_is_an_error_and_the_index_stays(
    settings: Settings, prepare: Callable[[Path], None]
) -> None:
    build(settings)
    before = _snapshot(settings.index)
    prepare(settings.corpus)
    with pytest.raises(CorpusError):
        build(settings)
    assert _snapshot(settings.index) == before


def test_a_corpus_without_one_readable_file_is_an_error(settings: Settings) -> None:
    _empty(settings.corpus)
    (settings.corpus / "bad.txt").write_bytes(b"\x00\x01\x02")
    with pytest.raises(CorpusError, match="没有一个文件能读出文字"):
        build(settings)


def test_a_missing_model_is_an_error_and_the_index_stays(settings: Settings) -> None:
    generation = build(settings).generation
    with pytest.raises(ModelError):
        build(replace(settings, model="/nowhere/model"))
    assert live_generation(settings.index) == generation


def test_a_second_build_at_the_same_time_is_turned_away(settings: Settings) -> None:
    with building(settings.index), pytest.raises(BuildError, match="另一个程序正在建立"):
        build(settings)


def test_an_index_folder_that_cannot_be_made_is_an_error(settings: Settings) -> None:
    settings.index.write_text("a file where the folder should be")
    with pytest.raises(BuildError, match="不能写入"):
        build(settings)


def test_a_full_disk_is_reported_and_the_index_stays(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = build(settings).generation
    _write(settings.corpus / "4.txt", NOTICE.format(subject="营养改善", number=4))

    def full(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("indexer.build.publish", full)
    with pytest.raises(BuildError, match="磁盘空间不足"):
        build(settings)
    monkeypatch.undo()
    assert live_generation(settings.index) == generation
    assert verify(settings).generation == generation
    assert build(settings).embedded == 0  # what was embedded before the disk was full is kept


@pytest.mark.parametrize(
    "name",
    [
        "generations/*/manifest.json",
        "generations/*/inventory.sqlite",
        "segments/*/segment.json",
        "segments/*/documents.sqlite",
        "segments/*/vectors/passages.npy",
        "segments/*/words/rows.npy",
        "segments/*/concordance/units.u16",
    ],
)
def test_a_damaged_file_is_named_and_a_build_repairs_it(settings: Settings, name: str) -> None:
    build(settings)
    (path,) = settings.index.glob(name)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(IndexUnusable) as error:
        open_live(settings.index)
    assert "已损坏" in error.value.fact
    assert "python -m indexer build" in error.value.cure
    repaired = build(settings)
    assert verify(settings).generation == repaired.generation


def test_a_missing_file_of_the_index_is_named(settings: Settings) -> None:
    build(settings)
    (path,) = settings.index.glob("segments/*/vectors/passages.npy")
    path.unlink()
    with pytest.raises(IndexUnusable, match=r"缺少文件 segments/\w+/vectors/passages\.npy"):
        open_live(settings.index)


def test_an_index_of_another_version_is_refused(settings: Settings) -> None:
    generation = build(settings).generation
    manifest = generation_folder(settings.index, generation) / "manifest.json"
    text = manifest.read_text(encoding="utf-8").replace(
        f'"schema": {SCHEMA_VERSION}', '"schema": 99'
    )
    manifest.write_text(text, encoding="utf-8")
    with pytest.raises(IndexUnusable, match="格式版本是 99"):
        open_live(settings.index)


def test_a_damaged_vector_cache_is_made_again(settings: Settings) -> None:
    build(settings)
    (settings.index / "embeddings.sqlite").write_bytes(b"not a database" * 100)
    _write(settings.corpus / "4.txt", NOTICE.format(subject="营养改善", number=4))
    assert build(settings).passages == verify(settings).passages


def test_without_an_index_the_error_says_how_to_make_one(settings: Settings) -> None:
    with pytest.raises(IndexUnusable) as error:
        open_live(settings.index)
    assert error.value.exit_code == 4
    assert "python -m indexer build" in error.value.cure


def test_the_live_generation_and_the_one_before_are_kept(settings: Settings) -> None:
    generations = [build(settings).generation]
    for number in (4, 5, 6):
        _write(settings.corpus / f"{number}.txt", NOTICE.format(subject="营养", number=number))
        generations.append(build(settings).generation)
    assert [m.generation for m in list_generations(settings.index)] == generations[:-3:-1]
    assert previous_generation(settings.index) == generations[-2]
    switch_to(settings.index, generations[-2])
    assert verify(settings).generation == generations[-2]


def test_progress_reaches_the_end_of_each_stage(settings: Settings) -> None:
    seen: dict[str, Progress] = {}
    build(settings, lambda progress: seen.update({progress.stage: progress}))
    assert seen["计算向量"].done == seen["计算向量"].total > 0
    assert seen["写入索引"].done == seen["写入索引"].total


def test_a_build_killed_at_any_moment_leaves_a_live_index(settings: Settings) -> None:
    build(settings)
    moments = random.Random(7)
    for number in range(4, 16):
        _write(settings.corpus / f"{number}.txt", NOTICE.format(subject="监测", number=number))
        fork = multiprocessing.get_context("fork")
        process = fork.Process(target=_quietly_build, args=[settings])
        process.start()
        time.sleep(moments.uniform(0.0, 0.25))
        os.kill(process.pid or 0, signal.SIGKILL)
        process.join()
        verify(settings)
    assert build(settings).problems == ()
    assert verify(settings).documents == 15


def _quietly_build(settings: Settings) -> None:
    try:
        build(settings)
    except SuyuanError:
        os._exit(1)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def _snapshot(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith((".lock", "-wal", "-shm"))
    }


def _segments(index: Path) -> dict[str, bytes]:
    return _snapshot(index / "segments")


def _content(settings: Settings) -> str:
    build(settings)
    return verify(settings).content
