"""A question becomes a cited answer, or a refusal with its reason.

match -> score sentences -> measure the support -> choose, or refuse -> group by locality -> cite
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from indexer.places import lies_in
from indexer.store import Generation
from retrieval.answering import ACROSS, ONE_PLACE, OPEN, choose, quote_together
from retrieval.catalogue import Catalogue
from retrieval.citations import Citations
from retrieval.finding import merge
from retrieval.fusion import Candidate
from retrieval.lookup import Found, look_up
from retrieval.narrowing import narrow
from retrieval.parts import split_parts
from retrieval.query import Query, understand
from retrieval.refusal import Refuser, Support, explain_refusal, measure_support
from retrieval.regions import at_level
from retrieval.results import Answer, Coverage, Filters, LocalityGroup, Statement
from retrieval.scoring import Asked, Scored, score_sentences, weigh_words
from retrieval.searching import Searcher
from retrieval.signals import Matched

_ANSWER_PASSAGES = 40  # passages whose sentences are scored
_PLACE_PASSAGES = 6  # of each locality, where the question asks across localities
_NEAREST = 3  # passages shown with a refusal
_HITS = 10  # passages shown behind an answer, if it quotes no more
_NO_LOCALITY = "未注明地区"


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found for a question, or a part of one: the localities that are asked, and the
    sentences that answer by locality, none where the support is not enough."""

    query: Query
    matched: Matched
    support: Support
    asked: tuple[str, ...]
    chosen: dict[str, list[Scored]]


class Answerer:
    """Answers over an open index; safe to use from several threads. What it is asked is understood
    on a day, `today`."""

    def __init__(
        self,
        generation: Generation,
        catalogue: Catalogue,
        searcher: Searcher,
        refuser: Refuser,
        today: date,
    ) -> None:
        self._index = generation
        self._catalogue = catalogue
        self._searcher = searcher
        self._refuser = refuser
        self._today = today

    def understand(self, question: str, ignored: Collection[str]) -> Query:
        """Return a question understood; `ignored` are ids of what is off.

        Raises:
            QuestionError: the question is empty, too long, or has no word to search for.
        """
        return understand(question, self._catalogue.localities, self._today, ignored)

    def answer(self, query: Query, filters: Filters, ignored: Collection[str]) -> Answer:
        """Return a cited answer, or a refusal with the nearest passages; these and the passages
        behind the answer are not yet confirmed."""
        if fields := self._fields(query, filters):
            return self._answer_from_fields(query, fields)
        parts = split_parts(query.text, self._catalogue.localities)
        queries = [query]
        if len(parts) > 1:
            queries = [self.understand(part.question, ignored) for part in parts]
        found = [(p.name, self._find(q, filters)) for p, q in zip(parts, queries, strict=True)]
        answering = [each for _, each in found if each.chosen]
        hits = self._searcher.hits(_behind([each for _, each in found]))
        if not answering:
            reason = explain_refusal(query, found[0][1].support, filters, self._catalogue)
            return Answer(query.text, 0.0, True, reason, nearest=hits[:_NEAREST], hits=hits)
        missing = tuple(name for name, each in found if not each.chosen)
        return replace(self._state(query, answering), missing=missing, hits=hits)

    def _fields(self, query: Query, filters: Filters) -> list[Found]:
        """Return the fields of documents that answer a question about a document itself."""
        found = look_up(query, self._catalogue, self._index)
        passing = {source.document for source in self._catalogue.chosen(filters)} if found else ()
        return [(document, span) for document, span in found if document.id in passing]

    def _find(self, query: Query, filters: Filters) -> _Found:
        """Return what answers a question, or a part of one."""
        documents = narrow(query, filters, self._catalogue)
        matched = self.match(query, documents)
        asked = [
            place
            for place in self._catalogue.localities_of(documents)
            if not query.places or any(lies_in(place, named) for named in query.places)
        ]
        asked = at_level(asked, query.level)
        limits = ONE_PLACE if len(asked) <= 1 else ACROSS if query.asks_across else OPEN
        support = self.support(matched)
        chosen: dict[str, list[Scored]] = {}
        if support.is_enough:
            chosen = choose(matched.scored, limits, self._catalogue.place_of)
        return _Found(query, matched, support, tuple(asked), chosen)

    def match(self, query: Query, documents: Sequence[int] | None) -> Matched:
        """Return what some documents have for a question, or all."""
        sought, vector = self._searcher.encode(query)
        candidates = self._searcher.find_within(sought, documents)
        weights = weigh_words(self._index, query)
        background = self._searcher.wait().background
        scored = score_sentences(
            self._index,
            self._pool(candidates),
            Asked(query, vector, background, weights),
            self._catalogue.about,
        )
        return Matched(query, weights, candidates, scored, self._catalogue.titles)

    def support(self, matched: Matched) -> Support:
        """Return what decides whether a question is answered."""
        return measure_support(self._index, matched, self._refuser)

    def _answer_from_fields(self, query: Query, found: Sequence[Found]) -> Answer:
        """Return an answer whose quotes are the header fields that were asked for."""
        citations = self._citations()
        cited = [citations.cite(document, span) for document, span in found]
        statements = tuple(Statement(each.quote, (each.number,)) for each in cited)
        return Answer(query.text, 0.0, False, "", statements, citations.made)

    def _state(self, query: Query, found: Sequence[_Found]) -> Answer:
        """Turn chosen sentences into statements with checked citations, numbered as they come; in
        groups, with what is silent, where more than one locality was asked."""
        citations = self._citations()
        asked = self._catalogue.in_order({place for each in found for place in each.asked})
        places = list(dict.fromkeys(place for each in found for place in each.chosen))
        if len(asked) > 1:
            places = [*self._catalogue.in_order({*places} - {""}), *([""] if "" in places else [])]
        groups = []
        for place in places:
            stated = tuple(
                citations.state(quotation, each.query)
                for each in found
                for quotation in quote_together(each.chosen.get(place, ()), each.matched.weights)
            )
            groups.append(LocalityGroup(place or _NO_LOCALITY, tuple(dict.fromkeys(stated))))
        statements = tuple(statement for group in groups for statement in group.statements)
        answer = Answer(query.text, 0.0, False, "", statements, citations.made)
        if len(asked) <= 1:
            return answer
        silent = tuple(place for place in asked if place not in places)
        coverage = Coverage(len(asked), len(asked) - len(silent), silent)
        return replace(answer, localities=tuple(groups), coverage=coverage)

    def _citations(self) -> Citations:
        return Citations(cache(self._index.document), self._catalogue.source)

    def _pool(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Return the passages whose sentences compete: the best ones, and each locality's own."""
        counts: Counter[str] = Counter()
        pool = []
        for rank, candidate in enumerate(candidates):
            place = self._searcher.place_of(candidate)
            counts[place] += 1
            if rank < _ANSWER_PASSAGES or counts[place] <= _PLACE_PASSAGES:
                pool.append(candidate)
        return pool


def _behind(found: Sequence[_Found]) -> list[Candidate]:
    """Return the passages that an answer quotes, then those that were nearest, too."""
    quoted = {
        scored.position for each in found for chosen in each.chosen.values() for scored in chosen
    }
    candidates = merge(each.matched.candidates for each in found)
    candidates.sort(key=lambda candidate: candidate.position not in quoted)
    return candidates[: max(_HITS, len(quoted))]
