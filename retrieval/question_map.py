"""Move a question in everyday words towards the language in which rules answer it.

The built-in model was trained on the open web, where question and answer use the same words; who
asks whether a boss may keep a deposit is answered by 用人单位不得收取财物. A linear map of the
question's vector, learned once from lay questions and the articles that answer them
(`benchmarks.question_map`), closes part of that gap. Passages keep their vectors, so that no index
depends on it. It belongs to the built-in model's weights; with any other model there is none.
"""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_FILE = Path(__file__).with_name("question_map.npz")


def map_question(
    question: NDArray[np.float32], identity: str, strength: float = 1.0
) -> NDArray[np.float32]:
    """Return the L2-normalised vector to search with, [d], for a question's own.

    `identity` names the model as `identify_model` does; at a `strength` of 1 the question goes as
    far as was learned.
    """
    learned, weights = _load()
    if identity != learned or not strength:
        return question
    moved = question + strength * (question @ weights)
    return np.asarray(moved / np.linalg.norm(moved), dtype=np.float32)


@cache
def _load() -> tuple[str, NDArray[np.float32]]:
    """Return the identity of the model that the map was learned for, and the map, [d, d]."""
    with np.load(_FILE, allow_pickle=False) as found:
        return str(found["identity"]), found["weights"].astype(np.float32)
