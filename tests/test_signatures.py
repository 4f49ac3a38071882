"""What a file is called and what it is are two things; what it is decides who reads it."""

import inspect
import io
import struct
import zipfile
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import ReadError
from indexer.readers import FORMATS, SUFFIXES, find_format, read_source
from indexer.readers.signatures import recognise
from indexer.records import Caution

MAIN = '<Types><Override PartName="/main.xml" ContentType="application/{}"/></Types>'
EMBEDDED = '<Default Extension="xlsx" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"/>'


def package(members: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def office(content_type: str, more: str = "") -> bytes:
    types = more + MAIN.format(content_type)
    return package({"[Content_Types].xml": types, "main.xml": "<x/>"})


def compound(*names: str, inside: str = "") -> bytes:
    """Return an OLE file: header, its table of sectors, then a directory in two sectors or more.

    `inside` is a stream below the first name, which is then a folder.
    """
    entries = [entry("Root Entry", child=1)]
    entries += [
        entry(name, right=at + 1 if at < len(names) else -1)
        for at, name in enumerate(names, start=1)
    ]
    if inside:
        entries[1] = entry(names[0], right=2 if len(names) > 1 else -1, child=len(entries))
        entries.append(entry(inside))
    entries += [entry("")] * (-len(entries) % 4)
    sectors = len(entries) // 4
    chain = [0xFFFFFFFD, *range(2, sectors + 1), 0xFFFFFFFE]
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(22) + struct.pack("<H", 9) + bytes(16)
    header += struct.pack("<I", 1) + bytes(16) + struct.pack("<II", 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return header + table + b"".join(entries)


def entry(name: str, right: int = -1, child: int = -1) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    head = encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded), 2, 1)
    return (head + struct.pack("<iii", -1, right, child)).ljust(128, b"\0")


