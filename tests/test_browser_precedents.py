"""A draft in a real browser: pasted, sent by Ctrl+Enter, its precedent opened and come back from."""

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import alter_example

pytestmark = pytest.mark.browser


def test_a_draft_leads_to_its_precedent_and_back(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    quote = alter_example(page, site, "临川市")
    expect(page.locator(".likeness").first).to_contain_text("仅有改动")
    first = page.locator(".precedent").first
    expect(first.locator("del")).to_have_text("临川市")
    # What only the draft has is not taken along when the quote is selected.
    chosen = first.evaluate("e => (getSelection().selectAllChildren(e), getSelection().toString())")
    assert "临川市" not in chosen and len(chosen) >= len(quote)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    address = page.url
    page.locator("article a.title").first.click()
    expect(page.locator(".text mark").first).to_be_in_viewport()
    page.locator("a.back").click()
    expect(page.locator(".likeness").first).to_contain_text("仅有改动")
    expect(page.get_by_role("textbox", name="初稿")).to_have_value(f"临川市{quote}")
    page.goto(address)
    expect(page.locator(".likeness").first).to_contain_text("仅有改动")
