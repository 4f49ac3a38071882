"""Build the index from the application: what would change, live progress, the report.

A build belongs to the server, not to a page: it goes on when the page is left, and every session
sees it.
"""

from collections.abc import Sequence
from threading import Thread

import streamlit as st

from indexer.build import build, check
from indexer.errors import IndexUnusable, SuyuanError
from indexer.findings import Finding, findings_of
from indexer.records import Progress, Report
from indexer.settings import Settings, read_settings
from ui import paper
from ui.paper import Node, element, table
from ui.words import notice, say, show_error

_SECONDS_BETWEEN_LOOKS = 0.5
_MOST_ROWS = 500  # of the table of findings


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
    paper.show("plan", write_report(say(heading), plan), *write_findings(findings_of(plan)))
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
    if now.detail:
        paper.show("detail", element("p", now.detail))


def show_outcome(rebuild: Rebuild) -> None:
    """Show what the last build of this server did."""
    if not rebuild.is_over:
        return
    if isinstance(rebuild.outcome, Report):
        report = rebuild.outcome
        table = write_findings(findings_of(report))
        paper.show("report", write_report(say("索引已建立"), report), *table)
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
        ("未变", report.unchanged),
    )
    counts = "，".join(f"{label} {len(files)} 份" for label, files in sorts if files)
    kept_out = "，".join(f"{reason} {count} 字" for reason, count in report.excluded)
    return element(
        "div",
        element("strong", heading),
        element("p", say(f"{counts}。")),
        *([element("p", say(f"留在原文、不参与检索：{kept_out}。"))] if kept_out else []),
        *(_files(label, files) for label, files in sorts if files and label != "未变"),
        css="notice",
    )


def _files(label: str, files: tuple[str, ...]) -> Node:
    names = (element("li", file) for file in files)
    return element("details", element("summary", say(label)), element("ul", *names))


def write_findings(findings: Sequence[Finding]) -> list[Node]:
    """Return the table of what is to be known of files: which, what sort, why, and what to do."""
    if not findings:
        return []
    heads = (say("文件"), say("情况"), say("说明"), say("办法"))
    rows = [(f.file, say(f.sort), say(f.fact), say(f.cure)) for f in findings[:_MOST_ROWS]]
    more = len(findings) - len(rows)
    rest = say(f"另有 {more} 项，运行 python -m indexer check 可看到全部。")
    return [table(heads, rows), *([element("p", rest)] if more else [])]
