"""Every page and every state of it, as a session without a browser sees them."""

import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from indexer.build import build
from indexer.readers.composing import Cell, Composer
from indexer.records import Document, Exclusion, Header, Section, Span
from indexer.settings import Settings
from tests.make import span_of
from tests.pages import (
    HOSTILE,
    NOTICES,
    QUESTION,
    elements,
    found,
    open_page,
    papers,
    press,
    settle,
    shown,
    streamlit_words,
    text_of,
    write_notices,
)
from ui.fulltext import write_text


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    write_notices(folder / "corpus", NOTICES)
    (folder / "corpus" / "坏.txt").write_bytes(bytes(range(256)) * 40)
    build(Settings(folder / "corpus", folder / "index", "hashing"), lambda _: None)
    return folder


def test_the_first_page_offers_questions_that_lead_to_answers(library: Settings) -> None:
    app = open_page()
    examples = found(app, "a", "example")
    assert app.title[0].value == "溯源"
    assert "已收录 3 份文件" in shown(app)
    assert 1 <= len(examples) <= 4
    assert all(each[1]["href"].startswith("./?q=") for each in examples)


def test_a_question_asked_in_the_box_goes_into_the_address_and_is_answered(
    library: Settings,
) -> None:
    app = open_page()
    app.text_input(key="question").input("松陵县大班额的比例控制在百分之三以内")
    app.button[0].click().run()
    assert app.query_params["q"] == "松陵县大班额的比例控制在百分之三以内"
    assert "大班額的比例控制在百分之三以內" in text_of(found(app, "p", "statement"))


def test_an_answer_across_localities_is_a_table_and_says_who_is_silent(library: Settings) -> None:
    app = open_page(q=QUESTION)
    groups = {text_of(each[2]): text_of(each[3:]) for each in found(app, "tr")[1:]}
    assert set(groups) == {"柳溪市", "松陵县"}
    assert "大班额的比例控制在百分之三以内。[" in groups["柳溪市"]
    assert "大班額的比例控制在百分之三以內。[" in groups["松陵县"]
    assert "语料库含 3 个地区，2 个有相关表述；其余未检出：石门区。" in shown(app)


def test_each_citation_opens_the_document_at_its_quote(library: Settings) -> None:
    app = open_page(q=QUESTION, place=["柳溪市"])
    mark = found(app, "a", "mark")[0]
    quote = text_of(found(app, "blockquote")[0])
    start, end = (
        int(mark[1]["href"].split(f"{end}=")[1].split("&")[0]) for end in ("start", "end")
    )
    assert mark[2] == "[1]"
    assert mark[1]["href"].startswith("document?doc=a%2F%E6%9F%B3%E6%BA%AA.txt&start=")
    assert "place=" in mark[1]["href"]
    assert NOTICES["a/柳溪.txt"][start:end] == quote


def test_what_has_no_answer_is_said_to_be_missing_with_what_is_near(library: Settings) -> None:
    app = open_page(q="航天员的选拔标准有哪些")
    assert "没有找到" in text_of(found(app, "div", "notice"))
    assert not found(app, "p", "statement")


@pytest.mark.parametrize("question", ["？！", "长" * 10_000])
def test_a_question_that_cannot_be_asked_is_explained(library: Settings, question: str) -> None:
    app = open_page(q=question)
    assert len(found(app, "div", "notice")) == 1
    assert not found(app, "p", "statement")


def test_filters_show_counts_and_go_into_the_address(library: Settings) -> None:
    app = open_page(q=QUESTION)
    assert "柳溪市（1）" in app.multiselect(key="place").options
    app.multiselect(key="place").select("柳溪市").run()
    app.selectbox(key="first_year").select(2023).run()
    assert app.query_params["place"] == "柳溪市"
    assert app.query_params["from"] == "2023"
    assert "松教發" not in shown(app)


def test_an_address_sets_the_box_and_the_filters(library: Settings) -> None:
    params: dict[str, str | list[str]] = {"from": "2020", "to": "2022", "kind": ["实施方案"]}
    app = open_page(q="大班额", place=["松陵县", "无此县"], **params)
    assert app.text_input(key="question").value == "大班额"
    assert app.multiselect(key="place").value == ["松陵县", "无此县"]
    assert app.selectbox(key="last_year").value == 2022


