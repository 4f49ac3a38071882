"""What the program asks of an embedding model, and the smallest thing that answers it."""

import unicodedata
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Vectors: TypeAlias = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PassageInput:
    """`context` + newline + `text` is embedded; `sentences` are half-open spans of `text`.

    The context is the title and the heading path, and may be empty.
    """

    context: str
    text: str
    sentences: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class PassageVectors:
    """L2-normalised: `passage` has shape [d], `sentences` [number of sentences, d]."""

    passage: Vectors
    sentences: Vectors


class Encoder(Protocol):
    """What the rest of the program knows of a model.

    `fingerprint` changes with anything that changes a vector: weights, tokenizer, prompts,
    pooling, window. `dimension` is d. A passage may have `window` tokens, of which `overhead` go
    to the prompt and the special tokens.
    """

    name: str
    fingerprint: str
    dimension: int
    window: int
    overhead: int

    def count_tokens(self, text: str) -> int:
        """Count the tokens of a piece of text, without prompt and special tokens."""

    def count_tokens_each(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of many pieces at once, which is faster."""

    def encode_question(self, text: str) -> Vectors:
        """Return the L2-normalised vector of a question, float32 [d]."""

    def encode_passages(
        self, inputs: Sequence[PassageInput], progress: Callable[[int], None] | None = None
    ) -> Iterator[PassageVectors]:
        """Yield the vectors in the order of the inputs.

        A sentence beyond the window, or without a token, gets the vector of its passage.
        `progress` is called with the number of passages done since its last call.
        """


class HashingEncoder:
    """Character n-grams hashed to signed places: shared wording is near, meaning is not known.

    Needs no model: for tests, and for a machine that has none.
    """

    name = "hashing"
    fingerprint = "hashing-256-v1"
    dimension = 256
    window = 512
    overhead = 0

    def count_tokens(self, text: str) -> int:
        return len(text)

    def count_tokens_each(self, texts: Sequence[str]) -> list[int]:
        return [len(text) for text in texts]

    def encode_question(self, text: str) -> Vectors:
        folded = "".join(unicodedata.normalize("NFKC", text).casefold().split())
        vector = np.zeros(self.dimension, np.float32)
        for size in (1, 2, 3):
            for start in range(len(folded) - size + 1):
                code = zlib.crc32(folded[start : start + size].encode())
                vector[code % self.dimension] += 1 if code >> 31 else -1
        if not vector.any():  # nothing to hash; a vector must still have a direction
            vector[0] = 1
        return vector / np.float32(np.linalg.norm(vector))

    def encode_passages(
        self, inputs: Sequence[PassageInput], progress: Callable[[int], None] | None = None
    ) -> Iterator[PassageVectors]:
        for given in inputs:
            passage = self.encode_question(f"{given.context}\n{given.text}")
            parts = [given.text[start:end] for start, end in given.sentences]
            sentences = [self.encode_question(part) if part.strip() else passage for part in parts]
            if progress:
                progress(1)
            stacked = np.array(sentences, np.float32).reshape(-1, self.dimension)
            yield PassageVectors(passage, stacked)
