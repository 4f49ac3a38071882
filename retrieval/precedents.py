"""What a draft's precedents are (找先例): the wordings of notices beside each of its sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from indexer.records import Span
from retrieval.differences import Edit
from retrieval.results import Citation, Copy
from retrieval.usage import Usage

Order: TypeAlias = Literal["likeness", "date"]

SAME, CHANGED, MEANT = "逐字相同", "仅有改动", "意思相近"
KEPT, COME, GONE = "kept", "come", "gone"  # words of both, of the notice alone, of the draft alone
CLEAR = 0.8  # of the signs of a wording that is no more than changed; less is only partly the same


@dataclass(frozen=True, slots=True)
class Precedent:
    """A stretch of a notice that is worded like a sentence of a draft, or means much the same.

    The quote is the sentence that it stands in, and `citation.focus` the stretch, where it is not
    all of it. `share` of the signs of both are the same and in one order. `edits` lead from the
    draft to the focus, as spans of the whole draft and of the document; MEANT has none. `same` are
    the other documents with these very words.
    """

    kind: str
    share: float
    citation: Citation
    edits: tuple[Edit, ...] = ()
    same: tuple[Copy, ...] = ()

    @property
    def focus(self) -> Span:
        """Return what is worded alike, as a span of the document."""
        return self.citation.focus or self.citation.span

    def pieces(self, draft: str) -> Iterator[tuple[str, str]]:
        """Yield the words of the focus piece by piece, each with whether it is KEPT of the draft or
        COME to it; what is GONE, words of the draft, stands where it would stand."""
        return ((kind, words) for kind, words in self._pieces(draft) if words)

    def _pieces(self, draft: str) -> Iterator[tuple[str, str]]:
        at = self.focus.start
        for edit in self.edits:
            yield KEPT, self.citation.words_of(Span(at, edit.new.start))
            yield GONE, draft[slice(*edit.old)]
            yield COME, self.citation.words_of(edit.new)
            at = edit.new.end
        yield KEPT, self.citation.words_of(Span(at, self.focus.end))


@dataclass(frozen=True, slots=True)
class DraftSentence:
    """A sentence of a draft, and where it stands there; how many precedents it has, copies counted
    as one, and some of them. `usage` is None where nothing is worded alike."""

    span: Span
    text: str
    usage: Usage | None
    found: int
    precedents: tuple[Precedent, ...]


@dataclass(frozen=True, slots=True)
class Precedents:
    """A draft and what was found for each of its sentences."""

    draft: str
    milliseconds: float
    sentences: tuple[DraftSentence, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which precedents are wanted, the most alike or the newest first: of a draft of one sentence
    `k` from `offset` on, of a longer one the first `of_each` of each sentence."""

    k: int = 10
    offset: int = 0
    order: Order = "likeness"
    of_each: int = 3


FIRST = Wanted()


def say_kind(precedent: Precedent) -> str:
    """Return how a precedent is like the draft, and how much of the words is the same."""
    if precedent.kind != CHANGED:
        return precedent.kind
    if precedent.share == 1:
        return "字词相同，标点或数字的写法不同"
    share = f"字词相同 {min(99, round(100 * precedent.share))}%"  # 100 would be the same words
    return f"{CHANGED if precedent.share >= CLEAR else '部分改写'}，{share}"


def say_none(sentence: DraftSentence) -> str:
    """Return that nothing is worded like a sentence."""
    if sentence.found:
        return "没有找到字词相同或相近的表述，只有意思相近的。"
    return "没有找到相同、相近的表述。"
