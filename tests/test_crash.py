"""A build may end at any moment: the index is then as it was or as it is to be, and none other."""

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from indexer.__main__ import main as write
from indexer.build import build, verify
from indexer.records import Progress, Report
from indexer.settings import Settings
from retrieval.engine import Engine
from tests.invented import (
    Seen,
    answer,
    in_process,  # noqa: F401
    invented_corpus,
    notice,
    searches,
    write_corpus,
    zip_of,
)
from tests.invented import look as verify_and_see
from tests.make import PROJECT

QUESTIONS = ("校车每月检查几次", "施甸县大班额比例控制在百分之几", "校舍安全管理办法什么时候施行")
EXPRESSIONS = ("检查 AND 通报", "文号:保教发")
MOMENTS = 200
_LATER = 1.15  # of the measured duration: the last steps are in reach of a build that takes longer

Step = Callable[[str], None]
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("in_process")]


def corpora() -> list[dict[str, bytes]]:
    """Return corpora each of which is the one before it after some changes; the first follows on
    the last."""
    whole = invented_corpus()
    kept = ("市/2020/校车安全.txt", "施甸县", "坏.txt", "包.zip", "学位.md", ".part")
    dropped = ("天水市", "泸州市/20", "施甸县/2021", "施甸县/2022", "施甸县/2023")
    base = {
        name: content
        for name, content in whole.items()
        if any(part in name for part in kept) and not name.startswith(dropped)
    }
    added = {
        **base,
        "新/营养.txt": whole["天水市/2022/营养改善.txt"],
        "保山市/2020/校车安全.txt": notice("保山市", "保教发", "校车安全", 8, 2020).encode(),
    }
    renamed = {name.replace("施甸县/", "保山市/施甸县/"): added[name] for name in added}
    del renamed["玉溪市/2020/校车安全.txt"]
    copied = {
        **renamed,
        "0.txt": renamed["新/营养.txt"],
        "包.zip": zip_of({"通知.txt": notice("曲靖市", "曲教发", "课后服务", 6, 2022)}),
    }
    smaller = {name: copied[name] for name in copied if "校车" not in name}
    return [base, added, renamed, copied, smaller]


def look(settings: Settings) -> Seen | None:
    return verify_and_see(settings, QUESTIONS, EXPRESSIONS)


@contextmanager
def forked(task: Callable[[Callable[[object], None]], object]) -> Iterator[tuple[Any, Connection]]:
    """Run a task in a process that has everything loaded; what it says comes through the pipe, and
    "done" with what it returned, or its error, at the end."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)

    def run() -> None:
        try:
            theirs.send(("done", task(theirs.send)))
        except BaseException as error:
            theirs.send(("failed", repr(error)))  # and the test that hears it fails
        os._exit(0)

    process = context.Process(target=run)
    process.start()
    theirs.close()
    try:
        yield process, ours
    finally:
        process.kill()
        process.join()
        ours.close()


def said(pipe: Connection) -> list[Any]:
    """Return all that a process said before it ended."""
    heard = []
    while True:
        try:
            heard.append(pipe.recv())
        except EOFError:
            return heard


def build_until(settings: Settings, moment: float) -> tuple[list[Any], float]:
    """Build in a process that is killed after some seconds, and return what it said and when it
    ended."""

    def task(say: Callable[[object], None]) -> Report:
        say("started")
        return build(
            settings, lambda progress: say((progress.stage, progress.done, progress.total))
        )

    with forked(task) as (process, pipe):
        assert pipe.recv() == "started"
        began = time.monotonic()
        process.join(moment)
        ended = time.monotonic() - began
        process.kill()
        process.join()
        return said(pipe), ended


def steps_of(building: Callable[[Step], object], at: int = -1) -> list[str]:
    """Build in a process and return its steps; it kills itself before the one `at`.

    `building` is given what to call with a name at each step.
    """

    def task(say: Callable[[object], None]) -> list[str]:
        taken: list[str] = []

        def step(name: str) -> None:
            if len(taken) == at:
                os.kill(os.getpid(), signal.SIGKILL)
            taken.append(name)

        building(step)
        return taken

    with forked(task) as (process, pipe):
        heard = said(pipe)
        process.join()
        if at >= 0 and process.exitcode == -signal.SIGKILL:
            return []
        ((kind, taken),) = heard
        assert kind == "done", taken
        return list(taken)


def chosen(steps: Sequence[str]) -> list[int]:
    """Return the first, the middle and the last of each run of steps of one name."""
    found: set[int] = set()
    for _, run in groupby(range(len(steps)), key=steps.__getitem__):
        positions = list(run)
        found.update((positions[0], positions[len(positions) // 2], positions[-1]))
    return sorted(found)


class _Followed:
    """A corpus that goes from one state to the next while its builds are killed."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(folder / "corpus", folder / "index", "hashing", folder)
        self.settings.corpus.mkdir()
        self._folder = folder
        self._fresh: dict[int, tuple[Seen | None, Report]] = {}
        self.states = corpora()
        self.before: Seen | None = None
        self.after: Seen | None = None

    def fresh(self, state: int) -> tuple[Seen | None, Report]:
        """Return what a fresh index of a state shows, and the report of its build."""
        if state not in self._fresh:
            folder = self._folder / f"fresh{state}"
            settings = Settings(folder / "corpus", folder / "index", "hashing", folder)
            settings.corpus.mkdir(parents=True)
            write_corpus(settings.corpus, self.states[state])
            self._fresh[state] = (look(settings), report) if (report := build(settings)) else None
        return self._fresh[state]

    def reach(self, state: int) -> None:
        """Bring the index to a state, unkilled."""
        write_corpus(self.settings.corpus, self.states[state])
        build(self.settings)
        self.before = self.fresh(state)[0]

    def change(self, state: int) -> None:
        """Change the corpus, not the index."""
        write_corpus(self.settings.corpus, self.states[state])
        self.after = self.fresh(state)[0]

    def check_killed(self) -> None:
        """A killed build has left the index as it was, or as it is to be."""
        assert look(self.settings) in (self.before, self.after)

    def finish(self) -> Report:
        """The build that follows brings the index to where a fresh one would be."""
        report = build(self.settings)
        assert look(self.settings) == self.after
        self.before = self.after
        return report


