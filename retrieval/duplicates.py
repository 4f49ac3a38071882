"""Show a clause that stands in many documents once, and pages that are not all one document.

Notices copy each other: the same clause stands in dozens of them with another place in it. The
best-ranked one is kept and knows where else it stands. Wording is the same where nothing tells two
passages apart, or one short addition, once script, white space, punctuation, numbering, the names
of places and a notice's own 文号 and date are set aside. A replaced word is never the same, nor is
an added figure, negation, duty or exception: of the pairs of local regulations that copy each
other, some that are alike in more than eight tenths of their wording differ in 三十日 for 一个月,
可以 for 应当, 古树名木 for 养犬.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from indexer.division import NATION, stem
from indexer.places import find_places
from indexer.text import simplify
from retrieval.fusion import take_turns
from retrieval.results import Copy, Hit

LOOKED_AT = 200  # hits among which copies are sought; with so many there may be more behind them
_SHORTEST = 12  # characters of a wording; 附则 and 特此通知 say too little to be a copy
# Only passages whose wordings end alike are compared whole: the last characters of the wording,
# and how much text is enough to know them. An addition there makes another wording.
_ENDING, _ENOUGH = 10, 60
_ADDED = 0.05  # of a wording may be more than in its copy: 的, 切实, 地方性
# What a passage counts less, in scores of 0..1, for each other one of its document, or of its
# locality, that stands above it on the page: near-equal passages change places, and the best one
# never does. docs/evaluation.md.
_OF_DOCUMENT, _OF_PLACE = 0.03, 0.01

_NUMERAL = "〇零一二三四五六七八九十百千万亿两"
_NUMBERING = re.compile(
    rf"第[{_NUMERAL}\d]+[条章节款项编](?:之[{_NUMERAL}])?|"
    rf"(?:^|(?<=[\n。;:]))\s*(?:\([{_NUMERAL}\d]{{1,3}}\)|[{_NUMERAL}]{{1,3}}、|\d{{1,2}}[.、](?!\d))"
)
# What tells a notice from its copies though it says nothing: a line of a 文号 or of a date.
_IDENTITY = re.compile(
    rf"^\s*(?:[^\s,。;]{{1,20}}[\[〔(【]\d{{4}}[\]〕)】]第?\d{{1,5}}号|"
    rf"[\d○{_NUMERAL}]{{4}}年[\d{_NUMERAL}]{{1,3}}月[\d{_NUMERAL}]{{1,3}}日)\s*$",
    re.MULTILINE,
)
# The place that a notice is of, and those in it, said without a name: 我市, 各县（市、区）.
_HERE = re.compile(r"[全我本各](?:自治区|[省市州盟县旗区](?:[(、]*[市州盟县旗区]\)?)*)(?!域)")
_WEIGHTY = re.compile(rf"[{_NUMERAL}\d%不未无非禁勿否免除应可须得]|原则")
_SILENT = re.compile(r"[\W_]+")


def arrange(hits: Sequence[Hit], count: int) -> tuple[Hit, ...]:
    """Return a page of hits: copies as one, and not all of one document or place; ranked anew.

    `hits` are given best first, as many as LOOKED_AT where there are so many.
    """
    return spread(collapse(hits), count)


def collapse(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits without those whose wording a better one of another document has; that one
    names them. What a document says twice stays: it says it under two headings."""
    kept: list[Hit] = []
    copies: defaultdict[int, dict[str, Copy]] = defaultdict(dict)
    by_ending: defaultdict[str, list[int]] = defaultdict(list)
    wording = cache(lambda place: _wording(kept[place]))  # few are needed whole
    for hit in hits:
        alike = by_ending[_ending(hit)]
        document = hit.source.document
        others = [place for place in alike if kept[place].source.document != document]
        said = _wording(hit) if others else ""
        same = next((place for place in others if _is_same(wording(place), said)), None)
        if same is None:
            alike.append(len(kept))
            kept.append(hit)
        else:
            copies[same].setdefault(document, Copy(hit.source, hit.passage.span))
    may_be_more = len(hits) >= LOOKED_AT
    return [
        replace(hit, same=tuple(copies[place].values()), may_be_more=may_be_more)
        if place in copies
        else hit
        for place, hit in enumerate(kept)
    ]


def spread(hits: Sequence[Hit], count: int) -> tuple[Hit, ...]:
    """Return the first hits of a page on which near-equal ones of many documents and localities
    take turns; each keeps its score."""
    page = take_turns(
        hits,
        lambda hit: hit.score,
        lambda hit: (hit.source.document, hit.source.locality or None),
        (_OF_DOCUMENT, _OF_PLACE),
    )
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(page[:count], start=1))


def _wording(hit: Hit, last: int = 0) -> str:
    """Return what a passage, or its `last` characters, say without what differs in copies."""
    text = _NUMBERING.sub("\n", _IDENTITY.sub("", simplify(hit.passage.text[-last:])))
    place = simplify(hit.source.locality)
    names = [place, stem(place)] if place and place != NATION else []
    text = _HERE.sub("", _without_places(text.replace(names[0], "") if names else text))
    for name in names[1:]:
        text = text.replace(name, "")
    return _SILENT.sub("", text).lower()


def _ending(hit: Hit) -> str:
    """Return how the wording of a passage ends."""
    wording = _wording(hit, _ENOUGH)
    if len(wording) < 2 * _ENDING:  # what the cut may have torn apart is among them
        wording = _wording(hit)
    return wording[-_ENDING:]


def _without_places(text: str) -> str:
    parts = []
    at = 0
    for named in find_places(text, 0, len(text)):
        parts.append(text[at : named.span.start])
        at = max(at, named.span.end)
    return "".join((*parts, text[at:]))


def _is_same(one: str, other: str) -> bool:
    """Tell whether two wordings are equal but for one short addition without weight."""
    short, long = sorted((one, other), key=len)
    if len(short) < _SHORTEST or short == long:
        return len(short) >= _SHORTEST
    added = len(long) - len(short)
    if not 0 < added <= _ADDED * len(long):
        return False
    pairs = enumerate(zip(short, long, strict=False))
    before = next((at for at, (a, b) in pairs if a != b), len(short))
    if short[before:] != long[before + added :]:
        return False
    return not _WEIGHTY.search(long[before : before + added])
