"""The answer as the optional language model writes it: below the quotes, and never instead of them.

Every sentence appears as it is written, with marks that lead to its quotes; one that its quotes do
not prove is struck out, with the reason.
"""

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, replace

import streamlit as st

from indexer.errors import LanguageModelError
from retrieval.engine import Engine
from retrieval.prose import ProseSentence
from retrieval.results import Answer, Citation
from ui import paper
from ui.address import Address
from ui.marks import write_mark
from ui.paper import Node, element
from ui.words import say

_KEPT = (
    "written_prose"  # of the session: what was written last, so that a click does not write it anew
)


@dataclass(frozen=True, slots=True)
class _Written:
    """What the model made of an answer, and why it stopped, if it did."""

    answer: Answer
    sentences: tuple[ProseSentence, ...]
    failure: str


def show_prose(engine: Engine, answer: Answer, asked: Address) -> None:
    """Show an answer as prose, sentence by sentence; nothing where no language model is set."""
    if not engine.has_language_model or answer.refused or not answer.citations:
        return
    paper.show(
        "prose",
        element("h2", say("连贯表述")),
        element(
            "p",
            say(
                "由语言模型根据以上原文改写，每句都与所引原文逐项核对；划去的没有通过核对。"
                "引用请以原文为准。"
            ),
            css="coverage",
        ),
    )
    citations = {citation.number: citation for citation in answer.citations}
    with (
        st.spinner(say("语言模型正在改写…")),
        st.container(gap=None),
        closing(_sentences(engine, answer)) as sentences,
    ):
        for number, sentence in enumerate(sentences):
            paper.show(f"prose-{number}", write_sentence(sentence, citations, asked))
    written = st.session_state[_KEPT]
    if written.failure:
        words = say(f"语言模型未能写完：{written.failure}以上原文摘录不受影响。")
        paper.show("prose-end", element("p", words, css="coverage"))


def _sentences(engine: Engine, answer: Answer) -> Generator[ProseSentence]:
    """Yield the sentences kept for an answer, else new ones, to be kept when all are there."""
    told = replace(answer, milliseconds=0.0)
    kept = st.session_state.get(_KEPT)
    if kept and kept.answer == told:
        yield from kept.sentences
        return
    sentences, failure = [], ""
    try:
        for sentence in engine.prose(answer):
            sentences.append(sentence)
            yield sentence
    except LanguageModelError as error:
        failure = str(error)
    st.session_state[_KEPT] = _Written(told, tuple(sentences), failure)


def write_sentence(sentence: ProseSentence, citations: dict[int, Citation], asked: Address) -> Node:
    """Return a sentence with its marks; one that is not trusted struck out, with the reason."""
    marks = (write_mark(citations[number], asked) for number in sentence.citations)
    if sentence.is_trusted:
        return element("p", sentence.text, *marks, css="statement")
    reason = element("span", say(f"　未采信：{sentence.reason}。"), css="proof")
    return element("p", element("s", sentence.text), *marks, reason, css="statement")
