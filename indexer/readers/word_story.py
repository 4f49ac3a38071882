"""Walk through a story of a Word file (its body, a text box, a note, a running head).

What is seen in print with all changes accepted is read, in order: automatic numbers, the results
of fields, content controls, text boxes (after the paragraph that holds them) and notes. What is
not read is noted as a caution.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from indexer.readers.equations import M, write_equation
from indexer.readers.numbering import Counter
from indexer.readers.package import Element
from indexer.readers.symbols import is_symbol_font, is_unknown, read_symbol
from indexer.readers.word_blocks import Block, Box, Paragraph, Table, words_of
from indexer.readers.word_fields import COUNTING_KINDS, Field, character_of
from indexer.readers.word_markup import W, find, integer_of, is_on, value_of
from indexer.readers.word_parts import R, WordFile
from indexer.readers.word_styles import ParagraphStyle, outline_level

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_OFFICE = "{urn:schemas-microsoft-com:office:office}"
_V = "{urn:schemas-microsoft-com:vml}"

_P, _RUN, _TEXT, _TABLE = f"{W}p", f"{W}r", f"{W}t", f"{W}tbl"
_P_PR, _R_PR = f"{W}pPr", f"{W}rPr"
_SDT, _ALTERNATIVES = f"{W}sdt", f"{_MC}AlternateContent"
_SIMPLE_FIELD, _FIELD_CHARACTER, _INSTRUCTION = f"{W}fldSimple", f"{W}fldChar", f"{W}instrText"
_FOOTNOTE = f"{W}footnoteReference"
_BOX, _WORD_ART, _SMART_ART = f"{W}txbxContent", f"{_V}textpath", f"{_DIAGRAM}relIds"
_PROPERTIES = frozenset(
    W + name
    for name in "pPr rPr tblPr tblPrEx tblGrid trPr tcPr sdtPr sdtEndPr sectPr rubyPr".split()
)
_WRAPPERS = frozenset(W + name for name in "sdt sdtContent customXml ins moveTo".split())
_DELETIONS = frozenset(W + name for name in "del moveFrom".split())
_CHANGES = _DELETIONS | {f"{W}ins", f"{W}moveTo"}
_FOREIGN = frozenset(W + name for name in "altChunk subDoc".split())
_EQUATIONS = frozenset(M + name for name in "oMath oMathPara".split())
_PICTURES = frozenset((f"{_A}blip", f"{_V}imagedata"))
_OBJECTS = frozenset((f"{_CHART}chart", f"{_OFFICE}OLEObject"))
_CHARACTERS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}

_LONGEST_HEADING = 120  # characters; a longer paragraph is text, whatever its style
_MOST_COLUMNS = 63  # Word's limit
# The words that only the number of a page is printed between.
_PAGE_WORDS = re.compile(r"(?:[\W_]|第|共|页|頁|of|page)*", re.IGNORECASE)
_PAGE_FIELDS = ("PAGE", "NUMPAGES", "SECTIONPAGES")

# A picture as large as a few words of print, 3 cm by 1 cm, may hold words.
_CENTIMETRE = 360_000  # in the units of DrawingML
_WIDTH, _HEIGHT = 3 * _CENTIMETRE, 1 * _CENTIMETRE
_WHOLE = re.compile("[0-9]{1,12}")
_LENGTH = re.compile(r"(width|height)\s*:\s*(\d{1,6}(?:\.\d*)?)\s*(pt|in|cm|mm)?")
_UNITS = {"pt": 12_700, "in": 914_400, "cm": _CENTIMETRE, "mm": _CENTIMETRE // 10, "": 9_525}

_CHANGED = (
    "文件有修订痕迹，按接受全部修订后的文字读取。",
    "若应以修订前为准，请在 Word 里处理修订后重建索引。",
)
_HIDDEN = ("文件有隐藏文字，没有读入。", "若隐藏文字也要能查到，请取消隐藏后重建索引。")
_COMMENTED = ("文件有批注，没有读入。", "若批注也要能查到，请把它写进正文后重建索引。")
_PICTURED = ("文件有图片，图片里的文字没有读入。", "请对照原文件查看图片。")
_EMBEDDED = ("文件有图表或嵌入的对象，其中的文字没有读入。", "请对照原文件查看。")
_UNREAD_FILE = ("文件嵌有另一份文件，没有读入。", "请在 Word 里打开后另存一份，再重建索引。")
_EQUATION = ("文件有公式，按先后写成一行，形式没有保留。", "引用公式时请对照原文件。")
_UNKNOWN_SYMBOL = ("文件有认不出的符号或自造字。", "请对照原文件查看这些字符。")
_COUNTED = ("文件有用域写的自动编号，没有读入。", "请在 Word 里把编号改为普通文字后重建索引。")
_NOT_SHOWN = {"EQ": _EQUATION, "SYMBOL": _UNKNOWN_SYMBOL, **dict.fromkeys(COUNTING_KINDS, _COUNTED)}


@dataclass(slots=True)
class _Line:
    """A paragraph while it is read."""

    style: ParagraphStyle = field(default_factory=ParagraphStyle)
    number: str = ""
    level: int = 0
    pieces: list[str] = field(default_factory=list)
    boxes: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_contents: bool = False
    has_page_number: bool = False


@dataclass(slots=True)
class _Flow:
    """Blocks that follow one another; `open` is a paragraph whose end was deleted."""

    in_contents: bool = False
    blocks: list[Block] = field(default_factory=list)
    open: _Line | None = None


class Story:
    """Reads one story; lists are counted through it from its beginning."""

    def __init__(
        self,
        file: WordFile,
        *,
        counter: Counter | None = None,
        is_running: bool = False,
        is_note: bool = False,
    ) -> None:
        """`is_running` is for headers and footers, whose page numbers are left out."""
        self._file = file
        self._counter = counter or Counter(file.numbering)
        # Word counts the lists in text boxes, and those in notes, apart from the body's.
        self._box_counter = Counter(file.numbering)
        self._note_counter = Counter(file.numbering)
        self._is_running = is_running
        self._is_note = is_note
        self._fields: list[Field] = []

    def blocks(self, parent: Element, in_contents: bool = False) -> list[Block]:
        """Return the paragraphs and tables in an element."""
        flow = _Flow(in_contents)
        self._read_blocks(parent, flow)
        self._close(flow)
        return flow.blocks

    def _read_blocks(self, parent: Element, flow: _Flow) -> None:
        for element in parent:
            tag = element.tag
            if tag == _P:
                self._read_paragraph(element, flow)
            elif tag == _TABLE:
                self._close(flow)
                self._read_table(element, flow)
            elif tag == _SDT:
                self._read_control(element, flow)
            elif tag == _ALTERNATIVES:
                self._read_blocks(_chosen(element), flow)
            elif tag in _FOREIGN:
                self._file.caution(*_UNREAD_FILE)
            elif tag not in _PROPERTIES and not self._is_left_out(element):
                self._read_blocks(element, flow)

    def _read_control(self, control: Element, flow: _Flow) -> None:
        gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
        before = flow.in_contents
        flow.in_contents = before or value_of(gallery) == "Table of Contents"
        for content in control.iterfind(f"{W}sdtContent"):
            self._read_blocks(content, flow)
        flow.in_contents = before

    def _read_paragraph(self, paragraph: Element, flow: _Flow) -> None:
        properties = paragraph.find(_P_PR)
        line = flow.open or _Line()
        line.style = self._file.styles.of(value_of(find(properties, "pStyle")))
        was_in_contents = self._is_in_contents
        self._read_inline(paragraph, line)
        # An instruction ends with its paragraph, even where the file forgets to end it.
        self._fields = [f for f in self._fields if f.has_result]
        flow.open = line
        mark = find(properties, "rPr")
        if mark is not None and self._is_mark_deleted(mark):
            return  # the next paragraph goes on in this line, and its properties count
        outline = integer_of(find(properties, "outlineLvl"))
        line.level = line.style.level if outline is None else outline_level(outline)
        if line.level:  # no heading stands in the contents: their end was forgotten
            self._fields = [f for f in self._fields if f.kind != "TOC"]
        elif was_in_contents or self._is_in_contents:
            line.is_contents = True
        line.is_contents |= flow.in_contents or line.style.is_contents
        is_seen = line.pieces or not is_on(find(mark, "vanish"))
        line.number = self._number(properties, line.style) if is_seen else ""
        self._close(flow)

    def _close(self, flow: _Flow) -> None:
        """End the open paragraph."""
        line, flow.open = flow.open, None
        if line is None:
            return
        words = _tidy(line.number, "".join(line.pieces))
        if line.has_page_number and _PAGE_WORDS.fullmatch(words):
            words = ""
        if words or line.notes:
            is_heading = 0 < len(words) <= _LONGEST_HEADING and not line.is_contents
            flow.blocks.append(
                Paragraph(
                    words=words,
                    level=line.level if is_heading else 0,
                    is_title=is_heading and not line.level and line.style.is_title,
                    is_contents=line.is_contents,
                    notes=tuple(line.notes),
                )
            )
        flow.blocks.extend(line.boxes)

    def _number(self, properties: Element | None, style: ParagraphStyle) -> str:
        own = find(properties, "numPr")
        num = value_of(find(own, "numId")) or style.num
        if num in ("", "0"):
            return ""
        at = integer_of(find(own, "ilvl"))
        if at is None:
            at = self._file.numbering.level_of_style(num, style.family)
        return self._counter.next(num, at if at is not None else style.at or 0)

    def _is_mark_deleted(self, mark: Element) -> bool:
        changes = [change.tag for change in mark if change.tag in _CHANGES]
        if changes:
            self._file.caution(*_CHANGED)
        return not _DELETIONS.isdisjoint(changes)

    def _is_left_out(self, element: Element) -> bool:
        """Tell deleted text; note any change that is tracked."""
        if element.tag in _CHANGES:
            self._file.caution(*_CHANGED)
        return element.tag in _DELETIONS

    @property
    def _is_in_contents(self) -> bool:
        return any(found.kind == "TOC" for found in self._fields)

    # Runs

    def _read_inline(self, parent: Element, line: _Line) -> None:
        for element in parent:
            tag = element.tag
            if tag == _RUN:
                self._read_run(element, line)
            elif tag == _SIMPLE_FIELD:
                self._read_simple_field(element, line)
            elif tag == _ALTERNATIVES:
                self._read_inline(_chosen(element), line)
            elif tag in _EQUATIONS:
                self._write(write_equation(element), line)
                self._file.caution(*_EQUATION)
            elif tag not in _PROPERTIES and not self._is_left_out(element):
                self._read_inline(element, line)

    def _read_run(self, run: Element, line: _Line) -> None:
        properties = run.find(_R_PR)
        fonts = find(properties, "rFonts")
        font = value_of(fonts, "ascii") or value_of(fonts, "hAnsi")
        self._read_content(run, line, font, self._is_hidden(properties, line))

    def _read_content(self, run: Element, line: _Line, font: str, is_hidden: bool) -> None:
        for element in run:
            tag = element.tag
            if tag == _FIELD_CHARACTER:
                self._read_field_character(element, line)
            elif tag == _INSTRUCTION:
                if self._fields:
                    self._fields[-1].instruction += element.text or ""
            elif is_hidden:
                if tag == _TEXT:
                    self._file.caution(*_HIDDEN)
            elif tag == _TEXT:
                words = (element.text or "").replace("\n", " ")  # as Word shows it
                self._write(self._in_font(words, font), line)
            elif tag in _CHARACTERS:
                self._write(_CHARACTERS[tag], line)
            elif tag == _ALTERNATIVES:
                self._read_content(_chosen(element), line, font, is_hidden)
            elif tag in _READERS:
                _READERS[tag](self, element, line)

    def _is_hidden(self, properties: Element | None, line: _Line) -> bool:
        vanish = find(properties, "vanish")
        if vanish is not None:
            return is_on(vanish)
        style = value_of(find(properties, "rStyle"))
        return line.style.is_hidden or (bool(style) and self._file.styles.of(style).is_hidden)

    def _write(self, words: str, line: _Line) -> None:
        """Add what is seen: not an instruction, and not a page's number in a running head."""
        if self._is_running and any(f.kind in _PAGE_FIELDS for f in self._fields):
            line.has_page_number = True
        elif all(f.has_result for f in self._fields):
            line.pieces.append(words)

    def _in_font(self, words: str, font: str) -> str:
        if not is_symbol_font(font) and not any(map(is_unknown, words)):
            return words
        read = "".join(read_symbol(character, font) for character in words)
        if any(map(is_unknown, read)):
            self._file.caution(*_UNKNOWN_SYMBOL)
        return read

    def _read_symbol(self, symbol: Element, line: _Line) -> None:
        character = character_of(value_of(symbol, "char"))
        self._write(self._in_font(character, value_of(symbol, "font")), line)

    def _read_ruby(self, ruby: Element, line: _Line) -> None:
        """Add words and, in brackets, how they are read."""
        for base in ruby.iterfind(f"{W}rubyBase"):
            self._read_inline(base, line)
        for reading in ruby.iterfind(f"{W}rt"):
            self._write("（", line)
            self._read_inline(reading, line)
            self._write("）", line)

    def _read_page_number(self, number: Element, line: _Line) -> None:
        line.has_page_number = True

    def _read_comment(self, comment: Element, line: _Line) -> None:
        self._file.caution(*_COMMENTED)

    def _read_note(self, reference: Element, line: _Line) -> None:
        kind = "footnote" if reference.tag == _FOOTNOTE else "endnote"
        note = None if self._is_note else self._file.note(kind, value_of(reference, "id"))
        if note is None:
            return
        has_own_mark = value_of(reference, "customMarkFollows") in ("1", "true", "on")
        mark, is_new = ("", True) if has_own_mark else self._file.mark(note)
        self._write(mark, line)
        if is_new:
            story = Story(self._file, counter=self._note_counter, is_note=True)
            words = "\n".join(words_of(story.blocks(note)))
            line.notes.extend(_tidy(f"{mark} " if mark else "", words).split("\n"))

    # Fields

    def _read_simple_field(self, element: Element, line: _Line) -> None:
        self._fields.append(Field(element, value_of(element, "instr")))
        self._begin_result(line)
        self._read_inline(element, line)
        self._end_field(line)

    def _read_field_character(self, character: Element, line: _Line) -> None:
        kind = value_of(character, "fldCharType")
        if kind == "begin":
            self._fields.append(Field(character))
        elif self._fields and kind == "separate":
            self._begin_result(line)
        elif self._fields and kind == "end":
            self._end_field(line)

    def _begin_result(self, line: _Line) -> None:
        self._fields[-1].has_result = True
        self._fields[-1].length = len(line.pieces)

    def _end_field(self, line: _Line) -> None:
        """End the innermost field; some show what their instruction says, without a result."""
        ended = self._fields.pop()
        if ended.has_result and len(line.pieces) != ended.length:
            return
        if ended.kind in _PAGE_FIELDS:
            line.has_page_number |= self._is_running
        elif (words := ended.shown()) is not None:
            self._write(words, line)
        else:
            self._file.caution(*_NOT_SHOWN[ended.kind])

    # Drawings

    def _read_drawing(self, drawing: Element, line: _Line) -> None:
        self._read_shapes(drawing, line, None)

    def _read_shapes(self, parent: Element, line: _Line, size: tuple[float, float] | None) -> None:
        """Read the text boxes of a drawing, whichever of Word's two ways it is written in."""
        extent = parent.find(f"{_DRAWING}extent")
        if extent is not None:
            size = (_length(extent.get("cx")), _length(extent.get("cy")))
        size = _size_in(parent.get("style")) or size
        for element in parent:
            tag = element.tag
            if tag == _BOX:
                story = Story(
                    self._file,
                    counter=self._box_counter,
                    is_running=self._is_running,
                    is_note=self._is_note,
                )
                line.boxes.extend(story.blocks(element))
            elif tag == _ALTERNATIVES:
                self._read_shapes(_chosen(element), line, size)
            elif tag == _WORD_ART:
                words = _tidy("", element.get("string", ""))
                line.boxes.extend([Paragraph(words)] if words else [])
            elif tag == _SMART_ART:
                line.boxes.extend(self._smart_art(element))
            elif tag in _PICTURES:
                if size is None or (size[0] >= _WIDTH and size[1] >= _HEIGHT):
                    self._file.caution(*_PICTURED)
            elif tag in _OBJECTS:
                self._file.caution(*_EMBEDDED)
            else:
                self._read_shapes(element, line, size)

    def _smart_art(self, references: Element) -> Iterator[Paragraph]:
        part = self._file.related(str(references.get(f"{R}dm", "")))
        for paragraph in () if part is None else part.iter(f"{_A}p"):
            words = _tidy("", "".join(t.text or "" for t in paragraph.iter(f"{_A}t")))
            if words:
                yield Paragraph(words)

    # Tables

    def _read_table(self, table: Element, flow: _Flow) -> None:
        rows: list[tuple[Box, ...]] = []
        hanging: dict[int, Box] = {}  # column -> the cell that the rows below are merged into
        heads = 0
        for row in _inside(table, f"{W}tr"):
            properties = row.find(f"{W}trPr")
            if properties is not None and self._is_mark_deleted(properties):
                continue
            boxes, continued, hanging = self._read_row(row, properties, hanging, flow.in_contents)
            if boxes:  # a row of nothing but merged cells is not there to be seen
                heads += heads == len(rows) and is_on(find(properties, "tblHeader"))
                rows.append(tuple(boxes))
                for box in continued:
                    box.rows += 1
        flow.blocks.append(Table(tuple(rows), heads))

    def _read_row(
        self, row: Element, properties: Element | None, hanging: dict[int, Box], in_contents: bool
    ) -> tuple[list[Box], list[Box], dict[int, Box]]:
        """Return a row's own cells, those that reach into it, and those that may reach on."""
        at = _columns(find(properties, "gridBefore"), 0)
        boxes = [Box([], at)] if at else []
        has_own = False
        continued: list[Box] = []
        reaching: dict[int, Box] = {}
        for cell in _inside(row, f"{W}tc"):
            properties = cell.find(f"{W}tcPr")
            columns = _columns(find(properties, "gridSpan"), 1)
            down, across = find(properties, "vMerge"), find(properties, "hMerge")
            above = hanging.get(at) if down is not None and value_of(down) != "restart" else None
            if above is not None:
                continued.append(above)
                reaching[at] = above
            elif across is not None and value_of(across) != "restart" and boxes:
                boxes[-1].columns += columns
            else:
                has_own = True
                boxes.append(Box(self.blocks(cell, in_contents), columns))
                if down is not None:
                    reaching[at] = boxes[-1]
            at += columns
        return (boxes if has_own else []), continued, reaching


