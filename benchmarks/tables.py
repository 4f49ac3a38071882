"""Tables for a terminal, in which Chinese characters take two columns."""

import unicodedata
from collections.abc import Mapping, Sequence

from benchmarks.metrics import Figures

_TIMES = "ms"  # how the names of columns end where less is better
_NOISE = 0.9  # a time within a tenth is the same: two runs differ by as much


def format_table(rows: Mapping[str, Figures], first: str = "", mark_against: str = "") -> str:
    """Return a table with a row for each name and a column for each figure that a row has.

    With `mark_against`, what is better than that row's figure, as printed, carries a star.
    """
    columns = list(dict.fromkeys(name for figures in rows.values() for name in figures))
    own = rows.get(mark_against, {})
    cells = [[first, *columns]]
    for name, figures in rows.items():
        cells.append([name, *(_cell(column, figures, own) for column in columns)])
    widths = [max(_width(row[at]) for row in cells) for at in range(len(columns) + 1)]
    return "\n".join(_line(row, widths) for row in cells)


def _cell(column: str, figures: Figures, own: Figures) -> str:
    if column not in figures:
        return "– "
    shown = _show(column, figures[column])
    if column not in own or own is figures:
        return f"{shown} "
    ours, theirs = float(_show(column, own[column])), float(shown)
    is_better = theirs < ours * _NOISE if column.endswith(_TIMES) else theirs > ours
    return f"{shown}*" if is_better else f"{shown} "


def _show(column: str, value: float) -> str:
    return f"{value:.1f}" if column.endswith(_TIMES) else f"{value:.3f}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [" " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)]
    head = cells[0] + padded[0]
    return "  ".join([head, *(p + c for p, c in zip(padded[1:], cells[1:], strict=True))]).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
