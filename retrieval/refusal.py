"""Tell whether what was found supports an answer; if not, say so plainly."""

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.answering import Scored
from retrieval.catalogue import Catalogue
from retrieval.query import Query
from retrieval.results import Filters

# Support is cosine + _WORDS_COUNT * coverage of the best sentences. Both constants come from the
# open questions and the project's own (docs/evaluation.md): E5 squeezes cosines into 0.80 to 0.94,
# so neither the cosine nor the words decide alone.
_WORDS_COUNT = 0.05
_ENOUGH = 0.870


@dataclass(frozen=True, slots=True)
class Support:
    """How well the best sentences bear a question: cosine and share of its words' weight."""

    cosine: float
    coverage: float
    unknown_places: tuple[str, ...]
    has_documents: bool

    @property
    def is_enough(self) -> bool:
        if self.unknown_places or not self.has_documents:
            return False
        return self.cosine + _WORDS_COUNT * self.coverage >= _ENOUGH


def measure_support(query: Query, scored: Sequence[Scored]) -> Support:
    """Return the support that scored sentences give a question."""
    if not scored:
        return Support(0.0, 0.0, query.unknown_places, False)
    return Support(
        cosine=max(sentence.cosine for sentence in scored),
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
    if not support.has_documents:
        return "没有找到：没有文件符合所选的条件，请放宽地区、年份或文种后再试。"
    where = "、".join(query.places) + "的文件" if query.places else f"语料库的 {count} 份文件"
    narrowed = "（按所选条件）" if not filters.is_empty else ""
    return f"没有找到：已检索{where}{narrowed}，没有能够回答这个问题的原文。"
