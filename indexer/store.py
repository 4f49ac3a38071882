"""A generation opened for reading: its segments as if they were one, in the order of the paths.

Documents are numbered by their paths and passages within them; these numbers are positions, and
the same corpus has the same, however its documents came to lie in segments (segment.py).
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.concordance import Concordance
from indexer.documents import Documents, Known
from indexer.errors import DocumentMissing, IndexUnusable
from indexer.inventory import Inventory, Listed, Notes
from indexer.lexicon import Lexicon
from indexer.link_tables import LinkTables
from indexer.manifest import REBUILD, read_manifest
from indexer.records import Document, Link, Passage, Problem, Progress
from indexer.segment import Segment, find_damage, open_segment
from indexer.vector_space import VectorSpace

INVENTORY, SEGMENTS = "inventory.sqlite", "segments"
REBUILD_WHOLE = "请删去索引文件夹里的 generations 和 segments，再运行 python -m indexer build。"
_RECALL_VARIES = 0.02  # between two samples of passages

Positions = NDArray[np.int64]


class Size(NamedTuple):
    """How many passages of a segment count, and how many it holds."""

    live: int
    held: int


class Generation:
    """A generation opened for reading; safe to use from several threads.

    Raises:
        IndexUnusable: on opening, if a file is missing, changed, or of another version.
    """

    def __init__(self, folder: Path) -> None:
        self.manifest = read_manifest(folder)
        self._inventory = Inventory(folder / INVENTORY, self.manifest.inventory)
        segments = folder.parent.parent / SEGMENTS
        self.segments: tuple[Segment, ...] = tuple(
            open_segment(segments / name) for name in self.manifest.segments
        )
        self.listed: tuple[Listed, ...] = tuple(self._inventory.documents())
        self.ids: tuple[str, ...] = tuple(each.id for each in self.listed)
        self._position = {document_id: at for at, document_id in enumerate(self.ids)}
        self._place()
        passages = list(zip(self.segments, self._passages_at, strict=True))
        self.words = Lexicon([(segment.words, at) for segment, at in passages])
        self.vectors = VectorSpace([(segment.vectors, at) for segment, at in passages])
        documents = zip(self.segments, self._documents_at, strict=True)
        self.concordances: tuple[tuple[Concordance, Positions], ...] = tuple(
            (segment.concordance, at) for segment, at in documents
        )
        self._links = LinkTables(self._inventory.rows)

    def _place(self) -> None:
        """Work out where each position lies, and which position each row of a segment has."""
        order = {name: at for at, name in enumerate(self.manifest.segments)}
        try:
            places = [(order[each.place.segment], each.place.row) for each in self.listed]
            # Of each document: its segment, its row in it, its first passage there.
            self._segment_of = np.array([segment for segment, _ in places], np.int64)
            self._row_of = np.array([row for _, row in places], np.int64)
            first = [self.segments[at].documents.first_passage for at, _ in places]
            bounds = [
                (rows[row], rows[row + 1]) for rows, (_, row) in zip(first, places, strict=True)
            ]
        except (KeyError, IndexError) as error:
            raise IndexUnusable("索引前后不一致：有文件不在任何分段里。", REBUILD) from error
        self._first_row, ends = np.array(bounds, np.int64).reshape(-1, 2).T
        counts = ends - self._first_row
        # The position of each document's first passage, and last how many there are.
        self._first_passage: Positions = np.concatenate(([0], np.cumsum(counts)))
        # The document of each passage, [passages].
        self.document_of: Positions = np.repeat(np.arange(len(counts)), counts)
        # Of each segment: which of its documents and passages have which position.
        self._documents_at = [self._documents_in(at) for at in range(len(self.segments))]
        self._passages_at = [self._passages_in(at) for at in range(len(self.segments))]

    def _documents_in(self, segment: int) -> Positions:
        """Return the position of each document of a segment, -1 for one that is no more."""
        found = np.full(len(self.segments[segment].documents), -1, np.int64)
        live = np.flatnonzero(self._segment_of == segment)
        found[self._row_of[live]] = live
        return found

    def _passages_in(self, segment: int) -> Positions:
        """Return the position of each passage of a segment, -1 for one that is no more."""
        first = self.segments[segment].documents.first_passage
        documents = np.repeat(self._documents_at[segment], np.diff(first))
        rows = np.arange(len(documents))
        positions = self._first_passage[documents] + rows - self._first_row[documents]
        return np.where(documents >= 0, positions, -1)

    def _rows(self, positions: Positions) -> Positions:
        """Return the row in its segment that each passage has."""
        documents = self.document_of[positions]
        return self._first_row[documents] + positions - self._first_passage[documents]

    def complete_manifest(self, folder: Path) -> None:
        """Write the counts into the manifest, which was written without them."""
        self.manifest = replace(
            self.manifest,
            documents=len(self.ids),
            passages=len(self.document_of),
            sentences=self.sentences,
            recall=self.vectors.recall,
        )
        self.manifest.write(folder)

    @property
    def sentences(self) -> int:
        """How many sentences there are."""
        return sum(
            int(segment.documents.sentences[self.is_live(at)].sum())
            for at, segment in enumerate(self.segments)
        )

    def is_live(self, segment: int) -> NDArray[np.bool_]:
        """Tell which documents of a segment are of this generation."""
        return self._documents_at[segment] >= 0

    def sizes(self) -> list[Size]:
        """Return how large each segment is."""
        return [Size(int((at >= 0).sum()), len(at)) for at in self._passages_at]

    def document(self, document_id: str) -> Document:
        """Return a document whole.

        Raises:
            DocumentMissing: no document of that name is in this generation.
        """
        if document_id not in self._position:
            raise DocumentMissing(
                f"索引里没有文件“{document_id}”。", "它可能已被移除或改名，请在文件库里查找。"
            )
        documents, row = self._place_of(self._position[document_id])
        return documents.document(row, document_id)

    def _place_of(self, position: int) -> tuple[Documents, int]:
        """Return where a document lies: the documents of a segment, and its row there."""
        documents: Documents = self.segments[self._segment_of[position]].documents
        return documents, int(self._row_of[position])

    def headers(self) -> list[Known]:
        """Return what is known of every document, in the order of their positions."""
        known = [segment.documents.known() for segment in self.segments]
        places = zip(self._segment_of.tolist(), self._row_of.tolist(), strict=True)
        return [
            known[segment][row]._replace(document=document_id)
            for document_id, (segment, row) in zip(self.ids, places, strict=True)
        ]

    def texts(self, document_ids: Collection[str]) -> dict[str, str]:
        """Return the texts of some documents."""
        found = {}
        for document_id in document_ids:
            documents, row = self._place_of(self._position[document_id])
            found[document_id] = documents.text(row)
        return found

    def links_from(self, document_id: str) -> list[Link]:
        """Return what a document cites, in the order of its text."""
        return self._links.links_from(self._numbered(document_id))

    def links_to(self, document_id: str) -> list[Link]:
        """Return where a document is cited, in the order of the paths of those that cite it."""
        return self._links.links_to(self._numbered(document_id))

    def holders(self, name: str, roles: int) -> list[tuple[str, str, str]]:
        """Return path, locality and day of the documents that have a normalised name, each in one
        of some roles (resolution.py)."""
        return self._links.holders(name, roles)

    def changes(self, actions: Sequence[str]) -> list[Link]:
        """Return the links by which one document does one of some actions to another."""
        return self._links.changes(actions)

    def versions(self) -> list[tuple[str, ...]]:
        """Return the documents that are versions of one, oldest first."""
        return self._links.versions()

    def _numbered(self, document_id: str) -> int:
        return self.listed[self._position[document_id]].number

    def passages(self, positions: Sequence[int]) -> list[Passage]:
        """Return passages in the order asked for."""
        wanted = np.asarray(positions, dtype=np.int64)
        documents = self.document_of[wanted]
        segments, rows = self._segment_of[documents], self._rows(wanted)
        found: dict[int, Passage] = {}
        for at in np.unique(segments).tolist():
            here = np.flatnonzero(segments == at)
            names = [self.ids[document] for document in documents[here].tolist()]
            passages = self.segments[at].documents.passages_at(rows[here].tolist(), names)
            found.update(zip(here.tolist(), passages, strict=True))
        return [found[place] for place in range(len(wanted))]

    def wordings(self, positions: Sequence[int]) -> list[tuple[int, str]]:
        """Return where passages begin in their documents, and their words, in the order asked."""
        wanted = np.asarray(positions, dtype=np.int64)
        segments, rows = self._segment_of[self.document_of[wanted]], self._rows(wanted)
        found: dict[int, tuple[int, str]] = {}
        for at in np.unique(segments).tolist():
            here = np.flatnonzero(segments == at)
            wordings = self.segments[at].documents.wordings_at(rows[here].tolist())
            found.update(zip(here.tolist(), wordings, strict=True))
        return [found[place] for place in range(len(wanted))]

    def sentence_vectors_of(self, positions: Sequence[int]) -> list[NDArray[np.float32]]:
        """Return the sentence vectors of passages, [sentences, dimension] each."""
        vectors, starts = self.vectors.sentences_of(np.asarray(positions, dtype=np.int64))
        return np.split(vectors, starts[1:-1])[: len(positions)]  # split gives one of nothing

    def positions_of(self, documents: Sequence[int]) -> Positions:
        """Return the positions of all passages of some documents, ascending."""
        wanted = np.zeros(len(self.ids), dtype=np.bool_)
        wanted[np.asarray(documents, dtype=np.int64)] = True
        return np.flatnonzero(wanted[self.document_of])

    def position(self, document_id: str) -> int:
        """Return a document's position."""
        return self._position[document_id]

    def contents(self) -> dict[str, str]:
        """Return the sha256 of every file this generation was made from, unreadable ones too."""
        return self._inventory.contents()

    def notes(self) -> Notes:
        """Return what is to be known of files that are no documents."""
        return self._inventory.notes()

    def problems(self) -> tuple[Problem, ...]:
        """Return the files that could not be read."""
        return self._inventory.problems()

    def cautions(self) -> tuple[Problem, ...]:
        """Return what is to be known of the documents."""
        return self._inventory.cautions()

    def excluded(self) -> tuple[tuple[str, int], ...]:
        """Return how many characters are kept out of the passages, by reason."""
        return self._inventory.excluded()

    def duplicates(self) -> tuple[tuple[str, str], ...]:
        """Return files left out because another of the same content was kept."""
        return self._inventory.duplicates()

    def skipped(self) -> tuple[Problem, ...]:
        """Return what was no notice and passed over."""
        return self._inventory.skipped()

    def find_faults(self, progress: Callable[[Progress], None] = lambda _: None) -> list[Problem]:
        """Return everything that is wrong: bytes, counts, spans, and recall, measured anew."""
        facts: list[str] = []
        for number, segment in enumerate(self.segments):
            progress(Progress("核对字节", number, len(self.segments)))
            facts += find_damage(segment.folder, is_thorough=True)
        if not facts:  # nothing can be read of damaged files
            facts += self._unfit(progress)
        return [Problem("索引", f"{fact}。", REBUILD_WHOLE) for fact in facts]

    def _unfit(self, progress: Callable[[Progress], None]) -> Iterator[str]:
        """Yield what does not fit together in files that are what was written."""
        yield from self._miscounted()
        for number, name in enumerate(self.ids):
            progress(Progress("核对段落", number, len(self.ids)))
            text = self.texts([name])[name]
            positions = self.positions_of([self._position[name]]).tolist()
            for passage in self.passages(positions):
                if text[passage.span.start : passage.span.end] != passage.text:
                    yield f"文件“{name}”第 {passage.span.start} 字起的段落与原文不符"
        recall = self.vectors.measure_recall()
        if recall < self.manifest.recall - _RECALL_VARIES:
            yield f"向量的召回率是 {recall:.3f}，清单写的是 {self.manifest.recall:.3f}"

    def _miscounted(self) -> Iterator[str]:
        made = self.manifest
        for what, stated, found in (
            ("文件", made.documents, len(self.ids)),
            ("段落", made.passages, len(self.document_of)),
            ("句子", made.sentences, self.sentences),
        ):
            if stated != found:
                yield f"清单有 {stated} {what}，实有 {found}"
        for segment in self.segments:
            held = segment.documents.passages
            for what, count in (("向量", segment.vectors.rows), ("词表", segment.words.rows)):
                if count != held:
                    yield f"segments/{segment.id} 有 {held} 段，{what}有 {count} 条"
