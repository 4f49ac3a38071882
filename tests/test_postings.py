"""The words of one segment on disk: which row has which, how often."""

from collections import Counter
from itertools import compress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.postings import FIELDS, Postings, TermField, merge_postings, write_postings
from indexer.terms import bigrams, words
from tests.make import any_text, notice_text

PIECES_OF = {"body": words, "pairs": bigrams}
TEXTS = (
    "全市共有学校12所，其中小学8所。学校要落实责任。",
    "",
    "責任落實到校",  # the same words in the other script
    "https://a.example.cn/policy/2023/index.html 校园",
    "校",
)
# A word and longer ones that begin as it does: in the first eight bytes of a term, and beyond.
KIN = ("abcdefg abcdefgh abcdefghi abcdefgij", "abcdefghi 中国 中国人 中国人民 中国人民银行")


def save(folder: Path, texts: tuple[str, ...] | list[str]) -> Postings:
    write_postings(folder, texts)
    return Postings(folder)


def told(postings: Postings, field: TermField, piece: str) -> dict[int, int]:
    rows, frequencies = postings.of(field, piece)
    return dict(zip(rows.tolist(), frequencies.tolist(), strict=True))


def counted(texts: tuple[str, ...] | list[str], field: TermField) -> dict[str, dict[int, int]]:
    """What the postings of a field must say, counted plainly."""
    found: dict[str, dict[int, int]] = {}
    for row, text in enumerate(texts):
        for piece, frequency in Counter(PIECES_OF[field](text)).items():
            found.setdefault(piece, {})[row] = frequency
    return found


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("texts", [TEXTS, KIN, TEXTS * 100, ("",), ()])
@pytest.mark.parametrize("field", FIELDS)
def test_every_piece_has_its_rows_and_frequencies(tmp_path, texts, field):
    postings = save(tmp_path / "words", texts)
    expected = counted(texts, field)
    assert {piece: told(postings, field, piece) for piece in expected} == expected
    assert postings.lengths(field).tolist() == [len(PIECES_OF[field](text)) for text in texts]
    assert postings.rows == len(texts)


def test_the_rows_of_a_piece_ascend(tmp_path):
    rows, _ = save(tmp_path / "words", TEXTS * 100).of("pairs", "责任")
    assert rows.tolist() == sorted(n for n in range(500) if n % 5 in (0, 2))


@pytest.mark.parametrize(
    "piece", ["", "a", "abcdefgi", "abcdefghh", "abcdefghij", "中", "龘龘龘龘"]
)
def test_a_piece_that_no_text_has_is_in_no_row(tmp_path, piece):
    postings = save(tmp_path / "words", KIN)
    assert told(postings, "body", piece) == {}


def test_a_word_is_no_pair_of_characters(tmp_path):
    postings = save(tmp_path / "words", ["人民银行"])
    assert told(postings, "body", "民银") == {}
    assert told(postings, "pairs", "民银") == {0: 1}


def test_a_piece_may_come_more_often_than_a_byte_can_count(tmp_path):
    postings = save(tmp_path / "words", ["校 " * 70_000, "校"])
    assert told(postings, "body", "校") == {0: 70_000, 1: 1}
    assert postings.lengths("body").tolist() == [70_000, 1]


@pytest.mark.slow
def test_rows_beyond_65536_are_told_apart(tmp_path):
    postings = save(tmp_path / "words", ["x"] + [""] * 65_536 + ["x"])
    assert told(postings, "body", "x") == {0: 1, 65_537: 1}


@pytest.mark.slow
def test_a_full_segment_takes_two_bytes_for_a_row(tmp_path):
    rows, _ = save(tmp_path / "words", [""] * 65_535 + ["x"]).of("body", "x")
    assert (rows.dtype, rows.tolist()) == (np.dtype(np.uint16), [65_535])


def test_the_same_texts_give_the_same_bytes(tmp_path):
    write_postings(tmp_path / "a", TEXTS)
    write_postings(tmp_path / "b", iter(TEXTS))
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_a_folder_that_is_there_is_not_written_into(tmp_path):
    write_postings(tmp_path / "words", TEXTS)
    before = contents(tmp_path / "words")
    with pytest.raises(FileExistsError):
        write_postings(tmp_path / "words", KIN)
    assert contents(tmp_path / "words") == before


def test_closed_postings_tell_nothing(tmp_path):
    postings = save(tmp_path / "words", TEXTS)
    postings.close()
    with pytest.raises(ValueError, match="released"):
        postings.find("body", "学校")


@pytest.mark.slow
@settings(max_examples=40)  # each writes up to eight folders
@given(st.lists(st.lists(st.tuples(st.one_of(any_text, notice_text), st.booleans()), max_size=6)))
def test_merging_gives_the_bytes_of_writing_what_is_kept(
    tmp_path_factory: pytest.TempPathFactory, parts: list[list[tuple[str, bool]]]
) -> None:
    folder = tmp_path_factory.mktemp("postings")
    merged = []
    for number, part in enumerate(parts):
        write_postings(folder / str(number), [text for text, _ in part])
        merged.append((folder / str(number), np.array([kept for _, kept in part], np.bool_)))
    merge_postings(folder / "merged", merged)
    rows = [row for part in parts for row in part]
    write_postings(folder / "fresh", compress(*zip(*rows, strict=True)) if rows else ())
    assert contents(folder / "merged") == contents(folder / "fresh")
