"""Tell whether what was found supports an answer; if not, say so plainly."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.store import Generation
from retrieval.answering import Scored
from retrieval.catalogue import Catalogue
from retrieval.matching import match_meaning
from retrieval.narrowing import named_limits
from retrieval.query import Query
from retrieval.results import LIMIT, Filters

# Everyday questions that no corpus of notices answers. How near the nearest passage comes to them
# is this model's and this corpus's own background: 0.83 for E5, which squeezes all cosines into
# 0.80 to 0.94, and near 0 for others.
_OFF_TOPIC = (
    "红烧肉怎么做才不腻",
    "世界杯冠军是哪支球队",
    "手机屏幕碎了怎么修",
    "这首歌的歌词是谁写的",
    "猫为什么喜欢纸箱",
    "恐龙是怎么灭绝的",
    "吉他弦多久换一次",
    "象棋开局怎么走",
)
# Support is nearness + _WORDS * coverage. Both constants were set on the open questions and the
# project's own (docs/evaluation.md): neither the cosine nor the words decide alone, but half of
# the question's weight in words is enough by itself.
_WORDS = 0.3
_ENOUGH = 0.27
_ENOUGH_WORDS = 0.5


@dataclass(frozen=True, slots=True)
class Support:
    """How well the best sentences bear a question.

    `nearness` is how far the best cosine stands above the background, 1 being the same text;
    `coverage` is the share of the question's words, by weight, in the best sentence.
    """

    nearness: float
    coverage: float
    unknown_places: tuple[str, ...]
    has_documents: bool

    @property
    def is_enough(self) -> bool:
        if self.unknown_places or not self.has_documents:
            return False
        by_both = self.nearness + _WORDS * self.coverage >= _ENOUGH
        return by_both or self.coverage >= _ENOUGH_WORDS


def measure_background(
    generation: Generation, encode: Callable[[str], NDArray[np.float32]]
) -> float:
    """Return the cosine that a question on nothing in the corpus typically reaches."""
    best = [
        max(match_meaning(generation, encode(question), 1, None).values())
        for question in _OFF_TOPIC
    ]
    return statistics.median(best)


def measure_support(query: Query, scored: Sequence[Scored], background: float) -> Support:
    """Return the support that scored sentences give a question."""
    if not scored:
        return Support(0.0, 0.0, query.unknown_places, False)
    return Support(
        nearness=(max(sentence.cosine for sentence in scored) - background) / (1 - background),
        coverage=max(sentence.coverage for sentence in scored),
        unknown_places=query.unknown_places,
        has_documents=True,
    )


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
    return f"没有找到：已检索{where}{narrowed}，没有能够回答这个问题的原文。"


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
