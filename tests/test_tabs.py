"""The parts of an answer, what is shown where there is none, and what was asked before."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from indexer.settings import Settings
from retrieval.engine import Engine
from tests.pages import (
    QUESTION,
    elements,
    found,
    open_page,
    shown,
    text_of,
)

LIUXI = "柳溪市大班额的比例控制在百分之三以内"


def tabs(app: AppTest) -> dict[str, bool]:
    """Return the names of the tabs and whether each is shown."""
    return {text_of(each): each[1]["aria-selected"] == "true" for each in found(app, "a", "tab")}


def panel(app: AppTest, name: str) -> Any:
    (found_panel,) = [
        each for each in found(app, "div", "panel") if each[1]["id"] == f"panel-{name}"
    ]
    return found_panel


def asked_by(link: Any) -> dict[str, list[str]]:
    return parse_qs(urlsplit(link[1]["href"]).query)


@pytest.mark.parametrize(("tab", "number"), [("", 0), ("basis", 1), ("places", 2), ("none", 0)])
def test_the_address_says_which_part_of_an_answer_is_shown(
    library: Settings, tab: str, number: int
) -> None:
    app = open_page(q=QUESTION, tab=tab)
    assert list(tabs(app).values()) == [at == number for at in range(3)]
    assert [not each[1].get("hidden") for each in found(app, "div", "panel")] == [
        at == number for at in range(3)
    ]
    for link, of in zip(found(app, "a", "tab"), ("", "basis", "places"), strict=True):
        assert asked_by(link).get("tab", [""]) == [of]
        assert link[1]["aria-controls"] == f"panel-{of}"


def test_each_part_leads_back_to_itself_from_a_document(library: Settings) -> None:
    app = open_page(q=QUESTION)
    for name in ("", "basis", "places"):
        (link, *_) = [
            a for a in elements(panel(app, name)) if a[0] == "a" and a[1].get("class") == "mark"
        ]
        assert asked_by(link).get("tab", [""]) == [name]


def test_other_filters_keep_the_part_and_another_question_begins_with_the_first(
    library: Settings,
) -> None:
    app = open_page(q=QUESTION, tab="places")
    app.multiselect(key="place").select("柳溪市").run()
    assert app.query_params["tab"] == "places"
    app.text_input(key="question").input("河道清淤")
    app.button[0].click().run()
    assert "tab" not in app.query_params


def test_the_quotes_are_marked_and_numbered_in_the_passages_they_come_from(
    library: Settings,
) -> None:
    basis = panel(open_page(q=QUESTION, place=["柳溪市"]), "basis")
    first = next(each for each in elements(basis) if each[0] == "article")
    (mark,) = [text_of(each) for each in elements(first) if each[0] == "mark"]
    assert mark == "大班额的比例控制在百分之三以内。"
    assert f"{mark}[1]56人及以上的班级逐年化解。" in text_of(first)


def test_the_table_is_offered_as_files_where_it_is_shown(library: Settings) -> None:
    assert not open_page(q=QUESTION).get("download_button")
    offered = open_page(q=QUESTION, tab="places").get("download_button")
    assert [each.proto.label for each in offered] == ["下载表格（Excel）", "下载表格（CSV）"]


def test_a_question_on_one_place_can_be_put_to_all(library: Settings) -> None:
    app = open_page(q=LIUXI)
    to_all, beside = found(app, "a", "wider")
    assert text_of(to_all) == "对各地提这个问题：各地大班额的比例控制在百分之三以内"
    assert asked_by(to_all)["tab"] == ["places"]
    assert (asked_by(beside)["by"], asked_by(beside)["at"]) == (["question"], ["柳溪市"])
    by_filter = open_page(q="大班额的比例控制在百分之三以内", place=["柳溪市"])
    to_all, _ = found(by_filter, "a", "wider")
    assert asked_by(to_all)["q"] == ["各地大班额的比例控制在百分之三以内"]
    assert "place" not in asked_by(to_all)


def test_what_is_answered_from_the_fields_of_a_document_has_no_other_parts(
    library: Settings,
) -> None:
    app = open_page(q="柳政办发〔2023〕5号什么时候印发")
    assert list(tabs(app)) == ["答案"]


def test_without_an_answer_there_are_ways_to_go_on(library: Settings) -> None:
    app = open_page(q="杭州市大班额的比例控制在百分之三以内", kind=["通知"])
    ways = {text_of(each[2]): text_of(each[3]) for each in elements(found(app, "dl", "ways-on"))
            if each[0] == "div"}  # fmt: skip
    assert ways["语料库收录的地区："].startswith(("柳溪市", "石门区", "松陵县"))
    assert "大班额" in ways["问题里的词，文件中出现过："]
    lifts = {text_of(a): asked_by(a) for a in elements(found(app, "p", "ways")) if a[0] == "a"}
    assert lifts["不限“杭州市”"]["off"] == ["place:杭州市"]
    assert "kind" not in lifts["去掉全部筛选"]
    hrefs = {
        urlsplit(a[1]["href"]).path for a in elements(found(app, "dl", "ways-on")) if a[0] == "a"
    }
    assert hrefs == {"search", "precedents"}


def test_the_question_and_its_filters_are_told_to_the_history(library: Settings) -> None:
    app = open_page(q="松陵县呢", after=[LIUXI], to="2022", tab="basis")
    (held,) = [each[1]["data-history"] for each in found(app, "ol", "history")]
    entry = json.loads(held)
    assert entry["words"] == "松陵县大班额的比例控制在百分之三以内（—2022）"
    assert parse_qs(urlsplit(entry["href"]).query) == {
        "q": ["松陵县大班额的比例控制在百分之三以内"], "to": ["2022"],
    }  # fmt: skip
    empty = found(open_page(), "ol", "history")
    assert [each[1]["data-history"] for each in empty] == ["none"]


def test_another_part_of_an_answer_is_not_answered_anew(
    library: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answer = Engine.ask

    def count(self: Engine, question: str, *rest: Any) -> Any:
        asked.append(question)
        return answer(self, question, *rest)

    monkeypatch.setattr(Engine, "ask", count)
    app = open_page(q=QUESTION)
    before = shown(app)
    app.query_params["tab"] = "basis"
    app.run()
    assert asked == [QUESTION]
    app.query_params["place"] = "柳溪市"
    app.run()
    assert asked == [QUESTION, QUESTION]
    assert shown(app) != before
