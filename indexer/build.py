"""A folder of notices becomes a generation of the index; this page tells the whole story.

scan -> compare with the live index -> read what is new -> cut -> embed -> write segments -> name
them, with those that stay, in a new generation -> switch -> merge small segments
"""

import contextlib
import hashlib
import logging
import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from indexer.change import Change
from indexer.compaction import choose, merge
from indexer.drafting import Drafts, open_known
from indexer.embedding import Encoder, identify_vectors, load_encoder
from indexer.errors import BuildError, BuildStopped, CorpusError, IndexUnusable
from indexer.folder import Settled
from indexer.generations import building, live_generation, open_live
from indexer.inventory import InventoryWriter, Notes
from indexer.link_tables import LINKING_VERSION
from indexer.manifest import SCHEMA_VERSION, Manifest
from indexer.notices import READING_VERSION
from indexer.publishing import publish
from indexer.reading import (
    conditions,
    is_read_alike,
    kept_sources,
    read_all,
)
from indexer.records import Progress, ProgressHandler, Report
from indexer.scanning import Scan, Scanned, scan
from indexer.settings import Settings
from indexer.store import Generation
from indexer.vector_cache import VectorCache

_log = logging.getLogger(__name__)

_FULL_DISK = 10_000_000  # bytes; a write that fails with less room than this failed for it


def build(
    settings: Settings,
    progress: ProgressHandler = lambda _: None,
    settled: Settled | None = None,
    encoder: Encoder | None = None,
) -> Report:
    """Bring the index up to date with the corpus and return what was done.

    Of the files only those that have `settled` are read, where that is given. `encoder` takes the
    place of the model that the settings name.

    Raises:
        CorpusError: the folder is missing or holds nothing that can be read.
        ModelError: the embedding model cannot be loaded.
        BuildError: another build is running, or the index cannot be written.
    """
    started = time.monotonic()
    with building(settings.index):
        found = scan(settings, progress, settled)
        found.hashes.save()
        live = _open_reusable(settings)
        made, embedded = live, 0
        if live is None or not _is_current(live, found.files, settings):
            progress(Progress("加载模型", 0, 1))
            encoder = encoder or load_encoder(settings.model, settings.cache, settings.precision)
            with _failing_safely(settings.index):
                made, embedded = _update(settings, found, live, encoder, progress)
            kept_sources(settings).clear()
            made = _compact(settings.index, made, progress)
        elif live.skipped() != found.skipped:
            with _failing_safely(settings.index):
                made = _note_skipped(settings, live, found)
        assert made is not None
    return replace(
        _compare(found.files, live, made.manifest.generation),
        problems=made.problems(),
        skipped=found.skipped,
        cautions=made.cautions(),
        duplicates=made.duplicates(),
        passages=made.manifest.passages,
        embedded=embedded,
        excluded=made.excluded(),
        seconds=time.monotonic() - started,
    )


def check(settings: Settings) -> Report:
    """Return what a build would do, changing nothing; unreadable files are found by reading.

    Raises:
        CorpusError: the folder is missing or empty.
    """
    found = scan(settings, lambda _: None)
    live = _open_reusable(settings)
    change = Change(live)
    for outcome in read_all(settings, found, live, lambda *_: None):
        change.note(outcome)
    return replace(
        _compare(found.files, live, live.manifest.generation if live else ""),
        problems=tuple(problem for problem, _ in change.problems),
        skipped=found.skipped,
        cautions=tuple(change.cautions),
        duplicates=tuple(change.duplicates),
    )


def verify(settings: Settings) -> Manifest:
    """Check every file, span and vector of the live generation and return its manifest.

    Raises:
        IndexUnusable: with everything that is wrong.
    """
    generation = open_live(settings.index)
    faults = generation.find_faults()
    if faults:
        raise IndexUnusable("".join(fault.fact for fault in faults), faults[0].cure)
    return generation.manifest


def _update(
    settings: Settings,
    found: Scan,
    live: Generation | None,
    encoder: Encoder,
    progress: ProgressHandler,
) -> tuple[Generation, int]:
    """Make the generation that the files give the live one; return it, and how many passages were
    embedded."""
    change = Change(live, live is not None and _is_cut_alike(live, encoder, settings))
    path = settings.index / "embeddings.sqlite"
    with (
        VectorCache(path, encoder.fingerprint, encoder.dimension) as cache,
        Drafts(settings, encoder, cache) as drafts,
    ):

        def show(done: int, total: int, detail: str) -> None:
            passages = f"已得 {drafts.passages} 段" if drafts.passages else ""
            progress(Progress("读取文件", done, total, detail or passages))

        for outcome in read_all(settings, found, live, show):
            document = change.note(outcome)
            if document is not None:
                change.drafted.append((document.id, *drafts.add(document)))
        if change.is_empty:
            raise CorpusError(
                "语料文件夹里没有一个文件能读出文字。", "请查看上面列出的原因；原有索引没有改动。"
            )
        known = open_known(settings.index, encoder.fingerprint, live)
        names, embedded = drafts.finish(known, progress)
        progress(Progress("关联文件", 0, 1))
        made = _manifest(settings, encoder, _content_id(found.files, change, encoder, settings))

        def edit(inventory: InventoryWriter) -> None:
            inventory.change(change.gone(), change.come(settings.index, names))
            inventory.note(Notes(change.problems, change.duplicates, found.skipped))
            progress(Progress("关联文件", 1, 1))  # the last, because the switch comes next

        live = publish(settings.index, made, [*change.segments(), *names], change.base, edit)
        cache.clear()
    return live, embedded


