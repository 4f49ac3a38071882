"""How fast it is, side by side with txtai and with the bare model, on the same weights.

    python -m benchmarks.speed [--corpus DIR] [--questions my.jsonl] [--rounds 3]

Each has a process of its own, in which the model is loaded before anything is timed. They take
turns, and of several rounds the least figure counts, because machines are noisy:

- suyuan: the files are read, cut, embedded (passages and sentences) and written. One notice more or
  less is a build and the index opened anew.
- txtai: its hybrid index with its defaults. It is given the passages that suyuan has cut, so it
  reads and cuts nothing, and embeds no sentences. One notice more or less is an upsert or a
  deletion and the index saved. Above 5,000 passages it searches vectors approximately, by default.
- encode: `SentenceTransformer.encode` of the same passages and nothing else.

A change has come through when a search finds the notice, or no longer; that search is in its time.
"MB on disk" is the index after the first build; "peak MB" is the most memory that the process has
held (Linux), with the model, and without the children that read files for suyuan.
"""

import argparse
import importlib.util
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from benchmarks.metrics import Figures
from benchmarks.newcomer import newcomer
from benchmarks.programs import Program, Suyuan, Txtai, read_texts, write_texts
from benchmarks.runs import this_run
from benchmarks.sets import Source, read_questions
from benchmarks.tables import format_table
from benchmarks.timing import percentile, seconds
from indexer.e5_folder import unfold_model
from indexer.errors import SuyuanError
from indexer.settings import PROJECT, Settings, read_settings
from retrieval.engine import Engine

