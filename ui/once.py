"""What a session asked for last and may need again: another tab or page of it takes no time."""

from collections.abc import Callable
from typing import TypeVar
from weakref import ref

import streamlit as st

from retrieval.engine import Engine

T = TypeVar("T")


def once(name: str, engine: Engine, key: object, make: Callable[[], T]) -> T:
    """Return what was made last under a name, if it was for the same key and by the same engine,
    else make it; an engine that has been replaced is not kept open by it."""
    kept: tuple[ref[Engine], object, T] | None = st.session_state.get(name)
    if kept and kept[0]() is engine and kept[1] == key:
        return kept[2]
    made = make()
    st.session_state[name] = ref(engine), key, made
    return made
