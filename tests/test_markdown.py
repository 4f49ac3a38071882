"""Markdown's marks say what is a heading, a table or code; tables in plain text are found too."""

import pytest
from hypothesis import given

from indexer.readers import markdown, plain
from indexer.readers.pipes import find_tables
from indexer.readers.source import Source
from indexer.records import Table
from tests.make import any_text, cut, notice_text

TABLE = "| 县区 | 班数 |\n|:---|---:|\n| 甲县 | 12 |\n| 乙\\|丙 | |\n"


def words_of(text: str, table: Table) -> list[list[str]]:
    return [[cut(text, cell) for cell in row.cells] for row in table.rows]


def excluded(source: Source) -> list[tuple[str, str]]:
    return [(each.reason, cut(source.text, each.span)) for each in source.exclusions]


def test_a_table_has_columns_and_the_line_below_them_is_no_row() -> None:
    source = markdown.read(f"文字。\n\n{TABLE}\n完。".encode())
    assert source.text == f"文字。\n\n{TABLE}\n完。"
    assert words_of(source.text, source.tables[0]) == [
        ["县区", "班数"],
        ["甲县", "12"],
        ["乙\\|丙", ""],
    ]
    assert source.tables[0].heads == 1
    assert excluded(source) == []


def test_a_table_without_bars_at_its_edges_is_a_table() -> None:
    source = markdown.read("县区 | 班数\n--- | ---\n甲县 | 12\n".encode())
    assert words_of(source.text, source.tables[0]) == [["县区", "班数"], ["甲县", "12"]]


def test_underlined_lines_are_headings() -> None:
    source = markdown.read("某县办法\n===\n\n总则\n---\n\n为了规范，制定本办法。\n---\n".encode())
    assert [(cut(source.text, span), level) for span, level in source.headings] == [
        ("某县办法", 1),
        ("总则", 2),
    ]
    assert excluded(source) == [("标题线", "==="), ("标题线", "---")]


@pytest.mark.parametrize("fence", ["```", "~~~~"])
def test_code_has_no_headings_and_no_tables(fence: str) -> None:
    source = markdown.read(f"# 题\n{fence}\n# 不是\n{TABLE}{fence}\n".encode())
    assert [cut(source.text, span) for span, _ in source.headings] == ["题"]
    assert (source.tables, source.exclusions) == ((), ())


def test_rows_in_plain_text_are_a_table_and_labels_name_no_columns() -> None:
    source = plain.read(
        "索引号 | 01 | 文号 | \n机构 | 某局 | 时效 | 有效\n\n学校 | 班数\n一小 | 12\n二小 | 9\n单 | 独 | 行\n".encode()
    )
    assert [words_of(source.text, table) for table in source.tables] == [
        [["索引号", "01", "文号", ""], ["机构", "某局", "时效", "有效"]],
    ]
    source = plain.read("学校 | 班数\n一小 | 12\n二小 | 9\n".encode())
    assert [table.heads for table in source.tables] == [1]


def test_one_row_is_no_table() -> None:
    assert plain.read("首页 | 新闻\n正文。\n甲 | 乙\n".encode()).tables == ()


@given(notice_text | any_text)
def test_a_row_says_what_stands_between_its_bars(text: str) -> None:
    for table in find_tables(text):
        for row in table.rows:
            said = "".join(cut(text, cell) for cell in row.cells)
            assert "".join(said.split()) == "".join(_parts(cut(text, row.span)))


def _parts(line: str) -> list[str]:
    return line.replace("\\|", "\0").replace("|", "").replace("\0", "\\|").split()
