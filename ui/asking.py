"""The box that asks and the filters beside it; all pages that search have them.

The address is the only state: the widgets show what it says, and a change is written to it.
"""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

import streamlit as st

from retrieval.engine import Engine
from retrieval.results import Facet, Facets, Filters
from ui import paper
from ui.address import (
    Address,
    chosen,
    kept_params,
    make_filters,
    read_address,
    write_address,
)
from ui.paper import Node, element
from ui.scripts import as_shown
from ui.words import say

_YEARS = ("first_year", "last_year")
_AREA_HEIGHT = 140  # pixels: five lines
_LABELS = {
    "place": "地区",
    "kind": "文种",
    "issuer": "发文机关",
    "status": "时效",
    "script": "简繁",
    "folder": "文件夹",
}
# A place is set in below what it lies in; by plain spaces, which count where _DRESS says so, in the
# list, and not in the mark of what was chosen from it.
_DEEPER = "    "
# How Streamlit says, in English, that no option has the letters typed.
_DRESS = """<style>
[role="listbox"][data-empty="true"] span { font-size: 0; }
[role="listbox"][data-empty="true"] span::after { content: "%s"; font-size: 0.9rem; }
[role="listbox"] [role="option"] * { white-space: pre; }
</style>"""


def show_box(label: str, placeholder: str, button: str) -> None:
    """Show the text field, and below it what is filtered; Enter or the button writes its words to
    the address."""
    asked = read_address()
    _follow(asked)
    with st.form("asking", border=False):
        field, press = st.columns([6, 1], vertical_alignment="bottom")
        field.text_input(say(label), key="question", placeholder=say(placeholder))
        press.form_submit_button(say(button), type="primary", on_click=_apply, width="stretch")
    _show_filtered(asked)


def show_area(label: str, placeholder: str, button: str) -> None:
    """Show a field for a text of some lines, as `show_box` shows one for a question; Ctrl+Enter or
    the button writes it to the address."""
    asked = read_address()
    _follow(asked)
    with st.form("asking", border=False):
        st.text_area(say(label), key="question", placeholder=say(placeholder), height=_AREA_HEIGHT)
        st.form_submit_button(say(button), type="primary", on_click=_apply)
    _show_filtered(asked)


def _show_filtered(asked: Address) -> None:
    if not asked.filters.is_empty:
        paper.show("filtered", write_filtered(asked))


def write_filtered(asked: Address) -> Node:
    """Return what is filtered, each value with a link that takes it back, and one for all: on a
    narrow screen the sidebar is out of sight."""
    filters = asked.filters
    chips = [
        _chip(asked.without(name, value), _LABELS[name], _name(name, value))
        for name, values in chosen(filters).items()
        for value in values
    ]
    if filters.first_year or filters.last_year:
        years = f"{filters.first_year or ''}—{filters.last_year or ''}"
        chips.append(_chip(asked.without_years(), "年份", years))
    if len(chips) > 1:
        all_gone = asked.without_filters()
        chips.append(element("a", say("清除筛选"), href=_href(all_gone), css="chips-all"))
    label = element("span", say("已筛选："), css="chips-label")
    return element("nav", label, *chips, css="chips", aria_label=say("所用的筛选"))


def _chip(without: Address, label: str, value: str) -> Node:
    return element(
        "a",
        element("span", say(label), css="chip-kind"),
        element("span", value),
        element("span", "×", css="chip-sign", aria_hidden="true"),
        href=_href(without),
        css="chip",
        aria_label=f"{say(f'取消筛选：{label}')} {value}",
    )


def _href(asked: Address) -> str:
    """Return the address of another state of this page, whichever it is."""
    return f"?{urlencode(asked.params(**kept_params(asked)), doseq=True)}"


def show_filters(engine: Engine, facets: Facets | None = None) -> None:
    """Show the filters in the sidebar, each value with its number of documents; `facets` are those
    of what was found, None where they are to be those of all documents."""
    filters = read_address().filters
    facets = facets or engine.facets(filters)
    with st.sidebar:
        st.html(_DRESS % say("没有相符的选项"))
        st.header(say("筛选"))
        if not filters.is_empty:
            st.caption(say(f"筛选后 {facets.documents} / 全部 {facets.total} 份文件"))
            st.button(say("清除筛选"), key="clear", on_click=_clear, width="stretch")
        _show_choice("place", (*facets.localities, *facets.regions), filters)
        _show_choice("kind", facets.kinds, filters)
        _show_years(facets.years, filters)
        _show_more(facets, filters)


