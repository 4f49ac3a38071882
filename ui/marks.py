"""A citation wherever it appears: its number with a card, its words with what matters shown, and
how it is cited, to be copied."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from indexer.records import Span
from retrieval.citation_forms import copy_text
from retrieval.results import Citation, Source
from retrieval.titles import in_title_marks
from ui.address import Address, origin_params
from ui.collecting import write_collect
from ui.copying import write_copied
from ui.paper import Node, Params, element, link
from ui.words import say

_UNKNOWN = "未知"  # 时效 that nothing proves
_BLANK_LINES = re.compile(r"(?<=\n)((?:[^\S\n]*\n)+)")


def write_mark(citation: Citation, asked: Address) -> Node:
    """Return the number of a citation, which opens the document where it stands; pointed at, or
    reached by the keyboard, it shows what is cited on a card."""
    card = f"card{citation.number}"
    return element(
        "span",
        write_number(citation, asked, aria_describedby=card),
        element(
            "span",
            element(
                "span",
                element("span", *write_words(citation), css="card-quote"),
                element("span", in_title_marks(citation.source.title), css="card-title"),
                element("span", *write_facts(citation.source), css="facts"),
                element("span", citation.place, css="facts"),
                element("span", say("再点编号，打开原文"), css="card-hint"),
                css="card-body",
            ),
            css="card",
            role="tooltip",
            id=card,
        ),
        css="cited",
    )


def write_number(citation: Citation, asked: Address, **attributes: str) -> Node:
    """Return the number of a citation as a link that opens the document where it stands."""
    place = place_params(citation.source, citation.span, asked)
    return link("document", place, f"[{citation.number}]", css="mark", **attributes)


def write_words(citation: Citation, part: Span | None = None) -> Iterator[Node]:
    """Yield the words of a quote, or of a part of it: the figures asked for marked, and of a long
    quote what does not answer paler."""
    whole = part or citation.span
    focus, values = citation.focus or citation.span, citation.values
    cuts = {*whole, *focus, *(end for value in values for end in value)}
    inside = sorted(cut for cut in cuts if whole.start <= cut <= whole.end)
    for piece in map(Span._make, pairwise(inside)):
        words = citation.words_of(piece)
        if any(value.contains(piece) for value in values):
            yield element("mark", words, css="value")
        else:
            lines = write_lines(words)
            yield from lines if focus.contains(piece) else [element("span", *lines, css="rest")]


def write_pieces(
    text: str, start: int, spans: Sequence[Span], mark: Callable[[Span, str], Node]
) -> Iterator[Node]:
    """Yield a text that begins at `start` of its document, the stretches that some spans have of it
    as `mark` makes them; the spans are in order, and of two that overlap the second is cut."""
    at, end = start, start + len(text)
    for span in spans:
        first, last = max(span.start, at), min(span.end, end)
        if first < last:
            yield from write_lines(text[at - start : first - start])
            yield mark(span, text[first - start : last - start])
            at = last
    yield from write_lines(text[at - start :])


def write_lines(words: str) -> Iterator[Node]:
    """Yield words with what would be blank lines between two lines out of sight, as a Markdown file
    has them between the items of a list."""
    for number, piece in enumerate(_BLANK_LINES.split(words)):
        yield element("span", piece, css="blank") if number % 2 else piece


def write_forms(citation: Citation) -> Node:
    """Return what copies the quote with each of its forms, and what keeps it; what was copied is
    then shown, to be copied by hand where the browser allows no other way."""
    forms = citation.forms
    named = (
        ("公文格式", forms.official),
        ("GB/T 7714—2015", forms.gbt7714_2015),
        ("GB/T 7714—2025", forms.gbt7714_2025),
    )
    buttons = (
        element(
            "button",
            say(name),
            data_copy=copy_text(citation.quote, form),
            aria_label=say(f"复制引文和{name}的出处"),
        )
        for name, form in named
    )
    return element(
        "div",
        element("span", say("复制引用："), css="copy-label"),
        *buttons,
        write_copied(),
        write_collect(citation.source, citation.span, citation.quote),
        css="copy",
    )


def write_facts(source: Source) -> Iterator[Node]:
    """Yield what is known of a document, each fact on one line."""
    yield from apart(facts_of(source))


def apart(facts: Iterable[str]) -> Iterator[Node]:
    """Yield facts with a space between each two, none of which is broken inside."""
    for number, fact in enumerate(facts):
        if number:
            yield "　"
        yield element("span", fact, css="fact")


def facts_of(source: Source) -> list[str]:
    """Return what is known of 文号, day and locality, and 时效."""
    status = "时效未知" if source.status == _UNKNOWN else source.status
    facts = (source.doc_number, source.issued_on, say(source.locality), say(status))
    return [fact for fact in facts if fact]


def place_params(source: Source, span: Span, asked: Address, **more: str) -> Params:
    """Return the parameters that open a document with a stretch marked, with some more."""
    at = {"doc": source.document, "start": str(span.start), "end": str(span.end)}
    return asked.params(**{**origin_params(), **more, **at})
