"""What answers are worth, on questions with evidence."""

from collections.abc import Sequence

from benchmarks.metrics import Figures, mean
from benchmarks.sets import Evidence, Question
from indexer.text import folded
from retrieval.engine import Engine


def measure_answers(engine: Engine, questions: Sequence[Question]) -> Figures:
    """Ask every question and return the figures of the answers.

    answered and refused are the shares treated rightly of answerable and unanswerable questions,
    cov is the mean share of the evidence inside the quotes, whole and by type, locality the share
    of evidence of a named locality that is quoted, precision the share of quotes that hold
    evidence, verbatim the share that is in its document word for word, quotes their number an
    answer.
    """
    found: dict[str, list[float]] = {
        name: [] for name in ("answered", "refused", "locality", "precision", "verbatim", "quotes")
    }
    coverage: dict[str, list[float]] = {}
    for question in questions:
        answer = engine.ask(question.text)
        quotes = [(file_name(c.source.document), bare(c.quote)) for c in answer.citations]
        for citation in answer.citations:
            text = engine.document(citation.source.document).text
            there = text[citation.span.start : citation.span.end]
            found["verbatim"].append(float(there == citation.quote))
        if not question.answerable:
            found["refused"].append(float(answer.refused))
            continue
        found["answered"].append(float(not answer.refused))
        held = [_is_quoted(piece, quotes) for piece in question.evidence]
        coverage.setdefault(question.type, []).append(sum(held) / len(held))
        pairs = zip(question.evidence, held, strict=True)
        found["locality"] += [float(is_held) for piece, is_held in pairs if piece.locality]
        if not answer.refused:
            found["quotes"].append(float(len(quotes)))
            found["precision"] += [float(_is_evidence(q, question.evidence)) for q in quotes]
    figures = {name: mean(values) for name, values in found.items() if values}
    figures["cov"] = mean([value for values in coverage.values() for value in values])
    return figures | {f"cov[{kind}]": mean(values) for kind, values in sorted(coverage.items())}


def bare(text: str) -> str:
    """Return a text as evidence is looked for: one script and width, without white space."""
    return "".join(folded(text).split())


def file_name(document: str) -> str:
    """Return the name of a document's file without its folders."""
    return document.rsplit("/", 1)[-1]


def _is_quoted(piece: Evidence, quotes: Sequence[tuple[str, str]]) -> bool:
    wanted = bare(piece.text)
    return any(name == piece.document and wanted in quote for name, quote in quotes)


def _is_evidence(quote: tuple[str, str], evidence: Sequence[Evidence]) -> bool:
    name, text = quote
    wanted = [(piece.document, bare(piece.text)) for piece in evidence]
    return any(name == document and (want in text or text in want) for document, want in wanted)