def _show_more(facets: Facets, filters: Filters) -> None:
    choices = (
        ("issuer", facets.issuers),
        ("status", facets.statuses),
        ("script", facets.scripts),
        ("folder", facets.folders),
    )
    used = chosen(filters)
    if any(used[name] or _narrows(values) for name, values in choices):
        with st.expander(say("更多条件"), expanded=any(used[name] for name, _ in choices)):
            for name, values in choices:
                _show_choice(name, values, filters)


def _show_choice(name: str, facets: Sequence[Facet], filters: Filters) -> None:
    """Show one kind of filter, unless there is nothing to choose."""
    used = chosen(filters)[name]
    if not used and not _narrows(facets):
        return
    known = {facet.value: facet for facet in facets}
    options = [facet.value for facet in facets if facet.documents or facet.value in used]
    st.multiselect(
        say(_LABELS[name]),
        [*(value for value in used if value not in known), *options],
        key=name,
        format_func=lambda value: _label(name, value, known.get(value)),
        placeholder=say("不限"),
        select_all=False,
        filter_mode="contains",
        on_change=_apply,
    )


def _show_years(facets: Sequence[Facet], filters: Filters) -> None:
    used = [filters.first_year, filters.last_year]
    if not any(used) and not _narrows(facets):
        return
    known = {int(facet.value): facet for facet in facets}
    years = {year for year, facet in known.items() if facet.documents} | {y for y in used if y}
    labels = ("起始年份", "截止年份")
    for column, label, key in zip(st.columns(2), labels, _YEARS, strict=True):
        column.selectbox(
            say(label),
            sorted(years, reverse=True),
            index=None,
            key=key,
            format_func=lambda year: f"{year}{_counts(known.get(year))}",
            placeholder=say("不限"),
            filter_mode="contains",
            on_change=_apply,
        )


def _narrows(facets: Sequence[Facet]) -> bool:
    """Tell whether there is a choice: a second value that is not just where the first lies."""
    return any(not facet.parents or facet.total < facets[0].total for facet in facets[1:])


def _label(name: str, value: str, facet: Facet | None) -> str:
    depth = len(facet.parents) if facet and name == "place" else 0
    return _DEEPER * depth + _name(name, value) + _counts(facet)


def _name(name: str, value: str) -> str:
    """Return a value in the reader's script; organs only where documents are shown in it, too,
    and folders never."""
    if name == "folder":
        return value
    return as_shown(value) if name == "issuer" else say(value)


def _counts(facet: Facet | None) -> str:
    """Return how many documents are left of how many; one number where the filters take none."""
    if facet is None:
        return ""
    is_whole = facet.documents == facet.total
    return f"（{facet.total}）" if is_whole else f"（{facet.documents}/{facet.total}）"


def _apply() -> None:
    """Write the widgets to the address; of a kind that is not shown it keeps what it says."""
    state, asked = st.session_state, read_address()
    before = asked.filters
    named = {name: tuple(state.get(name, values)) for name, values in chosen(before).items()}
    first, last = (state.get(key, getattr(before, key)) for key in _YEARS)
    question = state["question"].strip()
    filters = make_filters(named, first, last)
    if question == asked.question:
        state["followed"] = replace(asked, filters=filters)
    else:  # other words ask something new
        state["followed"] = Address(question, filters)
    write_address(state["followed"])


def _clear() -> None:
    write_address(read_address().without_filters())


def _follow(asked: Address) -> None:
    """Set the widgets to the address: the box only where a link or the browser's history changed
    it, so that words being typed stay; the filters always, because their labels hold counts."""
    state = st.session_state
    if "question" not in state or state.get("followed") != asked:
        state.update(followed=asked, question=asked.question)
    for name, values in chosen(asked.filters).items():
        state[name] = list(values)
    state.update(first_year=asked.filters.first_year, last_year=asked.filters.last_year)
