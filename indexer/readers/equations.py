"""Equations on one line: Office's mathematics (ECMA-376 part 1, 22.1) and Word's EQ fields."""

import re

from indexer.readers.numerals import write_number
from indexer.readers.package import Element

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

_JOINED = {"f": ("num", "/", "den"), "sSup": ("e", "^", "sup"), "sSub": ("e", "_", "sub")}
_RUBY = re.compile(r"\\s\\up\s*\d*\s*\((.*?)\)\s*[,;]\s*(.*?)\)")
_ENCLOSED = re.compile(r"\\o\s*(?:\\a[clrd])?\s*\(\s*[○◯]\s*[,;]\s*(.*?)\s*\)", re.IGNORECASE)
_FRACTION = re.compile(r"\\f\s*\((.*?)[,;](.*?)\)", re.IGNORECASE)


def write_equation(element: Element) -> str:
    """Return the characters of an equation in order, with / ^ _ where place alone tells them."""
    name = _name(element)
    if name == "t":
        return element.text or ""
    written = [(_name(child), write_equation(child)) for child in element]
    parts = dict(written)
    if name in _JOINED:
        first, sign, second = _JOINED[name]
        return _term(parts.get(first, "")) + sign + _term(parts.get(second, ""))
    if name == "rad":
        return f"{parts.get('deg', '')}√{_term(parts.get('e', ''))}"
    inner = "".join(words for _, words in written)
    if name == "d":
        return _sign(element, "begChr", "(") + inner + _sign(element, "endChr", ")")
    return _sign(element, "chr", "∫") + inner if name == "nary" else inner


def write_field(instruction: str) -> str | None:
    """Return what an EQ field shows: 带圈字符, 拼音指南 or a fraction; None for other equations."""
    if ruby := _RUBY.search(instruction):
        return f"{ruby[2]}（{ruby[1]}）"
    if enclosed := _ENCLOSED.search(instruction):
        inner = enclosed[1]
        return write_number(int(inner), "decimalEnclosedCircle") if inner.isdecimal() else inner
    fraction = _FRACTION.search(instruction)
    return f"{fraction[1].strip()}/{fraction[2].strip()}" if fraction else None


def _name(element: Element) -> str:
    return str(element.tag).removeprefix(M)


def _term(words: str) -> str:
    return words if words.isalnum() or len(words) < 2 else f"({words})"


def _sign(element: Element, name: str, default: str) -> str:
    found = element.find(f"{M}{_name(element)}Pr/{M}{name}")
    return default if found is None else str(found.get(f"{M}val", ""))