def _inside(parent: Element, tag: str) -> Iterator[Element]:
    """Yield the children of a kind, those in content controls and tracked changes too."""
    for element in parent:
        if element.tag == tag:
            yield element
        elif element.tag in _WRAPPERS:
            yield from _inside(element, tag)


def _chosen(alternatives: Element) -> Iterable[Element]:
    """Return what is in the first of several ways to write one thing."""
    choice = alternatives.find(f"{_MC}Choice")
    chosen = alternatives.find(f"{_MC}Fallback") if choice is None else choice
    return () if chosen is None else chosen


def _tidy(number: str, words: str) -> str:
    """Return a paragraph without white space around its lines, and without empty lines."""
    solid = (line.strip() for line in words.split("\n"))
    return (number + "\n".join(line for line in solid if line)).strip()


def _columns(element: Element | None, default: int) -> int:
    count = integer_of(element)
    return default if count is None else min(max(count, default), _MOST_COLUMNS)


def _length(value: str | None) -> float:
    return float(value) if value and _WHOLE.fullmatch(value) else 0


def _size_in(style: str | None) -> tuple[float, float] | None:
    """Return width and height from the style of a VML shape."""
    found = {name: float(n) * _UNITS[unit] for name, n, unit in _LENGTH.findall(style or "")}
    return (found["width"], found["height"]) if len(found) == 2 else None


_READERS: Mapping[str, Callable[[Story, Element, _Line], None]] = {
    f"{W}sym": Story._read_symbol,
    f"{W}ruby": Story._read_ruby,
    f"{W}pgNum": Story._read_page_number,
    f"{W}commentReference": Story._read_comment,
    f"{W}footnoteReference": Story._read_note,
    f"{W}endnoteReference": Story._read_note,
    f"{W}drawing": Story._read_drawing,
    f"{W}pict": Story._read_drawing,
    f"{W}object": Story._read_drawing,
}
