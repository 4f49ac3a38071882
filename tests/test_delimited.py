"""A table in plain text is read cell by cell, whatever parts the cells."""

import csv
import io
import random
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import ReadError
from indexer.readers import delimited
from indexer.records import Table
from tests.damage import mutate
from tests.make import cut

TABLE = [
    ["学校", "班数", "地址"],
    ["第一小学", "12", "人民路1号，近公园"],
    ["第二小学", "1,030", "解放路\n“南门”"],
]
TRADITIONAL = [["學校", "班級數"], ["國民小學", "12"], ["義務教育學校", "30"]]


def words_of(text: str, table: Table) -> list[list[str]]:
    return [[cut(text, cell) for cell in row.cells] for row in table.rows]


def written(table: list[list[str]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    content = io.StringIO()
    csv.writer(content, delimiter=delimiter).writerows(table)
    return content.getvalue().encode(encoding)


@pytest.mark.parametrize("delimiter", list(",\t;|"))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_cells_are_found_in_any_encoding_and_between_any_delimiter(
    delimiter: str, encoding: str
) -> None:
    source = delimited.read(written(TABLE, delimiter, encoding))
    assert source.text == (
        "学校 | 班数 | 地址\n第一小学 | 12 | 人民路1号，近公园\n第二小学 | 1,030 | 解放路 “南门”\n"
    )
    assert source.tables[0].heads == 1
    assert source.cautions == ()


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "gb18030"])
def test_traditional_tables_are_read(encoding: str) -> None:
    source = delimited.read(written(TRADITIONAL, encoding=encoding))
    assert words_of(source.text, source.tables[0]) == TRADITIONAL


def test_ragged_rows_keep_their_columns() -> None:
    source = delimited.read("学校,班数,备注\n一小,12\n二小,,撤并\n".encode())
    assert words_of(source.text, source.tables[0]) == [
        ["学校", "班数", "备注"],
        ["一小", "12", ""],
        ["二小", "", "撤并"],
    ]


def test_a_title_row_is_a_heading() -> None:
    source = delimited.read("某县学校名单,,\n单位：所,,\n序号,学校,班数\n1,一小,12\n".encode())
    assert [(cut(source.text, span), level) for span, level in source.headings] == [
        ("某县学校名单", 1)
    ]
    assert source.text == "某县学校名单\n单位：所\n序号 | 学校 | 班数\n1 | 一小 | 12\n"


def test_the_delimiter_that_a_file_names_is_used() -> None:
    source = delimited.read("sep=;\n学校;班数\n一小,二小;12\n".encode())
    assert source.text == "学校 | 班数\n一小,二小 | 12\n"


def test_quotes_that_do_not_match_are_kept_and_said() -> None:
    source = delimited.read('学校,班数\n"一小,12\n二小,9\n'.encode())
    assert source.text == '学校 | 班数\n"一小 | 12\n二小 | 9\n'
    assert [caution.fact for caution in source.cautions] == ["表格里的引号不成对，按原样读入。"]


def test_text_without_cells_is_text() -> None:
    source = delimited.read("第一行没有分隔。\n第二行也没有。\n".encode())
    assert (source.text, source.tables) == ("第一行没有分隔。\n第二行也没有。\n", ())


WORDS = st.text("学校班额一二3，。“ \n;|", min_size=1, max_size=6).filter(str.strip)


@given(
    st.integers(2, 4).flatmap(
        lambda width: st.lists(st.lists(WORDS, min_size=width, max_size=width), min_size=2)
    )
)
def test_no_character_is_lost_or_invented(table: list[list[str]]) -> None:
    source = delimited.read(written(table))
    assert words_of(source.text, source.tables[0]) == [
        [" ".join(cell.split()) for cell in row] for row in table
    ]


def test_mutated_files_are_read_or_refused() -> None:
    good = written(TABLE * 10)
    for seed in range(200):
        with suppress(ReadError):
            delimited.read(mutate(good, random.Random(seed)))
