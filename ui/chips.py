"""What a question was understood to say, as chips that the reader can switch off and on again.

A chip is a link to the same question with one thing more, or less, switched off; the address keeps
which (`off`), so an answer can be sent to others as it was understood.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from retrieval.results import ALL, LIMIT, MISSING, PREFERENCE, Understood
from ui.address import Address
from ui.paper import Node, element, link
from ui.words import say

_OFF = "off"
_SEPARATOR = ","  # in no id: places, years and kinds have none
_KINDS = {"place": "地区", "year": "年份", "kind": "文种", "type": "问法"}
_TYPES = {
    "across": "各地对比",
    "wording": "查表述",
    "number": "查数字",
    "lookup": "查文件",
}
_EFFECTS = {
    LIMIT: "只在符合的文件中查找",
    PREFERENCE: "问题里提到，不因此排除文件",
    MISSING: "语料库没有这里的文件",
}


def read_ignored() -> tuple[str, ...]:
    """Return the ids of what the address switches off."""
    return tuple(filter(None, st.query_params.get(_OFF, "").split(_SEPARATOR)))


def write_chips(
    understood: Sequence[Understood], asked: Address, page: str = "", **more: str
) -> list[Node]:
    """Return the row of chips, each of which switches something off or on; none for no chips.

    They lead to a `page` of the application ("" is the first one) with `more` parameters.
    """
    if not understood:
        return []
    is_off = {each.id for each in understood if each.is_off}
    place = _Place(page, asked, more)
    chips = [_chip(each, understood, place) for each in understood]
    if len(understood) > 1:
        all_off = len(is_off) == len(understood)
        words = "全部恢复" if all_off else "全部关闭"
        off = () if all_off else (ALL,)
        chips.append(link(page, place.params(off), say(words), css="chips-all"))
    label = element("span", say("已理解："), css="chips-label")
    notes = (f"{each.value}：{each.note}" for each in understood if each.note and not each.is_off)
    return [
        element("nav", label, *chips, css="chips", aria_label=say("已理解")),
        *(element("p", say(note), css="chips-note") for note in notes),
    ]


def write_off(
    each: Understood, understood: Sequence[Understood], asked: Address
) -> dict[str, str | list[str]]:
    """Return the parameters that ask the same with one more thing switched off, or on again."""
    return _Place("", asked, {}).params(_switched(each, understood))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the chips stand: a page, what it is asked, and its other parameters."""

    page: str
    asked: Address
    more: Mapping[str, str]

    def params(self, off: Sequence[str]) -> dict[str, str | list[str]]:
        """Return the parameters that say the same with some things switched off."""
        return self.asked.params(**self.more, off=_SEPARATOR.join(off))


def _chip(each: Understood, understood: Sequence[Understood], place: _Place) -> Node:
    off = _switched(each, understood)
    kind, value = say(_KINDS[each.kind]), say(_value(each))
    act = "恢复" if each.is_off else "关闭"
    return link(
        place.page,
        place.params(off),
        element("span", kind, css="chip-kind"),
        element("span", value),
        element("span", "＋" if each.is_off else "×", css="chip-sign", aria_hidden="true"),
        css="chip chip-off" if each.is_off else "chip",
        aria_label=say(f"{act}：{_KINDS[each.kind]} {_value(each)}"),
        title=say(_effect(each, place.page)),
    )


def _switched(each: Understood, understood: Sequence[Understood]) -> list[str]:
    """Return the ids of what is off when one thing is switched."""
    return [other.id for other in understood if other.is_off != (other.id == each.id)]


def _value(each: Understood) -> str:
    """Return what a chip says, in Simplified."""
    if each.kind == "type":
        return _TYPES[each.value]
    if each.kind == "year":
        return _years(each.value)
    return f"{each.value}（语料库没有）" if each.effect == MISSING else each.value


def _years(value: str) -> str:
    first, dash, last = value.partition("-")
    if not dash:
        return first
    if not last:
        return f"{first} 起"
    return f"{first}—{last}" if first else f"至 {last}"


def _effect(each: Understood, page: str) -> str:
    if each.is_off:
        return "已关闭，只当作普通的词"
    if page and each.kind == "place" and each.effect == LIMIT:
        return "这里的文件排在前面"  # a search only prefers them
    return _EFFECTS.get(each.effect, "")
