"""The pages of a document's file as pictures beside its text, so that words can be checked.

Which page is shown, the address says: ui/js/reading.js writes it there as the reader turns pages or
reads on in the text, and this part of the page alone runs again.
"""

from collections.abc import Iterator

import streamlit as st

from indexer.errors import ReadError
from indexer.page_images import PageImages
from indexer.readers.drawing import Picture
from indexer.records import Document, Span
from indexer.settings import Settings, read_settings
from ui import paper
from ui.paper import Node, Params, element, link
from ui.words import notice, say

ORIGINAL = "original"  # in the address: the number of a page, or
FOLLOWING = "on"  # the page of the mark
_UNDRAWN = (".ofd",)  # forms with pages that cannot be drawn
# A page below is to be read with care, as indexer/readers/recognition.py found.
_UNSURE = 0.97


def has_pages(document: Document) -> bool:
    """Tell whether a document was read from a file whose pages can be shown."""
    return bool(document.pages) and not document.id.lower().endswith(_UNDRAWN)


def is_open(document: Document) -> bool:
    """Tell whether the address asks for the pages."""
    return has_pages(document) and ORIGINAL in st.query_params


@st.fragment
def show_original(document: Document, mark: Span | None, closing: Params) -> None:
    """Show the page that the address asks for; `closing` leads to the text alone."""
    number = _asked_page(document, mark)
    try:
        with st.spinner(say("正在取这一页的图像…")):
            picture = _the_images(read_settings()).page(document, number)
    except ReadError as error:
        shown = [_bar(number, 0, closing), notice(say(error.fact), say(error.cure))]
    else:
        shown = list(write_picture(document, number, picture, closing))
    node = element(
        "figure",
        *shown,
        css="original",
        data_shown=str(number),
        aria_label=say(f"原件第 {number} 页"),
    )
    paper.show("original", node, keep=document.id, on_turned_change=_turn_over)


def _asked_page(document: Document, mark: Span | None) -> int:
    """Return the page that the address names, else that of the mark, else the first."""
    asked = st.query_params.get(ORIGINAL, "")
    if asked.isascii() and asked.isdecimal() and len(asked) < 6:
        return max(1, int(asked))
    of_mark = document.pages_of(mark) if mark else ()
    return (of_mark or document.pages)[0].number


def write_picture(
    document: Document, number: int, picture: Picture, closing: Params
) -> Iterator[Node]:
    """Yield what turns the pages, what is to be known of this one, and the page."""
    yield _bar(number, picture.pages, closing)
    sure = next((p.confidence for p in document.pages if p.number == number), None)
    if sure is not None:
        care = "，较低，引用前请逐字核对" if sure < _UNSURE else ""
        words = say(f"扫描页，文字由机器识别，识别把握 {sure:.2f}{care}。")
        yield element("p", words, css="unsure" if care else "facts")
    image = element(
        "img",
        src=f"data:{picture.kind};base64,{picture.data}",
        alt=say(f"原件第 {number} 页的图像"),
        width=str(picture.width),
        height=str(picture.height),
    )
    yield element("div", image, css="picture", tabindex="0")


def _bar(number: int, pages: int, closing: Params) -> Node:
    """Return the buttons that turn to the pages before and after, if there are such."""
    of = f" / {pages}" if pages else ""
    return element(
        "figcaption",
        *([_turn("← 上一页", number - 1, "prev")] if number > 1 else []),
        element("span", say(f"原件第 {number}{of} 页"), role="status"),
        *([_turn("下一页 →", number + 1, "next")] if number < pages else []),
        *([element("button", say("放大"), data_zoom="1", aria_pressed="false")] if pages else []),
        link("document", closing, say("收起原件"), css="close"),
    )


def _turn(words: str, number: int, rel: str) -> Node:
    """Return the link to another page; the keys for turning pages follow it, too."""
    asked = st.query_params
    place = {**{name: asked.get_all(name) for name in asked}, ORIGINAL: str(number)}
    return link("document", place, say(words), data_leaf=str(number), rel=rel)


def _turn_over() -> None:
    """Take over the page that ui/js/reading.js has written into the browser's address."""
    st.query_params[ORIGINAL] = str(st.session_state["original"]["turned"])


@st.cache_resource(show_spinner=False, hash_funcs={Settings: repr}, on_release=PageImages.close)
def _the_images(settings: Settings) -> PageImages:
    return PageImages(settings)
