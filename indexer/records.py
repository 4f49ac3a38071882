"""The records that flow from a file to the index; all frozen, none knows how it was made.

Spans are half-open and count characters of `Document.text`, which is what the file says, in its
own script and characters, and is never rewritten.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
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
class Locality(Field):
    """A place that a document issues from or names; `value` is its present full name, `parents`
    is what it lies in, largest first (云南省, 保山市), empty where that is unknown."""

    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A stretch that stays in the text but is kept out of the passages, and why."""

    reason: str
    span: Span


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a paged file, numbered from 1: what begins in `span` stands on it.

    `confidence` is how sure the recognition of a scanned page is, 0..1; None where the file
    itself holds the characters.
    """

    number: int
    span: Span
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: `span` is where it stands, `cells` has one span for each column.

    A merged cell stands for every column and row that it covers, so a cell's span may lie in the
    row above; an empty cell's span is empty.
    """

    span: Span
    cells: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table, whose first `heads` rows name its columns."""

    rows: tuple[Row, ...]
    heads: int

    def column_name(self, column: int) -> tuple[Span, ...]:
        """Return the cells that name a column, from the top down.

        A row that is one merged cell is the table's caption and names no column.
        """
        above = [row.cells for row in self.rows[: self.heads] if len(set(row.cells)) > 1]
        names = dict.fromkeys(cells[column] for cells in above if column < len(cells))
        return tuple(name for name in names if name.start < name.end)


@dataclass(frozen=True, slots=True)
class Caution:
    """What a reader could not be sure of in a file that is in the index, in Chinese."""

    fact: str
    cure: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and everything below it, up to the next heading of its rank.

    `number` is as printed ("三、", "第五条", "附件1", "" where the heading has none); `level`
    counts from 1 at a root; `parent` is the position of the enclosing section in
    `Document.sections`, or -1.
    """

    number: str
    heading: str
    level: int
    parent: int
    heading_span: Span
    span: Span

    @property
    def is_annex(self) -> bool:
        """Tell an annex (附件1 and its title) from any other section."""
        return self.number.startswith("附")


@dataclass(frozen=True, slots=True)
class Header:
    """What a notice says of itself; what cannot be proven by a span is absent.

    The elements are those of 党政机关公文处理工作条例 (中办发〔2012〕14号), article 9, and
    GB/T 9704-2012, 7; `locality` is the one that issued the notice, `mentions` are others that
    it names.
    """

    title: Field | None = None
    doc_number: Field | None = None
    index_number: Field | None = None
    issuer: Field | None = None
    issued_on: Field | None = None
    published_on: Field | None = None
    kind: Field | None = None
    status: Field | None = None  # 时效, where a label says it
    copy_number: Field | None = None  # 份号
    secrecy: Field | None = None  # 密级和保密期限
    urgency: Field | None = None  # 紧急程度
    signer: Field | None = None  # 签发人
    addressee: Field | None = None  # 主送机关
    annex_note: Field | None = None  # 附件说明
    signature: Field | None = None  # 发文机关署名
    note: Field | None = None  # 附注
    copied_to: Field | None = None  # 抄送机关
    printed_by: Field | None = None  # 印发机关
    printed_on: Field | None = None  # 印发日期
    effective_on: Field | None = None  # 施行日期
    expires_on: Field | None = None  # 有效期的最后一日
    effect: Field | None = None  # 施行条款, whether or not the day is known
    amended_on: Field | None = None  # 最近一次修正或修订
    locality: Locality | None = None
    mentions: tuple[Locality, ...] = ()

    @property
    def dated(self) -> str:
        """The day of the text as it stands: when it was issued or last amended, else when it took
        effect; "" where the text gives no day."""
        own = self.issued_on or self.published_on
        days = [field.value for field in (own, self.amended_on) if field]
        return max(days, default=self.effective_on.value if self.effective_on else "")

    @property
    def began(self) -> str:
        """The day on which the document, in whatever version, took effect, else the day of its
        text."""
        return self.effective_on.value if self.effective_on else self.dated


