"""What an index costs as the corpus grows: 10,000, 100,000 and 1,000,000 passages.

    python -m benchmarks.scale [--sizes 10000 100000 1000000] [--corpus DIR ...] [--keep DIR]

Real laws first, then the same with varied words (`varied`), as files that are built; beyond
--built passages an index is grown from the one before it instead (`grown`), because reading and
cutting a million passages takes an hour on two cores, so it has no time of a first build. Texts,
words and questions are real; the vectors of passages are drawn around real ones (`drawn`), because
embedding a million passages takes a day: what is measured takes the same time whatever the values
are, and recall is measured on what was drawn. For each size: the first build without embedding, its
memory and its size on disk; then, in a process of its own, opening, memory, search and answer; then
updates: one notice more (with the model loaded, as in the application and `watch`, and from the
terminal), one less, none.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.drawn import DrawnEncoder
from benchmarks.grown import grow
from benchmarks.kept import Counter
from benchmarks.metrics import Figures
from benchmarks.newcomer import newcomer
from benchmarks.quality import add_keep
from benchmarks.runs import this_run
from benchmarks.sets import choose_questions
from benchmarks.tables import format_table
from benchmarks.timing import percentile, seconds
from benchmarks.varied import Varied
from indexer.build import build
from indexer.embedding import load_encoder
from indexer.generations import open_live
from indexer.settings import PROJECT, Settings, read_settings
from retrieval.engine import Engine

_CORPORA = [PROJECT.parent / "shared" / "corpora" / name for name in ("laws_cn", "laws_tw")]
_BYTES_PER_PASSAGE = 590  # of a law, measured; the passages that come of it are counted
_REAL = 2_000  # passages embedded for the others to be drawn around
_ASKED, _WARM = 200, 10
_UPDATES = 5  # notices added one after another


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure each size, print a table and keep the figures."""
    settings = read_settings()
    parser = argparse.ArgumentParser(description="索引随语料增长的代价")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--corpus", type=Path, nargs="+", default=_CORPORA, metavar="DIR")
    parser.add_argument("--built", type=int, default=100_000, help="超过此数的索引由前一个扩充而来")
    parser.add_argument("--reading", type=Path, help=argparse.SUPPRESS)  # the process of its own
    add_keep(parser, settings)
    given = parser.parse_args(arguments)
    if given.reading:
        print(json.dumps(measure_reading(replace(settings, index=given.reading))))
        return 0
    print(this_run())
    figures: dict[str, Figures] = {}
    real = real_vectors(settings, given.corpus, given.keep)
    encoder = DrawnEncoder(load_encoder(settings.model, settings.cache, settings.precision), real)
    before: Settings | None = None
    for size in given.sizes:
        at = given.keep / f"scale-{size}"
        here = replace(settings, corpus=at / "corpus", index=at / "index")
        shutil.rmtree(here.index, ignore_errors=True)
        if before is None or size <= given.built:
            write_corpus(given.corpus, size, here.corpus)
            figures[f"{size}"] = build_first(here, encoder)
        else:
            shutil.rmtree(at, ignore_errors=True)
            shutil.copytree(before.corpus, here.corpus)
            shutil.copytree(before.index, here.index)
            grow(here, size, Varied(given.corpus), encoder)
            figures[f"{size}"] = _sizes(here)
        figures[f"{size}"] |= _read_elsewhere(here) | measure_updates(here)
        before = here
        print(format_table(figures), flush=True)
    print(this_run().save("scale", figures))
    return 0


def write_corpus(folders: Sequence[Path], size: int, folder: Path) -> None:
    """Write files for about so many passages, unless they are there."""
    stamp = folder.parent / "corpus.written"
    if stamp.is_file():
        return
    shutil.rmtree(folder, ignore_errors=True)
    room = float(size)
    for name, text in Varied(folders):
        if room <= 0:
            break
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        content = text.encode()
        path.write_bytes(content)
        room -= max(1.0, len(content) / _BYTES_PER_PASSAGE)
    stamp.write_text(f"{size}\n", encoding="ascii")


