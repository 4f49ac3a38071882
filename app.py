"""The application's frame: page config, navigation, the page that was asked for."""

import streamlit as st

from indexer.errors import IndexUnusable, SuyuanError
from ui.frame import say_converted, set_up
from ui.keeping_up import the_keeping_up
from ui.preferences import offer_script, read_preferences
from ui.rebuilding import show_missing_index
from ui.words import dress_widgets, say, show_error

st.set_page_config(page_title="溯源")
read_preferences()
with st.sidebar:
    offer_script()
    set_up()
dress_widgets()

page = st.navigation(
    [
        st.Page("ui/ask.py", title=say("提问"), url_path="ask", default=True),
        st.Page("ui/search.py", title=say("检索"), url_path="search"),
        st.Page("ui/precedents.py", title=say("找先例"), url_path="precedents"),
        st.Page("ui/compare.py", title=say("对照"), url_path="compare"),
        st.Page("ui/library.py", title=say("文件库"), url_path="library"),
        st.Page("ui/basket.py", title=say("资料篮"), url_path="basket"),
        st.Page("ui/document.py", title=say("文件"), url_path="document", visibility="hidden"),
        st.Page("ui/about.py", title=say("设置与关于"), url_path="about"),
    ]
)
try:
    the_keeping_up()  # where it was on when the server ended, it goes on
    say_converted()
    page.run()
except IndexUnusable as error:
    show_missing_index(error)
except SuyuanError as error:
    show_error(error)
