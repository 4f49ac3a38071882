"""A saved web page: its visible text, with everything around the article marked as such."""

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from indexer.readers.encoding import decode
from indexer.readers.source import Source
from indexer.records import Exclusion, Span

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_INVISIBLE_TAGS = (
    "script style noscript template head iframe object svg select input button textarea img"
)
_BLOCK_TAGS = (
    "p div section article main header footer nav aside ul ol li dl dt dd table tr td th h1 h2 h3 "
    "h4 h5 h6 br hr blockquote form figure figcaption pre tbody thead tfoot caption center body"
)
# A row whose cells hold any of these lays out the page; other rows are one line of a table.
_LAYOUT_TAGS = "table ul ol dl h1 h2 h3 h4 h5 h6 article section form nav"
_INVISIBLE = frozenset(_INVISIBLE_TAGS.split())
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_LAYOUT = frozenset(_LAYOUT_TAGS.split())
_HEADING = re.compile("h[1-6]")
_AROUND = {
    "nav": "导航", "header": "导航", "footer": "页脚", "aside": "相关链接", "form": "导航",
    "figcaption": "图片说明",
}  # fmt: skip
# Words in class and id attributes that sites of many makers use for what is not the article.
_AROUND_NAMES = (
    ("导航", re.compile(
        r"(^|[-_ ])(nav|menu|crumbs?|breadcrumbs?|position|location|topbar|weizhi|"
        r"(page|site)?(head|header|top)([-_ ]|$))")),
    ("页脚", re.compile(r"(^|[-_ ])(footer|foot|copyright|bottom|beian)([-_ ]|$)")),
    ("相关链接", re.compile(
        r"(^|[-_ ])(related?|recommend|relate\w*|xgxx|xgyd|sidebar|links?)([-_ ]|$)")),
    ("页面按钮", re.compile(
        r"(^|[-_ ])(share|toolbar|print|fontsize|bdshare\w*|qrcode|func)([-_ ]|$)")),
    ("评论", re.compile(r"(^|[-_ ])(comments?|pinglun)([-_ ]|$)")),
)  # fmt: skip
# Most of a block's text being links, three of them or more, makes it a list of links.
_LINKED_SHARE = 0.6
_LINKS = 3
_PARAGRAPHS = 2  # so many in one cell are text, not a value


def read(content: bytes) -> Source:
    """Read an .html file; table cells stand in one line with " | " between them."""
    declared = _CHARSET.search(content[:4096])
    tree = LexborHTMLParser(decode(content, declared[1].decode("ascii") if declared else None))
    page = _Page()
    if tree.body is not None:
        page.walk(tree.body)
    return page.source()


@dataclass(frozen=True, slots=True)
class _Tally:
    """How much a page has said up to some point: of blocks, the difference is theirs."""

    length: int
    letters: int
    links: int
    linked: int
    titles: int


class _Page:
    """Collects the text of a page in reading order."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._end = 0  # of the last character that is not white space
        self._letters = 0
        self._links = 0
        self._linked = 0
        self._link_depth = 0
        self._titles = 0  # h1, h2: what bears a title is not around the article
        self._headings: list[tuple[Span, int]] = []
        self._exclusions: list[Exclusion] = []

    def walk(self, root: LexborNode) -> None:
        """Add a node and everything in it; deep nesting must not end in a deep stack."""
        pending: list[tuple[LexborNode, _Tally | None]] = [(root, None)]
        while pending:
            node, before = pending.pop()
            if before is not None:
                self._close(node, before)
            elif self._open(node):
                pending.append((node, self._tally()))
                children = list(node.iter(include_text=True))
                pending.extend((child, None) for child in reversed(children))

    def source(self) -> Source:
        """Return what was collected; an exclusion inside another is dropped."""
        outer: list[Exclusion] = []
        for exclusion in sorted(self._exclusions, key=lambda e: (e.span.start, -e.span.end)):
            if not outer or not outer[-1].span.contains(exclusion.span):
                outer.append(exclusion)
        return Source("".join(self._parts), tuple(self._headings), tuple(outer))

    def _open(self, node: LexborNode) -> bool:
        """Begin a node; tell whether its children are to be walked through."""
        tag = node.tag or ""
        if tag == "-text":
            self._add(re.sub(r"\s+", " ", node.text(deep=False)))
            return False
        if tag.startswith(("_", "-", "!")) or tag in _INVISIBLE:
            return False
        if tag in _BLOCKS:
            self._break()
        if tag == "tr":
            cells = [cell for cell in node.iter() if cell.tag in ("td", "th")]
            if len(cells) > 1 and not any(map(_lays_out, cells)):
                self._row(node, cells)
                return False
        if tag == "a":
            self._links += 1
            self._link_depth += 1
        if tag in ("h1", "h2"):
            self._titles += 1
        return True

    def _close(self, node: LexborNode, before: _Tally) -> None:
        tag = node.tag or ""
        if tag == "a":
            self._link_depth -= 1
        if tag not in _BLOCKS:
            return
        self._break()
        span = Span(before.length, max(before.length, self._end))
        if span.start == span.end or tag == "body":
            return
        if _HEADING.fullmatch(tag):
            self._headings.append((span, int(tag[1])))
        reason = self._reason(node, tag, before)
        if reason:
            self._exclusions.append(Exclusion(reason, span))

    def _reason(self, node: LexborNode, tag: str, before: _Tally) -> str | None:
        """Return why a block is not part of the article, or None."""
        if self._titles == before.titles:
            if tag in _AROUND:
                return _AROUND[tag]
            attributes = node.attributes
            names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
            for reason, pattern in _AROUND_NAMES:
                if pattern.search(names):
                    return reason
        linked = self._linked - before.linked
        is_linked = linked >= _LINKED_SHARE * (self._letters - before.letters)
        return "链接列表" if self._links - before.links >= _LINKS and is_linked else None

    def _row(self, node: LexborNode, cells: list[LexborNode]) -> None:
        texts = [" ".join(cell.text(separator=" ").split()) for cell in cells]
        links = node.css("a")
        self._links += len(links)
        self._linked += sum(len("".join(link.text().split())) for link in links)
        self._add(" | ".join(texts))
        self._break()

    def _add(self, piece: str) -> None:
        if not self._parts or self._parts[-1].endswith(("\n", " ")):
            piece = piece.lstrip(" ")
        if piece:
            solid = piece.rstrip()
            if solid:
                self._end = self._length + len(solid)
            letters = len("".join(piece.split()))
            self._letters += letters
            self._linked += letters if self._link_depth else 0
            self._parts.append(piece)
            self._length += len(piece)

    def _break(self) -> None:
        if self._parts and not self._parts[-1].endswith("\n"):
            self._parts.append("\n")
            self._length += 1

    def _tally(self) -> _Tally:
        return _Tally(self._length, self._letters, self._links, self._linked, self._titles)


def _lays_out(cell: LexborNode) -> bool:
    """Tell a cell that holds a part of the page from one that holds a value."""
    tags = [node.tag for node in cell.traverse()]
    return not _LAYOUT.isdisjoint(tags) or tags.count("p") > _PARAGRAPHS
