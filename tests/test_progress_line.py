"""What a terminal and what a log show of a build."""

import io
import shutil

import pytest

from indexer.progress_line import ProgressLine
from indexer.records import Progress
from tests.test_pace import Clock


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    def screen(self) -> list[str]:
        """Return what stands there: a line is written over from its start."""
        return [
            line.rsplit("\r", 1)[-1].removesuffix("\033[K") for line in self.getvalue().split("\n")
        ]


def test_a_terminal_shows_a_bar_for_each_stage() -> None:
    terminal, clock = Terminal(), Clock()
    with ProgressLine(terminal, clock) as show:
        for done in range(11):
            show(Progress("查看文件", done, 10))
        show(Progress("加载模型", 0, 1))
        show(Progress("读取文件", 0, 0))
        for done in range(5):
            clock.now += 1
            show(Progress("计算向量", done, 8, "某文件.pdf"))
    assert terminal.screen() == [
        "████████████████████ 查看文件 10 / 10 个",
        "██████████░░░░░░░░░░ 计算向量 4 / 8 段，每秒 1.0 段，剩余约 5 秒，某文件.pdf",
        "",
    ]


def test_a_line_is_never_longer_than_the_terminal_is_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "get_terminal_size", lambda: shutil.os.terminal_size((40, 24)))
    terminal = Terminal()
    ProgressLine(terminal)(Progress("读取文件", 1, 4, "长" * 90))
    assert terminal.screen() == ["█████░░░░░░░░░░░░░░░ 读取文件 1 / 4 份"[:39]]


def test_a_log_gets_a_line_now_and_then_and_none_of_a_short_build() -> None:
    log, clock = io.StringIO(), Clock()
    with ProgressLine(log, clock) as show:
        for done in range(100):
            show(Progress("读取文件", done, 100))
            clock.now += 0.29
        assert log.getvalue() == ""
        for done in range(100):
            show(Progress("计算向量", done, 100))
            clock.now += 0.5
    assert log.getvalue().splitlines() == [
        "计算向量 3 / 100 段",
        "计算向量 63 / 100 段，每秒 2.0 段，剩余约 20 秒",
    ]
