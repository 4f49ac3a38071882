"""Who has used a wording: how many documents and localities, in which years, who first and last."""

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.results import Citation

_NAMED = 8  # localities


@dataclass(frozen=True, slots=True)
class Usage:
    """Who has used the wording of a sentence, the same or nearly: how many documents, and how many
    of them to the letter; localities in administrative order, years ascending. The first and the
    last by date are None where none has a date. With `is_least` there may be more."""

    documents: int
    identical: int
    localities: tuple[str, ...]
    years: tuple[int, ...]
    earliest: Citation | None
    latest: Citation | None
    is_least: bool


def sum_up(usage: Usage) -> str:
    """Return all but who was first and last in a sentence."""
    facts = [f"{'至少' * usage.is_least}有 {usage.documents} 份文件用过相同或相近的表述"]
    if usage.identical:
        facts.append(f"其中逐字相同的 {usage.identical} 份")
    if usage.localities:
        named = "、".join(usage.localities[:_NAMED])
        more = "等" if len(usage.localities) > _NAMED else ""
        facts.append(f"涉及 {len(usage.localities)} 个地区（{named}{more}）")
    if usage.years:
        facts.append(f"年份为 {say_years(usage.years)}")
    return f"{'，'.join(facts)}。"


def say_years(years: Sequence[int]) -> str:
    """Return ascending years, those that follow each other as one: 2012、2019—2023."""
    runs: list[list[int]] = []
    for year in years:
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return "、".join(f"{run[0]}—{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
