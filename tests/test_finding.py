"""The passages of the parts of a question come in turn, each once."""

from hypothesis import given
from hypothesis import strategies as st

from retrieval.finding import merge
from retrieval.fusion import Candidate


def found(*positions: int) -> list[Candidate]:
    return [Candidate(p, 1 / (rank + 1), 0.9, 0.5) for rank, p in enumerate(positions)]


def positions(candidates: list[Candidate]) -> list[int]:
    return [candidate.position for candidate in candidates]


def test_the_best_of_each_part_come_first() -> None:
    assert positions(merge([found(1, 2, 3), found(7, 8), found(9)])) == [1, 7, 9, 2, 8, 3]


def test_a_passage_that_several_parts_found_stands_once_where_it_came_first() -> None:
    assert positions(merge([found(1, 2), found(2, 1, 3)])) == [1, 2, 3]


def test_one_part_keeps_its_order_and_none_gives_nothing() -> None:
    assert merge([found(3, 1, 2)]) == found(3, 1, 2)
    assert merge([]) == merge([[], []]) == []


@given(st.lists(st.lists(st.integers(0, 9), max_size=6, unique=True), max_size=4))
def test_every_passage_is_kept_once(parts: list[list[int]]) -> None:
    merged = positions(merge(found(*part) for part in parts))
    assert sorted(merged) == sorted({position for part in parts for position in part})
    for part in parts:
        assert not part or part[0] in merged[: sum(map(bool, parts))]
