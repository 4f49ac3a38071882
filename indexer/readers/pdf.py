"""PDF: the characters that a page holds, or, where it is a picture, what can be made out on it."""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from indexer.errors import ReadError
from indexer.readers.composing import Composer
from indexer.readers.encoding import common_share
from indexer.readers.imprint import imprint
from indexer.readers.layout import compose
from indexer.readers.pdfium_page import (
    NO_CHARACTER,
    PageObjects,
    read_page,
)
from indexer.readers.printed import PrintedPage, name_pages
from indexer.readers.recognition import MOST_RECOGNISED, Image, note_confidence, recognise
from indexer.readers.source import Source, Step, ignore_steps

MOST_PAGES = 20_000  # a text of 20 million characters; a longer file is a data set, no notice
_AT_ONCE = 500  # pages; PDFium keeps up to 80 kB of each until the file is closed

_FEW_ON_PICTURES = 200  # letters: stamps of scanner and registry, a running head
_FEW = 40
_SCANNED = 0.5  # of the page is covered by pictures
_OUTLINES = 200  # drawn shapes: letters that were turned into curves
_ILLUSTRATED = 0.1  # of the page; emblems and signs are smaller
_UNREADABLE = 0.05  # of the characters have no Unicode
_SENSIBLE = 0.6  # of the letters are common ones; text with wrong codes stays below
_ENOUGH_TO_TELL = 80  # letters
_ACCENTED = re.compile("[\u00a1-\u00ff]")  # what Chinese becomes that is taken for Latin
_HAN = re.compile("[\u4e00-\u9fff]")
_MANY = 0.3  # of the letters
_MORE = 1.2  # times the letters of the file: then the page shows what the file does not hold
_DPI = 200
_LONGEST_SIDE = 3600  # pixels
_PRINTED_NOTES = (
    pdfium.FPDF_ANNOT_FREETEXT, pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_STAMP,
)  # fmt: skip
_CHECK = "请用阅读器打开检查，重新导出后重建索引。"
_COMPARE = "引用前请核对原件。"
# What may be so of pages, and what to do about it.
_DAMAGED = ("已损坏，没有读出。", _CHECK)
_LEFT_OUT = (
    f"没有识别：一个文件只识别 {MOST_RECOGNISED} 页扫描页。",
    "请拆成几个文件后重建索引。",
)
_GARBLED = ("的文字编码有误（复制出来是乱码），改用了识别结果。", _COMPARE)
_UNKNOWN = ("有字符没有编码，显示为“\ufffd”。", _COMPARE)
_LAYER = ("是扫描页，文字取自文件自带的识别结果。", _COMPARE)
_PICTURES = ("有图片，图片里的文字没有读。", "需要引用图片里的文字时，请查看原件。")
_HIDDEN = ("有看不见的文字，没有收入。", "需要时请在原件里查看。")


def read(content: bytes, step: Step = ignore_steps) -> Source:
    """Read a .pdf file.

    Raises:
        ReadError: it is damaged, wants a password, or is too long.
    """
    composer = Composer()
    reading = _Reading(content, step)
    compose(reading.pages(), composer)
    reading.add_cautions(composer)
    return composer.source()


def draw_page(content: bytes, number: int, longest: int) -> tuple[Image, int]:
    """Return a picture of page `number`, its longer side of so many pixels, and the number of
    pages.

    Raises:
        ReadError: the file or the page is damaged, or there is no such page.
    """
    with closing(_open(content)) as document:
        count = len(document)
        if not 1 <= number <= count:
            raise ReadError(f"PDF 只有 {count} 页，没有第 {number} 页。", "请翻到别的页。")
        try:
            with closing(_load(document, number)) as page:
                return _draw(page, longest / max(page.get_size())), count
        except pypdfium2.PdfiumError as error:
            raise ReadError(f"PDF 第 {number} 页已损坏，画不出来。", _CHECK) from error


def _open(content: bytes) -> pypdfium2.PdfDocument:
    try:
        document = pypdfium2.PdfDocument(content)
        document.init_forms()
    except pypdfium2.PdfiumError as error:
        if error.err_code == pdfium.FPDF_ERR_PASSWORD:
            raise ReadError("PDF 设有打开密码。", "请去掉密码另存一份后重建索引。") from error
        raise ReadError("PDF 已损坏，打不开。", _CHECK) from error
    if not 0 < len(document) <= MOST_PAGES:
        raise ReadError(
            f"PDF 有 {len(document)} 页，能读的是 1 到 {MOST_PAGES} 页。",
            "请拆成几个文件后重建索引。",
        )
    return document


