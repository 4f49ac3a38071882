"""What a text offers to be linked, before it is known which titles the corpus has.

Titles in brackets and 文号 are mentions whatever the corpus holds; a stretch without brackets is
one only if it ends with a known title: 依照刑法第六条. All of them are read from the text once;
which count is decided anew whenever a title comes or goes.
"""

import json
import zlib
from bisect import bisect_left
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from typing import Any

from indexer.actions import CITES
from indexer.records import Reference, Span


@dataclass(frozen=True, slots=True)
class Mention:
    """A reference with what of its sentence decides which document it means.

    `issuer` is the organ that stands before the title, normalised, "" where none does;
    `hands_out` tells that the text hands out what it names: 现将《…》印发给你们.
    """

    reference: Reference
    issuer: str = ""
    hands_out: bool = False


@dataclass(frozen=True, slots=True)
class BareTitle:
    """A stretch without brackets that is a mention if `key` is a title of the corpus; `mention`
    is None where it touches what stands outside the article."""

    key: str
    mention: Mention | None


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list of documents and what is done with it; `title` is the mention that it is
    by itself where it needs no brackets."""

    span: Span
    action: str
    title: Mention | None


@dataclass(frozen=True, slots=True)
class Mentions:
    """What one text offers: `printed` in brackets or by 文号, in order; in `bare` for each place
    before an article the titles that may end there, the longest first; the items of its lists."""

    printed: tuple[Mention, ...] = ()
    bare: tuple[tuple[BareTitle, ...], ...] = ()
    items: tuple[Item, ...] = ()

    def among(self, titles: Container[str]) -> tuple[Mention, ...]:
        """Return the mentions in the order of the text, where a corpus has some titles."""
        longest = (
            next((each.mention for each in ends if each.key in titles), None) for ends in self.bare
        )
        found = {each.reference.span: each for each in longest if each}
        found |= {each.reference.span: each for each in self.printed}
        self._list(found)
        return tuple(found[span] for span in sorted(found))

    def _list(self, found: dict[Span, Mention]) -> None:
        """Give the items of lists of documents the action of their list; in one that repeals, an
        item without brackets is a title too: 1 | 某某办法 | 某政发〔2015〕6号."""
        spans = sorted(found)
        for item in self.items:
            first = bisect_left(spans, (item.span.start, 0))
            inside = [found[at] for at in spans[first : first + 1] if at.end <= item.span.end]
            if item.title is not None:
                named = inside[0].reference if inside else None
                number = named.doc_number if named and not named.name else ""
                if named and number:
                    found.pop(named.span, None)
                itself = item.title.reference
                numbered = replace(itself, doc_number=number)
                found[itself.span] = replace(item.title, reference=numbered)
            elif inside and inside[0].reference.action == CITES:
                done = replace(inside[0].reference, action=item.action)
                found[done.span] = replace(inside[0], reference=done)


def pack(mentions: Mentions) -> bytes:
    """Return mentions in a form to be stored."""
    rows = (
        [_row(each) for each in mentions.printed],
        [[(each.key, _row(each.mention)) for each in ends] for ends in mentions.bare],
        [(each.span, each.action, _row(each.title)) for each in mentions.items],
    )
    return zlib.compress(json.dumps(rows, ensure_ascii=False).encode(), 1)


def unpack(stored: bytes) -> Mentions:
    """Return the mentions that `pack` was given."""
    printed, bare, items = json.loads(zlib.decompress(stored))
    return Mentions(
        tuple(_of_row(row) for row in printed),
        tuple(tuple(BareTitle(key, row and _of_row(row)) for key, row in ends) for ends in bare),
        tuple(Item(Span(*span), action, row and _of_row(row)) for span, action, row in items),
    )


def _row(mention: Mention | None) -> Sequence[Any] | None:
    if mention is None:
        return None
    made = mention.reference
    return (made.name, made.doc_number, made.action, made.span, made.sentence,
            int(made.is_document), mention.issuer, int(mention.hands_out))  # fmt: skip


def _of_row(row: Sequence[Any]) -> Mention:
    name, number, action, span, sentence, is_document, issuer, hands_out = row
    made = Reference(name, number, action, Span(*span), Span(*sentence), bool(is_document))
    return Mention(made, issuer, bool(hands_out))
