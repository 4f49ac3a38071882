"""The vectors of a segment: what was written comes back, merged or not, and scores never change."""

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.encoder import PassageVectors
from indexer.errors import IndexUnusable
from indexer.vectors import Vectors, leading, merge_vectors, write_vectors

DIMENSION = 24
MANY = 9_000  # more than the fewest rows that are coded


def drawn(seed: int, rows: int, dimension: int = DIMENSION) -> list[tuple[bytes, PassageVectors]]:
    """Unit vectors with nought to three sentences each, whose numbers fit half precision."""
    dice = np.random.default_rng(seed)
    made = []
    for row in range(rows):
        found = dice.standard_normal((1 + row % 4, dimension)).astype(np.float32)
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        sentences = found[1:].astype(np.float16).astype(np.float32)
        made.append(
            (sha256(f"{seed} {row}".encode()).digest(), PassageVectors(found[0], sentences))
        )
    return made


def same(found: Sequence[PassageVectors], expected: Sequence[PassageVectors]) -> bool:
    return len(found) == len(expected) and all(
        np.array_equal(f.passage, e.passage) and np.array_equal(f.sentences, e.sentences)
        for f, e in zip(found, expected, strict=True)
    )


def written(folder: Path, rows: list[tuple[bytes, PassageVectors]]) -> Vectors:
    write_vectors(folder, "model", DIMENSION, iter(rows))
    return Vectors(folder)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("rows", [0, 1, 2, 50])
def test_what_is_written_comes_back(tmp_path: Path, rows: int) -> None:
    made = drawn(1, rows)
    vectors = written(tmp_path / "v", made)
    found = (vectors.rows, vectors.dimension, vectors.fingerprint, vectors.recall)
    assert found == (rows, DIMENSION, "model", None)
    assert vectors.sentences == sum(len(each.sentences) for _, each in made)
    assert same(vectors.of(range(rows)), [each for _, each in made])
    assert same(vectors.of([]), [])
    assert vectors.find([key for key, _ in made]) == {key: row for row, (key, _) in enumerate(made)}


def test_a_key_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    made = drawn(1, 9)
    vectors = written(tmp_path / "v", made)
    inside, outside = made[4][0], sha256(b"other").digest()
    alike = inside[:-1] + bytes([inside[-1] ^ 1])
    assert vectors.find([outside, inside, alike]) == {inside: 4}
    assert vectors.find([]) == {}


def test_passages_with_equal_keys_are_found_once(tmp_path: Path) -> None:
    made = drawn(1, 3)
    vectors = written(tmp_path / "v", [*made, made[1]])
    assert vectors.find([made[1][0]]) == {made[1][0]: 1}


@settings(max_examples=25)  # each writes dozens of files
@given(st.lists(st.lists(st.booleans(), max_size=12), min_size=1, max_size=4))
def test_merged_are_the_rows_that_are_kept(
    tmp_path_factory: pytest.TempPathFactory, kept: list[list[bool]]
) -> None:
    folder = tmp_path_factory.mktemp("merged")
    parts, whole = [], []
    for number, mask in enumerate(kept):
        made = drawn(number, len(mask))
        written(folder / f"{number}", made)
        parts.append((folder / f"{number}", np.array(mask, np.bool_)))
        whole += [row for row, is_kept in zip(made, mask, strict=True) if is_kept]
    merge_vectors(folder / "merged", parts)
    written(folder / "fresh", whole)
    assert files(folder / "merged") == files(folder / "fresh")


def test_vectors_of_two_models_are_not_merged(tmp_path: Path) -> None:
    written(tmp_path / "a", drawn(1, 2))
    write_vectors(tmp_path / "b", "other", DIMENSION, drawn(2, 2))
    parts = [(tmp_path / name, np.ones(2, np.bool_)) for name in "ab"]
    with pytest.raises(ValueError, match="one model"):
        merge_vectors(tmp_path / "c", parts)


@pytest.mark.parametrize("dimension", [1, 3, 24, 256, 384, 769])
def test_a_score_is_the_same_to_the_last_bit_wherever_the_row_is(
    tmp_path: Path, dimension: int
) -> None:
    made = drawn(3, 501, dimension)
    order = np.random.default_rng(4).permutation(len(made))
    for name, rows in (("a", made), ("b", [made[row] for row in order])):
        write_vectors(tmp_path / name, "model", dimension, rows)
    a, b = Vectors(tmp_path / "a"), Vectors(tmp_path / "b")
    question = made[7][1].passage
    scores = a.cosines(question, np.arange(501))
    assert scores[order].tobytes() == b.cosines(question, np.arange(501)).tobytes()
    for size in range(1, 9):
        some = order[:size]
        for is_scattered in (False, True):
            found = a.cosines(question, some, is_scattered=is_scattered)
            assert found.tobytes() == scores[some].tobytes()
    expected = np.array([each.passage for _, each in made]) @ question
    assert np.allclose(scores, expected, atol=1e-6)


