"""The outline of a document: its headings as a tree, of which a long one shows the upper levels."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate

from indexer.records import Document, Section
from ui.fulltext import heading_id
from ui.paper import Node, element, jump, later
from ui.scripts import is_traditional
from ui.words import say

_MOST_SHOWN = 80  # headings; of more, the deeper levels open when they are wanted

_LONGEST = 48  # characters: three lines; an item's heading may be its whole first sentence


def write_outline(document: Document) -> Node:
    """Return the headings; clicking one scrolls to it. js/reading.js shows where the reader is."""
    return _read_outline(document, is_traditional())


@lru_cache(maxsize=2)  # of a text of 5 MB, it takes a fifth of a second to make
def _read_outline(document: Document, traditional: bool) -> Node:
    """Return the outline; `traditional` is the script of our words in it."""
    sections = document.sections
    below: dict[int, list[int]] = {}
    for number, section in enumerate(sections):
        below.setdefault(section.parent, []).append(number)
    open_down_to = _levels_shown(sections)
    folded = say("下级标题")

    def entries(parent: int) -> list[Node]:
        return [entry(number) for number in below.get(parent, ())]

    def entry(number: int) -> Node:
        section = sections[number]
        words = " ".join(document.text[slice(*section.heading_span)].split())
        label = words if len(words) <= _LONGEST else f"{words[:_LONGEST]}…"
        to, start = jump(f"#{heading_id(number)}", label), str(section.heading_span.start)
        if number not in below:
            return element("li", to, data_from=start)
        is_open = section.level < open_down_to
        expanded = "true" if is_open else "false"
        fold = element("button", css="fold", aria_expanded=expanded, aria_label=folded)
        inner = element("ul", *entries(number)) if is_open else later("ul", entries(number))
        return element("li", fold, to, inner, data_from=start)

    return element("nav", element("ul", *entries(-1)), aria_label=say("目录"))


def _levels_shown(sections: Sequence[Section]) -> int:
    """Return the deepest level that is shown from the start; the first is, whatever it has."""
    counts = Counter(section.level for section in sections)
    levels = sorted(counts)
    totals = accumulate(counts[level] for level in levels)
    few = [level for level, total in zip(levels, totals, strict=True) if total <= _MOST_SHOWN]
    return few[-1] if few else 1
