"""The switch between a few ways in which a page shows or does something."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import streamlit as st

from ui.words import say

_Way = TypeVar("_Way", bound=str)


def show_switch(
    name: str,
    label: str,
    ways: Mapping[_Way, str],
    chosen: _Way,
    apply: Callable[[], None],
    is_labelled: bool = False,
) -> None:
    """Show the names of some ways side by side, that of the `chosen` one pressed. The key of the
    widget is `name`; `apply` is called when another is pressed. Without being labelled, the switch
    has its label for those who hear it only."""
    st.session_state[name] = chosen
    st.segmented_control(
        say(label),
        list(ways),
        key=name,
        required=True,
        format_func=lambda way: say(ways[way]),
        label_visibility="visible" if is_labelled else "collapsed",
        on_change=apply,
    )
