"""The box that asks and the filters beside it; both pages that search have them.

The address is the only state: the widgets show what it says, and a change is written to it.
"""

from collections.abc import Sequence

import streamlit as st

from retrieval.results import Facet, Facets, Filters
from ui.address import Address, read_address, write_address
from ui.words import say


def show_box(label: str, placeholder: str, button: str) -> None:
    """Show the text field; Enter or the button writes its words to the address."""
    _follow(read_address())
    with st.form("asking", border=False):
        field, press = st.columns([6, 1], vertical_alignment="bottom")
        field.text_input(say(label), key="question", placeholder=say(placeholder))
        press.form_submit_button(say(button), type="primary", on_click=_apply, width="stretch")


def show_filters(facets: Facets) -> None:
    """Show the filters in the sidebar, each value with its number of documents."""
    chosen = read_address().filters
    with st.sidebar:
        st.subheader(say("筛选"))
        _show_choice("地区", "place", facets.localities, chosen.localities)
        _show_choice("文种", "kind", facets.kinds, chosen.kinds)
        first, last = st.columns(2)
        with first:
            _show_year("起始年份", "first_year", facets.years, chosen.first_year)
        with last:
            _show_year("截止年份", "last_year", facets.years, chosen.last_year)


def _show_choice(label: str, key: str, facets: Sequence[Facet], chosen: Sequence[str]) -> None:
    counts = dict.fromkeys(chosen, 0) | {facet.value: facet.documents for facet in facets}
    st.multiselect(
        say(label),
        sorted(counts, key=lambda value: -counts[value]),
        key=key,
        format_func=lambda value: f"{say(value)}（{counts[value]}）",
        placeholder=say("不限"),
        select_all=False,
        on_change=_apply,
    )


def _show_year(label: str, key: str, facets: Sequence[Facet], chosen: int | None) -> None:
    counts = {} if chosen is None else {chosen: 0}
    counts |= {int(facet.value): facet.documents for facet in facets}
    st.selectbox(
        say(label),
        sorted(counts, reverse=True),
        index=None,
        key=key,
        format_func=lambda year: f"{year}（{counts[year]}）",
        placeholder=say("不限"),
        on_change=_apply,
    )


def _apply() -> None:
    chosen = st.session_state
    filters = Filters(
        localities=tuple(chosen.get("place", ())),
        kinds=tuple(chosen.get("kind", ())),
        first_year=chosen.get("first_year"),
        last_year=chosen.get("last_year"),
    )
    chosen["followed"] = Address(chosen["question"].strip(), filters)
    write_address(chosen["followed"])


def _follow(asked: Address) -> None:
    """Set the widgets to the address where a link or the browser's history changed it."""
    if "question" in st.session_state and st.session_state.get("followed") == asked:
        return
    st.session_state.update(
        followed=asked,
        question=asked.question,
        place=list(asked.filters.localities),
        kind=list(asked.filters.kinds),
        first_year=asked.filters.first_year,
        last_year=asked.filters.last_year,
    )
