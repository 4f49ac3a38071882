"""What a spreadsheet shows for a number: its number format applied (ECMA-376-1, 18.8.30 and 31).

No packaged library knows the Chinese parts of this form (DBNum digits, 上午/下午, 星期, the formats
that go by number alone), so it is done here, the way Excel in Chinese shows it.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache

# Formats that a file names by number without writing them out (18.8.30, with those of zh-cn).
_AFTER_NOON = '上午/下午h"时"mm"分"'
BUILT_IN: dict[int, str] = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '"¥"#,##0;"¥"-#,##0',
    6: '"¥"#,##0;"¥"-#,##0', 7: '"¥"#,##0.00;"¥"-#,##0.00', 8: '"¥"#,##0.00;"¥"-#,##0.00',
    9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: _AFTER_NOON,
    35: _AFTER_NOON + 'ss"秒"', 36: 'yyyy"年"m"月"',
    37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
    41: '#,##0;-#,##0;"-"', 42: '"¥"#,##0;"¥"-#,##0;"¥-"', 43: '#,##0.00;-#,##0.00;"-"',
    44: '"¥"#,##0.00;"¥"-#,##0.00;"¥-"', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 49: "@", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"', 54: 'm"月"d"日"', 55: _AFTER_NOON, 56: _AFTER_NOON + 'ss"秒"',
    57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
# What a format may say apart from characters to be shown as they are.
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|(?P<blank>_.?)|(?P<fill>\*.?)|\[(?P<bracket>[^\]]*)\]|'
    r"(?P<general>General|G/通用格式|常规)|(?P<noon>AM/PM|A/P|上午/下午)|(?P<exponent>E[+-])|"
    r"(?P<date>y+|m+|d+|h+|s+(?:\.0+)?|e+|g+|aaaa?)|(?P<digit>[0#?])|(?P<text>@)|"
    r"(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<slash>/)|(?P<shown>.)",
    re.IGNORECASE | re.DOTALL,
)
_SECTION_END = re.compile(r'("[^"]*"?|\\.|\[[^\]]*\]|[_*].|[^;])*', re.DOTALL)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_LONG_DATE = {"F800": 'yyyy"年"m"月"d"日"', "F400": "h:mm:ss"}  # formats of the system
_WIDTH = 11  # characters of a number in a cell of the format General
_SCIENTIFIC_FROM = 100_000_000_000
_SMALLEST_FIXED = Decimal("0.0001")
_PRECISION = 15  # significant digits that a cell keeps
_LAST_DAY = 2_958_466  # the serial number of 10000-01-01: later ones are no dates
_MAX_DECIMALS = 30
_EXACT = Context(prec=400)  # digits of the largest number with all its decimals
_DAYS_TO_1904 = 1462
_OF_DATES = frozenset(("date", "elapsed", "noon"))
_EMPTY = {"0": "0", "?": " "}  # what a place without a digit shows
_WEEKDAYS = "一二三四五六日"
_ENGLISH_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_ENGLISH_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_TAIWAN = re.compile("-0*404$", re.IGNORECASE)
_CHINESE = re.compile("-0*(?:804|404|c04|1004|1404)$", re.IGNORECASE)
# Chinese digits, and the words for tens within a group of four digits and for groups.
_NUMERALS = {
    "1": ("〇一二三四五六七八九", ("", "十", "百", "千"), ("", "万", "亿", "兆")),
    "2": ("零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟"), ("", "万", "亿", "兆")),
    "3": ("０１２３４５６７８９", ("", "十", "百", "千"), ("", "万", "亿", "兆")),
}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class _Section:
    """One of the up to four parts of a format; `condition` says for which numbers it is."""

    tokens: tuple[_Token, ...]
    condition: tuple[str, Decimal] | None
    numerals: str  # the number of [DBNum1], "" without one
    locale: str
    kinds: frozenset[str]  # of its tokens
    places: "_Places"


@dataclass(frozen=True, slots=True)
class _Places:
    """Which tokens of a section show digits, before and after the point; what the others show;
    by how many powers of ten the number is changed."""

    whole: tuple[int, ...]
    decimals: tuple[int, ...]
    literals: tuple[str, ...]
    power: int
    is_grouped: bool


def format_number(value: float, code: str, from_1904: bool = False) -> str:
    """Return what is shown for a number; `from_1904` where the file counts days from 1904."""
    if not math.isfinite(value):
        return "#NUM!"
    number = Decimal(f"{value:.{_PRECISION}g}")
    if code == "General":
        return show_general(number)
    section, signed = _choose(_sections(code), number)
    if section is None:
        return show_general(number)
    sign = "-" if number < 0 and signed else ""
    size = abs(number)
    kinds = section.kinds
    if not kinds.isdisjoint(_OF_DATES):
        days = number + (_DAYS_TO_1904 if from_1904 else 0)
        return _show_date(section, days) if 0 <= days < _LAST_DAY else show_general(number)
    if "general" in kinds:
        return sign + _show_plain(section, show_general(size))
    if "exponent" in kinds:
        return sign + _show_scientific(section, size)
    if "slash" in kinds and "digit" in kinds:
        return sign + _show_fraction(section, size)
    return _show_decimal(section, size, sign)


def format_text(words: str, code: str) -> str:
    """Return what is shown for words in a cell."""
    if code in ("General", "@"):
        return words
    sections = _sections(code)
    section = sections[3] if len(sections) > 3 else sections[-1]
    if len(sections) < 4 and "text" not in section.kinds:
        return words
    return "".join(words if token.kind == "text" else _literal(token) for token in section.tokens)


def show_general(number: Decimal) -> str:
    """Return a number as a cell without a format shows it: 11 characters at most."""
    size = abs(number)
    sign = "-" if number < 0 else ""
    whole = len(str(int(size)))
    fixed = _trimmed(round_half_up(size, max(0, _WIDTH - 1 - whole)))
    fits = size >= _SMALLEST_FIXED or Decimal(fixed) == size
    if size < _SCIENTIFIC_FROM and fits:
        return sign + fixed if fixed != "0" else "0"
    power = size.adjusted()
    mantissa = round_half_up(size.scaleb(-power), 5)
    if mantissa == 10:
        mantissa, power = Decimal(1), power + 1
    return f"{sign}{_trimmed(mantissa)}E{'-' if power < 0 else '+'}{abs(power):02}"


def round_half_up(number: Decimal, places: int) -> Decimal:
    """Round as Excel does, on the decimal digits and away from zero."""
    last = Decimal(1).scaleb(-min(places, _MAX_DECIMALS))
    return number.quantize(last, ROUND_HALF_UP, _EXACT)


def _trimmed(number: Decimal) -> str:
    words = f"{number:f}"
    return words.rstrip("0").rstrip(".") if "." in words else words


# -- reading a format ----------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[_Section, ...]:
    parts: list[str] = []
    at = 0
    while at <= len(code) and len(parts) < 4:
        end = _SECTION_END.match(code, at).end()  # type: ignore[union-attr]  # matches anything
        parts.append(code[at:end])
        at = end + 1
    return tuple(_section(part) for part in parts)


def _section(code: str) -> _Section:
    condition = None
    numerals = locale = ""
    tokens: list[_Token] = []
    for found in _TOKEN.finditer(code):
        kind = found.lastgroup or ""
        words = found[kind]
        if kind != "bracket":
            tokens.append(_Token(kind, words))
        elif limit := _CONDITION.fullmatch(words):
            condition = (limit[1], _decimal(limit[2]))
        elif words.upper().startswith("DBNUM"):
            numerals = words[5:6]
        elif words.startswith("$"):
            symbol, _, place = words[1:].partition("-")
            locale = f"-{place}" if place else locale
            if place.upper() in _LONG_DATE:
                return _section(_LONG_DATE[place.upper()])
            tokens.append(_Token("quoted", symbol))
        elif _ELAPSED.fullmatch(words):
            tokens.append(_Token("elapsed", words.lower()))
    return _make_section(tuple(_mark_minutes(tokens)), condition, numerals, locale)


def _make_section(
    tokens: tuple[_Token, ...],
    condition: tuple[str, Decimal] | None = None,
    numerals: str = "",
    locale: str = "",
) -> _Section:
    kinds = frozenset(token.kind for token in tokens)
    return _Section(tokens, condition, numerals, locale, kinds, _find_places(tokens))


def _find_places(tokens: Sequence[_Token]) -> _Places:
    point = next((i for i, token in enumerate(tokens) if token.kind == "point"), len(tokens))
    digits = [index for index, token in enumerate(tokens) if token.kind == "digit"]
    commas = [index for index, token in enumerate(tokens) if token.kind == "comma"]
    whole = tuple(index for index in digits if index < point)
    last = whole[-1] if whole else -1
    thousands = sum(last < comma < point or comma > digits[-1] for comma in commas if digits)
    percent = sum(token.kind == "percent" for token in tokens)
    return _Places(
        whole,
        decimals=tuple(index for index in digits if index > point),
        literals=tuple("." if token.kind == "point" else _literal(token) for token in tokens),
        power=2 * percent - 3 * thousands,
        is_grouped=any(whole[0] < comma < last for comma in commas) if whole else False,
    )


def _decimal(words: str) -> Decimal:
    return Decimal(words) if re.fullmatch(r"-?\d+(\.\d*)?|-?\.\d+", words) else Decimal(0)


def _mark_minutes(tokens: Sequence[_Token]) -> Iterator[_Token]:
    """Yield the tokens, an m after hours or before seconds marked as minutes (M)."""
    units = [
        (index, token.words[0].lower())
        for index, token in enumerate(tokens)
        if token.kind in ("date", "elapsed")
    ]
    minutes = {
        index
        for place, (index, unit) in enumerate(units)
        if unit == "m"
        and (
            (place > 0 and units[place - 1][1] == "h")
            or (place + 1 < len(units) and units[place + 1][1] == "s")
        )
    }
    for index, token in enumerate(tokens):
        if token.kind != "date":
            yield token
        elif index in minutes:
            yield _Token("date", "M" * len(token.words))
        else:
            yield _Token("date", token.words.lower())


def _choose(sections: Sequence[_Section], number: Decimal) -> tuple[_Section | None, bool]:
    """Return the section for a number, and whether a minus sign is to be set before it."""
    numeric = [section for section in sections[:3] if "text" not in section.kinds]
    if not numeric:
        return None, True
    if any(section.condition for section in numeric):
        for index, section in enumerate(numeric):
            if section.condition is None or _holds(section.condition, number):
                return section, index != 1 and not _is_negative(section)
        return None, True
    if number < 0 and len(numeric) > 1:
        return numeric[1], False
    if number == 0 and len(numeric) > 2:
        return numeric[2], False
    return numeric[0], True


def _is_negative(section: _Section) -> bool:
    """Tell a section for numbers below zero alone: it shows their size."""
    return section.condition is not None and (
        section.condition[0] in ("<", "<=") and section.condition[1] <= 0
    )


def _holds(condition: tuple[str, Decimal], number: Decimal) -> bool:
    operator, limit = condition
    return {
        "<": number < limit, "<=": number <= limit, ">": number > limit, ">=": number >= limit,
        "=": number == limit, "<>": number != limit,
    }[operator]  # fmt: skip


def _literal(token: _Token) -> str:
    """Return what a token shows that takes no part in the number."""
    if token.kind in ("quoted", "escaped", "shown", "slash", "percent"):
        return token.words
    return " " if token.kind == "blank" else ""


# -- numbers -------------------------------------------------------------------------------------


def _show_plain(section: _Section, number: str) -> str:
    shown = _in_numerals(number, section) if section.numerals else number
    return "".join(
        shown if token.kind == "general" else _literal(token) for token in section.tokens
    )


def _show_decimal(section: _Section, size: Decimal, sign: str = "") -> str:
    """Show a number in a format such as #,##0.00, 0% or 000-0000; 0 has no sign."""
    places = section.places
    shown = list(places.literals)
    if "digit" not in section.kinds:
        return sign + "".join(shown)
    number = round_half_up(size.scaleb(places.power), len(places.decimals))
    before, _, after = f"{number:f}".partition(".")
    _place_whole(section, before.lstrip("0"), shown)
    _place_decimals(section, after, shown)
    words = "".join(shown)
    if not places.whole and before != "0":
        words = before + words  # .00 shows what stands before the point all the same
    words = _digit_by_digit(words, section) if section.numerals else words
    return sign + words if number else words


