"""A visitor of the application: what a browser tab sends and keeps, without the browser.

Streamlit's pages live on one websocket of protobuf messages. A tab sends a `BackMsg` with the state
of all its widgets and gets `ForwardMsg`s: elements by their place, the address, and at last that
the script has finished. What it sends here was compared with what Chromium sends.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, cast

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin, Subprotocol

from indexer.errors import SuyuanError

PATIENCE = 120.0  # seconds; whoever waits longer has gone
_LARGEST = 64 << 20  # bytes of a message
_BOX, _BUTTON = "question", "asking"  # the key of the box, the form of its button


class VisitFailed(SuyuanError):
    """The application did not answer as it should."""

    exit_code = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows: `papers` are the nodes of ui/paper by the key they are shown under."""

    papers: dict[str, str]
    exceptions: tuple[str, ...]

    @property
    def answer(self) -> str:
        return self.papers.get("answer", "")

    def check(self) -> None:
        """Make sure that there is a cited answer, or a refusal that says why.

        Raises:
            VisitFailed: there is neither, or an error.
        """
        if self.exceptions or "error" in self.papers:
            said = "；".join(self.exceptions) or self.papers["error"]
            raise VisitFailed(f"页面出错：{said}。", "请看应用的日志。")
        is_refused = '"class": "notice"' in self.answer
        is_cited = '"class": "citations"' in self.answer
        if not is_refused and not is_cited:
            raise VisitFailed("页面既没有带出处的回答，也没有说明为何拒答。", "请看应用的日志。")


class Person(Protocol):
    """Whoever opens the page and asks, by the protocol or in a browser."""

    async def open(self) -> None:
        """Open the page and wait until it is there."""

    async def ask(self, question: str) -> Shown:
        """Type a question, press Enter and wait until the page has all of its answer.

        Raises:
            VisitFailed: the script broke off, the line was cut, or it took longer than `PATIENCE`.
        """


Opening: TypeAlias = Callable[[], AbstractAsyncContextManager[Person]]


