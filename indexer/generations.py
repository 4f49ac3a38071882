"""The live generation and the ones beside it: an atomic pointer, a lock, a rule for pruning."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from indexer.errors import BuildError, IndexUnusable
from indexer.store import REBUILD, Generation, Manifest, read_manifest

_POINTER, _FOLDER, _LOCK = "CURRENT", "generations", "build.lock"
# The live generation and the one before it, so that `rollback` has somewhere to go.
_KEPT = 2


def live_generation(index: Path) -> str | None:
    """Return the id of the live generation, or None where nothing was built yet."""
    try:
        name = (index / _POINTER).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexUnusable(f"索引指针 {index / _POINTER} 读不出来。", REBUILD) from error
    if not name.isalnum():
        raise IndexUnusable(f"索引指针 {index / _POINTER} 的内容已损坏。", REBUILD)
    return name


def generation_folder(index: Path, generation: str) -> Path:
    """Return where a generation lies."""
    return index / _FOLDER / generation


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
    return Generation(live_folder(index))


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
    try:
        index.mkdir(parents=True, exist_ok=True)
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
        yield


@contextlib.contextmanager
def new_generation(index: Path, generation: str) -> Iterator[Path]:
    """Give an empty folder to write a generation into; on success move it to its place.

    On any error the folder is removed and nothing else has changed.
    """
    (index / _FOLDER).mkdir(exist_ok=True)
    for abandoned in (index / _FOLDER).glob(".*"):  # what a killed build left; the lock is ours
        shutil.rmtree(abandoned, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=".", dir=index / _FOLDER))
    try:
        yield folder
        for path in folder.rglob("*"):
            _sync(path)
        _sync(folder)
        target = generation_folder(index, generation)
        if target.exists():
            shutil.rmtree(target)
        folder.rename(target)
        _sync(target.parent)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def switch_to(index: Path, generation: str) -> None:
    """Make a generation the live one, atomically, and prune old ones."""
    pointer = index / f".{_POINTER}"
    pointer.write_text(generation + "\n", encoding="ascii")
    _sync(pointer)
    pointer.replace(index / _POINTER)
    _sync(index)
    kept = {manifest.generation for manifest in list_generations(index)[:_KEPT]} | {generation}
    for folder in (index / _FOLDER).iterdir():
        if folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)


def previous_generation(index: Path) -> str | None:
    """Return the newest usable generation that is not the live one."""
    live = live_generation(index)
    names = [manifest.generation for manifest in list_generations(index)]
    return next((name for name in names if name != live), None)


def _sync(path: Path) -> None:
    """Force a file or a folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
