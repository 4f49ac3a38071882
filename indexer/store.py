"""The files of one generation of the index: write them once, open them for reading.

A generation is a folder: manifest.json, notices.sqlite (documents and passages), vectors.faiss
(one vector a passage), sentences.npy (one vector a sentence, half precision), words/ (the lexical
index) and concordance/ (the folded texts). A passage's position is its row in all of them.
"""

import contextlib
import hashlib
import json
import sqlite3
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

import faiss
import numpy as np
import tantivy
from numpy.typing import NDArray

from indexer.concordance import Concordance, write_concordance
from indexer.errors import DocumentMissing, IndexUnusable
from indexer.records import (
    Caution,
    Document,
    Exclusion,
    Field,
    Header,
    LeadIn,
    Link,
    Links,
    Locality,
    Page,
    Passage,
    Problem,
    Reference,
    Row,
    Section,
    Span,
    Table,
)
from indexer.script import script_of
from indexer.terms import bigrams, words

# Raised whenever the form on disk changes; an index of another form is refused.
SCHEMA_VERSION = 4
REBUILD = "请运行 python -m indexer build 重建索引。"

_MANIFEST, _NOTICES, _VECTORS = "manifest.json", "notices.sqlite", "vectors.faiss"
_SENTENCES, _WORDS, _CONCORDANCE = "sentences.npy", "words", "concordance"
_PLACES = ("locality", "mentions")
_HEADER_FIELDS = tuple(field.name for field in fields(Header) if field.name not in _PLACES)
_TABLES = """
CREATE TABLE documents (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL,
    header TEXT NOT NULL, text TEXT NOT NULL, record TEXT NOT NULL
);
CREATE TABLE passages (
    position INTEGER PRIMARY KEY, document INTEGER NOT NULL, start INTEGER NOT NULL,
    end INTEGER NOT NULL, text TEXT NOT NULL, headings TEXT NOT NULL,
    sentences TEXT NOT NULL, first_sentence INTEGER NOT NULL, pages TEXT NOT NULL,
    lead_ins TEXT NOT NULL
);
CREATE INDEX passages_of ON passages (document);
CREATE TABLE problems (
    file TEXT NOT NULL, sha256 TEXT NOT NULL, fact TEXT NOT NULL, cure TEXT NOT NULL
);
CREATE TABLE duplicates (file TEXT NOT NULL, kept TEXT NOT NULL);
CREATE TABLE skipped (file TEXT NOT NULL, fact TEXT NOT NULL, cure TEXT NOT NULL);
CREATE TABLE links (
    citing INTEGER NOT NULL, cited INTEGER, name TEXT NOT NULL, doc_number TEXT NOT NULL,
    action TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL, is_document INTEGER NOT NULL
);
CREATE INDEX links_from ON links (citing);
CREATE INDEX links_to ON links (cited);
CREATE TABLE versions (family INTEGER NOT NULL, document INTEGER NOT NULL);
"""
_WRITER_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds and how it was made; `files` gives a sha256 for each file.

    `identity` stands for a built-in model without loading it (`embedding.identify_model`);
    `conditions` says what the files were read with (`reading.conditions`).
    """

    schema: int
    generation: str
    created: str
    model: str
    identity: str
    fingerprint: str
    dimension: int
    passage_tokens: int
    reading_version: int
    conditions: str
    documents: int
    passages: int
    sentences: int
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Indexed:
    """A document with its passages, as handed to `write_generation`."""

    document: Document
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a generation is made of; `problems` come with the sha256 of the file's content."""

    notices: Sequence[Indexed]
    links: Links
    problems: Sequence[tuple[Problem, str]]
    duplicates: Sequence[tuple[str, str]]
    skipped: Sequence[Problem]


def write_generation(
    folder: Path,
    manifest: Manifest,
    contents: Contents,
    vectors: Iterable[tuple[NDArray[np.float32], NDArray[np.float32]]],
) -> Manifest:
    """Write all files of a generation into an empty folder and return the completed manifest.

    `vectors` gives for each passage, in order, its vector [dimension] and the vectors of its
    sentences [n, dimension].
    """
    notices = contents.notices
    _write_notices(folder / _NOTICES, contents)
    _write_links(folder / _NOTICES, notices, contents.links)
    passages = [passage for notice in notices for passage in notice.passages]
    _write_vectors(folder, manifest.dimension, passages, vectors)
    _write_words(folder / _WORDS, notices)
    write_concordance(folder / _CONCORDANCE, (notice.document for notice in notices))
    hashes = {
        path.relative_to(folder).as_posix(): _sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != _MANIFEST and not path.name.endswith(".lock")
    }
    done = Manifest(**{**asdict(manifest), "files": hashes})
    text = json.dumps(asdict(done), ensure_ascii=False, indent=1, sort_keys=True)
    (folder / _MANIFEST).write_text(text, encoding="utf-8")
    return done


