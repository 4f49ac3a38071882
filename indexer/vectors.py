"""The vectors of a segment's passages and sentences: written once, then mapped into memory.

A folder that can be opened without the rest of the segment:

    passages.npy    float32 [rows, d], one vector a passage
    sentences.npy   float16 [sentences, d], one vector a sentence
    starts.npy      int64 [rows + 1], where the sentences of each passage begin
    keys.npy        uint8 [rows, 32], what each passage's vectors were made from (VectorCache.key)
    codes.faiss     four bits for each number of passages.npy; only of many rows
    vectors.json    the form, the model's fingerprint, the counts, and the recall of the codes
"""

import contextlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from indexer.codes import Codes, candidates_for, write_codes
from indexer.encoder import PassageVectors
from indexer.errors import IndexUnusable
from indexer.manifest import REBUILD

_faiss: Any = faiss  # its stubs lack what works on arrays
_FORM = 1  # raised whenever the form on disk changes
_ABOUT, _CODES = "vectors.json", "codes.faiss"
_KEY_BYTES = 32
_CAN_READ = hasattr(os, "preadv")  # not on Windows
# Fewer rows are scored exactly in one millisecond, and to code them would gain nothing.
_LEAST_CODED = 8_192
_READ = 1_024  # rows taken over at a time when segments are merged
# The recall of the codes is that of the nearest 300, as many as a search takes, to 32 of the rows,
# each left out itself: half a second.
_RECALL_OF, _ASKED = 300, 32


