"""The one open index of the server: who waits for it, who goes on, and what is let go."""

import contextlib
import gc
import os
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from indexer.build import build
from indexer.errors import IndexUnusable
from indexer.generations import live_generation
from indexer.settings import Settings
from retrieval.engine import Engine
from tests.invented import in_process  # noqa: F401
from tests.pages import NOTICES, open_page, settle, shown, write_notices
from tests.rebuilder import rebuilding
from ui import opening
from ui.opening import OpenIndex

pytestmark = pytest.mark.slow

PATIENCE = 60


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings = settle(tmp_path, monkeypatch)
    write_notices(settings.corpus, NOTICES)
    build(settings, lambda _: None)
    return settings


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Hold every opening but the first until the gate is set."""
    gate, opened, really_open = Event(), [], Engine.open

    def open_slowly(settings: Settings) -> Engine:
        opened.append(1)
        if len(opened) > 1:
            assert gate.wait(PATIENCE)
        return really_open(settings)

    monkeypatch.setattr(Engine, "open", staticmethod(open_slowly))
    yield gate
    gate.set()


def rebuild(settings: Settings, name: str, words: str) -> None:
    write_notices(settings.corpus, {name: f"云岭市教育局关于校车的通知\n\n{words}。\n"})
    build(settings, lambda _: None)


def finish(index: OpenIndex) -> None:
    renewal = index._renewal
    if renewal is not None:
        renewal.join(PATIENCE)


def test_many_who_come_first_get_one_engine(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, really_open = [], Engine.open
    monkeypatch.setattr(
        Engine, "open", staticmethod(lambda asked: opened.append(asked) or really_open(asked))
    )
    index = OpenIndex(settings)
    with ThreadPoolExecutor(20) as people:
        engines = list(people.map(lambda _: index.engine(), range(40)))
    assert len(set(map(id, engines))) == len(opened) == 1


def test_while_the_new_index_is_opened_all_others_go_on_with_the_one_before(
    settings: Settings, gate: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_PATIENCE", 0.0)
    index = OpenIndex(settings)
    before = index.engine()
    rebuild(settings, "新.txt", "校车每日检查一次")
    with ThreadPoolExecutor(20) as people:
        assert set(people.map(lambda _: index.engine(), range(40))) == {before}
    assert len(before.sources()) == 3
    gate.set()
    finish(index)
    after = index.engine()
    assert (after.generation, len(after.sources())) == (live_generation(settings.index), 4)
    assert before.ask("大班额的比例控制在百分之三以内").citations


def test_the_page_that_finds_the_index_out_of_date_waits_for_a_small_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_PATIENCE", PATIENCE)
    app = open_page("library")
    assert "云岭市教育局关于校车的通知" not in shown(app)
    rebuild(settings, "新.txt", "校车每日检查一次")
    app.run()
    assert "云岭市教育局关于校车的通知" in shown(app)
    assert not app.exception


def test_an_index_that_cannot_be_opened_is_said_to_all_until_it_can(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_PATIENCE", PATIENCE)
    index = OpenIndex(settings)
    index.engine()
    pointer = settings.index / "CURRENT"
    live = pointer.read_text()
    pointer.write_text("0000\n")
    for _ in range(2):
        with pytest.raises(IndexUnusable):
            index.engine()
    pointer.write_text(live)
    assert len(index.engine().sources()) == 3


def test_an_old_engine_goes_with_the_last_page_that_has_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_PATIENCE", PATIENCE)
    index = OpenIndex(settings)
    held = index.engine()
    is_gone = weakref.finalize(held, int)
    rebuild(settings, "新.txt", "校车每日检查一次")
    index.engine()
    assert is_gone.alive
    assert held.ask("大班额的比例控制在百分之三以内").citations
    del held
    assert not is_gone.alive


@pytest.mark.slow
def test_fifty_rebuilds_leave_no_file_open_and_no_memory_taken(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_PATIENCE", PATIENCE)
    index = OpenIndex(settings)
    files, memory = [], []
    with rebuilding(settings) as rebuilder:
        for number in range(1000, 1050):
            generation = rebuilder.rebuild(number)
            engine = index.engine()
            assert engine.generation == generation
            assert engine.ask("校车每日检查几次").citations
            for thread in threading.enumerate():
                if thread.name in ("settle", "open index"):
                    thread.join(PATIENCE)
            files.append(len(os.listdir("/proc/self/fd")))
            memory.append(_memory())
    assert max(files[10:]) <= files[9] + 2
    assert memory[-1] - memory[9] < 20e6  # of 40 engines


@pytest.mark.slow
@pytest.mark.usefixtures("in_process")
def test_rebuilds_in_this_process_leave_nothing_of_old_generations_open(
    settings: Settings,
) -> None:
    """Nor does letting go of them wait for the collector, which rarely comes by; one of the files
    cannot be read, and its error holds nothing."""
    (settings.corpus / "坏.txt").write_bytes(bytes(range(256)))
    gc.collect()
    gc.disable()
    try:
        opened = []
        for number in range(30):
            rebuild(settings, "新.txt", f"校车每日检查{number + 1}次")
            engine = Engine.open(settings)
            engine.wait()
            assert engine.ask("校车每日检查几次").citations
            opened.append(_open_files(settings.index))
            del engine
        assert _open_files(settings.index) == set()
    finally:
        gc.enable()
    # What is open of the index is there: nothing of a generation or a segment that was removed.
    assert not [path for paths in opened for path in paths if path.endswith("(deleted)")]


def _open_files(index: Path) -> set[str]:
    """Return what this process has open or mapped of an index."""
    maps = Path("/proc/self/maps").read_text().splitlines()
    found = {line.split(maxsplit=5)[-1] for line in maps}
    for handle in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):  # that of the listing itself
            found.add(os.readlink(f"/proc/self/fd/{handle}"))
    return {path for path in found if path.startswith(f"{index}/")}


def _memory() -> int:
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS:"))
