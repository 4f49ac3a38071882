"""A folder of notices becomes a generation of the index; this page tells the whole story.

scan -> compare with the live index -> read -> cut -> link -> embed -> write -> check -> switch
"""

import contextlib
import hashlib
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from indexer.chunking import cut_passages, embedding_context
from indexer.embedding import Encoder, PassageInput, identify_model, load_encoder
from indexer.errors import BuildError, CorpusError, IndexUnusable
from indexer.generations import (
    building,
    live_generation,
    new_generation,
    open_live,
    switch_to,
)
from indexer.links import link
from indexer.notices import READING_VERSION, excluded_characters
from indexer.reading import (
    ProgressHandler,
    Readings,
    Scanned,
    conditions,
    is_read_alike,
    kept_sources,
    read_all,
    scan,
)
from indexer.records import Document, Passage, Progress, Report
from indexer.settings import Settings
from indexer.store import (
    SCHEMA_VERSION,
    Contents,
    Generation,
    Indexed,
    Manifest,
    write_generation,
)
from indexer.text import simplify
from indexer.vector_cache import VectorCache

_FULL_DISK = 10_000_000  # bytes; a write that fails with less room than this failed for it
_SAVE_EVERY = 64  # passages between two commits of the vector cache: a few seconds of work


def build(settings: Settings, progress: ProgressHandler = lambda _: None) -> Report:
    """Bring the index up to date with the corpus and return what was done.

    Raises:
        CorpusError: the folder is missing or holds nothing that can be read.
        ModelError: the embedding model cannot be loaded.
        BuildError: another build is running, or the index cannot be written.
    """
    started = time.monotonic()
    with building(settings.index):
        found = scan(settings, progress)
        live = _open_reusable(settings)
        try:
            if live is not None and _is_current(live, found.files, settings):
                report = _compare(found.files, live, live.manifest.generation)
                return replace(
                    report,
                    problems=live.problems(),
                    skipped=found.skipped,
                    cautions=live.cautions(),
                    duplicates=live.duplicates(),
                    passages=live.manifest.passages,
                    seconds=time.monotonic() - started,
                )
            progress(Progress("加载模型", 0, 1))
            encoder = load_encoder(settings.model, settings.cache)
            read = read_all(settings, found, live, progress)
            generation = _generation_id(found.files, read, encoder, settings)
            report = _compare(found.files, live, generation)
        finally:
            if live is not None:
                live.close()
        notices = _cut_all(read.documents, encoder, settings, progress)
        progress(Progress("关联文件", 0, 1))
        with _failing_safely(settings.index):
            links = link([notice.document for notice in notices])
            contents = Contents(notices, links, read.problems, read.duplicates, found.skipped)
            embedded = _write(settings, encoder, generation, contents, progress)
            switch_to(settings.index, generation)
        kept_sources(settings).clear()
    excluded: Counter[str] = Counter()
    for document in read.documents:
        excluded.update(excluded_characters(document.exclusions))
    return replace(
        report,
        problems=tuple(problem for problem, _ in read.problems),
        skipped=found.skipped,
        cautions=read.cautions,
        duplicates=tuple(read.duplicates),
        passages=sum(len(notice.passages) for notice in notices),
        embedded=embedded,
        excluded=tuple(sorted(excluded.items())),
        seconds=time.monotonic() - started,
    )


def check(settings: Settings) -> Report:
    """Return what a build would do, changing nothing; unreadable files are found by reading.

    Raises:
        CorpusError: the folder is missing or empty.
    """
    found = scan(settings, lambda _: None)
    live = _open_reusable(settings)
    try:
        read = read_all(settings, found, live, lambda _: None)
        return replace(
            _compare(found.files, live, live.manifest.generation if live else ""),
            problems=tuple(problem for problem, _ in read.problems),
            skipped=found.skipped,
            cautions=read.cautions,
            duplicates=tuple(read.duplicates),
        )
    finally:
        if live is not None:
            live.close()


