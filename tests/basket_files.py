"""What a file exported from the basket says, read from the file itself."""

import io
import re
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from docx import Document
from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(frozen=True, slots=True)
class WordFile:
    """The paragraphs of a Word file, each as (style, words); of a quote, the footnote that its mark
    stands for."""

    paragraphs: tuple[tuple[str, str], ...]
    cited: dict[str, str]

    def of_style(self, style: str) -> list[str]:
        return [words for name, words in self.paragraphs if name == style]


def read_word(content: bytes) -> WordFile:
    """Open a .docx as a program does: every mark has its footnote, and every footnote its mark."""
    document = Document(io.BytesIO(content))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        root = etree.fromstring(package.read("word/footnotes.xml"))
        types = package.read("[Content_Types].xml").decode()
    assert "/word/footnotes.xml" in types
    notes = {
        note.get(f"{_W}id"): "".join(text.text or "" for text in note.iter(f"{_W}t")).strip()
        for note in root
        if note.get(f"{_W}type") is None
    }
    cited, marks = {}, []
    for paragraph in document.paragraphs:
        for mark in paragraph._p.iter(f"{_W}footnoteReference"):
            marks.append(mark.get(f"{_W}id"))
            cited[paragraph.text] = notes[marks[-1]]
    assert marks == list(notes) == [str(n) for n in range(1, len(marks) + 1)]
    said = tuple((paragraph.style.name, paragraph.text) for paragraph in document.paragraphs)
    return WordFile(said, cited)


def print_text(content: bytes, folder: Path) -> str:
    """Return what LibreOffice prints of a .docx, footnotes and all, without any white space."""
    (folder / "a.docx").write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, str(folder / "a.docx")], check=True, capture_output=True, timeout=120)
    with pypdfium2.PdfDocument(folder / "a.pdf") as pages:
        printed = "".join(page.get_textpage().get_text_range() for page in pages)
    return re.sub(r"[\s\ufffe]+", "", printed)
