"""Take files out of the library and bring them back; every step is confirmed and can be undone, but
for deleting for good."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias, TypeVar

import streamlit as st

from indexer.errors import SuyuanError
from indexer.findings import Finding
from indexer.removal import (
    Place,
    Removed,
    find_places,
    list_removed,
    purge,
    remove,
    restore,
)
from indexer.settings import read_settings
from retrieval.engine import Engine
from ui import paper
from ui.address import Address, kept_params
from ui.paper import Node, element, link
from ui.picking import key_of, read_picked, write_form
from ui.rebuilding import update_index
from ui.telling import go_on
from ui.views import REMOVED
from ui.words import notice, say

T = TypeVar("T", Place, Removed)
Done: TypeAlias = tuple[list[str], list[str]]  # files with which something was done, and errors

_PICKED = ("do", "pick")  # parameters of the address
_TIME = "%Y-%m-%d %H:%M"


def show_removal(engine: Engine, findings: Sequence[Finding], asked: Address) -> bool:
    """Show what taking out the files that the address has picked would do, and do it once that is
    confirmed; False where it has picked none."""
    if st.query_params.get("do") != "remove":
        return False
    documents = (source.document for source in engine.sources())
    files = dict.fromkeys((*documents, *(finding.file for finding in findings)))
    picked = read_picked(files)
    with st.spinner(say("正在查找文件…")):
        places = find_places(read_settings(), picked)
    if not places:
        lines = say("所选文件已不在语料文件夹里。"), say("更新索引后，列表里也不再有它们。")
        go_on(notice(*lines), without=_PICKED)
    copies = [copy for copy in engine.copies(picked) if copy not in picked]
    paper.show("removal", *write_removal(places, picked, copies, asked))
    words = f"移出这 {len(places)} 份文件" if len(places) > 1 else "移出这份文件"
    corpus = read_settings().corpus
    _offer(words, "移出", partial(_each, places, lambda each: remove(corpus, each).name))
    return True


def write_removal(
    places: Sequence[Place], picked: Sequence[str], copies: Sequence[str], asked: Address
) -> list[Node]:
    """Return what would be moved where, what goes with it, and what stays for all that."""
    chosen = set(picked)
    items = []
    for place in places:
        along = [name for name in place.documents if name not in chosen]
        parts: list[Node] = [place.name]
        if place.is_archive:
            words = f"压缩包里的文件不能单独移出，其中 {len(place.documents)} 份会一起移出。"
            parts.append(element("div", say(words), css="facts"))
        if along:
            inside = element("ul", *(element("li", name) for name in along))
            summary = element("summary", say(f"一起移出的 {len(along)} 份"))
            parts.append(element("details", summary, inside))
        items.append(element("li", *parts))
    lines = (
        "文件移到语料文件夹的隐藏文件夹 .removed 里，内容不变；更新索引后检索不到。",
        "以后可在“已移出”里恢复。",
    )
    return [
        element(
            "div",
            element("strong", say("移出下列文件？")),
            element("ul", *items),
            *(element("p", say(line)) for line in lines),
            *_copies(copies, picked, asked),
            css="notice",
        )
    ]


def _copies(copies: Sequence[str], picked: Sequence[str], asked: Address) -> list[Node]:
    """Return what has the same content and stays, with the way to take that out, too."""
    if not copies:
        return []
    way = {**kept_params(asked), "pick": [key_of(each) for each in (*picked, *copies)]}
    return [
        element("p", say("另有内容相同的文件，移出后由它们代替：")),
        element("ul", *(element("li", copy) for copy in copies)),
        element("p", link("library", asked.params(**way), say("一并移出"))),
    ]


def show_removed(asked: Address) -> None:
    """Show what was taken out, to be restored or deleted for good."""
    corpus = read_settings().corpus
    kept = list_removed(corpus)
    ids = {each.id: each for each in kept}
    picked = [ids[name] for name in read_picked(ids)]
    do = st.query_params.get("do")
    if picked and do == "restore":
        paper.show("restoring", _question("恢复下列文件？", picked, _RESTORING))
        words = f"恢复这 {len(picked)} 份文件"
        _offer(words, "恢复", partial(_each, picked, partial(restore, corpus)))
    elif picked and do == "purge":
        paper.show("purging", _question("彻底删除下列文件？", picked, _PURGING))
        words = f"彻底删除这 {len(picked)} 份文件"
        purging = partial(_each, picked, partial(purge, corpus))
        _offer(words, "彻底删除", purging, follows=False)
    elif kept:
        paper.show("removed", *write_removed(kept, asked))
    else:
        words = "没有移出的文件。在“文件”里点“管理文件”可移出文件，移出的文件在这里恢复。"
        paper.show("removed", element("p", say(words)))


_RESTORING = "文件放回原来的位置；那里已有同名文件时另取名，不覆盖。更新索引后可检索。"
_PURGING = "删除后不能恢复。确认不再需要、或另有备份时再删。"


def write_removed(kept: Sequence[Removed], asked: Address) -> list[Node]:
    """Return the table of what was taken out, each with a box to tick."""
    heads = ("原位置", "移出时间", "大小")
    rows = (
        (
            each.id,
            each.name,
            [
                element("td", cell, data_label=say(head))
                for head, cell in zip(heads, _cells(each), strict=True)
            ],
        )
        for each in kept
    )
    words = f"移出了 {len(kept)} 份文件，存放在语料文件夹的 .removed 里，不参与检索。"
    return [
        element("p", say(words), css="coverage"),
        write_form(
            rows,
            [element("th", say(head), scope="col") for head in heads],
            {"restore": "恢复所选", "purge": "彻底删除所选"},
            asked.params(view=REMOVED),
            css="removed",
        ),
    ]


def _cells(removed: Removed) -> tuple[str, str, str]:
    size = removed.size
    words = f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{max(1, round(size / 1e3))} KB"
    return removed.name, removed.at.strftime(_TIME), words


def _question(asking: str, files: Sequence[Removed], words: str) -> Node:
    return element(
        "div",
        element("strong", say(asking)),
        element("ul", *(element("li", each.name) for each in files)),
        element("p", say(words)),
        css="notice",
    )


def _offer(words: str, verb: str, act: Callable[[], Done], follows: bool = True) -> None:
    """Offer to do it, or to leave it; what was done, and what went wrong, is told on the page that
    comes then, and where the index `follows` that, it is updated."""
    with st.container(horizontal=True):
        is_confirmed = st.button(say(words), type="primary")
        is_left = st.button(say("取消"))
    if is_confirmed:
        with st.spinner(say("正在移动文件…")):
            done, errors = act()
        lines = [say(f"已{verb} {len(done)} 份文件。"), *done] if done else []
        if done and follows:
            update_index()
        go_on(notice(*lines, *errors), follows=bool(done) and follows, without=_PICKED)
    if is_left:
        go_on(without=_PICKED)


def _each(items: Sequence[T], act: Callable[[T], str]) -> Done:
    """Do something with each; return the files with which it was done, and what went wrong."""
    done, errors = [], []
    for item in items:
        try:
            done.append(act(item))
        except SuyuanError as error:
            errors.append(say(str(error)))
    return done, errors
