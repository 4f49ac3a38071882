"""Builds of the server: one at a time, whoever asks; they can be watched, stopped, left alone."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest
import streamlit as st

from indexer import watching
from indexer.build import build
from indexer.errors import BuildStopped, SuyuanError
from indexer.records import Progress, ProgressHandler, Report
from indexer.settings import Settings
from tests.pages import NOTICES, found, open_page, press, settle, shown, write_notices
from tests.test_watching import ids, wait_until
from ui import rebuilding
from ui.keeping_up import KeepingUp, the_keeping_up
from ui.rebuilding import Rebuild, the_rebuild

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """An application over three notices that have no index yet; files settle at once."""
    monkeypatch.setattr(watching, "_SETTLING", 0.2)
    monkeypatch.setattr(watching, "_PAUSE", 0.05)
    settings = settle(tmp_path, monkeypatch)
    write_notices(settings.corpus, NOTICES)
    yield settings
    the_keeping_up().turn_off()
    wait_until(lambda: not the_rebuild().running, 60)
    st.cache_resource.clear()


def held(gate: Event) -> Callable[[ProgressHandler], Report]:
    """Return a build that stays at its first step until the gate opens."""

    def work(progress: ProgressHandler) -> Report:
        while not gate.wait(0.01):
            progress(Progress("读取文件", 1, 4))
        return Report("1", added=("a.txt",))

    return work


def unchanged(progress: ProgressHandler) -> Report:
    return Report("1", unchanged=("a.txt",))


def test_there_is_never_more_than_one_build() -> None:
    rebuild, gate = Rebuild(), Event()
    first = rebuild.start(held(gate))
    assert first is not None
    assert (rebuild.start(unchanged), rebuild.running, rebuild.over) == (None, first, None)
    gate.set()
    first.join()
    assert (rebuild.running, rebuild.over) == (None, first)
    assert first.outcome == Report("1", added=("a.txt",))
    assert rebuild.start(unchanged) is not None


def test_a_build_that_is_needed_comes_after_the_one_under_way() -> None:
    rebuild, gate = Rebuild(), Event()
    first = rebuild.start(held(gate))
    rebuild.start_next(unchanged)
    assert (rebuild.running, rebuild.is_waiting) == (first, True)
    gate.set()
    wait_until(lambda: not (rebuild.is_waiting or rebuild.running), 10)
    assert rebuild.over is not first
    assert rebuild.over.outcome == Report("1", unchanged=("a.txt",))
    rebuild.start_next(unchanged)
    assert not rebuild.is_waiting


def test_a_stopped_build_says_so_and_another_can_begin() -> None:
    rebuild = Rebuild()
    attempt = rebuild.start(held(Event()))
    assert attempt is not None
    assert not attempt.is_stopping
    attempt.stop()
    assert attempt.is_stopping
    attempt.join(10)
    assert isinstance(attempt.outcome, BuildStopped)
    assert rebuild.over is attempt
    assert rebuild.start(unchanged) is not None


def test_a_build_nobody_asked_for_is_shown_only_if_it_did_something() -> None:
    rebuild = Rebuild()
    asked = rebuild.start(unchanged)
    asked.join()
    idle = rebuild.start(unchanged, was_asked=False)
    idle.join()
    assert rebuild.over is asked
    gate = Event()
    gate.set()
    busy = rebuild.start(held(gate), was_asked=False)
    busy.join()
    assert rebuild.over is busy


def test_a_build_is_stopped_from_the_page(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Event()

    def slow(settings: Settings, progress: ProgressHandler) -> Report:
        def hold(now: Progress) -> None:
            progress(now)
            while now.stage == "读取文件" and not gate.wait(0.01):
                progress(now)

        return build(settings, hold)

    monkeypatch.setattr(rebuilding, "build", slow)
    app = open_page("library", view="update")
    press(app, "建立索引")
    wait_until(lambda: the_rebuild().running.progress.stage == "读取文件", 60)
    app.run()
    assert "正在建立索引：读取文件 1 / 3 份" in [each.proto.text for each in app.get("progress")]
    press(app, "停止")
    wait_until(lambda: not the_rebuild().running, 60)
    app.run()
    assert "已停止更新索引。索引照常可用，已算好的部分下次不会重算。" in shown(app)
    gate.set()
    press(app, "建立索引")
    wait_until(lambda: not the_rebuild().running, 60)
    app.run()
    assert len(found(open_page("library"), "a", "row")) == 3


def test_new_notices_come_in_by_themselves_where_that_is_switched_on(settings: Settings) -> None:
    app = open_page("library", view="update")
    (switch,) = [each for each in app.toggle if each.key == "keeping up"]
    assert not switch.value
    switch.set_value(True).run()
    wait_until(lambda: (settings.index / "CURRENT").exists() and len(ids(settings)) == 3, 60)
    write_notices(settings.corpus, {"新.txt": NOTICES["a/柳溪.txt"].replace("柳溪", "云岭")})
    wait_until(lambda: len(ids(settings)) == 4, 60)
    wait_until(lambda: not the_rebuild().running, 60)
    app.run()
    assert "索引已建立新增 1 份，未变 3 份。" in shown(app)
    other = open_page("library", view="update")
    assert [each.value for each in other.toggle if each.key == "keeping up"] == [True]
    next(each for each in other.toggle if each.key == "keeping up").set_value(False).run()
    assert not the_keeping_up().is_on


def test_the_switch_is_remembered_and_off_at_first(settings: Settings) -> None:
    settings.index.mkdir()
    first = KeepingUp(settings, Rebuild())
    assert not first.is_on
    first.turn_on()
    again = KeepingUp(settings, Rebuild())
    assert (first.is_on, again.is_on) == (True, True)
    first.turn_off()
    again.turn_off()
    assert not KeepingUp(settings, Rebuild()).is_on


def test_a_switch_that_cannot_be_remembered_says_so(settings: Settings) -> None:
    settings.index.write_text("no folder")
    with pytest.raises(SuyuanError, match="自动收录没有打开"):
        KeepingUp(settings, Rebuild()).turn_on()
    app = open_page("library", view="update")
    next(each for each in app.toggle if each.key == "keeping up").set_value(True).run()
    assert "自动收录没有打开：索引文件夹不能写入" in shown(app)
    assert not the_keeping_up().is_on


def test_a_build_that_a_person_stops_is_not_begun_again(settings: Settings) -> None:
    rebuild = Rebuild()
    keeping = KeepingUp(settings, rebuild)
    keeping.turn_on()
    wait_until(lambda: rebuild.running is not None, 60)
    attempt = rebuild.running
    attempt.stop()
    attempt.join(60)
    wait_until(lambda: not keeping.is_on, 10)
    time.sleep(1)
    assert isinstance(attempt.outcome, BuildStopped)
    assert (rebuild.running, rebuild.over) == (None, attempt)


def test_the_watch_waits_for_a_build_that_a_person_began(settings: Settings) -> None:
    rebuild, gate = Rebuild(), Event()
    keeping = KeepingUp(settings, rebuild)
    first = rebuild.start(held(gate))
    keeping.turn_on()
    time.sleep(1)
    assert rebuild.running is first
    gate.set()
    wait_until(lambda: (settings.index / "CURRENT").exists(), 60)
    keeping.turn_off()
    wait_until(lambda: rebuild.running is None, 60)
    assert len(rebuild.over.outcome.added) == 3
