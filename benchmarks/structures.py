"""Which structure finds the nearest of many vectors: time, memory, and what it misses.

    python -m benchmarks.structures [--sizes 10000 100000 1000000] [--vectors DIR] [--only codes]

Vectors are those of the indexes that the other benchmarks keep, of passages first, then of
sentences; or, with `--vectors`, the float32 arrays [n, d] of a folder, in the order of their names.
Where they do not suffice, further ones are made of them: moved in the direction in which two others
differ, so far that the cosine to the original is .95 to .98, as it is between passages that say
the same in other words. They are cut into segments as an index is. Each structure gives candidates
of each segment, of which as many as `indexer.codes` says are scored exactly. Questions are those of
the latency benchmark, one after another in one thread; what is missed is missed of the exact
answer.

The last row, "VectorSpace", is what the program uses, with files, scores and all. Memory is what
the process grows by when the structures are loaded; beside them the vectors themselves are mapped
from disk, which "flat" reads whole and all others where their candidates are.
"""

import argparse
import ctypes
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from benchmarks.metrics import Figures
from benchmarks.quality import add_keep
from benchmarks.runs import this_run
from benchmarks.sets import choose_questions
from benchmarks.tables import format_table
from benchmarks.timing import percentile, seconds
from indexer.codes import candidates_for
from indexer.embedding import load_encoder
from indexer.encoder import PassageVectors
from indexer.errors import CorpusError, SuyuanError
from indexer.segment import MOST_PASSAGES
from indexer.settings import Settings, read_settings
from indexer.vector_space import MOST_FLAT, VectorSpace
from indexer.vectors import Vectors, leading, write_vectors

