"""The sections of a notice, called as officials call them: 《…方案》第三部分第（二）条.

A section is told from every other one: an article by its number alone where that stands there
once, because articles count through; a number that comes twice, with the heading around it or with
its own. Words of ours are in the document's script, headings as they are printed.
"""

import re
from collections import Counter
from collections.abc import Sequence

from indexer.records import Document, Span
from indexer.script import TRADITIONAL, script_of
from indexer.text import lines as lines_of
from indexer.text import outside, simplify
from retrieval.numbering import Mark, Rank, is_quoted, read_mark
from retrieval.titles import in_title_marks

STOPS = set("。；;！!？?")
_TRADITIONAL = str.maketrans("条项点标题发号关签级页", "條項點標題發號關簽級頁")
_TELLING = 20_000  # characters that tell the script of a document
_SIGNED_ABOVE = 30  # lines above a plan among which the notice's signature stands
_WITHIN = str.maketrans("“”", "‘’")  # a quotation in a quotation
_BULLETS = re.compile(r"^[■●◆▲★—#*\s]+|[#*\s]+$")
_NAME_MAX = 40  # characters of a heading that names its section; a question may have 120
_DIVISION = "编章节"
_NOUNS = {
    Rank.DIVISION: _DIVISION,
    Rank.CLAUSE: "条",
    Rank.POINT: "点",
    Rank.ITEM: "项",
    Rank.ENTRY: "目",
}

Steps = tuple[str, ...]


def own_script(document: Document) -> dict[int, int]:
    """Return the table that writes our words as a document writes its own."""
    return _TRADITIONAL if script_of(document.text[:_TELLING]) == TRADITIONAL else {}


