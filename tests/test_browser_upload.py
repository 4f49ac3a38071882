"""From an upload to an answer that cites it, and out of the library again, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from indexer.settings import Settings
from tests.browsing import serve
from tests.pages import NOTICES, write_notices

pytestmark = pytest.mark.browser

NEW = NOTICES["a/柳溪.txt"].replace("柳溪", "云岭").replace("柳政", "云政")
TITLE = "云岭市人民政府办公室关于化解大班额的通知"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """An application of its own over three notices, and its corpus."""
    write_notices(tmp_path / "corpus", NOTICES)
    with serve(Settings(tmp_path / "corpus", tmp_path / "index", "hashing")) as address:
        yield address, tmp_path / "corpus"


def test_a_notice_comes_in_is_cited_and_goes_out_again(
    page: Page, library: tuple[str, Path]
) -> None:
    site, corpus = library
    page.goto(f"{site}library?view=update")
    page.locator("input[type=file]").set_input_files(
        [
            {"name": "云岭.txt", "mimeType": "text/plain", "buffer": NEW.encode()},
            {"name": "坏.docx", "mimeType": "application/msword", "buffer": b"\0\1" * 99},
        ]
    )
    report = page.locator(".uploads")
    expect(report).to_contain_text(TITLE)
    expect(report).to_contain_text("文件已损坏")
    assert not (corpus / "云岭.txt").exists()
    page.reload()
    page.get_by_role("button", name="收下 1 份并立即收录").click()
    expect(page.locator(".notice").filter(has_text="索引已建立")).to_contain_text("新增 1 份")

    page.goto(f"{site}?q=云岭市大班额的比例控制在百分之三以内")
    expect(page.locator("ol.citations > li").first).to_contain_text(TITLE)

    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}library?manage=1")
    box = page.get_by_label(f"选择 {TITLE}")
    box.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="移出所选（1）").press("Enter")
    expect(page.get_by_text("移出下列文件？")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.go_back()
    expect(page.get_by_role("button", name="移出所选", exact=True)).to_be_disabled()
    page.go_forward()
    page.get_by_role("button", name="移出这份文件").click()
    expect(page.locator(".notice").filter(has_text="索引已建立")).to_contain_text("移除 1 份")
    expect(page.get_by_label(f"选择 {TITLE}")).to_have_count(0)
    assert not (corpus / "云岭.txt").exists()
    page.get_by_role("link", name="已移出（1）").click()
    expect(page.locator("table.removed")).to_contain_text("云岭.txt")
