"""The list of the library: every notice of the index, found, sorted, taken along, managed."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import cast, get_args

import streamlit as st

from retrieval.engine import Engine
from retrieval.listing import ListOrder
from retrieval.results import Source
from ui import paper
from ui.address import Address, read_choice
from ui.downloads import make_csv, offer_csv
from ui.paper import Node, element, link
from ui.picking import write_form
from ui.scripts import as_shown
from ui.views import FILES
from ui.words import say

_ROWS_A_PAGE = 50
_AROUND = 2  # pages on either side of the one that is shown, to which links lead
_HEADS = ("标题、文号、发文机关", "地区", "日期", "文种", "时效", "文件")
_LABELS = ("标题", *_HEADS[1:])  # of the cells on a narrow screen
# What the columns are sorted by, first as a click on their head first does.
_ORDERS: dict[str, tuple[ListOrder, ListOrder]] = {
    "标题、文号、发文机关": ("title", "-title"),
    "地区": ("place", "-place"),
    "日期": ("date", "-date"),
}
_ORDER_NAMES: dict[ListOrder, str] = {
    "date": "新的在前", "-date": "旧的在前", "title": "标题音序", "place": "行政区划",
}  # fmt: skip
_CSV_HEADS = ("标题", "文号", "发文机关", "地区", "日期", "文种", "时效", "文件")


def show_listing(engine: Engine, asked: Address, unread: int) -> None:
    """Show the documents that the address asks for, a page at a time; `unread` files could not be
    taken in."""
    order, manages = read_order(), st.query_params.get("manage") == "1"
    with st.spinner(say("正在查找…")):
        found = engine.listed(asked.question, order, asked.filters)
    pages = max(1, -(-len(found) // _ROWS_A_PAGE))
    page = min(_read_page(), pages)
    rows = found[(page - 1) * _ROWS_A_PAGE : page * _ROWS_A_PAGE]
    kept = _params(order, manages)
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container():
            paper.show("list head", *_head(engine, len(found), unread, asked, order, manages))
        if found:
            offer_csv("下载清单（CSV）", "文件清单", partial(write_file, found))
    if not rows:
        paper.show("documents", element("p", say("没有符合条件的文件。")))
        return
    write = _form if manages else _table
    turn = [_turn(asked, kept, page, pages)] if pages > 1 else []
    visit = f"{asked} {order} {page}"
    nodes = [write(rows, asked, order, page), *turn]
    paper.show("documents", *nodes, scroll_to="tbody tr" if page > 1 else "", visit=visit)


def read_order() -> ListOrder:
    """Return the order that the address asks for."""
    return cast(ListOrder, read_choice("order", get_args(ListOrder)))


def write_file(sources: Sequence[Source]) -> bytes:
    """Return a list of documents as CSV."""
    rows = (
        (s.title, s.doc_number, s.issuer, say(s.locality), s.issued_on, s.kind, say(s.status),
         s.document)
        for s in sources
    )  # fmt: skip
    return make_csv(_CSV_HEADS, rows)


def _params(order: ListOrder, manages: bool) -> dict[str, str]:
    """Return how the list is shown, as the address says it; it leads back here from a document."""
    return {
        "view": FILES,
        **({} if order == "date" else {"order": order}),
        **({"manage": "1"} if manages else {}),
    }


def _head(
    engine: Engine, found: int, unread: int, asked: Address, order: ListOrder, manages: bool
) -> list[Node]:
    """Return how many documents there are, what they are sorted by, and the way to manage them."""
    total = len(engine.sources())
    words = f"共 {total} 份文件" + (f"，列出 {found} 份" if found != total else "")
    left_out = f"；另有 {unread} 份未能收录，见“需要留意”。" if unread else "。"
    switch = link(
        "library",
        asked.params(**_params(order, not manages)),
        say("完成管理" if manages else "管理文件"),
        css="manage",
    )
    return [
        element("p", say(words + left_out), " ", switch, css="coverage"),
        element("p", say("排序："), *_orders(asked, order, manages), css="sorting"),
    ]


def _orders(asked: Address, order: ListOrder, manages: bool) -> Iterator[Node]:
    """Yield what the rows can be sorted by; a link but for what they are sorted by."""
    for each, words in _ORDER_NAMES.items():
        if each == order:
            yield element("strong", say(words), aria_current="true")
        else:
            yield link("library", asked.params(**_params(each, manages)), say(words))


def _table(rows: Sequence[Source], asked: Address, order: ListOrder, page: int) -> Node:
    body = (element("tr", *_cells(each, asked, order, page)) for each in rows)
    return element(
        "table",
        element("thead", element("tr", *_heads(asked, order, False))),
        element("tbody", *body),
        css="documents",
    )


def _form(rows: Sequence[Source], asked: Address, order: ListOrder, page: int) -> Node:
    return write_form(
        ((each.document, each.title, [*_cells(each, asked, order, page)]) for each in rows),
        list(_heads(asked, order, True)),
        {"remove": "移出所选"},
        asked.params(**_params(order, True)),
        css="documents",
    )


def _heads(asked: Address, order: ListOrder, manages: bool) -> Iterator[Node]:
    """Yield the heads of the columns; one by which the rows can be sorted leads there, or, where
    they are, to the other way round."""
    for head in _HEADS:
        ways = _ORDERS.get(head)
        if ways is None:
            yield element("th", say(head), scope="col")
            continue
        to = ways[1] if order == ways[0] else ways[0]
        is_down = order.startswith("-") != (order in ("date", "-date"))
        sort = ("descending" if is_down else "ascending") if order in ways else ""
        sign = ("↓" if is_down else "↑") if sort else ""
        way = asked.params(**_params(to, manages))
        name = link("library", way, say(head), element("span", sign, aria_hidden="true"))
        yield element("th", name, scope="col", aria_sort=sort)


def _cells(source: Source, asked: Address, order: ListOrder, page: int) -> Iterator[Node]:
    """Yield the cells of a row; its title opens the document, which knows the way back."""
    facts = "　".join(filter(None, (source.doc_number, source.issuer)))
    here = {**_params(order, False), **({"page": str(page)} if page > 1 else {})}
    title = link(
        "document", asked.params(doc=source.document, **here), as_shown(source.title), css="row"
    )
    cells: tuple[Node, ...] = (
        element("div", title, element("div", as_shown(facts), css="facts")),
        say(source.locality) or "—",
        source.issued_on or "—",
        as_shown(source.kind) or "—",
        say(source.status),
        element("span", source.document, translate="no"),
    )
    for label, cell in zip(_LABELS, cells, strict=True):
        yield element("td", cell, data_label=say(label))


def _turn(asked: Address, kept: dict[str, str], page: int, pages: int) -> Node:
    """Return the links to the pages around the one that is shown, to the first and to the last."""

    def to(number: int, words: str, **more: str) -> Node:
        if number == page or not 1 <= number <= pages:
            return element("span", words, css="here" if number == page else "", **more)
        return link("library", asked.params(**kept, page=str(number)), words, **more)

    near = range(max(1, page - _AROUND), min(pages, page + _AROUND) + 1)
    numbers = sorted({1, *near, pages})
    middle: list[Node] = []
    for before, number in zip((0, *numbers), numbers, strict=False):
        if number > before + 1:
            middle.append(element("span", "…", aria_hidden="true"))
        current = "page" if number == page else ""
        label = say(f"第 {number} 页")
        middle.append(to(number, str(number), aria_label=label, aria_current=current))
    return element(
        "nav",
        to(page - 1, say("上一页")),
        *middle,
        to(page + 1, say("下一页")),
        element("span", say(f"共 {pages} 页")),
        css="turn",
        aria_label=say("翻页"),
    )


def _read_page() -> int:
    """Return which page the address asks for, 1 where it says none."""
    written = st.query_params.get("page", "")
    is_number = written.isascii() and written.isdecimal() and len(written) < 7
    return max(1, int(written)) if is_number else 1
