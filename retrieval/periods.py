"""The years that a question names: 近三年, 去年, 2020年以来, 2021—2023年, “十四五”, 十八大以来.

Where the wording says that documents were issued then, the years limit the search; everywhere else
they are part of what is asked: a goal for 2025 stands in a notice of 2022.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from indexer.records import Span
from indexer.text import CHINESE_DIGITS, read_number

FIRST_YEAR = 1  # of what has no beginning: 2020年以前


@dataclass(frozen=True, slots=True)
class Period:
    """Years, both inclusive, where a question names them, and whether they limit the search."""

    years: tuple[int, int]
    span: Span
    is_limit: bool

    def name(self, today: date) -> str:
        """Return the years in short: 2022, 2021-2023, 2020- (up to today) or -2019."""
        first, last = self.years
        if first == last:
            return str(first)
        if first == FIRST_YEAR:
            return f"-{last}"
        return f"{first}-" if last == today.year else f"{first}-{last}"


_DIGIT = f"[{''.join(CHINESE_DIGITS)}]"
_YEAR = f"((?<!\\d)(?:19|20)\\d\\d(?!\\d)|(?<!{_DIGIT})[一二]{_DIGIT}{{3}}(?!{_DIGIT}))"
_DASH = "[-—–~～至到]+"
_ONES = "[一二两三四五六七八九]"
_COUNT = f"({_ONES}?十{_ONES}?|{_ONES}|(?<!\\d)\\d{{1,2}}(?!\\d))"
_TIME = "(?:期间|时期|年间|以内|以来|[内里间])?"
# The congresses of the Party that policy texts count from, with their years.
_CONGRESSES = {"十六": 2002, "十七": 2007, "十八": 2012, "十九": 2017, "二十": 2022}
_ORDINAL = "(十[一二三四五六七八九]?|[一二三四五六七八九])"
_QUOTES = '"“”「」『』'
# What makes 十四五 no plan: 二十四五岁, 第十五条.
_NOT_BEFORE = "零一二三四五六七八九十百第满"
_NOT_AFTER = "岁个名年级元天日人条章节项月周次位届万千百"

# Documents are issued by these verbs alone; by the others, where what is issued is a document.
_ISSUE = "印发|出台|颁布|制发|发文|成文"
_MAKE = "发布|公布|公开|制定|制订|下发|发出|修订|出"
_DOCUMENTS = (
    "文件|政策|法规|规章|通知|通告|公告|通报|批复|意见|办法|细则|方案|规划|规定|条例|纲要|决定|要点"
)
# What stands between a year and its verb: 2023年云南省教育厅印发. A subject with one of these in
# it is another clause: 2025年目标由谁印发.
_SUBJECT = "(?:(?![的由谁哪何要将达目标把被])[^,，。;；:：?？!！])"
_ISSUED = re.compile(
    f"[,，]?{_SUBJECT}{{0,12}}(?:{_ISSUE})|"
    f"[,，]?{_SUBJECT}{{0,12}}(?:{_MAKE})[了过]?(?:的|哪些|什么|多少)?"
    f"[^,，。;；:：?？!！]{{0,16}}(?:{_DOCUMENTS})|"
    "(?:的|以来的?)(?:政策|所有|全部|相关|有关|最新)?(?:文件|发文|公文)|"
    "的(?:通知|通告|公告|通报|批复|复函)(?![书人方义栏牌单])"
)
_ISSUED_IN = re.compile(
    "(?:印发|成文|发布|公布|出台|颁布|发文)(?:的?(?:日期|时间|年份))?[在于为是]{0,2}$"
)
# 有效期到2025年的文件 is not of 2025.
_NOT_OF_ISSUE = re.compile("(?:[到至止]|施行|生效|实施|失效|废止|有效期)[在于为是]?$")
_OPEN_ENDED = re.compile("的(?:政策|规定)(?![性])")  # of 近三年 and 2020年以来 only


def find_periods(plain: str, today: date) -> list[Period]:
    """Return the years that a simplified question names, in its order."""
    found: list[Period] = []
    for pattern, read in _FORMS:
        for match in pattern.finditer(plain):
            span = Span(*match.span())
            years = read(match, today.year)
            if years and not any(span.overlaps(each.span) for each in found):
                is_limit = _is_of_issue(plain, span, years[1] > years[0])
                if is_limit or read is not _before:  # 2025年前消除 asks for 2025
                    found.append(Period(years, span, is_limit))
    return sorted(found, key=lambda period: period.span)


def _is_of_issue(plain: str, span: Span, is_open: bool) -> bool:
    """Tell whether the wording around years says that documents were issued then."""
    if _NOT_OF_ISSUE.search(plain[: span.start]):
        return False
    if _ISSUED.match(plain, span.end) or _ISSUED_IN.search(plain[: span.start]):
        return True
    return is_open and bool(_OPEN_ENDED.match(plain, span.end))


_Years = tuple[int, int] | None


def _range(match: re.Match[str], this_year: int) -> _Years:
    first, last = read_number(match[1]), read_number(match[2])
    return (first, last) if first <= last else None


def _since(match: re.Match[str], this_year: int) -> _Years:
    year = read_number(match[1])
    return year, max(year, this_year)


def _before(match: re.Match[str], this_year: int) -> _Years:
    return FIRST_YEAR, read_number(match[1]) - 1


def _plan(match: re.Match[str], this_year: int) -> _Years:
    """The five-year plans began in 1953 and run without a gap since the third, of 1966."""
    number = read_number(next(filter(None, match.groups())))
    first = (1953, 1958)[number - 1] if number < 3 else 1951 + 5 * number
    is_since = match[0].endswith("以来") and first <= this_year
    return first, this_year if is_since else first + 4


def _congress(match: re.Match[str], this_year: int) -> _Years:
    return _CONGRESSES[match[1]], this_year


def _recent(match: re.Match[str], this_year: int) -> _Years:
    """近三年 counts back from today, so it begins in the third calendar year before this one."""
    count = read_number(match[1].replace("两", "二"))
    return (this_year - count, this_year) if count else None


def _relative(match: re.Match[str], this_year: int) -> _Years:
    year = this_year + {"今": 0, "本": 0, "去": -1, "上": -1, "前": -2, "明": 1}[match[1]]
    return year, max(year, this_year) if "以来" in match[0] else year


def _single(match: re.Match[str], this_year: int) -> _Years:
    return read_number(match[1]), read_number(match[1])


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], int], _Years]], ...] = (
    (re.compile(f"{_YEAR}年?度?{_DASH}{_YEAR}年?度?(?!代){_TIME}"), _range),
    (
        re.compile(
            f"[自从]?{_YEAR}年(?:\\d{{1,2}}月份?)?"
            "(?:以来|以后|之后|后(?![备续勤期来])|起(?!草)|开始|至今|到现在)"
        ),
        _since,
    ),
    (re.compile(f"{_YEAR}年(?:以前|之前|前(?![后期往半三]))"), _before),
    (
        re.compile(
            f"(?<![{_NOT_BEFORE}])[{_QUOTES}]?(?:"
            f"(十[一二三四五])五(?![{_NOT_AFTER}])|"
            f"{_ORDINAL}五(?=[{_QUOTES}]?(?:时期|期间|规划|以来))|"
            f"(?<=[{_QUOTES}]){_ORDINAL}五(?=[{_QUOTES}])"
            f")[{_QUOTES}]?(?:规划)?{_TIME}"
        ),
        _plan,
    ),
    (re.compile("(?:党的|自)?(十[六七八九]|二十)大(?:召开)?以来"), _congress),
    (
        re.compile(
            f"(?<![将接附靠临新亲])(?:最近|过去|近|这)的?{_COUNT}个?年(?![级限])(?:以来|[间内里来])?"
        ),
        _recent,
    ),
    (re.compile(f"(?<![\\d{''.join(CHINESE_DIGITS)}十百]){_COUNT}年以来"), _recent),
    (
        re.compile(
            "([今去前明])年(?:度|以来|[内里间])?(?![\\d一二三四五六七八九十几满刚才]{1,4}岁)"
        ),
        _relative,
    ),
    (re.compile("([本上])年度(?:以来)?"), _relative),
    (re.compile(f"{_YEAR}年度?(?!代)(?:底|末|初|期间|[内里间])?"), _single),
)
