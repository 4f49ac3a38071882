"""Vectors of a million passages without a day of embedding: drawn around real ones."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.embedding import Encoder, PassageInput, PassageVectors

_SEED = 20261122
# A drawn vector lies between two real ones and a little beside: its cosine to the nearer is about
# .95, what passages with a few other words have.
_NEARER, _BESIDE = 0.75, 0.2


class DrawnEncoder:
    """A model whose passages' vectors are drawn; tokens and questions are its own.

    `real` are vectors of real passages, [n, d]. It satisfies `indexer.encoder.Encoder`.
    """

    def __init__(self, model: Encoder, real: NDArray[np.float32]) -> None:
        self._model = model
        self._real = real
        self._dice = np.random.default_rng(_SEED)
        self.name, self.fingerprint = model.name, model.fingerprint
        self.dimension, self.window, self.overhead = model.dimension, model.window, model.overhead

    def count_tokens(self, text: str) -> int:
        return self._model.count_tokens(text)

    def count_tokens_each(self, texts: Sequence[str]) -> list[int]:
        return self._model.count_tokens_each(texts)

    def encode_question(self, text: str) -> NDArray[np.float32]:
        return self._model.encode_question(text)

    def encode_passages(
        self, inputs: Sequence[PassageInput], progress: Callable[[int], None] | None = None
    ) -> Iterator[PassageVectors]:
        for given in inputs:
            if progress:
                progress(1)
            yield self.draw(len(given.sentences))

    def draw(self, sentences: int) -> PassageVectors:
        """Return unit vectors near one another, as those of one passage are."""
        count = 1 + sentences
        near, far = self._real[self._dice.integers(len(self._real), size=2)]
        beside = self._dice.standard_normal((count, self.dimension), np.float32)
        beside *= _BESIDE / np.sqrt(self.dimension)
        drawn: NDArray[np.float32] = _NEARER * near + (1 - _NEARER) * far + beside
        drawn /= np.linalg.norm(drawn, axis=1, keepdims=True)
        return PassageVectors(drawn[0], drawn[1:])
