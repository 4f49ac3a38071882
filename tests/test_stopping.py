"""A build can be stopped at any step: the index stays as it was, and the next build goes on."""

import shutil
import signal
from pathlib import Path

import pytest

from indexer.build import build
from indexer.errors import BuildStopped
from indexer.generations import open_live
from indexer.records import Progress
from indexer.settings import Settings
from tests.invented import in_process  # noqa: F401
from tests.test_watching import NOTICE, start, wait_until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An index of two notices, and a third that has come since."""
    folder = tmp_path_factory.mktemp("stopping")
    settings = Settings(folder / "corpus", folder / "index", "hashing", folder / "cache")
    settings.corpus.mkdir()
    for name in ("招生", "托育"):
        (settings.corpus / f"{name}.txt").write_text(NOTICE.format(name, name))
    build(settings)
    (settings.corpus / "营养.txt").write_text(NOTICE.format("营养", "营养"))
    return settings


def copied(before: Settings, folder: Path) -> Settings:
    shutil.copytree(before.corpus.parent, folder, dirs_exist_ok=True)
    return Settings(folder / "corpus", folder / "index", "hashing", folder / "cache")


class Stopping:
    """Lets a build come so far: stops it at the step of that number, or never."""

    def __init__(self, at: int | None = None) -> None:
        self.stages: list[str] = []
        self._at = at

    def __call__(self, progress: Progress) -> None:
        self.stages.append(progress.stage)
        if len(self.stages) - 1 == self._at:
            raise BuildStopped


def state(settings: Settings) -> tuple[object, ...]:
    live = open_live(settings.index)
    return live.manifest.generation, live.ids, live.contents()


@pytest.mark.slow
@pytest.mark.usefixtures("in_process")  # where reading takes the same steps each time
def test_a_build_stopped_at_any_stage_leaves_the_index_and_the_next_one_makes_it_up(
    before: Settings, tmp_path: Path
) -> None:
    whole = copied(before, tmp_path / "whole")
    steps = Stopping()
    old = state(whole)
    build(whole, steps)
    new = state(whole)
    assert {"查看文件", "加载模型", "读取文件", "计算向量", "写入索引"} <= set(steps.stages)
    first = {steps.stages.index(stage) for stage in steps.stages}
    last = {step for step in range(len(steps.stages)) if step + 1 in first | {len(steps.stages)}}
    for step in sorted(first | last):
        settings = copied(before, tmp_path / str(step))
        outcome: object = None
        try:
            build(settings, Stopping(step))
        except BuildStopped as stopped:
            outcome = str(stopped)
        # Once the new index is in use, a stop only leaves out what can be done later.
        assert state(settings) in ((old, new) if outcome is None else (old,)), steps.stages[step]
        build(settings)
        assert state(settings) == new
        assert not list(settings.index.rglob(".*/*")), steps.stages[step]


def test_what_was_embedded_before_a_stop_is_not_embedded_again(
    before: Settings, tmp_path: Path
) -> None:
    settings = copied(before, tmp_path)

    def stop(progress: Progress) -> None:
        if progress.stage == "计算向量" and progress.done == progress.total:
            raise BuildStopped

    with pytest.raises(BuildStopped, match=r"索引照常可用"):
        build(settings, stop)
    assert build(settings).embedded == 0


@pytest.mark.slow
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_the_command_leaves_with_130_and_says_that_nothing_is_lost(
    before: Settings, tmp_path: Path, sign: signal.Signals
) -> None:
    settings = copied(before, tmp_path)
    for number in range(3000):
        text = NOTICE.format(f"事项{number}", f"第{number}项")
        (settings.corpus / f"{number}.txt").write_text(text)
    old = state(settings)
    lock = settings.index / "build.lock"
    lock.unlink()
    building = start("build", settings)
    wait_until(lock.exists, 60)
    building.send_signal(sign)
    out, err = building.communicate(timeout=30)
    assert (building.returncode, out) == (130, "")
    assert err == "\n已停止更新索引。索引照常可用，已算好的部分下次不会重算。\n"
    assert state(settings) == old
