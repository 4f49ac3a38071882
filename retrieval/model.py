"""The model that searches, and what it gives on the open index."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from indexer.embedding import Encoder, identify_model, load_encoder
from indexer.errors import IndexUnusable
from indexer.manifest import REBUILD
from indexer.settings import Settings
from indexer.store import Generation
from retrieval.question_map import map_question
from retrieval.reranking import Reranker, load_reranker
from retrieval.signals import measure_background


@dataclass(frozen=True, slots=True)
class Model:
    """The encoder, what stands for its weights, and the backgrounds that it gives on the open
    index: how near passages come to a question on nothing in it, as it is and as it is moved. The
    reranker, if one is set."""

    encoder: Encoder
    weights: str
    background: float
    moved_background: float
    reranker: Reranker | None


def load_model(generation: Generation, settings: Settings, moved: float) -> Model:
    """Return the model that the settings name, for an index that it made.

    Raises:
        ModelError: it cannot be loaded.
        IndexUnusable: another model made the index.
    """
    encoder = load_encoder(settings.model, settings.cache, settings.precision)
    if encoder.fingerprint != generation.manifest.fingerprint:
        raise made_by_another(generation, encoder.name)
    reranker = load_reranker(settings.reranker, settings.cache, settings.rerank_milliseconds)
    encode = cache(encoder.encode_question)
    weights = identify_model(settings.model)

    def move(text: str) -> NDArray[np.float32]:
        return map_question(encode(text), weights, moved)

    return Model(
        encoder,
        weights,
        measure_background(generation, encode),
        measure_background(generation, move),
        reranker,
    )


def made_by_another(generation: Generation, model: str) -> IndexUnusable:
    """Return the error that says so."""
    return IndexUnusable(
        f"索引是用模型“{generation.manifest.model}”建立的，当前模型是“{model}”。",
        f"请改回原来的模型，或{REBUILD[1:]}",
    )
