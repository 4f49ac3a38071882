"""The main journey in a real browser: ask, see quotes by locality, open the marked sentence."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from indexer.build import build
from indexer.settings import Settings

pytestmark = pytest.mark.browser

PROJECT = Path(__file__).resolve().parent.parent
REAL_NOTICES = PROJECT.parent / "shared" / "corpus"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE = 60_000  # milliseconds; the first question waits for the model
QUESTION = "各地对大班额的要求是什么"
ONE_PLACE = "施甸县学前教育毛入园率要达到多少"
HOSTILE = (
    "费用$x^2$元 :red[红] **粗** [链](javascript:alert(1)) <script>document.title='x'</script>"
)


@contextmanager
def serve(settings: Settings) -> Iterator[str]:
    """Build an index, serve the application over it on a free port, and yield its address."""
    build(settings, lambda _: None)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    named = {"CORPUS": settings.corpus, "INDEX": settings.index, "MODEL": settings.model}
    environment = os.environ | {f"SUYUAN_{name}": str(value) for name, value in named.items()}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    server = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_until_up(f"http://localhost:{port}/_stcore/health")
        yield f"http://localhost:{port}/"
    finally:
        server.terminate()
        server.wait(timeout=20)


def wait_until_up(address: str) -> None:
    deadline = time.monotonic() + PATIENCE / 1000
    while True:
        try:
            with urlopen(address, timeout=2):
                return
        except (URLError, ConnectionError, TimeoutError):
            assert time.monotonic() < deadline, "the application did not start"
            time.sleep(0.2)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a window of its own; the test fails if anything asks another host."""
    strangers: list[str] = []

    def check(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "localhost":
            strangers.append(request.url)

    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page.on("request", check)
    yield page
    page.close()
    assert strangers == []


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application with the real model over real notices, else over the project's own."""
    corpus = REAL_NOTICES if REAL_NOTICES.is_dir() else PROJECT / "corpus"
    with serve(Settings(corpus, tmp_path_factory.mktemp("site"))) as address:
        yield address


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application over one notice full of markup."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "corpus").mkdir()
    notice = f"石门区水务局关于:red[清淤]$y$的通知\n\n一、范围\n本次清淤{HOSTILE}。\n"
    (folder / "corpus" / "清淤.txt").write_text(notice, encoding="utf-8")
    with serve(Settings(folder / "corpus", folder / "index", "hashing")) as address:
        yield address


def ask(page: Page, question: str) -> None:
    page.get_by_label("问题", exact=True).fill(question)
    page.keyboard.press("Enter")
    page.locator(".statement").first.wait_for()


def test_a_question_leads_to_quotes_by_locality_and_to_the_marked_sentence(
    page: Page, site: str
) -> None:
    page.goto(site)
    ask(page, QUESTION)
    for place in ("玉溪市", "昭通市"):
        group = page.get_by_role("row").filter(has_text=place)
        expect(group.locator(".statement").first).to_contain_text("班")
    quote = page.locator("ol.citations > li").first.locator("blockquote").inner_text()

    page.locator(".mark").first.click()

    expect(page.locator(".text mark").first).to_be_in_viewport()
    assert "".join(page.locator(".text mark").all_inner_texts()) == quote
    assert urlsplit(page.url).path == "/document"


def test_the_way_back_leads_to_the_same_answer(page: Page, site: str) -> None:
    page.goto(site)
    ask(page, QUESTION)
    asked, answer = page.url, page.locator(".statement").all_inner_texts()
    for leave in (page.go_back, lambda: page.locator("a.back").click()):
        page.locator(".mark").first.click()
        page.locator(".text mark").first.wait_for()
        leave()
        page.locator(".statement").first.wait_for()
        page.mouse.move(0, 0)  # off the number, whose card would be open
        expect(page.locator(".card").first).to_be_hidden()
        assert page.locator(".statement").all_inner_texts() == answer
        assert page.url == asked
        expect(page.get_by_label("问题", exact=True)).to_have_value(QUESTION)


def test_an_address_alone_brings_the_same_answer(page: Page, site: str) -> None:
    page.goto(site)
    ask(page, QUESTION)
    answer = page.locator(".statement").all_inner_texts()
    page.reload()
    page.locator(".statement").first.wait_for()
    assert page.locator(".statement").all_inner_texts() == answer


def test_a_row_of_the_library_and_a_heading_of_the_outline_can_be_clicked(
    page: Page, site: str
) -> None:
    page.goto(f"{site}library")
    page.get_by_role("row").filter(has_text="26号").first.click()
    heading = page.locator("aside button").last
    heading.click()
    expect(page.locator(".text .heading").last).to_be_in_viewport()


def test_markup_in_a_notice_is_shown_as_text(page: Page, hostile_site: str) -> None:
    page.goto(f"{hostile_site}library")
    page.get_by_text("石门区水务局关于:red[清淤]$y$的通知", exact=True).click()
    expect(page.locator(".text")).to_contain_text(HOSTILE)
    assert page.locator(".text script, .text a, .text strong, .katex").count() == 0
    assert page.title() != "x"


def test_a_filter_narrows_the_answer_and_one_click_takes_it_back(page: Page, site: str) -> None:
    page.goto(site)
    ask(page, QUESTION)
    asked = page.url
    page.get_by_label("地区").fill("施甸")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator(".chip").filter(has_text="施甸县")).to_be_visible()
    expect(page.locator("ol.citations .facts").filter(has_text="玉溪市")).to_have_count(0)
    page.get_by_role("button", name="清除筛选").click()
    page.locator(".statement").first.wait_for()
    expect(page).to_have_url(asked)


def test_a_list_without_a_match_says_so_in_chinese(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_label("地区").fill("无此地")
    words = page.get_by_role("option").locator("span").first
    said = words.evaluate(
        "e => [getComputedStyle(e, '::after').content, getComputedStyle(e).fontSize]"
    )
    assert said == ['"没有相符的选项"', "0px"]


@pytest.mark.parametrize("width", [1440, 390])
def test_a_mark_shows_a_card_to_the_pointer_and_to_the_keyboard(
    page: Page, site: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(site)
    ask(page, ONE_PLACE)
    mark, card = page.locator(".cited .mark").first, page.locator(".card").first
    quote = page.locator("ol.citations blockquote").first.inner_text()
    expect(card).to_be_hidden()
    for show in (mark.hover, mark.focus):
        show()
        expect(card).to_be_visible()
        assert quote in card.inner_text()
        box = card.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        page.mouse.move(0, 0)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_quote_is_copied_with_its_citation_and_shown(page: Page, site: str) -> None:
    page.goto(site)
    ask(page, ONE_PLACE)
    first = page.locator("ol.citations > li").first
    quote = first.locator("blockquote").inner_text()
    for name in ("公文格式", "GB/T 7714—2025"):
        button = first.get_by_text(name, exact=True)
        button.click()
        expect(first.locator(".copied > span")).to_have_text(
            button.get_attribute("data-copy") or ""
        )
        expect(first.locator(".copied")).to_contain_text(f"“{quote}”")
    first.locator("a.title").click()
    expect(page.locator("aside .marked")).to_contain_text("》")


def test_nothing_is_wider_than_a_narrow_screen(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(site)
    ask(page, QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".mark").first.click()
    expect(page.locator(".text mark").first).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
