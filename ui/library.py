"""The library page: every notice of the index, what they are about, what could not be read, and
how notices come in and go out."""

from collections.abc import Sequence

import streamlit as st

from indexer.errors import IndexUnusable
from indexer.findings import UNREAD, Finding
from indexer.removal import list_removed
from indexer.settings import read_settings
from retrieval.engine import Engine
from ui import paper
from ui.address import Address, read_address
from ui.asking import show_box, show_filters
from ui.findings import show_findings
from ui.inbox import the_inbox
from ui.intake import show_intake
from ui.keeping_up import show_switch
from ui.listing import show_listing
from ui.opening import open_engine
from ui.overview import show_overview
from ui.paper import element
from ui.rebuilding import show_missing_index, show_rebuild
from ui.removal import show_removal, show_removed
from ui.telling import show_told
from ui.views import FILES, OVERVIEW, PROBLEMS, REMOVED, UPDATE, read_view, write_views
from ui.words import say


def show_view(view: str, engine: Engine, findings: Sequence[Finding], asked: Address) -> None:
    """Show a view of the library that needs the index."""
    if view == OVERVIEW:
        show_overview(engine, asked)
    elif view == PROBLEMS:
        show_findings(engine, findings, asked)
    else:
        show_listing(engine, asked, sum(finding.sort == UNREAD for finding in findings))


def show_updating(engine: Engine | None, asked: Address, is_told: bool) -> None:
    """Show how notices come in: by upload, or by themselves from the folder; the progress of an
    update is shown already where `is_told`."""
    corpus = str(read_settings().corpus)
    show_intake(asked, engine.facets().folders if engine else ())
    st.header(say("更新索引"))
    words = say("也可以直接在语料文件夹里增减文件，再更新索引：")
    paper.show("corpus", element("p", words, corpus, css="coverage"))
    if engine:
        show_rebuild(is_told)
    show_switch()


st.set_page_config(layout="wide")
st.title(say("文件库"))
asked, view = read_address(), read_view()
error, engine = None, None
try:
    engine = open_engine()
except IndexUnusable as unusable:
    error = unusable
if view in (FILES, OVERVIEW):
    show_box("查找文件", "标题、文号、发文机关或文件名中的字", "查找")
findings = engine.findings() if engine else ()
counts = {
    UPDATE: len(the_inbox().staging.files()),
    PROBLEMS: len(findings),
    REMOVED: len(list_removed(read_settings().corpus)),
}
paper.show("views", write_views(view, asked, counts))
is_told = show_told()
if error:
    show_missing_index(error, is_told)
if engine and view in (FILES, OVERVIEW):
    show_filters(engine)
if not (engine and show_removal(engine, findings, asked)):
    if view == REMOVED:
        show_removed(asked)
    elif view == UPDATE:
        show_updating(engine, asked, is_told)
    elif engine:
        show_view(view, engine, findings, asked)
