"""The benchmark of quality: its figures, its question files, its comparison with other programs."""

import json
import re
import sys
from dataclasses import replace
from math import log2
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.judging import Judge, Suyuan
from benchmarks.kept import prepare, write_articles
from benchmarks.metrics import (
    average,
    average_by,
    first_of_each,
    score_documents,
    score_passages,
)
from benchmarks.peers import FusionPeer, Material, MeaningPeer, Memory, cut, fuse_ranks, open_peers
from benchmarks.quality import main, measure, thin
from benchmarks.sets import (
    SOURCES,
    Evidence,
    Question,
    QuestionFileError,
    Source,
    choose_sources,
    read_questions,
)
from benchmarks.tables import format_table
from benchmarks.timing import percentile
from indexer.encoder import HashingEncoder
from indexer.errors import SuyuanError
from indexer.generations import open_live
from indexer.settings import PROJECT, Settings
from retrieval.engine import Engine

NOTICE = "青岚市关于化解大班额的通知\n\n各县教育局：\n一、班额。起始年级班额不得超过55人。\n二、经费。每生每年补助800元。\n"
OTHER = "白鹭市高龄津贴办法\n\n一、对象。年满80周岁的老人。\n二、标准。每人每月100元。\n"


def question_file(folder: Path, *rows: object) -> Path:
    path = folder / "questions.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def asked(folder: Path, *rows: object) -> Source:
    corpus = folder / "corpus"
    corpus.mkdir(exist_ok=True)
    (corpus / "a.txt").write_text(NOTICE, encoding="utf-8")
    (corpus / "b.txt").write_text(OTHER, encoding="utf-8")
    return Source("mine", question_file(folder, *rows), corpus)


ROWS = (
    {"id": "1", "type": "fact", "question": "起始年级班额不得超过多少人", "answerable": True,
     "evidence": [{"doc": "a.txt", "text": "班额不得超过 55 人"}]},
    {"id": "2", "question": "高龄津贴的对象和标准", "answerable": True,
     "evidence": [{"doc": "x/b.txt", "text": "年满80周岁的老人"}, {"doc": "b.txt", "text": "每人每月100元"}]},
    {"id": "3", "type": "unanswerable", "question": "公交票价多少", "answerable": False},
)  # fmt: skip


def test_documents_are_scored_as_trec_does() -> None:
    (row,) = score_documents([["a", "b"]], [["x", "a", "y"]])
    assert row == pytest.approx(
        {
            "hit@1": 0.0, "hit@5": 1.0, "hit@10": 1.0, "R@10": 0.5, "R@100": 0.5, "MRR@10": 0.5,
            "nDCG@10": (1 / log2(3)) / (1 + 1 / log2(3)),
        }
    )  # fmt: skip


def test_passages_are_scored_by_the_evidence_that_they_hold() -> None:
    rows = score_passages([[frozenset({3}), frozenset({5, 7})]], [[1, 5, 3]])
    found = 1 / log2(3) + 1 / log2(4)
    assert rows == [
        pytest.approx(
            {
                "hit@1": 0.0, "hit@5": 1.0, "hit@10": 1.0, "cov@1": 0.0, "cov@5": 1.0, "cov@10": 1.0,
                "MRR@10": 0.5, "nDCG@10": found / (1 + found),
            }
        )
    ]  # fmt: skip


def test_a_question_without_a_ranking_or_without_a_holder_counts_as_missed() -> None:
    zeros = {"hit@1": 0, "hit@5": 0, "hit@10": 0, "MRR@10": 0, "nDCG@10": 0}
    covers = {"cov@1": 0, "cov@5": 0, "cov@10": 0}
    nothing: frozenset[int] = frozenset()
    assert score_passages([[frozenset({1})], [nothing]], [[], [1, 2]]) == [zeros | covers] * 2


def test_a_question_with_more_than_ten_pieces_is_covered_over_a_longer_list() -> None:
    pieces = [frozenset({at}) for at in range(20)]
    (row,) = score_passages([pieces], [list(range(20))])
    assert (row["cov@10"], row["cov@50"]) == (0.5, 1.0)


names = st.lists(st.sampled_from("abcdefghijklmnopqrstuvwxyz"), unique=True)


