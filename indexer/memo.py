"""A small JSON file that remembers what takes long to find out; without it, it is found anew."""

import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any


def read_memo(path: Path) -> dict[str, Any]:
    """Return what is remembered; nothing where the file is missing or damaged."""
    try:
        memo = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return memo if isinstance(memo, dict) else {}


def write_memo(memo: Mapping[str, Any], path: Path) -> None:
    """Replace the file whole; a folder that cannot be written costs time, nothing else."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=path.parent, delete=False, encoding="utf-8"
        ) as draft:
            json.dump(memo, draft, indent=1)
        os.replace(draft.name, path)
