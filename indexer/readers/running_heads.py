"""Tell running heads, feet and page numbers from the text of pages.

They stand outermost on a page, in the same place on several pages, and say the same there, but
for a number that goes up with the pages.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise
from statistics import median
from typing import TypeVar

from indexer.readers.printed import Line, PrintedPage, common_size

T = TypeVar("T")
_Row = list[Line]
HEAD, FOOT, NUMBER = "页眉", "页脚", "页码"

_REACH = 3  # pages before and after that are compared: left and right pages may have their own
_ZONE = 0.16  # of the page's height from its edge
_MOST_ROWS = 3
# In units of the letters' size: how far apart two lines may lie that stand in the same place.
_SAME_PLACE, _SAME_PLACE_SCANNED = 0.7, 2.0
_LARGEST = 1.15  # times the body's letters; a larger line is a title
_SMALL, _SMALL_SCANNED = 0.92, 0.8  # times the body's letters
_OUTER_ZONE = 0.12
_FAR_APART = 1.2  # times the body's letters, of white
_SPEAKS = re.compile("[。；，：:;,]|.{41}")
_APART = 1.2  # times the usual distance of lines
_ALIKE = 0.8  # of the characters; a recognised line may have a wrong one
_DIGITS = re.compile(r"\d{1,9}")
_PAGE_NUMBER = re.compile(
    r"[-－–—―─一~·•.(（\[【第]*\s*(?:page)?\s*(?:\d{1,5}|[ivxl]{1,7})\s*页?"
    r"\s*(?:(?:[/／,，、]|of)?\s*[共总]?\s*\d{1,5}\s*页?)?\s*[-－–—―─一~·•.)）\]】]*",
    re.IGNORECASE,
)
_DECORATED = re.compile(r"^\s*[-－–—―─一~·•]|页|page|\d\s*[/／]\s*\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PartedPage:
    """A page whose text is parted from what stands around it; that comes with the reason."""

    page: PrintedPage
    lines: tuple[Line, ...]
    heads: tuple[tuple[str, str], ...]
    feet: tuple[tuple[str, str], ...]


def with_neighbours(items: Iterable[T], reach: int) -> Iterator[tuple[T, list[T]]]:
    """Yield each of some items with those up to `reach` before and after it."""
    window: deque[T] = deque(maxlen=2 * reach + 1)
    ahead = 0  # items of the window that are still to be yielded
    for item in items:
        window.append(item)
        ahead += 1
        if ahead > reach:
            yield _beside(window, len(window) - ahead)
            ahead -= 1
    while ahead:
        if len(window) > ahead + reach:
            window.popleft()
        yield _beside(window, len(window) - ahead)
        ahead -= 1


def _beside(window: Sequence[T], at: int) -> tuple[T, list[T]]:
    return window[at], [item for index, item in enumerate(window) if index != at]


def part_pages(pages: Iterable[PrintedPage]) -> Iterator[PartedPage]:
    """Yield the pages with their running heads, feet and numbers apart."""
    for page, others in with_neighbours(pages, _REACH):
        rows = _rows(page.lines)
        size = common_size(line for each in (page, *others) for line in each.lines)
        zone = _Zone(page, others, size)
        heads = zone.outermost(rows, HEAD)
        feet = zone.outermost(rows[::-1], FOOT)
        around = {id(line) for row, _ in (*heads, *feet) for line in row}
        yield PartedPage(
            page,
            tuple(line for line in page.lines if id(line) not in around),
            tuple((_words(row), reason) for row, reason in heads),
            tuple((_words(row), reason) for row, reason in reversed(feet)),
        )


class _Zone:
    """The edges of a page beside those of its neighbours."""

    def __init__(self, page: PrintedPage, others: Sequence[PrintedPage], size: float) -> None:
        self._page = page
        self._others = others
        self._size = size  # of the body's letters

    def outermost(self, rows: Sequence[_Row], edge: str) -> list[tuple[_Row, str]]:
        """Return what runs on along an edge, row by row inwards, up to the first row of text."""
        found: list[tuple[_Row, str]] = []
        for row in rows[:_MOST_ROWS]:
            reason = self._row_reason(row, edge)
            if not reason:
                break
            found.append((row, reason))
        while found and not _is_apart(rows, len(found)) and not _is_sure(*found[-1]):
            found.pop()
        return found

    def _row_reason(self, row: _Row, edge: str) -> str:
        """Return why a row is none of the text, or ""; its parts may run on each by itself."""
        whole = replace(row[0], words=_words(row))
        if _PAGE_NUMBER.fullmatch(whole.words):
            return self._reason(whole, edge)
        reasons = [self._reason(line, edge) for line in row]
        return next((each for each in reasons if each != NUMBER), NUMBER) if all(reasons) else ""

    def _reason(self, line: Line, edge: str) -> str:
        """Return why a line is none of the text, or ""."""
        if _distance(line, self._page, edge) > _ZONE * self._page.height:
            return ""
        is_number = bool(_PAGE_NUMBER.fullmatch(line.words))
        if line.around and not is_number:
            return line.around
        if line.size > _LARGEST * self._size:
            return ""
        if is_number and (line.around or _DECORATED.search(line.words)):
            return NUMBER
        if any(self._runs_on(line, other, edge) for other in self._others):
            return NUMBER if is_number else edge
        is_alone = not self._others and edge == FOOT and line.words == str(self._page.number)
        if is_number:
            return NUMBER if is_alone else ""
        return edge if self._is_lone(line, edge) else ""

    def _is_lone(self, line: Line, edge: str) -> bool:
        """Tell a head that no page near repeats: small, at the edge, and far from all else.

        In a file of three pages with heads of their own on left pages one stands alone.
        """
        least = _SMALL if self._page.confidence is None else _SMALL_SCANNED
        if (
            self._page.number == 1
            or line.size > least * self._size
            or _distance(line, self._page, edge) > _OUTER_ZONE * self._page.height
            or _SPEAKS.search(line.words)
        ):
            return False
        others = [other.box for other in self._page.lines]
        others += [table.box for table in self._page.tables]
        gaps = [max(box.top - line.box.bottom, line.box.top - box.bottom) for box in others]
        # Below 0 are itself and what stands beside it.
        return all(gap >= _FAR_APART * self._size or gap < 0 for gap in gaps)

    def _runs_on(self, line: Line, other: PrintedPage, edge: str) -> bool:
        """Tell whether a line stands in the same place on another page too."""
        is_scanned = other.confidence is not None or self._page.confidence is not None
        tolerance = (_SAME_PLACE_SCANNED if is_scanned else _SAME_PLACE) * line.size
        place = _distance(line, self._page, edge)
        between = other.number - self._page.number
        return any(
            abs(_distance(each, other, edge) - place) <= tolerance
            and _says_the_same(line.words, each.words, between, is_scanned)
            for each in other.lines
        )


def _words(row: _Row) -> str:
    return " ".join(line.words for line in row)


def _is_sure(row: _Row, reason: str) -> bool:
    """Tell what its own look shows to be a page number, or the file to be none of the text."""
    return reason == NUMBER or all(line.around for line in row)


def _is_apart(rows: Sequence[_Row], count: int) -> bool:
    """Tell whether more white than between lines parts the first rows from the others: cells of a
    table, too, may say the same in the same place on two pages."""
    middles = [row[0].box.middle for row in rows]
    distances = [abs(below - above) for above, below in pairwise(middles)]
    return len(distances) <= count or distances[count - 1] > _APART * median(distances)


def _says_the_same(words: str, other: str, between: int, is_scanned: bool) -> bool:
    """Compare words whose numbers may go up with the pages."""
    numbers, others = _DIGITS.findall(words), _DIGITS.findall(other)
    if len(numbers) != len(others):
        return False
    steps = {int(b) - int(a) for a, b in zip(numbers, others, strict=True)}
    if not steps <= {0, between}:
        return False
    plain, other_plain = _DIGITS.sub("0", words), _DIGITS.sub("0", other)
    if plain == other_plain:
        return True
    return is_scanned and SequenceMatcher(None, plain, other_plain).ratio() >= _ALIKE


def _distance(line: Line, page: PrintedPage, edge: str) -> float:
    """Return how far a line lies from an edge of its page."""
    return line.box.middle if edge == HEAD else page.height - line.box.middle


def _rows(lines: Sequence[Line]) -> list[_Row]:
    """Return the lines, those on one level together, from the top down."""
    rows: list[_Row] = []
    for line in sorted(lines, key=lambda line: (line.box.middle, line.box.left)):
        if rows and line.box.middle - rows[-1][0].box.middle <= 0.5 * line.size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows
