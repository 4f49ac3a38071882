"""What differs between two texts, sign by sign or word by word, and how much of them is the same.

Texts are compared folded: another script, width or spacing is no difference.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate

import numpy as np

from indexer.records import Span
from indexer.terms import cut_words
from indexer.text import Folded, fold, read_number

_NUMERAL = "零〇一二三四五六七八九十百千万亿"
# What is marked whole or not at all: a number, a word in Latin letters, any other character.
_SIGN = re.compile(f"[0-9.]+%?|[a-z]+|[{_NUMERAL}]+|.", re.DOTALL)
# What counts for how much is the same: punctuation does not, and a number does once.
_COUNTED = re.compile(rf"[0-9][0-9.]*%?|[a-z]+|(?:百分之)?[{_NUMERAL}]+|[^\W_]")
_PERCENT = "百分之"
_UNREAD = re.compile("[万亿]")  # numbers with these are compared as they are written
_SENTENCE = re.compile("[^。；;！？!?]*[。；;！？!?]?", re.DOTALL)
_FINE = 4_000_000  # signs of one text times those of the other that are compared one by one
# So few characters left standing between two changes, each at least twice as long, only make them
# hard to read.
_ISLAND = 5


@dataclass(frozen=True, slots=True)
class Edit:
    """Words that differ: what stood in the old text and stands in the new; one may be empty."""

    old: Span
    new: Span

    def moved(self, old: int, new: int) -> "Edit":
        """Return the edit with its spans counted from further on: by `old` and by `new`."""
        return Edit(shifted(self.old, old), shifted(self.new, new))


def shifted(span: Span, by: int) -> Span:
    """Return a span further on."""
    return Span(span.start + by, span.end + by)


_Difference = tuple[Span, Span]  # of two folded texts


def find_edits(old: str, new: str, *, by_words: bool = False) -> Iterator[Edit]:
    """Yield where two texts differ, in their order, as spans of both; `by_words` never within a
    word of either."""
    a, b = fold(old), fold(new)
    found = _differences(a.text, b.text)
    for lost, won in _widened(found, _inner_offsets(a, by_words), _inner_offsets(b, by_words)):
        yield Edit(a.original(*lost), b.original(*won))


def cut_signs(plain: str) -> list[str]:
    """Return what counts of a folded text: its letters one by one, numbers and Latin words whole;
    a number is the same however it is written."""
    return [_key(sign) for sign in _COUNTED.findall(plain)]


def share_same(a: Sequence[str], b: Sequence[str]) -> float:
    """Return how much of two lists of signs is the same and in one order, 0..1: twice the length of
    their longest common subsequence, by both lengths."""
    return 2 * _common(a, b) / (len(a) + len(b)) if a or b else 1.0


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    """Return the length of the longest common subsequence: a bit for each sign of `a`, a step for
    each of `b` (Hyyrö, Bit-parallel LCS-length computation revisited, AWOCA 2004)."""
    places: dict[str, int] = {}
    for at, sign in enumerate(a):
        places[sign] = places.get(sign, 0) | 1 << at
    row = whole = (1 << len(a)) - 1
    for sign in b:
        met = row & places.get(sign, 0)
        row = (row + met | row - met) & whole
    return len(a) - row.bit_count()


def _key(sign: str) -> str:
    if sign[0].isascii() or sign[0] not in _NUMERAL + _PERCENT or _UNREAD.search(sign):
        return sign
    number = sign.removeprefix(_PERCENT)
    if not number or number[0] not in _NUMERAL:
        return sign
    return f"{read_number(number)}{'%' if number != sign else ''}"


def _differences(a: str, b: str) -> list[_Difference]:
    """Return where two texts differ. Long ones are compared sentence by sentence first, so that the
    time grows with their length, not with its square."""
    if len(a) * len(b) <= _FINE:
        return _without_islands(list(_differ(_SIGN.findall(a), _SIGN.findall(b))))
    found: list[_Difference] = []
    for lost, won in _differ(_SENTENCE.findall(a), _SENTENCE.findall(b)):
        if _size(lost) * _size(won) > _FINE:
            found.append((lost, won))
            continue
        inside = _differences(a[lost.start : lost.end], b[won.start : won.end])
        found += [(shifted(x, lost.start), shifted(y, won.start)) for x, y in inside]
    return found


def _differ(a: Sequence[str], b: Sequence[str]) -> Iterator[_Difference]:
    """Yield where two sequences of pieces differ, as spans of what they are pieces of."""
    starts, ends = _offsets(a), _offsets(b)
    is_long = len(a) * len(b) > _FINE
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=is_long).get_opcodes():
        if tag != "equal":
            yield Span(starts[i], starts[j]), Span(ends[k], ends[m])


def _offsets(pieces: Iterable[str]) -> list[int]:
    """Return where each piece begins, and last where they end."""
    return list(accumulate(map(len, pieces), initial=0))


def _without_islands(found: Sequence[_Difference]) -> list[_Difference]:
    """Join differences between which little is the same."""
    joined: list[_Difference] = []
    for lost, won in found:
        while joined:
            above_lost, above_won = joined[-1]
            island = lost.start - above_lost.end
            sizes = (max(map(_size, pair)) for pair in (joined[-1], (lost, won)))
            if island > _ISLAND or 2 * island > min(sizes):
                break
            del joined[-1]
            lost, won = Span(above_lost.start, lost.end), Span(above_won.start, won.end)
        joined.append((lost, won))
    return joined


def _size(span: Span) -> int:
    return span.end - span.start


def _inner_offsets(text: Folded, by_words: bool) -> frozenset[int]:
    """Return the offsets at which no mark begins or ends: inside what one character folds to (㎡ is
    m2) and, `by_words`, inside a word."""
    starts = text.starts[:-1]
    inner = set((np.flatnonzero(starts[1:] == starts[:-1]) + 1).tolist())
    if by_words:
        inner.update(set(range(len(text.text))).difference(_offsets(cut_words(text.text))))
    return frozenset(inner)


def _widened(
    found: Iterable[_Difference], inner_a: Collection[int], inner_b: Collection[int]
) -> Iterator[_Difference]:
    """Yield differences that begin and end where they may: between two differences both texts are
    the same, so both sides give way alike."""
    begun: list[_Difference] = []
    for lost, won in found:
        i, k = lost.start, won.start
        while i in inner_a or k in inner_b:
            if begun and (i, k) == (begun[-1][0].end, begun[-1][1].end):
                above_lost, above_won = begun.pop()
                i, k = above_lost.start, above_won.start
            else:
                i, k = i - 1, k - 1
        begun.append((Span(i, lost.end), Span(k, won.end)))
    rest = begun[::-1]
    while rest:
        lost, won = rest.pop()
        j, m = lost.end, won.end
        while j in inner_a or m in inner_b:
            if rest and (j, m) == (rest[-1][0].start, rest[-1][1].start):
                following_lost, following_won = rest.pop()
                j, m = following_lost.end, following_won.end
            else:
                j, m = j + 1, m + 1
        yield Span(lost.start, j), Span(won.start, m)
