"""The automatic numbers of a Word file: text that people cite and that no run of text holds.

Definitions and counting follow ECMA-376 part 1, 17.9; the forms of numbers are in `numerals`.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from indexer.readers.numerals import is_form, write_number
from indexer.readers.package import Element
from indexer.readers.symbols import is_unknown, read_symbol
from indexer.readers.word_markup import W, integer_of, is_on, value_of

_PLACE = re.compile("%([1-9])")
_WIDE_END = "、，。．：；）】〕」》"  # wide punctuation has room of its own behind it
_BULLET = "•"
_LEVELS = 9
_LONGEST_LINK = 4  # Word itself writes links of one step; a circle must end


@dataclass(frozen=True, slots=True)
class Level:
    """How the paragraphs of one level are numbered."""

    start: int = 0  # 17.9.25: where it is not said, zero
    form: str = "decimal"
    pattern: str = ""
    suffix: str = "tab"
    restart: int | None = None  # the level (from 1) whose use restarts this one; 0 for none
    is_legal: bool = False  # numbers of all levels stand in Arabic digits
    is_hidden: bool = False
    style: str = ""  # the paragraph style that is numbered at this level
    font: str = ""


@dataclass(frozen=True, slots=True)
class _List:
    """A w:num: the abstract numbering that it counts in, with what it overrides there."""

    abstract: str
    levels: Mapping[int, Level]
    starts: Mapping[int, int]  # w:startOverride by level


class Numbering:
    """The definitions in numbering.xml."""

    def __init__(
        self, root: Element | None = None, linked: Mapping[str, str] | None = None
    ) -> None:
        """`linked` gives the w:num of each numbering style."""
        self._lists: dict[str, _List] = {}
        self.unknown_forms: set[str] = set()
        if root is None:
            return
        abstracts = {value_of(a, "abstractNumId"): a for a in root.iterfind(f"{W}abstractNum")}
        nums = {value_of(num, "numId"): num for num in root.iterfind(f"{W}num")}
        levels = {identity: _levels(abstract) for identity, abstract in abstracts.items()}
        for identity, num in nums.items():
            abstract = _abstract_of(num, abstracts, nums, linked or {})
            if abstract in abstracts:
                self._lists[identity] = _overridden(abstract, levels[abstract], num)

    def level_of_style(self, num: str, styles: Iterable[str]) -> int | None:
        """Return the level that the first of some styles is numbered at, if any is."""
        levels = self._lists[num].levels if num in self._lists else {}
        named = {level.style: at for at, level in levels.items() if level.style}
        return next((named[style] for style in styles if style in named), None)

    def find(self, num: str) -> _List | None:
        return self._lists.get(num)


class Counter:
    """Counts the numbered paragraphs of one story (the body, the text boxes, the notes)."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._counts: dict[str, dict[int, int]] = {}  # by abstract numbering, then by level
        self._begun: set[tuple[str, int]] = set()

    def next(self, num: str, at: int) -> str:
        """Return the number of the next paragraph, with what divides it from the words.

        Lists of one abstract numbering go on counting each other's paragraphs; a list with a
        start of its own begins with that.
        """
        found = self._numbering.find(num)
        level = found.levels.get(at) if found else None
        if found is None or level is None:
            return ""
        counts = self._counts.setdefault(found.abstract, {})
        if at in found.starts and (num, at) not in self._begun:
            counts[at] = found.starts[at]
        elif at in counts:
            counts[at] += 1
        else:
            counts[at] = _start(found, at)
        self._begun.add((num, at))
        for above in range(at):
            counts.setdefault(above, _start(found, above))
        for below in [below for below in counts if below > at]:
            if _restarts(found.levels.get(below), at):
                del counts[below]
        return "" if level.is_hidden else self._printed(level, found.levels, counts)

    def _printed(self, level: Level, levels: Mapping[int, Level], counts: Mapping[int, int]) -> str:
        if level.form == "bullet":
            words = "".join(read_symbol(character, level.font) for character in level.pattern)
            words = "".join(_BULLET if is_unknown(character) else character for character in words)
            return _spaced(words.strip() or _BULLET, level.suffix)

        def number(place: re.Match[str]) -> str:
            at = int(place[1]) - 1
            if at not in counts or at not in levels:
                return ""
            form = "decimal" if level.is_legal else levels[at].form
            if not is_form(form):
                self._numbering.unknown_forms.add(form)
            return write_number(counts[at], form)

        return _spaced(_PLACE.sub(number, level.pattern), level.suffix)


def _start(found: _List, at: int) -> int:
    level = found.levels.get(at)
    return found.starts.get(at, level.start if level else 0)


def _restarts(level: Level | None, used: int) -> bool:
    """Tell whether a level begins anew after a higher one was used (17.9.10)."""
    restart = level.restart if level else None
    return restart is None or used < restart


def _spaced(number: str, suffix: str) -> str:
    """Return a number with the gap that Word leaves behind it."""
    if suffix == "nothing" or not number or number[-1] in _WIDE_END:
        return number
    wide = unicodedata.east_asian_width(number[-1]) in "WF"
    return number + ("\u3000" if wide else " ")


def _abstract_of(
    num: Element,
    abstracts: Mapping[str, Element],
    nums: Mapping[str, Element],
    linked: Mapping[str, str],
) -> str:
    """Return the abstract numbering of a w:num; one may stand for a numbering style's."""
    for _ in range(_LONGEST_LINK):
        identity = value_of(num.find(f"{W}abstractNumId"))
        abstract = abstracts.get(identity)
        link = "" if abstract is None else value_of(abstract.find(f"{W}numStyleLink"))
        if not link or linked.get(link) not in nums:
            return identity
        num = nums[linked[link]]
    return ""


def _overridden(abstract: str, levels: Mapping[int, Level], num: Element) -> _List:
    levels, starts = dict(levels), {}
    for override in num.iterfind(f"{W}lvlOverride"):
        levels |= _levels(override)
        start = integer_of(override.find(f"{W}startOverride"))
        if start is not None:
            starts[_at(override)] = start
    return _List(abstract, levels, starts)


def _levels(parent: Element) -> dict[int, Level]:
    found = {_at(level): _level(level) for level in parent.iterfind(f"{W}lvl")}
    return {at: level for at, level in found.items() if 0 <= at < _LEVELS}


def _level(element: Element) -> Level:
    fonts = element.find(f"{W}rPr/{W}rFonts")
    suffix = element.find(f"{W}suff")
    return Level(
        start=integer_of(element.find(f"{W}start")) or 0,
        form=_form(element),
        pattern=value_of(element.find(f"{W}lvlText")),
        suffix="tab" if suffix is None else value_of(suffix),
        restart=integer_of(element.find(f"{W}lvlRestart")),
        is_legal=is_on(element.find(f"{W}isLgl")),
        is_hidden=is_on(element.find(f"{W}rPr/{W}vanish")),
        style=value_of(element.find(f"{W}pStyle")),
        font="" if fonts is None else fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or "",
    )


def _form(level: Element) -> str:
    """Return the form of a level's number; one that is made to order is 001, 002 or the like."""
    forms = list(level.iter(f"{W}numFmt"))
    for form in forms:
        pattern = form.get(f"{W}format", "").partition(",")[0]
        if value_of(form) == "custom" and pattern.isdecimal():
            return f"0{len(pattern)}"
    return next((value for value in map(value_of, forms) if value not in ("", "custom")), "decimal")


def _at(element: Element) -> int:
    return integer_of(element, "ilvl") or 0
