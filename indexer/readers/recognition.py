"""Recognise the text on a picture of a page: its lines, its ruled tables, how sure it is.

The models come inside the package `rapidocr` (PP-OCR, Simplified and Traditional characters);
nothing is ever fetched from the network.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from indexer.readers.composing import Composer
from indexer.readers.page_tables import make_table
from indexer.readers.printed import Box, Line, PrintedPage, common_size, name_pages
from indexer.readers.ruling import FEWEST_CELLS, Lattice, Rule, find_lattices

if TYPE_CHECKING:
    from rapidocr import RapidOCR

Image = NDArray[np.uint8]  # rows of pixels: blue, green, red
Corners = NDArray[np.float32]  # of a line: four points, clockwise from its upper left one

# Pages of one file. A page takes some four seconds on one core: 300 are 20 minutes, a thick book.
MOST_RECOGNISED = 300
# The longest side of the picture in which lines are looked for, in pixels; they are read in the
# full one. 960 finds the same lines on pages of 9 points and is a second quicker, but leaves less
# for tables in small print; 1280 takes 0.6 GB at most.
_SIGHT = 1280
_LEAST_SURE = 0.5  # what is read with less is a seal or a speck
_DOUBTFUL = 0.75  # a page below may be upside down
# A page below is to be compared with the original. Of blurred pages one character in twenty was
# wrong at .964, one in five at .87; from .984 on one in a hundred or less.
_LOW = 0.97
_SAMPLE = 4  # lines
_THINNEST = 2.0  # pixels
_SKEWED, _MOST_SKEWED = 0.3, 20.0  # degrees
_LONG = 3.0  # times as long as thick: such a line shows how a page lies
_WIDE = re.compile("[\u2014\u2018-\u201d\u2026\u2e80-\uffe6]")  # as wide as high
_FEWEST_WIDE = 4  # in a line that shows how large its letters are
_PADDING = 0.3  # of a letter: what a found line is wider than its characters
_LETTER = 0.8  # of a found line's height
_SHORTEST_RULE = 1.5  # times the letters' size; the strokes of letters are shorter
_THICKEST_RULE = 0.5
_TOUCHING = 0.4


class _Read(NamedTuple):
    line: Line
    certainty: float


def recognise(image: Image, number: int, may_turn: bool = True) -> PrintedPage:
    """Return what is on page `number`, in pixels of the picture turned upright.

    `may_turn` says that it may be upside down.
    """
    image, found = _upright(image)
    lattices = _lattices(image, found)
    pieces = [piece for corners in found for piece in _cut(corners, lattices)]
    read = list(_read(image, pieces))
    if may_turn and _certainty(read) < _DOUBTFUL and _is_upside_down(image, pieces):
        return recognise(_rotated(image, 2), number, may_turn=False)
    return _page(number, image, read, lattices)


def note_confidence(pages: Sequence[tuple[int, float]], composer: Composer) -> None:
    """Say of which recognised pages, given with how sure they are, a reader should beware."""
    low = [(number, certainty) for number, certainty in pages if certainty < _LOW]
    if low:
        named, least = name_pages(number for number, _ in low), min(each for _, each in low)
        composer.caution(
            f"{named}是扫描页，识别把握较低（{'最低 ' if len(low) > 1 else ''}{least:.2f}）。",
            "引用前请核对原件。",
        )


@cache
def _engine() -> "RapidOCR":
    """Return the models, loaded once a process: one thread is quickest per core, and without an
    arena they give back the memory of a large page."""
    from rapidocr import RapidOCR  # takes two seconds, which most files need not wait

    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_preprocess_img": False,  # it would shrink what is to be read
            "Det.limit_type": "max",
            "Det.limit_side_len": _SIGHT,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
        }
    )


def _run(image: Image, use_det: bool, use_rec: bool) -> object:
    """Look at a picture with one of the models; what they lack memory for they say in words."""
    try:
        return _engine()(image, use_det=use_det, use_cls=False, use_rec=use_rec)
    except Exception as error:
        if "bad_alloc" in str(error):
            raise MemoryError("recognition") from error
        raise


def _detect(image: Image) -> list[Corners]:
    """Return where there are lines of text."""
    found = getattr(_run(image, use_det=True, use_rec=False), "boxes", None)
    return [] if found is None else [corners.astype(np.float32) for corners in found]


def _read(image: Image, found: Sequence[Corners]) -> Iterator[_Read]:
    """Yield the lines at some places with how sure their words are; those without words not."""
    for corners in found:
        if min(_sides(corners)) < _THINNEST:
            continue
        crop = _engine().crop_text_regions(image, corners[np.newaxis])[0]
        result = _run(crop, use_det=False, use_rec=True)
        for words, sure in zip(*_said(result), strict=True):
            if words.strip():
                yield _Read(_line(corners, words.strip()), float(sure))


def _said(result: object) -> tuple[Sequence[str], Sequence[float]]:
    return getattr(result, "txts", None) or (), getattr(result, "scores", None) or ()


def _certainty(read: Sequence[_Read]) -> float:
    """Return how sure a page is: the mean of its characters; 1 where there are none."""
    letters = sum(len(each.line.words) for each in read)
    sure = sum(len(each.line.words) * each.certainty for each in read)
    return sure / letters if letters else 1.0


def _upright(image: Image) -> tuple[Image, list[Corners]]:
    """Turn a picture so that its lines run across, perhaps upside down; return them, too."""
    found = _detect(image)
    if _is_sideways(found):
        image = _rotated(image, 1)
        found = _detect(image)
    skew = _skew(found)
    if not _SKEWED < abs(skew) < _MOST_SKEWED:
        return image, found
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew, 1.0)
    level = cv2.warpAffine(
        image, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    moved = [(corners @ turn[:, :2].T + turn[:, 2]).astype(np.float32) for corners in found]
    return level.astype(np.uint8), moved


def _rotated(image: Image, quarters: int) -> Image:
    return np.ascontiguousarray(np.rot90(image, quarters))


def _sides(corners: Corners) -> tuple[float, float]:
    """Return how long a line is across and down."""
    across, down = corners[1] - corners[0], corners[3] - corners[0]
    return float(np.hypot(*across)), float(np.hypot(*down))


def _is_sideways(found: Sequence[Corners]) -> bool:
    long = [max(_sides(each)) for each in found if max(_sides(each)) > _LONG * min(_sides(each))]
    upended = [down for across, down in map(_sides, found) if down > _LONG * across]
    return sum(upended) > sum(long) / 2


def _skew(found: Sequence[Corners]) -> float:
    """Return by how many degrees the long lines slope, downwards to the right if above 0."""
    slopes = [
        math.degrees(math.atan2(corners[1][1] - corners[0][1], corners[1][0] - corners[0][0]))
        for corners in found
        if _sides(corners)[0] > _LONG * _sides(corners)[1]
    ]
    return median(slopes) if slopes else 0.0


def _is_upside_down(image: Image, found: Sequence[Corners]) -> bool:
    """Tell by some long lines whether more can be read the other way up."""
    sample = sorted(found, key=lambda corners: _sides(corners)[0], reverse=True)[:_SAMPLE]
    height, width = image.shape[:2]
    over = [np.array([width, height], np.float32) - corners[[2, 3, 0, 1]] for corners in sample]
    return _certainty(list(_read(_rotated(image, 2), over))) > _certainty(
        list(_read(image, sample))
    )


def _line(corners: Corners, words: str) -> Line:
    """Return a line; its letters' size is told by how many fill its length, 0 if there are few."""
    left, top = (float(each) for each in corners.min(axis=0))
    right, bottom = (float(each) for each in corners.max(axis=0))
    wide = len(_WIDE.findall(words))
    letters = wide + (len(words) - wide) / 2 + _PADDING
    is_measured = wide >= _FEWEST_WIDE and 2 * wide > len(words)
    size = min(bottom - top, (right - left) / letters) if is_measured else 0.0
    return Line(words, Box(left, top, right, bottom), size)


