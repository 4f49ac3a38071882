"""What PDFium finds on a page: characters, ruled lines, and how much of it pictures cover.

Characters come with their own places, not with the order, spaces and line ends that PDFium
guesses. Everything is turned so that most of the text stands upright, however the page or the
text on it is turned; a page written from the top down is laid on its side.
"""

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from indexer.readers.affine import UNMOVED, Matrix
from indexer.readers.glyphs import Glyph
from indexer.readers.imprint import WATERMARK, Turned
from indexer.readers.ruling import Rule
from indexer.readers.running_heads import FOOT, HEAD

NO_CHARACTER = "\ufffd"

_HIDDEN_MODES = (3, 7)  # text that is not painted: the layer under a scan, and clipping paths
_MOSTLY_PICTURES = 0.5  # of the page; hidden text then tells what the picture shows
_BASELINE = 0.38  # of a letter's size: from the middle of its square down to the baseline
_LIGHT = 170  # of 255: the darkest of the three colours of pale ink
_FAINT = 150  # of 255: not opaque
_RED, _OTHER = 150, 90  # of 255: the least of red, and less of the other two, in red ink
_LARGE = 1.8  # times the letters of the body: what a watermark has at least
_MARGIN = 0.13  # of the page's height, where running heads and feet stand
_MOST_ARTIFACTS = 0.3  # of a page; a file that marks more as outside the text does so by mistake
_THIN = 3.0  # points; a rectangle no thicker is a rule
_SHORTEST_RULE = 4.0
_MOST_SEGMENTS = 400  # of one path; a table's frame has some dozen
_MOST_OBJECTS = 60_000
_DEEPEST = 4  # forms within forms
_ASKEW = 8  # degrees
_SQUARE = 0.9  # of a letter's size: how wide a Chinese character is at least
_LEAST_FILLED = 0.3  # of its box's height by a letter's size
_SMALLEST = 0.1  # points
_STACKED = 0.6  # of the characters that follow one another, where a page is written downwards


class _Style(NamedTuple):
    """What all characters of one text object share; `angle` is in whole degrees."""

    size: float
    angle: int
    is_hidden: bool
    is_pale: bool
    is_red: bool
    is_artifact: bool


