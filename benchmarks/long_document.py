"""The page of a notice of 5 MB in Chromium: how long until it can be read, and how it scrolls.

    python -m benchmarks.long_document                      5 MB: 7,000 articles, 22,000 paragraphs
    python -m benchmarks.long_document --characters 300000

An invented notice is indexed with the small encoder and served. In a tab that has the application
open, the page is opened, opened at a mark near its end, and marked elsewhere; then it is scrolled,
a wheel's notch each 16 ms, and thrown to its middle. Times are from the click until the browser has
painted; "server ms" is processor time, "tab ms" how long the tab's own thread was busy, with what
it built afterwards; frames are the times between two of them, 16.7 ms on an idle machine.
"""

import argparse
import random
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import CDPSession, Page, sync_playwright

from benchmarks.metrics import Figures
from benchmarks.runs import this_run
from benchmarks.serving import NotServing, Server, serve
from benchmarks.tables import format_table
from benchmarks.timing import percentile
from indexer.build import build
from indexer.errors import SuyuanError
from indexer.settings import Settings

_SEED = 20261122
_NAME = "规程.txt"
_WORDS = (
    "资金 学校 县区 建设 管理 监督 检查 部门 责任 工作 项目 服务 人员 标准 规范 保障 机制 公开 "
    "审批 评估 维修 道路 河道 绿化 供水 收费 补贴 登记 备案 公示"
).split()
_CHAPTER = 40  # articles
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
_SETTLING = 4000  # milliseconds: what is built later is there by then
_NOTCHES, _NOTCH = 120, 600  # of the wheel, and pixels of one

# Goes to an address as a link of the application does, waits for the first element of a selector
# to be in sight, and for the frame after that.
_VISIT = """([address, selector]) => new Promise((done) => {
  const begun = performance.now();
  const find = () => [...document.querySelectorAll('[data-testid^=stBidiComponent]')]
    .map((host) => host.shadowRoot?.querySelector(selector)).find(Boolean);
  const old = find();
  history.pushState(null, '', address);
  window.dispatchEvent(new PopStateEvent('popstate'));
  const look = () => {
    const found = find();
    const box = found && found !== old ? found.getBoundingClientRect() : null;
    if (!box || box.top >= innerHeight || box.bottom <= 0) return setTimeout(look, 50);
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
  };
  look();
})"""
_COUNT_FRAMES = """() => {
  window.frames_seen = [];
  let last = performance.now();
  const note = (now) => {
    window.frames_seen.push(now - last);
    last = now;
    requestAnimationFrame(note);
  };
  requestAnimationFrame(note);
}"""
_THROW = """() => {
  window.frames_seen.length = 0;
  const main = document.querySelector('[data-testid=stMain]');
  main.scrollTop = main.scrollHeight / 2;
}"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a table and keep the figures."""
    parser = argparse.ArgumentParser(description="一份很长的文件")
    parser.add_argument("--characters", type=int, default=1_700_000, help="正文有多少字")
    given = parser.parse_args(arguments)
    text = write_notice(given.characters)
    try:
        with tempfile.TemporaryDirectory() as folder:
            settings = _index(Path(folder), text)
            with serve(settings, Path(folder) / "log") as server, _opened(server) as page:
                rows = measure(server, page, text)
    except SuyuanError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(f"{len(text.encode()) / 1e6:.1f} MB, {text.count(chr(10))} 段")
    print(format_table(rows))
    print(this_run().save("long-document", rows))
    return 0


def write_notice(characters: int) -> str:
    """Return an invented notice of about so many characters: chapters of articles with items."""
    dice = random.Random(_SEED)

    def sentence() -> str:
        first, then = (
            dice.choices(_WORDS, k=dice.randint(*bounds)) for bounds in ((6, 22), (4, 9))
        )
        return f"各{''.join(first)}，应当{''.join(then)}。"

    lines = [
        "霁川市人民政府关于印发城市管理综合规程的通知",
        "霁政发〔2024〕3号",
        "",
        "城市管理综合规程",
    ]
    size = number = 0
    while size < characters:
        if number % _CHAPTER == 0:
            lines.append(f"第{number // _CHAPTER + 1}章　{''.join(dice.choices(_WORDS, k=2))}")
        number += 1
        items = range(1, dice.randint(1, 5))
        article = [f"第{number}条　{sentence()}{sentence()}"]
        article += [
            f"（{item}）{sentence()}" if dice.random() < 0.6 else sentence() for item in items
        ]
        size += sum(map(len, article))
        lines += article
    return "\n".join(lines) + "\n"