def _place_whole(section: _Section, digits: str, shown: list[str]) -> None:
    """Set the digits before the point, from the right; the first place takes all that is left."""
    tokens, places = section.tokens, section.places
    done = 0
    for index in reversed(places.whole):
        end = max(0, len(digits) - done)
        taken = digits[:end] if index == places.whole[0] else digits[max(0, end - 1) : end]
        taken = taken or _EMPTY.get(tokens[index].words, "")
        shown[index] = _grouped(taken, done) if places.is_grouped else taken
        done += len(taken)


def _grouped(digits: str, done: int) -> str:
    """Set a comma before every third digit from the point; `done` digits stand to the right."""
    pieces: list[str] = []
    for count, digit in enumerate(reversed(digits), start=done):
        pieces.append(digit + "," if count and count % 3 == 0 and digit != " " else digit)
    return "".join(reversed(pieces))


def _place_decimals(section: _Section, digits: str, shown: list[str]) -> None:
    kept = len(digits.rstrip("0"))
    for position, index in enumerate(section.places.decimals):
        digit = digits[position] if position < kept else ""
        shown[index] = digit or _EMPTY.get(section.tokens[index].words, "")


def _show_scientific(section: _Section, size: Decimal) -> str:
    tokens = section.tokens
    at = next(index for index, token in enumerate(tokens) if token.kind == "exponent")
    mantissa = _make_section(tokens[:at])
    point = next((i for i, t in enumerate(tokens[:at]) if t.kind == "point"), at)
    whole = sum(token.kind == "digit" for token in tokens[:point])
    decimals = sum(token.kind == "digit" for token in tokens[point:at])
    step = max(1, whole)
    power = size.adjusted() // step * step if size else 0
    if round_half_up(size.scaleb(-power), decimals) >= 10**step:
        power += step
    width = max(1, sum(token.kind == "digit" for token in tokens[at:]))
    sign = "-" if power < 0 else "+" if tokens[at].words.endswith("+") else ""
    rest = "".join(_literal(token) for token in tokens[at + 1 :])
    number = _show_decimal(mantissa, size.scaleb(-power))
    return f"{number}E{sign}{abs(power):0{width}}{rest}"


