"""The table on the page: real cells, marked figures, sources to click, an order in the address."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import streamlit

from indexer.records import Span
from retrieval.results import Answer, Citation, LocalityGroup, Source, Statement
from retrieval.table import RowOrder
from ui.address import Address
from ui.downloads import make_csv
from ui.table import FILE_HEADS, file_rows, write_table

SHORT = "每班不超过40人。"
LONG = "各县区要优化布局，统筹资源，加快新建和改扩建步伐，增加学位供给，严格按照标准开展招生，初中每班不得超过46人，落实责任，加强督导。"
HOSTILE = '=HYPERLINK("http://x")<b>甲</b>'


@pytest.fixture(autouse=True)
def _leave_no_address() -> Iterator[None]:
    streamlit.query_params.clear()
    yield
    streamlit.query_params.clear()


def cited(
    number: int, place: str, quote: str, value: str = "", day: str = "", document: str = ""
) -> Citation:
    at = 10 * number
    values = (Span(at + quote.index(value), at + quote.index(value) + len(value)),) if value else ()
    name = document or place
    source = Source(f"{name}.txt", f"{name}办法", "甲〔2023〕1号", "", place, day, "", "未知")
    return Citation(number, source, (), Span(at, at + len(quote)), quote, values=values)


def make(*citations: Citation) -> Answer:
    groups = tuple(
        LocalityGroup(each.source.locality, (Statement(each.quote, (each.number,)),))
        for each in citations
    )
    statements = tuple(statement for group in groups for statement in group.statements)
    return Answer("问", 0.0, False, "", statements, citations, groups)


def nodes(node: Any, tag: str) -> list[Any]:
    """Return the nodes of a tag at any depth, but for the cards of citations."""
    if isinstance(node, str) or node[1].get("role") == "tooltip":
        return []
    inside = [each for child in node[2:] for each in nodes(child, tag)]
    return [node, *inside] if node[0] == tag else inside


def words(node: Any) -> str:
    if isinstance(node, str):
        return node
    return "" if node[1].get("role") == "tooltip" else "".join(map(words, node[2:]))


def table(answer: Answer) -> list[list[str]]:
    _, whole = write_table(answer, Address("班额"))
    return [[words(cell) for cell in row[2:]] for row in nodes(whole, "tr")]


def test_each_statement_is_a_row_and_its_figure_is_marked_and_beside_it() -> None:
    answer = make(
        cited(1, "保山市", SHORT, "不超过40人", "2023-05-06"),
        cited(2, "北京市", "严禁产生大班额。", day="2022-01-01"),
    )
    assert table(answer) == [
        ["地区", "要求（原文）", "数值", "出处", "日期", "时效"],
        ["北京市", "严禁产生大班额。[2]", "", "《北京市办法》甲〔2023〕1号", "2022-01-01", "未知"],
        [
            "保山市",
            f"{SHORT}[1]",
            "不超过40人",
            "《保山市办法》甲〔2023〕1号",
            "2023-05-06",
            "未知",
        ],
    ]
    _, whole = write_table(answer, Address("班额"))
    assert [words(mark) for mark in nodes(whole, "mark")] == ["不超过40人", "不超过40人"]


def test_the_title_and_the_number_open_the_document_at_the_quote() -> None:
    _, whole = write_table(make(cited(3, "保山市", SHORT)), Address("班额"))
    hrefs = {anchor[1]["href"] for anchor in nodes(whole, "a")}
    assert len(hrefs) == 1
    asked = parse_qs(urlsplit(hrefs.pop()).query)
    assert (asked["doc"], asked["start"], asked["end"]) == (["保山市.txt"], ["30"], ["39"])
    assert asked["q"] == ["班额"]


def test_without_figures_there_is_no_column_for_them() -> None:
    assert table(make(cited(1, "保山市", SHORT)))[0] == [
        "地区", "要求（原文）", "出处", "日期", "时效",
    ]  # fmt: skip


def test_of_a_long_quote_the_clause_with_the_figure_comes_first_and_the_whole_on_a_click() -> None:
    _, whole = write_table(make(cited(1, "保山市", LONG, "不得超过46人")), Address("班额"))
    (details,) = nodes(whole, "details")
    summary, inside = details[2:]
    assert words(summary) == "……初中每班不得超过46人……[1]"
    assert words(inside) == LONG


def test_what_the_row_above_says_too_is_shown_only_on_cards() -> None:
    answer = make(
        cited(1, "保山市", SHORT, day="2023-05-06", document="甲"),
        cited(2, "保山市", LONG, day="2023-05-06", document="甲"),
        cited(3, "保山市", "另行规定。", document="乙"),
    )
    _, whole = write_table(answer, Address("班额"))
    again = [[n[1].get("class") for n in nodes(row, "div")] for row in nodes(whole, "tr")[1:]]
    assert [each.count("again") for each in again] == [0, 4, 1]


def test_a_row_without_a_date_has_an_empty_cell_for_it_which_a_card_leaves_out() -> None:
    _, whole = write_table(make(cited(1, "保山市", SHORT)), Address("班额"))
    dates = [cell for cell in nodes(whole, "td") if cell[1]["class"] == "date"]
    assert dates == [["td", {"class": "date", "data-label": "日期"}]]


def test_the_order_is_a_link_that_keeps_the_address() -> None:
    answer = make(
        cited(1, "北京市", SHORT, day="2021-01-01"), cited(2, "保山市", SHORT, day="2023-01-01")
    )
    assert [row[0] for row in table(answer)[1:]] == ["北京市", "保山市"]
    streamlit.query_params["off"] = "type:across"
    sorting, _ = write_table(answer, Address("班额"))
    (by_date,) = nodes(sorting, "a")
    assert parse_qs(urlsplit(by_date[1]["href"]).query) == {
        "q": ["班额"], "off": ["type:across"], "order": ["date"],
    }  # fmt: skip

    streamlit.query_params["order"] = "date"
    assert [row[0] for row in table(answer)[1:]] == ["保山市", "北京市"]
    sorting, _ = write_table(answer, Address("班额"))
    (by_place,) = nodes(sorting, "a")
    assert parse_qs(urlsplit(by_place[1]["href"]).query) == {"q": ["班额"], "off": ["type:across"]}
    (head,) = [
        th for th in nodes(write_table(answer, Address("班额"))[1], "th") if "aria-sort" in th[1]
    ]
    assert (words(head), head[1]["aria-sort"]) == ("日期", "descending")


def test_rows_can_be_sorted_by_figures_where_two_have_one() -> None:
    few = make(cited(1, "北京市", SHORT, "不超过40人"), cited(2, "保山市", SHORT))
    both = make(
        cited(1, "北京市", SHORT, "不超过40人"), cited(2, "保山市", "不超过46人。", "不超过46人")
    )
    for answer, offered in ((few, False), (both, True)):
        sorting, _ = write_table(answer, Address("班额"))
        assert ("按数值，大的在前" in words(sorting)) == offered
    streamlit.query_params["order"] = "value"
    assert [row[0] for row in table(both)[1:]] == ["保山市", "北京市"]


@pytest.mark.parametrize(("order", "first"), [("place", "北京市"), ("date", "保山市")])
def test_the_file_has_the_order_of_the_page_and_excel_can_read_it(
    order: RowOrder, first: str
) -> None:
    answer = make(
        cited(1, "北京市", HOSTILE, day="2021-01-01"),
        cited(2, "保山市", SHORT, "不超过40人", "2023-01-01"),
    )
    file = make_csv(FILE_HEADS, file_rows(answer, order))
    assert file.startswith(b"\xef\xbb\xbf")
    lines = file.decode("utf-8-sig").splitlines()
    assert lines[0] == "地区,要求（原文）,数值,出处,文号,日期,时效,引用编号"
    assert lines[1].startswith(first)
    assert '"\'=HYPERLINK(""http://x"")<b>甲</b>"' in file.decode()
    assert (
        "保山市,每班不超过40人。,不超过40人,《保山市办法》,甲〔2023〕1号,2023-01-01,未知,[2]"
        in lines
    )
