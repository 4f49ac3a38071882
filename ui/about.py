"""The page of settings and of what there is: the reader's choices, the index and its checks, the
program, its settings and licences."""

import time

import streamlit as st

from indexer.errors import IndexUnusable, LanguageModelError, SuyuanError
from indexer.settings import Settings, read_settings
from retrieval.engine import Engine
from retrieval.language_model import open_language_model
from ui import paper
from ui.checks import show_health, show_self_check
from ui.facts import index_facts, program_facts, write_facts, write_variables
from ui.licences import write_licences
from ui.opening import open_engine
from ui.preferences import show_preferences
from ui.rebuilding import show_missing_index
from ui.words import notice, say, show_error


def show_index(engine: Engine, settings: Settings) -> None:
    """Show what the open index holds, and offer its checks."""
    paper.show("index", write_facts(index_facts(engine, settings)))
    show_health(engine)
    st.header(say("自检"))
    show_self_check(engine)


def show_program(settings: Settings) -> None:
    """Show what runs here and with which settings; the language model is asked only on demand."""
    paper.show("program", write_facts(program_facts(settings)))
    if settings.llm_base_url and st.button(say("试连语言模型")):
        _try_language_model(settings)
    with st.expander(say("环境变量")):
        paper.show("variables", write_variables(settings))


def _try_language_model(settings: Settings) -> None:
    started = time.monotonic()
    try:
        with st.spinner(say("正在等语言模型应答…")):
            model = open_language_model(settings)
            if model is not None:
                model.try_out()
    except LanguageModelError as error:
        show_error(error, key="language model")
    else:
        took = time.monotonic() - started
        paper.show("language model", notice(say(f"语言模型有应答，用时 {took:.1f} 秒。")))


st.set_page_config(layout="centered")
st.title(say("设置与关于"))
st.header(say("设置"))
show_preferences()
st.caption(say("浅色或深色随系统的设置。所选内容记在这个浏览器里。"))
settings = read_settings()
st.header(say("索引"))
try:
    engine = open_engine()
except IndexUnusable as error:
    show_missing_index(error)
except SuyuanError as error:
    show_error(error)
else:
    show_index(engine, settings)
st.header(say("程序"))
show_program(settings)
st.header(say("许可证"))
paper.show("licences", *write_licences())
