"""The ask page: a question, the filters, and an answer whose every sentence is a quote."""

import streamlit as st

from indexer.errors import QuestionError
from retrieval.engine import Engine
from ui import paper
from ui.address import Address, read_address
from ui.asking import show_box, show_filters
from ui.opening import open_engine
from ui.paper import Node, element, link
from ui.quotes import write_answer, write_passages
from ui.words import notice, say


def welcome(engine: Engine) -> list[Node]:
    """Return questions that the loaded notices answer, to be clicked."""
    documents = len(engine.sources())
    localities = len(engine.facets().localities)
    return [
        element("p", say(f"已收录 {documents} 份文件，涉及 {localities} 个地区。可以这样问：")),
        element(
            "div",
            *(
                link("", Address(example).params(), example, css="example")
                for example in engine.examples()
            ),
            css="examples",
        ),
    ]


def reply(engine: Engine, asked: Address) -> list[Node]:
    """Return the answer, or why there is none and what may help."""
    try:
        with st.spinner(say("正在查找…")):
            answer = engine.ask(asked.question, asked.filters)
    except QuestionError as error:
        return [notice(say(error.fact), say(error.cure))]
    if not answer.refused:
        return write_answer(answer, asked)
    nearest = write_passages(answer.nearest, asked)
    return [
        notice(say(answer.reason), *_advise(asked)),
        *([element("h2", say("可能相关")), *nearest] if nearest else []),
    ]


def _advise(asked: Address) -> list[str]:
    return [] if asked.filters.is_empty else [say("当前设有筛选条件，放宽后可能找到。")]


st.set_page_config(layout="centered")
st.title(say("溯源"))
st.caption(say("在本机的政策文件中查找答案；每句话都摘自原文，点编号即见出处。"))
show_box("问题", "例如：各地对大班额的要求是什么", "提问")
engine = open_engine()
show_filters(engine.facets())
asked = read_address()
paper.show("answer", *(reply(engine, asked) if asked.question else welcome(engine)))
