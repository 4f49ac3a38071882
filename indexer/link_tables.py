"""The links of a corpus as they are stored: who cites whom, and which are versions of one."""

import sqlite3
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, TypeAlias

from indexer.naming import key_of
from indexer.records import Link, Links, Reference, Span

Rows: TypeAlias = Callable[..., list[Any]]

# Raised whenever what is kept here, or what decides it, changes: links of another version are
# not to be continued but made anew.
LINKING_VERSION = 1

# Documents go by their number, names by a 64-bit hash (`naming.key_of`). `known`, `held`, `bare`
# and `mentions` say what each document is and offers, and change with it alone; `links` is what
# becomes of its mentions in this corpus; a designation is a name and a 文号 as texts cite them.
LINK_TABLES = """
CREATE TABLE known (
    document INTEGER PRIMARY KEY, path TEXT NOT NULL, family INTEGER NOT NULL,
    place TEXT NOT NULL, locality TEXT NOT NULL, lies_in TEXT NOT NULL, issuer TEXT NOT NULL,
    dated TEXT NOT NULL, began TEXT NOT NULL, is_edition INTEGER NOT NULL, is_rule INTEGER NOT NULL
);
CREATE INDEX known_by_family ON known (family, locality);
CREATE INDEX known_rules ON known (family, place) WHERE is_rule;
CREATE TABLE held (
    key INTEGER NOT NULL, document INTEGER NOT NULL, roles INTEGER NOT NULL,
    PRIMARY KEY (key, document)
) WITHOUT ROWID;
CREATE INDEX held_by ON held (document);
CREATE TABLE bare (
    key INTEGER NOT NULL, document INTEGER NOT NULL, PRIMARY KEY (key, document)
) WITHOUT ROWID;
CREATE INDEX bare_in ON bare (document);
CREATE TABLE mentions (document INTEGER PRIMARY KEY, packed BLOB NOT NULL);
CREATE TABLE designations (
    designation INTEGER PRIMARY KEY, name TEXT NOT NULL, doc_number TEXT NOT NULL
);
CREATE TABLE sought (
    key INTEGER NOT NULL, designation INTEGER NOT NULL, PRIMARY KEY (key, designation)
) WITHOUT ROWID;
CREATE TABLE links (
    citing INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    designation INTEGER NOT NULL, issuer TEXT NOT NULL, action TEXT NOT NULL,
    sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL, is_document INTEGER NOT NULL,
    cited INTEGER, PRIMARY KEY (citing, start, end)
) WITHOUT ROWID;
CREATE INDEX links_so_called ON links (designation);
CREATE INDEX links_to ON links (cited) WHERE cited NOT NULL;
CREATE INDEX links_doing ON links (action) WHERE cited NOT NULL;
"""

# A document's reference to itself is no link, nor is a name that neither the corpus has nor looks
# like a document's.
_LINKS = """
SELECT citing.path, cited.path, name, doc_number, action, start, end, sentence_start, sentence_end,
    is_document
FROM links JOIN designations USING (designation) JOIN known citing ON citing.document = citing
LEFT JOIN known cited ON cited.document = cited
WHERE {condition} AND cited IS NOT citing AND (cited NOT NULL OR is_document)
ORDER BY citing.path, start, end
"""


def rows_of(database: sqlite3.Connection) -> Rows:
    """Return what gives the rows of a query of a database."""
    return lambda query, *values: database.execute(query, values).fetchall()


class LinkTables:
    """Reads the links of a corpus; documents are asked for by number and told by path.

    `rows` gives what a query of the tables gives.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def links_from(self, document: int) -> list[Link]:
        """Return what a document cites, in the order of its text."""
        return self._links("citing = ?", document)

    def links_to(self, document: int) -> list[Link]:
        """Return where a document is cited, in the order of the paths of those that cite it."""
        return self._links("cited = ?", document)

    def changes(self, actions: Sequence[str]) -> list[Link]:
        """Return the links by which one document does one of some actions to another."""
        marks = ",".join("?" * len(actions))
        return self._links(f"cited NOT NULL AND action IN ({marks})", *actions)

    def all_links(self) -> list[Link]:
        """Return every link, in the order of the paths of those that cite and of their texts."""
        return self._links("TRUE")

    def whole(self) -> Links:
        """Return all links and versions."""
        return Links(tuple(self.all_links()), tuple(self.versions()))

    def holders(self, name: str, roles: int) -> list[tuple[str, str, str]]:
        """Return path, locality and day of the documents that have a name, as `names_of` gives it,
        in one of some roles (resolution.py)."""
        return self._rows(
            "SELECT path, locality, dated FROM held JOIN known USING (document)"
            " WHERE key = ? AND roles & ? ORDER BY path",
            key_of(name),
            roles,
        )

    def versions(self) -> list[tuple[str, ...]]:
        """Return the documents that are versions of one, oldest first."""
        rows = self._rows(
            "SELECT family, place, path FROM known WHERE is_rule AND (family, place) IN"
            " (SELECT family, place FROM known WHERE is_rule"
            " GROUP BY family, place HAVING COUNT(*) > 1)"
            " ORDER BY family, place, dated, path"
        )
        series = [
            tuple(path for *_, path in family)
            for _, family in groupby(rows, key=lambda row: row[:2])
        ]
        return sorted(series, key=min)

    def _links(self, condition: str, *values: object) -> list[Link]:
        rows = self._rows(_LINKS.format(condition=condition), *values)
        return [
            Link(
                citing,
                cited or "",
                Reference(name, number, action, Span(*at[:2]), Span(*at[2:4]), bool(at[4])),
            )
            for citing, cited, name, number, action, *at in rows
        ]
