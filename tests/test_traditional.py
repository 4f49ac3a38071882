"""With Traditional characters chosen, every word of the interface is in them, on every page.

The notices are in Traditional characters themselves, so whatever is not was forgotten.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.message import Message

from tests.pages import elements, open_page, papers
from tests.test_hostile import parts
from ui.conversion import to_traditional

# What the index keeps in one script for all documents (文号, organs, 文种) is the same in both here,
# but for one character of the 文号.
TEXT = """# 松山市教育局招生工作通知

松字〔2021〕12號

## 一、工作目標

大班額的比例控制在百分之三以內。到2022年底，消除66人以上的班級。

## 二、保障

加強督導檢查。本通知自2021年4月1日起施行。

松山市教育局
2021年3月2日
"""
NOTICES = {
    "甲/松山.md": TEXT,
    "乙/北山.md": TEXT.replace("松", "北").replace("2021", "2022").replace("三", "五"),
}
QUESTION = "各地大班額的比例控制在百分之幾以內"
OLD, NEW = NOTICES
NUMBER = re.compile("[松北]字〔202[12]〕12号")
# Said on purpose in the other script, or what people type.
MEANT = ("简体", "简")
PAGES = {
    "welcome": ("", {}),
    "answer": ("", {"q": QUESTION}),
    "passages": ("", {"q": QUESTION, "tab": "basis"}),
    "places": ("", {"q": QUESTION, "tab": "places"}),
    "one place": ("", {"q": "松山市大班額的比例控制在百分之幾以內", "place": "松山市"}),
    "refusal": ("", {"q": "航天員的選拔標準有哪些"}),
    "no question": ("", {"q": "？！"}),
    "follow-up": ("", {"q": "那北山市呢", "after": QUESTION}),
    "search": ("search", {}),
    "found": ("search", {"q": "大班額"}),
    "nothing found": ("search", {"q": "航天"}),
    "passages found": ("search", {"q": "大班額", "mode": "semantic"}),
    "precedents": ("precedents", {}),
    "comparison": ("compare", {}),
    "versions": ("compare", {"old": OLD, "new": NEW, "all": "1"}),
    "sides": ("compare", {"by": "question", "q": QUESTION, "side": [OLD, NEW]}),
    "library": ("library", {}),
    "library managed": ("library", {"view": "files", "manage": "1"}),
    "library overview": ("library", {"view": "overview"}),
    "library intake": ("library", {"view": "update"}),
    "basket": ("basket", {}),
    "document": ("document", {"doc": OLD, "start": "60", "end": "75"}),
    "no document": ("document", {"doc": "x"}),
    "about": ("about", {}),
}


pytestmark = pytest.mark.usefixtures("library")


def words_in(value: Any) -> Iterator[str]:
    """Yield every text in nodes, or in a field of a message."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Message):
        for _, each in value.ListFields():
            yield from words_in(each)
    elif hasattr(value, "__iter__") and not isinstance(value, bytes):
        for each in value:
            yield from words_in(each)


def said(app: Any) -> Iterator[str]:
    """Yield every word that a page shows, or says of itself to those who hear it."""
    for node in elements(papers(app)):
        yield from (child for child in node[2:] if isinstance(child, str))
        for name, value in node[1].items():
            if name not in ("href", "class", "id", "data-collect", "data-jump", "data-copy"):
                yield value
    for each in parts(app._tree):
        proto = getattr(each, "proto", None)
        if proto is not None and each.type != "bidi_component":
            yield from words_in(proto)


@pytest.mark.parametrize(("page", "params"), PAGES.values(), ids=PAGES)
def test_every_word_is_traditional(page: str, params: dict[str, Any]) -> None:
    app = open_page(page, hant="1", **params)
    words = [NUMBER.sub("", each) for each in said(app) if each not in MEANT]
    assert [each for each in words if to_traditional(each) != each] == []
