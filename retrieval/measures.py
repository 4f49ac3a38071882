"""Find the figures of a text: how much, how many, how long, by when, each with its bounds.

A figure is a number that counts or measures: 5%左右, 不少于3人, 5至6个, 1:12.5, 三分之一,
2025年6月底前. What numbers or names is none: 第三条, （二）, 〔2022〕26号, “十四五”, 九年义务教育.
The units are the classifiers and measures of the language, not those of a subject.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from indexer.records import Span
from indexer.text import CHINESE_DIGITS, read_number, simplify

# What a figure measures: a share is a percentage, a ratio, a fraction or a multiple; a date is a
# point in time, time how long something lasts; a count has a classifier, a number no unit at all.
Measure = Literal[
    "share", "people", "money", "time", "date", "area", "length", "weight", "age", "score",
    "lessons", "count", "number",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a text: where it stands with the words that bound it, and what it says.

    `numbers` are its number, both ends of a range or both sides of a ratio, () where it is a date
    or not plain (数百). `unit` is simplified, "" where there is none.
    """

    span: Span
    numbers: tuple[float, ...]
    unit: str
    measure: Measure


_UNITS: tuple[tuple[Measure, str], ...] = (
    ("share", "% ‰ 个百分点 百分点 个点 倍 成"),
    ("people", "人次 人 名 位"),
    ("money", "元人民币 美元 欧元 港元 日元 元 块钱"),
    (
        "time",
        "个工作日 工作日 个自然日 个日历日 个学年 个学期 个季度 学年 学期 季度 周年 年 个月 个星期 "
        "星期 周 日 天 个小时 小时 分钟 秒钟 秒",
    ),
    ("area", "平方公里 平方千米 平方米 平米 ㎡ m2 km2 公顷 亩"),
    ("length", "公里 千米 海里 厘米 毫米 米 km cm mm m"),
    ("weight", "吨标准煤 吨 公斤 千克 毫克 微克 克 斤 kg mg 立方米 毫升 升"),
    ("age", "周岁 岁"),
    ("score", "分"),
    ("lessons", "个课时 课时 个学时 学时 节课 学分"),
    (
        "count",
        "千瓦时 千瓦 兆瓦 个 所 家 项 条 份 件 套 台 辆 座 处 间 栋 幢 层 户 班 次 场 届 门 节 本 "
        "册 篇 种 类 级 批 期 张 枚 支 只 头 匹 株 棵 组 队 对 双 片 块 段 道 轮 笔 宗 起 例 床 席 "
        "架 艘 口 眼 颗 粒 根 副 幅 部 句 字 页 行 列 排 款 代 面 把 包 箱 袋 瓶 桶 趟 遍 番 档 度 "
        "省 市 州 县 区 乡 镇 村 校 园 国",
    ),
)
MEASURES: dict[str, Measure] = {
    unit: measure for measure, units in _UNITS for unit in units.split()
}
# After a Chinese numeral these put in an order or belong to a word: 三级医院, 二期, 十分, 五市.
_ARABIC_ONLY = frozenset("级 期 届 代 档 分 度 款 面 番 省 市 州 县 区 乡 镇 村 校 园 国".split())

