"""The records that flow from a file to the index; all frozen, none knows how it was made.

Spans are half-open and count characters of `Document.text`, which is what the file says, in its
own script and characters, and is never rewritten.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Span(NamedTuple):
    """Characters `start` up to, not including, `end` of a document's text."""

    start: int
    end: int

    def contains(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Field:
    """A fact about a document and the span that proves it.

    `value` is the normalised form (a date as YYYY-MM-DD, a locality in Simplified characters);
    `document.text[start:end]` is what the notice says.
    """

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A stretch that stays in the text but is kept out of the passages, and why."""

    reason: str
    span: Span


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and everything below it, up to the next heading of its rank.

    `number` is as printed ("三、", "第五条", "" where the heading has none); `level` counts from 1
    at a root; `parent` is the position of the enclosing section in `Document.sections`, or -1.
    """

    number: str
    heading: str
    level: int
    parent: int
    heading_span: Span
    span: Span


@dataclass(frozen=True, slots=True)
class Header:
    """What a notice says of itself; what cannot be proven by a span is absent."""

    title: Field | None = None
    doc_number: Field | None = None
    index_number: Field | None = None
    issuer: Field | None = None
    issued_on: Field | None = None
    published_on: Field | None = None
    kind: Field | None = None
    status: Field | None = None
    localities: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One notice. `id` is its path below the corpus, with forward slashes."""

    id: str
    sha256: str
    text: str
    header: Header
    sections: tuple[Section, ...]
    exclusions: tuple[Exclusion, ...]

    @property
    def title(self) -> str:
        """The title as printed, on one line; the file's name where the text offers none."""
        title = self.header.title
        if title is None:
            return self.id.rsplit("/", 1)[-1]
        return "".join(self.text[title.span.start : title.span.end].split("\n"))

    @property
    def locality(self) -> str:
        """The issuing locality, or "" where the notice names none."""
        return self.header.localities[0].value if self.header.localities else ""

    def heading_path(self, section: int) -> tuple[str, ...]:
        """Headings from the root down to `section` (a position, or -1 for no section)."""
        path: list[str] = []
        while section >= 0:
            found = self.sections[section]
            path.append(self.text[found.heading_span.start : found.heading_span.end])
            section = found.parent
        return tuple(" ".join(heading.split()) for heading in reversed(path))


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that is not in the index: why, and what to do about it, in Chinese."""

    file: str
    fact: str
    cure: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build has come: `done` of `total` in the stage that `stage` names in Chinese."""

    stage: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did, or, from `check`, would do. Files are paths below the corpus.

    `duplicates` pairs a file that was left out with the one of the same content that was kept;
    `excluded` counts characters kept out of the passages by reason.
    """

    generation: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    duplicates: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()
    passages: int = 0
    embedded: int = 0
    excluded: tuple[tuple[str, int], ...] = ()
    seconds: float = 0.0

    @property
    def changes_nothing(self) -> bool:
        """True where the live index already says what the corpus says."""
        return not (self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one section: `document.text[start:end] == passage.text`, always.

    `sentences` are half-open spans of the document inside the passage.
    """

    document: str
    span: Span
    text: str
    headings: tuple[str, ...]
    sentences: tuple[Span, ...]

    def quotes(self) -> Iterator[str]:
        """Each sentence's own words."""
        for sentence in self.sentences:
            yield self.text[sentence.start - self.span.start : sentence.end - self.span.start]
