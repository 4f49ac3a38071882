"""The words of all live passages: counts and scores that know nothing of segments."""

import math
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.lexicon import Lexicon
from indexer.postings import FIELDS, Postings, merge_postings, write_postings
from indexer.terms import bigrams, words

PIECES_OF = {"body": words, "pairs": bigrams}
TEXTS = (
    "全市共有学校12所，其中小学8所。学校要落实责任。",
    "各县要落实责任，每所学校配备校医。",
    "",
    "校医由卫生部门派驻。",
    "落实责任。",
    "落实责任。",
)
# Few words, so that texts share them and some score the same.
_SENTENCES = (
    "学校",
    "落实责任。",
    "校医12名",
    "学校要落实校医",
    "责任 a.cn 12",
    "",
    "部门的校医、校医、校医",
)
text = st.lists(st.sampled_from(_SENTENCES), max_size=4).map("".join)
question = st.lists(st.sampled_from((*_SENTENCES, "没有的词")), min_size=1, max_size=3).map("".join)


def fresh(folder: Path, texts: Sequence[str]) -> Lexicon:
    """One segment of texts, all live."""
    write_postings(folder, texts)
    return Lexicon([(Postings(folder), np.arange(len(texts)))])


def weights_of(asked: str) -> dict:
    return {
        "body": dict.fromkeys(words(asked), 1.0),
        "pairs": dict.fromkeys(bigrams(asked), 0.8),
    }


def plain_scores(texts: Sequence[str], asked: str) -> dict[int, float]:
    """BM25 as in the books, without the factor k1 + 1, of the texts that have a piece."""
    scores = dict.fromkeys(range(len(texts)), 0.0)
    for field, weights in weights_of(asked).items():
        counts = [Counter(PIECES_OF[field](text)) for text in texts]
        average = sum(map(Counter.total, counts)) / len(texts)
        for piece, weight in weights.items():
            having = sum(piece in count for count in counts)
            idf = math.log(1 + (len(texts) - having + 0.5) / (having + 0.5))
            for row, count in enumerate(counts):
                norm = 1.2 * (1 - 0.75 + 0.75 * (count.total() / average if average else 0))
                scores[row] += weight * idf * count[piece] / (count[piece] + norm)
    return {row: score for row, score in scores.items() if score}


def everything(lexicon: Lexicon, asked: str, allowed=None) -> tuple:
    """All that a lexicon says of a question; floats as they are, in their order."""
    pieces = [(field, piece) for field, of in weights_of(asked).items() for piece in of]
    return (
        lexicon.count,
        [lexicon.frequency(*each) for each in pieces],
        [lexicon.rarity(*each) for each in pieces],
        [list(lexicon.best(weights_of(asked), n, allowed).items()) for n in (0, 1, 2, 3, 100)],
        [lexicon.having_all(field, of).tolist() for field, of in weights_of(asked).items()],
    )


@pytest.mark.parametrize("asked", ["学校落实责任", "校医", "卫生部门12所", "没有的词"])
def test_a_score_is_what_the_formula_gives(tmp_path, asked):
    found = fresh(tmp_path / "words", TEXTS).best(weights_of(asked), 100)
    assert found == pytest.approx(plain_scores(TEXTS, asked), rel=1e-13)


def test_the_best_come_first_and_equal_ones_in_their_order(tmp_path):
    lexicon = fresh(tmp_path / "words", TEXTS)
    found = lexicon.best(weights_of("落实责任"), 100)
    assert list(found) == [4, 5, 1, 0]
    assert found[4] == found[5]
    assert list(lexicon.best(weights_of("落实责任"), 1)) == [4]


def test_only_what_is_allowed_is_found(tmp_path):
    lexicon = fresh(tmp_path / "words", TEXTS)
    every = lexicon.best(weights_of("落实责任"), 100)
    allowed = np.array([True, False, True, True, False, True])
    found = lexicon.best(weights_of("落实责任"), 100, allowed)
    assert found == {position: every[position] for position in (5, 0)}
    assert lexicon.best(weights_of("落实责任"), 100, np.zeros(6, np.bool_)) == {}


def test_a_few_allowed_of_many_score_as_ever(tmp_path):
    lexicon = fresh(tmp_path / "words", TEXTS * 50)
    every = lexicon.best(weights_of("学校落实责任"), 300)
    allowed = np.zeros(300, np.bool_)
    allowed[[3, 7, 298]] = True
    assert lexicon.best(weights_of("学校落实责任"), 9, allowed) == {7: every[7], 298: every[298]}