class _Letter(NamedTuple):
    """A character where the page has it: x to the right and y upwards."""

    character: str
    x: float
    y: float
    left: float
    bottom: float
    right: float
    top: float
    style: _Style
    after_space: bool

    def is_part_of(self, last: "_Letter") -> bool:
        """Tell whether this is what the same printed shape says, too."""
        return (self.x, self.y) == (last.x, last.y) and self.style is last.style

    @property
    def centre(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2


@dataclass(frozen=True, slots=True)
class PageObjects:
    """A page, upright. `unknown` characters have no Unicode of their own; `hidden` ones are not
    painted and left out, but `layer` are not painted and kept: they say what a picture shows.
    `pictures` is the share of the page that they cover, `drawn` counts the shapes on it."""

    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    turned: tuple[Turned, ...]
    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    pictures: float
    drawn: int
    unknown: int
    hidden: int
    layer: int

    @property
    def letters(self) -> int:
        return len(self.glyphs) + len(self.turned)

    @property
    def is_layer(self) -> bool:
        """Tell a scanned page that carries what was recognised on it."""
        return self.layer > self.letters / 2


def read_page(page: pypdfium2.PdfPage) -> PageObjects:
    """Return what is on a page.

    Raises:
        pypdfium2.PdfiumError: the page is damaged.
    """
    frame = page.get_bbox()
    drawing = _Drawing(frame)
    drawing.read(page)
    letters = [letter for letter in _letters(page) if _holds(frame, *letter.centre)]
    if drawing.pictures >= _MOSTLY_PICTURES:
        seen = letters
    else:
        seen = [letter for letter in letters if not letter.style.is_hidden]
    turn = _Turn.of(seen, frame)
    upright = [letter for letter in seen if turn.is_upright(letter)]
    turned = [letter for letter in seen if not turn.is_upright(letter)]
    glyphs = list(turn.glyphs(upright))
    across, down = drawing.rules(turn)
    return PageObjects(
        width=turn.width,
        height=turn.height,
        glyphs=tuple(_with_roles(upright, glyphs, turn.height)),
        turned=tuple(_turned(turned, turn, frame)),
        across=across,
        down=down,
        pictures=drawing.pictures,
        drawn=drawing.shapes,
        unknown=sum(_is_unknown(letter.character) for letter in seen),
        hidden=len(letters) - len(seen),
        layer=sum(letter.style.is_hidden for letter in seen),
    )


def _holds(frame: tuple[float, float, float, float], x: float, y: float) -> bool:
    return frame[0] <= x <= frame[2] and frame[1] <= y <= frame[3]


def _letters(page: pypdfium2.PdfPage) -> Iterator[_Letter]:
    """Yield the characters of a page as the file writes them, without those PDFium adds."""
    text = page.get_textpage()
    styles: dict[int, _Style] = {}
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    after_space = False
    try:
        for index in range(text.count_chars()):
            owner = pdfium.FPDFText_GetTextObject(text, index)
            if not owner or pdfium.FPDFText_IsGenerated(text, index) == 1:
                continue
            character = _character(text, index)
            if character.isspace():
                after_space = True
                continue
            address = ctypes.addressof(owner.contents)
            style = styles.get(address)
            if style is None:
                style = styles[address] = _style(text, index, owner)
            pdfium.FPDFText_GetLooseCharBox(text, index, box)
            pdfium.FPDFText_GetCharOrigin(text, index, x, y)
            yield _Letter(
                character, x.value, y.value, box.left, box.bottom, box.right, box.top,
                style, after_space,
            )  # fmt: skip
            after_space = False
    finally:
        text.close()


def _character(text: pypdfium2.PdfTextPage, index: int) -> str:
    code = pdfium.FPDFText_GetUnicode(text, index)
    if pdfium.FPDFText_HasUnicodeMapError(text, index) == 1:
        return NO_CHARACTER  # PDFium guesses; such a guess may be any letter
    if pdfium.FPDFText_IsHyphen(text, index) == 1:
        return "-"
    if 0xD800 <= code <= 0xDFFF or code in (0, 0xFFFE, 0xFFFF) or code > 0x10FFFF:
        return NO_CHARACTER
    character = chr(code)
    is_control = code < 0xA0 and unicodedata.category(character) == "Cc"
    return NO_CHARACTER if is_control and not character.isspace() else character


def _is_unknown(character: str) -> bool:
    return character == NO_CHARACTER or unicodedata.category(character) in ("Co", "Cn")


def _style(text: pypdfium2.PdfTextPage, index: int, owner: pdfium.FPDF_PAGEOBJECT) -> _Style:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text, index, matrix)
    size = pdfium.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
    red, green, blue, opacity = (ctypes.c_uint() for _ in range(4))
    pdfium.FPDFPageObj_GetFillColor(owner, red, green, blue, opacity)
    darkest = min(red.value, green.value, blue.value)
    return _Style(
        size=abs(size),
        angle=_snapped(math.degrees(math.atan2(matrix.b, matrix.a))),
        is_hidden=pdfium.FPDFTextObj_GetTextRenderMode(owner) in _HIDDEN_MODES,
        is_pale=darkest >= _LIGHT or opacity.value < _FAINT,
        is_red=red.value > _RED and max(green.value, blue.value) < _OTHER,
        is_artifact=_is_artifact(owner),
    )


def _snapped(degrees: float) -> int:
    """Return an angle in whole degrees; the text under a scan may lie a little askew."""
    straight = round(degrees / 90) * 90
    return round(straight if abs(degrees - straight) <= _ASKEW else degrees) % 360


def _is_artifact(owner: pdfium.FPDF_PAGEOBJECT) -> bool:
    """Tell what a tagged file marks as outside its text: running heads, page numbers."""
    name, length = (ctypes.c_ushort * 16)(), ctypes.c_ulong()
    for number in range(pdfium.FPDFPageObj_CountMarks(owner)):
        mark = pdfium.FPDFPageObj_GetMark(owner, number)
        pdfium.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), length)
        if bytes(name)[: length.value].decode("utf-16-le", "replace").rstrip("\0") == "Artifact":
            return True
    return False


