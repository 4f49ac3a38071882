"""What a question was understood to say, on the page: switched off and on by links."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from indexer.settings import Settings
from retrieval.__main__ import main
from retrieval.engine import Engine
from retrieval.results import Filters
from tests.pages import found, open_page, shown, text_of

NOTICES = {
    "施甸.txt": """施甸县教育体育局关于化解大班额的通知
施教体发〔2023〕5号

各学校：
一、总体要求
大班额的比例控制在百分之三以内。
施甸县教育体育局
2023年5月6日
""",
    "玉溪.txt": """玉溪市教育体育局关于大班额的实施意见
玉教体发〔2019〕8号

各县区：
一、工作目标
大班额的比例控制在百分之五以内。
玉溪市教育体育局
2019年3月1日
""",
    "无日期.txt": "成都市教育局关于大班额的通知\n\n大班额的比例控制在百分之七以内。\n",
}


def chips(app: AppTest) -> list[tuple[str, str]]:
    """Return what each chip says and its class."""
    return [(text_of(each), each[1]["class"]) for each in found(app, "a", "chip")]


def params_of(node: list[Any]) -> Mapping[str, list[str]]:
    return parse_qs(urlsplit(node[1]["href"]).query)


def follow(node: list[Any]) -> AppTest:
    return open_page(**{name: values[0] for name, values in params_of(node).items()})


def cited(app: AppTest) -> set[str]:
    return {text_of(each) for each in found(app, "a", "title")}


def test_what_is_understood_stands_above_the_answer(library: Settings) -> None:
    app = open_page(q="施甸县2020年以来印发的通知里大班额的比例是多少")
    assert chips(app) == [
        ("地区施甸县×", "chip"),
        ("年份2020 起×", "chip"),
        ("文种通知×", "chip"),
        ("问法查数字×", "chip"),
    ]
    (row,) = found(app, "nav", "chips")
    assert row[1]["aria-label"] == "已理解"
    assert text_of(row).startswith("已理解：")
    assert shown(app).index("已理解：") < shown(app).index("百分之三以内")
    assert cited(app) == {"《施甸县教育体育局关于化解大班额的通知》"}


def test_each_chip_says_what_it_does_and_is_a_link(library: Settings) -> None:
    app = open_page(q="云南各地2025年的大班额比例")
    (place, year, kind) = found(app, "a", "chip")
    assert (place[1]["aria-label"], place[1]["title"]) == (
        "关闭：地区 云南省", "只在符合的文件中查找")  # fmt: skip
    assert (year[1]["aria-label"], year[1]["title"]) == (
        "关闭：年份 2025", "问题里提到，不因此排除文件")  # fmt: skip
    assert kind[1]["aria-label"] == "关闭：问法 各地对比"
    assert params_of(place) == {"q": ["云南各地2025年的大班额比例"], "off": ["place:云南省"]}


def test_a_chip_that_is_switched_off_is_shown_and_can_be_switched_on_again(
    library: Settings,
) -> None:
    app = open_page(q="施甸县大班额的比例是多少")
    without = follow(found(app, "a", "chip")[0])
    assert chips(without) == [("地区施甸县＋", "chip chip-off"), ("问法查数字×", "chip")]
    assert len(cited(app)) == 1
    assert len(cited(without)) > 1
    again = follow(found(without, "a", "chip")[0])
    assert "off" not in again.query_params
    assert (chips(again), cited(again)) == (chips(app), cited(app))


def test_all_are_switched_off_and_on_at_once(library: Settings) -> None:
    app = open_page(q="施甸县2020年以来印发的大班额通知")
    off = follow(found(app, "a", "chips-all")[0])
    assert off.query_params["off"] == "*"
    assert {css for _, css in chips(off)} == {"chip chip-off"}
    assert len(cited(off)) == 3
    one = follow(found(off, "a", "chip")[0])
    assert [css for _, css in chips(one)] == ["chip", "chip chip-off", "chip chip-off"]
    (back,) = found(off, "a", "chips-all")
    assert text_of(back) == "全部恢复"
    assert chips(follow(back)) == chips(app)


def test_a_list_of_places_says_what_it_holds(library: Settings) -> None:
    app = open_page(q="西部省份的大班额比例控制")
    (place, _) = found(app, "a", "chip")
    assert text_of(place) == "地区西部×"
    (note,) = found(app, "p", "chips-note")
    assert text_of(note).startswith("西部：内蒙古、广西、重庆、四川")
    assert "国家统计局" in text_of(note)
    assert not found(follow(place), "p", "chips-note")


def test_a_place_that_the_corpus_lacks_is_said_to_be_missing_and_can_be_left_out(
    library: Settings,
) -> None:
    app = open_page(q="杭州市大班额的比例控制在百分之三以内")
    assert chips(app) == [("地区杭州市（语料库没有）×", "chip")]
    assert "没有杭州市的文件" in shown(app)
    (lift,) = [a for a in found(app, "a") if text_of(a) == "不限“杭州市”"]
    assert parse_qs(urlsplit(lift[1]["href"]).query)["off"] == ["place:杭州市"]
    assert not found(app, "a", "chips-all")
    without_it = shown(follow(found(app, "a", "chip")[0]))
    assert "大班额的比例控制在百分之三以内。[" in without_it
    assert "没有找到" not in without_it


def test_limits_that_leave_no_document_are_named(library: Settings) -> None:
    app = open_page(q="玉溪市2020年以来印发的通知里大班额的比例")
    assert "语料库的 3 份文件中，没有玉溪市 2020 年以来的通知。" in shown(app)


def test_a_question_in_which_nothing_is_understood_has_no_chips(library: Settings) -> None:
    assert not found(open_page(q="怎么化解大班额"), "nav", "chips")
    assert not found(open_page(q="？！"), "nav", "chips")
    assert not found(open_page(), "nav", "chips")


def test_chips_follow_the_script_of_the_reader(library: Settings) -> None:
    app = open_page(q="施甸縣大班額的比例是多少", hant="1")
    assert [text for text, _ in chips(app)] == ["地區施甸縣×", "問法查數字×"]


@pytest.mark.parametrize("off", ["", ",", "place:", "place:施甸县,place:施甸县", "<script>"])
def test_an_address_that_switches_off_nothing_known_is_harmless(
    library: Settings, off: str
) -> None:
    assert len(chips(open_page(q="施甸县大班额的比例是多少", off=off))) == 2


@pytest.fixture(scope="module")
def engine(built: Path) -> Engine:
    return Engine.open(Settings(built / "corpus", built / "index", "hashing"))


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("大班额的比例", {"施甸.txt", "玉溪.txt", "无日期.txt"}),
        ("2020年以来印发的文件里大班额的比例", {"施甸.txt"}),
        ("2019年出台的大班额政策", {"玉溪.txt"}),
        ("2019年大班额的比例", {"施甸.txt", "玉溪.txt", "无日期.txt"}),
        ("哪些通知提到大班额", {"施甸.txt", "无日期.txt"}),
        ("哪些意见提出大班额的比例", {"玉溪.txt"}),
    ],
)
def test_years_and_kinds_narrow_a_search(
    engine: Engine, question: str, documents: set[str]
) -> None:
    assert {hit.passage.document for hit in engine.search(question)} == documents
    ignored = [each.id for each in engine.understood(question)]
    assert len({hit.passage.document for hit in engine.search(question, ignored=ignored)}) == 3


@pytest.mark.parametrize(
    ("question", "documents"),
    [
        ("施甸县大班额的比例是多少", {"施甸.txt"}),
        ("云南各地大班额的比例是多少", {"施甸.txt", "玉溪.txt"}),
    ],
)
def test_a_place_comes_first_in_a_search_and_limits_an_answer(
    engine: Engine, question: str, documents: set[str]
) -> None:
    hits = [hit.passage.document for hit in engine.search(question)]
    assert set(hits[: len(documents)]) == documents
    assert len(set(hits)) == 3
    answer = engine.ask(question)
    assert {citation.source.document for citation in answer.citations} == documents
    assert {hit.passage.document for hit in answer.hits} == documents


@pytest.mark.parametrize(
    ("question", "ignored", "asked"),
    [
        ("各州市大班额的比例控制在百分之多少以内", (), 2),
        ("各县区大班额的比例控制在百分之多少以内", (), 1),
        ("各地大班额的比例控制在百分之多少以内", (), 3),
        ("各州市大班额的比例控制在百分之多少以内", ("place:各州市",), 3),
        ("各省大班额的比例控制在百分之多少以内", (), 3),
    ],
)
def test_the_places_of_the_level_that_is_asked_are_counted(
    engine: Engine, question: str, ignored: tuple[str, ...], asked: int
) -> None:
    coverage = engine.ask(question, ignored=ignored).coverage
    assert (coverage.localities if coverage else 1) == asked


def test_a_filter_of_the_reader_counts_before_the_wording(engine: Engine) -> None:
    hits = engine.search("施甸县大班额的比例", filters=Filters(localities=("玉溪市",)))
    assert {hit.passage.document for hit in hits} == {"玉溪.txt"}
    hits = engine.search("2019年出台的大班额政策", filters=Filters(first_year=2020))
    assert {hit.passage.document for hit in hits} == {"施甸.txt"}


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("施甸县2020年以前印发的文件里的大班额", "没有施甸县 2019 年及以前的文件。"),
        ("2021—2022年印发的大班额文件", "没有 2021—2022 年的文件。"),
        ("1998年印发的大班额文件", "没有 1998 年的文件。"),
        ("哪些批复规定了大班额", "没有批复。"),
        ("杭州市的大班额", "没有杭州市的文件。"),
    ],
)
def test_a_limit_without_documents_is_said_plainly(
    engine: Engine, question: str, reason: str
) -> None:
    answer = engine.ask(question)
    assert answer.refused
    assert answer.reason.endswith(reason)


def command(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(arguments) == 0
    return json.loads(capsys.readouterr().out)


def test_the_commands_say_what_was_understood_and_can_do_without(
    library: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    question = ("施甸县2020年以来印发的大班额通知", "--json", "--index", str(library.index))
    understood = [
        {"kind": "place", "text": "施甸县", "value": "施甸县", "effect": "limit"},
        {"kind": "year", "text": "2020年以来", "value": "2020-", "effect": "limit"},
        {"kind": "kind", "text": "通知", "value": "通知", "effect": "limit"},
    ]
    found = command(capsys, "search", *question)
    assert found["understood"] == understood
    assert [hit["document"] for hit in found["hits"]] == ["施甸.txt"]
    assert command(capsys, "ask", *question)["understood"] == understood
    plain = command(capsys, "search", *question, "--plain")
    assert plain["understood"] == []
    assert len(plain["hits"]) == 3
