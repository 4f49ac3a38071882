"""What a text cites: titles in 《》 and 文号, where each stands, and what the text does with it."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace

from indexer.actions import (
    CITES,
    REPEALS,
    action_on,
    handing_on,
    listed_items,
    share_in_lists,
)
from indexer.chunking import split_sentences
from indexer.doc_number import find_doc_numbers
from indexer.naming import normalise
from indexer.records import Document, Field, Reference, Span
from indexer.text import folded, outside, simplify
from indexer.title import KINDS

_BRACKETS = re.compile("[《》〈〉<>\n]")
_LONGEST = 200  # characters of a title
# What a document is called by its last word; 许可证, 申请表, 日报 and the like name none.
_DOCUMENT = re.compile(
    f"({KINDS}|修正案|法典|准则|通则|总则|公约|条约|协定|议定书|纲要|大纲|名录|导则|条令|税则|安排|"
    "解答|守则|区划|编制表|分类|令|蓝图|白皮书)(\\[[^\\[\\]]{1,20}\\])*$"
)
# Forms have names of these kinds too (《检测报告》); the name of a document says more.
_FORM = re.compile(
    "(?!.*(?:关于|工作|年|政府|委员会)).{0,8}(报告|清单|公告|通知|函|方案|计划|预案|章程|问答)$"
)
_KIND_ALONE = re.compile(KINDS)
_NUMBER_END = re.compile(r"[\d零〇○一二三四五六七八九十百千A-Za-z]\s*号")
_NUMBER_WINDOW = 48  # characters in which a 文号 stands, up to its 号
_NOTE = re.compile(r"\s*\((?:[^()\n]|\([^()\n]{0,20}\)){0,160}\)")
_SHORT_NAME = re.compile(
    '(?:以下|下)[统合]?简?称为?:?\\s*[“"「『《]*([^“”"「」『』《》(),，。;:]{2,30})'
)
_ISSUED_AS = re.compile("\\s*\\)?(?:公布|发布|颁布|印发|下发|制定|文件?)?的?\\s*")
_ITS_OWN = re.compile("\\s*(?:公布|发布|颁布)(?!的)")  # 2007年3月31日国务院令第491号公布

_BARE_END = re.compile(
    "(?<=[法典例定则程准约释案])(?<![本该此]法)(?=(?:\\(以下简称[^()]{1,16}\\))?(?:"
    "第[零〇一二三四五六七八九十百千\\d]+[条编章]|[之的]?(?:有关|相关)?规定))"
)
_HAN_RUN = re.compile("[\u4e00-\u9fff]{2,}$")
_LONGEST_BARE = 40
_TO_NEXT = re.compile("[^|(《\n]+")  # the first words of a list's item
_BEFORE_NAME = (
    "依据照按反合用于及与和或以对至即之的条款项将从由在是为如因除经有违向受属到同并守施行适引"
)
_STATE = "中华人民共和国"


@dataclass(slots=True)
class _Title:
    """A title in brackets, with the titles in it.

    `opened` and `closed` are where its brackets stand, `end` is where the note after it ends.
    """

    opened: int
    closed: int
    inner: list["_Title"] = field(default_factory=list)
    number: str = ""
    end: int = 0

    @property
    def name(self) -> Span:
        return Span(self.opened + 1, self.closed)

    @property
    def whole(self) -> Span:
        return Span(self.opened, self.end)


def read_references(
    document: Document, titles: Container[str] = frozenset()
) -> tuple[Reference, ...]:
    """Return what a document's text cites, in the order in which it stands there.

    `titles` are normalised titles that are known without brackets too: 依照刑法第六条. What stands
    outside the article is not looked at. A name that has not the form of a document's
    (`is_document` false) is that of one only if the corpus has it.
    """
    return _Reading(document).references(titles)


class _Reading:
    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._plain = simplify(document.text)
        self._exclusions = sorted(exclusion.span for exclusion in document.exclusions)
        self._sentences = _Sentences(document.text)
        title = document.header.title
        self._title = Field(simplify(document.title), title.span if title else Span(0, 0))
        self._short_names: dict[str, Reference] = {}

    def references(self, known: Container[str]) -> tuple[Reference, ...]:
        titles = list(_titles(self._plain))
        article = self._in_article([title.name for title in titles])
        titles = [title for title in titles if title.name in article]
        for title in titles:
            note = _NOTE.match(self._plain, title.closed + 1)
            title.end = note.end() if note else title.closed + 1
        alone = list(self._attach_numbers(titles))
        named = [r for group in self._by_sentence(titles) for r in self._in_sentence(group)]
        bare = self._bare(known)
        found = {reference.span: reference for reference in (*bare, *alone, *named)}
        self._list(found)
        return tuple(found[span] for span in sorted(found))

    def _in_article(self, spans: Sequence[Span]) -> set[Span]:
        """Return those of some stretches, in order, that nothing excluded touches."""
        return set(outside(spans, self._exclusions))

    def _attach_numbers(self, titles: Sequence[_Title]) -> Iterator[Reference]:
        """Give each title the 文号 beside it and yield those that stand alone."""
        starts = [title.opened for title in titles]
        for number, span in self._numbers():
            at = bisect_right(starts, span.start)
            before, after = titles[at - 1 : at], titles[at : at + 1]
            if before and span.end <= before[0].end:
                before[0].number = before[0].number or number
            elif after and _ISSUED_AS.fullmatch(self._plain, span.end, after[0].opened):
                after[0].number = number
            elif not _ITS_OWN.match(self._plain, span.end):
                sentence = self._sentences.around(span)
                yield Reference("", number, self._action(sentence, span, sentence), span, sentence)

    def _numbers(self) -> list[tuple[str, Span]]:
        found = list(self._printed_numbers())
        article = self._in_article([span for _, span in found])
        return [(number, span) for number, span in found if span in article]

    def _printed_numbers(self) -> Iterator[tuple[str, Span]]:
        for last in _NUMBER_END.finditer(self._plain):
            start = max(0, last.end() - _NUMBER_WINDOW)
            start = max(start, self._plain.rfind("\n", start, last.end()) + 1)
            for number, span in find_doc_numbers(self._plain[start : last.end()]):
                if start + span.end == last.end():
                    yield number, Span(start + span.start, last.end())

    def _by_sentence(self, titles: Sequence[_Title]) -> Iterator[list[_Title]]:
        """Yield the titles of each sentence; a short name in the note that defines it cites
        nothing."""
        group: list[_Title] = []
        for title in titles:
            if group and title.opened < group[-1].end:
                continue
            if group and title.opened >= self._sentences.around(group[-1].name).end:
                yield group
                group = []
            group.append(title)
        if group:
            yield group

    def _in_sentence(self, group: Sequence[_Title]) -> Iterator[Reference]:
        whole = [title.whole for title in group]
        sentence = self._sentences.around(Span(whole[0].start, group[-1].closed))
        bounds = [sentence.start, *(span.end for span in whole)]
        ends = [*(span.start for span in whole[1:]), sentence.end]
        said = [
            self._action(Span(start, end), span, sentence)
            for start, span, end in zip(bounds, whole, ends, strict=False)
        ]
        for title, action in zip(group, share_in_lists(self._plain, whole, said), strict=True):
            reference = self._named(title.name, title.number, action, sentence)
            if reference is not None:
                self._define(title, reference)
                yield reference
            yield from self._inner(title, action, sentence)

    def _inner(self, title: _Title, action: str, sentence: Span) -> Iterator[Reference]:
        """Yield the titles inside a title: what is done with 《关于印发〈…〉的通知》 is done with
        what it carries; one that amends another is cited with it."""
        for inner in title.inner:
            carries = handing_on(self._plain, title.opened, inner.opened)
            found = self._named(inner.name, "", action if carries else CITES, sentence)
            if found is not None:
                yield found

    def _named(self, name: Span, number: str, action: str, sentence: Span) -> Reference | None:
        words = "".join(self._text[name.start : name.end].split("\n")).strip()
        key = folded(words)
        meant = self._short_names.get(key)
        if meant is not None:
            return replace(meant, action=action, span=name, sentence=sentence)
        if not key or len(key) > _LONGEST or _KIND_ALONE.fullmatch(key):
            return None
        is_document = bool(number or (_DOCUMENT.search(key) and not _FORM.match(key)))
        return Reference(words, number, action, name, sentence, is_document)

    def _define(self, title: _Title, reference: Reference) -> None:
        """Keep the short name that a title is given: 《…》（以下简称《办法》）."""
        given = _SHORT_NAME.search(self._plain, title.closed, title.end)
        if given and given[1][0] not in "本该":
            self._short_names[folded(given[1].strip())] = reference

    def _bare(self, known: Container[str]) -> Iterator[Reference]:
        """Yield known titles without brackets, before an article or 规定: 依大學法第三條."""
        names = list(self._bare_names(known))
        article = self._in_article(names)
        for name in (name for name in names if name in article):
            sentence = self._sentences.around(name)
            action = self._action(sentence, name, sentence)
            words = self._text[name.start : name.end]
            yield Reference(words, "", action, name, sentence, is_document=False)

    def _bare_names(self, known: Container[str]) -> Iterator[Span]:
        for found in _BARE_END.finditer(self._plain):
            end = found.start()
            run = _HAN_RUN.search(self._plain, max(0, end - _LONGEST_BARE), end)
            start = _start_of_known(run[0], known) if run else None
            if run is not None and start is not None:
                yield Span(run.start() + start, end)

    def _action(self, near: Span, named: Span, sentence: Span) -> str:
        return action_on(self._plain, near, named, sentence, self._title)

    def _list(self, found: dict[Span, Reference]) -> None:
        """Give the items of lists of documents the action of their list; in one that repeals, an
        item without brackets is a title too: 1 | 某某办法 | 某政发〔2015〕6号."""
        spans = sorted(found)
        items = dict(listed_items(self._plain, self._title.value))
        for item in outside(list(items), self._exclusions):
            action = items[item]
            first = bisect_left(spans, (item.start, 0))
            inside = [found[span] for span in spans[first : first + 1] if span.end <= item.end]
            bare = self._bare_item(item) if action == REPEALS else None
            if bare is not None:
                number = inside[0].doc_number if inside and not inside[0].name else ""
                found.pop(inside[0].span, None) if number else None
                found[bare.span] = replace(bare, doc_number=number)
            elif inside and inside[0].action == CITES:
                found[inside[0].span] = replace(inside[0], action=action)

    def _bare_item(self, item: Span) -> Reference | None:
        words = _TO_NEXT.match(self._plain, item.start, item.end)
        if words is None:
            return None
        name = Span(item.start, item.start + len(words[0].rstrip("。;,、 ")))
        title = self._named(name, "", REPEALS, item)
        return title if title is not None and title.is_document else None


class _Sentences:
    """The sentences of a text, split a line at a time as they are asked for in order."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line = Span(0, 0)
        self._spans: tuple[Span, ...] = ()

    def around(self, span: Span) -> Span:
        """Return the sentence that a stretch stands in, or the sentences where it runs over."""
        first, last = self._at(span.start), self._at(span.end - 1)
        return Span(min(first.start, span.start), max(last.end, span.end))

    def _at(self, offset: int) -> Span:
        if not self._line.start <= offset < self._line.end:
            start = self._text.rfind("\n", 0, offset) + 1
            end = self._text.find("\n", offset)
            self._line = Span(start, len(self._text) if end < 0 else end)
            self._spans = split_sentences(self._text[self._line.start : self._line.end], start)
        at = bisect_right(self._spans, offset, key=lambda sentence: sentence.start) - 1
        return self._spans[at] if at >= 0 else Span(offset, offset)


