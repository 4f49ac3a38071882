"""The two checks of the open index: whether it is whole, and how well it answers about itself."""

from collections.abc import Iterator, Sequence
from functools import partial

import streamlit as st

from indexer.records import Problem
from retrieval.engine import Engine
from retrieval.self_check import (
    ANSWERED,
    REFUSED,
    TRIED,
    UNTRIED,
    Outcome,
    SelfCheck,
    check_itself,
)
from ui import paper
from ui.address import Address
from ui.errands import show_errand, the_errands
from ui.paper import Node, element, link, table
from ui.words import notice, say


def show_health(engine: Engine) -> None:
    """Offer to check every byte, span and vector; show what is wrong, and what to do about it."""
    st.caption(say("核对索引的每个文件、每一段文字和向量是否完好，语料越大用时越长。"))
    errands = the_errands(engine.generation)
    if errand := show_errand(errands, "health", "检查索引", engine.index.find_faults):
        paper.show("health result", *write_faults(errand.outcome, errand.ended))


def write_faults(faults: Sequence[Problem], ended: str) -> Iterator[Node]:
    """Yield the outcome of a check of the index."""
    if not faults:
        yield notice(say(f"索引完好，全部校验通过（{ended}）。"))
        return
    yield notice(say(f"索引有 {len(faults)} 处问题（{ended}）："))
    heads = [say(head) for head in ("位置", "情况", "办法")]
    yield table(heads, [(say(each.file), say(each.fact), say(each.cure)) for each in faults])


def show_self_check(engine: Engine) -> None:
    """Offer to ask the index about itself; show what came of it, and what that does not say."""
    st.caption(say("用语料自己的句子、标题和由它生成的问题来问，看结果对不对；约需二十秒。"))
    errands = the_errands(engine.generation)
    if errand := show_errand(errands, "self check", "自检", partial(check_itself, engine)):
        paper.show("self check result", *write_self_check(errand.outcome, errand.ended))


def write_self_check(found: SelfCheck, ended: str) -> Iterator[Node]:
    """Yield what the index gave."""
    rows = [
        (say(label), _write_outcome(name, found.outcomes[name]), say(meaning))
        for name, (label, meaning) in TRIED.items()
    ]
    yield table([say(head) for head in ("项目", "通过", "含义")], rows, css="tried")
    times = (("逐字查找", found.find_ms), ("语义检索", found.search_ms), ("回答", found.ask_ms))
    medians = "，".join(f"{name} {took:.0f} 毫秒" for name, took in times if took is not None)
    short = "时间到，题目没有问完；" if found.is_cut_short else ""
    lines = (
        f"用时中位数：{medians or '没有测到'}。向量召回率 {found.recall:.1%}。",
        f"{short}{ended} 自检，历时 {found.seconds:.0f} 秒，索引 {found.generation}。",
        UNTRIED,
    )
    yield from (element("p", say(line), css="coverage") for line in lines)


def _write_outcome(name: str, outcome: Outcome) -> Node:
    """Return how much came out right, and what did not."""
    if not outcome.tried:
        return say("没有可用的题目")
    share = f"{outcome.right} / {outcome.tried}"
    if not outcome.missed:
        return share
    missed = (element("li", _write_missed(name, each)) for each in outcome.missed)
    heading = element("summary", say(f"未通过 {outcome.tried - outcome.right}"))
    return element("div", share, element("details", heading, element("ul", *missed)))


def _write_missed(name: str, asked: str) -> Node:
    """Return what was asked; a question as a link, so that it can be tried."""
    return link("", Address(asked).params(), asked) if name in (ANSWERED, REFUSED) else asked
