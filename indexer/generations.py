"""The live generation and the ones beside it: an atomic pointer, a lock, a rule for pruning."""

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from indexer.errors import BuildError, IndexUnusable
from indexer.manifest import REBUILD, Manifest, read_manifest
from indexer.segment import find_damage
from indexer.store import SEGMENTS, Generation

_POINTER, _BEFORE, _FOLDER, _LOCK = "CURRENT", "PREVIOUS", "generations", "build.lock"


def live_generation(index: Path) -> str | None:
    """Return the id of the live generation, or None where nothing was built yet."""
    return _read_pointer(index / _POINTER)


def previous_generation(index: Path) -> str | None:
    """Return the generation that `rollback` goes to: the one that was live before another content
    was; None where there is none."""
    live = live_generation(index)
    found = {each.generation: each for each in list_generations(index)}
    content = found[live].content if live in found else ""
    others = [name for name, manifest in found.items() if manifest.content != content]
    before = _named_by(index / _BEFORE)
    # A switch that was killed half way may have left a pointer to the live one itself.
    return before if before in others else next(iter(others), None)


def _read_pointer(path: Path) -> str | None:
    try:
        name = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexUnusable(f"索引指针 {path} 读不出来。", REBUILD) from error
    if not name.isalnum():
        raise IndexUnusable(f"索引指针 {path} 的内容已损坏。", REBUILD)
    return name


def _named_by(pointer: Path) -> str | None:
    """Return what a pointer names, None where it is missing or damaged: a build replaces it."""
    try:
        return _read_pointer(pointer)
    except IndexUnusable:
        return None


def generation_folder(index: Path, generation: str) -> Path:
    """Return where a generation lies."""
    return index / _FOLDER / generation


def segment_folder(index: Path, segment: str) -> Path:
    """Return where a segment lies."""
    return index / SEGMENTS / segment


def list_segments(index: Path) -> list[Path]:
    """Return the folders of all segments on the disk."""
    return sorted((index / SEGMENTS).glob("[!.]*"))


def disk_size(path: Path) -> int:
    """Return how many bytes a file, or all below a folder, have; a build may be at work there."""
    found = 0
    for each in (path, *path.rglob("*")):
        with contextlib.suppress(FileNotFoundError):
            status = each.lstat()
            found += status.st_size if stat.S_ISREG(status.st_mode) else 0
    return found


def live_folder(index: Path) -> Path:
    """Return where the live generation lies.

    Raises:
        IndexUnusable: there is none.
    """
    name = live_generation(index)
    if name is None:
        raise IndexUnusable(
            f"文件夹 {index} 里还没有索引。", "请先运行 python -m indexer build 建立索引。"
        )
    return generation_folder(index, name)


def open_live(index: Path) -> Generation:
    """Open the live generation.

    Raises:
        IndexUnusable: there is none, or it cannot be used.
    """
    while True:
        folder = live_folder(index)
        try:
            return Generation(folder)
        except (IndexUnusable, OSError):
            # A build may have replaced and removed it since its name was read.
            if live_folder(index) == folder:
                raise


def list_generations(index: Path) -> list[Manifest]:
    """Return the manifests of all usable generations, newest first."""
    found = []
    for folder in (index / _FOLDER).glob("*"):
        if folder.is_dir() and not folder.name.startswith("."):
            with contextlib.suppress(IndexUnusable):  # an unusable one is not on offer
                found.append(read_manifest(folder))
    return sorted(found, key=lambda manifest: (manifest.created, manifest.generation), reverse=True)


@contextlib.contextmanager
def building(index: Path) -> Iterator[None]:
    """Hold the right to build; a second builder is turned away at once.

    Raises:
        BuildError: another build is running, or the folder cannot be written.
    """
    parents = index / _FOLDER, index / SEGMENTS
    try:
        for folder in (index, *parents):
            folder.mkdir(parents=True, exist_ok=True)
        lock = (index / _LOCK).open("w")
    except OSError as error:
        raise BuildError(
            f"索引文件夹 {index} 不能写入（{error.strerror}）。", "请检查权限和磁盘空间后重试。"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BuildError(
                "另一个程序正在建立这个索引。", "请等它完成后再试；原有索引可以照常使用。"
            ) from error
        for parent in parents:
            for abandoned in parent.glob(".*"):  # what a killed build left; the lock is ours
                shutil.rmtree(abandoned, ignore_errors=True)
        yield


@contextlib.contextmanager
def staged_segment(index: Path) -> Iterator[Path]:
    """Give an empty folder to write a segment into; it is removed unless it was installed."""
    with _staged(index / SEGMENTS) as folder:
        yield folder


@contextlib.contextmanager
def staged_generation(index: Path) -> Iterator[Path]:
    """Give an empty folder to write a generation into; it is removed unless it was installed."""
    with _staged(index / _FOLDER) as folder:
        yield folder


@contextlib.contextmanager
def _staged(parent: Path) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix=".", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def install_segment(folder: Path, name: str) -> None:
    """Put a finished segment on the disk for good under its name.

    One of that name that is whole has the same content and stays: readers use it.
    """
    target = folder.with_name(name)
    if not target.exists() or find_damage(target, is_thorough=True):
        _install(folder, target)


def install_generation(folder: Path, name: str) -> None:
    """Put a finished generation on the disk for good under its name; one that is whole stays."""
    target = folder.with_name(name)
    try:
        Generation(target)
    except IndexUnusable:
        _install(folder, target)


def _install(folder: Path, target: Path) -> None:
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)
    if target.exists():
        damaged = folder.with_name(f"{folder.name}.damaged")
        target.rename(damaged)  # is removed with what else a build has left
    folder.rename(target)
    _sync(target.parent)


def switch_to(index: Path, generation: str) -> None:
    """Make a generation the live one, atomically, and prune old ones; the caller holds the lock."""
    live = _named_by(index / _POINTER)
    if live is not None and _content(index, live) not in ("", _content(index, generation)):
        _point(index / _BEFORE, live)
    _point(index / _POINTER, generation)
    _prune(index)


def _content(index: Path, generation: str) -> str:
    """Return what a generation says it holds, "" where it cannot be used."""
    try:
        return read_manifest(generation_folder(index, generation)).content
    except IndexUnusable:
        return ""


def _point(pointer: Path, generation: str) -> None:
    draft = pointer.with_name(f".{pointer.name}")
    draft.write_text(f"{generation}\n", encoding="ascii")
    _sync(draft)
    draft.replace(pointer)
    _sync(pointer.parent)


def _prune(index: Path) -> None:
    """Keep the live generation and the one that `rollback` would go to, with their segments."""
    kept = {live_generation(index), previous_generation(index)}
    manifests = [each for each in list_generations(index) if each.generation in kept]
    for folder in (index / _FOLDER).iterdir():
        if folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)
    needed = {name for manifest in manifests for name in manifest.segments}
    for folder in (index / SEGMENTS).iterdir():
        if folder.name not in needed:
            shutil.rmtree(folder, ignore_errors=True)


def _sync(path: Path) -> None:
    """Force a file or a folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
