"""Passages are cut inside sections, at sentence ends, and quote the document word for word."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.chunking import cut_passages, embedding_context, split_sentences
from indexer.errors import ReadError
from indexer.readers.composing import Cell, Composer
from indexer.records import Document, Page, Passage, Span
from tests.make import any_text, cut, make_document, notice_text, sayings


def passages(text: str, limit: int, name: str = "a.txt") -> list[tuple[tuple[str, ...], str]]:
    found = cut_passages(make_document(text, name), len, limit)
    return [(passage.headings, passage.text) for passage in found]


def quotes(text: str, limit: int = 200, name: str = "a.txt") -> list[str]:
    found = cut_passages(make_document(text, name), len, limit)
    return [quote for passage in found for quote in passage.quotes()]


def check_passages(document: Document, found: tuple[Passage, ...], limit: int) -> None:
    """What every cutting of every document must keep; tokens are characters here."""
    text = document.text
    before = 0
    for passage in found:
        assert before <= passage.span.start < passage.span.end <= len(text)
        assert passage.text == cut(text, passage.span) == passage.text.strip()
        assert not any(passage.span.overlaps(each.span) for each in document.exclusions)
        at = passage.span.start
        for sentence in passage.sentences:
            assert at <= sentence.start < sentence.end <= passage.span.end
            at = sentence.end
        before = passage.span.end
        # A heading that a full piece took along, and the white space between the two.
        assert len(passage.text) <= limit * 4 / 3 + passage.text.count("\n") * 80
    outside = sum(
        c.isalnum()
        for position, c in enumerate(text)
        if not any(each.span.start <= position < each.span.end for each in document.exclusions)
    )
    assert sayings(text, [passage.span for passage in found]) == outside


@given(notice_text, st.integers(5, 90))
def test_passages_hold_every_word_that_is_not_excluded_once(text: str, limit: int) -> None:
    for name in ("a.txt", "a.md"):
        try:
            document = make_document(text, name)
        except ReadError:
            return
        check_passages(document, cut_passages(document, len, limit), limit)


@given(any_text, st.integers(0, 1000))
def test_sentences_hold_every_word_once(text: str, start: int) -> None:
    spans = split_sentences(text, start)
    at = start
    for span in spans:
        assert at <= span.start < span.end <= start + len(text)
        at = span.end
    inside = [type(span)(span.start - start, span.end - start) for span in spans]
    assert sayings(text, inside) == sum(c.isalnum() for c in text)
    for span in inside:
        assert "\n" not in cut(text, span)
        assert cut(text, span) == cut(text, span).strip()


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("第一句。第二句！第三句？", ["第一句。", "第二句！", "第三句？"]),
        ("他说：“好。”然后走了。", ["他说：“好。”", "然后走了。"]),
        ("「好！」她說。", ["「好！」", "她說。"]),
        ("真的吗?是的!好", ["真的吗?", "是的!", "好"]),
        ("标题\n\n正文……完", ["标题", "正文……", "完"]),
        ("见http://a.cn/?id=1!x。", ["见http://a.cn/?id=1!x。"]),
        ("增长1.5%；下降2%。", ["增长1.5%；下降2%。"]),
        ("## 一、目标\n> 说明：摘要。", ["一、目标", "说明：摘要。"]),
        ("。。。\n——\n|---|", []),
        ("", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert [cut(text, span) for span in split_sentences(text)] == sentences


def test_a_section_that_fits_is_one_passage() -> None:
    text = "某市关于工作的通知\n一、甲\n要做好甲事。\n二、乙\n要做好乙事。"
    assert passages(text, 13) == [
        ((), "某市关于工作的通知"),
        (("一、甲",), "一、甲\n要做好甲事。"),
        (("二、乙",), "二、乙\n要做好乙事。"),
    ]


def test_neighbours_of_one_section_are_joined_while_they_fit() -> None:
    text = "某市关于工作的通知\n一、甲\n（一）乙。做。\n（二）丙。做。\n（三）丁。做。"
    assert passages(text, 20) == [
        ((), "某市关于工作的通知"),
        (("一、甲",), "一、甲\n（一）乙。做。\n（二）丙。做。"),
        (("一、甲", "（三）丁"), "（三）丁。做。"),
    ]


def test_a_heading_goes_with_what_follows_it() -> None:
    text = "某市关于工作的通知\n一、总的要求\n（一）" + "很长" * 8 + "。" + "更长" * 8 + "。"
    heading = "（一）" + "很长" * 8
    assert passages(text, 20)[1:] == [
        (("一、总的要求", heading), "一、总的要求\n" + heading + "。"),
        (("一、总的要求", heading), "更长" * 8 + "。"),
    ]


def test_an_item_without_a_text_below_it_is_no_bare_heading() -> None:
    items = [f"（{n}）按时报送{n}类材料" for n in "一二三"]
    text = "某市关于工作的通知\n一、要求\n" + "。\n".join(items) + "。"
    assert passages(text, 18)[1:] == [
        (("一、要求", items[0]), f"一、要求\n{items[0]}。"),
        (("一、要求", items[1]), f"{items[1]}。"),
        (("一、要求", items[2]), f"{items[2]}。"),
    ]


def test_a_long_text_is_cut_at_sentence_ends() -> None:
    text = "某市关于工作的通知\n" + "甲" * 9 + "。" + "乙" * 9 + "。" + "丙" * 9 + "。"
    assert [words for _, words in passages(text, 20)] == [
        "某市关于工作的通知",
        "甲" * 9 + "。" + "乙" * 9 + "。",
        "丙" * 9 + "。",
    ]


def test_nothing_excluded_is_in_a_passage_and_it_parts_its_neighbours() -> None:
    text = "某市关于工作的通知\n第一段说完了。\n责任编辑：张三\n第二段说完了。"
    assert passages(text, 200) == [
        ((), "某市关于工作的通知\n第一段说完了。"),
        ((), "第二段说完了。"),
    ]


def test_a_bare_heading_is_no_quote_but_a_statement_is() -> None:
    text = (
        "某市关于工作的通知\n一、工作目标\n到2025年达标。\n二、每月1日至20日为安静期\n不检查。\n"
        "（1）工作要求。要做好。\n三、只有标题的一项"
    )
    assert quotes(text) == [
        "某市关于工作的通知",
        "到2025年达标。",
        "二、每月1日至20日为安静期",
        "不检查。",
        "要做好。",
        "三、只有标题的一项",
    ]


def test_the_title_of_an_annex_is_no_quote_even_with_a_figure_and_over_two_lines() -> None:
    text = (
        "某市关于工作的通知\n各县：\n请按附件办理。\n某市教育局\n2023年3月1日\n"
        "附件1\n2023—2025年任务分解表\n全市化解90个。"
    )
    assert quotes(text)[-2:] == ["2023年3月1日", "全市化解90个。"]


def test_a_heading_of_markdown_is_no_quote() -> None:
    text = "# 某市关于工作的通知\n## 一、工作目标\n达标。\n**二、任务**\n做好。"
    assert quotes(text, name="a.md") == ["某市关于工作的通知", "达标。", "做好。"]


def test_what_is_embedded_says_each_heading_once() -> None:
    assert embedding_context("通知", ("通知", "一、甲", "", "（一）乙")) == "通知\n一、甲\n（一）乙"
    assert embedding_context("通知", ()) == "通知"


TABLE = [
    ["学校", "2023年班数", "说明"],
    ["第一小学", "24", "秋季招生。超出的改扩建。"],
    ["第二小学", "30", "不变"],
]


def table_document() -> Document:
    composer = Composer()
    composer.paragraph("学位建设工作方案")
    composer.paragraph("一、学位安排")
    composer.paragraph("各校按下表执行。")
    composer.table([[Cell(words) for words in row] for row in TABLE])
    source = composer.source()
    plain = make_document(source.text)
    return replace(plain, tables=source.tables, pages=(Page(1, Span(0, 28)), Page(2, Span(28, 99))))


def test_a_table_row_is_one_quote_and_the_row_of_column_names_is_none() -> None:
    document = table_document()
    (passage,) = cut_passages(document, len, 1000)
    assert list(passage.quotes())[1:] == [
        "各校按下表执行。",
        "第一小学 | 24 | 秋季招生。超出的改扩建。",
        "第二小学 | 30 | 不变",
    ]


def test_a_passage_of_later_rows_knows_the_column_names() -> None:
    *_, last = cut_passages(table_document(), len, 14)
    assert last.text == "第二小学 | 30 | 不变"
    assert last.headings == ("一、学位安排", "学校 | 2023年班数 | 说明")


def test_a_passage_knows_its_pages() -> None:
    passage = cut_passages(table_document(), len, 1000)[-1]
    assert passage.pages == (1, 2)
    assert cut_passages(table_document(), len, 14)[-1].pages == (2,)
