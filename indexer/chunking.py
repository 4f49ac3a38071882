"""Cut a notice into passages: inside sections, at sentence ends, small enough for the model."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from langchain_text_splitters import RecursiveCharacterTextSplitter

from indexer.lead_ins import find_lead_ins
from indexer.records import Document, LeadIn, Passage, Section, Span

# Where a passage may end, best first: a paragraph, a sentence, a clause, a comma.
_SEPARATORS = ["\n\n", "\n", "。", "！", "？", "；", "!", "?", ";", "，", ",", "、", " ", ""]
# A stop with its closing quotes ends a sentence; ! and ? inside a web address do not.
_SENTENCE = re.compile(
    "(?:[^。！？!?…\n]+|[!?](?=[A-Za-z/=&_]))+"
    '(?:(?:[。！？…]+|[!?]+(?![A-Za-z/=&_]))[”’」』）)】》"]*)?'
)
_LEADING = re.compile(r"\s*(?:(?:#{1,6}|>)\s+)*")  # white space, and Markdown's marks
_SAYS = re.compile(r"[^\W_]")
_STATES = re.compile(r"[\d０-９，,]")
# `limit` leaves a quarter of the model's window free: a heading may go there.
_WITH_HEADING = 4 / 3
_LONGEST_ROW = 600  # characters; the cells of a longer one are texts of their own
_CHARACTERS_A_TOKEN = 8  # more than any tokenizer puts into one on average


def cut_passages(
    document: Document, count_tokens: Callable[[str], int], limit: int
) -> tuple[Passage, ...]:
    """Return the passages of a document in reading order.

    A section that fits into `limit` tokens is one passage; a larger one is cut at its
    subsections and, below them, at sentence ends; neighbours too small to stand alone are joined
    as long as they lie in one section. A heading goes with what follows it, even if that is
    full, up to a third over the limit. What `document.exclusions` covers is in no passage.
    """
    pieces = _Cutter(document, count_tokens, limit).cut(Span(0, len(document.text)), -1)
    headings = _BareHeadings(document)
    rows = _Rows(document)
    passages = [
        Passage(
            document=document.id,
            span=piece.span,
            text=document.text[piece.span.start : piece.span.end],
            headings=(*document.heading_path(piece.section), *rows.columns_above(piece.span)),
            sentences=tuple(
                headings.leave_out(
                    rows.keep_whole(_sentences(document.text, piece.span), piece.span)
                )
            ),
            pages=tuple(page.number for page in document.pages_of(piece.span)),
        )
        for piece in pieces
    ]
    sentences = [sentence for passage in passages for sentence in passage.sentences]
    lead_ins = find_lead_ins(document, sentences)
    return tuple(_introduced(passage, lead_ins) for passage in passages)


def _introduced(passage: Passage, lead_ins: Iterator[LeadIn | None]) -> Passage:
    """Return a passage with the lead-ins of its sentences, which come next."""
    own = tuple(islice(lead_ins, len(passage.sentences)))
    return replace(passage, lead_ins=own) if any(own) else passage


def split_sentences(text: str, start: int = 0) -> tuple[Span, ...]:
    """Return the spans of a text's sentences, white space around them left out.

    A sentence ends with a stop, its closing quotes included, or at the end of a line; a heading
    or a table row is one. `start` is added to every offset.
    """
    return tuple(
        Span(start + sentence.start, start + sentence.end)
        for sentence in _sentences(text, Span(0, len(text)))
    )


def sentence_at(text: str, span: Span) -> Span:
    """Return the sentence that a stretch stands in, or the sentences where it runs over."""
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", max(span.start, span.end - 1))
    line = Span(start, len(text) if end < 0 else end)
    inside = [s for s in _sentences(text, line) if s.overlaps(span)]
    return Span(
        min([span.start, *(s.start for s in inside)]), max([span.end, *(s.end for s in inside)])
    )


def embedding_context(title: str, headings: Sequence[str]) -> str:
    """Return what is embedded before a passage: its title and its headings, largest first."""
    return "\n".join(dict.fromkeys(part for part in (title, *headings) if part))


def _sentences(text: str, span: Span) -> Iterator[Span]:
    for found in _SENTENCE.finditer(text, span.start, span.end):
        if _SAYS.search(found[0]):
            start = found.start() + len(_LEADING.match(found[0])[0])  # type: ignore[index]
            yield Span(start, found.start() + len(found[0].rstrip()))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the text that becomes a passage; `section` is what its headings come from."""

    span: Span
    section: int
    tokens: int


