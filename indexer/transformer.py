"""Encode with sentence-transformers: a passage and its sentences in one pass of the model.

The sentences are pooled from the passage's own token vectors, so each knows its context (late
chunking, Günther et al. 2024, arXiv:2409.04701). Importing this module takes seconds.
"""

import hashlib
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Pooling
from sentence_transformers.util import batch_to_device, load_file_path
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import Module
from torch.nn.functional import normalize

from indexer.encoder import PassageInput, PassageVectors, Vectors
from indexer.errors import ModelError
from indexer.fingerprint import hash_model
from indexer.hub import open_from_here_first

# Passages are sorted by length inside such a stretch: 5 % of padding at 256, 18 % at 64. Longer
# would save little, and nothing of a stretch is handed on before all of it is done.
_STRETCH = 256
# On two cores 8 to 32 were equally fast, and 16 needs half the memory of 32; a GPU wants more.
_BATCH = 16
_BATCH_GPU = 64
# For models without a limit of their own.
_WINDOW = 512

_E5 = re.compile(r"(?<![a-z0-9])e5(?![a-z0-9])")
_WITH_OFFSETS = {"text": {"return_offsets_mapping": True}}


class SentenceTransformerEncoder:
    """Any model that sentence-transformers can load; safe to use from several threads.

    It satisfies `indexer.encoder.Encoder`.
    """

    def __init__(self, model: str, cache: Path, name: str) -> None:
        """Load a folder or a hub name; `cache` remembers the fingerprint. Raises ModelError."""
        self.name = name
        self._model = _open_model(model)
        self._query, self._passage = _choose_prompts(name, self._model.prompts)
        self._tail = _find_tail(self._model)
        self._counter = _make_counter(self._model.tokenizer)
        self._lock = threading.Lock()  # padding and truncation are shared state of a tokenizer
        self._batch = _BATCH if self._model.device.type == "cpu" else _BATCH_GPU

        limit = self._model.max_seq_length
        self.window = int(limit) if limit and limit < 2**20 else _WINDOW
        sample = "。"
        tokens = self._model.preprocess([sample], prompt=self._passage)["input_ids"].numel()
        self.overhead = tokens - self.count_tokens(sample)
        self.dimension = len(self.encode_question(sample))  # the first pass is slow: done here
        parts = (hash_model(_find_folder(model), cache), self._query, self._passage, self.window)
        self.fingerprint = hashlib.sha256(repr(parts).encode()).hexdigest()[:32]

    def count_tokens(self, text: str) -> int:
        return len(self._counter.encode(text))

    def count_tokens_each(self, texts: Sequence[str]) -> list[int]:
        return [len(encoding) for encoding in self._counter.encode_batch_fast(list(texts))]

    def encode_question(self, text: str) -> Vectors:
        with self._lock:
            vector = self._model.encode_query(
                text, prompt=self._query, normalize_embeddings=True, show_progress_bar=False
            )
        return cast(Vectors, vector)

    def encode_passages(
        self, inputs: Sequence[PassageInput], progress: Callable[[int], None] | None = None
    ) -> Iterator[PassageVectors]:
        for start in range(0, len(inputs), _STRETCH):
            stretch = inputs[start : start + _STRETCH]
            lengths = [len(given.context) + len(given.text) for given in stretch]
            order = sorted(range(len(stretch)), key=lengths.__getitem__, reverse=True)
            done: dict[int, PassageVectors] = {}
            for first in range(0, len(order), self._batch):
                places = order[first : first + self._batch]
                vectors = self._encode_batch([stretch[place] for place in places])
                done.update(zip(places, vectors, strict=True))
                if progress:
                    progress(len(places))
            yield from (done[place] for place in range(len(stretch)))

    def _encode_batch(self, batch: Sequence[PassageInput]) -> list[PassageVectors]:
        texts = [f"{given.context}\n{given.text}" for given in batch]
        with self._lock, torch.inference_mode():
            features = self._model.preprocess(
                texts, prompt=self._passage, task="document", processing_kwargs=_WITH_OFFSETS
            )
            features = batch_to_device(features, self._model.device)
            offsets = features.pop("offset_mapping", None)
            output = self._model(features, task="document")
            passages = normalize(output["sentence_embedding"].float(), dim=1)
            tokens = output.get("token_embeddings")
            if self._tail is None or tokens is None or offsets is None:
                sentences = [self._encode_alone(given) for given in batch]
            else:
                sentences = [
                    self._pool_sentences(*each)
                    for each in zip(batch, tokens, offsets, passages, strict=True)
                ]
        return [
            PassageVectors(passage.cpu().numpy(), each.cpu().numpy())
            for passage, each in zip(passages, sentences, strict=True)
        ]

    def _pool_sentences(
        self, given: PassageInput, tokens: Tensor, offsets: Tensor, passage: Tensor
    ) -> Tensor:
        """Average the token vectors [t, d] whose characters [t, 2] overlap a sentence: [n, d].

        Special tokens and padding have no characters and so belong to no sentence.
        """
        shift = len(self._passage) + len(given.context) + 1
        spans = torch.tensor(given.sentences, device=tokens.device).reshape(-1, 2) + shift
        starts = torch.maximum(offsets[:, 0], spans[:, :1])
        overlaps = starts < torch.minimum(offsets[:, 1], spans[:, 1:])  # [n, t]
        weights = overlaps.to(tokens.dtype)
        means = weights @ tokens / weights.sum(dim=1, keepdim=True).clamp(min=1)
        for module in self._tail or ():
            means = module({"sentence_embedding": means})["sentence_embedding"]
        return torch.where(overlaps.any(dim=1, keepdim=True), normalize(means, dim=1), passage)

    def _encode_alone(self, given: PassageInput) -> Tensor:
        """Encode each sentence by itself, for models that give no vectors of tokens."""
        vectors = self._model.encode_document(
            [given.text[start:end] for start, end in given.sentences],
            prompt=self._passage,
            normalize_embeddings=True,
            show_progress_bar=False,
            convert_to_tensor=True,
        )
        return vectors.reshape(-1, self.dimension)


