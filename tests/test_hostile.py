"""A notice full of markup, in its name, folder, issuer, title, headings and text, and a question of
such: on every page the words stay words."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from google.protobuf.message import Message
from google.protobuf.text_format import MessageToString
from streamlit.testing.v1 import AppTest

from indexer.settings import Settings
from tests.pages import (
    elements,
    found,
    open_page,
    papers,
    press,
    shown,
)

# What Streamlit's Markdown would make something of; the sign by which any of it is found again.
SIGN = "危"
MARKUP = (
    f"{SIGN}**粗**_斜_`码`~~删~~ $x^2$ :red[红] :material/home: :smile: :blue-badge[签] "
    "[链](javascript:alert(1)) ![图](x.png) <script>alert(1)</script> <img src=x onerror=alert(1)> "
    "<b>b</b> &lt;i&gt; {{x}} %s"
)
NAMED = f"{SIGN}**名**_x_ :red[红] $y$ :smile: <b>b<／b> {{{{x}}}}"  # a file's name has no slash
TITLE = f"石门区水务局关于{SIGN}:red[清淤]$y$ :material/home: <b>工程</b>的通知"
NOTICE = f"""{TITLE}
石水发〔2022〕8号

各街道办事处：
一、清淤范围{MARKUP}
本次清淤共计十二公里，{MARKUP}，由水务局负责。
石门区水务局
2022年9月1日
"""
NOTICES = {
    f"{NAMED}夹/{NAMED}.txt": NOTICE,
    f"{NAMED}夹/其二.txt": NOTICE.replace("十二公里", "十三公里").replace("2022", "2023"),
    "c/柳溪.txt": "柳溪市教育局关于大班额的通知\n\n一、目标\n大班额控制在百分之三以内。\n",
}
QUESTION = "石门区本次清淤共计多少公里"
# What may hold such words outside of ui/paper: options and what is typed, which are plain text.
PLAIN = {
    "multiselect": ("options", "raw_values"),
    "selectbox": ("options", "raw_value"),
    "text_input": ("value",),
}


pytestmark = pytest.mark.usefixtures("library")


def parts(node: Any) -> Iterator[Any]:
    """Yield everything that Streamlit is to draw."""
    for child in getattr(node, "children", {}).values():
        yield child
        yield from parts(child)


def marked_up(app: AppTest) -> list[str]:
    """Return where Streamlit would read hostile words as Markdown or HTML."""
    drawn = [each for each in parts(app._tree) if getattr(each, "proto", None) is not None]
    return [
        f"{each.type}.{field.name}"
        for each in drawn
        if each.type != "bidi_component"
        for field, value in each.proto.ListFields()
        if SIGN in words_of(value) and field.name not in PLAIN.get(each.type, ())
    ]


def words_of(value: Any) -> str:
    """Return all words of a field, whatever it consists of."""
    if isinstance(value, Message):
        return MessageToString(value, as_utf8=True)
    return str(list(value)) if isinstance(value, Sequence) else str(value)


PAGES = {
    "answer": ("", {"q": QUESTION}),
    "passages": ("", {"q": QUESTION, "tab": "basis"}),
    "hostile question": ("", {"q": f"石门区{MARKUP}"}),
    "hostile filter": ("", {"q": QUESTION, "place": MARKUP, "issuer": MARKUP, "folder": MARKUP}),
    "follow-up": ("", {"q": f"那{MARKUP}呢", "after": QUESTION}),
    "exact": ("search", {"q": "清淤"}),
    "exact, hostile": ("search", {"q": f"“{MARKUP}”"}),
    "semantic": ("search", {"q": QUESTION, "mode": "semantic"}),
    "document": ("document", {"doc": f"{NAMED}夹/{NAMED}.txt", "start": "3", "end": "40"}),
    "no document": ("document", {"doc": MARKUP}),
    "versions": ("compare", {"old": f"{NAMED}夹/{NAMED}.txt", "new": f"{NAMED}夹/其二.txt"}),
    "no version": ("compare", {"old": MARKUP, "new": f"{NAMED}夹/其二.txt"}),
    "sides": (
        "compare",
        {"by": "question", "q": QUESTION, "side": [f"{NAMED}夹/{NAMED}.txt"], "at": ["柳溪市"]},
    ),
    "library": ("library", {}),
    "library, hostile": ("library", {"q": MARKUP}),
    "library managed": ("library", {"view": "files", "manage": "1"}),
    "library overview": ("library", {"view": "overview"}),
    "precedents": ("precedents", {}),
    "basket": ("basket", {}),
    "about": ("about", {}),
}


@pytest.mark.parametrize(("page", "params"), PAGES.values(), ids=PAGES)
def test_markup_stays_words(page: str, params: dict[str, Any]) -> None:
    app = open_page(page, **params)
    assert marked_up(app) == []
    tags = {node[0] for node in elements(papers(app))}
    assert not tags & {"script", "iframe", "b", "i"}
    hrefs = [node[1]["href"] for node in elements(papers(app)) if "href" in node[1]]
    assert [href for href in hrefs if href.split(":")[0] == "javascript"] == []


def test_the_words_are_there_as_they_are(library: Settings) -> None:
    assert MARKUP in shown(open_page("document", doc=f"{NAMED}夹/{NAMED}.txt"))
    assert TITLE in shown(open_page("library"))
    assert f"一、清淤范围{MARKUP.split('!')[0]}" in shown(open_page("search", q="清淤范围"))


def test_a_self_check_shows_such_questions_as_words(library: Settings) -> None:
    app = open_page("about")
    press(app, "自检")
    for _ in range(100):
        if found(app, "table", "tried"):
            break
        app.run()
    assert marked_up(app) == []
