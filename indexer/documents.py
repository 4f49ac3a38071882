"""documents.sqlite of a segment: its documents and their passages, numbered from 0 as rows."""

import json
import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.records import (
    Caution,
    Document,
    Exclusion,
    Field,
    Header,
    LeadIn,
    Locality,
    Page,
    Passage,
    Row,
    Section,
    Span,
    Table,
)
from indexer.script import script_of

_PLACES = ("locality", "mentions")
_HEADER_FIELDS = tuple(field.name for field in fields(Header) if field.name not in _PLACES)
_TABLES = """
CREATE TABLE documents (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL, sha256 TEXT NOT NULL, passages INTEGER NOT NULL,
    sentences INTEGER NOT NULL, header TEXT NOT NULL, text TEXT NOT NULL, record TEXT NOT NULL
);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, document INTEGER NOT NULL, start INTEGER NOT NULL,
    end INTEGER NOT NULL, text TEXT NOT NULL, headings TEXT NOT NULL, sentences TEXT NOT NULL,
    pages TEXT NOT NULL, lead_ins TEXT NOT NULL, key BLOB NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class Indexed:
    """A document with its passages, and what identifies the vectors of each."""

    document: Document
    passages: tuple[Passage, ...]
    keys: tuple[bytes, ...]


class Known(NamedTuple):
    """What is read of every document on opening."""

    document: str
    header: Header
    title: str
    script: str


class DocumentWriter:
    """Writes documents one by one into a new file; `finish` makes it whole."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, uri=True)  # for `take_over`
        # The file is not used before it is whole and on the disk, so nothing needs undoing.
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA synchronous = OFF")
        self._database.executescript(_TABLES)
        self.documents = self.passages = 0

    def add(self, notice: Indexed) -> int:
        """Add a document and return its row."""
        document, row = notice.document, self.documents
        self._database.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (row, document.id, document.sha256, len(notice.passages),
             sum(len(passage.sentences) for passage in notice.passages),
             _header_record(document), document.text, _record(document)),
        )  # fmt: skip
        self._database.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (at, row, *passage.span, passage.text,
                 json.dumps(passage.headings, ensure_ascii=False),
                 json.dumps(passage.sentences), json.dumps(passage.pages),
                 json.dumps(passage.lead_ins, ensure_ascii=False), key)
                for at, (passage, key) in enumerate(
                    zip(notice.passages, notice.keys, strict=True), self.passages)
            ),
        )  # fmt: skip
        self.documents += 1
        self.passages += len(notice.passages)
        return row

    def take_over(self, path: Path, kept: NDArray[np.bool_]) -> None:
        """Add the documents of another file that are `kept`, [its documents], in their order."""
        rows = [(row, self.documents + at) for at, row in enumerate(np.flatnonzero(kept).tolist())]
        self._database.commit()  # a file cannot be attached within a transaction
        self._database.execute(
            "ATTACH ? AS other", (f"{path.resolve().as_uri()}?mode=ro&immutable=1",)
        )
        try:
            self._database.execute("CREATE TEMP TABLE taken (old INTEGER PRIMARY KEY, new INTEGER)")
            self._database.executemany("INSERT INTO taken VALUES (?, ?)", rows)
            self._database.execute(
                "INSERT INTO documents SELECT taken.new, id, sha256, passages, sentences, header,"
                " text, record FROM taken JOIN other.documents ON row = taken.old"
                " ORDER BY taken.new"
            )
            # The rows of both files ascend together, so this keeps them in their order.
            copied = self._database.execute(
                "INSERT INTO passages SELECT ? + row_number() OVER (ORDER BY row) - 1, taken.new,"
                " start, end, text, headings, sentences, pages, lead_ins, key"
                " FROM other.passages JOIN taken ON document = taken.old",
                (self.passages,),
            )
            self.documents += len(rows)
            self.passages += copied.rowcount
            self._database.execute("DROP TABLE taken")
            self._database.commit()
        finally:
            self._database.execute("DETACH other")

    def finish(self) -> None:
        """Write what is left and close the file."""
        self._database.commit()
        self._database.close()

    def discard(self) -> None:
        """Close the file as it is; of one that is finished nothing is lost."""
        self._database.close()


