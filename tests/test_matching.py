"""The two legs within some documents: what a full ranking has, less the others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.build import build
from indexer.encoder import HashingEncoder
from indexer.generations import open_live
from indexer.settings import Settings
from indexer.store import Generation
from retrieval.matching import match_words

DOCUMENTS = 40
QUESTIONS = ("化解大班额的措施", "高龄津贴怎么发放", "河道清淤施工", "学位不足")
_SUBJECTS = ("化解大班额", "发放高龄津贴", "河道清淤施工", "增加学位供给", "托育收费")
_MEASURES = (
    "落实责任，明确到人。",
    "施工期间按时报送进度。",
    "标准为每人每月一百元。",
    "学校新建三所。",
)


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """Forty notices of one to three passages, no two alike, indexed without a model."""
    folder = tmp_path_factory.mktemp("matching")
    (folder / "corpus").mkdir()
    for number in range(DOCUMENTS):
        lines = [f"青岚市关于{_SUBJECTS[number % 5]}的第{number + 1}号通知"]
        for part in range(number % 3 + 1):
            lines.append(f"{'一二三'[part]}、{_SUBJECTS[(number + part) % 5]}")
            lines.append(f"第{number * 7 + part}项。" + _MEASURES[(number + part) % 4] * 3)
        (folder / "corpus" / f"{number:02}.txt").write_text("\n".join(lines), encoding="utf-8")
    settings = Settings(folder / "corpus", folder / "index", "hashing", passage_tokens=60)
    build(settings)
    return open_live(settings.index)


def _leading(scores: dict[int, float], count: int) -> dict[int, float]:
    return dict(list(scores.items())[:count])


def _kept(
    scores: dict[int, float], generation: Generation, documents: set[int]
) -> dict[int, float]:
    return {p: score for p, score in scores.items() if int(generation.document_of[p]) in documents}


within = st.sets(st.integers(0, DOCUMENTS - 1))
counts = st.integers(1, 100)


@given(st.sampled_from(QUESTIONS), within, counts)
def test_the_nearest_within_some_documents_are_those_of_a_full_ranking(
    generation: Generation, question: str, documents: set[int], count: int
) -> None:
    vector = HashingEncoder().encode_question(question)
    everything = generation.vectors.nearest(vector, 10_000)
    found = generation.vectors.nearest(vector, count, generation.positions_of(sorted(documents)))
    assert len(everything) == generation.manifest.passages
    assert found == _leading(_kept(everything, generation, documents), count)


@given(st.sampled_from(QUESTIONS), within, counts)
def test_the_best_by_words_within_some_documents_are_those_of_a_full_ranking(
    generation: Generation, question: str, documents: set[int], count: int
) -> None:
    everything = match_words(generation, question, 10_000, None)
    allowed = generation.positions_of(sorted(documents))
    found = match_words(generation, question, count, allowed)
    assert found == _leading(_kept(everything, generation, documents), count)


def test_a_full_ranking_by_meaning_is_by_cosine(generation: Generation) -> None:
    vector = HashingEncoder().encode_question(QUESTIONS[0])
    positions = list(range(generation.manifest.passages))
    found = generation.vectors.nearest(vector, 10_000)
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert [found[position] for position in positions] == generation.vectors.cosines(
        vector, positions
    )


@given(within)
def test_the_passages_of_some_documents_are_theirs(
    generation: Generation, documents: set[int]
) -> None:
    positions = generation.positions_of(sorted(documents))
    owners = enumerate(generation.document_of.tolist())
    assert positions.tolist() == [p for p, owner in owners if owner in documents]


def test_the_score_by_words_is_a_share_of_the_question(generation: Generation) -> None:
    first = generation.passages([0])[0].text
    found = match_words(generation, first, 10, None)
    assert max(found, key=found.__getitem__) == 0
    assert 0.3 < found[0] <= 1.0
    half = match_words(generation, first + "，戈壁滩上种植西瓜甜瓜哈密瓜葡萄红枣枸杞", 10, None)
    assert 0 < half[0] < found[0]
    assert match_words(generation, "戈壁葡萄", 10, None) == {}