def _show_fraction(section: _Section, size: Decimal) -> str:
    """Show # ?/? and the like; a denominator may be fixed (# ?/4)."""
    code = "".join(token.words for token in section.tokens if token.kind in ("digit", "slash"))
    slash = next(i for i, token in enumerate(section.tokens) if token.kind == "slash")
    below = "".join(token.words for token in section.tokens[slash + 1 :]).strip()
    fixed = re.match(r"[1-9]\d*", below)
    has_whole = bool(re.search(r"[0#?]\s+[0#?]+$", _digits_before(section.tokens[:slash])))
    whole = int(size.to_integral_value(ROUND_FLOOR)) if has_whole else 0
    rest = Fraction(size) - whole
    if fixed:
        denominator = int(fixed[0])
        numerator = int(rest * denominator + Fraction(1, 2))
    else:
        near = rest.limit_denominator(10 ** max(1, len(code.rpartition("/")[2])) - 1)
        numerator, denominator = near.numerator, near.denominator
    if has_whole and numerator == denominator:
        whole, numerator = whole + 1, 0
    if has_whole and numerator == 0:
        return str(whole)
    return f"{whole} {numerator}/{denominator}" if whole else f"{numerator}/{denominator}"


def _digits_before(tokens: Sequence[_Token]) -> str:
    return "".join(token.words if token.kind == "digit" else " " for token in tokens).rstrip()


