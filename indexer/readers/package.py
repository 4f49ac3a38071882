"""Open an Office file: a zip of XML parts that name each other (ECMA-376 part 2), not trusted.

python-docx refuses .docm files, Strict ones, and any file in which a single relationship points
nowhere, and it unpacks every picture; so the parts that matter are opened here, and only they.
"""

import io
import lzma
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from indexer.errors import ReadError

# An element of lxml, which comes without types.
Element = Any

# Unpacked parts of real files are below 20 MB; XML of this size makes a tree of some 500 MB.
_MAX_UNPACKED = 64_000_000
_MAX_STREAMED = 1_000_000_000  # a sheet of a million rows, all formatted, is some 500 MB
_MAX_MEMBERS = 20_000
_ENCRYPTED = 0x1  # flag of a zip member
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
# ISO/IEC 29500 Strict is the same markup under other names.
_STRICT = b"http://purl.oclc.org/ooxml/"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/"
_RENAMED = (
    (_STRICT + b"wordprocessingml/main", _TRANSITIONAL + b"wordprocessingml/2006/main"),
    (_STRICT + b"officeDocument/", _TRANSITIONAL + b"officeDocument/2006/"),
    (_STRICT + b"drawingml/", _TRANSITIONAL + b"drawingml/2006/"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")

# All that zipfile and its decompressors raise for bytes that are no archive.
_UNPACKING_ERRORS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError,
    NotImplementedError, RuntimeError,
)  # fmt: skip

DAMAGED_CURE = "请用 Word 或 WPS 打开修复后另存为 .docx，再重建索引。"


def protected() -> ReadError:
    """Return the error for a file that a password encrypts."""
    return ReadError(
        "文件有打开密码，读不了。", "请用 Word 或 WPS 打开后去掉密码，另存一份再重建索引。"
    )


@dataclass(frozen=True, slots=True)
class Relation:
    """A part named by another: what it is for (the last word of its type) and where it is."""

    identity: str
    kind: str
    target: str


class Package:
    """An Office file whose parts are unpacked one by one, up to a limit for all of them.

    `cure` says what to do about a damaged file of this form, `most` how many bytes of XML there
    may be in all its parts.
    """

    def __init__(self, content: bytes, cure: str = DAMAGED_CURE, most: int = _MAX_UNPACKED) -> None:
        self._cure = cure
        if is_protected(content):
            raise protected()
        if is_ole(content):
            raise ReadError(
                "文件是旧版二进制格式，扩展名却是新版的。", "请把扩展名改为 .doc 后重建索引。"
            )
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except _UNPACKING_ERRORS as error:
            raise self._damaged("压缩包不完整") from error
        if len(self._archive.filelist) > _MAX_MEMBERS:
            raise ReadError("压缩包里的文件多得不正常。", cure)
        self._names = {_normal(name): name for name in self._archive.namelist()}
        self._left = self._most = most
        self._left_to_stream = _MAX_STREAMED

    def names(self) -> tuple[str, ...]:
        """Return where the parts are, in small letters."""
        return tuple(self._names)

    def xml(self, name: str) -> Element | None:
        """Return the root element of a part; None where there is no such part."""
        content = self._bytes(name)
        if content is None:
            return None
        for strict, transitional in _RENAMED:
            content = content.replace(strict, transitional)
        # No entity is expanded, no other file is read, and nesting has a limit.
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
            huge_tree=False,
        )
        try:
            root = etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
                raise MemoryError from error
            raise self._damaged(f"其中的 {name} 不是完整的 XML") from error
        self._refuse_dtd(root, name)
        return root

    def stream(self, name: str, tags: tuple[str, ...]) -> Iterator[Element]:
        """Yield the elements of a part that bear these names, one by one: a tree is never made.

        An element is empty again once the next one is asked for.
        """
        info = self._info(name)
        if info is None:
            return
        self._left_to_stream -= info.file_size
        if self._left_to_stream < 0:
            raise self._too_large(_MAX_STREAMED)
        try:
            with self._archive.open(info) as part:
                found = etree.iterparse(
                    part,
                    tag=[f"{{*}}{tag}" for tag in tags],
                    resolve_entities=False,
                    no_network=True,
                    load_dtd=False,
                    remove_comments=True,
                    remove_pis=True,
                    huge_tree=False,
                )
                for number, (_, element) in enumerate(found):
                    if number == 0:
                        self._refuse_dtd(element, name)
                    yield element
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]
        except etree.XMLSyntaxError as error:
            raise self._damaged(f"其中的 {name} 不是完整的 XML") from error
        except _UNPACKING_ERRORS as error:
            raise self._damaged(f"其中的 {name} 解压不了") from error

    def media(self, name: str) -> bytes | None:
        """Return a picture; None where there is no such part."""
        info = self._info(name)
        if info is None:
            return None
        self._left_to_stream -= info.file_size
        if self._left_to_stream < 0 or info.file_size > _MAX_UNPACKED:
            raise self._too_large(_MAX_UNPACKED)
        return self._unpack(info)

    def relations(self, name: str) -> tuple[Relation, ...]:
        """Return the parts that a part names ("" for the package itself)."""
        folder, base = posixpath.split(name)
        root = self.xml(posixpath.join(folder, "_rels", f"{base}.rels"))
        if root is None:
            return ()
        return tuple(
            Relation(
                relation.get("Id", ""),
                relation.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[1:],
            )
            for relation in root.iter(_RELATION)
            if relation.get("TargetMode") != "External"
        )

    def _info(self, name: str) -> zipfile.ZipInfo | None:
        found = self._names.get(_normal(name))
        if found is None:
            return None
        info = self._archive.getinfo(found)
        if info.flag_bits & _ENCRYPTED:
            raise protected()
        return info

    def _bytes(self, name: str) -> bytes | None:
        info = self._info(name)
        if info is None:
            return None
        self._left -= info.file_size
        if self._left < 0 or info.file_size > _MAX_UNPACKED:
            raise self._too_large(min(self._most, _MAX_UNPACKED))
        return self._unpack(info)

    def _unpack(self, info: zipfile.ZipInfo) -> bytes:
        try:
            return self._archive.read(info)  # never more than the size that was declared
        except _UNPACKING_ERRORS as error:
            raise self._damaged(f"其中的 {info.filename} 解压不了") from error

    def _refuse_dtd(self, element: Element, name: str) -> None:
        if element.getroottree().docinfo.internalDTD is not None:
            raise ReadError(f"文件里的 {name} 含有 DTD，正常的文件没有。", self._cure)

    def _damaged(self, what: str) -> ReadError:
        return ReadError(f"文件已损坏（{what}）。", self._cure)

    @staticmethod
    def _too_large(limit: int) -> ReadError:
        return ReadError(
            f"解压后超过 {limit // 1_000_000} MB，可能是压缩炸弹。",
            "请确认文件来源；确实这样大的文件请拆成几个。",
        )


def is_ole(content: bytes) -> bool:
    """Tell the container of Office files before 2007, and of encrypted ones of any year."""
    return content.startswith(_OLE)


def is_protected(content: bytes) -> bool:
    """Tell an Office file that is encrypted with a password ([MS-OFFCRYPTO] 1.3.2).

    The names of an OLE container's streams stand in its directory as UTF-16.
    """
    return is_ole(content) and _ENCRYPTED_STREAM in content


def _normal(name: str) -> str:
    """Part names are compared without regard to case; some writers use backslashes."""
    return name.replace("\\", "/").lstrip("/").lower()
