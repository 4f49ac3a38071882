"""Pictures of pages are read: characters, tables, how the page lies, how sure it is."""

import socket
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from indexer.readers import pdf
from indexer.readers.composing import Composer
from indexer.readers.layout import compose
from indexer.readers.recognition import note_confidence, recognise
from indexer.readers.source import Source
from indexer.records import Caution
from tests.make import cut
from tests.pdf_files import Paper, letters, odf, office_pdf, picture, scan

pytestmark = pytest.mark.slow

SIMPLIFIED = (
    "青岚市教育局决定，自二〇二三年九月起实施学前教育普惠工程，全市新建公办幼儿园12所，改扩建8所，新增学位3600个。\n"
    "各县区要落实属地责任，按照每生每年600元的标准安排公用经费，并于每年12月底前报送进展情况。"
)
TRADITIONAL = (
    "青嵐縣政府為推動學前教育發展，自民國一百一十二年九月起實施優質普惠計畫，擴大公共化供應量，減輕家長負擔。\n"
    "各鄉鎮應於每年十二月底前將執行情形報請縣政府備查，並妥善運用補助經費。"
)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """The models are in the package: nothing may be fetched."""

    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def read_picture(page: Image.Image) -> Source:
    composer = Composer()
    pixels = np.ascontiguousarray(np.asarray(page.convert("RGB"))[:, :, ::-1])
    compose([recognise(pixels, 1)], composer)
    return composer.source()


def accuracy(found: str, printed: str) -> float:
    """Characters that agree, white space aside."""
    a, b = "".join(printed.split()), "".join(found.split())
    same = sum(
        block.size for block in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    )
    return same / max(len(a), len(b))


@pytest.mark.parametrize(
    ("words", "face", "script", "dpi"),
    [
        (SIMPLIFIED, "serif", "SC", 300),
        (SIMPLIFIED, "sans", "SC", 150),
        (TRADITIONAL, "serif", "TC", 300),
        (TRADITIONAL, "sans", "HK", 150),
    ],
    ids=["Simplified-300", "Simplified-150", "Traditional-300", "Traditional-150"],
)
def test_a_clean_page_is_read_in_both_scripts(words: str, face: str, script: str, dpi: int) -> None:
    source = read_picture(picture(words, dpi, face, script))
    assert accuracy(source.text, words) >= 0.98
    assert len(source.text.splitlines()) == 2
    (page,) = source.pages
    assert page.confidence and page.confidence > 0.98


@pytest.mark.parametrize("angle", [-2.5, 90, 180, 270])
def test_a_page_that_lies_askew_or_is_turned_is_read(angle: float) -> None:
    source = read_picture(picture(SIMPLIFIED, 150, angle=angle, noise=8))
    assert accuracy(source.text, SIMPLIFIED) >= 0.98


def ruled(page: Image.Image) -> Image.Image:
    """The page with a table below its text, one of whose cells is merged down."""
    taller = Image.new("L", (page.width, page.height + 300), 255)
    taller.paste(page)
    draw = ImageDraw.Draw(taller)
    xs = (160, 300, 560, 1040)
    ys = [page.height + 60 * row for row in range(4)]
    for x in xs:
        draw.line((x, ys[0], x, ys[-1]), fill=0, width=2)
    for y in ys:
        draw.line((xs[1] if y == ys[2] else xs[0], y, xs[-1], y), fill=0, width=2)
    rows = (("序号", "县区", "任务"), ("1", "望溪县", "新建幼儿园三所"), ("", "砚湖县", "改建两所"))
    for y, cells in zip(ys, rows, strict=False):
        for x, words in zip(xs, cells, strict=False):
            draw.text((x + 16, y + 12), words, font=letters(30), fill=0)
    return taller


def test_a_ruled_table_is_rows_of_cells() -> None:
    source = read_picture(ruled(picture("任务分解如下表，由各县区组织实施：", 150)))
    assert source.text.splitlines()[0] == "任务分解如下表，由各县区组织实施："
    (table,) = source.tables
    assert [[cut(source.text, cell) for cell in row.cells] for row in table.rows] == [
        ["序号", "县区", "任务"],
        ["1", "望溪县", "新建幼儿园三所"],
        ["1", "砚湖县", "改建两所"],
    ]


def test_a_blurred_page_is_read_with_less_certainty_and_reported() -> None:
    page = picture(SIMPLIFIED, 100, size=12, noise=60).filter(ImageFilter.GaussianBlur(2))
    source = read_picture(page)
    certainty = source.pages[0].confidence
    assert certainty is not None and certainty < 0.95
    composer = Composer()
    note_confidence([(1, 0.99), (3, 0.712), (7, 0.9)], composer)
    note_confidence([(2, 0.98)], composer)
    assert composer.source().cautions == (
        Caution("第3、7页是扫描页，识别把握较低（最低 0.71）。", "引用前请核对原件。"),
    )


def test_an_empty_page_has_no_text() -> None:
    assert read_picture(picture("", 100)).text == ""


def test_a_scan_among_printed_pages_is_read_and_known_by_its_page() -> None:
    paper = Paper()
    paper.paragraph(
        "本文件第一页由文字处理软件直接生成，第二页是附件的扫描件，两页的内容都可以检索。"
    )
    paper.turn()
    page = picture("附件：青岚市学前教育发展任务分解表，由市教育局负责解释。", 150)
    paper.canvas.drawInlineImage(
        page, 0, 842 - 595 * page.height / page.width, 595, 595 * page.height / page.width
    )
    paper.canvas.drawInlineImage(Image.new("L", (20, 20), 255), 0, 0, 595, 500)
    source = pdf.read(paper.content())
    assert source.text.splitlines() == [
        "本文件第一页由文字处理软件直接生成，第二页是附件的扫描件，两页的内容都可以检索。",
        "附件：青岚市学前教育发展任务分解表，由市教育局负责解释。",
    ]
    first, second = source.pages
    assert (first.number, first.confidence, second.number) == (1, None, 2)
    assert second.confidence and second.confidence > 0.98
    assert cut(source.text, second.span).startswith("附件：")


def test_scans_beyond_the_limit_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_RECOGNISED", 0)
    source = pdf.read(scan(picture("甲", 40), picture("乙", 40)))
    assert [each.fact for each in source.cautions] == [
        "第1—2页没有识别：一个文件只识别 300 页扫描页。"
    ]


def test_text_without_unicode_is_read_from_its_picture(tmp_path: Path) -> None:
    words = "本文件的字体没有编码表，复制出来是乱码，只能从页面的图像上识别。"
    content = office_pdf(tmp_path, odf(words)).replace(b"/ToUnicode", b"/NoUnicode")
    source = pdf.read(content)
    assert words in source.text.splitlines()
    assert source.cautions[0] == Caution(
        "第1页的文字编码有误（复制出来是乱码），改用了识别结果。", "引用前请核对原件。"
    )
