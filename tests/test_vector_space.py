"""Nearest passages of a generation: the same however its passages are spread over segments."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from indexer.encoder import PassageVectors
from indexer.vector_space import VectorSpace
from indexer.vectors import Vectors, write_vectors
from tests.test_vectors import DIMENSION, MANY, drawn

ROWS = 90
MADE = drawn(1, ROWS)
MADE[41] = MADE[40]  # equal scores
QUESTIONS = [each.passage for _, each in drawn(2, 5)] + [MADE[40][1].passage]


def fresh(folder: Path, rows: list[tuple[bytes, PassageVectors]]) -> VectorSpace:
    write_vectors(folder, "model", DIMENSION, rows)
    return VectorSpace([(Vectors(folder), np.arange(len(rows)))])


@pytest.fixture(scope="module")
def segments(tmp_path_factory: pytest.TempPathFactory) -> list[Vectors]:
    """Three segments of thirty rows of the ninety."""
    folder = tmp_path_factory.mktemp("segments")
    for part in range(3):
        write_vectors(folder / f"{part}", "model", DIMENSION, MADE[part * 30 : part * 30 + 30])
    return [Vectors(folder / f"{part}") for part in range(3)]


def spread(
    segments: list[Vectors], order: list[int], dead: set[int]
) -> tuple[VectorSpace, list[int]]:
    """Return a space of what is not dead, positions in some order, and the row at each."""
    live = [row for row in order if row not in dead]
    positions = np.full(ROWS, -1, np.int64)
    positions[live] = np.arange(len(live))
    return VectorSpace(
        [(vectors, positions[at * 30 : at * 30 + 30]) for at, vectors in enumerate(segments)]
    ), live


orders = st.permutations(range(ROWS))
some = st.sets(st.integers(0, ROWS - 1))


@given(orders, some, some, st.sampled_from(QUESTIONS), st.integers(1, 100))
def test_segments_give_what_one_fresh_segment_gives(
    tmp_path_factory: pytest.TempPathFactory,
    segments: list[Vectors],
    order: list[int],
    dead: set[int],
    chosen: set[int],
    question: NDArray[np.float32],
    count: int,
) -> None:
    space, live = spread(segments, order, dead)
    whole = fresh(tmp_path_factory.mktemp("fresh") / "v", [MADE[row] for row in live])
    assert len(space) == len(whole) == len(live)
    assert list(space.nearest(question, count).items()) == list(
        whole.nearest(question, count).items()
    )
    allowed = np.array(sorted(each for each in chosen if each < len(live)), np.int64)
    found = space.nearest(question, count, allowed)
    assert list(found.items()) == list(whole.nearest(question, count, allowed).items())
    everything = whole.nearest(question, ROWS)
    assert (
        list(found.items())
        == [pair for pair in everything.items() if pair[0] in set(allowed.tolist())][:count]
    )
    assert space.cosines(question, list(everything)) == list(everything.values())
    for mine, theirs in zip(space.sentences_of(allowed), whole.sentences_of(allowed), strict=True):
        assert np.array_equal(mine, theirs) and mine.dtype == theirs.dtype


def test_equal_passages_stand_in_the_order_of_their_positions(segments: list[Vectors]) -> None:
    order = [41, *(row for row in range(ROWS) if row != 41)]
    space, _ = spread(segments, order, set())
    assert list(space.nearest(MADE[40][1].passage, 2)) == [0, 41]  # rows 41 and 40


def test_vectors_of_passages_and_sentences_stand_in_the_order_asked_for(
    segments: list[Vectors],
) -> None:
    space, live = spread(segments, list(range(ROWS))[::-1], {3, 50})
    positions = np.array([80, 2, 2, 40, 0])
    vectors, starts = space.sentences_of(positions)
    expected = [MADE[live[position]][1].sentences for position in positions]
    passages = np.array([MADE[live[position]][1].passage for position in positions])
    assert np.array_equal(space.passages_of(positions), passages)
    assert starts.tolist() == [0, *np.cumsum([len(each) for each in expected]).tolist()]
    assert np.array_equal(vectors, np.concatenate(expected))


def test_a_space_without_passages_finds_nothing(segments: list[Vectors]) -> None:
    for space in (VectorSpace([]), spread(segments, list(range(ROWS)), set(range(ROWS)))[0]):
        assert len(space) == 0 and space.recall == 1
        assert space.nearest(QUESTIONS[0], 5) == {}
        assert space.cosines(QUESTIONS[0], []) == []
        assert space.sentences_of(np.array([], np.int64))[1].tolist() == [0]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[VectorSpace, VectorSpace]:
    """A space with two segments that have codes and one that has none, a tenth of all dead, once
    with codes in use and once flat."""
    folder = tmp_path_factory.mktemp("large")
    sizes = (MANY, MANY, 500)
    is_live = np.random.default_rng(7).random(sum(sizes)) > 0.1
    positions = np.where(is_live, np.cumsum(is_live) - 1, -1)
    parts, at = [], 0
    for number, size in enumerate(sizes):
        write_vectors(folder / f"{number}", "model", DIMENSION, drawn(10 + number, size))
        parts.append((Vectors(folder / f"{number}"), positions[at : at + size]))
        at += size
    return VectorSpace(parts, most_flat=5_000), VectorSpace(parts)


def test_codes_find_nearly_all_and_score_it_exactly(
    large: tuple[VectorSpace, VectorSpace],
) -> None:
    coded, flat = large
    assert flat.recall == flat.measure_recall() == 1
    assert 0.98 < coded.recall <= 1 and 0.98 < coded.measure_recall() <= 1
    for question in QUESTIONS:
        expected = flat.nearest(question, 300)
        found = coded.nearest(question, 300)
        assert len(found) == 300
        assert len(found.items() & expected.items()) >= 0.98 * 300
        scores = list(found.values())
        assert scores == sorted(scores, reverse=True)


def test_a_large_space_has_the_vectors_of_a_small_one(
    large: tuple[VectorSpace, VectorSpace],
) -> None:
    coded, flat = large
    positions = np.random.default_rng(3).integers(0, len(flat), 200)
    for mine, theirs in zip(
        coded.sentences_of(positions), flat.sentences_of(positions), strict=True
    ):
        assert np.array_equal(mine, theirs)
    question = QUESTIONS[0]
    assert coded.cosines(question, positions.tolist()) == flat.cosines(question, positions.tolist())


def test_codes_respect_limits_broad_and_narrow(large: tuple[VectorSpace, VectorSpace]) -> None:
    coded, flat = large
    for part in (2, 3, 30):  # two are more than 5,000 and use the codes
        allowed = np.arange(0, len(flat), part)
        for question in QUESTIONS:
            expected = flat.nearest(question, 100, allowed)
            found = coded.nearest(question, 100, allowed)
            assert set(found) <= set(allowed.tolist())
            if len(allowed) <= 5_000:
                assert list(found.items()) == list(expected.items())
            else:
                assert len(found.items() & expected.items()) >= 98
