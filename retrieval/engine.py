"""A question becomes hits, or a cited answer; this page tells the whole story.

understand -> match by meaning and by words -> fuse -> (for an answer) score sentences -> refuse or
choose -> group by locality -> cite, word for word
"""

import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from indexer.embedding import Encoder, identify_model, identify_vectors, load_encoder
from indexer.errors import IndexUnusable
from indexer.findings import Finding, findings_of
from indexer.generations import live_generation, open_live
from indexer.manifest import REBUILD
from indexer.places import lies_in
from indexer.records import Document, Span
from indexer.settings import Settings
from indexer.store import Generation
from retrieval.answering import ACROSS, ONE_PLACE, OPEN, choose, quote_together
from retrieval.calibration import (
    Calibration,
    Outcome,
    calibrate,
    calibrated,
    calibration_stamp,
    write_calibration,
)
from retrieval.catalogue import Catalogue
from retrieval.citations import Citations, cite, confirm, confirm_passage
from retrieval.comparison import Comparison, compare
from retrieval.duplicates import LOOKED_AT, arrange
from retrieval.exact import ExactQuery, Order, Within, find_exactly
from retrieval.expression import parse_expression
from retrieval.finding import Finder, Sought, merge
from retrieval.follow_up import FollowUp, name_documents, resolve
from retrieval.fusion import Candidate
from retrieval.language_model import open_language_model
from retrieval.lookup import Found, look_up
from retrieval.narrowing import narrow
from retrieval.parts import split_parts
from retrieval.prose import ProseSentence, write_prose
from retrieval.query import Query, understand
from retrieval.question_map import map_question
from retrieval.ranking import RANKING, Ranking
from retrieval.refusal import Support, explain_refusal, measure_support, shipped
from retrieval.regions import at_level
from retrieval.relations import relate
from retrieval.reranking import Reranker, load_reranker, rerank
from retrieval.results import (
    EVERYTHING,
    Answer,
    Citation,
    Coverage,
    ExactResult,
    Facets,
    Filters,
    Hit,
    LocalityGroup,
    Relations,
    Side,
    Source,
    Statement,
    Understood,
)
from retrieval.rewriting import rewrite
from retrieval.scoring import Asked, Scored, score_sentences, weigh_words
from retrieval.signals import Matched, measure_background
from retrieval.trial_questions import SURE, Trial, make_trials

_ANSWER_PASSAGES = 40  # passages whose sentences are scored
_PLACE_PASSAGES = 6  # of each locality, where the question asks across localities
_NEAREST = 3  # passages shown with a refusal
_HITS = 10  # passages shown behind an answer
_NO_LOCALITY = "未注明地区"


