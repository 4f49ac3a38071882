"""A saved web page: its visible text, with everything around the article marked as such."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from indexer.readers.encoding import decode
from indexer.readers.source import Source
from indexer.records import Exclusion, Span

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_INVISIBLE = "script, style, noscript, template, head, iframe, object, svg, select, input, button"
_BLOCKS = frozenset(
    "p div section article main header footer nav aside ul ol li dl dt dd table tr h1 h2 h3 h4 h5 "
    "h6 br hr blockquote form figure figcaption pre tbody thead tfoot caption center body".split()
)
_AROUND = {
    "nav": "导航", "header": "导航", "footer": "页脚", "aside": "相关链接", "form": "导航",
    "figcaption": "图片说明",
}  # fmt: skip
# Words in class and id attributes that sites of many makers use for what is not the article.
_AROUND_NAMES = (
    ("导航", re.compile(r"(^|[-_ ])(nav|menu|crumbs?|breadcrumbs?|position|location|topbar|weizhi)")),
    ("页脚", re.compile(r"(^|[-_ ])(footer|foot|copyright|bottom|beian)([-_ ]|$)")),
    ("相关链接", re.compile(r"(^|[-_ ])(related?|recommend|relate\w*|xgxx|xgyd|sidebar|links?)([-_ ]|$)")),
    ("页面按钮", re.compile(r"(^|[-_ ])(share|toolbar|print|fontsize|bdshare\w*|qrcode|func)([-_ ]|$)")),
    ("评论", re.compile(r"(^|[-_ ])(comments?|pinglun)([-_ ]|$)")),
)
# Most of a block's text being links, three of them or more, makes it a list of links.
_LINKED_SHARE = 0.6
_LINKS = 3


def read(content: bytes) -> Source:
    """Read an .html file; table cells stand in one line with " | " between them."""
    declared = _CHARSET.search(content[:4096])
    tree = LexborHTMLParser(decode(content, declared[1].decode("ascii") if declared else None))
    for node in tree.css(_INVISIBLE):
        node.decompose()
    page = _Page()
    if tree.body is not None:
        page.walk(tree.body)
    return page.source()


class _Page:
    """Collects the text of a page in reading order."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._headings: list[tuple[Span, int]] = []
        self._exclusions: list[Exclusion] = []

    def walk(self, node: LexborNode) -> None:
        """Add a node and everything in it."""
        tag = node.tag or ""
        if tag == "-text":
            self._add(re.sub(r"\s+", " ", node.text(deep=False)))
            return
        if tag.startswith(("_", "-", "!")) or tag == "img":
            return
        if tag == "tr":
            self._row(node)
            return
        if tag in _BLOCKS:
            self._break()
        start = self._length
        child = node.child
        while child is not None:
            self.walk(child)
            child = child.next
        span = self._trimmed(start)
        if tag in _BLOCKS:
            self._break()
        if span.start == span.end or tag == "body":
            return
        if re.fullmatch("h[1-6]", tag):
            self._headings.append((span, int(tag[1])))
        reason = _reason(node, tag)
        if reason:
            self._exclusions.append(Exclusion(reason, span))

    def source(self) -> Source:
        """Return what was collected; an exclusion inside another is dropped."""
        outer: list[Exclusion] = []
        for exclusion in sorted(self._exclusions, key=lambda e: (e.span.start, -e.span.end)):
            if not outer or not outer[-1].span.contains(exclusion.span):
                outer.append(exclusion)
        return Source("".join(self._parts), tuple(self._headings), tuple(outer))

    def _row(self, node: LexborNode) -> None:
        self._break()
        cells = [cell for cell in node.iter() if cell.tag in ("td", "th")]
        if len(cells) == 1:
            self.walk(cells[0])
        else:
            texts = [" ".join(cell.text(separator=" ").split()) for cell in cells]
            self._add(" | ".join(texts))
        self._break()

    def _add(self, piece: str) -> None:
        at_line_start = not self._parts or self._parts[-1].endswith("\n")
        if at_line_start:
            piece = piece.lstrip(" ")
        elif self._parts[-1].endswith(" "):
            piece = piece.lstrip(" ")
        if piece:
            self._parts.append(piece)
            self._length += len(piece)

    def _break(self) -> None:
        if self._parts and not self._parts[-1].endswith("\n"):
            self._parts.append("\n")
            self._length += 1

    def _trimmed(self, start: int) -> Span:
        text = "".join(self._parts)[start:]
        left = len(text) - len(text.lstrip())
        return Span(start + left, start + max(left, len(text.rstrip())))


def _reason(node: LexborNode, tag: str) -> str | None:
    """Return why a block is not part of the article, or None."""
    if tag not in _BLOCKS:
        return None
    names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}".lower()
    if tag in _AROUND and not (tag == "header" and node.css_first("h1")):
        return _AROUND[tag]
    for reason, pattern in _AROUND_NAMES:
        if pattern.search(names) and not node.css_first("h1"):
            return reason
    links = node.css("a")
    text = "".join(node.text().split())
    linked = sum(len("".join(link.text().split())) for link in links)
    if len(links) >= _LINKS and text and linked >= _LINKED_SHARE * len(text):
        return "链接列表"
    return None