def _open_model(model: str) -> SentenceTransformer:
    def load(offline: bool) -> SentenceTransformer:
        return SentenceTransformer(
            model, local_files_only=offline, model_kwargs={"dtype": torch.float32}
        ).eval()

    cure = (
        "SUYUAN_MODEL 应是一个完整的 sentence-transformers 模型文件夹，"
        "或联网时可以下载的模型名；留空则使用随程序提供的默认模型。"
    )
    return open_from_here_first(model, load, "嵌入模型", cure)


def _choose_prompts(name: str, prompts: Mapping[str, str | None]) -> tuple[str, str]:
    """Return what goes before a question and before a passage."""
    query = prompts.get("query") or ""
    passage = prompts.get("passage") or prompts.get("document") or ""
    if not query and not passage and _E5.search(name.lower()):
        return "query: ", "passage: "
    return query, passage


def _find_tail(model: SentenceTransformer) -> list[Module] | None:
    """Return the modules that turn a mean of tokens into a vector of the model, if any can."""
    modules = list(model.children())
    for place, module in enumerate(modules, start=1):
        if isinstance(module, Pooling):
            is_mean_sized = module.pooling_output_dimension == module.embedding_dimension
            return modules[place:] if is_mean_sized else None
    return None


def _make_counter(tokenizer: object) -> Tokenizer:
    """A tokenizer that shares the model's vocabulary but neither cuts, pads nor adds tokens."""
    backend = getattr(tokenizer, "backend_tokenizer", tokenizer)
    if not isinstance(backend, Tokenizer):
        raise ModelError(
            "这个嵌入模型没有快速分词器（tokenizer.json），无法使用。",
            "请用 SUYUAN_MODEL 换一个模型；留空则使用随程序提供的默认模型。",
        )
    counter = Tokenizer(backend.model)
    counter.normalizer = backend.normalizer
    counter.pre_tokenizer = backend.pre_tokenizer
    return counter


def _find_folder(model: str) -> Path:
    """Return the folder that a loaded model came from; a hub name has one in the hub's cache."""
    files = ("modules.json", "config.json")
    found = (load_file_path(model, file, local_files_only=True) for file in files)
    return next(Path(path).parent for path in found if path)