@given(names, names.filter(bool))
def test_the_library_agrees_with_the_definitions(ranking: list[str], relevant: list[str]) -> None:
    (row,) = score_documents([relevant], [ranking])
    ranks = [rank for rank, name in enumerate(ranking[:10], start=1) if name in relevant]
    gain = sum(1 / log2(rank + 1) for rank in ranks)
    ideal = sum(1 / log2(rank + 1) for rank in range(1, min(10, len(relevant)) + 1))
    assert row == pytest.approx(
        {
            **{f"hit@{k}": float(any(rank <= k for rank in ranks)) for k in (1, 5, 10)},
            "R@10": len(ranks) / len(relevant),
            "R@100": len(set(ranking) & set(relevant)) / len(relevant),
            "MRR@10": 1 / ranks[0] if ranks else 0.0,
            "nDCG@10": gain / ideal,
        }
    )


def test_a_ranking_of_passages_becomes_one_of_documents_by_their_first() -> None:
    assert first_of_each(["b", "a", "b", "c", "a"]) == ["b", "a", "c"]


def test_figures_are_averaged_over_questions_and_by_type() -> None:
    rows = [{"hit@1": 1.0}, {"hit@1": 0.0}, {"hit@1": 1.0}]
    assert average(rows) == {"hit@1": pytest.approx(2 / 3)}
    assert average_by(["b", "a", "b"], rows) == {"a": {"hit@1": 0.0}, "b": {"hit@1": 1.0}}


def test_percentiles_are_values_that_were_measured() -> None:
    assert [percentile(range(1, 101), share) for share in (0.5, 0.95, 1.0)] == [51, 96, 100]


def test_reciprocal_ranks_are_summed_and_ties_go_to_the_earlier_passage() -> None:
    assert fuse_ranks([[1, 2, 3], [3, 1]], 60) == [1, 3, 2]
    assert fuse_ranks([[7], [4]], 10) == [4, 7]


def test_dense_and_fused_peers_rank_by_the_vectors_given() -> None:
    vectors = np.eye(3, dtype=np.float32)
    material = Material(
        ("甲", "乙", "丙"), vectors, lambda _: np.array([0.1, 0.9, 0.4], np.float32)
    )
    dense = MeaningPeer(material)
    assert dense.rank("问", 2) == [1, 2]
    assert FusionPeer((dense, dense), 60).rank("问", 5) == [1, 2, 0]


def test_peers_cut_words_as_jieba_does_and_drop_marks() -> None:
    assert cut("教育经费，不得超过55人。GDP") == ["教育经费", "不得", "超过", "55", "人", "gdp"]


def test_a_question_is_embedded_once_until_it_is_forgotten() -> None:
    seen: list[str] = []

    def encode(text: str) -> np.ndarray:
        seen.append(text)
        return np.zeros(1, np.float32)

    memory = Memory(encode)
    memory.encode("问")
    memory.encode("问")
    memory.forget()
    memory.encode("问")
    assert seen == ["问", "问"]


def test_without_the_other_programs_the_error_says_how_to_go_on(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "rank_bm25", None)
    encoder = HashingEncoder()
    material = Material(("甲",), np.ones((1, 1), np.float32), encoder.encode_question)
    with pytest.raises(SuyuanError) as raised:
        open_peers(material)
    assert str(raised.value) == (
        "没有安装用来比较的 rank_bm25。请运行 make bench-quality，它会装好；或加上 --no-peers 只测溯源。"
    )


def test_a_question_file_is_read_with_what_it_leaves_out(tmp_path: Path) -> None:
    first, second, third = read_questions(asked(tmp_path, *ROWS))
    assert first == Question(
        "1", "fact", "起始年级班额不得超过多少人", True, (Evidence("a.txt", "班额不得超过 55 人"),)
    )
    assert (second.type, second.evidence[0].document) == ("未分类", "b.txt")
    assert (third.answerable, third.evidence) == (False, ())


GOOD = {"question": "问", "evidence": [{"doc": "a.txt", "text": "文"}]}


