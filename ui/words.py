"""The interface's own words, in the script that the reader chose, and where Streamlit has others.

Every word a person sees goes through `say`, except what notices say: that keeps its own script.
"""

from functools import cache, lru_cache

import streamlit as st
from opencc import OpenCC

from indexer.errors import SuyuanError
from ui import paper
from ui.paper import Node, element

# Streamlit's own English words: its menu, "Stop", the hint below a text field, the upload field;
# and what was chosen of a list, of which a single line hides all but the first.
_DRESS = """<style>
[data-testid="stMainMenu"], [data-testid="stStatusWidget"], [data-testid="InputInstructions"],
[data-testid="stFileUploaderDropzoneInstructions"] { display: none; }
[data-testid="stMainBlockContainer"] { padding-top: 3.5rem; }
[data-testid="stFileUploaderDropzone"] button [data-testid="stMarkdownContainer"] { font-size: 0; }
[data-testid="stFileUploaderDropzone"] button [data-testid="stMarkdownContainer"]::after {
  content: "%s"; font-size: 1rem;
}
[data-testid="stMultiSelect"] [role="group"]:has(> [data-testid="stMultiSelectTagsContainer"]) {
  height: auto; max-height: none;
}
[data-testid="stMultiSelectTagsContainer"] { flex-wrap: wrap; height: auto; mask-image: none; }
[data-testid="stMultiSelectTagsContainer"] input { flex: 1 1 2rem; width: 2rem; min-width: 2rem; }
[data-testid="stMultiSelectTagsContainer"] [data-tag] {
  height: auto; max-width: calc(100%% - 3rem); white-space: normal;
}
[data-testid="stMultiSelectTagsContainer"] [data-tag] > span { white-space: normal; }
</style>"""


@cache
def _converter() -> OpenCC:
    return OpenCC("s2t")


@lru_cache(maxsize=4096)
def _traditional(text: str) -> str:
    return str(_converter().convert(text))


def is_traditional() -> bool:
    """Tell whether the reader chose Traditional characters."""
    return bool(st.session_state.get("traditional", False))


def say(text: str) -> str:
    """Return words of the interface, written in Simplified, in the reader's script."""
    return _traditional(text) if is_traditional() else text


def offer_script() -> None:
    """Show the switch between scripts; the choice is in the address, so a reload keeps it."""
    if "traditional" not in st.session_state:
        st.session_state["traditional"] = "hant" in st.query_params
    st.toggle("繁體", key="traditional", on_change=_keep_script)


def _keep_script() -> None:
    if is_traditional():
        st.query_params["hant"] = "1"
    else:
        st.query_params.pop("hant", None)


def dress_widgets() -> None:
    """Replace the English words that Streamlit's widgets bring along."""
    st.html(_DRESS % say("选择文件"))


def notice(*lines: str) -> Node:
    """Return a framed notice; its first line is the fact, what follows says what to do."""
    fact, *rest = lines
    return element(
        "div", element("strong", fact), *(element("p", line) for line in rest), css="notice",
        role="alert",
    )  # fmt: skip


def show_error(error: SuyuanError, key: str = "error") -> None:
    """Show what is so and what to do about it."""
    paper.show(key, notice(say(error.fact), say(error.cure)))
