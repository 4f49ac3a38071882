"""What a reader hands on."""

from dataclasses import dataclass

from indexer.records import Exclusion, Span


@dataclass(frozen=True, slots=True)
class Source:
    """A file's visible text and what its form (not its words) says about it.

    `headings` are spans the form itself marks as headings with their level from 1; `exclusions`
    are stretches the form marks as outside the article (a web page's navigation).
    """

    text: str
    headings: tuple[tuple[Span, int], ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
