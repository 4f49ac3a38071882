"""Let a cross-encoder put the best candidates in a new order; optional, none is needed.

It reads the question and a passage together, so it tells a passage that answers from one that is
merely near, and takes so long for it that only the best candidates of the legs can be read. How
many is settled by the budget and by how fast the model is on this machine, measured when it is
first loaded and remembered in the cache. A clock that stopped the reading somewhere would also
hold on a machine that is busy, and give another answer to the same question whenever it is.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from indexer.chunking import embedding_context
from indexer.embedding import HUB_NAME
from indexer.errors import ModelError
from indexer.memo import read_memo, write_memo
from indexer.store import Generation
from indexer.text import simplify
from retrieval.fusion import Candidate

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

# Passages that are fetched to be read; a model fast enough for more leaves the rest as they are.
_MOST = 100
# Pairs read at once: passages differ in length, and the shorter ones of a batch are filled up. 16
# passages took 0.89 s of two cores in batches of 4, 0.97 s in batches of 8, 1.11 s in one of 16.
_BATCH, _BATCH_GPU = 4, 32
_DIGITS = 5  # of a score; what differs by less differs by the company in its batch
_OVERHEAD = 20  # characters that the special tokens and the way to the model cost as much as
_SPEEDS = "reranking.json"
_SAMPLE = (
    "各地对大班额的要求是什么",
    "到2025年，全省义务教育学校全面消除大班额，每班不超过50人。" * 8,
)
_SAMPLE_RUNS = 3  # the fastest counts; the first one warms up
_TICK = 1e-4  # seconds; what took no time that a clock can tell
_FEWEST = 2  # fewer cannot be put in another order
_CURE = (
    "SUYUAN_RERANKER 应是一个完整的重排模型（CrossEncoder）文件夹，"
    "或联网时可以下载的模型名；留空则不用重排。"
)
_loading = threading.Lock()


class Reranker:
    """A cross-encoder and how much of it the budget allows; safe to use from several threads.

    `budget` is in seconds, for each question; `seconds` is what a character costs.
    """

    def __init__(self, model: "CrossEncoder", name: str, seconds: float, budget: float) -> None:
        self.name = name
        self._model = model
        self._allowed = budget / seconds  # characters of questions and passages, read together
        self._lock = threading.Lock()  # padding and truncation are shared state of a tokenizer

    def affords(self, question: str, texts: Sequence[str]) -> int:
        """Return how many of the texts, from the first one on, the budget allows to read."""
        costs = accumulate(len(question) + len(text) + _OVERHEAD for text in texts)
        return sum(cost <= self._allowed for cost in costs)

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return how well each text answers, higher is better, for as many of the first ones as
        the budget allows; the rest have no score. Give the best first.

        Scores of one question are comparable with each other and with nothing else.
        """
        affordable = texts[: self.affords(question, texts)]
        with self._lock:
            return _predict(self._model, question, affordable)


def rerank(
    generation: Generation,
    reranker: Reranker,
    question: str,
    candidates: Sequence[Candidate],
    titles: Mapping[str, str],
) -> list[Candidate]:
    """Return the candidates, given best first, with those in a new order that can be read in time.

    Each of these takes the score of the place it is put on: models disagree about what their
    scores mean, and what comes after relies on a scale of 0..1. The rest follow as they were, and
    so do passages that the model finds equally good. `titles` gives each document's.
    """
    first = candidates[:_MOST]
    passages = generation.passages([candidate.position for candidate in first])
    texts = [
        simplify(f"{embedding_context(titles[p.document], p.headings)}\n{p.text}") for p in passages
    ]
    scores = reranker.score(simplify(question), texts)
    order = sorted(range(len(scores)), key=lambda place: -scores[place])
    read = [replace(candidates[old], score=candidates[new].score) for new, old in enumerate(order)]
    return [*read, *candidates[len(scores) :]]


