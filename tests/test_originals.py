"""The file that a document was read from, and the pictures of its pages."""

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from indexer.errors import ReadError
from indexer.originals import OriginalChanged, OriginalMissing, Originals
from indexer.page_images import PageImages
from indexer.readers.drawing import Picture
from indexer.records import Document, Header
from indexer.settings import Settings
from tests.pdf_files import Paper

NAME = "办法/养护.pdf"


def pdf(*pages: str) -> bytes:
    paper = Paper()
    for number, words in enumerate(pages):
        if number:
            paper.turn()
        paper.paragraph(words)
    return paper.content()


def tiff(*shades: int) -> bytes:
    """Return pages of one shade each."""
    frames = [Image.new("L", (200, 300), shade) for shade in shades]
    file = io.BytesIO()
    frames[0].save(file, "TIFF", save_all=True, append_images=frames[1:])
    return file.getvalue()


def document(name: str, content: bytes) -> Document:
    return Document(name, hashlib.sha256(content).hexdigest(), "", Header(), (), ())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "corpus").mkdir()
    return Settings(tmp_path / "corpus", tmp_path / "index")


@pytest.fixture
def images(settings: Settings) -> Iterator[PageImages]:
    made = PageImages(settings)
    yield made
    made.close()


def put(settings: Settings, name: str, content: bytes) -> Document:
    path = settings.corpus / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return document(name, content)


def seen(picture: Picture) -> Image.Image:
    assert picture.kind == "image/webp"
    return Image.open(io.BytesIO(base64.b64decode(picture.data))).convert("L")


def test_the_original_is_read_as_long_as_it_is_what_was_indexed(settings: Settings) -> None:
    originals, known = Originals(settings), put(settings, NAME, b"one")
    assert originals.read(known) == b"one"
    put(settings, NAME, b"another")
    with pytest.raises(OriginalChanged, match="改动过"):
        originals.read(known)
    (settings.corpus / NAME).unlink()
    with pytest.raises(OriginalMissing, match="已没有这份原件"):
        originals.read(known)


def test_a_member_of_an_archive_is_found_by_the_name_that_a_build_gave_it(
    settings: Settings,
) -> None:
    with zipfile.ZipFile(settings.corpus / "合集.zip", "w") as archive:
        archive.writestr("绿化/通知.txt", b"green")
    originals, known = Originals(settings), document("合集.zip/绿化/通知.txt", b"green")
    assert originals.read(known) == b"green"
    with zipfile.ZipFile(settings.corpus / "合集.zip", "w") as archive:
        archive.writestr("绿化/方案.txt", b"red")
    with pytest.raises(OriginalMissing):
        originals.read(known)


@pytest.mark.parametrize("name", ["../secret.txt", "link.txt", "/etc/hostname", "", "办法"])
def test_nothing_outside_the_corpus_is_an_original(settings: Settings, name: str) -> None:
    secret = settings.corpus.parent / "secret.txt"
    secret.write_bytes(b"secret")
    (settings.corpus / "link.txt").symlink_to(secret)
    (settings.corpus / "办法").mkdir()
    with pytest.raises(OriginalMissing):
        Originals(settings).read(document(name, b"secret"))


def test_a_corpus_that_is_gone_has_no_originals(settings: Settings) -> None:
    settings.corpus.rmdir()
    with pytest.raises(OriginalMissing):
        Originals(settings).read(document(NAME, b"one"))


@pytest.mark.slow
def test_each_page_of_a_pdf_is_drawn(settings: Settings, images: PageImages) -> None:
    known = put(settings, NAME, pdf("第一页写满了字。" * 60, "第二页。"))
    first, second = (images.page(known, number) for number in (1, 2))
    assert (first.pages, first.height, first.width) == (2, 1800, 1272)
    ink = [sum(seen(page).histogram()[:128]) for page in (first, second)]
    assert ink[0] > 5 * ink[1] > 0
    with pytest.raises(ReadError, match="PDF 只有 2 页，没有第 3 页"):
        images.page(known, 3)


@pytest.mark.slow
def test_each_frame_of_a_scan_is_drawn(settings: Settings, images: PageImages) -> None:
    known = put(settings, "扫描.tif", tiff(40, 200))
    shades = [seen(images.page(known, number)).getpixel((100, 150)) for number in (1, 2)]
    assert shades == [pytest.approx(40, abs=4), pytest.approx(200, abs=4)]
    assert images.page(known, 2).pages == 2


@pytest.mark.slow
def test_a_page_that_was_drawn_is_shown_only_while_its_file_is_there(
    settings: Settings, images: PageImages
) -> None:
    known = put(settings, NAME, pdf("一页"))
    assert images.page(known, 1) is images.page(known, 1)
    (settings.corpus / NAME).unlink()
    with pytest.raises(OriginalMissing):
        images.page(known, 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content", "fact"),
    [
        ("坏.pdf", b"%PDF-1.7 broken", "画不出这一页：PDF 已损坏，打不开。"),
        ("坏.png", b"\x89PNG\r\n\x1a\n broken", "画不出这一页：图片已损坏，或不是图片文件。"),
        ("通知.txt", "一个通知".encode(), "画不出这一页：纯文本没有页面图像可看。"),
    ],
)
def test_what_has_no_pages_says_so(
    settings: Settings, images: PageImages, name: str, content: bytes, fact: str
) -> None:
    with pytest.raises(ReadError) as error:
        images.page(put(settings, name, content), 1)
    assert error.value.fact == fact
    assert "用别的程序打开原件" in error.value.cure


@pytest.mark.slow
def test_a_page_that_needs_too_much_is_given_up(settings: Settings) -> None:
    images = PageImages(replace(settings, read_memory_bytes=1 << 20))
    with pytest.raises(ReadError, match="画不出这一页"):
        images.page(put(settings, NAME, pdf("一页")), 1)
    images.close()
