"""Figures and dates of a text in a form that compares: 百分之五 is 5%, 二〇二二年 is 2022年.

A figure is its value, its unit, and the bound beside it: 55人 is not 55%, and 不少于55人 is not
不超过55人.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from indexer.text import folded, read_number

_DIGIT = "[一二两三四五六七八九]"
_ARABIC = r"\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d+)?"
_CHINESE = "[零〇○一二两三四五六七八九十百千万亿]+"
_NUMBER = re.compile(
    f"(?P<part>百分之|千分之)?(?:(?P<arabic>{_ARABIC})(?P<scale>[十百千]?[万亿]*)|(?P<han>{_CHINESE}))"
    f"(?:分之(?P<over>\\d+|{_CHINESE}))?"
)
# The numerals of cheques; 伍 and 陆 alone are in many words.
_CAPITALS = "壹贰叁肆伍陆柒捌玖拾佰仟"
_CAPITAL = re.compile(f"[{_CAPITALS}](?:[{_CAPITALS}零万亿]+|(?=[万亿元人年名份]))")
_SMALL = str.maketrans(_CAPITALS, "一二三四五六七八九十百千")
_PLAIN = re.compile("[零〇○一二两三四五六七八九]+")
_SCALED = re.compile(f"(?:{_DIGIT}千)?零?(?:{_DIGIT}百)?零?(?:{_DIGIT}?十)?{_DIGIT}?")
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
# Units, the longer ones first, and those that are said for one another; what counts persons or
# things may as well be left out.
_MEASURES = (
    "个百分点 百分点 工作日 自然日 年级 个月 小时 学时 课时 分钟 学期 周岁 平方公里 平方米 立方米 "
    "公里 公顷 公斤 千克 厘米 年 月 日 天 周 岁 元 倍 成 % ‰ 米 亩 吨 级 条 款 章 号 届 期"
).split()
_COUNTERS = "人 名 位 个 所 家 项 次 类 种 轮 批 班 件 份 台 辆 户 处 座 套 门 间 节 场 张".split()
_UNIT = re.compile("|".join((*_MEASURES, *_COUNTERS)))
_SAME_UNIT = {
    "天": "日", "周岁": "岁", "个百分点": "百分点", "名": "人", "位": "人", "所": "个", "家": "个",
    "间": "个", "座": "个", "种": "类",
}  # fmt: skip
_TO = re.compile("[-~]+|[至到或和、]")
_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)[-./](\d{1,2})[-./](\d{1,2})(?!\d)")
# 一 before these is no figure: 一个, 一项, 一名.
_MERE_ONE = re.compile("一(?![年月日天周元倍成级条])")
_ORDINAL = "第"
_PARTS = {"百分之": "%", "千分之": "‰"}
_DATE_UNITS = ("年", "月", "日")

_HAN = "[\u4e00-\u9fff]"
_MAY_NOT = "不(?:得|应|能|可|宜|要|准|许)?再?"
# Bounds as they stand before a number (至少配备1名) and behind it (12个班以下), with few words
# between. The first that fits is meant: 不超过 before 超过.
_BEFORE = {
    "≤": f"{_MAY_NOT}(?:超过|高于|多于|大于|突破|超出|超)|至多|最多|最高|最长",
    "≥": f"{_MAY_NOT}(?:低于|少于|小于|短于)|至少|最少|最低|最短",
    ">": "超过|高于|多于|大于|突破|超出",
    "<": "低于|少于|小于|短于|不足|不满|未满|不到|未达",
}
_BEHIND = {"≥": "以上", "≤": "以下|以内|之内"}
_IS_BEFORE = [(b, re.compile(f"(?:{words}){_HAN}{{0,4}}$")) for b, words in _BEFORE.items()]
_IS_BEHIND = [
    *((b, re.compile(f"{_HAN}{{0,3}}?(?:{words})")) for b, words in _BEHIND.items()),
    ("前", re.compile("[底末初]?(?:以前|之前|前(?![提后期往述款]))")),
    ("后", re.compile("[底末初]?(?:以后|之后|后(?![续勤备期]))")),
]
_BOUND = re.compile(
    "|".join(f"(?P<_{at}>{w})" for at, w in enumerate((*_BEFORE.values(), *_BEHIND.values())))
)
_BOUNDS = (*_BEFORE, *_BEHIND)
_BOUND_WINDOW = 12  # characters in which a bound before a number stands


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure or a date; `start` and `end` are where its `words` stand in the folded text.

    The `value` of a date is 2022年12月6日, of what is no number (十四五) the words themselves.
    """

    words: str
    value: str
    unit: str
    bound: str
    start: int
    end: int

    def is_said_by(self, others: Sequence["Quantity"]) -> bool:
        """Tell whether one of others is the same; part of a date is said by the whole of it."""
        return any(
            other.bound == self.bound
            and (
                (other.value == self.value and _is_unit_of(self.unit, other.unit))
                or (self.parts and self.parts < other.parts)
            )
            for other in others
        )

    @property
    def parts(self) -> frozenset[str]:
        """The year, month and day of a date."""
        value = self.value + (self.unit if self.unit in _DATE_UNITS else "")
        return frozenset(re.findall(r"\d+[年月日]", value))


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Return the figures and dates of a text, in order."""
    plain = _CAPITAL.sub(lambda run: run[0].translate(_SMALL), folded(text))
    plain = _ISO.sub(r"\1年\2月\3日", plain)
    found = list(_numbers(plain))
    for at in range(len(found) - 2, -1, -1):  # 5—10% are both percent
        number, following = found[at], found[at + 1]
        if not number.unit and _TO.fullmatch(plain, number.end, following.start):
            found[at] = replace(number, unit=following.unit)
    return tuple(_bounded(plain, quantity) for quantity in _dates(found))


def find_bounds(plain: str) -> dict[str, str]:
    """Return every bound that a folded text sets, of a figure or not, with the words that do."""
    return {
        _BOUNDS[int((match.lastgroup or "_0")[1:])]: match[0] for match in _BOUND.finditer(plain)
    }


def _numbers(plain: str) -> Iterator[Quantity]:
    for match in _NUMBER.finditer(plain):
        part, han, over = match["part"], match["han"], match["over"]
        unit = _UNIT.match(plain, match.end())
        is_ordinal = plain.endswith(_ORDINAL, 0, match.start())
        if han and not (part or over or _counts(han, bool(unit) or is_ordinal, match)):
            continue
        value = _read(han) if han else _times(match["arabic"], match["scale"])
        if over:
            value, unit = f"{_read(over) if over[0] in _CHINESE else over}/{value}", None
        end = unit.end() if unit else match.end()
        name = _PARTS[part] if part else unit[0] if unit else ""
        start = match.start()
        yield Quantity(plain[start:end], value, _SAME_UNIT.get(name, name), "", start, end)


def _counts(han: str, has_unit: bool, match: re.Match[str]) -> bool:
    """Tell whether Chinese numerals are a figure, not part of a word (统一, 万一, 千方百计)."""
    if han[0] in "百千万亿":
        return False
    if len(han) > 1:
        return True
    return has_unit and not _MERE_ONE.match(match.string, match.start())


def _read(han: str) -> str:
    """Return the number that Chinese numerals write, or the numerals where they write none."""
    plain = han.replace("两", "二")
    if _PLAIN.fullmatch(plain):
        return str(read_number(plain))
    total, rest = 0, plain
    for scale in "亿万":
        above, sign, below = rest.rpartition(scale)
        if sign:
            if not (above and _SCALED.fullmatch(above)):
                return han
            total, rest = total + read_number(above) * _SCALES[scale], below
    if rest and not _SCALED.fullmatch(rest):
        return han
    return str(total + (read_number(rest) if rest else 0))


def _times(arabic: str, scale: str) -> str:
    value = Decimal(arabic.replace(",", ""))
    for sign in scale:
        value *= _SCALES[sign]
    return f"{value.normalize():f}"


def _dates(found: Sequence[Quantity]) -> Iterator[Quantity]:
    """Yield the quantities, a year, month and day that stand together as one."""
    date: Quantity | None = None
    for quantity in found:
        follows = date is not None and date.end == quantity.start
        if date and follows and _is_next(date, quantity):
            value = f"{_with_unit(date)}{_with_unit(quantity)}"
            words = date.words + quantity.words
            date = Quantity(words, value, "日期", "", date.start, quantity.end)
            continue
        if date:
            yield date
        date = quantity
    if date:
        yield date


def _is_next(date: Quantity, quantity: Quantity) -> bool:
    last = date.value[-1] if date.unit == "日期" else date.unit
    return (last, quantity.unit) in (("年", "月"), ("月", "日"))


def _with_unit(quantity: Quantity) -> str:
    return quantity.value if quantity.unit == "日期" else quantity.value + quantity.unit


def _bounded(plain: str, quantity: Quantity) -> Quantity:
    """Return a quantity with the bound that is said before or after it."""
    before = plain[max(0, quantity.start - _BOUND_WINDOW) : quantity.start]
    for bound, pattern in _IS_BEFORE:
        said = pattern.search(before)
        if said:
            return replace(quantity, bound=bound, words=said[0] + quantity.words)
    for bound, pattern in _IS_BEHIND:
        said = pattern.match(plain, quantity.end)
        if said:
            return replace(quantity, bound=bound, words=quantity.words + said[0])
    return quantity


def _is_unit_of(unit: str, other: str) -> bool:
    """Tell whether two units are the same, or one is left out that only counts."""
    return unit == other or (not unit and other in _COUNTERS) or (not other and unit in _COUNTERS)
