"""Questions set against an open index: which of its passages or documents each is after."""

from collections import defaultdict
from collections.abc import Sequence

from benchmarks.answers import bare, file_name
from benchmarks.metrics import Figures, first_of_each, score_documents, score_passages
from benchmarks.sets import Question, QuestionSet
from indexer.store import Generation
from retrieval.engine import Engine

# Passages asked for: where documents are judged, enough for a hundred of them.
_PASSAGES = 50
_PASSAGES_FOR_DOCUMENTS = 300


class Judge:
    """Scores rankings of an index's passages for the answerable questions of a set."""

    def __init__(self, asked: QuestionSet, generation: Generation) -> None:
        self.questions = [question for question in asked.questions if question.answerable]
        self.depth = _PASSAGES_FOR_DOCUMENTS if asked.by_documents else _PASSAGES
        self._names = [
            file_name(generation.ids[document]) for document in generation.document_of.tolist()
        ]
        self._by_documents = asked.by_documents
        if asked.by_documents:
            # Of several files with one content only the first is in the index.
            kept = dict(generation.duplicates())
            self._relevant = [
                {kept.get(name, name) for name in question.relevant} for question in self.questions
            ]
        else:
            texts = _texts(generation, self.questions)
            self._evidence = [_holders(question, texts) for question in self.questions]

    def score(self, rankings: Sequence[Sequence[int]]) -> list[Figures]:
        """Return the figures of each answerable question from a ranking of positions for each."""
        if not self._by_documents:
            return score_passages(self._evidence, rankings)
        ranked = [first_of_each(self._names[at] for at in ranking) for ranking in rankings]
        return score_documents(self._relevant, ranked)

    def unheld(self) -> list[tuple[str, str]]:
        """Return the id of the question and the text of each piece of evidence that no passage
        holds whole: misspelt, or a passage ends inside it."""
        if self._by_documents:
            return []
        return [
            (question.id, piece.text)
            for question, holders in zip(self.questions, self._evidence, strict=True)
            for piece, held in zip(question.evidence, holders, strict=True)
            if not held
        ]


class Suyuan:
    """The product as one more program that ranks passages."""

    name = "suyuan"

    def __init__(self, engine: Engine, generation: Generation) -> None:
        self._engine = engine
        every = generation.passages(range(len(generation.document_of)))
        self._position = {
            (passage.document, passage.span): position for position, passage in enumerate(every)
        }

    def rank(self, question: str, k: int) -> list[int]:
        """Return the positions of the k best passages, best first."""
        hits = self._engine.search(question, k)
        return [self._position[hit.passage.document, hit.passage.span] for hit in hits]


def _texts(
    generation: Generation, questions: Sequence[Question]
) -> dict[str, list[tuple[int, str]]]:
    """Return the positions and bare texts of the passages of every file that is evidence."""
    wanted = {piece.document for question in questions for piece in question.evidence}
    found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for document in generation.ids:
        if file_name(document) in wanted:
            positions = generation.positions_of([generation.position(document)]).tolist()
            passages = generation.passages(positions)
            found[file_name(document)] += [
                (position, bare(passage.text))
                for position, passage in zip(positions, passages, strict=True)
            ]
    return found


def _holders(
    question: Question, texts: dict[str, list[tuple[int, str]]]
) -> tuple[frozenset[int], ...]:
    return tuple(
        frozenset(
            position for position, text in texts.get(piece.document, ()) if bare(piece.text) in text
        )
        for piece in question.evidence
    )
