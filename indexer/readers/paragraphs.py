"""Tell which lines are one paragraph, and which paragraphs are headings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.readers.glyphs import join_words, unit_width
from indexer.readers.printed import Line, PrintedPage
from indexer.readers.typesetting import Frame
from indexer.records import Span

# In units of the letters' size.
_ROOM = 0.6  # a full line ends so near to the edge, or its next word would not fit
_INDENT = 0.9  # a paragraph begins two letters in
_DEEP = 4.5  # signatures, dates and centred lines begin further in
_SAME_LEFT = 0.5
_ROOMY = 1.2  # white between the lines of a title
# In units of the usual distance of lines. Paragraphs without an indent are told by the white
# between them; elsewhere a raised character may push lines apart, or a figure stand between them.
_APART, _APART_INDENTED, _FAR = 1.25, 1.45, 3.0
_SAME_SIZE, _SAME_SIZE_SCANNED = 0.1, 0.25
_SAME_WIDTH = 0.15
# Times the size of the body's letters.
_LARGE, _LARGE_SCANNED = 1.15, 1.25
_LONGEST_HEADING = 100
_LEVELS = 6
_NUMBERED = re.compile(
    "第\\s*[零〇一二三四五六七八九十百千\\d]+\\s*[编篇章节条部]|[一二三四五六七八九十]{1,3}[、.．]|"
    "[（(][一二三四五六七八九十\\d]{1,3}[）)]|\\d{1,2}(?:[、．)）]|\\.(?!\\d))|[①-⑳■●◆▲★]|——|"
    "附\\s*[件表录錄]|[•·\\-*]\\s"
)
_ENDS = re.compile("[。！？!?；;：:][”’」』）)》】\\]]*$|[.…·]{3,}\\s*\\d+$")
_SENTENCE = re.compile("[。！？；]|[，,、：:]$")
_SAYS = re.compile("[^\\W\\d_]")


@dataclass(frozen=True, slots=True)
class Placed:
    """A line in its column; `column` counts the columns of the whole text."""

    line: Line
    frame: Frame
    page: PrintedPage
    column: int

    @property
    def indent(self) -> float:
        """How far in it begins, in letters."""
        return (self.line.box.left - self.frame.left) / self.line.size

    @property
    def is_deep(self) -> bool:
        """Tell a short line in the middle or on the right: a signature, a date."""
        width = self.frame.right - self.frame.left
        return self.indent > _DEEP and self.line.box.width < width / 2

    @property
    def is_signature(self) -> bool:
        """Tell a line set to the right edge."""
        room = (self.frame.right - self.line.box.right) / self.line.size
        return self.indent > _DEEP and room < _SAME_LEFT

    @property
    def is_large(self) -> bool:
        least = _LARGE_SCANNED if self.frame.is_scanned else _LARGE
        return self.line.size >= least * self.frame.body

    @property
    def is_numbered(self) -> bool:
        return bool(_NUMBERED.match(self.line.words))

    @property
    def ends(self) -> bool:
        """Tell a line that ends what it says."""
        return bool(_ENDS.search(self.line.words))


def continues(lines: Sequence[Placed], here: Placed) -> bool:
    """Tell whether a line goes on with the paragraph that some lines have begun."""
    last = lines[-1]
    tolerance = _SAME_SIZE_SCANNED if here.frame.is_scanned else _SAME_SIZE
    if abs(here.line.size - last.line.size) > tolerance * last.line.size:
        return False
    if here.is_large and last.is_large and _continues_title(lines, here):
        return True
    if here.is_large and here.line.is_red != last.line.is_red:
        return False
    return (
        _is_set_alike(last, here)
        and not _is_tabular(last.line.words, here.line.words)
        and _is_full(last, here)
        and not _is_apart(last, here)
        and not here.is_deep
        and not (len(lines) == 1 and last.is_deep)
        and _is_inside(lines, here)
    )


def join(placed: Sequence[Placed]) -> tuple[str, list[int]]:
    """Return the words of a paragraph, and where those of each of its lines start."""
    words, starts = "", []
    for each in placed:
        words = join_words(words, each.line.words) if words else each.line.words
        starts.append(len(words) - len(each.line.words))
    return words, starts


def paragraphs(placed: Sequence[Placed]) -> Iterator[str]:
    """Yield the words of each paragraph that lines make."""
    lines: list[Placed] = []
    for each in placed:
        if lines and not continues(lines, each):
            yield join(lines)[0]
            lines = []
        lines.append(each)
    if lines:
        yield join(lines)[0]


def is_heading(words: str, placed: Sequence[Placed]) -> bool:
    """Tell a heading that its letters mark; the name of the issuer in red above all is none."""
    return (
        all(each.is_large and not each.line.is_red for each in placed)
        and not placed[-1].is_signature
        and len(words) <= _LONGEST_HEADING
        and bool(_SAYS.search(words))
        and not _SENTENCE.search(words)
        and "\t" not in words
    )


def levels(headings: Sequence[tuple[Span, float]]) -> Iterator[tuple[Span, int]]:
    """Yield headings, given with the size of their letters, with a level.

    Where the largest do not come first they are titles of annexes, not the text's own.
    """
    sizes: list[float] = []
    for size in sorted({size for _, size in headings}, reverse=True):
        if not sizes or size < sizes[-1] * (1 - _SAME_SIZE):
            sizes.append(size)
    for span, size in headings:
        rank = next(n for n, each in enumerate(sizes) if size >= each * (1 - _SAME_SIZE))
        first = 1 if headings[0][1] >= sizes[0] * (1 - _SAME_SIZE) else 2
        yield span, min(first + rank, _LEVELS)


def _continues_title(lines: Sequence[Placed], here: Placed) -> bool:
    """Tell whether a large line is one more line of a title."""
    last = lines[-1]
    return (
        here.column == last.column
        and not here.is_signature
        and here.line.is_red == last.line.is_red
        and here.line.box.top - last.line.box.bottom <= _ROOMY * last.line.size
        and not _SENTENCE.search(last.line.words)
        and not here.is_numbered
        and sum(len(each.line.words) for each in (*lines, here)) <= _LONGEST_HEADING
    )


def _is_set_alike(last: Placed, here: Placed) -> bool:
    """Tell whether the text can run from one column on in the other."""
    widths = last.frame.right - last.frame.left, here.frame.right - here.frame.left
    return last.column == here.column or abs(widths[0] - widths[1]) <= _SAME_WIDTH * max(widths)


def _is_tabular(last: str, here: str) -> bool:
    """Tell rows of a table without rules: words far apart in both, or at several places."""
    wide = last.count("\t"), here.count("\t")
    return min(wide) > 0 or max(wide) > 1


def _is_full(last: Placed, here: Placed) -> bool:
    """Tell a line that ends only because the next word would not fit into it."""
    room = last.frame.right - last.line.box.right
    return room < (unit_width(here.line.words) + _ROOM) * last.line.size


def _is_apart(last: Placed, here: Placed) -> bool:
    """Tell whether more white than between the lines of a paragraph parts two lines."""
    if last.column != here.column:
        return False
    distance = (here.line.box.middle - last.line.box.middle) / here.frame.pitch
    if not here.frame.is_indented:
        return distance > _APART
    is_unfinished = here.indent < _INDENT and not last.ends
    return distance > (_FAR if is_unfinished else _APART_INDENTED)


def _is_inside(lines: Sequence[Placed], here: Placed) -> bool:
    """Tell by where it begins and what it begins with that a line opens no paragraph."""
    last = lines[-1]
    if here.indent < _INDENT:
        return here.frame.is_indented or not (here.is_numbered and last.ends)
    if here.is_numbered:
        return False
    if abs(last.indent - here.indent) < _SAME_LEFT:
        return len(lines) > 1 or not (last.ends or here.frame.is_indented)
    return len(lines) == 1 and last.is_numbered and not last.ends and last.indent < here.indent
