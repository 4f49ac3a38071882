"""Say what was just done, on the page that comes then, until the reader goes on to another."""

from typing import NoReturn

import streamlit as st

from ui import paper
from ui.paper import Node
from ui.rebuilding import show_update

# In the session: what is told, whether the index follows, and the address at which it is told.
_TOLD = "what is told"


def go_on(*told: Node, follows: bool = False, without: tuple[str, ...] = ()) -> NoReturn:
    """Show the page anew, without some parameters of its address, and say there what was done;
    where the index `follows` that, also how its update goes."""
    for name in without:
        st.query_params.pop(name, None)
    st.session_state[_TOLD] = told, follows, None
    st.rerun()


def show_told() -> bool:
    """Say what was done, and return whether that is with the update of the index."""
    told, follows, at = st.session_state.get(_TOLD, ((), False, None))
    here = st.query_params.to_dict()
    if at not in (None, here):
        del st.session_state[_TOLD]
        return False
    st.session_state[_TOLD] = told, follows, here
    if told:
        paper.show("told", *told)
    if follows:
        show_update(is_brief=True)
    return bool(follows)
