"""How the library is searched: the two ways, what each can be told, and the parts of a 文号."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

import streamlit as st

from ui.address import Address, read_address, read_choice
from ui.switch import show_switch
from ui.words import say

# Pixels: two beside each other on the narrowest screens.
_OPTION_WIDTH, _PART_WIDTH = 168, 140
# What each option can be; a bare address asks for the first.
_CHOICES = {
    "mode": {"exact": "精确检索", "semantic": "语义检索"},
    "scope": {"text": "全文", "title": "仅标题"},
    "within": {
        "document": "同一文件",
        "section": "同一章节",
        "paragraph": "同一段落",
        "sentence": "同一句子",
    },
    "sort": {"relevance": "相关程度", "date": "日期（新的在前）"},
}
_OPTIONS = {"exact": ("scope", "within", "sort"), "semantic": ("sort",)}
_LABELS = {"mode": "检索方式", "scope": "查找范围", "within": "各词须在", "sort": "排序"}


@dataclass(frozen=True, slots=True)
class Options:
    """How to search: a choice of each option, as the address names it."""

    mode: str
    scope: str
    within: str
    sort: str


def read_options() -> Options:
    """Return what the address says, and the first choice where it says nothing."""
    return Options(**{name: read_choice(name, choices) for name, choices in _CHOICES.items()})


def show_options(options: Options) -> None:
    """Show the switch between the two ways to search, and the options of each."""
    st.session_state.update(asdict(options))
    show_switch("mode", _LABELS["mode"], _CHOICES["mode"], options.mode, _apply)
    with st.container(horizontal=True):
        for name in _OPTIONS[options.mode]:
            st.selectbox(
                say(_LABELS[name]),
                list(_CHOICES[name]),
                key=name,
                format_func=_naming(name),
                disabled=name == "within" and options.scope == "title",
                width=_OPTION_WIDTH,
                on_change=_apply,
            )


def show_number() -> None:
    """Show a field for each part of a 文号; what is filled in becomes the words to search for."""
    with st.expander(say("按文号的各部分查找")), st.form("number", border=False):
        fields = st.container(horizontal=True, vertical_alignment="bottom")
        for key, label, placeholder in (
            ("organ", "机关代字", "国发"),
            ("year", "年份", "2022"),
            ("serial", "序号", "3"),
        ):
            fields.text_input(say(label), key=key, placeholder=say(placeholder), width=_PART_WIDTH)
        fields.form_submit_button(say("按文号检索"), on_click=_apply_number)


def _apply_number() -> None:
    """Write the parts of a 文号 to the address, in the words that the box understands."""
    state = st.session_state
    organ, year, serial = (
        "".join(state[key].split()).strip("〔〕[]()（）第年号")
        for key in ("organ", "year", "serial")
    )
    number = f"{organ}{f'〔{year}〕' if year else ''}{f'{serial}号' if serial else ''}"
    if number:
        asked = Address(f"文号:{number}", read_address().filters)
        st.query_params.from_dict(asked.params(mode="exact"))


def _naming(name: str) -> Callable[[str], str]:
    return lambda value: say(_CHOICES[name][value])


def _apply() -> None:
    """Write the options to the address, which goes back to the first page of results."""
    chosen = {name: st.session_state.get(name, next(iter(of))) for name, of in _CHOICES.items()}
    st.query_params.from_dict(read_address().params(**chosen))
