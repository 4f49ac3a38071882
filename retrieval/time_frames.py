"""Which year a sentence is about, and whether it sets an aim or reports a result.

城镇新增就业51万人 below 2024年工作回顾 is last year's result, 城镇新增就业50万人以上 in a sentence
that begins with 2025年预期目标 is this year's aim: the nearest words that say so decide, from the
clause to its lead-in, to the headings above it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from retrieval.query import Query

# Not what is compared with or counted from: 比2020年提高, 2015年以来, 〔2015〕号.
_YEAR = re.compile(r"(?<![\d比较自从])((?:19|20)\d\d)(?=年(?!以来|起)|[-—~至到](?:19|20)\d\d年)")
# Words that mean a year by that of the document, and how far off it is.
_RELATIVE = (
    (0, re.compile("今年|本年(?!级)|本年度")),
    (-1, re.compile("去年|上年|过去(?:的)?一年|一年来|上一年")),
)
# Words that surely set an aim or report, and words that do where nothing better is said.
_AIMS = re.compile(
    "目标|预期(?!相)|力争|确保|争取|(?<!科技)计划(?!项目|生育)|规划|拟(?!定)|打算|到20\\d\\d年|下一步|不得|应当|必须|不低于|不少于|不高于|控制在"
)
_RESULTS = re.compile(
    "同比|(?:好于|优于|高于|超过|超出|达到|低于|完成).{0,8}(?:目标|预期|规划)(?!任务)|超额|提前(?:[一两\\d]年)?(?:完成|达|实现)|(?:创|刷新).{0,8}(?:新高|纪录)|连续[\\d一二三四五六七八九十]+[年个]|"
    "已(?:经|达|建|有|完|实)|达到了|实现了|取得|[比较]上年|累计|全年(?:实现|完成|达)|初步(?:预计|统计|核算)|"
    "截[至止]|符合预期|(?:目标|任务)的?\\d|预计(?:全[年市省区]|地区|20)|居全国|位居|全部完成|圆满完成|获批|落地见效"
)
_AIM_HEADINGS = re.compile(
    "目标|任务|安排|总体要求|工作(?:思路|部署|重点)|重点工作|打算|举措|措施|计划|规划"
)
_RESULT_HEADINGS = re.compile(
    "回顾|成效|成绩|总结|过去[一五]年|[一五]年来|新成就|历史性|主要做了|取得"
)
_WEAK_AIMS = re.compile("左右|以上|以内|将(?!军)|要(?=[加推完抓建])|新建|力推")
_ASKS_AIM = re.compile(
    "目标|预期|计划|规划|要求|任务|打算|安排|力争|应当?|必须|准备|将|要(?:达|建|完|实|做|新|多|筹|改)"
)
_ASKS_RESULT = re.compile(
    "完成(?!时|期|日)|实现了|达到了|去年|上年|同比|结果|现状|成效|截至|目前|现有|已经?|实际"
)
_YEARS_MAX = 10  # a longer period names no year


@dataclass(frozen=True, slots=True)
class Frame:
    """The years that a sentence is about, () where nothing says; and whether it sets an aim (True),
    reports a result (False), or neither is known. `offsets` are the years as they are said from
    the year of the document: 0 is its own, -1 the one before. Years `by_title` alone may be those
    of the sentence, but need not: a report of 2025 tells of 2024."""

    years: tuple[int, ...]
    offsets: tuple[int, ...]
    is_aim: bool | None
    by_title: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """What stands around a sentence: its lead-in and headings, nearest first, and the title, all
    normalised, and the year of the document, which 今年 means."""

    above: tuple[str, ...]
    title: str
    year: int | None


def frame_asked(query: Query) -> Frame:
    """Return the frame that a question wants; 今年 in it means the year of whatever is found."""
    plain = query.plain
    offsets = tuple(offset for offset, pattern in _RELATIVE if pattern.search(plain))
    first, last = query.years or (1, 0)
    named = not offsets and last - first < _YEARS_MAX
    years = tuple(range(first, last + 1)) if named else ()
    aims, reports = bool(_ASKS_AIM.search(plain)), bool(_ASKS_RESULT.search(plain))
    return Frame(years, offsets, None if aims == reports else aims)


def frame_of(own: Sequence[str], setting: Setting) -> Frame:
    """Return the frame of a sentence; `own` are its clause that answers and the whole of it,
    normalised."""
    year = setting.year
    stated = (_years("\n".join(own), year), *(_years(each, year) for each in setting.above))
    years = next(filter(None, stated), ())
    by_title = not years
    years = years or _years(setting.title, year)
    offsets = tuple(each - year for each in years) if year is not None else ()
    found = (
        *(_decide(each, _AIMS, _RESULTS) for each in own),
        *(
            _decide(each, _AIM_HEADINGS, _RESULT_HEADINGS)
            for each in (*setting.above, setting.title)
        ),
        True if _WEAK_AIMS.search(own[0]) else None,
    )
    return Frame(years, offsets, next((aim for aim in found if aim is not None), None), by_title)


def agreement(asked: Frame, found: Frame) -> float:
    """Return how well a sentence's frame fits the question's: 1 as asked, 0 unknown, below 0
    against it. A sentence of another year does not fit, whatever else it says."""
    fit, is_other = 0.0, False
    for wanted, said in ((asked.years, found.years), (asked.offsets, found.offsets)):
        if wanted and said:
            is_same = bool(set(wanted) & set(said))
            fit += 0.5 if is_same else 0.0
            # A report of 2025 may tell of 2024 in a sentence that does not say so, not of 2026.
            is_other = not is_same and (not found.by_title or min(wanted) > max(said))
    if asked.is_aim is not None and found.is_aim is not None:
        fit += 0.5 if asked.is_aim == found.is_aim else -0.5
    return min(fit, -0.5) if is_other else fit


@lru_cache(maxsize=16_384)
def _years(words: str, year: int | None) -> tuple[int, ...]:
    found = [int(each) for each in _YEAR.findall(words)]
    if year is not None:
        found += [year + offset for offset, pattern in _RELATIVE if pattern.search(words)]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=16_384)
def _decide(words: str, aims: re.Pattern[str], results: re.Pattern[str]) -> bool | None:
    is_aim, is_result = bool(aims.search(words)), bool(results.search(words))
    return None if is_aim == is_result else is_aim
