"""Programs that are measured beside this one, on the same weights and the same passages.

Each is given, for each passage, what the product embeds (title and headings, then the passage, in
Simplified characters) and the vector that the product computed, and for a question the vector that
the same model gives it. Questions reach them in Simplified characters too, so that none falls
behind for a script. They differ only in what they do with these:

- bm25: rank-bm25's Okapi with its defaults over words cut by rjieba.
- dense: exact cosine in FAISS.
- rrf-60, rrf-10: reciprocal rank fusion of those two (Cormack, Clarke and Büttcher, 2009), k of 60
  as published and of 10.
- txtai, txtai-rjieba: txtai's hybrid index with its defaults (BM25 with normalised scores, half and
  half with vectors). The first has txtai's own tokenizer, which takes each Chinese character for a
  word; the second gets words cut by rjieba and joined with blanks, to be split there.
- langchain: EnsembleRetriever of BM25Retriever (words cut by rjieba) and a FAISS store, 0.5 each.

They are pinned in benchmarks/requirements.txt, which `make bench-quality` installs.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, TypeAlias

import faiss
import numpy as np
import rjieba
from numpy.typing import NDArray

from benchmarks.passages import embedded_texts
from indexer.errors import SuyuanError
from indexer.store import Generation
from indexer.text import simplify

Vector: TypeAlias = NDArray[np.float32]
# Candidates a leg gives to a fusion, as many as the product's legs give.
_CANDIDATES = 200


class Peer(Protocol):
    """A program that ranks passages for a question."""

    name: str

    def rank(self, question: str, k: int) -> list[int]:
        """Return the positions of the k best passages, best first."""


@dataclass(frozen=True, slots=True)
class Material:
    """What every peer gets: texts and vectors [n, d] by position, and the model for questions."""

    texts: tuple[str, ...]
    vectors: NDArray[np.float32]
    encode: Callable[[str], Vector]


class Memory:
    """Vectors of questions, computed once for all peers; forgotten when time is taken."""

    def __init__(self, encode: Callable[[str], Vector]) -> None:
        self._encode = encode
        self._known: dict[str, Vector] = {}

    def encode(self, question: str) -> Vector:
        """Return a question's vector."""
        if question not in self._known:
            self._known[question] = self._encode(question)
        return self._known[question]

    def forget(self) -> None:
        """Make the next question pay for its vector."""
        self._known.clear()


def gather(generation: Generation, encode: Callable[[str], Vector]) -> Material:
    """Return the texts and vectors of an open index."""
    vectors = generation.vectors.passages_of(np.arange(len(generation.vectors)))
    return Material(tuple(embedded_texts(generation)), vectors, encode)


def open_peers(material: Material) -> list[Peer]:
    """Return every peer over the same passages.

    Raises:
        SuyuanError: one of them is not installed.
    """
    try:
        words, meaning = WordsPeer(material), MeaningPeer(material)
        return [
            words,
            meaning,
            FusionPeer((words, meaning), 60),
            FusionPeer((words, meaning), 10),
            TxtaiPeer("txtai", material, str, {}),
            TxtaiPeer("txtai-rjieba", material, _spaced, {"tokenizer": {"whitespace": True}}),
            LangChainPeer(material),
        ]
    except ModuleNotFoundError as error:
        raise SuyuanError(
            f"没有安装用来比较的 {error.name}。",
            "请运行 make bench-quality，它会装好；或加上 --no-peers 只测溯源。",
        ) from error


class WordsPeer:
    """BM25 alone."""

    name = "bm25"

    def __init__(self, material: Material) -> None:
        from rank_bm25 import BM25Okapi

        self._index = BM25Okapi([cut(text) for text in material.texts])

    def rank(self, question: str, k: int) -> list[int]:
        scores = self._index.get_scores(cut(simplify(question)))
        order = np.argsort(-scores, kind="stable")[:k]
        return [int(position) for position in order if scores[position] > 0]


class MeaningPeer:
    """Exact cosine alone."""

    name = "dense"

    def __init__(self, material: Material) -> None:
        self._encode = material.encode
        self._index = faiss.IndexFlatIP(material.vectors.shape[1])
        self._index.add(material.vectors)

    def rank(self, question: str, k: int) -> list[int]:
        vector = self._encode(simplify(question)).reshape(1, -1)
        _, positions = self._index.search(vector, min(k, self._index.ntotal))
        return [int(position) for position in positions[0]]


