"""What a story of a Word file is made of: paragraphs and tables, as printed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; a line break in it is a line end."""

    words: str
    level: int = 0  # as a heading, from 1
    is_title: bool = False
    is_contents: bool = False  # a line of the table of contents
    notes: tuple[str, ...] = ()  # its footnotes and endnotes, a line each


@dataclass(slots=True)
class Box:
    """A cell of a table; `rows` grows while cells below are merged into it."""

    blocks: "list[Paragraph | Table]"
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table; each merged cell is once in `rows`, where it begins."""

    rows: tuple[tuple[Box, ...], ...]
    heads: int  # rows that the file marks as repeated on every page


Block = Paragraph | Table


def words_of(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield what some blocks say, a line for each paragraph and each row of a table."""
    for block in blocks:
        if isinstance(block, Table):
            for row in block.rows:
                yield " ".join(" ".join(words_of(box.blocks)) for box in row)
        else:
            yield block.words


def notes_of(block: Block) -> Iterator[str]:
    """Yield the notes that a paragraph, or any paragraph in a table, refers to."""
    if isinstance(block, Table):
        for row in block.rows:
            for box in row:
                for inner in box.blocks:
                    yield from notes_of(inner)
    else:
        yield from block.notes
