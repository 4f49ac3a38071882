"""The search page: documents that have words to the letter, or passages of like meaning."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import cast

import streamlit as st

from indexer.errors import QuestionError
from retrieval.engine import Engine
from retrieval.exact import Order, Within
from ui import paper
from ui.address import Address, read_address
from ui.asking import show_box, show_filters
from ui.chips import read_ignored, write_chips
from ui.excerpts import write_found
from ui.opening import open_engine
from ui.paper import Node, element, link
from ui.quotes import write_passages
from ui.words import notice, say

_DOCUMENTS_A_PAGE = 20
_PASSAGES = 20
# Pixels: two beside each other on the narrowest screens.
_OPTION_WIDTH, _PART_WIDTH = 168, 140
# What each option can be; a bare address asks for the first.
_CHOICES = {
    "mode": {"exact": "精确检索", "semantic": "语义检索"},
    "scope": {"text": "全文", "title": "仅标题"},
    "within": {
        "document": "同一文件",
        "section": "同一章节",
        "paragraph": "同一段落",
        "sentence": "同一句子",
    },
    "sort": {"relevance": "相关程度", "date": "日期（新的在前）"},
}
_LABELS = {"mode": "检索方式", "scope": "查找范围", "within": "各词须在", "sort": "排序"}
_SYNTAX = (
    ("大班额 学位", "两个词都有（空格即“并且”，也可写 AND）"),
    ("“消除大班额”", "引号里的字连着出现；不分简繁、全角半角"),
    ("学位 OR 班额", "有其中一个即可（也可写“或”）"),
    ("大班额 NOT 幼儿园", "没有后一个词（也可写 -幼儿园）"),
    ("(学位 OR 班额) 公办", "先算括号里的"),
    ("国发〔2022〕3号", "文号：括号和数字怎么写都一样，正文引用的也找"),
    ("文号:国发 2022", "只凭机关代字、年份、序号中的几样找文号"),
)


@dataclass(frozen=True, slots=True)
class Options:
    """How to search: a choice of each option, as the address names it."""

    mode: str
    scope: str
    within: str
    sort: str


def read_options() -> Options:
    """Return what the address says, and the first choice where it says nothing."""
    named = {name: st.query_params.get(name, "") for name in _CHOICES}
    return Options(
        **{
            name: named[name] if named[name] in choices else next(iter(choices))
            for name, choices in _CHOICES.items()
        }
    )


def show_options(options: Options) -> None:
    """Show the switch between the two ways to search, and the options of the exact one."""
    st.session_state.update(asdict(options))
    st.segmented_control(
        say(_LABELS["mode"]),
        list(_CHOICES["mode"]),
        key="mode",
        required=True,
        format_func=_naming("mode"),
        label_visibility="collapsed",
        on_change=_apply,
    )
    if options.mode == "exact":
        with st.container(horizontal=True):
            for name in ("scope", "within", "sort"):
                st.selectbox(
                    say(_LABELS[name]),
                    list(_CHOICES[name]),
                    key=name,
                    format_func=_naming(name),
                    disabled=name == "within" and options.scope == "title",
                    width=_OPTION_WIDTH,
                    on_change=_apply,
                )


def show_number() -> None:
    """Show a field for each part of a 文号; what is filled in becomes the words to search for."""
    with st.expander(say("按文号的各部分查找")), st.form("number", border=False):
        fields = st.container(horizontal=True, vertical_alignment="bottom")
        for key, label, placeholder in (
            ("organ", "机关代字", "国发"),
            ("year", "年份", "2022"),
            ("serial", "序号", "3"),
        ):
            fields.text_input(say(label), key=key, placeholder=say(placeholder), width=_PART_WIDTH)
        fields.form_submit_button(say("按文号检索"), on_click=_apply_number)


def _apply_number() -> None:
    """Write the parts of a 文号 to the address, in the words that the box understands."""
    state = st.session_state
    organ, year, serial = (
        "".join(state[key].split()).strip("〔〕[]()（）第年号")
        for key in ("organ", "year", "serial")
    )
    number = f"{organ}{f'〔{year}〕' if year else ''}{f'{serial}号' if serial else ''}"
    if number:
        asked = Address(f"文号:{number}", read_address().filters)
        st.query_params.from_dict(asked.params(mode="exact"))


def _naming(name: str) -> Callable[[str], str]:
    return lambda value: say(_CHOICES[name][value])


def _apply() -> None:
    """Write the options to the address, which goes back to the first page of results."""
    chosen = {name: st.session_state.get(name, next(iter(of))) for name, of in _CHOICES.items()}
    st.query_params.from_dict(read_address().params(**chosen))


def welcome() -> list[Node]:
    """Return what can be typed."""
    rows = (
        element(
            "div", element("dt", link("search", _example(typed), typed)), element("dd", say(says))
        )
        for typed, says in _SYNTAX
    )
    return [element("p", say("可以这样写：")), element("dl", *rows, css="syntax")]


def _example(typed: str) -> dict[str, str | list[str]]:
    return Address(typed, read_address().filters).params(mode="exact")


def reply(engine: Engine, asked: Address, options: Options) -> list[Node]:
    """Return what was found, or why nothing was and what may help."""
    try:
        if options.mode == "semantic":
            return search(engine, asked, options)
        return list(find(engine, asked, options))
    except QuestionError as error:
        return [notice(say(error.fact), say(error.cure))]


def search(engine: Engine, asked: Address, options: Options) -> list[Node]:
    """Return what the question was understood to say, and the passages of like meaning."""
    ignored = read_ignored()
    with st.spinner(say("正在查找…")):
        understood = engine.understood(asked.question, ignored)
        hits = engine.search(asked.question, _PASSAGES, asked.filters, ignored, collapse=True)
    chips = write_chips(understood, asked, "search", mode=options.mode)
    return [*chips, *(write_passages(hits, asked) if hits else [nothing(asked, options)])]


def find(engine: Engine, asked: Address, options: Options) -> Iterator[Node]:
    """Yield a page of the documents that have the words, and the way to the other pages."""
    page = _page()
    result = engine.find(
        asked.question,
        in_title=options.scope == "title",
        within=cast(Within, options.within),
        order=cast(Order, options.sort),
        offset=(page - 1) * _DOCUMENTS_A_PAGE,
        limit=_DOCUMENTS_A_PAGE,
        filters=asked.filters,
    )
    if not result.documents:
        yield nothing(asked, options)
        return
    yield from write_found(result, asked, {**asdict(options), "page": str(page)})
    pages = -(-result.documents // _DOCUMENTS_A_PAGE)
    if pages > 1:
        yield _turn(asked, options, min(page, pages + 1), pages)


def nothing(asked: Address, options: Options) -> Node:
    """Return that nothing was found, and what may help."""
    cures = []
    if not asked.filters.is_empty:
        cures.append("当前设有筛选条件，放宽后可能找到。")
    if options.mode == "exact":
        if options.scope == "title" or options.within != "document":
            cures.append("当前限定了查找范围，放宽后可能找到。")
        cures.append("可减少词语、缩短引号里的字，或改用语义检索。")
    return notice(say("没有一份文件符合。"), *map(say, cures))


def _turn(asked: Address, options: Options, page: int, pages: int) -> Node:
    """Return the links to the page before and the one after."""
    ways = (("上一页", page - 1), ("下一页", page + 1))
    before, after = (
        link("search", asked.params(**asdict(options), page=str(to)), say(words))
        if 1 <= to <= pages
        else element("span", say(words))
        for words, to in ways
    )
    here = element("span", say(f"第 {page} 页，共 {pages} 页"), css="here")
    return element("nav", before, here, after, css="turn", aria_label=say("翻页"))


def _page() -> int:
    """Return which page of results the address asks for, 1 where it says none."""
    written = st.query_params.get("page", "")
    is_number = written.isascii() and written.isdecimal() and len(written) < 7
    return max(1, int(written)) if is_number else 1


st.set_page_config(layout="centered")
st.title(say("检索"))
st.caption(say("精确检索逐字查找全部原文；语义检索查找意思相近的段落。"))
show_box("检索词", "例如：“大班额” AND (学位 OR 学校)", "检索")
engine = open_engine()
show_filters(engine)
options = read_options()
show_options(options)
asked = read_address()
if options.mode == "exact" and (not asked.question or asked.question.startswith("文号")):
    show_number()
nodes = reply(engine, asked, options) if asked.question else welcome()
# After turning a page the reader is led to its top.
turned = st.query_params.get("page", "")
paper.show("found", *nodes, scroll_to=".found" if turned else "", visit=f"{asked}:{turned}")
