"""A table to be downloaded as a file."""

from collections.abc import Callable, Iterable, Sequence

import streamlit as st

from retrieval.spreadsheet import write_csv
from ui.words import say

_CSV = "text/csv"
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def make_csv(heads: Iterable[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a table with heads of the interface as CSV, marked so that Excel reads UTF-8."""
    return write_csv([say(head) for head in heads], rows).encode("utf-8-sig")


def offer_csv(label: str, name: str, content: bytes | Callable[[], bytes]) -> None:
    """Show the button that downloads a table as CSV; it may be made when it is asked for."""
    _offer(label, f"{say(name)}.csv", content, _CSV)


def offer_workbook(label: str, name: str, content: Callable[[], bytes]) -> None:
    """Show the button that downloads a table as a workbook, made when it is asked for."""
    _offer(label, f"{say(name)}.xlsx", content, _WORKBOOK)


def _offer(label: str, file: str, content: bytes | Callable[[], bytes], kind: str) -> None:
    st.download_button(say(label), content, file_name=file, mime=kind, on_click="ignore")
