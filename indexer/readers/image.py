"""Pictures of pages: scans and photographs, one page or, in a .tif, several."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import Image as Pillow
from PIL import ImageOps

from indexer.errors import ReadError
from indexer.readers.composing import Composer
from indexer.readers.layout import compose
from indexer.readers.printed import PrintedPage
from indexer.readers.recognition import MOST_RECOGNISED, Image, note_confidence, recognise
from indexer.readers.source import Source, Step, ignore_steps

# Each takes four bytes while a picture is decoded; A3 at 600 dpi has 70 million.
_MOST_PIXELS = 75_000_000
_LONGEST_SIDE = 3600  # pixels: A4 at 300 dpi; a larger picture is made smaller before it is read
_FORMS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")


def read(content: bytes, step: Step = ignore_steps) -> Source:
    """Read a .png, .jpg, .tif, .bmp or .webp file.

    Raises:
        ReadError: it is damaged or too large.
    """
    composer = Composer()
    sure: list[tuple[int, float]] = []

    def pages() -> Iterator[PrintedPage]:
        for number, (picture, total) in enumerate(decode_pictures(content), 1):
            if number > MOST_RECOGNISED:
                composer.caution(
                    f"第{number}页起没有识别：一个文件只识别 {MOST_RECOGNISED} 页。",
                    "请拆成几个文件后重建索引。",
                )
                return
            step(number - 1, total)
            page = recognise(picture, number)
            sure.append((number, page.confidence or 0.0))
            yield page

    compose(pages(), composer)
    note_confidence(sure, composer)
    return composer.source()


def decode_pictures(content: bytes) -> Iterator[tuple[Image, int]]:
    """Yield the pages of a file as pixels, each with the number of pages.

    Raises:
        ReadError: one cannot be decoded.
    """
    total = _count(content)
    for frame in range(total):
        yield _decode(content, frame), total


def decode_page(content: bytes, number: int) -> tuple[Image, int]:
    """Return page `number` as pixels, and the number of pages.

    Raises:
        ReadError: it cannot be decoded, or there is no such page.
    """
    total = _count(content)
    if not 1 <= number <= total:
        raise ReadError(f"图片只有 {total} 页，没有第 {number} 页。", "请翻到别的页。")
    return _decode(content, number - 1), total


def _count(content: bytes) -> int:
    with _contained(), _open(content) as file:
        return getattr(file, "n_frames", 1) if file.format == "TIFF" else 1


def _open(content: bytes) -> Pillow.Image:
    return Pillow.open(io.BytesIO(content), formats=_FORMS)


def _decode(content: bytes, frame: int) -> Image:
    """Return a page as it is meant to be seen: upright, on white paper, in three colours.

    The file is opened anew for each page: what is decoded takes memory as long as it is open.
    """
    with _contained(), _open(content) as file:
        if frame:
            file.seek(frame)
        file.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))  # a large .jpg is decoded smaller
        if file.width * file.height > _MOST_PIXELS:
            raise _too_large()
        picture = _in_bytes(file)
        factor = max(picture.size) // _LONGEST_SIDE
        if factor > 1:
            picture = picture.reduce(factor)
        picture = ImageOps.exif_transpose(_on_paper(picture))
        return np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])


@contextmanager
def _contained() -> Iterator[None]:
    """Turn what Pillow says of a broken file into a `ReadError`.

    Its decoders let through whatever error their arithmetic meets, and warn of large pictures,
    which have a limit of their own here.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (ReadError, MemoryError):
        raise
    except Pillow.DecompressionBombError as error:
        raise _too_large() from error
    except Exception as error:
        raise ReadError(
            "图片已损坏，或不是图片文件。", "请用看图软件打开检查，另存为 .png 后重建索引。"
        ) from error


def _too_large() -> ReadError:
    return ReadError(
        f"图片太大，超过 {_MOST_PIXELS // 1_000_000} 百万像素的上限。",
        "请缩小后另存（A4 页面 300 dpi 即可），再重建索引。",
    )


def _in_bytes(file: Pillow.Image) -> Pillow.Image:
    """Return a picture whose samples are bytes."""
    if file.mode.startswith("I"):  # 16 bits and more
        samples = np.asarray(file)
        scaled = samples >> 8 if samples.max() > 255 else samples
        return Pillow.fromarray(scaled.clip(0, 255).astype(np.uint8))
    return file.convert("L") if file.mode in ("1", "F") else file


def _on_paper(picture: Pillow.Image) -> Pillow.Image:
    """Return a picture whose transparent parts are white."""
    if not picture.has_transparency_data:
        return picture
    seen = picture.convert("RGBA")
    paper = Pillow.new("RGBA", seen.size, "white")
    paper.alpha_composite(seen)
    paper.info = seen.info
    return paper