class Known(NamedTuple):
    """What is read of every document on opening."""

    document: str
    header: Header
    title: str
    script: str


class Generation:
    """A generation opened for reading; safe to use from several threads.

    Raises:
        IndexUnusable: on opening, if a file is missing, changed, or of another version.
    """

    def __init__(self, folder: Path) -> None:
        self.manifest = read_manifest(folder)
        _check_files(folder, self.manifest)
        self._lock = threading.Lock()
        uri = f"{(folder / _NOTICES).resolve().as_uri()}?mode=ro&immutable=1"
        self._notices = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self.vectors: Any = faiss.read_index(str(folder / _VECTORS))
        self.sentence_vectors: NDArray[np.float16] = np.load(folder / _SENTENCES, mmap_mode="r")
        lexical = tantivy.Index.open(str(folder / _WORDS))
        self.words: Any = lexical.searcher()
        self.words_schema: Any = lexical.schema
        self.concordance = Concordance(folder / _CONCORDANCE)
        self.ids: tuple[str, ...] = tuple(
            row[0] for row in self._rows("SELECT id FROM documents ORDER BY position")
        )
        self._position = {document_id: position for position, document_id in enumerate(self.ids)}
        table = self._rows("SELECT document, first_sentence FROM passages ORDER BY position")
        # The document that each passage belongs to, [passages], and the row of its first
        # sentence, [passages + 1].
        self.document_of = np.array([row[0] for row in table], dtype=np.int64)
        self._first_sentence = np.array(
            [*(row[1] for row in table), len(self.sentence_vectors)], dtype=np.int64
        )

    def document(self, document_id: str) -> Document:
        """Return a document whole.

        Raises:
            DocumentMissing: no document of that name is in this generation.
        """
        rows = self._rows(
            "SELECT id, sha256, header, text, record FROM documents WHERE id = ?", document_id
        )
        if not rows:
            raise DocumentMissing(
                f"索引里没有文件“{document_id}”。", "它可能已被移除或改名，请在文件库里查找。"
            )
        return _document(*rows[0])

    def headers(self) -> list[Known]:
        """Return what is known of every document, in the order of their positions."""
        rows = self._rows("SELECT id, header FROM documents ORDER BY position")
        records = [(document_id, json.loads(header)) for document_id, header in rows]
        return [
            Known(document_id, _header(found), found["title"], found["script"])
            for document_id, found in records
        ]

    def texts(self, document_ids: Collection[str]) -> dict[str, str]:
        """Return the texts of some documents."""
        positions = [self._position[document_id] for document_id in document_ids]
        marks = ",".join("?" * len(positions))
        query = f"SELECT id, text FROM documents WHERE position IN ({marks})"
        return dict(self._rows(query, *positions))

    def links_from(self, document_id: str) -> list[Link]:
        """Return what a document cites, in the order of its text."""
        return self._links("citing = ? ORDER BY start", self._position[document_id])

    def links_to(self, document_id: str) -> list[Link]:
        """Return where a document is cited, in the order of the paths of those that cite it."""
        return self._links("cited = ? ORDER BY citing, start", self._position[document_id])

    def changes(self, actions: Sequence[str]) -> list[Link]:
        """Return the links by which one document does one of some actions to another."""
        marks = ",".join("?" * len(actions))
        return self._links(f"cited NOT NULL AND action IN ({marks}) ORDER BY rowid", *actions)

    def versions(self) -> list[tuple[str, ...]]:
        """Return the documents that are versions of one, oldest first."""
        families: dict[int, list[str]] = {}
        for family, position in self._rows("SELECT family, document FROM versions ORDER BY rowid"):
            families.setdefault(family, []).append(self.ids[position])
        return [tuple(family) for family in families.values()]

    def passages(self, positions: Sequence[int]) -> list[Passage]:
        """Return passages in the order asked for."""
        marks = ",".join("?" * len(positions))
        rows = self._rows(
            "SELECT p.position, d.id, p.start, p.end, p.text, p.headings, p.sentences,"
            " p.pages, p.lead_ins FROM passages p"
            f" JOIN documents d ON d.position = p.document WHERE p.position IN ({marks})",
            *map(int, positions),
        )
        found = {row[0]: _passage(*row[1:]) for row in rows}
        return [found[int(position)] for position in positions]

    def sentence_vectors_of(self, positions: Sequence[int]) -> list[NDArray[np.float32]]:
        """Return the sentence vectors of passages, [sentences, dimension] each."""
        vectors, starts = self.sentences_of(np.asarray(positions, dtype=np.int64))
        return np.split(vectors, starts[1:-1])[: len(positions)]  # split gives one of nothing

    def sentences_of(
        self, positions: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return the sentence vectors of passages in one array, [sentences, dimension], and where
        those of each passage begin in it, [passages + 1]: read at once, which is much faster."""
        first = self._first_sentence[positions]
        counts = self._first_sentence[positions + 1] - first
        starts = np.concatenate(([0], np.cumsum(counts)))
        rows = np.repeat(first - starts[:-1], counts) + np.arange(starts[-1])
        return self.sentence_vectors[rows].astype(np.float32), starts

    def positions_of(self, documents: Sequence[int]) -> NDArray[np.int64]:
        """Return the positions of all passages of some documents, ascending."""
        wanted = np.zeros(len(self.ids), dtype=np.bool_)
        wanted[np.asarray(documents, dtype=np.int64)] = True
        return np.flatnonzero(wanted[self.document_of])

    def position(self, document_id: str) -> int:
        """Return a document's position."""
        return self._position[document_id]

    def contents(self) -> dict[str, str]:
        """Return the sha256 of every file this generation was made from, unreadable ones too."""
        rows = self._rows("SELECT id, sha256 FROM documents")
        rows += self._rows("SELECT file, sha256 FROM problems")
        rows += self._rows(
            "SELECT file, sha256 FROM duplicates JOIN documents ON documents.id = duplicates.kept"
        )
        return dict(rows)

    def problems(self) -> tuple[Problem, ...]:
        """Return the files that could not be read."""
        rows = self._rows("SELECT file, fact, cure FROM problems ORDER BY file")
        return tuple(Problem(*row) for row in rows)

    def cautions(self) -> tuple[Problem, ...]:
        """Return what is to be known of the documents."""
        rows = self._rows(
            "SELECT d.id, json_extract(c.value, '$[0]'), json_extract(c.value, '$[1]')"
            " FROM documents d, json_each(d.record, '$.cautions') c ORDER BY d.position, c.key"
        )
        return tuple(Problem(*row) for row in rows)

    def duplicates(self) -> tuple[tuple[str, str], ...]:
        """Return files left out because another of the same content was kept."""
        return tuple(self._rows("SELECT file, kept FROM duplicates ORDER BY file"))

    def skipped(self) -> tuple[Problem, ...]:
        """Return what was no notice and passed over."""
        rows = self._rows("SELECT file, fact, cure FROM skipped ORDER BY rowid")
        return tuple(Problem(*row) for row in rows)

    def close(self) -> None:
        """Close the files; the generation cannot be used any more."""
        self._notices.close()

    def _links(self, condition: str, *values: object) -> list[Link]:
        rows = self._rows(
            "SELECT citing, cited, name, doc_number, action, start, end, sentence_start,"
            f" sentence_end, is_document FROM links WHERE {condition}",
            *values,
        )
        return [
            Link(
                self.ids[citing],
                "" if cited is None else self.ids[cited],
                Reference(name, number, action, Span(*at[:2]), Span(*at[2:4]), bool(at[4])),
            )
            for citing, cited, name, number, action, *at in rows
        ]

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._lock:
            return self._notices.execute(query, values).fetchall()


def read_manifest(folder: Path) -> Manifest:
    """Return a generation's manifest.

    Raises:
        IndexUnusable: it is missing, damaged, or of another version.
    """
    try:
        found = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        schema = found["schema"]
        if schema != SCHEMA_VERSION:
            raise IndexUnusable(
                f"索引的格式版本是 {schema}，本程序使用版本 {SCHEMA_VERSION}。", REBUILD
            )
        return Manifest(**found)
    except OSError as error:
        raise IndexUnusable("索引不完整：清单文件打不开。", REBUILD) from error
    except (ValueError, KeyError, TypeError) as error:
        raise IndexUnusable("索引已损坏：清单文件读不懂。", REBUILD) from error


def _check_files(folder: Path, manifest: Manifest) -> None:
    damage = []
    for name, expected in manifest.files.items():
        path = folder / name
        if not path.is_file():
            damage.append(f"缺少文件 {name}")
        elif _sha256(path) != expected:
            damage.append(f"文件 {name} 的内容与清单不符")
    if damage:
        raise IndexUnusable(f"索引已损坏：{'；'.join(damage)}。", REBUILD)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_notices(path: Path, contents: Contents) -> None:
    database = sqlite3.connect(path)
    try:
        database.executescript(_TABLES)
        passage_at = sentence_at = 0
        for position, notice in enumerate(contents.notices):
            document = notice.document
            database.execute(
                "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)",
                (position, document.id, document.sha256, _header_record(document),
                 document.text, _record(document)),
            )  # fmt: skip
            for passage in notice.passages:
                database.execute(
                    "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (passage_at, position, *passage.span, passage.text,
                     json.dumps(passage.headings, ensure_ascii=False),
                     json.dumps(passage.sentences), sentence_at, json.dumps(passage.pages),
                     json.dumps(passage.lead_ins, ensure_ascii=False)),
                )  # fmt: skip
                passage_at += 1
                sentence_at += len(passage.sentences)
        database.executemany(
            "INSERT INTO problems VALUES (?, ?, ?, ?)",
            [(each.file, sha256, each.fact, each.cure) for each, sha256 in contents.problems],
        )
        database.executemany("INSERT INTO duplicates VALUES (?, ?)", contents.duplicates)
        database.executemany(
            "INSERT INTO skipped VALUES (?, ?, ?)",
            [(each.file, each.fact, each.cure) for each in contents.skipped],
        )
        database.commit()
    finally:
        database.close()