def test_what_would_read_beyond_the_vectors_is_refused(tmp_path: Path) -> None:
    vectors = written(tmp_path / "v", drawn(1, 3))
    question = np.ones(DIMENSION, np.float32)
    for row in (-1, 3):
        with pytest.raises(IndexError):
            vectors.cosines(question, np.array([row]))
    with pytest.raises(ValueError, match="24"):
        vectors.cosines(question[1:], np.array([0]))


@given(st.lists(st.sampled_from([0.0, 0.25, 0.5, -1.0]), max_size=20), st.integers(0, 25))
def test_the_leading_are_the_highest_and_of_equals_the_first(
    scores: list[float], count: int
) -> None:
    expected = sorted(range(len(scores)), key=lambda at: (-scores[at], at))[:count]
    assert leading(np.array(scores, np.float32), count).tolist() == expected


def test_the_nearest_of_some_rows_are_those_of_all_that_are_among_them(tmp_path: Path) -> None:
    vectors = written(tmp_path / "v", drawn(1, 40))
    question = drawn(2, 1)[0][1].passage
    rows, scores = vectors.nearest(question, 40)
    assert sorted(rows.tolist()) == list(range(40))
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)
    some = np.arange(0, 40, 3)
    expected = [row for row in rows.tolist() if row % 3 == 0][:5]
    assert vectors.nearest(question, 5, some)[0].tolist() == expected


@pytest.mark.slow
def test_many_rows_get_codes_that_find_nearly_all_and_are_the_same_each_time(
    tmp_path: Path,
) -> None:
    made = drawn(5, MANY)
    vectors = written(tmp_path / "a", made)
    written(tmp_path / "b", made)
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert vectors.recall is not None and vectors.recall > 0.98
    assert vectors.codes is not None
    question = drawn(6, 1)[0][1].passage
    nearest = set(vectors.nearest(question, 50)[0].tolist())
    assert nearest <= set(vectors.codes.search(question, 1000, None)[0].tolist())
    allowed = np.arange(MANY) % 5 == 0
    found, estimates = vectors.codes.search(question, 1000, allowed)
    assert len(found) == 1000 and allowed[found].all()
    assert estimates.tolist() == sorted(estimates.tolist(), reverse=True)
    few = np.arange(MANY) < 7
    assert sorted(vectors.codes.search(question, 1000, few)[0].tolist()) == list(range(7))


@pytest.mark.parametrize("name", ["vectors.json", "passages.npy", "starts.npy"])
def test_a_missing_file_is_said(tmp_path: Path, name: str) -> None:
    written(tmp_path / "v", drawn(1, 3))
    (tmp_path / "v" / name).unlink()
    with pytest.raises(IndexUnusable, match="不完整"):
        Vectors(tmp_path / "v")


@pytest.mark.parametrize("name", ["vectors.json", "passages.npy", "sentences.npy", "keys.npy"])
def test_a_file_cut_short_is_said(tmp_path: Path, name: str) -> None:
    written(tmp_path / "v", drawn(1, 3))
    path = tmp_path / "v" / name
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(IndexUnusable, match="损坏"):
        Vectors(tmp_path / "v")


@pytest.mark.slow
def test_damaged_codes_are_said(tmp_path: Path) -> None:
    written(tmp_path / "v", drawn(1, MANY))
    path = tmp_path / "v" / "codes.faiss"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(IndexUnusable, match="损坏"):
        _ = Vectors(tmp_path / "v").codes


def test_another_form_is_refused(tmp_path: Path) -> None:
    written(tmp_path / "v", drawn(1, 3))
    path = tmp_path / "v" / "vectors.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"form": 99}))
    with pytest.raises(IndexUnusable, match="格式版本是 99"):
        Vectors(tmp_path / "v")


def test_rows_of_another_width_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="24"):
        write_vectors(tmp_path / "v", "model", DIMENSION, drawn(1, 2, DIMENSION + 1))
