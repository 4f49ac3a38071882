"""How faithfully and how fast every form of file is read.

    python -m benchmarks.reading

The project's own notices are written in each form, so what a file says is known. For each form:

- lost and invented: characters of the known text that the reading lacks, and those it has more,
  in a thousand; white space and the | between cells aside.
- characters a second, and what the library underneath alone reaches in the same run on the same
  file, best of three each; for scans pages a second.
- for scans: character accuracy, 1 - edit distance / length.

Word files are written with python-docx and turned into the other Office forms and PDF by
LibreOffice, which must be installed.
"""

import csv
import email
import email.message
import email.policy
import io
import re
import shutil
import subprocess
import tempfile
import time
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import docx
import openpyxl
import pypdfium2
import xlrd
from opencc import OpenCC
from PIL import Image
from rapidocr import RapidOCR
from selectolax.lexbor import LexborHTMLParser

from benchmarks.runs import this_run
from indexer.readers import read_source
from indexer.settings import PROJECT
from tests.ofd_files import ofd, page, text

_REPEATS = 3
_LINES_A_PAGE = 30  # of the OFD file
_SCANNED_PAGES = 3
_RESOLUTIONS = (150, 300)  # dots an inch


@dataclass(frozen=True, slots=True)
class Sample:
    """A file, what it says, and how the library alone takes its text."""

    name: str
    content: bytes
    known: str
    alone: Callable[[], object]


def main() -> None:
    """Measure every form, print a table and keep the figures."""
    figures: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for sample in _samples(Path(folder)):
            figures[sample.name] = _measure(sample)
        for name, content, known in _scans(Path(folder)):
            figures[name] = _measure_scan(content, known)
    for name, row in figures.items():
        print(f"{name:28s}" + "  ".join(f"{key} {value:.3f}" for key, value in row.items()))
    print(this_run().save("reading", figures))


def _measure(sample: Sample) -> dict[str, float]:
    source = read_source(sample.name, sample.content)
    said, known = _characters(source.text), _characters(sample.known)
    ours = _best(lambda: read_source(sample.name, sample.content))
    alone = _best(sample.alone)
    return {
        "characters": float(known.total()),
        "lost": 1000 * (known - said).total() / known.total(),
        "invented": 1000 * (said - known).total() / known.total(),
        "a second": known.total() / ours,
        "alone a second": known.total() / alone,
        "time / alone": ours / alone,
    }


def _measure_scan(content: bytes, known: str) -> dict[str, float]:
    started = time.perf_counter()
    source = read_source("scan.png", content)
    seconds = time.perf_counter() - started
    engine = RapidOCR()
    image = Image.open(io.BytesIO(content)).convert("RGB")
    alone = _best(lambda: engine(image, use_cls=False), 1)
    said, wanted = _solid(source.text), _solid(known)
    return {
        "accuracy": 1 - _edit_distance(said, wanted) / len(wanted),
        "confidence": min(p.confidence for p in source.pages if p.confidence is not None),
        "seconds": seconds,
        "seconds alone": alone,
    }


def _samples(folder: Path) -> Iterator[Sample]:
    lines = _known_lines()
    known = "\n".join(lines)
    yield Sample("a.txt", known.encode(), known, known.encode().decode)
    html = _html(lines)
    yield Sample("a.html", html, known, lambda: LexborHTMLParser(html.decode()).text())
    yield Sample("a.mht", _mht(html), known, lambda: _mail_text(_mht(html)))
    word = _word(lines, folder)
    yield Sample("a.docx", word.read_bytes(), known, lambda: _docx_text(word))
    for suffix in ("doc", "rtf", "odt"):
        made = _convert(word, suffix, folder)
        alone = partial(_convert, made, "txt", folder)
        yield Sample(made.name, made.read_bytes(), known, alone)
    pdf = _convert(word, "pdf", folder)
    yield Sample("a.pdf", pdf.read_bytes(), known, lambda: _pdf_text(pdf))
    content = _ofd(lines)
    yield Sample("a.ofd", content, known, lambda: _ofd_text(content))
    yield from _sheets(folder)


def _sheets(folder: Path) -> Iterator[Sample]:
    rows = [["县区", "学校", "班数", "比例", "说明"]]
    rows += [[f"第{n}县", f"第{n}小学", str(n), f"{n % 100}%", "当年建成投用"] for n in range(400)]
    known = "\n".join(" | ".join(row) for row in rows)
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    flat = buffer.getvalue()
    yield Sample("a.csv", flat.encode(), known, lambda: list(csv.reader(io.StringIO(flat))))
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    path = folder / "sheet.xlsx"
    book.active.title = "学位"
    book.save(path)
    known = f"学位\n{known}"
    yield Sample("a.xlsx", path.read_bytes(), known, lambda: _xlsx_rows(path))
    old = _convert(path, "xls", folder)
    yield Sample("a.xls", old.read_bytes(), known, lambda: _xls_rows(old))


