"""Whatever became of a folder before, its index is that of the folder as it is now."""

import random
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from indexer import drafting
from indexer.__main__ import main as write
from indexer.build import build, check
from indexer.records import Report
from indexer.settings import Settings
from retrieval.engine import Engine
from tests.invented import (
    Seen,
    in_process,  # noqa: F401
    invented_corpus,
    look,
    notice,
    outcome,
    write_corpus,
    zip_of,
)

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("in_process")]

QUESTIONS = (
    "各地大班额比例控制在百分之几",
    "校车每月检查几次",
    "施甸县校车每月检查几次",
    "课后服务每课时收费不得超过多少元",
    "营养改善补助由谁拨付",
    "玉教发〔2020〕11号是什么文件",
    "校舍安全管理办法什么时候施行",
    "施政发〔2018〕1号还有效吗",
    "2022年以来哪些通知提到普惠性幼儿园覆盖率",
    "泸州市小学学位有多少",
    "不合格的校车怎么处理",
    "航天员的选拔标准有哪些",
)
_WHOLE = invented_corpus()
_START = {
    name: content
    for name, content in _WHOLE.items()
    if "2020/校车" in name or "施甸县" in name or name.count("/") == 0 or "学位" in name
}
_STAYS = "施甸县/2019/大班额化解.txt"  # a corpus without one notice is an error
# What comes into the folder: all that is invented and notices whose figures differ.
_CONTENTS = (
    *sorted({*_WHOLE.values()}),
    *(notice("施甸县", "施教发", "校车安全", number, 2020).encode() for number in (1, 6, 9)),
    zip_of({"a/通知.txt": notice("曲靖市", "曲教发", "校车安全", 7, 2022)}),
    zip_of({"a/通知.txt": notice("曲靖市", "曲教发", "课后服务", 2, 2021), "b.txt": b""}),
)
_NAMES = (
    "0.txt", "玉溪市/新.txt", "玉溪市/2020/校车安全.txt", "施甸县/2020/校车安全.txt", "末.md", "网/页.html",
    "网/页.doc", "包.zip", "另/包.zip", "下载.txt.part", "z/z/z.txt",
)  # fmt: skip
_FOLDERS = ("施甸县", "改名", "玉溪市", "归档/旧")

_fresh: dict[frozenset[tuple[str, bytes]], tuple[Seen | None, Report]] = {}


def fresh(files: Mapping[str, bytes]) -> tuple[Seen | None, Report]:
    """Return what an index shows that is built of some files and nothing else, and the report."""
    key = frozenset(files.items())
    if key not in _fresh:
        with tempfile.TemporaryDirectory() as folder:
            settings = _settings(Path(folder))
            write_corpus(settings.corpus, files)
            report = build(settings)
            _fresh[key] = (look(settings, QUESTIONS), report)
    return _fresh[key]


def _settings(folder: Path) -> Settings:
    (folder / "corpus").mkdir()
    return Settings(folder / "corpus", folder / "index", "hashing", folder)


