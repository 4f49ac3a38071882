"""The numbers that lines of a notice begin with, and how officials say them.

Statutes count 编、章、节、条、款、项、目 (立法法, on how a law is divided). A notice counts
一、 （一） 1. （1） (GB/T 9704-2012, 7.3.3), said as 第一部分第（一）条第1点第（1）项.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum

from indexer.text import read_number, simplify


class Rank(IntEnum):
    """The levels that numbers open, highest first."""

    ANNEX = 0
    DIVISION = 1  # 编, 章, 节, 第一部分
    ARTICLE = 2
    PART = 3  # 一、
    CLAUSE = 4  # （一）
    POINT = 5  # 1.
    ITEM = 6  # （1）
    ENTRY = 7  # ①


_HAN = "[零〇一二三四五六七八九十百千]+"
# The first group is the number itself; without one the whole is said as it is printed.
_FORMS: tuple[tuple[Rank, re.Pattern[str]], ...] = (
    (Rank.ANNEX, re.compile(r"附件?\s*(?:\d{1,2}|[一二三四五六七八九十])?(?=\s|:|$)")),
    (Rank.DIVISION, re.compile(rf"第\s?(?:{_HAN}|\d+)\s?(?:[编篇章节]|部分)")),
    (Rank.ARTICLE, re.compile(rf"第\s?(?:{_HAN}|\d+)\s?条(?:之[一二三四五六七八九十]+)?")),
    (Rank.PART, re.compile(rf"({_HAN})[、.]")),
    (Rank.CLAUSE, re.compile(rf"(\({_HAN}\)|[㈠-㈩])")),
    (Rank.POINT, re.compile(r"(\d{1,2})[、.](?!\d)")),
    (Rank.ITEM, re.compile(r"(\(\d{1,2}\)|[⑴-⒇])")),
    (Rank.ENTRY, re.compile("([①-⑳])")),
)
_LONGEST = 16  # characters; no number of a line is longer
_QUOTES = {"“": True, "「": True, "”": False, "」": False}
_NEAR = 2_000  # characters around a line in which a quotation that it stands in begins and ends


@dataclass(frozen=True, slots=True)
class Mark:
    """A number that opens a level: `core` is 二 of （二）, or 第二章 whole; `width` is how many
    characters of the line it takes, with its brackets or its comma."""

    rank: Rank
    core: str
    width: int

    @property
    def count(self) -> int:
        """Return the number that a part or what is below one has."""
        return (
            int(unicodedata.numeric(self.core))
            if self.rank == Rank.ENTRY
            else read_number(self.core)
        )

    def said_as(self, noun: str) -> str:
        """Return 第（二）项 for the noun 项; the number as it is where it brings its own noun."""
        if self.rank <= Rank.ARTICLE:
            return self.core
        is_bracketed = self.rank in (Rank.CLAUSE, Rank.ITEM)
        return f"第（{self.core}）{noun}" if is_bracketed else f"第{self.core}{noun}"


def read_mark(words: str) -> Mark | None:
    """Return the number that a line begins with, None where it begins with none."""
    plain = simplify(words[:_LONGEST])
    for rank, form in _FORMS:
        if found := form.match(plain):
            return _mark(rank, found)
    return None


def read_inline_mark(before: str, words: str) -> Mark | None:
    """Return the number that words begin with inside a line, if `before` ends with every number of
    its list up to it (…（一）…（二）…) and the words do not run on to the next."""
    mark = read_mark(words)
    if not before.strip() or mark is None or mark.rank <= Rank.PART:
        return None
    form = dict(_FORMS)[mark.rank]
    found = form.finditer(simplify(before + words))
    counts = [_mark(mark.rank, each).count for each in found]
    return mark if counts[-mark.count :] == list(range(1, mark.count + 1)) else None


def is_quoted(text: str, offset: int) -> bool:
    """Tell whether a quotation that began before an offset ends after it. A decision that amends
    a law quotes its articles, which are none of its own. An opening mark that nothing closes before
    the next one opens is a slip and quotes nothing."""
    before = max(_QUOTES, key=lambda mark: text.rfind(mark, max(0, offset - _NEAR), offset))
    after = {text.find(mark, offset, offset + _NEAR): mark for mark in _QUOTES}
    after.pop(-1, None)
    if not after or before not in text[max(0, offset - _NEAR) : offset]:
        return False
    return _QUOTES[before] and not _QUOTES[after[min(after)]]


def say_number(count: int) -> str:
    """Return 十二 for 12; below 100."""
    tens, ones = divmod(count, 10)
    digits = "零一二三四五六七八九"
    ten = "" if not tens else "十" if tens == 1 else f"{digits[tens]}十"
    return ten + (digits[ones] if ones or not tens else "")


def _mark(rank: Rank, found: re.Match[str]) -> Mark:
    core = found[found.re.groups]
    if rank in (Rank.CLAUSE, Rank.ITEM):
        core = unicodedata.normalize("NFKC", core).strip("()")
    return Mark(rank, "".join(core.split()), found.end())
