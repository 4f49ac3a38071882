"""The tabs of an answer, what was asked before, and the keys of a search, in a real browser."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import ONE_PLACE, QUESTION, ask

pytestmark = pytest.mark.browser


def tab_of(page: Page) -> list[str]:
    return parse_qs(urlsplit(page.url).query).get("tab", [])


def settle(page: Page) -> None:
    """Wait until nothing is on its way any more."""
    page.wait_for_timeout(500)  # a run that is asked for now has begun by then
    page.locator('[data-test-script-state="notRunning"]').wait_for()


def test_tabs_by_pointer_and_keyboard_and_the_way_back(page: Page, site: str) -> None:
    page.goto(site)
    ask(page, QUESTION)
    tabs, panels = page.get_by_role("tab"), page.get_by_role("tabpanel")
    expect(tabs.nth(0)).to_have_attribute("aria-selected", "true")
    tabs.nth(2).click()
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.get_by_role("button", name="下载表格（Excel）")).to_be_visible()
    assert tab_of(page) == ["places"]
    expect(tabs.nth(2)).to_be_focused()

    page.keyboard.press("ArrowLeft")
    expect(tabs.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(panels).to_have_count(1)
    expect(panels.locator("article mark").first).to_be_visible()
    assert tab_of(page) == ["basis"]

    page.go_back()
    expect(page.get_by_role("table")).to_be_visible()
    page.locator("td .title").first.click()
    page.locator("a.back").first.click()
    expect(page.get_by_role("table")).to_be_visible()
    page.go_back()
    expect(page.locator(".text mark").first).to_be_visible()
    page.go_back()
    expect(page.get_by_role("table")).to_be_visible()
    page.reload()
    expect(page.get_by_role("table")).to_be_visible()
    page.go_back()
    expect(page.locator(".locality").first).to_be_visible()
    expect(page.get_by_label("问题", exact=True)).to_have_value(QUESTION)
    assert tab_of(page) == []


def test_going_back_before_a_page_has_come_leads_nowhere_else(page: Page, site: str) -> None:
    page.goto(site)
    ask(page, QUESTION)
    page.get_by_role("tab").nth(2).click()
    title = page.locator("td .title").first
    expect(title).to_be_visible()
    settle(page)
    asked, entries = page.url, page.evaluate("history.length")
    title.evaluate("title => { title.click(); setTimeout(() => history.back(), 5); }")
    page.wait_for_url(asked)
    settle(page)
    assert page.evaluate("history.length") == entries + 1  # the document, ahead
    page.go_back()
    expect(page.locator(".locality").first).to_be_visible()
    assert tab_of(page) == []
    page.get_by_role("link", name="检索", exact=True).click()
    page.wait_for_url(f"{site}search**")
    expect(page.get_by_label("检索词", exact=True)).to_be_visible()
    page.go_back()
    expect(page.locator(".locality").first).to_be_visible()


def test_what_was_asked_is_listed_once_survives_a_reload_and_can_be_cleared(
    page: Page, site: str
) -> None:
    page.goto(site)
    for question in (QUESTION, ONE_PLACE, QUESTION):
        ask(page, question)
        expect(page.locator(".history a").first).to_have_text(question)
    expect(page.locator(".history a")).to_have_text([QUESTION, ONE_PLACE])
    page.reload()
    expect(page.locator(".history a")).to_have_text([QUESTION, ONE_PLACE])
    page.locator(".history a").last.click()
    expect(page.get_by_label("问题", exact=True)).to_have_value(ONE_PLACE)
    page.locator(".statement").first.wait_for()
    page.get_by_role("button", name="清除记录").click()
    expect(page.locator(".asked-before")).to_be_hidden()


def test_the_address_is_copied_as_it_is(page: Page, site: str) -> None:
    page.goto(site)
    ask(page, QUESTION)
    page.get_by_role("tab").nth(1).click()
    page.get_by_role("button", name="复制链接").click()
    expect(page.locator(".copy-address .copied > span")).to_have_text(page.url)


def test_keys_lead_from_the_box_to_results_and_to_other_pages(page: Page, site: str) -> None:
    page.goto(f"{site}search?q=学校&mode=semantic")
    results, box = page.locator("article [data-result]"), page.get_by_label("检索词", exact=True)
    results.first.wait_for()
    expect(box).to_have_value("学校")
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.press("j")  # is typed
    expect(box).to_have_value("j")
    page.keyboard.press("ArrowDown")
    expect(results.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(results.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    first = results.nth(0).get_attribute("href")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".turn .here")).to_contain_text("第 2 页")
    expect(results.nth(0)).to_be_focused()
    assert results.nth(0).get_attribute("href") != first
    page.keyboard.press("p")
    expect(page.locator(".turn .here")).to_contain_text("第 1 页")
    page.get_by_label("跳到第").fill("3")
    page.keyboard.press("Enter")
    expect(page.locator(".turn .here")).to_contain_text("第 3 页")
    page.get_by_text("快捷键", exact=True).click()
    page.get_by_role("button", name="停用单键快捷键").click()
    page.keyboard.press("/")
    expect(box).not_to_be_focused()


def test_a_card_stays_on_the_screen_and_escape_puts_it_away(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 390, "height": 480})
    page.goto(site)
    ask(page, QUESTION)
    for cited in page.locator(".panel:not([hidden]) .cited").all():
        mark, card = cited.locator("> .mark"), cited.locator("> .card")
        mark.evaluate("mark => mark.scrollIntoView({ block: 'end' })")
        mark.focus()
        expect(card).to_be_visible()
        expect(card.locator(".card-body")).to_be_in_viewport(ratio=1)
        page.keyboard.press("Escape")
        expect(card).to_be_hidden()


def test_a_finger_opens_the_card_first_and_then_the_document(browser: Browser, site: str) -> None:
    narrow = {"width": 390, "height": 844}
    context = browser.new_context(viewport=narrow, has_touch=True, locale="zh-CN")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{site}?q={QUESTION}")
    mark = page.locator(".cited > .mark").first
    mark.tap()
    expect(page.locator(".card").first).to_be_visible()
    assert urlsplit(page.url).path == "/"
    mark.tap()
    expect(page.locator(".text mark").first).to_be_visible()
    context.close()
