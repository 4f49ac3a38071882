"""The ask page: a question, the filters, and an answer whose every sentence is a quote."""

from dataclasses import dataclass, replace

import streamlit as st

from indexer.errors import QuestionError
from retrieval.engine import Engine
from retrieval.follow_up import FollowUp
from retrieval.results import Answer, Understood
from ui import paper
from ui.address import ANSWER, BASIS, PLACES, Address, read_address
from ui.asking import show_box, show_filters
from ui.chips import read_ignored, write_chips
from ui.copying import write_copy_link
from ui.following import make_whole, show_following, write_understood
from ui.history import show_history
from ui.once import once
from ui.opening import open_engine
from ui.paper import Node, element, link
from ui.prose import show_prose
from ui.quotes import write_basis, write_citations, write_coverage, write_statements
from ui.refusing import show_ways, write_refusal
from ui.table import offer_files, write_table
from ui.tabs import Panel, write_tabs
from ui.widening import write_widening
from ui.words import notice, say

# Wide enough for the table of many localities.
_WIDTH = '<style>[data-testid="stMainBlockContainer"] { max-width: 64rem; }</style>'


def welcome(engine: Engine) -> list[Node]:
    """Return questions that the loaded notices answer, to be clicked."""
    documents = len(engine.sources())
    localities = len({source.locality for source in engine.sources() if source.locality})
    return [
        element("p", say(f"已收录 {documents} 份文件，涉及 {localities} 个地区。可以这样问：")),
        element(
            "div",
            *(
                link("", Address(example).params(), example, css="example")
                for example in map(say, engine.examples())
            ),
            css="examples",
        ),
    ]


@dataclass(frozen=True, slots=True)
class Reply:
    """A question made whole, what it was understood to say, and its answer."""

    found: FollowUp
    understood: tuple[Understood, ...]
    answer: Answer


def reply(engine: Engine, asked: Address) -> Reply:
    """Return the answer to what is asked; the same is answered once.

    Raises:
        QuestionError: a question is empty, too long, or has no word to search for.
    """
    ignored = read_ignored()

    def make() -> Reply:
        found = make_whole(engine, asked)
        understood = engine.understood(found.question, ignored)
        return Reply(found, understood, engine.ask(found.question, asked.filters, ignored))

    return once("answered", engine, (replace(asked, tab=ANSWER), ignored), make)


def write_reply(engine: Engine, made: Reply, asked: Address) -> list[Node]:
    """Return how a question was understood, and the answer in its parts, or why there is none."""
    answer = made.answer
    nodes = [*write_understood(made.found, asked), *write_chips(made.understood, asked)]
    if answer.refused:
        return [*nodes, *write_refusal(answer, made.understood, asked), write_copy_link()]
    return [*nodes, *write_tabs(panels(engine, made, asked), asked, write_copy_link())]


def panels(engine: Engine, made: Reply, asked: Address) -> list[Panel]:
    """Return the parts of an answer; what leads back to it from a document leads to the same part.

    One that is drawn from the fields of a document has no passages; one that cannot be asked of
    other places is not compared.
    """
    answer = made.answer
    said, basis, places = (replace(asked, tab=tab) for tab in (ANSWER, BASIS, PLACES))
    shown = [
        Panel(ANSWER, "答案", [*write_statements(answer, said), *write_citations(answer, said)])
    ]
    if answer.hits:
        shown.append(Panel(BASIS, f"依据（{len(answer.hits)} 段）", write_basis(answer, basis)))
    compared = (
        [*write_coverage(answer), *write_table(answer, places)]
        if answer.localities
        else write_widening(engine, made.found.question, made.understood, places)
    )
    if compared:
        shown.append(Panel(PLACES, "按地区对比", compared))
    return shown


def show_reply(engine: Engine, asked: Address) -> Reply | None:
    """Show the answer to what is asked; return it, None where the question cannot be asked."""
    try:
        with st.spinner(say("正在查找…")):
            made = reply(engine, asked)
    except QuestionError as error:
        paper.show("answer", notice(say(error.fact), say(error.cure)))
        return None
    # The box in which one asks on is far below the answer.
    visit = "\n".join((*asked.after, asked.question)) if asked.after else ""
    nodes = write_reply(engine, made, asked)
    paper.show("answer", *nodes, scroll_to=".understood" if visit else "", visit=visit)
    if made.answer.localities and asked.tab == PLACES:
        offer_files(made.answer)
    return made


def show_further(engine: Engine, made: Reply, asked: Address) -> None:
    """Show how to go on from an answer, or what else can be tried where there is none."""
    answer, question = made.answer, made.found.question
    if answer.refused:
        show_ways(engine, answer, made.understood, asked)
    place = st.container()
    show_following(engine, question, answer, made.understood, asked)
    with st.sidebar:
        show_history("", Address(question, asked.filters))
    with place:  # last, so that nothing waits for the language model
        show_prose(engine, answer, asked)


st.set_page_config(layout="centered")
st.html(_WIDTH)
st.title(say("溯源"))
st.caption(say("在本机的政策文件中查找答案；每句话都摘自原文，点编号即见出处。"))
show_box("问题", "例如：各地对大班额的要求是什么", "提问")
engine = open_engine()
show_filters(engine)
asked = read_address()
if not asked.question:
    paper.show("answer", *welcome(engine))
    show_history("", asked)
elif made := show_reply(engine, asked):
    show_further(engine, made, asked)
