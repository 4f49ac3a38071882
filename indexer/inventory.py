"""inventory.sqlite of a generation: which documents of which segments it holds, and what is to be
known of the files of the corpus.

Each build copies the one before and applies what has changed. A document's `number` stays the same
as long as its name and content do, and is never given again.
"""

import contextlib
import hashlib
import shutil
import sqlite3
import threading
import weakref
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from indexer.errors import IndexUnusable
from indexer.link_tables import LINK_TABLES
from indexer.links import relink
from indexer.manifest import REBUILD
from indexer.records import Document, Problem

_TABLES = """
CREATE TABLE documents (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL,
    segment TEXT NOT NULL, row INTEGER NOT NULL
);
CREATE TABLE cautions (document INTEGER NOT NULL, fact TEXT NOT NULL, cure TEXT NOT NULL);
CREATE TABLE excluded (
    document INTEGER NOT NULL, reason TEXT NOT NULL, characters INTEGER NOT NULL
);
CREATE TABLE problems (
    file TEXT NOT NULL, sha256 TEXT NOT NULL, fact TEXT NOT NULL, cure TEXT NOT NULL
);
CREATE TABLE duplicates (file TEXT NOT NULL, kept TEXT NOT NULL);
CREATE TABLE skipped (file TEXT NOT NULL, fact TEXT NOT NULL, cure TEXT NOT NULL);
CREATE INDEX cautions_of ON cautions (document);
CREATE INDEX excluded_of ON excluded (document);
"""


class Place(NamedTuple):
    """Where a document lies: a segment's id and the row in it."""

    segment: str
    row: int


class Listed(NamedTuple):
    """A document of a generation."""

    number: int
    id: str
    sha256: str
    place: Place


@dataclass(frozen=True, slots=True)
class Notes:
    """What is to be known of files that are no documents; `problems` come with the sha256 of the
    file's content, `duplicates` with the file of the same content that was kept."""

    problems: Sequence[tuple[Problem, str]]
    duplicates: Sequence[tuple[str, str]]
    skipped: Sequence[Problem]


class InventoryWriter:
    """Makes the inventory of a new generation; `finish` makes it whole."""

    def __init__(self, path: Path, previous: Path | None) -> None:
        """Begin with a copy of a former one, or with an empty one."""
        if previous is not None:
            shutil.copyfile(previous, path)
        self._path = path
        self._database = sqlite3.connect(path)
        # The file is not used before it is whole and on the disk, so nothing needs undoing.
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        if previous is None:
            self._database.executescript(_TABLES + LINK_TABLES)

    def change(self, removed: Collection[int], added: Iterable[tuple[Document, Place]]) -> None:
        """Take documents out by their numbers, and others in."""
        gone = [(number,) for number in removed]
        for table, column in (
            ("documents", "number"), ("cautions", "document"), ("excluded", "document"),
        ):  # fmt: skip
            self._database.executemany(f"DELETE FROM {table} WHERE {column} = ?", gone)
        relink(self._database, removed, self._add_each(added))

    def _add_each(self, added: Iterable[tuple[Document, Place]]) -> Iterator[tuple[int, Document]]:
        """Add documents one at a time, because all of them may not fit into memory."""
        for document, place in added:
            inserted = self._database.execute(
                "INSERT INTO documents (id, sha256, segment, row) VALUES (?, ?, ?, ?)",
                (document.id, document.sha256, *place),
            )
            number = inserted.lastrowid
            assert number is not None
            self._database.executemany(
                "INSERT INTO cautions VALUES (?, ?, ?)",
                [(number, each.fact, each.cure) for each in document.cautions],
            )
            self._database.executemany(
                "INSERT INTO excluded VALUES (?, ?, ?)",
                [(number, *each) for each in document.excluded],
            )
            yield number, document

    def note(self, notes: Notes) -> None:
        """Put down what is to be known of the other files, in place of what was."""
        for table in ("problems", "duplicates", "skipped"):
            self._database.execute(f"DELETE FROM {table}")
        self._database.executemany(
            "INSERT INTO problems VALUES (?, ?, ?, ?)",
            [(each.file, sha256, each.fact, each.cure) for each, sha256 in notes.problems],
        )
        self._database.executemany("INSERT INTO duplicates VALUES (?, ?)", notes.duplicates)
        self._database.executemany(
            "INSERT INTO skipped VALUES (?, ?, ?)",
            [(each.file, each.fact, each.cure) for each in notes.skipped],
        )

    def move(self, places: Mapping[Place, Place]) -> None:
        """Say where documents lie now; the places are told by where they lay."""
        self._database.execute("CREATE TEMP TABLE moved (segment, row, to_segment, to_row)")
        self._database.executemany(
            "INSERT INTO moved VALUES (?, ?, ?, ?)", [(*old, *new) for old, new in places.items()]
        )
        self._database.execute("CREATE INDEX temp.moved_from ON moved (segment, row)")
        self._database.execute(
            "UPDATE documents SET segment = moved.to_segment, row = moved.to_row FROM moved"
            " WHERE documents.segment = moved.segment AND documents.row = moved.row"
        )

    def finish(self) -> str:
        """Write what is left, close the file and return its sha256."""
        self._database.commit()
        self._database.close()
        return _sha256(self._path)

    def discard(self) -> None:
        """Close the file as it is; of one that is finished nothing is lost."""
        self._database.close()


