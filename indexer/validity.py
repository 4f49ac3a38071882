"""When a document takes effect, until when it is valid, and when it was last amended.

Only what clauses of the document itself say: 自…起施行, 有效期…年, 试行…年, and the history that
stands below a rule's title (…会议第二次修正). A date that the document does not give is absent.
"""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from indexer.records import Document, Field, Span
from indexer.text import (
    CHINESE_DIGITS,
    find_dates,
    lines,
    outside,
    read_date,
    read_number,
    simplify,
)
from indexer.title import KINDS, first_body_line

_HISTORY_LINES = 40
_HISTORY_LENGTH = 1000  # characters of a line of history
_LABEL = 16  # characters before a date in which its label stands
_OF_AMENDMENT = re.compile("(?:异动|修正|修订|修改)(?:日期|时间)")
_LEAD = re.compile("(?:根据|.*会议.*通过)?")  # what a line of history has before its first day
_A_YEAR = timedelta(days=365)  # a rule is passed and approved within a shorter time
_CLAUSE_LENGTH = 400  # characters on either side of a hint that its clause may take
_FIRST_YEAR_OF_REPUBLIC = 1912
_YEARS_IN_USE = 1900, 2199

_CHINESE = f"[{''.join(CHINESE_DIGITS)}十百]"
_YEARS, _COUNT = f"(?:\\d{{2,4}}|{_CHINESE}{{2,6}})", f"(?:\\d{{1,3}}|{_CHINESE}{{1,3}})"
_YEAR = f"(?:(?:中华)?民国)?\\s*{_YEARS}\\s*年"
_DAY = (
    f"(?:{_YEAR}\\s*{_COUNT}\\s*月(?:\\s*{_COUNT}\\s*日)?|"
    "(?:19|20)\\d\\d[-./]\\d{1,2}[-./]\\d{1,2})"
)
_WRITTEN = re.compile(f"(民国)?\\s*({_YEARS})\\s*年\\s*({_COUNT})\\s*月(?:\\s*({_COUNT})\\s*日)?")
_SELF = (
    f"本[《〈]?(?:实施|暂行|若干)?(?:{KINDS}|修正案|法典|准则|通则|安排|守则|令|文件|政策)[》〉]?"
)
_PUBLISHED = "(?:公布|发布|颁布|印发|公告|下发|发文|签发|刊登)"
_WHEN = (
    f"(?P<when>{_DAY}|[\u4e00-\u9fff]{{0,12}}?(?:{_PUBLISHED}|通过|批准)(?:之|当)?日)(?:零时|0时)?"
    f"(?:起|满|的)*(?P<later>(?P<term>{_COUNT})(?P<unit>日|天|个月|月|年)(?:后|起)?)?"
)
_TAKES_EFFECT = re.compile(
    f"(?P<self>{_SELF}(?:\\([^()]{{1,40}}\\))?(?:除[^。;]{{2,160}}?外)?)?,?(?:自|从|于|由)?{_WHEN}"
    "\\s*(?:起|后|开始)*,?(?:正式|开始|全面)*(?:施行|实施|执行|生效|起效|试行|暂行|有效)"
)
# The sentence that hands a document out says when it takes effect: 现予公布，自…起施行.
_HANDING_OUT = re.compile("现将|现予|现印发|现公布|现发布|予以公布|予以发布|印发给|印发你")
_OF_ANOTHER_DOCUMENT = re.compile("解读|问答|图解|读懂|答记者问|起草说明")  # in a title
# 自…起施行 alone, or after what else is said of the document: 本规定由…负责解释，自…起施行.
_ALONE = re.compile(f"(?:第\\S{{1,8}}条)?\\s*(?:{_SELF}(?:由|经|已)[^。;:]*,?)?")
# What a clause on validity cannot do without, in both scripts: it is looked for in whole texts.
_HINT = re.compile(
    "[日月起后後]\\s*(?:起|后|後|开始|開始)?[,，]?(?:正式|开始|開始|全面)*"
    "(?:施行|[实實]施|生效|[执執]行|起效|[试試暂暫]行|有效)|有效期|[试試暂暫]行(?:期|\\S{0,3}年)|"
    "(?:[执執]行|[实實]施|施行)(?:期限?)?[^，。,]{0,20}[至到]"
)
_STOPS = "。；;\n"

_IS = "(?:暂?[定为是:,]|限)*\\s*"
_VALID_FOR = re.compile(
    f"(?:有效期限?|(?:试行|暂行)(?:期限?)?|(?:执行|施行|实施)期限?){_IS}({_COUNT}|两)\\s*个?(年|月)"
    "(?![度以内中初末底后\\d])"
)
_VALID_UNTIL = re.compile(
    f"(?:有效期限?|(?:试行|暂行|执行|施行|实施|有效)(?:期限?)?){_IS}"
    f"(?:自[^,。;至到]{{2,30}}|{_DAY}起?)?,?(?:截止|截)?[至到]\\s*({_DAY}|(?:19|20)\\d\\d年底?)|"
    f",[至于自]?({_DAY})起?(?:自行|自动|即行)?(?:废止|失效|停止执行)"
)
# A certificate, a contract or a measure has a term of validity too.
_OF_ANOTHER = re.compile(
    "证|许可|资格|合同|协议|执照|批准|签注|备案|登记|注册|名单|称号|投标|决定书|任职|聘|标志|期内"
)
_IN_FORCE = re.compile("起?(?:施行|实施|执行|生效)")
_TITLES = re.compile("《.*》")
_AMENDED, _PUBLISHED_ON, _PASSED_ON, _EFFECTIVE = "修订", "公布", "通过", "施行"
_EVENTS = (
    (re.compile("修正|修订|修改"), _AMENDED),
    (re.compile("公布|发布|颁布"), _PUBLISHED_ON),
    (re.compile("通过|批准"), _PASSED_ON),
)


