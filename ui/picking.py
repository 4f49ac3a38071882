"""Choose among many rows: a form whose ticks lead to an address at which they are confirmed."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from ui.paper import Node, Params, element
from ui.words import say


def write_form(
    rows: Iterable[tuple[str, str, Sequence[Node]]],
    heads: Sequence[Node],
    actions: Mapping[str, str],
    params: Params,
    css: str = "",
) -> Node:
    """Return a table with a box to tick before each row, and a button for each of `actions`, by the
    value of `do` that it leads to; `params` is the rest of the address.

    A row is what it is picked by, what a reader of the screen hears it is, and its cells; the heads
    are `th` elements, and what they say labels the cells on a narrow screen.
    """
    kept = (
        element("input", type="hidden", name=name, value=value)
        for name, values in params.items()
        for value in ([values] if isinstance(values, str) else values)
    )
    every = element("input", type="checkbox", data_every="1", id=f"every {css}")
    bar = element(
        "div",
        element("label", every, say("全选本页")),
        *(
            element("button", say(words), name="do", value=do, type="submit", disabled="disabled",
                    data_words=say(words))
            for do, words in actions.items()
        ),
        css="actions",
    )  # fmt: skip
    body = (
        element("tr", element("td", _box(picked, heard), css="tick"), *cells)
        for picked, heard, cells in rows
    )
    empty = element("th", element("span", say("选择"), css="unseen"), css="tick", scope="col")
    table = element(
        "table",
        element("thead", element("tr", empty, *heads)),
        element("tbody", *body),
        css=css,
    )
    return element("form", *kept, bar, table, css="picking")


def _box(picked: str, heard: str) -> Node:
    label = f"{say('选择')} {heard}"
    box = element("input", type="checkbox", name="pick", value=key_of(picked), aria_label=label)
    return element("label", box)


def key_of(name: str) -> str:
    """Return what stands for a file in an address: short, however long its path is."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def read_picked(names: Iterable[str]) -> tuple[str, ...]:
    """Return which of some names the address has picked, in their order."""
    keys = set(st.query_params.get_all("pick"))
    return tuple(name for name in names if key_of(name) in keys) if keys else ()