@pytest.mark.parametrize(
    ("row", "fact"),
    [
        ("{", "不是 JSON"),
        ("[1]", "不是 JSON 对象"),
        ({**GOOD, "question": " "}, "没有 question"),
        ({**GOOD, "evidence": {}}, "的 evidence 不是列表"),
        ({**GOOD, "evidence": ["文"]}, "的 evidence 里有一项不是对象"),
        ({**GOOD, "evidence": [{"doc": "a.txt"}]}, "的 evidence 里有一项没有 text"),
        ({**GOOD, "evidence": [{"text": "文"}]}, "的 evidence 里有一项没有 doc"),
        ({**GOOD, "answerable": "是"}, "的 answerable 不是 true 或 false"),
        ({"question": "问", "answerable": True}, "说可以回答，却没有 evidence"),
    ],
)
def test_a_wrong_line_is_named_with_what_is_wrong(tmp_path: Path, row: object, fact: str) -> None:
    source = asked(tmp_path, GOOD, "", row)
    with pytest.raises(QuestionFileError) as raised:
        read_questions(source)
    assert raised.value.fact == f"问题文件 {source.questions} 第 3 行{fact}。"
    assert raised.value.cure.startswith("每行应是 {")


def test_a_file_that_is_missing_empty_or_in_another_encoding_is_said_so(tmp_path: Path) -> None:
    source = asked(tmp_path)
    with pytest.raises(QuestionFileError, match="里没有问题"):
        read_questions(source)
    source.questions.write_bytes("问".encode("gb18030"))
    with pytest.raises(QuestionFileError, match="UTF-8"):
        read_questions(source)
    source.questions.unlink()
    with pytest.raises(QuestionFileError, match="不存在"):
        read_questions(source)


def test_judgements_name_the_files_that_articles_become(tmp_path: Path) -> None:
    questions = question_file(
        tmp_path,
        {"_id": "1", "text": "甲？", "split": "dev"},
        {"_id": "2", "text": "乙？", "split": "train"},
        {"_id": "3", "text": "丙？", "split": "dev"},
    )
    judgements = tmp_path / "qrels.tsv"
    rows = [
        "query-id\tcorpus-id\tscore",
        "1\t10\t1",
        "1\t12\t1",
        "1\t13\t0",
        "2\t10\t1",
        "3\t10\t0",
    ]
    judgements.write_text("\n".join(rows), encoding="utf-8")
    source = Source("s", questions, tmp_path / "corpus.jsonl", judgements)
    first = Question("1", "", "甲？", relevant=("10.txt", "12.txt"))
    second = Question("2", "", "乙？", relevant=("10.txt",))
    assert read_questions(source) == (first, second)
    assert read_questions(replace(source, split="dev")) == (first,)


def test_articles_are_written_as_title_blank_line_text_and_again_only_when_changed(
    tmp_path,
) -> None:
    collection, folder = tmp_path / "corpus.jsonl", tmp_path / "out" / "corpus"

    def write(*rows: dict[str, str]) -> dict[str, str]:
        collection.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        write_articles(collection, folder)
        return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}

    rows = ({"_id": "1", "title": "题", "text": "文\n二"}, {"_id": "2", "text": "无题\u2028行"})
    assert write(*rows) == {"1.txt": "题\n\n文\n二\n", "2.txt": "无题\u2028行\n"}
    (folder / "1.txt").touch()
    before = (folder / "1.txt").stat().st_mtime_ns
    write(*rows)
    assert (folder / "1.txt").stat().st_mtime_ns == before
    assert write(rows[0]) == {"1.txt": "题\n\n文\n二\n"}


def test_sets_are_chosen_by_name_and_those_on_demand_only_so() -> None:
    assert [source.name for source in choose_sources(["stard", "own"])] == ["stard", "own"]
    assert {source.name for source in SOURCES} - {source.name for source in choose_sources([])} == {
        "stard8k-train", "stard", "stard-hant",
    }  # fmt: skip
    with pytest.raises(QuestionFileError, match="没有名为“x”的问题集。可选：own、"):
        choose_sources(["own", "x"])


