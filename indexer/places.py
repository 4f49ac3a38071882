"""Places in words: who a name or a title begins with, and which places a text names.

Known names come from the division, present, former, short and plain (大理州); invented ones are
recognised by their form. Give simplified text.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from indexer.division import (
    NATION,
    Place,
    division,
    former_names,
    present_names,
    short_names,
    stem,
)
from indexer.records import Span
from indexer.terms import content_words, frequency, is_common_noun, is_ordinary_word, word_at
from indexer.text import simplify

# What ends like a place but is none: 全市, 各县, 开发区, 学区 and the like.
_NO_STEM = re.compile(
    "[的各全我本该每在和与及对为是由将按到从等下上其任何应向使一两二三四五六七八九十百千万个]|"
    "城|地级|直辖|自治|省会|街道|社会|市场|国家|人民|政府|教育|开发|园|学|校|小|社|辖|片|灾|城乡|农村|"
    "中心|荣誉|关于|地$|新$|林$|景"
)
# 地区 and 新区 that the division does not know are descriptions: 偏远地区, 高新区.
_FORMED_SUFFIX = "自治区|自治州|自治县|自治旗|特别行政区|省|市|县|区|旗|盟|州"
# A name that the division does not know is taken for one if it has the length of one; what
# follows tells 白鹭市民政局 from 白鹭市民.
_NO_SUFFIX_BEFORE = "(?!民(?![政族宗防])|政(?![府协])|委[托派]|[场长级域直内外辖镇乡])"
_FORM = re.compile(rf"([\u4e00-\u9fff]{{2,3}}?)(?:{_FORMED_SUFFIX}){_NO_SUFFIX_BEFORE}")
_SUFFIXED = re.compile(
    rf"([\u4e00-\u9fff]{{2,8}}?)({_FORMED_SUFFIX})(?=第|人民|政府|[\u4e00-\u9fff]{{2,6}}局|教育|$)"
)
_ORGAN_FOLLOWS = re.compile("[\u4e00-\u9fff]{0,10}?(?:政府|[局委厅院署会])")
_NAME_END = re.compile("[省市县旗盟州]|区(?![域位间块段划别])")  # no 海南区域
_SHORTEST = 3  # characters of a full name that is trusted wherever it stands
# From this frequency on in the word cutter's dictionary a short name is an everyday word: 会同 has
# 860, 常熟 147; before 区, which ends many common nouns, 老城 has 115, 房山 84.
_USUAL = 500
_USUAL_QUARTER = 100
SHORT_LENGTHS = (4, 3, 2)  # characters of short names: 呼和浩特, 内蒙古, 云南

# The departments of the State Council, present (State Council's notice of 2023 on its
# organisation) and former (plans of its reforms from 1982 on), with their short names.
_MINISTRIES = (
    "外交|国防|教育|科学技术|科技|工业和信息化|工信|公安|国家安全|民政|司法|财政|人力资源和?社会保障|"
    "人社|自然资源|生态环境|住房和?城乡建设|住建|交通运输|水利|农业农村|商务|文化和旅游|退役军人事务|"
    "应急管理|农业|农牧渔业|林业|文化|环境保护|国土资源|建设|城乡建设环境保护|铁道|交通|信息产业|邮电|"
    "卫生|人事|劳动|劳动人事|劳动和社会保障|监察|能源|电力工业|水利电力|煤炭工业|石油工业|化学工业|"
    "冶金工业|机械工业|机械电子工业|电子工业|航空工业|航天工业|航空航天工业|纺织工业|轻工业|核工业|"
    "地质矿产|物资|商业|内贸|国内贸易|外经贸|对外贸易|对外经济贸易|对外贸易经济合作|广播电影电视"
)
_NATIONAL = re.compile(
    "(?:党中央|中共中央|中国共产党中央|中央(?:军委|纪委|人民政府|[\u4e00-\u9fff]{0,12}?"
    "(?:委员会|办公厅|办公室|部|领导小组|编办|网信办|文明办))|国务院|政务院|全国人民代表大会|全国人大|全国政协|"
    "中国人民政治协商会议全国|最高人民(?:法院|检察院)|中华人民共和国|中国人民(?:解放军|武装警察)|"
    "共青团中央|中华全国|海关总署|审计署|(?:中国)?(?:证|银|保|银保)监会|"
    "国家(?!级)[\u4e00-\u9fff]{1,12}?(?:局|委员会|委|署|办公室|指挥部|领导小组)|"
    "全国[\u4e00-\u9fff]{2,12}?(?:委员会|联合会|总工会|领导小组|办公室)|"
    "中国[\u4e00-\u9fff]{0,12}?(?:委员会|总局|局|科学院|工程院|协会|联合会|总会|基金会|银行)|"
    f"(?:{_MINISTRIES})部(?![门分队位署]))"
)
# What a party's, a league's or a conference's committee has before its place.
_PARTY = re.compile(
    "(?:中共|中国共产党|共青团|中国共产主义青年团|(?:中国人民)?政协|中国人民政治协商会议|民革|民盟|民建|"
    "民进|农工党|致公党|九三学社|台盟)(?!中央|全国)|中国\\((?=[^()]+\\)自由贸易)"
)
# A national organ's branch in a place: 国家税务总局云南省税务局, 中国人民银行昆明中心支行.
_BRANCH = re.compile(
    "(?!人民政府)[\u4e00-\u9fff]{0,12}?(?:局|行|总队|分署|监管办|专员办|办事处|海关|管理部)"
)
# A zone is named after its city: 昆明高新技术产业开发区管委会.
_ZONE = re.compile(
    "(?:(?!政府|关于|[的和与])[\u4e00-\u9fff]){0,12}?"
    "(?:开发区|高新区|经开区|试验区|实验区|自贸区|保税区|园区|度假区|合作区|示范区|风景名胜区|风景区|新区)"
    "(?=党?工委|管委|管理委员会)"
)
_ZONE_ORGAN = "管委会"


@dataclass(frozen=True, slots=True)
class Named:
    """A place and where a text names it."""

    place: Place
    span: Span


def place_at_start(text: str, around: Collection[str] = (), short: bool = False) -> Named | None:
    """Return the place that a title or an organ's name begins with.

    A chain gives its last member: 云南省玉溪市教育体育局 is 玉溪市's. National organs give 国家,
    their branches the branch's place. `around` are names that tell which 朝阳区 is meant; with
    `short`, short names count: 云南大学.
    """
    party = _PARTY.match(text)
    found = _chain_at(text, party.end(), around, short=True) if party else None
    if found:
        return found
    national = _NATIONAL.match(text)
    if national is None:
        return _chain_at(text, 0, around, short)
    branch = _chain_at(text, national.end(), around, short=True)
    if branch and _BRANCH.match(text, branch.span.end):
        return branch
    return Named(Place(NATION), Span(*national.span()))


def find_places(text: str, start: int, end: int) -> Iterator[Named]:
    """Yield the known places that a stretch of text names in full.

    A name that begins inside another word (应城市 in 适应城市) is none; of a chain (云南省玉溪市)
    the members lie in one another; an ambiguous name in nothing (朝阳区) is a place in nothing.
    """
    before: Named | None = None
    for ending in _NAME_END.finditer(text, start, end):
        for length in _lengths().get(text[ending.end() - 2 : ending.end()], ()):
            span = Span(ending.end() - length, ending.end())
            name = text[span.start : span.end]
            if span.start >= start and name in _names():
                follows = before is not None and before.span.end == span.start
                if follows or word_at(text, span.start) or _ends_short(text, span.start):
                    region = before.place if before and follows else None
                    place = (region and _inside(name, region)) or resolve(name) or Place(name)
                    before = Named(place, span)
                    yield before
                break


def _ends_short(text: str, end: int) -> bool:
    """Tell whether the short name of a place ends at an offset: 上海 in 上海浦东新区."""
    return any(text[end - length : end] in short_names() for length in SHORT_LENGTHS)


def find_national(text: str) -> Iterator[Named]:
    """Yield the national organs that a text names."""
    return (Named(Place(NATION), Span(*found.span())) for found in _NATIONAL.finditer(text))


def find_formed(text: str) -> Named | None:
    """Return the first invented place that a text names by form: …望溪县第十八届人民代表大会."""
    for match in _SUFFIXED.finditer(text):
        name = _NO_STEM.split(match[1])[-1]
        if 2 <= len(name) <= 5 and name not in short_names() and not _has_usual_word(name):
            end = match.end()
            return Named(Place(name + match[2]), Span(end - len(name) - len(match[2]), end))
    return None


def _has_usual_word(name: str) -> bool:
    return any(frequency(word) >= _USUAL for word in content_words(name) if len(word) > 1)


def find_short(text: str) -> Iterator[Named]:
    """Yield the provinces and cities that a text names in short: 云南, 内蒙古, 玉溪."""
    at = 0
    while at < len(text):
        found = _short_at(text, at, None)
        if found:
            yield found
        at = found.span.end if found else at + 1


def resolve(name: str, around: Collection[str] = ()) -> Place | None:
    """Return the place of a full name, present or former; None where there is no such place.

    Of several namesakes it is the one that lies in a place of `around`, the nearer the better; a
    name that stays ambiguous is a place in nothing known.
    """
    places = present_names().get(name) or former_names().get(name, ())
    if len(places) <= 1:
        return next(iter(places), None)
    for nearest in (1, 2):
        inside = [p for p in places if not frozenset(around).isdisjoint(p.parents[-nearest:])]
        if len(inside) == 1:
            return inside[0]
    return Place(name)


@cache
def may_be_words(name: str) -> bool:
    """Tell whether the name of a county may be mere words: 老城区, 会同县; or several counties'."""
    places = present_names().get(name) or former_names().get(name, ())
    short = stem(name)
    is_word = is_ordinary_word(short) or is_common_noun(short)
    is_usual = frequency(short) >= (_USUAL_QUARTER if name[-1] == "区" else _USUAL)
    return len(places) > 1 or (is_word and is_usual and any(len(p.parents) > 1 for p in places))


