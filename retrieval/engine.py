"""A question becomes hits, or a cited answer; this page tells the whole story.

understand -> match by meaning and by words (searching) -> for an answer (answerer): score sentences
-> refuse or choose -> group by locality -> cite, word for word
"""

import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache

from indexer.embedding import identify_vectors
from indexer.findings import Finding, findings_of
from indexer.generations import live_generation, open_live
from indexer.records import Document, Span
from indexer.settings import Settings
from indexer.store import Generation
from retrieval.answerer import Answerer
from retrieval.basket import Item, Kept, find_kept
from retrieval.calibration import (
    Calibration,
    Outcome,
    calibrate,
    calibrated,
    calibration_stamp,
    write_calibration,
)
from retrieval.catalogue import Catalogue
from retrieval.citations import Citations
from retrieval.comparison import Comparison, compare
from retrieval.duplicates import LOOKED_AT, arrange
from retrieval.exact import ExactQuery, Order, Within, find_exactly
from retrieval.expression import parse_expression
from retrieval.follow_up import FollowUp, name_documents, resolve
from retrieval.hints import Hints, find_hints
from retrieval.language_model import open_language_model
from retrieval.listing import Listing, ListOrder
from retrieval.lookup import look_up
from retrieval.model import Model, load_model, made_by_another
from retrieval.narrowing import narrow
from retrieval.precedent_search import PrecedentSearch
from retrieval.precedents import FIRST, Precedents, Wanted
from retrieval.prose import ProseSentence, write_prose
from retrieval.ranked import Ranked, RankedOrder, rank_passages, show_ranked
from retrieval.ranking import RANKING, Ranking
from retrieval.refusal import Support, shipped
from retrieval.relations import relate
from retrieval.results import (
    EVERYTHING,
    Answer,
    Citation,
    ExactResult,
    Facets,
    Filters,
    Hit,
    Relations,
    Side,
    Source,
    TopicCount,
    Understood,
)
from retrieval.rewriting import rewrite
from retrieval.scoring import weigh_words
from retrieval.searching import Searcher
from retrieval.signals import find_absent
from retrieval.topics import Topics
from retrieval.trial_questions import SURE, Trial, make_trials


