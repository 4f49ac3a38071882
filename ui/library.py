"""The library page: every notice of the index, what could not be read, upload and rebuild."""

from collections.abc import Sequence

import streamlit as st

from indexer.errors import IndexUnusable, SuyuanError
from indexer.findings import UNREAD
from indexer.readers import SUFFIXES
from indexer.settings import read_settings
from indexer.text import folded
from retrieval.engine import Engine
from retrieval.results import Filters, Source
from ui import paper
from ui.address import Address, read_address
from ui.asking import show_box, show_filters
from ui.keeping_up import show_switch, the_keeping_up
from ui.opening import open_engine
from ui.paper import Node, element, link, table
from ui.rebuilding import show_missing_index, show_rebuild, write_findings
from ui.upload import save_notice
from ui.words import notice, say

_ROWS_A_PAGE = 50


def find(engine: Engine, asked: Address) -> list[Source]:
    """Return the documents that have all the words asked for and pass the filters, newest first."""
    words = [folded(word) for word in asked.question.split()]

    def matches(source: Source) -> bool:
        text = folded(" ".join((source.title, source.doc_number, source.issuer, source.document)))
        return all(word in text for word in words)

    found = filter(matches, engine.sources(asked.filters))
    by_title = sorted(found, key=lambda source: source.title)
    return sorted(by_title, key=lambda source: source.issued_on, reverse=True)


def documents(sources: Sequence[Source], filters: Filters) -> Node:
    """Return the table of documents; a row opens its document, whose way back keeps `filters`."""
    asked = Address(filters=filters)
    heads = ("标题、文号、发文机关", "地区", "日期", "文种", "时效", "文件")
    return table(
        [say(head) for head in heads],
        (
            (
                _title(each, asked),
                say(each.locality) or "—",
                each.issued_on or "—",
                each.kind or "—",
                say(each.status),
                each.document,
            )
            for each in sources
        ),
        css="documents",
    )


def _title(source: Source, asked: Address) -> Node:
    """Return the title, which opens the document, above its 文号 and issuer."""
    facts = "　".join(fact for fact in (source.doc_number, source.issuer) if fact)
    return element(
        "div",
        link("document", asked.params(doc=source.document), source.title, css="row"),
        element("div", facts, css="facts"),
    )


def show_documents(engine: Engine) -> None:
    """Show the documents that the address asks for, a page at a time."""
    asked = read_address()
    found = find(engine, asked)
    unread = sum(finding.sort == UNREAD for finding in engine.findings())
    st.caption(
        say(f"共 {len(engine.sources())} 份文件，列出 {len(found)} 份")
        + say(f"；另有 {unread} 份未能收录，见“收录与更新”。" if unread else "。")
    )
    pages = max(1, -(-len(found) // _ROWS_A_PAGE))
    at = st.pagination(pages, key=f"page of {asked}") - 1 if pages > 1 else 0
    rows = found[at * _ROWS_A_PAGE : (at + 1) * _ROWS_A_PAGE]
    paper.show("documents", documents(rows, asked.filters) if rows else say("没有符合条件的文件。"))


def show_findings(engine: Engine) -> None:
    """Show which files are not in the index or are to be checked, why, and what to do."""
    if findings := engine.findings():
        st.subheader(say("需要留意的文件"))
        paper.show("findings", *write_findings(findings))


def show_upload() -> None:
    """Take notices into the corpus folder; the next build puts them into the index."""
    st.subheader(say("上传文件"))
    with st.form("upload", clear_on_submit=True, border=False):
        files = st.file_uploader(
            say("Word、WPS、PDF、OFD、Excel、网页、文本、图片或它们的 .zip；同名时另存，不覆盖"),
            type=list(SUFFIXES),
            accept_multiple_files=True,
        )
        if st.form_submit_button(say("存入语料文件夹")):
            lines = [_save(file.name, file.getvalue()) for file in files]
            later = "几秒后自动收录。" if the_keeping_up().is_on else "重建索引后即可检索。"
            hint = say(later if lines else "还没有选择文件。")
            paper.show("uploaded", notice(*lines, hint))


def _save(name: str, content: bytes) -> str:
    try:
        saved = save_notice(read_settings().corpus, name, content)
    except SuyuanError as error:
        return say(str(error))
    return f"{say('已存入' if saved == name else '已有同名文件，另存为')} {saved}"


st.set_page_config(layout="wide")
st.title(say("文件库"))
show_box("查找文件", "标题、文号、发文机关或文件名中的字", "查找")
listed, updated = st.tabs([say("文件"), say("收录与更新")])
try:
    engine = open_engine()
except IndexUnusable as error:
    with listed:
        show_missing_index(error)
else:
    show_filters(engine)
    with listed:
        show_documents(engine)
    with updated:
        show_findings(engine)
        st.subheader(say("索引"))
        show_rebuild()
with updated:
    show_switch()
    show_upload()
