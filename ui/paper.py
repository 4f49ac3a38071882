"""Show text exactly as it is: the one way in which words of a notice reach the screen.

A page describes what it shows as nodes; the browser builds them from text nodes and elements, so
nothing in a text is ever read as HTML, Markdown, a formula or a link.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from ui.scripts import as_shown, is_converted

# A text, or [tag, attributes, child, ...].
Node = str | list[Any]
Params = Mapping[str, str | Sequence[str]]
_READ = ("aria-label", "title", "data-label")  # attributes that a person reads or hears

# Bytes. What is longer is written as JSON here: Streamlit does it twice, and with six letters for a
# Chinese character, which a browser takes a second to read of a text of 5 MB.
_LONG = 1_000_000

_HERE = Path(__file__).parent
_SHEETS = sorted((_HERE / "styles").glob("*.css"), key=lambda path: (path.stem != "base", path))
STYLES = "\n".join(path.read_text(encoding="utf-8") for path in _SHEETS)


def read_scripts(*names: str) -> str:
    """Return scripts of js/ as one module: a component's is one text."""
    return "\n".join((_HERE / "js" / name).read_text(encoding="utf-8") for name in names)


_mount = st.components.v2.component(
    "suyuan_paper",
    html='<div class="paper"></div>',
    css=STYLES,
    js=read_scripts(
        "nodes.js",
        "collecting.js",
        "history.js",
        "tabs.js",
        "cards.js",
        "keys.js",
        "turning.js",
        "picking.js",
        "reading.js",
        "paper.js",
    ),
)


def element(tag: str, *children: Node, css: str = "", **attributes: str) -> Node:
    """Return an element; `data_label` stands for the attribute data-label."""
    named = {name.replace("_", "-"): value for name, value in attributes.items() if value}
    return [tag, {**({"class": css} if css else {}), **named}, *children]


def later(tag: str, children: Iterable[Node], css: str = "", **attributes: str) -> Node:
    """Return an element whose children travel as JSON in one string: js/nodes.js builds them when
    they are wanted."""
    packed = json.dumps(list(children), ensure_ascii=False, separators=(",", ":"))
    return element(tag, packed, css=css, data_later="1", **attributes)


def link(page: str, params: Params, *children: Node, css: str = "", **attributes: str) -> Node:
    """Return a link to a page of the application ("" is the first one); it needs no reload."""
    return element("a", *children, css=css, href=address_of(page, params), **attributes)


def address_of(page: str, params: Params) -> str:
    """Return the address of a page of the application, from any other."""
    return f"{page or './'}?{urlencode(params, doseq=True)}"


def jump(target: str, *children: Node) -> Node:
    """Return a button that scrolls to the first element that the selector `target` finds."""
    return element("button", *children, data_jump=target)


def table(heads: Sequence[str], rows: Iterable[Sequence[Node]], css: str = "") -> Node:
    """Return a table; on a narrow screen each row becomes a card with the heads as labels."""
    head = element("tr", *(element("th", words) for words in heads))
    body = (
        element(
            "tr", *(element("td", cell, data_label=h) for h, cell in zip(heads, row, strict=True))
        )
        for row in rows
    )
    return element("table", element("thead", head), element("tbody", *body), css=css)


def show(
    key: str,
    *nodes: Node,
    scroll_to: str = "",
    visit: str = "",
    keep: str = "",
    **reacting: Any,  # noqa: ANN401
) -> None:
    """Show nodes, in the script that the reader wants; scroll to what the selector `scroll_to`
    finds, once for each `visit`. Of nodes shown before with the same `keep`, those that are equal
    stay as they are. `on_..._change` is called when a script of ours says so."""
    shown = convert(nodes) if is_converted() else nodes
    data = {"nodes": shown, "scroll_to": scroll_to, "visit": visit, "keep": keep}
    packed = json.dumps(data, ensure_ascii=False).encode()
    _mount(key=key, data=packed if len(packed) > _LONG else data, **reacting)


def convert(nodes: Iterable[Node]) -> list[Node]:
    """Return nodes with their words in the reader's script; of attributes only those that are read
    out or shown, and nothing inside what says `translate="no"`, such as a file's name."""
    return [_convert(node) for node in nodes]


def _convert(node: Node) -> Node:
    if isinstance(node, str):
        return as_shown(node)
    tag, attributes, *children = node
    if attributes.get("translate") == "no":
        return node
    named = {
        name: as_shown(value) if name in _READ else value for name, value in attributes.items()
    }
    return [tag, named, *convert(children)]