def _page(
    number: int, image: Image, read: Sequence[_Read], lattices: Sequence[Lattice]
) -> PrintedPage:
    """Put what was read into the tables it stands in, and the rest on the page."""
    lines = [each.line for each in read if each.certainty >= _LEAST_SURE]
    usual = common_size(line for line in lines if line.size)
    lines = [line if line.size else _sized(line, usual) for line in lines]
    tables = []
    for lattice in lattices:
        places = [lattice.place_at(line.box.centre, line.box.middle) for line in lines]
        if len({place for place in places if place}) >= FEWEST_CELLS:
            inside = [line for line, place in zip(lines, places, strict=True) if place]
            tables.append(make_table(lattice, inside))
            lines = [line for line, place in zip(lines, places, strict=True) if not place]
    height, width = image.shape[:2]
    return PrintedPage(
        number, width, height, tuple(lines), tuple(tables), confidence=round(_certainty(read), 3)
    )


def _sized(line: Line, usual: float) -> Line:
    return replace(line, size=min(usual or line.box.height, _LETTER * line.box.height))


def _lattices(image: Image, found: Sequence[Corners]) -> list[Lattice]:
    """Return the tables that ruled lines make on a picture."""
    if not found:
        return []
    size = median(_sides(corners)[1] for corners in found) * _LETTER
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    dark = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 15
    ).astype(np.uint8)
    length = max(8, round(_SHORTEST_RULE * size))
    across = [Rule(y, x, x + w) for x, y, w in _strokes(dark, length, size)]
    down = [Rule(y, x, x + w) for x, y, w in _strokes(dark.T, length, size)]
    return find_lattices(across, down, max(3.0, _TOUCHING * size))


def _strokes(
    dark: NDArray[np.uint8], length: int, size: float
) -> Iterator[tuple[float, float, float]]:
    """Yield the straight strokes from left to right: x, y, and how long each is."""
    bridged = cv2.dilate(np.ascontiguousarray(dark), np.ones((3, 1), np.uint8))
    runs = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    for x, y, w, h, _ in stats[1:]:
        if h <= _THICKEST_RULE * size:
            yield float(x), float(y + h / 2), float(w)


def _cut(corners: Corners, lattices: Iterable[Lattice]) -> Iterator[Corners]:
    """Yield the parts of a line that stand in different cells of a table."""
    left, top = (float(each) for each in corners.min(axis=0))
    right, bottom = (float(each) for each in corners.max(axis=0))
    middle, margin = (top + bottom) / 2, _PADDING * (bottom - top)
    for lattice in lattices:
        walls = [
            (max(left, place.box.left), min(right, place.box.right))
            for place in lattice.places
            if place.box.top <= middle < place.box.bottom
        ]
        parts = sorted((start, end) for start, end in walls if end - start > margin)
        if len(parts) > 1:
            for start, end in parts:
                yield np.array(
                    [[start, top], [end, top], [end, bottom], [start, bottom]], np.float32
                )
            return
    yield corners