def _open_reusable(settings: Settings) -> Generation | None:
    """Open the live generation for what can be taken over from it; None where there is none.

    An index that cannot be used is replaced by a whole build; it is only read here, never
    changed, and its vectors are in the cache.
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
    identity = identify_model(settings.model)
    if identity:
        same_model = identity == made.identity
    else:
        encoder = load_encoder(settings.model, settings.cache)
        same_model = encoder.fingerprint == made.fingerprint
    return (
        same_model
        and is_read_alike(live, settings)
        and made.passage_tokens == settings.passage_tokens
        and live.contents() == {file.name: file.sha256 for file in files}
    )


def _generation_id(
    files: Sequence[Scanned], read: Readings, encoder: Encoder, settings: Settings
) -> str:
    """Return an id that is the same exactly when the generation would be."""
    parts = [
        f"{SCHEMA_VERSION} {READING_VERSION} {encoder.fingerprint} {settings.passage_tokens}",
        *(f"{file.sha256} {file.name}" for file in files),
        *(f"{problem.file} {problem.fact}" for problem, _ in read.problems),
        *(f"{caution.file} {caution.fact}" for caution in read.cautions),
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


def _cut_all(
    documents: Sequence[Document], encoder: Encoder, settings: Settings, progress: ProgressHandler
) -> list[Indexed]:
    """Return the documents with their passages."""
    if not documents:
        raise CorpusError(
            "语料文件夹里没有一个文件能读出文字。", "请查看上面列出的原因；原有索引没有改动。"
        )
    notices = []
    for done, document in enumerate(documents, start=1):
        progress(Progress("切分段落", done, len(documents)))
        limit = min(settings.passage_tokens, encoder.window * 3 // 4)
        notices.append(Indexed(document, cut_passages(document, encoder.count_tokens, limit)))
    return notices


def _write(
    settings: Settings,
    encoder: Encoder,
    generation: str,
    contents: Contents,
    progress: ProgressHandler,
) -> int:
    """Embed what is new, write the generation, check it; return how many passages were embedded."""
    notices = contents.notices
    passages = [(notice.document, passage) for notice in notices for passage in notice.passages]
    inputs = [embedded_form(document, passage) for document, passage in passages]
    manifest = Manifest(
        schema=SCHEMA_VERSION,
        generation=generation,
        created=datetime.now(UTC).isoformat(timespec="microseconds"),
        model=encoder.name,
        identity=identify_model(settings.model),
        fingerprint=encoder.fingerprint,
        dimension=encoder.dimension,
        passage_tokens=settings.passage_tokens,
        reading_version=READING_VERSION,
        conditions=conditions(settings),
        documents=len(notices),
        passages=len(passages),
        sentences=sum(len(passage.sentences) for _, passage in passages),
        files={},
    )
    path = settings.index / "embeddings.sqlite"
    with VectorCache(path, encoder.fingerprint, encoder.dimension) as cache:
        keys = [cache.key(given) for given in inputs]
        embedded = _embed_missing(encoder, cache, keys, inputs, progress)
        with new_generation(settings.index, generation) as folder:
            progress(Progress("写入索引", 0, 1))
            write_generation(folder, manifest, contents, cache.load(keys))
            Generation(folder).close()  # opening checks every file against the manifest
    progress(Progress("写入索引", 1, 1))
    return embedded


@contextlib.contextmanager
def _failing_safely(index: Path) -> Iterator[None]:
    """Say what kept the index from being written; the live one is as it was."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        is_full = shutil.disk_usage(index).free < _FULL_DISK or "full" in str(error)
        fact = "磁盘空间不足" if is_full else f"索引写不进去（{error}）"
        raise BuildError(
            f"{fact}，新索引没有启用，原有索引照常可用。",
            "请腾出磁盘空间或检查权限后再运行 python -m indexer build，已算好的部分不会重算。",
        ) from error


def _embed_missing(
    encoder: Encoder,
    cache: VectorCache,
    keys: Sequence[bytes],
    inputs: Sequence[PassageInput],
    progress: ProgressHandler,
) -> int:
    missing = cache.missing(keys)
    wanted = {key: given for key, given in zip(keys, inputs, strict=True) if key in missing}
    progress(Progress("计算向量", 0, len(wanted)))
    batch = []
    vectors = encoder.encode_passages(list(wanted.values()), None)
    for done, (key, found) in enumerate(zip(wanted, vectors, strict=True), start=1):
        batch.append((key, found))
        if len(batch) == _SAVE_EVERY or done == len(wanted):
            cache.add(batch)
            batch.clear()
        progress(Progress("计算向量", done, len(wanted)))
    return len(wanted)


def embedded_form(document: Document, passage: Passage) -> PassageInput:
    """Return what the model sees: one script and width, the title and headings in front."""
    return PassageInput(
        context=simplify(embedding_context(document.title, passage.headings)),
        text=simplify(passage.text),
        sentences=tuple(
            (sentence.start - passage.span.start, sentence.end - passage.span.start)
            for sentence in passage.sentences
        ),
    )


def verify(settings: Settings) -> Manifest:
    """Open the live generation, which checks every file, and return its manifest.

    Raises:
        IndexUnusable: with what is wrong.
    """
    generation = open_live(settings.index)
    manifest = generation.manifest
    try:
        vectors, rows = generation.vectors.ntotal, len(generation.sentence_vectors)
        if (vectors, rows) != (manifest.passages, manifest.sentences):
            raise IndexUnusable(
                f"索引前后不一致：清单有 {manifest.passages} 段，向量有 {vectors} 条。",
                "请运行 python -m indexer build 重建索引。",
            )
        for name in generation.ids:
            _check_spans(generation, name)
    finally:
        generation.close()
    return manifest


def _check_spans(generation: Generation, name: str) -> None:
    document = generation.document(name)
    positions = generation.positions_of([generation.position(name)])
    for passage in generation.passages(positions.tolist()):
        if document.text[passage.span.start : passage.span.end] != passage.text:
            raise IndexUnusable(
                f"文件“{name}”第 {passage.span.start} 字起的段落与原文不符。",
                "请删去 index 文件夹后运行 python -m indexer build。",
            )
