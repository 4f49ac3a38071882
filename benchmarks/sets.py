"""Question sets: questions whose outcome is known, and the corpora that they are asked of.

A question is judged in one of two ways. By *evidence*: pieces of text that a full answer rests on,
verbatim, each with the name of its file (a line {"id", "type", "question", "answerable",
"evidence": [{"doc", "text"}]}); with "wrong", a list of the same form, the clauses of another year
that an answer must not begin with. Or by *documents*: the articles that a public collection calls
relevant (queries.jsonl, qrels.tsv and corpus.jsonl in the form of BEIR).
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from indexer.errors import SuyuanError
from indexer.settings import PROJECT

_SHARED = PROJECT.parent / "shared"
_PUBLIC = _SHARED / "benchmarks"
_FORM = (
    '每行应是 {"id": "1", "type": "fact", "question": "…", "answerable": true, '
    '"evidence": [{"doc": "文件名", "text": "原文"}]}。'
)


class QuestionFileError(SuyuanError):
    """A file of questions cannot be used."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of text that an answer rests on, and the name of its file without folders."""

    document: str
    text: str
    locality: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its outcome: pieces of evidence, or the files of the relevant articles;
    `wrong` are clauses that say the same of another year than the one asked."""

    id: str
    type: str
    text: str
    answerable: bool = True
    evidence: tuple[Evidence, ...] = ()
    relevant: tuple[str, ...] = ()
    wrong: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a set lies; `corpus` is a folder, or a JSONL file whose lines become files.

    With `judgements` the set is judged by documents, without by evidence. `split` keeps the
    questions of one part of a collection. A set `on_demand` is measured only when it is named.
    """

    name: str
    questions: Path
    corpus: Path
    judgements: Path | None = None
    split: str = ""
    on_demand: bool = False

    @property
    def is_there(self) -> bool:
        """Tell whether all its files are on this machine."""
        needed = (self.questions, self.corpus, self.judgements or self.corpus)
        return all(path.exists() for path in needed)


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions and the corpus they are asked of."""

    name: str
    corpus: Path
    questions: tuple[Question, ...]
    by_documents: bool


_STARD = Source(
    name="stard8k",
    questions=_PUBLIC / "stard" / "queries.jsonl",
    corpus=_PUBLIC / "stard_8k" / "corpus.jsonl",
    judgements=_PUBLIC / "stard" / "qrels_dev.tsv",
    split="dev",
)
_TRADITIONAL = _PUBLIC / "stard" / "queries_hant_derived.jsonl"
_WHOLE = _PUBLIC / "stard" / "corpus.jsonl"
_TRAIN = _PUBLIC / "stard" / "qrels_train.tsv"
# Those on demand: tuning is done on the training questions, figures are those of dev; the full
# corpus of 55,374 articles takes an hour to embed on two cores.
SOURCES = (
    Source("own", PROJECT / "benchmarks" / "questions.jsonl", PROJECT / "corpus"),
    Source("notices", _SHARED / "eval" / "questions.jsonl", _SHARED / "corpus"),
    Source(
        "provinces",
        _SHARED / "eval" / "provinces.jsonl",
        _SHARED / "corpora" / "provincial_2025",
    ),
    _STARD,
    replace(_STARD, name="stard8k-hant", questions=_TRADITIONAL),
    Source(
        "drcd",
        _PUBLIC / "drcd_dev" / "queries.jsonl",
        _PUBLIC / "drcd_dev" / "corpus.jsonl",
        _PUBLIC / "drcd_dev" / "qrels.tsv",
    ),
    replace(_STARD, name="stard8k-train", judgements=_TRAIN, split="train", on_demand=True),
    replace(_STARD, name="stard", corpus=_WHOLE, on_demand=True),
    replace(_STARD, name="stard-hant", questions=_TRADITIONAL, corpus=_WHOLE, on_demand=True),
)


def choose_sources(names: Sequence[str]) -> list[Source]:
    """Return the sources of some names, or those that are measured when none is named.

    Raises:
        QuestionFileError: there is no set of such a name.
    """
    known = {source.name: source for source in SOURCES}
    if unknown := [name for name in names if name not in known]:
        raise QuestionFileError(
            f"没有名为“{'、'.join(unknown)}”的问题集。", f"可选：{'、'.join(known)}。"
        )
    if names:
        return [known[name] for name in names]
    return [source for source in SOURCES if not source.on_demand]


def read_questions(source: Source) -> tuple[Question, ...]:
    """Return the questions of a source.

    Raises:
        QuestionFileError: a file is missing or a line of it is not of the form that is needed.
    """
    if source.judgements:
        found = _read_judged(source.questions, source.judgements, source.split)
    else:
        found = [_question(source.questions, at, row) for at, row in _rows(source.questions)]
    if not found:
        raise QuestionFileError(f"问题文件 {source.questions} 里没有问题。", _FORM)
    return tuple(found)


def add_wrong(asked: QuestionSet, path: Path) -> QuestionSet:
    """Return a set whose questions know the clauses of another year that a file lists, a line
    {"id", "doc", "text"} for each.

    Raises:
        QuestionFileError: the file is missing or a line of it is not of that form.
    """
    wrong: defaultdict[str, list[Evidence]] = defaultdict(list)
    for number, row in _rows(path):
        wrong[str(row.get("id"))].append(_evidence(path, number, row, ""))
    questions = tuple(
        replace(each, wrong=(*each.wrong, *wrong.get(each.id, ()))) for each in asked.questions
    )
    return replace(asked, questions=questions)


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the objects of a JSONL file with the numbers of their lines."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise QuestionFileError(f"问题文件 {path} 不存在。", "请检查路径。") from error
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionFileError(
            f"问题文件 {path} 读不出来（{error}）。", "请存成 UTF-8 编码的文本。"
        ) from error
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise _wrong(path, number, "不是 JSON") from error
        if not isinstance(row, dict):
            raise _wrong(path, number, "不是 JSON 对象")
        yield number, row


def _question(path: Path, number: int, row: Mapping[str, Any]) -> Question:
    """Return the question of a line, judged by evidence."""
    text = row.get("question")
    if not isinstance(text, str) or not text.strip():
        raise _wrong(path, number, "没有 question")
    evidence = _pieces(path, number, row, "evidence")
    answerable = row.get("answerable", bool(evidence))
    if not isinstance(answerable, bool):
        raise _wrong(path, number, "的 answerable 不是 true 或 false")
    if answerable and not evidence:
        raise _wrong(path, number, "说可以回答，却没有 evidence")
    name = str(row.get("id", number))
    wrong = _pieces(path, number, row, "wrong")
    kind = str(row.get("type", "未分类"))
    return Question(name, kind, text, answerable, evidence, wrong=wrong)


def _pieces(path: Path, number: int, row: Mapping[str, Any], key: str) -> tuple[Evidence, ...]:
    """Return the pieces of text that a line lists under a key."""
    pieces = row.get(key, [])
    if not isinstance(pieces, list):
        raise _wrong(path, number, f"的 {key} 不是列表")
    return tuple(_evidence(path, number, piece, f"的 {key} 里有一项") for piece in pieces)


def _evidence(path: Path, number: int, piece: object, where: str) -> Evidence:
    if not isinstance(piece, dict):
        raise _wrong(path, number, f"{where}不是对象")
    for key in ("doc", "text"):
        if not isinstance(piece.get(key), str) or not piece[key].strip():
            raise _wrong(path, number, f"{where}没有 {key}")
    name = piece["doc"].replace("\\", "/").rsplit("/", 1)[-1]
    return Evidence(name, piece["text"], str(piece.get("locality", "")))


def _read_judged(questions: Path, judgements: Path, split: str) -> list[Question]:
    """Return the questions of one part of a collection that have a relevant article."""
    relevant: defaultdict[str, list[str]] = defaultdict(list)
    with judgements.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if int(row["score"]) > 0:
                relevant[row["query-id"]].append(article_file(row["corpus-id"]))
    return [
        Question(str(row["_id"]), "", str(row["text"]), relevant=tuple(relevant[str(row["_id"])]))
        for _, row in _rows(questions)
        if str(row["_id"]) in relevant and (not split or row.get("split") == split)
    ]


def article_file(article: str) -> str:
    """Return the name of the file that an article of a collection becomes."""
    return f"{article}.txt"


def _wrong(path: Path, number: int, fact: str) -> QuestionFileError:
    return QuestionFileError(f"问题文件 {path} 第 {number} 行{fact}。", _FORM)


def choose_questions() -> list[str]:
    """Return real questions of people, from the first set that is at hand."""
    source = next(source for source in choose_sources(("stard8k", "own")) if source.is_there)
    return [question.text for question in read_questions(source)]