class _Reading:
    """Reads the pages of a file one by one, and remembers what a person should know of them."""

    def __init__(self, content: bytes, step: Step) -> None:
        self._content = content
        self._step = step
        self._recognised: list[tuple[int, float]] = []
        self._looked_at = 0  # pages as pictures
        self._attached = 0
        self._noted: defaultdict[tuple[str, str], list[int]] = defaultdict(list)

    def pages(self) -> Iterator[PrintedPage]:
        """Yield the pages in order.

        Raises:
            ReadError: not one of them can be read.
        """
        done, count = 0, 1
        while done < count:
            with closing(_open(self._content)) as document:
                count = len(document)
                self._attached = document.count_attachments()
                for number in range(done + 1, min(done + _AT_ONCE, count) + 1):
                    self._step(number - 1, count)
                    yield self._page(document, number)
            done += _AT_ONCE
        if len(self._noted[_DAMAGED]) == count:
            raise ReadError("PDF 的每一页都已损坏，没有读出。", _CHECK)

    def add_cautions(self, composer: Composer) -> None:
        """Say what was noted of the pages."""
        for (fact, cure), numbers in self._noted.items():
            if numbers:
                composer.caution(f"{name_pages(numbers)}{fact}", cure)
        note_confidence(self._recognised, composer)
        if self._attached:
            composer.caution(
                f"PDF 里夹带 {self._attached} 个文件，没有读。", "请另存到语料文件夹后重建索引。"
            )

    def _page(self, document: pypdfium2.PdfDocument, number: int) -> PrintedPage:
        try:
            with closing(_load(document, number)) as page:
                return self._look(page, number)
        except pypdfium2.PdfiumError:
            self._noted[_DAMAGED].append(number)
            return PrintedPage(number, 1.0, 1.0)

    def _look(self, page: pypdfium2.PdfPage, number: int) -> PrintedPage:
        """Take a page's own characters, or recognise them where it holds none that are sound."""
        objects = read_page(page)
        is_garbled = _is_garbled(objects)
        if is_garbled or _is_picture(objects):
            if self._looked_at >= MOST_RECOGNISED:
                self._noted[_LEFT_OUT].append(number)
                return _printed(objects, number)
            self._looked_at += 1
            image = _draw(page, min(_DPI / 72, _LONGEST_SIDE / max(page.get_size())))
            factor = max(page.get_size()) / max(image.shape[:2])
            seen = recognise(image, number).scaled(factor)
            if is_garbled or seen.letters > _MORE * objects.letters:
                self._recognised.append((number, seen.confidence or 0.0))
                if is_garbled:
                    self._noted[_GARBLED].append(number)
                return seen
        self._note_objects(objects, number)
        return _printed(objects, number)

    def _note_objects(self, objects: PageObjects, number: int) -> None:
        if objects.is_layer:
            self._noted[_LAYER].append(number)
        elif objects.pictures >= _ILLUSTRATED:
            self._noted[_PICTURES].append(number)
        if objects.hidden:
            self._noted[_HIDDEN].append(number)
        if any(glyph.character == NO_CHARACTER for glyph in objects.glyphs):
            self._noted[_UNKNOWN].append(number)


def _load(document: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfPage:
    """Return a page with what is written on it in forms and notes as part of it."""
    page = document[number - 1]
    if any(subtype in _PRINTED_NOTES for subtype in _annotations(page)):
        pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY)
        page.close()
        page = document[number - 1]
    return page


def _annotations(page: pypdfium2.PdfPage) -> Iterator[int]:
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        note = pdfium.FPDFPage_GetAnnot(page, index)
        if note:
            yield pdfium.FPDFAnnot_GetSubtype(note)
            pdfium.FPDFPage_CloseAnnot(note)


def _draw(page: pypdfium2.PdfPage, scale: float) -> Image:
    """Return a picture of a page, with so many pixels for a point."""
    bitmap = page.render(scale=scale)
    try:
        return np.array(bitmap.to_numpy(), np.uint8)
    finally:
        bitmap.close()


def _is_picture(objects: PageObjects) -> bool:
    """Tell a scanned page, and one whose letters were turned into curves."""
    if objects.pictures >= _SCANNED:
        return objects.letters < _FEW_ON_PICTURES
    return objects.letters < _FEW and objects.drawn >= _OUTLINES


def _is_garbled(objects: PageObjects) -> bool:
    """Tell a page whose characters cannot be told from what the file holds."""
    if objects.unknown > _UNREADABLE * objects.letters:
        return True
    words = "".join(glyph.character for glyph in objects.glyphs)
    if len(words) < _ENOUGH_TO_TELL:
        return False
    if len(_ACCENTED.findall(words)) > _MANY * len(words):
        return True
    return len(_HAN.findall(words)) > _MANY * len(words) and common_share(words) < _SENSIBLE


def _printed(objects: PageObjects, number: int) -> PrintedPage:
    """Put the characters of a page together to lines and tables."""
    page = PrintedPage(number, objects.width, objects.height)
    return imprint(page, objects.glyphs, objects.turned, objects.across, objects.down)
