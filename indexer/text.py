"""Fold text for comparison; keep the way back to the original characters.

Every comparison is made on a folded form, every display uses the original. Two forms:

- `simplify`: one script and one width, character for character, so spans are unchanged;
- `fold`: the above and one bracket, quote and dash family, lower case, and no white space between
  Chinese characters, with a map of offsets back to the original.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.records import Span

# Variants that OpenCC's tables leave alone but that real notices carry (畧 and 寘 come from a
# converter popular with web sites).
_VARIANTS = {
    "畧": "略", "倣": "仿", "寘": "置", "虚": "虚", "産": "产", "衆": "众", "爲": "为", "峯": "峰",
    "綫": "线", "銹": "锈", "麪": "面", "羣": "群", "牀": "床", "囯": "国", "囬": "回", "箇": "个",
    "瞭": "了", "幷": "并", "暱": "昵",
}  # fmt: skip
# Radicals that the fonts of some PDF files say instead of the characters that look the same;
# those without a compatibility form, each followed by its character (Unicode's
# EquivalentUnifiedIdeograph).
_RADICALS = (
    "⺁厂⺒巳⺓幺⺝月⺠民⺧牛⺬示⺮竹⺶羊⻁虎⻃西⻄西⻅见⻆角⻇角⻉贝⻊足⻋车⻑长⻓长⻔门⻗雨⻘青⻙韦"
    "⻚页⻛风⻜飞⻝食⻟食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻰龙"
)
# One Traditional character for two Simplified ones, told apart by the (simplified) neighbour:
# 著力 is 着力 but 著作 stays; 計畫 is 计划 but 圖畫 is 图画. And && is what a widespread filter of
# news sites leaves of 平台; both are two characters, so spans stand. What is before is looked at
# afterwards: a pattern that begins with plain characters is searched for many times faster.
_NEIGHBOURLY = (
    ("著", re.compile("著(?<![显编原名土专巨论卓昭译遗合拙]著)(?![作名述者称书录])"), "着"),
    ("画", re.compile("画(?<=[计规策筹企谋]画)"), "划"),
    ("覆", re.compile("覆(?<=[答回批函]覆)"), "复"),
    ("俱", re.compile("俱(?<=家俱)"), "具"),
    ("&&", re.compile("&&(?<=[\u4e00-\u9fff]&&)(?![&a-zA-Z])"), "平台"),
)

_CIRCLED = range(0x2460, 0x2500)  # ① numbers a paragraph; as 1 it would be a figure

_FAMILIES = str.maketrans(
    {
        **dict.fromkeys("（〔【［｛{〖〘(", "["),
        **dict.fromkeys("）〕】］｝}〗〙)", "]"),
        **dict.fromkeys("“”„‟「」『』＂〝〞«»", '"'),
        **dict.fromkeys("‘’‚‛＇`´", "'"),
        **dict.fromkeys("—–‒―─━‐‑−－﹣", "-"),
        **dict.fromkeys("～〜∼˜", "~"),
        **dict.fromkeys("·•・‧∙", "·"),
    }
)
# White space is dropped beside anything but Latin letters and digits on both sides.
_NEEDLESS_SPACE = re.compile(r"(?<![0-9a-z])\s+|\s+(?![0-9a-z\s])|(?<=\s)\s+")
_SPACE = re.compile(r"\s")
# Characters that stand for themselves; the compatibility form of others may be another or several.
_USUAL = "\x00-\x7f\u3007\u3400-\u9fff，。、；：？！“”《》"
_UNUSUAL = re.compile(f"[^{_USUAL}]")
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"

_DIGITS = "零〇○一二三四五六七八九"
_DAY = rf"(\d{{1,2}}|[一二三]?十[一二三四五六七八九]?|[{_DIGITS}]{{1,2}})"
_DATE = re.compile(
    rf"(?<!\d)((?:19|20)\d\d|[{_DIGITS}]{{4}})\s*[年\-./]\s*"
    rf"{_DAY}\s*[月\-./]\s*{_DAY}(?!\d)(?:\s*日)?"
)

_SCALES = {"十": 10, "百": 100, "千": 1000}
CHINESE_DIGITS = {**{d: str(n) for n, d in enumerate("零一二三四五六七八九")}, "〇": "0", "○": "0"}


def read_script_table(name: str) -> list[tuple[str, list[str]]]:
    """Return the rows of one of OpenCC's tables: what is converted, and all that it may become,
    the most usual first."""
    lines = (files("opencc") / "dictionary" / name).read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if "\t" in line)
    return [(key, forms.split(" ")) for key, forms in rows]


@cache
def _script() -> dict[int, str]:
    """Return one-character replacements: Traditional to Simplified, and full width to half."""

    def pairs(name: str) -> list[tuple[str, str]]:
        return [(key, forms[0]) for key, forms in read_script_table(name)]

    simple = {a: b for a, b in pairs("TSCharacters.txt") if len(a) == len(b) == 1}
    simplified_forms = set(simple.values())
    simple |= _VARIANTS
    simple |= dict(zip(_RADICALS[::2], _RADICALS[1::2], strict=True))
    for name in ("HKVariantsRev.txt", "TWVariantsRev.txt"):
        for variant, standard in pairs(name):
            # 么 is what 麼 becomes; that Taiwan also writes it for 幺 must not lead it on.
            is_simplified = variant in simplified_forms or _is_common(variant)
            if len(variant) == len(standard) == 1 and not is_simplified:
                simple.setdefault(variant, simple.get(standard, standard))
    simple.pop("著", None)
    simple = {a: simple.get(b, b) for a, b in simple.items()}
    for code in range(0x10000):
        if code in _CIRCLED:
            continue
        character = chr(code)
        normal = unicodedata.normalize("NFKC", character)
        if normal != character and len(normal) == 1 and not "\ud800" <= character <= "\udfff":
            simple.setdefault(character, simple.get(normal, normal))
    return {ord(a): b for a, b in simple.items() if a != b}


def _is_common(character: str) -> bool:
    """Tell whether a character is in GB2312, the common Simplified ones."""
    return bool(character.encode("gb2312", "ignore"))


class _Tables(NamedTuple):
    """What is so of every character, by its code: looking up many in an array is far faster than
    `str.translate`, which raises and drops an error for each that stays."""

    simple: NDArray[np.uint32]  # its Simplified form in half width
    plain: NDArray[np.uint32]  # of a simple one: the sign of its family, or its lower case
    is_unusual: NDArray[np.bool_]
    is_space: NDArray[np.bool_]
    is_latin: NDArray[np.bool_]  # a Latin letter in lower case, or a digit


@cache
def _tables() -> _Tables:
    simple = np.arange(0x110000, dtype="<u4")
    plain, common = simple.copy(), _text_of(simple[:0x10000])
    for table, pairs in ((simple, _script()), (plain, _FAMILIES)):
        table[list(pairs)] = codes_of("".join(pairs.values()))
    plain[ord("A") : ord("Z") + 1] += ord("a") - ord("A")
    is_unusual = np.ones(len(simple), np.bool_)
    is_unusual[[found.start() for found in re.finditer(f"[{_USUAL}]", common)]] = False
    is_space, is_latin = np.zeros((2, len(simple)), np.bool_)
    is_space[[found.start() for found in _SPACE.finditer(common)]] = True
    is_latin[[found.start() for found in re.finditer("[0-9a-z]", common)]] = True
    return _Tables(simple, plain, is_unusual, is_space, is_latin)


def codes_of(text: str) -> NDArray[np.uint32]:
    """Return the code of every character of a text, half of a surrogate pair or not."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def _text_of(codes: NDArray[np.uint32]) -> str:
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


