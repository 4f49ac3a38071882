"""The places that a question names: those that the corpus has documents of, and the others."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache

from indexer.division import division, short_names, stem
from indexer.places import SHORT_LENGTHS, distinct_name, find_formed, find_places, lies_in, parents
from indexer.records import Span
from indexer.terms import content_words, is_common_noun, is_ordinary_word

_ASKED_PLACE = re.compile(
    "(?:^|[,，、和与及在对])([\u4e00-\u9fff]{2,4}?)(省|市|县|区|州)(?![域级内外直委])"
)
_TAKEN = "，"


@dataclass(frozen=True, slots=True)
class Asked:
    """A place that a question names: `name` is its present name, `span` where it is named."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Regions:
    """The places of a question that the corpus has documents of, or regions around them; those
    that it has none of, as written; and the question without any of them."""

    known: tuple[str, ...]
    unknown: tuple[str, ...]
    rest: str


def find_regions(plain: str, localities: Collection[str]) -> Regions:
    """Return the places that a simplified question names; `localities` are those of the corpus."""
    regions = sorted({r for name in localities for r in (name, *parents(name))})
    rest = plain
    asked: list[Asked] = []
    for find in _FINDERS:
        for each in find(rest, regions):
            if _TAKEN not in rest[each.span.start : each.span.end]:
                asked.append(each)
                rest = _blank(rest, each.span)
    for each in [lower for region in asked for lower in _lower_short(rest, region)]:
        asked.append(each)
        rest = _blank(rest, each.span)
    asked = _joined(asked)
    known = [a.name for a in asked if _is_known(a.name, localities)]
    unknown = [plain[slice(*a.span)] for a in asked if not _is_known(a.name, localities)]
    return Regions(tuple(dict.fromkeys(known)), tuple(dict.fromkeys(unknown)), rest)


def _is_known(name: str, localities: Collection[str]) -> bool:
    return any(lies_in(locality, name) for locality in localities)


def _joined(asked: list[Asked]) -> list[Asked]:
    """Return the places without the regions that a name goes on from: 云南施甸 asks for 施甸县
    alone, 北京朝阳区 for that 朝阳区."""
    joined: list[Asked] = []
    for each in sorted(asked, key=lambda each: each.span):
        before = joined[-1] if joined else None
        if before and before.span.end == each.span.start:
            inside = (each.name, before.name + each.name)
            name = next((name for name in inside if before.name in parents(name)), None)
            if name:
                joined[-1] = Asked(name, Span(before.span.start, each.span.end))
                continue
        joined.append(each)
    return joined


def _blank(text: str, span: Span) -> str:
    return text[: span.start] + _TAKEN * (span.end - span.start) + text[span.end :]


def _occurrences(text: str, form: str, name: str) -> Iterator[Asked]:
    return (Asked(name, Span(*found.span())) for found in re.finditer(re.escape(form), text))


def _corpus_names(rest: str, regions: Collection[str]) -> Iterator[Asked]:
    """Yield the corpus's own places by full name, longest first; invented ones are among them."""
    for name in sorted(regions, key=len, reverse=True):
        yield from _occurrences(rest, name, name)


def _full_names(rest: str, regions: Collection[str]) -> Iterator[Asked]:
    """Yield places of the division by full name, former ones (江川县) by what they are now; where
    there is none, an invented one."""
    named = list(find_places(rest, 0, len(rest)))
    formed = None if named else find_formed(rest)
    for each in (*named, *filter(None, [formed])):
        yield Asked(distinct_name(each.place.name, each.place.parents), each.span)


def _corpus_shorts(rest: str, regions: Collection[str]) -> Iterator[Asked]:
    """Yield the corpus's own places by short name, the larger first: 吉林 asks for the province."""
    for name in sorted(regions, key=lambda name: (len(parents(name)), -len(name))):
        if not is_ordinary_word(stem(name)):
            yield from _occurrences(rest, stem(name), name)


def _other_shorts(rest: str, regions: Collection[str]) -> Iterator[Asked]:
    """Yield provinces and cities by short name: 北京, 内蒙古, 大理."""
    for short in sorted(_short_forms() & set(content_words(rest))):
        yield from _occurrences(rest, short, short_names()[short][0].name)


@cache
def _short_forms() -> frozenset[str]:
    return frozenset(
        short
        for name, places in division().items()
        if not name.endswith(("县", "区", "旗")) or name.endswith(("自治区", "地区"))
        if len(places[0].parents) <= 1 and len(short := stem(name)) >= 2
        if not is_common_noun(short)
    )


def _formed_names(rest: str, regions: Collection[str]) -> Iterator[Asked]:
    """Yield invented-looking places by form, common nouns left out (贫困县 is no place)."""
    for match in _ASKED_PLACE.finditer(rest):
        if _is_name(match[1]):
            yield Asked(match[1] + match[2], Span(match.start(1), match.end(2)))


def _is_name(stem_of_place: str) -> bool:
    if re.search("[各全我本该每哪些几某个]", stem_of_place) or is_common_noun(stem_of_place):
        return False
    parts = content_words(stem_of_place)
    return not any(len(part) > 1 and is_common_noun(part) for part in parts)


def _lower_short(rest: str, region: Asked) -> Iterator[Asked]:
    """Yield the place whose short name stands right after a region's: 施甸 in 云南施甸."""
    at = region.span.end
    for length in SHORT_LENGTHS:
        short = rest[at : at + length]
        inside = [p for p in short_names().get(short, ()) if region.name in p.parents]
        if len(inside) == 1 and not is_ordinary_word(short) and not is_common_noun(short):
            yield Asked(distinct_name(inside[0].name, inside[0].parents), Span(at, at + length))
            return


_FINDERS: tuple[Callable[[str, Collection[str]], Iterator[Asked]], ...] = (
    _corpus_names,
    _full_names,
    _corpus_shorts,
    _other_shorts,
    _formed_names,
)
