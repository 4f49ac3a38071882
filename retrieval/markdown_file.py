"""A basket as Markdown with footnotes; whatever a notice or a reader wrote stays text."""

import re
from collections.abc import Iterator
from itertools import zip_longest

from retrieval.material import NOTE, SOURCES, TITLE, UNSURE, UNSURE_HINT, Material, legal

# What means something to CommonMark or to what is usually added to it. Anywhere: emphasis, code,
# links, HTML, tables, formulas, notes, :signs:, addresses that become links, dashes and quotation
# marks that become others. Where a line begins: rules, and the numbers and signs of lists.
_ANYWHERE = re.compile(
    r"""[\\`*_\[\]<>&~$|^{}#:@="']|(?<=www)\.|(?<=\.)\.|(?<=-)-""", re.IGNORECASE
)
_SIGN = re.compile(r"^[-+]")
_NUMBER = re.compile(r"^(\(?[0-9A-Za-z]{1,9})([.)])")
_LINE_END = re.compile(r"\r\n|\r|\n")


def write_markdown(material: Material) -> bytes:
    """Return the basket as Markdown; what may not be cited stands apart, without a footnote."""
    say = material.say
    blocks, notes = [f"# {say(TITLE)}", _line(material.counts)], []
    for number, (citation, kept) in enumerate(material.confirmed, start=1):
        blocks.append(f"{_lines(citation.quote.strip(), '> ')}[^{number}]")
        blocks += _note(kept.item.note, material)
        notes.append(f"[^{number}]: {_line(material.cited(citation.forms))}")
    if material.unconfirmed:
        blocks.append(f"## {say(UNSURE)}")
        blocks.append(say(UNSURE_HINT))
    for kept in material.unconfirmed:
        blocks.append(f"### {_line(material.label(kept))}")
        blocks.append(_lines(kept.item.quote.strip(), "> "))
        blocks += _note(kept.item.note, material)
    if material.sources:
        numbered = enumerate(material.sources, start=1)
        blocks.append(f"## {say(SOURCES)}")
        blocks.append("\n".join(f"{number}. {_line(source)}" for number, source in numbered))
    return ("\n\n".join(filter(None, [*blocks, "\n".join(notes)])) + "\n").encode()


def escaped(line: str) -> str:
    """Return a line that reads as `line` does, with nothing in it that Markdown understands."""
    words = legal(line)
    if words[:1] in (" ", "\t"):  # four of them would begin a block of code
        return f"&#{ord(words[0])};{_ANYWHERE.sub(_escape, words[1:])}"
    return _NUMBER.sub(r"\1\\\2", _SIGN.sub(_escape, _ANYWHERE.sub(_escape, words)))


def _escape(sign: re.Match[str]) -> str:
    return f"\\{sign[0]}"


def _line(words: str) -> str:
    """Return words on one line."""
    return escaped(" ".join(_LINE_END.split(words)))


def _note(note: str, material: Material) -> Iterator[str]:
    if note:
        yield f"**{material.say(NOTE)}**\n\n{_lines(note, '')}"


def _lines(words: str, mark: str) -> str:
    """Return lines as they are, each behind a mark: a blank one parts paragraphs."""
    lines = [escaped(line) for line in _LINE_END.split(words)]
    ends = ["\\" if line and after else "" for line, after in zip_longest(lines, lines[1:])]
    return "\n".join(f"{mark}{line}{end}" for line, end in zip(lines, ends, strict=True))