class _Turn:
    """A way to look at a page: turned by an angle, or, where it is written downwards, laid on its
    side. Places are then to the right and downwards from the upper left corner."""

    def __init__(
        self, angle: int, frame: tuple[float, float, float, float], is_stacked: bool = False
    ) -> None:
        self._angle = angle
        self._is_stacked = is_stacked
        radians = math.radians(270 if is_stacked else angle)
        self._cos, self._sin = math.cos(radians), math.sin(radians)
        self._left = self._top = 0.0
        corners = [self.place(x, y) for x in frame[::2] for y in frame[1::2]]
        self._left, self._top = min(u for u, _ in corners), min(v for _, v in corners)
        self.width = max(u for u, _ in corners) - self._left
        self.height = max(v for _, v in corners) - self._top

    @classmethod
    def of(cls, letters: Sequence[_Letter], frame: tuple[float, float, float, float]) -> "_Turn":
        """Return the one in which most letters stand upright."""
        angles = Counter(each.style.angle for each in letters if each.style.angle % 90 == 0)
        angle = max(angles, key=lambda each: angles[each], default=0)
        return cls(angle, frame, is_stacked=_is_stacked(letters))

    def place(self, x: float, y: float) -> tuple[float, float]:
        return (
            x * self._cos + y * self._sin - self._left,
            x * self._sin - y * self._cos - self._top,
        )

    def is_upright(self, letter: _Letter) -> bool:
        angle = letter.style.angle
        return angle == self._angle or (self._is_stacked and angle in (0, 270))

    def glyphs(self, letters: Iterable[_Letter]) -> Iterator[Glyph]:
        """Yield letters as they stand upright.

        One printed shape may say several characters (ﬁ, or —— in one piece): they begin in the
        same place, and those after the first are set behind it.
        """
        last: _Letter | None = None
        right = 0.0
        for letter in letters:
            glyph = self.glyph(letter)
            if last is not None and letter.is_part_of(last):
                glyph = glyph._replace(left=right, right=max(right, glyph.right))
            yield glyph
            last, right = letter, glyph.right

    def glyph(self, letter: _Letter) -> Glyph:
        left, v = self.place(letter.x, letter.y)
        size = self._size(letter)
        middle = v - _BASELINE * size
        if self._is_stacked:
            left, over = self.place(letter.left, letter.top)
            right, under = self.place(letter.right, letter.bottom)
            middle = (over + under) / 2
        elif self._angle % 90:  # its box is upright, and larger than itself
            right = left + size * (1.0 if _is_wide(letter.character) else 0.5)
        else:
            corners = (letter.left, letter.bottom), (letter.right, letter.top)
            right = max(self.place(x, y)[0] for x, y in corners)
            if _is_wide(letter.character):
                right = max(right, left + _SQUARE * size)
        return Glyph(
            letter.character, left, right, middle, size, letter.after_space,
            is_red=letter.style.is_red,
        )  # fmt: skip

    def _size(self, letter: _Letter) -> float:
        """Return the height of a letter; some fonts say 1 for any and have it in their shapes."""
        across = self._angle in (90, 270)
        height = letter.right - letter.left if across else letter.top - letter.bottom
        size = letter.style.size
        return max(size if size > _LEAST_FILLED * height else height, _SMALLEST)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _is_stacked(letters: Sequence[_Letter]) -> bool:
    """Tell a page that is written from the top down: each character stands below the last."""
    below = beside = 0
    for last, letter in pairwise(letters):
        if letter.style.angle or not _is_wide(letter.character):
            continue
        size = letter.style.size
        below += abs(letter.x - last.x) < 0.2 * size and 0.5 * size < last.y - letter.y < 2 * size
        beside += abs(letter.y - last.y) < 0.2 * size
    return below > _STACKED * (below + beside)


def _turned(
    letters: Iterable[_Letter], turn: _Turn, frame: tuple[float, float, float, float]
) -> Iterator[Turned]:
    turns: dict[int, _Turn] = {}
    for letter in letters:
        angle = letter.style.angle
        own = turns.get(angle) or turns.setdefault(angle, _Turn(angle, frame))
        yield Turned(angle, *turn.place(*letter.centre), own.glyph(letter))


def _with_roles(letters: Sequence[_Letter], glyphs: list[Glyph], height: float) -> Iterator[Glyph]:
    """Yield the characters with why the file shows that they are outside the article, if so."""
    sizes = Counter(round(glyph.size) for glyph in glyphs)
    body = max(sizes, key=lambda size: sizes[size], default=0)
    artifacts = sum(letter.style.is_artifact for letter in letters)
    heeded = artifacts <= _MOST_ARTIFACTS * len(letters)
    for letter, glyph in zip(letters, glyphs, strict=True):
        if letter.style.is_pale and glyph.size >= _LARGE * body:
            yield glyph._replace(around=WATERMARK)
        elif heeded and letter.style.is_artifact and glyph.middle < _MARGIN * height:
            yield glyph._replace(around=HEAD)
        elif heeded and letter.style.is_artifact and glyph.middle > (1 - _MARGIN) * height:
            yield glyph._replace(around=FOOT)
        else:
            yield glyph


