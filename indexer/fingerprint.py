"""Name the content of a model folder by a hash, without reading 470 MB at every start."""

import hashlib
from pathlib import Path

from indexer.memo import read_memo, write_memo

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

    memo: dict[str, str] = read_memo(cache / _MEMO)
    if key not in memo:
        memo[key] = _hash_files(folder, files)
        write_memo(memo, cache / _MEMO)
    return memo[key]


def _hash_files(folder: Path, files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()
