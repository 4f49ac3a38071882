"""The optional language model: any server that speaks OpenAI's chat completions, local ones first.

Nothing is sent unless the settings name a server, and then only there: through no proxy that the
system may name, and after no redirect. What comes back is untrusted text, bounded in time and size.
"""

import json
import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from indexer.errors import LanguageModelError
from indexer.settings import Settings

if TYPE_CHECKING:
    import httpx2  # takes a third of a second, so only a request imports it

_MOST_CHARACTERS = 8_000  # of a reply: several times the longest answer
_MOST_EVENT_BYTES = 65_536  # of one event, which holds a few characters
_MOST_BYTES = 16_000_000  # of all events, thoughts too: one of a character takes some 300 bytes
_CONNECT_SECONDS = 10.0  # a server that is there answers at once
_NO_THOUGHT, _THOUGHT, _THOUGHT_ENDS = "", "<think>", "</think>"
_SURROGATES = re.compile("[\ud800-\udfff]")  # half a character, which no file or page can hold
_HEADER_WORD = re.compile("[!-~]*")

_CURES = {
    400: "它不接受这个请求，请核对 SUYUAN_LLM_MODEL。",
    401: "请核对 SUYUAN_LLM_KEY。",
    403: "请核对 SUYUAN_LLM_KEY。",
    404: "请核对 SUYUAN_LLM_BASE_URL 和 SUYUAN_LLM_MODEL。",
    429: "它正忙或额度已用完，请稍后再试。",
}


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the conversation that a server is sent."""

    role: Literal["system", "user", "assistant"]
    content: str


class LanguageModel:
    """A server and the model on it; safe to use from several threads.

    Raises:
        LanguageModelError: the settings are incomplete or cannot be meant.
    """

    def __init__(self, settings: Settings) -> None:
        _check(settings)
        self._url = f"{settings.llm_base_url.rstrip('/')}/chat/completions"
        self._settings = settings

    def stream(self, messages: Sequence[Message]) -> Iterator[str]:
        """Yield the reply piece by piece as it comes, without what the model thinks aloud.

        Raises:
            LanguageModelError: the server cannot be reached, refuses, sends something else than
                was agreed, more than anyone asks for or nothing, or takes longer than the settings
                allow. What was yielded before stands.
        """
        import httpx2

        seconds = self._settings.llm_seconds
        deadline = time.monotonic() + seconds
        waits = httpx2.Timeout(seconds, connect=min(_CONNECT_SECONDS, seconds))
        # A thread reads, because a wait on a queue is the only one that ends in time whatever the
        # name server, the connection or the server's manners do. Closing the client ends it.
        with httpx2.Client(trust_env=False, follow_redirects=False, timeout=waits) as client:
            reply = _limited(_without_thought(self._receive(client, messages)))
            pieces: _Pieces = SimpleQueue()
            threading.Thread(target=_hand_over, args=(reply, pieces), daemon=True).start()
            while True:
                try:
                    piece = pieces.get(timeout=max(0.0, deadline - time.monotonic()))
                except Empty:
                    raise _too_slow(seconds) from None
                if isinstance(piece, Exception):
                    raise piece
                if piece is None:
                    return
                yield piece

    def try_out(self) -> None:
        """Ask for one word, and return when it begins to come; with the errors of `stream`."""
        next(self.stream([Message("user", "请只回答“好”。")]))

    def complete(self, messages: Sequence[Message]) -> str:
        """Return a whole reply, with the limits and errors of `stream`."""
        return "".join(self.stream(messages)).strip()

    def _receive(self, client: "httpx2.Client", messages: Sequence[Message]) -> Iterator[str]:
        """Yield what the server's events hold."""
        import httpx2

        body = {
            "model": self._settings.llm_model,
            "messages": [asdict(message) for message in messages],
            "stream": True,
            "temperature": 0,
        }
        headers = {"Accept-Encoding": "identity"}  # a small reply could unpack to a huge one
        if self._settings.llm_key:
            headers["Authorization"] = f"Bearer {self._settings.llm_key}"
        try:
            with client.sse(
                self._url, method="POST", json=body, headers=headers,
                max_event_size=_MOST_EVENT_BYTES,
            ) as events:  # fmt: skip
                _check_response(events.response)
                for event in events:
                    if events.response.num_bytes_downloaded > _MOST_BYTES:
                        raise _too_long()
                    if event.data == "[DONE]":
                        return
                    yield _read_event(event.data)
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            raise LanguageModelError(
                f"连不上语言模型服务 {self._settings.llm_base_url} 。",
                "请确认它已启动，且 SUYUAN_LLM_BASE_URL 没有写错。",
            ) from error
        except httpx2.TimeoutException as error:
            raise _too_slow(self._settings.llm_seconds) from error
        except httpx2.SSEError as error:
            raise _unusable() from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise LanguageModelError("与语言模型服务的连接中断。", "请看它的日志。") from error


