"""The page of precedents: every state of it, and that words stay words."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages import (
    elements,
    found,
    make_library,
    open_page,
    papers,
    settle,
    shown,
    streamlit_words,
    text_of,
)

HOSTILE = "$x^2$ :red[红] **粗** <script>alert(1)</script>"
CLAUSE = "新建居民区要同步规划配套学校，起始年级班额不得超过45人。"
LIU, SONG, SHI = "柳溪.txt", "松陵.txt", "石门.txt"
NOTICES = {
    LIU: f"""柳溪市教育局关于学位建设的通知
柳教发〔2019〕3号

各学校：
一、总体要求
（一）{CLAUSE}所需经费由市财政局统筹安排。
柳溪市教育局
2019年5月6日
""",
    SONG: f"""松陵縣教育局關於增加學位的通知
松教發〔2021〕12號

各學校：
一、工作要求
新建居民區要同步規劃配套學校，起始年級班額不得超過50人{HOSTILE}。
松陵縣教育局
2021年3月2日
""",
    SHI: f"""石门区教育局关于学位建设的通知
石教发〔2023〕8号

各学校：
{CLAUSE}
石门区教育局
2023年9月1日
""",
}


pytestmark = pytest.mark.usefixtures("library")


def look(draft: str = "", **params: str | list[str]) -> AppTest:
    return open_page("precedents", **({"q": draft} if draft else {}), **params)


def kinds(app: AppTest) -> list[str]:
    return [text_of(node) for node in found(app, "span", "likeness")]


def quotes(app: AppTest) -> list[str]:
    """The quotes as the notices have them: without the words of the draft alone."""
    return [
        "".join(text_of(child) for child in node[2:] if child[0] != "del")
        for node in found(app, "blockquote", "precedent")
    ]


def asked_by(node: list) -> dict[str, list[str]]:
    return parse_qs(urlsplit(node[1]["href"]).query)


def test_an_empty_page_says_what_to_do_and_offers_sentences_of_the_corpus() -> None:
    app = look()
    assert "一段话逐句查找" in shown(app)
    examples = found(app, "a", "example")
    assert examples and all(text_of(each) in "".join(NOTICES.values()) for each in examples)
    (draft,) = asked_by(examples[0])["q"]
    assert kinds(look(draft))[0] == "逐字相同"


def test_a_draft_is_looked_for_by_the_button_and_goes_into_the_address() -> None:
    app = look()
    app.text_area(key="question").input(CLAUSE)
    next(b for b in app.button if b.label == "查找先例").click().run()
    assert app.query_params["q"] in (CLAUSE, [CLAUSE])
    assert "有 3 份文件用过相同或相近的表述，其中逐字相同的 2 份" in shown(app)
    assert look(CLAUSE).text_area(key="question").value == CLAUSE


def test_identical_wording_is_told_apart_and_differences_are_marked() -> None:
    app = look(CLAUSE)
    assert kinds(app) == ["逐字相同", "仅有改动，字词相同 93%"]
    assert [
        text_of(node) for node in found(app, "blockquote", "precedent")[1][2:] if node[0] == "del"
    ] == ["45人"]
    assert quotes(app)[0] == CLAUSE
    (line,) = [line for line in NOTICES[SONG].splitlines() if line.startswith("新建")]
    assert quotes(app)[1] == line
    assert "删除线" in shown(app)
    assert "2019、2021、2023" in shown(app)
    ends = [text_of(node) for node in found(app, "span", "end")]
    assert ends[0].startswith("最早：《柳溪市") and ends[1].startswith("最晚：《石门区")


def test_copies_and_titles_lead_to_the_place_and_back_here() -> None:
    app = look(CLAUSE)
    assert "另有 1 份文件有同样表述" in shown(app)
    copy = next(n for n in found(app, "li") if "柳溪" in text_of(n))
    asked = asked_by(next(n for n in elements(copy) if n[0] == "a"))
    start, end = int(asked["start"][0]), int(asked["end"][0])
    assert NOTICES[LIU][start:end] == CLAUSE.rstrip("。")
    page = open_page("document", **{name: values[0] for name, values in asked.items()})
    (back,) = found(page, "a", "back")
    assert urlsplit(back[1]["href"]).path == "precedents"
    assert asked_by(back)["q"] == [CLAUSE] and text_of(back) == "← 返回先例"


def test_a_quote_is_copied_with_how_it_is_cited() -> None:
    (first, *_) = [n for n in found(look(CLAUSE), "button") if "data-copy" in n[1]]
    assert (
        first[1]["data-copy"]
        == f"“{CLAUSE}”\n《石门区教育局关于学位建设的通知》（石教发〔2023〕8号）"
    )


def test_each_sentence_of_a_paragraph_has_its_own_part() -> None:
    app = look(f"{CLAUSE}火箭燃料须逐月登记造册。")
    assert "初稿共 2 句：1 句有相同或相近的表述，1 句没有找到。" in shown(app)
    parts = found(app, "section", "drafted")
    assert [text_of(next(n for n in elements(part) if n[0] == "h2")) for part in parts] == [
        "第 1 句",
        "第 2 句",
    ]
    assert "没有找到相同、相近的表述。" in text_of(parts[1])


@pytest.mark.slow
def test_more_precedents_of_a_sentence_are_a_click_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notices = {
        f"{n:02}.txt": f"关于学位建设的通知\n\n新建居民区要规划配套学校第{n}所，班额不得超过{n}人。\n"
        for n in range(10, 34)
    }
    settle(make_library(tmp_path, notices), monkeypatch)
    draft = "新建居民区要规划配套学校第5所，班额不得超过5人。"
    app = look(f"{draft}火箭燃料须逐月登记造册。")
    assert len(found(app, "article")) == 3
    (more,) = [n for n in found(app, "a") if text_of(n).startswith("单独查这一句")]
    assert asked_by(more)["q"] == [draft]
    alone = look(draft, page="3")
    assert len(found(alone, "article")) == 4
    assert "第 3 页，共 3 页" in text_of(found(alone, "nav", "turn"))


def test_the_order_is_in_the_address() -> None:
    app = look(CLAUSE.replace("45", "50"))
    assert kinds(app)[0].startswith("仅有改动") and "松陵" in text_of(found(app, "a", "title")[0])
    app.segmented_control(key="sort").set_value("date").run()
    assert app.query_params["sort"] in ("date", ["date"])
    assert "石门" in text_of(found(app, "a", "title")[0])


def test_filters_narrow_what_is_looked_through() -> None:
    app = look(CLAUSE, to="2020")
    assert "有 1 份文件用过相同或相近的表述" in shown(app)
    assert found(app, "a", "chip")
    nothing = look(CLAUSE, to="2018")
    (said,) = [text_of(node) for node in found(nothing, "div", "notice")]
    assert "没有找到" in said and "筛选条件" in said


def test_what_nothing_is_like_is_said_with_what_helps() -> None:
    app = look("火箭燃料须逐月登记造册。")
    (said,) = [text_of(node) for node in found(app, "div", "notice")]
    assert said.startswith("没有找到相同、相近的表述。") and "分句" in said
    (elsewhere,) = [n for n in found(app, "a") if "意思相近" in text_of(n)]
    assert asked_by(elsewhere)["mode"] == ["semantic"]


@pytest.mark.parametrize(
    ("draft", "fact"), [("长" * 2_001, "超过 2000 字的上限"), ("学校", "初稿太短")]
)
def test_a_draft_that_cannot_be_looked_for_is_explained(draft: str, fact: str) -> None:
    (said,) = [text_of(node) for node in found(look(draft), "div", "notice")]
    assert fact in said


def test_markup_in_a_draft_and_in_a_notice_stays_text() -> None:
    app = look(f"起始年级班额不得超过50人{HOSTILE}。火箭燃料{HOSTILE}须登记造册。")
    assert "<script>" not in streamlit_words(app)
    assert not [each for each in elements(papers(app)) if each[0] == "script"]
    assert HOSTILE in shown(app)
    assert any(HOSTILE in quote for quote in quotes(app))


def test_the_page_speaks_traditional_characters() -> None:
    app = look(CLAUSE, hant="1")
    assert "有 3 份文件用過相同或相近的表述" in shown(app)
    assert quotes(app)[0] == CLAUSE
