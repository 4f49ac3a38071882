"""Every page can be used by everyone: no fault that axe-core calls serious, in light and dark, on
wide and narrow screens, and the whole journey by keyboard alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import ONE_PLACE, PROJECT, QUESTION

pytestmark = pytest.mark.browser

AXE = PROJECT / "tests" / "node_modules" / "axe-core" / "axe.min.js"
NO_AXE = "axe-core is not installed: npm ci --prefix tests --ignore-scripts"
SERIOUS = ("serious", "critical")
View = tuple[int, int, Literal["light", "dark"]]
# How each page is seen: its width, its height, and the theme of the system.
VIEWS: tuple[View, ...] = ((1440, 900, "light"), (390, 844, "dark"))

DRESSED = (
    "[...document.styleSheets].some((each) => each.ownerNode.textContent.includes('stCaption'))"
)

# What fades in, or from one theme to the other, has other colours on the way.
STILL = "document.getAnimations().every((each) => each.playState !== 'running')"


def at(page: str, **params: str | list[str]) -> str:
    return f"{page}?{urlencode(params, doseq=True)}"


# Each page and its main states.
STATES = {
    "welcome": at(""),
    "answer by locality": at("", q=QUESTION),
    "passages behind an answer": at("", q=QUESTION, tab="basis"),
    "answer by place": at("", q=QUESTION, tab="places"),
    "answer of one place, filtered": at("", q=ONE_PLACE, place="施甸县"),
    "follow-up": at("", q="那昭通呢", after=QUESTION),
    "refusal": at("", q="航天员的选拔标准有哪些"),
    "no question": at("", q="？！"),
    "search": at("search"),
    "exact search": at("search", q="大班额 OR 学位"),
    "semantic search": at("search", q="大班额", mode="semantic"),
    "nothing found": at("search", q="航天员"),
    "precedents": at("precedents"),
    "comparison": at("compare"),
    "comparison by question": at("compare", by="question", q=QUESTION, at=["玉溪市", "昭通市"]),
    "library": at("library"),
    "library managed": at("library", view="files", manage="1"),
    "library overview": at("library", view="overview"),
    "basket": at("basket"),
    "about": at("about"),
    "missing document": at("document", doc="x"),
}


def settle(page: Page) -> None:
    """Wait until the page is whole, and open what is folded."""
    page.locator('.stApp[data-test-script-state="notRunning"]').wait_for()
    page.locator("h1, .notice").first.wait_for()
    page.wait_for_function(DRESSED)  # which comes a moment after the words
    page.locator("details").evaluate_all("all => all.forEach((each) => (each.open = true))")


def see(page: Page, view: View) -> None:
    """Make the window as wide and as high as a view is, in its theme."""
    width, height, theme = view
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=theme)
    background = "rgb(26, 28, 31)" if theme == "dark" else "rgb(255, 254, 251)"
    expect(page.locator(".stApp")).to_have_css("background-color", background)


def too_wide(page: Page, view: View) -> Iterator[str]:
    """Yield that a page is wider than its window, if it is."""
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > view[0]:
        yield f"{width} wide"


def faults(page: Page) -> Iterator[str]:
    """Yield what axe-core calls serious or critical, and where, when nothing moves any more."""
    page.wait_for_function(STILL)
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    for rule in found["violations"]:
        if rule["impact"] in SERIOUS:
            for node in rule["nodes"]:
                yield f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}"


@pytest.fixture(scope="module")
def axe() -> Path:
    if not AXE.exists():
        pytest.skip(NO_AXE)
    return AXE


def test_no_page_has_a_serious_fault_or_is_wider_than_its_screen(
    page: Page, site: str, axe: Path
) -> None:
    found = {}
    for name, address in STATES.items():
        page.goto(site + address)
        settle(page)
        page.add_script_tag(path=axe)
        for view in VIEWS:
            see(page, view)
            if wrong := [*faults(page), *too_wide(page, view)]:
                found[name, view] = wrong
    assert found == {}


def test_a_document_has_no_serious_fault(page: Page, site: str, axe: Path) -> None:
    page.goto(site + at("", q=ONE_PLACE))
    page.locator(".mark").first.focus()
    expect(page.locator(".card").first).to_be_visible()
    page.add_script_tag(path=axe)
    assert list(faults(page)) == [], "with the card of a citation open"
    page.keyboard.press("Enter")
    page.locator(".text mark").first.wait_for()
    settle(page)
    for view in VIEWS:
        see(page, view)
        assert [*faults(page), *too_wide(page, view)] == [], view


def focused(page: Page) -> Any:
    """Return what has the focus, inside what Streamlit puts components in, too."""
    return page.evaluate_handle(
        "() => { let at = document.activeElement;"
        " while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;"
        " return at; }"
    )


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until what has the focus is what a selector finds."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if focused(page).evaluate("(at, selector) => at.matches(selector)", selector):
            return
    raise AssertionError(f"{most} times Tab do not lead to {selector}")


def test_the_journey_can_be_made_by_keyboard_alone(page: Page, site: str) -> None:
    page.goto(site)
    page.locator(".examples").wait_for()
    tab_to(page, 'input[aria-label="问题"]')
    page.keyboard.type(ONE_PLACE)
    page.keyboard.press("Enter")
    page.locator(".statement").first.wait_for()
    answered = page.url
    tab_to(page, "a.mark")
    expect(page.locator(".card").first).to_be_visible()
    outline = focused(page).evaluate("at => getComputedStyle(at).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    expect(page.locator(".text mark").first).to_be_in_viewport()
    tab_to(page, "a.back")
    page.keyboard.press("Enter")
    page.locator(".statement").first.wait_for()
    assert page.url == answered


def test_the_navigation_can_be_skipped_and_speaks_chinese(page: Page, site: str) -> None:
    page.goto(site)
    page.locator(".examples").wait_for()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    page.keyboard.press("Tab")
    assert focused(page).evaluate("at => at.textContent") == "跳到正文"
    for name in ("navigation", "complementary", "main"):
        assert page.get_by_role(name).count() <= 1 or name == "navigation"
    expect(page.get_by_role("navigation", name="各页")).to_be_visible()
    named = page.locator("[aria-label]").evaluate_all(
        "all => all.map((each) => each.getAttribute('aria-label'))"
    )
    assert [name for name in named if name.isascii()] == []


def test_a_choice_and_unsent_words_outlast_a_reload(page: Page, site: str) -> None:
    page.goto(f"{site}about")
    page.get_by_text("繁體", exact=True).last.click()
    expect(page.locator("h1")).to_have_text("設置與關於")
    page.get_by_role("link", name="提問").click()
    field = page.get_by_label("問題", exact=True)
    field.fill("大班额怎么")
    assert "hant" not in page.url
    page.reload()
    expect(field).to_have_value("大班额怎么")  # and the label is in the script that was chosen
    field.press("Enter")
    page.locator(".chips, .notice, .statement").first.wait_for()
    page.goto(site)
    page.locator(".examples").wait_for()
    expect(field).to_have_value("")


def test_two_people_at_once_get_each_their_own_answer_history_and_basket(
    browser: Browser, site: str
) -> None:
    contexts = [browser.new_context(locale="zh-CN") for _ in range(2)]
    pages = [context.new_page() for context in contexts]
    questions = (ONE_PLACE, QUESTION)
    for page in pages:
        page.goto(site)
    for page in pages:
        page.locator(".examples").wait_for()
    for page, question in zip(pages, questions, strict=True):
        page.get_by_label("问题", exact=True).fill(question)
    for page in pages:
        page.get_by_label("问题", exact=True).press("Enter")
    for page in pages:
        page.locator(".statement").first.wait_for()
    answers = [page.locator(".statement").all_inner_texts() for page in pages]
    assert answers[0] != answers[1]
    for page, question, answer in zip(pages, questions, answers, strict=True):
        expect(page.get_by_label("问题", exact=True)).to_have_value(question)
        page.reload()
        page.locator(".statement").first.wait_for()
        assert page.locator(".statement").all_inner_texts() == answer
        expect(page.locator(".history a")).to_have_text([question])
    pages[0].locator("ol.citations .collect").first.click()
    for page in pages:
        page.goto(f"{site}basket")
    expect(pages[0].locator(".basket-items > li")).to_have_count(1)
    expect(pages[1].get_by_text("资料篮还是空的。")).to_be_visible()
    for context in contexts:
        context.close()