class _Cutter:
    def __init__(self, document: Document, count: Callable[[str], int], limit: int) -> None:
        self._text = document.text
        self._sections = document.sections
        self._exclusions = _merged([exclusion.span for exclusion in document.exclusions])
        self._children: dict[int, list[int]] = {}
        for position, section in enumerate(document.sections):
            self._children.setdefault(section.parent, []).append(position)
        self._count = lru_cache(4096)(count)  # the splitter asks again for what was just counted
        self._limit = limit
        self._splitter = RecursiveCharacterTextSplitter(
            chunk_size=limit,
            chunk_overlap=0,
            length_function=self._count,
            separators=_SEPARATORS,
            keep_separator="end",
            add_start_index=True,
        )

    def cut(self, span: Span, section: int) -> list[_Piece]:
        """Return the pieces of a section (-1 is the whole document)."""
        if section >= 0:
            whole = self._whole(span, section)
            if whole is not None:
                return [whole]
        children = self._children.get(section, [])
        first = self._sections[children[0]].span.start if children else span.end
        groups = [self._own(Span(span.start, first), section)]
        groups += [self.cut(self._sections[child].span, child) for child in children]
        return self._join(groups, section)

    def _whole(self, span: Span, section: int) -> _Piece | None:
        """Return a stretch as one piece if it fits and nothing in it is excluded."""
        stretches = self._stretches(span)
        if len(stretches) != 1:
            return None
        words = self._text[stretches[0].start : stretches[0].end]
        # Counting the beginning is enough to see that a long text does not fit.
        beginning = words[: _CHARACTERS_A_TOKEN * self._limit]
        if len(beginning) < len(words) and self._count(beginning) > self._limit:
            return None
        tokens = self._count(words)
        return _Piece(stretches[0], section, tokens) if tokens <= self._limit else None

    def _own(self, span: Span, section: int) -> list[_Piece]:
        """Return the pieces of the text between a heading and its first subsection."""
        pieces: list[_Piece] = []
        for stretch in self._stretches(span):
            text = self._text[stretch.start : stretch.end]
            for chunk in self._splitter.create_documents([text]):
                words = chunk.page_content
                if _SAYS.search(words):
                    start = stretch.start + int(chunk.metadata["start_index"])
                    where = Span(start, start + len(words))
                    pieces.append(_Piece(where, section, self._count(words)))
        return pieces

    def _join(self, groups: Sequence[list[_Piece]], section: int) -> list[_Piece]:
        """Join neighbours that together fit; a piece cut out of a large section stays alone."""
        joined: list[_Piece] = []
        open_to_more = False  # whether the last piece is a whole small section or own text
        for group in groups:
            alone = len(group) == 1
            for piece in group:
                last = joined[-1] if joined else None
                if last is not None and self._touch(last.span, piece.span):
                    tokens = last.tokens + piece.tokens
                    is_heading = self._is_heading_only(last)
                    fits = open_to_more and alone and tokens <= self._limit
                    if fits or (is_heading and tokens <= self._limit * _WITH_HEADING):
                        span = Span(last.span.start, piece.span.end)
                        owner = piece.section if is_heading else section
                        joined[-1] = _Piece(span, owner, tokens)
                        open_to_more = alone
                        continue
                joined.append(piece)
                open_to_more = alone
        return joined

    def _touch(self, left: Span, right: Span) -> bool:
        """Tell whether nothing excluded stands between two neighbours."""
        after = bisect_left(self._exclusions, (left.end, 0))
        return after == len(self._exclusions) or self._exclusions[after].start >= right.start

    def _is_heading_only(self, piece: _Piece) -> bool:
        """Tell the heading of a section from which the text below it was cut off."""
        if piece.section < 0:
            return False
        section = self._sections[piece.section]
        heading, end = section.heading_span, piece.span.end
        return (
            piece.span.start <= heading.start
            and not _SAYS.search(self._text, heading.end, max(heading.end, end))
            and _has_body(self._text, section)
        )

    def _stretches(self, span: Span) -> list[Span]:
        """Return what is left of a span without the exclusions, white space trimmed."""
        found: list[Span] = []
        at = span.start
        first = bisect_right(self._exclusions, at, key=lambda excluded: excluded.end)
        for excluded in self._exclusions[first:]:
            if excluded.start >= span.end:
                break
            found += self._trimmed(at, excluded.start)
            at = excluded.end
        return found + self._trimmed(at, span.end)

    def _trimmed(self, start: int, end: int) -> list[Span]:
        if start >= end or not _SAYS.search(self._text, start, end):
            return []
        words = self._text[start:end]
        left = len(words) - len(words.lstrip())
        return [Span(start + left, start + len(words.rstrip()))]


