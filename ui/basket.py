"""The basket page: the quotes that a reader keeps in this browser, to be put in order, annotated
and exported. The address says how they are cited."""

import streamlit as st

from retrieval.material import FORMS, Form
from ui.address import CITE
from ui.kept import show_kept
from ui.opening import open_engine
from ui.words import say


def choose_form() -> Form:
    """Show the choice of how quotes are cited; the address keeps it."""
    asked = st.query_params.get(CITE, "")
    form = next((each for each in FORMS if each == asked), next(iter(FORMS)))
    st.session_state[CITE] = form
    st.segmented_control(
        say("引用格式"),
        list(FORMS),
        key=CITE,
        required=True,
        format_func=lambda each: say(FORMS[each]),
        on_change=_keep_form,
    )
    return form


def _keep_form() -> None:
    st.query_params[CITE] = st.session_state[CITE]


st.set_page_config(layout="centered")
st.title(say("资料篮"))
st.caption(say("资料篮只存在这个浏览器里，刷新或重启都还在；换一台电脑或清除浏览器数据就没有了。"))
show_kept(open_engine(), choose_form())
