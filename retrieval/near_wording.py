"""Which stretches of some texts are worded most like a draft: runs of whole clauses.

A clause ends with a comma or a stop, at the end of a line, and behind the number of an item. Of
every run of clauses about as long as the draft it is first counted how many pairs of neighbouring
letters it has in common with it, all runs at once; only the best are compared sign by sign.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from indexer.records import Span
from indexer.text import codes_of, fold
from retrieval.differences import cut_signs, share_same

_LINE = "\0"  # stands for the end of a line, which folding would drop
_STOPS = f",。;:!?…|{_LINE}"
_IN_NUMBERS = ",:"  # 1,200 and 8:30
_UNITS = "%‰℃"  # signs that belong to the number before them
_NUMERAL = "零〇一二三四五六七八九十百"
_NUMBERING = re.compile(
    rf"(?<=[{_LINE}。;:])(?:第[{_NUMERAL}\d]+[编章节条款项](?:之[{_NUMERAL}])?|"
    rf"\[[{_NUMERAL}\d]{{1,3}}\]|[{_NUMERAL}]{{1,3}}、|\d{{1,2}}[.、](?!\d))"
)
_MORE_CLAUSES = 3  # than the draft has are in a run at most
_LEAST = 0.3  # of the pairs of both are common to both; below it hardly any words are
_MOST = 800  # wordings that are compared sign by sign, those with most pairs in common


@dataclass(frozen=True, slots=True)
class Worded:
    """A stretch of one of some texts, by its place among them; its `words` folded, and the share of
    its signs and the draft's that is the same (differences.py)."""

    text: int
    span: Span
    words: str
    share: float


class Draft:
    """Words to look for, without the number of an item before them and the stops around them.

    `span` is where they stand in what was written, and `words` are they, folded.
    """

    def __init__(self, written: str) -> None:
        self.written = written
        cut = _Cut([written])
        first = cut.first
        self.span, self.words = cut.stretch(first, cut.size)
        self.signs = cut_signs(self.words)
        self.pairs = cut.pairs[first:]
        self.clauses = int(np.count_nonzero(cut.clauses >= first))


def find_wording(draft: Draft, texts: Sequence[str]) -> list[Worded]:
    """Return the stretches that have words of the draft, best first, equal ones in the order of the
    texts; no two overlap."""
    cut = _Cut(texts)
    shares: dict[str, float] = {}
    found = []
    for first, end in _runs(draft, cut):
        span, words = cut.stretch(first, end)
        if words not in shares:
            if len(shares) == _MOST:
                continue
            shares[words] = share_same(draft.signs, cut_signs(words))
        found.append(Worded(int(cut.owners[first]), span, words, shares[words]))
    return sorted(found, key=lambda each: (-each.share, each.text, each.span))


def _runs(draft: Draft, cut: "_Cut") -> Iterator[tuple[int, int]]:
    """Yield runs of clauses that have pairs in common with a draft, best first, as the first letter
    and the one behind the last."""
    if not len(draft.pairs) or not cut.size:
        return
    starts, ends = cut.clauses, np.append(cut.clauses[1:], cut.size)
    met = np.concatenate(([0], np.cumsum(np.isin(cut.pairs, draft.pairs))))
    owners = cut.owners[starts]
    best, widths = np.zeros(len(starts)), np.ones(len(starts), np.int64)
    for width in range(1, min(draft.clauses + _MORE_CLAUSES, len(starts)) + 1):
        first, last = slice(len(starts) - width + 1), slice(width - 1, None)
        pairs = ends[last] - 1 - starts[first]
        common = np.minimum(met[ends[last] - 1] - met[starts[first]], len(draft.pairs))
        likeness = 2 * common / (len(draft.pairs) + np.maximum(pairs, 1))
        is_better = (likeness > best[first]) & (owners[first] == owners[last])
        best[first][is_better], widths[first][is_better] = likeness[is_better], width
    order = np.lexsort((starts, -best))
    is_taken = np.zeros(len(starts), np.bool_)
    for at in order[: np.count_nonzero(best >= _LEAST)].tolist():
        run = slice(at, at + int(widths[at]))
        if not is_taken[run].any():
            is_taken[run] = True
            yield int(starts[at]), int(ends[run.stop - 1])


class _Cut:
    """Texts folded in one go, and cut. Letters are numbered through all of them: `pairs` are each
    with the next, [size - 1]; `owners` the text that each is of, [size]; `clauses` those that
    begin one; `first` is the first of the first text behind the number of an item."""

    def __init__(self, texts: Sequence[str]) -> None:
        lines = _LINE.join(("", *(text.replace("\n", _LINE) for text in texts), ""))
        self._folded = fold(lines)
        self._text = self._folded.text
        self._offsets = 1 + np.cumsum([0, *(len(text) + 1 for text in texts)])
        codes = codes_of(self._text)
        kinds = _kinds()[np.minimum(codes, len(_kinds()) - 1)]
        self._places = np.flatnonzero(kinds == _LETTER)
        self.size = len(self._places)
        letters = codes[self._places].astype(np.int64)
        self.pairs: NDArray[np.int64] = letters[:-1] << 21 | letters[1:]
        origins = self._folded.starts[self._places]
        self.owners = np.searchsorted(self._offsets, origins, side="right") - 1
        # A clause begins where a stop, or the end of a number, lies before a letter.
        is_stop = kinds == _STOP
        is_digit = np.concatenate(([False], (codes >= ord("0")) & (codes <= ord("9")), [False]))
        is_stop |= (kinds == _COMMA) & ~(is_digit[:-2] & is_digit[2:])
        numbers = [found.span() for found in _NUMBERING.finditer(self._text)]
        cuts = np.union1d(np.flatnonzero(is_stop), [end - 1 for _, end in numbers]).astype(int)
        begun = np.unique(np.searchsorted(self._places, cuts, side="right"))
        self.clauses: NDArray[np.int64] = np.union1d([0], begun)[: len(begun) + 1].astype(np.int64)
        self.clauses = self.clauses[self.clauses < self.size]
        start = next((end for first, end in numbers if first == len(_LINE)), 0)
        self.first = int(np.searchsorted(self._places, start))

    def stretch(self, first: int, end: int) -> tuple[Span, str]:
        """Return where some letters stand in their text, with what is between them, and folded."""
        if first >= end:
            return Span(0, 0), ""
        start, stop = int(self._places[first]), int(self._places[end - 1]) + 1
        span = self._folded.original(start, stop)
        offset = int(self._offsets[self.owners[first]])
        words = self._text[start:stop].replace(_LINE, "")
        return Span(span.start - offset, span.end - offset), words


_OTHER, _LETTER, _STOP, _COMMA = range(4)


@cache
def _kinds() -> NDArray[np.uint8]:
    """Return what each character of the basic plane is; the last stands for all beyond it."""
    kinds = np.array([chr(code).isalnum() for code in range(0x10000)], np.uint8)
    kinds[[ord(sign) for sign in _UNITS]] = _LETTER
    kinds[[ord(stop) for stop in _STOPS]] = _STOP
    kinds[[ord(stop) for stop in _IN_NUMBERS]] = _COMMA
    kinds[-1] = _LETTER
    return kinds