class Vectors:
    """The vectors of a segment opened for reading; safe to use from several threads.

    `recall` is the share of the nearest rows that a search by codes finds, None without codes.

    Raises:
        IndexUnusable: on opening, if a file is missing, damaged or of another form.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
            if about["form"] != _FORM:
                raise IndexUnusable(
                    f"向量的格式版本是 {about['form']}，本程序使用版本 {_FORM}。", REBUILD
                )
            self.fingerprint: str = about["fingerprint"]
            self.dimension: int = about["dimension"]
            self.rows: int = about["rows"]
            self.recall: float | None = about["recall"]
            # Read through plain arrays: numpy's own class for mapped files is slow to index.
            self._passages = self._open("passages", (self.rows, self.dimension))
            self._sentences = self._open("sentences", (about["sentences"], self.dimension))
            self.starts: NDArray[np.int64] = self._open("starts", (self.rows + 1,))
            self._keys = self._open("keys", (self.rows, _KEY_BYTES))
        except OSError as error:
            raise IndexUnusable("索引不完整：向量文件打不开。", REBUILD) from error
        except (ValueError, KeyError, TypeError) as error:
            raise IndexUnusable("索引已损坏：向量文件读不懂。", REBUILD) from error

    @property
    def sentences(self) -> int:
        """Return how many sentences there are."""
        return len(self._sentences)

    @cached_property
    def codes(self) -> Codes | None:
        """Return the codes of the passages, read into memory when they are first asked for.

        Raises:
            IndexUnusable: they are missing or damaged.
        """
        if self.recall is None:
            return None
        try:
            return Codes(np.fromfile(self._folder / _CODES, np.uint8))
        except (OSError, RuntimeError) as error:
            raise IndexUnusable("索引已损坏：向量的编码读不出来。", REBUILD) from error

    def find(self, keys: Sequence[bytes]) -> dict[bytes, int]:
        """Return a row for each of the keys that is here."""
        if not keys or not self.rows:
            return {}
        prefixes, order = self._prefixes
        wanted = np.frombuffer(b"".join(keys), np.uint8).reshape(-1, _KEY_BYTES)
        at = np.searchsorted(prefixes, _prefixes_of(wanted)).clip(max=self.rows - 1)
        rows = order[at]
        is_here = (self._keys[rows] == wanted).all(axis=1)
        return {keys[which]: int(rows[which]) for which in np.flatnonzero(is_here).tolist()}

    def of(self, rows: Sequence[int]) -> list[PassageVectors]:
        """Return the vectors of passages and their sentences."""
        at = np.asarray(rows, np.int64)
        sentences, starts = self.sentences_of(at)
        each = np.split(sentences, starts[1:-1])  # gives one of nothing, so no zip with strict
        return [PassageVectors(p, s) for p, s in zip(self._passages[at], each, strict=False)]

    def sentences_of(
        self, rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return the sentence vectors of passages in one array, [sentences, d], and where those of
        each passage begin in it, [passages + 1]."""
        first = self.starts[rows]
        at, starts = stretches(first, self.starts[rows + 1] - first)
        return self._sentences[at].astype(np.float32), starts

    def passages_at(self, rows: NDArray[np.int64] | slice) -> NDArray[np.float32]:
        """Return the vectors of passages alone, [passages, d]."""
        return self._passages[rows]

    def sentences_at(
        self, first: NDArray[np.int64], counts: NDArray[np.int64], *, is_scattered: bool
    ) -> NDArray[np.float16]:
        """Return the vectors of stretches of sentences, [sentences, d]; for `is_scattered` see
        `cosines`."""
        if is_scattered and _CAN_READ:
            return _read(self._folder / "sentences.npy", self._sentences, first, counts)
        return self._sentences[stretches(first, counts)[0]]

    def cosines(
        self,
        question: NDArray[np.float32],
        rows: NDArray[np.int64],
        *,
        is_scattered: bool = False,
    ) -> NDArray[np.float32]:
        """Return the inner product of a question's vector [d] with each of some rows.

        A row's is the same to the last bit whatever its number and whichever rows are asked for.
        A product of matrices does not promise that: BLAS treats the last rows differently.
        Where few rows are wanted out of very many (`is_scattered`) they are read, not mapped, which
        takes as long; but the process does not grow to hold them all: of a million passages 0.3
        instead of 1.8 GB after sixty questions.
        """
        if question.shape != (self.dimension,):
            raise ValueError(f"a vector of {self.dimension} numbers is needed: {question.shape}")
        if len(rows) and not 0 <= rows.min() <= rows.max() < self.rows:
            raise IndexError(f"rows are numbered from 0 to {self.rows - 1}")
        passages = self._passages
        if is_scattered and _CAN_READ:
            passages = _read(self._folder / "passages.npy", passages, rows, np.ones_like(rows))
            rows = np.arange(len(rows))
        question = np.ascontiguousarray(question, np.float32)
        rows = np.ascontiguousarray(rows, np.int64)
        found = np.empty(len(rows), np.float32)
        given = map(_faiss.swig_ptr, (found, question, passages, rows))
        # One question is the work of one thread: others only spin, and after a fork they hang. The
        # number is this thread's own, and torch has another library of threads.
        _faiss.omp_set_num_threads(1)
        _faiss.fvec_inner_products_by_idx(*given, self.dimension, 1, len(rows))
        return found

    def nearest(
        self, question: NDArray[np.float32], count: int, rows: NDArray[np.int64] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the nearest of some rows, or of all, with their inner products, best first and
        in the order given where they are equal; exact."""
        rows = np.arange(self.rows) if rows is None else rows
        scores = self.cosines(question, rows)
        best = leading(scores, count)
        return rows[best], scores[best]

    def taken_over(self, kept: NDArray[np.bool_]) -> Iterator[tuple[bytes, PassageVectors]]:
        """Yield the key and the vectors of the rows that are kept."""
        rows = np.flatnonzero(kept)
        for start in range(0, len(rows), _READ):
            part = rows[start : start + _READ]
            keys = (key.tobytes() for key in self._keys[part])
            yield from zip(keys, self.of(part.tolist()), strict=True)

    def _open(self, name: str, shape: tuple[int, ...]) -> NDArray[Any]:
        found = np.asarray(np.load(self._folder / f"{name}.npy", mmap_mode="r"))
        if found.shape != shape:
            raise ValueError(f"{name}.npy is {found.shape}, not {shape}")
        return found

    @cached_property
    def _prefixes(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Return the first bytes of all keys, sorted, and their rows. Of two keys that begin alike,
        one pair in 10^19, the second is not found and its vectors are computed again."""
        prefixes = _prefixes_of(self._keys)
        order = np.argsort(prefixes, kind="stable")
        return prefixes[order], order


def write_vectors(
    folder: Path,
    fingerprint: str,
    dimension: int,
    rows: Iterable[tuple[bytes, PassageVectors]],
) -> None:
    """Write vectors with their keys, in order, into a new folder; `rows` is read once."""
    folder.mkdir()
    at = [0]
    with (
        _appending(folder / "passages.npy", "<f4", dimension) as add_passage,
        _appending(folder / "sentences.npy", "<f2", dimension) as add_sentences,
        _appending(folder / "keys.npy", "|u1", _KEY_BYTES) as add_key,
    ):
        for key, vectors in rows:
            add_key(np.frombuffer(key, np.uint8).reshape(1, -1))
            add_passage(vectors.passage.reshape(1, -1))
            add_sentences(vectors.sentences)
            at.append(at[-1] + len(vectors.sentences))
    np.save(folder / "starts.npy", np.array(at, "<i8"))
    rows_written, recall = len(at) - 1, None
    if rows_written >= _LEAST_CODED:
        passages = np.asarray(np.load(folder / "passages.npy", mmap_mode="r"))
        write_codes(folder / _CODES, passages)
        recall = _measure_recall(passages, Codes(np.fromfile(folder / _CODES, np.uint8)))
    about = {
        "form": _FORM,
        "fingerprint": fingerprint,
        "dimension": dimension,
        "rows": rows_written,
        "sentences": at[-1],
        "recall": recall,
    }
    text = json.dumps(about, ensure_ascii=False, indent=1)
    (folder / _ABOUT).write_text(text + "\n", encoding="utf-8")


def merge_vectors(folder: Path, parts: Sequence[tuple[Path, NDArray[np.bool_]]]) -> None:
    """Write into a new folder the rows of others that are kept, in order.

    Raises:
        ValueError: there are none, or they are not all of one model.
        IndexUnusable: one cannot be opened.
    """
    opened = [Vectors(path) for path, _ in parts]
    models = {(vectors.fingerprint, vectors.dimension) for vectors in opened}
    if len(models) != 1:
        raise ValueError(f"vectors of one model are needed: {models}")
    kept = (
        row
        for vectors, (_, rows) in zip(opened, parts, strict=True)
        for row in vectors.taken_over(rows)
    )
    write_vectors(folder, *models.pop(), kept)


def leading(scores: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Return where the highest scores stand, best first, the first of equal ones before others."""
    at = np.arange(len(scores))
    if 0 < count < len(scores):
        least = np.partition(scores, -count)[-count]
        above, equal = np.flatnonzero(scores > least), np.flatnonzero(scores == least)
        at = np.concatenate((above, equal[: count - len(above)]))
    best: NDArray[np.int64] = at[np.argsort(-scores[at], kind="stable")][:count]
    return best


def stretches(
    first: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the numbers of stretches one after another, and where each begins there, [n + 1]."""
    starts = np.concatenate(([0], np.cumsum(counts)))
    return np.repeat(first - starts[:-1], counts) + np.arange(starts[-1]), starts


def _read(
    path: Path, mapped: NDArray[Any], first: NDArray[np.int64], counts: NDArray[np.int64]
) -> NDArray[Any]:
    """Return stretches of the rows of an array file, one after another."""
    width = mapped.shape[1]
    found = np.empty((int(counts.sum()), width), mapped.dtype)
    room = found.reshape(-1).view(np.uint8).data
    row = width * mapped.itemsize
    try:
        file = path.open("rb")
    except FileNotFoundError:  # a build has removed the segment, and this reader goes on
        return mapped[stretches(first, counts)[0]]
    with file:
        begin = os.fstat(file.fileno()).st_size - mapped.nbytes
        at = 0
        for offset, size in zip(
            (begin + first * row).tolist(), (counts * row).tolist(), strict=True
        ):
            if os.preadv(file.fileno(), [room[at : at + size]], offset) != size:
                raise OSError(f"{path} ends early")
            at += size
    return found


def _prefixes_of(keys: NDArray[np.uint8]) -> NDArray[np.uint64]:
    return np.ascontiguousarray(keys[:, :8]).view("<u8").reshape(-1)


@contextlib.contextmanager
def _appending(path: Path, kind: str, width: int) -> Iterator[Callable[[NDArray[Any]], None]]:
    """Give what appends rows [n, width] to a new array file, whose length is known only at the end.

    Written, not memory-mapped: on a full disk a mapped page kills the process without a word.
    """
    length = 0
    with path.open("wb") as file:

        def write_header() -> None:
            header = {"descr": kind, "fortran_order": False, "shape": (length, width)}
            np.lib.format.write_array_header_1_0(file, header)

        def append(part: NDArray[Any]) -> None:
            nonlocal length
            if part.shape[1:] != (width,):
                raise ValueError(f"rows of {width} are needed: {part.shape}")
            file.write(np.ascontiguousarray(part, kind).tobytes())
            length += len(part)

        write_header()
        yield append
        file.seek(0)
        write_header()  # as long as before: numpy leaves room for any number of rows


def _measure_recall(passages: NDArray[np.float32], codes: Codes) -> float:
    """Return the share of the nearest rows that the codes find."""
    shares = []
    for row in np.linspace(0, len(passages) - 1, _ASKED, dtype=np.int64):
        nearest = set(leading(np.vecdot(passages, passages[row]), _RECALL_OF + 1).tolist()) - {row}
        found, _ = codes.search(passages[row], candidates_for(_RECALL_OF), None)
        shares.append(len(nearest.intersection(found.tolist())) / len(nearest))
    return float(np.mean(shares))
