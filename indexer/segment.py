"""A segment: some documents with everything that searching them needs; written once, never changed.

A folder named after what it holds: documents.sqlite, vectors/ (of passages and sentences), words/
(the lexical index), concordance/ (the folded texts), and segment.json with the hash of each file.
Documents and passages are numbered from 0; these numbers are rows. Which of the documents still
count is said by the generation (inventory.py).
"""

import contextlib
import hashlib
import json
import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer.concordance import Concordance, merge_concordance, write_concordance
from indexer.documents import Documents, DocumentWriter
from indexer.encoder import PassageVectors
from indexer.errors import IndexUnusable
from indexer.manifest import REBUILD
from indexer.postings import Postings, merge_postings, write_postings
from indexer.vectors import Vectors, merge_vectors, write_vectors

# A larger one would make merging slow, a smaller one searching: every segment is asked for every
# word of a question.
MOST_PASSAGES = 65_536

_LIST = "segment.json"
_DOCUMENTS, _VECTORS, _WORDS, _CONCORDANCE = "documents.sqlite", "vectors", "words", "concordance"
# Opening compares the hash of a file up to this size, a few milliseconds, and of a larger one the
# size alone; `verify` compares all.
_HASHED_ON_OPENING = 8_000_000  # bytes


@dataclass(frozen=True, slots=True)
class FileSeal:
    """What a file of a segment must be."""

    size: int
    sha256: str


class Segment:
    """A segment opened for reading; safe to use from several threads.

    Raises:
        IndexUnusable: on opening, if a file is missing or not what was written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        damage = find_damage(folder, is_thorough=False)
        if damage:
            raise IndexUnusable(f"索引已损坏：{'；'.join(damage)}。", REBUILD)
        try:
            self.documents = Documents(folder / _DOCUMENTS)
            self.vectors = Vectors(folder / _VECTORS)
            self.words = Postings(folder / _WORDS)
            self.concordance = Concordance(folder / _CONCORDANCE)
        except (OSError, ValueError, sqlite3.DatabaseError) as error:  # in a large file, not hashed
            raise IndexUnusable(f"索引已损坏：segments/{folder.name} 读不懂。", REBUILD) from error

    @property
    def id(self) -> str:
        """Return its name."""
        return self.folder.name


_opened: weakref.WeakValueDictionary[Path, Segment] = weakref.WeakValueDictionary()
_opening = threading.Lock()


def open_segment(folder: Path) -> Segment:
    """Open a segment, or return it if this process has it open: generations share segments.

    Raises:
        IndexUnusable: a file is missing or not what was written.
    """
    folder = folder.resolve()
    with _opening:
        found = _opened.get(folder)
        if found is None or not folder.is_dir():
            found = _opened[folder] = Segment(folder)
        return found


def write_texts(folder: Path) -> None:
    """Write all that follows from documents.sqlite but the vectors."""
    documents = Documents(folder / _DOCUMENTS)
    write_postings(folder / _WORDS, documents.passage_texts())
    write_concordance(folder / _CONCORDANCE, documents.all())


@contextlib.contextmanager
def new_documents(folder: Path) -> Iterator[DocumentWriter]:
    """Give what writes documents.sqlite of a segment; the file is closed whatever happens."""
    writer = DocumentWriter(folder / _DOCUMENTS)
    try:
        yield writer
    finally:
        writer.discard()


def read_documents(folder: Path) -> Documents:
    """Open the documents of a segment that is being written."""
    return Documents(folder / _DOCUMENTS)


def open_vectors(folder: Path) -> Vectors:
    """Open the vectors of a segment without the rest of it."""
    return Vectors(folder / _VECTORS)


def write_segment_vectors(
    folder: Path,
    fingerprint: str,
    dimension: int,
    rows: Iterable[tuple[bytes, PassageVectors]],
) -> None:
    """Write the vectors of a segment's passages, in their order, each with its key."""
    write_vectors(folder / _VECTORS, fingerprint, dimension, rows)


def merge_segments(folder: Path, parts: Sequence[tuple[Segment, NDArray[np.bool_]]]) -> None:
    """Write into an empty folder a segment of the documents of others that are kept,
    [documents of each], in their order."""
    with new_documents(folder) as writer:
        for segment, kept in parts:
            writer.take_over(segment.folder / _DOCUMENTS, kept)
        writer.finish()
    passages = [
        (segment.folder, np.repeat(kept, np.diff(segment.documents.first_passage)))
        for segment, kept in parts
    ]
    merge_vectors(folder / _VECTORS, [(at / _VECTORS, kept) for at, kept in passages])
    merge_postings(folder / _WORDS, [(at / _WORDS, kept) for at, kept in passages])
    merge_concordance(
        folder / _CONCORDANCE, [(segment.folder / _CONCORDANCE, kept) for segment, kept in parts]
    )


def seal(folder: Path) -> str:
    """Write the list of a segment's files, and return the id that follows from them."""
    files = {name: asdict(_seal(folder / name)) for name in _files(folder)}
    text = json.dumps(files, indent=1, sort_keys=True)
    (folder / _LIST).write_text(text, encoding="utf-8")
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def find_damage(folder: Path, *, is_thorough: bool) -> list[str]:
    """Return in Chinese what is wrong with the files of a segment."""
    try:
        listed = json.loads((folder / _LIST).read_text(encoding="utf-8"))
        seals = {name: FileSeal(**found) for name, found in listed.items()}
    except FileNotFoundError:
        return [f"缺少 segments/{folder.name}"]
    except (OSError, ValueError, TypeError, AttributeError):
        return [f"segments/{folder.name}/{_LIST} 读不懂"]
    damage = []
    for name, expected in seals.items():
        path = folder / name
        shown = f"segments/{folder.name}/{name}"
        if not path.is_file():
            damage.append(f"缺少文件 {shown}")
        elif path.stat().st_size != expected.size or (
            (is_thorough or expected.size <= _HASHED_ON_OPENING) and _seal(path) != expected
        ):
            damage.append(f"文件 {shown} 的内容与清单不符")
    return damage


def _files(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def _seal(path: Path) -> FileSeal:
    with path.open("rb") as file:
        return FileSeal(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
