"""Vectors that were computed and are in no segment yet; a killed build resumes from here."""

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import numpy as np

from indexer.embedding import PassageInput, PassageVectors
from indexer.errors import BuildError

_LOOKUP = 500  # rows a query; SQLite allows 32,766 variables


class VectorCache:
    """Vectors by (model fingerprint, what was embedded); passage float32, sentences float16."""

    def __init__(self, path: Path, fingerprint: str, dimension: int) -> None:
        self._fingerprint = fingerprint
        self._dimension = dimension
        try:
            self._database = sqlite3.connect(path)
            self._create()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise BuildError(
                    f"向量缓存 {path} 打不开（{error}）。", "请检查权限和磁盘空间后重试。"
                ) from error
            # A damaged cache holds nothing that cannot be computed again.
            self._database.close()
            path.unlink()
            self._database = sqlite3.connect(path)
            self._create()

    def __enter__(self) -> "VectorCache":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.close()

    def key(self, given: PassageInput) -> bytes:
        """Return what identifies the vectors of an input under this model."""
        spans = ",".join(f"{start}-{end}" for start, end in given.sentences)
        whole = "\0".join((self._fingerprint, given.context, given.text, spans))
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).digest()

    def missing(self, keys: Sequence[bytes]) -> set[bytes]:
        """Return the keys that are not in the cache."""
        found: set[bytes] = set()
        for start in range(0, len(keys), _LOOKUP):
            part = keys[start : start + _LOOKUP]
            marks = ",".join("?" * len(part))
            rows = self._database.execute(f"SELECT key FROM vectors WHERE key IN ({marks})", part)
            found.update(row[0] for row in rows)
        return set(keys) - found

    def add(self, rows: Sequence[tuple[bytes, PassageVectors]]) -> None:
        """Add vectors and make them durable."""
        with self._database:
            self._database.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                [
                    (
                        key,
                        vectors.passage.astype("<f4").tobytes(),
                        vectors.sentences.astype("<f2").tobytes(),
                    )
                    for key, vectors in rows
                ],
            )

    def find(self, keys: Sequence[bytes]) -> dict[bytes, PassageVectors]:
        """Return the vectors of those keys that are in the cache."""
        found = {}
        for start in range(0, len(keys), _LOOKUP):
            part = keys[start : start + _LOOKUP]
            marks = ",".join("?" * len(part))
            query = f"SELECT key, passage, sentences FROM vectors WHERE key IN ({marks})"
            for key, passage, sentences in self._database.execute(query, part):
                rows = np.frombuffer(sentences, dtype="<f2").astype(np.float32)
                found[key] = PassageVectors(
                    np.frombuffer(passage, dtype="<f4"), rows.reshape(-1, self._dimension)
                )
        return found

    def clear(self) -> None:
        """Forget everything: the index has it now."""
        with self._database:
            self._database.execute("DELETE FROM vectors")
        self._database.execute("VACUUM")

    def _create(self) -> None:
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS vectors"
            " (key BLOB PRIMARY KEY, passage BLOB NOT NULL, sentences BLOB NOT NULL) WITHOUT ROWID"
        )
        self._database.execute("SELECT count(*) FROM vectors LIMIT 1").fetchone()
