"""The places that a question names: those that the corpus has documents of, and the others."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from indexer.division import NATION, division, short_names, stem
from indexer.places import SHORT_LENGTHS, distinct_name, find_formed, find_places, parents
from indexer.records import Span
from indexer.terms import content_words, is_common_noun, is_ordinary_word, word_at

_ASKED_PLACE = re.compile(
    "(?:^|[,，、和与及在对])([\u4e00-\u9fff]{2,4}?)"
    "(省(?![级内外直委份会钱时力略去心油电])|县(?![域级内外直委城乡长])|州(?![级内外直委长])|"
    "市(?![级内外直委辖区场值面价容况盈]|民(?![政族宗办防营])|长(?![期效者]))|"
    "区(?![级内外直委域分间段位块别划长]))"
)
# 国家 is asked as a place only where the wording means what it issued: 国家机关 is a word.
_NATIONAL = re.compile(
    "(?:国家|中央|全国)层面|(?:国家|中央|国务院)(?:政策)?文件|"
    "(?:国家|中央|国务院|党中央)(?=(?:新|已经?)?(?:印发|出台|颁布|发布|下发)[了过的])"
)
# What no place is called: a preposition or a verb before it (被小区), a word between (最东的省).
_NO_START = (
    "在对去被从向把让给比将由到为且或是有无不非最第任于使令按据经以因跟同替老旧甲乙丙丁并而又"
)
_NO_MEMBER = re.compile("[省市县内外各全我本该每哪些几某个的了着过等一二三四五六七八九十]")
_BEFORE_PLACE = "在对向从于由到"
# 小区, 校区, 地区 and 超市, 城市, by the character before the last.
_COMMON = {
    "区": "小校社园片战辖山林景城厂矿牧农灾库郊市特学禁选疫居商军营太语地考赛",
    "市": "超城都门股楼房黑早夜集闹菜花车地省县州",
}
# Short names that are everyday words, or other names, as often as cities.
_NOT_BY_SHORT = frozenset("东方 中山 朝阳 阿里 海北 白银 白杨 新星 和田 文昌 山南".split())
_NO_SHORT_BEFORE = re.compile(
    "话(?!剧)|菜(?![篮市])|街(?!道)|路(?![网政桥况段面])|人(?=[^民口才均社大员力事工防行居]|$)"
)
MASK = "，"  # stands for what is not to be read again


@dataclass(frozen=True, slots=True)
class Asked:
    """A place that a question names: `name` is its present name, `span` where it is named."""

    name: str
    span: Span


def find_regions(plain: str, localities: Collection[str]) -> tuple[Asked, ...]:
    """Return the places that a simplified question names, in its order.

    `localities` are those of the corpus; what is masked with commas is nothing to be read.
    """
    regions = _regions_around(tuple(localities))
    rest = plain
    asked: list[Asked] = []
    for find in _FINDERS:
        for each in find(rest, regions):
            if MASK not in rest[each.span.start : each.span.end]:
                asked.append(each)
                rest = masked(rest, [each.span])
    for each in [lower for region in asked for lower in _lower_short(rest, region)]:
        asked.append(each)
        rest = masked(rest, [each.span])
    return tuple(_joined(asked))


def is_known(name: str, localities: Collection[str]) -> bool:
    """Tell whether the corpus has a document of a place, or of one in it."""
    return name in _known_names(tuple(localities))


@lru_cache(maxsize=8)  # of the index that is open, and of the one before it
def _regions_around(localities: tuple[str, ...]) -> tuple[str, ...]:
    """Return the places of a corpus and what they lie in, but for the nation."""
    return tuple(sorted({r for name in localities for r in (name, *parents(name))} - {NATION}))


@lru_cache(maxsize=8)
def _known_names(localities: tuple[str, ...]) -> frozenset[str]:
    """Return every name by which `lies_in` knows a place of the corpus: 朝阳区 is 北京市朝阳区."""
    names = set(localities)
    for locality in localities:
        around = parents(locality)
        names.update(around, (locality.removeprefix(name) for name in around[-1:]))
    return frozenset(names)


def at_level(names: Sequence[str], level: str) -> list[str]:
    """Return the places of a level (省, 市 or 县); all of them where it is "" or none is of it."""
    return [name for name in names if level_of(name) == level] or list(names)


@cache
def level_of(name: str) -> str:
    """Return 省, 市 or 县; an invented place is what it is called."""
    around = parents(name)
    if around:
        return "市" if len(around) == 1 and not around[0].endswith("市") else "县"
    if name in division() or name.endswith(("省", "自治区")):
        return "省"
    return "县" if name.endswith(("县", "区", "旗")) else "市"


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


def masked(text: str, spans: Iterable[Span]) -> str:
    """Return a text of the same length with commas over some stretches."""
    for span in spans:
        text = text[: span.start] + MASK * (span.end - span.start) + text[span.end :]
    return text


def _occurrences(text: str, form: str, name: str) -> Iterator[Asked]:
    """Yield where a name stands; a short name not where its end is in another word (河南 in
    河南岸), nor in 上海话, 云南人 and 北京路, which are no places."""
    for found in re.finditer(re.escape(form), text):
        start, end = found.span()
        ends_word = end == len(text) or word_at(text, end) or word_at(text, start).startswith(form)
        if form == name or (ends_word and not _NO_SHORT_BEFORE.match(text, end)):
            yield Asked(name, Span(start, end))


def _national(rest: str, regions: Collection[str]) -> Iterator[Asked]:
    """Yield the nation where its own documents are meant."""
    return (Asked(NATION, Span(*found.span())) for found in _NATIONAL.finditer(rest))


def _corpus_names(rest: str, regions: Collection[str]) -> Iterator[Asked]:
    """Yield the corpus's own places by full name, longest first; invented ones are among them."""
    for name in sorted(regions, key=len, reverse=True):
        if name in rest:
            yield from _occurrences(rest, name, name)


