"""Tabs of a real Chromium: what a person sees and when, to compare the protocol's visitor with."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Error, WebSocket, async_playwright

from benchmarks.visitor import PATIENCE, Page, Shown, VisitFailed

_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
_BOX = ".st-key-question input"
_ANSWER = ".st-key-answer .paper"
# Begins to wait for an answer that is not the one that is there; the clock starts with Enter, and
# stops when the browser has painted what came.
_WATCH = """() => {
  const shown = () => document.querySelector(".st-key-answer [data-testid^=stBidiComponent]")
    ?.shadowRoot?.querySelector(".statement, .notice");
  const before = shown();
  window.answered = new Promise((resolve) => {
    const wait = (start) => {
      const now = shown();
      if (!now || now === before) return requestAnimationFrame(() => wait(start));
      requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
    };
    const begin = (event) => {
      if (event.key !== "Enter") return;
      document.removeEventListener("keydown", begin, true);
      wait(performance.now());
    };
    document.addEventListener("keydown", begin, true);
  });
}"""


class Tab:
    """A person at a tab of the browser; it satisfies `Person`.

    An answer is there when its words can be seen, after the message that the script has finished;
    that message comes over the tab's own websocket, which is read along. `first` is how long it
    took, in milliseconds, from Enter until the first words of the last answer were on the screen.
    """

    first = 0.0

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser = browser
        self._address = address
        self._held = Page(address)
        self._finished = asyncio.Event()
        self._window: Any = None

    async def __aenter__(self) -> "Tab":
        self._window = await self._browser.new_page()
        self._window.set_default_timeout(PATIENCE * 1000)
        self._window.on("websocket", self._listen)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._window.close()

    async def open(self) -> None:
        await self._window.goto(self._address)
        await self._run()

    async def ask(self, question: str) -> Shown:
        await self._window.locator(_BOX).fill(question)
        self._finished.clear()
        await self._window.evaluate(_WATCH)
        await self._window.locator(_BOX).press("Enter")
        await self._run()
        self.first = await self._window.evaluate("window.answered")
        return self._held.shown()

    def _listen(self, line: WebSocket) -> None:
        line.on("framereceived", self._take)

    def _take(self, payload: str | bytes) -> None:
        if isinstance(payload, bytes) and self._held.take(payload):
            self._finished.set()

    async def _run(self) -> None:
        """Wait until the script has finished and its answer can be seen."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._finished.wait()
                words = "".join(_texts(json.loads(self._held.shown().answer)))
                await self._window.locator(_ANSWER).filter(has_text=words).wait_for()
        except (TimeoutError, Error) as error:
            reason = type(error).__name__
            raise VisitFailed(f"浏览器里没有等到回答（{reason}）。", "请看应用的日志。") from error


def _texts(nodes: Iterable[Any]) -> Iterator[str]:
    """Yield the words of nodes of ui/paper."""
    for node in nodes:
        if isinstance(node, str):
            yield node
        else:
            yield from _texts(node[2:])


@asynccontextmanager
async def opened_chromium(address: str) -> AsyncIterator[Callable[[], Tab]]:
    """Start the system's Chromium and give what opens a tab of it.

    Raises:
        VisitFailed: there is none.
    """
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise VisitFailed("本机没有 Chromium。", "请先安装它，或去掉 --tabs。")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        yield lambda: Tab(browser, address)
        await browser.close()
