"""Tables that a command puts into a page: from `<!-- table NAME -->` to `<!-- end NAME -->`."""

import re
from pathlib import Path

from indexer.errors import SuyuanError


class PlaceMissing(SuyuanError):
    """A page has no place of a name."""

    exit_code = 2


def read_place(path: Path, name: str) -> str:
    """Return what stands in a place.

    Raises:
        PlaceMissing: the page has none of that name.
    """
    return _parts(path, name)[1]


def fill_place(path: Path, name: str, table: str) -> None:
    """Put a table in a place.

    Raises:
        PlaceMissing: the page has none of that name.
    """
    before, _, after = _parts(path, name)
    path.write_text(f"{before}\n\n{table}\n\n{after}", encoding="utf-8")


def _parts(path: Path, name: str) -> tuple[str, str, str]:
    """Return a page up to a place, what stands in it, and the rest."""
    start, end = f"<!-- table {name} -->", f"<!-- end {name} -->"
    page = path.read_text(encoding="utf-8") if path.is_file() else ""
    found = re.search(f"(?s)(?<={re.escape(start)}).*?(?={re.escape(end)})", page)
    if not found:
        raise PlaceMissing(
            f"{path} 里没有“{name}”表的位置。", f"请在文件里加上 {start} 和 {end} 两行。"
        )
    return page[: found.start()], found[0].strip(), page[found.end() :]
