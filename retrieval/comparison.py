"""Two versions of one document side by side, clause by clause, with what differs marked (新旧对照).

Clauses and marks are compared in folded words: another script, width or spacing is no difference.
Everything shown is the text of a document at a span.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from indexer.records import Document, Span
from indexer.text import folded
from retrieval.alignment import Match, align
from retrieval.citations import quote_at
from retrieval.clauses import read_clauses
from retrieval.differences import Edit, find_edits
from retrieval.edges import without_marks
from retrieval.results import Source

UNCHANGED, RENUMBERED, MODIFIED = "未变", "编号变", "修改"
ADDED, REMOVED, MOVED = "新增", "删去", "移动"
CHANGES = (MODIFIED, ADDED, REMOVED, MOVED, RENUMBERED, UNCHANGED)


@dataclass(frozen=True, slots=True)
class Wording:
    """A clause as one of the documents words it: `text` is what stands at `span`, and `number` what
    the clause is called there, "" where it has no number."""

    number: str
    span: Span
    text: str
    pages: tuple[int, ...] = ()

    def words_of(self, span: Span) -> str:
        """Return the words at a span of the document that lies in the clause."""
        return self.text[span.start - self.span.start : span.end - self.span.start]


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a clause. `status` is one of CHANGES; 移动 has the same words elsewhere.

    `edits` are in the order of the text. `has_moved` is true of a clause that changed places with
    others; `within` is the clause of the other document that has most of the words of one that was
    added or removed: it was taken out of it, or taken into it.
    """

    status: str
    old: Wording | None
    new: Wording | None
    edits: tuple[Edit, ...] = ()
    has_moved: bool = False
    within: Wording | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every clause of two documents once, in the order of the new one."""

    old: Source
    new: Source
    changes: tuple[Change, ...]

    def count(self, status: str) -> int:
        """Return how many clauses have a status."""
        return sum(change.status == status for change in self.changes)


def compare(old: Document, new: Document, of_old: Source, of_new: Source) -> Comparison:
    """Return what became of each clause of the old document in the new one."""
    left, right = _Text(old), _Text(new)
    matches = align(left.keys, right.keys, (left.numbers, right.numbers))
    return Comparison(of_old, of_new, tuple(_change(match, left, right) for match in matches))


class _Text:
    """The clauses of a document, and their folded words."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._plain = _without_exclusions(document)
        self.clauses = read_clauses(document)
        self.keys = [folded(self._cut(clause.words)) for clause in self.clauses]
        self.numbers = [folded(self._cut(clause.number)) for clause in self.clauses]

    def words(self, at: int) -> str:
        """Return the words of a clause, with white space for what is excluded."""
        return self._cut(self.clauses[at].words)

    def wording(self, at: int | None) -> Wording | None:
        if at is None:
            return None
        clause, document = self.clauses[at], self._document
        kept = without_marks(document.text[slice(*clause.span)])
        span = Span(clause.span.start + kept.start, clause.span.start + kept.end)
        return Wording(
            document.text[slice(*clause.number)],
            span,
            quote_at(document.id, document.text, span),
            tuple(page.number for page in document.pages_of(span)),
        )

    def _cut(self, span: Span) -> str:
        return self._plain[span.start : span.end]


def _without_exclusions(document: Document) -> str:
    """Return the text with white space for what is excluded, such as the number of a page that
    stands in the middle of an article."""
    pieces, at = [], 0
    for each in sorted(exclusion.span for exclusion in document.exclusions):
        start = max(at, each.start)
        if start < each.end:
            pieces += [document.text[at:start], " " * (each.end - start)]
            at = each.end
    return "".join((*pieces, document.text[at:]))


def _change(match: Match, old: _Text, new: _Text) -> Change:
    before, after = old.wording(match.old), new.wording(match.new)
    has_moved = not match.keeps_order
    if match.new is None:
        return Change(REMOVED, before, None, within=new.wording(match.within))
    if match.old is None:
        return Change(ADDED, None, after, within=old.wording(match.within))
    if old.keys[match.old] != new.keys[match.new]:
        edits = tuple(_edits(old, match.old, new, match.new))
        return Change(MODIFIED, before, after, edits, has_moved)
    is_renumbered = old.numbers[match.old] != new.numbers[match.new]
    status = MOVED if has_moved else RENUMBERED if is_renumbered else UNCHANGED
    return Change(status, before, after, has_moved=has_moved)


def _edits(old: _Text, before: int, new: _Text, after: int) -> Iterator[Edit]:
    at, to = old.clauses[before].words.start, new.clauses[after].words.start
    for edit in find_edits(old.words(before), new.words(after)):
        yield edit.moved(at, to)