class Engine:
    """The open index and the model; safe to use from several threads.

    The model loads in the background, because opening the index takes a tenth of a second and
    loading a model some four seconds; the first question waits for it.
    """

    def __init__(
        self,
        generation: Generation,
        model: Future[Model],
        settings: Settings,
        ranking: Ranking = RANKING,
    ) -> None:
        self._index = generation
        self._settings = settings
        # A page asks for its document several times over, and one of 5 MB takes 0.15 s.
        self._document = lru_cache(maxsize=2)(generation.document)
        self._today = date.today()
        self._catalogue = Catalogue(generation, self._today)
        self._searcher = Searcher(generation, self._catalogue, model, ranking)
        self._listing = Listing(self._catalogue.sources, self._catalogue.localities)
        self._topics = Topics(generation, self._catalogue)
        self._precedents = PrecedentSearch(generation, self._catalogue, self._searcher, self._today)
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
            raise made_by_another(generation, identity)
        pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="model")
        model = pool.submit(load_model, generation, settings, ranking.moved)
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
        self._searcher.wait()

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
        return self._answerer.understand(question, ignored).understood

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
        query = self._answerer.understand(question, ignored)
        sought, _ = self._searcher.encode(query)
        candidates = self._searcher.find_preferring(sought, filters)
        if collapse:
            return self._searcher.confirmed(arrange(self._searcher.hits(candidates[:LOOKED_AT]), k))
        return self._searcher.confirmed(self._searcher.hits(candidates[:k]))

    def rank(
        self, question: str, filters: Filters = EVERYTHING, ignored: Collection[str] = ()
    ) -> Ranked:
        """Return the passages for a question, ranked, to be shown a page at a time by `show`.

        Raises:
            QuestionError: the question is empty, too long, or has no word to search for.
        """
        query = self._answerer.understand(question, ignored)
        return rank_passages(self._searcher, query, filters)

    def show(
        self, ranked: Ranked, order: RankedOrder = "relevance", offset: int = 0, limit: int = 10
    ) -> tuple[Hit, ...]:
        """Return `limit` of what this engine ranked, from `offset` on."""
        return show_ranked(self._searcher, ranked, order, offset, limit)

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
        found = find_exactly(self._index, self._catalogue, query, allowed)
        facets = self._catalogue.facets(filters, found.everywhere)
        took = (time.perf_counter() - started) * 1000
        return ExactResult(expression, took, found.documents, found.matches, found.hits, facets)

    def ask(
        self, question: str, filters: Filters = EVERYTHING, ignored: Collection[str] = ()
    ) -> Answer:
        """Return a cited answer, or a refusal that says why and shows the nearest passages.

        Raises:
            QuestionError: the question is empty, too long, or has no word to search for.
        """
        started = time.perf_counter()
        query = self._answerer.understand(question, ignored)
        answer = self._answerer.answer(query, filters, ignored)
        self._searcher.confirmed(answer.hits)  # the nearest are among them
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
    def index(self) -> Generation:
        """The open generation itself, for what describes or checks it."""
        return self._index

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

    def hints(self, answer: Answer, ignored: Collection[str] = ()) -> Hints:
        """Return what helps on where a question was refused an answer."""
        query = self._answerer.understand(answer.question, ignored)
        absent = find_absent(self._index, weigh_words(self._index, query))
        return find_hints(query, absent, answer.hits, self._searcher.wait().encoder)

    def support(self, question: str, without: Collection[str] = ()) -> Support | None:
        """Return what decides whether a question is answered, as if the index had none of the
        documents `without`; None where the fields of a document answer it.

        Raises:
            QuestionError: the question is empty, too long, or has no word to search for.
        """
        query = self._answerer.understand(question, ())
        if look_up(query, self._catalogue, self._index):
            return None
        documents = narrow(query, EVERYTHING, self._catalogue)
        if without:
            left_out = {self._index.position(document) for document in without}
            every = range(len(self._index.ids)) if documents is None else documents
            documents = [position for position in every if position not in left_out]
        return self._answerer.support(self._answerer.match(query, documents))

    def trials(self, subjects: int) -> tuple[Trial, ...]:
        """Return questions made of the corpus, of so many sentences at most, whose outcome is known
        by the way they were made."""
        return make_trials(self._index, self._catalogue, subjects)

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
        return self._document(document_id)

    def cite(self, document_id: str, span: Span) -> Citation:
        """Return a stretch of a document as a citation.

        Raises:
            DocumentMissing: it is not in the index.
            CitationError: the span is empty or does not lie in the document.
        """
        citations = Citations(self._document, self._catalogue.source)
        return citations.cite(self._document(document_id), span)

    def find_kept(self, items: Iterable[Item]) -> tuple[Kept, ...]:
        """Return what the index says today of quotes that a reader has kept."""
        return find_kept(items, cache(self._index.document), self._catalogue.source)

    def relations(self, document_id: str) -> Relations:
        """Return what a document cites, what cites it, its versions and its 时效.

        Raises:
            DocumentMissing: it is not in the index.
        """
        self._document(document_id)
        return relate(self._index, self._catalogue, document_id)

    def compare(self, old: str, new: str) -> Comparison:
        """Return what became of each clause of a document in another version of it.

        Raises:
            DocumentMissing: one of them is not in the index.
        """
        before, after = self._index.document(old), self._index.document(new)
        return compare(before, after, self._catalogue.source(old), self._catalogue.source(new))

    def precedents(
        self, draft: str, wanted: Wanted = FIRST, filters: Filters = EVERYTHING
    ) -> Precedents:
        """Return which notices have worded each sentence of a draft the same or nearly, and how.

        Raises:
            QuestionError: the draft is empty, too long, or says too little.
        """
        return self._precedents.find(draft, wanted, filters)

    def draft_examples(self) -> tuple[str, ...]:
        """Return a sentence or two of the loaded documents whose precedents can be looked for."""
        return self._precedents.examples()

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
        return self._catalogue.chosen(filters)

    def listed(
        self, words: str = "", order: ListOrder = "date", filters: Filters = EVERYTHING
    ) -> tuple[Source, ...]:
        """Return the documents that pass and have all words in title, 文号, issuer or path."""
        return self._listing.find(words, order, self._catalogue.select(filters))

    def topics(self, filters: Filters = EVERYTHING) -> tuple[TopicCount, ...]:
        """Return what the corpus speaks of, with how many of the documents that pass do."""
        return self._topics.count(self._catalogue.select(filters))

    def facets(self, filters: Filters = EVERYTHING) -> Facets:
        """Return what the documents can be narrowed by, with counts before and after filters."""
        return self._catalogue.facets(filters)

    def copies(self, documents: Collection[str]) -> tuple[str, ...]:
        """Return the files that were left out because one of some documents has their content."""
        return tuple(file for file, kept in self._index.duplicates() if kept in documents)

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
        refuser = calibrated(self._settings.index, self._index.manifest, shipped())
        self._answerer = Answerer(
            self._index, self._catalogue, self._searcher, refuser, self._today
        )
