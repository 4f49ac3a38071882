"""The outline of a notice: its headings as a tree.

A heading's rank comes from its form (第一章, 一、, (一), 1., ■ …), never from its number, so a
number printed wrong does not break the tree.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.header import KINDS
from indexer.records import Exclusion, Section, Span
from indexer.text import simplify

_HAN_NUMBER = "[零〇一二三四五六七八九十百千]+"
# Forms of headings in the order of their rank (GB/T 9704-2012, 7.3.3, and the form of statutes).
# 0 is for the roots: the plans or annexes that one notice carries; 1 to 6 for unnumbered headings
# that the file's form marks (# in Markdown, h1 to h6 in a web page).
_FORMS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (7, re.compile(rf"第(?:{_HAN_NUMBER}|\d+)(?:[编篇]|部分)(?=[\s、:]|$)")),
    (8, re.compile(rf"第(?:{_HAN_NUMBER}|\d+)章(?=\s|[\u4e00-\u9fff]|$)")),
    (9, re.compile(rf"第(?:{_HAN_NUMBER}|\d+)节(?=\s|[\u4e00-\u9fff]|$)")),
    (10, re.compile(rf"第(?:{_HAN_NUMBER}|\d+)条(?:之[一二三四五六七八九十]+)?(?=\s|[\u4e00-\u9fff]|$)")),
    (11, re.compile("[■●◆▲★]")),
    (11, re.compile("(?:问|【问】|Q)\\s*\\d*\\s*[:.]")),
    (12, re.compile("(?:答|【答】|A)\\s*\\d*\\s*[:.]")),
    (14, re.compile("[一二三四五六七八九十]+[、.]")),
    (15, re.compile("[(][一二三四五六七八九十]+[)]")),
    (16, re.compile("\\d{1,2}(?:[、.](?!\\d)|\\s(?=[\u4e00-\u9fff]))")),
    (17, re.compile("[(]\\d{1,2}[)]")),
    (18, re.compile("[①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳]")),
    (19, re.compile("——")),
)
_ROOT, _ARTICLE, _MARK, _ANSWER, _SUBHEADING, _LIST, _DASH = 0, 10, 11, 12, 13, 16, 19
_ANNEX = re.compile("附件?\\s*(?:\\d{1,2}|[一二三四五六七八九十])?\\s*[::]?$")
_ANNEX_TITLED = re.compile("附件?\\s*(?:\\d{1,2}|[一二三四五六七八九十])\\s*[::]?\\s*(?=[^\\s::])")
_ANNEX_LIST = re.compile("附件?\\s*:")
_ROOT_KIND = re.compile(rf"(?:{KINDS}|名单|表|台账|清单)(?:[(][^)]{{1,12}}[)])*$")
_STOP = re.compile("[。!?;]")
_INLINE_HEADING_MAX = 60  # 七、… with its first sentence as heading; a longer one is plain text
_QUESTION_MAX = 120  # 问:… is a heading whole, because every answer below it needs it
_SUBHEADING_MAX = 24
_ROOT_MAX = 80


@dataclass(frozen=True, slots=True)
class _Heading:
    rank: int
    number: str
    span: Span


def read_outline(
    text: str,
    lines: Sequence[Span],
    headings: Sequence[tuple[Span, int]],
    exclusions: Sequence[Exclusion],
    title: Span | None,
) -> tuple[Section, ...]:
    """Return the sections in reading order.

    `lines` are the non-blank lines, `headings` what the form marks as headings with their level,
    `exclusions` what is not the notice, `title` where its title stands (it is no section).
    """
    plain = simplify(text)
    body = [line for line in lines if not any(e.span.overlaps(line) for e in exclusions)]
    found = sorted(_find(plain, body, dict(headings), title), key=lambda heading: heading.span.start)
    end = max((line.end for line in body), default=len(text))
    return _nest(found, end, text)


def _find(
    plain: str, lines: Sequence[Span], marked: dict[Span, int], title: Span | None
) -> Iterator[_Heading]:
    marked_starts = {span.start: (span, level) for span, level in marked.items()}
    skip_to = title.end if title and title.start < _first_stop(plain, lines) else 0
    repeated = "".join(plain[title.start : title.end].split()) if title else ""
    in_annex_list = False
    for index, line in enumerate(lines):
        words = plain[line.start : line.end]
        if line.start < skip_to or "".join(words.split()) == repeated:
            continue
        hash_mark = re.match("#{1,6}\\s+", words)
        start = line.start + (hash_mark.end() if hash_mark else 0)
        in_annex_list = bool(_ANNEX_LIST.match(words)) or (in_annex_list and len(words) < _ROOT_MAX)
        numbered = [] if in_annex_list else list(_numbered(plain, Span(start, line.end)))
        if numbered:
            yield from numbered
            continue
        root = _root(plain, lines, index, start)
        if root:
            skip_to, in_annex_list = root.span.end, False
            yield root
        elif start in marked_starts:
            span, level = marked_starts[start]
            if not (title and span.overlaps(title)):
                yield _Heading(level, "", span)
        elif _is_subheading(plain, lines, index):
            yield _Heading(_SUBHEADING, "", line)


def _numbered(plain: str, line: Span) -> Iterator[_Heading]:
    """Yield the heading a numbered line begins with (the whole line, or its first sentence), and
    the one that follows an answer's mark (答：一、…)."""
    words = plain[line.start : line.end]
    for rank, form in _FORMS:
        match = form.match(words)
        if match is None:
            continue
        inner = list(_numbered(plain, _after(plain, line, match.end()))) if rank == _ANSWER else []
        end = match.end() if inner else _heading_end(words, rank, match.end())
        if end is not None:
            yield _Heading(rank, match[0], Span(line.start, line.start + end))
        yield from inner
        return