def test_a_table_marks_what_is_better_and_leaves_out_what_is_not_there() -> None:
    rows = {
        "suyuan": {"hit@1": 0.5, "p50 ms": 10.0, "twin": 1.0},
        "bm25": {"hit@1": 0.6, "p50 ms": 2.0},
        "甲": {"hit@1": 0.5004, "p50 ms": 9.5},
    }
    assert format_table(rows, mark_against="suyuan").splitlines() == [
        "         hit@1  p50 ms    twin",
        "suyuan  0.500    10.0   1.000",
        "bm25    0.600*    2.0*      –",
        "甲      0.500     9.5       –",
    ]


@pytest.mark.slow
def test_a_set_is_thinned_evenly(tmp_path: Path) -> None:
    source = asked(tmp_path, *[{**GOOD, "id": str(at)} for at in range(10)])
    whole, _ = prepare(source, tmp_path / "keep", Settings(model="hashing"))
    assert [each.id for each in thin(whole, 4).questions] == ["0", "3", "6", "9"]
    assert thin(whole, 0) == whole


@pytest.mark.slow
def test_an_offices_own_questions_are_measured_on_its_own_corpus(tmp_path: Path, capsys) -> None:
    source = asked(tmp_path, *ROWS)
    whole, at = prepare(source, tmp_path / "keep", Settings(model="hashing"))
    outcome = measure(whole, at, with_peers=False)
    figures = outcome.programs["suyuan"]
    assert capsys.readouterr().err == ""
    assert (outcome.documents, outcome.questions) == (2, 3)
    assert (figures["hit@10"], figures["cov@10"], figures["twin"]) == (1.0, 1.0, 1.0)
    assert list(outcome.types) == ["fact", "未分类"]
    assert outcome.ask["verbatim"] == 1.0


@pytest.mark.slow
def test_evidence_that_no_passage_holds_is_named(tmp_path: Path) -> None:
    source = asked(tmp_path, {**GOOD, "id": "z"})
    whole, at = prepare(source, tmp_path / "keep", Settings(model="hashing"))
    generation = open_live(at.index)
    assert Judge(whole, generation).unheld() == [("z", "文")]


@pytest.mark.slow
def test_hits_of_the_product_become_positions_in_their_order(tmp_path: Path) -> None:
    _, at = prepare(asked(tmp_path, *ROWS), tmp_path / "keep", Settings(model="hashing"))
    generation, engine = open_live(at.index), Engine.open(at)
    found = Suyuan(engine, generation).rank("班额不得超过多少人", 3)
    hits = engine.search("班额不得超过多少人", 3)
    assert generation.passages(found) == [hit.passage for hit in hits]


@pytest.mark.slow
def test_a_relevant_article_that_stands_twice_counts_where_it_is_kept(tmp_path: Path) -> None:
    collection = tmp_path / "corpus.jsonl"
    articles = [{"_id": name, "title": "", "text": NOTICE} for name in ("1", "2")]
    collection.write_text("\n".join(map(json.dumps, articles)), encoding="utf-8")
    judgements = tmp_path / "qrels.tsv"
    judgements.write_text("query-id\tcorpus-id\tscore\nq\t2\t1\n", encoding="utf-8")
    questions = question_file(tmp_path, {"_id": "q", "text": "班额不得超过多少人"})
    source = Source("s", questions, collection, judgements)
    whole, at = prepare(source, tmp_path / "keep", Settings(model="hashing"))
    outcome = measure(whole, at, with_peers=False)
    assert (outcome.documents, outcome.programs["suyuan"]["R@10"]) == (1, 1.0)
    assert (outcome.types, outcome.ask) == ({}, {})


def test_the_command_prints_an_error_and_ends_with_its_code(tmp_path: Path, capsys) -> None:
    path = str(tmp_path / "none.jsonl")
    assert main(["--questions", path, "--keep", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"问题文件 {path} 不存在。请检查路径。\n"
    assert main(["--sets", "nowhere", "--keep", str(tmp_path)]) == 2


def test_the_other_programs_are_pinned_with_their_licences() -> None:
    lines = (PROJECT / "benchmarks" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    packages = [line for line in lines if line and not line.startswith(("#", "-r"))]
    assert len(packages) == 4
    for line in packages:
        assert re.fullmatch(r"[\w-]+==[\w.]+ +# \[(MIT|Apache-2\.0)\] .+", line), line
