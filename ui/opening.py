"""The open index, shared by all sessions and opened anew when a build has replaced it."""

import streamlit as st

from indexer.settings import Settings, read_settings
from retrieval.engine import Engine
from ui.words import say


@st.cache_resource(show_spinner=False, hash_funcs={Settings: repr})
def _open(settings: Settings) -> Engine:
    return Engine.open(settings)


def open_engine() -> Engine:
    """Return the engine over the live generation.

    Raises:
        SuyuanError: the index or the model cannot be used.
    """
    settings = read_settings()
    with st.spinner(say("正在打开索引…")):
        engine = _open(settings)
        if engine.is_stale():
            _open.clear(settings)
            engine = _open(settings)
    return engine
