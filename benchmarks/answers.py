"""What answers are worth, on questions with evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.metrics import Figures, mean
from benchmarks.sets import Evidence, Question
from indexer.text import folded
from retrieval.engine import Engine
from retrieval.results import Answer, Citation, Statement


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer set against the outcome that is known: `held` tells for each piece of evidence
    whether it is quoted, `right` for each quote whether it holds evidence."""

    question: Question
    answer: Answer
    held: tuple[bool, ...]
    right: tuple[bool, ...]

    @property
    def is_right(self) -> bool:
        """Tell whether all the evidence is quoted, or a question without any is refused."""
        return self.answer.refused is not self.question.answerable and all(self.held)

    @property
    def of_other_years(self) -> list[bool]:
        """Return for each group of the answer whether its first statement has a clause of another
        year and none that was asked for; nothing where the question knows of no such clauses."""
        if not self.question.wrong or self.answer.refused:
            return []
        groups = [group.statements for group in self.answer.localities] or [self.answer.statements]
        firsts = [self._clauses(statements[0]) for statements in groups if statements]
        return [
            _has_any(first, self.question.wrong) and not _has_any(first, self.question.evidence)
            for first in firsts
        ]

    def _clauses(self, statement: Statement) -> list[tuple[str, str]]:
        """Return what a statement quotes; of a long quote the clause that is shown to answer."""
        cited = (each for each in self.answer.citations if each.number in statement.citations)
        return [(_file_of(each), bare(clause_of(each))) for each in cited]


def judge_answer(engine: Engine, question: Question) -> Judged:
    """Ask a question and judge the answer."""
    answer = engine.ask(question.text)
    quotes = [(_file_of(citation), bare(citation.quote)) for citation in answer.citations]
    held = tuple(_has_any(quotes, [piece]) for piece in question.evidence)
    return Judged(question, answer, held, tuple(_is_evidence(q, question) for q in quotes))


def measure_answers(engine: Engine, questions: Sequence[Question]) -> Figures:
    """Ask every question and return the figures of the answers.

    answered and refused are the shares treated rightly of answerable and unanswerable questions,
    cov is the mean share of the evidence inside the quotes, whole and by type, locality the share
    of evidence of a named locality that is quoted, precision the share of quotes that hold
    evidence, verbatim the share that is in its document word for word, quotes their number an
    answer, "a group" their number in a locality's part of it, "other year" the share of such parts
    that begin with the figure of another year, "missing" the share of answers that call a part of
    an answerable question unanswered.
    """
    named = ("answered", "refused", "locality", "precision", "verbatim", "quotes", "a group")
    found: dict[str, list[float]] = {name: [] for name in (*named, "other year", "missing")}
    coverage: dict[str, list[float]] = {}
    for question in questions:
        judged = judge_answer(engine, question)
        answer = judged.answer
        found["verbatim"] += [float(_is_there(engine, each)) for each in answer.citations]
        if not question.answerable:
            found["refused"].append(float(answer.refused))
            continue
        found["answered"].append(float(not answer.refused))
        coverage.setdefault(question.type, []).append(sum(judged.held) / len(judged.held))
        pairs = zip(question.evidence, judged.held, strict=True)
        found["locality"] += [float(is_held) for piece, is_held in pairs if piece.locality]
        if not answer.refused:
            found["quotes"].append(float(len(answer.citations)))
            found["precision"] += map(float, judged.right)
            found["missing"].append(float(bool(answer.missing)))
            found["other year"] += map(float, judged.of_other_years)
        for group in answer.localities:
            found["a group"].append(float(sum(len(each.citations) for each in group.statements)))
    figures = {name: mean(values) for name, values in found.items() if values}
    figures["cov"] = mean([value for values in coverage.values() for value in values])
    return figures | {f"cov[{kind}]": mean(values) for kind, values in sorted(coverage.items())}


def bare(text: str) -> str:
    """Return a text as evidence is looked for: one script and width, without white space."""
    return "".join(folded(text).split())


def file_name(document: str) -> str:
    """Return the name of a document's file without its folders."""
    return document.rsplit("/", 1)[-1]


def clause_of(citation: Citation) -> str:
    """Return the clause of a long quote that answers, else the whole quote."""
    return citation.words_of(citation.focus) if citation.focus else citation.quote


def _file_of(citation: Citation) -> str:
    return file_name(citation.source.document)


def _is_there(engine: Engine, citation: Citation) -> bool:
    text = engine.document(citation.source.document).text
    return text[citation.span.start : citation.span.end] == citation.quote


def _has_any(quotes: Sequence[tuple[str, str]], pieces: Iterable[Evidence]) -> bool:
    wanted = [(piece.document, bare(piece.text)) for piece in pieces]
    return any(
        name == document and want in text for document, want in wanted for name, text in quotes
    )


def _is_evidence(quote: tuple[str, str], question: Question) -> bool:
    name, text = quote
    wanted = [(piece.document, bare(piece.text)) for piece in question.evidence]
    return any(name == document and (want in text or text in want) for document, want in wanted)
