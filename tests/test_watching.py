"""An index keeps up with its folder: what settles is indexed, what does not is left alone."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest

from indexer.build import build
from indexer.errors import SuyuanError
from indexer.folder import Settled
from indexer.generations import open_live
from indexer.records import Report
from indexer.settings import PROJECT, Settings
from indexer.watching import Watch, keep_up
from tests.test_pace import Clock

NOTICE = "青岚市教育局关于{}的通知\n各学校：\n{}工作应于7月底前完成。\n青岚市教育局\n2023年3月7日\n"


class Watched:
    """A folder under watch: time passes in steps of a second, and what is due is built."""

    def __init__(self, corpus: Path) -> None:
        self.corpus = corpus
        self.built: list[set[str]] = []
        self.fails = False
        self._clock = Clock()
        self._watch = Watch(corpus, self._clock)

    def write(self, *names: str, text: str = "1") -> None:
        for name in names:
            (self.corpus / name).parent.mkdir(exist_ok=True)
            with (self.corpus / name).open("a") as file:
                file.write(text)

    def wait(self, seconds: int, meanwhile: Callable[[], object] = lambda: None) -> None:
        for _ in range(seconds):
            meanwhile()
            settled = self._watch.look()
            if settled is not None:
                self.built.append({str(Path(path).relative_to(self.corpus)) for path in settled})
                (self._watch.failed if self.fails else self._watch.indexed)(settled)
            self._clock.now += 1


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    (tmp_path / "corpus").mkdir()
    watched = Watched((tmp_path / "corpus").resolve())
    watched.write("a.txt")
    watched.wait(10)
    assert watched.built == [{"a.txt"}]
    watched.built.clear()
    return watched


def test_a_folder_that_stands_still_is_built_once(watched: Watched) -> None:
    watched.wait(1000)
    assert watched.built == []


def test_a_new_file_waits_until_it_stands_still(watched: Watched) -> None:
    watched.wait(20, lambda: watched.write("b.txt"))
    assert watched.built == []
    watched.wait(3)
    assert watched.built == []
    watched.wait(1)
    assert watched.built == [{"a.txt", "b.txt"}]


@pytest.mark.slow
def test_files_that_come_one_after_another_are_one_build(watched: Watched) -> None:
    names = iter(f"{number}.txt" for number in range(1000))
    watched.wait(50, lambda: watched.write(*(next(names) for _ in range(20))))
    watched.wait(10)
    assert [len(settled) for settled in watched.built] == [1001]


def test_what_has_settled_does_not_wait_for_ever_for_what_has_not(watched: Watched) -> None:
    watched.write("b.txt")
    watched.wait(180, lambda: watched.write("growing.txt"))
    assert watched.built == [{"a.txt", "b.txt"}]
    watched.write("c.txt")
    watched.wait(70, lambda: watched.write("growing.txt"))
    assert watched.built[1:] == [{"a.txt", "b.txt", "c.txt"}]
    watched.wait(10)
    assert watched.built[2:] == [{"a.txt", "b.txt", "c.txt", "growing.txt"}]


@pytest.mark.parametrize("wait", [1, 3])
def test_a_file_that_is_replaced_is_never_missed_nor_taken_out_between(
    watched: Watched, wait: int
) -> None:
    """Many editors delete a file and write it anew."""
    (watched.corpus / "a.txt").unlink()
    watched.wait(wait)
    watched.write("a.txt", text="new")
    watched.wait(10)
    assert watched.built == [{"a.txt"}]


def test_deletions_and_renames_are_changes(watched: Watched) -> None:
    (watched.corpus / "a.txt").rename(watched.corpus / "b.txt")
    watched.wait(10)
    (watched.corpus / "b.txt").unlink()
    watched.wait(10)
    assert watched.built == [{"b.txt"}, set()]


def test_what_programs_leave_beside_documents_is_no_change(watched: Watched) -> None:
    watched.write("~$a.docx", ".a.swp", "Thumbs.db", "new.txt.part")
    watched.wait(30)
    assert watched.built == []


def test_a_build_that_failed_is_tried_again_ever_more_rarely_or_on_a_change(
    watched: Watched,
) -> None:
    watched.fails = True
    watched.write("b.txt")
    watched.wait(300)
    assert len(watched.built) == 4  # at once, after 30, 60 and 120 seconds
    watched.write("c.txt")
    watched.wait(10)
    assert len(watched.built) == 5
    watched.fails = False
    watched.wait(3600)
    assert len(watched.built) == 6


def test_a_folder_that_is_gone_is_looked_for_until_it_is_back(watched: Watched) -> None:
    watched.fails = True
    watched.corpus.rename(watched.corpus.with_name("away"))
    watched.wait(10)
    assert watched.built == [{"."}]  # the folder that cannot be listed
    watched.fails = False
    watched.corpus.with_name("away").rename(watched.corpus)
    watched.write("b.txt")
    watched.wait(10)
    assert watched.built == [{"."}, {"a.txt", "b.txt"}]


# -- with real builds ----------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "corpus").mkdir()
    return Settings(tmp_path / "corpus", tmp_path / "index", "hashing", tmp_path / "cache")


@pytest.mark.slow
def test_a_burst_of_a_thousand_notices_is_one_build(settings: Settings) -> None:
    reports: list[Report] = []
    stop = Event()

    def update(settled: Settled) -> bool:
        try:
            reports.append(build(settings, lambda _: None, settled))
        except SuyuanError:
            return False  # the folder is empty at first
        return True

    watching = Thread(target=keep_up, args=(Watch(settings.corpus), update, stop))
    watching.start()
    try:
        for number in range(1000):
            text = NOTICE.format(f"事项{number}", f"第{number}项")
            (settings.corpus / f"{number}.txt").write_text(text)
            time.sleep(0.005)
        wait_until(lambda: bool(reports), 120)
    finally:
        stop.set()
        watching.join()
    assert [len(report.added) for report in reports] == [1000]
    assert [report.problems for report in reports] == [()]


@pytest.mark.slow
def test_the_command_says_an_error_once_and_goes_on(settings: Settings) -> None:
    (settings.corpus / "a.txt").write_text(NOTICE.format("招生", "招生"))
    watching = start("watch", settings)
    try:
        wait_until((settings.index / "CURRENT").exists, 60)
        (settings.corpus / "a.txt").rename(settings.corpus.parent / "a.txt")  # nothing is left
        time.sleep(10)
        (settings.corpus / "b.txt").write_text(NOTICE.format("托育", "托育"))
        wait_until(lambda: ids(settings) == ("b.txt",), 60)
    finally:
        out, err = leave(watching, signal.SIGINT)
    assert out.count("已新增 1 份") == 2
    assert err.splitlines() == [
        f"正在关注 {settings.corpus}，按 Ctrl-C 停止。",
        f"错误：语料文件夹 {settings.corpus} 是空的。请放入 Word、PDF、网页、文本等文件后重试。",
        "",
        "已停止关注。索引照常可用，已算好的部分下次不会重算。",
    ]


@pytest.mark.slow
def test_the_command_leaves_cleanly_when_it_is_told_to_end(settings: Settings) -> None:
    (settings.corpus / "a.txt").write_text(NOTICE.format("招生", "招生"))
    watching = start("watch", settings)
    try:
        wait_until((settings.index / "CURRENT").exists, 60)
    finally:
        _, err = leave(watching, signal.SIGTERM)
    assert err.splitlines()[-1] == "已停止关注。索引照常可用，已算好的部分下次不会重算。"


def leave(watching: "subprocess.Popen[str]", sign: signal.Signals) -> tuple[str, str]:
    """Send a signal, and return what was said when the command has left cleanly."""
    watching.send_signal(sign)
    said = watching.communicate(timeout=30)
    assert watching.returncode == 0
    return said


def start(command: str, settings: Settings) -> "subprocess.Popen[str]":
    """Run a command as a person does."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(settings.cache),
        "SUYUAN_MODEL": settings.model,
        "PYTHONUTF8": "1",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "indexer", command, "--corpus", settings.corpus, "--index", settings.index],
        cwd=PROJECT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def ids(settings: Settings) -> tuple[str, ...]:
    return open_live(settings.index).ids
