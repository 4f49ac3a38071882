"""PDF files and scans such as offices make them, for tests."""

import io
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

SONG = "STSong-Light"
DOWNWARDS = "STSong-Light, from the top down"
pdfmetrics.registerFont(UnicodeCIDFont(SONG))
_downwards = UnicodeCIDFont(SONG, isVertical=True)
_downwards.name = _downwards.fontName = DOWNWARDS
pdfmetrics.registerFont(_downwards)

LEFT, TOP, PITCH, SIZE, ACROSS = 79, 105, 28, 16, 28  # GB/T 9704: 22 lines of 28 letters
BOTTOM = TOP + 22 * PITCH
_NOT_FIRST = "，。、；：！？”’）》"
_FONTS = Path("/usr/share/fonts/opentype/noto")
FACES = {"serif": "NotoSerifCJK-Regular.ttc", "sans": "NotoSansCJK-Regular.ttc"}
SCRIPTS = {"SC": 2, "TC": 3, "HK": 4}


class Paper:
    """Sets pages of A4; places are points from the upper left corner."""

    def __init__(
        self, edges: Callable[["Paper", int], None] | None = None, **options: object
    ) -> None:
        """`edges` prints what stands around the text of a page, given with its number."""
        self._file = io.BytesIO()
        self._edges = edges
        self.canvas = Canvas(self._file, pagesize=A4, invariant=True, **options)
        self.at = TOP  # where the next line goes

    def write(self, words: str, x: float, y: float, size: float = SIZE, font: str = SONG) -> None:
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, A4[1] - y, words)

    def middle(self, words: str, y: float, size: float = SIZE) -> None:
        self.canvas.setFont(SONG, size)
        self.canvas.drawCentredString(A4[0] / 2, A4[1] - y, words)

    def right(self, words: str, y: float, size: float = SIZE) -> None:
        self.canvas.setFont(SONG, size)
        self.canvas.drawRightString(LEFT + ACROSS * SIZE, A4[1] - y, words)

    def paragraph(
        self,
        words: str,
        x: float = LEFT,
        across: float = ACROSS,
        size: float = SIZE,
        pitch: float = PITCH,
        indent: int = 2,
    ) -> None:
        """Set a paragraph in lines of `across` letters, on a new page where this one is full."""
        for line in broken(words, across, indent):
            if self.at >= BOTTOM:
                self.turn()
            self.write(line, x + indent * size, self.at, size)
            self.at += pitch
            indent = 0

    def turn(self) -> None:
        """Begin a new page."""
        if self._edges:
            self._edges(self, self.canvas.getPageNumber())
        self.canvas.showPage()
        self.at = TOP

    def table(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        cells: Sequence[tuple[int, int, int, int, str]],
    ) -> None:
        """Rule cells (row, column, rows, columns, words) and set their lines from the top down."""
        for row, column, rows, columns, words in cells:
            left, top, right, bottom = xs[column], ys[row], xs[column + columns], ys[row + rows]
            self.canvas.rect(left, A4[1] - bottom, right - left, bottom - top)
            for number, line in enumerate(words.split("\n")):
                self.write(line, left + 4, top + 14 + 14 * number, 10.5)

    def content(self) -> bytes:
        self.turn()
        self.canvas.save()
        return self._file.getvalue()


def broken(words: str, across: float, indent: int = 2) -> list[str]:
    """Break words into lines; no mark of punctuation begins one."""
    lines, line, room = [], "", across - indent
    for unit in re.findall(rf"(?:[\x21-\x7e]+|.)[{_NOT_FIRST}]*", words):
        width = sum(0.5 if each.isascii() else 1 for each in unit)
        if width > room:
            lines.append(line)
            line, room = "", across
        line, room = line + unit, room - width
    return [*lines, line]


def picture(
    words: str,
    dpi: int = 300,
    face: str = "serif",
    script: str = "SC",
    size: float = SIZE,
    angle: float = 0,
    noise: float = 0,
) -> Image.Image:
    """Return paragraphs of text as a scanner sees them, and the paper around them."""
    scale = dpi / 72
    page = Image.new("L", (round(A4[0] * scale), round(A4[1] * scale)), 255)
    font = letters(round(size * scale), face, script)
    draw = ImageDraw.Draw(page)
    y = TOP * scale
    for paragraph in words.split("\n"):
        for number, line in enumerate(broken(paragraph, int(ACROSS * SIZE / size))):
            indent = 0 if number else 2 * size
            draw.text(((LEFT + indent) * scale, y), line, font=font, fill=20)
            y += 1.75 * size * scale
    page = page.crop((0, 0, page.width, min(page.height, round(y + TOP * scale))))
    if angle:
        page = page.rotate(angle, Image.Resampling.BICUBIC, expand=angle % 90 == 0, fillcolor=255)
    if noise:
        grain = np.random.default_rng(1).normal(0, noise, (page.height, page.width))
        page = Image.fromarray((np.asarray(page) + grain).clip(0, 255).astype(np.uint8))
    return page


def letters(pixels: int, face: str = "serif", script: str = "SC") -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / FACES[face], pixels, index=SCRIPTS[script])


