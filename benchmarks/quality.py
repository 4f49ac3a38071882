"""How well it finds and answers, on questions with known evidence.

    python -m benchmarks.quality                                    the open sets
    python -m benchmarks.quality --questions my.jsonl --corpus DIR  an office's own questions

A question is a line {"id", "type", "question", "answerable", "evidence": [{"doc", "text"}]}; the
evidence is text that a full answer rests on, verbatim, and the name of its file. Text is compared
folded. search: hit@k is the share of questions with evidence in the first k passages, cov@k the
mean share of their evidence found there. ask: answered and refused are the shares treated rightly
of answerable and unanswerable questions, cov the mean share of evidence inside the quotes,
precision the share of quotes that hold evidence, quotes their number an answer, twin the share of
questions whose Traditional form returns the same passages.
"""

import argparse
import json
import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from opencc import OpenCC

from benchmarks.runs import this_run
from indexer.build import build
from indexer.settings import PROJECT, Settings, read_settings
from indexer.text import folded
from retrieval.engine import Engine

_CUTS = (1, 5, 10)
_SHARED = PROJECT.parent / "shared"


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions and the corpus they are asked of."""

    name: str
    questions: Path
    corpus: Path


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the sets asked for, print a table and keep the figures."""
    parser = argparse.ArgumentParser(description="检索和问答的质量")
    parser.add_argument("--questions", type=Path, help="问题文件（JSONL）")
    parser.add_argument("--corpus", type=Path, help="语料文件夹")
    given = parser.parse_args(arguments)
    settings = read_settings()
    if given.questions:
        sets = [QuestionSet(given.questions.stem, given.questions, given.corpus or settings.corpus)]
    else:
        sets = [found for found in _open_sets() if _is_there(found)]
    figures = {found.name: measure(found, settings) for found in sets}
    for name, row in figures.items():
        print(f"\n{name}")
        for part, values in row.items():
            print(f"  {part:7s}" + "  ".join(f"{k} {v:.3f}" for k, v in values.items()))
    print(f"\n{this_run().save('quality', figures)}")


def measure(asked: QuestionSet, settings: Settings) -> dict[str, dict[str, float]]:
    """Build an index of the set's corpus in a temporary folder and ask every question."""
    lines = asked.questions.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line) for line in lines if line.strip()]
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(settings, corpus=asked.corpus, index=Path(folder))
        build(settings)
        engine = Engine.open(settings)
        return {
            "search": measure_search(engine, questions),
            "ask": measure_answers(engine, questions),
        }


def measure_search(engine: Engine, questions: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Return hit@k, cov@k and twin."""
    found: dict[str, list[float]] = {f"{name}@{k}": [] for k in _CUTS for name in ("hit", "cov")}
    twins: list[float] = []
    traditional = OpenCC("s2t")
    for question in questions:
        hits = engine.search(question["question"], max(_CUTS))
        twin = engine.search(traditional.convert(question["question"]), max(_CUTS))
        twins.append(float([h.passage for h in hits] == [h.passage for h in twin]))
        if not question["answerable"]:
            continue
        texts = [(_name(hit.passage.document), folded(hit.passage.text)) for hit in hits]
        for k in _CUTS:
            got = [_holds(evidence, texts[:k]) for evidence in question["evidence"]]
            found[f"hit@{k}"].append(float(any(got)))
            found[f"cov@{k}"].append(sum(got) / len(got))
    return {name: statistics.mean(values) for name, values in found.items()} | {
        "twin": statistics.mean(twins)
    }


def measure_answers(engine: Engine, questions: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Return answered, refused, cov (whole and by type), precision, verbatim and quotes."""
    answered: list[float] = []
    refused: list[float] = []
    precise: list[float] = []
    verbatim: list[float] = []
    quotes: list[float] = []
    coverage: dict[str, list[float]] = {}
    for question in questions:
        answer = engine.ask(question["question"])
        texts = [(_name(c.source.document), folded(c.quote)) for c in answer.citations]
        for citation in answer.citations:
            text = engine.document(citation.source.document).text
            verbatim.append(float(text[citation.span.start : citation.span.end] == citation.quote))
        if not question["answerable"]:
            refused.append(float(answer.refused))
            continue
        answered.append(float(not answer.refused))
        evidence = question["evidence"]
        got = [_holds(piece, texts) for piece in evidence]
        coverage.setdefault(question["type"], []).append(sum(got) / len(got))
        if not answer.refused:
            quotes.append(float(len(texts)))
            precise += [float(_is_evidence(text, evidence)) for text in texts]
    figures = {"answered": _mean(answered), "refused": _mean(refused)}
    figures["cov"] = _mean([value for values in coverage.values() for value in values])
    figures |= {f"cov[{kind}]": _mean(values) for kind, values in sorted(coverage.items())}
    return figures | {
        "precision": _mean(precise),
        "verbatim": _mean(verbatim),
        "quotes": _mean(quotes),
    }


def _holds(evidence: dict[str, str], texts: Sequence[tuple[str, str]]) -> bool:
    wanted = "".join(folded(evidence["text"]).split())
    return any(name == evidence["doc"] and wanted in "".join(text.split()) for name, text in texts)


def _is_evidence(quote: tuple[str, str], evidence: Sequence[dict[str, str]]) -> bool:
    name, text = quote
    bare = "".join(text.split())
    wanted = [(piece["doc"], "".join(folded(piece["text"]).split())) for piece in evidence]
    return any(name == doc and (want in bare or bare in want) for doc, want in wanted)


def _name(document: str) -> str:
    return document.rsplit("/", 1)[-1]


def _mean(values: Sequence[float]) -> float:
    return statistics.mean(values) if values else float("nan")


def _open_sets() -> list[QuestionSet]:
    own = PROJECT / "benchmarks" / "questions.jsonl"
    return [
        QuestionSet("own", own, PROJECT / "corpus"),
        QuestionSet("notices", _SHARED / "eval" / "questions.jsonl", _SHARED / "corpus"),
    ]


def _is_there(found: QuestionSet) -> bool:
    if found.questions.is_file() and found.corpus.is_dir():
        return True
    print(f"{found.name}：没有 {found.questions}，跳过。")
    return False


if __name__ == "__main__":
    main()
