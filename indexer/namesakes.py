"""The documents of a corpus by their names, in the tables `known` and `held`.

Every name that a document gets or loses is put down in the working table `touched`, with whether
it was a title before.
"""

import json
import re
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

from indexer.naming import key_of, names_of, normalise
from indexer.records import Document
from indexer.resolution import ABOUT, CARRIES, FULL, NUMBER, PLAIN, SAYS, Holder, Known

# What `known_of` is made from.
KNOWN = "known.document, family, place, locality, lies_in, known.issuer, dated, began, is_edition"
TOUCHED = "CREATE TEMP TABLE touched (key INTEGER PRIMARY KEY, was_title INTEGER NOT NULL)"
IS_TITLE = f"EXISTS (SELECT 1 FROM held has WHERE has.key = {{key}} AND has.roles & {PLAIN})"
# Rules are amended and issued anew under their name; of reports, plans and notices that have one
# name there is one a year.
_RULE = re.compile(
    "(法|法典|宪法|条例|办法|规定|细则|规则|规程|规范|章程|标准|准则|通则|制度|预案|目录|名录|清单|解释|指南|"
    "决定|编制表|守则|公约|纲要)(\\[[^\\[\\]]+\\])?$"
)
_TITLES_KEPT = 1 << 16  # of so many names it is kept in mind whether they are titles


class Namesakes:
    """The names of the documents in a database with `LINK_TABLES` and `TOUCHED`."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def add(self, number: int, document: Document) -> None:
        """Put down what is known of a document and the names that it has by its header."""
        header, names = document.header, names_of(document.title)
        # What tells it from others: the rule that a notice hands out, or its title.
        family = names.carried[0] if len(names.carried) == 1 else names.plain
        issuer = names.issuer or (normalise(header.issuer.value) if header.issuer else "")
        lies_in = header.locality.parents if header.locality else ()
        self._database.execute(
            "INSERT INTO known VALUES (?, ?, ?, '', ?, ?, ?, ?, ?, ?, ?)",
            (number, document.id, key_of(family), document.locality,
             json.dumps(lies_in, ensure_ascii=False), issuer, header.dated, header.began,
             names.full != names.plain, bool(_RULE.search(family))),
        )  # fmt: skip
        held = _names_held(document)
        self._touch(held)
        self._database.executemany(
            "INSERT INTO held VALUES (?, ?, ?)",
            [(key, number, roles) for key, roles in sorted(held.items())],
        )

    def remove(self, number: int) -> None:
        """Take out a document."""
        held = self._database.execute("SELECT key FROM held WHERE document = ?", (number,))
        self._touch(key for (key,) in held.fetchall())
        self._database.execute("DELETE FROM known WHERE document = ?", (number,))
        self._database.execute("DELETE FROM held WHERE document = ?", (number,))

    def hand_out(self, number: int, names: Collection[str]) -> None:
        """Put down what the text of a notice says that it hands out, instead of what it said."""
        said = {key_of(names_of(name).plain) for name in names}
        held = self._database.execute(
            f"SELECT key FROM held WHERE document = ? AND roles & {SAYS}", (number,)
        )
        before = {key for (key,) in held}
        self._touch(said ^ before)
        self._database.executemany(
            f"UPDATE held SET roles = roles & ~{SAYS} WHERE key = ? AND document = ?",
            [(key, number) for key in sorted(before - said)],
        )
        self._database.execute("DELETE FROM held WHERE document = ? AND roles = 0", (number,))
        self._database.executemany(
            f"INSERT INTO held VALUES (?, ?, {SAYS})"
            f" ON CONFLICT DO UPDATE SET roles = roles | {SAYS}",
            [(key, number) for key in sorted(said - before)],
        )

    def tell_places_apart(self) -> None:
        """Make the documents of a touched name one family, or one for each place where several
        places have it; the names of those that change their family are touched too."""
        families = self._database.execute(
            "SELECT key FROM touched WHERE EXISTS (SELECT 1 FROM known WHERE family = key)"
        ).fetchall()
        for (family,) in families:
            # Two look-ups in the order of an index, however many documents there are.
            (are_apart,) = self._database.execute(
                "SELECT (SELECT MIN(locality) FROM known WHERE family = ?1 AND locality <> '')"
                " < (SELECT MAX(locality) FROM known WHERE family = ?1)",
                (family,),
            ).fetchone()
            moved = self._database.execute(
                "UPDATE known SET place = iif(?2, locality, '')"
                " WHERE family = ?1 AND place <> iif(?2, locality, '') RETURNING document",
                (family, are_apart),
            ).fetchall()
            self._database.executemany(
                "INSERT OR IGNORE INTO touched SELECT key, FALSE FROM held WHERE document = ?",
                moved,
            )

    def holders(self, name: str) -> list[Holder]:
        """Return the documents that have a name, in the order of their paths."""
        rows = self._database.execute(
            f"SELECT roles, {KNOWN} FROM held CROSS JOIN known USING (document) WHERE key = ?"
            " ORDER BY path",
            (key_of(name),),
        )
        return [Holder(roles, known_of(known)) for roles, *known in rows]

    def titles(self) -> "_Titles":
        """Return the titles that the corpus now has."""
        return _Titles(self._database)

    def _touch(self, keys: Iterable[int]) -> None:
        self._database.executemany(
            f"INSERT OR IGNORE INTO touched VALUES (?1, {IS_TITLE.format(key='?1')})",
            [(key,) for key in sorted(keys)],
        )


class _Titles:
    """The titles of a corpus that does not change meanwhile."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._is_title = lru_cache(maxsize=_TITLES_KEPT)(self._look_up)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._is_title(name)

    def _look_up(self, name: str) -> bool:
        found = self._database.execute(f"SELECT {IS_TITLE.format(key='?')}", (key_of(name),))
        return bool(found.fetchone()[0])


def known_of(row: Sequence[Any]) -> Known:
    """Return what is known of a document from the columns `KNOWN`."""
    number, family, place, locality, lies_in, issuer, dated, began, is_edition = row
    places = (locality, *json.loads(lies_in)) if locality else ()
    return Known(number, (family, place), places, issuer, dated, began, bool(is_edition))


def _names_held(document: Document) -> dict[int, int]:
    """Return the names that a document has by its header, by their keys, each with how."""
    names = names_of(document.title)
    number = document.header.doc_number
    ways = [(FULL, names.full), (PLAIN, names.plain)]
    ways += [(ABOUT, names.about)] if names.about else []
    ways += [(CARRIES, name) for name in names.carried]
    ways += [(NUMBER, number.value)] if number else []
    held: dict[int, int] = {}
    for role, name in ways:
        held[key_of(name)] = held.get(key_of(name), 0) | role
    return held