def simplify(text: str) -> str:
    """Return the text in Simplified characters and half width, of exactly the same length."""
    return _look_around(_text_of(_tables().simple[codes_of(text)]))


def _look_around(simple: str) -> str:
    """Replace the characters whose neighbour decides; the length stays."""
    for character, pattern, replacement in _NEIGHBOURLY:
        if character in simple:
            simple = pattern.sub(replacement, simple)
    return simple


@dataclass(frozen=True, slots=True, eq=False)
class Folded:
    """Folded text and, for each of its characters, where it stood in the original."""

    text: str
    starts: NDArray[np.int64]  # starts[i] is the original offset of text[i]; one more for the end

    def original(self, start: int, end: int) -> Span:
        """Return the original span of `text[start:end]`; white space dropped inside is included."""
        first = int(self.starts[start])
        return Span(first, int(self.starts[end - 1]) + 1 if start < end else first)

    def position(self, offset: int) -> int:
        """Return the folded offset of the character that stands at or before `offset`."""
        return max(0, int(np.searchsorted(self.starts[:-1], offset, side="right")) - 1)


def fold(text: str) -> Folded:
    """Fold a text and keep the offsets. Folding what is folded changes nothing."""
    tables = _tables()
    codes = tables.plain[codes_of(simplify(text))]
    starts = np.arange(len(codes))
    is_unusual = tables.is_unusual[codes]
    if is_unusual.any():
        pieces = [_expand(character) for character in _text_of(codes[is_unusual])]
        widths = np.ones(len(codes), np.int64)
        widths[is_unusual] = [len(piece) for piece in pieces]
        codes, starts = np.repeat(codes, widths), np.repeat(starts, widths)
        codes[is_unusual[starts]] = codes_of("".join(pieces))
    is_kept = ~tables.is_space[codes]
    words = np.flatnonzero(is_kept)
    gaps = np.flatnonzero(np.diff(words) > 1)
    is_needed = tables.is_latin[codes[words[gaps]]] & tables.is_latin[codes[words[gaps + 1]]]
    needed = words[gaps[is_needed]] + 1
    is_kept[needed], codes[needed] = True, ord(" ")
    return Folded(
        _look_around(_text_of(codes[is_kept])),  # white space may have parted neighbours
        np.append(starts[is_kept], len(text)),
    )


