"""Tell whether what was found supports an answer; if not, say so plainly.

The signals go into a logistic model whose few weights were fitted on questions whose outcome is
known (`python -m benchmarks.refusal` writes refusal_model.json and the curve).
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from indexer.store import Generation
from indexer.terms import frequency, is_latin
from retrieval.catalogue import Catalogue
from retrieval.narrowing import named_limits
from retrieval.query import Query
from retrieval.register import formality
from retrieval.results import LIMIT, Filters
from retrieval.signals import NOTHING, Matched, Signals, find_absent, measure_signals

_FILE = Path(__file__).with_name("refusal_model.json")
_NAMED = 3  # words that a refusal names as absent


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether signals are enough to answer, and the probability that what was found answers."""

    is_enough: bool
    probability: float


@dataclass(frozen=True, slots=True)
class Weight:
    """What a signal counts: `of` for each `deviation` that it stands above the `mean`."""

    signal: str
    of: float
    mean: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Refuser:
    """A logistic model over the signals; below the threshold of probability there is no answer."""

    weights: tuple[Weight, ...]
    intercept: float
    threshold: float

    def decide(self, signals: Signals) -> Decision:
        """Return the decision on a question, or on a part of one."""
        logit = self.intercept + sum(
            weight.of * (getattr(signals, weight.signal) - weight.mean) / weight.deviation
            for weight in self.weights
        )
        probability = 1 / (1 + math.exp(-logit))
        return Decision(probability >= self.threshold, probability)


@dataclass(frozen=True, slots=True)
class Support:
    """How well what was found bears a question; `absent` are the words of the question that the
    corpus nowhere has."""

    signals: Signals
    decision: Decision
    absent: tuple[str, ...]
    unknown_places: tuple[str, ...]
    has_documents: bool

    @property
    def is_enough(self) -> bool:
        return self.has_documents and not self.unknown_places and self.decision.is_enough


def read_refuser(found: Mapping[str, Any]) -> Refuser:
    """Return the model that a file of JSON holds."""
    weights = tuple(
        Weight(name, float(of["weight"]), float(of["mean"]), float(of["deviation"]))
        for name, of in found["signals"].items()
    )
    return Refuser(weights, float(found["intercept"]), float(found["threshold"]))


@cache
def shipped() -> Refuser:
    """Return the model that comes with the program."""
    return read_refuser(json.loads(_FILE.read_text(encoding="utf-8")))


def measure_support(
    generation: Generation, matched: Matched, refuser: Refuser | None = None
) -> Support:
    """Return the support that what was found gives a question; the shipped model decides where no
    other is given."""
    absent = find_absent(generation, matched.weights)
    unknown = matched.query.unknown_places
    if not matched.scored:
        return Support(NOTHING, Decision(False, 0.0), absent, unknown, False)
    signals = measure_signals(matched)
    return Support(signals, (refuser or shipped()).decide(signals), absent, unknown, True)


def explain_refusal(query: Query, support: Support, filters: Filters, catalogue: Catalogue) -> str:
    """Return, in Chinese, why there is no answer and what was searched."""
    count = len(catalogue.sources)
    if support.unknown_places:
        return (
            f"没有找到：语料库的 {count} 份文件中，没有{'、'.join(support.unknown_places)}的文件。"
        )
    named = _name_limits(query, filters)
    narrowed = "（按所选条件）" if not filters.is_empty else ""
    if not support.has_documents:
        if named:
            return f"没有找到：语料库的 {count} 份文件{narrowed}中，没有{named}。"
        return "没有找到：没有文件符合所选的条件，请放宽筛选条件后再试。"
    if query.kinds and any(not source.kind for source in catalogue.sources):
        named = named and f"{named}和未注明文种的文件"
    where = named or f"语料库的 {count} 份文件"
    reason = f"没有找到：已检索{where}{narrowed}，没有能够回答这个问题的原文。"
    if absent := _name_absent(support.absent):
        reason += f"语料库中没有出现{absent}。"
    return reason


def _name_absent(words: Sequence[str]) -> str:
    """Return, in quotes, the first words of a question that name something which the corpus nowhere
    has: no everyday words, which rules say otherwise, and no pieces that the dictionary lacks."""
    naming = [
        word for word in words if is_latin(word) or (frequency(word) and formality(word) == 1)
    ]
    return "、".join(f"“{word}”" for word in naming[:_NAMED])


def _name_limits(query: Query, filters: Filters) -> str:
    """Return, in Chinese, the documents that a question limits itself to: 云南省 2023 年以来的通知;
    "" where it names none."""
    named = named_limits(query, filters)
    limiting = [each for each in query.understood if each.effect == LIMIT and not each.is_off]
    places = [e.value for e in limiting if e.kind == "place"] if named.places else []
    years = [_say_years(e.value) for e in limiting if e.kind == "year"] if named.years else []
    of = "、".join(places) + (f" {'、'.join(years)}" if years else "")
    kinds = "、".join(named.kinds) or "文件"
    return "" if named.is_empty else f"{of}的{kinds}" if of else kinds


def _say_years(value: str) -> str:
    first, dash, last = value.partition("-")
    if not dash:
        return f"{first} 年"
    if not last:
        return f"{first} 年以来"
    return f"{first}—{last} 年" if first else f"{last} 年及以前"
