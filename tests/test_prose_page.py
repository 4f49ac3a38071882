"""What the page shows where a language model is set: the answer first, then prose that is checked."""

import json
from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from indexer.settings import Settings
from tests.llm_server import DONE, Reply, Request, Server, event, saying, serve
from tests.pages import (
    QUESTION,
    elements,
    found,
    open_page,
    papers,
    shown,
    streamlit_words,
    text_of,
)

HOSTILE = "<script>alert(1)</script> [链](javascript:alert(1)) **粗** $x^2$"


def quoting(request: Request) -> Reply:
    """Reply with the first quote, word for word."""
    return saying("学校", "可以不化解大班额。[1]\n", f"详见{HOSTILE}。[1]", "没有出处。")


@pytest.fixture
def server(library: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serve(quoting) as running:
        monkeypatch.setenv("SUYUAN_LLM_BASE_URL", f"{running.url}/v1")
        monkeypatch.setenv("SUYUAN_LLM_MODEL", "m")
        monkeypatch.setenv("SUYUAN_LLM_SECONDS", "20")
        yield running


def ask(**params: str) -> AppTest:
    return open_page(q=QUESTION, **params)


def prose(app: AppTest) -> list[str]:
    """Return what stands below the heading of the prose, up to the next heading."""
    whole = iter(papers(app))
    any(text_of(nodes).startswith("连贯表述") for nodes in whole)
    below = takewhile(lambda nodes: nodes[0][0] == "p", whole)
    return ["".join(text_of(child) for child in without_cards(nodes[0])[2:]) for nodes in below]


def without_cards(node: Any) -> Any:
    """Return a node without the cards that its marks show when they are pointed at."""
    if isinstance(node, str):
        return node
    kept = (
        child for child in node[2:] if isinstance(child, str) or child[1].get("class") != "card"
    )
    return [*node[:2], *map(without_cards, kept)]


def first_quote(request: Request) -> Reply:
    row = json.loads(request.body["messages"][1]["content"].splitlines()[2])
    return saying(f"{row['地区']}规定，", row["摘录"], f"[{row['编号']}]")


def test_a_sentence_that_its_quote_proves_stands_with_its_mark(server: Server) -> None:
    server.reply = first_quote
    app = ask()
    (sentence,) = prose(app)
    assert sentence == "松陵县规定，大班額的比例控制在百分之三以內。[1]"
    assert not found(app, "s")
    marks = [node for node in found(app, "a", "mark") if text_of(node) == "[1]"]
    assert len(marks) == 4  # of the answer, its basis, the table and the prose
    there, _, _, here = (parse_qs(urlsplit(node[1]["href"]).query) for node in marks)
    assert here == there and here["doc"]


def test_what_is_not_proven_is_struck_out_with_the_reason(server: Server) -> None:
    app = ask()
    first, second, third = prose(app)
    assert first == "学校可以不化解大班额。[1]　未采信：“可以”在所引原文里没有。"
    assert second.startswith("详见<script>") and "　未采信：" in second
    assert third == "没有出处。　未采信：没有注明出处。"
    assert text_of(found(app, "s")[0]) == "学校可以不化解大班额。"
    assert not [node for node in elements(papers(app)) if node[0] == "script"]
    assert "alert" not in streamlit_words(app)


def test_the_answer_is_the_same_with_and_without_a_language_model(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_model = ask()
    monkeypatch.delenv("SUYUAN_LLM_BASE_URL")
    monkeypatch.delenv("SUYUAN_LLM_MODEL")
    without = ask()
    assert prose(with_model) and not prose(without)
    others = [nodes for nodes in papers(with_model) if nodes in papers(without)]
    assert others == papers(without)


def test_a_click_does_not_have_it_written_anew_and_another_question_does(server: Server) -> None:
    app = ask()
    before = prose(app)
    app.run()
    assert prose(app) == before and len(server.requests) == 1
    app.text_input(key="question").input("大班额的比例")
    app.button[0].click().run()
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("reply", "note"),
    [
        (Reply(status=500), "语言模型未能写完：语言模型服务答复 HTTP 500。请看它的日志。以上原文摘录不受影响。"),
        (Reply([event("学校没有"), b"data: {\n\n"]), "语言模型未能写完：语言模型服务的答复不合约定的格式。"),
        (Reply([event("没有出处。\n剩下"), b"data: {\n\n"]), "语言模型未能写完：语言模型服务的答复不合约定的格式。"),
        (saying(), "语言模型未能写完：语言模型没有写出文字。"),
    ],
)  # fmt: skip
def test_when_it_fails_the_answer_stands_and_a_line_says_why(
    server: Server, reply: Reply | Callable[[Request], Reply], note: str
) -> None:
    server.reply = reply
    app = ask()
    assert found(app, "ol", "citations")
    assert prose(app)[-1].startswith(note)
    assert not app.exception


def test_a_refusal_asks_no_language_model(server: Server) -> None:
    app = open_page(q="月球基地的选址标准是什么")
    assert "没有找到" in shown(app)
    assert prose(app) == [] and server.requests == []


def test_the_words_around_it_are_in_the_script_of_the_reader(server: Server) -> None:
    server.reply = Reply([event("没有出处。"), DONE])
    assert "　未採信：沒有註明出處。" in shown(ask(hant="1"))