def _merged(spans: Sequence[Span]) -> list[Span]:
    """Return spans in order, those that overlap made one."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _has_body(text: str, section: Section) -> bool:
    return _SAYS.search(text, section.heading_span.end, section.span.end) is not None


class _Rows:
    """Knows the rows of a document's tables: each is one quote, and its columns have names."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        tables = [table for table in document.tables if table.rows]
        self._tables = sorted(tables, key=lambda table: table.rows[0].span)
        self._rows = sorted(row.span for table in tables for row in table.rows)
        self._heads = {
            row.span
            for table in tables
            for row in table.rows[: table.heads]
            if len(table.rows) > table.heads
        }

    def columns_above(self, span: Span) -> tuple[str, ...]:
        """Return the rows that name the columns of a table that a passage begins inside of."""
        after = bisect_right(self._tables, span.start, key=lambda table: table.rows[0].span.start)
        table = self._tables[after - 1] if after else None
        if table is None or span.start >= table.rows[-1].span.end:
            return ()
        heads = [row.span for row in table.rows[: table.heads] if row.span.start < span.start]
        return tuple(" ".join(self._text[head.start : head.end].split()) for head in heads)

    def keep_whole(self, sentences: Iterator[Span], passage: Span) -> Iterator[Span]:
        """Yield the sentences of a passage, those of one row as one; a row that only names columns
        is none. A row that is too long for the passage has sentences of its own."""
        last: Span | None = None
        for sentence in sentences:
            after = bisect_right(self._rows, sentence.start, key=lambda row: row.start)
            row = self._rows[after - 1] if after else Span(0, 0)
            is_long = row.end - row.start > _LONGEST_ROW or not passage.contains(row)
            if is_long or not row.contains(sentence):
                yield sentence
            elif row != last and row not in self._heads:
                yield row
            last = row


class _BareHeadings:
    """Knows the headings that say nothing themselves, only name what stands below them.

    A numbered heading with a figure or a comma in it (一、每月1日至20日为安静期) is a statement;
    the title of a plan or an annex never is.
    """

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._spans = [
            section.heading_span
            for section in document.sections
            if _has_body(document.text, section) and not self._is_statement(section)
        ]

    def _is_statement(self, section: Section) -> bool:
        start, end = section.heading_span
        if not section.number or section.is_annex:
            return False
        return _STATES.search(self._text, start + len(section.number), end) is not None

    def leave_out(self, sentences: Iterator[Span]) -> Iterator[Span]:
        """Yield the sentences that are more than a heading: a heading is no quote."""
        for sentence in sentences:
            after = bisect_left(self._spans, (sentence.start, 0))
            # The heading that begins in the sentence, or above it: a title may take two lines.
            near = self._spans[max(0, after - 1) : after + 1]
            if all(not h.overlaps(sentence) or self._is_more(sentence, h) for h in near):
                yield sentence

    def _is_more(self, sentence: Span, heading: Span) -> bool:
        before = _SAYS.search(self._text, sentence.start, heading.start)
        return bool(before or _SAYS.search(self._text, heading.end, sentence.end))