_GAP = "[ \t]?"
_DIGITS = "".join(CHINESE_DIGITS) + "两"
_HAN_NUMBER = f"[{_DIGITS}十百千]"
_ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_NUMBER = (
    f"(?:{_ARABIC}(?:{_GAP}[百千万亿]{{1,2}})?|"
    f"(?:[数几](?=[十百千万]))?(?:{_HAN_NUMBER}+(?:点[{_DIGITS}]+)?[万亿]{{0,2}})+)[余多]?[万亿]?"
)
# The words after them make other words of these: 3分别, 5成员, 六年级, 三期限, 5mm.
UNIT = (
    f"(?:{'|'.join(map(re.escape, sorted(MEASURES, key=lambda unit: (-len(unit), unit))))})"
    "(?<!分(?=[别之布配类]))(?<!成(?=[立员为果效长]))(?<!年(?=级))(?<!期(?=限))(?<!人(?=民))"
    "(?<!部(?=[分门]))(?<![a-z](?=[a-z]))"
)
_RATE = (
    "(?:/(?:平方米|立方米|公顷|人次|小时|[\u4e00-\u9fff])|每[\u4e00-\u9fff](?:每[\u4e00-\u9fff])?)?"
)
_AFTER = (
    f"(?:{_GAP}(?:\\(不?含(?:本数)?\\))?(?:及其?|或者?)?(?:以上|以下|以内|以外|之内|之外|左右|"
    "上下|内(?![部容设])|(?<=[年月日天时周期])[之以]?[前后](?![期端者])))?"
)
_DASH = f"{_GAP}[-—–~至到]{{1,2}}{_GAP}"
_PART = f"(?:[百千万]分之{_GAP})?"
_AMOUNT = re.compile(
    f"(?P<part>{_PART})(?P<first>{_NUMBER})(?:"
    f"{_GAP}(?P<by>[:∶/比]|分之){_GAP}(?P<other>{_NUMBER})"
    f"(?:{_DASH}{_NUMBER}{_GAP}[:∶比]{_GAP}{_NUMBER})?{_AFTER}|"
    f"(?:{_GAP}(?P<unit>{UNIT}){_RATE})?(?P<after>{_AFTER})"
    f"(?P<range>(?P<dash>{_DASH})?(?(dash)|(?<=以上)[,、;]?(?:不满|不足)?){_PART}"
    f"(?P<last>{_NUMBER})(?:{_GAP}(?P<last_unit>{UNIT}){_RATE})?(?P<last_after>{_AFTER}))?)"
)
_HALF = re.compile(
    f"(?P<share>过半数?|半数|一半){_AFTER}|(?<![上下])半(?:个月|个?小时|[年天]){_AFTER}"
)
# Looking at one character first makes the long patterns three times as fast.
_BOUND_BEGINS = "(?=[力争确不未年满至最超多少低高大小突逾近将接约上≥≤><])"
_BOUND = (
    "(?:力争|争取|确保)(?:达到|突破|超过|完成|实现|增长)?|"
    "不(?:得|能|应|可|宜|准|许)?(?:少于|低于|超过|高于|大于|小于|多于|超|足)|"
    "不满|未满|年满|满|至[少多][\u4e00-\u9fff]{0,4}?|最[少多高低长短大小早迟]|不[迟晚]于|超过|超出|"
    "超|多于|少于|低于|高于|大于|小于|突破|逾|(?<![附最靠将])近|将近|接近|大约|约为?|上(?=[百千万])|"
    "[≥≤><]=?"
)
_BEFORE = re.compile(f"{_BOUND_BEGINS}(?:{_BOUND})(?:达到?|为)?{_GAP}$")
_LOOK_BACK = 12  # characters before a number that decide what it is; the longest bound has eight

_YEAR = rf"(?:(?<!\d)(?:19|20)\d\d|(?<![{_DIGITS}])[一二][{_DIGITS}]{{3}})"
_DAY = rf"(?:(?<!\d)\d{{1,2}}|(?<!第)(?<![{_DIGITS}])(?:[一二三]?十[{_DIGITS}]?|[{_DIGITS}]))"
_MONTH = f"{_DAY}{_GAP}月(?!份?以[上下内])份?(?:{_GAP}{_DAY}{_GAP}[日号])?"
_EDGE = (
    "(?:上半年|下半年|第[一二三四]季度|[春秋]季|[上中下]旬|[年月]?[底末初](?![中步一高]))?"
    "(?:(?:之|以)?[前后](?![期端者置])|起|止|内(?![部容]))?"
)
_POINT = (
    f"(?:(?:{_YEAR}{_GAP}年(?!度)|今年|明年|当年){_GAP}(?:{_MONTH})?|(?:每年{_GAP})?{_MONTH}|"
    rf"学?年[底末]|[月季]末|月底|(?<![{_DIGITS}十半几数\d])年内|"
    rf"(?<!\d)(?:19|20)\d\d[-./]\d{{1,2}}[-./]\d{{1,2}}(?!\d)){_EDGE}"
)
_CLOCK = (
    r"(?:(?<![\d:])(?:0?[6-9]|1\d|2[0-4])[:∶][0-5]\d(?![\d:.])|"
    r"(?<!\d)[012]?\d[点时](?:[0-5]?\d分|半|整)?(?![间建意要])|"
    f"(?<![第{_DIGITS}])(?:二?十[{_DIGITS}]?|[二两三四五六七八九零])时(?:{_HAN_NUMBER}{{1,3}}分|半|整)?"
    "(?![间期限段空代]))"
)
_DATE = re.compile(
    f"(?=[\\d{_DIGITS}今明当每学年月季十不最])(?:{_YEAR}{_DASH}{_YEAR}{_GAP}年(?!度){_EDGE}|"
    f"(?:不[迟晚]于|最[早迟])?{_POINT}(?:{_DASH}{_POINT})?|"
    f"{_CLOCK}(?:{_DASH}(?:[次当]日)?{_CLOCK})?)"
)
# 今年的目标, 2025年工作报告: the year of another thing, not a point in time that is set.
_BARE_YEAR = re.compile(f"{_YEAR}{_GAP}年|[今明当]年")
_SETS_YEAR = re.compile("(?:^|[,;。:!?、\n(]|[到至在于自从定是为]|截至|力争|争取|确保|计划|预计)$")

