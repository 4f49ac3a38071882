"""New notices go into the index by themselves, if a person switches that on.

The switch belongs to the server and is remembered beside the index: who has seen notices come in
by themselves expects it after a restart, too, and would not notice that they no longer do. It is
off at first, because a build takes the machine's processors for a while.
"""

from functools import partial
from threading import Event, Thread

import streamlit as st

from indexer.build import build
from indexer.errors import BuildStopped, SuyuanError
from indexer.folder import Settled
from indexer.records import ProgressHandler, Report
from indexer.settings import Settings, read_settings
from indexer.watching import Watch, keep_up
from ui.rebuilding import Attempt, Rebuild, the_rebuild
from ui.words import say, show_error

_SECONDS_BETWEEN_LOOKS = 2.0
_REMEMBERED = "keeping_up"  # a file in the index's folder that is there while the switch is on


class KeepingUp:
    """The server's watch over the corpus, on or off."""

    def __init__(self, settings: Settings, rebuild: Rebuild) -> None:
        self._settings = settings
        self._rebuild = rebuild
        self._memory = settings.index / _REMEMBERED
        self._stop = Event()
        self._thread: Thread | None = None
        if self._memory.exists():
            self._start()

    @property
    def is_on(self) -> bool:
        return self._thread is not None and self._thread.is_alive() and not self._stop.is_set()

    def turn_on(self) -> None:
        """Watch, and remember to.

        Raises:
            SuyuanError: the index's folder cannot be written.
        """
        try:
            self._memory.parent.mkdir(parents=True, exist_ok=True)
            self._memory.touch()
        except OSError as error:
            raise SuyuanError(
                f"自动收录没有打开：索引文件夹不能写入（{error.strerror}）。",
                "请检查权限和磁盘空间后重试。",
            ) from error
        if not self.is_on:
            self._start()

    def turn_off(self) -> None:
        """Watch no more; a build that is under way goes on.

        Raises:
            SuyuanError: it cannot be remembered.
        """
        self._stop.set()
        try:
            if self._memory.exists():
                self._memory.unlink()
        except OSError as error:
            raise SuyuanError(
                f"自动收录已关闭，但重启程序后又会打开（{error.strerror}）。",
                f"请检查权限后删去 {self._memory}。",
            ) from error

    def _start(self) -> None:
        self._stop = Event()
        work = partial(keep_up, Watch(self._settings.corpus), self._update, self._stop)
        self._thread = Thread(target=work, name="keeping up", daemon=True)
        self._thread.start()

    def _update(self, settled: Settled) -> bool:
        """Build as soon as no other build runs; one that a person stops is not begun again."""

        def work(progress: ProgressHandler) -> Report:
            return build(self._settings, progress, settled)

        while (attempt := self._rebuild.start(work, was_asked=False)) is None:
            if self._stop.wait(_SECONDS_BETWEEN_LOOKS):
                return False
        attempt.join()
        if isinstance(attempt.outcome, BuildStopped):
            self.turn_off()
        return isinstance(attempt.outcome, Report)


@st.cache_resource(show_spinner=False)
def the_keeping_up() -> KeepingUp:
    """Return the server's one watch; it goes on where it was on when the server ended."""
    return KeepingUp(read_settings(), the_rebuild())


def show_switch() -> None:
    """Show the switch, and have the page follow the builds that come of it."""
    keeping = the_keeping_up()
    st.session_state["keeping up"] = keeping.is_on
    st.toggle(
        say("自动收录新文件"),
        key="keeping up",
        on_change=_turn,
        help=say("新放入或改动的文件放稳几秒后自动收录；重启程序后仍然有效。"),
    )
    if error := st.session_state.pop("keeping up error", None):
        show_error(error, key="switch error")
    if keeping.is_on and not the_rebuild().running:
        _attend(the_rebuild().over)


def _turn() -> None:
    keeping = the_keeping_up()
    try:
        if st.session_state["keeping up"]:
            keeping.turn_on()
        else:
            keeping.turn_off()
    except SuyuanError as error:
        st.session_state["keeping up error"] = error


@st.fragment(run_every=_SECONDS_BETWEEN_LOOKS)
def _attend(shown: Attempt | None) -> None:
    """Show the page anew when a build has begun or ended by itself."""
    rebuild = the_rebuild()
    if rebuild.running or rebuild.over is not shown:
        st.rerun()
