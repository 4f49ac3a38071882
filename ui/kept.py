"""The basket as its page shows it: what the browser keeps, looked up again, and the files made of
it."""

import base64
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from retrieval.basket import LONGEST_NOTE, REASONS, Kept, read_items
from retrieval.engine import Engine
from retrieval.markdown_file import write_markdown
from retrieval.material import NOTE, TITLE, Form, Material
from retrieval.sheet_file import write_sheet
from retrieval.titles import in_title_marks
from retrieval.word_file import write_word
from ui.address import CITE, Address
from ui.marks import apart, place_params, write_facts, write_lines, write_words
from ui.paper import STYLES, Node, convert, element, link, read_scripts
from ui.scripts import is_converted
from ui.words import say

_KEY = "basket"
_OFFICE = "application/vnd.openxmlformats-officedocument"
# What a file is called, its type, and what writes it.
_FORMATS = {
    "docx": ("Word", f"{_OFFICE}.wordprocessingml.document", write_word),
    "md": ("Markdown", "text/markdown;charset=utf-8", write_markdown),
    "xlsx": ("Excel", f"{_OFFICE}.spreadsheetml.sheet", write_sheet),
}
_HTML = """<div class="paper basket">
<div class="basket-summary"></div><div class="basket-bar"></div>
<div class="basket-told"><output class="basket-said"></output>
<button class="basket-undo" hidden></button></div>
<ol class="basket-items"></ol><div class="basket-empty"></div></div>"""
_mount = st.components.v2.component(
    "suyuan_basket",
    html=_HTML,
    css=STYLES,
    js=read_scripts("nodes.js", "collecting.js", "basket.js"),
)


def card(kept: Kept, form: Form) -> list[Node]:
    """Return what is shown of an item: the quote with where it stands and how it is cited; of one
    that is not confirmed what was kept, said to be that."""
    item, citation = kept.item, kept.citation
    title = in_title_marks(item.title)
    reason = REASONS.get(kept.state)
    told = [element("p", say(f"{reason}。"), css="basket-state")] if reason else []
    if citation is None:
        asked = Address().params(**{CITE: form}, doc=item.document)
        named = link("document", asked, title, css="title") if kept.state == "changed" else title
        label = element("div", say("收录时的文字（未核实，引用前请查对原件）："), css="facts")
        words = element("blockquote", *write_lines(item.quote), css="as-kept")
        return [element("div", named, css="source"), *told, label, words]
    source, pages = citation.source, "、".join(map(str, citation.pages))
    place = {**place_params(source, citation.span, Address()), CITE: form}
    where = [citation.place or " › ".join(citation.headings), pages and say(f"第 {pages} 页")]
    return [
        element(
            "div",
            link("document", place, in_title_marks(source.title), css="title"),
            element("div", *write_facts(source), css="facts"),
            element("div", *apart(filter(None, where)), css="headings"),
            css="source",
        ),
        *told,
        element("blockquote", *write_words(citation)),
        element("div", getattr(citation.forms, form), css="facts basket-cited"),
    ]


def summary(kept: Sequence[Kept], rejected: int) -> list[Node]:
    """Return how many items there are, and how many of them are not confirmed."""
    unsure = sum(each.citation is None for each in kept)
    facts = [
        f"共 {len(kept) + rejected} 条",
        f"其中 {unsure} 条未能与库中原文核对，导出时单独列出" if unsure else "",
        f"{rejected} 条不完整或太长，不会导出" if rejected else "",
    ]
    return [element("p", say(f"{'，'.join(filter(None, facts))}。"), css="coverage")]


def bar() -> Node:
    """Return the buttons for the whole basket."""
    exports = (
        element("button", say(f"导出 {name}"), data_format=suffix)
        for suffix, (name, _, _) in _FORMATS.items()
    )
    clear = element("button", say("全部移出"), data_clear="1", css="basket-clear")
    return element("div", *exports, clear, css="basket-buttons")


