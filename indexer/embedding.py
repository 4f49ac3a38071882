"""Turn questions and passages into vectors whose closeness is closeness of meaning.

`encoder.py` says what a model must do, `transformer.py` does it with sentence-transformers, and
`e5_folder.py` makes the default model, which needs no network.
"""

import gc
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from threadpoolctl import threadpool_limits

from indexer.encoder import Encoder, HashingEncoder, PassageInput, PassageVectors
from indexer.errors import ModelError
from indexer.precision import FLOAT32

__all__ = [
    "HUB_NAME",
    "Encoder",
    "HashingEncoder",
    "PassageInput",
    "PassageVectors",
    "identify_model",
    "identify_vectors",
    "load_encoder",
]

HUB_NAME = re.compile(r"\w[\w.-]*/[\w.-]+")


def load_encoder(model: str, cache: Path, precision: str = FLOAT32) -> Encoder:
    """Load the model that a setting names, onto a GPU where torch sees one.

    "" or "default" is the model that comes with the program, unfolded into `cache`; "hashing"
    needs no model; anything else is a folder or a name on the Hugging Face hub, and only such a
    name, when it is not yet downloaded, makes a network call. `precision` is one of
    `precision.PRECISIONS`. Raises ModelError.

    The last model is kept: a build inside the application must not load it a second time.
    """
    return _load(model, cache, precision)


@lru_cache(maxsize=1)
def _load(model: str, cache: Path, precision: str) -> Encoder:
    if model == "hashing":
        return HashingEncoder()
    folder = Path(model).expanduser()
    is_default = _is_default(model)
    if not is_default and not folder.is_dir() and not HUB_NAME.fullmatch(model):
        raise ModelError(
            f"模型文件夹 {folder} 不存在。",
            "请检查 SUYUAN_MODEL 的写法；留空则使用随程序提供的默认模型。",
        )
    # How long torch's threads spin before they sleep; OpenMP reads it when torch brings it in. A
    # question took 21 ms on two quiet cores and 52 ms beside two busy processes. Spinning on, its
    # default, took 17 and 1,450 ms; never spinning, 54 and 50 ms.
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")
    # NumPy's own threads spin for tens of milliseconds after each product of a search, on the cores
    # that the next question's embedding needs: a search took 92 ms instead of 34.
    threadpool_limits(1, user_api="blas")
    with _pause_collector():
        # torch and its company take seconds to import, so only loading a model does it.
        from indexer.transformer import SentenceTransformerEncoder

        if is_default:
            from indexer.e5_folder import unfold_model

            folder = unfold_model(cache)
            return SentenceTransformerEncoder(
                str(folder), cache, "multilingual-e5-small", precision
            )
        if folder.is_dir():
            return SentenceTransformerEncoder(str(folder), cache, folder.name, precision)
        return SentenceTransformerEncoder(model, cache, model, precision)


def identify_model(model: str) -> str:
    """Return what stands for the weights of a model that comes with the program, without loading
    it; "" for any other, whose files may change under the same name."""
    if model == "hashing":
        return HashingEncoder.fingerprint
    if _is_default(model):
        from indexer.e5_folder import name_model

        return name_model()
    return ""


def identify_vectors(model: str, precision: str) -> str:
    """Return what stands for the vectors of a model that comes with the program, without loading
    it: for its weights and the precision in which it computes; "" for any other model."""
    identity = identify_model(model)
    if not _is_default(model):
        return identity
    return f"{identity} {precision}"


def _is_default(model: str) -> bool:
    return model in ("", "default")


@contextmanager
def _pause_collector() -> Iterator[None]:
    """Spare the collector the millions of objects that such an import makes and keeps: 0.8 s."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
