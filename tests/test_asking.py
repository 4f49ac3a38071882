"""The filters of the sidebar: what is offered, with which counts, and that the address says it."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from indexer.settings import Settings
from tests.pages import (
    elements,
    found,
    open_page,
    papers,
    press,
    shown,
    text_of,
)

WIDGETS = {
    "place": ("柳溪市", "松陵县"),
    "kind": ("实施方案",),
    "issuer": ("松陵县教育局",),
    "script": ("繁体",),
    "folder": ("b",),
}


def chips(app: AppTest) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Yield what each chip of a filter says, and the address that it leads to."""
    for each in elements(papers(app)):
        if each[0] == "nav" and each[1]["aria-label"] == "所用的筛选":
            for link in each[4:] if isinstance(each[3], str) else each[3:]:
                yield text_of(link), parse_qs(urlsplit(link[1]["href"]).query)


def test_places_kinds_and_years_come_first_and_what_has_no_choice_is_left_out(
    library: Settings,
) -> None:
    app = open_page()
    assert [each.key for each in app.sidebar.multiselect] == [
        "place", "kind", "issuer", "script", "folder",
    ]  # fmt: skip
    assert [each.key for each in app.sidebar.selectbox] == ["first_year", "last_year"]
    assert [each.label for each in app.sidebar.expander] == ["更多条件"]
    assert [each.key for each in app.sidebar.expander[0].multiselect] == [
        "issuer", "script", "folder",
    ]  # fmt: skip
    assert app.multiselect(key="script").options == ["简体（2）", "繁体（1）"]
    assert app.multiselect(key="folder").options == ["a（1）", "b（1）", "c（1）"]
    assert "清除筛选" not in [each.label for each in app.button]


def test_counts_are_after_the_filters_and_before_them(library: Settings) -> None:
    app = open_page(kind="通知", to="2022", **{"from": "2020"})
    assert "筛选后 1 / 全部 3 份文件" in [each.value for each in app.sidebar.caption]
    assert app.multiselect(key="place").options == ["石门区（1）"]
    assert app.multiselect(key="kind").options == ["通知（1/2）", "实施方案（1）"]
    assert app.multiselect(key="script").options == ["简体（1/2）"]
    assert app.selectbox(key="first_year").options == ["2023（1）", "2022（1）", "2020"]


def test_each_filter_is_set_by_the_address_and_written_to_it(library: Settings) -> None:
    asked: dict[str, str | list[str]] = {name: list(values) for name, values in WIDGETS.items()}
    app = open_page("library", **asked, **{"from": "2020", "to": "2022"})
    for name, values in WIDGETS.items():
        assert app.multiselect(key=name).value == list(values)
    assert [text_of(each) for each in found(app, "a", "row")] == [
        "松陵縣教育局關於消除大班額的實施方案"
    ]
    app.multiselect(key="place").unselect("柳溪市").run()
    assert app.query_params["place"] == "松陵县"
    for name in ("kind", "issuer", "script", "folder"):
        assert app.query_params[name] == WIDGETS[name][0]
    assert (app.query_params["from"], app.query_params["to"]) == ("2020", "2022")
    app.multiselect(key="folder").set_value([]).run()
    assert "folder" not in app.query_params


def test_one_click_takes_all_filters_back_and_leaves_the_question(library: Settings) -> None:
    app = open_page(q="大班额", place=["柳溪市"], script="简体", **{"from": "2020"})
    press(app, "清除筛选")
    assert dict(app.query_params) == {"q": "大班额"}
    assert app.multiselect(key="place").value == []
    assert app.selectbox(key="first_year").value is None
    assert not app.exception


def test_each_filter_has_a_chip_that_takes_it_back(library: Settings) -> None:
    app = open_page(q="大班额", place=["柳溪市", "云南"], off="type", **{"from": "2020"})
    assert list(chips(app)) == [
        ("地区柳溪市×", {"q": ["大班额"], "place": ["云南"], "from": ["2020"], "off": ["type"]}),
        ("地区云南×", {"q": ["大班额"], "place": ["柳溪市"], "from": ["2020"], "off": ["type"]}),
        ("年份2020—×", {"q": ["大班额"], "place": ["柳溪市", "云南"], "off": ["type"]}),
        ("清除筛选", {"q": ["大班额"], "off": ["type"]}),
    ]
    assert list(chips(open_page(q="大班额"))) == []


def test_other_filters_keep_what_else_the_address_says_but_not_the_page(
    library: Settings,
) -> None:
    app = open_page(q="大班额", off="type")
    app.query_params["page"] = "3"
    app.run()
    app.multiselect(key="place").select("柳溪市").run()
    assert dict(app.query_params) == {"q": "大班额", "off": "type", "place": "柳溪市"}
    app.text_input(key="question").input("学位")
    app.button[0].click().run()
    assert dict(app.query_params) == {"q": "学位", "place": "柳溪市"}


@pytest.mark.parametrize("name", ["place", "kind", "issuer", "status", "script", "folder"])
def test_a_value_that_the_corpus_lacks_is_shown_and_can_be_taken_back(
    library: Settings, name: str
) -> None:
    app = open_page("library", **{name: ["没有的"]})
    assert app.multiselect(key=name).value == ["没有的"]
    assert "没有符合条件的文件" in shown(app)
    press(app, "清除筛选")
    assert len(found(app, "a", "row")) == 3
