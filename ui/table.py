"""The answers of many places as a table: what each says, word for word, the figure asked for, and
where it stands; sorted by a link, taken along as a file."""

import re
from collections.abc import Iterator, Sequence

import streamlit as st

from indexer.records import Span
from retrieval.results import Answer, Citation
from retrieval.spreadsheet import write_workbook
from retrieval.table import (
    RowOrder,
    TableRow,
    has_figures,
    sort_rows,
    table_rows,
)
from retrieval.titles import in_title_marks
from ui.address import Address, origin_params, read_choice
from ui.downloads import make_csv, offer_csv, offer_workbook
from ui.marks import place_params, write_mark, write_words
from ui.paper import Node, element, link
from ui.words import say

_HEADS = {
    "place": "地区",
    "said": "要求（原文）",
    "value": "数值",
    "source": "出处",
    "date": "日期",
    "status": "时效",
}
_FILE = "各地表述"
FILE_HEADS = ("地区", "要求（原文）", "数值", "出处", "文号", "日期", "时效", "引用编号")
# What the rows can be sorted by, which is a column, too, with what `aria-sort` says of it.
_ORDERS: dict[RowOrder, tuple[str, str]] = {
    "place": ("行政区划", "ascending"),
    "date": ("日期，新的在前", "descending"),
    "value": ("数值，大的在前", "descending"),
}
_LONG = 60  # characters of a sentence of which the part that answers is shown first
_CLAUSE_END = re.compile("[，；：。,;:\n]")


def write_table(answer: Answer, asked: Address) -> list[Node]:
    """Return the table of an answer across localities, and the links that sort it; figures have
    no column where there are none."""
    cited = {citation.number: citation for citation in answer.citations}
    order = read_order()
    rows = sort_rows(table_rows(answer), order)
    shown = [name for name in _HEADS if name != "value" or any(row.value for row in rows)]
    orders = [each for each in _ORDERS if each != "value" or has_figures(rows)]
    body = []
    above: TableRow | None = None
    for row in rows:
        cells = _cells(row, above, [cited[number] for number in row.citations], asked)
        body.append(element("tr", *(cells[name] for name in shown)))
        above = row
    return [
        element("p", say("排序："), *_sorting(orders, order, asked), css="sorting"),
        element(
            "table",
            element("thead", element("tr", *(_head(name, order) for name in shown))),
            element("tbody", *body),
            css="across",
        ),
    ]


def read_order() -> RowOrder:
    """Return the order of the rows that the address asks for."""
    return read_choice("order", _ORDERS)


def offer_files(answer: Answer) -> None:
    """Show the buttons that download the table, in its order on the page. The workbook is made when
    it is asked for, of words that are in the reader's script already: then nobody knows it."""
    name, heads = say(_FILE), [say(head) for head in FILE_HEADS]
    rows = file_rows(answer, read_order())
    with st.container(horizontal=True):
        offer_workbook("下载表格（Excel）", _FILE, lambda: write_workbook(heads, rows, name))
        offer_csv("下载表格（CSV）", _FILE, make_csv(FILE_HEADS, rows))


def file_rows(answer: Answer, order: RowOrder) -> list[tuple[str, ...]]:
    """Return the rows of a file of the table, in an order."""
    return [_words(row) for row in sort_rows(table_rows(answer), order)]


def _words(row: TableRow) -> tuple[str, ...]:
    """Return the cells of a row of a file."""
    return (
        say(row.locality),
        row.text,
        row.value,
        in_title_marks(row.title),
        row.doc_number,
        row.issued_on,
        say(row.status),
        "".join(f"[{number}]" for number in row.citations),
    )


def _head(name: str, order: RowOrder) -> Node:
    sorted_by = _ORDERS[order][1] if name == order else ""
    return element("th", say(_HEADS[name]), css=name, scope="col", aria_sort=sorted_by)


def _sorting(orders: Sequence[RowOrder], order: RowOrder, asked: Address) -> Iterator[Node]:
    """Yield what the rows can be sorted by; a link but for what they are sorted by."""
    kept = {name: value for name, value in origin_params().items() if name != "order"}
    for each in orders:
        words = say(f"按{_ORDERS[each][0]}")
        if each == order:
            yield element("strong", words, aria_current="true")
        else:
            chosen = {} if each == "place" else {"order": each}
            yield link("", asked.params(**kept, **chosen), words)


def _cells(
    row: TableRow, above: TableRow | None, citations: list[Citation], asked: Address
) -> dict[str, Node]:
    """Return the cells of a row by column; what the row above says too is shown only where rows
    are cards."""
    is_again = above is not None and above.locality == row.locality
    is_same_source = above is not None and is_again and above.document == row.document
    title = link(
        "document",
        place_params(citations[-1].source, citations[-1].span, asked),
        in_title_marks(row.title),
        css="title",
    )
    return {
        "place": _cell("place", [say(row.locality)], is_again),
        "said": _cell(
            "said", [element("div", *_quote(each, asked), css="statement") for each in citations]
        ),
        "value": _cell("value", [element("mark", row.value)] if row.value else []),
        "source": _cell("source", [title, element("div", row.doc_number)], is_same_source),
        "date": _cell("date", [row.issued_on], is_same_source),
        "status": _cell("status", [say(row.status)], is_same_source),
    }


def _cell(name: str, words: list[Node], is_again: bool = False) -> Node:
    inside = element("div", *words, css="again" if is_again else "")
    return element("td", *([inside] if any(words) else []), css=name, data_label=say(_HEADS[name]))


def _quote(citation: Citation, asked: Address) -> list[Node]:
    """Return a quote with its figures marked and its number; of a long one first the part that
    answers, and the whole on a click."""
    part, whole = _part(citation), citation.span
    number = write_mark(citation, asked)
    if part == whole:
        return [*write_words(citation), number]
    before = "……" if part.start > whole.start else ""
    after = "……" if part.end < whole.end else ""
    return [
        element(
            "details",
            element("summary", before, *write_words(citation, part), after, number),
            element("div", *write_words(citation)),
            css="whole",
        )
    ]


def _part(citation: Citation) -> Span:
    """Return what is shown first of a quote: of a long one the clauses that answer, or that have
    the figures."""
    inside = [*citation.values, *([citation.focus] if citation.focus else [])]
    if len(citation.quote) <= _LONG or not inside:
        return citation.span
    quote, offset = citation.quote, citation.span.start
    first, last = (min(s.start for s in inside) - offset, max(s.end for s in inside) - offset)
    start = max((mark.end() for mark in _CLAUSE_END.finditer(quote, 0, first)), default=0)
    after = _CLAUSE_END.search(quote, max(first, last - 1))
    return Span(offset + start, offset + (after.start() if after else len(quote)))