@pytest.fixture
def followed(tmp_path: Path) -> _Followed:
    return _Followed(tmp_path)


def test_a_build_killed_at_any_moment_harms_nothing_and_the_next_one_finishes(
    followed: _Followed,
) -> None:
    count = len(followed.states)
    settings = followed.settings
    followed.reach(0)
    durations = []
    for state in (*range(1, count), 0):
        followed.change(state)
        durations.append(build_until(settings, 60)[1])
        followed.before = followed.after
    kept = _kept(settings.index)
    moments = random.Random(7)
    killed = finished = saved = 0
    for number in range(MOMENTS):
        state = (number + 1) % count
        if state == 1 and number:  # now and then from the start, whose generations are known
            _restore(settings.index, kept)
        # One moment out of each of the equal parts of a build, in turn.
        share = (number // count + moments.random()) / (MOMENTS // count)
        followed.change(state)
        heard, took = build_until(settings, durations[number % count] * _LATER * share)
        is_done = bool(heard) and heard[-1][0] == "done"
        if is_done:
            durations[number % count] = (
                took  # others may have begun, or ceased, to load the machine
            )
        killed, finished = killed + (not is_done), finished + is_done
        followed.check_killed()
        report = followed.finish()
        # Vectors that the killed build had made, and said so, are taken over.
        if any(each[0] == "计算向量" and each[1] == each[2] for each in heard):
            assert report.embedded == 0
            saved += not is_done
        assert report.embedded <= followed.fresh(state)[1].passages
    assert killed > MOMENTS / 3
    assert saved and finished


def _kill_at(
    steps: Iterable[int],
    building: Callable[[Step], None],
    followed: _Followed,
    kept: Mapping[str, bytes],
) -> None:
    """Kill a build at each of some steps, from the same state on; every next one finishes it."""
    for at in steps:
        _restore(followed.settings.index, kept)
        steps_of(building, at)
        followed.check_killed()
        before = followed.before
        followed.finish()
        followed.before = before


@pytest.mark.parametrize("state", [0, 1, 2])
def test_a_build_killed_at_each_of_its_events_harms_nothing(
    followed: _Followed, state: int
) -> None:
    """The first build, one that adds and changes, and one that renames and removes."""
    if state:
        followed.reach(state - 1)
    followed.change(state)
    index = followed.settings.index

    def building(step: Step) -> None:
        build(followed.settings, lambda progress: step(progress.stage))

    kept = _kept(index)
    steps = steps_of(building)
    assert len(set(steps)) > 5
    _kill_at(chosen(steps), building, followed, kept)


@pytest.mark.parametrize("change", ["corpus", "conditions"])
def test_a_build_killed_at_each_of_its_file_operations_harms_nothing(
    followed: _Followed, change: str
) -> None:
    """Whatever is made, renamed, removed or synced, before the switch and after it; where the
    corpus has changed, and where only the limits of reading have."""
    settings = followed.settings
    index = settings.index
    followed.reach(3)
    followed.reach(0)
    if change == "corpus":
        followed.change(1)
    else:
        followed.after = followed.before
        followed.settings = replace(settings, read_seconds=settings.read_seconds + 1)

    def building(step: Step) -> None:
        _at_each_file_operation(step)
        build(followed.settings)

    kept = _kept(index)
    steps = steps_of(building)
    assert {"os.rename", "os.remove", "os.fsync"} <= set(steps)
    _kill_at(chosen(steps), building, followed, kept)


def test_a_rollback_killed_at_each_of_its_file_operations_harms_nothing(
    followed: _Followed,
) -> None:
    followed.reach(3)
    followed.reach(0)
    index = followed.settings.index
    earlier, now = followed.fresh(3)[0], followed.fresh(0)[0]

    def going_back(step: Step) -> None:
        _at_each_file_operation(step)
        assert write(["rollback", "--index", str(index)]) == 0

    kept = _kept(index)
    steps = steps_of(going_back)
    assert look(followed.settings) == earlier
    for at in range(len(steps)):
        _restore(index, kept)
        steps_of(going_back, at)
        assert look(followed.settings) in (now, earlier)
        build(followed.settings)
        assert look(followed.settings) == now


def test_the_command_killed_with_the_readers_that_it_started_harms_nothing(
    followed: _Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a person runs it: a process of its own, which reads in children."""
    monkeypatch.setenv("SUYUAN_MODEL", "hashing")
    followed.reach(0)
    given = ["--corpus", str(followed.settings.corpus), "--index", str(followed.settings.index)]

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "indexer", "build", *given]
        return subprocess.Popen(
            command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    followed.change(1)
    began = time.monotonic()
    assert start().wait() == 3  # one file is bad
    whole = time.monotonic() - began
    followed.before = followed.after
    for number in range(4):
        followed.change((number + 2) % 5)
        process = start()
        time.sleep(whole * (0.5 + number / 8))
        process.kill()
        process.wait()
        followed.check_killed()
        followed.finish()


def test_vectors_that_were_saved_before_a_kill_are_not_computed_again(followed: _Followed) -> None:
    """At most the last few seconds of computing are lost: 64 passages."""
    settings = followed.settings
    sections = "\n".join(
        f"第{number}条　学校每年开展第{number}项检查{number}次，结果报第{number}处备案。" * 3
        for number in range(700)
    )
    (settings.corpus / "长.txt").write_text(f"玉溪市教育局工作规定\n{sections}", encoding="utf-8")
    fresh = build(replace(settings, index=settings.index.with_name("whole")))
    assert fresh.embedded > 250
    embedded = computed = 0
    for stop in (100, 90, 80):

        def building(step: Step, stop: int = stop) -> None:
            def see_progress(progress: Progress) -> None:
                if progress.stage == "计算向量" and progress.done == stop:
                    step(progress.stage)

            build(settings, see_progress)

        assert steps_of(building, 0) == []
        embedded += stop
        computed += stop - 64
    report = build(settings)
    assert report.embedded <= fresh.embedded - computed
    assert verify(settings).passages == fresh.passages


def test_nothing_is_live_before_it_is_on_the_disk(
    followed: _Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the pointer moves, every file of the index was synced after it was last written, and
    every folder after its last entry was made: a power cut leaves nothing that is named and not
    there."""
    index = followed.settings.index
    synced: dict[int, int] = {}
    lacking: list[str] = []
    moved: list[str] = []
    sync, move = os.fsync, os.replace

    def fsync(handle: Any) -> None:
        sync(handle)
        found = os.fstat(handle)
        synced[found.st_ino] = found.st_mtime_ns

    def replace_pointer(source: Any, target: Any, **given: Any) -> None:
        if Path(target) == index / "CURRENT":
            moved.append(str(source))
            for path in index.rglob("*"):
                inside = path.relative_to(index).parts
                found = path.stat()
                is_named = inside[0] in ("generations", "segments") and path.suffix != ".lock"
                if is_named and synced.get(found.st_ino) != found.st_mtime_ns:
                    lacking.append(path.relative_to(index).as_posix())
            assert synced.get(os.stat(source).st_ino) is not None
        move(source, target, **given)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace_pointer)
    for state in (0, 1, 2):
        followed.reach(state)
    assert len(moved) >= 3
    assert lacking == []


def test_what_killed_builds_leave_is_removed(followed: _Followed) -> None:
    """By the next build that changes something, at the latest."""
    index = followed.settings.index
    clean = index.with_name("clean")
    for state in (0, 1, 2, 3):
        write_corpus(followed.settings.corpus, followed.states[state])
        build(replace(followed.settings, index=clean))
    followed.reach(0)
    followed.reach(1)
    followed.change(2)

    def building(step: Step) -> None:
        _at_each_file_operation(step)
        build(followed.settings)

    left = 0
    for at in range(5, 300, 7):
        if steps_of(building, at):
            break
        left += any(index.glob("*/.*"))
    assert left
    followed.reach(3)
    assert [*index.glob(".*"), *index.glob("*/.*")] == []
    assert _bytes(index) < 1.25 * _bytes(clean)


def test_a_second_build_is_turned_away_and_the_first_goes_on(
    followed: _Followed, capsys: pytest.CaptureFixture[str]
) -> None:
    followed.reach(0)
    followed.change(1)
    engine = Engine.open(followed.settings)
    with _paused(followed, "计算向量") as (process, pipe):
        given = ["--corpus", str(followed.settings.corpus), "--index", str(followed.settings.index)]
        assert write(["build", *given]) == 1
        assert "另一个程序正在建立这个索引" in capsys.readouterr().err
        assert look(followed.settings) == followed.before
        _go_on(process)
        assert said(pipe)[-1][0] == "done"
    assert look(followed.settings) == followed.after
    # Who opened the index before it changed keeps what was opened.
    assert followed.before is not None
    assert searches(engine, QUESTIONS) == followed.before.searches
    assert engine.is_stale()


def test_a_rollback_during_a_build_harms_neither(
    followed: _Followed, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is turned away, or done; the build then finishes as if nothing had been."""
    followed.reach(0)
    followed.reach(1)
    followed.change(2)
    index = followed.settings.index
    kept = _kept(index)
    stages = steps_of(lambda step: build(followed.settings, lambda each: step(each.stage)))
    for stage in dict.fromkeys(stages):
        _restore(index, kept)
        with _paused(followed, stage) as (process, pipe):
            code = write(["rollback", "--index", str(index)])
            complaint = capsys.readouterr().err
            assert code == 0 or (code == 1 and "另一个程序正在建立这个索引" in complaint)
            _go_on(process)
            assert said(pipe)[-1][0] == "done", stage
        assert look(followed.settings) == followed.after


def test_readers_open_a_whole_index_while_builds_replace_it(followed: _Followed) -> None:
    """Opening is no race: whenever a reader opens, it gets one state or the other, whole."""
    followed.reach(0)
    states = [followed.fresh(state)[0] for state in (0, 1)]

    def task(say: Callable[[object], None]) -> None:
        for number in range(12):
            write_corpus(followed.settings.corpus, followed.states[(number + 1) % 2])
            build(followed.settings)

    expected = [seen and seen.searches for seen in states]
    opened = [0, 0]
    with forked(task) as (process, pipe):
        while process.is_alive():
            engine = Engine.open(followed.settings)
            opened[expected.index(searches(engine, QUESTIONS))] += 1
            assert answer(engine, QUESTIONS[0]) in [
                seen.answers[QUESTIONS[0]] for seen in states if seen
            ]
        assert said(pipe) == [("done", None)]
    assert min(opened) > 0


@contextmanager
def _paused(followed: _Followed, stage: str) -> Iterator[tuple[Any, Connection]]:
    """Run a build up to a stage and hold it there."""

    def task(say: Callable[[object], None]) -> Report:
        has_stopped = False

        def stop(progress: Progress) -> None:
            nonlocal has_stopped
            if progress.stage == stage and not has_stopped:
                has_stopped = True
                say("there")
                os.kill(os.getpid(), signal.SIGSTOP)

        return build(followed.settings, stop)

    with forked(task) as (process, pipe):
        assert pipe.recv() == "there"
        os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
        yield process, pipe


def _go_on(process: Any) -> None:
    os.kill(process.pid, signal.SIGCONT)


_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CHANGES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "sqlite3.connect")


def _at_each_file_operation(step: Step) -> None:
    """Have `step` called before each file or folder is made, opened for writing, renamed, removed
    or synced by this process, up to its end."""

    def hear(event: str, given: tuple[Any, ...]) -> None:
        if event in _CHANGES or (event == "open" and given[2] and given[2] & _WRITES):
            step(event)

    sync = os.fsync

    def fsync(handle: Any) -> None:
        step("os.fsync")
        sync(handle)

    os.fsync = fsync
    sys.addaudithook(hear)


def _kept(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _restore(folder: Path, kept: Mapping[str, bytes]) -> None:
    """Give a folder the files that it had."""
    folder.mkdir(exist_ok=True)
    write_corpus(folder, kept)


def _bytes(index: Path) -> int:
    """How much an index holds, but for the vectors that are kept for builds to come."""
    return sum(
        path.stat().st_size
        for path in index.rglob("*")
        if path.is_file() and path.parent != index and path.suffix != ".lock"
    )
