"""How the text of a page is set: its edges, the distance of its lines, the size of its letters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.readers.printed import Line, PrintedPage, Sizes, common_size
from indexer.readers.reading_order import Column

_ENOUGH = 12  # lines that show how a column is set
_FEW = 8  # lines; where there are more, one line alone does not show where an edge is
_EDGE_SHARE = 0.05  # of the lines end there
_TEXT_SHARE = 0.6  # of its column's width is filled by a line of text, not of a list or a table
_TEXT_LINES = 5
# In units of the letters' size.
_SAME_EDGE = 1.0
_SAME_SIZE = 0.1  # of the size
_MARGINS = 2.0  # how much wider the right one may be
_INDENTS = (0.9, 4.5)
_HANGING = tuple("，。、；：")  # may be set outside the right edge


@dataclass(frozen=True, slots=True)
class LaidPage:
    """A page whose lines are in columns."""

    page: PrintedPage
    columns: tuple[Column, ...]

    def lines(self, path: str) -> list[Line]:
        """Return the lines of one column."""
        return [line for each in self.columns if each.path == path for line in each.lines]

    def text_lines(self) -> Iterator[Line]:
        """Yield the lines that fill most of their column's width."""
        for column in self.columns:
            lines = column.lines
            if lines:
                left = min(line.box.left for line in lines)
                least = _TEXT_SHARE * (max(line.box.right for line in lines) - left)
                yield from (
                    line for line in lines if "\t" not in line.words and line.box.width > least
                )


@dataclass(frozen=True, slots=True)
class Frame:
    """How a column is set; `is_indented` says that paragraphs begin with an indent, `body` is the
    size of the letters of the text."""

    left: float
    right: float
    pitch: float
    is_indented: bool
    body: float
    is_scanned: bool


class Typesetting:
    """Measures pages one after the other, and remembers what columns with few lines do not show."""

    def __init__(self) -> None:
        self._sizes = Sizes()
        self._counted = 0  # the last page whose letters are counted
        self._full: dict[tuple[str, int], list[Line]] = {}  # columns that showed how they are set

    def body(self, page: LaidPage, others: Sequence[LaidPage]) -> float:
        """Return the size of the text's letters on a page; `others` are those near it.

        It is what is usual up to there, or on the page itself if that is more: in a text of large
        letters whose tables have small ones, nothing is a title only because it is larger.
        """
        for each in (page, *others):
            if each.page.number > self._counted:
                self._sizes.add(each.text_lines())
                self._counted = each.page.number
        own = list(page.text_lines())
        size = max(self._sizes.common, common_size(own) if len(own) >= _TEXT_LINES else 0.0)
        return size or common_size(line for column in page.columns for line in column.lines)

    def frame(self, path: str, page: LaidPage, others: Sequence[LaidPage], body: float) -> Frame:
        """Return how a column is set: as its own lines show, or as those of pages like it do."""
        lines = self._lines(path, page, others)
        size = common_size(lines) or 1.0
        left, right = _edges(lines, size)
        if len(lines) < _FEW and not path:
            # So few may all be short: the text is as far from the right edge as from the left.
            right = max(right, page.page.width - left - _MARGINS * size)
        indents = sum(_INDENTS[0] < (line.box.left - left) / size < _INDENTS[1] for line in lines)
        return Frame(
            left,
            right,
            _pitch(lines, size),
            is_indented=indents > _EDGE_SHARE * len(lines),
            body=body,
            is_scanned=page.page.confidence is not None,
        )

    def _lines(self, path: str, page: LaidPage, others: Sequence[LaidPage]) -> list[Line]:
        lines = page.lines(path)
        kind = path, _width(page)
        if len(lines) >= _ENOUGH:
            self._full[kind] = lines
            return lines
        alike = [each for each in others if _width(each) == kind[1]]
        # Pages on the same side of the paper first: margins may be wider where it is bound.
        alike.sort(key=lambda each: (each.page.number - page.page.number) % 2)
        for each in alike:
            lines = lines + each.lines(path)
            if len(lines) >= _ENOUGH:
                return lines
        return lines + self._full.get(kind, [])


def _width(page: LaidPage) -> int:
    """Return about how wide a page is: scans of one paper differ by some pixels."""
    return round(page.page.width / 100)


def _edges(lines: Sequence[Line], size: float) -> tuple[float, float]:
    """Return where lines begin and end; one that alone sticks out does not count."""
    if not lines:
        return 0.0, 0.0
    some = 1 if len(lines) < _FEW else max(2, round(_EDGE_SHARE * len(lines)))
    lefts = sorted(line.box.left for line in lines)
    rights = sorted(map(_right, lines), reverse=True)
    left, right = lefts[some - 1], rights[some - 1]
    return (
        min(each for each in lefts if each >= left - _SAME_EDGE * size),
        max(each for each in rights if each <= right + _SAME_EDGE * size),
    )


def _right(line: Line) -> float:
    """Return where a line ends without a mark that may be set outside the edge."""
    return line.box.right - (line.size if line.words.endswith(_HANGING) else 0)


def _pitch(lines: Sequence[Line], size: float) -> float:
    """Return the distance from line to line within a paragraph: of those between lines of the
    usual size one of the least, for there may be more paragraphs than lines in them."""
    alike = [line for line in lines if abs(line.size - size) < _SAME_SIZE * size]
    distances = [below.box.middle - above.box.middle for above, below in pairwise(alike)]
    usual = sorted(each for each in distances if 0.8 * size < each < 4 * size)
    return usual[len(usual) // 5] if usual else 2 * size
