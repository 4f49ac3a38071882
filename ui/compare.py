"""The compare page: two versions clause by clause, or several documents and places on one
question. The address is the only state."""

from collections.abc import Callable

import streamlit as st

from indexer.errors import QuestionError
from retrieval.comparison import Comparison
from retrieval.engine import Engine
from retrieval.redline import STANDING
from retrieval.results import Source
from ui import paper
from ui.address import COMPARED, Address, read_address, read_choice
from ui.columns import write_comparison, write_sides
from ui.opening import open_engine
from ui.scripts import as_shown
from ui.switch import show_switch
from ui.words import notice, say

_WAYS = {"clause": "逐条对照", "question": "按问题对照"}
_ROWS_A_PAGE = 300  # more than most statutes have; a text of 5 MB has tens of thousands
_ALL = "all"  # the parameter that asks for the clauses that are as they were, too


@st.cache_resource(show_spinner=False, max_entries=4)
def _compare(_engine: Engine, generation: str, old: str, new: str) -> Comparison:
    return _engine.compare(old, new)


def show_versions(engine: Engine) -> None:
    """Show the choice of two documents, and what became of each clause of the first."""
    sources = {source.document: source for source in engine.sources()}
    asked = {name: st.query_params.get(name, "") for name in ("old", "new")}
    label = _labels(sources)
    given = [asked[name] for name in asked if asked[name] in sources]
    versions = [s.document for each in given[:1] for s in engine.relations(each).versions]
    by_title = sorted(
        sources, key=lambda each: (sources[each].title, sources[each].issued_on, each)
    )
    options = list(dict.fromkeys((*versions, *by_title)))  # other versions first
    for column, (name, words) in zip(
        st.columns(2), (("old", "旧版"), ("new", "新版")), strict=True
    ):
        st.session_state[name] = asked[name] if asked[name] in sources else None
        column.selectbox(
            say(words),
            options,
            index=None,
            key=name,
            format_func=label,
            placeholder=say("选择一份文件"),
            filter_mode="contains",
            on_change=_apply,
        )
    missing = [path for path in asked.values() if path and path not in sources]
    if missing:
        paper.show("versions", notice(say("索引里没有这份文件："), *missing))
    elif not all(asked.values()):
        hint = "选择旧版和新版；也可以在文件页的“历次版本”里点“与本版对照”。"
        paper.show("versions", say(hint))
    else:
        with st.spinner(say("正在逐条对照…")):
            comparison = _compare(engine, engine.generation, asked["old"], asked["new"])
        show_changes(comparison)


def show_changes(comparison: Comparison) -> None:
    """Show the clauses that changed, or all, a page at a time."""
    is_whole = _ALL in st.query_params
    st.session_state[_ALL] = is_whole
    st.toggle(say("没有改动的条文也显示"), key=_ALL, on_change=_apply)
    shown = [each for each in comparison.changes if is_whole or each.status not in STANDING]
    pages = -(-len(shown) // _ROWS_A_PAGE)
    key = f"page of {comparison.old.document} {comparison.new.document} {is_whole}"
    at = st.pagination(pages, key=key) - 1 if pages > 1 else 0
    rows = shown[at * _ROWS_A_PAGE : (at + 1) * _ROWS_A_PAGE]
    paper.show("versions", *write_comparison(comparison, rows, read_address()))


def show_question(engine: Engine) -> None:
    """Show the choice of documents and places and the question, and what each answers."""
    sources = {source.document: source for source in engine.sources()}
    facets = engine.facets()
    places = [facet.value for facet in (*facets.localities, *facets.regions)]
    asked = read_address()
    documents = [each for each in st.query_params.get_all("side") if each in sources]
    localities = st.query_params.get_all("at")
    st.session_state.update(side=documents, at=localities)
    if st.session_state.get("compared") != asked.question:
        st.session_state.update(compared=asked.question, put=asked.question)
    left, right = st.columns(2)
    left.multiselect(
        say("文件"),
        sorted(sources, key=lambda each: (sources[each].title, sources[each].issued_on, each)),
        key="side",
        format_func=_labels(sources),
        placeholder=say("选择文件"),
        select_all=False,
        filter_mode="contains",
        on_change=_apply,
    )
    right.multiselect(
        say("地区（含下级）"),
        list(dict.fromkeys((*localities, *places))),
        key="at",
        format_func=say,
        placeholder=say("选择地区"),
        select_all=False,
        filter_mode="contains",
        on_change=_apply,
    )
    with st.form("comparing", border=False):
        field, press = st.columns([6, 1], vertical_alignment="bottom")
        field.text_input(say("问题"), key="put", placeholder=say("例如：大班额的比例是多少"))
        press.form_submit_button(say("对照"), type="primary", on_click=_apply, width="stretch")
    if not asked.question or len(documents) + len(localities) < 2:
        paper.show("sides", say("选择两份以上的文件或两个以上的地区，再写一个问题。"))
        return
    try:
        with st.spinner(say("正在查找…")):
            sides = engine.ask_each(asked.question, documents, localities)
    except QuestionError as error:
        paper.show("sides", notice(say(error.fact), say(error.cure)))
    else:
        paper.show("sides", write_sides(sides, asked))


def _labels(sources: dict[str, Source]) -> Callable[[str], str]:
    """Return what names a document in a list: its title, its day and its 文号."""

    def label(document: str) -> str:
        source = sources[document]
        facts = "，".join(filter(None, (source.issued_on, source.doc_number)))
        return f"{as_shown(source.title)}（{as_shown(facts) or document}）"

    return label


def _apply() -> None:
    """Write the widgets to the address; what is not shown keeps what it says."""
    state = st.session_state
    params: dict[str, str | list[str]] = {
        name: st.query_params.get_all(name) for name in COMPARED if name in st.query_params
    }
    for name in ("by", "old", "new"):
        if name in state:
            params[name] = state[name] or ""
    for name in ("side", "at"):
        if name in state:
            params[name] = state[name]
    if _ALL in state:
        params[_ALL] = "1" if state[_ALL] else ""
    question = state["put"].strip() if "put" in state else read_address().question
    st.query_params.from_dict(Address(question).params(**params))


st.set_page_config(layout="wide")
st.title(say("对照"))
engine = open_engine()
way = read_choice("by", _WAYS)
show_switch("by", "对照方式", _WAYS, way, _apply)
if way == "clause":
    show_versions(engine)
else:
    show_question(engine)
