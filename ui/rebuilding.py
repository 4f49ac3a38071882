"""Build the index from the application: what would change, live progress, the report.

A build belongs to the server, not to a page: it goes on when the page is left, and every session
sees it.
"""

from threading import Thread

import streamlit as st

from indexer.build import build, check
from indexer.errors import IndexUnusable, SuyuanError
from indexer.records import Problem, Progress, Report
from indexer.settings import Settings, read_settings
from ui import paper
from ui.paper import Node, element, table
from ui.words import notice, say, show_error

_SECONDS_BETWEEN_LOOKS = 0.5


class Rebuild:
    """The server's one build: running, or over with a report or an error."""

    def __init__(self) -> None:
        self.progress = Progress("准备", 0, 1)
        self.outcome: Report | SuyuanError | None = None
        self._thread: Thread | None = None

    @property
    def is_running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    @property
    def is_over(self) -> bool:
        return self._thread is not None and not self._thread.is_alive()

    def start(self, settings: Settings) -> None:
        """Start a build unless one is running."""
        if self.is_running:
            return
        self.progress, self.outcome = Progress("准备", 0, 1), None
        self._thread = Thread(target=self._run, args=(settings,), name="rebuild", daemon=True)
        self._thread.start()

    def _run(self, settings: Settings) -> None:
        try:
            self.outcome = build(settings, self._note)
        except SuyuanError as error:
            self.outcome = error

    def _note(self, progress: Progress) -> None:
        self.progress = progress


@st.cache_resource(show_spinner=False)
def the_rebuild() -> Rebuild:
    """Return the server's one build."""
    return Rebuild()


def show_missing_index(error: IndexUnusable) -> None:
    """Say why there is no index to use, and offer to build one."""
    show_error(error)
    rebuild = the_rebuild()
    if rebuild.is_running:
        _watch(rebuild)
        return
    show_outcome(rebuild)
    if st.button(say("建立索引"), type="primary"):
        rebuild.start(read_settings())
        st.rerun()


def show_rebuild() -> None:
    """Offer a rebuild: first what it would change, then, confirmed, its progress and report."""
    rebuild = the_rebuild()
    if rebuild.is_running:
        _watch(rebuild)
    elif "plan" in st.session_state:
        _confirm(rebuild, st.session_state["plan"])
    else:
        show_outcome(rebuild)
        if st.button(say("重建索引")):
            _plan()


def _plan() -> None:
    try:
        with st.spinner(say("正在比对文件…")):
            st.session_state["plan"] = check(read_settings())
    except SuyuanError as error:
        show_error(error, key="check error")
    else:
        st.rerun()


def _confirm(rebuild: Rebuild, plan: Report) -> None:
    heading = "文件没有变化，通常不必重建" if plan.changes_nothing else "重建将带来的变化"
    problems = [write_problems(plan.problems)] if plan.problems else []
    paper.show("plan", write_report(say(heading), plan), *problems)
    yes, no, _ = st.columns([1, 1, 4])
    if yes.button(say("开始建立"), type="primary", width="stretch"):
        del st.session_state["plan"]
        rebuild.start(read_settings())
        st.rerun()
    if no.button(say("取消"), width="stretch"):
        del st.session_state["plan"]
        st.rerun()


@st.fragment(run_every=_SECONDS_BETWEEN_LOOKS)
def _watch(rebuild: Rebuild) -> None:
    if not rebuild.is_running:
        st.rerun()
    now = rebuild.progress
    share = min(now.done / now.total, 1.0) if now.total else 0.0
    st.progress(share, text=say(f"正在建立索引：{now.stage} {now.done} / {now.total}"))


def show_outcome(rebuild: Rebuild) -> None:
    """Show what the last build of this server did."""
    if not rebuild.is_over:
        return
    if isinstance(rebuild.outcome, Report):
        paper.show("report", write_report(say("索引已建立"), rebuild.outcome))
    elif isinstance(rebuild.outcome, SuyuanError):
        show_error(rebuild.outcome, key="build error")
    else:
        paper.show(
            "report", notice(say("建立索引时程序出错，原有索引未受影响。"), say("详情见运行日志。"))
        )


def write_report(heading: str, report: Report) -> Node:
    """Return what a build did or would do: a count of files, and their names, of each sort."""
    sorts = (
        ("新增", report.added),
        ("修改", report.changed),
        ("移除", report.removed),
        ("内容重复而略去", tuple(f"{left} = {kept}" for left, kept in report.duplicates)),
        ("未变", report.unchanged),
        ("未能收录", tuple(problem.file for problem in report.problems)),
    )
    counts = "，".join(f"{label} {len(files)} 份" for label, files in sorts if files)
    return element(
        "div",
        element("strong", heading),
        element("p", say(f"{counts}。")),
        *(_files(label, files) for label, files in sorts if files and label != "未变"),
        css="notice",
    )


def _files(label: str, files: tuple[str, ...]) -> Node:
    names = (element("li", file) for file in files)
    return element("details", element("summary", say(label)), element("ul", *names))


def write_problems(problems: tuple[Problem, ...]) -> Node:
    """Return the table of files that could not be read: which, why, and what to do."""
    heads = (say("文件"), say("原因"), say("办法"))
    return table(heads, [(each.file, say(each.fact), say(each.cure)) for each in problems])