# -- Chinese numerals ----------------------------------------------------------------------------


def _digit_by_digit(words: str, section: _Section) -> str:
    digits = _NUMERALS.get(section.numerals, ("0123456789", (), ()))[0]
    return "".join(digits[int(c)] if c.isascii() and c.isdigit() else c for c in words)


def _in_numerals(number: str, section: _Section) -> str:
    """Read 123 as 一百二十三; what stands after a point is read digit by digit."""
    form = _NUMERALS.get(section.numerals)
    if form is None or not re.fullmatch(r"\d{1,15}(\.\d+)?", number):
        return number
    before, point, after = number.partition(".")
    return _read_whole(before, form) + point + _digit_by_digit(after, section)


def _read_whole(digits: str, form: tuple[str, tuple[str, ...], tuple[str, ...]]) -> str:
    numerals, tens, groups = form
    words = ""
    gap = False  # zeros stand before the next digit
    for position, digit in enumerate(digits):
        place = len(digits) - position - 1
        if digit == "0":
            gap = bool(words)
        else:
            words += (numerals[0] if gap else "") + numerals[int(digit)] + tens[place % 4]
            gap = False
        if place and place % 4 == 0 and int(digits[max(0, position - 3) : position + 1]):
            words += groups[place // 4]
    return words or numerals[0]


def _read_tens(number: int, numerals: str) -> str:
    """Read a day, month or hour: 十, 十二, 二十一."""
    form = _NUMERALS.get(numerals)
    if form is None:
        return str(number)
    words = _read_whole(str(number), form)
    return words[1:] if numerals == "1" and 10 <= number < 20 else words


# -- dates ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Moment:
    year: int
    month: int
    day: int
    weekday: int  # 0 is Monday
    seconds: Decimal  # since midnight
    elapsed: Decimal  # seconds since the day 0


def _moment(elapsed: Decimal) -> _Moment:
    """Return the calendar's words for seconds since the day 0; 1900 counts a 29th of February."""
    whole, seconds = int(elapsed // 86400), elapsed % 86400
    weekday = (whole - 2) % 7
    if whole == 60:
        return _Moment(1900, 2, 29, weekday, seconds, elapsed)
    if whole == 0:
        return _Moment(1900, 1, 0, weekday, seconds, elapsed)
    day = date(1899, 12, 31 if whole < 60 else 30) + timedelta(days=whole)
    return _Moment(day.year, day.month, day.day, weekday, seconds, elapsed)


def _show_date(section: _Section, days: Decimal) -> str:
    elapsed = days * 86400
    parts = [token.words for token in section.tokens if token.kind in ("date", "elapsed")]
    if any(part[0] in "hMs" for part in parts):  # a time is rounded, a day alone is not
        decimals = max(len(part.partition(".")[2]) for part in parts)
        elapsed = round_half_up(elapsed, decimals)
    moment = _moment(elapsed)
    half = "noon" in section.kinds
    return "".join(_show_unit(token, moment, section, half) for token in section.tokens)


def _show_unit(token: _Token, moment: _Moment, section: _Section, half: bool) -> str:
    if token.kind == "elapsed":
        unit = {"h": 3600, "m": 60, "s": 1}[token.words[0]]
        return f"{int(moment.elapsed // unit):0{len(token.words)}}"
    if token.kind == "noon":
        before, _, after = token.words.partition("/")
        return after if moment.seconds >= 43200 else before
    if token.kind == "date":
        return _show_date_part(token.words, moment, section, half)
    return token.words if token.kind in ("point", "comma") else _literal(token)


def _show_date_part(unit: str, moment: _Moment, section: _Section, half: bool) -> str:
    letter, width = unit[0], len(unit)
    numerals = section.numerals
    if letter in "ye":
        return _year(unit, moment, section)
    if letter == "g":
        return ("中華民國" if width > 2 else "民國") if _TAIWAN.search(section.locale) else ""
    if letter == "m" and width > 2:
        return _month_name(width, moment.month, section)
    if letter == "a" or (letter == "d" and width > 2):
        return _weekday(unit, moment.weekday, section)
    if letter == "s":
        whole, _, decimals = unit.partition(".")
        second = moment.seconds % 60
        tail = f"{second % 1:.{len(decimals)}f}"[1:] if decimals else ""
        return _padded(int(second), min(len(whole), 2), numerals) + tail
    hour = int(moment.seconds // 3600)
    number = {
        "m": moment.month,
        "d": moment.day,
        "h": ((hour - 1) % 12 + 1) if half else hour,
        "M": int(moment.seconds // 60 % 60),
    }[letter]
    return _padded(number, min(width, 2), numerals)


def _padded(number: int, width: int, numerals: str) -> str:
    return _read_tens(number, numerals) if numerals else f"{number:0{width}}"


def _year(unit: str, moment: _Moment, section: _Section) -> str:
    year = moment.year
    if unit[0] == "e" and _TAIWAN.search(section.locale):
        year -= 1911
    words = f"{year % 100:02}" if unit[0] == "y" and len(unit) < 3 else str(year)
    return _digit_by_digit(words, section) if section.numerals else words


def _month_name(width: int, month: int, section: _Section) -> str:
    if _CHINESE.search(section.locale):
        return f"{month}月" if width == 3 else _read_tens(month, "1") + "月"
    name = _ENGLISH_MONTHS[month - 1]
    return {3: name[:3], 5: name[0]}.get(width, name)


def _weekday(unit: str, weekday: int, section: _Section) -> str:
    if unit[0] == "a":
        return ("星期" if len(unit) == 4 else "") + _WEEKDAYS[weekday]
    if _CHINESE.search(section.locale):
        return ("周" if len(unit) == 3 else "星期") + _WEEKDAYS[weekday]
    name = _ENGLISH_DAYS[weekday]
    return name[:3] if len(unit) == 3 else name
