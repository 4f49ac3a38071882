"""What the styles of a Word file say of its paragraphs: headings, titles, numbers, hidden text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.readers.package import Element
from indexer.readers.word_markup import W, integer_of, is_on, value_of

# Word and WPS write built-in names in English whatever their language; other writers do not.
_HEADING = re.compile(r"(?:heading|标题|標題) ?([1-9])", re.IGNORECASE)
_TITLE = re.compile("title|标题|標題", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|目录|目錄) ?(?:[1-9]|heading|标题|標題)", re.IGNORECASE)
_DEEPEST = 9  # levels of an outline; w:outlineLvl 9 is body text


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """A style with what it inherits. `family` is it and the styles that it is based on."""

    family: tuple[str, ...] = ()
    level: int = 0
    is_title: bool = False
    is_contents: bool = False
    num: str = ""
    at: int | None = None  # the level of numbering that the style itself asks for
    is_hidden: bool = False


class Styles:
    """The styles in styles.xml; any of them may be missing."""

    def __init__(self, root: Element | None) -> None:
        self._elements: dict[str, Element] = {}
        self._found: dict[str, ParagraphStyle] = {}
        self._default = ""
        self.numbering: dict[str, str] = {}  # the w:num of each numbering style
        for style in () if root is None else root.iterfind(f"{W}style"):
            identity = value_of(style, "styleId")
            self._elements[identity] = style
            kind = value_of(style, "type")
            if kind == "paragraph" and value_of(style, "default") in ("1", "true"):
                self._default = identity
            if kind == "numbering":
                self.numbering[identity] = value_of(style.find(f"{W}pPr/{W}numPr/{W}numId"))

    def of(self, identity: str) -> ParagraphStyle:
        """Return a style by its id; "" asks for the default paragraph style."""
        identity = identity or self._default
        if identity not in self._found:
            self._found[identity] = self._read(identity)
        return self._found[identity]

    def _read(self, identity: str) -> ParagraphStyle:
        family = dict(self._family(identity))
        names = [value_of(style.find(f"{W}name")) for style in family.values()]
        level = next((level for level in map(_level, family.values()) if level is not None), 0)
        hidden = (style.find(f"{W}rPr/{W}vanish") for style in family.values())
        return ParagraphStyle(
            family=tuple(family),
            level=level,
            is_title=not level and any(_TITLE.fullmatch(name) for name in names),
            is_contents=any(_CONTENTS.fullmatch(name) for name in names),
            num=self._first(family, f"{W}pPr/{W}numPr/{W}numId") or "",
            at=_integer(self._first(family, f"{W}pPr/{W}numPr/{W}ilvl")),
            is_hidden=is_on(next((vanish for vanish in hidden if vanish is not None), None)),
        )

    def _family(self, identity: str) -> Iterator[tuple[str, Element]]:
        seen: set[str] = set()
        while identity in self._elements and identity not in seen:
            seen.add(identity)
            yield identity, self._elements[identity]
            identity = value_of(self._elements[identity].find(f"{W}basedOn"))

    @staticmethod
    def _first(family: dict[str, Element], path: str) -> str | None:
        """Return what the nearest style says that says it at all."""
        found = (style.find(path) for style in family.values())
        return next((value_of(element) for element in found if element is not None), None)


def _level(style: Element) -> int | None:
    """Return the outline level from 1 that a style itself has, 0 for body text, None unsaid."""
    outline = integer_of(style.find(f"{W}pPr/{W}outlineLvl"))
    if outline is not None:
        return outline_level(outline)
    heading = _HEADING.fullmatch(value_of(style.find(f"{W}name")))
    return int(heading[1]) if heading else None


def outline_level(value: int) -> int:
    """Return the level of a heading, from 1, that w:outlineLvl means; 0 for body text."""
    return value + 1 if 0 <= value < _DEEPEST else 0


def _integer(value: str | None) -> int | None:
    return int(value) if value and value.isdecimal() and len(value) == 1 else None
