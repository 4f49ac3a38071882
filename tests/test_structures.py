"""The vectors that structures are measured with, and that they are measured alike."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.structures import draw_segments, measure_size, open_space, read_vectors
from indexer.errors import CorpusError


def _unit(rows: int, dimension: int, seed: int = 1) -> np.ndarray:
    drawn = np.random.default_rng(seed).standard_normal((rows, dimension)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def test_real_vectors_are_used_before_varied_ones() -> None:
    real = _unit(100, 384)
    assert np.allclose(np.concatenate(list(draw_segments(real, 60))), real[:60])
    drawn = np.concatenate(list(draw_segments(real, 300)))
    nearest = np.sort((drawn @ real.T).max(axis=1))
    assert np.allclose(nearest[200:], 1)  # each real one once
    low, high = np.quantile(nearest[:200], (0.05, 0.95))  # chance may draw one vector twice
    assert 0.94 < low < high < 0.985
    assert np.allclose(np.linalg.norm(drawn, axis=1), 1)


def test_vectors_of_a_folder_are_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    first, second = _unit(3, 8), _unit(2, 8, seed=2)
    np.save(tmp_path / "b.npy", second.astype(np.float16))
    np.save(tmp_path / "a.npy", first)
    found = read_vectors(tmp_path, tmp_path)
    assert np.allclose(found, np.concatenate((first, second)), atol=1e-3)


def test_vectors_that_are_nowhere_are_said(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="没有可用的向量"):
        read_vectors(None, tmp_path)


@pytest.mark.slow
def test_every_structure_is_measured_against_the_exact_answer(tmp_path: Path) -> None:
    segments = open_space(tmp_path / "space", _unit(9_000, 16), 9_000)
    found = dict(measure_size(segments, _unit(3, 16, seed=2), ["codes"]))
    assert list(found) == ["flat", "PQ, 4 bits (codes)", "VectorSpace, if it used codes"]
    assert found["flat"]["recall@300"] == 1
    for figures in found.values():
        assert figures["recall@10"] > 0.95 and figures["recall@300"] > 0.95
