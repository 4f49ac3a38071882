"""A picture file becomes the text on it; one that cannot be one says so."""

import io
import random
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from indexer.errors import ReadError
from indexer.readers import image
from indexer.readers.image import decode_pictures, read
from tests.pdf_files import picture

WORDS = "青岚市教育局关于做好学前教育工作的通知"


@pytest.fixture(scope="module")
def page() -> Image.Image:
    return picture(WORDS, 100)


def saved(page: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    page.save(file, form, **options)
    return file.getvalue()


def pixels_of(content: bytes) -> np.ndarray:
    return next(decode_pictures(content))[0]


@pytest.mark.slow
def test_a_picture_of_a_page_is_read_and_its_page_is_known(page: Image.Image) -> None:
    source = read(saved(page, "PNG"))
    assert source.text == WORDS + "\n"
    assert [each.number for each in source.pages] == [1]
    assert source.pages[0].confidence and source.pages[0].confidence > 0.97


@pytest.mark.slow
def test_each_frame_of_a_tiff_is_a_page(page: Image.Image) -> None:
    second = picture("第二页的文字内容", 100)
    steps: list[tuple[int, int]] = []
    source = read(
        saved(
            page.convert("1"),
            "TIFF",
            save_all=True,
            append_images=[second.convert("1")],
            compression="group4",
        ),
        lambda done, total: steps.append((done, total)),
    )
    assert source.text == f"{WORDS}\n第二页的文字内容\n"
    assert [page.number for page in source.pages] == [1, 2]
    assert steps == [(0, 2), (1, 2)]


FORMS: dict[str, Callable[[Image.Image], bytes]] = {
    "jpg": lambda page: saved(page, "JPEG", quality=90),
    "jpg in CMYK": lambda page: saved(page.convert("CMYK"), "JPEG", quality=95),
    "bmp": lambda page: saved(page, "BMP"),
    "webp": lambda page: saved(page.convert("RGB"), "WEBP", lossless=True),
    "png of 16 bits": lambda page: saved(
        Image.fromarray(np.asarray(page).astype(np.uint16) * 257), "PNG"
    ),
    "png with a palette": lambda page: saved(page.convert("P"), "PNG"),
    "png of one bit": lambda page: saved(page.convert("1", dither=Image.Dither.NONE), "PNG"),
    "tiff of 32 bits": lambda page: saved(
        Image.fromarray(np.asarray(page).astype(np.float32)), "TIFF"
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_kind_of_picture_shows_the_same_page(page: Image.Image, form: str) -> None:
    seen = pixels_of(FORMS[form](page)).astype(int)
    same = np.asarray(page.convert("RGB")).astype(int)
    assert seen.shape == same.shape
    if form == "png of one bit":
        same = (same > 127) * 255
    assert np.abs(seen - same).mean() < 3


def test_what_is_transparent_is_paper(page: Image.Image) -> None:
    ink = Image.new("RGBA", page.size, (0, 0, 0, 0))
    ink.putalpha(Image.eval(page, lambda value: 255 - value))
    assert np.abs(pixels_of(saved(ink, "PNG"))[:, :, 0].astype(int) - np.asarray(page)).mean() < 3


def test_a_photograph_is_turned_as_its_camera_says(page: Image.Image) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter to the right
    seen = pixels_of(saved(page, "JPEG", exif=exif))
    assert seen.shape[:2] == (page.width, page.height)


def test_a_large_picture_is_made_smaller() -> None:
    wide = Image.new("L", (8000, 100), 255)
    assert pixels_of(saved(wide, "PNG")).shape == (50, 4000, 3)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_a_picture_of_thirty_thousand_by_thirty_thousand_is_refused(form: str) -> None:
    content = saved(
        Image.new("1", (30_000, 30_000)),
        form,
        **({"compression": "group4"} if form == "TIFF" else {}),
    )
    with pytest.raises(ReadError, match="图片太大"):
        read(content)


def test_a_truncated_file_is_refused(page: Image.Image) -> None:
    content = saved(page, "PNG")
    with pytest.raises(ReadError, match="已损坏"):
        read(content[: len(content) // 2])


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7"])
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(ReadError, match="已损坏"):
        read(content)


@pytest.mark.slow
def test_frames_beyond_the_limit_are_named(
    page: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image, "MOST_RECOGNISED", 1)
    small = picture("一页", 40)
    source = read(saved(small, "TIFF", save_all=True, append_images=[small, small]))
    assert [page.number for page in source.pages] == [1]
    assert "第2页起没有识别：一个文件只识别 1 页。" in [each.fact for each in source.cautions]


def test_mutated_pictures_raise_nothing_but_read_errors() -> None:
    small = Image.new("L", (48, 32), 255)
    seeds = [saved(small, form) for form in ("PNG", "JPEG", "TIFF", "BMP", "WEBP")]
    chance = random.Random(5)
    decoded = 0
    for number in range(200):
        content = bytearray(seeds[number % len(seeds)])
        for _ in range(chance.randint(1, 6)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            decoded += len([shown for shown, _ in decode_pictures(bytes(content))])
        except ReadError:
            continue
    assert decoded > 0
