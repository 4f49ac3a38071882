"""How well it finds and answers, on questions whose outcome is known, beside other programs.

    python -m benchmarks.quality                                    the sets that are at hand
    python -m benchmarks.quality --sets notices,own                 some of them, by name
    python -m benchmarks.quality --questions my.jsonl --corpus DIR  an office's own questions
    python -m benchmarks.quality --wrong FILE      with the clauses of other years, see sets.py

sets.py says what a question is, metrics.py what the figures mean, peers.py what the other programs
are given, answers.py what is measured of answers. p50 and p95 are milliseconds of a search for ten
passages, model loaded, the question's own embedding in them. twin is the share of questions whose
Traditional form returns the same passages. A star marks what is better than this program's figure.
"""

import argparse
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path

from opencc import OpenCC

from benchmarks.answers import measure_answers
from benchmarks.judging import Judge, Suyuan
from benchmarks.kept import prepare
from benchmarks.metrics import Figures, average, average_by, mean
from benchmarks.peers import Memory, Peer, gather, open_peers
from benchmarks.runs import this_run
from benchmarks.sets import Question, QuestionSet, Source, add_wrong, choose_sources
from benchmarks.tables import format_table
from benchmarks.timing import percentile, seconds
from indexer.embedding import load_encoder
from indexer.errors import SuyuanError
from indexer.generations import open_live
from indexer.settings import Settings, read_settings
from indexer.store import Generation
from retrieval.engine import Engine

_PAGE = 10  # passages of a search that is timed: a page of results
_TIMED = 200  # questions that are timed


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a set gave: the figures of each program, and of the product by type of question."""

    documents: int
    passages: int
    questions: int
    programs: dict[str, Figures]
    types: dict[str, Figures]
    ask: Figures = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opened:
    """An index with the programs that search it, the product first."""

    generation: Generation
    engine: Engine
    memory: Memory
    programs: tuple[Peer, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the sets asked for, print a table of each and keep the figures."""
    settings = read_settings()
    parser = argparse.ArgumentParser(description="检索和问答的质量")
    parser.add_argument("--sets", default="", help="问题集的名字，用逗号隔开")
    parser.add_argument("--questions", type=Path, help="自己的问题文件（JSONL）")
    parser.add_argument("--corpus", type=Path, default=settings.corpus, help="自己的语料文件夹")
    parser.add_argument("--wrong", type=Path, help="各问题别的年份的原文（JSONL）")
    parser.add_argument("--no-peers", action="store_true", help="不与别的程序比较")
    parser.add_argument("--limit", type=int, default=0, help="每个问题集至多问几个问题")
    add_keep(parser, settings)
    given = parser.parse_args(arguments)
    try:
        if given.questions:
            sources = [Source(given.questions.stem, given.questions, given.corpus)]
        else:
            sources = find_sources(given.sets)
        figures = {}
        for source in sources:
            asked, at = prepare(source, given.keep, settings)
            asked = add_wrong(asked, given.wrong) if given.wrong else asked
            outcome = measure(thin(asked, given.limit), at, not given.no_peers)
            show(source.name, outcome)
            figures[source.name] = asdict(outcome)
    except SuyuanError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    # A part must not take the place of the whole in results/.
    part = [source.name for source in sources] if given.sets or given.questions else []
    part += [f"{given.limit}-questions"] if given.limit else []
    part += ["alone"] if given.no_peers else []
    print(f"\n{this_run().save('-'.join(['quality', *part]), figures)}")
    return 0


def add_keep(parser: argparse.ArgumentParser, settings: Settings) -> None:
    """Add the option that says where corpora and indexes are kept between runs."""
    folder = settings.cache / "benchmarks"
    parser.add_argument("--keep", type=Path, default=folder, help="存放语料和索引的文件夹")