_SEED = 20261122
_COUNTS = (10, 300)  # what is shown, and what a search takes for its candidates
_ASKED = 100  # questions
_RANDOM = ("latency-", "scale-")  # the vectors of these indexes are drawn
_BESIDE = (0.2, 0.33)  # how far a vector is moved, which makes the cosine .98 to .95

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Structure:
    """A structure by its name in FAISS' factory; `asked` are the candidates of each segment for
    300 results; `effort` says how many lists or neighbours are looked at."""

    name: str
    factory: str
    asked: int = candidates_for(_COUNTS[-1])
    effort: tuple[str, int] | None = None

    def build(self, rows: Matrix) -> Any:  # noqa: ANN401  an index of FAISS, which has no types
        """Return an index of some rows, built in one thread."""
        dimension = rows.shape[1]
        factory = self.factory.format(d=dimension, half=dimension // 2)
        index = faiss.index_factory(dimension, factory, faiss.METRIC_INNER_PRODUCT)
        index.train(rows)
        index.add(rows)
        if self.effort:
            name, value = self.effort
            faiss.ParameterSpace().set_index_parameter(index, name, value)
        return index


_STRUCTURES = (
    Structure("SQ8", "SQ8"),
    Structure("IVF256-SQ8, 64 lists", "IVF256,SQ8", effort=("nprobe", 64)),
    Structure("HNSW32-SQ8", "HNSW32_SQ8", asked=_COUNTS[-1], effort=("efSearch", _COUNTS[-1])),
    Structure("RaBitQ, 1 bit", "RaBitQfs"),
    Structure("RaBitQ, 4 bits", "RaBitQfs4"),
    Structure("PQ, 2 bits", "PQ{half}x4fs"),
    Structure("PQ, 4 bits (codes)", "PQ{d}x4fs"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure each size, print a table for each and keep the figures."""
    settings = read_settings()
    parser = argparse.ArgumentParser(description="向量检索结构的比较")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--vectors", type=Path, help="float32 数组（.npy）所在的文件夹")
    parser.add_argument("--only", nargs="+", default=[""], help="只测量名称含有这些词的结构")
    add_keep(parser, settings)
    given = parser.parse_args(arguments)
    faiss.omp_set_num_threads(1)
    found: dict[str, dict[str, Figures]] = {}
    try:
        real = read_vectors(given.vectors, given.keep)
        questions = embed_questions(settings)
        for size in given.sizes:
            space = open_space(given.keep / "structures" / f"{size}", real, size)
            found[f"{size}"] = dict(measure_size(space, questions, given.only))
            print(f"{size} 个向量，其中实际的 {min(size, len(real))} 个")
            print(format_table(found[f"{size}"]), flush=True)
    except SuyuanError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(this_run().save("structures", found))
    return 0


def read_vectors(folder: Path | None, keep: Path) -> Matrix:
    """Return the real vectors, [n, d], those of passages first.

    Raises:
        CorpusError: there are none.
    """
    if folder:
        files = sorted(folder.glob("*.npy"))
    else:
        kept = [
            at
            for at in keep.glob("*/index/segments/*/vectors")
            if not any(name in f"{at}" for name in _RANDOM)
        ]
        files = [at / f"{name}.npy" for name in ("passages", "sentences") for at in sorted(kept)]
    if not files:
        raise CorpusError(
            "没有可用的向量。", "请先运行 python -m benchmarks.quality，或用 --vectors 指定文件夹。"
        )
    whole: Matrix = np.concatenate([np.load(path).astype(np.float32) for path in files])
    whole /= np.linalg.norm(whole, axis=1, keepdims=True)
    return whole


def embed_questions(settings: Settings) -> Matrix:
    """Return the vectors of the questions, [n, d]."""
    encoder = load_encoder(settings.model, settings.cache, settings.precision)
    asked = choose_questions()[:_ASKED]
    return np.array([encoder.encode_question(question) for question in asked])


def open_space(folder: Path, real: Matrix, size: int) -> list[Vectors]:
    """Return so many vectors as segments, written on the first call."""
    stamp = folder / f"{len(real)}"
    if not stamp.exists():
        for at, rows in enumerate(draw_segments(real, size)):
            path = folder / f"{at:03}"
            path.parent.mkdir(parents=True, exist_ok=True)
            nothing = np.zeros((0, rows.shape[1]), np.float32)
            keyed = ((bytes(32), PassageVectors(row, nothing)) for row in rows)
            write_vectors(path, "structures", rows.shape[1], keyed)
        stamp.touch()
    return [Vectors(path) for path in sorted(folder.glob("???")) if path.is_dir()]


def draw_segments(real: Matrix, size: int) -> Iterator[Matrix]:
    """Yield so many vectors by segments: real ones and, where these do not suffice, varied ones."""
    dice = np.random.default_rng(_SEED)
    sources = np.arange(size)
    sources[len(real) :] = -1
    if size > len(real):
        dice.shuffle(sources)
    for start in range(0, size, MOST_PASSAGES):
        part = sources[start : start + MOST_PASSAGES]
        drawn = dice.integers(0, len(real), (3, len(part)))
        rows = real[np.where(part < 0, drawn[0], part)]
        apart = real[drawn[1]] - real[drawn[2]]
        norms = np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-6)
        by = dice.uniform(*_BESIDE, (len(part), 1)) * (part < 0)[:, None]
        rows = rows + (apart / norms * by).astype(np.float32)
        yield (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def measure_size(
    segments: Sequence[Vectors], questions: Matrix, only: Sequence[str]
) -> Iterator[tuple[str, Figures]]:
    """Yield the figures of each structure over the same segments."""
    sizes = [vectors.rows for vectors in segments]
    starts = np.concatenate(([0], np.cumsum(sizes)))
    parts = [
        (vectors, np.arange(start, start + size))
        for vectors, start, size in zip(segments, starts[:-1].tolist(), sizes, strict=True)
    ]
    flat = VectorSpace(parts, most_flat=int(starts[-1]))
    exact = [list(flat.nearest(question, _COUNTS[-1])) for question in questions]
    yield "flat", {**_search(partial(_nearest, flat), questions, exact)}
    for structure in _STRUCTURES:
        if any(name in structure.name for name in only):
            yield structure.name, _measure(structure, flat, parts, questions, exact)
    before = _resident_mb()
    coded = VectorSpace(parts, most_flat=0)
    coded.nearest(questions[0], _COUNTS[-1])
    grown = _resident_mb() - before
    figures = _search(partial(_nearest, coded), questions, exact)
    stated = {"stated recall": coded.recall, "measured recall": coded.measure_recall()}
    name = "VectorSpace" if starts[-1] > MOST_FLAT else "VectorSpace, if it used codes"
    yield name, {"resident MB": grown, **figures, **stated}


def _measure(
    structure: Structure,
    flat: VectorSpace,
    parts: Sequence[tuple[Vectors, NDArray[np.int64]]],
    questions: Matrix,
    exact: Sequence[Sequence[int]],
) -> Figures:
    started = time.process_time()
    built = [faiss.serialize_index(structure.build(_passages(vectors))) for vectors, _ in parts]
    took = time.process_time() - started
    before = _resident_mb()
    loaded = [faiss.deserialize_index(data) for data in built]
    grown = _resident_mb() - before
    firsts = [int(positions[0]) for _, positions in parts]

    def nearest(question: Matrix) -> list[int]:
        rows, scores = [], []
        for index, first in zip(loaded, firsts, strict=True):
            estimates, found = index.search(question.reshape(1, -1), structure.asked)
            is_found = found[0] >= 0
            rows.append(found[0][is_found] + first)
            scores.append(estimates[0][is_found])
        best = leading(np.concatenate(scores), candidates_for(_COUNTS[-1]))
        chosen = np.sort(np.concatenate(rows)[best])
        return list(flat.nearest(question, _COUNTS[-1], chosen))

    return {
        "build s": took,
        "disk MB": sum(map(len, built)) / 2**20,
        "resident MB": grown,
        **_search(nearest, questions, exact),
    }


def _nearest(space: VectorSpace, question: Matrix) -> list[int]:
    return list(space.nearest(question, _COUNTS[-1]))


def _search(
    nearest: Callable[[Matrix], list[int]], questions: Matrix, exact: Sequence[Sequence[int]]
) -> Figures:
    """Return times in ms and the share of the exact answer that is found, by its length."""
    found = [nearest(question) for question in questions]
    times = [seconds(partial(nearest, question)) * 1000 for question in questions]
    figures = {"p50 ms": statistics.median(times), "p95 ms": percentile(times, 0.95)}
    for count in _COUNTS:
        shares = [
            len(set(rows).intersection(right[:count])) / count
            for rows, right in zip(found, exact, strict=True)
        ]
        figures[f"recall@{count}"] = statistics.fmean(shares)
    return figures


def _passages(vectors: Vectors) -> Matrix:
    """Return the passage vectors of a segment, [rows, d]."""
    return np.array([each.passage for each in vectors.of(range(vectors.rows))])


def _resident_mb() -> float:
    """Return the memory that this process holds for itself, without what is mapped from files; 0
    where the system does not say it as Linux does."""
    if sys.platform != "linux":
        return 0.0
    ctypes.CDLL(None).malloc_trim(0)  # or what was freed before would be used again unseen
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    sys.exit(main())
