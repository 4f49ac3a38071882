"""An index that keeps up with its folder: when it is time to build, and what may be read then.

The folder is looked at again and again, because the system's own notices of changes do not come
from network drives.
"""

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

from indexer.folder import Settled, file_stats

# Seconds that a file must have stood still. An NFS client may show the size of a file that grows
# elsewhere up to 3 s late (acregmin).
_SETTLING = 4.0
# Seconds that files which stand still wait for those that do not; copying a thousand files is one
# change, a log that is always written to holds nothing up.
_PATIENCE = 60.0
_PAUSE = 2.0  # seconds between two looks, at least
_REST = 10  # times as long as a look took is between two, so that it costs a tenth of a core
_LONGEST_PAUSE = 60.0  # seconds, however slow the drive
# Seconds before a build that failed is tried again where nothing has changed: what was in its way
# (a full disk, a drive that is gone) may have changed by itself. Doubled each time.
_RETRY, _LONGEST_RETRY = 30.0, 3600.0


class Watch:
    """Tells when a folder is to be indexed anew: its files have changed, and then stood still."""

    def __init__(self, corpus: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._corpus = corpus
        self._clock = clock
        self._indexed: Settled | None = None  # what the last build read, None before the first
        self._seen: Settled = {}
        self._moved: dict[str, float] = {}  # when a file that is not settled was seen to change
        self._waiting: float | None = None  # since when there is something to build
        self._failed: Settled | None = None  # what the last build was given, if it failed
        self._retry = _RETRY
        self._again = 0.0

    def look(self) -> Settled | None:
        """Return the settled files where it is time to build, None where it is not."""
        stats = file_stats(self._corpus)
        now = self._clock()
        for path in stats.keys() | self._seen.keys():
            if stats.get(path) != self._seen.get(path):
                self._moved[path] = now
        self._moved = {path: at for path, at in self._moved.items() if now - at < _SETTLING}
        self._seen = stats
        settled = {path: stat for path, stat in stats.items() if path not in self._moved}
        return settled if self._is_due(settled, now) else None

    def indexed(self, settled: Settled) -> None:
        """Take in that a build has read these files; what was not settled is still to come."""
        self._indexed, self._failed = settled, None
        self._waiting, self._retry = None, _RETRY

    def failed(self, settled: Settled) -> None:
        """Take in that the build of these files failed: once more on a change, or after a while."""
        self._failed = settled
        self._again = self._clock() + self._retry
        self._retry = min(2 * self._retry, _LONGEST_RETRY)

    def _is_due(self, settled: Settled, now: float) -> bool:
        if self._indexed == self._seen:
            self._waiting = None
            return False
        if self._failed == settled and now < self._again:
            return False
        if not self._moved:
            return True
        if not self._is_news(settled):
            return False
        if self._waiting is None:
            self._waiting = now
        return now - self._waiting >= _PATIENCE

    def _is_news(self, settled: Settled) -> bool:
        """Tell whether some of what has changed has settled."""
        indexed = self._indexed or {}
        if any(indexed.get(path) != stat for path, stat in settled.items()):
            return True
        return any(path not in self._seen and path not in self._moved for path in indexed)


def keep_up(watch: Watch, build: Callable[[Settled], bool], stop: Event) -> None:
    """Look and build until `stop` is set; `build` reads the files it is given, no others, and
    tells whether it succeeded."""
    while not stop.is_set():
        began = time.monotonic()
        settled = watch.look()
        looked = time.monotonic() - began
        if settled is not None:
            if build(settled):
                watch.indexed(settled)
            else:
                watch.failed(settled)
        stop.wait(min(max(_PAUSE, _REST * looked), _LONGEST_PAUSE))
