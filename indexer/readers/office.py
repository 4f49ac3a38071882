"""Files of older or other word processors (.doc, .wps, .rtf, .odt), which LibreOffice turns into
.docx; `word` reads that.

LibreOffice runs as a program of its own with a fresh profile, in the group of processes and within
the limits of the process that reads, so that it ends with it.
"""

import io
import os
import re
import shutil
import subprocess
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path

from indexer.errors import ReadError
from indexer.readers import word
from indexer.readers.package import is_ole, protected
from indexer.readers.signatures import ZIP_ERRORS, recognise
from indexer.readers.source import Source, Step, ignore_steps
from indexer.records import Caution

SECONDS = 120  # a dense document of 300 pages takes 10; less than a build waits for a reader
_SAVE_AS_DOCX = "请用 Word 或 WPS 打开检查，另存为 .docx 后重建索引。"
_PLACES = (
    Path("/usr/lib/libreoffice/program/soffice"),
    Path("/opt/libreoffice/program/soffice"),
    Path("/Applications/LibreOffice.app/Contents/MacOS/soffice"),
)
_RESTART = 81  # LibreOffice asks to be started again after it has made its profile
_STARTS = 3
_SUFFIXES = {"doc": ".doc", "rtf": ".rtf", "odt": ".odt", "word xml": ".xml"}
_WORD_DOCUMENT = b"\xec\xa5"  # begins the stream WordDocument ([MS-DOC] 2.5.2), in a sector
_SECTOR = 512
_IS_ENCRYPTED = 0x01  # in the upper byte of the flags at 0x0A
_LOWER_LEVEL = re.compile(rb'<w:ilvl w:val="[1-8]"/><w:numId w:val="[1-9]')
_NUMBERS_CONVERTED = Caution(
    "多级自动编号由 LibreOffice 还原，可能与 Word 里显示的不同。",
    "引用条款编号时请对照原文件，或用 Word 另存为 .docx 后重建索引。",
)
_CLOSED_PORT = 9  # "discard": nothing answers there

# Macros stay off, links are not followed, fields keep what was saved, and what asks for the
# network anyway is sent to a port where nothing listens.
_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "2"),
    ("Office.Writer/Content/Update", "Field", "false"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", str(_CLOSED_PORT)),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", str(_CLOSED_PORT)),
    ("Inet/Settings", "ooInetNoProxy", ""),
)


def read(content: bytes, step: Step = ignore_steps) -> Source:
    """Read a .doc, .wps, .rtf or .odt file, or Word's XML of 2003.

    Raises:
        ReadError: it has a password or is damaged, LibreOffice is missing or does not manage it.
    """
    suffix = _suffix_of(content)
    program = find_program()
    if program is None:
        raise ReadError(
            "本机没有安装 LibreOffice，读不了这种文件。",
            "请安装 LibreOffice（Debian/Ubuntu：apt-get install libreoffice-writer）后重建索引，"
            "或另存为 .docx。",
        )
    step(0, 2)
    with tempfile.TemporaryDirectory(prefix="suyuan-office-") as folder:
        converted = _convert(program, content, suffix, Path(folder))
    step(1, 2)
    source = word.read(converted)
    if suffix == ".xml" or _has_levels_of_numbers(converted):
        return replace(source, cautions=(*source.cautions, _NUMBERS_CONVERTED))
    return source


def _has_levels_of_numbers(converted: bytes) -> bool:
    """Tell a file with numbers below the first level: there LibreOffice knows fewer rules."""
    with zipfile.ZipFile(io.BytesIO(converted)) as archive:
        return bool(_LOWER_LEVEL.search(archive.read("word/document.xml")))


def find_program() -> Path | None:
    """Return LibreOffice's own program, without the script that starts it in another process."""
    named = shutil.which("soffice") or shutil.which("libreoffice")
    places = (*([Path(named)] if named else []), *_PLACES)
    for place in places:
        if place.is_file():
            program = place.resolve()
            binary = program.with_name("soffice.bin")
            return binary if binary.is_file() else program
    return None


def _suffix_of(content: bytes) -> str:
    """Return the suffix that tells LibreOffice what the content is."""
    label = recognise(content)
    if label == "encrypted" or _is_encrypted(content, label):
        raise protected()
    if label in _SUFFIXES:
        return _SUFFIXES[label]
    if is_ole(content):
        return ".wps"  # of Microsoft Works, which keeps its text elsewhere
    raise ReadError("内容不是 Word、WPS、RTF 或 ODF 文档，文件可能已损坏。", _SAVE_AS_DOCX)


def _is_encrypted(content: bytes, label: str) -> bool:
    if label == "doc":
        heads = (content[at : at + 12] for at in range(_SECTOR, len(content), _SECTOR))
        flags = next((head[11] for head in heads if _is_word_head(head)), 0)
        return bool(flags & _IS_ENCRYPTED)
    return label == "odt" and b"encryption-data" in _manifest(content)


def _is_word_head(head: bytes) -> bool:
    return len(head) == 12 and head.startswith(_WORD_DOCUMENT)


def _manifest(content: bytes) -> bytes:
    """Return the part of an .odt file that says which others are encrypted."""
    try:
        with (
            zipfile.ZipFile(io.BytesIO(content)) as archive,
            archive.open("META-INF/manifest.xml") as part,
        ):
            return part.read(1_000_000)
    except (KeyError, *ZIP_ERRORS):
        return b""  # LibreOffice says whether it can be repaired


def _convert(program: Path, content: bytes, suffix: str, folder: Path) -> bytes:
    """Return the content as .docx; everything is written below `folder`."""
    source = folder / f"source{suffix}"
    source.write_bytes(content)
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_registry(), encoding="utf-8")
    command = [
        str(program), "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck",
        "--nofirststartwizard", f"-env:UserInstallation={profile.as_uri()}",
        "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "out"), str(source),
    ]  # fmt: skip
    for _ in range(_STARTS):
        status = _run(command, folder)
        if status != _RESTART:
            break
    try:
        return (folder / "out" / "source.docx").read_bytes()
    except FileNotFoundError:
        raise _failed(status) from None


def _run(command: list[str], folder: Path) -> int:
    variables = {
        "PATH": os.defpath,
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",  # no display is looked for
    }
    try:
        return subprocess.run(
            command,
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired as error:
        raise ReadError(f"LibreOffice 转换超过 {SECONDS} 秒，已中止。", _SAVE_AS_DOCX) from error
    except OSError as error:
        raise ReadError(
            f"LibreOffice 启动不了（{os.strerror(error.errno or 0)}）。",
            "请检查 LibreOffice 的安装，或另存为 .docx 后重建索引。",
        ) from error


def _failed(status: int) -> ReadError:
    if status < 0:
        return ReadError("LibreOffice 读这个文件时崩溃，或所需的内存超过上限。", _SAVE_AS_DOCX)
    return ReadError("LibreOffice 打不开这个文件，文件可能已损坏。", _SAVE_AS_DOCX)


def _registry() -> str:
    """Return a profile's settings, as LibreOffice keeps them."""
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in _SETTINGS
    )
    namespace = "http://openoffice.org/2001/registry"
    return f'<?xml version="1.0"?><oor:items xmlns:oor="{namespace}">{items}</oor:items>'
