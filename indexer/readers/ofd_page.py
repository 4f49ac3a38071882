"""What stands on a page of an OFD file (GB/T 33190-2016): characters, ruled lines, pictures.

Measures of the file are millimetres; here they are points, as for a PDF.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from indexer.readers.affine import Matrix
from indexer.readers.glyphs import Glyph
from indexer.readers.imprint import WATERMARK, Turned
from indexer.readers.package import Element
from indexer.readers.printed import Box
from indexer.readers.ruling import Rule

POINTS = 72 / 25.4  # in a millimetre

_BASELINE = 0.38  # of a letter's size: from the middle of its square down to the baseline
_NARROW = 0.5  # of a letter's size: how wide a Latin letter is where the file does not say
_WIDEST = 1.1  # a greater step to the next letter is white between them
_ASKEW = 8  # degrees
_LIGHT, _FAINT = 170, 150  # of 255: the darkest colour of pale ink, and not opaque
_LARGE = 1.8  # times the letters of the body: what a watermark has at least
_THIN = 3.0  # points; a rectangle no thicker is a rule
_SHORTEST_RULE = 4.0
_DEEPEST = 32  # blocks within blocks
_MOST_OBJECTS = 60_000
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
# Operators of a path, and how many numbers follow each (GB/T 33190-2016, table 35).
_OPERANDS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_PATH = re.compile(rf"[A-Za-z]|{_NUMBER.pattern}")

_Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Resources:
    """What pages refer to by number: composite drawings, ways of drawing, files of pictures."""

    units: Mapping[str, Element] = field(default_factory=dict)
    params: Mapping[str, Element] = field(default_factory=dict)
    media: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture, the share of the page that it covers, and the part of the package it is in."""

    share: float
    part: str


@dataclass(frozen=True, slots=True)
class _Ink:
    """How characters are printed; hidden ones are not."""

    is_red: bool = False
    is_pale: bool = False
    is_hidden: bool = False


