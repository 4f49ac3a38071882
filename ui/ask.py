"""The ask page: a question, the filters, and an answer whose every sentence is a quote."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from indexer.errors import QuestionError
from retrieval.engine import Engine
from retrieval.results import LIMIT, MISSING, Answer, Understood
from ui import paper
from ui.address import Address, read_address
from ui.asking import show_box, show_filters
from ui.chips import read_ignored, write_chips
from ui.following import make_whole, show_following, write_understood
from ui.opening import open_engine
from ui.paper import Node, element, link
from ui.prose import show_prose
from ui.quotes import write_passages, write_sources, write_statements
from ui.table import offer_csv
from ui.words import notice, say


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
                for example in engine.examples()
            ),
            css="examples",
        ),
    ]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the page says to a question, and below it where that stands; `question` is the whole
    one that was answered, and `answer` is None where none could be asked."""

    nodes: list[Node]
    sources: list[Node] = field(default_factory=list)
    question: str = ""
    understood: tuple[Understood, ...] = ()
    answer: Answer | None = None


def reply(engine: Engine, asked: Address) -> Reply:
    """Return how the question was understood and the answer, or why there is none and what may
    help."""
    ignored = read_ignored()
    try:
        with st.spinner(say("正在查找…")):
            found = make_whole(engine, asked)
            understood = engine.understood(found.question, ignored)
            answer = engine.ask(found.question, asked.filters, ignored)
    except QuestionError as error:
        return Reply([notice(say(error.fact), say(error.cure))])
    nodes = [*write_understood(found, asked), *write_chips(understood, asked)]
    if answer.refused:
        nearest = write_passages(answer.nearest, asked)
        nodes.append(notice(say(answer.reason), *_advise(asked, understood)))
        sources = [element("h2", say("可能相关")), *nearest] if nearest else []
    else:
        nodes += write_statements(answer, asked)
        sources = write_sources(answer, asked)
    return Reply(nodes, sources, found.question, understood, answer)


def _advise(asked: Address, understood: Sequence[Understood]) -> list[str]:
    advice = [] if asked.filters.is_empty else [say("当前设有筛选条件，放宽后可能找到。")]
    if any(each.effect in (LIMIT, MISSING) and not each.is_off for each in understood):
        advice.append(say("可以在上方“已理解”里关闭一项，不按它缩小范围。"))
    return advice


st.set_page_config(layout="centered")
st.title(say("溯源"))
st.caption(say("在本机的政策文件中查找答案；每句话都摘自原文，点编号即见出处。"))
show_box("问题", "例如：各地对大班额的要求是什么", "提问")
engine = open_engine()
show_filters(engine)
asked = read_address()
answered = reply(engine, asked) if asked.question else Reply(welcome(engine))
# The box in which one asks on is far below the answer.
visit = "\n".join((*asked.after, asked.question)) if asked.after else ""
paper.show("answer", *answered.nodes, scroll_to=".understood" if visit else "", visit=visit)
if answered.answer:
    if answered.answer.localities:
        offer_csv(answered.answer)
    paper.show("sources", *answered.sources)
    place = st.container()
    show_following(engine, answered.question, answered.answer, answered.understood, asked)
    with place:  # last, so that nothing waits for the language model
        show_prose(engine, answered.answer, asked)