def load_reranker(name: str, cache: Path, milliseconds: int) -> Reranker | None:
    """Load the cross-encoder that a setting names; "" is none.

    A folder or a name on the Hugging Face hub, and only such a name, when it is not yet
    downloaded, makes a network call. A model that was loaded before is not loaded again.

    Raises:
        ModelError: it cannot be loaded, gives no single score, or is too slow for the budget.
    """
    if not name:
        return None
    folder = Path(name).expanduser()
    if not folder.is_dir() and not HUB_NAME.fullmatch(name):
        raise ModelError(f"重排模型文件夹 {folder} 不存在。", _CURE)
    with _loading:
        model, seconds = _load(str(folder.resolve()) if folder.is_dir() else name, cache)
    short = folder.name if folder.is_dir() else name
    reranker = Reranker(model, short, seconds, budget=milliseconds / 1000)
    if reranker.affords(_SAMPLE[0], [_SAMPLE[1]] * _FEWEST) < _FEWEST:
        each = (len("".join(_SAMPLE)) + _OVERHEAD) * seconds * 1000
        raise ModelError(
            f"重排模型 {reranker.name} 在本机读一段约需 {each:.0f} 毫秒，"
            f"{milliseconds} 毫秒内读不完两段。",
            "请调大 SUYUAN_RERANK_MS，或换一个小一些的模型；SUYUAN_RERANKER 留空则不用重排。",
        )
    return reranker


@lru_cache(maxsize=1)
def _load(model: str, cache: Path) -> tuple["CrossEncoder", float]:
    """Return the model and what a character costs it, in seconds."""
    opened = _open_model(model)
    if opened.num_labels != 1 or not _is_trained(opened):
        raise ModelError(f"模型 {model} 不是重排模型：它不给一问一段打一个分。", _CURE)
    return opened, _look_up_speed(opened, model, cache)


def _open_model(model: str) -> "CrossEncoder":
    # torch and its company take seconds to import, so only loading a model does it.
    import torch
    from sentence_transformers import CrossEncoder

    from indexer.hub import open_from_here_first

    def load(offline: bool) -> CrossEncoder:
        loaded: CrossEncoder = CrossEncoder(
            model,
            local_files_only=offline,
            model_kwargs={"dtype": torch.float32},
            activation_fn=torch.nn.Identity(),  # a sigmoid makes good passages equally good
        )
        return loaded

    return open_from_here_first(model, load, "重排模型", _CURE)


def _is_trained(model: "CrossEncoder") -> bool:
    """Tell a reranker from a model of another kind, such as an embedding model, which
    sentence-transformers gives a last layer of random weights."""
    named = (model.config and model.config.architectures) or ()
    return len(model) > 1 or any(name.endswith("ForSequenceClassification") for name in named)


def _predict(model: "CrossEncoder", question: str, texts: Sequence[str]) -> list[float]:
    """Return the model's score of each text; it reads those of one length together."""
    if not texts:
        return []
    pairs = [(question, text) for text in texts]
    size = _BATCH if model.device.type == "cpu" else _BATCH_GPU
    scores = model.predict(pairs, batch_size=size, show_progress_bar=False)
    return [round(float(score), _DIGITS) for score in scores]


def _look_up_speed(model: "CrossEncoder", name: str, cache: Path) -> float:
    """Return what a character costs on this machine, measured once for each model."""
    import torch

    size = sum(parameter.numel() for parameter in model.parameters())
    key = f"{name} {size} {model.device.type} {torch.get_num_threads()}"
    path = cache / _SPEEDS
    speeds = _read_speeds(path)
    if key not in speeds:
        speeds[key] = _measure_speed(model, name)
        write_memo(speeds, path)
    return speeds[key]


def _measure_speed(model: "CrossEncoder", name: str) -> float:
    """Return what a character costs when the machine has nothing else to do.

    On a processor the time is counted that it worked, for each thread: beside eight busy programs
    the clock said 2.1 to 4.2 seconds for what took 0.41 to 0.45.
    """
    import torch

    is_cpu = model.device.type == "cpu"
    threads = torch.get_num_threads() if is_cpu else 1
    clock = time.process_time if is_cpu else time.perf_counter
    pairs = _BATCH if is_cpu else _BATCH_GPU
    question, text = _SAMPLE
    times = []
    for _ in range(_SAMPLE_RUNS):
        started = clock()
        scores = _predict(model, question, [text] * pairs)
        times.append((clock() - started) / threads)
    if not np.isfinite(scores).all():
        raise ModelError(f"重排模型 {name} 给出的分数不是数。", _CURE)
    characters = pairs * (len(question) + len(text) + _OVERHEAD)
    return max(min(times), _TICK) / characters


def _read_speeds(path: Path) -> dict[str, float]:
    try:
        return {key: float(value) for key, value in read_memo(path).items() if float(value) > 0}
    except (ValueError, TypeError):
        return {}
