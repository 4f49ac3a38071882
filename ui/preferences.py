"""What readers choose for themselves: scripts.

A choice counts for the session and stands in the address, so that what is sent looks the same; the
browser remembers it in a cookie, for visits to come and addresses that say nothing.
"""

import streamlit as st

from ui.scripts import CONVERTED, TRADITIONAL, is_converted, is_traditional
from ui.words import say

_COOKIE = "suyuan_reader"
_PARAMS = {TRADITIONAL: "hant", CONVERTED: "conv"}
_CHANGED = "preferences changed"
_INTERFACE, _DOCUMENTS = "interface script", "document script"  # keys of widgets
_SCRIPTS = ("简体", "繁體")


def read_preferences() -> None:
    """Take over what the address says and, at the beginning of a session, what the browser
    remembers."""
    remembered = str(st.context.cookies.get(_COOKIE, "")).split("+")
    for name, param in _PARAMS.items():
        if param in st.query_params:
            st.session_state[name] = True
        elif name not in st.session_state:
            st.session_state[name] = param in remembered


def offer_script() -> None:
    """Show the switch between the scripts of the interface."""
    st.toggle("繁體", key=TRADITIONAL, on_change=_keep)


def show_preferences() -> None:
    """Show all that readers can choose."""
    state = st.session_state
    state[_INTERFACE], state[_DOCUMENTS] = _SCRIPTS[is_traditional()], is_converted()
    st.radio(say("界面文字"), _SCRIPTS, key=_INTERFACE, horizontal=True, on_change=_choose)
    st.toggle(
        say("文件里的文字也转换成界面文字"),
        key=_DOCUMENTS,
        help=say("转换只为阅读：复制、放入资料篮和导出的始终是原文。"),
        on_change=_choose,
    )


def cookie() -> str:
    """Return what has the browser remember what this session chose, "" where it chose nothing."""
    if not st.session_state.get(_CHANGED):
        return ""
    chosen = "+".join(param for name, param in _PARAMS.items() if st.session_state[name])
    return f"{_COOKIE}={chosen}; path=/; max-age=31536000; samesite=strict"


def _choose() -> None:
    state = st.session_state
    state[TRADITIONAL] = state[_INTERFACE] == _SCRIPTS[True]
    state[CONVERTED] = state[_DOCUMENTS]
    _keep()


def _keep() -> None:
    """Write the choice into the address."""
    st.session_state[_CHANGED] = True
    for name, param in _PARAMS.items():
        if st.session_state[name]:
            st.query_params[param] = "1"
        else:
            st.query_params.pop(param, None)
