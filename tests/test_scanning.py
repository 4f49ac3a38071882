"""A scan reads only what may have changed, and says the same as one that reads everything."""

import os
import tempfile
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from indexer import hash_cache
from indexer.archive import Archive
from indexer.errors import CorpusError
from indexer.folder import File, Folder, file_stats
from indexer.records import Problem
from indexer.scanning import Scan, scan
from indexer.settings import Settings
from tests.test_folder import make_zip, raw_zip


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    for name in ("corpus", "index"):
        (tmp_path / name).mkdir()
    return Settings(corpus=tmp_path / "corpus", index=tmp_path / "index")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every scan look at files that were written long ago."""
    monkeypatch.setattr(hash_cache.time, "time_ns", lambda now=time.time_ns: now() + 10**10)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read and the archives that are opened."""
    names: list[str] = []
    original, opened = Folder.read, Archive.__init__

    def reading(folder: Folder, file: File) -> bytes:
        names.append(file.name)
        return original(folder, file)

    def opening(archive: Archive, file: object) -> None:
        names.append("an archive")
        opened(archive, file)

    monkeypatch.setattr(Folder, "read", reading)
    monkeypatch.setattr(Archive, "__init__", opening)
    return names


def look(settings: Settings) -> dict[str, str]:
    """Scan, keep what was found, and return the hash of each file or why there is none."""
    found = scan(settings, lambda _: None)
    found.hashes.save()
    return said(found)


def said(found: Scan) -> dict[str, str]:
    return {each.name: each.problem.fact if each.problem else each.sha256 for each in found.files}


def fresh(settings: Settings) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as elsewhere:
        return said(scan(Settings(settings.corpus, Path(elsewhere)), lambda _: None))


@pytest.mark.usefixtures("later")
def test_an_unchanged_file_is_not_read_again(settings: Settings, read: list[str]) -> None:
    for name in ("a.txt", "b.txt", "c/d.txt"):
        (settings.corpus / name).parent.mkdir(exist_ok=True)
        (settings.corpus / name).write_text(name)
    first = look(settings)
    assert read == ["a.txt", "b.txt", "c/d.txt"]
    read.clear()
    (settings.corpus / "b.txt").write_text("B.txt")
    second = look(settings)
    assert read == ["b.txt"]
    assert {name for name in first if first[name] != second[name]} == {"b.txt"}
    assert second == fresh(settings)


def test_what_was_written_a_moment_ago_is_read_again(settings: Settings, read: list[str]) -> None:
    """Its next change may leave no trace: the clock of a file system goes in steps."""
    (settings.corpus / "a.txt").write_text("1")
    first = look(settings)
    assert look(settings) == first
    assert read == ["a.txt", "a.txt"]


def test_times_in_the_future_keep_nothing(
    settings: Settings, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.corpus / "a.txt").write_text("1")
    monkeypatch.setattr(hash_cache.time, "time_ns", lambda now=time.time_ns: now() - 10**12)
    assert look(settings) == look(settings)
    assert read == ["a.txt", "a.txt"]


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize("when", [0, 10**9, 4 * 10**9], ids=["1970", "2001", "2096"])
def test_a_change_is_seen_whatever_its_times_say(settings: Settings, when: int) -> None:
    path = settings.corpus / "a.txt"
    path.write_text("1")
    os.utime(path, (when, when))
    look(settings)
    time.sleep(0.02)  # more than a step of the file system's clock
    path.write_text("2")
    os.utime(path, (when, when))
    assert look(settings) == fresh(settings)
    (settings.corpus / "b.txt").write_text("3")
    os.utime(settings.corpus / "b.txt", (when, when))
    os.replace(settings.corpus / "b.txt", path)
    assert look(settings) == fresh(settings)


@pytest.mark.usefixtures("later")
def test_an_unchanged_archive_is_not_opened(settings: Settings, read: list[str]) -> None:
    inner = make_zip({"丙.txt": b"3", "空.txt": b""})
    members = {"甲.txt": b"1", "乙.txt": b"2", "里.zip": inner, "__MACOSX/x": b"x", "~$a": b"x"}
    (settings.corpus / "包.zip").write_bytes(make_zip(members))
    first = scan(settings, lambda _: None)
    first.hashes.save()
    assert said(first)["包.zip/里.zip/空.txt"] == "文件是空的。"
    read.clear()
    second = scan(settings, lambda _: None)
    # What could not be read is tried again; of the archives it opens only those it lies in.
    assert read == ["包.zip/里.zip/空.txt", "an archive", "an archive"]
    assert (second.files, second.skipped) == (first.files, first.skipped)
    (settings.corpus / "包.zip").write_bytes(make_zip({"甲.txt": b"1"}))
    assert look(settings) == fresh(settings)


@pytest.mark.usefixtures("later")
def test_a_member_that_cannot_be_unpacked_is_a_problem_each_time(settings: Settings) -> None:
    (settings.corpus / "a.zip").write_bytes(raw_zip(b"a.txt", flags=1))
    assert look(settings) == look(settings) == {"a.zip/a.txt": "压缩包里的这个文件有密码，打不开。"}