class Outline:
    """The sections of a document, each by its position, and what they are called.

    `marks` are their numbers: None for a heading without one, and for one inside a quotation,
    which is a number of what is quoted. `roots` are the plans and annexes that the notice carries,
    `steps` what leads to each section, the largest first, or as far as it could be told from every
    other section: those in `lost` could not.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._text = document.text
        self._sections = document.sections
        self._script = own_script(document)
        starts = [section.span.start for section in self._sections]
        self._quoted = {n for n, start in enumerate(starts) if is_quoted(self._text, start)}
        self.marks = [
            None if n in self._quoted else read_mark(section.number)
            for n, section in enumerate(self._sections)
        ]
        self.roots = {n for n in range(len(self._sections)) if self._is_root(n)}
        self._above = self._find_above()
        self._with_items = {
            above for above, mark in zip(self._above, self.marks, strict=True) if mark
        }
        self._nouns: list[str] = []
        self.steps: list[Steps] = []
        self.lost: set[int] = set()
        self._name_sections()

    def say(self, words: str) -> str:
        """Return words of ours in the document's script."""
        return words.translate(self._script)

    def chain(self, n: int) -> list[int]:
        """Return a section and those around it, the largest first."""
        chain: list[int] = []
        while n >= 0:
            chain.append(n)
            n = self._sections[n].parent
        return chain[::-1]

    def rank(self, n: int) -> Rank | None:
        mark = self.marks[n]
        return mark.rank if mark else None

    def lines(self, span: Span) -> list[Span]:
        """Return the lines of a stretch that are the notice's own."""
        found = lines_of(self._text[slice(*span)])
        moved = [Span(line.start + span.start, line.end + span.start) for line in found]
        return outside(moved, [each.span for each in self._document.exclusions])

    def below(self, n: int, mark: Mark) -> Steps:
        """Return the steps to a section and to a number in it that is no heading."""
        if n in self.lost or self.marks[n] is None:
            return self.steps[n]
        return (*self.steps[n], self.say(mark.said_as(self._noun(mark, self._nouns[n]))))

    def _find_above(self) -> list[int]:
        """Return for each section the numbered one or the plan around it, -1 for none; for an
        article whose number stands there but once, the plan, because its articles count through."""
        plans = [
            next((n for n in self.chain(n) if n in self.roots), -1) for n in range(len(self.marks))
        ]
        numbers = Counter(
            (plan, mark.core) for plan, mark in zip(plans, self.marks, strict=True) if mark
        )
        return [
            plans[n]
            if mark and mark.rank == Rank.ARTICLE and numbers[plans[n], mark.core] == 1
            else next((a for a in self.chain(n)[-2::-1] if self.marks[a] or a in self.roots), -1)
            for n, mark in enumerate(self.marks)
        ]

    def _name_sections(self) -> None:
        groups: dict[int, list[int]] = {}
        for n, mark in enumerate(self.marks):
            if mark or n in self.roots:
                groups.setdefault(self._above[n], []).append(n)
        lists = {n for group in groups.values() for n in self._list_in(group)}
        labels: dict[int, str] = {}
        for n, mark in enumerate(self.marks):
            above = self._above[n]
            around = self._nouns[above] if above >= 0 else ""
            self._nouns.append("条" if n in lists else self._noun(mark, around) if mark else "")
            if mark or n in self.roots:
                labels[n] = self._label(n)
        for group in groups.values():
            for tell in (self._told_apart, lambda n, label: ""):
                seen = Counter(labels[n] for n in group)
                labels |= {n: tell(n, labels[n]) for n in group if seen[labels[n]] > 1}
        for n, mark in enumerate(self.marks):
            above = self._above[n]
            before = self.steps[above] if above >= 0 else ()
            step = labels.get(n, "")
            if above in self.lost or (mark and not step):
                self.lost.add(n)
                step = ""
            elif n not in labels and n not in self._quoted and (above < 0 or above in self.roots):
                step = f"{heading}部分" if (heading := self._heading_of(n)) else ""
            self.steps.append((*before, step) if step else before)

    def _noun(self, mark: Mark, around: str) -> str:
        """Return what a level is called, by its number and by the noun of the level around it."""
        if mark.rank == Rank.PART:
            return "条" if around == _DIVISION else "部分"
        if mark.rank == Rank.CLAUSE and around == "条":
            return "项"
        return _NOUNS.get(mark.rank, "")

    def _label(self, n: int) -> str:
        mark = self.marks[n]
        if mark is not None:
            return self.say(mark.said_as(self._nouns[n]))
        title = "".join(self._heading(n).split("\n")).strip("#* ")
        return "" if simplify(title) == simplify(self._document.title) else in_title_marks(title)

    def _told_apart(self, n: int, label: str) -> str:
        """Return a name for a section whose number another one has too: with the heading above it
        that has no number, else with its own."""
        around = [a for a in self.chain(n)[:-1] if a > self._above[n] and a not in self._quoted]
        if around:
            return self._heading_of(around[-1]) + label
        return label + self._heading_of(n)

    def _heading_of(self, n: int) -> str:
        """Return the heading of a section without its number, in quotation marks."""
        mark, heading = self.marks[n], self._heading(n)
        words = " ".join(_BULLETS.sub("", heading[mark.width if mark else 0 :]).split())
        cut = f"{words[:_NAME_MAX]}……" if len(words) > _NAME_MAX else words
        return f"“{cut.translate(_WITHIN)}”" if cut else ""

    def _is_root(self, n: int) -> bool:
        """Tell the title of a plan that the notice has announced, or that follows its signature,
        and an annex."""
        section = self._sections[n]
        if section.parent >= 0 or (section.number and not section.is_annex):
            return False
        start = section.span.start
        name = "".join(self._heading(n).split())
        signature = self._document.header.signature
        signed = signature.span.end if signature else start + 1
        return (
            section.is_annex
            or f"《{name}》" in "".join(self._text[:start].split())
            or (signed <= start and self._text.count("\n", signed, start) <= _SIGNED_ABOVE)
        )

    def _list_in(self, group: Sequence[int]) -> set[int]:
        """Return the 一、 二、 of a group if each begins with a sentence: such are called 条."""
        parts = {n for n in group if self.rank(n) == Rank.PART}
        firsts = [self._text[slice(*self.lines(self._sections[n].span)[0])] for n in parts]
        are_said = all(STOPS & set(words) or words[-1] in ":：" for words in firsts)
        return parts if are_said and parts.isdisjoint(self._with_items) else set()

    def _heading(self, n: int) -> str:
        return self._text[slice(*self._sections[n].heading_span)]
