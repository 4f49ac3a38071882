"""A web page's tables are tables, what a browser hides is not read, and no page hangs a build."""

import random
from contextlib import suppress

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import ReadError
from indexer.readers import web
from indexer.readers.source import Source
from indexer.records import Table
from tests.damage import mutate
from tests.make import cut


def page(body: str) -> Source:
    return web.read(f"<html><head><title>题</title></head><body>{body}".encode())


def words_of(text: str, table: Table) -> list[list[str]]:
    return [[cut(text, cell) for cell in row.cells] for row in table.rows]


def columns(text: str, table: Table) -> list[str]:
    width = max(len(row.cells) for row in table.rows)
    return [" ".join(cut(text, name) for name in table.column_name(c)) for c in range(width)]


def test_merged_cells_stand_for_all_they_cover_and_captions_are_lines() -> None:
    source = page(
        "<table><caption>表1</caption><tr><td colspan=3>某县学生表</td></tr>"
        "<tr><th rowspan=2>县区</th><th colspan=2>学生</th></tr><tr><th>小学</th><th>初中</th></tr>"
        "<tr><td rowspan=2>甲<br>县</td><td>1</td><td><b>重</b>点</td></tr><tr><td>2</td><td></td></tr>"
        "<tr><td colspan=3>注：无。</td></tr></table>"
    )
    assert (
        source.text
        == "表1\n某县学生表\n县区 | 学生\n小学 | 初中\n甲 县 | 1 | 重点\n2 | \n注：无。\n"
    )
    (table,) = source.tables
    assert columns(source.text, table) == ["县区", "学生 小学", "学生 初中"]
    assert words_of(source.text, table)[2:] == [["甲 县", "1", "重点"], ["甲 县", "2", ""]]


def test_a_marked_head_names_columns_whatever_it_says() -> None:
    source = page(
        "<table><thead><tr><td>2022</td><td>2023</td></tr></thead>"
        "<tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
    )
    assert columns(source.text, source.tables[0]) == ["2022", "2023"]


def test_labels_beside_values_name_no_columns() -> None:
    source = page(
        "<table><tr><td>索引号</td><td>0143-7</td><td>主题</td><td>教育</td></tr>"
        "<tr><td>发布机构</td><td>某县教育局</td><td>文号</td><td></td></tr></table>"
    )
    assert [table.heads for table in source.tables] == [0]


def test_a_table_inside_the_layout_of_a_page_is_a_table() -> None:
    source = page(
        "<table><tr><td><h1>通知</h1></td></tr><tr><td><p>正文。</p><table><tr><td>学校</td><td>班数</td></tr>"
        "<tr><td>一小</td><td>12</td></tr></table></td></tr></table>"
    )
    assert source.text == "通知\n正文。\n学校 | 班数\n一小 | 12\n"
    assert [words_of(source.text, table) for table in source.tables] == [
        [["学校", "班数"], ["一小", "12"]]
    ]


def test_an_article_beside_a_menu_is_no_row() -> None:
    lines = "".join(
        f"第{number}条　为了规范学校管理，保障师生权益，各县区要认真落实本办法的各项规定，自发布之日起施行。<br>"
        for number in range(30)
    )
    source = page(f"<table><tr><td>菜单</td><td>{lines}</td></tr></table>")
    assert source.tables == ()
    assert source.text.startswith("菜单\n第0条 为了规范")


@pytest.mark.parametrize(
    "hiding",
    [
        "hidden",
        "style='display:none'",
        "style='color:red;Display : None'",
        "style='visibility:hidden'",
    ],
)
def test_what_a_browser_hides_is_not_read(hiding: str) -> None:
    source = page(f"<p>甲<span {hiding}>藏</span>乙</p><div {hiding}><p>藏</p></div><table><tr {hiding}><td>藏</td>"
                  f"<td>藏</td></tr><tr><td>丙</td><td {hiding}>藏</td><td>丁</td></tr></table>")  # fmt: skip
    assert source.text == "甲乙\n丙 | 丁\n"


def test_controls_are_not_read_but_folded_and_unspoken_words_are() -> None:
    source = page(
        "<noscript>无脚本</noscript><select><option>选</option></select><textarea>填</textarea>"
        "<details><summary>问</summary>答</details><p aria-hidden=true>可见</p>"
    )
    assert source.text == "问\n答\n可见\n"


def test_kept_line_ends_are_line_ends() -> None:
    assert page(
        "<pre>一\n二</pre><p style='white-space: pre-wrap'>三\n四</p><p>五\n六</p>"
    ).text == ("一\n二\n三\n四\n五 六\n")


def test_a_form_or_frame_around_the_whole_article_is_the_article() -> None:
    source = page(
        "<form id=form1><div class=menu>首页</div><div class='page-header'><p>为了规范管理，制定本办法。</p></div>"
        "</form>"
    )
    assert [(e.reason, cut(source.text, e.span)) for e in source.exclusions] == [("导航", "首页")]


