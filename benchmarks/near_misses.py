"""Questions with an index they are put to and what is to come of them: answered or refused.

    python -m benchmarks.near_misses --index DIR      the questions that a corpus makes of itself

Refused are to be questions that a set calls unanswerable, questions asked of another set's corpus,
what `retrieval.trial_questions` changes in answerable ones, and questions of STARD whose law is
left out whole: an article beside the one that answers often says the same.
"""

import argparse
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.sets import Question, Source, read_questions
from indexer.generations import open_live
from indexer.settings import read_settings
from indexer.store import Generation
from retrieval.catalogue import Catalogue
from retrieval.engine import Engine
from retrieval.trial_questions import make_trials

_ARTICLE = re.compile("第[零一二三四五六七八九十百千]+条.*", re.DOTALL)
_SEEN = 5  # passages among which the answer must be found, for an answer to be due


@dataclass(frozen=True, slots=True)
class Case:
    """A question of a set put to an index, without some documents; `kind` says how it came."""

    set: str
    kind: str
    text: str
    is_answerable: bool
    without: tuple[str, ...] = ()


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what a corpus asks of itself."""
    parser = argparse.ArgumentParser(description="由语料生成的问题")
    parser.add_argument("--index", type=Path, default=read_settings().index, help="索引文件夹")
    parser.add_argument("--count", type=int, default=20, help="用多少个句子")
    given = parser.parse_args(arguments)
    for case in trial_cases("", open_live(given.index), given.count):
        print("可答" if case.is_answerable else "不可答", case.kind, case.text, sep="\t")


def trial_cases(name: str, generation: Generation, count: int) -> Iterator[Case]:
    """Yield what a corpus asks of itself, made of `count` sentences."""
    catalogue = Catalogue(generation, date.today())
    for trial in make_trials(generation, catalogue, count):
        yield Case(name, trial.kind, trial.text, trial.is_answerable, trial.without)


def own_cases(source: Source, engine: Engine, generation: Generation, count: int) -> Iterator[Case]:
    """Yield the questions of a set for its own corpus, at most `count`."""
    laws: dict[str, list[str]] = {}
    if source.judgements:
        for known in generation.headers():
            laws.setdefault(_law(known.title), []).append(known.document)
    titles = {document: law for law, documents in laws.items() for document in documents}
    kept = dict(generation.duplicates())
    for question in sample(read_questions(source), count):
        if not question.relevant:
            kind = "answerable" if question.answerable else "unanswerable"
            yield Case(source.name, kind, question.text, question.answerable)
            continue
        relevant = {kept.get(name, name) for name in question.relevant} & titles.keys()
        if relevant & {hit.source.document for hit in engine.search(question.text, _SEEN)}:
            yield Case(source.name, "answerable", question.text, True)
        without = {each for name in relevant for each in laws[titles[name]]}
        yield Case(source.name, "law left out", question.text, False, tuple(sorted(without)))


def foreign_cases(name: str, source: Source, count: int) -> Iterator[Case]:
    """Yield answerable questions of a set, to be put to another corpus."""
    questions = [question for question in read_questions(source) if question.answerable]
    for question in sample(questions, count):
        yield Case(name, f"of {source.name}", question.text, False)


def sample(questions: Sequence[Question], count: int) -> Sequence[Question]:
    """Return at most `count` questions, evenly spaced."""
    return questions[:: max(1, -(-len(questions) // count))]


def _law(title: str) -> str:
    """Return the law that an article is of."""
    return _ARTICLE.sub("", title)


if __name__ == "__main__":
    main()
