"""Encode with sentence-transformers: a passage and its sentences in one pass of the model.

The sentences are pooled from the passage's own token vectors, so each knows its context (late
chunking, Günther et al. 2024, arXiv:2409.04701). On a processor each passage goes through the model
alone, on one core, and as many at once as there are cores: nothing is padded, no core waits for
another, and its vectors are the same to the last bit whatever was embedded beside it. Importing
this module takes seconds.
"""

import hashlib
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import cast

import numpy as np
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
from indexer.int8_linear import use_int8
from indexer.precision import FLOAT32, INT8

# Passages are handed on in stretches, a stretch when all of it is done. A GPU takes batches out of
# it by length, so that little is padded (5 % at 256, 18 % at 64, with batches of 16).
_STRETCH = 256
_STRETCH_GPU = 4096
_BATCH_GPU = 128
_WORKERS_GPU = 2  # one takes the text apart while the other waits for the GPU
# For models without a limit of their own.
_WINDOW = 512

_E5 = re.compile(r"(?<![a-z0-9])e5(?![a-z0-9])")
_Features = dict[str, Tensor]
_WITH_OFFSETS = {"text": {"return_offsets_mapping": True}}


class SentenceTransformerEncoder:
    """Any model that sentence-transformers can load; safe to use from several threads.

    It satisfies `indexer.encoder.Encoder`.
    """

    def __init__(self, model: str, cache: Path, name: str, precision: str = FLOAT32) -> None:
        """Load a folder or a hub name; `cache` remembers the fingerprint. Raises ModelError."""
        self.name = name
        self._model = _open_model(model)
        if precision == INT8:
            use_int8(self._model[0])
        self._query, self._passage = _choose_prompts(name, self._model.prompts)
        self._tail = _find_tail(self._model)
        self._counter = _make_counter(self._model.tokenizer)
        self._lock = threading.Lock()  # padding and truncation are shared state of a tokenizer
        self._turn = threading.Lock()  # a question uses all cores, so the next one waits
        is_cpu = self._model.device.type == "cpu"
        self._stretch, self._batch = (_STRETCH, 1) if is_cpu else (_STRETCH_GPU, _BATCH_GPU)
        self._workers = _start_workers(torch.get_num_threads() if is_cpu else _WORKERS_GPU)

        limit = self._model.max_seq_length
        self.window = int(limit) if limit and limit < 2**20 else _WINDOW
        sample = "。"
        tokens = self._model.preprocess([sample], prompt=self._passage)["input_ids"].numel()
        self.overhead = tokens - self.count_tokens(sample)
        self.dimension = len(self.encode_question(sample))  # the first pass is slow: done here
        parts = [hash_model(_find_folder(model), cache), self._query, self._passage, self.window]
        parts += [] if precision == FLOAT32 else [precision]
        self.fingerprint = hashlib.sha256(repr(tuple(parts)).encode()).hexdigest()[:32]

    def count_tokens(self, text: str) -> int:
        return len(self._counter.encode(text))

    def count_tokens_each(self, texts: Sequence[str]) -> list[int]:
        return [len(encoding) for encoding in self._counter.encode_batch_fast(list(texts))]

    def encode_question(self, text: str) -> Vectors:
        # `encode_query` gives the same, but visits every module and weight before each question.
        with self._turn, torch.inference_mode():
            features = self._prepare([text], self._query, "query")
            output = self._model(features, task="query")
            vector = normalize(output["sentence_embedding"].float(), dim=1)[0]
        return cast(Vectors, vector.cpu().numpy())

    def encode_passages(
        self, inputs: Sequence[PassageInput], progress: Callable[[int], None] | None = None
    ) -> Iterator[PassageVectors]:
        for start in range(0, len(inputs), self._stretch):
            stretch = inputs[start : start + self._stretch]
            lengths = [len(given.context) + len(given.text) for given in stretch]
            order = sorted(range(len(stretch)), key=lengths.__getitem__, reverse=True)
            batches = [order[at : at + self._batch] for at in range(0, len(order), self._batch)]
            done: dict[int, PassageVectors] = {}
            found = self._workers.map(
                lambda places, here=stretch: self._encode_batch([here[place] for place in places]),
                batches,
            )
            for places, vectors in zip(batches, found, strict=True):
                done.update(zip(places, vectors, strict=True))
                if progress:
                    progress(len(places))
            yield from (done[place] for place in range(len(stretch)))

    def _encode_batch(self, batch: Sequence[PassageInput]) -> list[PassageVectors]:
        texts = [f"{given.context}\n{given.text}" for given in batch]
        with torch.inference_mode():
            features = self._prepare(
                texts, self._passage, "document", processing_kwargs=_WITH_OFFSETS
            )
            offsets = features.pop("offset_mapping", None)
            output = self._model(features, task="document")
            passages = normalize(output["sentence_embedding"].float(), dim=1)
            tokens = output.get("token_embeddings")
            if self._tail is None or tokens is None or offsets is None:
                sentences = [self._encode_alone(given) for given in batch]
            else:
                pooled = self._pool_sentences(batch, tokens, offsets, passages)
                sentences = list(pooled.cpu().numpy())  # one transfer for the whole batch
        return [
            PassageVectors(passage, rows[: len(given.sentences)].copy())  # free the padding
            for given, passage, rows in zip(batch, passages.cpu().numpy(), sentences, strict=True)
        ]

    def _prepare(self, texts: list[str], prompt: str, task: str, **options: object) -> _Features:
        """Return what the model reads of texts, on its device."""
        with self._lock:
            features = self._model.preprocess(texts, prompt=prompt, task=task, **options)
        return batch_to_device(features, self._model.device)

    def _pool_sentences(
        self, batch: Sequence[PassageInput], tokens: Tensor, offsets: Tensor, passages: Tensor
    ) -> Tensor:
        """Average the token vectors [b, t, d] whose characters [b, t, 2] overlap a sentence.

        Returns [b, n, d], n being the most sentences of a passage; one with fewer has its own
        vector in the rest. Special tokens and padding have no characters, so belong to no sentence.
        """
        most = max(len(given.sentences) for given in batch)
        spans = torch.zeros(len(batch), most, 2, dtype=torch.long)
        for row, given in zip(spans, batch, strict=True):
            shift = len(self._passage) + len(given.context) + 1
            own = torch.tensor(given.sentences, dtype=torch.long).reshape(-1, 2)
            row[: len(own)] = own + shift
        spans = spans.to(tokens.device)
        starts = torch.maximum(offsets[:, None, :, 0], spans[:, :, :1])
        overlaps = starts < torch.minimum(offsets[:, None, :, 1], spans[:, :, 1:])  # [b, n, t]
        weights = overlaps.to(tokens.dtype)
        means = weights @ tokens / weights.sum(dim=2, keepdim=True).clamp(min=1)
        flat = means.flatten(0, 1)
        for module in self._tail or ():
            flat = module({"sentence_embedding": flat})["sentence_embedding"]
        pooled = normalize(flat.float(), dim=1).reshape(len(batch), most, self.dimension)
        return torch.where(overlaps.any(dim=2, keepdim=True), pooled, passages[:, None])

    def _encode_alone(self, given: PassageInput) -> Vectors:
        """Encode each sentence by itself, for models that give no vectors of tokens."""
        with self._lock:
            vectors = self._model.encode_document(
                [given.text[start:end] for start, end in given.sentences],
                prompt=self._passage,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return cast(Vectors, np.asarray(vectors, np.float32).reshape(-1, self.dimension))


def _start_workers(count: int) -> ThreadPoolExecutor:
    """Start threads in each of which torch uses one core; elsewhere it uses as many as before.

    A thread takes up torch's number of cores when it first asks for it, so all must have asked
    before that number is put back.
    """
    before, ready = torch.get_num_threads(), threading.Barrier(count)

    def take_one_core() -> None:
        torch.get_num_threads()
        torch.set_num_threads(1)
        ready.wait()

    workers = ThreadPoolExecutor(count, "embedding")
    for each in [workers.submit(take_one_core) for _ in range(count)]:
        each.result()
    torch.set_num_threads(before)
    return workers


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
