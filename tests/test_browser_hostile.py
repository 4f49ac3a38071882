"""Notices full of markup in a real browser: on every page, and in what Streamlit draws, it is text."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import HOSTILE

pytestmark = pytest.mark.browser

TITLE = "石门区水务局关于:red[清淤]$y$的通知"
FOLDER = "**夹** :red[x] :smile:"
# What Markdown, a formula, an icon or a script in such words would have become.
MADE = ".katex, em, code, b, .stMarkdown strong, .stMarkdown del, [data-testid=stIconMaterial]:text('home')"
PAGES = (
    ("", {"q": "石门区本次清淤"}),
    ("", {"q": f"石门区{HOSTILE}"}),
    ("", {"q": "石门区本次清淤", "folder": FOLDER}),
    ("search", {"q": "清淤"}),
    ("search", {"q": f"“{HOSTILE}”", "mode": "semantic"}),
    ("document", {"doc": "清淤.txt"}),
    ("document", {"doc": HOSTILE}),
    ("compare", {"old": "清淤.txt", "new": f"{FOLDER}/*其二* $z$.txt"}),
    ("library", {"q": HOSTILE}),
)


def test_markup_is_text_on_every_page(page: Page, hostile_site: str) -> None:
    for name, params in PAGES:
        page.goto(f"{hostile_site}{name}?{urlencode(params)}")
        page.locator('.stApp[data-test-script-state="notRunning"]').wait_for()
        page.locator(".paper").last.wait_for(state="attached")
        assert page.locator("main, [data-testid=stMain]").locator(MADE).count() == 0, (name, params)
        assert page.title() != "x"


def test_markup_is_text_in_lists_to_choose_from(page: Page, hostile_site: str) -> None:
    page.goto(f"{hostile_site}compare")
    page.get_by_label("旧版").click()
    expect(page.get_by_role("option").filter(has_text=TITLE)).to_have_count(1)
    assert page.get_by_role("option").locator(MADE).count() == 0
    page.goto(f"{hostile_site}search?{urlencode({'q': '造林', 'folder': FOLDER})}")
    tag = page.locator("[data-tag]").filter(has_text=FOLDER)
    expect(tag).to_be_visible()
    assert tag.locator(MADE).count() == 0
