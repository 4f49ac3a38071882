"""Build the index from the application: what would change, live progress, the report.

A build belongs to the server, not to a page: it goes on when the page is left, and every session
sees it.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from threading import Event, Lock, Thread

import streamlit as st

from indexer.build import build, check
from indexer.errors import BuildStopped, IndexUnusable, SuyuanError
from indexer.findings import Finding, findings_of
from indexer.pace import Pace
from indexer.records import Progress, ProgressHandler, Report
from indexer.settings import read_settings
from ui import paper
from ui.errands import Errand
from ui.paper import Node, element, table
from ui.words import notice, say, show_error

_SECONDS_BETWEEN_LOOKS = 0.5
_A_MOMENT = 0.05  # seconds between the end of a build and the start of one that waits for it
_MOST_ROWS = 500  # of the table of findings

Work = Callable[[ProgressHandler], Report]  # a build


class Attempt(Errand):
    """A build, an errand with a report as its outcome, that can be stopped. `was_asked` tells one
    that a person waits for."""

    def __init__(self, work: Work, was_asked: bool) -> None:
        super().__init__(work, name="build")
        self.pace = Pace()
        self.pace.note(self.progress)
        self._was_asked = was_asked
        self._stop_asked = Event()

    def stop(self) -> None:
        """Ask the build to stop, which it does at its next step."""
        self._stop_asked.set()

    @property
    def is_stopping(self) -> bool:
        return self._stop_asked.is_set()

    @property
    def is_news(self) -> bool:
        """Tell an outcome that a person wants to see."""
        did_nothing = isinstance(self.outcome, Report) and self.outcome.changes_nothing
        return self._was_asked or not did_nothing

    def _note(self, progress: Progress) -> None:
        super()._note(progress)
        self.pace.note(progress)
        if self.is_stopping:
            raise BuildStopped


class Rebuild:
    """The server's one build, whoever asks for it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last: Attempt | None = None
        self._before: Attempt | None = None  # the last one before, of which there was news
        self._waiting: Thread | None = None

    @property
    def running(self) -> Attempt | None:
        """The build that is under way."""
        return self._last if self._last and self._last.is_alive() else None

    @property
    def over(self) -> Attempt | None:
        """The last build that is over and of which there is news."""
        last = self._last
        return last if last and not last.is_alive() and last.is_news else self._before

    def start(self, work: Work, was_asked: bool = True) -> Attempt | None:
        """Start a build; None where one is under way."""
        with self._lock:
            if self.running:
                return None
            self._before = self.over
            self._last = Attempt(work, was_asked)
            self._last.start()
            return self._last

    def start_next(self, work: Work) -> None:
        """Start a build, after the one that is under way where there is one: that may have looked
        at the files already."""
        if self.start(work) is None:
            self._waiting = Thread(target=self._wait, args=(work,), name="next build", daemon=True)
            self._waiting.start()

    @property
    def is_waiting(self) -> bool:
        """Tell whether a build is to start when the one that is under way is over."""
        return self._waiting is not None and self._waiting.is_alive()

    def _wait(self, work: Work) -> None:
        while self.start(work) is None:
            if running := self.running:
                running.join()


@st.cache_resource(show_spinner=False)
def the_rebuild() -> Rebuild:
    """Return the server's one build."""
    return Rebuild()


def show_missing_index(error: IndexUnusable, is_shown: bool = False) -> None:
    """Say why there is no index to use, and offer to build one; how the build goes is shown already
    where `is_shown`."""
    show_error(error)
    rebuild = the_rebuild()
    if not is_shown:
        show_update()
    if rebuild.running:
        return
    if st.button(say("建立索引"), type="primary"):
        rebuild.start(partial(build, read_settings()))
        st.rerun()


def update_index() -> None:
    """Have the index follow the files."""
    the_rebuild().start_next(partial(build, read_settings()))


def show_update(is_brief: bool = False) -> None:
    """Show the build that is under way, else what the last one did."""
    rebuild = the_rebuild()
    while rebuild.is_waiting and not rebuild.running:
        time.sleep(_A_MOMENT)
    if attempt := rebuild.running:
        _watch(attempt)
    else:
        show_outcome(rebuild, is_brief)


def show_rebuild(is_shown: bool = False) -> None:
    """Offer a rebuild: first what it would change, then, confirmed, its progress and report; these
    are shown already where `is_shown`."""
    rebuild = the_rebuild()
    is_planned = "plan" in st.session_state and not rebuild.running
    if not is_shown and not is_planned:
        show_update()
    if is_planned:
        _confirm(rebuild, st.session_state["plan"])
    elif not rebuild.running and st.button(say("重建索引")):
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
        rebuild.start(partial(build, read_settings()))
        st.rerun()
    if no.button(say("取消"), width="stretch"):
        del st.session_state["plan"]
        st.rerun()


@st.fragment(run_every=_SECONDS_BETWEEN_LOOKS)
def _watch(attempt: Attempt) -> None:
    if not attempt.is_alive():
        st.rerun()
    st.progress(attempt.share, text=say(f"正在建立索引：{attempt.pace.words()}"))
    if detail := attempt.progress.detail:
        paper.show("detail", element("p", detail))
    if attempt.is_stopping:
        st.caption(say("正在停止，做完手上这一步就停…"))
    elif st.button(say("停止"), help=say("索引照常可用，已算好的部分下次不会重算。")):
        attempt.stop()
        st.rerun(scope="fragment")


def show_outcome(rebuild: Rebuild, is_brief: bool = False) -> None:
    """Show what the last build of this server did, in brief without what is to be known of files
    that are as they were."""
    attempt = rebuild.over
    if attempt is None:
        return
    if isinstance(attempt.outcome, Report):
        report = attempt.outcome
        findings = findings_of(report)
        if is_brief:
            report = replace(report, excluded=())
            news = {*report.added, *report.changed}
            findings = tuple(finding for finding in findings if finding.file in news)
        written = write_report(say("索引已建立"), report)
        paper.show("report", written, *write_findings(findings))
    elif isinstance(attempt.outcome, SuyuanError):
        show_error(attempt.outcome, key="build error")
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
