"""How fast a build goes and what is left of it: said when it is known, and only then."""

import pytest

from indexer.pace import Pace, about
from indexer.records import Progress


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def run(
    *moments: tuple[float, int], total: int = 1000, stage: str = "计算向量"
) -> tuple[Pace, Clock]:
    clock = Clock()
    pace = Pace(clock)
    for at, done in moments:
        clock.now = 1000.0 + at
        pace.note(Progress(stage, done, total))
    return pace, clock


def test_nothing_is_said_before_it_is_known() -> None:
    assert Pace().words() == ""
    for pace, _ in (run((0, 0)), run((0, 0), (2.9, 100)), run((0, 0), (60, 0))):
        assert (pace.rate, pace.seconds_left) == (None, None)
    assert run((0, 0), (2.9, 100))[0].words() == "计算向量 100 / 1000 段"


def test_the_rate_is_that_of_the_last_half_minute() -> None:
    slow = [(float(at), at) for at in range(60)]
    fast = [(60.0 + at, 60 + 10 * at) for at in range(1, 41)]
    pace, _ = run(*slow, *fast)
    assert pace.rate == 10
    assert pace.seconds_left == pytest.approx((1000 - 460) / 10)
    assert pace.words() == "计算向量 460 / 1000 段，每秒 10 段，剩余约 55 秒"


def test_what_was_done_before_counts_for_nothing() -> None:
    pace, _ = run((0, 900), (10, 910))
    assert (pace.rate, pace.seconds_left) == (1, 90)


def test_a_stage_that_stands_still_gets_slower_and_ends_unknown() -> None:
    pace, clock = run((0, 0), (10, 100))
    clock.now += 10
    assert (pace.rate, pace.seconds_left) == (5, 180)
    for _ in range(31):
        clock.now += 1
        pace.note(Progress("计算向量", 100, 1000))
    assert (pace.rate, pace.seconds_left) == (None, None)


def test_a_new_stage_begins_anew() -> None:
    pace, clock = run((0, 0), (10, 100), stage="读取文件")
    assert pace.words() == "读取文件 100 / 1000 份，剩余约 1 分 30 秒"
    clock.now += 1
    pace.note(Progress("计算向量", 0, 50))
    assert pace.words() == "计算向量 0 / 50 段"
    pace.note(Progress("写入索引", 0, 1))
    assert pace.words() == "写入索引"


def test_nothing_is_left_at_the_end() -> None:
    pace, _ = run((0, 0), (10, 1000))
    assert pace.words() == "计算向量 1000 / 1000 段，每秒 100 段"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "约 5 秒"),
        (22, "约 20 秒"),
        (58, "约 60 秒"),
        (61, "约 1 分钟"),
        (199, "约 3 分 20 秒"),
        (596, "约 10 分钟"),
        (3599, "约 1 小时"),
        (3905, "约 1 小时 5 分"),
        (90_000, "约 25 小时"),
    ],
)
def test_a_time_is_said_no_finer_than_it_is_known(seconds: float, words: str) -> None:
    assert about(seconds) == words
