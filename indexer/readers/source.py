"""What a reader hands on, and how it says how far it has come."""

from collections.abc import Callable
from dataclasses import dataclass

from indexer.records import Caution, Exclusion, Page, Span, Table

# Called with the pages done and their number before each piece of work that takes a while.
Step = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Source:
    """A file's visible text and what its form (not its words) says about it.

    `headings` are spans the form itself marks as headings with their level from 1; `exclusions`
    are stretches the form marks as outside the article (a web page's navigation, the running
    headers of a PDF); `cautions` are what a person should know before trusting the text.
    """

    text: str
    headings: tuple[tuple[Span, int], ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    pages: tuple[Page, ...] = ()
    tables: tuple[Table, ...] = ()
    cautions: tuple[Caution, ...] = ()


def ignore_steps(done: int, total: int) -> None:
    """Take note of nothing."""
