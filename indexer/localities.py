"""The place that issued a notice, and the other places that it names, each with its proof.

The evidence is weighed in this order: the organs that issue and sign; who passed a rule or was
reported to, as the lines below the title say, and the place that the title begins with; the 文号,
where it agrees with a place in the text; the title's place in short; the place that the first
lines name most, of the level that the text calls its own (本市, 我县).
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from indexer.division import NATION, Place, division, present_names, stem
from indexer.places import (
    Named,
    find_formed,
    find_national,
    find_places,
    find_short,
    may_be_words,
    place_at_start,
    resolve,
)
from indexer.records import Field, Locality, Span
from indexer.text import find_dates
from indexer.title import TOP_LINES, first_body_line

_HEADER_LINES = 40
_OPENING_LENGTH = 2000  # characters of a line that are looked through for places
_MOST_MENTIONS = 50
# The name of a column, quotation marks and the year stand before a title's place.
_COLUMN = re.compile("[^丨|]{1,20}[丨|]")
_BEFORE_TITLE = re.compile(
    "[“”\"'《〈\\[【(\\s#*]*(?:(?:\\d{4}|[〇零一二三四五六七八九]{4})年度?)?"
)
_ANNOUNCED = re.compile("(?:印发|发布|公布|制定|下发|实施)《")
# What happened on a date below the title: 2018年5月24日…通过, …日在…会议上.
_EVENT = re.compile("通过|公布|发布|颁布|修订|修正|会议|批准")
_BEFORE_ORGAN = re.compile("[\\s,经由《]*(?:[^\\s,。]{0,12}在)?(?:第[^届]{1,6}届)?")
_HISTORY_LENGTH = 1000
# What a text calls its own place.
_OWN = re.compile("[本我全](省|自治区|市|州|盟|县|区|旗)(?![场民长域区县位、(])")
# What only the nation's rules say of where they hold or who is in charge.
_NATIONWIDE = re.compile("中华人民共和国(?:境内|领域|领海|公民)|国务院[\u4e00-\u9fff、]{0,40}全国")
_RULE = re.compile("^[#* \t\u3000]{0,20}第一条", re.MULTILINE)
# 机关代字 of the nation's organs.
_NATIONAL_CODE = re.compile(
    "国|中[办发]|中共中央|厅字|[\u4e00-\u9fff]{1,6}部[办发函令]|税总|银[办发]|证监|财[税会]|发改"
)
# The official abbreviations of the provinces, which their 机关代字 begin with; 内 and 兵 are those
# that Inner Mongolia's 文号 and Xinjiang's corps use.
_PROVINCES = dict(
    pair.split("=")
    for pair in (
        "京=北京 津=天津 沪=上海 渝=重庆 冀=河北 豫=河南 云=云南 滇=云南 辽=辽宁 黑=黑龙江 湘=湖南 "
        "皖=安徽 鲁=山东 新=新疆 兵=新疆 苏=江苏 浙=浙江 赣=江西 鄂=湖北 桂=广西 甘=甘肃 陇=甘肃 "
        "晋=山西 蒙=内蒙古 内=内蒙古 陕=陕西 秦=陕西 吉=吉林 闽=福建 贵=贵州 黔=贵州 粤=广东 "
        "青=青海 藏=西藏 川=四川 蜀=四川 宁=宁夏 琼=海南 港=香港 澳=澳门 台=台湾"
    ).split()
)
# What only an authority of Taiwan writes: its host, or its years.
_TAIWAN = re.compile(
    "[a-z0-9.-]*\\.(?:gov|edu)\\.tw|中华民国(?=[〇一二三四五六七八九十百\\d]{1,6}年)"
)
_TAIWAN_PROVINCE = "台湾省"


@dataclass(frozen=True, slots=True)
class Localities:
    """The issuing locality, None where nothing proves one, and the others that are named."""

    issuing: Locality | None
    mentions: tuple[Locality, ...]


def find_localities(
    plain: str,
    lines: Sequence[Span],
    organs: Sequence[Field | None],
    title: Field | None,
    doc_number: Field | None,
) -> Localities:
    """Return the localities of a notice; `organs` are those that issue and sign, the best first."""
    named = [place for line in lines for place in find_places(plain, line.start, line.end)]
    around = frozenset(each.place.name for each in named)
    named = [Named(_settled(each.place, around), each.span) for each in named]
    named = [each for each in named if _is_told(plain, each, around)]
    issuing = _of_organs(plain, organs, around) or _outer(
        _of_history(plain, lines, around), _of_title(plain, title, around)
    )
    if issuing is None or issuing.place.name == NATION:
        issuing = _of_taiwan(plain) or issuing
    issuing = (
        issuing
        or _of_doc_number(doc_number, named)
        or _of_short_title(plain, title)
        or _of_text(plain, lines, named)
    )
    return Localities(_locality(issuing) if issuing else None, _mentions(named, issuing))


def _locality(named: Named) -> Locality:
    return Locality(named.place.name, named.span, named.place.parents)


def _settled(place: Place, around: Collection[str]) -> Place:
    """Return the place that an ambiguous name means among the places that the text names."""
    return place if place.parents else resolve(place.name, around) or place


def _is_told(plain: str, named: Named, around: Collection[str]) -> bool:
    """Tell a county from mere words (会同县级, 老城区): where its name may be such, and where it
    has another name today, what it lies in must be named too."""
    written = plain[named.span.start : named.span.end]
    needs_proof = may_be_words(written) or written not in present_names()
    return not needs_proof or not frozenset(around).isdisjoint(named.place.parents)


def _all_moved(named: Iterable[Named], offset: int) -> Iterator[Named]:
    return (Named(n.place, Span(n.span.start + offset, n.span.end + offset)) for n in named)


def _moved(named: Named | None, offset: int) -> Named | None:
    return next(_all_moved([named], offset)) if named else None


def _after(pattern: re.Pattern[str], words: str, at: int = 0) -> int:
    """Return where a pattern that stands at an offset ends; the offset where it does not."""
    found = pattern.match(words, at)
    return found.end() if found else at


def _place_after(words: str, at: int, around: Collection[str]) -> Named | None:
    return _moved(place_at_start(words[at:], around), at)


def _of_organs(plain: str, organs: Sequence[Field | None], around: Collection[str]) -> Named | None:
    """Return the place that an organ's name begins with, else the first in it."""
    for organ in filter(None, organs):
        words = plain[organ.span.start : organ.span.end]
        found = place_at_start(words, around, short=True) or _first_in(words, around)
        if found:
            return _moved(found, organ.span.start)
    return None