_DONE_IN_YEAR = re.compile(
    "[,;]|实现|完成|建成|达到?|启动|开[始工学]|投入|起|基本|全[面部]|首|正式|力争"
)

# Numbers that name or order things, codes, and names in quotation marks.
_NAMING = re.compile(
    f'(?=[\\d{_DIGITS}十百千第\\[(〔【“‘「『"\\sA-Za-z])(?:第{_GAP}(?:\\d+|{_HAN_NUMBER}+)(?:[-—至到、]第?(?:\\d+|{_HAN_NUMBER}+))?|'
    f"[\\[(〔【]{_GAP}(?:\\d{{1,4}}|{_HAN_NUMBER}{{1,4}}){_GAP}[\\])〕】](?:第?\\d+号)?|"
    f"(?:\\d+|{_HAN_NUMBER}+)(?:-\\d+)?号|"
    f"(?:(?<=[\n。;:])|^)\\s*(?:\\d{{1,3}}|{_HAN_NUMBER}{{1,4}})[.、)](?!\\d)|"
    '[“‘「『"][^“”‘’「」『』"。;]{1,12}[”’」』"]|'
    r"(?<!\d)[A-Za-z]+[-/. ]?\d[0-9A-Za-z.\-/]*(?![0-9A-Za-z%])|"
    r"\d+(?:\.\d+)*(?!(?:km|cm|mm|kg|mg|m)(?![A-Za-z]))[A-Za-z]+|"
    r"\d+(?:\.\d+){2,}|0\d{2,3}-\d{7,8}|\d{8,}|\d+(?:[+×]\d+)+)",
    re.MULTILINE,
)
# 九年义务教育, 三年行动方案: a length of time that names a thing says so by what is around it.
_LASTS = re.compile("(?:期|期限|用|达|至|届|是|过|每|连续|保存|时间|时限|延长|缩短|为)$")
_LASTED = re.compile("$|[,;。、:!?)\\]|\\s内以之不未的至到时为并即由期完达实零又]")
# What a bare number may not touch: 5号, 3楼, 2024版, +5, v2.
_JOINS = re.compile("[\u4e00-\u9fff\0+×/A-Za-z~-]")
_JOINED = re.compile("[\0A-Za-z0-9+×./~-]$")
_ORDERS = re.compile("(?<!提)[前头]$")
_EACH = re.compile("(?:至少|[每各一][\u4e00-\u9fff])[\u4e00-\u9fff]{0,5}$")
_LARGE = (("亿", 100_000_000), ("万", 10_000))
_COMMA = re.compile("，(?![０-９])")  # 增长5%，200个 is no number of thousands
_ANY_NUMBER = re.compile(f"[\\d{_DIGITS}十百千半年月]")


@lru_cache(maxsize=8192)
def find_figures(text: str) -> tuple[Figure, ...]:
    """Return the figures of a text in order; their spans are of the text as it is."""
    plain = simplify(_COMMA.sub("；", text))
    if not _ANY_NUMBER.search(plain):
        return ()
    found = []
    for match in _DATE.finditer(plain):
        before = plain[max(0, match.start() - _LOOK_BACK) : match.start()]
        is_bare = _BARE_YEAR.fullmatch(match[0])
        if not is_bare or _SETS_YEAR.search(before) or _DONE_IN_YEAR.match(plain, match.end()):
            found.append(Figure(Span(*match.span()), (), "", "date"))
    plain = _blank(_NAMING, _blank(_DATE, plain, "\1"))
    for match in _HALF.finditer(plain):
        measure: Measure = "share" if match["share"] else "time"
        found.append(Figure(Span(*match.span()), (0.5,), "", measure))
    found.extend(_amounts(_blank(_HALF, plain, "\1")))
    return tuple(sorted(found, key=lambda figure: figure.span))


