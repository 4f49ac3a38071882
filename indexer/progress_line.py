"""How far a build has come, on stderr: a bar where a person looks, a line now and then in a log."""

import shutil
import sys
import time
import unicodedata
from collections.abc import Callable
from types import TracebackType
from typing import TextIO

from indexer.pace import Pace
from indexer.records import Progress

_BAR = 20  # characters
_DRAWN_EVERY = 0.1  # seconds
# A build that is over before has said nothing, and one that takes hours 120 lines an hour.
_LOGGED_EVERY = 30.0


class ProgressLine:
    """Shows the progress it is called with; as a context it leaves the cursor on a line's start."""

    def __init__(
        self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream or sys.stderr
        self._clock = clock
        self._pace = Pace(clock)
        self._is_drawn = self._stream.isatty()
        self._shown = -_DRAWN_EVERY if self._is_drawn else clock()
        self._is_open = False  # a bar stands on the line

    def __enter__(self) -> "ProgressLine":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._is_open:
            print(file=self._stream, flush=True)
            self._is_open = False

    def __call__(self, progress: Progress) -> None:
        self._pace.note(progress)
        if not progress.total:
            return  # a stage without anything to do
        if self._is_drawn:
            self._draw(progress)
        elif self._clock() - self._shown >= _LOGGED_EVERY:
            self._shown = self._clock()
            print(self._words(progress), file=self._stream, flush=True)

    def _draw(self, progress: Progress) -> None:
        is_over = progress.done >= progress.total
        if self._clock() - self._shown < _DRAWN_EVERY and not is_over:
            return
        self._shown = self._clock()
        full = min(progress.done * _BAR // progress.total, _BAR)
        line = f"{'█' * full}{'░' * (_BAR - full)} {self._words(progress)}"
        columns = shutil.get_terminal_size().columns - 1
        end = "\n" if is_over else ""
        print(f"\r{_cut(line, columns)}\033[K", end=end, file=self._stream, flush=True)
        self._is_open = not is_over

    def _words(self, progress: Progress) -> str:
        return "，".join(filter(None, (self._pace.words(), progress.detail)))


def _cut(line: str, columns: int) -> str:
    """Cut a line to what a terminal shows in one; a Chinese character is two columns wide."""
    for at, sign in enumerate(line):
        columns -= 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        if columns < 0:
            return line[:at]
    return line
