"""The document page: the pages of the file beside the text, what can be cited, the outline."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from indexer.build import build
from indexer.readers.composing import Cell, Composer
from indexer.readers.drawing import Picture
from indexer.records import Document, Header, Page, Section, Span
from indexer.settings import Settings
from retrieval.engine import Engine
from tests.make import make_document, span_of
from tests.pages import elements, found, open_page, settle, shown, text_of
from tests.pdf_files import Paper, picture
from ui.fulltext import write_text
from ui.original import write_picture
from ui.outline import write_outline

pytestmark = pytest.mark.slow

PDF, SCAN, TEXT = "公路.pdf", "收费.png", "清淤.txt"
NOTICE = """石门区水务局关于河道清淤的通知
石水发〔2022〕8号

各街道办事处：
一、清淤范围
本次清淤共计十二公里，由水务局负责。
石门区水务局
2022年9月1日
"""


def two_pages() -> bytes:
    paper = Paper()
    paper.middle("鹤汀县人民政府关于农村公路养护的通知", 105, 20)
    paper.at = 160
    for number in range(1, 19):
        paper.paragraph(
            f"{number}.第{number}类农村公路每季度巡查不少于{number}次，并建立巡查台账备查。"
        )
    return paper.content()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("originals")
    (made / "corpus").mkdir()
    (made / "corpus" / PDF).write_bytes(two_pages())
    (made / "corpus" / TEXT).write_text(NOTICE, encoding="utf-8")
    build(Settings(made / "corpus", made / "index", "hashing"), lambda _: None)
    return made


@pytest.fixture
def library(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    original = (folder / "corpus" / PDF).read_bytes()
    yield settle(folder, monkeypatch)
    (folder / "corpus" / PDF).write_bytes(original)
    st.cache_resource.clear()


def read(settings: Settings, name: str) -> Document:
    return Engine.open(settings).document(name)


def figure(app: AppTest) -> Any:
    (found_figure,) = found(app, "figure", "original")
    return found_figure


def test_the_switch_shows_the_page_of_the_mark_beside_the_text(library: Settings) -> None:
    document = read(library, PDF)
    second = document.pages[1]
    place = {"start": str(second.span.start + 30), "end": str(second.span.start + 40)}
    off = open_page("document", doc=PDF, q="公路", **place)
    (switch,) = found(off, "a", "switch")
    assert text_of(switch) == "对照原件"
    assert "original=on" in switch[1]["href"]
    assert f"start={place['start']}" in switch[1]["href"]
    assert not found(off, "figure")

    on = open_page("document", doc=PDF, q="公路", original="on", **place)
    assert "原件第 2 / 2 页" in text_of(figure(on))
    (image,) = found(on, "img")
    assert image[1]["src"].startswith("data:image/webp;base64,")
    assert image[1]["alt"] == "原件第 2 页的图像"
    (closing,) = found(on, "a", "close")
    assert "original" not in closing[1]["href"]
    assert f"start={place['start']}" in closing[1]["href"]
    assert text_of(found(on, "a", "back")) == "← 返回答案"


def test_the_address_names_the_page_and_the_buttons_lead_to_those_beside_it(
    library: Settings,
) -> None:
    app = open_page("document", doc=PDF, original="1")
    (following,) = (each for each in elements(figure(app)) if each[1].get("rel"))
    assert following[1]["rel"] == "next"
    assert following[1]["data-leaf"] == "2"
    assert "original=2" in following[1]["href"]


@pytest.mark.parametrize("page", ["0", "x", "-3", "1e9", ""])
def test_a_page_that_is_none_is_the_first(library: Settings, page: str) -> None:
    assert "原件第 1 / 2 页" in text_of(figure(open_page("document", doc=PDF, original=page)))


def test_a_page_beyond_the_last_says_so(library: Settings) -> None:
    app = open_page("document", doc=PDF, original="7")
    assert "PDF 只有 2 页，没有第 7 页" in text_of(figure(app))
    assert not found(app, "img")


def test_an_original_that_is_gone_or_changed_is_said_to_be(library: Settings) -> None:
    path = library.corpus / PDF
    content = path.read_bytes()
    path.write_bytes(content + b"\n")
    changed = open_page("document", doc=PDF, original="on")
    path.unlink()
    missing = open_page("document", doc=PDF, original="on")
    for app, fact in ((changed, "原件在收录之后改动过"), (missing, "已没有这份原件")):
        assert fact in text_of(figure(app))
        assert not found(app, "img")
        assert "巡查不少于18次" in shown(app)


def test_a_text_without_pages_has_no_switch(library: Settings) -> None:
    app = open_page("document", doc=TEXT, original="on")
    assert not found(app, "a", "switch")
    assert not found(app, "figure")
    assert "本次清淤共计十二公里" in shown(app)


def test_what_is_marked_can_be_unmarked_and_copied(library: Settings) -> None:
    start = NOTICE.index("本次清淤")
    app = open_page("document", doc=TEXT, start=str(start), end=str(start + 18))
    (marked,) = found(app, "section", "marked")
    assert "《石门区水务局关于河道清淤的通知》（石水发〔2022〕8号）" in text_of(marked)
    (unmark,) = found(app, "a", "unmark")
    assert "start=" not in unmark[1]["href"]
    assert len([each for each in elements(marked) if "data-copy" in each[1]]) == 3
    assert len([each for each in elements(marked) if "data-collect" in each[1]]) == 1


def test_white_space_at_the_edges_of_what_was_selected_is_not_marked(library: Settings) -> None:
    start = NOTICE.index("\n本次清淤")
    end = NOTICE.index("石门区水务局\n2022")
    app = open_page("document", doc=TEXT, start=str(start), end=str(end))
    assert text_of(found(app, "mark")) == "本次清淤共计十二公里，由水务局负责。"
    blank = open_page("document", doc=TEXT, start=str(start), end=str(start + 1))
    assert not found(blank, "mark")


@pytest.mark.slow
def test_a_scan_says_how_sure_its_words_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "corpus").mkdir()
    picture("柳溪市教育局关于课后服务收费的通知", 100).save(tmp_path / "corpus" / SCAN)
    settings = settle(tmp_path, monkeypatch)
    build(settings, lambda _: None)
    sure = read(settings, SCAN).pages[0].confidence
    app = open_page("document", doc=SCAN, original="on")
    assert f"扫描页，文字由机器识别，识别把握 {sure:.2f}" in text_of(figure(app))
    (chip,) = found(app, "button", "page")
    assert chip[1]["data-page"] == f"第 1 页，识别把握 {sure:.2f}"


@pytest.mark.parametrize(("sure", "care"), [(0.91, "较低，引用前请逐字核对"), (0.99, "")])
def test_a_page_that_was_recognised_badly_asks_for_care(sure: float, care: str) -> None:
    document = Document(SCAN, "", "字", Header(), (), (), (Page(1, Span(0, 1), sure),))
    drawn = Picture("image/webp", "AAAA", 10, 20, 1)
    words = text_of(list(write_picture(document, 1, drawn, {})))
    assert f"识别把握 {sure:.2f}" in words
    assert ("较低" in words) == bool(care)
    assert care in words


def test_every_paragraph_row_and_cell_says_where_it_stands() -> None:
    composer = Composer()
    composer.paragraph("各县𠮷学位")
    composer.table([[Cell("县区"), Cell("学位")], [Cell("甲县"), Cell("12")]], heads=1)
    source = composer.source()
    document = Document("x", "", source.text, Header(), (), (), tables=source.tables)
    nodes = list(elements(write_text(document, None)))
    for node in nodes:
        if "data-at" in node[1]:
            words, start = text_of(node), int(node[1]["data-at"])
            assert source.text[start : start + len(words)] == words
    rows = [node[1]["data-row"] for node in nodes if node[0] == "tr"]
    assert [source.text[slice(*map(int, row.split("-")))] for row in rows] == [
        "县区 | 学位",
        "甲县 | 12",
    ]


def test_an_article_of_several_paragraphs_can_be_cited_whole() -> None:
    document = make_document(
        "养护办法\n第一条　为了养护，制定本办法。\n第二条　巡查每季度一次。\n前款巡查应当记录。\n"
        "第三条　本办法自2024年1月1日起施行。\n"
    )
    wholes = {node[1]["data-clause"] for node in elements(write_text(document, None))
              if "data-clause" in node[1]}  # fmt: skip
    assert [document.text[slice(*map(int, whole.split("-")))] for whole in wholes] == [
        "第二条　巡查每季度一次。\n前款巡查应当记录。"
    ]


def long_document(lines: int = 2000) -> Document:
    text = "".join(f"第{number}行的文字。\n" for number in range(lines))
    return Document("长.txt", "", text, Header(), (), ())


def rebuilt(node: Any) -> Any:
    """Return a node with what is left for later in its place, as the browser builds it."""
    if isinstance(node, str):
        return node
    tag, attributes, *children = node
    if attributes.get("data-later"):
        children = json.loads(children[0])
    return [tag, attributes, *map(rebuilt, children)]


def test_a_long_text_is_whole_and_built_around_the_mark() -> None:
    document = long_document()
    start = document.text.index("第1500行")
    node = write_text(document, Span(start, start + 6))
    built = [each for each in node[2:] if not each[1].get("data-later")]
    lines = [text_of(each) for each in elements(rebuilt(node)) if each[0] == "p"]
    assert "\n".join(lines) == document.text
    assert [text_of(each) for each in elements(node) if each[0] == "mark"] == ["第1500行"]
    assert len(built) <= 15 < len(node[2:])


def test_another_mark_leaves_the_other_blocks_as_they_are() -> None:
    document = long_document()
    plain = write_text(document, None)
    start = document.text.index("第1500行")
    marked = write_text(document, Span(start, start + 3000))
    differ = [n for n, (a, b) in enumerate(zip(plain[2:], marked[2:], strict=True)) if a != b]
    assert differ
    assert differ == list(range(differ[0], differ[-1] + 1))
    assert rebuilt(plain) == rebuilt(write_text(document, None))
    words = [text_of(each) for each in elements(marked) if each[0] == "mark"]
    assert "".join(words) == document.text[start : start + 3000].replace("\n", "")


def test_a_long_table_comes_in_parts_with_columns_of_one_width() -> None:
    composer = Composer()
    rows = [[Cell("县区"), Cell("说明")], *([Cell(f"{n}县"), Cell("说" * 30)] for n in range(500))]
    composer.table(rows, heads=1)
    source = composer.source()
    document = Document("x", "", source.text, Header(), (), (), tables=source.tables)
    node = rebuilt(write_text(document, span_of(source.text, "321县")))
    tables = [each for each in elements(node) if each[0] == "table"]
    cells = [text_of(each) for each in elements(node) if each[0] in ("th", "td")]
    assert cells == [cell.words for row in rows for cell in row]
    assert len(tables) > 5
    widths = {tuple(c[1]["style"] for c in elements(t) if c[0] == "col") for t in tables}
    assert widths == {("width: 14%", "width: 86%")}
    assert [text_of(each) for each in elements(node) if each[0] == "mark"] == ["321县"]


def test_a_mark_does_not_repeat_what_begins_before_it() -> None:
    text = "第一条　甲乙丙丁。\n"
    section = Section("第一条", "", 1, -1, Span(0, 9), Span(0, 10))
    document = Document("x", "", text, Header(), (section,), ())
    spans = [each for each in elements(write_text(document, Span(4, 6))) if each[0] != "p"]
    pieces = [(each[0], each[1].get("id"), text_of(each)) for each in spans if "class" in each[1]]
    assert pieces[2:] == [
        ("span", "section0", "第一条　"),
        ("mark", None, "甲乙"),
        ("span", None, "丙丁。"),
    ]


def outlined(sections: int, items: int) -> Document:
    """Return a document of so many chapters, each with so many articles."""
    text, found_sections = "", []
    for chapter in range(sections):
        parent, start = len(found_sections), len(text)
        text += f"第{chapter}章\n"
        found_sections.append([Span(start, len(text) - 1), 1, -1])
        for item in range(items):
            start = len(text)
            text += f"第{item}条\n"
            found_sections.append([Span(start, len(text) - 1), 2, parent])
    made = tuple(
        Section(text[slice(*span)], "", level, parent, span, span)
        for span, level, parent in found_sections
    )
    return Document("x", "", text, Header(), made, ())


def test_a_short_outline_is_open_and_a_long_one_shows_its_upper_levels() -> None:
    short, long = write_outline(outlined(3, 4)), write_outline(outlined(10, 30))
    for node, is_open in ((short, "true"), (long, "false")):
        folds = [each for each in elements(node) if each[1].get("class") == "fold"]
        assert {each[1]["aria-expanded"] for each in folds} == {is_open}
    listed = [each for each in elements(long) if "data-from" in each[1]]
    assert len(listed) == 10
    whole = [each for each in elements(rebuilt(long)) if "data-from" in each[1]]
    assert len(whole) == 310
    assert [int(each[1]["data-from"]) for each in whole] == sorted(
        int(each[1]["data-from"]) for each in whole
    )
