"""Show text exactly as it is: the one way in which words of a notice reach the screen.

A page describes what it shows as nodes; the browser builds them from text nodes and elements, so
nothing in a text is ever read as HTML, Markdown, a formula or a link.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st

# A text, or [tag, attributes, child, ...].
Node = str | list[Any]
Params = Mapping[str, str | Sequence[str]]

_HERE = Path(__file__).parent
_STYLES = sorted((_HERE / "styles").glob("*.css"), key=lambda path: (path.stem != "base", path))
_mount = st.components.v2.component(
    "suyuan_paper",
    html='<div class="paper"></div>',
    css="\n".join(path.read_text(encoding="utf-8") for path in _STYLES),
    js=(_HERE / "paper.js").read_text(encoding="utf-8"),
)


def element(tag: str, *children: Node, css: str = "", **attributes: str) -> Node:
    """Return an element; `data_label` stands for the attribute data-label."""
    named = {name.replace("_", "-"): value for name, value in attributes.items() if value}
    return [tag, {**({"class": css} if css else {}), **named}, *children]


def link(page: str, params: Params, *children: Node, css: str = "", **attributes: str) -> Node:
    """Return a link to a page of the application ("" is the first one); it needs no reload."""
    address = f"{page or './'}?{urlencode(params, doseq=True)}"
    return element("a", *children, css=css, href=address, **attributes)


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


def show(key: str, *nodes: Node, scroll_to: str = "", visit: str = "") -> None:
    """Show nodes; scroll to what the selector `scroll_to` finds, once for each `visit`."""
    _mount(key=key, data={"nodes": nodes, "scroll_to": scroll_to, "visit": visit})
