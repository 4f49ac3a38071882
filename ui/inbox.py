"""The uploads of this server that wait for a decision, and what reading them gave.

They belong to the server, not to a page: a reload loses nothing, and every session sees them.
"""

from collections.abc import Iterable
from threading import Lock, Thread

import streamlit as st

from indexer.errors import IndexUnusable, SuyuanError
from indexer.generations import live_generation, open_live
from indexer.intake import Examined, Holdings, Like, examine
from indexer.settings import Settings, read_settings
from indexer.staging import Staged, Staging
from indexer.store import Generation

_FOLDER = "staged"  # beside the index
_NOTHING = ("里面没有可收录的文件。", "请检查后重新上传。")
_FAILED = ("检查这份文件时程序出错。", "详情见运行日志；其余文件不受影响。")


class Inbox:
    """What waits; files are examined in a thread of its own, one after another."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.staging = Staging(settings.index / _FOLDER)
        self._lock = Lock()
        self._thread: Thread | None = None
        self._examined: dict[str, list[Examined]] = {}  # by upload
        self._done: set[str] = set()  # uploads of which all was examined
        self._holdings: tuple[str | None, Holdings] | None = None  # of which generation
        self.progress = (0, 0, "")  # done, of how many, what takes its time
        self.staging.forget_old()

    def files(self) -> tuple[Staged, ...]:
        """Return what waits, and have it examined where it is not yet."""
        files = self.staging.files()
        with self._lock:
            if not self.is_busy:
                self._forget_but({staged.id for staged in files})
                if waiting := {staged.id for staged in files} - self._done:
                    self._thread = Thread(
                        target=self._examine, args=(waiting,), name="examine", daemon=True
                    )
                    self._thread.start()
        return files

    @property
    def is_busy(self) -> bool:
        """Tell whether files are being examined."""
        return self._thread is not None and self._thread.is_alive()

    def examined(self, staged: Staged) -> tuple[Examined, ...]:
        """Return what was found so far in an upload: several files where it is an archive."""
        return tuple(self._examined.get(staged.id, ()))

    def is_examined(self, staged: Staged) -> bool:
        return staged.id in self._done

    def like(self, found: Iterable[Examined]) -> list[Like | None]:
        """Return for each what of the corpus is most like it."""
        live = self._live()
        held = self._holdings
        if held is None or held[0] != live:
            held = self._holdings = live, Holdings(self._settings, self._open())
        return [held[1].like(each) for each in found]

    def take_in(self, staged: Staged, folder: str) -> str:
        """Put a file into the corpus and return its path there.

        Raises:
            SuyuanError: it cannot be saved.
        """
        saved = self.staging.take_in(staged, self._settings.corpus, folder)
        self._holdings = None  # it is there to compare with
        return saved

    def _forget_but(self, uploads: set[str]) -> None:
        """Forget what is known of all but some uploads, and the index where there is none."""
        self._examined = {name: self._examined[name] for name in uploads & self._examined.keys()}
        self._done &= uploads
        if not uploads:
            self._holdings = None

    def _live(self) -> str | None:
        try:
            return live_generation(self._settings.index)
        except IndexUnusable:
            return None

    def _open(self) -> Generation | None:
        try:
            return open_live(self._settings.index)
        except IndexUnusable:
            return None  # no index yet: there is nothing to compare with

    def _examine(self, uploads: set[str]) -> None:
        try:
            for each in examine(
                self._settings, self.staging.folder, uploads, self._open(), self._note
            ):
                self._examined.setdefault(each.upload, []).append(each)
            self._fail(uploads, *_NOTHING)
        except SuyuanError as error:
            self._fail(uploads, error.fact, error.cure)
        except BaseException:
            self._fail(uploads, *_FAILED)
            raise
        finally:
            self._done |= uploads
            self.progress = (0, 0, "")

    def _fail(self, uploads: set[str], fact: str, cure: str) -> None:
        """Put down of the uploads in which nothing was found why that is."""
        for staged in self.staging.files():
            if staged.id in uploads and staged.id not in self._examined:
                failed = Examined(staged.id, staged.name, "", fact, cure)
                self._examined[staged.id] = [failed]

    def _note(self, done: int, total: int, detail: str) -> None:
        self.progress = done, total, detail.partition("/")[2]


@st.cache_resource(show_spinner=False)
def the_inbox() -> Inbox:
    """Return the server's one inbox."""
    return Inbox(read_settings())
