"""The script that the reader chose, and words in it.

The interface is in Simplified or in Traditional. What documents say keeps its own script unless the
reader asks to see it converted; that is a help to the eye only: what is copied, collected or
exported is never converted.
"""

import streamlit as st

from ui.conversion import to_simplified, to_traditional

# In the session, by these names; the first is also the key of the switch.
TRADITIONAL, CONVERTED = "traditional", "converted"


def is_traditional() -> bool:
    """Tell whether the reader chose Traditional characters."""
    return bool(st.session_state.get(TRADITIONAL, False))


def is_converted() -> bool:
    """Tell whether the reader wants the words of documents in the interface's script."""
    return bool(st.session_state.get(CONVERTED, False))


def as_shown(text: str) -> str:
    """Return words of a document as the reader wants to see them."""
    if not is_converted():
        return text
    return to_traditional(text) if is_traditional() else to_simplified(text)
