"""The files of the corpus become documents: what is unchanged is taken over, the rest is read."""

import contextlib
import hashlib
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, wait
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import PurePosixPath

from indexer.errors import CorpusError, ReadError
from indexer.folder import File, FileChanged, Folder
from indexer.notices import READING_VERSION, make_document
from indexer.readers.confinement import Children
from indexer.readers.office import find_program
from indexer.readers.source import Source
from indexer.records import Document, Problem, Progress
from indexer.settings import Settings
from indexer.source_cache import SourceCache
from indexer.store import Generation

ProgressHandler = Callable[[Progress], None]

_AHEAD = 8  # files read before their turn: enough to keep the children busy, little to hold
_LONG = 2.0  # seconds; what took longer to read is kept until an index holds it
_LOOK = 0.2  # seconds between two looks at how far a long reading has come


@dataclass(frozen=True, slots=True)
class Scanned:
    """A file of the corpus with its content's hash, or why it cannot be read."""

    name: str
    sha256: str
    file: File | None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """All files of a folder, sorted by name, and what was passed over."""

    folder: Folder
    files: tuple[Scanned, ...]
    skipped: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Readings:
    """What reading the corpus gave; problems come with the hash of the file they are about."""

    documents: list[Document] = field(default_factory=list)
    problems: list[tuple[Problem, str]] = field(default_factory=list)
    duplicates: list[tuple[str, str]] = field(default_factory=list)

    @property
    def cautions(self) -> tuple[Problem, ...]:
        """What is to be known of the documents, unchanged ones too."""
        return tuple(
            Problem(document.id, caution.fact, caution.cure)
            for document in self.documents
            for caution in document.cautions
        )


def scan(settings: Settings, progress: ProgressHandler) -> Scan:
    """Look at every file of the corpus.

    Raises:
        CorpusError: the folder is missing or empty.
    """
    if not settings.corpus.is_dir():
        raise CorpusError(
            f"语料文件夹 {settings.corpus} 不存在。", "请新建它并放入文件，或用 --corpus 指定别处。"
        )
    folder = Folder(settings.corpus, settings.max_file_bytes)
    with contextlib.closing(folder):
        listing = folder.listing()
        found = [Scanned(each.file, stamp, None, each) for each, stamp in listing.problems]
        for done, file in enumerate(listing.files, start=1):
            progress(Progress("查看文件", done, len(listing.files)))
            found.append(_look_at(folder, file))
    if not found:
        raise CorpusError(
            f"语料文件夹 {settings.corpus} 是空的。", "请放入 Word、PDF、网页、文本等文件后重试。"
        )
    return Scan(folder, tuple(sorted(found, key=lambda file: file.name)), listing.skipped)


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
    settings: Settings, found: Scan, live: Generation | None, progress: ProgressHandler
) -> Readings:
    """Read every file; a bad one never stops the rest.

    A document whose content is unchanged is taken over from the live index, whatever it is called
    now; of several files with one content the first is kept.
    """
    read = Readings()
    kept: dict[str, str] = {}
    with contextlib.closing(found.folder), Children(settings) as children:
        reusable = _reusable(live, settings)
        reading = _Reading(found.folder, children, live, reusable, kept_sources(settings))
        begun = _ahead(found.files, reading.begin)
        for done, (file, future) in enumerate(begun, start=1):
            show = partial(_show, progress, done, len(found.files))
            show()
            if file.problem is not None:
                read.problems.append((file.problem, file.sha256))
                continue
            if file.sha256 in kept:
                read.duplicates.append((file.name, kept[file.sha256]))
                continue
            try:
                read.documents.append(reading.finish(file, future, show))
            except ReadError as error:
                stamp = "changed" if isinstance(error, FileChanged) else file.sha256
                read.problems.append((Problem(file.name, error.fact, error.cure), stamp))
            else:
                kept[file.sha256] = file.name
    return read


def _look_at(folder: Folder, file: File) -> Scanned:
    try:
        content = folder.read(file)
    except ReadError as error:
        return Scanned(file.name, file.stamp, None, Problem(file.name, error.fact, error.cure))
    return Scanned(file.name, hashlib.sha256(content).hexdigest(), file)


def _reusable(live: Generation | None, settings: Settings) -> dict[tuple[str, str], str]:
    """Return the documents of the live index that need no reading, by hash and suffix.

    One with a caution is read again where that may help.
    """
    if live is None or live.manifest.reading_version != READING_VERSION:
        return {}
    is_same = live.manifest.conditions == conditions(settings)
    unsure = set() if is_same else {caution.file for caution in live.cautions()}
    hashes = live.contents()
    return {(hashes[name], _suffix(name)): name for name in live.ids if name not in unsure}


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


class _Reading:
    """Begins to read files before their turn, and gives their documents in it."""

    def __init__(
        self,
        folder: Folder,
        children: Children,
        live: Generation | None,
        reusable: Mapping[tuple[str, str], str],
        cache: SourceCache,
    ) -> None:
        self._folder = folder
        self._children = children
        self._live = live
        self._reusable = reusable
        self._cache = cache
        self._begun: set[str] = set()  # hashes
        self._reached: dict[str, str] = {}  # how far the reading of a file has come

    def begin(self, file: Scanned) -> Future[Source] | None:
        """Have a child read a file, unless that is known not to be needed."""
        if file.file is None or file.sha256 in self._begun:
            return None
        self._begun.add(file.sha256)
        return None if self._known(file) else self._start(file)

    def finish(
        self, file: Scanned, begun: Future[Source] | None, show: Callable[[str], None]
    ) -> Document:
        """Return the document in a file.

        Raises:
            ReadError: it cannot be read.
        """
        known = self._known(file)
        if self._live is not None and known is not None:
            return replace(self._live.document(known), id=file.name)
        future = begun or self._start(file)  # one with this content failed under another name
        while not wait((future,), _LOOK).done:
            show(f"{file.name}{self._reached.get(file.name, '')}")
        return make_document(file.name, file.sha256, future.result())

    def _known(self, file: Scanned) -> str | None:
        return self._reusable.get((file.sha256, _suffix(file.name)))

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


def _show(progress: ProgressHandler, done: int, total: int, detail: str = "") -> None:
    progress(Progress("读取文件", done - 1 if detail else done, total, detail))
