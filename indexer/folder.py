"""The files of a corpus, those in archives included, each by the name its document will have."""

import io
import os
import re
import stat
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from indexer.archive import Archive, Directory, Member, check_size
from indexer.errors import ReadError
from indexer.hash_cache import HashCache, Keys, StatData, stat_data
from indexer.readers.encoding import decode_name
from indexer.records import Problem

# What systems leave beside documents is passed over without a word.
_SYSTEM_NAMES = {"thumbs.db", "desktop.ini", "__macosx"}
# What programs leave while a file is open or on its way is named.
_UNFINISHED = (".tmp", ".part", ".crdownload", ".download")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")  # a terminal would obey them
_DEEPEST = 2  # an archive in an archive
# Of an archive with all that are in it.
_MOST_MEMBERS = 10_000
_MOST_UNPACKED = 1_000_000_000  # bytes
_NO_STAT = StatData(0, 0, 0, 0, 0)  # of what cannot be looked at

# The files that have been standing still, by their paths on the disk.
Settled = Mapping[str, StatData]


@dataclass(frozen=True, slots=True)
class File:
    """A file of the corpus, or a member of an archive in it.

    `name` is its path below the corpus, with an archive as one more folder; `keys` lead from the
    archive at `path` to the member. `stamp` stands for the content where that cannot be read;
    `stat` is that of `path`, taken before anything was read.
    """

    name: str
    path: str
    stamp: str
    stat: StatData
    keys: Keys = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """What a folder holds, each sorted by name: files, what cannot even be looked into (with its
    stamp), and what was passed over."""

    files: tuple[File, ...]
    problems: tuple[tuple[Problem, str], ...]
    skipped: tuple[Problem, ...]


class FileChanged(ReadError):
    """A file is not what it was a moment ago."""

    def __init__(self) -> None:
        super().__init__("文件在读取期间被改动。", "请等它写完后再更新索引。")


class FileUnsettled(ReadError):
    """A file may be but half there."""

    def __init__(self) -> None:
        super().__init__("文件正在写入，这次没有收录。", "写完后再更新索引；自动收录时不必做什么。")


class Folder:
    """A corpus folder; safe to read from several threads."""

    def __init__(self, root: Path, max_bytes: int) -> None:
        self._root = root
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        # The archive that was read last, and those in it that lead to the last member.
        self._open: list[tuple[str, Keys, Archive]] = []

    def listing(self, hashes: HashCache, settled: Settled | None = None) -> Listing:
        """Return everything below the folder.

        Archives that `hashes` knows are not opened. Where `settled` is given, a file that is not
        among them, or has changed since, is a problem.
        """
        with self._lock:
            return _Walk(self._root, self._archive, hashes, settled).listing()

    def read(self, file: File) -> bytes:
        """Return a file's content.

        Raises:
            ReadError: it cannot be opened or unpacked, is empty or too large.
        """
        with self._lock:
            content = self._content(file)
        if not content or content.isspace():
            raise ReadError("文件是空的。", "请补上内容，或把它移出语料文件夹。")
        return content

    def close(self) -> None:
        """Close the archives that are open; they are opened again when needed."""
        with self._lock:
            self._close_from(0)

    def _content(self, file: File) -> bytes:
        if not file.keys:
            return read_bytes(file.path, self._max_bytes)
        try:
            archive = self._archive(file.path, file.keys[:-1])
            return archive.unpack(file.keys[-1], self._max_bytes)
        except KeyError as error:  # another archive has taken its place
            raise FileChanged from error

    def _archive(self, path: str, keys: Keys) -> Archive:
        """Open an archive, with keys one that lies in another, unless it is open already."""
        depth = len(keys)
        if depth < len(self._open) and self._open[depth][:2] == (path, keys):
            return self._open[depth][2]
        if keys:
            outer = self._archive(path, keys[:-1])
            file: io.FileIO | io.BytesIO = io.BytesIO(outer.unpack(keys[-1], self._max_bytes))
        else:
            file = _open_regular(path)
        self._close_from(depth)
        archive = Archive(file)
        self._open.append((path, keys, archive))
        return archive

    def _close_from(self, depth: int) -> None:
        for *_, archive in self._open[depth:]:
            archive.close()
        del self._open[depth:]


