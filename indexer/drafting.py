"""New documents become segments: their texts first, so that the passages to embed can be counted,
then their vectors."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from indexer.chunking import cut_passages, embedding_context
from indexer.documents import Documents, DocumentWriter, Indexed
from indexer.encoder import Encoder, PassageInput, PassageVectors
from indexer.generations import install_segment, list_segments, staged_segment
from indexer.records import Document, Passage, Progress, ProgressHandler
from indexer.segment import (
    MOST_PASSAGES,
    find_damage,
    new_documents,
    open_vectors,
    read_documents,
    seal,
    write_segment_vectors,
    write_texts,
)
from indexer.settings import Settings
from indexer.store import Generation
from indexer.text import simplify
from indexer.vector_cache import VectorCache
from indexer.vectors import Vectors

_SAVE_EVERY = 64  # passages between two commits of the vector cache: a few seconds of work
_LOOKUP = 512  # passages whose vectors are looked up at once


def embedded_form(title: str, passage: Passage) -> PassageInput:
    """Return what the model sees: one script and width, the title and headings in front."""
    return PassageInput(
        context=simplify(embedding_context(title, passage.headings)),
        text=simplify(passage.text),
        sentences=tuple(
            (sentence.start - passage.span.start, sentence.end - passage.span.start)
            for sentence in passage.sentences
        ),
    )


class Drafts:
    """Segments in the making, as many as the documents need; abandoned ones leave nothing."""

    def __init__(self, settings: Settings, encoder: Encoder, cache: VectorCache) -> None:
        self._index = settings.index
        self._encoder = encoder
        self._cache = cache
        self._limit = min(settings.passage_tokens, encoder.window * 3 // 4)
        self._folders: list[Path] = []
        self._writer: DocumentWriter | None = None
        self._open = ExitStack()
        self.passages = 0

    def __enter__(self) -> "Drafts":
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, document: Document) -> tuple[int, int]:
        """Cut a document and add it; return the draft's number and the row in it."""
        passages = cut_passages(document, self._encoder.count_tokens, self._limit)
        keys = tuple(self._cache.key(embedded_form(document.title, each)) for each in passages)
        if self._writer and self._writer.passages + len(passages) > MOST_PASSAGES:
            self._finish_texts()
        if self._writer is None:
            folder = self._open.enter_context(staged_segment(self._index))
            self._folders.append(folder)
            self._writer = self._open.enter_context(new_documents(folder))
        self.passages += len(passages)
        return len(self._folders) - 1, self._writer.add(Indexed(document, passages, keys))

    def finish(self, known: Sequence[Vectors], progress: ProgressHandler) -> tuple[list[str], int]:
        """Embed what neither the cache nor other segments have, and install the segments.

        Returns their ids, in the order of their numbers, and how many passages were embedded.
        """
        self._finish_texts()
        drafts = [self._draft(folder, known) for folder in self._folders]
        total = sum(len(draft.missing) for draft in drafts)
        progress(Progress("计算向量", 0, total))
        done = 0
        names: list[str] = []
        for draft in drafts:
            for _ in self._embed(draft):
                done += 1
                progress(Progress("计算向量", done, total))
            progress(Progress("写入索引", len(names), len(drafts)))
            fingerprint, dimension = self._encoder.fingerprint, self._encoder.dimension
            rows = self._vectors(draft.keys, known)
            write_segment_vectors(draft.folder, fingerprint, dimension, rows)
            names.append(seal(draft.folder))
            install_segment(draft.folder, names[-1])
        progress(Progress("写入索引", len(drafts), len(drafts)))
        return names, total

    def _finish_texts(self) -> None:
        if self._writer is not None:
            self._writer.finish()
            write_texts(self._folders[-1])
            self._writer = None

    def _draft(self, folder: Path, known: Sequence[Vectors]) -> "_Draft":
        """Open the documents of a segment, and look which of their vectors are nowhere."""
        documents = read_documents(folder)
        keys = tuple(documents.keys())
        nowhere = self._cache.missing(keys)
        for vectors in known:
            nowhere -= set(vectors.find(list(nowhere)))
        first = {key: row for row, key in reversed(list(enumerate(keys))) if key in nowhere}
        return _Draft(folder, documents, keys, tuple(sorted(first.values())))

    def _embed(self, draft: "_Draft") -> Iterator[None]:
        """Embed passages and keep their vectors; yield after each, the last when all are kept."""
        vectors = self._encoder.encode_passages(list(draft.inputs()), None)
        batch = []
        for done, (row, found) in enumerate(zip(draft.missing, vectors, strict=True), start=1):
            batch.append((draft.keys[row], found))
            if len(batch) == _SAVE_EVERY or done == len(draft.missing):
                self._cache.add(batch)
                batch.clear()
            yield

    def _vectors(
        self, keys: Sequence[bytes], known: Sequence[Vectors]
    ) -> Iterator[tuple[bytes, PassageVectors]]:
        """Yield each key with the vectors of its passage."""
        for start in range(0, len(keys), _LOOKUP):
            part = keys[start : start + _LOOKUP]
            found = self._cache.find(part)
            for vectors in known:
                held = vectors.find([key for key in part if key not in found])
                found.update(zip(held, vectors.of(list(held.values())), strict=True))
            yield from ((key, found[key]) for key in part)


@dataclass(frozen=True, slots=True, eq=False)
class _Draft:
    """A segment whose texts are written: the keys of its passages, and the rows of those whose
    vectors are nowhere, the first of equal ones."""

    folder: Path
    documents: Documents
    keys: tuple[bytes, ...]
    missing: tuple[int, ...]

    def inputs(self) -> Iterator[PassageInput]:
        """Yield what is to be embedded."""
        known = self.documents.known()
        owners = [known[row] for row in self.documents.owners(self.missing)]
        for start in range(0, len(owners), _LOOKUP):
            part = owners[start : start + _LOOKUP]
            rows = self.missing[start : start + _LOOKUP]
            passages = self.documents.passages_at(rows, [each.document for each in part])
            for owner, passage in zip(part, passages, strict=True):
                yield embedded_form(owner.title, passage)


def open_known(index: Path, fingerprint: str, live: Generation | None) -> list[Vectors]:
    """Open the vectors of all segments on the disk that one model made, whatever generation they
    are of: what is there need not be embedded again.

    Those of the live generation are known to be whole; of others every byte is checked before.
    """
    found = {segment.id: segment.vectors for segment in live.segments} if live else {}
    for folder in list_segments(index):
        if folder.name not in found and not find_damage(folder, is_thorough=True):
            found[folder.name] = open_vectors(folder)
    return [vectors for vectors in found.values() if vectors.fingerprint == fingerprint]