class Page:
    """The page as a tab holds it, fed with what comes and asked for what to send."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._script = self._query = ""
        self._oldest = 2  # runs for which a large message is kept, as the server says
        self._run = 0
        self._elements: dict[tuple[int, ...], Element] = {}
        self._kept: dict[str, tuple[int, ForwardMsg]] = {}

    def take(self, payload: bytes) -> bool:
        """Take a message; tell whether the script has finished with it.

        Raises:
            VisitFailed: the server names a message that it never sent, or the script broke off.
        """
        message = ForwardMsg()
        message.ParseFromString(payload)
        kind = message.WhichOneof("type")
        if kind == "ref_hash":
            message, kind = self._recall(message), "delta"
        elif message.metadata.cacheable:
            self._kept[message.hash] = (self._run, message)
        if kind == "new_session":
            self._script = message.new_session.page_script_hash
            self._oldest = message.new_session.config.max_cached_message_age
            self._elements = {}
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "delta":
            self._place(message)
        elif kind == "script_finished":
            return self._finish(message.script_finished)
        return False

    def _recall(self, message: ForwardMsg) -> ForwardMsg:
        if message.ref_hash not in self._kept:
            raise VisitFailed("服务器引用了未曾发来的消息。", "请看应用的日志。")
        found = ForwardMsg()
        found.CopyFrom(self._kept[message.ref_hash][1])
        found.metadata.CopyFrom(message.metadata)
        self._kept[message.ref_hash] = (self._run, found)
        return found

    def _place(self, message: ForwardMsg) -> None:
        path = tuple(message.metadata.delta_path)
        if message.delta.WhichOneof("type") == "new_element":
            self._elements[path] = message.delta.new_element
        elif message.delta.WhichOneof("type") == "add_block":
            self._elements.pop(path, None)

    def _finish(self, status: int) -> bool:
        if status == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return False
        if status != ForwardMsg.FINISHED_SUCCESSFULLY:
            raise VisitFailed(f"脚本未能完成（{status}）。", "请看应用的日志。")
        self._run += 1
        oldest = self._run - self._oldest
        self._kept = {name: row for name, row in self._kept.items() if row[0] >= oldest}
        return True

    def shown(self) -> Shown:
        """Return what is shown now."""
        papers, exceptions = {}, []
        for element in self._elements.values():
            kind = element.WhichOneof("type")
            if kind == "exception":
                exceptions.append(f"{element.exception.type} {element.exception.message}")
            elif kind == "bidi_component":
                component = element.bidi_component
                told = json.loads(component.json or component.bytes)
                if "nodes" in told:
                    key = component.id.rsplit("-", 1)[-1]
                    papers[key] = json.dumps(told["nodes"], ensure_ascii=False)
        return Shown(papers, tuple(exceptions))

    def first_run(self) -> BackMsg:
        """Return what a tab sends when it has opened the page."""
        return self._rerun([])

    def ask(self, question: str) -> BackMsg:
        """Return what a tab sends when a question is typed and Enter is pressed."""
        states = [state for each in self._elements.values() if (state := _state(each, question))]
        if not any(state.HasField("trigger_value") for state in states):
            raise VisitFailed("页面上没有提问的输入框和按钮。", "请看应用的日志。")
        return self._rerun(states)

    def _rerun(self, states: list[WidgetState]) -> BackMsg:
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = self._query
        asked.page_script_hash = self._script
        asked.widget_states.widgets.extend(states)
        asked.cached_message_hashes.extend(self._kept)
        context = asked.context_info
        context.timezone, context.timezone_offset, context.locale = "Asia/Shanghai", -480, "zh-CN"
        context.url = f"{self._address}?{self._query}" if self._query else self._address
        context.is_embedded, context.color_scheme = False, "light"
        return message


def _state(element: Element, question: str) -> WidgetState | None:
    """Return what a tab says of a widget; nothing of what is none and of buttons not pressed."""
    kind = element.WhichOneof("type")
    if kind == "button":
        is_asking = element.button.form_id == _BUTTON
        return WidgetState(id=element.button.id, trigger_value=True) if is_asking else None
    if kind == "text_input":
        field = element.text_input
        is_box = field.id.endswith(f"-{_BOX}")
        return WidgetState(id=field.id, string_value=question if is_box else "")
    if kind == "checkbox":
        box = element.checkbox
        return WidgetState(id=box.id, bool_value=box.value if box.set_value else box.default)
    if kind == "multiselect":
        state = WidgetState(id=element.multiselect.id)
        state.string_array_value.data.extend(element.multiselect.raw_values)
        return state
    if kind == "selectbox":
        return WidgetState(id=element.selectbox.id)
    return None


class Visitor:
    """A person at the application, by its protocol alone; it satisfies `Person`."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._page = Page(address)
        self._line: ClientConnection | None = None

    async def __aenter__(self) -> "Visitor":
        address = self._address.replace("http", "ws", 1) + "_stcore/stream"
        origin = Origin(self._address.rstrip("/"))
        streamlit = [Subprotocol("streamlit")]
        self._line = await connect(
            address, origin=origin, subprotocols=streamlit, max_size=_LARGEST
        )
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._line is not None:
            await self._line.close()

    async def open(self) -> None:
        await self._run(self._page.first_run())

    async def ask(self, question: str) -> Shown:
        await self._run(self._page.ask(question))
        return self._page.shown()

    async def _run(self, message: BackMsg) -> None:
        line = cast(Any, self._line)
        try:
            async with asyncio.timeout(PATIENCE):
                await line.send(message.SerializeToString())
                while not self._page.take(await line.recv(decode=False)):
                    pass
        except (TimeoutError, OSError, WebSocketException) as error:
            raise VisitFailed(
                f"没有等到回答（{type(error).__name__}）。", "请看应用的日志。"
            ) from error
