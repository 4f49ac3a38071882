"""Where a quote stands, said the way officials cite: 第三部分第（二）条, 第五条第二款第（三）项.

Every word of it is the document's own number or heading, or the noun of its level. A place is said
only as far as it is sure: where a number stands twice, where a paragraph may as well close the
whole as belong to the last item, or where lines may not be paragraphs, it ends at the level above.
"""

from bisect import bisect_right
from functools import lru_cache
from itertools import takewhile

from indexer.records import Document, Span
from retrieval.articles import place_in_article
from retrieval.numbering import Mark, Rank, is_quoted, read_inline_mark, read_mark
from retrieval.official_outline import STOPS, Outline, Steps

# Elements of an official document that are no part of its sections (GB/T 9704-2012, 7.2 to 7.4).
_ELEMENTS = {
    "title": "标题", "doc_number": "发文字号", "index_number": "索引号",
    "issued_on": "成文日期", "published_on": "发布日期", "copy_number": "份号",
    "secrecy": "密级和保密期限", "urgency": "紧急程度", "signer": "签发人",
    "addressee": "主送机关", "annex_note": "附件说明", "signature": "发文机关署名",
    "note": "附注", "copied_to": "抄送机关", "printed_by": "印发机关", "printed_on": "印发日期",
}  # fmt: skip
_TAIL = ("annex_note", "signature", "note", "copied_to", "printed_by", "printed_on")  # below a text


def official_place(document: Document, span: Span) -> str:
    """Return where a quote stands, in the document's script; "" where that is not sure."""
    if any(each.span.overlaps(span) for each in document.exclusions):
        return ""
    places = _places_of(document)
    for name, said in _ELEMENTS.items():
        field = getattr(document.header, name)
        if field is not None and field.span.contains(span):
            return places.outline.say(said)
    if "\n" not in document.text[slice(*span)]:
        return "".join(places.steps_to(span))
    first = places.steps_to(Span(span.start, span.start + 1))
    last = places.steps_to(Span(span.end - 1, span.end))
    shared = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return "".join(step for step, _ in shared)


@lru_cache(maxsize=64)  # the quotes of an answer come from a document of each province
def _places_of(document: Document) -> "_Places":
    return _Places(document)


def section_at(document: Document, offset: int) -> int:
    """Return the innermost section that an offset lies in, -1 for none."""
    sections = document.sections
    found = bisect_right(sections, offset, key=lambda section: section.span.start) - 1
    while found >= 0 and sections[found].span.end <= offset:
        found = sections[found].parent
    return found


