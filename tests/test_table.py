"""An answer as rows: one for each statement, in administrative order or by date, and as CSV."""

import csv
import io
from collections.abc import Sequence

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.records import Span
from retrieval.citations import quote_at
from retrieval.results import Answer, Citation, LocalityGroup, Source, Statement
from retrieval.spreadsheet import write_csv, write_workbook
from retrieval.table import (
    TableRow,
    administrative_order,
    has_figures,
    order_localities,
    sort_rows,
    table_rows,
)

LEAD = "各校应当："
ITEM = "（一）每班不超过40人，每校保安不少于2名。"
TEXT = f"前言。\n{LEAD}\n{ITEM}"


def source(place: str, issued_on: str = "2023-05-06") -> Source:
    return Source(
        f"{place}.txt", f"{place}办法", f"{place}〔2023〕1号", "", place, issued_on, "", "现行有效"
    )


def citation(number: int, place: str, part: str, *values: str, issued_on: str = "") -> Citation:
    span = Span(TEXT.index(part), TEXT.index(part) + len(part))
    spans = [Span(TEXT.index(each), TEXT.index(each) + len(each)) for each in values]
    at = source(place, issued_on or "2023-05-06")
    return Citation(number, at, (), span, quote_at("a", TEXT, span), values=tuple(spans))


def answer(citations: Sequence[Citation], groups: Sequence[tuple[str, tuple[int, ...]]]) -> Answer:
    said = {each.number: each.quote for each in citations}
    localities = tuple(
        LocalityGroup(name, (Statement("".join(said[n] for n in numbers), numbers),))
        for name, numbers in groups
    )
    statements = tuple(statement for group in localities for statement in group.statements)
    return Answer("问", 0.0, False, "", statements, tuple(citations), localities)


def row(place: str, issued_on: str = "", text: str = "") -> TableRow:
    return TableRow(place, text, (1,), "", "", "", "", issued_on, "")


def test_a_row_says_who_says_what_and_where_it_stands() -> None:
    cited = [citation(1, "玉溪市", LEAD), citation(2, "玉溪市", ITEM, "不超过40人")]
    assert table_rows(answer(cited, [("玉溪市", (1, 2))])) == (
        TableRow(
            locality="玉溪市",
            text=LEAD + ITEM,
            citations=(1, 2),
            value="不超过40人",
            document="玉溪市.txt",
            title="玉溪市办法",
            doc_number="玉溪市〔2023〕1号",
            issued_on="2023-05-06",
            status="现行有效",
        ),
    )


@pytest.mark.parametrize("values", [(), ("不超过40人", "不少于2名")])
def test_a_row_has_a_value_only_where_there_is_exactly_one(values: tuple[str, ...]) -> None:
    cited = [citation(1, "玉溪市", ITEM, *values)]
    (only,) = table_rows(answer(cited, [("玉溪市", (1,))]))
    assert only.value == ""


def test_an_answer_of_one_place_has_the_place_of_its_source_and_a_refusal_no_row() -> None:
    cited = citation(1, "玉溪市", ITEM)
    whole = Answer("问", 0.0, False, "", (Statement(ITEM, (1,)),), (cited,))
    assert [each.locality for each in table_rows(whole)] == ["玉溪市"]
    assert table_rows(Answer("问", 0.0, True, "没有")) == ()


def test_places_stand_as_in_the_list_of_the_division_and_unknown_ones_last() -> None:
    places = [
        "某新村",
        "云南省",
        "施甸县",
        "台湾省",
        "北京市朝阳区",
        "国家",
        "保山市",
        "丙地",
        "北京市",
    ]
    assert order_localities(places) == (
        "国家", "北京市", "北京市朝阳区", "云南省", "保山市", "施甸县", "台湾省", "丙地", "某新村",
    )  # fmt: skip


def test_an_unknown_place_follows_what_it_lies_in() -> None:
    within = ("云南省", "玉溪市")
    keys = [
        administrative_order("玉溪市"),
        administrative_order("某新区", within),
        administrative_order("保山市"),
        administrative_order("某新区"),
    ]
    assert keys == sorted(keys)


def test_rows_are_sorted_by_place_or_the_newest_first() -> None:
    rows = [
        row("云南省", "2021-01-01"),
        row("北京市"),
        row("天津市", "2024-01-01"),
        row("云南省", text="二"),
    ]
    assert [(r.locality, r.text) for r in sort_rows(rows, "place")] == [
        ("北京市", ""), ("天津市", ""), ("云南省", ""), ("云南省", "二"),
    ]  # fmt: skip
    assert [(r.locality, r.issued_on) for r in sort_rows(rows, "date")] == [
        ("天津市", "2024-01-01"), ("云南省", "2021-01-01"), ("北京市", ""), ("云南省", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-5%", "@甲", "＝1", " =1", "\t=1", "\r\n=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_words(cell: str) -> None:
    read = list(csv.reader(io.StringIO(write_csv(["甲"], [[cell]]), newline="")))
    assert read == [["甲"], [f"'{cell}"]]


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@given(st.lists(st.lists(cells, min_size=2, max_size=2), max_size=4))
def test_csv_gives_back_every_cell(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(write_csv(["甲", "乙"], rows), newline="")))
    plain = [[cell.removeprefix("'") for cell in each] for each in read[1:]]
    assert plain == [[cell.removeprefix("'") for cell in each] for each in rows]


def valued(place: str, value: str) -> TableRow:
    return TableRow(place, "文", (1,), value, "a", "a", "", "", "")


def test_rows_are_sorted_by_their_figures_those_of_the_usual_measure_first() -> None:
    rows = [
        valued("北京市", ""),
        valued("天津市", "45人"),
        valued("山西省", "85%以上"),
        valued("江苏省", "96.5%以上"),
        valued("浙江省", "百分之九十"),
    ]
    assert [row.value for row in sort_rows(rows, "value")] == [
        "96.5%以上", "百分之九十", "85%以上", "45人", "",
    ]  # fmt: skip
    assert has_figures(rows) and not has_figures(rows[:2])


def test_a_workbook_has_every_cell_as_words_and_runs_none() -> None:
    rows = [["=1+1", "每班\x01不超过40人"], ["'@SUM(1)", "－2"]]
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(["地区", "要求"], rows, "各地")))
    cells = [[cell.value for cell in row] for row in book["各地"].rows]
    assert cells == [["地区", "要求"], ["=1+1", "每班不超过40人"], ["'@SUM(1)", "－2"]]
    assert {cell.data_type for row in book["各地"].rows for cell in row} == {"s"}