def open_language_model(settings: Settings) -> LanguageModel | None:
    """Return the language model that the settings name, None where they name none.

    Raises:
        LanguageModelError: the settings are incomplete or cannot be meant.
    """
    return LanguageModel(settings) if settings.llm_base_url or settings.llm_model else None


_Pieces = SimpleQueue[str | Exception | None]  # the last is an error, or None


def _hand_over(reply: Iterator[str], pieces: _Pieces) -> None:
    try:
        for piece in reply:
            pieces.put(piece)
        pieces.put(None)
    except Exception as error:  # raised again by whoever waits for the pieces
        pieces.put(error)


def _limited(pieces: Iterator[str]) -> Iterator[str]:
    """Yield pieces as long as they are together no longer than a reply can sensibly be."""
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > _MOST_CHARACTERS:
            raise _too_long()
        yield piece
    if not length:
        raise LanguageModelError("语言模型没有写出文字。", "请换一个模型，或看它的日志。")


def _without_thought(pieces: Iterator[str]) -> Iterator[str]:
    """Yield a reply without the thought that some models begin with, in tags of their own."""
    held = ""
    for piece in pieces:
        held = (held + piece).lstrip()
        if held.startswith(_THOUGHT):
            if _THOUGHT_ENDS not in held[-len(piece) - len(_THOUGHT_ENDS) :]:
                continue
            held = held.partition(_THOUGHT_ENDS)[2].lstrip()
            break
        if not _THOUGHT.startswith(held):
            break
    if not held.startswith(_THOUGHT):
        yield from (piece for piece in chain((held,), pieces) if piece)


def _read_event(data: str) -> str:
    """Return the text that an event adds to the reply, which may be none."""
    try:
        event = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _unusable() from error
    match event:
        case {"error": _}:
            raise LanguageModelError("语言模型服务中途报错。", "请看它的日志。")
        case {"choices": [{"delta": {"content": str(text)}}, *_]}:
            return _SURROGATES.sub("\ufffd", text)
        case {"choices": [] | [{"delta": {"content": None}}, *_]}:
            return ""
        case {"choices": [{"delta": {"content": _}}, *_]}:
            raise _unusable()
        case {"choices": [{"delta": {}}, *_]}:
            return ""
    raise _unusable()


def _check_response(response: "httpx2.Response") -> None:
    """Raise what a response means that is no reply; its body is not shown, for it may repeat the
    key."""
    if response.is_redirect:
        raise LanguageModelError(
            "语言模型服务要求转到别的地址，没有照做。", "请把 SUYUAN_LLM_BASE_URL 改为最终的地址。"
        )
    if not response.is_success:
        cure = _CURES.get(response.status_code, "请看它的日志。")
        raise LanguageModelError(f"语言模型服务答复 HTTP {response.status_code}。", cure)
    if response.headers.get("content-encoding", "identity") != "identity":
        raise _unusable()


def _check(settings: Settings) -> None:
    """Raise what keeps the settings from being used; a value that may hold a secret is not said."""
    if not settings.llm_base_url or not settings.llm_model:
        missing = "SUYUAN_LLM_MODEL" if settings.llm_base_url else "SUYUAN_LLM_BASE_URL"
        raise LanguageModelError(
            f"设置了语言模型，但没有设置 {missing}。", "请补上，或都不设置以不用语言模型。"
        )
    if not _is_base(settings.llm_base_url):
        raise LanguageModelError(
            "SUYUAN_LLM_BASE_URL 不是 http:// 或 https:// 开头、不含用户名和参数的网址。",
            "请改为例如 http://127.0.0.1:8000/v1。",
        )
    if not _HEADER_WORD.fullmatch(settings.llm_key):
        raise LanguageModelError("SUYUAN_LLM_KEY 含有空白、汉字或控制字符。", "请核对后重新设置。")


def _is_base(url: str) -> bool:
    try:
        parts = urlsplit(url)
        has_place = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    is_plain = _HEADER_WORD.fullmatch(url) and not {"@", "?", "#"} & set(url)
    return bool(has_place and is_plain and parts.scheme in ("http", "https"))


def _too_slow(seconds: int) -> LanguageModelError:
    return LanguageModelError(
        f"语言模型没有在 {seconds} 秒内写完。", "可以增大 SUYUAN_LLM_SECONDS 或换小一些的模型。"
    )


def _too_long() -> LanguageModelError:
    return LanguageModelError(
        f"语言模型写了超过 {_MOST_CHARACTERS} 字，后面的没有取。", "请换一个模型。"
    )


def _unusable() -> LanguageModelError:
    return LanguageModelError(
        "语言模型服务的答复不合约定的格式。", "请确认它提供 OpenAI 兼容的流式接口。"
    )
