"""The basket page: the quotes that a reader keeps in this browser, to be put in order, annotated
and exported. The address says how they are cited."""

import streamlit as st

from retrieval.material import FORMS, Form
from ui.address import CITE, read_choice
from ui.kept import show_kept
from ui.opening import open_engine
from ui.switch import show_switch
from ui.words import say


def choose_form() -> Form:
    """Show the choice of how quotes are cited; the address keeps it."""
    form = read_choice(CITE, FORMS)
    show_switch(CITE, "引用格式", FORMS, form, _keep_form, is_labelled=True)
    return form


def _keep_form() -> None:
    st.query_params[CITE] = st.session_state[CITE]


st.set_page_config(layout="centered")
st.title(say("资料篮"))
st.caption(say("资料篮只存在这个浏览器里，刷新或重启都还在；换一台电脑或清除浏览器数据就没有了。"))
show_kept(open_engine(), choose_form())