WORD = "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACROS = "vnd.ms-word.document.macroEnabled.main+xml"
SHEET = "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SAMPLES = {
    "pdf": [b"%PDF-1.7\n"],
    "rtf": [b"{\\rtf1\\ansi"],
    "image": [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"II*\0\x08\0\0\0",
        b"MM\0*\0\0\0\x08",
        b"RIFF\x10\0\0\0WEBPVP8 ",
        b"BM" + bytes(12) + b"\x28\0\0\0",
    ],
    "docx": [office(WORD), office(WORD, EMBEDDED), office(MACROS)],
    "xlsx": [office(SHEET), office("vnd.ms-excel.sheet.macroEnabled.main+xml")],
    "xlsb": [office("vnd.ms-excel.sheet.binary.macroEnabled.main")],
    "slides": [
        office("vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"),
        compound("PowerPoint Document"),
        package({"mimetype": "application/vnd.oasis.opendocument.presentation"}),
    ],
    "odt": [package({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": ""})],
    "ods": [package({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"})],
    "ofd": [package({"OFD.xml": "<ofd:OFD/>"})],
    "zip": [package({"a.docx": "x"}), package({}), package({"mimetype": "application/epub+zip"})],
    "doc": [
        compound("WordDocument", "1Table"),
        compound(*"abcdefghijklmnop", "WordDocument"),
        compound("ObjectPool", "WordDocument", inside="Workbook"),
    ],
    "xls": [compound("Workbook"), compound("Book"), compound("MBD0", "Workbook", inside="WordDocument")],
    "encrypted": [compound("EncryptionInfo", "EncryptedPackage")],
    "html": [
        b"<!DOCTYPE html><p>x",
        b"\xef\xbb\xbf\r\n<!-- saved -->\n<HTML>",
        b'<?xml version="1.0"?><!DOCTYPE HTML PUBLIC "x"><html>',
        "\ufeff<html><head>".encode("utf-16-le"),
        b"<table border=1><tr>",
    ],
    "mime": [
        b"From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n",
        b"MIME-Version: 1.0\nContent-Type: text/html; charset=gb2312\n\n<html>",
    ],
    "word xml": [b'<?xml version="1.0"?>\n<?mso-application progid="Word.Document"?><w:wordDocument>'],
    "packed": [b"Rar!\x1a\x07\x01\0", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08\0", b"x" * 257 + b"ustar\0"],
    "": [
        b"", "关于通知".encode(), b"PK\3\4 cut off", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", compound("a"),
        compound("a", inside="WordDocument"), b"BMW", b"MIME-Version: 1.0 is a header", b"a < b <p>",
        b"<?xml version='1.0'?><a>", b"text with %PDF- in it",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("label", "content"),
    [(label, content) for label, contents in SAMPLES.items() for content in contents],
)
def test_content_says_what_it_is(label: str, content: bytes) -> None:
    assert recognise(content) == label


@given(
    st.binary(max_size=80), st.sampled_from([c for cs in SAMPLES.values() for c in cs]), st.data()
)
def test_any_damage_is_recognised_as_something(
    new: bytes, content: bytes, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(content)))
    assert recognise(content[:at] + new + content[at + len(new) :]) in SAMPLES


def test_every_form_has_a_reader_or_a_cure() -> None:
    for form in FORMATS:
        assert bool(form.module) != bool(form.cure), form.name
        if form.module:
            read = import_module(f"indexer.readers.{form.module}").read
            assert list(inspect.signature(read).parameters)[:2] == ["content", "step"], form.module


def test_every_label_and_suffix_belongs_to_one_form() -> None:
    labels = [label for form in FORMATS for label in form.labels]
    assert sorted(labels) == sorted(set(SAMPLES) - {""})
    suffixes = [suffix for form in FORMATS for suffix in form.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert set(suffixes) >= set(SUFFIXES) >= {".txt", ".zip"}


@pytest.mark.parametrize(
    ("suffix", "label", "module"),
    [
        (".docx", "doc", "office"),
        (".doc", "docx", "word"),
        (".doc", "rtf", "office"),
        (".doc", "html", "web"),
        (".doc", "mime", "mht"),
        (".doc", "word xml", "office"),
        (".wps", "doc", "office"),
        (".xls", "html", "web"),
        (".xls", "xlsx", "sheet"),
        (".pdf", "image", "image"),
        (".png", "pdf", "pdf"),
        (".html", "mime", "mht"),
        (".mht", "html", "web"),
        (".zip", "docx", "word"),
        (".txt", "pdf", "pdf"),
        (".txt", "html", "plain"),
        (".md", "html", "markdown"),
        (".csv", "mime", "delimited"),
        (".csv", "xls", "sheet"),
        ("", "pdf", "pdf"),
        (".aspx", "html", "web"),
    ],
)
def test_content_decides_unless_it_is_text(suffix: str, label: str, module: str) -> None:
    for content in SAMPLES[label]:
        assert find_format(suffix, content).module == module


@pytest.mark.parametrize(
    ("suffix", "module"), [(".docx", "plain"), (".pdf", "plain"), (".xls", "delimited")]
)
def test_text_under_another_suffix_is_text(suffix: str, module: str) -> None:
    assert find_format(suffix, "关于做好招生工作的通知\t数量\n".encode("gb18030")).module == module


@pytest.mark.parametrize("suffix", [".docx", ".doc", ".pdf", ".xlsx", ".ofd", ".png", ".mht"])
def test_damage_is_left_to_the_reader_of_the_suffix(suffix: str) -> None:
    (form,) = (form for form in FORMATS if suffix in form.suffixes)
    for content in (b"\0\1\2\3" * 10, b"PK\3\4\xff\xff", b"\n%PDF-1.4 x"):
        assert find_format(suffix, content) == form


@pytest.mark.parametrize(
    ("name", "label", "fact", "cure"),
    [
        (
            "a.docx",
            "encrypted",
            "文件有打开密码，读不了。",
            "请用 Word 或 WPS 打开后去掉密码，另存一份再重建索引。",
        ),
        (
            "a.rar",
            "packed",
            "暂不支持 .rar 文件（压缩包）。",
            "请解压后放入里面的文件，或改存为 .zip。",
        ),
        (
            "a.zip",
            "packed",
            "扩展名是 .zip，内容其实是压缩包，暂不支持。",
            "请解压后放入里面的文件，或改存为 .zip。",
        ),
        (
            "a.zip",
            "",
            "压缩包打不开，可能已损坏或不完整。",
            "请确认它是完好的压缩包、扩展名是 .zip，或解压后放入里面的文件。",
        ),
        (
            "a.docx",
            "zip",
            "扩展名是 .docx，内容其实是 ZIP 压缩包，暂不支持。",
            "请确认它是完好的压缩包、扩展名是 .zip，或解压后放入里面的文件。",
        ),
        (
            "a",
            "slides",
            "文件没有扩展名，内容其实是演示文稿，暂不支持。",
            "请另存为 .pdf 后重建索引。",
        ),
        ("a.pptx", "slides", "暂不支持 .pptx 文件（演示文稿）。", "请另存为 .pdf 后重建索引。"),
        (
            "a.xls",
            "ods",
            "扩展名是 .xls，内容其实是 ODF 表格，暂不支持。",
            "请另存为 .xlsx 后重建索引。",
        ),
        ("a.xyz", "", "暂不支持 .xyz 文件。", f"请另存为 {'、'.join(SUFFIXES)} 之一后重建索引。"),
        (
            "a",
            "",
            "暂不支持没有扩展名的文件。",
            f"请另存为 {'、'.join(SUFFIXES)} 之一后重建索引。",
        ),
    ],
)
def test_what_no_reader_takes_says_what_to_do(name: str, label: str, fact: str, cure: str) -> None:
    with pytest.raises(ReadError) as error:
        read_source(name, SAMPLES[label][1] if label == "" else SAMPLES[label][0])
    assert (error.value.fact, error.value.cure) == (fact, cure)


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("a.doc", "扩展名是 .doc，内容其实是网页（.html）；已按内容读取。"),
        ("a", "文件没有扩展名，内容其实是网页（.html）；已按内容读取。"),
        ("a.xyz", "扩展名是 .xyz，内容其实是网页（.html）；已按内容读取。"),
    ],
)
def test_a_wrong_suffix_is_said(name: str, fact: str) -> None:
    source = read_source(name, "<html><p>关于做好招生工作的通知".encode())
    assert source.text == "关于做好招生工作的通知\n"
    assert source.cautions == (Caution(fact, "建议改正扩展名。"),)


@pytest.mark.parametrize("name", ["a.html", "a.HTM", "a.shtml"])
def test_a_right_suffix_is_not_remarked_on(name: str) -> None:
    assert read_source(name, "<html><p>通知".encode()).cautions == ()
