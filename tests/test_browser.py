"""The main journey in a real browser: ask, see quotes by locality, open the marked sentence."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import HOSTILE, ONE_PLACE, QUESTION, ask

pytestmark = pytest.mark.browser


def test_a_question_leads_to_quotes_by_locality_and_to_the_marked_sentence(
    page: Page, site: str
) -> None:
    page.goto(site)
    ask(page, QUESTION)
    for place in ("玉溪市", "昭通市"):
        group = page.locator(".locality").filter(has_text=place)
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
    heading = page.locator("aside nav button").last
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
    page.get_by_label("地区", exact=True).fill("施甸")
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
    expect(page.locator("section.marked")).to_contain_text("》")


def test_nothing_is_wider_than_a_narrow_screen(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(site)
    ask(page, QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".mark").first.click()
    expect(page.locator(".text mark").first).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
