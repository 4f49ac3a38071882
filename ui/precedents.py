"""The page of precedents: who has written a clause before, how exactly, and how it is cited."""

import streamlit as st

from indexer.errors import QuestionError
from retrieval.engine import Engine
from retrieval.precedents import Order, Precedents, Wanted
from ui import paper
from ui.address import Address, read_address, read_choice
from ui.asking import show_area, show_filters
from ui.copying import write_copy_link
from ui.opening import open_engine
from ui.paper import Node, Params, element, link
from ui.switch import show_switch
from ui.turning import read_page, write_turn
from ui.wordings import write_precedents, write_sentences, write_usage
from ui.words import notice, say

_A_PAGE = 10  # precedents of a draft of one sentence
_OF_EACH = 3  # precedents of each sentence of a longer one
_ORDERS: dict[Order, str] = {"likeness": "按相似程度", "date": "按日期（新的在前）"}


def read_order() -> Order:
    """Return the order that the address asks for, by likeness where it asks for none."""
    return read_choice("sort", _ORDERS)


def show_order() -> None:
    """Show the switch between the orders."""
    show_switch("sort", "排序", _ORDERS, read_order(), _apply_order)


def _apply_order() -> None:
    """Write the order to the address, which goes back to the first page of results."""
    st.query_params.from_dict(read_address().params(sort=st.session_state["sort"]))


def welcome(engine: Engine) -> list[Node]:
    """Return what can be looked for, with sentences of the loaded documents to be clicked."""
    examples = [
        link(
            "precedents", Address(example, read_address().filters).params(), example, css="example"
        )
        for example in engine.draft_examples()
    ]
    lines = (
        "可以是一个分句、一句话或一段话；一段话逐句查找。",
        "先找字词相同或相近的表述，逐字标出与初稿的差别；不分简繁、全角半角。",
    )
    return [
        *(element("p", say(line)) for line in lines),
        *([element("p", say("例如："))] if examples else []),
        element("div", *examples, css="examples"),
    ]


def show_found(engine: Engine, asked: Address) -> None:
    """Show the precedents of the draft that the address has, or why there are none."""
    page = read_page()
    try:
        with st.spinner(say("正在查找先例…")):
            found = look(engine, asked, page)
    except QuestionError as error:
        paper.show("precedents", notice(say(error.fact), say(error.cure)))
        return
    if not any(sentence.found for sentence in found.sentences):
        paper.show("precedents", *nothing(asked))
    elif len(found.sentences) > 1:
        paper.show("precedents", *write_sentences(found, asked), write_copy_link())
    else:
        show_one(found, asked, page)


def look(engine: Engine, asked: Address, page: int) -> Precedents:
    """Return a page of the precedents of one sentence, or the best of each of several."""
    wanted = Wanted(_A_PAGE, (page - 1) * _A_PAGE, read_order(), _OF_EACH)
    return engine.precedents(asked.question, wanted, asked.filters)


def show_one(found: Precedents, asked: Address, page: int) -> None:
    """Show who has used a sentence and a page of its precedents; who turned one is led to its
    top."""
    (sentence,) = found.sentences
    paper.show("usage", *write_usage(sentence, asked))
    if sentence.found > 1:
        show_order()
    order = read_order()

    def params(to: str) -> Params:
        return asked.params(sort=order, page=to)

    pages = -(-sentence.found // _A_PAGE)
    turn = [write_turn("precedents", params, min(page, pages + 1), pages)] if pages > 1 else []
    turned = st.query_params.get("page", "")
    paper.show(
        "precedents",
        *write_precedents(found, asked),
        *turn,
        write_copy_link(),
        scroll_to="article" if turned else "",
        visit=f"{asked}:{order}:{turned}",
    )


def nothing(asked: Address) -> list[Node]:
    """Return that nothing was found, and what may help."""
    cures = ["可以只留最要紧的一个分句，去掉地名、数字和单位名称再找。"]
    if not asked.filters.is_empty:
        cures.insert(0, "当前设有筛选条件，放宽后可能找到。")
    elsewhere = link("search", asked.params(mode="semantic"), say("在检索页查找意思相近的段落"))
    return [
        notice(say("没有找到相同、相近的表述。"), *map(say, cures)),
        element("p", elsewhere),
    ]


st.set_page_config(layout="centered")
st.title(say("找先例"))
st.caption(say("拟写的这句话，有没有文件写过、怎么写的、怎么引用；引文逐字摘自原文。"))
show_area("初稿（按 Ctrl+Enter 查找）", "贴入拟写的一句话、一个条款或一段话", "查找先例")
engine = open_engine()
show_filters(engine)
asked = read_address()
if asked.question:
    show_found(engine, asked)
else:
    paper.show("precedents", *welcome(engine))
