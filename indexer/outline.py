"""The outline of a notice: its headings as a tree.

A heading's rank comes from its form (第一章, 一、, (一), 1., ■ …), never from its number, so a
number printed wrong does not break the tree.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.records import Section, Span
from indexer.text import simplify
from indexer.title import KINDS

_NUMBER = "\\s?(?:[零〇一二三四五六七八九十百千]+|\\d+)\\s?"
_NAME_FOLLOWS = "(?=\\s|[\u4e00-\u9fff]|$)"
_INSERTED = "(?:之[一二三四五六七八九十]+)?"  # 第三条之一
_NO_REFERENCE = "(?![第及与、至或所之和的])"  # 第五条第一款所称 cites an article
# Forms of headings in the order of their rank (GB/T 9704-2012, 7.3.3, and the form of statutes).
# 0 is for the roots: the plans or annexes that one notice carries; 1 to 6 for unnumbered headings
# that the file's form marks (# in Markdown, h1 to h6 in a web page); 12 for unnumbered headings
# that only their place shows. An answer (答：) is the body of its question, but what follows its
# mark in the same line may be a heading (答：一、…).
_ROOT, _ARTICLE, _MARK, _SUBHEADING, _LIST, _DASH = 0, 10, 11, 12, 16, 19
_FORMS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (7, re.compile(f"第{_NUMBER}(?:[编篇]|部分)(?=[\\s、:]|$)")),
    (8, re.compile(f"第{_NUMBER}章{_NAME_FOLLOWS}")),
    (9, re.compile(f"第{_NUMBER}节{_NAME_FOLLOWS}")),
    (_ARTICLE, re.compile(f"第{_NUMBER}条{_INSERTED}{_NO_REFERENCE}{_NAME_FOLLOWS}")),
    (_MARK, re.compile("[■●◆▲★]")),
    (_MARK, re.compile("(?:问|【问】|Q)\\s*\\d*\\s*[:.]")),
    (14, re.compile("[一二三四五六七八九十]+[、.]")),
    (15, re.compile("[(][一二三四五六七八九十]+[)]|[㈠-㈩]")),
    (_LIST, re.compile("\\d{1,2}(?:[、.](?!\\d)|\\s(?=[\u4e00-\u9fff]))")),
    (17, re.compile("[(]\\d{1,2}[)]|[⑴-⒇]")),
    (18, re.compile("[①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳]")),
    (_DASH, re.compile("——")),
)
_ANSWER = re.compile("(?:答|【答】|A)\\s*\\d*\\s*[:.]\\s*")
_MARKUP = re.compile("#{1,6}\\s+|[*_]{2,3}(?=\\S)")  # Markdown's marks before a heading's words
_ANNEX = re.compile("附件?\\s*(?:(?:\\d{1,2}|[一二三四五六七八九十])\\s*:?)?$")
_ANNEX_TITLED = re.compile("附件?\\s*(?:\\d{1,2}|[一二三四五六七八九十])\\s*:?\\s*(?=[^\\s:])")
_ANNEX_LIST = re.compile("附件?\\s*:")
_ANNEX_ITEM = re.compile("\\d{1,2}[、.]")
_ROOT_KIND = re.compile(rf"(?:{KINDS}|名单|表|台账|清单)(?:[(][^)]{{1,12}}[)])*$")
_NAMED = re.compile("《([^《》]{4,200})》")
_SIGNED = re.compile("[\\d〇零○一二三四五六七八九十]{4}年.{1,3}月.{1,3}日|[(]?此件.*公开.*[)]?")
_STOP = re.compile("[。!?;]")
_NO_SUBHEADING = re.compile("[。!?;,:、|\\d]|——")
_OF_YEAR = re.compile("(?:19|20)\\d\\d年度?(?=[\u4e00-\u9fff]{2})")  # 2024年工作回顾, no date
_MARK_MAX = 16  # characters; no number of a line is longer
_INLINE_HEADING_MAX = 60  # 七、… with its first sentence as heading; a longer one is cut
_QUESTION_MAX = 120  # 问:… is a heading whole, because every answer below it needs it
_SUBHEADING_MAX = 24
_ROOT_MAX = 80
_SIGNED_ABOVE = 30  # lines above an annex among which the notice's signature stands


@dataclass(frozen=True, slots=True)
class _Heading:
    rank: int
    number: str
    span: Span


def read_outline(
    text: str,
    lines: Sequence[Span],
    headings: Sequence[tuple[Span, int]],
    title: Span | None,
) -> tuple[Section, ...]:
    """Return the sections in reading order.

    `lines` are the non-blank lines of the article, `headings` what the form marks as headings
    with their level, `title` the notice's title where it stands in a line of its own (it and what
    stands above it is no section).
    """
    plain = simplify(text)
    found = list(_Outliner(plain, lines, headings, title).headings())
    return _nest(found, lines[-1].end if lines else len(text), text)


def mark_rank(words: str) -> int | None:
    """Return the rank of the number or mark that a line begins with (第一章, 一、, (一), ——); None
    where it begins with none. A higher number is a lower rank."""
    plain = simplify(words[:_MARK_MAX])
    return next((rank for rank, form in _FORMS if form.match(plain)), None)


class _Outliner:
    """Walks through the lines of an article once."""

    def __init__(
        self,
        plain: str,
        lines: Sequence[Span],
        headings: Sequence[tuple[Span, int]],
        title: Span | None,
    ) -> None:
        self._plain = plain
        self._lines = lines
        self._marked = {span.start: (span, level) for span, level in headings}
        self._title = _solid(plain[title.start : title.end]) if title else ""
        self._from = title.end if title else 0
        self._announced: dict[str, int] = {}  # 《name》, and where it is first named
        for name in _NAMED.finditer(plain):
            self._announced.setdefault(_solid(name[1]), name.start())
        self._signed = -_SIGNED_ABOVE - 1  # the last line that signs

    def headings(self) -> Iterator[_Heading]:
        """Yield the headings in the order of the text."""
        skip_to = self._from
        in_annex_list = False
        for index, line in enumerate(self._lines):
            words = self._plain[line.start : line.end]
            if len(words) <= _ROOT_MAX and _SIGNED.fullmatch(_solid(words)):
                self._signed = index
            if line.start < skip_to or (self._title and _solid(words) == self._title):
                continue
            if _ANNEX_LIST.match(words):
                in_annex_list = True
                continue
            in_annex_list = in_annex_list and bool(_ANNEX_ITEM.match(words))
            if in_annex_list:
                continue
            heading = self._heading_of(index)
            if heading is not None:
                skip_to = heading.span.end  # a root may be printed over two lines
                yield heading

    def _heading_of(self, index: int) -> _Heading | None:
        line = self._lines[index]
        markup = _MARKUP.match(self._plain, line.start, line.end)
        start = markup.end() if markup else line.start
        heading = _numbered(self._plain, Span(start, line.end)) or self._root(index, start)
        if heading is not None:
            return heading
        if start in self._marked:
            span, level = self._marked[start]
            return _Heading(level, "", span)
        return _Heading(_SUBHEADING, "", line) if self._is_subheading(index) else None

    def _root(self, index: int, start: int) -> _Heading | None:
        """Return the title line of a plan or an annex in the notice, joined where it is broken."""
        line = Span(start, self._lines[index].end)
        words = self._plain[line.start : line.end]
        if len(words) > _ROOT_MAX:
            return None
        below = self._lines[index + 1] if index + 1 < len(self._lines) else None
        below_words = self._plain[below.start : below.end] if below else ""
        if _ANNEX.fullmatch(words):
            end = below.end if below and _is_title_like(below_words) else line.end
            return _Heading(_ROOT, _solid(words).rstrip(":"), Span(line.start, end))
        if below is None or index == self._signed or not _is_title_like(words):
            return None
        is_signed = 0 < index - self._signed <= _SIGNED_ABOVE
        if annex := _ANNEX_TITLED.match(words):
            number = _solid(annex[0]).rstrip(":")
            return _Heading(_ROOT, number, line) if is_signed else None
        end = line.end
        if not _ROOT_KIND.search(words):
            if not (_is_title_like(below_words) and _ROOT_KIND.search(words + below_words)):
                return None
            end = below.end
        is_announced = self._announced.get(_solid(self._plain[line.start : end]), start) < start
        return _Heading(_ROOT, "", Span(line.start, end)) if is_announced or is_signed else None

    def _is_subheading(self, index: int) -> bool:
        """Tell an unnumbered heading: a short line without punctuation between paragraphs."""
        line = self._lines[index]
        words = self._plain[line.start : line.end]
        named = _OF_YEAR.sub("", words, count=1)
        if not 2 <= len(words) <= _SUBHEADING_MAX or _NO_SUBHEADING.search(named):
            return False
        if index in (0, self._signed) or index + 1 == len(self._lines):
            return False
        above, below = self._lines[index - 1], self._lines[index + 1]
        ends_above = self._plain.endswith(("。", "!", "?", "”", ")"), above.start, above.end)
        return ends_above and bool(_STOP.search(self._plain, below.start, below.end))


def _numbered(plain: str, line: Span) -> _Heading | None:
    """Return the heading that a line begins with, or None where it begins with no number."""
    answer = _ANSWER.match(plain, line.start, line.end)
    start = answer.end() if answer else line.start
    words = plain[start : min(line.end, start + 4 * _QUESTION_MAX)]
    for rank, form in _FORMS:
        mark = form.match(words)
        if mark is not None:
            end = _heading_end(words, rank, mark.end())
            return _Heading(rank, mark[0], Span(start, start + end)) if end else None
    return None


def _heading_end(words: str, rank: int, mark_end: int) -> int:
    """Return where the heading of a numbered line ends; 0 where it is an item of a list.

    It is the line, its first sentence, or what of that stands before a colon or a comma.
    """
    if rank == _ARTICLE:
        return mark_end
    stop = _STOP.search(words)
    if rank == _DASH and not stop:
        return 0  # —— before a name signs a quotation
    end = stop.start() if stop else len(words)
    if rank == _MARK and words[0] in "问Q【":
        return min(len(words), _QUESTION_MAX)
    if end > _INLINE_HEADING_MAX:
        cuts = (words.find(mark, mark_end, _INLINE_HEADING_MAX) for mark in ":,")
        end = next((cut for cut in cuts if cut >= 0), 0 if rank >= _LIST else mark_end)
    return max(mark_end, len(words[:end].rstrip("*_: "))) if end else 0


def _solid(words: str) -> str:
    return "".join(words.split())


def _is_title_like(words: str) -> bool:
    return (
        4 <= len(words) <= _ROOT_MAX
        and not _STOP.search(words)
        and words[0] not in "([【-*"
        and words[-1] not in ",:、"
        and "|" not in words
    )


def _nest(found: Sequence[_Heading], end: int, text: str) -> tuple[Section, ...]:
    """Turn headings into sections: each ends where one of its rank or a higher one begins."""
    levels: list[tuple[int, int]] = []  # level and parent of each heading
    ends = [max(end, heading.span.end) for heading in found]
    around: list[int] = []  # the sections that are open, outermost first
    for position, heading in enumerate(found):
        while around and found[around[-1]].rank >= heading.rank:
            ends[around.pop()] = heading.span.start
        levels.append((len(around) + 1, around[-1] if around else -1))
        around.append(position)
    return tuple(
        Section(
            number=heading.number.strip(),
            heading=" ".join(text[heading.span.start : heading.span.end].split()),
            level=level,
            parent=parent,
            heading_span=heading.span,
            span=Span(heading.span.start, stop),
        )
        for heading, (level, parent), stop in zip(found, levels, ends, strict=True)
    )