class _Drawing:
    """What is drawn on a page beside its text, in the page's own coordinates."""

    def __init__(self, frame: tuple[float, float, float, float]) -> None:
        self._frame = frame
        self._covered = 0.0
        self._seen = 0
        self.shapes = 0
        self._strokes: list[tuple[float, float, float, float]] = []

    @property
    def pictures(self) -> float:
        left, bottom, right, top = self._frame
        return min(1.0, self._covered / max(1.0, (right - left) * (top - bottom)))

    def read(self, page: pypdfium2.PdfPage) -> None:
        """Look at every object of a page once."""
        for index in range(pdfium.FPDFPage_CountObjects(page)):
            self._add(pdfium.FPDFPage_GetObject(page, index), UNMOVED, 0)

    def rules(self, turn: _Turn) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
        """Return the straight lines across and down the page that are seen upright."""
        across, down = [], []
        for x0, y0, x1, y1 in self._strokes:
            (u0, v0), (u1, v1) = turn.place(x0, y0), turn.place(x1, y1)
            if abs(v1 - v0) <= 1 and abs(u1 - u0) >= _SHORTEST_RULE:
                across.append(Rule((v0 + v1) / 2, min(u0, u1), max(u0, u1)))
            elif abs(u1 - u0) <= 1 and abs(v1 - v0) >= _SHORTEST_RULE:
                down.append(Rule((u0 + u1) / 2, min(v0, v1), max(v0, v1)))
        return tuple(across), tuple(down)

    def _add(self, thing: pdfium.FPDF_PAGEOBJECT, moved: Matrix, depth: int) -> None:
        self._seen += 1
        kind = pdfium.FPDFPageObj_GetType(thing)
        if self._seen > _MOST_OBJECTS or kind == pdfium.FPDF_PAGEOBJ_TEXT:
            return
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            if depth < _DEEPEST:
                inner = _matrix(thing).then(moved)
                for index in range(pdfium.FPDFFormObj_CountObjects(thing)):
                    self._add(pdfium.FPDFFormObj_GetObject(thing, index), inner, depth + 1)
            return
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            self._covered += self._area(_bounds(thing, moved))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            self.shapes += 1
            self._strokes += _strokes(thing, moved)

    def _area(self, box: tuple[float, float, float, float]) -> float:
        """Return how much of the page a box covers."""
        left, bottom, right, top = self._frame
        wide, high = min(box[2], right) - max(box[0], left), min(box[3], top) - max(box[1], bottom)
        return max(0.0, wide) * max(0.0, high)


def _matrix(thing: pdfium.FPDF_PAGEOBJECT) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(thing, found):
        return UNMOVED
    return Matrix(found.a, found.b, found.c, found.d, found.e, found.f)


def _bounds(thing: pdfium.FPDF_PAGEOBJECT, moved: Matrix) -> tuple[float, float, float, float]:
    """Return left, bottom, right and top of an object on the page."""
    sides = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(thing, *sides)
    left, bottom, right, top = (side.value for side in sides)
    corners = [moved.apply(x, y) for x in (left, right) for y in (bottom, top)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _strokes(
    path: pdfium.FPDF_PAGEOBJECT, moved: Matrix
) -> Iterator[tuple[float, float, float, float]]:
    """Yield the straight lines of a path: its thin rectangles, and its sides if they are drawn."""
    left, bottom, right, top = _bounds(path, moved)
    if right - left <= _THIN or top - bottom <= _THIN:
        yield _axis(left, bottom, right, top)
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    if not fill.value and not stroke.value:
        return
    matrix = _matrix(path).then(moved)
    for points in _subpaths(path, matrix):
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = min(xs), min(ys), max(xs), max(ys)
        if box[2] - box[0] <= _THIN or box[3] - box[1] <= _THIN:
            yield _axis(*box)
        elif stroke.value:
            yield from ((*start, *end) for start, end in pairwise(points))


def _axis(
    left: float, bottom: float, right: float, top: float
) -> tuple[float, float, float, float]:
    """Return the line in the middle of a thin rectangle."""
    if right - left <= top - bottom:
        return (left + right) / 2, bottom, (left + right) / 2, top
    return left, (bottom + top) / 2, right, (bottom + top) / 2


def _subpaths(path: pdfium.FPDF_PAGEOBJECT, matrix: Matrix) -> Iterator[list[tuple[float, float]]]:
    """Yield the corners of each part of a path, the first once more where it is closed."""
    count = pdfium.FPDFPath_CountSegments(path)
    points: list[tuple[float, float]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(min(count, _MOST_SEGMENTS)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points
            points = []
        points.append(matrix.apply(x.value, y.value))
        if pdfium.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if len(points) > 1:
        yield points
