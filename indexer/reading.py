"""The files of the corpus become documents: what is unchanged is taken over, the rest is read."""

import contextlib
import hashlib
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import TypeAlias

from indexer.errors import ReadError
from indexer.folder import FileChanged, Folder
from indexer.inventory import Listed
from indexer.notices import READING_VERSION, make_document
from indexer.readers.confinement import Children
from indexer.readers.office import find_program
from indexer.readers.source import Source
from indexer.records import Document, Problem
from indexer.scanning import Scan, Scanned
from indexer.settings import Settings
from indexer.source_cache import SourceCache
from indexer.store import Generation

_AHEAD = 8  # files read before their turn: enough to keep the children busy, little to hold
_LONG = 2.0  # seconds; what took longer to read is kept until an index holds it
_LOOK = 0.2  # seconds between two looks at how far a long reading has come


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A file whose document the live index has, perhaps under another name."""

    name: str
    listed: Listed


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that cannot be read, with the hash of what was tried."""

    problem: Problem
    sha256: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A file of the same content as one that was kept."""

    name: str
    kept: str


Outcome: TypeAlias = Unchanged | Document | Unread | Duplicate


def conditions(settings: Settings) -> str:
    """Return what besides a file's content decides whether and how well it can be read."""
    limits = f"{settings.read_seconds} s, {settings.read_memory_bytes} bytes"
    return f"{limits}, LibreOffice: {find_program()}"


def kept_sources(settings: Settings) -> SourceCache:
    """Return what took long to read and is in no index yet."""
    return SourceCache(settings.index / "sources", f"{READING_VERSION} {conditions(settings)}")


def is_read_alike(live: Generation, settings: Settings) -> bool:
    """Tell whether reading every file again would give what the live index has."""
    made = live.manifest
    if made.reading_version != READING_VERSION:
        return False
    return made.conditions == conditions(settings) or not (live.problems() or live.cautions())


def read_all(
    settings: Settings,
    found: Scan,
    live: Generation | None,
    progress: Callable[[int, int, str], None],
) -> Iterator[Outcome]:
    """Yield what becomes of every file, by name; a bad one never stops the rest.

    Of several files with one content the first is kept. `progress` is told how many files are done,
    of how many, and what takes its time.
    """
    kept: dict[str, str] = {}
    with contextlib.closing(found.folder), Children(settings) as children:
        reading = _Reading(
            found.folder, children, _Reusable(live, settings), kept_sources(settings)
        )
        for done, (file, future) in enumerate(_ahead(found.files, reading.begin), start=1):
            progress(done, len(found.files), "")
            show = partial(progress, done - 1, len(found.files))
            if file.problem is not None:
                yield Unread(file.problem, file.sha256)
            elif file.sha256 in kept:
                yield Duplicate(file.name, kept[file.sha256])
            else:
                outcome = reading.finish(file, future, show)
                if not isinstance(outcome, Unread):
                    kept[file.sha256] = file.name
                yield outcome


class _Reusable:
    """The documents of the live index that need no reading, by hash and suffix.

    One with a caution is read again where that may help; one that is called after its file is read
    again when that has another name.
    """

    def __init__(self, live: Generation | None, settings: Settings) -> None:
        self._live = live
        self._listed: dict[tuple[str, str], Listed] = {}
        if live is not None and live.manifest.reading_version == READING_VERSION:
            is_same = live.manifest.conditions == conditions(settings)
            unsure = set() if is_same else {caution.file for caution in live.cautions()}
            self._listed = {
                (each.sha256, _suffix(each.id)): each
                for each in live.listed
                if each.id not in unsure
            }

    def find(self, file: Scanned) -> Listed | None:
        """Return the document that reading a file would give."""
        listed = self._listed.get((file.sha256, _suffix(file.name)))
        if listed is None or listed.id == file.name:
            return listed
        assert self._live is not None
        has_title = self._live.document(listed.id).header.title is not None
        is_alike = PurePosixPath(listed.id).name == PurePosixPath(file.name).name
        return listed if has_title or is_alike else None


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


class _Reading:
    """Begins to read files before their turn, and gives their documents in it."""

    def __init__(
        self, folder: Folder, children: Children[Source], reusable: _Reusable, cache: SourceCache
    ) -> None:
        self._folder = folder
        self._children = children
        self._reusable = reusable
        self._cache = cache
        self._begun: set[str] = set()  # hashes
        self._reached: dict[str, str] = {}  # how far the reading of a file has come

    def begin(self, file: Scanned) -> Future[Source] | None:
        """Have a child read a file, unless that is known not to be needed."""
        if file.file is None or file.sha256 in self._begun:
            return None
        self._begun.add(file.sha256)
        return None if self._reusable.find(file) else self._start(file)

    def finish(
        self, file: Scanned, begun: Future[Source] | None, show: Callable[[str], None]
    ) -> Unchanged | Document | Unread:
        """Return what becomes of a file."""
        listed = self._reusable.find(file)
        if listed is not None:
            return Unchanged(file.name, listed)
        try:
            future = begun or self._start(file)  # one with this content failed under another name
            while not wait((future,), _LOOK).done:
                show(f"{file.name}{self._reached.get(file.name, '')}")
            return make_document(file.name, file.sha256, future.result())
        except ReadError as error:
            # It holds this frame, which holds the future that holds the error: a ring that would
            # keep the live generation and its files open until the collector comes by.
            error.with_traceback(None)
            stamp = "changed" if isinstance(error, FileChanged) else file.sha256
            return Unread(Problem(file.name, error.fact, error.cure), stamp)

    def _start(self, file: Scanned) -> Future[Source]:
        kept = self._cache.load(file.sha256, _suffix(file.name))
        if kept is not None:
            future: Future[Source] = Future()
            future.set_result(kept)
            return future
        began = time.monotonic()  # when the content is at hand

        def load() -> bytes:
            nonlocal began
            content = self._load(file)
            began = time.monotonic()
            return content

        def step(done: int, total: int) -> None:
            self._reached[file.name] = f"（{done}/{total}）"

        def keep(read: Future[Source]) -> None:
            if time.monotonic() - began > _LONG and not (read.cancelled() or read.exception()):
                self._cache.save(file.sha256, _suffix(file.name), read.result())

        future = self._children.start(file.name, load, step)
        future.add_done_callback(keep)
        return future

    def _load(self, file: Scanned) -> bytes:
        """Return a file's content, which must be that of the scan: its hash names it."""
        assert file.file is not None
        content = self._folder.read(file.file)
        if hashlib.sha256(content).hexdigest() != file.sha256:
            raise FileChanged
        return content


def _ahead(
    files: Iterable[Scanned], begin: Callable[[Scanned], Future[Source] | None]
) -> Iterator[tuple[Scanned, Future[Source] | None]]:
    """Yield the files in order, each begun a few files before its turn."""
    waiting: deque[tuple[Scanned, Future[Source] | None]] = deque()
    for file in files:
        waiting.append((file, begin(file)))
        if len(waiting) > _AHEAD:
            yield waiting.popleft()
    yield from waiting
