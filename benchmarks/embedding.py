"""How fast passages become vectors beside the bare `SentenceTransformer.encode`, and how like them.

    python -m benchmarks.embedding [--corpus DIR ...] [--passages 300] [--rounds 3]

The texts are what a build embeds: title, headings and passage, drawn evenly from all folders given.
The bare encode gives a passage one vector, this program one more for each sentence, in the same
time. Speed is the best of several rounds taken in turn, because machines are noisy; cpu is the
least processor time, all cores added, which other programs disturb less; × bare is how many times
as fast as the bare encode that is. A question's times are the median.

The second table says how far the vectors are from those of the same weights in float32: what their
cosine lacks to 1, in thousandths; on average, at the hundredth part that is farthest, and at most.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from benchmarks.metrics import Figures
from benchmarks.runs import this_run
from benchmarks.tables import format_table
from benchmarks.timing import percentile
from indexer.chunking import cut_passages, embedding_context
from indexer.e5_folder import unfold_model
from indexer.embedding import Encoder, PassageInput, load_encoder
from indexer.notices import read_document
from indexer.precision import FLOAT32, PRECISIONS
from indexer.settings import Settings, read_settings
from indexer.text import simplify

_SUFFIXES = {".md", ".docx"}  # forms that are read without a child process
_FILES = 40  # of a folder: enough for a few hundred passages
_BARE = "bare encode"
_BATCH = 16  # at which the bare encode was fastest
_QUESTIONS = 60
_QUESTION = 40  # characters of a question: rather long for one


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds on the clock, and of all processors together."""

    wall: float
    processor: float


@dataclass(frozen=True, slots=True)
class Embedded:
    """The vectors of one way: passages [n, d], all their sentences [m, d], questions [q, d]."""

    passages: NDArray[np.float32]
    sentences: NDArray[np.float32]
    questions: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How fast each way is, and how far the vectors of each precision are from float32."""

    passages: int
    speed: dict[str, Figures]
    distance: dict[str, Figures]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print a table and keep the figures."""
    settings = read_settings()
    parser = argparse.ArgumentParser(description="计算向量的速度，与同一组文本上的原样编码并列")
    parser.add_argument("--corpus", type=Path, nargs="+", default=[settings.corpus])
    parser.add_argument("--passages", type=int, default=300, help="段落数")
    parser.add_argument("--rounds", type=int, default=3, help="轮流计时的轮数")
    given = parser.parse_args(arguments)
    encoders = {
        precision: load_encoder("default", settings.cache, precision) for precision in PRECISIONS
    }
    inputs = draw(given.corpus, given.passages, next(iter(encoders.values())), settings)
    bare = SentenceTransformer(str(unfold_model(settings.cache)), local_files_only=True)
    outcome = measure(inputs, encoders, bare, given.rounds)
    print(f"{outcome.passages} 段\n\n{format_table(outcome.speed, '速度')}")
    print(f"\n{format_table(outcome.distance, '与 float32 的差（1 - 余弦，千分之）')}")
    print(f"\n{this_run().save('embedding', asdict(outcome))}")


def draw(
    folders: Sequence[Path], count: int, encoder: Encoder, settings: Settings
) -> list[PassageInput]:
    """Return up to so many passages in the form in which they are embedded, as many of each."""
    drawn = []
    for folder in folders:
        files = sorted(path for path in folder.rglob("*") if path.suffix in _SUFFIXES)
        random.Random(0).shuffle(files)
        found = []
        for path in files[:_FILES]:
            document = read_document(path.name, path.read_bytes())
            for passage in cut_passages(document, encoder.count_tokens, settings.passage_tokens):
                start = passage.span.start
                found.append(
                    PassageInput(
                        simplify(embedding_context(document.title, passage.headings)),
                        simplify(passage.text),
                        tuple((each.start - start, each.end - start) for each in passage.sentences),
                    )
                )
        random.Random(0).shuffle(found)
        drawn += found[: -(-count // len(folders))]
    return drawn


def measure(
    inputs: Sequence[PassageInput],
    encoders: dict[str, Encoder],
    bare: SentenceTransformer,
    rounds: int,
) -> Outcome:
    """Return for each way its speed, beside the bare encode, and its distance to float32."""
    texts = [f"{given.context}\n{given.text}" for given in inputs]
    questions = [text.split("\n", 1)[0][:_QUESTION] for text in texts[:_QUESTIONS]]
    ways: dict[str, Callable[[], object]] = {
        _BARE: partial(
            bare.encode, texts, prompt="passage: ", batch_size=_BATCH, show_progress_bar=False
        )
    }
    askers: dict[str, Callable[[str], object]] = {
        _BARE: partial(bare.encode_query, prompt="query: ", show_progress_bar=False)
    }
    for precision, encoder in encoders.items():
        ways[precision] = partial(_exhaust, encoder, inputs)
        askers[precision] = encoder.encode_question
    taken: dict[str, list[Times]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            taken[name].append(_time(way))
    asked: dict[str, list[Times]] = {name: [] for name in askers}
    for question in questions:
        for name, ask in askers.items():
            asked[name].append(_time(partial(ask, question)))

    found = {name: embed(encoder, inputs, questions) for name, encoder in encoders.items()}
    exact = found.pop(FLOAT32)
    return Outcome(
        len(inputs),
        {name: _speed(taken[name], taken[_BARE], asked[name], len(inputs)) for name in ways},
        {
            f"{name}, {kind}": compare(getattr(vectors, kind), getattr(exact, kind))
            for name, vectors in found.items()
            for kind in ("passages", "sentences", "questions")
        },
    )


def _speed(
    times: Sequence[Times], bare: Sequence[Times], asked: Sequence[Times], count: int
) -> Figures:
    wall, processor = min(each.wall for each in times), min(each.processor for each in times)
    return {
        "passages/s": count / wall,
        "× bare": min(each.wall for each in bare) / wall,
        "cpu ms": processor / count * 1000,
        "× bare, cpu": min(each.processor for each in bare) / processor,
        "question ms": statistics.median(each.wall for each in asked) * 1000,
        "question, cpu ms": statistics.median(each.processor for each in asked) * 1000,
    }


def _exhaust(encoder: Encoder, inputs: Sequence[PassageInput]) -> None:
    for _ in encoder.encode_passages(inputs):
        pass


def embed(encoder: Encoder, inputs: Sequence[PassageInput], questions: Sequence[str]) -> Embedded:
    """Return all vectors of an encoder."""
    found = list(encoder.encode_passages(inputs))
    return Embedded(
        np.stack([each.passage for each in found]),
        np.concatenate([each.sentences for each in found]),
        np.stack([encoder.encode_question(each) for each in questions]),
    )


def compare(found: NDArray[np.float32], exact: NDArray[np.float32]) -> Figures:
    """Return what the cosines of rows [n, d] lack to 1, in thousandths."""
    cosines = np.einsum("nd,nd->n", found.astype(float), exact.astype(float))
    lacking = ((1 - cosines) * 1000).tolist()
    return {
        "mean": statistics.fmean(lacking),
        "p99": percentile(lacking, 0.99),
        "most": max(lacking),
    }


def _time(way: Callable[[], object]) -> Times:
    wall, processor = time.perf_counter(), time.process_time()
    way()
    return Times(time.perf_counter() - wall, time.process_time() - processor)


if __name__ == "__main__":
    main()
