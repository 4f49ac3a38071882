"""The compare page and the compare command: versions in columns, several sides on one question."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from retrieval.__main__ import main
from tests.pages import (
    elements,
    found,
    open_page,
    papers,
    shown,
    text_of,
)

OLD, NEW = "巡查（2015）.txt", "巡查（2023）.txt"
LIU, SONG = "柳溪.txt", "松陵.txt"
HOSTILE = "$x^2$ :red[红] <b>b</b>"
NOTICES = {
    OLD: """柳溪市河道巡查办法

（2015年5月6日柳溪市人民政府令第12号公布）

第一条 为了保护河道，制定本办法。

第二条 市水务局负责全市河道的管理工作。

第三条 河道两岸种植树木应当经镇人民政府同意。

第四条 本办法自2015年7月1日起施行。
""",
    NEW: f"""柳溪市河道巡查办法

（2023年5月6日柳溪市人民政府令第30号公布）

第一条 为了保护河道，制定本办法。

第二条 市水务局负责全市河道的管理和保护工作{HOSTILE}。

第三条 河长每月巡查所负责的河段，发现问题及时处理。

第四条 河道两岸种植树木应当经镇人民政府同意。

第五条 本办法自2023年7月1日起施行。
""",
    LIU: """柳溪市教育局关于化解大班额的通知
柳教发〔2023〕5号

各县区：
一、总体要求
大班额的比例控制在百分之三以内。
柳溪市教育局
2023年5月6日
""",
    SONG: """松陵縣教育局關於增加學位的通知
松教發〔2021〕12號

