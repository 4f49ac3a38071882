"""A table in plain text (.csv, .tsv), its cells parted by commas, tabs, semicolons or bars."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice

from indexer.readers.composing import Composer
from indexer.readers.encoding import decode
from indexer.readers.grid import Grid, lay_out
from indexer.readers.source import Source, Step, ignore_steps

_DELIMITERS = ",\t;|"
_SAMPLE = 200  # rows that show what parts the cells
_NAMED = re.compile(r"sep=(.)\n", re.IGNORECASE)  # Excel's own mark; it does not show this line


def read(content: bytes, step: Step = ignore_steps) -> Source:
    """Read a .csv or .tsv file; captions and blank rows are taken as in a workbook."""
    text = decode(content)
    named = _NAMED.match(text)
    table = text[named.end() :] if named else text
    delimiter = named[1] if named else max(_DELIMITERS, key=lambda each: _regularity(table, each))
    composer = Composer()
    grid = Grid("")
    for row, cells in enumerate(_rows(table, delimiter, composer), start=1):
        for column, words in enumerate(cells, start=1):
            grid.put(row, column, words)
    lay_out(grid, composer, is_one_of_many=False)
    return composer.source()


def _rows(text: str, delimiter: str, composer: Composer) -> Iterable[list[str]]:
    try:
        return list(_parse(text, delimiter))
    except csv.Error:
        composer.caution("表格里的引号不成对，按原样读入。", "请用 Excel 或 WPS 打开检查。")
        return [line.split(delimiter) for line in text.split("\n")]


def _regularity(text: str, delimiter: str) -> float:
    """Return the share of rows that have the most frequent number of cells, one not counted."""
    rows: list[list[str]] = []
    with suppress(csv.Error):  # reported when the whole table is read; the first rows tell enough
        rows.extend(islice(filter(None, _parse(text, delimiter)), _SAMPLE))
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(widths.values(), default=0) / max(1, len(rows))


def _parse(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
