"""The page's address says everything that is asked, and nothing is lost on the way."""

from collections.abc import Iterator

import pytest
import streamlit
from hypothesis import given
from hypothesis import strategies as st

from retrieval.results import Filters
from ui.address import Address, read_address, write_address

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
values = st.lists(words, unique=True, max_size=3).map(tuple)
years = st.none() | st.integers(1, 9999)
filters = st.builds(Filters, values, values, years, years, values, values, values, values)
afters = st.lists(words.map(str.strip).filter(bool), max_size=3).map(tuple)
addresses = st.builds(Address, words.map(str.strip), filters, afters)


@pytest.fixture(scope="module", autouse=True)
def _leave_no_address() -> Iterator[None]:
    yield
    streamlit.query_params.clear()


@given(addresses)
def test_an_address_is_read_as_it_was_written(address: Address) -> None:
    write_address(address)
    assert read_address() == address


@given(addresses, st.text("0123456789²一-+ .x", max_size=12))
def test_a_year_that_is_none_counts_as_absent(address: Address, written: str) -> None:
    write_address(address)
    streamlit.query_params["from"] = written
    year = read_address().filters.first_year
    assert year == (int(written) if written.isascii() and written.isdigit() else None) or (
        year is None and len(written) > 9
    )


def test_a_value_is_taken_out_of_the_filters_alone() -> None:
    filters = Filters(("云南省", "北京市"), ("通知",), 2020, None, folders=("甲", "乙"))
    asked = Address("学位", filters)
    assert asked.without("place", "云南省") == Address(
        "学位", Filters(("北京市",), ("通知",), 2020, None, folders=("甲", "乙"))
    )
    assert asked.without("folder", "乙").filters.folders == ("甲",)
    assert asked.without_years().filters.first_year is None
    assert asked.without_filters() == Address("学位")