class History:
    """A folder that is worked in, and its index, built from time to time."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.told: list[str] = []  # what was done, to be read where a test fails
        self._random = random.Random(seed)
        self._settings = _settings(folder)
        self._files = dict(_START)
        self._earlier: list[dict[str, bytes]] = []
        # What the live index was built of, and the one before it, which a rollback brings back.
        self._live: Mapping[str, bytes] | None = None
        self._previous: Mapping[str, bytes] | None = None

    def work(self) -> None:
        """Change something in the folder, once or several times."""
        changes = (self._put, self._remove, self._rename, self._duplicate, self._move, self._undo)
        for change in self._random.choices(
            changes, (3, 2, 2, 2, 1, 1), k=self._random.randint(1, 3)
        ):
            change()

    def build(self) -> None:
        """Build; `check` said before what the report says, and the index is a fresh one."""
        self.told.append("build")
        write_corpus(self._settings.corpus, self._files)
        planned = check(self._settings)
        report = build(self._settings)
        expected = fresh(self._files)[1]
        assert outcome(report) == outcome(planned), self._story
        assert _findings(report) == _findings(expected), self._story
        assert report.passages == expected.passages, self._story
        self._look(self._files)
        if self._live is None or not report.changes_nothing:
            self._previous = self._live
        self._live = dict(self._files)

    def build_again(self) -> None:
        """Build what is built already."""
        self.build()
        report = build(self._settings)
        assert report.changes_nothing and report.embedded == 0, self._story
        self._look(self._files)

    def roll_back(self) -> None:
        """Go back to the index before; once more leads forward again."""
        self.told.append("rollback")
        code = write(["rollback", "--index", str(self._settings.index)])
        assert code == (1 if self._previous is None else 0), self._story
        if self._previous is not None:
            self._live, self._previous = self._previous, self._live
        self._look(self._live or {})

    @property
    def _story(self) -> str:
        return f"after: {'; '.join(self.told)}"

    def _put(self) -> None:
        name, content = self._random.choice(_NAMES), self._random.choice(_CONTENTS)
        self._set(f"put {name}, {len(content)} bytes", {**self._files, name: content})

    def _remove(self) -> None:
        name = self._any()
        self._set(f"remove {name}", self._without(name))

    def _rename(self) -> None:
        name, to = self._any(), self._random.choice(_NAMES)
        self._set(f"rename {name} {to}", {**self._without(name), to: self._files[name]})

    def _duplicate(self) -> None:
        name, to = self._any(), self._random.choice(_NAMES)
        self._set(f"copy {name} {to}", {**self._files, to: self._files[name]})

    def _move(self) -> None:
        source, to = self._random.sample(_FOLDERS, 2)

        def moved(name: str) -> str:
            path = PurePosixPath(name)
            if name == _STAYS or not path.is_relative_to(source):
                return name
            return (to / path.relative_to(source)).as_posix()

        files = {moved(name): content for name, content in self._files.items()}
        self._set(f"move {source} {to}", files)

    def _undo(self) -> None:
        if self._earlier:
            self.told.append("undo")
            self._files = self._earlier.pop()

    def _any(self) -> str:
        return self._random.choice(sorted({*self._files} - {_STAYS}))

    def _without(self, name: str) -> dict[str, bytes]:
        return {each: self._files[each] for each in self._files if each != name}

    def _set(self, told: str, files: dict[str, bytes]) -> None:
        self.told.append(told)
        self._earlier.append(self._files)
        self._files = files

    def _look(self, files: Mapping[str, bytes]) -> None:
        seen, expected = look(self._settings, QUESTIONS), fresh(files)[0]
        for name in Seen.__dataclass_fields__:  # one at a time: what differs is then in sight
            assert getattr(seen, name) == getattr(expected, name), f"{name} {self._story}"


def _findings(report: Report) -> Report:
    """Return what a report says of the files as they are."""
    return replace(outcome(report), added=(), changed=(), removed=(), unchanged=())


@pytest.mark.parametrize("seed", range(4))
def test_after_any_history_the_index_is_that_of_a_fresh_build(tmp_path: Path, seed: int) -> None:
    history = History(tmp_path, seed)
    history.build()
    steps = random.Random(f"steps {seed}")
    for _ in range(7):
        history.work()
        steps.choice((history.build, history.build, history.build_again))()
        if steps.random() < 0.3:
            history.roll_back()
            if steps.random() < 0.5:
                history.roll_back()


def test_a_long_history_of_small_builds_is_that_of_one_build(tmp_path: Path) -> None:
    """One file after another comes, changes and goes: many small parts, merged or not."""
    settings = _settings(tmp_path)
    files = dict(_START)
    names = sorted(name for name in _WHOLE if name.startswith(("天水市", "泸州市", "玉溪市")))
    for at, name in enumerate(names):
        files[name] = _WHOLE[name]
        if at >= 6:
            del files[names[at - 6]]
        if at % 3 == 0:
            files["施甸县/2020/校车安全.txt"] = notice(
                "施甸县", "施教发", "校车安全", at % 9 + 1, 2020
            ).encode()
        write_corpus(settings.corpus, files)
        build(settings)
        if at % 4 == 0 or at == len(names) - 1:
            assert look(settings, QUESTIONS) == fresh(files)[0]


def test_an_index_built_at_once_and_one_built_file_by_file_are_alike(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    files: dict[str, bytes] = {}
    for name in sorted(_START, key=lambda name: (name != _STAYS, name[::-1])):
        files[name] = _START[name]
        write_corpus(settings.corpus, files)
        build(settings)
    assert look(settings, QUESTIONS) == fresh(_START)[0]


def test_notices_without_a_passage_come_and_go_like_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that they have is kept out of the passages; segments of nothing else are merged, too."""
    cut = drafting.cut_passages
    monkeypatch.setattr(
        drafting,
        "cut_passages",
        lambda document, *given: [] if "空谈" in document.text else cut(document, *given),
    )
    settings = _settings(tmp_path)
    files: dict[str, bytes] = {_STAYS: _START[_STAYS]}
    for number in range(6):
        name = f"空谈/{number}.txt"
        files[name] = notice("空谈市", "空教发", "校车安全", number + 1, 2020).encode()
        if number == 4:
            del files["空谈/1.txt"]
        write_corpus(settings.corpus, files)
        build(settings)
        engine = Engine.open(settings)
        assert engine.find("空谈市").documents == sum("空谈" in each for each in files)
        assert look(settings, QUESTIONS) == _of_new(settings)


def _of_new(settings: Settings) -> Seen | None:
    """Return what an index shows that is built of the same corpus anew."""
    with tempfile.TemporaryDirectory() as folder:
        new = replace(settings, index=Path(folder) / "index")
        build(new)
        return look(new, QUESTIONS)
