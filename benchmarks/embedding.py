"""How fast passages become vectors beside the bare `SentenceTransformer.encode`, and how like them.

    python -m benchmarks.embedding [--corpus DIR ...] [--passages 300] [--rounds 3]

The texts are what a build embeds: title, headings and passage, drawn evenly from all folders given.
The bare encode gives a passage one vector, this program one more for each sentence, in the same
time. Speed is the best of several rounds taken in turn, because machines are noisy; processor is
the least milliseconds of processor time for a passage, all cores added, which other programs
disturb less. Cosines are to the vectors of the same weights in float32: the least, the one below
which 1 % lie, and the mean.
"""

import argparse
import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from benchmarks.metrics import Figures
from benchmarks.runs import this_run
from benchmarks.tables import format_table
from benchmarks.timing import percentile, seconds
from indexer.chunking import cut_passages, embedding_context
from indexer.e5_folder import unfold_model
from indexer.embedding import Encoder, PassageInput, load_encoder
from indexer.notices import read_document
from indexer.precision import FLOAT32, PRECISIONS
from indexer.settings import Settings, read_settings
from indexer.text import simplify

_SUFFIXES = {".md", ".docx"}  # forms that are read without a child process
_FILES = 40  # of a folder: enough for a few hundred passages
_NAME = "bare encode"
_BATCH = 16  # at which the bare encode was fastest


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
    figures = measure(inputs, encoders, bare, given.rounds)
    print(format_table(figures, "way"))
    print(this_run().save("embedding", figures))


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
) -> dict[str, Figures]:
    """Return for each way its speed, beside the bare encode, and its cosines to float32."""
    texts = [f"{given.context}\n{given.text}" for given in inputs]
    questions = [text.split("\n", 1)[0][:40] for text in texts[:60]]
    ways: dict[str, Callable[[], object]] = {
        _NAME: partial(
            bare.encode, texts, prompt="passage: ", batch_size=_BATCH, show_progress_bar=False
        )
    }
    for precision, encoder in encoders.items():
        ways[precision] = partial(_exhaust, encoder, inputs)
    taken: dict[str, list[Times]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            taken[name].append(_time(way))
    figures = {name: _speed(times, taken[_NAME], len(inputs)) for name, times in taken.items()}

    exact = embed(encoders[FLOAT32], inputs, questions)
    for precision, encoder in encoders.items():
        found = embed(encoder, inputs, questions)
        times = [seconds(partial(encoder.encode_question, each)) * 1000 for each in questions]
        figures[precision] |= {
            "question_p50_ms": statistics.median(times),
            **compare("passage", found.passages, exact.passages),
            **compare("sentence", found.sentences, exact.sentences),
            **compare("question", found.questions, exact.questions),
        }
    return figures


def _speed(times: Sequence[Times], bare: Sequence[Times], count: int) -> Figures:
    wall, processor = min(each.wall for each in times), min(each.processor for each in times)
    return {
        "passages_s": count / wall,
        "over_bare": min(each.wall for each in bare) / wall,
        "processor_ms": processor / count * 1000,
        "processor_over_bare": min(each.processor for each in bare) / processor,
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


def compare(name: str, found: NDArray[np.float32], exact: NDArray[np.float32]) -> Figures:
    """Return the least, the first percentile and the mean of the cosines of rows [n, d]."""
    cosines = (found * exact).sum(axis=1).tolist()
    return {
        f"{name}_min": min(cosines),
        f"{name}_p1": percentile(cosines, 0.01),
        f"{name}_mean": statistics.fmean(cosines),
    }


def _time(way: Callable[[], object]) -> Times:
    wall, processor = time.perf_counter(), time.process_time()
    way()
    return Times(time.perf_counter() - wall, time.process_time() - processor)


if __name__ == "__main__":
    main()
