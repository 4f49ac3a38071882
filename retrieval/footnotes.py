"""Real footnotes in a Word file, for which python-docx 1.2 has no interface: the part that holds
them, its two separators, and the marks in the text (ECMA-376-1, 17.11)."""

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.parts.story import StoryPart
from docx.text.paragraph import Paragraph

TEXT_STYLE, _MARK_STYLE = "footnote text", "footnote reference"  # as Word calls them
_SEPARATORS = {"-1": "separator", "0": "continuationSeparator"}


class Footnotes:
    """The footnotes of a file, numbered from 1 as they come."""

    def __init__(self, document: Document) -> None:
        styles = document.styles
        styles.add_style(TEXT_STYLE, WD_STYLE_TYPE.PARAGRAPH, builtin=True)
        mark = styles.add_style(_MARK_STYLE, WD_STYLE_TYPE.CHARACTER, builtin=True)
        mark.font.superscript = True
        self._root = OxmlElement("w:footnotes")
        self._count = 0
        named = OxmlElement("w:footnotePr")
        for number, name in _SEPARATORS.items():
            note = _note(number, name)
            note.append(OxmlElement("w:p"))
            note[0].append(OxmlElement("w:r"))
            note[0][0].append(OxmlElement(f"w:{name}"))
            self._root.append(note)
            named.append(_note(number))
        document.settings.element.find(qn("w:compat")).addprevious(named)
        name, kind = PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES
        self._part = StoryPart(name, kind, self._root, document.part.package)
        document.part.relate_to(self._part, RELATIONSHIP_TYPE.FOOTNOTES)

    def add(self, paragraph: Paragraph, words: str) -> None:
        """Put a mark at the end of a paragraph, and what it stands for at the foot of its page."""
        self._count += 1
        reference = OxmlElement("w:footnoteReference", {qn("w:id"): str(self._count)})
        _mark(paragraph, reference)
        note = _note(str(self._count))
        note.append(OxmlElement("w:p"))
        self._root.append(note)
        text = Paragraph(note[0], self._part)
        text.style = TEXT_STYLE
        _mark(text, OxmlElement("w:footnoteRef"))
        text.add_run(f" {words}")


def _note(number: str, kind: str = "") -> BaseOxmlElement:
    return OxmlElement("w:footnote", {**({qn("w:type"): kind} if kind else {}), qn("w:id"): number})


def _mark(paragraph: Paragraph, mark: BaseOxmlElement) -> None:
    run = paragraph.add_run()
    run.style = _MARK_STYLE
    run._r.append(mark)
