"""Small segments become larger ones, and what was removed goes for good; answers stay the same.

A build that adds a notice writes a small segment, because its cost must follow the change. Every
segment is asked for every word of a question, so there must not be many: as in a log-structured
merge tree (O'Neil et al. 1996), four of one size become one of the next.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from indexer.generations import install_segment, staged_segment
from indexer.inventory import InventoryWriter, Place
from indexer.publishing import publish
from indexer.segment import MOST_PASSAGES, merge_segments, seal
from indexer.store import Generation, Size

_TOGETHER = 4  # segments of one size that become one
# Passages up to which segments count as of one size: merging so few takes a second or less.
_SMALL = 4_096
# A segment with more than this share of removed passages is written anew without them.
_DEAD = 0.25


def choose(sizes: Sequence[Size]) -> list[int]:
    """Return which segments to merge into one next, ascending; none where nothing is to be done.

    One alone is to be written anew without what was removed.
    """
    for tier in sorted({_tier(size) for size in sizes}):
        alike = [at for at, size in enumerate(sizes) if _tier(size) == tier]
        reach = np.cumsum(sorted(sizes[at].live for at in alike))
        fits = int(np.searchsorted(reach, MOST_PASSAGES, side="right"))
        if len(alike) >= _TOGETHER and fits > 1:
            return sorted(sorted(alike, key=lambda at: sizes[at].live)[:fits])
    worn = [at for at, size in enumerate(sizes) if size.held - size.live > _DEAD * size.held]
    return worn[:1]


def _tier(size: Size) -> int:
    """Return 0 for small segments, one more for each time that they are four times as large."""
    tier, bound = 0, _SMALL
    while size.live >= bound:
        tier, bound = tier + 1, bound * _TOGETHER
    return tier


def merge(index: Path, live: Generation, chosen: Sequence[int]) -> Generation:
    """Make one segment of some of the live generation's, and return the generation that has it,
    which is then the live one; the caller holds the lock."""
    parts = [(live.segments[at], live.is_live(at)) for at in chosen]
    with staged_segment(index) as folder:
        merge_segments(folder, parts)
        name = seal(folder)
        install_segment(folder, name)
    olds = [
        Place(segment.id, row) for segment, kept in parts for row in np.flatnonzero(kept).tolist()
    ]
    moved = {old: Place(name, row) for row, old in enumerate(olds)}
    left = [each.id for at, each in enumerate(live.segments) if at not in chosen]
    edit = partial(InventoryWriter.move, places=moved)
    return publish(index, live.manifest, [*left, name], live, edit)
