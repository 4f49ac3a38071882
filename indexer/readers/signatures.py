"""Tell what a file is from its content, whatever it is called.

The answer is a short label that the table of formats refers to. A dozen signatures suffice, since
only Office packages need a look inside, which libraries that know hundreds of them do not take.
"""

import io
import re
import struct
import zipfile
import zlib

# What zipfile raises for damage and for what it cannot unpack.
ZIP_ERRORS = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, OSError,
    ValueError, OverflowError, NotImplementedError, RuntimeError,
)  # fmt: skip

_HEAD = 8192  # bytes; a saved page's headers and comments are shorter
_STARTS = (
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"Rar!\x1a\x07", "packed"),
    (b"7z\xbc\xaf\x27\x1c", "packed"),
    (b"\x1f\x8b\x08", "packed"),  # gzip
    (b"BZh", "packed"),
    (b"\xfd7zXZ\0", "packed"),
)
_BITMAP_HEADS = (12, 40, 52, 56, 64, 108, 124)  # sizes that a BMP's second header can have
_TAR = slice(257, 262)

_BEFORE_MARKUP = re.compile(rb"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|style|table|div|p|center)\b", re.IGNORECASE
)
_WORD_XML = re.compile(rb"<\?mso-application\s+progid=[\"']Word\.Document")
_FIELD = re.compile(rb"\s*[\w-]+:")
_MIME = re.compile(rb"^mime-version:", re.IGNORECASE | re.MULTILINE)
_MIME_PAGE = re.compile(
    rb"^content-type:\s*(?:multipart/related|text/html)", re.IGNORECASE | re.MULTILINE
)

_CONTENT_TYPES = "[Content_Types].xml"
_MAIN_PART = re.compile(
    rb"ContentType\s*=\s*[\"']application/[\w.-]*?"
    rb"(wordprocessingml|ms-word|spreadsheetml|ms-excel|presentationml|ms-powerpoint)"
    rb"([\w.-]*)\.main(?:\+xml)?[\"']"
)
_PARTS = {
    b"wordprocessingml": "docx", b"ms-word": "docx", b"spreadsheetml": "xlsx",
    b"ms-excel": "xlsx", b"presentationml": "slides", b"ms-powerpoint": "slides",
}  # fmt: skip
_MIMETYPES = (
    (b"application/vnd.oasis.opendocument.text", "odt"),
    (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
    (b"application/vnd.oasis.opendocument.presentation", "slides"),
)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "slides"),
)
_NONE = 0xFFFFFFFA  # sector and entry numbers from here on are marks, not numbers


def recognise(content: bytes) -> str:
    """Return the label of what the content is; "" where nothing tells."""
    for start, label in _STARTS:
        if content.startswith(start):
            return label
    if content.startswith(b"PK"):
        return _package(content)
    if content.startswith(_OLE):
        return _compound(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image"
    if content[:2] == b"BM" and int.from_bytes(content[14:18], "little") in _BITMAP_HEADS:
        return "image"
    if content[_TAR] == b"ustar":
        return "packed"
    return _markup(content[:_HEAD].replace(b"\0", b""))  # UTF-16 has a zero beside each letter


def recognise_package(archive: zipfile.ZipFile) -> str:
    """Return the label of what a zip holds; "zip" for one that is just an archive.

    Raises:
        zipfile.BadZipFile, zlib.error, and what else damage makes of a zip.
    """
    names = archive.NameToInfo
    if _CONTENT_TYPES in names:
        for kind, variant in _MAIN_PART.findall(_head_of(archive, _CONTENT_TYPES)):
            return "xlsb" if variant.startswith(b".sheet.binary") else _PARTS[kind]
    if "mimetype" in names:
        mimetype = _head_of(archive, "mimetype")
        return next((label for start, label in _MIMETYPES if mimetype.startswith(start)), "zip")
    return "ofd" if "OFD.xml" in names else "zip"


def _head_of(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        return file.read(1_000_000)


def _package(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return recognise_package(archive)
    except ZIP_ERRORS:
        return ""  # the reader that the suffix names says what is damaged


def _compound(content: bytes) -> str:
    """Return the label of an OLE file: the names in its root folder tell ([MS-CFB])."""
    names = _root_names(content)
    return next((label for name, label in _STREAMS if name in names), "")


def _root_names(content: bytes) -> set[str]:
    """Return the names of what lies in the root folder of an OLE file; damage ends the list."""
    entries = _directory(content)
    names: set[str] = set()
    if not entries:
        return names
    pending, seen = [_number(entries[0], 76)], set[int]()
    while pending:
        at = pending.pop()
        if at in seen or at >= len(entries):
            continue
        seen.add(at)
        length = int.from_bytes(entries[at][64:66], "little")
        names.add(entries[at][: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace"))
        pending += [_number(entries[at], 68), _number(entries[at], 72)]  # left and right of it
    return names


def _directory(content: bytes) -> list[bytes]:
    """Return the 128-byte entries of an OLE file's directory, the root first."""
    size = 1 << min(max(_number(content, 30) & 0xFFFF, 9), 16)  # 9 or 12, where undamaged
    table = _sectors_of_table(content, size)
    entries: list[bytes] = []
    sector, seen = _number(content, 48), set[int]()
    while sector < _NONE and sector not in seen:
        seen.add(sector)
        entries += [_sector(content, size, sector)[at : at + 128] for at in range(0, size, 128)]
        block, index = divmod(sector, size // 4)
        if block >= len(table):
            break
        sector = _number(_sector(content, size, table[block]), 4 * index)
    return [entry for entry in entries if len(entry) == 128]


def _sectors_of_table(content: bytes, size: int) -> list[int]:
    """Return the sectors that hold the table of which sector follows which."""
    table = list(struct.unpack_from("<109I", content.ljust(512, b"\xff"), 76))
    more, seen = _number(content, 68), set[int]()
    while more < _NONE and more not in seen:
        seen.add(more)
        found = _sector(content, size, more)
        table += struct.unpack(f"<{len(found) // 4}I", found[: len(found) // 4 * 4])
        more = table.pop() if found else _NONE
    return table


def _sector(content: bytes, size: int, number: int) -> bytes:
    return content[(number + 1) * size : (number + 2) * size]


def _number(content: bytes, at: int) -> int:
    return int.from_bytes(content[at : at + 4], "little") if at + 4 <= len(content) else _NONE


def _markup(head: bytes) -> str:
    text = head.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    if _FIELD.match(text) and _MIME.search(text) and _MIME_PAGE.search(text):
        return "mime"
    if _WORD_XML.search(text):
        return "word xml"
    before = _BEFORE_MARKUP.match(text)
    return "html" if before and _HTML.match(text, before.end()) else ""