def _index(folder: Path, text: str) -> Settings:
    settings = Settings(folder / "corpus", folder / "index", "hashing")
    settings.corpus.mkdir()
    (settings.corpus / _NAME).write_text(text, encoding="utf-8")
    build(settings, lambda _: None)
    return settings


@contextmanager
def _opened(server: Server) -> Iterator[Page]:
    """Give a tab that has the application open.

    Raises:
        NotServing: there is no Chromium.
    """
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise NotServing("本机没有 Chromium。", "请先安装它。")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        page.set_default_timeout(120_000)
        page.goto(server.address)
        page.locator(".paper").first.wait_for()
        page.wait_for_timeout(_SETTLING)
        yield page
        browser.close()


def measure(server: Server, page: Page, text: str) -> dict[str, Figures]:
    """Return the figures of opening, opening at a mark, marking elsewhere, and scrolling."""
    late = text.index("。", len(text) * 9 // 10) + 1
    places = {
        "打开": ({}, ".text p"),
        "在末尾标出": ({"start": late, "end": late + 40}, ".text mark"),
        "另标一处": ({"start": late - 9_000, "end": late - 8_960}, ".text mark"),
    }
    line = page.context.new_cdp_session(page)
    line.send("Performance.enable")
    received = _Received(page)
    rows: dict[str, Figures] = {}
    for name, (place, selector) in places.items():
        before, bytes_before = server.processor_seconds(), received.bytes
        busy = _metrics(line)["TaskDuration"]
        address = f"document?{urlencode({'doc': _NAME, **place})}"
        took = page.evaluate(_VISIT, [address, selector])
        page.wait_for_timeout(_SETTLING)
        rows[name] = {
            "ms": took,
            "server ms": (server.processor_seconds() - before) * 1000,
            "tab ms": (_metrics(line)["TaskDuration"] - busy) * 1000,
            "MB sent": (received.bytes - bytes_before) / 1e6,
            **_held(line),
        }
    page.evaluate(_COUNT_FRAMES)
    page.mouse.move(800, 500)
    for _ in range(_NOTCHES):
        page.mouse.wheel(0, -_NOTCH)
        page.wait_for_timeout(16)
    rows["滚动"] = _frames(page)
    page.evaluate(_THROW)
    page.wait_for_timeout(_SETTLING // 4)
    rows["跳到中间"] = _frames(page)
    return rows


class _Received:
    """How many bytes came over the application's websockets that a page opens from now on, and
    over the one that it has."""

    def __init__(self, page: Page) -> None:
        self.bytes = 0
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        line.on("Network.webSocketFrameReceived", self._take)

    def _take(self, event: dict[str, Any]) -> None:
        self.bytes += len(event["response"]["payloadData"]) * 3 // 4  # base64


def _held(line: CDPSession) -> Figures:
    """Return what the page holds now: millions of bytes of JavaScript's, and thousands of nodes."""
    line.send("HeapProfiler.collectGarbage")
    found = _metrics(line)
    return {"heap MB": found["JSHeapUsedSize"] / 1e6, "k nodes": found["Nodes"] / 1000}


def _metrics(line: CDPSession) -> dict[str, float]:
    found = line.send("Performance.getMetrics")["metrics"]
    return {each["name"]: each["value"] for each in found}


def _frames(page: Page) -> Figures:
    frames = page.evaluate("window.frames_seen")
    return {
        "frame p50 ms": statistics.median(frames),
        "p95 ms": percentile(frames, 0.95),
        "max ms": max(frames),
    }


if __name__ == "__main__":
    sys.exit(main())
