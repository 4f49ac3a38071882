"""Which documents of a corpus cite which, and which are versions of one document, kept up to date.

What changed is followed from name to name: a document that comes or goes touches the names that
it has; a name that is touched may make or end titles that stand in texts without brackets, may
tell places apart that had one document of that name, and sends every designation that seeks it
to be resolved anew. Nothing else is looked at, so the cost is that of the change.
"""

import contextlib
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby

from indexer.mentions import pack, unpack
from indexer.namesakes import IS_TITLE, KNOWN, TOUCHED, Namesakes, known_of
from indexer.naming import key_of
from indexer.records import Document, Reference
from indexer.references import read_mentions
from indexer.resolution import Designation, names_sought

# What a change is followed with: names, documents to be read for what they cite, designations
# that may have lost their last text, and links to be resolved.
_WORKING_TABLES = {
    "touched": TOUCHED,
    "reread": "CREATE TEMP TABLE reread (document INTEGER PRIMARY KEY)",
    "dropped": "CREATE TEMP TABLE dropped (designation INTEGER PRIMARY KEY)",
    "unresolved": "CREATE TEMP TABLE unresolved (designation INTEGER, citing INTEGER,"
    " start INTEGER, end INTEGER, PRIMARY KEY (designation, citing, start, end)) WITHOUT ROWID",
}


def relink(
    database: sqlite3.Connection,
    removed: Collection[int],
    added: Iterable[tuple[int, Document]],
) -> None:
    """Bring the links in a database with `LINK_TABLES` up to date, inside its transaction.

    `removed` are numbers of documents; `added` gives documents, one at a time, with numbers that
    none ever had. What comes out is the same whatever the history: that of all documents at once.
    """
    namesakes = Namesakes(database)
    with _working_tables(database):
        for number in removed:
            namesakes.remove(number)
            _forget(database, number)
        for number, document in added:
            namesakes.add(number, document)
            _read(database, number, document)
        _find_bare_titles(database)
        _mention(database, namesakes)
        namesakes.tell_places_apart()
        _resolve(database, namesakes)
        _tidy(database)


@contextlib.contextmanager
def _working_tables(database: sqlite3.Connection) -> Iterator[None]:
    for name, statement in _WORKING_TABLES.items():
        database.execute(f"DROP TABLE IF EXISTS temp.{name}")  # of a change that failed
        database.execute(statement)
    yield
    for name in _WORKING_TABLES:
        database.execute(f"DROP TABLE temp.{name}")


def _forget(database: sqlite3.Connection, number: int) -> None:
    """Take out what a document offers and cites."""
    database.execute("DELETE FROM bare WHERE document = ?", (number,))
    database.execute("DELETE FROM mentions WHERE document = ?", (number,))
    _leave(database, number)


def _read(database: sqlite3.Connection, number: int, document: Document) -> None:
    """Put down what a document offers."""
    mentions = read_mentions(document)
    bare = {key_of(each.key) for ends in mentions.bare for each in ends}
    database.executemany("INSERT INTO bare VALUES (?, ?)", [(key, number) for key in sorted(bare)])
    database.execute("INSERT INTO mentions VALUES (?, ?)", (number, pack(mentions)))
    database.execute("INSERT INTO reread VALUES (?)", (number,))


def _find_bare_titles(database: sqlite3.Connection) -> None:
    """Have the documents read again where a title that came or went may stand without brackets."""
    database.execute(
        "INSERT OR IGNORE INTO reread SELECT document FROM touched CROSS JOIN bare USING (key)"
        f" WHERE was_title <> {IS_TITLE.format(key='touched.key')}"
    )


def _mention(database: sqlite3.Connection, namesakes: Namesakes) -> None:
    """Put down what documents cite, now that the titles of the corpus are known."""
    titles = namesakes.titles()
    for number, packed in database.execute(
        "SELECT document, packed FROM reread CROSS JOIN mentions USING (document)"
    ):
        _leave(database, number)
        mentions = unpack(packed).among(titles)
        handed = {each.reference.name for each in mentions if each.hands_out}
        namesakes.hand_out(number, handed - {""})
        made = [(each.reference, each.issuer) for each in mentions]
        database.executemany(
            "INSERT INTO links VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
            [
                (number, *each.span, _designate(database, each), issuer, each.action,
                 *each.sentence, each.is_document)
                for each, issuer in made
            ],
        )  # fmt: skip


def _leave(database: sqlite3.Connection, number: int) -> None:
    """Take out what a document cites."""
    database.execute(
        "INSERT OR IGNORE INTO dropped SELECT designation FROM links WHERE citing = ?", (number,)
    )
    database.execute("DELETE FROM links WHERE citing = ?", (number,))


def _designate(database: sqlite3.Connection, made: Reference) -> int:
    """Return the number of a designation, put down with the names that it seeks."""
    designation = key_of(f"{made.doc_number}\n{made.name}")
    new = database.execute(
        "INSERT OR IGNORE INTO designations VALUES (?, ?, ?)",
        (designation, made.name, made.doc_number),
    )
    if new.rowcount:
        keys = _keys_sought(made.name, made.doc_number)
        database.executemany(
            "INSERT INTO sought VALUES (?, ?)", [(key, designation) for key in keys]
        )
    return designation


def _keys_sought(name: str, doc_number: str) -> list[int]:
    """Return the keys of the names that a designation seeks, in their order."""
    return sorted(map(key_of, names_sought(name, doc_number)))


def _resolve(database: sqlite3.Connection, namesakes: Namesakes) -> None:
    """Find what is meant by every designation that seeks what was touched, and by those of the
    documents that were read."""
    database.execute(
        "INSERT INTO unresolved SELECT designation, citing, start, end FROM links"
        " WHERE designation IN (SELECT designation FROM touched CROSS JOIN sought USING (key))"
    )
    database.execute(
        "INSERT OR IGNORE INTO unresolved SELECT designation, citing, start, end"
        " FROM reread CROSS JOIN links ON citing = document"
    )
    rows = database.execute(
        "SELECT name, doc_number, start, end, cited, action, links.issuer,"
        f" {KNOWN} FROM unresolved CROSS JOIN links USING (citing, start, end)"
        " CROSS JOIN known ON document = citing"
        " CROSS JOIN designations ON designations.designation = unresolved.designation"
    )
    for (name, doc_number), mentions in groupby(rows, key=lambda row: row[:2]):
        designation = Designation(name, doc_number, namesakes.holders)
        for _, _, start, end, cited, action, issuer, *known in mentions:
            citing = known_of(known)
            meant = designation.meant(citing, action, issuer)
            if meant != cited:
                database.execute(
                    "UPDATE links SET cited = ? WHERE citing = ? AND start = ? AND end = ?",
                    (meant, citing.number, start, end),
                )


def _tidy(database: sqlite3.Connection) -> None:
    """Drop designations that no text uses any more."""
    unused = database.execute(
        "SELECT designations.* FROM dropped CROSS JOIN designations USING (designation)"
        " WHERE NOT EXISTS (SELECT 1 FROM links WHERE links.designation = dropped.designation)"
    ).fetchall()
    for designation, name, doc_number in unused:
        database.execute("DELETE FROM designations WHERE designation = ?", (designation,))
        database.executemany(
            "DELETE FROM sought WHERE key = ? AND designation = ?",
            [(key, designation) for key in _keys_sought(name, doc_number)],
        )