def test_a_page_as_word_saves_it_is_read() -> None:
    source = web.read(
        """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta http-equiv=Content-Type
content="text/html; charset=gb2312"><!--[if gte mso 9]><xml><o:Author>甲</o:Author></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0} --></style></head><body lang=ZH-CN><div class=WordSection1>
<p class=MsoNormal align=center><b><span style='font-size:22.0pt'>关于印发方案的
通知</span></b><o:p></o:p></p><p class=MsoListParagraph><span style='mso-list:Ignore'>一、<span>&nbsp;&nbsp;</span></span>目标</p>
<table class=MsoTableGrid><tr><td><p class=MsoNormal>学校</p></td><td><p class=MsoNormal>班数<o:p></o:p></p></td></tr>
<tr><td><p class=MsoNormal>一小</p></td><td><p class=MsoNormal>12</p></td></tr></table>
<p style='display:none;mso-hide:all'>藏</p></div></body></html>""".encode("gb18030")
    )
    assert source.text == "关于印发方案的 通知\n一、 目标\n学校 | 班数\n一小 | 12\n"
    assert columns(source.text, source.tables[0]) == ["学校", "班数"]


@pytest.mark.parametrize(
    ("meta", "encoding"),
    [
        ("gb2312", "utf-8"),
        ("utf-8", "gb18030"),
        ("gb2312", "utf-16"),
        ("big5", "big5"),
        ("x-sjis", "gb18030"),
    ],
)
def test_a_wrong_word_about_the_encoding_does_not_decide(meta: str, encoding: str) -> None:
    body = "<p>為了規範管理，制定本辦法，自發布之日起施行。</p>"
    content = f'<meta http-equiv="Content-Type" content="text/html; charset={meta}">{body}'
    assert (
        web.read(content.encode(encoding)).text == "為了規範管理，制定本辦法，自發布之日起施行。\n"
    )


def test_a_page_of_frames_says_where_its_text_is() -> None:
    with pytest.raises(ReadError, match="网页只是一个框架"):
        web.read(b"<html><frameset cols=20,80><frame src=a><frame src=b></frameset></html>")


@pytest.mark.parametrize("tag", ["div", "span", "center"])
def test_nesting_beyond_reason_is_refused_before_it_is_parsed(tag: str) -> None:
    with pytest.raises(ReadError, match="嵌套超过 10000 层"):
        page(f"<{tag}>" * 200_000 + "字")


def test_cells_merged_over_more_than_any_page_has_are_read_once_each() -> None:
    source = page(
        "<table><tr>"
        + "<td colspan=1000 rowspan=65534>字</td>" * 2000
        + "</tr>"
        + "<tr><td>句</td></tr>" * 2000
    )
    assert max(len(row.cells) for row in source.tables[0].rows) == 2000


def test_tables_in_tables_end_in_no_deep_stack() -> None:
    source = page("<table><tr><td>甲</td><td>乙</td></tr><tr><td>" * 2500 + "通知")
    assert source.text.count("甲 | 乙\n") == 2500


# -- conservation --------------------------------------------------------------------------------

WORDS = st.text("学校班额，。 \n一二12", min_size=1, max_size=6)


def pages(tags: str) -> st.SearchStrategy[str]:
    """Draw pages of words, tables in tables, and elements of these names around them."""

    def around(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        cells = st.lists(inner.map("<td>{}</td>".format), min_size=1, max_size=3).map("".join)
        rows = st.lists(cells.map("<tr>{}</tr>".format), min_size=1, max_size=3).map("".join)
        marked = st.tuples(st.sampled_from(tags.split()), inner)
        return st.one_of(
            rows.map("<table>{}</table>".format),
            st.lists(inner, min_size=2, max_size=4).map("".join),
            marked.map(lambda pair: f"<{pair[0]}>{pair[1]}</{pair[0]}>"),
        )

    return st.recursive(WORDS, around, max_leaves=12)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(
    pages("div b span em font section")
)  # p, h2, a and li end by themselves, as parsers think fit
def test_no_character_is_lost_or_invented(body: str) -> None:
    """lxml's parser and its text are what this is compared with."""
    expected = lxml.html.fromstring(f"<div>{body}</div>").text_content()
    got = page(body).text.replace(" | ", "")
    assert "".join(got.split()) == "".join(expected.split())


@settings(max_examples=100, deadline=None)
@given(pages("p div b h2 a li td header"))
def test_every_cell_and_exclusion_lies_in_the_text(body: str) -> None:
    source = page(body)
    spans = [
        cell for table in source.tables for row in table.rows for cell in (row.span, *row.cells)
    ]
    spans += [exclusion.span for exclusion in source.exclusions]
    assert all(0 <= span.start <= span.end <= len(source.text) for span in spans)


def test_mutated_pages_are_read_or_refused() -> None:
    good = (
        "<html><head><meta charset=utf-8></head><body><div class=nav><a>首页</a></div><h1>通知</h1><p>为了<b>规范</b>。</p>"
        "<table><tr><th rowspan=2>县</th><th colspan=2>数</th></tr><tr><td>1</td><td>2</td></tr></table></body></html>"
    ).encode()
    for seed in range(200):
        with suppress(ReadError):
            web.read(mutate(good, random.Random(seed)))
