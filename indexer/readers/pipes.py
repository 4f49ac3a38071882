"""Tables that are drawn with | in plain text and in Markdown (GFM, 4.10)."""

import re
from collections.abc import Iterator, Sequence

from indexer.readers.composing import Cell, count_heads
from indexer.records import Row, Span, Table

_LINE = re.compile(r"^[^\n|]*\|[^\n]*", re.MULTILINE)
_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_FEWEST = 2  # rows


def find_tables(text: str, skipped: Sequence[Span] = ()) -> Iterator[Table]:
    """Yield the tables of a text: lines below each other with the same number of cells.

    Below a rule (|---|), which makes the row above it name the columns, rows may have fewer or
    more cells. Lines in `skipped` are no rows.
    """
    for lines in _runs(text, skipped):
        rules = [line for line in lines if _RULE.fullmatch(text, *line)]
        rows = [_row(text, line, bool(rules)) for line in lines if line not in rules]
        if len(rows) < _FEWEST:
            continue
        if len(rules) == 1 and rules[0] == lines[1]:
            yield Table(tuple(rows), 1)
        elif not rules and len({len(row.cells) for row in rows}) == 1:
            words = [[Cell(text[cell.start : cell.end]) for cell in row.cells] for row in rows]
            yield Table(tuple(rows), count_heads(words))


def _runs(text: str, skipped: Sequence[Span]) -> Iterator[list[Span]]:
    """Yield the lines with bars that stand below each other."""
    run: list[Span] = []
    for found in _LINE.finditer(text):
        line = Span(*found.span())
        if any(span.overlaps(line) for span in skipped):
            continue
        if run and line.start > run[-1].end + 1:
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _row(text: str, line: Span, is_ruled: bool) -> Row:
    """Return a row with where its cells stand.

    A bar that begins a line parts nothing, nor does one that ends it, unless it stands for an
    empty cell: in a line that does not begin with one and is in no Markdown table.
    """
    bars = [bar.start() for bar in _BAR.finditer(text, *line)]
    start, end = line
    if bars and not text[start : bars[0]].strip():
        start, bars, is_ruled = bars[0] + 1, bars[1:], True
    if bars and is_ruled and not text[bars[-1] + 1 : end].strip():
        end, bars = bars[-1], bars[:-1]
    starts, ends = [start, *(bar + 1 for bar in bars)], [*bars, end]
    cells = tuple(_trimmed(text, *place) for place in zip(starts, ends, strict=True))
    return Row(_trimmed(text, *line), cells)


def _trimmed(text: str, start: int, end: int) -> Span:
    words = text[start:end]
    left = len(words) - len(words.lstrip())
    return Span(start + left, start + max(left, len(words.rstrip())))