def _heading_end(words: str, rank: int, mark_end: int) -> int | None:
    """Return where the heading of a numbered line ends; None where it is an item of a list."""
    if rank == _ARTICLE:
        return mark_end
    stop = _STOP.search(words)
    end = stop.start() if stop else len(words)
    if rank == _DASH and not stop:
        return None  # —— before a name signs a quotation
    if words[0] in "问Q【" and rank == _MARK:
        return min(len(words), _QUESTION_MAX)
    if end <= _INLINE_HEADING_MAX and end > mark_end:
        return end
    colon = words.find(":", mark_end, _INLINE_HEADING_MAX)
    if colon >= 0:
        return colon
    return None if rank >= _LIST else mark_end


def _after(plain: str, line: Span, length: int) -> Span:
    start = line.start + length
    while start < line.end and plain[start].isspace():
        start += 1
    return Span(start, line.end)


def _first_stop(plain: str, lines: Sequence[Span]) -> int:
    return next((line.start for line in lines if _STOP.search(plain[line.start : line.end])), 0)


def _root(plain: str, lines: Sequence[Span], index: int, start: int) -> _Heading | None:
    """Return the title line of a plan or an annex inside the notice, joined where it is broken."""
    line = Span(start, lines[index].end)
    words = plain[line.start : line.end]
    following = lines[index + 1] if index + 1 < len(lines) else None
    if _ANNEX.fullmatch(words):
        named = following is not None and _is_title_like(plain[following.start : following.end])
        end = following.end if named and following else line.end
        return _Heading(_ROOT, "", Span(line.start, end))
    if following is None or not _is_title_like(words):
        return None
    signed = any(_is_signed(plain, above) for above in lines[max(0, index - 30) : index])
    if _ANNEX_TITLED.match(words):
        return _Heading(_ROOT, "", line) if signed else None
    end = line.end
    if not _ROOT_KIND.search(words):
        joined = words + plain[following.start : following.end]
        if not _is_title_like(plain[following.start : following.end]) or not _ROOT_KIND.search(joined):
            return None
        end = following.end
    name = "".join(plain[line.start : end].split())
    announced = f"《{name}》" in "".join(plain[: line.start].split())
    return _Heading(_ROOT, "", Span(line.start, end)) if announced or signed else None


def _is_signed(plain: str, line: Span) -> bool:
    words = "".join(plain[line.start : line.end].split())
    return bool(re.fullmatch("[\\d〇零○一二三四五六七八九十]{4}年.{1,3}月.{1,3}日|[(]?此件.*公开.*[)]?", words))


def _is_title_like(words: str) -> bool:
    return (
        4 <= len(words) <= _ROOT_MAX
        and not _STOP.search(words)
        and words[0] not in "([【-*"
        and words[-1] not in ",:、"
        and "|" not in words
    )


def _is_subheading(plain: str, lines: Sequence[Span], index: int) -> bool:
    """Tell an unnumbered heading: a short line without punctuation above a paragraph."""
    line = lines[index]
    words = plain[line.start : line.end]
    if not 2 <= len(words) <= _SUBHEADING_MAX or re.search("[。!?;,:、|\\d]|——", words):
        return False
    if index == 0 or index + 1 >= len(lines):
        return False
    before = plain[lines[index - 1].start : lines[index - 1].end]
    after = plain[lines[index + 1].start : lines[index + 1].end]
    return bool(_STOP.search(after)) and before.endswith(("。", "!", "?", "”", ")"))


def _nest(found: Sequence[_Heading], end: int, text: str) -> tuple[Section, ...]:
    """Turn headings into sections: each ends where one of its rank or a higher one begins."""
    sections: list[Section] = []
    open_ranks: list[tuple[int, int]] = []  # (rank, position) of the sections around the next one
    for position, heading in enumerate(found):
        while open_ranks and open_ranks[-1][0] >= heading.rank:
            open_ranks.pop()
        after = (h.span.start for h in found[position + 1 :] if h.rank <= heading.rank)
        stop = next(after, max(end, heading.span.end))
        sections.append(
            Section(
                number=heading.number.strip(),
                heading=" ".join(text[heading.span.start : heading.span.end].split()),
                level=len(open_ranks) + 1,
                parent=open_ranks[-1][1] if open_ranks else -1,
                heading_span=heading.span,
                span=Span(heading.span.start, stop),
            )
        )
        open_ranks.append((heading.rank, position))
    return tuple(sections)
