"""A policy writer's journey: a draft sentence, its precedent, and the Word file that cites it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import alter_example
from tests.test_browser_basket import export_word

pytestmark = pytest.mark.browser


def test_a_draft_leads_to_a_precedent_and_to_a_word_file_that_cites_it(
    page: Page, site: str
) -> None:
    written = alter_example(page, site, "临川市")
    precedent = page.locator("article").filter(has=page.locator(".precedent")).first
    expect(precedent.locator("del")).to_have_text("临川市")
    title = precedent.locator("a.title").first.inner_text()
    precedent.get_by_role("button", name="放入资料篮").click()
    page.get_by_role("link", name=re.compile("资料篮.*（1）")).click()
    quote = page.locator(".basket-items blockquote")
    expect(quote).to_contain_text(written.rstrip("。"))
    page.get_by_label("第 1 条的批注").fill("第三条参考")

    made = export_word(page)
    (cited,) = made.of_style("引文")
    assert "临川市" not in cited and written.rstrip("。") in cited
    assert title in made.cited[cited]
    assert made.of_style("批注") == ["批注：第三条参考"]