@dataclass(frozen=True, slots=True)
class Document:
    """One notice. `id` is its path below the corpus, with forward slashes."""

    id: str
    sha256: str
    text: str
    header: Header
    sections: tuple[Section, ...]
    exclusions: tuple[Exclusion, ...]
    pages: tuple[Page, ...] = ()
    tables: tuple[Table, ...] = ()
    cautions: tuple[Caution, ...] = ()

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
        return self.header.locality.value if self.header.locality else ""

    @property
    def excluded(self) -> tuple[tuple[str, int], ...]:
        """How many characters are kept out of the passages, by reason."""
        counts: Counter[str] = Counter()
        for exclusion in self.exclusions:
            counts[exclusion.reason] += exclusion.span.end - exclusion.span.start
        return tuple(sorted(counts.items()))

    def pages_of(self, span: Span) -> tuple[Page, ...]:
        """Return the pages that a stretch stands on, in order; none for a file without pages."""
        first = bisect_right(self.pages, span.start, key=lambda page: page.span.end)
        last = bisect_left(self.pages, span.end, key=lambda page: page.span.start)
        return self.pages[first:last]

    def row_of(self, span: Span) -> tuple[Table, Row] | None:
        """Return the table row that a stretch stands in."""
        for table in self.tables:
            for row in table.rows:
                if row.span.contains(span):
                    return table, row
        return None

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
    """Something to be known of a file: what is so, and what to do about it, in Chinese."""

    file: str
    fact: str
    cure: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build has come: `done` of `total` in the stage that `stage` names in Chinese.

    `detail` says what takes its time now, "" where nothing does.
    """

    stage: str
    done: int
    total: int
    detail: str = ""


ProgressHandler = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did, or, from `check`, would do. Files are paths below the corpus.

    `problems` are files that are not in the index, `skipped` those that are no notices and were
    passed over, `cautions` what is to be known of files that are in the index. `duplicates` pairs
    a file that was left out with the one of the same content that was kept; `excluded` counts
    characters kept out of the passages by reason.
    """

    generation: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    duplicates: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()
    skipped: tuple[Problem, ...] = ()
    cautions: tuple[Problem, ...] = ()
    passages: int = 0
    embedded: int = 0
    excluded: tuple[tuple[str, int], ...] = ()
    seconds: float = 0.0

    @property
    def changes_nothing(self) -> bool:
        """True where the live index already says what the corpus says."""
        return not (self.added or self.changed or self.removed)


class LeadIn(NamedTuple):
    """A sentence that introduces a list: its span in the document and its words."""

    span: Span
    words: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one section: `document.text[start:end] == passage.text`, always.

    `sentences` are half-open spans of the document inside the passage; `pages` are the numbers
    of the pages it stands on, none for a file without pages. Below a table's first rows,
    `headings` end with the names of its columns. `lead_ins` gives what introduces each sentence
    that is an item of a list, None for any other; it is empty where no sentence is one.
    """

    document: str
    span: Span
    text: str
    headings: tuple[str, ...]
    sentences: tuple[Span, ...]
    pages: tuple[int, ...] = ()
    lead_ins: tuple[LeadIn | None, ...] = ()

    def quotes(self) -> Iterator[str]:
        """Each sentence's own words."""
        for sentence in self.sentences:
            yield self.text[sentence.start - self.span.start : sentence.end - self.span.start]


@dataclass(frozen=True, slots=True)
class Reference:
    """What a text cites: a title, a 文号 or both, and what it does with it.

    `span` is the title without its brackets, or a 文号 that stands alone; `name` is the whole title
    where a short one stands there; `sentence` is the sentence that says so. `is_document` is
    false where the name by its form may be that of a book or a certificate.
    """

    name: str
    doc_number: str
    action: str  # 引用, 依据, 修改, 废止, 印发, 转发 or 解释
    span: Span
    sentence: Span
    is_document: bool = True


@dataclass(frozen=True, slots=True)
class Link:
    """A reference of the document `citing` and the document it means, "" where it is not there."""

    citing: str
    cited: str
    reference: Reference


@dataclass(frozen=True, slots=True)
class Links:
    """What relates the documents of a corpus: their references, and each series of versions of
    one document, oldest first."""

    references: tuple[Link, ...]
    versions: tuple[tuple[str, ...], ...]
