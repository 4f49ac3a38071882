"""The search page: what it shows, what its address says, and where its links lead."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from indexer.build import build
from tests.pages import (
    elements,
    found,
    open_page,
    settle,
    shown,
    text_of,
    write_notices,
)

HOSTILE = "$x^2$ :red[红] <b>b</b>"
LIU, SONG = "柳溪.txt", "松陵.txt"
NOTICES = {
    LIU: f"""柳溪市教育局关于化解大班额的通知
柳教发〔2023〕5号

各县区：
一、总体要求
大班额的比例控制在百分之三以内，{HOSTILE}。
二、工作措施
增加学位两千个，大班额逐年化解。
柳溪市教育局
2023年5月6日
""",
    SONG: """松陵縣教育局關於增加學位的通知
松教發〔2021〕12號

各學校：
依照柳教發[二〇二三]五號，消除大班額。
松陵縣教育局
2021年3月2日
""",
}


pytestmark = pytest.mark.usefixtures("library")


def search(question: str = "", **params: str) -> AppTest:
    return open_page("search", **({"q": question} if question else {}), **params)


def titles(app: AppTest) -> list[str]:
    return [text_of(node) for node in found(app, "a", "title")]


def marks(app: AppTest) -> list[str]:
    return [text_of(node) for node in found(app, "mark")]


def address(app: AppTest, name: str) -> list[str]:
    found = app.query_params[name]
    return [found] if isinstance(found, str) else list(found)


def test_documents_are_counted_and_their_matches_marked() -> None:
    app = search("大班额")
    assert "命中 2 份文件，4 处。" in shown(app)
    assert titles(app) == [
        "《柳溪市教育局关于化解大班额的通知》",
        "《松陵縣教育局關於增加學位的通知》",
    ]
    assert marks(app) == ["大班额", "大班额", "大班额", "大班額"]
    assert "一、总体要求" in shown(app) and HOSTILE in shown(app)


def test_a_match_leads_to_its_place_in_the_document() -> None:
    app = search("逐年化解")
    (link,) = [node for node in found(app, "a") if node[2:] and "mark" in str(node[2])]
    parts = urlsplit(link[1]["href"])
    asked = parse_qs(parts.query)
    assert parts.path == "document" and asked["doc"] == [LIU] and asked["q"] == ["逐年化解"]
    start, end = int(asked["start"][0]), int(asked["end"][0])
    assert NOTICES[LIU][start:end] == "逐年化解"


def test_the_options_are_in_the_address_and_an_address_alone_brings_them() -> None:
    app = search("大班额 学位")
    assert "命中 2 份文件" in shown(app)
    app.selectbox(key="within").set_value("sentence").run()
    assert address(app, "within") == ["sentence"]
    assert "命中 1 份文件，2 处。" in shown(app)
    again = search("大班额 学位", mode="exact", within="sentence")
    assert shown(again) == shown(app)
    assert again.selectbox(key="within").value == "sentence"


def test_only_titles_are_searched_and_the_newest_come_first() -> None:
    app = search("学位 OR 大班额", mode="exact", scope="title", sort="date")
    assert "命中 2 份文件，2 处。" in shown(app)
    assert titles(app)[0].startswith("《柳溪市")
    assert app.selectbox(key="within").disabled


def test_options_stay_when_another_question_is_asked() -> None:
    app = search("大班额 学位", mode="exact", within="sentence")
    app.text_input(key="question").set_value("大班额 比例")
    next(b for b in app.button if b.label == "检索").click().run()
    assert app.selectbox(key="within").value == "sentence"
    assert "命中 1 份文件，2 处。" in shown(app)


def test_what_was_found_is_counted_by_value_and_each_value_narrows_it() -> None:
    app = search("大班额")
    (breakdown,) = found(app, "dl", "breakdown")
    year = next(a for a in elements(breakdown) if a[0] == "a" and "2021" in text_of(a))
    asked = parse_qs(urlsplit(year[1]["href"]).query)
    assert (asked["from"], asked["to"], asked["mode"]) == (["2021"], ["2021"], ["exact"])


def test_what_is_near_is_counted_by_value_and_what_was_switched_off_stays_off() -> None:
    app = search("2020年以来印发的文件里大班额的比例", mode="semantic", off="*")
    (breakdown,) = found(app, "dl", "breakdown")
    year = next(a for a in elements(breakdown) if a[0] == "a" and "2021" in text_of(a))
    asked = parse_qs(urlsplit(year[1]["href"]).query)
    assert text_of(year) == "2021 1"
    assert (asked["from"], asked["mode"], asked["off"]) == (["2021"], ["semantic"], ["*"])
    narrowed = search("大班额的比例", mode="semantic", **{"from": "2021", "to": "2021"})
    assert titles(narrowed) == ["《松陵縣教育局關於增加學位的通知》"]


def test_the_filters_count_what_was_found() -> None:
    everywhere, found_once = search("大班额"), search("学位两千个")
    assert everywhere.selectbox(key="first_year").options == ["2023（1）", "2021（1）"]
    assert found_once.selectbox(key="first_year").options == ["2023（1）"]
    narrowed = search("学位两千个", to="2022")
    assert "筛选后 0 / 全部 1 份文件" in [each.value for each in narrowed.sidebar.caption]


def test_filters_narrow_the_search() -> None:
    assert "命中 1 份文件，1 处。" in shown(search("大班额", to="2022"))


def test_the_switch_leads_to_passages_of_like_meaning() -> None:
    app = search("大班额的比例", mode="semantic")
    assert [box.key for box in app.selectbox if box.key in ("scope", "within", "sort")] == ["sort"]
    assert "大班额的比例控制在百分之三以内" in shown(app)


def test_passages_have_the_words_of_the_question_marked_and_can_be_sorted_by_date() -> None:
    app = search("化解大班额的比例", mode="semantic")
    assert "意思最相近的 2 段，相近的在前。" in shown(app)
    (liu, song) = found(app, "article")
    marked = [
        {text_of(mark) for mark in elements(each) if mark[0] == "mark"} for each in (liu, song)
    ]
    assert marked == [{"化解", "大班额", "比例"}, {"大班額"}]
    app.selectbox(key="sort").set_value("date").run()
    assert "新的在前" in shown(app)
    assert [title[:4] for title in titles(app)] == ["《柳溪市", "《松陵縣"]


def test_a_search_by_meaning_shows_what_was_understood() -> None:
    app = search("2020年以来印发的文件里大班额的比例", mode="semantic")
    year = found(app, "a", "chip")[0]
    assert year[1]["aria-label"] == "关闭：年份 2020 起"
    assert urlsplit(year[1]["href"]).path == "search"
    assert parse_qs(urlsplit(year[1]["href"]).query)["mode"] == ["semantic"]
    assert text_of(found(app, "article")[0]).count("柳溪") and len(titles(app)) == 2
    later = search("2022年以来印发的文件里大班额的比例", mode="semantic")
    assert len(titles(later)) == 1
    off = search("2022年以来印发的文件里大班额的比例", mode="semantic", off="*")
    assert len(titles(off)) == 2


def test_a_doc_number_is_found_by_the_parts_filled_in() -> None:
    app = search()
    app.text_input(key="organ").set_value("柳教发")
    app.text_input(key="year").set_value("2023")
    next(b for b in app.button if b.label == "按文号检索").click().run()
    assert address(app, "q") == ["文号:柳教发〔2023〕"]
    assert "命中 2 份文件，2 处。" in shown(app)
    assert marks(app) == ["柳教发〔2023〕5号", "柳教發[二〇二三]五號"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("“大班额", ("引号不成对", "请补上另一半引号")),
        ("NOT 大班额", ("只说了不要什么", "请加上要查找的词")),
        ("火星", ("没有一份文件符合。", "改用语义检索")),
    ],
)
def test_what_cannot_be_found_is_said_with_what_helps(
    typed: str, expected: tuple[str, str]
) -> None:
    (said,) = [text_of(node) for node in found(search(typed), "div", "notice")]
    assert all(part in said for part in expected)


def test_nothing_found_leads_to_wider_searches() -> None:
    app = search("火星", mode="exact", scope="title", to="2022")
    (ways,) = found(app, "p", "ways")
    asked = {
        text_of(each): parse_qs(urlsplit(each[1]["href"]).query)
        for each in elements(ways)
        if each[0] == "a"
    }
    assert list(asked) == ["去掉全部筛选", "不限查找范围", "语义检索同样的词"]
    assert "to" not in asked["去掉全部筛选"] and asked["去掉全部筛选"]["scope"] == ["title"]
    assert asked["语义检索同样的词"] == {"mode": ["semantic"], "q": ["火星"], "to": ["2022"]}


def test_an_empty_page_shows_what_can_be_typed() -> None:
    examples = [text_of(node) for node in found(search(), "dt")]
    assert "大班额 NOT 幼儿园" in examples and "文号:国发 2022" in examples


@pytest.mark.slow
def test_pages_are_turned_by_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notices = {f"{n:02}.txt": f"某{n}市通知\n清淤公告第{n}段。\n" for n in range(1, 46)}
    write_notices(tmp_path / "corpus", notices)
    build(settle(tmp_path, monkeypatch), lambda _: None)
    app = search("清淤", mode="exact", page="2")
    assert "命中 45 份文件，45 处。" in shown(app)
    assert len(found(app, "article")) == 20
    (turn,) = found(app, "nav", "turn")
    assert text_of(turn) == "上一页1第 2 页，共 3 页3下一页"
    pages = [
        (node[1].get("rel"), parse_qs(urlsplit(node[1]["href"]).query)["page"])
        for node in found(app, "a")
        if node in turn
    ]
    assert pages == [("prev", ["1"]), (None, ["1"]), (None, ["3"]), ("next", ["3"])]
    assert len(found(search("清淤", mode="exact", page="3"), "article")) == 5
    assert "第 4 页" in shown(search("清淤", mode="exact", page="99"))


@pytest.mark.slow
def test_the_page_speaks_traditional_characters() -> None:
    app = search("大班额")
    app.toggle(key="traditional").set_value(True).run()
    assert "命中 2 份文件，4 處。" in shown(app)
