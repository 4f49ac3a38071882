"""The document page: a notice as published, its fields and outline, the cited words marked."""

from collections.abc import Iterator

import streamlit as st

from indexer.errors import DocumentMissing
from indexer.records import Document, Field, Span
from indexer.text import simplify
from retrieval.results import Citation, Relations
from ui import paper
from ui.address import CITE, Address, origin_params, read_address, read_span
from ui.copying import write_copy_link
from ui.fulltext import write_text
from ui.keys import write_keys
from ui.marks import write_forms
from ui.opening import open_engine
from ui.original import FOLLOWING, ORIGINAL, has_pages, is_open, show_original
from ui.outline import write_outline
from ui.paper import Node, Params, element, jump, link
from ui.relations import write_relations, write_standing
from ui.wordings import PRECEDENTS
from ui.words import notice, say

_PRINTED = """
@media print {
  [data-testid="stSidebar"], [data-testid="stHeader"], .st-key-original { display: none; }
}
"""
# A document with the pages of its file beside it; on a narrow screen above it.
_BESIDE = """
.st-key-beside { display: grid; gap: 0 2rem; align-items: start; }
.st-key-beside > :has(.st-key-original) { position: sticky; top: 3.75rem; z-index: 5; }
@media screen and (min-width: 901px) {
  .st-key-beside { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
@media (max-width: 900px) { .st-key-beside > :has(.st-key-original) { order: -1; } }
"""


def back(asked: Address) -> Node:
    """Return the way back to what led here: the basket, a comparison, precedents, a search, an
    answer, or the library."""
    origin = origin_params()
    if CITE in origin:
        return link("basket", asked.params(**origin), say("← 返回资料篮"), css="back")
    if "view" in origin:
        return link("library", asked.params(**origin), say("← 返回文件库"), css="back")
    if "by" in origin or "old" in origin:
        return link("compare", asked.params(**origin), say("← 返回对照"), css="back")
    if asked.question and PRECEDENTS in origin.get("mode", ()):
        return link("precedents", asked.params(**origin), say("← 返回先例"), css="back")
    if asked.question and "mode" in origin:
        return link("search", asked.params(**origin), say("← 返回检索结果"), css="back")
    if asked.question:
        return link("", asked.params(**origin), say("← 返回答案"), css="back")
    return link("library", asked.params(), say("← 返回文件库"), css="back")


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
    original = {ORIGINAL: FOLLOWING} if ORIGINAL in st.query_params else {}
    at = {"doc": document.id, "start": str(field.span.start), "end": str(field.span.end)}
    place = asked.params(**origin_params(), **original, **at)
    return link("document", place, _shown(document, field), title=say("查看原文依据"))


def _shown(document: Document, field: Field) -> str:
    """Return a value in the notice's own characters where it is words, else in standard form."""
    if field is document.header.title:
        return document.title
    words = " ".join(document.text[field.span.start : field.span.end].split())
    return words if simplify(words) == field.value else field.value


def whole(
    document: Document, relations: Relations, asked: Address, citation: Citation | None
) -> Node:
    """Return the page: outline on the left, title, fields and text on the right; where words are
    marked, how they are cited stays in sight below."""
    has_original = is_open(document)
    sheet = element(
        "div",
        element("h1", document.title),
        fields(document, relations, asked),
        *write_relations(relations, document.id, asked),
        *(notice(say(each.fact), say(each.cure)) for each in document.cautions),
        write_text(document, citation.span if citation else None, has_pages(document)),
        *([_marked(citation, asked)] if citation else []),
        css="sheet",
    )
    return element(
        "div",
        element("aside", *_beside(document, asked, has_original)),
        sheet,
        css="document with-original" if has_original else "document",
    )


def _beside(document: Document, asked: Address, has_original: bool) -> Iterator[Node]:
    """Yield the way back, the switch for the pages of the file, the outline and the keys."""
    yield back(asked)
    if has_pages(document) and not has_original:
        place = _here(document, asked, **{ORIGINAL: FOLLOWING})
        yield link("document", place, say("对照原件"), css="switch")
    elif document.pages and not has_original:
        yield element("span", say("原件的版面请用阅读器查看"), css="switch facts")
    if document.sections:
        contents = {"css": "contents", "data_contents": "1", "aria_expanded": "false"}
        yield element("button", say("目录"), **contents)
    yield jump("h1", document.title)
    if document.sections:
        yield write_outline(document)
    yield write_keys()


def _here(document: Document, asked: Address, **more: str) -> Params:
    """Return the parameters of this page with the mark that it has."""
    kept = {name: st.query_params[name] for name in ("start", "end") if name in st.query_params}
    return asked.params(**origin_params(), doc=document.id, **kept, **more)


def _marked(citation: Citation, asked: Address) -> Node:
    """Return how the marked words are cited."""
    original = {ORIGINAL: FOLLOWING} if ORIGINAL in st.query_params else {}
    unmarked = asked.params(**origin_params(), doc=citation.source.document, **original)
    return element(
        "section",
        element(
            "div",
            element("span", say("所标文字"), css="facts"),
            write_copy_link(),
            link("document", unmarked, say("取消标记"), css="unmark"),
        ),
        element("div", citation.forms.official, css="official"),
        write_forms(citation),
        css="marked",
        aria_label=say("所标文字"),
    )


def tight(text: str, mark: Span) -> Span | None:
    """Return a stretch without the white space at its edges, which a hand that selects words takes
    along; None where nothing is left, or it is not in the text."""
    words = text[slice(*mark)]
    start = mark.start + len(words) - len(words.lstrip())
    end = start + len(words.strip())
    return Span(start, end) if start < end and mark.end <= len(text) else None


def show_document(
    document: Document, relations: Relations, asked: Address, citation: Citation | None
) -> None:
    """Show the document, beside the pages of its file if the address asks for them."""
    mark = citation.span if citation else None
    st.html(f"<style>{_PRINTED}{_BESIDE if is_open(document) else ''}</style>")
    with st.container(key="beside"):
        paper.show(
            "document",
            whole(document, relations, asked, citation),
            scroll_to="mark" if mark else "",
            visit=f"{document.id}:{mark}",
            keep=document.id,
        )
        if is_open(document):
            show_original(document, mark, _here(document, asked))


st.set_page_config(layout="wide")
asked, mark = read_address(), read_span()
document_id = st.query_params.get("doc", "")
engine = open_engine()
try:
    with st.spinner(say("正在打开文件…")):
        document = engine.document(document_id)
        relations = engine.relations(document_id)
        mark = tight(document.text, mark) if mark else None
        citation = engine.cite(document_id, mark) if mark else None
except DocumentMissing as error:
    paper.show("document", back(asked), notice(say(error.fact), say(error.cure)))
else:
    show_document(document, relations, asked, citation)