def scan(*pages: Image.Image) -> bytes:
    """Return a PDF that holds nothing but pictures of pages."""
    paper = Paper()
    for page in pages:
        paper.canvas.setPageSize((A4[0], A4[0] * page.height / page.width))
        paper.canvas.drawImage(ImageReader(page), 0, 0, A4[0], A4[0] * page.height / page.width)
        paper.canvas.showPage()
    return paper.content()


_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{_ODF}:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("style", "style"),
        ("text", "text"),
        ("table", "table"),
        ("fo", "xsl-fo-compatible"),
        ("svg", "svg-compatible"),
    )
)
_KINDS = (  # of paragraphs: name, alignment, indent, line height, letters
    ("Title", "center", 0, 32, 22),
    ("Body", "justify", 32, 28, 16),
    ("Right", "end", 0, 28, 16),
    ("Column", "justify", 21, 18, 10.5),
    ("Small", "center", 0, 14, 10.5),
    ("Edge", "end", 0, 14, 10.5),
    ("Note", "start", 0, 12, 9),
)


def office_pdf(folder: Path, body: str) -> bytes:
    """Return what LibreOffice makes of a text with running heads, left and right, and numbers."""
    styles = "".join(
        f'''<style:style style:name="{name}" style:family="paragraph"><style:paragraph-properties
        fo:text-align="{align}" fo:text-indent="{indent}pt" fo:line-height="{height}pt"/>
        <style:text-properties style:font-name="F" style:font-name-asian="F" fo:font-size="{size}pt"
        style:font-size-asian="{size}pt"/></style:style>'''
        for name, align, indent, height, size in _KINDS
    )
    number = "— <text:page-number/> —"
    (folder / "made.fodt").write_text(
        f"""<?xml version="1.0" encoding="UTF-8"?><office:document {_NAMESPACES}
        office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">
        <office:font-face-decls><style:font-face style:name="F" svg:font-family="'Noto Serif CJK SC'"/>
        </office:font-face-decls><office:styles>{styles}</office:styles><office:automatic-styles>
        <style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties
        fo:border="0.5pt solid #000000" fo:padding="2pt"/></style:style>
        <style:style style:name="Two" style:family="section"><style:section-properties><style:columns
        fo:column-count="2" fo:column-gap="21pt"/></style:section-properties></style:style>
        <style:page-layout style:name="P"><style:page-layout-properties fo:page-width="210mm"
        fo:page-height="297mm" fo:margin-top="25mm" fo:margin-bottom="20mm" fo:margin-left="28mm"
        fo:margin-right="26mm"/><style:header-style><style:header-footer-properties
        fo:min-height="10mm" fo:margin-bottom="5mm"/></style:header-style><style:footer-style>
        <style:header-footer-properties fo:min-height="10mm" fo:margin-top="5mm"/></style:footer-style>
        </style:page-layout></office:automatic-styles><office:master-styles><style:master-page
        style:name="Standard" style:page-layout-name="P"><style:header>{odf("青岚市教育局文件汇编", "Small")}
        </style:header><style:header-left>{odf("学前教育发展提升行动计划", "Small")}</style:header-left>
        <style:footer>{odf(number, "Edge")}</style:footer><style:footer-left>{odf(number, "Small")}
        </style:footer-left></style:master-page></office:master-styles><office:body><office:text>{body}
        </office:text></office:body></office:document>""",
        encoding="utf-8",
    )
    command = ["soffice", "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    command += ["--convert-to", "pdf", "--outdir", str(folder), str(folder / "made.fodt")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "made.pdf").read_bytes()


def odf(words: str, kind: str = "Body") -> str:
    """Return a paragraph of an ODF text."""
    return f'<text:p text:style-name="{kind}">{words}</text:p>'


def odf_note(words: str) -> str:
    """Return a footnote, to stand in a paragraph."""
    return (
        '<text:note text:id="n1" text:note-class="footnote"><text:note-citation>1</text:note-citation>'
        f"<text:note-body>{odf(words, 'Note')}</text:note-body></text:note>"
    )


def odf_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table whose first row is printed again on each page."""

    def row(cells: Sequence[str]) -> str:
        made = "".join(
            f'<table:table-cell table:style-name="Cell">{odf(cell, "Small")}</table:table-cell>'
            for cell in cells
        )
        return f"<table:table-row>{made}</table:table-row>"

    return (
        f'<table:table table:name="T"><table:table-column table:number-columns-repeated="{len(heads)}"/>'
        f"<table:table-header-rows>{row(heads)}</table:table-header-rows>{''.join(map(row, rows))}</table:table>"
    )


def odf_columns(paragraphs: str) -> str:
    """Return paragraphs in two columns."""
    return f'<text:section text:style-name="Two" text:name="S">{paragraphs}</text:section>'


def printed_words(content: bytes, folder: Path) -> str:
    """Return what Poppler, another library, reads in a PDF."""
    (folder / "check.pdf").write_bytes(content)
    command = ["pdftotext", "-raw", str(folder / "check.pdf"), "-"]
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout.decode()
