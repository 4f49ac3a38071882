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
from indexer.inventory import InventoryWriter, new_inventory
from indexer.manifest import Manifest, generation_id
from indexer.store import INVENTORY, Generation


def publish(
    index: Path,
    made: Manifest,
    segments: Sequence[str],
    previous: Generation | None,
    edit: Callable[[InventoryWriter], None],
) -> Generation:
    """Make a generation of some segments live, and return it.

    `edit` brings the inventory up to date, which begins as that of the previous generation; of
    `made` counts, ids and the day are not read. The caller holds the lock.
    """
    with staged_generation(index) as folder:
        with new_inventory(folder / INVENTORY, _inventory(index, previous)) as inventory:
            edit(inventory)
            sha256 = inventory.finish()
        manifest = replace(
            made,
            generation=generation_id(made.content, made.conditions, *segments, sha256),
            created=datetime.now(UTC).isoformat(timespec="microseconds"),
            segments=tuple(segments),
            inventory=sha256,
        )
        manifest.write(folder)
        made_live = Generation(folder)  # which checks that all fits together
        made_live.complete_manifest(folder)
        install_generation(folder, manifest.generation)
    switch_to(index, manifest.generation)
    return made_live


def _inventory(index: Path, generation: Generation | None) -> Path | None:
    if generation is None:
        return None
    return generation_folder(index, generation.manifest.generation) / INVENTORY