class PageContent:
    """Collects what is on a page, in the order in which it is drawn."""

    def __init__(self, box: Box, resources: Resources) -> None:
        self.width = box.width * POINTS
        self.height = box.height * POINTS
        self.glyphs: list[Glyph] = []
        self.turned: list[Turned] = []
        self.hidden: list[Glyph] = []
        self.beside = 0  # characters that lie outside the page
        self.marks: list[Glyph] = []  # what annotations print across the page
        self.across: list[Rule] = []
        self.down: list[Rule] = []
        self.pictures: list[Picture] = []
        self._resources = resources
        self._origin = Matrix(POINTS, 0, 0, POINTS, -box.left * POINTS, -box.top * POINTS)
        self._seen = 0
        self._is_mark = False

    def add_layers(self, content: Element) -> None:
        """Add a page, or a template that lies on or under it."""
        for layer in content.iterfind("{*}Content/{*}Layer"):
            self._add(layer, self._origin, layer.get("DrawParam", ""), 0)

    def add_annotation(self, annotation: Element) -> None:
        """Add what an annotation prints; a watermark or a stamp is no text of the page."""
        appearance = annotation.find("{*}Appearance")
        if appearance is None or annotation.get("Visible") == "false":
            return
        self._is_mark = annotation.get("Type") in ("Watermark", "Stamp")
        self._add(appearance, _moved(appearance).then(self._origin), "", 0)
        self._is_mark = False

    def finish(self) -> None:
        """Mark what is printed large and pale across the page."""
        sizes = Counter(round(glyph.size) for glyph in self.glyphs)
        body = max(sizes, key=lambda size: sizes[size], default=0)
        printed: list[Glyph] = []
        for glyph in self.glyphs:
            is_mark = glyph.around == WATERMARK and glyph.size >= _LARGE * body
            (self.marks if is_mark else printed).append(glyph._replace(around=""))
        self.glyphs = printed

    def _add(self, parent: Element, matrix: Matrix, param: str, depth: int) -> None:
        for element in parent:
            self._seen += 1
            if self._seen > _MOST_OBJECTS or element.get("Visible") == "false":
                continue
            name = element.tag.rpartition("}")[2]
            inner = _placed(element).then(matrix)
            if name == "TextObject":
                self._add_text(element, inner, param)
            elif name == "PathObject":
                self._add_path(element, inner)
            elif name == "ImageObject":
                self._add_picture(element, matrix)
            elif depth < _DEEPEST and name == "PageBlock":
                self._add(element, matrix, param, depth + 1)
            elif depth < _DEEPEST and name == "CompositeObject":
                unit = self._resources.units.get(element.get("ResourceID", ""))
                content = unit.find("{*}Content") if unit is not None else None
                if content is not None:
                    self._add(content, inner, param, depth + 1)

    # -- text ------------------------------------------------------------------------------------

    def _add_text(self, element: Element, matrix: Matrix, param: str) -> None:
        size = _float(element.get("Size"))
        wide = size * (_float(element.get("HScale")) or 1.0)
        angle = _angle(matrix) + _quarter(element.get("CharDirection"))
        ink = self._ink(element, element.get("DrawParam", param))
        for character, x, y, step, after_space in _characters(element, wide):
            glyph = _glyph(character, x, y, step, wide, size, matrix, angle % 360, after_space)
            self._put(glyph, matrix.apply(x, y), angle % 360, ink)

    def _put(self, glyph: Glyph, place: _Point, angle: int, ink: _Ink) -> None:
        x, y = place
        if not (0 <= x <= self.width and 0 <= y <= self.height + glyph.size):
            self.beside += 1
        elif ink.is_hidden:
            self.hidden.append(glyph)
        elif self._is_mark:
            self.marks.append(glyph)
        elif angle:
            self.turned.append(Turned(angle, x, y, glyph))
        else:
            around = WATERMARK if ink.is_pale else ""
            self.glyphs.append(glyph._replace(is_red=ink.is_red, around=around))

    def _ink(self, element: Element, param: str) -> _Ink:
        fills, strokes = element.get("Fill") != "false", element.get("Stroke") == "true"
        color = element.find("{*}FillColor")
        for _ in range(_DEEPEST):  # a way of drawing may build on another
            drawn = self._resources.params.get(param)
            if color is not None or drawn is None:
                break
            color, param = drawn.find("{*}FillColor"), drawn.get("Relative", "")
        value = _numbers(color.get("Value")) if color is not None else ()
        value = value * 3 if len(value) == 1 else value
        red, green, blue = value if len(value) == 3 else (0.0, 0.0, 0.0)
        alpha = _float(color.get("Alpha"), 255.0) if color is not None else 255.0
        alpha *= _float(element.get("Alpha"), 255.0) / 255
        return _Ink(
            is_red=red > 150 and green < 90 and blue < 90,
            is_pale=min(red, green, blue) >= _LIGHT or alpha < _FAINT,
            is_hidden=alpha <= 0 or not (fills or strokes),
        )

    # -- lines and pictures ----------------------------------------------------------------------

    def _add_path(self, element: Element, matrix: Matrix) -> None:
        data = element.find("{*}AbbreviatedData")
        is_stroked = element.get("Stroke") != "false"
        if data is None or not (is_stroked or element.get("Fill") == "true"):
            return
        for points in _subpaths(data.text or ""):
            corners = [matrix.apply(*point) for point in points]
            xs, ys = [x for x, _ in corners], [y for _, y in corners]
            if max(xs) - min(xs) <= _THIN or max(ys) - min(ys) <= _THIN:
                self._add_rule(min(xs), min(ys), max(xs), max(ys))
            elif is_stroked:
                for (x0, y0), (x1, y1) in pairwise(corners):
                    self._add_rule(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))

    def _add_rule(self, left: float, top: float, right: float, bottom: float) -> None:
        wide, high = right - left, bottom - top
        if high <= _THIN and wide >= max(high, _SHORTEST_RULE):
            self.across.append(Rule((top + bottom) / 2, left, right))
        elif wide <= _THIN and high >= _SHORTEST_RULE:
            self.down.append(Rule((left + right) / 2, top, bottom))

    def _add_picture(self, element: Element, matrix: Matrix) -> None:
        box = _numbers(element.get("Boundary"))
        if len(box) != 4:
            return
        left, top = matrix.apply(box[0], box[1])
        right, bottom = matrix.apply(box[0] + box[2], box[1] + box[3])
        wide = max(0.0, min(right, self.width) - max(left, 0.0))
        high = max(0.0, min(bottom, self.height) - max(top, 0.0))
        part = self._resources.media.get(element.get("ResourceID", ""), "")
        self.pictures.append(Picture(wide * high / (self.width * self.height), part))


def read_box(words: str | None) -> Box | None:
    """Return a rectangle that a file gives by its corner and its sides, if it has an area."""
    numbers = _numbers(words)
    if len(numbers) != 4 or not (numbers[2] > 0 and numbers[3] > 0):
        return None
    left, top, width, height = numbers
    return Box(left, top, left + width, top + height)


