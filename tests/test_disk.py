"""A disk that is full, a folder that cannot be written, a clock that is wrong: said, and survived."""

import errno
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import faiss
import pytest

from indexer.__main__ import main as write
from indexer.build import build, verify
from indexer.generations import live_generation
from indexer.settings import Settings
from retrieval.engine import Engine
from tests.invented import (
    Seen,
    in_process,  # noqa: F401
    invented_corpus,
    notice,
    searches,
    write_corpus,
)
from tests.invented import look as verify_and_see
from tests.test_crash import forked, said

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("in_process")]

QUESTIONS = ("校车每月检查几次", "施甸县大班额比例控制在百分之几")
_NOBODY = 65534


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A built index of some notices, and a corpus that has since changed."""
    monkeypatch.setenv("SUYUAN_MODEL", "hashing")
    return built(tmp_path)


def built(folder: Path) -> Settings:
    settings = Settings(folder / "corpus", folder / "index", "hashing", folder)
    settings.corpus.mkdir()
    files = {name: content for name, content in invented_corpus().items() if "施甸县" in name}
    write_corpus(settings.corpus, files)
    build(settings)
    added = {
        f"新/{number}.txt": notice("玉溪市", "玉教发", subject, number, 2024).encode()
        for number, subject in enumerate(("大班额化解", "校车安全", "课后服务"), start=1)
    }
    write_corpus(settings.corpus, files | added)
    return settings


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Return what moves the clock of this process to so many days from now."""
    ahead = timedelta()
    real = time.time

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + ahead

    def move(days: float) -> None:
        nonlocal ahead
        ahead = timedelta(days=days)

    for name, module in list(sys.modules.items()):
        if name.startswith("indexer.") and vars(module).get("datetime") is datetime:
            monkeypatch.setattr(module, "datetime", Shifted)
    monkeypatch.setattr(time, "time", lambda: real() + ahead.total_seconds())
    monkeypatch.setattr(time, "time_ns", lambda: int((real() + ahead.total_seconds()) * 1e9))
    return move


def look(settings: Settings) -> Seen | None:
    return verify_and_see(settings, QUESTIONS, ("检查",))


def arguments(settings: Settings) -> list[str]:
    return ["--corpus", str(settings.corpus), "--index", str(settings.index)]


def command(settings: Settings, prepare: Callable[[], None]) -> tuple[int, str]:
    """Run `build` in a process made ready by `prepare`; return its exit code and what it wrote to
    standard error."""

    def task(say: Callable[[object], None]) -> tuple[int, str]:
        with tempfile.TemporaryFile("w+") as file:
            sys.stderr = file
            prepare()
            try:
                code = write(["build", *arguments(settings)])
            finally:
                # What is said to standard error goes to a file here, which is limited as well.
                resource.setrlimit(resource.RLIMIT_FSIZE, _UNLIMITED)
            file.seek(0)
            return code, file.read()

    with forked(task) as (_, pipe):
        ((kind, result),) = said(pipe)
        assert kind == "done", result
        return result


_UNLIMITED = resource.getrlimit(resource.RLIMIT_FSIZE)


def at_most(size: int) -> Callable[[], None]:
    """Let no file of this process grow beyond a size: a write that would fails as on a full
    disk."""

    def prepare() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, _UNLIMITED[1]))

    return prepare


