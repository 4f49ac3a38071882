"""The basket: quotes that a reader keeps, each looked up again before it is shown or exported.

The reader's browser keeps them, so what comes from there is any text at all, and the documents may
have changed since: a quote counts only as what stands in the index today.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from indexer.errors import DocumentMissing
from indexer.records import Document, Span
from retrieval.citation_forms import cite_forms
from retrieval.citations import cite, confirm
from retrieval.official_place import section_at
from retrieval.results import Citation, CitationForms, Source

MOST_ITEMS = 500
LONGEST_QUOTE = 30_000  # characters; a cell of a workbook takes 32,767
LONGEST_NOTE = 5_000
_LONGEST_NAME = 4_096  # of a path, as file systems have it; of a title as much

# What became of a quote since it was kept: it stands where it stood; at another place of its
# document; not, or at several others; its document is gone.
State = Literal["there", "moved", "changed", "gone"]
REASONS: dict[State, str] = {
    "moved": "文件有改动，这段文字已换了位置，以下按现在的位置标注",
    "changed": "文件有改动，原处已不是这段文字，别处也不能唯一确定",
    "gone": "文件已不在库中",
}


@dataclass(frozen=True, slots=True)
class Item:
    """What a browser keeps of a quote, as far as it can be trusted: types and sizes, no more."""

    document: str
    span: Span
    quote: str
    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """An item and what the index says of it today: its citation, and how its document is cited as
    a whole; neither where the words are not confirmed."""

    item: Item
    state: State
    citation: Citation | None = None
    whole: CitationForms | None = None


def read_items(told: object) -> tuple[tuple[Item, ...], int]:
    """Return the items of what a browser told, in its order, and how many entries are not such."""
    entries = told if isinstance(told, list) else []
    read = [_read_item(entry) for entry in entries[:MOST_ITEMS]]
    items = {(item.document, item.span): item for item in read if item}
    return tuple(items.values()), len(entries) - len(items)


def _read_item(entry: object) -> Item | None:
    """Return an entry as an item, None where anything of it has another type or size."""
    if not isinstance(entry, dict):
        return None
    start, end = entry.get("start"), entry.get("end")
    if type(start) is not int or type(end) is not int or start < 0:  # True is no place
        return None
    named = {"document": _LONGEST_NAME, "quote": LONGEST_QUOTE, "title": _LONGEST_NAME}
    if not all(_is_text(entry.get(name), most) for name, most in named.items()):
        return None
    note = entry.get("note", "")
    if not (note == "" or _is_text(note, LONGEST_NOTE)) or len(entry["quote"]) != end - start:
        return None
    return Item(entry["document"], Span(start, end), entry["quote"], entry["title"], note)


def _is_text(value: object, most: int) -> bool:
    """Tell whether a value is a text of at most so many characters, each of them a character."""
    if not isinstance(value, str) or not 0 < len(value) <= most:
        return False
    return not any("\ud800" <= character <= "\udfff" for character in value)


def find_kept(
    items: Iterable[Item], fetch: Callable[[str], Document], source: Callable[[str], Source]
) -> tuple[Kept, ...]:
    """Return what the index says of each item today; `fetch` raises DocumentMissing where it has
    not the document."""
    return tuple(_find(number, item, fetch, source) for number, item in enumerate(items, start=1))


def _find(
    number: int, item: Item, fetch: Callable[[str], Document], source: Callable[[str], Source]
) -> Kept:
    try:
        document = fetch(item.document)
    except DocumentMissing:
        return Kept(item, "gone")
    span = _place_of(item, document.text)
    if span is None:
        return Kept(item, "changed")
    facts = source(document.id)
    headings = document.heading_path(section_at(document, span.start))
    citation = cite(number, document, facts, headings, span)
    confirm(citation, document)
    state: State = "there" if span == item.span else "moved"
    return Kept(item, state, citation, cite_forms(document, facts.issued_on, "", ()))


def _place_of(item: Item, text: str) -> Span | None:
    """Return where the words of an item stand: where they did, or else at the only other place."""
    if text[slice(*item.span)] == item.quote:
        return item.span
    at = text.find(item.quote)
    if at < 0 or text.find(item.quote, at + 1) >= 0:
        return None
    return Span(at, at + len(item.quote))
