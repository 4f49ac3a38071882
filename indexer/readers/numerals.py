"""Numbers as Word writes them before paragraphs: ST_NumberFormat, ECMA-376 part 1, 17.18.59, as
[MS-OI29500] 2.1.540 and [MS-DOCX] 2.4 say that Word takes it."""

from collections.abc import Callable, Mapping

_Form = Callable[[int], str | None]  # None where the form does not reach so far


def is_form(form: str) -> bool:
    """Tell a form that `write_number` knows."""
    return form in _FORMS


def write_number(value: int, form: str) -> str:
    """Return a number in one of the forms of ST_NumberFormat, in Arabic digits where that form
    is not known or does not reach so far."""
    written = _FORMS[form](value) if form in _FORMS and 0 <= value <= _LARGEST else None
    return str(value) if written is None else written


def _positional(digits: str) -> Callable[[int], str]:
    return lambda value: "".join(digits[int(digit)] for digit in str(value))


def _counted(digits: str) -> _Form:
    """Return the form that says tens (二十一) but writes the digits of a hundred and more."""
    positional = _positional(digits)

    def write(value: int) -> str:
        tens, ones = divmod(value, 10)
        if not 1 <= tens <= 9:
            return positional(value)
        return (digits[tens] if tens > 1 else "") + "十" + (digits[ones] if ones else "")

    return write


def _grouped(
    digits: str,
    units: str,
    *,
    says_one: bool = True,
    has_zero: bool = True,
    short_ten: bool = False,
) -> _Form:
    """Return a form that says every place of a number.

    `digits` are 0 to 9, `units` ten to ten thousand. `says_one` says a one before a unit,
    `has_zero` a gap within the number; `short_ten` leaves out the one of 10 to 19 alone.
    """

    def group(value: int) -> str:
        said = ""
        for power in (3, 2, 1, 0):
            digit = value // 10**power % 10
            unit = units[power - 1] if power else ""
            if digit:
                gap = has_zero and said and value // 10 ** (power + 1) % 10 == 0
                one = "" if digit == 1 and unit and not says_one else digits[digit]
                said += (digits[0] if gap else "") + one + unit
        return said

    def write(value: int) -> str:
        high, low = divmod(value, 10_000)
        said = group(high) + units[3] if high else ""
        if low:
            said += (digits[0] if has_zero and high and low < 1000 else "") + group(low)
        return said[1:] if short_ten and 10 <= value < 20 else said or digits[0]

    return write


def _listed(characters: str) -> _Form:
    return lambda value: characters[value - 1] if 1 <= value <= len(characters) else None


def _lettered(first: str) -> _Form:
    """Return the form a, b, …, z, aa, bb, …"""

    def write(value: int) -> str | None:
        repeats, letter = divmod(value - 1, 26)
        return chr(ord(first) + letter) * (repeats + 1) if 1 <= value <= _LAST_LETTERS else None

    return write


def _roman(value: int) -> str | None:
    written = ""
    for unit, sign in _ROMAN:
        written += sign * (value // unit)
        value %= unit
    return written or None


def _ordinal(value: int) -> str:
    ending = "th" if value // 10 % 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"


def _padded(length: int) -> _Form:
    return lambda value: str(value).zfill(length)


def _sexagenary(value: int) -> str | None:
    if not 1 <= value <= 60:
        return None
    return _STEMS[(value - 1) % 10] + _BRANCHES[(value - 1) % 12]


_LARGEST = 32_767  # Word counts no further
_LAST_LETTERS = 780  # 30 times z
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_CIRCLED = _listed("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
_CHINESE = _grouped("零一二三四五六七八九", "十百千万", short_ten=True)
_FORMS: Mapping[str, _Form] = {
    "decimal": str,
    "decimalHalfWidth": str,
    "none": lambda value: "",
    "bullet": lambda value: "",
    "decimalZero": _padded(2),
    **{f"0{length}": _padded(length) for length in range(1, 10)},
    "decimalFullWidth": _positional("０１２３４５６７８９"),
    "decimalFullWidth2": _positional("０１２３４５６７８９"),
    "decimalEnclosedCircle": _CIRCLED,
    "decimalEnclosedCircleChinese": _CIRCLED,
    "decimalEnclosedFullstop": _listed("⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"),
    "decimalEnclosedParen": _listed("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"),
    "ideographEnclosedCircle": _listed("㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"),
    "numberInDash": lambda value: f"- {value} -",
    "hex": lambda value: f"{value:X}",
    "ordinal": _ordinal,
    "upperRoman": _roman,
    "lowerRoman": lambda value: (_roman(value) or str(value)).lower(),
    "upperLetter": _lettered("A"),
    "lowerLetter": _lettered("a"),
    "chineseCounting": _counted("○一二三四五六七八九"),
    "chineseCountingThousand": _CHINESE,
    "chineseLegalSimplified": _grouped("零壹贰叁肆伍陆柒捌玖", "拾佰仟万"),
    "ideographDigital": _positional("〇一二三四五六七八九"),
    "ideographTraditional": _listed(_STEMS),
    "ideographZodiac": _listed(_BRANCHES),
    "ideographZodiacTraditional": _sexagenary,
    "ideographLegalTraditional": _grouped("零壹貳參肆伍陸柒捌玖", "拾佰仟萬"),
    "taiwaneseCounting": _counted("○一二三四五六七八九"),
    "taiwaneseCountingThousand": _grouped("零一二三四五六七八九", "十百千萬", short_ten=True),
    "taiwaneseDigital": _positional("○一二三四五六七八九"),
    "japaneseCounting": _grouped(
        "〇一二三四五六七八九", "十百千万", says_one=False, has_zero=False
    ),
    "japaneseLegal": _grouped("零壱弐参四伍六七八九", "拾百阡萬", has_zero=False),
    "japaneseDigitalTenThousand": _positional("〇一二三四五六七八九"),
}
