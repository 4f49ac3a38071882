"""The hashes of files whose stamps have not moved since they were read, as git's index keeps them.

Only what is certain is kept: a file that was changed a moment before it was looked at may change
again without its times showing it (what git calls racily clean), and is read once more.
"""

import hashlib
import json
import logging
import os
import time
from pathlib import Path
from typing import Any, NamedTuple

from indexer.archive import Directory, Member

_log = logging.getLogger(__name__)

# Nanoseconds. FAT counts times in steps of 2 s and kernels in steps of some ms; a clock that is
# set back gives times in the future, which are unsafe by the same rule.
_SAFE = 3 * 10**9

_FORM = 1  # of the file

Keys = tuple[str, ...]  # from an archive to a member; () is the file on the disk itself


class StatData(NamedTuple):
    """What the system says of a file on the disk; times in nanoseconds.

    Equal data mean an unchanged file; which of two times is later means nothing.
    """

    size: int
    modified: int
    changed: int
    inode: int
    device: int


def stat_data(found: os.stat_result) -> StatData:
    """Return the part of a file's status that moves when its content does."""
    return StatData(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev)


class _Kept(NamedTuple):
    """Flat, so that it loads fast: strings by strings, and rows of JSON for the few archives."""

    hashes: dict[str, str]
    directories: dict[str, list[Any]]  # entries, size, members


class HashCache:
    """The hashes at hand, and those that a scan finds; nothing is written before `save`.

    `version` stands for all but the files that decides what is kept. A cache that is damaged, or
    of another version, is as good as none.
    """

    def __init__(self, path: Path, version: str) -> None:
        self._path = path
        self._version = version
        self._safe_until = time.time_ns() - _SAFE
        self._known = _load(path, version)
        self._found = _Kept({}, {})

    def hash_of(self, path: str, stat: StatData, keys: Keys) -> str | None:
        """Return the sha256 of a file or member, or None where it must be read."""
        name = _name(path, stat, keys)
        sha256 = self._known.hashes.get(name)
        if sha256 is not None:
            self._found.hashes[name] = sha256
        return sha256

    def directory_of(self, path: str, stat: StatData, keys: Keys) -> Directory | None:
        """Return what an archive holds, or None where it must be opened."""
        name = _name(path, stat, keys)
        row = self._known.directories.get(name)
        if row is None:
            return None
        self._found.directories[name] = row
        entries, size, members = row
        return Directory(tuple(Member(*member) for member in members), entries, size)

    def keep_hash(self, path: str, stat: StatData, keys: Keys, sha256: str) -> None:
        """Keep what was read after `stat` was taken."""
        if self._is_safe(stat):
            self._found.hashes[_name(path, stat, keys)] = sha256

    def keep_directory(self, path: str, stat: StatData, keys: Keys, held: Directory) -> None:
        """Keep what was seen in an archive after `stat` was taken."""
        if self._is_safe(stat):
            members = [[each.key, each.name, each.stamp, each.is_link] for each in held.members]
            self._found.directories[_name(path, stat, keys)] = [held.entries, held.size, members]

    def save(self) -> None:
        """Write what this scan found or met again, and drop the rest; the build lock is held.

        That it cannot be written only costs time.
        """
        if self._found == self._known:
            return
        content = json.dumps(self._found).encode()
        unfinished = self._path.with_suffix(".part")
        try:
            unfinished.write_bytes(_digest(content, self._version) + b"\n" + content)
            unfinished.replace(self._path)
        except OSError as error:
            _log.warning("the hashes of the files cannot be kept in %s: %s", self._path, error)

    def _is_safe(self, stat: StatData) -> bool:
        return max(stat.modified, stat.changed) < self._safe_until


def _name(path: str, stat: StatData, keys: Keys) -> str:
    """Return what names a file or member as it is; no path has a NUL in it."""
    return "\0".join((path, *map(str, stat), *keys))


def _load(path: Path, version: str) -> _Kept:
    try:
        digest, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return _Kept({}, {})  # none yet, or out of reach: what was kept is found anew
    if digest != _digest(content, version):
        return _Kept({}, {})
    return _Kept(*json.loads(content))


def _digest(content: bytes, version: str) -> bytes:
    """Return what proves that a file of this form and version is whole."""
    return hashlib.sha256(f"{_FORM} {version}\n".encode() + content).hexdigest().encode()
