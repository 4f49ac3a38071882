"""The document page: a notice as published, its fields and outline, the cited words marked."""

import streamlit as st

from indexer.errors import DocumentMissing
from indexer.records import Document, Field, Span
from ui import paper
from ui.address import Address, read_address, read_span
from ui.fulltext import heading_id, write_text
from ui.opening import open_engine
from ui.paper import Node, element, jump, link
from ui.words import notice, say


def back(asked: Address) -> Node:
    """Return the way back to the answer, or to the library where nothing was asked."""
    if asked.question:
        return link("", asked.params(), say("← 返回答案"), css="back")
    return link("library", asked.params(), say("← 返回文件库"), css="back")


def outline(document: Document) -> Node:
    """Return the headings; clicking one scrolls to it."""
    headings = [
        element(
            "li", jump(f"#{heading_id(n)}", document.heading_path(n)[-1]), css=f"level{each.level}"
        )
        for n, each in enumerate(document.sections)
    ]
    return element("nav", element("ul", *headings), aria_label=say("目录"))


def fields(document: Document, asked: Address) -> Node:
    """Return the table of fields; each value leads to the words that prove it."""
    header = document.header
    rows: list[tuple[str, Field | None]] = [
        ("标题", header.title),
        ("文号", header.doc_number),
        ("索引号", header.index_number),
        ("发文机关", header.issuer),
        ("成文日期", header.issued_on),
        ("发布日期", header.published_on),
        ("文种", header.kind),
    ]
    cells = [(label, _proof(document, field, asked)) for label, field in rows]
    place = _proof(document, header.locality, asked)
    return element(
        "dl",
        *(element("div", element("dt", say(label)), element("dd", cell)) for label, cell in cells),
        element("div", element("dt", say("地区")), element("dd", place)),
        css="fields",
    )


def _proof(document: Document, field: Field | None, asked: Address) -> Node:
    if field is None:
        return "—"
    place = asked.params(doc=document.id, start=str(field.span.start), end=str(field.span.end))
    shown = document.title if field is document.header.title else field.value
    return link("document", place, shown, title=say("查看原文依据"))


def whole(document: Document, asked: Address, mark: Span | None) -> list[Node]:
    """Return the page: outline on the left, title, fields and text on the right."""
    return [
        element("aside", back(asked), jump("h1", document.title), outline(document)),
        element(
            "div",
            element("h1", document.title),
            fields(document, asked),
            write_text(document, mark),
            css="sheet",
        ),
    ]


st.set_page_config(layout="wide")
asked, mark = read_address(), read_span()
document_id = st.query_params.get("doc", "")
engine = open_engine()
try:
    with st.spinner(say("正在打开文件…")):
        document = engine.document(document_id)
except DocumentMissing as error:
    paper.show("document", back(asked), notice(say(error.fact), say(error.cure)))
else:
    visit = f"{document_id}:{mark}"
    page = element("div", *whole(document, asked, mark), css="document")
    paper.show("document", page, scroll_to="mark" if mark else "", visit=visit)
