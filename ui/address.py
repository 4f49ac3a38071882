"""What is asked, as the page's address says it: every state of a page can be sent and revisited."""

from dataclasses import dataclass

import streamlit as st

from indexer.records import Span
from retrieval.results import Filters
from ui.words import is_traditional

_EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class Address:
    """A question, or the words to find in the library, and the filters."""

    question: str = ""
    filters: Filters = _EVERYTHING

    def params(self, **more: str) -> dict[str, str | list[str]]:
        """Return the query parameters that say this, with some more."""
        first, last = self.filters.first_year, self.filters.last_year
        named: dict[str, str | list[str]] = {
            **more,
            "q": self.question,
            "place": list(self.filters.localities),
            "kind": list(self.filters.kinds),
            "from": str(first or ""),
            "to": str(last or ""),
            "hant": "1" if is_traditional() else "",
        }
        return {name: value for name, value in named.items() if value}


def read_address() -> Address:
    """Return what the address asks; a year that is none counts as absent."""
    asked = st.query_params
    filters = Filters(
        localities=tuple(asked.get_all("place")),
        kinds=tuple(asked.get_all("kind")),
        first_year=_read_number("from"),
        last_year=_read_number("to"),
    )
    return Address(asked.get("q", "").strip(), filters)


def read_span() -> Span | None:
    """Return the stretch of the document that the address points at, if it does."""
    start, end = _read_number("start"), _read_number("end")
    return Span(start, end) if start is not None and end is not None and start < end else None


def write_address(address: Address) -> None:
    """Make this the page's address, as a step of the browser's history."""
    st.query_params.from_dict(address.params())


def _read_number(name: str) -> int | None:
    written = st.query_params.get(name, "")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else None
