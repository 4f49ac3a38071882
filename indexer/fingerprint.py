"""Name the content of a model folder by a hash, without reading 470 MB at every start."""

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path

# What decides the vectors; a README or a picture does not.
_SUFFIXES = {".json", ".safetensors", ".bin", ".txt", ".model"}
_MEMO = "fingerprints.json"


def hash_model(folder: Path, cache: Path) -> str:
    """Return the SHA-256, in hex, of the paths and the content of a model's files.

    A file below `cache` remembers the result for as long as no file changes its size or its
    time of modification.
    """
    files = sorted(path for path in folder.rglob("*") if path.suffix in _SUFFIXES)
    states = [(str(path.relative_to(folder)), path.stat()) for path in files]
    seen = hashlib.sha256(repr([(n, s.st_size, s.st_mtime_ns) for n, s in states]).encode())
    key = f"{folder.resolve()} {seen.hexdigest()}"

    memo = _read_memo(cache / _MEMO)
    if key not in memo:
        memo[key] = _hash_files(folder, files)
        with suppress(OSError):  # a cache that cannot be written costs time, nothing else
            _write_memo(memo, cache / _MEMO)
    return memo[key]


def _hash_files(folder: Path, files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def _read_memo(path: Path) -> dict[str, str]:
    try:
        memo = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return memo if isinstance(memo, dict) else {}


def _write_memo(memo: dict[str, str], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as draft:
        json.dump(memo, draft, indent=1)
    os.replace(draft.name, path)