def row() -> Node:
    """Return what an item has beside its card: the note and the buttons."""
    note = element(
        "textarea", rows="1", maxlength=str(LONGEST_NOTE), data_name=say("第 {} 条的批注")
    )
    buttons = (
        element("button", say("上移"), data_move="-1", data_name=say("上移第 {} 条")),
        element("button", say("下移"), data_move="1", data_name=say("下移第 {} 条")),
        element("button", say("移出"), data_remove="1", data_name=say("移出第 {} 条")),
    )
    return element(
        "li",
        element("div", css="basket-card"),
        element("label", element("span", say(NOTE)), note, css="basket-note"),
        element("div", *buttons, css="basket-buttons"),
    )


def empty() -> Node:
    """Return how the basket is filled."""
    hint = "看到要用的话，点它下面的“放入资料篮”：答案、检索结果、先例和文件页上都有。"
    return element(
        "div",
        element("p", element("strong", say("资料篮还是空的。"))),
        element("p", say(hint)),
        element(
            "p",
            link("", Address().params(), say("去提问")),
            "　",
            link("search", Address().params(), say("去检索")),
        ),
    )


def words() -> dict[str, str]:
    """Return what is said of what the reader did."""
    return {
        "moved": say("已移到第 {} 条。"),
        "removed": say("已移出 {} 条。"),
        "undo": say("撤销移出"),
        "back": say("已放回 {} 条。"),
        "making": say("正在生成文件…"),
        "made": say("已导出：{}"),
        "refused": say("浏览器不允许保存，刚才的改动没有存下。"),
    }


def make_file(
    engine: Engine, wanted: Mapping[str, Any], form: Form, day: date
) -> dict[str, str] | None:
    """Return the file that the browser wants, if any, of the items that it sends along."""
    suffix = str(wanted.get("format"))
    if suffix not in _FORMATS:
        return None
    items, _ = read_items(wanted.get("entries"))
    _, kind, write = _FORMATS[suffix]
    content = write(Material(engine.find_kept(items), form, day, say))
    return {
        "number": str(wanted.get("number")),
        "name": f"{say(TITLE)} {day.isoformat()}.{suffix}",
        "type": kind,
        "content": base64.b64encode(content).decode("ascii"),
    }


def show_kept(engine: Engine, form: Form) -> None:
    """Show the basket that the browser tells of, and give it the file that it wants."""
    heard, wanted = _told("items"), _told("export")
    items, rejected = read_items(heard.get("entries"))
    with st.spinner(say("正在核对原文…")):
        kept = engine.find_kept(items)
        file = make_file(engine, wanted, form, date.today())
    data = {
        "number": heard.get("number", 0),
        "summary": summary(kept, rejected) if heard else [],
        "bar": [bar()],
        "row": row(),
        "empty": [empty()],
        "pending": [element("p", say("正在核对原文…"), css="coverage")],
        "rejected": [element("p", say("这一条不完整或太长，无法核对，不会导出。"), css="coverage")],
        "cards": [_card(each, form) for each in kept],
        "words": words(),
        "file": file,
    }
    _mount(key=_KEY, data=data, on_items_change=_pass, on_export_change=_pass)


def _told(name: str) -> dict[str, Any]:
    """Return what the browser told under a name; {} where it told nothing that could be ours."""
    told = (st.session_state.get(_KEY) or {}).get(name)
    return told if isinstance(told, dict) else {}


def _card(kept: Kept, form: Form) -> dict[str, Any]:
    """Return what is shown of an item, under what the browser tells it from others by."""
    item = kept.item
    place = {"document": item.document, "start": item.span.start, "end": item.span.end}
    return {**place, "nodes": _shown(card(kept, form))}


def _shown(nodes: list[Node]) -> list[Node]:
    return convert(nodes) if is_converted() else nodes


def _pass() -> None:
    """Streamlit takes a state or a trigger only where something is called when it changes."""
