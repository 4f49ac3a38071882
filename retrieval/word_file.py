"""A basket as a Word file: quotes with real footnotes, the reader's notes, the sources.

Page and type are near those of official documents (GB/T 9704-2012: A4, 仿宋 16 pt, 28 pt a line).
"""

import io
from dataclasses import dataclass
from datetime import datetime, time

from docx import Document
from docx.document import Document as WordFile
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from lxml import etree

from retrieval.footnotes import TEXT_STYLE, Footnotes
from retrieval.material import NOTE, SOURCES, TITLE, UNSURE, UNSURE_HINT, Material, legal
from retrieval.packing import repack

_LATIN = "Times New Roman"
# The fonts of official documents, and what stands in for each where a machine has it not.
_FONTS = {
    "仿宋": "仿宋_GB2312,FangSong,STFangsong,宋体,SimSun",
    "黑体": "SimHei,STHeiti,宋体,SimSun",
    "楷体": "楷体_GB2312,KaiTi,STKaiti,宋体,SimSun",
}
_FAINT = RGBColor(0x59, 0x59, 0x59)


@dataclass(frozen=True, slots=True)
class _Style:
    """How a paragraph looks; sizes and distances in points, `indent` of its first line in em."""

    font: str
    size: int
    leading: int
    before: int = 0
    after: int = 0
    indent: int = 0
    is_centred: bool = False
    is_faint: bool = False


_QUOTE, _NOTE, _UNSURE, _SOURCE = "引文", NOTE, "未核实引文", SOURCES  # styles
_STYLES = {
    "Normal": _Style("仿宋", 16, 28),
    "Title": _Style("黑体", 22, 36, after=8, is_centred=True),
    "Subtitle": _Style("楷体", 12, 20, after=14, is_centred=True, is_faint=True),
    "Heading 1": _Style("黑体", 16, 28, before=18, after=6),
    "Heading 2": _Style("楷体", 14, 24, before=8),
    _QUOTE: _Style("仿宋", 16, 28, before=6, indent=2),
    _NOTE: _Style("楷体", 14, 24, indent=2, is_faint=True),
    _UNSURE: _Style("仿宋", 14, 24, indent=2, is_faint=True),
    _SOURCE: _Style("仿宋", 12, 20),
    TEXT_STYLE: _Style("仿宋", 9, 14),
}


def write_word(material: Material) -> bytes:
    """Return the basket as .docx; what may not be cited stands apart, without a footnote."""
    say = material.say
    document = Document()
    _clear(document)
    footnotes = Footnotes(document)
    for name, style in _STYLES.items():
        _dress(document, name, style)
    _lay_out(document)
    document.add_paragraph(say(TITLE), "Title")
    document.add_paragraph(material.counts, "Subtitle")
    for citation, kept in material.confirmed:
        quote = _add(document, citation.quote.strip(), _QUOTE)
        footnotes.add(quote, legal(material.cited(citation.forms)))
        _add_note(document, kept.item.note, material)
    if material.unconfirmed:
        document.add_paragraph(say(UNSURE), "Heading 1")
        document.add_paragraph(say(UNSURE_HINT))
    for kept in material.unconfirmed:
        _add(document, material.label(kept), "Heading 2")
        _add(document, kept.item.quote.strip(), _UNSURE)
        _add_note(document, kept.item.note, material)
    if material.sources:
        document.add_paragraph(say(SOURCES), "Heading 1")
    for number, source in enumerate(material.sources, start=1):
        _add(document, f"[{number}] {source}", _SOURCE)
    return _save(document, material)


def _add(document: WordFile, words: str, style: str) -> Paragraph:
    return document.add_paragraph(legal(words), style)


def _add_note(document: WordFile, note: str, material: Material) -> None:
    if note:
        _add(document, f"{material.say(NOTE)}：{note}", _NOTE)


def _save(document: WordFile, material: Material) -> bytes:
    facts, day = document.core_properties, datetime.combine(material.day, time())
    facts.title, facts.author, facts.comments = material.say(TITLE), "", ""
    facts.created = facts.modified = day
    written = io.BytesIO()
    document.save(written)
    return repack(written.getvalue())


def _lay_out(document: WordFile) -> None:
    """Set the page, the language, and what stands in for a font."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    part = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    fonts = parse_xml(part.blob)
    for name, others in _FONTS.items():
        font = OxmlElement("w:font", {qn("w:name"): name})
        font.append(OxmlElement("w:altName", {qn("w:val"): others}))
        fonts.append(font)
    part._blob = etree.tostring(fonts, xml_declaration=True, encoding="UTF-8", standalone=True)


def _clear(document: WordFile) -> None:
    """Take the styles away that nothing here uses: python-docx looks through all 164 of its own
    for each paragraph, six of the eight seconds of 500 quotes, and writers would see them."""
    for style in list(document.styles):
        if style.name not in _STYLES and style.element.get(qn("w:default")) is None:
            style.delete()
    for link in list(document.styles.element.iter(qn("w:link"))):  # to the same for characters
        link.getparent().remove(link)


def _dress(document: WordFile, name: str, look: _Style) -> None:
    """Give a style its look, all of it: the template's own has other fonts, colours and lines."""
    styles = document.styles
    if name not in styles:
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style = styles[name]
    assert isinstance(style, ParagraphStyle)
    properties = style.element.get_or_add_rPr()
    properties.clear()
    fonts = {"ascii": _LATIN, "hAnsi": _LATIN, "cs": _LATIN, "eastAsia": look.font}
    properties.append(_element("w:rFonts", **fonts))
    style.font.size = Pt(look.size)
    style.font.color.rgb = _FAINT if look.is_faint else RGBColor(0, 0, 0)
    lines = style.paragraph_format
    for unwanted in ("w:pBdr", "w:ind", "w:contextualSpacing"):
        for found in lines.element.get_or_add_pPr().findall(qn(unwanted)):
            found.getparent().remove(found)
    lines.space_before, lines.space_after = Pt(look.before), Pt(look.after)
    lines.line_spacing = Pt(look.leading)
    lines.first_line_indent = Pt(look.size * look.indent)
    if look.is_centred:
        lines.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _element(tag: str, **values: str) -> BaseOxmlElement:
    return OxmlElement(tag, {qn(f"w:{name}"): value for name, value in values.items()})
