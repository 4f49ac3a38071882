"""What is shown of a document that an exact search has found: the sentences around its matches."""

from collections.abc import Sequence

from indexer.chunking import sentence_at
from indexer.records import Document, Span
from retrieval.citations import quote_at
from retrieval.official_place import section_at
from retrieval.results import Excerpt

_EXCERPTS = 3  # of a document on a page of results; the document itself shows the rest
_LONGEST = 400  # characters of an excerpt; a row of a table may have thousands
_AROUND = 80  # characters kept on each side of a match where its sentence is longer than that


def cut_excerpts(
    document: Document, matches: Sequence[Span], rarest: Sequence[Span]
) -> tuple[Excerpt, ...]:
    """Return the sentences around the first matches, and before those around the first match of
    each term, the rarest first: of two words, one may fill a chapter before the other comes."""
    shown: list[Span] = []
    for match in (*rarest, *matches):
        if any(window.contains(match) for window in shown):
            continue
        window = _window(document.text, match)
        apart = [other for other in shown if not other.overlaps(window)]
        joined = [window, *(other for other in shown if other.overlaps(window))]
        whole = Span(min(each.start for each in joined), max(each.end for each in joined))
        if len(apart) == len(shown) == _EXCERPTS:
            break
        if len(joined) == 1 or whole.end - whole.start <= _LONGEST:
            shown = [*apart, whole]
    return tuple(
        _excerpt(document, window, tuple(m for m in matches if window.contains(m)))
        for window in sorted(shown)
    )


def _window(text: str, match: Span) -> Span:
    """Return the sentence that a match stands in, or what is near the match in a long one."""
    sentence = sentence_at(text, match)
    if sentence.end - sentence.start <= _LONGEST:
        return sentence
    return Span(max(sentence.start, match.start - _AROUND), min(sentence.end, match.end + _AROUND))


def _excerpt(document: Document, span: Span, matches: tuple[Span, ...]) -> Excerpt:
    reasons = (each.reason for each in document.exclusions if each.span.overlaps(matches[0]))
    return Excerpt(
        span=span,
        text=quote_at(document.id, document.text, span),
        matches=matches,
        headings=document.heading_path(section_at(document, matches[0].start)),
        pages=tuple(page.number for page in document.pages_of(matches[0])),
        excluded=next(reasons, ""),
    )