def _write_links(path: Path, notices: Sequence[Indexed], links: Links) -> None:
    position = {notice.document.id: at for at, notice in enumerate(notices)}
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.executemany(
            f"INSERT INTO links VALUES ({','.join('?' * 10)})",
            (
                (position[link.citing], position.get(link.cited), made.name, made.doc_number,
                 made.action, *made.span, *made.sentence, made.is_document)
                for link in links.references
                for made in [link.reference]
            ),
        )  # fmt: skip
        database.executemany(
            "INSERT INTO versions VALUES (?, ?)",
            [
                (family, position[document])
                for family, documents in enumerate(links.versions)
                for document in documents
            ],
        )


def _write_vectors(
    folder: Path,
    dimension: int,
    passages: Sequence[Passage],
    vectors: Iterable[tuple[NDArray[np.float32], NDArray[np.float32]]],
) -> None:
    index = faiss.IndexFlatIP(dimension)
    rows = sum(len(passage.sentences) for passage in passages)
    # Written, not memory-mapped: on a full disk a mapped page kills the process without a word.
    with (folder / _SENTENCES).open("wb") as file:
        header = {"descr": "<f2", "fortran_order": False, "shape": (rows, dimension)}
        np.lib.format.write_array_header_1_0(file, header)
        for passage_vector, sentence_vectors in vectors:
            index.add(passage_vector.reshape(1, -1))
            file.write(sentence_vectors.astype("<f2").tobytes())
    with _as_os_error(RuntimeError):
        faiss.write_index(index, str(folder / _VECTORS))


@contextlib.contextmanager
def _as_os_error(kind: type[Exception]) -> Iterator[None]:
    """Raise what a library makes of a failed write as the OSError it was."""
    try:
        yield
    except kind as error:
        raise OSError(str(error)) from error


def _write_words(folder: Path, notices: Sequence[Indexed]) -> None:
    folder.mkdir()
    with _as_os_error(ValueError):
        _fill_words(folder, notices)


def _fill_words(folder: Path, notices: Sequence[Indexed]) -> None:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("position", stored=True, fast=True)
    builder.add_unsigned_field("document", indexed=True)
    for name in ("body", "pairs"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)
    at = 0
    for document, notice in enumerate(notices):
        for passage in notice.passages:
            row = tantivy.Document()
            row.add_unsigned("position", at)
            row.add_unsigned("document", document)
            row.add_text("body", " ".join(words(passage.text)))
            row.add_text("pairs", " ".join(bigrams(passage.text)))
            writer.add_document(row)
            at += 1
    writer.commit()
    writer.wait_merging_threads()


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
