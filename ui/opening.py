"""The open index, shared by all sessions and opened anew when a build has replaced it.

Who asks while the next one is being opened is answered from the one before, so what is shown can be
out of date by as long as opening takes. A page keeps the engine that it began with; an engine is
closed when the last page that has it is done, because nothing else holds it.
"""

import gc
from threading import Lock, Thread

import streamlit as st

from indexer.errors import SuyuanError
from indexer.settings import Settings, read_settings
from retrieval.engine import Engine
from ui.words import say

# Seconds for which the page that finds the index out of date waits for the new one: a small index
# opens in a tenth of it, and whoever has just built one wants to see it.
_PATIENCE = 2.0


class OpenIndex:
    """The engine over the live generation; safe to use from several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()  # whoever comes first opens the first engine, and all wait for it
        self._engine: Engine | None = None
        self._renewal: Thread | None = None

    def engine(self) -> Engine:
        """Return an engine to answer one page with.

        Raises:
            SuyuanError: the index or the model cannot be used.
        """
        with self._lock:
            engine = self._engine
            if engine is None:
                engine = self._engine = Engine.open(self._settings)
                Thread(target=_settle, args=(engine,), name="settle", daemon=True).start()
                return engine
            if self._renewal is not None or not engine.is_stale():
                return engine
            renewal = self._renewal = Thread(target=self._renew, name="open index", daemon=True)
            renewal.start()
        renewal.join(_PATIENCE)
        return self._engine or self.engine()  # none where the live generation cannot be used

    def _renew(self) -> None:
        """Open the live generation and put it in the place of the one before."""
        engine = None
        try:
            engine = Engine.open(self._settings)
            engine.wait()  # those who ask meanwhile have an engine whose model is loaded
        except SuyuanError:
            engine = None  # the next to ask opens it and meets the error
        finally:
            with self._lock:
                self._engine, self._renewal = engine, None
        if engine is not None:
            gc.unfreeze()  # an engine goes without the collector, but not what else has gone by now
            _spare_collector()


def _settle(engine: Engine) -> None:
    """Wait until the model is there, too, and spare the collector what will stay."""
    try:
        engine.wait()
    except SuyuanError:
        return  # the first question meets it
    _spare_collector()


def _spare_collector() -> None:
    """Take what is there now out of the collector's sight.

    Streamlit collects garbage after each run of a page, and looking through what the model and the
    index consist of took 0.45 s of the 0.6 s of processor time that a question took.
    """
    gc.collect()
    gc.freeze()


@st.cache_resource(show_spinner=False, hash_funcs={Settings: repr})
def _open_index(settings: Settings) -> OpenIndex:
    return OpenIndex(settings)


def open_engine() -> Engine:
    """Return the engine over the live generation, or over the one before while it is opened.

    Raises:
        SuyuanError: the index or the model cannot be used.
    """
    with st.spinner(say("正在打开索引…")):
        return _open_index(read_settings()).engine()
