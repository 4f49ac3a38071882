"""Titles without brackets before an article or 规定: 依照刑法第六条."""

import re
from collections.abc import Iterator

from indexer.naming import normalise
from indexer.records import Span
from indexer.title import KINDS

_BARE_END = re.compile(
    "(?<=[法典例定则程准约释案])(?<![本该此]法)(?=(?:\\(以下简称[^()]{1,16}\\))?(?:"
    "第[零〇一二三四五六七八九十百千\\d]+[条编章]|[之的]?(?:有关|相关)?规定))"
)
_HAN_RUN = re.compile("[\u4e00-\u9fff]{2,}$")
_LONGEST = 40
_BEFORE_NAME = (
    "依据照按反合用于及与和或以对至即之的条款项将从由在是为如因除经有违向受属到同并守施行适引"
)
_STATE = "中华人民共和国"
_KIND_ALONE = re.compile(KINDS)


def bare_titles(plain: str) -> Iterator[list[tuple[Span, str]]]:
    """Yield for each place of a simplified text where a title may end the stretches that may be
    that title, the longest first, each with its normalised form."""
    for found in _BARE_END.finditer(plain):
        end = found.start()
        run = _HAN_RUN.search(plain, max(0, end - _LONGEST), end)
        if run:
            yield [(Span(run.start() + at, end), key) for at, key in _may_be_titles(run[0])]


def _may_be_titles(run: str) -> Iterator[tuple[int, str]]:
    """Yield where a title may begin that ends a run of characters, the longest first, and its
    normalised form; not where it would be the end of a longer name, nor a mere 条例 or 规定."""
    for at in range(len(run) - 1):
        title = run[at:]
        if title.startswith(_STATE):
            title = normalise(title)
        elif at > 0 and run[at - 1] not in _BEFORE_NAME:
            continue
        if not _KIND_ALONE.fullmatch(title):
            yield at, title
