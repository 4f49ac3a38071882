"""The interface's own words, in the script that the reader chose, and where Streamlit has others.

Every word a person sees goes through `say`, except what notices say: that keeps its own script.
"""

from functools import lru_cache

import streamlit as st

from indexer.errors import SuyuanError
from ui import paper
from ui.conversion import to_traditional
from ui.paper import Node, element
from ui.scripts import is_traditional

# Streamlit's own English words: its menu, "Stop", the hint below a text field, the upload field, a
# page that failed, with links that would send the error away; what was chosen of a list, of which a
# single line hides all but the first; greys that are too pale. Behind the basket's name stands how
# much is in it, which collecting.js knows.
_DRESS = """<style>
[data-testid="stMainMenu"], [data-testid="stStatusWidget"], [data-testid="InputInstructions"],
[data-testid="stFileUploaderDropzoneInstructions"], [data-testid="stErrorCodeBlock"] {
  display: none;
}
[data-testid="stMainBlockContainer"] { padding-top: 3.5rem; }
[data-testid="stFileUploaderDropzone"] button [data-testid="stMarkdownContainer"] { font-size: 0; }
[data-testid="stFileUploaderDropzone"] button [data-testid="stMarkdownContainer"]::after {
  content: "%(choose)s"; font-size: 1rem;
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
[data-testid="stException"] [data-testid="stAlertContentError"] > * { display: none; }
[data-testid="stException"] [data-testid="stAlertContentError"]::after { content: "%(failed)s"; }
[data-testid="stCaptionContainer"] { color: inherit; opacity: 0.76; }
button[data-variant="segmented_control"][data-selected="true"] { color: inherit !important; }
[data-testid="stSidebarNavLink"][href$="/basket"]::after {
  content: var(--suyuan-basket, ""); margin-left: -0.6rem; font-size: 0.875rem; line-height: 1;
}
</style>"""

_FAILED = "程序出错，这一页没有显示完。请刷新重试；若仍出错，请把运行日志交给维护人员。"

_remembered = lru_cache(maxsize=4096)(to_traditional)


def say(text: str) -> str:
    """Return words of the interface, written in Simplified, in the reader's script."""
    return _remembered(text) if is_traditional() else text


def dress_widgets() -> None:
    """Replace the English words that Streamlit's widgets bring along."""
    st.html(_DRESS % {"choose": say("选择文件"), "failed": say(_FAILED)})


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