class _Places:
    """An outline, and how far down it is sure for each offset."""

    def __init__(self, document: Document) -> None:
        self.outline = Outline(document)
        self._document = document
        self._text = document.text
        self._sections = document.sections
        fields = (getattr(document.header, name) for name in _TAIL)
        self._tail = sorted(field.span.start for field in fields if field)

    def steps_to(self, span: Span) -> Steps:
        """Return the steps that surely lead to words of one line."""
        chain = self.outline.chain(section_at(self._document, span.start))
        if not chain or self._is_below_text(chain[0], span.start):
            return ()
        articles = [n for n in chain if self.outline.rank(n) == Rank.ARTICLE]
        return (
            self._steps_in_article(articles[-1], span)
            if articles
            else self._steps_in_part(chain, span)
        )

    def _steps_in_article(self, article: int, span: Span) -> Steps:
        steps = self.outline.steps[article]
        own = self._sections[article]
        start = own.heading_span.end  # the number alone
        lines = self.outline.lines(Span(start, max(start, self._end_of_text(start, own.span.end))))
        if not lines or article in self.outline.lost:
            return steps
        further = range(article + 1, len(self._sections))
        is_last = not any(self.outline.rank(n) == Rank.ARTICLE for n in further)
        start = max(span.start, lines[0].start)  # the number belongs to the first paragraph
        inside = place_in_article(self._document, lines, Span(start, span.end), is_last)
        return steps[:-1] if inside is None else (*steps, *map(self.outline.say, inside))

    def _steps_in_part(self, chain: list[int], words: Span) -> Steps:
        """Return the steps to a paragraph of a notice that counts 一、 （一） 1."""
        span = self._sections[chain[-1]].span
        inside = [line for line in self.outline.lines(span) if line.start <= words.start]
        if not inside:
            return ()
        own, below = inside[-1], inside[1:]
        marked = [(line, mark) for line in below if (mark := self._mark_at(line))]
        if marked:  # an item that is too long to be a heading
            line, mark = marked[-1]
            while chain and not self._is_above(chain[-1], mark):
                chain.pop()
            is_only = line == own and chain and self._is_only(mark, chain[-1])
            return self._extended(chain, mark if is_only else None)
        is_first = len(below) == 1
        while below and chain and self._may_close(chain[-1], own, is_first):
            chain.pop()
            is_first = False
        before, said = self._text[own.start : words.start], self._text[slice(*words)]
        inline = read_inline_mark(before, said)
        is_below = inline is not None and all(self._is_above(n, inline) for n in chain)
        return self._extended(chain, inline if is_below else None)

    def _extended(self, chain: list[int], mark: Mark | None) -> Steps:
        """Return the steps to the last section of a chain, and to a number below it."""
        if not chain:
            return ()
        return self.outline.below(chain[-1], mark) if mark else self.outline.steps[chain[-1]]

    def _is_above(self, section: int, mark: Mark) -> bool:
        rank = self.outline.rank(section)
        return rank is None or rank < mark.rank

    def _is_only(self, mark: Mark, section: int) -> bool:
        """Tell whether no other line of a section begins with the same number."""
        lines = self.outline.lines(self._sections[section].span)
        marks = [found for line in lines if (found := self._mark_at(line))]
        return sum((m.rank, m.core) == (mark.rank, mark.core) for m in marks) == 1

    def _may_close(self, section: int, line: Span, is_first: bool) -> bool:
        """Tell whether a paragraph below a heading may as well stand outside its section.

        Between two items it does not. Below the last it may, where the item is a paragraph itself,
        and where it is the last paragraph of the text, which often closes the whole.
        """
        if section in self.outline.roots:
            return False
        own, mark = self._sections[section], self.outline.marks[section]
        after = range(section + 1, len(self._sections))
        follows = next((n for n in after if self._sections[n].parent == own.parent), None)
        below = self.outline.marks[follows] if follows is not None else None
        heading = self.outline.lines(own.span)[0]
        is_paragraph = mark is not None and bool(STOPS & set(self._text[slice(*heading)]))
        if follows is None:
            return is_paragraph or (not is_first and self._is_closing(line))
        if not mark or not below or mark.rank != below.rank or mark.rank <= Rank.ARTICLE:
            return False
        return mark.count >= below.count and (is_paragraph or not is_first)  # another list begins

    def _is_closing(self, line: Span) -> bool:
        """Tell the last paragraph of a text, and the one that says when it takes effect."""
        effect = self._document.header.effect
        if effect and line.end > effect.span.start:
            return True
        end = self._sections[section_at(self._document, line.start)].span.end
        return not self.outline.lines(Span(line.end, self._end_of_text(line.end, end)))

    def _end_of_text(self, start: int, end: int) -> int:
        """Return where the signature, or what else ends a text, begins between two offsets."""
        return min(end, next((at for at in self._tail if at > start), end))

    def _is_below_text(self, outermost: int, offset: int) -> bool:
        """Tell whether the end of a text lies between its first section and an offset."""
        first = outermost if outermost in self.outline.roots else 0
        return any(self._sections[first].span.start < at <= offset for at in self._tail)

    def _mark_at(self, line: Span) -> Mark | None:
        """Return the number of an item that a line begins with."""
        mark = read_mark(self._text[slice(*line)])
        if mark is None or mark.rank < Rank.PART or is_quoted(self._text, line.start):
            return None
        return None if self._document.row_of(line) else mark