class FusionPeer:
    """Reciprocal rank fusion of other peers."""

    def __init__(self, legs: Sequence[Peer], constant: int) -> None:
        self.name = f"rrf-{constant}"
        self._legs = legs
        self._constant = constant

    def rank(self, question: str, k: int) -> list[int]:
        depth = max(k, _CANDIDATES)
        return fuse_ranks([leg.rank(question, depth) for leg in self._legs], self._constant)[:k]


class TxtaiPeer:
    """txtai's hybrid search."""

    def __init__(
        self,
        name: str,
        material: Material,
        form: Callable[[str], str],
        scoring: Mapping[str, object],
    ) -> None:
        from txtai import Embeddings

        self.name = name
        self._form = form
        self._encode = material.encode
        forms = [form(text) for text in material.texts]
        known: Mapping[str, Vector] = dict(zip(forms, material.vectors, strict=True))
        self._asked: dict[str, Vector] = {}

        def transform(texts: Sequence[str]) -> NDArray[np.float32]:
            return np.stack([known[t] if t in known else self._asked[t] for t in texts])

        # What `hybrid=True` stands for, so that a tokenizer can be named.
        words = {"method": "bm25", "terms": True, "normalize": True, **scoring}
        self._index: Any = Embeddings(
            method="external", transform=transform, dense=True, scoring=words
        )
        self._index.index((position, text, None) for position, text in enumerate(forms))

    def rank(self, question: str, k: int) -> list[int]:
        plain = simplify(question)
        form = self._form(plain)
        self._asked = {form: self._encode(plain)}
        return [int(position) for position, _ in self._index.search(form, k)]


class LangChainPeer:
    """LangChain's ensemble of BM25 and a FAISS store."""

    name = "langchain"

    def __init__(self, material: Material) -> None:
        from langchain_classic.retrievers import EnsembleRetriever
        from langchain_community.retrievers import BM25Retriever
        from langchain_community.vectorstores import FAISS

        texts = material.texts
        places = [{"position": position} for position in range(len(texts))]
        store = FAISS.from_embeddings(
            text_embeddings=zip(texts, material.vectors.tolist(), strict=True),
            embedding=_questions(material.encode),
            metadatas=places,
        )
        self._words: Any = BM25Retriever.from_texts(texts, places, preprocess_func=cut)
        self._meaning: Any = store.as_retriever()
        self._joint: Any = EnsembleRetriever(
            retrievers=[self._words, self._meaning], weights=[0.5, 0.5], id_key="position"
        )

    def rank(self, question: str, k: int) -> list[int]:
        depth = max(k, _CANDIDATES)
        self._words.k = depth
        self._meaning.search_kwargs = {"k": depth}
        found = self._joint.invoke(simplify(question))
        return [int(document.metadata["position"]) for document in found[:k]]


def fuse_ranks(rankings: Sequence[Sequence[int]], constant: int) -> list[int]:
    """Return what several rankings name, by the sum of 1 / (constant + rank), best first."""
    scores: defaultdict[int, float] = defaultdict(float)
    for ranking in rankings:
        for rank, position in enumerate(ranking, start=1):
            scores[position] += 1 / (constant + rank)
    return sorted(scores, key=lambda position: (-scores[position], position))


def cut(text: str) -> list[str]:
    """Return the words of a text as jieba cuts them, without marks and blanks."""
    return [word for word in _cutter().cut(text.lower(), True) if any(map(str.isalnum, word))]


def _spaced(text: str) -> str:
    return " ".join(cut(text))


@cache
def _cutter() -> rjieba.Jieba:
    return rjieba.Jieba()


def _questions(encode: Callable[[str], Vector]) -> Any:  # noqa: ANN401 - a class of LangChain's
    """Return the model as LangChain wants it; the passages have their vectors already."""
    from langchain_core.embeddings import Embeddings

    class Questions(Embeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            return [self.embed_query(text) for text in texts]

        def embed_query(self, text: str) -> list[float]:
            return [float(value) for value in encode(text)]

    return Questions()