_OURS, _PEER, _BARE = "suyuan", "txtai", "encode"
_TEXTS = "texts.json"  # what suyuan has embedded, for the others
_LEAST, _WARM = 100, 5  # questions asked, where there are fewer several times, and asked before
_BATCH = 16  # at which the bare encode was fastest
_NOTICES = dict(map(newcomer, range(1, 4)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a table and keep the figures."""
    settings = read_settings()
    parser = argparse.ArgumentParser(description="建立索引、更新、检索的速度，与 txtai 并列")
    parser.add_argument("--corpus", type=Path, default=settings.corpus, help="语料文件夹")
    questions = PROJECT / "benchmarks" / "questions.jsonl"
    parser.add_argument("--questions", type=Path, default=questions, help="每行一个 JSON 问题")
    parser.add_argument("--rounds", type=int, default=3, help="轮流计时的轮数")
    parser.add_argument("--of", help=argparse.SUPPRESS)  # in the process of one program
    parser.add_argument("--at", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    try:
        source = Source("speed", given.questions, given.corpus)
        asked = [question.text for question in read_questions(source)]
        if given.of:
            at = replace(settings, corpus=given.at / "corpus", index=given.at / "index")
            print(json.dumps(measure(given.of, at, given.at, asked)))
            return 0
        found = best(take_turns(given.corpus, given.questions, given.rounds, programs()))
    except SuyuanError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(format_table(found))
    print(this_run().save("speed", found))
    return 0


def programs() -> list[str]:
    """Return what is to be measured, in this order; a program that is not installed is said so."""
    if importlib.util.find_spec(_PEER):
        return [_OURS, _PEER, _BARE]
    print(f"没有安装 {_PEER}，跳过；make bench-speed 会装好。")
    return [_OURS, _BARE]


def take_turns(
    corpus: Path, questions: Path, rounds: int, names: Sequence[str]
) -> Iterator[tuple[str, Figures]]:
    """Yield the figures of each in a process of its own, round after round.

    The corpus is copied, because notices are added to it.
    """
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(corpus, Path(folder) / "corpus")
            for name in names:
                command = [sys.executable, "-m", "benchmarks.speed", "--of", name, "--at", folder]
                command += ["--questions", str(questions.resolve())]
                done = subprocess.run(
                    command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=True
                )
                figures: Figures = json.loads(done.stdout.splitlines()[-1])
                yield name, figures


def best(measured: Iterable[tuple[str, Figures]]) -> dict[str, Figures]:
    """Return the least of each figure, and each first build beside the bare encode."""
    rounds: defaultdict[str, list[Figures]] = defaultdict(list)
    for name, figures in measured:
        rounds[name].append(figures)
    least = {
        name: {figure: min(each[figure] for each in found) for figure in found[0]}
        for name, found in rounds.items()
    }
    bare = least[_BARE]["index s"]
    return {
        name: {"÷ encode": figures["index s"] / bare, **figures} for name, figures in least.items()
    }


def measure(name: str, settings: Settings, folder: Path, questions: Sequence[str]) -> Figures:
    """Return the figures of one program in a folder; suyuan's come before the others', which are
    handed its passages there."""
    if name == _OURS:
        ours = Suyuan(settings)
        figures = measure_program(ours, questions) | _measure_ours(ours, settings, questions)
        write_texts(folder / _TEXTS, ours.texts())
        return figures
    texts = read_texts(folder / _TEXTS)
    model = unfold_model(settings.cache)
    if name == _PEER:
        return measure_program(Txtai(model, folder / _PEER, texts, _NOTICES), questions)
    passages = [text for file, each in texts.items() if file not in _NOTICES for text in each]
    return _measure_bare(model, passages)


def measure_program(program: Program, questions: Sequence[str]) -> Figures:
    """Return the seconds of a first build and of changes, the index's size, the milliseconds of a
    search, and the memory of this process."""
    figures: Figures = {"index s": seconds(program.index)}
    files = [path for path in program.folder.rglob("*") if path.is_file()]
    figures["MB on disk"] = sum(path.stat().st_size for path in files) / 1e6

    def change(work: Callable[[], None], name: str, is_there: bool) -> None:
        work()
        if (name in program.search(_NOTICES[name].split("\n", 1)[0])) != is_there:
            raise SuyuanError(f"{name} 的变化没有在检索里见到。", "请检查这个测量程序。")

    adding, removing = (
        [seconds(partial(change, partial(program.add, *n), n[0], True)) for n in _NOTICES.items()],
        [seconds(partial(change, partial(program.remove, n), n, False)) for n in _NOTICES],
    )
    figures |= {"add s": min(adding), "remove s": min(removing)}
    for name, text in _NOTICES.items():
        program.add(name, text)
    return figures | _times("search", program.search, questions) | {"peak MB": _peak_mb()}


def _measure_ours(ours: Suyuan, settings: Settings, questions: Sequence[str]) -> Figures:
    """Return what only this program does: opening an index, and answering."""
    opening = seconds(partial(Engine.open, settings))
    return {"open s": opening} | _times("ask", ours.engine.ask, questions)


def _measure_bare(model: Path, passages: Sequence[str]) -> Figures:
    from sentence_transformers import SentenceTransformer  # takes seconds, and only this needs it

    bare = SentenceTransformer(str(model), local_files_only=True)
    encode = partial(bare.encode, prompt="passage: ", batch_size=_BATCH, show_progress_bar=False)
    encode(["预热"])
    return {"index s": seconds(partial(encode, passages)), "peak MB": _peak_mb()}


def _times(name: str, ask: Callable[[str], object], questions: Sequence[str]) -> Figures:
    """Return p50 and p95 in milliseconds."""
    count = max(_LEAST, len(questions))
    for question in islice(cycle(questions), _WARM):
        ask(question)
    taken = [seconds(partial(ask, question)) * 1000 for question in islice(cycle(questions), count)]
    return {f"{name} p50 ms": statistics.median(taken), f"{name} p95 ms": percentile(taken, 0.95)}


def _peak_mb() -> float:
    """Return the most memory that this process has held; 0 where the system does not say it as
    Linux does. getrusage would count the parent's."""
    if sys.platform != "linux":
        return 0.0
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    sys.exit(main())