各學校：
一、工作要求
大班額的比例控制在百分之五以內。
松陵縣教育局
2021年3月2日
""",
}
QUESTION = "大班额的比例控制在百分之几以内"


pytestmark = pytest.mark.usefixtures("library")


def rows(app: AppTest) -> list[list[str]]:
    """The cells of the table of versions, without the links to the originals."""
    return [
        [text_of(cell).removesuffix("原文") for cell in row[2:]]
        for node in found(app, "tbody")
        for row in elements(node)
        if row[0] == "tr"
    ]


def test_two_versions_stand_side_by_side_with_what_changed_marked() -> None:
    app = open_page("compare", old=OLD, new=NEW)
    assert "修改 3 条，新增 1 条，删去 0 条，编号变 1 条，未变 2 条。" in shown(app)
    assert [cells[0] for cells in rows(app)] == [
        "修改",
        "修改第二条",
        "新增第三条",
        "修改第四条→第五条",
    ]
    assert rows(app)[2][1:] == ["—", "第三条 河长每月巡查所负责的河段，发现问题及时处理。"]
    assert [text_of(node) for node in found(app, "del")] == ["2015", "12", "2015"]
    assert [text_of(node) for node in found(app, "ins")] == [
        "2023",
        "30",
        "和保护",
        HOSTILE,
        "2023",
    ]


def test_the_switch_shows_all_clauses_and_is_in_the_address() -> None:
    app = open_page("compare", old=OLD, new=NEW)
    app.toggle(key="all").set_value(True).run()
    assert app.query_params["all"] in ("1", ["1"])
    assert [cells[0] for cells in rows(app)] == [
        "未变", "修改", "未变第一条", "修改第二条", "新增第三条", "编号变第三条→第四条", "修改第四条→第五条",
    ]  # fmt: skip


def test_each_wording_opens_its_document_at_its_words_and_the_way_back_leads_here() -> None:
    app = open_page("compare", old=OLD, new=NEW)
    links = [n for n in found(app, "a") if text_of(n) == "原文"]
    asked = parse_qs(urlsplit(links[-1][1]["href"]).query)
    assert asked["doc"] == [NEW]
    start, end = int(asked["start"][0]), int(asked["end"][0])
    assert NOTICES[NEW][start:end] == "第五条 本办法自2023年7月1日起施行。"
    page = open_page("document", **{name: values[0] for name, values in asked.items()})
    (back,) = found(page, "a", "back")
    parts = urlsplit(back[1]["href"])
    assert parts.path == "compare"
    assert parse_qs(parts.query) == {"old": [OLD], "new": [NEW]}


def test_a_document_offers_its_other_versions_for_comparison() -> None:
    app = open_page("document", doc=NEW)
    (link,) = [node for node in found(app, "a") if text_of(node) == "与本版对照"]
    parts = urlsplit(link[1]["href"])
    assert parts.path == "compare"
    assert parse_qs(parts.query) == {"by": ["clause"], "old": [OLD], "new": [NEW]}


def test_choosing_two_documents_writes_them_to_the_address() -> None:
    app = open_page("compare")
    assert "选择旧版和新版" in shown(app)
    app.selectbox(key="old").set_value(OLD).run()
    app.selectbox(key="new").set_value(NEW).run()
    assert [app.query_params[name] for name in ("old", "new")] in ([OLD, NEW], [[OLD], [NEW]])
    assert len(rows(app)) == 4


def test_a_document_that_is_not_there_is_said_to_be_missing() -> None:
    app = open_page("compare", old=OLD, new="无.txt")
    assert "索引里没有这份文件：" in shown(app) and "无.txt" in shown(app)


def test_documents_and_places_answer_one_question_each_by_itself() -> None:
    app = open_page("compare", by="question", side=[LIU, OLD], at=["松陵县"], q=QUESTION)
    columns = found(app, "section", "side")
    assert [text_of(next(n for n in elements(each) if n[0] == "h2")) for each in columns] == [
        "《柳溪市教育局关于化解大班额的通知》", "《柳溪市河道巡查办法》", "松陵县",
    ]  # fmt: skip
    assert "百分之三以内" in text_of(columns[0]) and "百分之五" not in text_of(columns[0])
    assert "没有找到" in text_of(columns[1])
    assert "百分之五以內" in text_of(columns[2]) and "百分之三" not in text_of(columns[2])
    marks = [text_of(node) for node in found(app, "a", "mark")]
    assert len(marks) == len({*marks}) > 1


def test_a_question_is_put_by_the_form() -> None:
    app = open_page("compare", by="question", side=[LIU, SONG])
    assert "再写一个问题" in shown(app)
    app.text_input(key="put").set_value(QUESTION)
    next(b for b in app.button if b.label == "对照").click().run()
    assert app.query_params["q"] in (QUESTION, [QUESTION])
    assert len(found(app, "section", "side")) == 2
    assert papers(app)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["compare", *arguments])
    return code, capsys.readouterr().out


def test_the_command_compares_versions(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(capsys, OLD, NEW)
    assert code == 0
    assert "修改 3 条，新增 1 条，删去 0 条，编号变 1 条，未变 2 条。" in out
    assert "  新：第五条 本办法自{+2023+}年7月1日起施行。" in out
    assert "第一条" not in out and "第一条" in run(capsys, OLD, NEW, "--all")[1]
    row = json.loads(run(capsys, OLD, NEW, "--json")[1])
    assert row["counts"]["修改"] == 3 and row["new"]["document"] == NEW
    last = row["changes"][-1]
    (edit,) = last["edits"]
    assert NOTICES[NEW][edit["new"]["start"] : edit["new"]["end"]] == "2023"
    assert NOTICES[NEW][last["new"]["start"] : last["new"]["end"]] == last["new"]["text"]


def test_the_command_puts_one_question_to_several_sides(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = ("--question", QUESTION, "--document", LIU, "--place", "松陵县", "--json")
    sides = json.loads(run(capsys, *asked)[1])["sides"]
    assert [(each["name"], each["document"]) for each in sides] == [
        ("柳溪市教育局关于化解大班额的通知", LIU), ("松陵县", None),
    ]  # fmt: skip
    assert {c["document"] for c in sides[0]["citations"]} == {LIU}
    assert {c["document"] for c in sides[1]["citations"]} == {SONG}
    assert "== 松陵县" in run(capsys, *asked[:-1])[1]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((OLD,), "逐条对照要有两份文件。"),
        ((OLD, "无.txt"), "无.txt"),
        (("--question", QUESTION, "--document", LIU), "至少要有两份文件或两个地区"),
        (("--question", QUESTION, "--document", LIU, "--document", "无.txt"), "无.txt"),
    ],
)
def test_what_cannot_be_compared_is_explained(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    assert main(["compare", *arguments]) > 0
    assert says in capsys.readouterr().err


def test_a_search_is_limited_to_documents(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["find", "大班额", "--document", SONG, "--json"]) == 0
    hits = json.loads(capsys.readouterr().out)["hits"]
    assert [hit["document"] for hit in hits] == [SONG]
    assert main(["search", "大班额", "--document", "无.txt"]) > 0
    assert "无.txt" in capsys.readouterr().err
