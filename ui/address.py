"""What is asked, as the page's address says it: every state of a page can be sent and revisited."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import streamlit as st

from indexer.records import Span
from retrieval.results import Filters
from ui.scripts import is_converted, is_traditional

_Choice = TypeVar("_Choice", bound=str)
_EVERYTHING = Filters()
# What an `Address` says, or its page anew.
_SAID = ("q", "tab", "after", "from", "to", "hant", "conv", "page")
_SEARCH_OPTIONS = ("mode", "scope", "within", "sort")  # they hold for whatever is searched
COMPARED = ("by", "old", "new", "side", "at", "all")  # what the compare page shows
# The tabs of an answer by the value of `tab`; a bare address shows the first.
ANSWER, BASIS, PLACES = TABS = ("", "basis", "places")
CITE = "cite"  # the parameter of the basket that says how quotes are cited
# What the way from a document back to where it was found needs beside question and filters.
_ORIGIN = ("off", *_SEARCH_OPTIONS, "page", "order", "view", *COMPARED, CITE)


@dataclass(frozen=True, slots=True)
class Address:
    """A question, or the words to find in the library, and the filters; `after` are the questions
    that it goes on from, oldest first, each as it was understood; `tab` is what is shown of the
    answer."""

    question: str = ""
    filters: Filters = _EVERYTHING
    after: tuple[str, ...] = ()
    tab: str = ANSWER

    def params(self, **more: str | list[str]) -> dict[str, str | list[str]]:
        """Return the query parameters that say this, with some more."""
        named: dict[str, str | list[str]] = {
            **more,
            "q": self.question,
            "tab": self.tab,
            "after": list(self.after),
            **{name: list(values) for name, values in chosen(self.filters).items()},
            "from": str(self.filters.first_year or ""),
            "to": str(self.filters.last_year or ""),
            "hant": "1" if is_traditional() else "",
            "conv": "1" if is_converted() else "",
        }
        return {name: value for name, value in named.items() if value}

    def having(self, name: str, value: str) -> "Address":
        """Return the address with one more value of the parameter `name`."""
        named = chosen(self.filters)
        named[name] = (*named[name], value)
        years = self.filters.first_year, self.filters.last_year
        return replace(self, filters=make_filters(named, *years))

    def of_year(self, year: int) -> "Address":
        return replace(self, filters=make_filters(chosen(self.filters), year, year))

    def without(self, name: str, value: str) -> "Address":
        """Return the address without one value of the parameter `name`."""
        named = chosen(self.filters)
        named[name] = tuple(each for each in named[name] if each != value)
        years = self.filters.first_year, self.filters.last_year
        return replace(self, filters=make_filters(named, *years))

    def without_years(self) -> "Address":
        return replace(self, filters=make_filters(chosen(self.filters), None, None))

    def without_filters(self) -> "Address":
        return replace(self, filters=_EVERYTHING)


def chosen(filters: Filters) -> dict[str, tuple[str, ...]]:
    """Return what is chosen of each kind that takes several values, by its parameter, which is
    also the key of its widget."""
    return {
        "place": filters.localities,
        "kind": filters.kinds,
        "issuer": filters.issuers,
        "status": filters.statuses,
        "script": filters.scripts,
        "folder": filters.folders,
    }


def make_filters(
    named: Mapping[str, tuple[str, ...]], first_year: int | None, last_year: int | None
) -> Filters:
    """Return the filters that `chosen` and two years say."""
    return Filters(
        localities=named["place"],
        kinds=named["kind"],
        issuers=named["issuer"],
        statuses=named["status"],
        scripts=named["script"],
        folders=named["folder"],
        first_year=first_year,
        last_year=last_year,
    )


def read_address() -> Address:
    """Return what the address asks; a year that is none counts as absent."""
    asked = st.query_params
    named = {name: tuple(dict.fromkeys(asked.get_all(name))) for name in chosen(_EVERYTHING)}
    filters = make_filters(named, _read_number("from"), _read_number("to"))
    after = tuple(filter(None, map(str.strip, asked.get_all("after"))))
    return Address(asked.get("q", "").strip(), filters, after, read_choice("tab", TABS))


def read_choice(name: str, choices: Iterable[_Choice]) -> _Choice:
    """Return which of some choices a parameter of the address names, the first where it names
    none."""
    asked, every = st.query_params.get(name), list(choices)
    return next((each for each in every if each == asked), every[0])


def read_span() -> Span | None:
    """Return the stretch of the document that the address points at, if it does."""
    start, end = _read_number("start"), _read_number("end")
    return Span(start, end) if start is not None and end is not None and start < end else None


def write_address(address: Address) -> None:
    """Make this the page's address, as a step of the browser's history."""
    st.query_params.from_dict(address.params(**kept_params(address)))


def kept_params(address: Address) -> dict[str, str | list[str]]:
    """Return the page's other parameters. Most belong to its question: with another question only
    the options of a search stay; with other filters all do, but for the page of results."""
    asked = st.query_params
    before = read_address()
    if (address.question, address.after) != (before.question, before.after):
        return {name: asked[name] for name in _SEARCH_OPTIONS if name in asked}
    others = asked.keys() - {*_SAID, *chosen(_EVERYTHING)}
    return {name: asked.get_all(name) for name in sorted(others)}


def origin_params() -> dict[str, str | list[str]]:
    """Return the parameters by which a document knows what led to it: a search, an answer or a
    comparison."""
    asked = st.query_params
    return {name: asked.get_all(name) for name in _ORIGIN if name in asked}


def _read_number(name: str) -> int | None:
    written = st.query_params.get(name, "")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else None
