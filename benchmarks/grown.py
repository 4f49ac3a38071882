"""An index grown to any size: its own documents again and again, with varied words."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

from benchmarks.drawn import DrawnEncoder
from benchmarks.varied import Varied
from indexer.documents import Indexed
from indexer.generations import building, install_segment, open_live, segment_folder, staged_segment
from indexer.inventory import Place
from indexer.publishing import publish
from indexer.records import Document, LeadIn, Passage
from indexer.segment import (
    MOST_PASSAGES,
    new_documents,
    open_segment,
    seal,
    write_segment_vectors,
    write_texts,
)
from indexer.settings import Settings
from indexer.store import Generation

_FULL = MOST_PASSAGES - 2_000  # passages of a segment after which no document may be too long


def grow(settings: Settings, size: int, varied: Varied, encoder: DrawnEncoder) -> None:
    """Add documents, and their files in the corpus, until an index has `size` passages.

    Words are changed for others as long, so that every span stays right and nothing need be read
    and cut again; all else is what a build does.
    """
    with building(settings.index):
        live = open_live(settings.index)
        need = size - live.manifest.passages
        found = _varied_notices(live, varied, settings.corpus)
        names, places = list[str](), list[tuple[str, Place]]()
        while need > 0:
            with staged_segment(settings.index) as folder:
                added = _write(folder, found, need, encoder)
                names.append(seal(folder))
                install_segment(folder, names[-1])
            need -= sum(len(notice.keys) for notice in added)
            ids = [notice.document.id for notice in added]
            places += [(name, Place(names[-1], row)) for row, name in enumerate(ids)]

        def documents() -> Iterator[tuple[Document, Place]]:
            opened = {each: open_segment(segment_folder(settings.index, each)) for each in names}
            for name, place in places:
                yield opened[place.segment].documents.document(place.row, name), place

        made = replace(live.manifest, content=f"grown{size}")
        segments = [*live.manifest.segments, *names]
        publish(settings.index, made, segments, live, lambda lib: lib.change((), documents()))


def _write(
    folder: Path, found: Iterator[Indexed], need: int, encoder: DrawnEncoder
) -> list[Indexed]:
    """Write a segment of what it may hold, or of what is needed, and return what is in it."""
    added: list[Indexed] = []
    with new_documents(folder) as writer:
        while writer.passages < min(need, _FULL):
            added.append(next(found))
            writer.add(added[-1])
        writer.finish()
    write_texts(folder)
    rows = (
        (key, encoder.draw(len(passage.sentences)))
        for notice in added
        for key, passage in zip(notice.keys, notice.passages, strict=True)
    )
    write_segment_vectors(folder, encoder.fingerprint, encoder.dimension, rows)
    return added


def _varied_notices(live: Generation, varied: Varied, corpus: Path) -> Iterator[Indexed]:
    """Yield the documents of an index with other words, without end, and write their files."""
    for round_ in count(1):
        for position, name in enumerate(live.ids):
            document = live.document(name)
            text = varied.vary(document.text, name, round_)
            path = corpus / f"grown{round_}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            content = text.encode()
            path.write_bytes(content)
            path = path.relative_to(corpus)
            sha256 = hashlib.sha256(content).hexdigest()
            other = replace(document, id=path.as_posix(), text=text, sha256=sha256)
            passages = live.passages(live.positions_of([position]).tolist())
            cut = tuple(_recut(passage, other) for passage in passages)
            keys = (f"{other.id} {at}".encode() for at in range(len(cut)))
            yield Indexed(other, cut, tuple(hashlib.sha256(key).digest() for key in keys))


def _recut(passage: Passage, document: Document) -> Passage:
    """Return a passage with the words that its document has now."""
    text = document.text
    above = (
        each and LeadIn(each.span, text[each.span.start : each.span.end])
        for each in passage.lead_ins
    )
    return replace(
        passage,
        document=document.id,
        text=text[passage.span.start : passage.span.end],
        lead_ins=tuple(above),
    )
