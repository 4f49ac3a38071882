"""An answer as a table: who says what, with which figure, where, of when, and whether in force."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from indexer import places
from retrieval.measures import find_figures
from retrieval.results import Answer, Citation, LocalityGroup

RowOrder = Literal["place", "date", "value"]


@dataclass(frozen=True, slots=True)
class TableRow:
    """A statement of one locality, with what its citations say of where it stands.

    `value` is the figure that was asked for where there is exactly one, else "". The source is
    that of the last citation: before it stand the sentences that lead in.
    """

    locality: str
    text: str
    citations: tuple[int, ...]
    value: str
    document: str
    title: str
    doc_number: str
    issued_on: str
    status: str


def table_rows(answer: Answer) -> tuple[TableRow, ...]:
    """Return a row for each statement of an answer, in its order; none of a refusal."""
    cited = {citation.number: citation for citation in answer.citations}
    rows: list[TableRow] = []
    for group in answer.localities or (LocalityGroup("", answer.statements),):
        for statement in group.statements:
            citations = [cited[number] for number in statement.citations]
            source = citations[-1].source
            rows.append(
                TableRow(
                    locality=group.name or source.locality,
                    text=statement.text,
                    citations=statement.citations,
                    value=_only_value(citations),
                    document=source.document,
                    title=source.title,
                    doc_number=source.doc_number,
                    issued_on=source.issued_on,
                    status=source.status,
                )
            )
    return tuple(rows)


def _only_value(citations: Iterable[Citation]) -> str:
    values = [citation.words_of(span) for citation in citations for span in citation.values]
    return " ".join(values[0].split()) if len(values) == 1 else ""


def sort_rows(rows: Iterable[TableRow], order: RowOrder) -> tuple[TableRow, ...]:
    """Return rows by place; or the newest first; or the largest figure first, those of the measure
    that most rows have before others. Rows without what is sorted by come last, and rows that are
    equal in it keep their order."""
    by_place = sorted(rows, key=lambda row: administrative_order(row.locality))
    if order == "place":
        return tuple(by_place)
    amounts = [_amount(row.value) for row in by_place]
    usual = Counter(amount[0] for amount in amounts if amount)
    keyed: list[tuple[TableRow, tuple[object, ...]]] = [
        (row, (row.issued_on,) if row.issued_on else ())
        if order == "date"
        else (row, (usual[amount[0]], *amount) if amount else ())
        for row, amount in zip(by_place, amounts, strict=True)
    ]
    return tuple(row for row, _ in sorted(keyed, key=lambda each: each[1], reverse=True))


def has_figures(rows: Iterable[TableRow]) -> bool:
    """Tell whether rows can be sorted by their figures: two of them have one that is a number."""
    return sum(_amount(row.value) is not None for row in rows) > 1


def _amount(value: str) -> tuple[str, float] | None:
    """Return what a figure measures and its number, of a range the lower one."""
    for figure in find_figures(value):
        if figure.numbers:
            return figure.measure, figure.numbers[0]
    return None


def order_localities(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names of places in administrative order."""
    return tuple(sorted(names, key=administrative_order))


@cache
def administrative_order(name: str, parents: tuple[str, ...] = ()) -> tuple[int, str, str]:
    """Return a key that sorts places as the code of GB/T 2260 does: the nation, each province
    before its cities and each city before its counties, places without a code last, by name.

    One without a code whose `parents` are known, largest first, follows the nearest that has one.
    """
    for place in (name, *reversed(parents)):
        rank, code = places.administrative_order(place)
        if rank < _UNKNOWN:
            return rank, code, "" if place == name else name
    return _UNKNOWN, name, ""


_UNKNOWN = 2  # what `places.administrative_order` gives to a place that the division has not
