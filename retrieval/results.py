"""The records a reader gets: hits, statements, citations, an answer. All frozen."""

from dataclasses import dataclass, field

from indexer.records import Passage, Span


@dataclass(frozen=True, slots=True)
class Source:
    """What a citation says about its document; absent fields are empty strings.

    `issued_on` is the date of the notice as YYYY-MM-DD: 成文日期, else 发布日期; `status` is its
    时效, 未知 where no sentence of the corpus proves it.
    """

    document: str
    title: str
    doc_number: str
    issuer: str
    locality: str
    issued_on: str
    kind: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader narrows a search to; an empty tuple or None asks for nothing.

    Of several values of one kind a document has any, of different kinds it has all. A locality
    stands for itself and everything that lies in it, a list of them (西部) for all of its places, a
    folder for everything below it. Years are inclusive and compare with `Source.issued_on`; a
    document without a date is outside every range of years.
    """

    localities: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    first_year: int | None = None
    last_year: int | None = None
    issuers: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()  # 时效
    scripts: tuple[str, ...] = ()  # 简体 or 繁体
    folders: tuple[str, ...] = ()  # of the corpus, with forward slashes
    documents: tuple[str, ...] = ()  # by their paths

    @property
    def is_empty(self) -> bool:
        return self == Filters()


EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class Copy:
    """Where another document says the same in practically the same words."""

    source: Source
    span: Span


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question, with what each leg said about it.

    `score` is in 0..1; `dense` is a cosine and `lexical` a BM25 sum, both as the leg gave them.
    Where copies are shown as one, `same` names the other documents that say it, each once, and
    `may_be_more` tells that not everything that was found was looked through for them.
    """

    rank: int
    score: float
    dense: float
    lexical: float
    passage: Passage
    source: Source
    same: tuple[Copy, ...] = ()
    may_be_more: bool = False


