"""Files go out of the corpus and come back: moved aside, never deleted on the way.

A file that is taken out lies in a hidden folder of the corpus, which is not indexed, at
`.removed/<time>/<its path below the corpus>`. That path is all that is kept of it: nothing depends
on the index, and anybody can put the file back by hand.
"""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from indexer.errors import SuyuanError
from indexer.folder import Folder, readable
from indexer.saving import make_file
from indexer.scanning import known_hashes
from indexer.settings import Settings

FOLDER = ".removed"
_TIME = "%Y%m%d-%H%M%S"  # of the place where the program runs
_TIME_LENGTH = 15


@dataclass(frozen=True, slots=True)
class Place:
    """A file of the corpus: `name` is its path below the corpus as a person reads it, `path` where
    it lies, and `documents` are those that come of it, all that are in it if it is an archive."""

    name: str
    path: Path
    documents: tuple[str, ...]
    is_archive: bool


@dataclass(frozen=True, slots=True)
class Removed:
    """A file that was taken out: `name` is its path below the corpus as a person reads it, `path`
    where it lies now; `size` is in bytes. `id` stays for as long as it lies there."""

    id: str
    name: str
    path: Path
    at: datetime
    size: int


def find_places(settings: Settings, documents: Collection[str]) -> tuple[Place, ...]:
    """Return the files that some documents come of, by name; of what is no longer there, none.

    A member of an archive comes with the archive, and so with all documents in it.
    """
    with contextlib.closing(Folder(settings.corpus, settings.max_file_bytes)) as folder:
        files = folder.listing(known_hashes(settings)).files
    path_of = {file.name: file.path for file in files}
    within: dict[str, list[str]] = {path_of[name]: [] for name in documents if name in path_of}
    for file in files:
        if file.path in within:
            within[file.path].append(file.name)
    archives = {file.path for file in files if file.keys}
    root = os.path.realpath(settings.corpus)
    found = (
        Place(readable(os.path.relpath(path, root)), Path(path), tuple(names), path in archives)
        for path, names in within.items()
    )
    return tuple(sorted(found, key=lambda place: place.name))


def remove(corpus: Path, place: Place) -> Removed:
    """Take a file out of the corpus.

    Raises:
        SuyuanError: it is no longer there, or the folder cannot be written.
    """
    root = Path(os.path.realpath(corpus))
    try:
        kept = _make_folder(root / FOLDER)
        target = kept / place.path.relative_to(root)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(place.path, target)
        except OSError:
            if place.path.exists():  # where it lies on another disk it may have been copied
                shutil.rmtree(kept, ignore_errors=True)
            raise
        return _record(kept, target)
    except OSError as error:
        raise SuyuanError(
            f"“{place.name}”没有移出：{error.strerror}。",
            f"请检查它是否还在，语料文件夹 {corpus} 能否写入。",
        ) from error


def list_removed(corpus: Path) -> tuple[Removed, ...]:
    """Return what was taken out and is kept, the last first."""
    found = (_record(kept, path) for kept in _kept(corpus) for path in _files(kept))
    return tuple(sorted(found, key=lambda each: (each.at, each.name), reverse=True))


def restore(corpus: Path, removed: Removed) -> str:
    """Put a file back and return its path below the corpus: the one that it had, or a numbered one
    where another has taken it.

    Raises:
        SuyuanError: it is no longer there, or the folder cannot be written.
    """
    root = Path(os.path.realpath(corpus))
    kept = _folder_of(root, removed.path)
    try:
        home = root / removed.path.relative_to(kept)
        home.parent.mkdir(parents=True, exist_ok=True)
        target = make_file(home)
        try:
            shutil.move(removed.path, target)
        except OSError:
            if removed.path.exists() or not target.stat().st_size:
                target.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise SuyuanError(
            f"“{removed.name}”没有恢复：{error.strerror}。",
            f"请检查它是否还在，语料文件夹 {corpus} 能否写入。",
        ) from error
    _tidy(kept)
    return readable(str(target.relative_to(root)))


def purge(corpus: Path, removed: Removed) -> str:
    """Delete for good a file that was taken out, and return where it lay.

    Raises:
        SuyuanError: it cannot be deleted.
    """
    try:
        removed.path.unlink(missing_ok=True)
    except OSError as error:
        raise SuyuanError(
            f"“{removed.name}”没有删除：{error.strerror}。",
            f"请检查文件夹 {corpus / FOLDER} 能否写入。",
        ) from error
    _tidy(_folder_of(Path(os.path.realpath(corpus)), removed.path))
    return removed.name


def _make_folder(parent: Path) -> Path:
    """Make a folder of its own that is named after the time."""
    parent.mkdir(exist_ok=True)
    stamp, number = datetime.now().strftime(_TIME), 1
    while True:
        kept = parent / (stamp if number == 1 else f"{stamp}-{number}")
        try:
            kept.mkdir()
        except FileExistsError:
            number += 1
        else:
            return kept


def _kept(corpus: Path) -> Iterator[Path]:
    """Yield the folders of what was taken out; what else lies there is left alone."""
    parent = Path(os.path.realpath(corpus)) / FOLDER
    if parent.is_dir():
        yield from (path for path in parent.iterdir() if path.is_dir() and _time_of(path))


def _files(kept: Path) -> Iterator[Path]:
    yield from (path for path in kept.rglob("*") if not path.is_dir() or path.is_symlink())


def _record(kept: Path, path: Path) -> Removed:
    at = _time_of(kept)
    assert at is not None
    below = str(path.relative_to(kept))
    name = hashlib.sha256(os.fsencode(f"{kept.name}/{below}")).hexdigest()[:16]
    return Removed(name, readable(below), path, at, path.lstat().st_size)


def _time_of(kept: Path) -> datetime | None:
    try:
        return datetime.strptime(kept.name[:_TIME_LENGTH], _TIME)
    except ValueError:
        return None


def _folder_of(root: Path, path: Path) -> Path:
    """Return the folder, named after its time, that a file that was taken out lies in."""
    parent = root / FOLDER
    return parent / path.relative_to(parent).parts[0]


def _tidy(kept: Path) -> None:
    """Remove the folders that nothing lies in any more."""
    folders = sorted((path for path in kept.rglob("*") if path.is_dir()), reverse=True)
    for folder in (*folders, kept):
        with contextlib.suppress(OSError):  # something lies in it
            folder.rmdir()
