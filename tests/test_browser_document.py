"""Reading a document in a real browser: what is cited, the outline, the pages of the file."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from indexer.settings import Settings
from tests.browsing import serve
from tests.pdf_files import Paper

pytestmark = pytest.mark.browser

ARTICLES = 900
LONG = "长.txt"
PDF = "养护办法.pdf"


def long_notice() -> str:
    """Return a notice of some 1,800 paragraphs in chapters."""
    lines = ["霁川市人民政府关于印发城市管理规程的通知", "霁政发〔2024〕3号", "", "城市管理规程"]
    for number in range(1, ARTICLES + 1):
        if number % 30 == 1:
            lines.append(f"第{number // 30 + 1}章　管理事项之{number // 30 + 1}")
        lines.append(f"第{number}条　第{number}类设施由所在区县负责巡查，每季度不少于{number}次。")
        lines.append(f"前款规定的巡查应当留存第{number}号台账，保存期限不少于三年，以备检查。")
    return "\n".join(lines) + "\n"


def three_pages() -> bytes:
    paper = Paper()
    paper.middle("鹤汀县人民政府关于农村公路养护的通知", 105, 20)
    paper.at = 160
    for number in range(1, 25):
        paper.paragraph(
            f"{number}.第{number}类农村公路由乡镇人民政府负责日常养护，每季度巡查不少于{number}次，"
            "并建立巡查台账备查，经费由县级财政安排。"
        )
    return paper.content()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The application over a long notice and a PDF of three pages."""
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "corpus").mkdir()
    (folder / "corpus" / LONG).write_text(long_notice(), encoding="utf-8")
    (folder / "corpus" / PDF).write_bytes(three_pages())
    with serve(Settings(folder / "corpus", folder / "index", "hashing")) as address:
        yield address


def address_of(shelf: str, document: str, **more: object) -> str:
    params = "".join(f"&{name}={value}" for name, value in more.items())
    return f"{shelf}document?doc={quote(document)}{params}"


def test_a_long_document_opens_at_the_mark_and_another_is_set_in_place(
    page: Page, shelf: str
) -> None:
    text = long_notice()
    start = text.index("第800类设施")
    page.goto(address_of(shelf, LONG, start=start, end=start + 10))
    mark = page.locator(".text mark")
    expect(mark).to_have_text(text[start : start + 10])
    expect(mark).to_be_in_viewport()
    expect(page.locator("aside [aria-current]")).to_have_text(re.compile("第.*条"))

    page.locator(".text").evaluate("text => { text.dataset.same = 'yes' }")
    paragraph = page.locator(".text p").filter(has_text="第801号台账")
    paragraph.hover()
    page.get_by_role("link", name="引用本段").click()

    expect(mark).to_have_text("前款规定的巡查应当留存第801号台账，保存期限不少于三年，以备检查。")
    expect(mark).to_be_in_viewport()
    expect(page.locator(".marked")).to_contain_text("第801条第二款")
    expect(page.locator(".text[data-same=yes]")).to_have_count(1)
    assert page.locator(".text p").count() > 1_800


def test_what_is_selected_and_what_the_keyboard_reaches_can_be_cited(
    page: Page, shelf: str
) -> None:
    page.goto(address_of(shelf, LONG))
    first = page.locator(".text p").filter(has_text="第1类设施")
    first.evaluate(
        """line => {
          const words = line.lastChild;
          getSelection().setBaseAndExtent(words, words.data.indexOf("每季度"), words, words.data.length);
        }"""
    )
    page.get_by_role("link", name="引用所选").click()
    expect(page.locator(".text mark")).to_have_text("每季度不少于1次。")
    page.get_by_role("link", name="取消标记").click()
    expect(page.locator(".text mark")).to_have_count(0)

    first.click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".text mark")).to_contain_text("留存第1号台账")
    page.get_by_role("link", name="引用全条").click()
    expect(page.locator(".text mark")).to_have_count(3)


def test_the_picture_of_the_page_stands_beside_the_text_and_follows_it(
    page: Page, shelf: str
) -> None:
    page.goto(address_of(shelf, PDF))
    page.get_by_role("link", name="对照原件").click()
    shown = page.get_by_role("img", name="原件第 1 页的图像")
    expect(shown).to_be_in_viewport()
    assert shown.evaluate("image => image.naturalHeight") == 1800
    text, picture = page.locator(".text").bounding_box(), shown.bounding_box()
    assert text
    assert picture
    assert text["x"] + text["width"] <= picture["x"]

    page.get_by_role("link", name="下一页").click()
    expect(page.get_by_role("img", name="原件第 2 页的图像")).to_be_in_viewport()
    expect(page.get_by_role("button", name=re.compile("第 2 页"))).to_be_in_viewport()
    page.mouse.move(600, 500)
    page.mouse.wheel(0, 5000)
    expect(page.get_by_role("img", name="原件第 3 页的图像")).to_be_in_viewport()
    expect(page).to_have_url(re.compile("original=3"))
    page.reload()
    expect(page.get_by_role("img", name="原件第 3 页的图像")).to_be_in_viewport()


def test_on_a_narrow_screen_the_outline_opens_when_it_is_wanted(page: Page, shelf: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address_of(shelf, LONG))
    expect(page.locator("h1")).to_be_in_viewport()
    outline = page.get_by_role("navigation", name="目录")
    expect(outline).to_be_hidden()
    page.get_by_role("button", name="目录").click()
    outline.get_by_role("button", name="第20章", exact=False).click()
    expect(page.locator(".text .heading").filter(has_text="第20章")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