@dataclass(frozen=True, slots=True)
class CitationForms:
    """How a quote is cited: as officials do, and by two editions of GB/T 7714."""

    official: str = ""
    gbt7714_2015: str = ""
    gbt7714_2025: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and where it stands: `document.text[span.start:span.end] == quote`.

    `pages` are the numbers of its pages and `confidence` how sure the recognition of the least
    sure of them is (None where nothing was recognised); `cells` are the columns and the words of
    the table row that it stands in. All are empty where the file has none. `place` is where an
    official would say that it stands (第三部分第（二）条), "" where that is not sure.
    """

    number: int
    source: Source
    headings: tuple[str, ...]
    span: Span
    quote: str
    pages: tuple[int, ...] = ()
    confidence: float | None = None
    cells: tuple[tuple[str, str], ...] = ()
    focus: Span | None = None
    values: tuple[Span, ...] = ()
    place: str = ""
    forms: CitationForms = CitationForms()

    def words_of(self, span: Span) -> str:
        """Return the words of the quote at a span of the document."""
        return self.quote[span.start - self.span.start : span.end - self.span.start]


@dataclass(frozen=True, slots=True)
class Statement:
    """One or more whole quoted sentences and the numbers of their citations, in their order: a
    list item comes with its lead-in, which is a citation of its own where it does not stand
    directly before."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LocalityGroup:
    """What one locality says."""

    name: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many localities were searched, how many have something, and which have not."""

    localities: int
    with_answer: int
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """A cited answer, or a refusal with its reason and the nearest passages.

    `statements` holds every statement in reading order; where the question asks across
    localities, `localities` holds the same statements in groups and `coverage` says who is silent.
    `missing` names the parts of the question that nothing was found on, where others are answered.
    `hits` are the passages behind it: those that it quotes, then others that were near.
    """

    question: str
    milliseconds: float
    refused: bool
    reason: str
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    localities: tuple[LocalityGroup, ...] = ()
    coverage: Coverage | None = None
    missing: tuple[str, ...] = ()
    nearest: tuple[Hit, ...] = ()
    hits: tuple[Hit, ...] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        """The whole answer as one text, each statement with its citation marks."""
        if self.refused:
            return self.reason
        if self.localities:
            return "\n".join(
                f"{group.name}：{_marked(statement)}"
                for group in self.localities
                for statement in group.statements
            )
        return "\n".join(_marked(statement) for statement in self.statements)


@dataclass(frozen=True, slots=True)
class Relation:
    """A document that another cites, and the sentence that cites it.

    `source` is the document at the other end, the cited or the citing one, None where the corpus
    has it not; `name` is what it is called by. `quote` is `document.text[span]`.
    """

    source: Source | None
    name: str
    document: str
    span: Span
    action: str  # 引用, 依据, 修改, 废止, 印发, 转发 or 解释
    quote: str


@dataclass(frozen=True, slots=True)
class Standing:
    """时效 on a day, with the sentence that proves it, which may be another document's.

    现行有效, 已修改, 已废止, 试行期满 (any term of validity that is over, of a trial or not),
    尚未施行; or 未知, with no document and no quote.
    """

    value: str
    document: str = ""
    span: Span | None = None
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Relations:
    """What relates a document to others: each other document once for each thing that is done.

    `versions` are all versions of the document, itself too, oldest first; () where it is alone.
    """

    cites: tuple[Relation, ...]
    cited_by: tuple[Relation, ...]
    versions: tuple[Source, ...]
    standing: Standing


@dataclass(frozen=True, slots=True)
class Facet:
    """A value that documents can be narrowed by, and how many documents have it.

    `documents` counts those that pass the filters of every other kind: what choosing the value
    gives; `total` counts the whole corpus. Both include what lies in a locality or a folder;
    `parents` are the values that it lies in, largest first.
    """

    value: str
    documents: int
    total: int
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facets:
    """What the loaded corpus can be narrowed by, and what is left of it under some filters.

    Values come most frequent first, each locality and folder before what lies in it, years newest
    first, folders by name. `documents` of the corpus's `total` pass all the filters.
    """

    localities: tuple[Facet, ...]
    regions: tuple[Facet, ...]  # lists such as 西部, of which several places have documents
    kinds: tuple[Facet, ...]
    years: tuple[Facet, ...]
    issuers: tuple[Facet, ...]
    statuses: tuple[Facet, ...]
    scripts: tuple[Facet, ...]
    folders: tuple[Facet, ...]
    documents: int
    total: int


@dataclass(frozen=True, slots=True)
class TopicCount:
    """How many documents have the words of a topic, and which localities' documents have it or are
    silent on it, in administrative order."""

    name: str
    documents: int
    places: tuple[str, ...]
    silent: tuple[str, ...]


def _marked(statement: Statement) -> str:
    return statement.text + "".join(f"[{number}]" for number in statement.citations)


# What follows from something understood: it narrows the search, or may only weigh in it; it shapes
# the answer; it is a place that the corpus has nothing of.
LIMIT, PREFERENCE, FORM, MISSING = "limit", "preference", "form", "missing"
ALL = "*"  # the id that stands for everything understood


@dataclass(frozen=True, slots=True)
class Understood:
    """Something that a question was understood to say, which the reader can switch off.

    `kind` is place, year, kind (文种) or type (of the answer), `value` its normal form and `text`
    the words of the question, simplified; `note` says which places a list has and where it is
    stated. Years are 2022, 2021-2023, 2020- or -2019. What is off counts as ordinary words.
    """

    kind: str
    value: str
    text: str
    effect: str
    note: str = ""
    is_off: bool = False

    @property
    def id(self) -> str:
        """Return what the reader's choice is kept by: the same for every way of saying it."""
        return f"{self.kind}:{self.value}"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The sentences around matches of an exact search: `document.text[span] == text`, cut where
    they are long. `matches` are spans of the document inside it; `excluded` is the reason why the
    stretch is in no passage, "" where it is in one."""

    span: Span
    text: str
    matches: tuple[Span, ...]
    headings: tuple[str, ...]
    pages: tuple[int, ...] = ()
    excluded: str = ""


@dataclass(frozen=True, slots=True)
class ExactHit:
    """A document that an exact search found: how many matches it has, whether its title has one,
    and the excerpts of the first."""

    rank: int
    source: Source
    matches: int
    is_in_title: bool
    excerpts: tuple[Excerpt, ...]


@dataclass(frozen=True, slots=True)
class ExactResult:
    """What an exact search found: how many documents and matches in all, a page of hits, and what
    the documents that have matches can be narrowed by."""

    expression: str
    milliseconds: float
    documents: int
    matches: int
    hits: tuple[ExactHit, ...]
    facets: Facets


@dataclass(frozen=True, slots=True)
class Side:
    """What one document, or one locality with all that lies in it, answers to a question that is
    put to several. `source` is the document, None for a locality."""

    name: str
    source: Source | None
    answer: Answer