@pytest.mark.usefixtures("later")
def test_another_limit_on_size_counts_at_once(settings: Settings) -> None:
    (settings.corpus / "a.txt").write_bytes(b"x" * 2_000_000)
    look(settings)
    small = Settings(settings.corpus, settings.index, max_file_bytes=1_000_000)
    assert look(small) == {"a.txt": "文件有 2 MB，超过单个文件 1 MB 的上限。"}
    assert look(settings) == fresh(settings)


def test_a_scan_writes_nothing_by_itself(settings: Settings) -> None:
    (settings.corpus / "a.txt").write_text("1")
    scan(settings, lambda _: None)
    assert list(settings.index.iterdir()) == []


@pytest.mark.usefixtures("later")
def test_where_hashes_cannot_be_kept_a_scan_is_only_slower(settings: Settings) -> None:
    (settings.corpus / "a.txt").write_text("1")
    (settings.index / "hashes.json").mkdir()
    assert look(settings) == look(settings) == fresh(settings)


@pytest.mark.slow
@pytest.mark.usefixtures("later")
@given(st.data())
@examples(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_cache_is_none(settings: Settings, data: st.DataObject) -> None:
    path = settings.index / "hashes.json"
    (settings.corpus / "a.txt").write_text("1")
    (settings.corpus / "b.zip").write_bytes(make_zip({"c.txt": b"1"}))
    expected = look(settings)
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content[: data.draw(st.sampled_from([at, len(content)]))])
    assert look(settings) == expected
    assert look(settings) == expected


NAMES = st.sampled_from(["a.txt", "通知.txt", "b/c.txt", "b/d.zip", "e.zip"])
CHANGES = st.one_of(
    st.tuples(st.just("write"), NAMES, st.sampled_from([b"1", b"2", b"33"])),
    st.tuples(st.just("pack"), NAMES, st.sampled_from([b"1", b"2"])),
    st.tuples(st.just("move"), NAMES, NAMES),
    st.tuples(st.just("delete"), NAMES, st.none()),
    st.tuples(st.just("date"), NAMES, st.integers(0, 2**31)),
)


@pytest.mark.slow
@pytest.mark.usefixtures("later")
@given(st.lists(st.lists(CHANGES, min_size=1, max_size=3), max_size=6))
@examples(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_after_any_history_a_scan_says_what_a_first_one_would(
    tmp_path_factory: pytest.TempPathFactory, history: list[list[tuple[str, str, object]]]
) -> None:
    top = tmp_path_factory.mktemp("history")
    settings = Settings(top / "corpus", top / "index")
    for folder in (settings.corpus / "b", settings.index):
        folder.mkdir(parents=True)
    (settings.corpus / "kept.txt").write_text("1")
    for changes in history:
        for kind, name, given_ in changes:
            change(settings.corpus, kind, name, given_)
        assert look(settings) == fresh(settings)
        time.sleep(0.01)  # more than a step of the file system's clock


def change(corpus: Path, kind: str, name: str, given_: object) -> None:
    path = corpus / name
    if kind == "write":
        path.write_bytes(given_)
    elif kind == "pack":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("member.txt", given_)
    elif path.exists() and kind == "move":
        os.replace(path, corpus / str(given_))
    elif path.exists() and kind == "delete":
        path.unlink()
    elif path.exists() and kind == "date":
        os.utime(path, (given_, given_))


# -- files that are on their way -----------------------------------------------------------------


def test_only_files_that_stand_still_are_read_where_that_is_asked(
    settings: Settings, read: list[str]
) -> None:
    for name in ("a.txt", "b.zip", "c.txt"):
        (settings.corpus / name).write_bytes(make_zip({"d.txt": name.encode()}))
    settled = file_stats(settings.corpus)
    (settings.corpus / "b.zip").write_bytes(b"PK half")
    (settings.corpus / "new.txt").write_text("new")
    (settings.corpus / "c.txt").unlink()
    found = scan(settings, lambda _: None, settled)
    cure = "写完后再更新索引；自动收录时不必做什么。"
    assert [each.problem for each in found.files] == [
        None,
        Problem("b.zip", "文件正在写入，这次没有收录。", cure),
        Problem("new.txt", "文件正在写入，这次没有收录。", cure),
    ]
    assert read == ["a.txt"]


def test_links_and_archives_settle_with_the_file_they_stand_for(settings: Settings) -> None:
    (settings.corpus / "a.txt").write_text("1")
    (settings.corpus / "b.txt").symlink_to("a.txt")
    (settings.corpus / "c.zip").write_bytes(make_zip({"d.txt": b"1"}))
    assert said(scan(settings, lambda _: None, file_stats(settings.corpus))) == fresh(settings)


def test_a_folder_where_nothing_has_settled_is_not_called_empty(settings: Settings) -> None:
    with pytest.raises(CorpusError, match="是空的"):
        scan(settings, lambda _: None, {})
    (settings.corpus / "a.txt").write_text("1")
    assert said(scan(settings, lambda _: None, {})) == {"a.txt": "文件正在写入，这次没有收录。"}