def _note_skipped(settings: Settings, live: Generation, found: Scan) -> Generation:
    """Put down what was passed over now, where all else is as it was."""

    def edit(inventory: InventoryWriter) -> None:
        inventory.note(replace(live.notes(), skipped=found.skipped))

    return publish(settings.index, live.manifest, live.manifest.segments, live, edit)


def _compact(index: Path, live: Generation, progress: ProgressHandler) -> Generation:
    """Merge small segments and return what is live then; as all is live already, this may be put
    off, and a stop has nothing to undo."""
    try:
        while chosen := choose(live.sizes()):
            progress(Progress("合并小段", 0, 1))
            live = merge(index, live, chosen)
            progress(Progress("合并小段", 1, 1))
    except BuildStopped:
        _log.info("a stop has put merging off")
    except (OSError, sqlite3.Error) as error:
        _log.warning("segments could not be merged, the next build will try again: %s", error)
    return live


def _open_reusable(settings: Settings) -> Generation | None:
    """Open the live generation for what can be taken over from it; None where there is none.

    An index that cannot be used is replaced by a whole build; it is only read here, never
    changed.
    """
    try:
        return open_live(settings.index) if live_generation(settings.index) else None
    except IndexUnusable:
        return None


def _is_current(live: Generation, files: Sequence[Scanned], settings: Settings) -> bool:
    """Tell, without loading the model, whether a build would change nothing.

    A model of the user's is loaded and compared by its fingerprint instead.
    """
    made = live.manifest
    identity = identify_vectors(settings.model, settings.precision)
    if identity:
        same_model = identity == made.identity
    else:
        encoder = load_encoder(settings.model, settings.cache, settings.precision)
        same_model = encoder.fingerprint == made.fingerprint
    return (
        same_model
        and is_read_alike(live, settings)
        and made.linking_version == LINKING_VERSION
        and made.passage_tokens == settings.passage_tokens
        and live.contents() == {file.name: file.sha256 for file in files}
    )


def _is_cut_alike(live: Generation, encoder: Encoder, settings: Settings) -> bool:
    """Tell whether the passages, vectors and links of the live index are those of a new one."""
    made = live.manifest
    return (
        made.fingerprint == encoder.fingerprint
        and made.passage_tokens == settings.passage_tokens
        and made.reading_version == READING_VERSION
        and made.linking_version == LINKING_VERSION
    )


def _manifest(settings: Settings, encoder: Encoder, content: str) -> Manifest:
    return Manifest(
        schema=SCHEMA_VERSION,
        content=content,
        model=encoder.name,
        identity=identify_vectors(settings.model, settings.precision),
        fingerprint=encoder.fingerprint,
        dimension=encoder.dimension,
        passage_tokens=settings.passage_tokens,
        reading_version=READING_VERSION,
        linking_version=LINKING_VERSION,
        conditions=conditions(settings),
    )


def _content_id(
    files: Sequence[Scanned], change: Change, encoder: Encoder, settings: Settings
) -> str:
    """Return an id that is the same exactly when everything in the index would be."""
    parts = [
        f"{SCHEMA_VERSION} {READING_VERSION} {encoder.fingerprint} {settings.passage_tokens}",
        *(f"{file.sha256} {file.name}" for file in files),
        *(f"{problem.file} {problem.fact}" for problem, _ in change.problems),
        *(f"{caution.file} {caution.fact}" for caution in change.cautions),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _compare(files: Sequence[Scanned], live: Generation | None, generation: str) -> Report:
    """Return the report of what changes between the live index and the files."""
    known = live.contents() if live else {}
    names = {file.name for file in files}
    return Report(
        generation=generation,
        added=tuple(file.name for file in files if file.name not in known),
        changed=tuple(
            file.name for file in files if known.get(file.name, file.sha256) != file.sha256
        ),
        removed=tuple(sorted(set(known) - names)),
        unchanged=tuple(file.name for file in files if known.get(file.name) == file.sha256),
    )


@contextlib.contextmanager
def _failing_safely(index: Path) -> Iterator[None]:
    """Say what kept the index from being written; the live one is as it was."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        is_full = shutil.disk_usage(index).free < _FULL_DISK or "full" in str(error)
        fact = "磁盘空间不足" if is_full else f"索引写不进去（{error}）"
        raise BuildError(
            f"{fact}，新索引没有启用，原有索引照常可用。",
            "请腾出磁盘空间或检查权限后再运行 python -m indexer build，已算好的部分不会重算。",
        ) from error
