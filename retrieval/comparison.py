"""Two versions of one document side by side, clause by clause, with what differs marked (新旧对照).

Clauses and marks are compared in folded words: another script, width or spacing is no difference.
Everything shown is the text of a document at a span.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from indexer.records import Document, Span
from indexer.text import Folded, fold, folded
from retrieval.alignment import Match, align
from retrieval.citations import quote_at
from retrieval.clauses import read_clauses
from retrieval.edges import without_marks
from retrieval.results import Source

UNCHANGED, RENUMBERED, MODIFIED = "未变", "编号变", "修改"
ADDED, REMOVED, MOVED = "新增", "删去", "移动"
CHANGES = (MODIFIED, ADDED, REMOVED, MOVED, RENUMBERED, UNCHANGED)

# What is marked whole or not at all: a number, a word in Latin letters, any other character.
_SIGN = re.compile("[0-9.]+%?|[a-z]+|[零〇一二三四五六七八九十百千万亿]+|.", re.DOTALL)
_SENTENCE = re.compile("[^。；;！？!?]*[。；;！？!?]?", re.DOTALL)
_FINE = 4_000_000  # signs of one text times those of the other that are compared one by one
# So few characters left standing between two changes, each at least twice as long, only make them
# hard to read.
_ISLAND = 5


@dataclass(frozen=True, slots=True)
class Edit:
    """Words that differ: what stood in the old text and stands in the new; one may be empty."""

    old: Span
    new: Span


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

    def fold(self, at: int) -> Folded:
        """Return the words of a clause folded, with the way back to the document."""
        return fold(self._cut(self.clauses[at].words))

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
    a, b = old.fold(before), new.fold(after)
    at, to = old.clauses[before].words.start, new.clauses[after].words.start
    for lost, won in _whole_characters(_differences(a.text, b.text), a, b):
        yield Edit(_shifted(a.original(*lost), at), _shifted(b.original(*won), to))


def _shifted(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


_Difference = tuple[Span, Span]  # of two folded texts


def _differences(a: str, b: str) -> list[_Difference]:
    """Return where two texts differ. Long ones are compared sentence by sentence first, so that the
    time grows with their length, not with its square."""
    if len(a) * len(b) <= _FINE:
        return _without_islands(list(_differ(_SIGN.findall(a), _SIGN.findall(b))))
    found: list[_Difference] = []
    for lost, won in _differ(_SENTENCE.findall(a), _SENTENCE.findall(b)):
        if (lost.end - lost.start) * (won.end - won.start) > _FINE:
            found.append((lost, won))
            continue
        inside = _differences(a[lost.start : lost.end], b[won.start : won.end])
        found += [(_shifted(x, lost.start), _shifted(y, won.start)) for x, y in inside]
    return found


def _differ(a: Sequence[str], b: Sequence[str]) -> Iterator[_Difference]:
    """Yield where two sequences of pieces differ, as spans of what they are pieces of."""
    starts, ends = _offsets(a), _offsets(b)
    is_long = len(a) * len(b) > _FINE
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=is_long).get_opcodes():
        if tag != "equal":
            yield Span(starts[i], starts[j]), Span(ends[k], ends[m])


def _offsets(pieces: Sequence[str]) -> list[int]:
    found = [0]
    for piece in pieces:
        found.append(found[-1] + len(piece))
    return found


def _without_islands(found: Sequence[_Difference]) -> list[_Difference]:
    """Join differences between which little is the same."""
    joined: list[_Difference] = []
    for lost, won in found:
        while joined:
            above_lost, above_won = joined[-1]
            island = lost.start - above_lost.end
            sizes = (max(map(_size, pair)) for pair in (joined[-1], (lost, won)))
            if island > _ISLAND or 2 * island > min(sizes):
                break
            del joined[-1]
            lost, won = Span(above_lost.start, lost.end), Span(above_won.start, won.end)
        joined.append((lost, won))
    return joined


def _size(span: Span) -> int:
    return span.end - span.start


def _whole_characters(found: Sequence[_Difference], a: Folded, b: Folded) -> Iterator[_Difference]:
    """Widen differences that begin or end inside what one character folds to (㎡ is m2): between
    two differences both texts are the same, so both sides give way alike."""
    rest = list(reversed(found))
    while rest:
        lost, won = rest.pop()
        i, k = lost.start, won.start
        while _is_inside(a, i) or _is_inside(b, k):
            i, k = i - 1, k - 1
        j, m = lost.end, won.end
        while _is_inside(a, j) or _is_inside(b, m):
            if rest and (j, m) == (rest[-1][0].start, rest[-1][1].start):
                lost, won = rest.pop()
                j, m = lost.end, won.end
            else:
                j, m = j + 1, m + 1
        yield Span(i, j), Span(k, m)


def _is_inside(text: Folded, at: int) -> bool:
    """Tell whether what stands before and after an offset comes from one character."""
    return 0 < at < len(text.text) and text.starts[at] == text.starts[at - 1]