def test_what_is_dead_is_not_counted(tmp_path):
    write_postings(tmp_path / "words", TEXTS)
    positions = np.array([-1, 0, 1, 2, -1, 3])
    lexicon = Lexicon([(Postings(tmp_path / "words"), positions)])
    left = [TEXTS[row] for row in (1, 2, 3, 5)]
    assert everything(lexicon, "学校落实责任") == everything(
        fresh(tmp_path / "b", left), "学校落实责任"
    )
    assert lexicon.frequency("body", "小学") == 0


def test_numbers_of_another_width_beside_change_nothing(tmp_path):
    """A long passage makes the lengths and frequencies of its segment wider."""
    texts = [*TEXTS, "校医 " * 400]
    write_postings(tmp_path / "short", texts[:6])
    write_postings(tmp_path / "long", texts[6:])
    apart = Lexicon(
        [(Postings(tmp_path / "long"), np.array([6])), (Postings(tmp_path / "short"), np.arange(6))]
    )
    joined = fresh(tmp_path / "joined", texts)
    assert everything(apart, "学校的校医") == everything(joined, "学校的校医")


def test_several_threads_find_the_same(tmp_path):
    lexicon = fresh(tmp_path / "words", TEXTS * 50)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: everything(lexicon, "学校落实责任"), range(16)))
    assert found == [everything(fresh(tmp_path / "b", TEXTS * 50), "学校落实责任")] * 16


def test_passages_that_have_all_pieces_are_told_in_order(tmp_path):
    lexicon = fresh(tmp_path / "words", TEXTS)
    assert lexicon.having_all("pairs", ["落实", "责任", "落实"]).tolist() == [0, 1, 4, 5]
    assert lexicon.having_all("pairs", ["落实", "校医"]).tolist() == [1]
    assert lexicon.having_all("pairs", ["落实", "没有"]).tolist() == []
    assert lexicon.having_all("pairs", []).tolist() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize("texts", [(), ("",), ("", "")])
def test_where_there_are_no_words_nothing_is_found(tmp_path, texts):
    lexicon = fresh(tmp_path / "words", texts)
    assert lexicon.best(weights_of("学校"), 10) == {}
    assert lexicon.count == len(texts)
    assert Lexicon([]).best(weights_of("学校"), 10, np.zeros(0, np.bool_)) == {}


def test_a_segment_all_dead_is_as_none(tmp_path):
    live, dead = tmp_path / "live", tmp_path / "dead"
    write_postings(dead, TEXTS)
    write_postings(live, TEXTS[:2])
    lexicon = Lexicon(
        [(Postings(dead), np.full(6, -1)), (Postings(live), np.arange(2))],
    )
    alone = fresh(tmp_path / "alone", TEXTS[:2])
    every = np.ones(2, np.bool_)
    assert everything(lexicon, "落实", every) == everything(alone, "落实", every)


@pytest.mark.slow
@settings(max_examples=40)  # each writes six folders
@given(
    rows=st.lists(st.tuples(text, st.integers(0, 3), st.integers(0, 2)), max_size=24),
    asked=question,
    data=st.data(),
)
def test_nothing_depends_on_segments_and_on_what_was_removed(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, int, int]],
    asked: str,
    data: st.DataObject,
) -> None:
    """A row is of a segment and dies never, before its segment was merged with the next, or
    after."""
    folder = tmp_path_factory.mktemp("lexicon")
    live = [row for row in rows if row[2] == 0]
    place = iter(data.draw(st.permutations(range(len(live)))))
    position_of = [next(place) if dies == 0 else -1 for _, _, dies in rows]
    texts = [""] * len(live)
    for (words_of, _, dies), position in zip(rows, position_of, strict=True):
        if dies == 0:
            texts[position] = words_of
    parts = []
    for segment in range(4):
        numbers = [n for n, row in enumerate(rows) if row[1] == segment]
        write_postings(folder / str(segment), (rows[n][0] for n in numbers))
        parts.append((folder / str(segment), numbers))
    joined = folder / "joined"
    old = [n for _, numbers in parts[2:] for n in numbers]
    kept = {n for n in old if rows[n][2] != 1}
    merge_postings(
        joined,
        [(path, np.array([n in kept for n in own], np.bool_)) for path, own in parts[2:]],
    )
    parts[2:] = [(joined, [n for n in old if n in kept])]
    lexicon = Lexicon(
        [
            (Postings(path), np.array([position_of[n] for n in numbers], np.int64))
            for path, numbers in parts
        ]
    )
    whole = fresh(folder / "fresh", texts)
    allowed = np.array(data.draw(st.lists(st.booleans(), min_size=len(live), max_size=len(live))))
    assert everything(lexicon, asked) == everything(whole, asked)
    allowed = allowed.astype(np.bool_)
    assert everything(lexicon, asked, allowed) == everything(whole, asked, allowed)


def test_fields_are_known_by_the_same_names_here(tmp_path):
    assert tuple(PIECES_OF) == FIELDS
