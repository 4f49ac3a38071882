"""The application in a real browser: a plug-in of pytest, so that all such tests share a site."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from indexer.build import build
from indexer.settings import Settings

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
    "费用$x^2$元 :red[红] **粗** [链](javascript:alert(1)) <script>document.title='x'</script> "
    ":material/home: :smile: `码` ~~删~~ <b>b</b>"
)


@contextmanager
def serve(settings: Settings) -> Iterator[str]:
    """Bring an index up to date, serve the application over it on a free port, and yield its
    address."""
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
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The real notices, else the project's own, indexed with the real model. Of the processes that
    run tests side by side, those that come later take what the first has embedded."""
    corpus = REAL_NOTICES if REAL_NOTICES.is_dir() else PROJECT / "corpus"
    settings = Settings(corpus, tmp_path_factory.mktemp("indexed") / "index")
    folder = tmp_path_factory.getbasetemp()
    made = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "embedded"
    if made.is_dir():
        shutil.copytree(made, settings.index)
    build(settings, lambda _: None)
    if not made.is_dir():
        copied = shutil.copytree(settings.index, settings.index.with_name("embedded"))
        with suppress(OSError):  # another was first
            copied.rename(made)
    return settings


@pytest.fixture(scope="session")
def site(indexed: Settings) -> Iterator[str]:
    """The application over them."""
    with serve(indexed) as address:
        yield address


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application over two notices full of markup, in a folder of such a name."""
    folder = tmp_path_factory.mktemp("hostile")
    marked = folder / "corpus" / "**夹** :red[x] :smile:"
    marked.mkdir(parents=True)
    notice = f"石门区水务局关于:red[清淤]$y$的通知\n\n一、范围\n本次清淤{HOSTILE}。\n"
    (folder / "corpus" / "清淤.txt").write_text(notice, encoding="utf-8")
    other = notice.replace("清淤", "造林").replace("水务", "林业")
    (marked / "*其二* $z$.txt").write_text(other, encoding="utf-8")
    with serve(Settings(folder / "corpus", folder / "index", "hashing")) as address:
        yield address


def alter_example(page: Page, site: str, addition: str) -> str:
    """Put the first example of the page of precedents into the box with something before it, send
    it, and return the example."""
    page.goto(f"{site}precedents")
    draft = page.get_by_role("textbox", name="初稿")
    page.locator("a.example").first.click()
    expect(page.locator(".likeness").first).to_have_text("逐字相同")
    example = draft.input_value()
    draft.fill(f"{addition}{example}")
    draft.press("Control+Enter")
    return example


def ask(page: Page, question: str) -> None:
    page.get_by_label("问题", exact=True).fill(question)
    page.keyboard.press("Enter")
    page.locator(".statement").first.wait_for()
