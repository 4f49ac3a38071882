"""Markdown: the text as written, and what its marks say: headings, tables, comments.

Of CommonMark and GFM this takes what notices use; a # or a | in a block of code is a character.
"""

import re
from collections.abc import Iterator, Sequence

from indexer.readers.encoding import decode
from indexer.readers.pipes import find_tables
from indexer.readers.source import Source, Step, ignore_steps
from indexer.records import Exclusion, Span

_HEADING = re.compile(r"^(#{1,6})[ \t]+(\S.*)$", re.MULTILINE)
_CLOSING = " \t#"  # a heading may be closed with # as it was opened
# A line between a blank one and a line of = or -; a long one is a paragraph above a ruler.
_UNDERLINED = re.compile(
    r"(?:\A|(?<=\n\n))(?P<words>[^\s#>|\-*][^\n]{0,58})\n(?P<line>={3,}|-{3,})[ \t]*$", re.MULTILINE
)
_SENTENCE_END = "。！？；：，!?;:,"
_CODE = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)


def read(content: bytes, step: Step = ignore_steps) -> Source:
    """Read a .md file."""
    text = decode(content)
    code = [Span(*found.span()) for found in _CODE.finditer(text)]
    underlined = list(_underlined(text, code))
    exclusions = [*_comments(text)]
    exclusions += [Exclusion("标题线", line) for _, _, line in underlined]
    return Source(
        text,
        headings=tuple(
            sorted([*_headings(text, code), *((span, level) for span, level, _ in underlined)])
        ),
        exclusions=tuple(sorted(exclusions, key=lambda exclusion: exclusion.span)),
        tables=tuple(find_tables(text, code)),
    )


def _headings(text: str, code: Sequence[Span]) -> Iterator[tuple[Span, int]]:
    for found in _HEADING.finditer(text):
        words = found[2].rstrip(_CLOSING)
        span = Span(found.start(2), found.start(2) + len(words))
        if words and not _is_in(span, code):
            yield span, len(found[1])


def _underlined(text: str, code: Sequence[Span]) -> Iterator[tuple[Span, int, Span]]:
    """Yield the headings with a line of = (level 1) or - (level 2) below, and where that stands."""
    for found in _UNDERLINED.finditer(text):
        words = found["words"].rstrip()
        span = Span(found.start("words"), found.start("words") + len(words))
        if not words.endswith(tuple(_SENTENCE_END)) and not _is_in(span, code):
            yield span, 1 if found["line"][0] == "=" else 2, Span(*found.span("line"))


def _comments(text: str) -> Iterator[Exclusion]:
    at = text.find("<!--")
    while at >= 0:
        end = text.find("-->", at)
        if end < 0:
            return
        yield Exclusion("注释", Span(at, end + 3))
        at = text.find("<!--", end)


def _is_in(span: Span, around: Sequence[Span]) -> bool:
    return any(each.contains(span) for each in around)
