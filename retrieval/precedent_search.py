"""Whether a clause has been written before, by whom, and how exactly (找先例).

Wording comes first: what has most of a draft's words, whole clauses of it, is found by the pairs of
letters that both have and compared sign by sign. Meaning only adds to it where hardly anything is
worded alike. Each sentence of a draft is looked for by itself, because a paragraph is seldom taken
over whole, and who writes one wants to know for each sentence whether it has a precedent.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from indexer.chunking import sentence_at
from indexer.errors import QuestionError
from indexer.records import Document, Span
from indexer.store import Generation
from indexer.terms import bigrams
from indexer.text import simplify
from retrieval.catalogue import Catalogue
from retrieval.citations import cite, confirm
from retrieval.differences import Edit, find_edits, share_same, shifted
from retrieval.draft_sentences import SHORTEST, split_draft
from retrieval.near_wording import Draft, find_wording
from retrieval.official_place import section_at
from retrieval.precedents import (
    CHANGED,
    CLEAR,
    MEANT,
    SAME,
    DraftSentence,
    Precedent,
    Precedents,
    Wanted,
)
from retrieval.query import understand
from retrieval.results import ALL, Citation, Copy, Filters, Source
from retrieval.scoring import Asked, Scored, score_sentences, weigh_words
from retrieval.searching import Searcher
from retrieval.usage import Usage

_CLOSING = "。！？；!?;…”’」』）)】》〉"
_OPENING = "“‘「『（(【《〈"

_PASSAGES = 500  # that have most of a draft's pairs of letters are looked through
_MOST_PASSAGES = 2_000  # with all that have every one of them
# From here on words are alike. Of sentences altered the way writers do, even several ways at once,
# 97 in 100 or more are above it, of drafts on something else none; docs/evaluation.md.
_ALIKE = 0.6
_FEW = 3  # precedents; meaning adds to fewer where none is clearly the same wording
_NEAREST = 24  # passages whose sentences are scored by meaning
# Of such a score: of 17 drafts in other words the 10 above it had met the sentence that was meant,
# most of those below it another one (benchmarks.precedents).
_NEAR = 0.38
# What shows how to use it: a short sentence that demands something, whole by itself.
_EXAMPLE = re.compile(r"(?=.*(?:应当|不得|严禁|加强|落实))[\u4e00-\u9fff][^\n|：:]{18,58}。")
_EXAMPLES, _READ_FOR_EXAMPLES = 2, 100
_LONGEST = 400  # characters of a quote; of a longer sentence only what is alike is quoted


@dataclass(frozen=True, slots=True)
class _Place:
    """A stretch of a document that is worded like a draft."""

    source: Source
    span: Span
    words: str
    share: float


@dataclass(frozen=True, slots=True)
class _Group:
    """Places with the same words, one of each document, the newest first."""

    kind: str
    places: tuple[_Place, ...]

    @property
    def newest(self) -> _Place:
        return self.places[0]


class PrecedentSearch:
    """What looks for precedents in an open index; safe to use from several threads. Only meaning
    needs the model and waits for it."""

    def __init__(
        self, index: Generation, catalogue: Catalogue, searcher: Searcher, today: date
    ) -> None:
        self._index, self._catalogue = index, catalogue
        self._searcher, self._today = searcher, today

    def find(self, draft: str, wanted: Wanted, filters: Filters) -> Precedents:
        """Return the precedents of each sentence of a draft.

        Raises:
            QuestionError: the draft is empty, too long, or says too little.
        """
        started = time.perf_counter()
        documents = self._catalogue.select(filters)
        spans = split_draft(draft)
        shown = wanted if len(spans) == 1 else replace(wanted, k=wanted.of_each, offset=0)
        sentences = tuple(self._sentence(draft, span, shown, documents) for span in spans)
        return Precedents(draft, (time.perf_counter() - started) * 1000, sentences)

    def examples(self) -> tuple[str, ...]:
        """Return a sentence or two of the corpus to look for, as who drafts might write them."""
        count = len(self._index.document_of)
        spread = range(0, count, max(1, count // _READ_FOR_EXAMPLES))
        found: dict[str, str] = {}
        for passage in self._index.passages(spread[:_READ_FOR_EXAMPLES]):
            for sentence in passage.sentences:
                words = passage.text[slice(*shifted(sentence, -passage.span.start))]
                if _EXAMPLE.fullmatch(simplify(words)):
                    found.setdefault(passage.document, words)
        return tuple(found.values())[:_EXAMPLES]

    def _sentence(
        self, draft: str, span: Span, wanted: Wanted, documents: Sequence[int] | None
    ) -> DraftSentence:
        text = draft[slice(*span)]
        sought = Draft(text)
        alike, is_least = self._by_wording(sought, documents)
        groups = _grouped(alike, sought.words)
        if len(groups) < _FEW and not any(group.newest.share >= CLEAR for group in groups):
            near = self._by_meaning(sought, documents, alike)
            groups += [_Group(MEANT, (place,)) for place in near[: _FEW - len(groups)]]
        if wanted.order == "date":
            groups.sort(key=lambda group: group.newest.source.issued_on, reverse=True)
        shown = groups[wanted.offset : wanted.offset + wanted.k]
        numbered = enumerate(shown, start=wanted.offset + 1)
        return DraftSentence(
            span=span,
            text=text,
            usage=self._usage(alike, sought.words, is_least) if alike else None,
            found=len(groups),
            precedents=tuple(
                self._precedent(number, group, sought, span.start) for number, group in numbered
            ),
        )

    def _by_wording(
        self, sought: Draft, documents: Sequence[int] | None
    ) -> tuple[list[_Place], bool]:
        """Return the places that are worded like a draft, best first, and whether there may be
        more."""
        lexicon, pairs = self._index.words, bigrams(sought.words)
        mask = np.full(lexicon.count, documents is None)
        if documents is not None:
            mask[self._index.positions_of(documents)] = True
        best = list(lexicon.best({"pairs": dict.fromkeys(pairs, 1.0)}, _PASSAGES, mask))
        whole = lexicon.having_all("pairs", pairs)
        positions = list(dict.fromkeys((*best, *whole[mask[whole]].tolist())))
        looked_at = positions[:_MOST_PASSAGES]
        wordings = self._index.wordings(looked_at)
        owners = self._index.document_of[looked_at].tolist()
        found = [
            each
            for each in find_wording(sought, [words for _, words in wordings])
            if each.share >= _ALIKE
        ]
        rest = range(len(best) - _PASSAGES // 10, len(best)) if len(best) == _PASSAGES else ()
        is_least = len(positions) > _MOST_PASSAGES or any(each.text in rest for each in found)
        places = [
            _Place(
                self._catalogue.sources[owners[each.text]],
                shifted(each.span, wordings[each.text][0]),
                each.words,
                each.share,
            )
            for each in found
        ]
        return places, is_least

    def _by_meaning(
        self, sought: Draft, documents: Sequence[int] | None, others: Sequence[_Place]
    ) -> list[_Place]:
        """Return the sentences that mean much the same as a draft, best first, each wording once
        and none of the places that are known already."""
        known = {place.words for place in others}
        found = []
        for scored in self._scored(sought.words, documents):
            if scored.score < _NEAR:
                break
            span, document = scored.span, scored.passage.document
            said = Draft(scored.text)
            is_known = said.words in known or any(
                place.source.document == document and place.span.overlaps(span) for place in others
            )
            if len(said.signs) >= SHORTEST and not is_known:
                known.add(said.words)
                share = share_same(sought.signs, said.signs)
                found.append(_Place(self._catalogue.source(document), span, said.words, share))
        return found

    def _scored(self, words: str, documents: Sequence[int] | None) -> list[Scored]:
        """Return the sentences of the passages nearest to some words, as an answer scores them; a
        place or a year in them is but a word."""
        try:
            query = understand(words, self._catalogue.localities, self._today, (ALL,))
        except QuestionError:
            return []  # without a word that means something by itself nothing is near to it
        sought, vector = self._searcher.encode(query)
        return score_sentences(
            self._index,
            self._searcher.find_within(sought, documents)[:_NEAREST],
            Asked(query, vector, self._searcher.wait().background, weigh_words(self._index, query)),
            self._catalogue.about,
        )

    def _precedent(self, number: int, group: _Group, sought: Draft, offset: int) -> Precedent:
        place = group.newest
        document = self._index.document(place.source.document)
        edits: tuple[Edit, ...] = ()
        if group.kind == CHANGED:
            written = sought.written[slice(*sought.span)]
            found = find_edits(written, document.text[slice(*place.span)], by_words=True)
            start = offset + sought.span.start
            edits = tuple(edit.moved(start, place.span.start) for edit in found)
        return Precedent(
            kind=group.kind,
            share=place.share,
            citation=self._cite(number, place),
            edits=edits,
            same=tuple(Copy(each.source, each.span) for each in group.places[1:]),
        )

    def _usage(self, alike: Sequence[_Place], words: str, is_least: bool) -> Usage:
        """Return who has used a wording, given all places that are worded alike, best first."""
        best = {place.source.document: place for place in reversed(alike)}
        dated = sorted(
            (place for place in best.values() if place.source.issued_on),
            key=lambda place: (place.source.issued_on, place.source.document),
        )
        places = {place.source.locality for place in alike} - {""}
        return Usage(
            documents=len(best),
            identical=len({p.source.document for p in alike if p.words == words}),
            localities=self._catalogue.in_order(places),
            years=tuple(sorted({int(place.source.issued_on[:4]) for place in dated})),
            earliest=self._cite(1, dated[0]) if dated else None,
            latest=self._cite(2, dated[-1]) if dated else None,
            is_least=is_least,
        )

    def _cite(self, number: int, place: _Place) -> Citation:
        document = self._index.document(place.source.document)
        span = _sentence_around(document, place.span)
        headings = document.heading_path(section_at(document, span.start))
        made = cite(number, document, place.source, headings, span)
        citation = replace(made, focus=place.span if place.span != span else None)
        confirm(citation, document)
        return citation


def _grouped(places: Sequence[_Place], words: str) -> list[_Group]:
    """Return places by their words, the most like a draft first; of these what most documents
    have."""
    by_words: dict[str, dict[str, _Place]] = {}
    for place in places:
        by_words.setdefault(place.words, {}).setdefault(place.source.document, place)
    groups = []
    for said, by_document in by_words.items():
        newest = sorted(by_document.values(), key=lambda place: place.source.document)
        newest.sort(key=lambda place: place.source.issued_on, reverse=True)
        groups.append(_Group(SAME if said == words else CHANGED, tuple(newest)))
    groups.sort(key=lambda group: group.newest.source.issued_on, reverse=True)
    groups.sort(key=lambda g: (g.kind != SAME, -g.newest.share, -len(g.places)))
    return groups


def _sentence_around(document: Document, span: Span) -> Span:
    """Return the sentence that a stretch stands in, or the stretch with the stops and brackets at
    its edges, where the sentence is too long or something excluded stands in it."""
    whole = sentence_at(document.text, span)
    is_broken = any(each.span.overlaps(whole) for each in document.exclusions)
    if whole.end - whole.start <= max(_LONGEST, span.end - span.start) and not is_broken:
        return whole
    start, end = span
    while start > whole.start and document.text[start - 1] in _OPENING:
        start -= 1
    while end < whole.end and document.text[end] in _CLOSING:
        end += 1
    return Span(start, end)