def _first_in(words: str, around: Collection[str]) -> Named | None:
    """Return the first place that words name, with the chain that it begins; else a formed one."""
    first = next(find_places(words, 0, len(words)), None)
    if first is None:
        return find_formed(words)
    return _place_after(words, first.span.start, around)


def _of_history(plain: str, lines: Sequence[Span], around: Collection[str]) -> Named | None:
    """Return the place whose organ passed a rule or was reported to, as the lines below the title
    say. Who only approved it did not issue it, but for the nation, where nobody else is named."""
    top = lines[:_HEADER_LINES]
    body = first_body_line(plain, top)
    history = [line for line in top if line.start < body and line[1] - line[0] <= _HISTORY_LENGTH]
    events = [event for line in history for event in _events(plain, line)]
    for approved in (False, True):
        for start, end in events:
            found = _of_event(plain[start:end], around)
            counts = approved is ("批准" in plain[start:end])
            if found and counts and (not approved or found.place.name == NATION):
                return _moved(found, start)
    return None


def _of_event(words: str, around: Collection[str]) -> Named | None:
    found = _place_after(words, _after(_BEFORE_ORGAN, words), around)
    return found or next(find_national(words), None)


def _events(plain: str, line: Span) -> Iterator[Span]:
    """Yield what a line says to have happened on each of its dates."""
    words = plain[line.start : line.end]
    dates = find_dates(words)
    if dates and not words[: dates[0].start].strip("(—- "):
        ends = [*(day.start for day in dates[1:]), len(words)]
        for day, end in zip(dates, ends, strict=True):
            if _EVENT.search(words, day.end, end):
                yield Span(line.start + day.end, line.start + end)


def _of_title(plain: str, title: Field | None, around: Collection[str]) -> Named | None:
    """Return the place that a title, or the document that it announces, begins with."""
    if title is None:
        return None
    words = plain[title.span.start : title.span.end]
    announced = _ANNOUNCED.search(words)
    starts = [_after(_COLUMN, words), 0, *([announced.end()] if announced else [])]
    found = (_place_after(words, _after(_BEFORE_TITLE, words, at), around) for at in starts)
    return _moved(next(filter(None, found), None), title.span.start)