class Inventory:
    """The file opened for reading; safe to use from several threads.

    Raises:
        IndexUnusable: on opening, if it is missing or not what was written.
    """

    def __init__(self, path: Path, sha256: str) -> None:
        if not path.is_file():
            raise IndexUnusable(f"索引已损坏：缺少文件 {path.name}。", REBUILD)
        if _sha256(path) != sha256:
            raise IndexUnusable(f"索引已损坏：文件 {path.name} 的内容与清单不符。", REBUILD)
        self._lock = threading.Lock()
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)
        except sqlite3.OperationalError as error:  # gone since it was read
            raise IndexUnusable(f"索引已损坏：打不开文件 {path.name}。", REBUILD) from error
        weakref.finalize(self, self._database.close)

    def documents(self) -> list[Listed]:
        """Return the documents in the order of their paths."""
        query = "SELECT number, id, sha256, segment, row FROM documents ORDER BY id"
        return [
            Listed(number, name, sha256, Place(segment, row))
            for number, name, sha256, segment, row in self.rows(query)
        ]

    def contents(self) -> dict[str, str]:
        """Return the sha256 of every file the generation was made from, unreadable ones too."""
        rows = self.rows("SELECT id, sha256 FROM documents")
        rows += self.rows("SELECT file, sha256 FROM problems")
        rows += self.rows(
            "SELECT file, sha256 FROM duplicates JOIN documents ON documents.id = duplicates.kept"
        )
        return dict(rows)

    def notes(self) -> Notes:
        """Return what is to be known of files that are no documents."""
        rows = self.rows("SELECT file, fact, cure, sha256 FROM problems ORDER BY rowid")
        problems = [(Problem(*row[:3]), row[3]) for row in rows]
        return Notes(problems, self.duplicates(), self.skipped())

    def problems(self) -> tuple[Problem, ...]:
        """Return the files that could not be read."""
        rows = self.rows("SELECT file, fact, cure FROM problems ORDER BY file")
        return tuple(Problem(*row) for row in rows)

    def cautions(self) -> tuple[Problem, ...]:
        """Return what is to be known of the documents, in the order of their paths."""
        rows = self.rows(
            "SELECT id, fact, cure FROM cautions JOIN documents ON number = document"
            " ORDER BY id, cautions.rowid"
        )
        return tuple(Problem(*row) for row in rows)

    def excluded(self) -> tuple[tuple[str, int], ...]:
        """Return how many characters are kept out of the passages, by reason."""
        query = "SELECT reason, sum(characters) FROM excluded GROUP BY reason ORDER BY reason"
        return tuple(self.rows(query))

    def duplicates(self) -> tuple[tuple[str, str], ...]:
        """Return files left out because another of the same content was kept."""
        return tuple(self.rows("SELECT file, kept FROM duplicates ORDER BY file"))

    def skipped(self) -> tuple[Problem, ...]:
        """Return what was no notice and passed over."""
        rows = self.rows("SELECT file, fact, cure FROM skipped ORDER BY rowid")
        return tuple(Problem(*row) for row in rows)

    def rows(self, query: str, *values: object) -> list[Any]:
        """Return what a query gives."""
        with self._lock:
            return self._database.execute(query, values).fetchall()


@contextlib.contextmanager
def new_inventory(path: Path, previous: Path | None) -> Iterator[InventoryWriter]:
    """Give what writes an inventory; the file is closed whatever happens."""
    writer = InventoryWriter(path, previous)
    try:
        yield writer
    finally:
        writer.discard()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