@dataclass(frozen=True, slots=True)
class _Event:
    """What happened to a rule on a day, as its history says, and where."""

    day: str
    what: str
    span: Span


@dataclass(frozen=True, slots=True)
class _Clause:
    """A sentence in simplified characters and where it begins in the text."""

    plain: str
    start: int

    def span(self, start: int, end: int) -> Span:
        return Span(self.start + start, self.start + end)


@dataclass(frozen=True, slots=True)
class _Effect:
    """A clause by which a document takes effect: on a day, or `later` units after a day."""

    field: Field
    when: str
    later: int = 0
    unit: str = ""


def with_validity(document: Document) -> Document:
    """Return the document with what its text proves of its validity in its header.

    What a label says (施行日期：…) is there already and stands.
    """
    text, header = document.text, document.header
    excluded = [exclusion.span for exclusion in document.exclusions]
    events = list(_history(text, outside(lines(text), excluded)[:_HISTORY_LINES]))
    explains = _OF_ANOTHER_DOCUMENT.search(simplify(document.title))
    clauses = [] if explains else _clauses(text, excluded)
    effect = _find_effect(clauses) or _effect_of_history(text, events)
    effective_on = header.effective_on or _date_of(effect, events, _bears(document))
    found = replace(
        header,
        effect=effect.field if effect else None,
        effective_on=effective_on,
        expires_on=header.expires_on or _find_expiry(clauses, effective_on),
        amended_on=_amended_on(events),
    )
    return replace(document, header=found)


def _clauses(text: str, excluded: Sequence[Span]) -> list[_Clause]:
    """Return the sentences that may say something of validity."""
    found: list[Span] = []
    done = 0
    for hint in _HINT.finditer(text):
        if hint.start() < done:
            continue
        first = max(done, hint.start() - _CLAUSE_LENGTH)
        start = max(first, *(text.rfind(stop, first, hint.start()) + 1 for stop in _STOPS))
        ends = [text.find(stop, hint.end(), hint.end() + _CLAUSE_LENGTH) for stop in _STOPS]
        done = min((end for end in ends if end >= 0), default=hint.end())
        found.append(Span(start, done))
    return [_Clause(simplify(text[s.start : s.end]), s.start) for s in outside(found, excluded)]


def _find_effect(clauses: Sequence[_Clause]) -> _Effect | None:
    """Return the clause by which the document takes effect: the last one that names it (本办法),
    else the last one of the sentence that hands it out."""
    own, other = None, None
    for clause in clauses:
        for found in _TAKES_EFFECT.finditer(clause.plain):
            before = clause.plain[: found.start()]
            if before.count("“") > before.count("”"):
                continue  # quoted from what is being amended
            if found["self"]:
                own = _effect(clause, found)
            elif _ALONE.fullmatch(before) or _HANDING_OUT.search(before):
                other = _effect(clause, found)
    return own or other


def _effect(clause: _Clause, found: re.Match[str]) -> _Effect:
    words = found[0].lstrip(",")
    span = clause.span(found.end() - len(words), found.end())
    later = read_number(found["term"]) if found["later"] else 0
    return _Effect(Field(words, span), found["when"], later, found["unit"] or "")


def _effect_of_history(text: str, events: Sequence[_Event]) -> _Effect | None:
    """Return what the history below a title says of the effect: 2007年5月1日 施行, 公布施行."""
    for event in events:
        words = text[event.span.start : event.span.end]
        if event.what == _EFFECTIVE or words.endswith(("公布施行", "发布施行", "颁布施行")):
            return _Effect(Field(words, event.span), event.day)
    return None


def _bears(document: Document) -> Field | None:
    """Return the date that a notice bears; that of an amendment (最新異動日期) is none."""
    field = document.header.issued_on or document.header.published_on
    before = document.text[max(0, field.span.start - _LABEL) : field.span.start] if field else ""
    return None if _OF_AMENDMENT.search(simplify(before)) else field


def _date_of(effect: _Effect | None, events: Sequence[_Event], bears: Field | None) -> Field | None:
    """Return the day of effect, where the document gives the day that it is counted from."""
    if effect is None:
        return None
    day = _first_day(effect.when) or _counted_from(effect.when, events, bears)
    if day is None:
        return None
    return Field(_after(day, effect.later, effect.unit).isoformat(), effect.field.span)