def test_a_document_shows_its_fields_outline_and_the_marked_words(library: Settings) -> None:
    text = NOTICES["a/柳溪.txt"]
    start = text.index("大班额的比例")
    end = text.index("逐年化解。") + 5
    app = open_page("document", doc="a/柳溪.txt", start=str(start), end=str(end), q="大班额")
    (table,) = found(app, "dl", "fields")
    rows = [each for each in elements(table[2:]) if each[0] == "div"]
    fields = {text_of(each[2]): text_of(each[3]) for each in rows}
    assert text_of(found(app, "mark")) == text[start:end]
    assert text_of(found(app, "h1")) == "柳溪市人民政府办公室关于化解大班额的通知"
    assert fields["文号"].startswith("柳政办发")
    assert fields["成文日期"] == "2023-05-06"
    assert fields["索引号"] == "—"
    assert "工作措施" in text_of(found(app, "aside"))
    assert text_of(found(app, "a", "back")) == "← 返回答案"


def test_a_document_is_shown_character_for_character(library: Settings) -> None:
    app = open_page("document", doc="c/石门.txt")
    lines = [text_of(each) for each in elements(found(app, "div", "text")) if each[0] == "p"]
    assert "\n".join(lines) == NOTICES["c/石门.txt"]


@pytest.mark.parametrize("span", [("9", "5"), ("x", "7"), ("999999", "9999999"), ("", "")])
def test_a_mark_that_is_none_is_left_out(library: Settings, span: tuple[str, str]) -> None:
    app = open_page("document", doc="a/柳溪.txt", start=span[0], end=span[1])
    assert not found(app, "mark")


def test_a_missing_document_is_said_to_be_missing(library: Settings) -> None:
    app = open_page("document", doc="../../etc/passwd")
    assert len(found(app, "div", "notice")) == 1
    assert text_of(found(app, "a", "back")) == "← 返回文件库"


def test_exclusions_headings_and_the_mark_keep_every_character() -> None:
    text = "标题\n第一条 正文甲乙丙。\n\n网站导航"
    section = Section("第一条", "", 1, -1, Span(3, 7), Span(3, 14))
    exclusions = (Exclusion("网站导航", Span(15, 19)), Exclusion("重叠", Span(16, 18)))
    document = Document("x", "", text, Header(), (section,), exclusions)
    node = write_text(document, Span(5, 9))
    pieces = [
        (each[0], each[1], text_of(each)) for each in elements(node) if each[0] in ("mark", "span")
    ]
    assert "\n".join(text_of(p) for p in elements(node) if p[0] == "p") == text
    assert pieces == [
        ("span", {"class": "heading", "id": "section0"}, "第一"),
        ("mark", {"class": "heading"}, "条 "),
        ("mark", {}, "正文"),
        ("span", {"class": "excluded", "title": "不参与检索：网站导航"}, "网站导航"),
    ]


def test_a_table_is_shown_as_one_with_its_merged_cells_and_the_mark() -> None:
    composer = Composer()
    composer.paragraph("各县学位")
    composer.page(2)
    composer.table(
        [
            [Cell("县区", rows=2), Cell("学位", columns=2)],
            [Cell("小学"), Cell("初中")],
            [Cell("甲县", rows=2), Cell(""), Cell("")],
            [Cell("11"), Cell("21")],
        ],
        heads=2,
    )
    source = composer.source()
    document = Document(
        "x", "", source.text, Header(), (), (), pages=source.pages, tables=source.tables
    )
    node = write_text(document, span_of(source.text, "11 | 21"))
    cells = [
        (each[0], each[1].get("colspan"), each[1].get("rowspan"), text_of(each))
        for each in elements(node)
        if each[0] in ("th", "td")
    ]
    assert cells == [
        ("th", None, "2", "县区"), ("th", "2", None, "学位"), ("th", None, None, "小学"),
        ("th", None, None, "初中"), ("td", None, "2", "甲县"), ("td", None, None, ""),
        ("td", None, None, ""), ("td", None, None, "11"), ("td", None, None, "21"),
    ]  # fmt: skip
    assert [text_of(each) for each in elements(node) if each[0] == "mark"] == ["11", "21"]
    (page,) = [each for each in elements(node) if each[1].get("class") == "page"]
    assert page[1]["data-page"] == "第 2 页"


