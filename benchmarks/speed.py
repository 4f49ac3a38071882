"""How fast it is, side by side with the bare model in the same run.

    python -m benchmarks.speed [--corpus DIR] [--questions my.jsonl]

Prints the time of a whole first build as a ratio to the bare `SentenceTransformer.encode` of the
same passages (both after the model is loaded), p50 and p95 of search and ask in milliseconds, and
the memory of the process. Times are taken alternately and the best of several is kept, because
machines are noisy.
"""

import argparse
import json
import resource
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from sentence_transformers import SentenceTransformer

from benchmarks.passages import embedded_texts
from benchmarks.runs import this_run
from benchmarks.timing import percentile, seconds
from indexer.build import build
from indexer.e5_folder import unfold_model
from indexer.embedding import load_encoder
from indexer.generations import open_live
from indexer.settings import PROJECT, Settings, read_settings
from retrieval.engine import Engine

_REPEATS = 3


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print a table and keep the figures."""
    settings = read_settings()
    parser = argparse.ArgumentParser(description="建立索引、检索和问答的速度")
    parser.add_argument("--corpus", type=Path, default=settings.corpus, help="语料文件夹")
    parser.add_argument(
        "--questions", type=Path, default=PROJECT / "benchmarks" / "questions.jsonl"
    )
    given = parser.parse_args(arguments)
    settings = replace(settings, corpus=given.corpus)
    lines = given.questions.read_text(encoding="utf-8").splitlines()
    questions = [str(json.loads(line)["question"]) for line in lines if line.strip()]
    figures = measure_indexing(settings) | measure_reading(settings, questions)
    for name, value in figures.items():
        print(f"{name:28s} {value:10.3f}")
    print(this_run().save("speed", figures))


def measure_indexing(settings: Settings) -> dict[str, float]:
    """Return the seconds of a first build and of the bare encode, and their ratio."""
    model = SentenceTransformer(str(unfold_model(settings.cache)), local_files_only=True)
    builds, encodes, passages = [], [], 0
    for _ in range(_REPEATS):
        loading = seconds(lambda: load_encoder(settings.model, settings.cache, settings.precision))
        with tempfile.TemporaryDirectory() as folder:
            fresh = replace(settings, index=Path(folder))
            started = time.perf_counter()
            passages = build(fresh).passages
            builds.append(time.perf_counter() - started - loading)
            texts = embedded_texts(open_live(fresh.index))
        started = time.perf_counter()
        model.encode(texts, prompt="passage: ", batch_size=16, show_progress_bar=False)
        encodes.append(time.perf_counter() - started)
    return {
        "passages": float(passages),
        "build_s": min(builds),
        "encode_s": min(encodes),
        "build_over_encode": min(builds) / min(encodes),
        "passages_per_s": passages / min(builds),
    }


def measure_reading(settings: Settings, questions: Sequence[str]) -> dict[str, float]:
    """Return p50 and p95 of search and ask in ms, opening time in s, and peak memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = replace(settings, index=Path(folder))
        build(fresh)
        started = time.perf_counter()
        engine = Engine.open(fresh)
        opened = time.perf_counter() - started
        engine.wait()
        engine.ask(questions[0])
        searches = [seconds(partial(engine.search, q)) * 1000 for q in questions]
        answers = [seconds(partial(engine.ask, q)) * 1000 for q in questions]
    return {
        "open_s": opened,
        "search_p50_ms": statistics.median(searches),
        "search_p95_ms": percentile(searches, 0.95),
        "ask_p50_ms": statistics.median(answers),
        "ask_p95_ms": percentile(answers, 0.95),
        "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


if __name__ == "__main__":
    main()