def _full_names(rest: str, regions: Collection[str]) -> Iterator[Asked]:
    """Yield places of the division by full name, former ones (江川县) by what they are now; where
    there is none, an invented one."""
    named = list(find_places(rest, 0, len(rest)))
    formed = None if named else find_formed(rest)
    if formed and not _is_name(formed.place.name[:-1], formed.place.name[-1]):
        formed = None
    for each in (*named, *filter(None, [formed])):
        yield Asked(distinct_name(each.place.name, each.place.parents), each.span)


def _corpus_shorts(rest: str, regions: Collection[str]) -> Iterator[Asked]:
    """Yield the corpus's own places by short name, the larger first: 吉林 asks for the province."""
    here = [name for name in regions if stem(name) in rest and not is_ordinary_word(stem(name))]
    for name in sorted(here, key=lambda name: (len(parents(name)), -len(name))):
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
        if not is_common_noun(short) and short not in _NOT_BY_SHORT
    )


def _formed_names(rest: str, regions: Collection[str]) -> Iterator[Asked]:
    """Yield invented-looking places by form, common nouns left out (贫困县 is no place)."""
    for match in _ASKED_PLACE.finditer(rest):
        start = match.start(1) + (match[1][0] in _BEFORE_PLACE)
        name = rest[start : match.end(1)]
        if len(name) > 1 and _is_name(name, match[2]):
            yield Asked(name + match[2], Span(start, match.end(2)))


def _is_name(stem_of_place: str, suffix: str) -> bool:
    if stem_of_place[0] in _NO_START or _NO_MEMBER.search(stem_of_place):
        return False
    if stem_of_place[-1] in _COMMON.get(suffix, "") or is_common_noun(stem_of_place):
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
    _national,
    _corpus_names,
    _full_names,
    _corpus_shorts,
    _other_shorts,
    _formed_names,
)
