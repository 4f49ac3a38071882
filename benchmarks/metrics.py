"""What a ranking is worth; every ranking of every program goes through here.

By documents: a ranking of passages becomes one of documents by their first passages; hit@k (the
share of questions with a relevant document in the first k), R@k (the mean share of the relevant
documents there), MRR@10 and nDCG@10. By evidence: a passage is relevant if it holds a piece of the
question's evidence; hit@k, MRR@10 and nDCG@10 as above but of passages, and cov@k, the mean share
of the pieces held by the first k. All but cov@k are computed by ir-measures, which calls hit@k
Success@k. A question none of whose evidence is in any passage counts as missed.
"""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TypeAlias

import ir_measures
from ir_measures import RR, Measure, Qrel, R, ScoredDoc, Success, nDCG

Figures: TypeAlias = dict[str, float]

_HITS: Mapping[str, Measure] = {f"hit@{k}": Success @ k for k in (1, 5, 10)}
_ORDER: Mapping[str, Measure] = {"MRR@10": RR @ 10, "nDCG@10": nDCG @ 10}
_RECALL: Mapping[str, Measure] = {f"R@{k}": R @ k for k in (10, 100)}
_CUTS = (1, 5, 10)
# Where an answer rests on more pieces than a first page has passages, as for one question to all
# 31 provinces, coverage is given for a longer list too.
_LONG_CUT = 50


def score_documents(
    relevant: Sequence[Iterable[str]], rankings: Sequence[Sequence[str]]
) -> list[Figures]:
    """Return the figures of each question from its relevant documents and those ranked."""
    return _measure(relevant, rankings, {**_HITS, **_RECALL, **_ORDER})


def score_passages(
    evidence: Sequence[Sequence[frozenset[int]]], rankings: Sequence[Sequence[int]]
) -> list[Figures]:
    """Return the figures of each question from ranked passages.

    `evidence` gives for each piece of a question's evidence the passages that hold it.
    """
    cuts = [*_CUTS, _LONG_CUT] if max(map(len, evidence), default=0) > _CUTS[-1] else _CUTS
    relevant = [map(str, sorted(frozenset().union(*pieces))) for pieces in evidence]
    ranked = [[str(position) for position in ranking] for ranking in rankings]
    scored = _measure(relevant, ranked, {**_HITS, **_ORDER})
    for figures, pieces, ranking in zip(scored, evidence, rankings, strict=True):
        for k in cuts:
            held = [not piece.isdisjoint(ranking[:k]) for piece in pieces]
            figures[f"cov@{k}"] = sum(held) / len(held)
    order = [*_HITS, *(f"cov@{k}" for k in cuts), *_ORDER]
    return [{name: figures[name] for name in order} for figures in scored]


def first_of_each(names: Iterable[str]) -> list[str]:
    """Return a ranking of documents from the documents of ranked passages."""
    return list(dict.fromkeys(names))


def average(rows: Sequence[Figures]) -> Figures:
    """Return the mean of each figure over questions."""
    return {name: mean([row[name] for row in rows]) for name in rows[0]} if rows else {}


def average_by(names: Sequence[str], rows: Sequence[Figures]) -> dict[str, Figures]:
    """Return the means of the questions of each name, in the order of the names."""
    return {
        wanted: average([row for name, row in zip(names, rows, strict=True) if name == wanted])
        for wanted in sorted(set(names))
    }


def mean(values: Sequence[float]) -> float:
    """Return the mean, or NaN where there is nothing to average."""
    return statistics.mean(values) if values else float("nan")


def _measure(
    relevant: Sequence[Iterable[str]],
    rankings: Sequence[Sequence[str]],
    wanted: Mapping[str, Measure],
) -> list[Figures]:
    """Return the measures of each question; what comes earlier scores higher, so none are tied."""
    names = {measure: name for name, measure in wanted.items()}
    judged = [[Qrel(str(at), each, 1) for each in found] for at, found in enumerate(relevant)]
    ranked = [
        [ScoredDoc(str(at), each, -float(rank)) for rank, each in enumerate(ranking)]
        for at, ranking in enumerate(rankings)
    ]
    figures = [dict.fromkeys(wanted, 0.0) for _ in rankings]
    qrels, run = list(chain(*judged)), list(chain(*ranked))
    if qrels and run:
        for found in ir_measures.iter_calc(list(names), qrels, run):
            figures[int(found.query_id)][names[found.measure]] = found.value
    return figures