def test_the_library_lists_documents_and_what_could_not_be_read(library: Settings) -> None:
    app = open_page("library")
    titles = [text_of(each) for each in found(app, "a", "row")]
    assert titles == [
        "柳溪市人民政府办公室关于化解大班额的通知",
        "石门区水务局关于河道清淤的通知",
        "松陵縣教育局關於消除大班額的實施方案",
    ]
    assert found(app, "a", "row")[0][1]["href"].startswith(
        "document?doc=a%2F%E6%9F%B3%E6%BA%AA.txt&view=files"
    )
    assert "坏.txt" in shown(open_page("library", view="problems"))


def test_the_library_is_searched_in_either_script_and_filtered(library: Settings) -> None:
    by_words = open_page("library", q="消除 大班额")
    by_year = open_page("library", **{"from": "2022", "to": "2022"})
    assert [text_of(a) for a in found(by_words, "a", "row")] == [
        "松陵縣教育局關於消除大班額的實施方案"
    ]
    assert [text_of(a) for a in found(by_year, "a", "row")] == ["石门区水务局关于河道清淤的通知"]


def test_hostile_words_stay_words_on_every_page(library: Settings) -> None:
    for app in (
        open_page(q="石门区河道清淤范围"),
        open_page("document", doc="c/石门.txt"),
        open_page("library"),
        open_page(q=HOSTILE),
    ):
        assert "<script>" not in streamlit_words(app)
        assert not [each for each in elements(papers(app)) if each[0] == "script"]
    assert HOSTILE in shown(open_page(q="石门区河道清淤范围"))


def test_the_traditional_switch_changes_the_interface_but_no_document(library: Settings) -> None:
    app = open_page(q=QUESTION, hant="1")
    assert app.toggle(key="traditional").value
    assert "語料庫含 3 個地區" in shown(app)
    assert "柳溪市人民政府办公室关于化解大班额的通知" in shown(app)
    assert "hant=1" in found(app, "a", "mark")[0][1]["href"]
    app.toggle(key="traditional").set_value(False).run()
    assert "hant" not in app.query_params
    assert "语料库含 3 个地区" in shown(app)


def wait_for_build(app: AppTest) -> None:
    deadline = time.monotonic() + 60
    while "正在建立索引" in "".join(each.proto.text for each in app.get("progress")):
        assert time.monotonic() < deadline
        time.sleep(0.1)
        app.run()


@pytest.mark.slow
def test_without_an_index_the_application_offers_to_build_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(tmp_path, monkeypatch)
    write_notices(tmp_path / "corpus", NOTICES)
    app = open_page()
    assert found(app, "div", "notice")
    press(app, "建立索引")
    wait_for_build(app)
    app.run()
    assert "已收录 3 份文件" in shown(app)


def test_an_empty_folder_is_explained_and_can_be_filled_by_upload(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settle(tmp_path, monkeypatch)
    settings.corpus.mkdir()
    app = open_page("library", view="update")
    press(app, "建立索引")
    wait_for_build(app)
    app.run()
    assert "是空的" in shown(app)
    assert app.get("file_uploader")


@pytest.mark.slow
def test_a_rebuild_says_first_what_would_change_and_then_what_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settle(tmp_path, monkeypatch)
    write_notices(settings.corpus, NOTICES)
    build(settings, lambda _: None)
    app = open_page("library", view="update")
    write_notices(settings.corpus, {"新.txt": NOTICES["a/柳溪.txt"].replace("柳溪", "云岭")})
    (settings.corpus / "c/石门.txt").unlink()
    press(app, "重建索引")
    assert "新增 1 份，移除 1 份，未变 2 份。" in shown(app)
    press(app, "开始建立")
    wait_for_build(app)
    app.run()
    assert "索引已建立新增 1 份，移除 1 份，未变 2 份。" in shown(app)
    listed = shown(open_page("library"))
    assert "云岭市人民政府办公室关于化解大班额的通知" in listed
    assert "石门区水务局关于河道清淤的通知" not in listed
