"""Titles in brackets: what stands in 《》, and the titles inside it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.records import Span

LONGEST = 200  # characters of a title
_BRACKETS = re.compile("[《》〈〉<>\n]")


@dataclass(slots=True)
class Bracketed:
    """A title in brackets, with the titles in it.

    `opened` and `closed` are where its brackets stand, `end` is where the note after it ends.
    """

    opened: int
    closed: int
    inner: list["Bracketed"] = field(default_factory=list)
    number: str = ""
    end: int = 0

    @property
    def name(self) -> Span:
        return Span(self.opened + 1, self.closed)

    @property
    def whole(self) -> Span:
        return Span(self.opened, self.end)


def bracketed(plain: str) -> Iterator[Bracketed]:
    """Yield what stands in 《》, with what stands in 〈〉, <> or 《》 inside it.

    A title may run over the end of one line.
    """
    stack: list[tuple[str, Bracketed]] = []
    line_ends = 0
    for found in _BRACKETS.finditer(plain):
        sign, at = found[0], found.start()
        if sign == "\n":
            line_ends += 1
            if line_ends > 1:
                stack.clear()
        elif sign == "《" or (stack and sign in "〈<"):
            if stack and at - stack[0][1].opened > LONGEST:
                stack.clear()
            line_ends = line_ends if stack else 0
            stack.append((sign, Bracketed(at, at)))
        elif stack:
            title = _close(stack, "《" if sign == "》" else "〈<")
            if title is None:
                continue
            title.closed = at
            if stack:
                stack[-1][1].inner.append(title)
            elif at - title.opened <= LONGEST:
                yield title


def _close(stack: list[tuple[str, Bracketed]], openers: str) -> Bracketed | None:
    """Take the nearest title that one of some brackets opened, and what was left open in it."""
    while any(opener in openers for opener, _ in stack):
        opener, title = stack.pop()
        if opener in openers:
            return title
    return None
