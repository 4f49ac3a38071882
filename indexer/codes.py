"""Four bits for each number of a vector: enough to find candidates for an exact score, fast.

A product quantizer with one codebook of 16 values for each dimension, which FAISS scans in the
registers of the processor ("fast scan"). No graph, no clusters to choose from: every row is looked
at, so nothing is missed but by rounding, and what is rounded wrongly is put right by scoring
several times as many candidates exactly as are asked for.

Chosen by `python -m benchmarks.structures`; docs/evaluation.md has the figures.
"""

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

# Candidates scored exactly: so many times as many as are asked for, and never fewer than the
# second. Measured with questions on a million vectors: of the nearest 300 are found .992 with 2,
# .9991 with 3, .9998 with 4.
_DEPTH, _LEAST = 4, 1_000
_faiss: Any = faiss  # its stubs do not know that it takes arrays
_BITS = 4  # what a fast scan takes
# The 16 values of a dimension are fitted to so many rows, of which FAISS takes no more, in so many
# rounds: one second. With its own 25 it takes four, and the exact scores leave no difference.
_TRAINING, _ROUNDS = 4_096, 8


def candidates_for(count: int) -> int:
    """Return how many candidates are scored exactly where some rows are asked for."""
    return max(_DEPTH * count, _LEAST)


class Codes:
    """The codes of vectors; safe to search from several threads."""

    def __init__(self, data: NDArray[np.uint8]) -> None:
        self._index = faiss.deserialize_index(data)

    def search(
        self, question: NDArray[np.float32], count: int, allowed: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the rows that seem nearest, with the inner products that the codes give for them,
        best first; `allowed` [rows] limits the search."""
        parameters = _faiss.SearchParametersIVF(nprobe=1)
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            parameters.sel = _faiss.IDSelectorBitmap(bits)
        count = min(count, self._index.ntotal)
        scores, rows = self._index.search(question.reshape(1, -1), count, params=parameters)
        is_found = rows[0] >= 0  # fewer were allowed than asked for
        return rows[0][is_found], scores[0][is_found]


def write_codes(path: Path, vectors: NDArray[np.float32]) -> None:
    """Write the codes of vectors [rows, d]: the same bytes each time, seconds for 65,536 rows."""
    rows, dimension = vectors.shape
    faiss.omp_set_num_threads(1)
    # One list that holds every row: the flat form of the index cannot be limited to some rows.
    whole = faiss.IndexFlatIP(dimension)
    whole.add(np.zeros((1, dimension), np.float32))
    index = faiss.IndexIVFPQFastScan(
        whole, dimension, 1, dimension, _BITS, faiss.METRIC_INNER_PRODUCT
    )
    index.by_residual = False
    index.pq.cp.niter = _ROUNDS
    index.train(np.ascontiguousarray(vectors[:: -(-rows // _TRAINING)]))
    index.add(np.ascontiguousarray(vectors))
    # Written by Python, so that a full disk is an OSError.
    path.write_bytes(faiss.serialize_index(index).tobytes())