def _scans(folder: Path) -> Iterator[tuple[str, bytes, str]]:
    lines = _known_lines()
    for script, words in (("Simplified", lines), ("Traditional", _traditional(lines))):
        path = _convert(_word(words, folder, f"scan{script}"), "pdf", folder)
        document = pypdfium2.PdfDocument(path)
        for resolution in _RESOLUTIONS:
            for number in range(1, _SCANNED_PAGES + 1):
                leaf = document[number]
                image = io.BytesIO()
                leaf.render(scale=resolution / 72).to_pil().save(image, "png")
                known = leaf.get_textpage().get_text_range()
                yield f"scan, {script}, {resolution} dpi, {number}", image.getvalue(), known


def _known_lines() -> list[str]:
    paths = sorted((PROJECT / "corpus" / "invented").rglob("*.txt"))
    texts = [path.read_bytes() for path in paths]
    decoded = [text.decode() for text in texts if _is_utf8(text)]
    lines = [line.strip() for text in decoded for line in text.splitlines()]
    return [line for line in lines if line and "|" not in line]


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False  # the notice in GB18030
    return True


def _traditional(lines: Sequence[str]) -> list[str]:
    converter = OpenCC("s2t")
    return [str(converter.convert(line)) for line in lines]


def _word(lines: Sequence[str], folder: Path, name: str = "a") -> Path:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    path = folder / f"{name}.docx"
    document.save(str(path))
    return path


def _convert(path: Path, suffix: str, folder: Path) -> Path:
    """Have LibreOffice write a file in another form."""
    program = shutil.which("soffice")
    assert program, "LibreOffice is needed"
    kind = "txt:Text (encoded):UTF8" if suffix == "txt" else suffix
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", kind, "--outdir", str(folder)]
    subprocess.run([*command, str(path)], check=True, capture_output=True)
    return folder / f"{path.stem}.{suffix}"


def _html(lines: Sequence[str]) -> bytes:
    body = "".join(f"<p>{line}</p>" for line in lines)
    return f'<html><head><meta charset="utf-8"></head><body>{body}</body></html>'.encode()


def _mht(html: bytes) -> bytes:
    message = email.message.EmailMessage()
    message.set_content(html.decode(), subtype="html", cte="base64")
    return message.as_bytes()


def _ofd(lines: Sequence[str]) -> bytes:
    cut = [line[at : at + 26] for line in lines for at in range(0, len(line), 26)]
    pages = [cut[at : at + _LINES_A_PAGE] for at in range(0, len(cut), _LINES_A_PAGE)]
    return ofd([page(*(text(words, 25, 20 + 8 * n) for n, words in enumerate(p))) for p in pages])


def _docx_text(path: Path) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)


def _pdf_text(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    return "\n".join(leaf.get_textpage().get_text_range() for leaf in document)


def _ofd_text(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        names = [name for name in parts.namelist() if name.endswith("Content.xml")]
        texts = [parts.read(name).decode() for name in names]
    return "\n".join(re.findall(r"<ofd:TextCode[^>]*>([^<]*)", "".join(texts)))


def _mail_text(content: bytes) -> str:
    message = email.message_from_bytes(content, policy=email.policy.default)
    return str(LexborHTMLParser(str(message.get_content())).text())


def _xlsx_rows(path: Path) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))


def _xls_rows(path: Path) -> list[list[object]]:
    sheet = xlrd.open_workbook(path).sheet_by_index(0)
    return [sheet.row_values(row) for row in range(sheet.nrows)]


def _characters(words: str) -> Counter[str]:
    return Counter(_solid(words))


def _solid(words: str) -> str:
    """Return what counts: no white space, no cell breaks, one form of compatible characters."""
    return re.sub(r"[\s|]", "", unicodedata.normalize("NFKC", words))


def _best(call: Callable[[], object], repeats: int = _REPEATS) -> float:
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return min(times)


def _edit_distance(first: str, second: str) -> int:
    """Return how many characters must be changed, added or left out (Levenshtein, 1966)."""
    above = list(range(len(second) + 1))
    for row, character in enumerate(first, start=1):
        current = [row]
        for column, other in enumerate(second, start=1):
            cheapest = min(above[column], current[-1]) + 1
            current.append(min(cheapest, above[column - 1] + (character != other)))
        above = current
    return above[-1]


if __name__ == "__main__":
    main()