@cache
def parents(name: str) -> tuple[str, ...]:
    """Return what a place lies in, largest first; empty where unknown or ambiguous.

    An ambiguous name is known by the place around it: 北京市朝阳区.
    """
    places = division().get(name, ())
    if len(places) == 1:
        return places[0].parents
    found = place_at_start(simplify(name) + _ZONE_ORGAN, short=True)
    return found.place.parents if found and found.span.end == len(name) else ()


def distinct_name(name: str, around: tuple[str, ...]) -> str:
    """Return a name by which a place in others can be told from its namesakes: 北京市朝阳区."""
    is_known = resolve(simplify(name)) is not None
    return around[-1] + name if is_known and around and parents(name) != around else name


def lies_in(name: str, region: str) -> bool:
    """Tell whether a place is a region or lies in it."""
    around = parents(name)
    return region in (name, *around) or "".join((*around[-1:], region)) == name


def administrative_order(name: str) -> tuple[int, str]:
    """Return a sort key: the nation, places in the order of the national division, others."""
    if name == NATION:
        return 0, ""
    found = place_at_start(simplify(name))
    return (1, found.place.code) if found and found.place.code else (2, name)


def _chain_at(text: str, at: int, around: Collection[str], short: bool) -> Named | None:
    """Return the last place of a chain of places, each lying in the one before it."""
    found = _full_at(text, at, None, around) or (_short_at(text, at, None) if short else None)
    found = found or _formed_at(text, at, None)
    while found:
        at, region = found.span.end, found.place
        is_short = text[found.span.start : at] in short_names()
        lower = _short_at if is_short else _formed_at
        within = _full_at(text, at, region)
        zone = None if within else _zone_at(text, found)
        within = within or zone or lower(text, at, region)
        if within is None or zone:
            return within or found
        found = within
    return None


