"""Small segments become larger ones; what a person sees stays the same."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.build import build, verify
from indexer.compaction import choose
from indexer.generations import list_generations, open_live, previous_generation
from indexer.segment import MOST_PASSAGES
from indexer.settings import Settings
from indexer.store import Size

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "corpus").mkdir()
    return Settings(tmp_path / "corpus", tmp_path / "index", "hashing")


def _add(settings: Settings, number: int) -> str:
    text = f"松陵县关于第{number}号事项的通知\n一、要求\n第{number}项须于{number}月底前完成。\n"
    (settings.corpus / f"{number:02}.txt").write_text(text, encoding="utf-8")
    return build(settings).generation


def _whole(*sizes: int) -> list[Size]:
    return [Size(size, size) for size in sizes]


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([], []),
        (_whole(1, 1, 1), []),
        (_whole(1, 1, 1, 1), [0, 1, 2, 3]),
        (_whole(50_000, 1, 4_000, 20, 300), [1, 2, 3, 4]),  # up to 4,096 all are small
        (_whole(4_096, 1, 1, 1), []),
        (_whole(5_000, 6_000, 7_000, 8_000), [0, 1, 2, 3]),
        (_whole(40_000, 20_000, 20_000, 20_000), [1, 2, 3]),  # as many as one may hold
        (_whole(40_000, 40_000, 40_000, 40_000), []),
        ([Size(60_000, 60_000), Size(50_000, 65_000)], []),
        ([Size(60_000, 60_000), Size(45_000, 65_000)], [1]),  # more than a quarter is gone
    ],
)
def test_four_of_one_size_become_one(sizes: list[Size], expected: list[int]) -> None:
    assert choose(sizes) == expected


@given(st.lists(st.tuples(st.integers(1, MOST_PASSAGES), st.integers(0, 9_000)), max_size=60))
def test_merging_ends_with_few_segments(found: list[tuple[int, int]]) -> None:
    sizes = [Size(live, min(MOST_PASSAGES, live + gone)) for live, gone in found]
    live = sum(size.live for size in sizes)
    for _ in range(len(sizes) + 1):
        chosen = choose(sizes)
        if not chosen:
            break
        merged = sum(sizes[at].live for at in chosen)
        assert merged <= MOST_PASSAGES
        sizes = [s for at, s in enumerate(sizes) if at not in chosen] + [Size(merged, merged)]
    assert choose(sizes) == []
    assert sum(size.live for size in sizes) == live
    assert len(sizes) <= 9 + 2 * live / MOST_PASSAGES + 3


def test_notices_that_come_one_by_one_lie_in_few_segments(settings: Settings) -> None:
    for number in range(1, 12):
        _add(settings, number)
        live = open_live(settings.index)
        assert len(live.segments) < 4
        assert len(live.ids) == number
    assert verify(settings).documents == 11
    on_disk = {folder.name for folder in (settings.index / "segments").iterdir()}
    kept = list_generations(settings.index)
    assert on_disk == {name for manifest in kept for name in manifest.segments}


def test_after_a_merge_rollback_goes_to_other_documents(settings: Settings) -> None:
    made = [_add(settings, number) for number in range(1, 5)]  # the fourth build merges
    previous = previous_generation(settings.index)
    assert previous == made[2]
    contents = [manifest.content for manifest in list_generations(settings.index)]
    assert len(contents) == len(set(contents)) == 2


def test_what_was_removed_goes_from_the_disk_with_the_next_merge(settings: Settings) -> None:
    for number in range(1, 4):
        _add(settings, number)
    (settings.corpus / "02.txt").unlink()
    for number in range(4, 8):
        _add(settings, number)
    kept = (settings.index / "segments").rglob("documents.sqlite")
    assert all("第2号事项".encode() not in path.read_bytes() for path in kept)


def test_merged_segments_hold_what_one_build_writes(settings: Settings, tmp_path: Path) -> None:
    for number in range(1, 6):
        _add(settings, number)
    fresh = Settings(settings.corpus, tmp_path / "fresh", "hashing")
    build(fresh)
    merged, whole = open_live(settings.index), open_live(fresh.index)
    positions = range(len(whole.document_of))
    assert merged.manifest.content == whole.manifest.content
    assert merged.passages(positions) == whole.passages(positions)
    assert merged.headers() == whole.headers()
    vectors = [
        each.vectors.sentences_of(np.arange(len(whole.document_of))) for each in (merged, whole)
    ]
    assert all((a == b).all() for a, b in zip(*vectors, strict=True))
