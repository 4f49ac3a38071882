"""A saved web page: its visible text, with everything around the article marked as such."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from indexer.errors import ReadError
from indexer.readers.composing import Cell, Composer
from indexer.readers.encoding import decode
from indexer.readers.source import Source, Step, ignore_steps
from indexer.records import Exclusion, Span

_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_INVISIBLE_TAGS = "script style noscript template head iframe object svg img"
_CONTROL_TAGS = "select input button textarea datalist"
_BLOCK_TAGS = (
    "p div section article main header footer nav aside ul ol li dl dt dd table tr td th h1 h2 h3 "
    "h4 h5 h6 br hr blockquote form figure figcaption pre tbody thead tfoot caption center body "
    "details summary fieldset legend address"
)
# A row whose cells hold any of these lays out the page; other rows are one line of a table.
_LAYOUT_TAGS = "table ul ol dl h1 h2 h3 h4 h5 h6 article section form nav"
_INVISIBLE = frozenset((*_INVISIBLE_TAGS.split(), *_CONTROL_TAGS.split()))
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_CELLS = ("td", "th")
_LAYOUT = ",".join(_LAYOUT_TAGS.split())
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_KEEPING = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)", re.IGNORECASE)
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
# A block of one of these that holds most of a page's text is a frame around the article: some
# sites set the whole page into one form.
_SMALL = frozenset(("导航", "页脚", "页面按钮", "图片说明"))
# Most of a block's text being links, three of them or more, makes it a list of links.
_LINKED_SHARE = 0.6
_LINKS = 3
_PARAGRAPHS = 2  # so many in one cell are text, not a value
_LINES, _LONGEST_VALUE = 8, 600  # characters on so many lines are text, too
_WIDEST_CELL = 100  # columns
_MOST_PLACES = 1_000_000  # of a table; merged cells of a hostile page could cover any number
# The parser looks through all open elements for each new one; real pages have some 100 of them.
_DEEPEST = 10_000
_TAG = re.compile(r"<(/?)([a-zA-Z]+)")
_NOT_NESTED = frozenset(
    "area base br col colgroup dd dt embed frame hr img input li link meta option p param source "
    "tbody td tfoot th thead tr track wbr".split()
)


def read(content: bytes, step: Step = ignore_steps, declared: str | None = None) -> Source:
    """Read an .html file; table cells stand in one line with " | " between them.

    `declared` is the encoding that something outside the page names.

    Raises:
        ReadError: the page is no text, is nested beyond reason, or only shows other pages.
    """
    named = _CHARSET.search(content[:4096])
    text = decode(content, declared or (named[1].decode("ascii") if named else None))
    if _depth(text) > _DEEPEST:
        raise ReadError(
            f"网页的标签嵌套超过 {_DEEPEST} 层，不是正常的网页。", "请在浏览器里打开后另存为文本。"
        )
    tree = LexborHTMLParser(text)
    if tree.css_first("frameset") is not None:
        raise ReadError(
            "网页只是一个框架，正文在另外的文件里。",
            "请在浏览器里单独打开正文的框架，另存后重建索引。",
        )
    page = _Page()
    if tree.body is not None:
        page.walk(tree.body)
    return page.source()


def _depth(text: str) -> int:
    """Return how deep elements are nested, those left out that end by themselves."""
    depth = deepest = 0
    for closing, name in _TAG.findall(text):
        if name.lower() not in _NOT_NESTED:
            depth = max(0, depth - 1) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest


@dataclass(frozen=True, slots=True)
class _Tally:
    """How much a page has said up to some point: of blocks, the difference is theirs."""

    length: int
    letters: int
    links: int
    linked: int
    titles: int


@dataclass(frozen=True, slots=True)
class _Closing:
    """The end of an element, reached when everything in it was added."""

    node: LexborNode
    before: _Tally
    keeping: bool  # whether line ends were kept around it


_Row = list[LexborNode]  # the cells of a row


class _Page:
    """Collects the text of a page in reading order."""

    def __init__(self) -> None:
        self._composer = Composer()
        self._line: list[str] = []  # what stands on the line that has not ended yet
        self._letters = 0
        self._links = 0
        self._linked = 0
        self._link_depth = 0
        self._keeping = False  # whether line ends are kept
        self._titles = 0  # h1, h2: what bears a title is not around the article
        self._exclusions: list[tuple[Exclusion, int]] = []  # and how many letters each holds

    def walk(self, root: LexborNode) -> None:
        """Add a node and everything in it; deep nesting must not end in a deep stack."""
        pending: list[LexborNode | _Closing | list[_Row]] = [root]
        while pending:
            item = pending.pop()
            if isinstance(item, _Closing):
                self._close(item.node, item.before)
                self._keeping = item.keeping
                continue
            if isinstance(item, list):
                self._add_table(item)
                continue
            keeping = self._keeping
            if self._open(item):
                pending.append(_Closing(item, self._tally(), keeping))
                children = _rows_and_others(item) if item.tag == "table" else _children(item)
                pending += reversed(list(children))
        self._break()

    def source(self) -> Source:
        """Return what was collected; an exclusion inside another is dropped."""
        source = self._composer.source()
        outer: list[Exclusion] = []
        for exclusion in sorted(
            self._sound(source.text), key=lambda e: (e.span.start, -e.span.end)
        ):
            if not outer or not outer[-1].span.contains(exclusion.span):
                outer.append(exclusion)
        return replace(source, exclusions=tuple(outer))

    def _sound(self, text: str) -> Iterator[Exclusion]:
        for exclusion, letters in self._exclusions:
            span = exclusion.span
            words = text[span.start : span.end]
            is_frame = 2 * letters > self._letters and "。" in words
            if not (is_frame and exclusion.reason in _SMALL):
                left = len(words) - len(words.lstrip())
                end = span.start + len(words.rstrip())
                yield Exclusion(exclusion.reason, Span(span.start + left, end))

    def _open(self, node: LexborNode) -> bool:
        """Begin a node; tell whether its children are to be walked through."""
        tag = node.tag or ""
        if tag == "-text":
            self._add(node.text(deep=False))
            return False
        if tag.startswith(("_", "-", "!")) or tag in _INVISIBLE:
            return False
        attributes = node.attributes
        if attributes and _is_hidden(attributes):
            return False
        if tag in _BLOCKS:
            self._break()
        if tag == "a":
            self._links += 1
            self._link_depth += 1
        if tag in ("h1", "h2"):
            self._titles += 1
        if tag == "pre" or _KEEPING.search(attributes.get("style") or ""):
            self._keeping = True
        return True

    def _close(self, node: LexborNode, before: _Tally) -> None:
        tag = node.tag or ""
        if tag == "a":
            self._link_depth -= 1
        if tag in _BLOCKS:
            self._break()
        span = Span(before.length, self._composer.length - 1)
        if tag not in _BLOCKS or span.start >= span.end or tag == "body":
            return
        if _HEADING.fullmatch(tag):
            self._composer.heading(span, int(tag[1]))
        reason = self._reason(node, tag, before)
        if reason:
            self._exclusions.append((Exclusion(reason, span), self._letters - before.letters))

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

    def _add_table(self, rows: list[_Row]) -> None:
        heads = 0
        while heads < len(rows) and _is_head(rows[heads]):
            heads += 1
        width = max(sum(_number(cell, "colspan", _WIDEST_CELL) for cell in row) for row in rows)
        may_merge = width * len(rows) <= _MOST_PLACES
        cells = [
            [self._cell(cell, len(rows) - number, may_merge) for cell in row]
            for number, row in enumerate(rows)
        ]
        self._composer.table(cells, heads if 0 < heads < len(rows) else None)

    def _cell(self, node: LexborNode, rows_left: int, may_merge: bool) -> Cell:
        words = self._words_in(node)
        if not (may_merge and node.attributes):
            return Cell(words)
        rows = _number(node, "rowspan", rows_left)
        return Cell(words, _number(node, "colspan", _WIDEST_CELL), rows)

    def _words_in(self, cell: LexborNode) -> str:
        child = cell.child
        if child is not None and child.tag == "-text" and child.next is None:
            words = child.text(deep=False)
            self._letters += len("".join(words.split()))
            return words
        inner = _Page()
        inner.walk(cell)
        self._letters += inner._letters
        self._links += inner._links
        self._linked += inner._linked
        return inner._composer.source().text

    def _add(self, words: str) -> None:
        letters = len("".join(words.split()))
        self._letters += letters
        self._linked += letters if self._link_depth else 0
        first, *others = words.split("\n") if self._keeping else [words]
        self._line.append(first)
        for line in others:
            self._break()
            self._line.append(line)

    def _break(self) -> None:
        """End a line."""
        if not self._line:
            return
        self._composer.paragraph(" ".join("".join(self._line).split()))
        self._line.clear()

    def _tally(self) -> _Tally:
        return _Tally(self._composer.length, self._letters, self._links, self._linked, self._titles)


def _children(node: LexborNode) -> Iterator[LexborNode]:
    return node.iter(include_text=True)


def _is_hidden(attributes: Mapping[str, str | None]) -> bool:
    return "hidden" in attributes or bool(_HIDING.search(attributes.get("style") or ""))


def _number(cell: LexborNode, attribute: str, limit: int) -> int:
    """Return over how many columns or rows a cell is merged; 0 means all that are left."""
    said = (cell.attributes.get(attribute) or "1").strip()
    if not (said.isascii() and said.isdigit() and len(said) < 6):
        return 1
    return min(int(said) or limit, limit)


# -- tables --------------------------------------------------------------------------------------


def _rows_and_others(table: LexborNode) -> Iterator[LexborNode | list[_Row]]:
    """Yield what is in a table: rows of values together, all else on its own."""
    run: list[LexborNode] = []
    for part in table.iter():
        rows = part.iter() if part.tag in ("thead", "tbody", "tfoot") else iter((part,))
        for row in rows:
            if row.tag == "tr" and not any(map(_lays_out, _cells(row))):
                if not _is_hidden(row.attributes):
                    run.append(row)
            else:
                yield from _parted(run)
                run = []
                yield row
    yield from _parted(run)


def _parted(run: Sequence[LexborNode]) -> Iterator[LexborNode | list[_Row]]:
    """Yield rows of one cell above and below a table as lines of their own."""
    rows = [_cells(row) for row in run]
    reach = 0  # the row up to which a cell of those above is merged down
    full = []
    for number, row in enumerate(rows):
        if len(row) > 1 or reach > number:
            full.append(number)
        reach = max([reach, *(number + _number(cell, "rowspan", len(rows)) for cell in row)])
    first, end = (full[0], full[-1] + 1) if full else (len(run), len(run))
    yield from run[:first]
    if first < end:
        yield rows[first:end]
    yield from run[end:]


def _cells(row: LexborNode) -> _Row:
    return [cell for cell in row.iter() if cell.tag in _CELLS and not _is_hidden(cell.attributes)]


def _is_head(row: _Row) -> bool:
    """Tell a row that the page marks as one of names."""
    section = row[0].parent.parent if row and row[0].parent is not None else None
    is_marked = section is not None and section.tag == "thead"
    return bool(row) and (is_marked or all(cell.tag == "th" for cell in row))


def _lays_out(cell: LexborNode) -> bool:
    """Tell a cell that holds a part of the page from one that holds a value."""
    child = cell.child
    if child is None or (child.tag == "-text" and child.next is None):
        return False
    if cell.css_first(_LAYOUT) is not None or len(cell.css("p")) > _PARAGRAPHS:
        return True
    return len(cell.css("br")) > _LINES and len(cell.text()) > _LONGEST_VALUE