def _characters(element: Element, wide: float) -> Iterator[tuple[str, float, float, float, bool]]:
    """Yield the characters of a text object: where each begins, and how far on the next one does
    (0 where that is not beside it)."""
    x = y = 0.0
    after_space = False
    for code in element.iterfind("{*}TextCode"):
        words = code.text or ""
        x, y = _float(code.get("X"), x), _float(code.get("Y"), y)
        steps = _steps(code.get("DeltaX"), len(words) - 1)
        falls = _steps(code.get("DeltaY"), len(words) - 1)
        here, height = x, y
        for index, character in enumerate(words):
            width = wide * (1.0 if _is_wide(character) else _NARROW)
            step = _at(index, steps, 0.0 if falls else width)
            if character.isspace():
                after_space = True
            elif unicodedata.category(character) != "Cc":
                yield character, here, height, step, after_space
                after_space = False
            here += step
            height += _at(index, falls, 0.0)


def _at(index: int, steps: Sequence[float], default: float) -> float:
    """Return a distance; some programs write only the first ones and mean the last for all."""
    return steps[min(index, len(steps) - 1)] if steps else default


def _glyph(
    character: str,
    x: float,
    y: float,
    step: float,
    wide: float,
    size: float,
    matrix: Matrix,
    angle: int,
    after_space: bool,
) -> Glyph:
    """Return a character as it would stand if its line ran across the page."""
    stretched, height = math.hypot(matrix.a, matrix.b), size * math.hypot(matrix.c, matrix.d)
    width = wide * (1.0 if _is_wide(character) else _NARROW)
    if 0 < step <= _WIDEST * wide and not _is_wide(character):
        width = step
    left, baseline = matrix.apply(x, y)
    if angle:
        radians = math.radians(angle)
        left, baseline = (
            left * math.cos(radians) + baseline * math.sin(radians),
            baseline * math.cos(radians) - left * math.sin(radians),
        )
    right = left + width * stretched
    return Glyph(character, left, right, baseline - _BASELINE * height, height, after_space)


def _steps(words: str | None, limit: int) -> list[float]:
    """Return the distances from character to character; g 3 5 means 5 three times."""
    steps: list[float] = []
    pieces = iter((words or "").split())
    for piece in pieces:
        if len(steps) >= limit:
            break
        if piece == "g":
            count, value = next(pieces, ""), next(pieces, "")
            steps += [_float(value)] * min(int(_float(count)), limit - len(steps))
        else:
            steps.append(_float(piece))
    return steps


def _subpaths(data: str) -> Iterator[list[_Point]]:
    """Yield the straight parts of a path; curves part them."""
    points: list[_Point] = []
    pieces = iter(_PATH.findall(data))
    for piece in pieces:
        numbers = [_float(next(pieces, "")) for _ in range(_OPERANDS.get(piece, 0))]
        if piece == "C" and points:
            points.append(points[0])
        elif piece == "L":
            points.append((numbers[-2], numbers[-1]))
        elif numbers:  # a new start, or the end of a curve
            if len(points) > 1:
                yield points
            points = [(numbers[-2], numbers[-1])]
    if len(points) > 1:
        yield points


def _placed(element: Element) -> Matrix:
    """Return where the inside of an object lies in what is around it."""
    numbers = _numbers(element.get("CTM"))
    moved = _moved(element)
    return Matrix(*numbers).then(moved) if len(numbers) == 6 else moved


def _moved(element: Element) -> Matrix:
    box = _numbers(element.get("Boundary"))
    return Matrix(1, 0, 0, 1, *(box[:2] if len(box) == 4 else (0.0, 0.0)))


def _angle(matrix: Matrix) -> int:
    """Return by how many degrees text is turned; what lies a little askew is upright."""
    degrees = math.degrees(math.atan2(matrix.b, matrix.a))
    straight = round(degrees / 90) * 90
    return round(straight if abs(degrees - straight) <= _ASKEW else degrees) % 360


def _quarter(words: str | None) -> int:
    return round(_float(words) / 90) * 90


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _float(words: str | None, default: float = 0.0) -> float:
    found = _NUMBER.fullmatch((words or "").strip())
    number = float(found[0]) if found else default
    return number if abs(number) < 1e7 else default


def _numbers(words: str | None) -> tuple[float, ...]:
    return tuple(map(_float, _NUMBER.findall(words or "")))
