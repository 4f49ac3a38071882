"""The basket's page, as a session without a browser sees it: what the browser tells is set."""

import base64
import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from indexer.records import Span
from retrieval.material import FORMS
from retrieval.results import Source
from tests.basket_files import read_word
from tests.pages import APP, HOSTILE, NOTICES, elements, text_of
from ui.collecting import write_collect

KEY = "basket"
FIRST, SECOND = "大班额的比例控制在百分之三以内。", "加強督導檢查。"
LIU, SONG = NOTICES["a/柳溪.txt"], NOTICES["b/松陵.md"]


def entry(name: str, words: str, **more: object) -> dict[str, object]:
    """An item as the button of ui/collecting.py makes it."""
    start = NOTICES[name].index(words)
    source = Source(name, "收录时的标题", "", "", "", "", "")
    span = Span(start, start + len(words))
    ((_, attributes, *_),) = [
        e for e in elements(write_collect(source, span, words)) if e[0] == "button"
    ]
    return {**json.loads(attributes["data-collect"]), **more}


def open_basket(*entries: object, export: object = None, **params: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.switch_page("ui/basket.py")
    for name, value in params.items():
        app.query_params[name] = value
    told: dict[str, object] = {"items": {"number": 7, "entries": list(entries)}}
    app.session_state[KEY] = {**told, "export": export} if export else told
    app.run()
    assert not app.exception
    return app


def told(app: AppTest) -> dict[str, Any]:
    """Return what the page tells the browser."""
    every = (json.loads(each.proto.json) for each in app.get("bidi_component"))
    return next(data for data in every if "cards" in data)


def test_the_page_says_how_an_empty_basket_is_filled(library: None) -> None:
    data = told(open_basket())
    assert data["cards"] == []
    assert "放入资料篮" in text_of(data["empty"])
    assert [each[1]["href"] for each in elements(data["empty"]) if each[0] == "a"] == [
        "./?",
        "search?",
    ]


def test_a_quote_is_shown_with_its_place_facts_and_citation(library: None) -> None:
    data = told(open_basket(entry("a/柳溪.txt", FIRST)))
    (card,) = data["cards"]
    assert data["number"] == 7
    assert (card["document"], LIU[card["start"] : card["end"]]) == ("a/柳溪.txt", FIRST)
    said = text_of(card["nodes"])
    for words in (
        "《柳溪市人民政府办公室关于化解大班额的通知》",
        "柳政办发〔2023〕5号",
        "2023-05-06",
        FIRST,
        "第一部分",
    ):
        assert words in said
    assert "收录时的标题" not in said
    (title,) = [each[1]["href"] for each in elements(card["nodes"]) if each[0] == "a"]
    assert f"start={card['start']}&end={card['end']}" in title
    assert text_of(data["summary"]) == "共 1 条。"


def test_the_address_says_how_quotes_are_cited(library: None) -> None:
    for form, ending in zip(
        FORMS, ("第一部分", "(2023-05-06). a/柳溪.txt.", " 2023-05-06. a/柳溪.txt."), strict=True
    ):
        (card,) = told(open_basket(entry("a/柳溪.txt", FIRST), cite=form))["cards"]
        assert text_of(card["nodes"]).endswith(ending)
    app = open_basket(cite="没有这种")
    choice = app.segmented_control(key="cite")
    assert choice.value == "official"
    choice.set_value("gbt7714_2025").run()
    assert app.query_params["cite"] == "gbt7714_2025"


def test_words_that_are_not_in_the_library_are_said_to_be_unconfirmed(library: None) -> None:
    gone = entry("a/柳溪.txt", FIRST, document="a/没有.txt")
    changed = entry("b/松陵.md", SECOND, quote="加強督導檢驗。")
    first, second = (data := told(open_basket(gone, changed)))["cards"]
    assert "文件已不在库中。" in text_of(first["nodes"])
    assert not [each for each in elements(first["nodes"]) if each[0] == "a"]
    assert "文件有改动" in text_of(second["nodes"])
    for card, words in ((first, FIRST), (second, "加強督導檢驗。")):
        quotes = [each for each in elements(card["nodes"]) if each[0] == "blockquote"]
        assert [(each[1]["class"], text_of(each)) for each in quotes] == [("as-kept", words)]
        assert "未核实" in text_of(card["nodes"])
    assert "其中 2 条未能与库中原文核对" in text_of(data["summary"])


def test_words_that_moved_are_marked_where_they_stand_now(library: None) -> None:
    here = entry("a/柳溪.txt", FIRST)
    before = {**here, "start": here["start"] - 2, "end": here["end"] - 2}
    (card,) = told(open_basket(before))["cards"]
    assert card["start"] == before["start"]  # by which the browser knows it
    assert f"start={here['start']}&" in next(
        each[1]["href"] for each in elements(card["nodes"]) if each[0] == "a"
    )
    assert "换了位置" in text_of(card["nodes"])


@pytest.mark.parametrize("item", [None, 5, {}, {"document": "a/柳溪.txt"}, {"quote": HOSTILE}])
def test_what_is_no_item_is_counted_and_not_shown(library: None, item: object) -> None:
    data = told(open_basket(item, entry("a/柳溪.txt", FIRST)))
    assert len(data["cards"]) == 1
    assert text_of(data["summary"]) == "共 2 条，1 条不完整或太长，不会导出。"


def test_markup_in_a_quote_is_text(library: None) -> None:
    (card,) = told(open_basket(entry("c/石门.txt", HOSTILE)))["cards"]
    (quote,) = [each for each in elements(card["nodes"]) if each[0] == "blockquote"]
    assert text_of(quote) == HOSTILE


def test_the_file_that_the_browser_wants_is_made_of_what_it_sends(library: None) -> None:
    sent = [entry("b/松陵.md", SECOND, note="备用"), entry("a/柳溪.txt", FIRST)]
    data = told(
        open_basket(*reversed(sent), export={"number": "docx 1", "format": "docx", "entries": sent})
    )
    assert data["file"]["number"] == "docx 1"
    assert data["file"]["name"].endswith(".docx")
    read = read_word(base64.b64decode(data["file"]["content"]))
    assert read.of_style("引文") == [SECOND, FIRST]
    assert read.of_style("批注") == ["批注：备用"]


@pytest.mark.parametrize("export", [None, "docx", {"format": "exe"}, {"format": ["docx"]}, {}])
def test_without_a_known_format_no_file_is_made(library: None, export: object) -> None:
    assert told(open_basket(export=export))["file"] is None


def test_the_words_of_the_page_follow_the_readers_script(library: None) -> None:
    data = told(open_basket(entry("a/柳溪.txt", FIRST), hant="1"))
    assert data["words"]["undo"] == "撤銷移出"
    assert FIRST in text_of(data["cards"][0]["nodes"])
