"""What is to be known of files: one table for the terminal, the JSON report and the library."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.records import Problem, Report
from indexer.store import Generation

UNREAD, UNSURE, DUPLICATE, SKIPPED = "未能收录", "请核对", "内容重复", "未处理"


@dataclass(frozen=True, slots=True)
class Finding:
    """A file, what sort of thing is to be known of it, what that is, and what to do."""

    sort: str
    file: str
    fact: str
    cure: str


def findings_of(made: Report | Generation) -> tuple[Finding, ...]:
    """Return what is to be known of the files of a build, the gravest first."""
    if isinstance(made, Report):
        return tuple(_findings(made.problems, made.cautions, made.duplicates, made.skipped))
    return tuple(_findings(made.problems(), made.cautions(), made.duplicates(), made.skipped()))


def _findings(
    problems: Sequence[Problem],
    cautions: Sequence[Problem],
    duplicates: Sequence[tuple[str, str]],
    skipped: Sequence[Problem],
) -> Iterator[Finding]:
    for sort, found in ((UNREAD, problems), (UNSURE, cautions)):
        yield from (Finding(sort, each.file, each.fact, each.cure) for each in found)
    for file, kept in duplicates:
        yield Finding(DUPLICATE, file, f"与 {kept} 内容相同。", "已收录那一份，无需处理。")
    yield from (Finding(SKIPPED, each.file, each.fact, each.cure) for each in skipped)