@dataclass(frozen=True, slots=True)
class _Model:
    """The encoder, what stands for its weights, and the backgrounds that it gives on the open
    index: how near passages come to a question on nothing in it, as it is and as it is moved. The
    reranker, if one is set."""

    encoder: Encoder
    weights: str
    background: float
    moved_background: float
    reranker: Reranker | None


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found for a question, or a part of one: the localities that are asked, and the
    sentences that answer by locality, none where the support is not enough."""

    query: Query
    matched: Matched
    support: Support
    asked: tuple[str, ...]
    chosen: dict[str, list[Scored]]


class Engine:
    """The open index and the model; safe to use from several threads.

    The model loads in the background, because opening the index takes a tenth of a second and
    loading a model some four seconds; the first question waits for it.
    """

    def __init__(
        self,
        generation: Generation,
        model: Future[_Model],
        settings: Settings,
        ranking: Ranking = RANKING,
    ) -> None:
        self._index = generation
        self._model = model
        self._settings = settings
        self._ranking = ranking
        self._today = date.today()
        self._catalogue = Catalogue(generation, self._today)
        self._finder = Finder(generation, self._catalogue, ranking)
        self._language_model = open_language_model(settings)
        self.generation = generation.manifest.generation
        self._read_calibration()

    @staticmethod
    def open(settings: Settings, ranking: Ranking = RANKING) -> "Engine":
        """Open the live index and begin to load the model that made it.

        Raises:
            IndexUnusable: there is no index, it is damaged, or another model made it.
            ModelError: the model is not there. One that is found out later is raised by the first
                question.
        """
        generation = open_live(settings.index)
        identity = identify_vectors(settings.model, settings.precision)
        if identity and identity != generation.manifest.identity:
            raise _made_by_another(generation, identity)
        pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="model")
        model = pool.submit(_load_model, generation, settings, ranking.moved)
        pool.shutdown(wait=False)
        if not identity or settings.reranker:
            model.result()  # only loading tells whether a model of the user's made this index
        return Engine(generation, model, settings, ranking)

    def wait(self) -> None:
        """Wait until the model is loaded.

        Raises:
            ModelError: it cannot be loaded.
            IndexUnusable: another model made the index.
        """
        self._model.result()

    def is_stale(self) -> bool:
        """Tell whether another generation has become the live one, the threshold of refusal was
        set anew, or another day has begun, on which other documents may be in force."""
        index = self._settings.index
        has_moved = live_generation(index) != self.generation
        is_set_anew = calibration_stamp(index) != self._calibrated
        return has_moved or is_set_anew or date.today() != self._today

    def understood(self, question: str, ignored: Collection[str] = ()) -> tuple[Understood, ...]:
        """Return what a question is understood to say; `ignored` are ids of what is off.

        Raises:
            QuestionError: the question is empty, too long, or has no word to search for.
        """
        return self._understand(question, ignored).understood

    def search(
        self,
        question: str,
        k: int = 10,
        filters: Filters = EVERYTHING,
        ignored: Collection[str] = (),
        collapse: bool = False,
    ) -> tuple[Hit, ...]:
        """Return the k best passages for a question, best first; what is `ignored` of what it was
        understood to say counts as words. To `collapse` is to show copies as one, and near-equal
        passages of many documents in turn.

        Raises:
            QuestionError: the question is empty, too long, or has no word to search for.
        """
        query = self._understand(question, ignored)
        sought, _ = self._encode(query)
        candidates = self._reranked(query, self._finder.find_preferring(sought, filters))
        if collapse:
            return self._confirmed(arrange(self._hits(candidates[:LOOKED_AT]), k))
        return self._confirmed(self._hits(candidates[:k]))

    def find(
        self,
        expression: str,
        *,
        in_title: bool = False,
        within: Within = "document",
        order: Order = "relevance",
        offset: int = 0,
        limit: int = 10,
        filters: Filters = EVERYTHING,
    ) -> ExactResult:
        """Return the documents that have the words of an expression, to the letter, with every
        match counted; `limit` of them from `offset` on. The model is not needed.

        Raises:
            QuestionError: the expression is empty, too long, unbalanced, or wants nothing.
        """
        started = time.perf_counter()
        tree = parse_expression(expression)
        query = ExactQuery(tree, in_title, within, order, offset, limit)
        allowed = self._catalogue.select(filters)
        documents, matches, hits = find_exactly(self._index, self._catalogue, query, allowed)
        took = (time.perf_counter() - started) * 1000
        return ExactResult(expression, took, documents, matches, hits)

    def ask(
        self, question: str, filters: Filters = EVERYTHING, ignored: Collection[str] = ()
    ) -> Answer:
        """Return a cited answer, or a refusal that says why and shows the nearest passages.

        Raises:
            QuestionError: the question is empty, too long, or has no word to search for.
        """
        started = time.perf_counter()
        query = self._understand(question, ignored)
        answer = self._answer(query, filters, ignored)
        self._confirmed(answer.hits)  # the nearest are among them
        return replace(answer, milliseconds=(time.perf_counter() - started) * 1000)

    def follow(
        self, turns: Sequence[str], follow_up: str, filters: Filters = EVERYTHING
    ) -> FollowUp:
        """Return a question that goes on from others, made whole; what is asked is its `question`.

        `turns` are the questions before it, oldest first, each whole; a language model, where one
        is set, reads the last few of them.

        Raises:
            QuestionError: a question is empty, too long, or has no word to search for.
        """
        if not turns:
            return FollowUp(follow_up.strip(), is_alone=True)
        localities = self._catalogue.localities
        found = resolve(turns[-1], follow_up, localities, self._today)
        if found.field:
            cited = self.ask(turns[-1], filters).citations
            return name_documents(found, [citation.source for citation in cited])
        if self._language_model is None:
            return found
        return rewrite(self._language_model, turns, follow_up, localities, self._today, found)

    @property
    def has_language_model(self) -> bool:
        """Tell whether the settings name a language model."""
        return self._language_model is not None

    def prose(self, answer: Answer) -> Iterator[ProseSentence]:
        """Yield an answer as the language model writes it, each sentence checked against what it
        cites; nothing for a refusal, or where no model is set.

        Raises:
            LanguageModelError: the model gave nothing usable, or stopped; what was yielded stands.
        """
        if self._language_model is not None:
            yield from write_prose(self._language_model, answer)

    def support(self, question: str, without: Collection[str] = ()) -> Support | None:
        """Return what decides whether a question is answered, as if the index had none of the
        documents `without`; None where the fields of a document answer it.

        Raises:
            QuestionError: the question is empty, too long, or has no word to search for.
        """
        query = self._understand(question, ())
        if look_up(query, self._catalogue, self._index):
            return None
        documents = narrow(query, EVERYTHING, self._catalogue)
        if without:
            left_out = {self._index.position(document) for document in without}
            every = range(len(self._index.ids)) if documents is None else documents
            documents = [position for position in every if position not in left_out]
        return self._support(self._match(query, documents))

    def calibrate(self, asked: Sequence[Trial] = ()) -> Calibration:
        """Set the threshold of refusal for this corpus, on questions that were asked or else on
        what the corpus asks of itself, and save it with the index."""
        made = asked or make_trials(self._index, self._catalogue)
        outcomes = []
        for trial in made:
            support = self.support(trial.text, trial.without) if trial.kind in SURE else None
            if support and not support.unknown_places:
                outcomes.append(Outcome(support.decision.probability, trial.is_answerable))
        found = calibrate(self._index.manifest, shipped(), outcomes)
        write_calibration(self._settings.index, found)
        self._read_calibration()
        return found

    def document(self, document_id: str) -> Document:
        """Return a document whole.

        Raises:
            DocumentMissing: it is not in the index.
        """
        return self._index.document(document_id)

    def cite(self, document_id: str, span: Span) -> Citation:
        """Return a stretch of a document as a citation.

        Raises:
            DocumentMissing: it is not in the index.
            CitationError: the span is empty or does not lie in the document.
        """
        return self._cite(1, self._index.document(document_id), (), span)

    def relations(self, document_id: str) -> Relations:
        """Return what a document cites, what cites it, its versions and its 时效.

        Raises:
            DocumentMissing: it is not in the index.
        """
        return relate(self._index, self._catalogue, document_id)

    def compare(self, old: str, new: str) -> Comparison:
        """Return what became of each clause of a document in another version of it.

        Raises:
            DocumentMissing: one of them is not in the index.
        """
        before, after = self._index.document(old), self._index.document(new)
        return compare(before, after, self._catalogue.source(old), self._catalogue.source(new))

    def ask_each(
        self,
        question: str,
        documents: Sequence[str] = (),
        places: Sequence[str] = (),
        filters: Filters = EVERYTHING,
        ignored: Collection[str] = (),
    ) -> tuple[Side, ...]:
        """Return what each of some documents, then each of some places with all that lies in it,
        answers to one question, each asked by itself.

        Raises:
            QuestionError: the question is empty, too long, or has no word to search for.
            DocumentMissing: one of the documents is not in the index.
        """
        sources = [self.source(document) for document in documents]
        sides = [(s.title, s, replace(filters, documents=(s.document,))) for s in sources]
        named = [(place, None, replace(filters, localities=(place,))) for place in places]
        return tuple(
            Side(name, source, self.ask(question, narrowed, ignored))
            for name, source, narrowed in (*sides, *named)
        )

    def source(self, document_id: str) -> Source:
        """Return what is known of a document.

        Raises:
            DocumentMissing: it is not in the index.
        """
        self._index.document(document_id)
        return self._catalogue.source(document_id)

    def sources(self, filters: Filters = EVERYTHING) -> tuple[Source, ...]:
        """Return what is known of the documents that pass, in the order of their paths."""
        chosen = self._catalogue.select(filters)
        sources = self._catalogue.sources
        return sources if chosen is None else tuple(sources[position] for position in chosen)

    def facets(self, filters: Filters = EVERYTHING) -> Facets:
        """Return what the documents can be narrowed by, with counts before and after filters."""
        return self._catalogue.facets(filters)

    def findings(self) -> tuple[Finding, ...]:
        """Return what is to be known of the files: which are not in the index, which are to be
        checked against their originals, which are there twice, and why."""
        return findings_of(self._index)

    def examples(self) -> tuple[str, ...]:
        """Return up to four questions that the loaded documents suggest."""
        return self._catalogue.examples()

    def _read_calibration(self) -> None:
        """Take the threshold of refusal that is saved with the index, if it fits."""
        # Stamped before the file is read: one saved in between is stale, not overlooked.
        self._calibrated = calibration_stamp(self._settings.index)
        self._refuser = calibrated(self._settings.index, self._index.manifest, shipped())

    def _answer(self, query: Query, filters: Filters, ignored: Collection[str]) -> Answer:
        if fields := self._fields(query, filters):
            return self._answer_from_fields(query, fields)
        parts = split_parts(query.text, self._catalogue.localities)
        queries = [query]
        if len(parts) > 1:
            queries = [self._understand(part.question, ignored) for part in parts]
        found = [(p.name, self._find(q, filters)) for p, q in zip(parts, queries, strict=True)]
        answering = [each for _, each in found if each.chosen]
        hits = self._hits(merge(each.matched.candidates for _, each in found)[:_HITS])
        if not answering:
            reason = explain_refusal(query, found[0][1].support, filters, self._catalogue)
            return Answer(query.text, 0.0, True, reason, nearest=hits[:_NEAREST], hits=hits)
        missing = tuple(name for name, each in found if not each.chosen)
        return replace(self._state(query, answering), missing=missing, hits=hits)

    def _fields(self, query: Query, filters: Filters) -> list[Found]:
        """Return the fields of documents that answer a question about a document itself."""
        found = look_up(query, self._catalogue, self._index)
        passing = {source.document for source in self.sources(filters)} if found else ()
        return [(document, span) for document, span in found if document.id in passing]

    def _find(self, query: Query, filters: Filters) -> _Found:
        """Return what answers a question, or a part of one."""
        documents = narrow(query, filters, self._catalogue)
        matched = self._match(query, documents)
        asked = [
            place
            for place in self._catalogue.localities_of(documents)
            if not query.places or any(lies_in(place, named) for named in query.places)
        ]
        asked = at_level(asked, query.level)
        limits = ONE_PLACE if len(asked) <= 1 else ACROSS if query.asks_across else OPEN
        support = self._support(matched)
        chosen: dict[str, list[Scored]] = {}
        if support.is_enough:
            chosen = choose(matched.scored, limits, self._catalogue.place_of)
        return _Found(query, matched, support, tuple(asked), chosen)

    def _match(self, query: Query, documents: Sequence[int] | None) -> Matched:
        """Return what some documents have for a question, or all."""
        sought, vector = self._encode(query)
        candidates = self._reranked(query, self._finder.find_within(sought, documents))
        weights = weigh_words(self._index, query)
        background = self._model.result().background
        scored = score_sentences(
            self._index,
            self._pool(candidates),
            Asked(query, vector, background, weights),
            self._catalogue.about,
        )
        return Matched(query, weights, candidates, scored, self._catalogue.titles)

    def _support(self, matched: Matched) -> Support:
        return measure_support(self._index, matched, self._refuser)

    def _answer_from_fields(self, query: Query, found: Sequence[Found]) -> Answer:
        """Return an answer whose quotes are the header fields that were asked for."""
        citations = [
            self._cite(number, document, (), span)
            for number, (document, span) in enumerate(found, start=1)
        ]
        statements = tuple(Statement(c.quote, (c.number,)) for c in citations)
        return Answer(query.text, 0.0, False, "", statements, tuple(citations))

    def _state(self, query: Query, found: Sequence[_Found]) -> Answer:
        """Turn chosen sentences into statements with checked citations, numbered as they come; in
        groups, with what is silent, where more than one locality was asked."""
        citations = Citations(cache(self._index.document), self._catalogue.source)
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

    def _cite(
        self, number: int, document: Document, headings: tuple[str, ...], span: Span
    ) -> Citation:
        citation = cite(number, document, self._catalogue.source(document.id), headings, span)
        confirm(citation, document)
        return citation

    def _encode(self, query: Query) -> tuple[Sought, NDArray[np.float32]]:
        """Return what to search with, and the question's own vector to compare sentences with."""
        model = self._model.result()
        own = model.encoder.encode_question(query.topic)
        moved = map_question(own, model.weights, self._ranking.moved)
        return Sought(query, moved, model.moved_background), own

    def _understand(self, question: str, ignored: Collection[str]) -> Query:
        return understand(question, self._catalogue.localities, self._today, ignored)

    def _reranked(self, query: Query, found: list[Candidate]) -> list[Candidate]:
        """Return candidates as the reranker puts them, if one is set."""
        reranker = self._model.result().reranker
        if reranker is None:
            return found
        return rerank(self._index, reranker, query.text, found, self._catalogue.titles)

    def _pool(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """Return the passages whose sentences compete: the best ones, and each locality's own."""
        counts: Counter[str] = Counter()
        pool = []
        for rank, candidate in enumerate(candidates):
            place = self._finder.place_of(candidate.position)
            counts[place] += 1
            if rank < _ANSWER_PASSAGES or counts[place] <= _PLACE_PASSAGES:
                pool.append(candidate)
        return pool

    def _confirmed(self, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """Return hits whose words are what stands in their documents."""
        texts = self._index.texts({hit.passage.document for hit in hits})
        for hit in hits:
            confirm_passage(hit.passage, texts[hit.passage.document])
        return hits

    def _hits(self, candidates: Sequence[Candidate]) -> tuple[Hit, ...]:
        found = self._index.passages([candidate.position for candidate in candidates])
        return tuple(
            Hit(
                rank=rank,
                score=candidate.score,
                dense=candidate.dense,
                lexical=candidate.lexical,
                passage=passage,
                source=self._catalogue.source(passage.document),
            )
            for rank, (candidate, passage) in enumerate(
                zip(candidates, found, strict=True), start=1
            )
        )


def _load_model(generation: Generation, settings: Settings, moved: float) -> _Model:
    encoder = load_encoder(settings.model, settings.cache, settings.precision)
    if encoder.fingerprint != generation.manifest.fingerprint:
        raise _made_by_another(generation, encoder.name)
    reranker = load_reranker(settings.reranker, settings.cache, settings.rerank_milliseconds)
    encode = cache(encoder.encode_question)
    weights = identify_model(settings.model)

    def move(text: str) -> NDArray[np.float32]:
        return map_question(encode(text), weights, moved)

    return _Model(
        encoder,
        weights,
        measure_background(generation, encode),
        measure_background(generation, move),
        reranker,
    )


def _made_by_another(generation: Generation, model: str) -> IndexUnusable:
    return IndexUnusable(
        f"索引是用模型“{generation.manifest.model}”建立的，当前模型是“{model}”。",
        f"请改回原来的模型，或{REBUILD[1:]}",
    )
