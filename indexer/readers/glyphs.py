"""Put single characters with their places together to lines."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from indexer.readers.printed import Box, Line

# In units of the letters' size. A justified line of Chinese is stretched by some tenths; columns
# are two letters apart.
_FARTHEST = 0.6  # within a line; a gutter is two wide, and a mark may hang halfway into it
_OVERLAP = 0.8  # a mark of punctuation may be set into the half of its square that is empty
_OFF_LINE = 0.5  # a raised or lowered character lies nearer to its line's middle than this
_SAME_PLACE = 0.12  # a letter printed twice to look bold
_WORD_GAP = 0.18
_PRINTED_GAP = -0.2  # a space of the file; the shape of an f may reach over it
_WIDE_GAP = 0.8  # between Chinese characters
_PRINTED_WIDE_GAP = 0.2
_LEAST_SIZE = 0.1  # a broken file may say 0
_LARGEST_RATIO = 3.0  # of the sizes of letters in one line

# Of the marks that Latin and Chinese texts share, these stand with what is beside them.
_NEUTRAL = "“”‘’\"'()（）[]"
_NARROW = re.compile("[\u0021-\u024f\u0370-\u052f\u1e00-\u1eff\u2010\u2011]")
_NEAR = (-1, 0, 1)
_HYPHENS = "-\u00ad\u2010\u2011"
_UNIT = re.compile(
    "[“‘（《〈【〔「『(]*(?:[\u0021-\u024f]+|.)[，。、；：！？”’）》〉】〕」』…—％]*"
)


class Glyph(NamedTuple):
    """One printed character; white space is only known by the flag of the one after it."""

    character: str
    left: float
    right: float
    middle: float
    size: float
    after_space: bool = False
    around: str = ""
    is_red: bool = False


def read_lines(glyphs: Iterable[Glyph]) -> list[Line]:
    """Return the lines of a page, from the top down and from left to right."""
    lines = [_line(run) for run in _merge(list(_once(_runs(glyphs))))]
    return sorted(lines, key=lambda line: (line.box.middle, line.box.left))


def join_words(before: str, after: str) -> str:
    """Join what a line's end has parted: a space between Latin words, none beside Chinese.

    A hyphen at a line's end stays: whether it belongs to the word cannot be told.
    """
    if before.endswith(tuple(_HYPHENS)) and _is_narrow(before[-2:-1]):
        return before + after
    return before + (" " if _end(before) and _end(after[::-1]) else "") + after


def is_gap(last: str, first: str, gap: float) -> bool:
    """Tell whether white between two characters, in letters, parts words."""
    return gap > (_WORD_GAP if _is_narrow(last) and _is_narrow(first) else _WIDE_GAP)


def unit_width(words: str) -> float:
    """Return how many letters wide that is which no line's end may part from a line's start."""
    unit = _UNIT.match(words)
    return sum(0.5 if _is_narrow(each) else 1.0 for each in unit[0]) if unit else 0.0


def _end(words: str) -> bool:
    """Tell whether the last letter of words is one that needs spaces around words."""
    solid = words.rstrip(_NEUTRAL)
    return _is_narrow(solid[-1:] or words[-1:])


def _is_narrow(character: str) -> bool:
    return bool(_NARROW.match(character))


def _runs(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    """Yield stretches of characters that the file writes one after the other on a line."""
    run: list[Glyph] = []
    for glyph in glyphs:
        if run and _is_double(run[-1], glyph):
            continue
        if run and not _follows(run[-1], glyph):
            yield run
            run = []
        run.append(glyph)
    if run:
        yield run


def _follows(last: Glyph, glyph: Glyph) -> bool:
    size = max(last.size, glyph.size)
    return (
        -_OVERLAP * size <= glyph.left - last.right <= _FARTHEST * size
        and glyph.left > last.left - _SAME_PLACE * size
        and abs(glyph.middle - last.middle) <= _OFF_LINE * size
        and size <= _LARGEST_RATIO * min(last.size, glyph.size)
    )


def _is_double(last: Glyph, glyph: Glyph) -> bool:
    return (
        glyph.character == last.character
        and abs(glyph.left - last.left) <= _SAME_PLACE * glyph.size
        and abs(glyph.middle - last.middle) <= _SAME_PLACE * glyph.size
    )


def _once(runs: Iterable[list[Glyph]]) -> Iterator[list[Glyph]]:
    """Leave out a stretch that is printed a second time in its place to look bold."""
    seen: set[tuple[str, int, int]] = set()
    for run in runs:
        words = "".join(glyph.character for glyph in run)
        step = _SAME_PLACE * max(run[0].size, _LEAST_SIZE)
        x, y = int(run[0].left // step), int(run[0].middle // step)
        if seen.isdisjoint((words, x + dx, y + dy) for dx in _NEAR for dy in _NEAR):
            yield run
        seen.add((words, x, y))


def _merge(runs: list[list[Glyph]]) -> list[list[Glyph]]:
    """Join stretches that lie side by side on a line, whenever the file wrote them."""
    step = max((run[0].size for run in runs), default=1.0) or 1.0
    rows: dict[int, list[list[Glyph]]] = {}
    for run in sorted(runs, key=lambda run: run[0].left):
        row = int(run[0].middle // step)
        near = [line for at in (row - 1, row, row + 1) for line in rows.get(at, ())]
        line = min(
            (line for line in near if _follows(line[-1], run[0])),
            key=lambda line: abs(line[-1].middle - run[0].middle),
            default=None,
        )
        if line is None:
            rows.setdefault(row, []).append(run)
        else:
            line += run
    return [line for row in rows.values() for line in row]


def _line(run: Sequence[Glyph]) -> Line:
    words = [run[0].character]
    for last, glyph in pairwise(run):
        words.append((" " if _is_parted(last, glyph) else "") + glyph.character)
    sizes = sorted(glyph.size for glyph in run)
    size = sizes[len(sizes) // 2]
    middles = sorted(glyph.middle for glyph in run if glyph.size >= size)
    size = max(size, _LEAST_SIZE)
    middle = middles[len(middles) // 2]
    box = Box(run[0].left, middle - size / 2, max(glyph.right for glyph in run), middle + size / 2)
    arounds = {glyph.around for glyph in run}
    return Line(
        "".join(words),
        box,
        size,
        around=arounds.pop() if len(arounds) == 1 else "",
        is_red=sum(glyph.is_red for glyph in run) * 2 > len(run),
    )


def _is_parted(last: Glyph, glyph: Glyph) -> bool:
    gap = (glyph.left - last.right) / max(min(last.size, glyph.size), _LEAST_SIZE)
    if not glyph.after_space:
        return is_gap(last.character, glyph.character, gap)
    is_narrow = _is_narrow(last.character) or _is_narrow(glyph.character)
    return gap > (_PRINTED_GAP if is_narrow else _PRINTED_WIDE_GAP)
