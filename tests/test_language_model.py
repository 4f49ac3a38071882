"""The client of the optional language model, against a real server that behaves or does not."""

import gzip
import json
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import islice, repeat
from typing import Any

import pytest

from indexer.errors import LanguageModelError, SuyuanError
from indexer.settings import PROJECT, Settings, read_settings
from retrieval.language_model import LanguageModel, Message, open_language_model
from tests.llm_server import DONE, EVENT_STREAM, Reply, Server, event, saying, serve

KEY = "sk-geheim-0123456789"
ASKED = (Message("system", "规则"), Message("user", "“问题”\n二"))
BAD_FORM = "语言模型服务的答复不合约定的格式。"
TOO_SLOW = "语言模型没有在 1 秒内写完。"


@pytest.fixture
def server() -> Iterator[Server]:
    with serve(saying("一", "二。")) as running:
        yield running


def fact(server: Server, reply: Any = None, **others: Any) -> str:
    """Return the fact of the error that a reply ends with."""
    if reply is not None:
        server.reply = reply
    with pytest.raises(LanguageModelError) as raised:
        LanguageModel(server.settings(**others)).complete(ASKED)
    assert raised.value.cure
    return raised.value.fact


def test_a_reply_comes_piece_by_piece_from_the_server_that_is_named(server: Server) -> None:
    model = LanguageModel(server.settings(llm_key=KEY))
    assert list(model.stream(ASKED)) == ["一", "二。"]
    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.body == {
        "model": "小模型",
        "messages": [
            {"role": "system", "content": "规则"},
            {"role": "user", "content": "“问题”\n二"},
        ],
        "stream": True,
        "temperature": 0,
    }


def test_a_piece_is_given_out_before_the_next_is_sent(server: Server) -> None:
    heard = threading.Event()

    def body() -> Iterator[bytes]:
        yield event("一")
        assert heard.wait(10)
        yield event("二") + DONE

    server.reply = Reply(body())
    pieces = LanguageModel(server.settings()).stream(ASKED)
    assert next(pieces) == "一"
    heard.set()
    assert list(pieces) == ["二"]


def test_without_a_key_none_is_sent(server: Server) -> None:
    assert LanguageModel(server.settings()).complete(ASKED) == "一二。"
    assert "Authorization" not in server.requests[0].headers


