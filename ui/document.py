"""The document page: a notice as published, its fields and outline, the cited words marked."""

from collections.abc import Iterator

import streamlit as st

from indexer.errors import DocumentMissing
from indexer.records import Document, Field
from indexer.text import simplify
from retrieval.results import Citation, Relations
from ui import paper
from ui.address import Address, origin_params, read_address, read_span
from ui.fulltext import heading_id, write_text
from ui.marks import write_forms
from ui.opening import open_engine
from ui.paper import Node, element, jump, link
from ui.relations import write_relations, write_standing
from ui.words import notice, say


def back(asked: Address) -> Node:
    """Return the way back to what led here: a comparison, a search, an answer, or the library."""
    origin = origin_params()
    if "by" in origin or "old" in origin:
        return link("compare", asked.params(**origin), say("← 返回对照"), css="back")
    if asked.question and "mode" in origin:
        return link("search", asked.params(**origin), say("← 返回检索结果"), css="back")
    if asked.question:
        return link("", asked.params(**origin), say("← 返回答案"), css="back")
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


def fields(document: Document, relations: Relations, asked: Address) -> Node:
    """Return the table of fields; each value leads to the words that prove it."""
    header = document.header
    always: list[tuple[str, Field | None]] = [
        ("标题", header.title),
        ("文号", header.doc_number),
        ("索引号", header.index_number),
        ("发文机关", header.issuer),
        ("成文日期", header.issued_on),
        ("发布日期", header.published_on),
        ("文种", header.kind),
    ]
    further: list[tuple[str, Field | None]] = [
        ("施行日期", header.effective_on),
        ("有效期至", header.expires_on),
        ("份号", header.copy_number),
        ("密级", header.secrecy),
        ("紧急程度", header.urgency),
        ("签发人", header.signer),
        ("主送机关", header.addressee),
        ("附件说明", header.annex_note),
        ("署名", header.signature),
        ("附注", header.note),
        ("抄送机关", header.copied_to),
        ("印发机关", header.printed_by),
        ("印发日期", header.printed_on),
    ]
    there = [(label, field) for label, field in further if field is not None]
    rows = [(label, _proof(document, field, asked)) for label, field in (*always, *there)]
    rows.append(("地区", _locality(document, asked)))
    rows.append(("时效", write_standing(relations.standing, asked)))
    if header.mentions:
        rows.append(("提及地区", element("span", *_mentions(document, asked))))
    cells = (element("div", element("dt", say(name)), element("dd", cell)) for name, cell in rows)
    return element("dl", *cells, css="fields")


def _locality(document: Document, asked: Address) -> Node:
    """Return the issuing locality with what it lies in: 云南省 › 保山市 › 施甸县."""
    place = document.header.locality
    if place is None:
        return "—"
    chain = say("".join(f"{name} › " for name in place.parents))
    return element("span", chain, _proof(document, place, asked))


def _mentions(document: Document, asked: Address) -> Iterator[Node]:
    for number, place in enumerate(document.header.mentions):
        yield from (
            ("、", _proof(document, place, asked)) if number else (_proof(document, place, asked),)
        )


def _proof(document: Document, field: Field | None, asked: Address) -> Node:
    if field is None:
        return "—"
    place = asked.params(doc=document.id, start=str(field.span.start), end=str(field.span.end))
    return link("document", place, _shown(document, field), title=say("查看原文依据"))


def _shown(document: Document, field: Field) -> str:
    """Return a value in the notice's own characters where it is words, else in standard form."""
    if field is document.header.title:
        return document.title
    words = " ".join(document.text[field.span.start : field.span.end].split())
    return words if simplify(words) == field.value else field.value


def whole(
    document: Document, relations: Relations, asked: Address, citation: Citation | None
) -> list[Node]:
    """Return the page: outline on the left, title, fields and text on the right; where words are
    marked, also how they are cited."""
    marked = [_marked(citation)] if citation else []
    return [
        element("aside", back(asked), jump("h1", document.title), *marked, outline(document)),
        element(
            "div",
            element("h1", document.title),
            fields(document, relations, asked),
            *write_relations(relations, document.id, asked),
            *(notice(say(each.fact), say(each.cure)) for each in document.cautions),
            write_text(document, citation.span if citation else None),
            css="sheet",
        ),
    ]


def _marked(citation: Citation) -> Node:
    """Return how the marked words are cited."""
    official = element("div", citation.forms.official)
    label = element("div", say("所标文字"), css="facts")
    return element("section", label, official, write_forms(citation), css="marked")


st.set_page_config(layout="wide")
asked, mark = read_address(), read_span()
document_id = st.query_params.get("doc", "")
engine = open_engine()
try:
    with st.spinner(say("正在打开文件…")):
        document = engine.document(document_id)
        relations = engine.relations(document_id)
        is_there = mark is not None and mark.end <= len(document.text)
        citation = engine.cite(document_id, mark) if mark and is_there else None
except DocumentMissing as error:
    paper.show("document", back(asked), notice(say(error.fact), say(error.cure)))
else:
    visit = f"{document_id}:{mark}"
    page = element("div", *whole(document, relations, asked, citation), css="document")
    paper.show("document", page, scroll_to="mark" if mark else "", visit=visit)