def folded(text: str) -> str:
    """Return `fold(text).text`, faster where that is but a few words."""
    plain = _text_of(_tables().plain[codes_of(simplify(text))])
    whole = _UNUSUAL.sub(lambda found: _expand(found[0]), plain)
    return _look_around(_SPACE.sub(" ", _NEEDLESS_SPACE.sub("", whole)))


@cache
def _expand(character: str) -> str:
    """Return the lower-case compatibility form of one character, which may be several."""
    if character.isascii():
        return character.lower()
    if character in _INVISIBLE:
        return ""
    normal = unicodedata.normalize("NFKC", character).lower()
    return normal.translate(_script()).translate(_FAMILIES) or character


def lines(text: str) -> list[Span]:
    """Return the span of every line that is not blank, without the white space around it."""
    return [Span(*found.span()) for found in re.finditer(r"[^\s](?:[^\n]*[^\s])?", text)]


def outside(lines: Sequence[Span], exclusions: Sequence[Span]) -> list[Span]:
    """Return the lines that no excluded stretch touches; both in the order of the text."""
    kept: list[Span] = []
    at = 0
    for line in lines:
        while at < len(exclusions) and exclusions[at].end <= line.start:
            at += 1
        if at == len(exclusions) or not exclusions[at].overlaps(line):
            kept.append(line)
    return kept


def read_date(text: str) -> str | None:
    """Return the first date written in a text as YYYY-MM-DD.

    2022年12月6日, 二〇二二年十二月六日 and 2022-12-06 are dates; one that no calendar has is not.
    """
    found = _DATE.search(simplify(text))
    if found is None:
        return None
    year, month, day = (read_number(part) for part in found.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def find_dates(text: str) -> list[Span]:
    """Return the spans of everything written as a date."""
    return [Span(*found.span()) for found in _DATE.finditer(simplify(text))]


def read_number(written: str) -> int:
    """Return the number that is written 2022, 二〇二二, 十二, 三十一 or 一百二十三."""
    plain = "".join(written.split())
    if plain.isdigit():
        return int(plain)
    if not _SCALES.keys() & set(plain):
        return int("".join(CHINESE_DIGITS[digit] for digit in plain))
    total, digit = 0, ""
    for sign in plain:
        if sign in _SCALES:
            total, digit = total + int(digit or "1") * _SCALES[sign], ""
        else:
            digit = CHINESE_DIGITS[sign]
    return total + int(digit or "0")
