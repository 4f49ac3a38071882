"""How fast a build goes and how long it will take, in words; nothing is said that is not known."""

import threading
import time
from collections import deque
from collections.abc import Callable

from indexer.records import Progress

# Seconds that the rate is taken over: long enough for files and passages of all sizes to even out,
# short enough to follow a machine that has become busy.
_WINDOW = 30.0
_KNOWN_AFTER = 3.0  # seconds; a rate over less is a guess
_APART = 0.25  # seconds between two moments that are remembered
_UNITS = {"查看文件": "个", "读取文件": "份", "计算向量": "段"}


class Pace:
    """The rate of a build's stage over the last seconds.

    What was done when the stage began counts for nothing: a build that goes on from where it was
    stopped is not fast. A stage that stands still gets slower with every second. One thread may
    note what another asks for.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._now = Progress("", 0, 0)
        self._moments: deque[tuple[float, int]] = deque()  # when, and how much was done then

    def note(self, progress: Progress) -> None:
        """Take in how far the build has come."""
        moment = self._clock()
        with self._lock:
            if progress.stage != self._now.stage:
                self._moments.clear()
            self._now = progress
            if not self._moments or moment - self._moments[-1][0] >= _APART:
                self._moments.append((moment, progress.done))
            while len(self._moments) > 1 and moment - self._moments[1][0] >= _WINDOW:
                self._moments.popleft()

    @property
    def rate(self) -> float | None:
        """How much is done in a second, None where that is not known."""
        with self._lock:
            if not self._moments:
                return None
            began, before = self._moments[0]
            passed, done = self._clock() - began, self._now.done - before
            return done / passed if passed >= _KNOWN_AFTER and done > 0 else None

    @property
    def seconds_left(self) -> float | None:
        """How long the stage will take, None where that is not known."""
        with self._lock:
            rate, left = self.rate, self._now.total - self._now.done
            return left / rate if rate and left > 0 else None

    def words(self) -> str:
        """Return how far the stage has come, how fast it goes and how long it will take."""
        with self._lock:
            now, rate, left = self._now, self.rate, self.seconds_left
        unit = _UNITS.get(now.stage, "")
        parts = [now.stage]
        if now.total > 1:
            parts[0] += f" {now.done} / {now.total}" + (f" {unit}" if unit else "")
        if unit == "段" and rate:
            parts.append(f"每秒 {rate:.0f} 段" if rate >= 10 else f"每秒 {rate:.1f} 段")
        if left is not None:
            parts.append(f"剩余{about(left)}")
        return "，".join(parts)


def about(seconds: float) -> str:
    """Return a length of time as a person says it, no finer than an estimate can be."""
    if seconds < 60:
        return f"约 {max(5, round(seconds / 5) * 5)} 秒"
    if seconds < 600:
        minutes, rest = divmod(round(seconds / 10) * 10, 60)
        return f"约 {minutes} 分 {rest} 秒" if rest else f"约 {minutes} 分钟"
    hours, minutes = divmod(round(seconds / 60), 60)
    if not hours:
        return f"约 {minutes} 分钟"
    return f"约 {hours} 小时 {minutes} 分" if minutes else f"约 {hours} 小时"
