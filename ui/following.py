"""Going on from an answer: a second box, questions that suggest themselves, and how what was typed
there was understood.

The address keeps the questions before (`after`), each as it was understood; so every step can be
sent to others, and the browser's way back leads through them.
"""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from retrieval.engine import Engine
from retrieval.follow_up import FollowUp
from retrieval.results import Answer, Understood
from ui import paper
from ui.address import ANSWER, Address, write_address
from ui.once import once
from ui.paper import Node, element, link
from ui.words import say

_PLACES = 2  # suggested
_LOOKED_AT = 30  # passages in which other places are looked for
_TURNS = 6  # questions that the address keeps: the last few are all that a follow-up can mean


def make_whole(engine: Engine, asked: Address) -> FollowUp:
    """Return what is asked as a whole question; made once, because a language model may do it.

    Raises:
        QuestionError: a question is empty, too long, or has no word to search for.
    """
    key = asked.after, asked.question, asked.filters
    return once("made whole", engine, key, lambda: engine.follow(*key))


def write_understood(found: FollowUp, asked: Address) -> list[Node]:
    """Return the line that says what a follow-up is taken for, with a link that takes it for a
    question of its own."""
    nodes: list[Node] = []
    if not found.is_alone:
        alone = replace(asked, after=())
        nodes.append(
            element(
                "p",
                say("理解为："),
                element("strong", say(found.question)),
                "　",
                link("", alone.params(), say("不接上文，当作新问题")),
                css="understood",
            )
        )
    if found.failure:
        words = say(f"语言模型未能参与理解：{found.failure}以上按规则理解。")
        nodes.append(element("p", words, css="coverage"))
    return nodes


def show_following(
    engine: Engine, question: str, answer: Answer, understood: Sequence[Understood], asked: Address
) -> None:
    """Show the box in which one asks on from an answer to a whole question, and suggestions."""
    after = (*asked.after, question)[-_TURNS:]
    whole = replace(asked, question=question, after=after, tab=ANSWER)
    suggested = _suggest(engine, answer, understood, whole)
    paper.show("following", element("h2", say("继续问")), *suggested)
    with st.form("following", clear_on_submit=True, border=False):
        field, press = st.columns([6, 1], vertical_alignment="bottom")
        field.text_input(
            say("接着上面的问题问"),
            key="follow_up",
            placeholder=say("例如：那昭通呢、2023年的呢、什么时候施行"),
        )
        press.form_submit_button(say("继续问"), on_click=_go_on, args=(whole,), width="stretch")


def _go_on(asked: Address) -> None:
    """Ask what was typed, after the questions so far; nothing where nothing was."""
    typed = st.session_state["follow_up"].strip()
    if typed:
        write_address(replace(asked, question=typed))


def _suggest(
    engine: Engine, answer: Answer, understood: Sequence[Understood], asked: Address
) -> list[Node]:
    """Return follow-ups that the loaded notices can answer, to be clicked."""
    follow_ups = [
        *(f"那{place}呢" for place in _other_places(engine, answer, understood, asked)),
        *_fields(answer),
    ]
    links = (
        link("", replace(asked, question=say(each)).params(), say(each), css="example")
        for each in follow_ups
    )
    return [element("div", *links, css="examples")] if follow_ups else []


def _other_places(
    engine: Engine, answer: Answer, understood: Sequence[Understood], asked: Address
) -> list[str]:
    """Return other places that say something near the question, where it asks for some place."""
    places = [each.id for each in understood if each.kind == "place" and not each.is_off]
    if not places:
        return []
    hits = engine.search(asked.question, _LOOKED_AT, asked.filters, places)
    said = {citation.source.locality for citation in answer.citations}
    said |= {each.value for each in understood if each.kind == "place"}
    found = dict.fromkeys(hit.source.locality for hit in hits)
    return [place for place in found if place and place not in said][:_PLACES]


def _fields(answer: Answer) -> list[str]:
    """Return the questions for a date or number of the one document that an answer cites."""
    sources = {citation.source.document: citation.source for citation in answer.citations}
    if len(sources) != 1:
        return []
    (source,) = sources.values()
    if source.issued_on:
        return ["什么时候印发"]
    return ["文号是多少"] if source.doc_number else []
