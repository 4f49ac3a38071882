"""Quotes are collected on several pages, survive a reload, are put in order, annotated, exported."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.basket_files import WordFile, read_word
from tests.browsing import HOSTILE, ONE_PLACE, ask

pytestmark = pytest.mark.browser


def export_word(page: Page) -> WordFile:
    """Press the button of the basket's page that makes a Word file, and open the file."""
    with page.expect_download() as started:
        page.get_by_role("button", name="导出 Word").click()
    return read_word(Path(started.value.path()).read_bytes())


def quotes(page: Page) -> Locator:
    return page.locator(".basket-items blockquote")


def test_quotes_of_two_pages_become_a_word_file(page: Page, site: str) -> None:
    page.goto(site)
    ask(page, ONE_PLACE)
    cited = page.locator("ol.citations > li").first
    first = cited.locator("blockquote").inner_text()
    button = cited.get_by_role("button", name="放入资料篮")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(cited.get_by_role("button", name="已在资料篮")).to_have_attribute("aria-pressed", "true")
    expect(cited.locator(".collecting output")).to_contain_text("共 1 条")

    page.get_by_role("link", name="检索").click()
    page.get_by_label("检索词").fill("学前教育")
    page.keyboard.press("Enter")
    found = page.locator("article.found blockquote").first
    second = found.inner_text()
    page.locator("article.found .collect").first.click()

    page.get_by_role("link", name=re.compile("资料篮.*（2）")).click()
    expect(quotes(page)).to_have_text([first, second], use_inner_text=True)
    page.reload()
    expect(quotes(page)).to_have_text([first, second], use_inner_text=True)

    note = page.get_by_label("第 2 条的批注")
    note.press_sequentially("放在开头")
    expect(note).to_be_focused()
    page.get_by_role("button", name="上移第 2 条").press("Enter")
    expect(quotes(page)).to_have_text([second, first], use_inner_text=True)
    expect(page.get_by_role("button", name="下移第 1 条")).to_be_focused()
    page.get_by_text("GB/T 7714—2025", exact=True).click()
    expect(page.locator(".basket-cited").first).to_contain_text("/DK].")

    read = export_word(page)
    assert read.of_style("引文") == [second, first]
    assert read.of_style("批注") == ["批注：放在开头"]
    shown = page.locator(".basket-cited").all_inner_texts()
    assert [read.cited[words] for words in (second, first)] == shown


def test_what_is_taken_out_can_be_put_back_and_another_tab_follows(
    page: Page, hostile_site: str
) -> None:
    page.goto(f"{hostile_site}search?q=清淤")
    page.locator(".collect").first.click()
    collected = page.get_by_role("button", name="已在资料篮")
    expect(collected).to_have_count(1)

    with page.expect_popup() as opened:
        page.evaluate("address => { window.open(address); }", f"{hostile_site}basket")
    other = opened.value
    expect(quotes(other)).to_contain_text(HOSTILE)
    other.get_by_label("第 1 条的批注").fill("留着")
    other.get_by_role("button", name="全部移出").click()
    expect(other.get_by_text("资料篮还是空的。")).to_be_visible()
    expect(other.get_by_role("button", name="撤销移出")).to_be_focused()
    expect(collected).to_have_count(0)

    other.keyboard.press("Enter")
    expect(collected).to_have_count(1)
    expect(other.get_by_label("第 1 条的批注")).to_have_value("留着")
    collected.click()
    expect(other.get_by_text("资料篮还是空的。")).to_be_visible()
    page.get_by_role("button", name="放入资料篮").first.click()
    expect(other.get_by_label("第 1 条的批注")).to_have_value("留着")


def test_what_is_stored_by_something_else_does_no_harm(page: Page, hostile_site: str) -> None:
    page.goto(f"{hostile_site}basket")
    for stored in ("{", "7", '[null, 1, {"quote": "词"}, {"quote": "词", "start": "3"}]'):
        page.evaluate("stored => localStorage.setItem('suyuan.basket', stored)", stored)
        page.reload()
        expect(
            page.get_by_text("资料篮还是空的。").or_(page.locator(".basket-items > li")).first
        ).to_be_visible()
    expect(page.locator(".basket-items")).to_contain_text(
        "这一条不完整或太长，无法核对，不会导出。"
    )
    page.get_by_role("button", name="移出第 1 条").click()
    page.get_by_role("button", name="移出第 1 条").click()
    expect(page.get_by_text("资料篮还是空的。")).to_be_visible()


def test_the_basket_fits_a_narrow_screen(page: Page, hostile_site: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{hostile_site}search?q=清淤")
    page.locator(".collect").first.click()
    page.goto(f"{hostile_site}basket?cite=gbt7714_2015")
    expect(quotes(page)).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
