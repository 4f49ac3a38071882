"""Cut a notice into passages: inside sections, at sentence ends, small enough for the model."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from langchain_text_splitters import RecursiveCharacterTextSplitter

from indexer.records import Document, Passage, Span

# Where a passage may end, best first: a paragraph, a sentence, a clause, a comma.
_SEPARATORS = ["\n\n", "\n", "。", "！", "？", "；", "!", "?", ";", "，", ",", "、", " ", ""]
_SENTENCE = re.compile(
    "[^。！？!?…\n]*(?:[。！？…]+|[!?]+(?![\\w/=&])|[!?]+)[”’」』）)】》\"]*|[^。！？!?…\n]+"
)
_STATES = re.compile(r"[\d０-９，,]")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the text that becomes a passage; `section` is what its headings come from."""

    span: Span
    section: int
    tokens: int


def cut_passages(
    document: Document, count_tokens: Callable[[str], int], limit: int
) -> tuple[Passage, ...]:
    """Return the passages of a document in reading order.

    A section that fits into `limit` tokens is one passage; a larger one is cut at its
    subsections and, below them, at sentence ends; neighbours too small to stand alone are joined
    as long as they lie in one section. What `document.exclusions` covers is in no passage.
    """
    cutter = _Cutter(document, count_tokens, limit)
    pieces = cutter.cut(Span(0, len(document.text)), -1)
    return tuple(_passage(document, piece) for piece in pieces)


def split_sentences(text: str, start: int = 0) -> tuple[Span, ...]:
    """Return the spans of a text's sentences, white space around them left out.

    A sentence ends with a stop, its closing quotes included, or at the end of a line; a heading
    or a table row is one. `start` is added to every offset.
    """
    spans = []
    for match in _SENTENCE.finditer(text):
        words = match[0]
        left = len(words) - len(words.lstrip())
        right = match.end() - (len(words) - len(words.rstrip()))
        if match.start() + left < right and any(c.isalnum() for c in words):
            spans.append(Span(start + match.start() + left, start + right))
    return tuple(spans)


class _Cutter:
    def __init__(self, document: Document, count: Callable[[str], int], limit: int) -> None:
        self._text = document.text
        self._exclusions = sorted(exclusion.span for exclusion in document.exclusions)
        self._children: dict[int, list[int]] = {}
        for position, section in enumerate(document.sections):
            self._children.setdefault(section.parent, []).append(position)
        self._sections = document.sections
        self._count = count
        self._limit = limit
        self._splitter = RecursiveCharacterTextSplitter(
            chunk_size=limit,
            chunk_overlap=0,
            length_function=count,
            separators=_SEPARATORS,
            keep_separator="end",
            add_start_index=True,
        )

    def cut(self, span: Span, section: int) -> list[_Piece]:
        """Return the pieces of a section (-1 is the whole document)."""
        children = self._children.get(section, [])
        whole = self._stretches(span)
        if section >= 0 and len(whole) == 1:
            tokens = self._count(self._text[whole[0].start : whole[0].end])
            if tokens <= self._limit:
                return [_Piece(whole[0], section, tokens)]
        first = self._sections[children[0]].span.start if children else span.end
        groups = [self._own(Span(span.start, first), section)]
        groups += [self.cut(self._sections[child].span, child) for child in children]
        return self._join(groups, section)

    def _own(self, span: Span, section: int) -> list[_Piece]:
        """Return the pieces of the text between a heading and its first subsection."""
        pieces: list[_Piece] = []
        for stretch in self._stretches(span):
            text = self._text[stretch.start : stretch.end]
            for chunk in self._splitter.create_documents([text]):
                start = stretch.start + int(chunk.metadata["start_index"])
                words = chunk.page_content
                pieces.append(_Piece(Span(start, start + len(words)), section, self._count(words)))
        return pieces

    def _join(self, groups: Sequence[list[_Piece]], section: int) -> list[_Piece]:
        """Join neighbours that together fit; a piece cut out of a large section stays alone.

        A bare heading goes with what follows it, even if that is already full.
        """
        joined: list[_Piece] = []
        open_to_more = False  # whether the last piece is a whole small section or own text
        for group in groups:
            alone = len(group) == 1
            for piece in group:
                last = joined[-1] if joined else None
                if last and self._touch(last.span, piece.span):
                    is_heading = self._is_bare_heading(last)
                    if is_heading or (
                        open_to_more and alone and last.tokens + piece.tokens <= self._limit
                    ):
                        span = Span(last.span.start, piece.span.end)
                        owner = piece.section if is_heading else section
                        joined[-1] = _Piece(span, owner, last.tokens + piece.tokens)
                        open_to_more = alone
                        continue
                joined.append(piece)
                open_to_more = alone
        return joined

    def _touch(self, left: Span, right: Span) -> bool:
        return not self._text[left.end : right.start].strip()

    def _is_bare_heading(self, piece: _Piece) -> bool:
        if piece.section < 0:
            return False
        heading = self._sections[piece.section].heading_span
        rest = self._text[heading.end : piece.span.end]
        return piece.span.start <= heading.start and not any(c.isalnum() for c in rest)

    def _stretches(self, span: Span) -> list[Span]:
        """Return what is left of a span without the exclusions, white space trimmed."""
        found: list[Span] = []
        at = span.start
        for excluded in [*self._exclusions, Span(span.end, span.end)]:
            if excluded.end <= at or excluded.start > span.end:
                continue
            found += self._trimmed(at, min(excluded.start, span.end))
            at = max(at, excluded.end)
        return found

    def _trimmed(self, start: int, end: int) -> list[Span]:
        words = self._text[start:end]
        if not any(character.isalnum() for character in words):
            return []
        left = len(words) - len(words.lstrip())
        return [Span(start + left, end - (len(words) - len(words.rstrip())))]


def _passage(document: Document, piece: _Piece) -> Passage:
    text = document.text[piece.span.start : piece.span.end]
    return Passage(
        document=document.id,
        span=piece.span,
        text=text,
        headings=document.heading_path(piece.section),
        sentences=tuple(_without_headings(document, split_sentences(text, piece.span.start))),
    )


def _without_headings(document: Document, sentences: Sequence[Span]) -> Iterator[Span]:
    """Yield the sentences that say something: a bare heading above a text is no quote.

    A heading with a figure or a comma in it (一、每月1日至20日为安静期) is a statement.
    """
    bare = {
        section.heading_span.start
        for section in document.sections
        if not _STATES.search(document.text[slice(*section.heading_span)].removeprefix(section.number))
        and any(c.isalnum() for c in document.text[section.heading_span.end : section.span.end])
    }
    ends = {s.heading_span.start: s.heading_span.end for s in document.sections}
    for sentence in sentences:
        if sentence.start not in bare or sentence.end > ends[sentence.start] + 1:
            yield sentence


def embedding_context(title: str, headings: Sequence[str]) -> str:
    """Return what is embedded before a passage: its title and its headings, largest first."""
    return "\n".join(_unique([title, *headings]))


def _unique(parts: Sequence[str]) -> Iterator[str]:
    seen: set[str] = set()
    for part in parts:
        if part and part not in seen:
            seen.add(part)
            yield part
