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

    A locality stands for itself and everything that lies in it. Years are inclusive and compare
    with `Source.issued_on`; a document without a date is outside every range of years.
    """

    localities: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    first_year: int | None = None
    last_year: int | None = None

    @property
    def is_empty(self) -> bool:
        return self == Filters()


EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question, with what each leg said about it.

    `score` is in 0..1; `dense` is a cosine and `lexical` a BM25 sum, both as the leg gave them.
    """

    rank: int
    score: float
    dense: float
    lexical: float
    passage: Passage
    source: Source


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and where it stands: `document.text[span.start:span.end] == quote`.

    `pages` are the numbers of its pages and `confidence` how sure the recognition of the least
    sure of them is (None where nothing was recognised); `cells` are the columns and the words of
    the table row that it stands in. All are empty where the file has none.
    """

    number: int
    source: Source
    headings: tuple[str, ...]
    span: Span
    quote: str
    pages: tuple[int, ...] = ()
    confidence: float | None = None
    cells: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One or more whole quoted sentences and the numbers of their citations."""

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
    """

    question: str
    milliseconds: float
    refused: bool
    reason: str
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    localities: tuple[LocalityGroup, ...] = ()
    coverage: Coverage | None = None
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
    """A value that documents can be narrowed by, and how many documents have it."""

    value: str
    documents: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What the loaded corpus can be narrowed by, most frequent first; years newest first."""

    localities: tuple[Facet, ...]
    kinds: tuple[Facet, ...]
    years: tuple[Facet, ...]


def _marked(statement: Statement) -> str:
    return statement.text + "".join(f"[{number}]" for number in statement.citations)