def read_bytes(path: str | Path, max_bytes: int) -> bytes:
    """Return what is in a file on the disk.

    Raises:
        ReadError: it cannot be opened, is larger than `max_bytes`, or grows while it is read.
    """
    with _open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        check_size(size, max_bytes)
        content = file.read(size + 1) or b""
    if len(content) != size:
        raise FileChanged()
    return content


def _open_regular(path: str | Path) -> io.FileIO:
    """Open a file that was found to be one; what has taken its place since must not block."""
    try:
        file = io.FileIO(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW))
    except OSError as error:
        raise _cannot_open("文件", error) from error
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise FileChanged()
    return file


def _cannot_open(what: str, error: OSError) -> ReadError:
    reason = os.strerror(error.errno or 0)
    return ReadError(f"{what}打不开（{reason}）。", f"请检查{what}的读取权限后重建索引。")


class _Allowance:
    """What an archive, with all archives in it, may still hold."""

    def __init__(self) -> None:
        self._members = _MOST_MEMBERS
        self._bytes = _MOST_UNPACKED

    def spend(self, held: Directory) -> None:
        """Take off what an archive says that it holds, before anything of it is unpacked.

        Raises:
            ReadError: that is too much.
        """
        self._members -= held.entries
        self._bytes -= held.size
        if self._members < 0:
            said = f"{held.entries} 个文件，超过 {_MOST_MEMBERS} 个"
        elif self._bytes < 0:
            said = f"{held.size / 1e9:.1f} GB，解压后的总量超过 {_MOST_UNPACKED / 1e9:.0f} GB"
        else:
            return
        raise ReadError(f"压缩包里有 {said}的上限，没有解压。", "请解压后放入需要的文件。")


@dataclass(frozen=True, slots=True)
class _Met:
    """What a walk meets: `below` is its path below the root, `real` without links.

    `found` is its status, or why that cannot be had, or None for a link out of the root.
    """

    below: str
    real: str
    found: os.stat_result | OSError | None
    is_folder: bool = False