def _outer(passed: Named | None, titled: Named | None) -> Named | None:
    """Return who passed a rule where the title's place lies in it (上海市浦东新区…规定 is passed by
    上海市), else the title's place: a city takes over the rules of one that it takes in."""
    if passed and titled and passed.place.name not in (NATION, *titled.place.parents):
        return titled
    return passed or titled


def _of_short_title(plain: str, title: Field | None) -> Named | None:
    """Return the place whose short name a title begins with."""
    if title is None:
        return None
    words = plain[title.span.start : title.span.end]
    at = _after(_BEFORE_TITLE, words)
    return _moved(place_at_start(words[at:], short=True), title.span.start + at)


def _of_doc_number(doc_number: Field | None, named: Sequence[Named]) -> Named | None:
    """Return the place that the 机关代字 of a 文号 tells: 国发 the nation; 玉政办发 a place that
    begins with 玉, where the text names one; 云政发 a province, where it names none outside."""
    if doc_number is None:
        return None
    code = doc_number.value
    if _NATIONAL_CODE.match(code):
        return Named(Place(NATION), doc_number.span)
    province = _province_of(code)
    agreeing = [n for n in named if n.place.name == province or stem(n.place.name)[0] == code[0]]
    is_inside = any(province in n.place.parents for n in named) or not named
    if province and is_inside and not agreeing:
        return Named(division()[province][0], doc_number.span)
    return _most_named(agreeing)


def _province_of(code: str) -> str | None:
    short = _PROVINCES.get(code[0])
    found = [n for n, p in division().items() if short and stem(n) == short and not p[0].parents]
    return found[0] if found else None


def _of_text(plain: str, lines: Sequence[Span], named: Sequence[Named]) -> Named | None:
    """Return the place that the first lines name most, of the level that the text calls its own;
    a text that has its own level is looked through to its end."""
    top = [Span(a, min(b, a + _OPENING_LENGTH)) for a, b in lines[:TOP_LINES]]
    first = [n for n in named if any(line.contains(n.span) for line in top)]
    own = tuple(level for level, _ in Counter(_OWN.findall(plain)).most_common(1))
    if not own:
        return _of_nation(plain, top, first) or _most_named(first) or _formed_in(plain, top)
    shorts = [n for a, b in top for n in _all_moved(find_short(plain[a:b]), a)]
    fitting = ([n for n in some if n.place.name.endswith(own)] for some in (first, named, shorts))
    found = next(filter(None, map(_most_named, fitting)), None)
    return found or _most_named(first) or _formed_in(plain, top)


def _formed_in(plain: str, top: Sequence[Span]) -> Named | None:
    found = (_moved(find_formed(plain[a:b]), a) for a, b in top)
    return next(filter(None, found), None)


def _of_nation(plain: str, top: Sequence[Span], first: Sequence[Named]) -> Named | None:
    """Return the nation for a text that begins with its organs more than with any place; where it
    begins with neither, for one that says that it holds nationwide and a rule that names national
    organs."""
    organs = [n for a, b in top for n in _all_moved(find_national(plain[a:b]), a)]
    if first:
        most = max(Counter(each.place for each in first).values())
        return organs[0] if len(organs) > most else None
    nationwide = _NATIONWIDE.search(plain)
    if nationwide:
        return Named(Place(NATION), Span(*nationwide.span()))
    return next(find_national(plain), None) if _RULE.search(plain) else None


def _most_named(named: Sequence[Named]) -> Named | None:
    """Return where the place that is named most is named first."""
    counts = Counter(each.place for each in named)
    most = max(counts.values(), default=0)
    return next((each for each in named if counts[each.place] == most), None)


def _of_taiwan(plain: str) -> Named | None:
    proof = _TAIWAN.search(plain)
    if proof is None:
        return None
    return Named(division()[_TAIWAN_PROVINCE][0], Span(*proof.span()))


def _mentions(named: Sequence[Named], issuing: Named | None) -> tuple[Locality, ...]:
    """Return the known places that a text names beside the issuing one and what that lies in."""
    found: dict[Place, Named] = {}
    for each in named:
        if each.place.code or each.place.parents:
            found.setdefault(each.place, each)
    own = {*issuing.place.parents, issuing.place.name} if issuing else set()
    others = [each for place, each in found.items() if place.name not in own]
    return tuple(_locality(each) for each in others[:_MOST_MENTIONS])