def _full_at(
    text: str, at: int, region: Place | None, around: Collection[str] = ()
) -> Named | None:
    """Return the place whose full name stands at an offset, in a region where one is given."""
    for length in _lengths_by_start().get(text[at : at + 2], ()):
        name, end = text[at : at + length], at + length
        if name not in _names() or not _NAME_END.match(text, end - 1):
            continue
        if length >= _SHORTEST or _ORGAN_FOLLOWS.match(text, end):
            place = _inside(name, region) if region else resolve(name, around)
            is_told = bool(region) or not may_be_words(name) or _ORGAN_FOLLOWS.match(text, end)
            return Named(place, Span(at, end)) if place and is_told else None
    return None


def _inside(name: str, region: Place) -> Place | None:
    """Return the place of a name that lies in a region, be it long gone; present ones first, then
    the latest. A namesake of many in an invented region is a place of its own there."""
    places = (*former_names().get(name, ()), *present_names().get(name, ()))
    inside = [place for place in places if region.name in place.parents]
    if not inside and not region.code and len(places) > 1:
        return Place(name, "", (*region.parents, region.name))
    return inside[-1] if inside else None


def _short_at(text: str, at: int, region: Place | None) -> Named | None:
    """Return the province or city whose short name stands at an offset; a county only in a
    region."""
    for length in SHORT_LENGTHS:
        places = short_names().get(text[at : at + length], ())
        fitting = [
            p for p in places if (region.name in p.parents if region else len(p.parents) < 2)
        ]
        if len(fitting) == 1 and _stands_alone(text, at, at + length):
            return Named(fitting[0], Span(at, at + length))
    return None


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Tell 大同 in 大同的经验 and in 大同大学, which is named after it, from that in 大同市场."""
    longer = len(word_at(text, start)) - (end - start)
    if longer < 0:
        return bool(word_at(text, start) and word_at(text, end))
    return longer != 1


def _formed_at(text: str, at: int, region: Place | None) -> Named | None:
    """Return the invented place whose name stands at an offset."""
    match = _FORM.match(text, at)
    if match is None or _NO_STEM.search(match[1]):
        return None
    if match[0] in _names() or _short_at(text, at, None):
        return None
    is_word = is_common_noun(match[1]) or is_ordinary_word(match[1])
    if is_word and not _ORGAN_FOLLOWS.match(text, match.end()):
        return None
    around = (*region.parents, region.name) if region else ()
    return Named(Place(match[0], "", around), Span(*match.span()))


def _zone_at(text: str, city: Named) -> Named | None:
    """Return the zone of a city that an organ's name begins with."""
    zone = _ZONE.match(text, city.span.end)
    if zone is None:
        return None
    span = Span(city.span.start, zone.end())
    around = (*city.place.parents, city.place.name)
    return Named(Place(text[span.start : span.end], "", around), span)


@cache
def _names() -> frozenset[str]:
    """Return every full name, present and former, simplified."""
    return frozenset((*present_names(), *former_names()))


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """Return how long names can be, longest first, by their last two characters; names of two
    characters are left out, because 和县 and 城区 occur by chance in running text."""
    return _grouped((name[-2:], len(name)) for name in _names() if len(name) >= _SHORTEST)


@cache
def _lengths_by_start() -> dict[str, tuple[int, ...]]:
    return _grouped((name[:2], len(name)) for name in _names())


def _grouped(pairs: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    groups: dict[str, set[int]] = {}
    for key, length in pairs:
        groups.setdefault(key, set()).add(length)
    return {key: tuple(sorted(lengths, reverse=True)) for key, lengths in groups.items()}
