"""The search page: documents that have words to the letter, or passages of like meaning."""

from dataclasses import asdict, dataclass
from typing import cast

import streamlit as st

from indexer.errors import QuestionError
from retrieval.engine import Engine
from retrieval.exact import Order, Within
from retrieval.ranked import Ranked, RankedOrder
from retrieval.results import Facets, Understood
from ui import paper
from ui.address import Address, read_address
from ui.asking import show_box, show_filters
from ui.breakdown import write_breakdown
from ui.chips import read_ignored, write_chips
from ui.copying import write_copy_link
from ui.excerpts import write_found, write_like
from ui.history import show_history
from ui.keys import write_keys
from ui.once import once
from ui.opening import open_engine
from ui.options import Options, read_options, show_number, show_options
from ui.paper import Node, element, link
from ui.turning import read_page, write_turn
from ui.words import notice, say

_A_PAGE = 20  # documents or passages
_SYNTAX = (
    ("大班额 学位", "两个词都有（空格即“并且”，也可写 AND）"),
    ("“消除大班额”", "引号里的字连着出现；不分简繁、全角半角"),
    ("学位 OR 班额", "有其中一个即可（也可写“或”）"),
    ("大班额 NOT 幼儿园", "没有后一个词（也可写 -幼儿园）"),
    ("(学位 OR 班额) 公办", "先算括号里的"),
    ("国发〔2022〕3号", "文号：括号和数字怎么写都一样，正文引用的也找"),
    ("文号:国发 2022", "只凭机关代字、年份、序号中的几样找文号"),
)


def welcome() -> list[Node]:
    """Return what can be typed."""
    rows = (
        element("div", element("dt", _example(say(typed))), element("dd", say(says)))
        for typed, says in _SYNTAX
    )
    return [element("p", say("可以这样写：")), element("dl", *rows, css="syntax")]


def _example(typed: str) -> Node:
    """Return a link that searches for what is typed."""
    return link("search", Address(typed, read_address().filters).params(mode="exact"), typed)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search shows, and what the documents it found can be narrowed by; None where that is
    what all documents can."""

    nodes: list[Node]
    facets: Facets | None = None


def reply(engine: Engine, asked: Address, options: Options) -> Found:
    """Return what was found, or why nothing was and what may help."""
    search = find_meaning if options.mode == "semantic" else find_words
    try:
        with st.spinner(say("正在查找…")):
            return search(engine, asked, options)
    except QuestionError as error:
        return Found([notice(say(error.fact), say(error.cure))])


def find_meaning(engine: Engine, asked: Address, options: Options) -> Found:
    """Return what the question was understood to say, and a page of passages of like meaning."""
    ranked, understood = rank(engine, asked)
    order = cast(RankedOrder, options.sort)
    count = ranked.count(order)
    hits = engine.show(ranked, order, (read_page() - 1) * _A_PAGE, _A_PAGE)
    chips = write_chips(understood, asked, "search", mode=options.mode, sort=options.sort)
    if not count:
        return Found([*chips, *nothing(asked, options)])
    ordered = "新的在前" if options.sort == "date" else "相近的在前"
    nodes = [
        *chips,
        _head(f"意思最相近的 {count} 段，{ordered}。"),
        *write_breakdown(ranked.facets, asked, "search", _place(options)),
        *write_like(hits, ranked.words, asked),
        *_turn(asked, options, count),
    ]
    return Found(nodes)


def rank(engine: Engine, asked: Address) -> tuple[Ranked, tuple[Understood, ...]]:
    """Return the passages for a question; the same is ranked once, so that turning a page embeds
    nothing."""
    ignored = read_ignored()
    key = asked.question, asked.filters, ignored
    ranked = once("ranked", engine, key, lambda: engine.rank(*key))
    return ranked, engine.understood(asked.question, ignored)


def find_words(engine: Engine, asked: Address, options: Options) -> Found:
    """Return a page of the documents that have the words, by what they can be narrowed, and the way
    to the other pages."""
    page = read_page()
    result = engine.find(
        asked.question,
        in_title=options.scope == "title",
        within=cast(Within, options.within),
        order=cast(Order, options.sort),
        offset=(page - 1) * _A_PAGE,
        limit=_A_PAGE,
        filters=asked.filters,
    )
    if not result.documents:
        return Found(nothing(asked, options), result.facets)
    more = asdict(options)
    nodes = [
        _head(f"命中 {result.documents} 份文件，{result.matches} 处。"),
        *write_breakdown(result.facets, asked, "search", more),
        *write_found(result, asked, {**more, "page": str(page)}),
        *_turn(asked, options, result.documents),
    ]
    return Found(nodes, result.facets)


def _head(said: str) -> Node:
    """Return the line above what was found."""
    counts = element("span", say(said), css="coverage", role="status")
    return element("div", counts, write_copy_link(), css="found-head")


def _turn(asked: Address, options: Options, count: int) -> list[Node]:
    """Return the links to the pages, if there are several."""
    pages = -(-count // _A_PAGE)
    if pages < 2:
        return []

    def params_of(page: str) -> dict[str, str | list[str]]:
        return asked.params(**_place(options), page=page)

    return [write_turn("search", params_of, min(read_page(), pages + 1), pages)]


def _place(options: Options) -> dict[str, str]:
    """Return the address's parameters besides the question and the filters."""
    return {**asdict(options), "off": st.query_params.get("off", "")}


def nothing(asked: Address, options: Options) -> list[Node]:
    """Return that nothing was found, what may help, and links to it."""
    cures, ways = [], []
    if not asked.filters.is_empty:
        cures.append("当前设有筛选条件，放宽后可能找到。")
        ways.append(("去掉全部筛选", asked.without_filters().params(**asdict(options))))
    if options.mode == "exact":
        if options.scope == "title" or options.within != "document":
            cures.append("当前限定了查找范围，放宽后可能找到。")
            ways.append(("不限查找范围", asked.params(mode="exact")))
        cures.append("可减少词语、缩短引号里的字，或改用语义检索。")
        ways.append(("语义检索同样的词", asked.params(mode="semantic")))
    links = (link("search", params, say(words)) for words, params in ways)
    shown = [element("p", say("换一种找法："), *links, css="ways")] if ways else []
    return [notice(say("没有一份文件符合。"), *map(say, cures)), *shown]


st.set_page_config(layout="centered")
st.title(say("检索"))
st.caption(say("精确检索逐字查找全部原文；语义检索查找意思相近的段落。"))
show_box("检索词", "例如：“大班额” AND (学位 OR 学校)", "检索")
engine = open_engine()
options = read_options()
show_options(options)
asked = read_address()
if options.mode == "exact" and (not asked.question or asked.question.startswith("文号")):
    show_number()
found = reply(engine, asked, options) if asked.question else Found(welcome())
# After turning a page the reader is led to its top.
turned = st.query_params.get("page", "")
visit = f"{asked}:{turned}"
paper.show("found", *found.nodes, scroll_to=".found-head" if turned else "", visit=visit)
paper.show("keys", write_keys())
show_filters(engine, found.facets)
with st.sidebar:
    show_history("search", asked, **asdict(options))
