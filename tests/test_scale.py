"""The benchmark of growing corpora: varied texts and drawn vectors are what they say."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from benchmarks.drawn import DrawnEncoder
from benchmarks.scale import write_corpus
from benchmarks.varied import Varied
from indexer.embedding import HashingEncoder, PassageInput

TEXT = "松陵县关于校园饮水的通知\n一、教育部门负责检查学校设施，财政部门安排经费。\n" * 6


@pytest.fixture
def laws(tmp_path: Path) -> Path:
    folder = tmp_path / "laws"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.md").write_text(f"第{number}号\n{TEXT}", encoding="utf-8")
    return folder


def test_files_come_as_they_are_and_then_with_other_words_of_their_length(laws: Path) -> None:
    found = dict(islice(Varied([laws]), 9))
    assert sorted(found)[:4] == ["0.md", "1.md", "1/0.md", "1/1.md"]
    assert len(set(found.values())) == 9
    for name, text in found.items():
        original = (laws / name.rsplit("/", 1)[-1]).read_text(encoding="utf-8")
        assert len(text) == len(original)
        assert (text == original) is ("/" not in name)
    assert dict(islice(Varied([laws]), 9)) == found


def test_a_corpus_is_written_once_and_as_large_as_asked(laws: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out" / "corpus"
    write_corpus([laws], 8, folder)
    written = {path: path.stat().st_mtime_ns for path in folder.rglob("*.md")}
    size = sum(path.stat().st_size for path in written)
    assert 8 * 590 <= size < 8 * 590 + 2_000
    write_corpus([laws], 8, folder)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.md")} == written


def test_drawn_vectors_are_unit_vectors_near_real_ones() -> None:
    model = HashingEncoder()
    real = np.stack([model.encode_question(word) for word in ("教育", "财政", "饮水", "设施")])
    drawn = DrawnEncoder(model, real)
    given = PassageInput("题", "甲。乙。", ((0, 2), (2, 4)))
    (first,), (second,) = drawn.encode_passages([given]), drawn.encode_passages([given])
    every = np.concatenate([[first.passage], first.sentences])
    assert np.linalg.norm(every, axis=1) == pytest.approx(1, abs=1e-6)
    assert (first.sentences @ first.passage).min() > 0.9
    assert (real @ first.passage).max() > 0.7
    assert not np.array_equal(first.passage, second.passage)
    assert (drawn.fingerprint, drawn.dimension) == (model.fingerprint, model.dimension)
