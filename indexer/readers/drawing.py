"""Pictures of pages, to be looked at beside their text; drawn in a child, as files are read.

What is asked for comes as the file's name: its suffix, and before it the number of the page.
"""

import base64
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from PIL import Image as Pillow

from indexer.errors import ReadError
from indexer.readers import find_format
from indexer.readers.child import serve
from indexer.readers.image import decode_page
from indexer.readers.pdf import draw_page
from indexer.readers.recognition import Image
from indexer.readers.source import Step

# Pixels of the longer side: A4 at 154 dpi, twice as wide as the column that a page has on a screen.
_LONGEST = 1800
_QUALITY, _METHOD = 80, 2  # of WebP: half of a JPEG of equal looks, and 0.15 s a page
_TYPE = "image/webp"


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a picture: its kind (MIME), its bytes in base64 and its size in pixels; `pages` is
    how many the file has."""

    kind: str
    data: str
    width: int
    height: int
    pages: int


def request(number: int, suffix: str) -> str:
    """Return the name under which a child is asked for page `number` of a file."""
    return f"{number}{suffix}"


def draw(name: str, content: bytes, step: Step) -> Picture:
    """Draw the page that `name` asks for.

    Raises:
        ReadError: the file has no pages that can be drawn, is damaged, or has no such page.
    """
    path = Path(name)
    number = int(path.stem)
    form = find_format(path.suffix.lower(), content)
    if form.module == "pdf":
        image, pages = draw_page(content, number, _LONGEST)
    elif form.module == "image":
        image, pages = decode_page(content, number)
    else:
        raise ReadError(f"{form.name}没有页面图像可看。", "请用原来的程序打开原件核对。")
    return _encoded(image, pages)


def unpack_picture(packed: object) -> Picture:
    """Return the picture that a child sent."""
    return Picture(*cast(list[Any], packed))


def _encoded(image: Image, pages: int) -> Picture:
    """Return pixels, no more than are of use, as a picture that browsers show."""
    colours = image if image.ndim == 2 else image[:, :, 2::-1]  # blue, green, red
    picture = Pillow.fromarray(colours)
    picture.thumbnail((_LONGEST, _LONGEST))
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=_QUALITY, method=_METHOD)
    data = base64.b64encode(file.getvalue()).decode("ascii")
    return Picture(_TYPE, data, picture.width, picture.height, pages)


if __name__ == "__main__":
    serve(draw)
