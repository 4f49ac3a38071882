"""A text is put together line by line, and every table cell knows where its words stand."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.readers.composing import Cell, Composer
from indexer.records import Caution, Exclusion, Page, Span, Table
from tests.make import cut

WORDS = st.text("学校班额一二0123 \n|，", max_size=8)


def words_of(text: str, table: Table) -> list[list[str]]:
    return [[cut(text, cell) for cell in row.cells] for row in table.rows]


def columns(text: str, table: Table) -> list[str]:
    width = max(len(row.cells) for row in table.rows)
    return [" ".join(cut(text, name) for name in table.column_name(c)) for c in range(width)]


def compose(rows: list[list[Cell]], heads: int | None = None) -> tuple[str, Table]:
    composer = Composer()
    composer.table(rows, heads)
    source = composer.source()
    return source.text, source.tables[0]


def test_paragraphs_headings_and_exclusions_stand_where_they_say() -> None:
    composer = Composer()
    composer.paragraph(" 关于学位的通知 ", level=1)
    composer.paragraph(" \n")
    composer.paragraph("— 1 —", excluded="页码")
    composer.caution("有图片", "请看")
    composer.caution("有图片", "请看")
    source = composer.source()
    assert source.text == "关于学位的通知\n— 1 —\n"
    assert source.headings == ((Span(0, 7), 1),)
    assert source.exclusions == (Exclusion("页码", Span(8, 13)),)
    assert source.cautions == (Caution("有图片", "请看"),)


def test_a_page_ends_where_the_next_begins() -> None:
    composer = Composer()
    composer.page(1)
    composer.paragraph("第一页")
    composer.page(2, 0.9)
    composer.paragraph("第二页")
    assert composer.source().pages == (Page(1, Span(0, 4)), Page(2, Span(4, 8), 0.9))


def test_a_merged_cell_stands_for_every_row_and_column_it_covers() -> None:
    text, table = compose(
        [
            [Cell("县区", rows=2), Cell("学位", columns=2)],
            [Cell("小学"), Cell("初中")],
            [Cell("甲县", rows=2), Cell("10"), Cell("20")],
            [Cell("11"), Cell("21")],
        ]
    )
    assert text == "县区 | 学位\n小学 | 初中\n甲县 | 10 | 20\n11 | 21\n"
    assert words_of(text, table) == [
        ["县区", "学位", "学位"],
        ["县区", "小学", "初中"],
        ["甲县", "10", "20"],
        ["甲县", "11", "21"],
    ]
    assert table.heads == 2
    assert columns(text, table) == ["县区", "学位 小学", "学位 初中"]


def test_a_caption_row_names_no_column() -> None:
    text, table = compose(
        [[Cell("学位表", columns=2)], [Cell("学校"), Cell("班数")], [Cell("一小"), Cell("12")]]
    )
    assert (table.heads, columns(text, table)) == (2, ["学校", "班数"])


def test_labels_beside_their_values_are_no_column_names() -> None:
    rows = [[Cell("索引号"), Cell("某字第一号")], [Cell("发布机构"), Cell("某市教育局")]]
    assert compose(rows)[1].heads == 0


def test_the_form_s_own_word_on_column_names_counts() -> None:
    rows = [[Cell("索引号"), Cell("机构")], [Cell("A"), Cell("某市教育局")]]
    assert compose(rows, heads=1)[1].heads == 1


@given(st.lists(st.lists(WORDS, min_size=1, max_size=4), min_size=1, max_size=5))
def test_every_cell_s_span_says_its_words(rows: list[list[str]]) -> None:
    composer = Composer()
    composer.paragraph("表")
    composer.table([[Cell(words) for words in row] for row in rows])
    source = composer.source()
    for table in source.tables:
        said = [[" ".join(words.split()) for words in row] for row in rows]
        assert words_of(source.text, table) == said
        assert all(source.text[row.span.end] == "\n" for row in table.rows)
