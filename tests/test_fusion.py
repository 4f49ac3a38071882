"""The two legs on one scale, and places in turn."""

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.fusion import Candidate, fuse, take_turns

candidates = st.lists(st.floats(0, 1).map(lambda score: round(score, 3)), max_size=30).map(
    lambda scores: [
        Candidate(position, score, 0.9, 0.5)
        for position, score in enumerate(sorted(scores, reverse=True))
    ]
)


def place_of(position: int) -> str:
    return "甲乙丙"[position % 3]


def in_turn(given: list[Candidate], place: Callable[[int], str], cost: float) -> list[Candidate]:
    return take_turns(given, lambda c: c.score, lambda c: (place(c.position),), (cost,))


def test_a_score_is_the_nearness_above_the_background_and_the_share_of_the_words() -> None:
    fused = fuse({1: 0.9, 2: 0.8, 3: 0.85}, {2: 1.0, 3: 0.5}, background=0.8, meaning=0.5)
    scores = [(c.position, round(c.score, 3)) for c in fused]
    assert scores == [(2, 0.5), (3, 0.375), (1, 0.25)]


@pytest.mark.parametrize(("meaning", "order"), [(0.0, [2, 1]), (1.0, [1, 2]), (0.7, [1, 2])])
def test_a_leg_counts_as_much_as_its_weight(meaning: float, order: list[int]) -> None:
    fused = fuse({1: 0.9, 2: 0.8}, {2: 0.2}, background=0.8, meaning=meaning)
    assert [c.position for c in fused] == order


def test_fusion_keeps_what_each_leg_said() -> None:
    (found,) = fuse({7: 0.9}, {7: 0.25}, background=0.8, meaning=0.5)
    assert (found.dense, found.lexical, round(found.score, 3)) == (0.9, 0.25, 0.375)
    assert fuse({}, {}, 0.8, 0.5) == []


def test_equal_scores_stand_in_the_order_of_the_corpus() -> None:
    fused = fuse(dict.fromkeys((5, 3, 4), 0.9), {}, background=0.8, meaning=0.5)
    assert [c.position for c in fused] == [3, 4, 5]


def test_near_equal_passages_of_many_places_take_turns() -> None:
    of_places = ["甲", "甲", "甲", "乙", "丙"]
    scores = [0.9, 0.89, 0.7, 0.88, 0.6]
    given = [Candidate(at, score, 0.9, 0.5) for at, score in enumerate(scores)]
    given.sort(key=lambda c: -c.score)
    found = in_turn(given, lambda position: of_places[position], 0.04)
    assert [c.position for c in found] == [0, 3, 1, 2, 4]


@given(candidates, st.floats(0, 0.5))
def test_turns_lose_nothing_and_keep_the_best_first(given: list[Candidate], cost: float) -> None:
    found = in_turn(given, place_of, cost)
    assert Counter(found) == Counter(given)
    assert found[:1] == given[:1]
    for place in "甲乙丙":
        assert [c for c in found if place_of(c.position) == place] == [
            c for c in given if place_of(c.position) == place
        ]


@given(candidates)
def test_without_a_cost_turns_change_nothing(given: list[Candidate]) -> None:
    assert in_turn(given, place_of, 0.0) == given
