"""A web page saved as one file (.mht): MIME multipart/related (RFC 2557), its page part is read."""

import re
from dataclasses import replace
from email import message_from_bytes
from email.message import Message

from indexer.errors import ReadError
from indexer.readers import web
from indexer.readers.encoding import decode
from indexer.readers.source import Source, Step, ignore_steps
from indexer.records import Caution

_CURE = "请在浏览器或 Word 里打开，另存为 .html 后重建索引。"
_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_MULTIPART = re.compile(rb"multipart/", re.IGNORECASE)
_MOST_LEVELS = 100  # a saved page has one or two
_FRAMESET = re.compile(rb"<frameset\b", re.IGNORECASE)


def read(content: bytes, step: Step = ignore_steps) -> Source:
    """Read a .mht file.

    Raises:
        ReadError: it is damaged, or there is no page in it.
    """
    if content.startswith(_MARKS):
        content = decode(content).encode()
    if len(_MULTIPART.findall(content)) > _MOST_LEVELS:
        raise ReadError("网页存档的结构不正常。", _CURE)
    message = message_from_bytes(content)
    pages = [part for part in message.walk() if part.get_content_type() == "text/html"]
    if not pages:
        raise ReadError("网页存档里没有网页。", _CURE)
    root = _root(message, pages)
    source = web.read(_content(root), step, root.get_content_charset())
    if len(pages) == 1:
        return source
    fact = f"网页存档里另有 {len(pages) - 1} 个框架或附属网页，没有读入。"
    return replace(source, cautions=(*source.cautions, Caution(fact, _CURE)))


def _root(message: Message, pages: list[Message]) -> Message:
    """Return the part that is the page itself: the one that is named as the start, or the first;
    of a page of frames the frame that says most."""
    start = message.get_param("start")
    named = (page for page in pages if start and page.get("Content-ID") == start)
    root = next(named, pages[0])
    if _FRAMESET.search(_content(root)) and len(pages) > 1:
        return max((page for page in pages if page is not root), key=lambda p: len(_content(p)))
    return root


def _content(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