def find_sources(names: str) -> list[Source]:
    """Return the sets of some names, or all that are at hand; one that is not is said so."""
    chosen = choose_sources([name.strip() for name in names.split(",") if name.strip()])
    for source in chosen:
        if not source.is_there:
            print(f"{source.name}：没有 {source.questions} 或 {source.corpus}，跳过。")
    return [source for source in chosen if source.is_there]


def thin(asked: QuestionSet, limit: int) -> QuestionSet:
    """Return a set with at most so many of its questions, evenly spaced; 0 keeps all."""
    step = -(-len(asked.questions) // limit) if limit else 1
    return replace(asked, questions=asked.questions[::step])


def measure(asked: QuestionSet, settings: Settings, with_peers: bool) -> Outcome:
    """Ask every question of the indexed corpus, of the product and of the other programs."""
    opened = open_programs(settings, with_peers)
    judge = Judge(asked, opened.generation)
    for name, text in judge.unheld():
        print(f"{asked.name}：问题 {name} 的证据不在任何一段里：{text}", file=sys.stderr)
    figures = {}
    by_type: dict[str, Figures] = {}
    for program in opened.programs:
        rows = judge.score([program.rank(each.text, judge.depth) for each in judge.questions])
        figures[program.name] = average(rows)
        if program.name == Suyuan.name and not asked.by_documents:
            by_type = average_by([question.type for question in judge.questions], rows)
    for name, times in measure_times(opened, judge.questions).items():
        figures[name] |= times
    answers: Figures = {}
    if not asked.by_documents:
        figures[Suyuan.name]["twin"] = measure_twins(opened.engine, asked)
        answers = measure_answers(opened.engine, asked.questions)
    made = opened.generation.manifest
    return Outcome(made.documents, made.passages, len(asked.questions), figures, by_type, answers)


@lru_cache(maxsize=1)
def open_programs(settings: Settings, with_peers: bool) -> Opened:
    """Open the index and all programs over it; two sets on one corpus share them."""
    generation, engine = open_live(settings.index), Engine.open(settings)
    memory = Memory(
        load_encoder(settings.model, settings.cache, settings.precision).encode_question
    )
    peers = open_peers(gather(generation, memory.encode)) if with_peers else []
    return Opened(generation, engine, memory, (Suyuan(engine, generation), *peers))


def measure_times(opened: Opened, questions: Sequence[Question]) -> dict[str, Figures]:
    """Return p50 and p95 of a search of each program in milliseconds.

    They take turns at each question, so that what else the machine does hits all of them.
    """
    times: dict[str, list[float]] = {program.name: [] for program in opened.programs}
    for question in questions[:: -(-len(questions) // _TIMED)]:
        for program in opened.programs:
            opened.memory.forget()
            taken = seconds(partial(program.rank, question.text, _PAGE))
            times[program.name].append(taken * 1000)
    return {
        name: {"p50 ms": statistics.median(taken), "p95 ms": percentile(taken, 0.95)}
        for name, taken in times.items()
    }


def measure_twins(engine: Engine, asked: QuestionSet) -> float:
    """Return the share of questions whose Traditional form returns the same passages."""
    traditional = OpenCC("s2t")
    equal = []
    for question in asked.questions:
        found = engine.search(question.text, _PAGE)
        twin = engine.search(traditional.convert(question.text), _PAGE)
        equal.append(float([hit.passage for hit in found] == [hit.passage for hit in twin]))
    return mean(equal)


def show(name: str, outcome: Outcome) -> None:
    """Print the tables of a set."""
    size = f"{outcome.questions} 个问题，{outcome.documents} 份文件，{outcome.passages} 段"
    print(f"\n{name}（{size}{'；* 优于溯源' if len(outcome.programs) > 1 else ''}）")
    print(format_table(outcome.programs, mark_against=Suyuan.name))
    if outcome.types:
        print(f"\n{format_table(outcome.types, '按题型')}")
    if outcome.ask:
        print("\n问答  " + "  ".join(f"{key} {value:.3f}" for key, value in outcome.ask.items()))


if __name__ == "__main__":
    sys.exit(main())