def _blank(pattern: re.Pattern[str], plain: str, filling: str = "\0") -> str:
    return pattern.sub(lambda found: filling * len(found[0]), plain)


def _amounts(plain: str) -> Iterator[Figure]:
    at = 0
    while match := _AMOUNT.search(plain, at):
        start, end = match.span()
        is_range = bool(match["range"]) and _is_range(match)
        if match["range"] and not is_range:
            end = match.start("range")
        before = plain[max(at, start - _LOOK_BACK) : start]
        bound = _BEFORE.search(before)
        is_bound = bool(bound or match["after"] or (is_range and match["last_after"]))
        unit = match["unit"] or (is_range and match["last_unit"]) or ""
        measure = MEASURES.get(unit, "number")
        if match["part"] or match["by"]:
            unit, measure = "%" if match["part"] else "", "share"
            counts = match["by"] != "/" or _is_fraction(match)
        else:
            written = match["first"] + (match["last"] if is_range else "")
            counts = _counts(written, unit, before, plain[end : end + 1], is_bound)
        if counts:
            span = Span(start - len(bound[0]) if bound else start, end)
            yield Figure(span, _numbers(match, is_range), unit, measure)
        at = end if counts else match.end("first")


def _is_range(match: re.Match[str]) -> bool:
    """Tell whether two numbers are the ends of one range: they share a unit, or a scale."""
    unit, last = match["unit"], match["last_unit"]
    if not match["dash"] and not match["last_after"].startswith("以下"):
        return False
    if match["part"]:
        return not last
    if unit and last:
        return MEASURES[unit] == MEASURES[last]
    return bool(last or unit or match["last"][0].isdigit())


def _is_fraction(match: re.Match[str]) -> bool:
    return all(match[part].isdigit() and int(match[part]) < 100 for part in ("first", "other"))


def _counts(written: str, unit: str, before: str, after: str, is_bound: bool) -> bool:
    """Tell whether a number counts or measures something rather than naming or ordering it."""
    is_arabic = written[0].isdigit()
    if not unit:
        is_apart = is_bound or written[-1] in "万亿" or not _JOINS.match(after)
        return is_arabic and is_apart and not _JOINED.search(before)
    if _ORDERS.search(before) and unit not in ("%", "倍"):
        return False
    if is_arabic:
        lasts = unit != "年" or is_bound or _LASTS.search(before) or _LASTED.match(after)
        return bool(lasts) and not _JOINED.search(before)
    if unit in _ARABIC_ONLY:
        return False
    if written == "一":  # an article, unless something is said of how many
        return is_bound or bool(_EACH.search(before))
    if MEASURES[unit] == "time" and not is_bound:
        return bool(_LASTS.search(before) or _LASTED.match(after))
    return True


def _numbers(match: re.Match[str], is_range: bool) -> tuple[float, ...]:
    first = _read(match["first"])
    if match["other"]:
        pair = (*first, *_read(match["other"]))
        if match["by"].strip() in ("/", "分之") and len(pair) == 2:
            top, bottom = pair if match["by"].strip() == "/" else pair[::-1]
            return (top / bottom,) if bottom else ()
        return pair
    return (*first, *_read(match["last"])) if is_range else first


def _read(written: str) -> tuple[float, ...]:
    """Return the number that is written 1,200, 1.2万 or 三点五, both of 三五, () of 数百."""
    plain = "".join(written.split()).replace(",", "").replace("两", "二")
    plain = plain.replace("余", "").replace("多", "")
    if plain[0] in "数几":
        return ()
    if len(plain) == 2 and all(sign in CHINESE_DIGITS for sign in plain):
        return float(CHINESE_DIGITS[plain[0]]), float(CHINESE_DIGITS[plain[1]])
    return (_value(plain),)


def _value(plain: str) -> float:
    for sign, size in _LARGE:
        if sign in plain:
            above, below = plain.split(sign, 1)
            return _value(above or "1") * size + (_value(below) if below else 0)
    if plain[0].isascii():
        small = {"百": 100, "千": 1000}.get(plain[-1], 1)
        return float(plain.rstrip("百千")) * small
    whole, _, decimals = plain.partition("点")
    digits = "".join(CHINESE_DIGITS[digit] for digit in decimals)
    return read_number(whole) + float(f"0.{digits or 0}")
