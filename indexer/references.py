"""What a text cites: titles in 《》 and 文号, where each stands, and what the text does with it."""

import re
from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace

from indexer.actions import (
    CITES,
    ISSUES,
    REPEALS,
    action_on,
    handing_on,
    listed_items,
    share_in_lists,
)
from indexer.bare_titles import bare_titles
from indexer.brackets import LONGEST, Bracketed, bracketed
from indexer.chunking import split_sentences
from indexer.doc_number import find_doc_numbers
from indexer.mentions import BareTitle, Item, Mention, Mentions
from indexer.naming import normalise
from indexer.records import Document, Field, Reference, Span
from indexer.text import folded, outside, simplify
from indexer.title import KINDS

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

_TO_NEXT = re.compile("[^|(《\n]+")  # the first words of a list's item
_HERE = re.compile("现将|现予|现印发|现公布|现发布|印发给")
_ORGAN_END = re.compile("(?:政府|办公[室厅]|[局委厅部院会署]|法院|检察院)$")
_ABOUT = re.compile("[关關]")  # of 关于
_BEFORE = 60  # characters before a title in which its issuer stands


def read_references(
    document: Document, titles: Container[str] = frozenset()
) -> tuple[Reference, ...]:
    """Return what a document's text cites, in the order in which it stands there.

    `titles` are normalised titles that are known without brackets too: 依照刑法第六条. What stands
    outside the article is not looked at. A name that has not the form of a document's
    (`is_document` false) is that of one only if the corpus has it.
    """
    return tuple(mention.reference for mention in read_mentions(document).among(titles))


def read_mentions(document: Document) -> Mentions:
    """Return what a document's text cites, whatever titles there are."""
    return _Reading(document).mentions()


class _Reading:
    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._plain = simplify(document.text)
        self._exclusions = sorted(exclusion.span for exclusion in document.exclusions)
        self._sentences = _Sentences(document.text)
        title = document.header.title
        self._title = Field(simplify(document.title), title.span if title else Span(0, 0))
        self._short_names: dict[str, Reference] = {}

    def mentions(self) -> Mentions:
        titles = list(bracketed(self._plain))
        article = self._in_article([title.name for title in titles])
        titles = [title for title in titles if title.name in article]
        for title in titles:
            note = _NOTE.match(self._plain, title.closed + 1)
            title.end = note.end() if note else title.closed + 1
        alone = list(self._attach_numbers(titles))
        named = [r for group in self._by_sentence(titles) for r in self._in_sentence(group)]
        printed = {reference.span: reference for reference in (*alone, *named)}
        return Mentions(
            tuple(self._mention(printed[span]) for span in sorted(printed)),
            tuple(self._bare()),
            tuple(self._items()),
        )

    def _mention(self, reference: Reference) -> Mention:
        """Return a reference with what its sentence says of who issued or hands out its document:
        最高人民法院《关于…》, 现将《…》印发给你们."""
        end, sentence = reference.span.start, reference.sentence
        issuer = ""
        if _ABOUT.search(reference.name):  # no other name leaves its issuer to stand before it
            before = normalise(self._text[max(sentence.start, end - _BEFORE) : end])
            issuer = before if _ORGAN_END.search(before) else ""
        hands_out = reference.action == ISSUES and bool(
            _HERE.search(simplify(self._text[sentence.start : sentence.end]))
        )
        return Mention(reference, issuer, hands_out)

    def _in_article(self, spans: Sequence[Span]) -> set[Span]:
        """Return those of some stretches, in order, that nothing excluded touches."""
        return set(outside(spans, self._exclusions))

    def _attach_numbers(self, titles: Sequence[Bracketed]) -> Iterator[Reference]:
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

    def _by_sentence(self, titles: Sequence[Bracketed]) -> Iterator[list[Bracketed]]:
        """Yield the titles of each sentence; a short name in the note that defines it cites
        nothing."""
        group: list[Bracketed] = []
        for title in titles:
            if group and title.opened < group[-1].end:
                continue
            if group and title.opened >= self._sentences.around(group[-1].name).end:
                yield group
                group = []
            group.append(title)
        if group:
            yield group

    def _in_sentence(self, group: Sequence[Bracketed]) -> Iterator[Reference]:
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

    def _inner(self, title: Bracketed, action: str, sentence: Span) -> Iterator[Reference]:
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
        if not key or len(key) > LONGEST or _KIND_ALONE.fullmatch(key):
            return None
        is_document = bool(number or (_DOCUMENT.search(key) and not _FORM.match(key)))
        return Reference(words, number, action, name, sentence, is_document)

    def _define(self, title: Bracketed, reference: Reference) -> None:
        """Keep the short name that a title is given: 《…》（以下简称《办法》）."""
        given = _SHORT_NAME.search(self._plain, title.closed, title.end)
        if given and given[1][0] not in "本该":
            self._short_names[folded(given[1].strip())] = reference

    def _bare(self) -> Iterator[tuple[BareTitle, ...]]:
        """Yield what may be a title without brackets, before an article or 规定: 依大學法第三條."""
        ends = list(bare_titles(self._plain))
        article = self._in_article(sorted({span for spans in ends for span, _ in spans}))
        for spans in ends:
            if any(span in article for span, _ in spans):
                yield tuple(
                    BareTitle(key, self._bare_mention(span) if span in article else None)
                    for span, key in spans
                )

    def _bare_mention(self, name: Span) -> Mention:
        sentence = self._sentences.around(name)
        action = self._action(sentence, name, sentence)
        words = self._text[name.start : name.end]
        return self._mention(Reference(words, "", action, name, sentence, is_document=False))

    def _action(self, near: Span, named: Span, sentence: Span) -> str:
        return action_on(self._plain, near, named, sentence, self._title)

    def _items(self) -> Iterator[Item]:
        actions = dict(listed_items(self._plain, self._title.value))
        for item in outside(list(actions), self._exclusions):
            title = self._bare_item(item) if actions[item] == REPEALS else None
            yield Item(item, actions[item], self._mention(title) if title else None)

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