class Documents:
    """The file opened for reading; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)
        weakref.finalize(self, self._database.close)
        self._known: list[Known] | None = None
        counts = self._rows("SELECT passages, sentences FROM documents ORDER BY row")
        # The row of each document's first passage, and last how many there are: [documents + 1].
        self.first_passage: NDArray[np.int64] = np.cumsum(
            [0, *(passages for passages, _ in counts)], dtype=np.int64
        )
        self.sentences: NDArray[np.int64] = np.array([of for _, of in counts], np.int64)

    def __len__(self) -> int:
        return len(self.first_passage) - 1

    @property
    def passages(self) -> int:
        """How many passages there are."""
        return int(self.first_passage[-1])

    def owners(self, passages: Sequence[int]) -> list[int]:
        """Return the row of the document that each of some passages is of."""
        found = np.searchsorted(self.first_passage, np.asarray(passages, np.int64), side="right")
        return [int(row) - 1 for row in found]

    def document(self, row: int, document_id: str) -> Document:
        """Return a document whole, by the name that it has now."""
        (found,) = self._rows(
            "SELECT sha256, header, text, record FROM documents WHERE row = ?", row
        )
        return _document(document_id, *found)

    def text(self, row: int) -> str:
        """Return the text of a document."""
        return str(self._rows("SELECT text FROM documents WHERE row = ?", row)[0][0])

    def known(self) -> list[Known]:
        """Return what is known of every document, by row; `document` as it was called then."""
        if self._known is None:
            found = [
                (document_id, json.loads(header))
                for document_id, header in self._rows(
                    "SELECT id, header FROM documents ORDER BY row"
                )
            ]
            self._known = [
                Known(document_id, _header(record), record["title"], record["script"])
                for document_id, record in found
            ]
        return self._known

    def passages_at(self, rows: Sequence[int], ids: Sequence[str]) -> list[Passage]:
        """Return passages, with the name that the document of each has now, in the order asked."""
        marks = ",".join("?" * len(rows))
        found = {
            row: columns
            for row, *columns in self._rows(
                "SELECT row, start, end, text, headings, sentences, pages, lead_ins"
                f" FROM passages WHERE row IN ({marks})",
                *rows,
            )
        }
        return [_passage(name, *found[row]) for row, name in zip(rows, ids, strict=True)]

    def wordings_at(self, rows: Sequence[int]) -> list[tuple[int, str]]:
        """Return where passages begin in their documents, and their words, in the order asked: a
        quarter of the time that whole passages take."""
        marks = ",".join("?" * len(rows))
        query = f"SELECT row, start, text FROM passages WHERE row IN ({marks})"
        found = {row: (start, text) for row, start, text in self._rows(query, *rows)}
        return [found[row] for row in rows]

    def keys(self) -> Iterator[bytes]:
        """Yield what identifies the vectors of each passage."""
        yield from (key for (key,) in self._each("SELECT key FROM passages ORDER BY row"))

    def passage_texts(self) -> Iterator[str]:
        """Yield the text of each passage."""
        yield from (text for (text,) in self._each("SELECT text FROM passages ORDER BY row"))

    def all(self) -> Iterator[Document]:
        """Yield every document, each by the name that it was read by."""
        query = "SELECT id, sha256, header, text, record FROM documents ORDER BY row"
        yield from (_document(*columns) for columns in self._each(query))

    def _each(self, query: str) -> Iterable[Any]:
        """Go through the rows of a query without holding them; one thread's work, at building."""
        return self._database.cursor().execute(query)

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._lock:
            return self._database.execute(query, values).fetchall()


def _header_record(document: Document) -> str:
    """Return as JSON all that is read of every document on opening."""
    header = document.header
    singles = {name: _field_row(getattr(header, name)) for name in _HEADER_FIELDS}
    return json.dumps(
        {
            "title": document.title,
            "script": script_of(document.text),
            "header": {name: row for name, row in singles.items() if row},
            "locality": _place_row(header.locality) if header.locality else None,
            "mentions": [_place_row(place) for place in header.mentions],
        },
        ensure_ascii=False,
    )


def _record(document: Document) -> str:
    """Return everything else of a document but its id, hash and text as JSON."""
    return json.dumps(
        {
            "sections": [
                (s.number, s.heading, s.level, s.parent, s.heading_span, s.span)
                for s in document.sections
            ],
            "exclusions": [(e.reason, e.span) for e in document.exclusions],
            "pages": [(p.number, p.span, p.confidence) for p in document.pages],
            "tables": [
                (table.heads, [(row.span, row.cells) for row in table.rows])
                for table in document.tables
            ],
            "cautions": [(c.fact, c.cure) for c in document.cautions],
        },
        ensure_ascii=False,
    )


def _field_row(field: Field | None) -> tuple[str, int, int] | None:
    return (field.value, *field.span) if field else None


def _place_row(place: Locality) -> tuple[str, int, int, tuple[str, ...]]:
    return (place.value, *place.span, place.parents)


def _place(row: Sequence[Any]) -> Locality:
    return Locality(row[0], Span(row[1], row[2]), tuple(row[3]))


def _field(row: Sequence[Any] | None) -> Field | None:
    return Field(row[0], Span(row[1], row[2])) if row else None


def _document(document_id: str, sha256: str, header: str, text: str, record: str) -> Document:
    found = json.loads(record)
    return Document(
        id=document_id,
        sha256=sha256,
        text=text,
        header=_header(json.loads(header)),
        sections=tuple(
            Section(number, heading, level, parent, Span(*heading_span), Span(*span))
            for number, heading, level, parent, heading_span, span in found["sections"]
        ),
        exclusions=tuple(Exclusion(reason, Span(*span)) for reason, span in found["exclusions"]),
        pages=tuple(Page(number, Span(*span), sure) for number, span, sure in found["pages"]),
        tables=tuple(
            Table(tuple(Row(Span(*at), tuple(Span(*cell) for cell in cells)) for at, cells in rows),
                  heads)
            for heads, rows in found["tables"]
        ),
        cautions=tuple(Caution(fact, cure) for fact, cure in found["cautions"]),
    )  # fmt: skip


def _header(record: dict[str, Any]) -> Header:
    singles = {name: _field(row) for name, row in record["header"].items()}
    locality = _place(record["locality"]) if record["locality"] else None
    return Header(**singles, locality=locality, mentions=tuple(map(_place, record["mentions"])))


def _passage(
    document_id: str,
    start: int,
    end: int,
    text: str,
    headings: str,
    sentences: str,
    pages: str,
    lead_ins: str,
) -> Passage:
    return Passage(
        document=document_id,
        span=Span(start, end),
        text=text,
        headings=tuple(json.loads(headings)),
        sentences=tuple(Span(*sentence) for sentence in json.loads(sentences)),
        pages=tuple(json.loads(pages)),
        lead_ins=tuple(row and LeadIn(Span(*row[0]), row[1]) for row in json.loads(lead_ins)),
    )
