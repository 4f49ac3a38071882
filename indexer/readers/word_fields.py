"""Fields of a Word file that show something which is not written in it as their result."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from indexer.readers.equations import write_field
from indexer.readers.package import Element
from indexer.readers.symbols import is_unknown, read_symbol
from indexer.readers.word_markup import W, find, integer_of, is_on, value_of

_SYMBOL = re.compile(r"SYMBOL\s+(0x[\da-f]+|\d+)(?:.*?\\f\s*\"?([^\"\\]+))?", re.IGNORECASE)
_BOX_TO_TICK = ("□", "☑")
_CODE = re.compile("[0-9a-f]{1,6}", re.IGNORECASE)
COUNTING_KINDS = ("AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "LISTNUM")


@dataclass(slots=True)
class Field:
    """A field whose end is still to come."""

    begin: Element
    instruction: str = ""
    has_result: bool = False
    length: int = 0  # of the line's pieces before the result

    @property
    def kind(self) -> str:
        return (self.instruction.split() or [""])[0].upper()

    def shown(self) -> str | None:
        """Return what the field shows without a result; None where that is not known."""
        if self.kind in COUNTING_KINDS:
            return None
        return _SHOWN[self.kind](self) if self.kind in _SHOWN else ""


def character_of(code: str, base: int = 16) -> str:
    """Return the character of a code; "" for what is none."""
    if not _CODE.fullmatch(code) or (base == 10 and not code.isdecimal()):
        return ""
    value = int(code, base)
    is_character = 0x20 <= value < 0x110000 and not 0xD800 <= value < 0xE000
    return chr(value) if is_character else ""


def _symbol(field: Field) -> str | None:
    found = _SYMBOL.search(field.instruction)
    if found is None:
        return None
    code, font = found[1].lower(), (found[2] or "").strip()
    character = character_of(code[2:]) if code.startswith("0x") else character_of(code, 10)
    read = read_symbol(character, font) if character else ""
    return None if not read or is_unknown(read) else read


def _ticked(field: Field) -> str:
    box = field.begin.find(f"{W}ffData/{W}checkBox")
    checked = find(box, "checked")
    return _BOX_TO_TICK[is_on(find(box, "default") if checked is None else checked)]


def _selected(field: Field) -> str:
    """Return the entry of a list that is chosen: its first where none is."""
    options = field.begin.find(f"{W}ffData/{W}ddList")
    entries = [] if options is None else list(map(value_of, options.iterfind(f"{W}listEntry")))
    chosen = integer_of(find(options, "result")) or 0
    return entries[chosen] if 0 <= chosen < len(entries) else ""


_SHOWN: dict[str, Callable[[Field], str | None]] = {
    "EQ": lambda field: write_field(field.instruction),
    "SYMBOL": _symbol,
    "FORMCHECKBOX": _ticked,
    "FORMDROPDOWN": _selected,
}