def real_vectors(settings: Settings, folders: Sequence[Path], keep: Path) -> NDArray[np.float32]:
    """Return vectors of real passages, [n, d], embedded once."""
    path = keep / "scale-real.npy"
    if not path.is_file():
        at = replace(settings, corpus=keep / "scale-real", index=keep / "scale-real-index")
        write_corpus(folders, _REAL, at.corpus / "files")
        build(at, Counter("real").show)
        live = open_live(at.index)
        positions = np.arange(len(live.document_of))
        np.save(path, live.vectors.passages_of(positions))
    found: NDArray[np.float32] = np.load(path)
    return found


def build_first(settings: Settings, encoder: DrawnEncoder) -> Figures:
    """Return what a first build takes, but for embedding, and what it makes."""
    for number in range(_UPDATES + 2):
        (settings.corpus / newcomer(number)[0]).unlink(missing_ok=True)
    build_s = seconds(partial(build, settings, Counter("build").show, encoder=encoder))
    return {"build s": build_s, "build peak MB": _memory("VmHWM")} | _sizes(settings)


def _sizes(settings: Settings) -> Figures:
    made = open_live(settings.index).manifest
    size = sum(path.stat().st_size for path in settings.index.rglob("*") if path.is_file())
    return {
        "documents": made.documents,
        "passages": made.passages,
        "GB": size / 1e9,
        "recall": made.recall,
    }


def measure_updates(settings: Settings) -> Figures:
    """Return the seconds that changes take until they can be searched."""
    model = load_encoder(settings.model, settings.cache, settings.precision)
    found: dict[str, list[float]] = {}

    def timed(name: str, work: Callable[[], object]) -> None:
        found.setdefault(name, []).append(seconds(work))

    engine = Engine.open(settings)
    engine.search("校园饮水设施")
    for number in range(1, _UPDATES + 1):
        name, text = newcomer(number)
        (settings.corpus / name).write_text(text, encoding="utf-8")
        timed("add s", partial(build, settings))
        started = time.perf_counter()
        engine = Engine.open(settings)
        hits = engine.search(f"第{number}批校园饮水设施更新的经费由谁承担")
        found.setdefault("reopen and search s", []).append(time.perf_counter() - started)
        assert hits[0].source.document == name, hits[0]
    timed("none s", partial(build, settings))
    (settings.corpus / newcomer(1)[0]).unlink()
    timed("remove s", partial(build, settings))
    name, text = newcomer(_UPDATES + 1)
    (settings.corpus / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "indexer", "build", "--corpus", str(settings.corpus)]
    timed("add from the terminal s", lambda: _run([*command, "--index", str(settings.index)]))
    embedding = seconds(partial(model.encode_question, text))
    return {name: statistics.median(times) for name, times in found.items()} | {
        "of it embedding s": embedding
    }


def measure_reading(settings: Settings) -> Figures:
    """Return opening, search and answer times and the memory of this process after them."""
    started = time.perf_counter()
    engine = Engine.open(settings)
    opened = time.perf_counter() - started
    engine.wait()
    questions = choose_questions()
    encoder = load_encoder(settings.model, settings.cache, settings.precision)
    for question in islice(cycle(questions), _WARM):
        engine.ask(question)
    every = list(islice(cycle(questions), _WARM, _WARM + _ASKED))
    searches = [seconds(partial(engine.search, question)) * 1000 for question in every]
    answers = [seconds(partial(engine.ask, question)) * 1000 for question in every]
    finds = [seconds(partial(engine.find, question)) * 1000 for question in ("教育", "法律责任")]
    embeddings = [seconds(partial(encoder.encode_question, q)) * 1000 for q in every[:50]]
    return {
        "open s": opened,
        "search p50 ms": statistics.median(searches),
        "search p95 ms": percentile(searches, 0.95),
        "of it embedding ms": statistics.median(embeddings),
        "ask p50 ms": statistics.median(answers),
        "ask p95 ms": percentile(answers, 0.95),
        "exact phrase ms": statistics.median(finds),
        "RSS MB": _memory("VmRSS"),
        "of it mapped files MB": _memory("RssFile"),
    }


def _read_elsewhere(settings: Settings) -> Figures:
    """Measure in a process that has built nothing."""
    command = [sys.executable, "-m", "benchmarks.scale", "--reading", str(settings.index)]
    found: Figures = json.loads(_run(command).splitlines()[-1])
    return found


def _run(command: Sequence[str]) -> str:
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout


def _memory(name: str) -> float:
    """Return a figure of /proc/self/status in MB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))


if __name__ == "__main__":
    sys.exit(main())