def _start_of_known(run: str, known: Container[str]) -> int | None:
    """Return where the longest known title begins that ends a run of characters, unless it is
    the end of a longer name."""
    for at in range(len(run) - 1):
        if run[at:].startswith(_STATE):
            if normalise(run[at:]) in known:
                return at
        elif run[at:] in known and (at == 0 or run[at - 1] in _BEFORE_NAME):
            return at
    return None


def _titles(plain: str) -> Iterator[_Title]:
    """Yield what stands in 《》, with what stands in 〈〉, <> or 《》 inside it.

    A title may run over the end of one line.
    """
    stack: list[tuple[str, _Title]] = []
    line_ends = 0
    for found in _BRACKETS.finditer(plain):
        sign, at = found[0], found.start()
        if sign == "\n":
            line_ends += 1
            if line_ends > 1:
                stack.clear()
        elif sign == "《" or (stack and sign in "〈<"):
            if stack and at - stack[0][1].opened > _LONGEST:
                stack.clear()
            line_ends = line_ends if stack else 0
            stack.append((sign, _Title(at, at)))
        elif stack:
            title = _close(stack, "《" if sign == "》" else "〈<")
            if title is None:
                continue
            title.closed = at
            if stack:
                stack[-1][1].inner.append(title)
            elif at - title.opened <= _LONGEST:
                yield title


def _close(stack: list[tuple[str, _Title]], openers: str) -> _Title | None:
    """Take the nearest title that one of some brackets opened, and what was left open in it."""
    while any(opener in openers for opener, _ in stack):
        opener, title = stack.pop()
        if opener in openers:
            return title
    return None
