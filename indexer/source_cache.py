"""What took long to read (scans, old Office files), kept until an index holds it.

`check` and the build after it, and a build after one that was killed, do not read it twice.
"""

import hashlib
import json
import logging
import shutil
from pathlib import Path

from indexer.readers.frames import pack, unpack_source
from indexer.readers.source import Source

_log = logging.getLogger(__name__)


class SourceCache:
    """Sources by what was read and under which conditions, a file each."""

    def __init__(self, folder: Path, conditions: str) -> None:
        self._folder = folder
        self._conditions = conditions

    def load(self, sha256: str, suffix: str) -> Source | None:
        """Return the source of a content, None where it is not kept."""
        path = self._path(sha256, suffix)
        try:
            return unpack_source(json.loads(path.read_bytes()))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            _log.warning("the kept source %s cannot be used: %s", path, error)
            return None

    def save(self, sha256: str, suffix: str, source: Source) -> None:
        """Keep a source; that it cannot be kept only costs time."""
        path = self._path(sha256, suffix)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_suffix(".part")
            unfinished.write_bytes(pack(source))
            unfinished.replace(path)
        except OSError as error:
            _log.warning("a source cannot be kept in %s: %s", self._folder, error)

    def clear(self) -> None:
        """Forget everything: the index has it now."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _path(self, sha256: str, suffix: str) -> Path:
        key = "\0".join((self._conditions, sha256, suffix))
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()}.json"
