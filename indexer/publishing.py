"""A generation is written, opened once, put in its place and made the live one."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from indexer.generations import (
    generation_folder,
    install_generation,
    staged_generation,
    switch_to,
)
from indexer.library import LibraryWriter, new_library
from indexer.manifest import Manifest, generation_id
from indexer.store import LIBRARY, Generation


def publish(
    index: Path,
    made: Manifest,
    segments: Sequence[str],
    previous: Generation | None,
    edit: Callable[[LibraryWriter], None],
) -> Generation:
    """Make a generation of some segments live, and return it.

    `edit` brings the library up to date, which begins as that of the previous generation; of `made`
    counts, ids and the day are not read. The caller holds the lock.
    """
    with staged_generation(index) as folder:
        with new_library(folder / LIBRARY, _library(index, previous)) as library:
            edit(library)
            sha256 = library.finish()
        manifest = replace(
            made,
            generation=generation_id(made.content, made.conditions, *segments, sha256),
            created=datetime.now(UTC).isoformat(timespec="microseconds"),
            segments=tuple(segments),
            library=sha256,
        )
        manifest.write(folder)
        made_live = Generation(folder)  # which checks that all fits together
        made_live.complete_manifest(folder)
        install_generation(folder, manifest.generation)
    switch_to(index, manifest.generation)
    return made_live


def _library(index: Path, generation: Generation | None) -> Path | None:
    if generation is None:
        return None
    return generation_folder(index, generation.manifest.generation) / LIBRARY
