"""How long a search and an answer take, and how much of it is the embedding of the question.

    python -m benchmarks.latency [--sizes 10000 100000] [--corpus DIR ...] [--embed]
    python -m benchmarks.latency --sets notices provinces       question sets on their own corpora
    python -m benchmarks.latency --sizes 1000000 --corpus ../shared/corpora/laws_cn      all laws

Corpora of about so many passages are drawn from the laws beside the project and, where these do not
suffice, from the articles of STARD; indexed as always and searched with the questions of its dev
part. Embedding 100,000 passages takes a hundred minutes on two
cores, so their vectors are drawn at random with a fixed seed and put where the build looks for
vectors that it need not compute: an exact search takes the same time whatever the values are, and
the two legs then agree on no passage, which makes the list to be scored as long as it can get.
Texts, words, and the embedding of each question are real; what is found means nothing, and as more
is refused, fewer answers are put together. `--embed` computes the vectors. Indexes are kept between
runs.
"""

import argparse
import random
import shutil
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.kept import Counter, open_corpus, prepare
from benchmarks.metrics import Figures
from benchmarks.quality import add_keep
from benchmarks.runs import this_run
from benchmarks.sets import choose_sources, read_questions
from benchmarks.tables import format_table
from benchmarks.timing import percentile, seconds
from indexer.build import build, embedded_form
from indexer.chunking import cut_passages
from indexer.embedding import Encoder, PassageInput, PassageVectors, load_encoder
from indexer.errors import CorpusError, SuyuanError
from indexer.generations import live_generation
from indexer.reading import read_all, scan
from indexer.records import Progress
from indexer.settings import PROJECT, Settings, read_settings
from indexer.vector_cache import VectorCache
from retrieval.engine import Engine

_SHARED = PROJECT.parent / "shared"
_CORPORA = (
    _SHARED / "corpora" / "laws_cn",
    _SHARED / "corpora" / "laws_tw",
    _SHARED / "benchmarks" / "stard" / "corpus.jsonl",
)
_SEED = 20261122
_BYTES_PER_PASSAGE = 700  # of a law, measured; the passages that come of it are counted
_QUESTIONS = ("stard8k", "own")  # the first that is at hand
_ASKED = 200  # questions at most
_LEAST = 30  # times that questions are asked, also where there are fewer
_WARM = 5  # questions asked before, not counted
_SAVED = 1_000  # vectors written at a time


class _NotDrawn(Exception):
    """A build would compute vectors."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure each size, print a table and keep the figures."""
    settings = read_settings()
    parser = argparse.ArgumentParser(description="检索和问答的时间")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[10_000, 100_000], help="大约多少段"
    )
    parser.add_argument(
        "--corpus", type=Path, nargs="+", default=list(_CORPORA), help="从中抽取文件的文件夹"
    )
    parser.add_argument("--embed", action="store_true", help="真正计算向量，而不是随机抽取")
    parser.add_argument("--sets", nargs="+", default=[], help="改为测量这些问题集")
    add_keep(parser, settings)
    given = parser.parse_args(arguments)
    try:
        measured = measure_sets(given, settings) if given.sets else measure_sizes(given, settings)
        figures = dict(measured)
    except SuyuanError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    is_drawn = not (given.embed or given.sets)
    print(f"{'段落向量是随机抽取的；' if is_drawn else ''}至多 {_ASKED} 个问题，毫秒")
    print(format_table(figures))
    name = "-".join(["latency", *given.sets])
    print(this_run().save(name, {"embedded": not is_drawn, **figures}))
    return 0


def measure_sets(given: argparse.Namespace, settings: Settings) -> Iterator[tuple[str, Figures]]:
    """Yield the figures of each set, with its own questions on its own corpus."""
    for source in choose_sources(given.sets):
        asked, at = prepare(source, given.keep, settings)
        yield source.name, measure(at, [question.text for question in asked.questions])


def measure_sizes(given: argparse.Namespace, settings: Settings) -> Iterator[tuple[str, Figures]]:
    """Yield the figures of corpora drawn to each size."""
    questions = choose_questions()
    folders = [open_corpus(corpus, given.keep) for corpus in given.corpus]
    for size in given.sizes:
        name = f"latency-{size}{'-embedded' if given.embed else ''}"
        at = replace(
            settings,
            corpus=draw_files(folders, size, given.keep / name / "corpus"),
            index=given.keep / name / "index",
        )
        passages = build(at, Counter(name).show).passages if given.embed else build_drawn(at)
        yield f"{passages} 段", measure(at, questions)


