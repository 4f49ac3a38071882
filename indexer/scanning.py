"""Every file of the corpus with the hash of its content; what is unchanged is not even opened."""

import contextlib
import hashlib
from dataclasses import dataclass

from indexer.errors import CorpusError, ReadError
from indexer.folder import File, Folder, Settled
from indexer.hash_cache import HashCache
from indexer.notices import READING_VERSION
from indexer.records import Problem, Progress, ProgressHandler
from indexer.settings import Settings


@dataclass(frozen=True, slots=True)
class Scanned:
    """A file of the corpus with its content's hash, or why it cannot be read."""

    name: str
    sha256: str
    file: File | None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """All files of a folder, sorted by name, and what was passed over.

    `hashes` spares the next scan the reading of them, if it is saved.
    """

    folder: Folder
    files: tuple[Scanned, ...]
    skipped: tuple[Problem, ...]
    hashes: HashCache


def scan(settings: Settings, progress: ProgressHandler, settled: Settled | None = None) -> Scan:
    """Look at every file of the corpus; nothing is written.

    Where `settled` is given, any other file is a problem: it may be but half there.

    Raises:
        CorpusError: the folder is missing or empty.
    """
    if not settings.corpus.is_dir():
        raise CorpusError(
            f"语料文件夹 {settings.corpus} 不存在。", "请新建它并放入文件，或用 --corpus 指定别处。"
        )
    folder = Folder(settings.corpus, settings.max_file_bytes)
    hashes = known_hashes(settings)
    with contextlib.closing(folder):
        listing = folder.listing(hashes, settled)
        found = [Scanned(each.file, stamp, None, each) for each, stamp in listing.problems]
        for done, file in enumerate(listing.files, start=1):
            progress(Progress("查看文件", done, len(listing.files)))
            found.append(_look_at(folder, file, hashes))
    if not found:
        raise CorpusError(
            f"语料文件夹 {settings.corpus} 是空的。", "请放入 Word、PDF、网页、文本等文件后重试。"
        )
    files = tuple(sorted(found, key=lambda file: file.name))
    return Scan(folder, files, listing.skipped, hashes)


def known_hashes(settings: Settings) -> HashCache:
    """Return the hashes that the last build kept."""
    # A limit that is lowered keeps out what was let in before.
    version = f"{READING_VERSION} {settings.max_file_bytes}"
    return HashCache(settings.index / "hashes.json", version)


def open_hashes(settings: Settings) -> HashCache:
    """Return the hashes that the last scan kept."""
    # A limit that is lowered keeps out what was let in before.
    version = f"{READING_VERSION} {settings.max_file_bytes}"
    return HashCache(settings.index / "hashes.json", version)


def _look_at(folder: Folder, file: File, hashes: HashCache) -> Scanned:
    sha256 = hashes.hash_of(file.path, file.stat, file.keys)
    if sha256 is None:
        try:
            sha256 = hashlib.sha256(folder.read(file)).hexdigest()
        except ReadError as error:
            return Scanned(file.name, file.stamp, None, Problem(file.name, error.fact, error.cure))
        hashes.keep_hash(file.path, file.stat, file.keys, sha256)
    return Scanned(file.name, sha256, file)
