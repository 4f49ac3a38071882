"""Put the characters and the ruled lines of a page together to lines and tables."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from indexer.readers.glyphs import Glyph, read_lines
from indexer.readers.page_tables import make_table
from indexer.readers.printed import PrintedPage, RuledTable
from indexer.readers.ruling import FEWEST_CELLS, Lattice, Place, Rule, find_lattices

WATERMARK = "水印"

_TOUCHING = 3.0  # points


class Turned(NamedTuple):
    """A character that does not stand upright: where it is, and where it were if it did."""

    angle: int
    x: float
    y: float
    glyph: Glyph


def imprint(
    page: PrintedPage,
    glyphs: Sequence[Glyph],
    turned: Sequence[Turned],
    across: Sequence[Rule],
    down: Sequence[Rule],
) -> PrintedPage:
    """Return an empty page with what stands on it; all measures are points."""
    glyphs, turned = list(glyphs), list(turned)
    tables: list[RuledTable] = []
    for lattice in find_lattices(across, down, _TOUCHING):
        table, glyphs, turned = _take_table(lattice, glyphs, turned)
        tables += table
    return replace(
        page, lines=tuple(read_lines(glyphs)), tables=tuple(tables), aside=tuple(_aside(turned))
    )


def _take_table(
    lattice: Lattice, glyphs: list[Glyph], turned: list[Turned]
) -> tuple[list[RuledTable], list[Glyph], list[Turned]]:
    """Return the table, if it is one, and the characters outside it."""
    inside: defaultdict[Place, list[Glyph]] = defaultdict(list)
    upended: defaultdict[tuple[Place, int], list[Glyph]] = defaultdict(list)
    outside: list[Glyph] = []
    turned_outside: list[Turned] = []
    for glyph in glyphs:
        place = lattice.place_at((glyph.left + glyph.right) / 2, glyph.middle)
        (inside[place] if place else outside).append(glyph)
    for each in turned:
        place = None if each.angle % 90 else lattice.place_at(each.x, each.y)
        if place:
            upended[place, each.angle].append(each.glyph)
        else:
            turned_outside.append(each)
    if len(inside) < FEWEST_CELLS:
        return [], glyphs, turned
    lines = [line for cell in inside.values() for line in read_lines(cell)]
    for (place, _), cell in upended.items():
        lines += [replace(line, box=place.box) for line in read_lines(cell)]
    return [make_table(lattice, lines)], outside, turned_outside


def _aside(turned: Sequence[Turned]) -> Iterator[tuple[str, str]]:
    """Yield what is printed across or along a page, with why it is kept out."""
    for angle in sorted({each.angle for each in turned}):
        reason = WATERMARK if angle % 90 else "侧边文字"
        for line in read_lines(each.glyph for each in turned if each.angle == angle):
            yield line.words, reason
