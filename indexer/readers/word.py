"""Word files (.docx, .docm): their visible text in reading order, numbers and notes included.

Running heads and the table of contents stay in the text as exclusions; what was not read, and
what was changed in print (tracked changes), is said as a caution.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeGuard

from indexer.errors import ReadError
from indexer.readers.composing import Cell, Composer
from indexer.readers.package import DAMAGED_CURE
from indexer.readers.source import Source, Step, ignore_steps
from indexer.readers.word_blocks import Block, Box, Paragraph, Table, notes_of, words_of
from indexer.readers.word_parts import WordFile
from indexer.readers.word_story import Story

_CONTENTS = "目录"
_DEEPEST = 6  # levels of headings that the outline tells from each other
# So many paragraphs that are longer than any value, in one cell of a narrow table, make the table
# a frame around a part of the document.
_LONG, _PARAGRAPHS, _FRAME_COLUMNS = 60, 3, 2
# What is numbered is a chapter, not a title, however its style marks it.
_NUMBERED = re.compile(r"[第(（]?[零〇一二三四五六七八九十百千\d]+[章节節条條编編篇、.．)）\s]")


def read(content: bytes, step: Step = ignore_steps) -> Source:
    """Read a .docx or .docm file.

    Raises:
        ReadError: it is protected by a password, damaged, or no Word file.
    """
    step(0, 1)
    try:
        return _compose(WordFile(content))
    except RecursionError as error:
        raise ReadError("文件里的内容嵌套得太深。", DAMAGED_CURE) from error


def _compose(file: WordFile) -> Source:
    composer = Composer()
    _write(composer, _ranked(list(_unframed(Story(file).blocks(file.body)))))
    seen: set[str] = set()
    for reason, part in file.running_heads():
        for words in words_of(Story(file, is_running=True).blocks(part)):
            if words not in seen:
                seen.add(words)
                composer.paragraph(words, excluded=reason)
    if file.has_macros:
        composer.caution(
            "文件含宏，宏没有运行，也没有读入。", "宏不影响文字；如不放心，请另存为 .docx。"
        )
    if file.numbering.unknown_forms:
        forms = "、".join(sorted(file.numbering.unknown_forms))
        composer.caution(
            f"有的自动编号样式（{forms}）没有对应的写法，按阿拉伯数字写出。",
            "请对照原文件核对编号。",
        )
    for caution in file.cautions:
        composer.caution(caution.fact, caution.cure)
    return composer.source()


def _write(composer: Composer, blocks: Sequence[Block]) -> None:
    for block in blocks:
        if isinstance(block, Table):
            composer.table([[_cell(box) for box in row] for row in block.rows], block.heads or None)
        else:
            excluded = _CONTENTS if block.is_contents else ""
            composer.paragraph(block.words, level=block.level, excluded=excluded)
        for note in notes_of(block):
            composer.paragraph(note)


def _cell(box: Box) -> Cell:
    return Cell("\n".join(words_of(box.blocks)), box.columns, box.rows)


def _unframed(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield the blocks with those inside tables that only frame a part of the document."""
    for block in blocks:
        if isinstance(block, Table) and _is_frame(block):
            for row in block.rows:
                for box in row:
                    yield from _unframed(box.blocks)
        else:
            yield block


def _is_frame(table: Table) -> bool:
    """Tell a table that holds no values: one of a single column, or around long text."""
    columns = max((sum(box.columns for box in row) for row in table.rows), default=0)
    if all(len(row) == 1 for row in table.rows):
        return True
    boxes = [box for row in table.rows for box in row]
    framed = sum(_length(box) for box in boxes if _is_text(box))
    return columns <= _FRAME_COLUMNS and framed * 2 > sum(map(_length, boxes))


def _is_text(box: Box) -> bool:
    return sum(len(words) > _LONG for words in words_of(box.blocks)) >= _PARAGRAPHS


def _length(box: Box) -> int:
    return sum(map(len, words_of(box.blocks)))


def _ranked(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with level 1 for the title alone.

    The title is what is styled so, over however many paragraphs, or the only heading of the first
    level where it is the first heading and bears no number. Whatever else is marked as a heading
    of the first level is a chapter.
    """
    blocks = _joined_titles(blocks)
    headings = [b for b in blocks if isinstance(b, Paragraph) and b.level]
    first = [heading for heading in headings if heading.level == 1]
    titled = any(map(_is_title, blocks))
    stands_for_title = (
        not titled and len(first) == 1 and first[0] is headings[0]
        and not _NUMBERED.match(first[0].words)
    )  # fmt: skip
    shift = 0 if stands_for_title else 1
    return [_with_level(block, shift) for block in blocks]


def _with_level(block: Block, shift: int) -> Block:
    if isinstance(block, Table):
        return block
    if block.is_title:
        return replace(block, level=1)
    return replace(block, level=min(block.level + shift, _DEEPEST)) if block.level else block


def _is_title(block: Block | None) -> TypeGuard[Paragraph]:
    return isinstance(block, Paragraph) and block.is_title


def _joined_titles(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with a title that goes on in the next paragraph as one."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if _is_title(last) and _is_title(block):
            words = f"{last.words}\n{block.words}"
            joined[-1] = replace(last, words=words, notes=last.notes + block.notes)
        else:
            joined.append(block)
    return joined
