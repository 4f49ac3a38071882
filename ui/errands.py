"""Work of the server that takes seconds: it goes on when its page is left, and every session sees
how far it is and what came of it."""

from collections.abc import Callable
from datetime import datetime
from threading import Lock, Thread
from typing import Any

import streamlit as st

from indexer.errors import SuyuanError
from indexer.records import Progress, ProgressHandler
from ui import paper
from ui.words import notice, say, show_error

_SECONDS_BETWEEN_LOOKS = 0.5


class Errand(Thread):
    """Work in a thread: under way, or over with an outcome, an error, or, where the program
    failed, None."""

    def __init__(self, work: Callable[[ProgressHandler], Any], name: str = "errand") -> None:
        super().__init__(name=name, daemon=True)
        self.progress = Progress("准备", 0, 1)
        self.outcome: Any = None
        self.ended = ""  # when, on the server's clock
        self._work = work

    @property
    def share(self) -> float:
        """How much of it is done, 0..1."""
        now = self.progress
        return min(now.done / now.total, 1.0) if now.total else 0.0

    def run(self) -> None:
        try:
            self.outcome = self._work(self._note)
        except SuyuanError as error:
            self.outcome = error
        finally:
            self.ended = datetime.now().strftime("%Y-%m-%d %H:%M")

    def _note(self, progress: Progress) -> None:
        self.progress = progress


class Errands:
    """The last errand of each name; one of a name is under way at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last: dict[str, Errand] = {}

    def last(self, name: str) -> Errand | None:
        return self._last.get(name)

    def start(self, name: str, work: Callable[[ProgressHandler], Any]) -> None:
        """Begin, unless one of that name is under way."""
        with self._lock:
            last = self._last.get(name)
            if last is None or not last.is_alive():
                self._last[name] = Errand(work)
                self._last[name].start()


@st.cache_resource(show_spinner=False, max_entries=2)  # a new generation, and the one before
def the_errands(generation: str) -> Errands:
    """Return the server's errands on one generation of the index."""
    return Errands()


def show_errand(
    errands: Errands, name: str, button: str, work: Callable[[ProgressHandler], Any]
) -> Errand | None:
    """Show the button that begins an errand, or how far it is; return it when it is over with an
    outcome."""
    errand = errands.last(name)
    if errand and errand.is_alive():
        _watch(errand, name)
        return None
    if st.button(say(button), key=name):
        errands.start(name, work)
        st.rerun()
    if errand is None:
        return None
    if isinstance(errand.outcome, SuyuanError):
        show_error(errand.outcome, key=f"{name} error")
        return None
    if errand.outcome is None:
        paper.show(f"{name} error", notice(say("程序出错，没有做完。"), say("详情见运行日志。")))
        return None
    return errand


@st.fragment(run_every=_SECONDS_BETWEEN_LOOKS)
def _watch(errand: Errand, name: str) -> None:
    if not errand.is_alive():
        st.rerun()
    now = errand.progress
    count = f" {now.done} / {now.total}" if now.total > 1 else ""
    st.progress(errand.share, text=say(f"{now.stage}{count}"))
