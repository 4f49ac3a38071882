"""Read the members of a zip in memory; nothing of it is ever written to the disk."""

import io
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.errors import ReadError
from indexer.readers.encoding import decode_name
from indexer.readers.signatures import ZIP_ERRORS, recognise_package

# zipfile reads a directory in one go and keeps some 600 bytes for each entry of 46 or more, so
# this bounds what opening takes to 60 MB; 10,000 members with long names need 3 MB.
_LARGEST_DIRECTORY = 4 << 20
_CHUNK = 1 << 20
# Above this size a member that shrank more than so much is no document: text shrinks 20 times,
# a blank page drawn as a picture some 200 times.
_LARGE, _MOST_SHRUNK = 10_000_000, 500
_UNPACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED, _NAMED_IN_UTF8 = 0x1, 0x800  # of ZipInfo.flag_bits
_OUTSIDE = re.compile(r"/|[A-Za-z]:|(.*/)?\.\.(/|$)")
_COPY_AGAIN = "请重新复制或下载这个压缩包，再重建索引。"


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: `key` finds it there, `name` is its path for a person to read.

    `stamp` stands for its content where that cannot be unpacked.
    """

    key: str
    name: str
    stamp: str
    is_link: bool


@dataclass(frozen=True, slots=True)
class Directory:
    """What an archive holds: the files in it, of several with one name the last, as other programs
    do; how many entries it has, and how many bytes they have unpacked, as it says itself."""

    members: tuple[Member, ...]
    entries: int
    size: int


class _Bounded(io.BufferedReader):
    """A file that hands out no more at once than the largest directory allowed."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            return super().read(_LARGEST_DIRECTORY)  # the archive's end, 64 KB
        if size > _LARGEST_DIRECTORY:
            raise zipfile.BadZipFile("its directory is too large")
        return super().read(size)


class Archive:
    """An open zip.

    Raises:
        ReadError: on opening, if it is damaged.
    """

    def __init__(self, file: io.FileIO | io.BytesIO) -> None:
        self._file = file
        try:
            self._zip = zipfile.ZipFile(_Bounded(file))
            self._label = recognise_package(self._zip)
        except ZIP_ERRORS as error:
            file.close()
            raise ReadError("压缩包打不开，可能已损坏或不完整。", _COPY_AGAIN) from error

    @property
    def is_document(self) -> bool:
        """Tell a document that is kept as a zip, such as .docx, from a zip of documents."""
        return self._label != "zip"

    def directory(self) -> Directory:
        """Return what is in it; nothing is unpacked."""
        entries = self._zip.filelist
        return Directory(
            tuple(self._members()), len(entries), sum(info.file_size for info in entries)
        )

    def unpack(self, key: str, max_bytes: int) -> bytes:
        """Return a member's content.

        Raises:
            ReadError: it is damaged, encrypted, packed in a rare way, or larger than `max_bytes`.
            KeyError: there is none of that name.
        """
        info = self._zip.getinfo(key)
        _check(info, max_bytes)
        try:
            with self._zip.open(info) as file:
                return b"".join(iter(lambda: file.read(_CHUNK), b""))
        except ZIP_ERRORS as error:
            raise ReadError("压缩包里的这个文件已损坏，解不开。", _COPY_AGAIN) from error

    def _members(self) -> Iterator[Member]:
        for key, info in self._zip.NameToInfo.items():
            name = _readable(info)
            if name and not name.endswith("/"):
                stamp = f"unread-{info.file_size}-{info.CRC:08x}"
                yield Member(key, name, stamp, stat.S_ISLNK(info.external_attr >> 16))

    def close(self) -> None:
        """Close the file."""
        self._zip.close()
        self._file.close()


def check_size(size: int, max_bytes: int) -> None:
    """Refuse a file above the limit.

    Raises:
        ReadError: it is.
    """
    if size > max_bytes:
        raise ReadError(
            f"文件有 {size / 1e6:.0f} MB，超过单个文件 {max_bytes / 1e6:.0f} MB 的上限。",
            "请拆成几个文件，或用 SUYUAN_MAX_FILE_MB 调大上限后重建索引。",
        )


def _check(info: zipfile.ZipInfo, max_bytes: int) -> None:
    """Refuse a member before anything of it is unpacked."""
    if _OUTSIDE.match(_readable(info)):
        raise ReadError("压缩包里的这个路径指向压缩包之外。", "请解压检查后放入需要的文件。")
    if info.flag_bits & _ENCRYPTED:
        raise ReadError("压缩包里的这个文件有密码，打不开。", "请用密码解压后放入。")
    if info.compress_type not in _UNPACKED:
        raise ReadError("压缩包里的这个文件用了不支持的压缩方式。", "请解压后放入。")
    check_size(info.file_size, max_bytes)
    if info.file_size > max(_LARGE, info.compress_size * _MOST_SHRUNK):
        raise ReadError(
            f"压缩包里的这个文件解压后有 {info.file_size / 1e6:.0f} MB，"
            f"是压缩时的 {info.file_size // max(1, info.compress_size)} 倍，不像文件，没有解压。",
            "请检查它的来历；确是文件时，请解压后放入。",
        )


def _readable(info: zipfile.ZipInfo) -> str:
    """Return a member's path; programs in Chinese wrote GBK where the standard asks for UTF-8."""
    name = info.filename
    if not info.flag_bits & _NAMED_IN_UTF8:
        name = decode_name(name.encode("cp437"))
    return name.replace("\\", "/")