def measure(settings: Settings, questions: Sequence[str]) -> Figures:
    """Return p50 and p95 of a search and of an answer, p50 of the embedding in them, and its share
    of the search. Few questions are asked several times."""
    engine = Engine.open(settings)
    encoder = load_encoder(settings.model, settings.cache)
    for question in islice(cycle(questions), _WARM):
        engine.ask(question)
    searches, answers, embeddings = [], [], []
    count = min(_ASKED, max(_LEAST, len(questions)))
    for question in islice(cycle(questions), _WARM, _WARM + count):
        searches.append(seconds(partial(engine.search, question)) * 1000)
        answers.append(seconds(partial(engine.ask, question)) * 1000)
        embeddings.append(seconds(partial(encoder.encode_question, question)) * 1000)
    middle, embedding = statistics.median(searches), statistics.median(embeddings)
    return {
        "p50 ms": middle,
        "p95 ms": percentile(searches, 0.95),
        "embedding p50 ms": embedding,
        "share of p50": embedding / middle,
        "ask p50 ms": statistics.median(answers),
        "ask p95 ms": percentile(answers, 0.95),
    }


def choose_questions() -> list[str]:
    """Return the questions to search for."""
    source = next(source for source in choose_sources(_QUESTIONS) if source.is_there)
    return [question.text for question in read_questions(source)]


def draw_files(corpora: Sequence[Path], size: int, folder: Path) -> Path:
    """Copy files drawn at random, enough for about so many passages, into a folder; a corpus is
    drawn from when the one before is used up.

    Raises:
        CorpusError: there are none to draw from.
    """
    dice = random.Random(_SEED)
    chosen: dict[str, Path] = {}
    room = float(size)
    for corpus in corpora:
        files = sorted(path for path in corpus.rglob("*") if path.is_file())
        dice.shuffle(files)
        while files and room > 0:
            path = files.pop()
            chosen[f"{path.relative_to(corpus)}"] = path
            room -= max(1.0, path.stat().st_size / _BYTES_PER_PASSAGE)
    if not chosen:
        places = "、".join(map(str, corpora))
        raise CorpusError(f"{places} 里没有文件可抽取。", "请用 --corpus 指定别处。")
    there = {f"{path.relative_to(folder)}" for path in folder.rglob("*") if path.is_file()}
    if there != set(chosen):
        shutil.rmtree(folder, ignore_errors=True)
        for name, path in chosen.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / name)
    return folder


def build_drawn(settings: Settings) -> int:
    """Bring the index up to date with drawn vectors and return how many passages it has."""
    if live_generation(settings.index) is None:
        draw_vectors(settings)
    try:
        return build(settings, _refuse_embedding).passages
    except _NotDrawn:  # what is embedded has changed since they were
        draw_vectors(settings)
        return build(settings, _refuse_embedding).passages


def draw_vectors(settings: Settings) -> None:
    """Put vectors drawn at random where the build of this corpus looks for them."""
    encoder = load_encoder(settings.model, settings.cache)
    settings.index.mkdir(parents=True, exist_ok=True)
    path = settings.index / "embeddings.sqlite"
    with VectorCache(path, encoder.fingerprint, encoder.dimension) as cache:
        wanted = {cache.key(given): given for given in _embedded(settings, encoder)}
        missing = cache.missing(list(wanted))
        rows = [(key, given) for key, given in wanted.items() if key in missing]
        dice = np.random.default_rng(_SEED)
        for start in range(0, len(rows), _SAVED):
            part = rows[start : start + _SAVED]
            cache.add([(key, _draw(dice, given, encoder.dimension)) for key, given in part])


def _embedded(settings: Settings, encoder: Encoder) -> Iterator[PassageInput]:
    """Yield what a build embeds."""
    limit = min(settings.passage_tokens, encoder.window * 3 // 4)
    found = scan(settings, lambda _: None)
    for document in read_all(settings, found, None, lambda _: None).documents:
        for passage in cut_passages(document, encoder.count_tokens, limit):
            yield embedded_form(document, passage)


def _draw(dice: np.random.Generator, given: PassageInput, dimension: int) -> PassageVectors:
    """Return unit vectors of random direction for a passage and each of its sentences."""
    return PassageVectors(
        _directions(dice, 1, dimension)[0], _directions(dice, len(given.sentences), dimension)
    )


def _directions(dice: np.random.Generator, count: int, dimension: int) -> NDArray[np.float32]:
    drawn = dice.standard_normal((count, dimension), np.float32)
    norms: NDArray[np.float32] = np.linalg.norm(drawn, axis=1, keepdims=True)
    return drawn / norms


def _refuse_embedding(progress: Progress) -> None:
    """Stop a build that would compute for hours what was to be drawn."""
    if progress.stage == "计算向量" and progress.total:
        raise _NotDrawn(f"{progress.total} passages have no drawn vector")


if __name__ == "__main__":
    sys.exit(main())