def _counted_from(when: str, events: Sequence[_Event], bears: Field | None) -> date | None:
    """Return the day on which the document was published or passed, which its history says of a
    rule; a notice is published on the day that it bears."""
    if when[0].isdigit() or _WRITTEN.search(when):
        return None
    passed = "通过" in when or "批准" in when
    if passed or any(event.what in (_PUBLISHED_ON, _PASSED_ON) for event in events):
        wanted = _PASSED_ON if passed else _PUBLISHED_ON
        return next((date.fromisoformat(e.day) for e in events if e.what == wanted), None)
    is_amended = any(event.what == _AMENDED for event in events)
    return date.fromisoformat(bears.value) if bears and not is_amended else None


def _find_expiry(clauses: Sequence[_Clause], effective_on: Field | None) -> Field | None:
    """Return the last day on which the document is valid."""
    for clause in clauses:
        for form in (_VALID_UNTIL, _VALID_FOR):
            for found in form.finditer(clause.plain):
                if not _is_of_document(clause.plain, found):
                    continue
                day = (
                    _last_day(found[1] or found[2])
                    if form is _VALID_UNTIL
                    else effective_on and _end_of_term(effective_on.value, found)
                )
                if day:
                    return Field(day.isoformat(), clause.span(*found.span()))
    return None


def _is_of_document(plain: str, term: re.Match[str]) -> bool:
    """Tell the term of the document itself: 本办法有效期…, 本办法自…起施行，有效期…."""
    before = plain[: term.start()]
    near = re.split("[,:]", before)[-1]
    if _OF_ANOTHER.search(near):
        return False
    if re.search(_SELF, near):
        return True
    effect = _TAKES_EFFECT.search(before)
    return effect is not None and bool(effect["self"] or _HANDING_OUT.search(before))


def _end_of_term(start: str, term: re.Match[str]) -> date:
    """Return the last day of a term of so many years or months that begins on a day."""
    count = 2 if term[1] == "两" else read_number(term[1])
    return _after(date.fromisoformat(start), count, term[2]) - timedelta(days=1)


def _history(text: str, top: Sequence[Span]) -> Iterator[_Event]:
    """Yield what the lines below a rule's title say of its past, one event a day."""
    plain = simplify(text[: top[-1].end]) if top else ""
    body = first_body_line(plain, top)
    for line in top:
        words = plain[line.start : line.end]
        days = find_dates(words) if line.end - line.start <= _HISTORY_LENGTH else []
        if line.start >= body or not days:
            continue
        if not _LEAD.fullmatch(words[: days[0].start].strip("(—- ")):
            continue
        ends = [*(day.start for day in days[1:]), len(words)]
        for day, end in zip(days, ends, strict=True):
            value = read_date(words[day.start : day.end])
            what = _what_happened(words[day.end : end])
            if value and what:
                solid = len(words[day.start : end].rstrip())
                start = line.start + day.start
                yield _Event(value, what, Span(start, start + solid))


def _what_happened(words: str) -> str:
    """Return what a stretch of history tells: an amendment whatever else was done with it."""
    solid = _TITLES.sub("", words)
    if _IN_FORCE.fullmatch(solid.strip(" )")):
        return _EFFECTIVE
    for form, what in _EVENTS:
        if form.search(solid):
            return what
    return ""


def _amended_on(events: Sequence[_Event]) -> Field | None:
    """Return the day of the latest amendment; to pass a rule again, years later, amends it."""
    passed = [date.fromisoformat(event.day) for event in events if event.what == _PASSED_ON]
    first = min(passed, default=date.max)
    amending = [
        Field(event.day, event.span)
        for event in events
        if event.what == _AMENDED
        or (event.what == _PASSED_ON and date.fromisoformat(event.day) - first > _A_YEAR)
    ]
    return max(amending, key=lambda field: field.value, default=None)


def _first_day(written: str) -> date | None:
    """Return a day, or the first day of a month."""
    return _day(written, 1)


def _last_day(written: str) -> date | None:
    """Return a day, or the last day of a month or a year."""
    year = re.fullmatch(r"(\d{4})年底?", written)
    return date(int(year[1]), 12, 31) if year else _day(written, 0)


def _day(written: str, missing: int) -> date | None:
    """Return a day; one of a month alone is its first (`missing` 1) or its last (0) day.

    Years of the Republic of China (民国一百零四年) count from 1912.
    """
    found = _WRITTEN.search(written)
    if found is None:
        value = read_date(written)
        return date.fromisoformat(value) if value else None
    year, month = read_number(found[2]), read_number(found[3])
    year += _FIRST_YEAR_OF_REPUBLIC - 1 if found[1] else 0
    if not _YEARS_IN_USE[0] <= year <= _YEARS_IN_USE[1]:
        return None
    try:
        last = calendar.monthrange(year, month)[1]
        return date(year, month, read_number(found[4]) if found[4] else missing or last)
    except (ValueError, calendar.IllegalMonthError):
        return None


def _after(day: date, count: int, unit: str) -> date:
    """Return the day that comes so many days, months or years after another."""
    if unit not in ("年", "个月", "月"):
        return day + timedelta(days=count)
    months = day.year * 12 + day.month - 1 + count * (12 if unit == "年" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