def test_a_slash_after_the_address_makes_no_difference(server: Server) -> None:
    LanguageModel(server.settings(llm_base_url=f"{server.url}/v1/")).complete(ASKED)
    assert server.requests[0].path == "/v1/chat/completions"


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_a_proxy_of_the_environment_is_not_asked(
    server: Server, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with serve(saying("代理")) as proxy:
        monkeypatch.setenv(name, proxy.url)
        assert LanguageModel(server.settings(llm_key=KEY)).complete(ASKED) == "一二。"
        assert proxy.requests == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(server: Server, status: int) -> None:
    with serve(saying("别处")) as other:
        reply = Reply(status=status, headers={"Location": f"{other.url}/v1/chat/completions"})
        assert fact(server, reply, llm_key=KEY) == "语言模型服务要求转到别的地址，没有照做。"
        assert other.requests == []


@pytest.mark.parametrize("status", [400, 401, 403, 404, 418, 429, 500, 503])
def test_a_refusal_says_its_status_and_not_its_words(server: Server, status: int) -> None:
    reply = Reply([f"Incorrect API key provided: {KEY}".encode()], status, {})
    assert fact(server, reply, llm_key=KEY) == f"语言模型服务答复 HTTP {status}。"


def test_a_server_that_is_not_there_is_said_to_be_unreachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: it refuses
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        model = LanguageModel(Settings(llm_base_url=address, llm_model="m"))
        with pytest.raises(LanguageModelError, match="连不上语言模型服务"):
            model.complete(ASKED)


@pytest.mark.parametrize(
    "data",
    [
        b"{", b"[]", b"null", b'"', b"{}", b"\xff\xfe", b'{"choices": 1}', b'{"choices": [1]}',
        b'{"choices": [{"delta": {"content": 5}}]}', b'{"choices": [{"delta": [1]}]}',
        b'{"choices": [{"message": {"content": "x"}}]}', b"[" * 50_000, b"9" * 5_000,
    ],
)  # fmt: skip
def test_an_event_that_is_none_of_the_agreed_ones_ends_the_reply(
    server: Server, data: bytes
) -> None:
    assert fact(server, Reply([event("一"), b"data: " + data + b"\n\n"])) == BAD_FORM


def test_an_error_inside_the_stream_is_one(server: Server) -> None:
    reply = Reply([event("一"), b'data: {"error": {"message": "out of memory"}}\n\n'])
    assert fact(server, reply) == "语言模型服务中途报错。"


@pytest.mark.parametrize(
    "headers",
    [{}, {"Content-Type": "text/html"}, {"Content-Type": "application/json"},
     {**EVENT_STREAM, "Content-Encoding": "gzip"}],
)  # fmt: skip
def test_a_reply_of_another_kind_is_not_read(server: Server, headers: dict[str, str]) -> None:
    body = event("一" * 9) if "Content-Encoding" not in headers else gzip.compress(event("一"))
    assert fact(server, Reply([body], headers=headers)) == BAD_FORM


@pytest.mark.parametrize(
    "body",
    [
        event("一").replace(b"\n", b"\r\n") + DONE,
        event("一").replace(b"\n", b"\r") + DONE,
        b": ping\n\n" + b"event: message\nid: 7\nretry: 10\n" + event("一") + DONE,
        event(None) + event("") + event("一") + b'data: {"choices": [], "usage": {}}\n\n' + DONE,
        b'data: {"choices": [{"delta": {"role": "assistant"}}]}\n\n' + event("一") + DONE,
        b'data: {"choices": [{"delta": {"reasoning_content": "..."}}]}\n\n' + event("一") + DONE,
        event("一"),  # no [DONE]
        event("一") + DONE + event("二"),
        b"\xef\xbb\xbf: bom\n\n" + event("一") + DONE,
    ],
    ids=["crlf", "cr", "fields", "empty", "role", "reasoning", "no done", "after done", "bom"],
)
def test_every_lawful_way_of_writing_events_is_read(server: Server, body: bytes) -> None:
    for size in (1, 7, len(body)):
        server.reply = Reply([body[at : at + size] for at in range(0, len(body), size)])
        assert LanguageModel(server.settings()).complete(ASKED) == "一"


def test_half_a_character_becomes_one_that_can_be_shown(server: Server) -> None:
    server.reply = Reply([event("a\ud800b"), DONE])
    assert LanguageModel(server.settings()).complete(ASKED) == "a\ufffdb"


def test_bytes_that_are_no_text_become_characters_that_can_be_shown(server: Server) -> None:
    raw = b'data: {"choices": [{"delta": {"content": "\xff\xfe"}}]}\n\n'
    server.reply = Reply([raw, DONE])
    assert LanguageModel(server.settings()).complete(ASKED) == "\ufffd\ufffd"


@pytest.mark.parametrize(
    "pieces",
    [
        ["<think>先想想。[1]</think>\n\n一。"],
        ["\n<th", "ink>", "先想想。", "</thi", "nk>", "\n", "一。"],
        [*"<think></think>一。"],
    ],
)
def test_what_a_model_thinks_aloud_is_no_part_of_its_reply(
    server: Server, pieces: list[str]
) -> None:
    server.reply = saying(*pieces)
    assert LanguageModel(server.settings()).complete(ASKED) == "一。"


@pytest.mark.parametrize("text", ["<", "<thing>", "一<think>二</think>", "< think>"])
def test_only_a_thought_at_the_beginning_is_one(server: Server, text: str) -> None:
    server.reply = saying(*text)
    assert LanguageModel(server.settings()).complete(ASKED) == text


@pytest.mark.parametrize("pieces", [[], [""], ["<think>只是想"], ["<think>想</think>"]])
def test_a_reply_without_text_is_an_error(server: Server, pieces: list[str]) -> None:
    assert fact(server, saying(*pieces)) == "语言模型没有写出文字。"


def test_a_reply_without_end_is_cut_where_it_is_too_long(server: Server) -> None:
    server.reply = Reply(repeat(event("长" * 100)))
    pieces = LanguageModel(server.settings()).stream(ASKED)
    assert len("".join(islice(pieces, 80))) == 8_000
    with pytest.raises(LanguageModelError, match="超过 8000 字"):
        next(pieces)


def test_an_event_without_end_is_not_kept(server: Server) -> None:
    assert fact(server, Reply(repeat(b"data: " + b"x" * 10_000))) == BAD_FORM


def test_events_that_add_nothing_end_too(server: Server) -> None:
    padded = b'data: {"choices": [], "pad": "' + b"x" * 60_000 + b'"}\n\n'
    assert fact(server, Reply(repeat(padded))).startswith("语言模型写了超过")


@pytest.mark.slow
@pytest.mark.parametrize("pieces", [(b": ping\n\n",), (b"x",), (event(""),), (event("慢"),)])
def test_a_stream_that_trickles_ends_when_its_time_is_over(
    server: Server, pieces: tuple[bytes, ...]
) -> None:
    begun = threading.active_count()
    assert fact(server, Reply(server.slowly(*pieces)), llm_seconds=1) == TOO_SLOW
    server.closing.set()
    wait_until(lambda: threading.active_count() <= begun)


@pytest.mark.slow
def test_a_server_that_says_nothing_is_not_waited_for(server: Server) -> None:
    def silent(_: object) -> Reply:
        server.closing.wait(10)
        return Reply()

    assert fact(server, silent, llm_seconds=1) == TOO_SLOW


def test_a_connection_that_breaks_off_is_an_error_after_what_came(server: Server) -> None:
    server.reply = Reply([event("一")], headers={**EVENT_STREAM, "Content-Length": "9999"})
    pieces = LanguageModel(server.settings()).stream(ASKED)
    assert next(pieces) == "一"
    with pytest.raises(LanguageModelError, match="与语言模型服务的连接中断"):
        next(pieces)


def test_a_reader_who_stops_ends_the_connection(server: Server) -> None:
    begun = threading.active_count()
    server.reply = Reply(server.slowly(event("一")))
    pieces = LanguageModel(server.settings()).stream(ASKED)
    assert next(pieces) == "一"
    pieces.close()
    wait_until(lambda: threading.active_count() <= begun)


def wait_until(is_so: Any) -> None:
    for _ in range(500):
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError("never so")


@pytest.mark.parametrize(
    ("settings", "fact"),
    [
        ({"llm_base_url": "http://127.0.0.1/v1"}, "设置了语言模型，但没有设置 SUYUAN_LLM_MODEL。"),
        ({"llm_model": "m"}, "设置了语言模型，但没有设置 SUYUAN_LLM_BASE_URL。"),
        *(
            ({"llm_base_url": url, "llm_model": "m"}, "SUYUAN_LLM_BASE_URL 不是 http:// 或 https:// 开头、不含用户名和参数的网址。")
            for url in (
                "127.0.0.1:8000/v1", "file:///etc/passwd", "ftp://a/v1", "http://", "http:///v1",
                f"http://user:{KEY}@a/v1", "http://a/v1?x=1", "http://a/v1#x", "http://a b/v1",
                "http://a:99999/v1", "http://[::1/v1", "http://甲/v1", "http://a\n/v1",
            )
        ),
        *(
            ({"llm_base_url": "http://a/v1", "llm_model": "m", "llm_key": key}, "SUYUAN_LLM_KEY 含有空白、汉字或控制字符。")
            for key in (f"{KEY}\r\nX-Evil: 1", f"{KEY} x", f"{KEY}钥匙", f"{KEY}\x7f")
        ),
    ],
)  # fmt: skip
def test_settings_that_cannot_be_meant_are_refused_without_saying_a_secret(
    settings: dict[str, str], fact: str
) -> None:
    with pytest.raises(LanguageModelError) as raised:
        open_language_model(Settings(**settings))  # type: ignore[arg-type]
    assert raised.value.fact == fact
    assert KEY not in repr(raised.value) + str(raised.value)


def test_without_settings_there_is_no_language_model() -> None:
    assert open_language_model(Settings()) is None
    assert open_language_model(Settings(llm_key=KEY, llm_seconds=5)) is None


def test_the_settings_come_from_the_environment() -> None:
    found = read_settings(
        {
            "SUYUAN_LLM_BASE_URL": " http://127.0.0.1:8000/v1 ",
            "SUYUAN_LLM_MODEL": "qwen",
            "SUYUAN_LLM_KEY": f"{KEY}\n",
            "SUYUAN_LLM_SECONDS": "30",
        }
    )
    assert (found.llm_base_url, found.llm_model, found.llm_key, found.llm_seconds) == (
        "http://127.0.0.1:8000/v1", "qwen", KEY, 30,
    )  # fmt: skip
    default = read_settings({})
    assert (default.llm_base_url, default.llm_model, default.llm_key) == ("", "", "")
    with pytest.raises(SuyuanError, match="SUYUAN_LLM_SECONDS"):
        read_settings({"SUYUAN_LLM_SECONDS": "0"})


def test_the_key_is_in_no_record_and_no_log(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    settings = server.settings(llm_key=KEY)
    with caplog.at_level(logging.DEBUG):
        LanguageModel(settings).complete(ASKED)
        assert fact(server, Reply(status=401), llm_key=KEY)
    model = LanguageModel(settings)
    assert caplog.records
    assert KEY not in caplog.text + repr(settings) + repr(model) + str(vars(model))


def test_importing_the_client_imports_no_network_library() -> None:
    code = "import sys, retrieval.language_model; print('httpx2' in sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, cwd=PROJECT, text=True
    )
    assert found.stdout.strip() == "False"


def test_what_is_sent_is_json_whatever_the_text(server: Server) -> None:
    said = '\u2028\x00"</script>\\'
    LanguageModel(server.settings()).complete([Message("user", said)])
    assert server.requests[0].body["messages"] == [{"role": "user", "content": said}]
    assert json.loads(json.dumps(said)) == said