def test_a_disk_that_is_full_at_any_file_is_reported_and_the_index_stays(
    settings: Settings,
) -> None:
    """Files of every size are hit in turn: each limit stops one that the limit above lets pass."""
    whole = replace(settings, index=settings.index.with_name("whole"))
    build(whole)
    after = look(whole)
    before, kept = look(settings), _files(settings.index)
    sizes = {path.stat().st_size for path in whole.index.rglob("*") if path.is_file()}
    limits = sorted(
        {size - 1 for size in sizes if size} | {size // 2 for size in sizes if size > 1}
    )
    codes = []
    for limit in (0, *limits):
        code, complaint = command(settings, at_most(limit))
        codes.append(code)
        assert code in (0, 1), complaint
        assert "Traceback" not in complaint
        if code:
            assert complaint.startswith("错误：")
            assert "原有索引照常可用" in complaint or "请检查权限和磁盘空间" in complaint
            assert "python -m indexer build" in complaint or "重试" in complaint
            assert live_generation(settings.index) is not None
        assert look(settings) == (before if code else after)
        if code == 0 or limit == limits[len(limits) // 2]:
            build(settings)
            assert look(settings) == after
            shutil.rmtree(settings.index)
            settings.index.mkdir()
            write_corpus(settings.index, kept)
    assert codes[0] == 1 and codes.count(1) > len(codes) / 2
    build(settings)
    assert look(settings) == after


def test_a_failure_of_any_file_operation_is_reported_and_the_index_stays(
    settings: Settings,
) -> None:
    """Each operation fails in turn for lack of room: the build ends with what is so and what to do
    about it, or goes on where it can do without."""
    whole = replace(settings, index=settings.index.with_name("whole"))
    build(whole)
    after, before, kept = look(whole), look(settings), _files(settings.index)
    at = reported = 0
    while True:
        code, complaint = command(settings, lambda at=at: _failing_at(settings.index, at))
        has_failed, complaint = complaint.startswith(_FAILED), complaint.removeprefix(_FAILED)
        assert code in (0, 1), complaint
        assert "Traceback" not in complaint
        if code:
            reported += 1
            assert complaint.startswith("错误：") and "请" in complaint
        assert look(settings) in ((before, after) if code else (after,))
        if not has_failed:
            break
        build(settings)
        assert look(settings) == after
        shutil.rmtree(settings.index)
        settings.index.mkdir()
        write_corpus(settings.index, kept)
        at += 1
    assert reported > 5


_FAILED = "an operation fails here\n"


def _failing_at(index: Path, at: int) -> None:
    """Have the operation number `at` that makes, writes or renames something of the index fail."""
    count = 0
    made = {"os.mkdir": 0, "os.rename": 1}

    def hear(event: str, given: tuple[Any, ...]) -> None:
        nonlocal count
        if event == "open":
            path, writes = given[0], bool(given[2] and given[2] & (os.O_WRONLY | os.O_RDWR))
        elif event in made:
            path, writes = given[made[event]], True
        else:
            return
        if writes and isinstance(path, (str, Path)) and Path(path).is_relative_to(index):
            count += 1
            if count == at + 1:
                sys.stderr.write(_FAILED)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    sys.addaudithook(hear)


@pytest.mark.parametrize("place", ["parent", "index", "inside"])
def test_what_cannot_be_written_is_reported(
    settings: Settings, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file where a folder should be, and a folder where a file should be: permissions would not
    keep everyone out."""
    entries = sorted(path.name for path in settings.index.iterdir())
    is_folder = {path.name: path.is_dir() for path in settings.index.iterdir()}
    blocked = settings.index.with_name("blocked")
    if place == "parent":
        blocked.write_text("a file")
        tried = [replace(settings, index=blocked / "index")]
    elif place == "index":
        blocked.write_text("a file")
        tried = [replace(settings, index=blocked)]
    else:
        tried = []
        for name in entries:
            index = settings.index.with_name(f"without {name}")
            index.mkdir()
            if is_folder[name]:
                (index / name).write_text("a file")
            else:
                (index / name).mkdir()
            tried.append(replace(settings, index=index))
    for each in tried:
        code = write(["build", *arguments(each)])
        complaint = capsys.readouterr().err
        assert code in ((0, 1) if place == "inside" else (1,)), each.index.name
        if code:
            assert complaint.startswith("错误：") and "请" in complaint, each.index.name
        else:
            verify(each)


@pytest.mark.parametrize("content", [b"", b"../..", b"0000\n", bytes(range(256))])
@pytest.mark.parametrize("pointer", ["CURRENT", "PREVIOUS"])
def test_a_damaged_pointer_is_replaced_by_the_next_build(
    settings: Settings, pointer: str, content: bytes
) -> None:
    build(settings)
    after = look(settings)
    (settings.index / pointer).write_bytes(content)
    (settings.corpus / "新/2.txt").touch()
    assert write(["build", *arguments(settings)]) == 0
    assert look(settings) == after
    (settings.corpus / "新/2.txt").unlink()
    assert write(["build", *arguments(settings)]) == 0
    roll_back(settings)
    assert look(settings) == after


def test_an_index_that_may_not_be_written_can_be_read() -> None:
    """Permission bits count for nobody, who is who builds and reads here."""
    with tempfile.TemporaryDirectory() as folder:
        settings = built(Path(folder))
        before = look(settings)
        assert before is not None
        for path in (Path(folder), *Path(folder).rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)

        def prepare() -> None:
            if os.getuid() == 0:
                os.setgid(_NOBODY)
                os.setuid(_NOBODY)

        def task(say: Callable[[object], None]) -> object:
            prepare()
            faiss.omp_set_num_threads(1)  # those that this process has are not in its fork
            return searches(Engine.open(settings), QUESTIONS)

        try:
            code, complaint = command(settings, prepare)
            assert (code, complaint[:3]) == (1, "错误：")
            assert "不能写入" in complaint
            with forked(task) as (_, pipe):
                assert said(pipe) == [("done", before.searches)]
        finally:
            for path in (Path(folder), *Path(folder).rglob("*")):
                path.chmod(0o755 if path.is_dir() else 0o644)


_TIMES = (0, 1, 2_000_000_000, 4_000_000_000)  # seconds: 1970, 1970, 2033, 2096


def test_changed_content_is_noticed_whatever_its_time_says(settings: Settings) -> None:
    build(settings)
    path = settings.corpus / "新/2.txt"
    for number, seconds in enumerate((*_TIMES, *reversed(_TIMES)), start=1):
        path.write_bytes(notice("保山市", "保教发", "校车安全", number, 2024).encode())
        os.utime(path, (seconds, seconds))
        assert build(settings).changed == ("新/2.txt",)
        assert f"每月检查{number}次" in _text(settings, "新/2.txt")


@pytest.mark.parametrize("days", [0, 1, -1])
def test_content_of_the_same_size_and_time_is_noticed(
    settings: Settings, clock: Callable[[float], None], days: int
) -> None:
    """Neither the size nor the time of a file says that it is as it was: a copy with its time kept,
    another file moved over it; nor does what the clock says of how long ago that was."""
    clock(days)
    build(settings)
    path = settings.corpus / "新/2.txt"
    stat = path.stat()
    for number in (3, 4, 5):
        content = notice("玉溪市", "玉教发", "校车安全", number, 2024).encode()
        assert len(content) == stat.st_size
        time.sleep(0.02)  # the system counts times in steps of some milliseconds
        if number == 4:  # by another file in its place
            other = path.with_name("other")
            other.write_bytes(content)
            os.utime(other, ns=(stat.st_atime_ns, stat.st_mtime_ns))
            other.replace(path)
        else:
            path.write_bytes(content)
            os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        assert build(settings).changed == ("新/2.txt",)
        assert f"每月检查{number}次" in _text(settings, "新/2.txt")


def test_times_that_change_without_the_content_change_nothing(settings: Settings) -> None:
    build(settings)
    generation = live_generation(settings.index)
    for seconds in _TIMES:
        for path in settings.corpus.rglob("*.txt"):
            os.utime(path, (seconds, seconds))
        report = build(settings)
        assert report.changes_nothing
        assert live_generation(settings.index) == generation


@pytest.mark.parametrize("days", [(0, 400, 3, 2, 1), (0, -1, -2, -3, -4), (0, 5, -5, 5, -5)])
def test_rollback_leads_to_the_index_before_whatever_the_clock_said(
    settings: Settings, clock: Callable[[float], None], days: tuple[int, ...]
) -> None:
    states = [_documents(settings)]
    for number, each in enumerate(days):
        clock(each)
        path = settings.corpus / f"又/{number}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(notice("保山市", "保教发", "营养改善", number + 1, 2024), encoding="utf-8")
        build(settings)
        states.append(_documents(settings))
        assert f"又/{number}.txt" in states[-1]
        roll_back(settings)
        assert _documents(settings) == states[-2]
        roll_back(settings)
        assert _documents(settings) == states[-1]
        verify(settings)


def test_after_a_rollback_the_next_build_can_be_taken_back_to_where_it_began(
    settings: Settings,
) -> None:
    """To the good index that was gone back to, not to the bad one that was left."""
    good = _documents(settings)
    build(settings)
    bad = _documents(settings)
    roll_back(settings)
    assert _documents(settings) == good
    (settings.corpus / "新/2.txt").unlink()
    build(settings)
    assert _documents(settings) not in (good, bad)
    roll_back(settings)
    assert _documents(settings) == good
    verify(settings)


def roll_back(settings: Settings) -> None:
    assert write(["rollback", *arguments(settings)]) == 0


def _documents(settings: Settings) -> dict[str, str]:
    """Return the content of each document of the live index."""
    engine = Engine.open(settings)
    names = [source.document for source in engine.sources()]
    return {name: engine.document(name).sha256 for name in names}


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _text(settings: Settings, document: str) -> str:
    return Engine.open(settings).document(document).text
