"""Pages of results: which one the address asks for, and the links to the others."""

from collections.abc import Callable, Iterator

import streamlit as st

from ui.paper import Node, Params, address_of, element, link
from ui.words import say

_BESIDE = 2  # pages on each side of the one that is shown to which there is a link
_ANY = "PAGE"  # stands for a number that is typed; see turning.js


def read_page() -> int:
    """Return which page of results the address asks for, 1 where it says none."""
    written = st.query_params.get("page", "")
    is_number = written.isascii() and written.isdecimal() and len(written) < 7
    return max(1, int(written)) if is_number else 1


def write_turn(name: str, params_of: Callable[[str], Params], page: int, pages: int) -> Node:
    """Return the links to other pages and a field for the number of one, on the page of the
    application called `name`; `params_of` gives the parameters of a page of results."""

    def way(to: int, words: str, rel: str = "", label: str = "") -> Node:
        if not 1 <= to <= pages:
            return element("span", words)
        return link(name, params_of(str(to)), words, rel=rel, id=rel, aria_label=label)

    numbers = [
        _here(page, pages)
        if number == page
        else way(number, str(number), label=say(f"第 {number} 页"))
        if number
        else element("span", "…")
        for number in _numbers(page, pages)
    ]
    jump = element(
        "label",
        say("跳到第"),
        element(
            "input",
            type="number",
            min="1",
            max=str(pages),
            data_turn=address_of(name, params_of(_ANY)),
        ),
        say("页"),
    )
    return element(
        "nav",
        way(page - 1, say("上一页"), "prev"),
        *numbers,
        way(page + 1, say("下一页"), "next"),
        *([jump] if pages > 2 * _BESIDE + 1 else []),
        css="turn",
        aria_label=say("翻页"),
    )


def _here(page: int, pages: int) -> Node:
    words = say(f"第 {page} 页，共 {pages} 页")
    return element("span", words, css="here", aria_current="page")


def _numbers(page: int, pages: int) -> Iterator[int]:
    """Yield the pages to which there is a link, the first, the last and those around the one that
    is shown, and 0 for those that are passed over."""
    near = range(max(2, page - _BESIDE), min(pages - 1, page + _BESIDE) + 1)
    shown = sorted({1, *near, min(page, pages + 1), pages})
    before = 0
    for number in shown:
        if number - before > 1:
            yield number - 1 if number - before == 2 else 0
        yield number
        before = number