def _walk(root: Path) -> Iterator[_Met]:
    """Yield all that is no folder, and the folders that cannot be listed; links are not followed,
    so that only the root and a link itself need to be resolved."""
    real_root = os.path.realpath(root)
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(real_root + folder) as listed:
                entries = sorted(listed, key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            yield _Met(folder, real_root + folder, error, is_folder=True)
            continue
        for entry in entries:
            if _is_system(entry.name):
                continue
            below = f"{folder}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                folders.append(below)
            elif entry.is_symlink():
                real = os.path.realpath(entry.path)
                is_inside = f"{real}/".startswith(f"{real_root}/")
                yield _Met(below, real, _status(real) if is_inside else None)
            else:
                yield _Met(below, entry.path, _status(entry))


def _status(path: str | os.DirEntry[str]) -> os.stat_result | OSError:
    try:
        return os.stat(path) if isinstance(path, str) else path.stat(follow_symlinks=False)
    except OSError as error:
        return error


def file_stats(root: Path) -> Settled:
    """Return all files below a folder as they are now; quick, for it opens none of them.

    A folder that cannot be listed is among them, so that it is seen when it can.
    """
    stats: dict[str, StatData] = {}
    for met in _walk(root):
        if isinstance(met.found, OSError):
            stats[met.real] = _NO_STAT
        elif met.found and stat.S_ISREG(met.found.st_mode) and not _is_unfinished(met.below):
            stats[met.real] = stat_data(met.found)
    return stats


class _Walk:
    """Goes through a folder once and sorts what it meets."""

    def __init__(
        self,
        root: Path,
        open_archive: Callable[[str, Keys], Archive],
        hashes: HashCache,
        settled: Settled | None,
    ) -> None:
        self._root = root
        self._open_archive = open_archive
        self._hashes = hashes
        self._settled = settled
        self._shown = {"": ""}  # folders as a person reads them
        self._taken: set[str] = set()
        self._files: list[File] = []
        self._problems: list[tuple[Problem, str]] = []
        self._skipped: list[Problem] = []

    def listing(self) -> Listing:
        """Return all that is there."""
        for met in _walk(self._root):
            self._place(met)
        return Listing(
            tuple(sorted(self._files, key=lambda file: file.name)),
            tuple(sorted(self._problems, key=lambda found: found[0].file)),
            tuple(sorted(self._skipped, key=lambda problem: problem.file)),
        )

    def _place(self, met: _Met) -> None:
        """Take up what is no folder: a file, an archive, or something else."""
        name = self._named(self._readable(met.below))
        found = met.found
        if found is None:
            self._skip(name, "这是指向语料文件夹之外的链接，没有收录。", "请把文件本身复制进来。")
        elif isinstance(found, OSError):
            what = "文件夹" if met.is_folder else "文件"
            self._fail(name, _cannot_open(what, found), "unread")
        elif stat.S_ISDIR(found.st_mode):
            self._skip(name, "这是指向文件夹的链接，没有收录。", "请把文件夹本身移到这里。")
        elif not stat.S_ISREG(found.st_mode):
            self._skip(name, "这是管道或设备，没有打开。", "请把它移出语料文件夹。")
        else:
            stamp = f"unread-{found.st_size}-{found.st_mtime_ns}"
            self._add(File(name, met.real, stamp, stat_data(found)), _Allowance())

    def _add(self, file: File, allowance: _Allowance) -> None:
        """Take up a file; a zip of files is a folder."""
        if _is_unfinished(file.name):
            cure = "可以删去；正本不在这里时，请在原来的程序里保存一份。"
            self._skip(file.name, "这是打开或下载文件时留下的临时文件，没有收录。", cure)
            return
        if self._settled is not None and self._settled.get(file.path) != file.stat:
            self._fail(file.name, FileUnsettled(), file.stamp)
            return
        held = self._look_into(file) if file.name.lower().endswith(".zip") else None
        if held is None:
            self._files.append(file)
            return
        try:
            if len(file.keys) >= _DEEPEST:
                raise ReadError(f"压缩包套了 {_DEEPEST} 层以上，没有解压。", "请解压后放入。")
            allowance.spend(held)
        except ReadError as error:
            self._fail(file.name, error, file.stamp)
            return
        for member in held.members:
            self._add_member(file, member, allowance)

    def _look_into(self, file: File) -> Directory | None:
        """Return what an archive holds; None for what is none, or a document that is kept as one:
        the reading of the file then says what it is."""
        held = self._hashes.directory_of(file.path, file.stat, file.keys)
        if held is not None:
            return held
        try:
            archive = self._open_archive(file.path, file.keys)
        except ReadError:
            return None
        if archive.is_document:
            return None
        held = archive.directory()
        self._hashes.keep_directory(file.path, file.stat, file.keys, held)
        return held

    def _add_member(self, archive: File, member: Member, allowance: _Allowance) -> None:
        if any(map(_is_system, PurePosixPath(member.name).parts)):
            return
        name = self._named(f"{archive.name}/{member.name}")
        if member.is_link:
            self._skip(name, "这是压缩包里的链接，没有收录。", "请放入它指向的文件。")
            return
        keys = (*archive.keys, member.key)
        self._add(File(name, archive.path, member.stamp, archive.stat, keys), allowance)

    def _readable(self, below: str) -> str:
        """Return a path below the root as a person reads it; that of a folder is made once."""
        above, _, name = below.rpartition("/")
        if above not in self._shown:
            self._shown[above] = "".join(f"{_decoded(part)}/" for part in above.split("/")[1:])
        return self._shown[above] + _decoded(name)

    def _named(self, path: str) -> str:
        """Return a name of its own for a path; those in two encodings may read the same."""
        name = _shown(path)
        number, found = 1, name
        while found in self._taken:
            number += 1
            found = f"（{number}）".join(os.path.splitext(name))
        self._taken.add(found)
        return found

    def _skip(self, name: str, fact: str, cure: str) -> None:
        self._skipped.append(Problem(name, fact, cure))

    def _fail(self, name: str, error: ReadError, stamp: str) -> None:
        self._problems.append((Problem(name, error.fact, error.cure), stamp))


def readable(path: str) -> str:
    """Return a path on the disk as a person reads it, whatever encoding its names are in."""
    return _shown("/".join(map(_decoded, path.split("/"))))


def _shown(path: str) -> str:
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", path)


def _decoded(name: str) -> str:
    return name if name.isascii() else decode_name(os.fsencode(name))


def _is_system(name: str) -> bool:
    hidden = name.startswith(".") and name not in (".", "..")
    return hidden or name.lower() in _SYSTEM_NAMES


def _is_unfinished(name: str) -> bool:
    last = name.rsplit("/", 1)[-1].lower()
    return last.startswith("~$") or last.endswith(_UNFINISHED)
