"""The cells of a workbook: a text stays a text, whatever it looks like."""

import re

from openpyxl.cell import Cell
from openpyxl.styles import Alignment

from retrieval.material import legal

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a program takes for a formula when it is typed
_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # _x0041_ stands for A, so _ is written as its code


def write_cell(cell: Cell, value: str | int) -> None:
    """Write a value; a text stays one, even where it looks like a formula or an error."""
    if isinstance(value, int):
        cell.value = value
    else:
        cell.value = _CODE.sub("_x005F_", legal(value))
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(_FORMULA)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
