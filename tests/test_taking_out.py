"""Files go out of the corpus and come back byte for byte, and the index follows."""

import os
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer import removal
from indexer.build import build
from indexer.errors import SuyuanError
from indexer.folder import file_stats
from indexer.generations import open_live
from indexer.removal import FOLDER, find_places, list_removed, purge, remove, restore
from indexer.settings import Settings
from tests.pages import NOTICES, write_notices

NAMES = ("通知.txt", "b.md", "甲/通知.txt", "甲/乙/通知.txt", "甲/乙/b c.txt", "丙")


def corpus_of(folder: Path) -> dict[str, bytes]:
    """Return the files of a corpus but for those that were taken out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and FOLDER not in path.parts
    }


def indexed(folder: Path) -> list[str]:
    settings = Settings(folder / "corpus", folder / "index", "hashing")
    build(settings)
    return sorted(open_live(settings.index).ids)


@pytest.mark.slow
@given(
    st.dictionaries(st.sampled_from(NAMES), st.binary(max_size=20), min_size=1),
    st.lists(st.integers(0, 5), max_size=5),
    st.randoms(use_true_random=False),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_taken_out_and_brought_back_is_as_it_was(tmp_path_factory, files, chosen, chance):
    corpus = tmp_path_factory.mktemp("corpus")
    for name, content in files.items():
        (corpus / name).parent.mkdir(parents=True, exist_ok=True)
        (corpus / name).write_bytes(content)
    gone = sorted({sorted(files)[at % len(files)] for at in chosen})
    settings = Settings(corpus, corpus.parent / "none")
    before = file_stats(corpus)
    for place in find_places(settings, gone):
        remove(corpus, place)
    assert corpus_of(corpus) == {k: v for k, v in files.items() if k not in gone}
    kept = list(list_removed(corpus))
    assert sorted(each.name for each in kept) == gone
    chance.shuffle(kept)
    assert sorted(restore(corpus, each) for each in kept) == gone
    assert corpus_of(corpus) == files
    assert {path: stat.modified for path, stat in file_stats(corpus).items()} == {
        path: stat.modified for path, stat in before.items()
    }
    assert list_removed(corpus) == ()


@pytest.mark.slow
def test_the_index_follows(tmp_path: Path) -> None:
    write_notices(tmp_path / "corpus", NOTICES)
    settings = Settings(tmp_path / "corpus", tmp_path / "index", "hashing")
    every = indexed(tmp_path)
    (place,) = find_places(settings, ["a/柳溪.txt"])
    remove(settings.corpus, place)
    assert indexed(tmp_path) == [name for name in every if name != "a/柳溪.txt"]
    (kept,) = list_removed(settings.corpus)
    assert restore(settings.corpus, kept) == "a/柳溪.txt"
    report = build(settings)
    assert (report.added, report.embedded) == (("a/柳溪.txt",), 0)
    assert indexed(tmp_path) == every


def test_a_member_of_an_archive_comes_with_all_of_it(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    with zipfile.ZipFile(corpus / "包.zip", "w") as archive:
        for name in ("甲/一.txt", "二.txt"):
            archive.writestr(name, NOTICES["a/柳溪.txt"] + name)
    settings = Settings(corpus, tmp_path / "index")
    (place,) = find_places(settings, ["包.zip/甲/一.txt"])
    assert (place.name, place.documents, place.is_archive) == (
        "包.zip", ("包.zip/二.txt", "包.zip/甲/一.txt"), True,
    )  # fmt: skip
    remove(corpus, place)
    assert [each.name for each in list_removed(corpus)] == ["包.zip"]
    assert find_places(settings, ["包.zip/甲/一.txt"]) == ()


def test_a_file_comes_back_beside_one_that_has_taken_its_name(tmp_path: Path) -> None:
    path = tmp_path / "甲" / "通知.txt"
    path.parent.mkdir()
    path.write_bytes(b"1")
    remove(tmp_path, removal.Place("甲/通知.txt", path, (), False))
    path.write_bytes(b"2")
    (kept,) = list_removed(tmp_path)
    assert restore(tmp_path, kept) == "甲/通知-2.txt"
    assert corpus_of(tmp_path) == {"甲/通知.txt": b"2", "甲/通知-2.txt": b"1"}


def test_one_name_is_taken_out_several_times_in_a_second(tmp_path: Path, monkeypatch) -> None:
    class Stopped(datetime):
        @classmethod
        def now(cls) -> datetime:  # type: ignore[override]
            return cls(2024, 5, 6, 7, 8, 9)

    monkeypatch.setattr(removal, "datetime", Stopped)
    path = tmp_path / "通知.txt"
    for content in (b"1", b"2", b"3"):
        path.write_bytes(content)
        remove(tmp_path, removal.Place("通知.txt", path, (), False))
    kept = list_removed(tmp_path)
    assert len({each.id for each in kept}) == 3
    assert sorted(each.path.read_bytes() for each in kept) == [b"1", b"2", b"3"]
    assert {each.at for each in kept} == {datetime(2024, 5, 6, 7, 8, 9)}


def test_what_is_purged_is_gone_and_nothing_else(tmp_path: Path) -> None:
    for name in ("一.txt", "二.txt"):
        (tmp_path / name).write_text(name)
        remove(tmp_path, removal.Place(name, tmp_path / name, (), False))
    first = next(each for each in list_removed(tmp_path) if each.name == "一.txt")
    assert purge(tmp_path, first) == "一.txt"
    assert [each.name for each in list_removed(tmp_path)] == ["二.txt"]
    assert purge(tmp_path, first) == "一.txt"


def test_what_a_person_put_into_the_hidden_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / FOLDER / "笔记").mkdir(parents=True)
    (tmp_path / FOLDER / "笔记" / "a.txt").write_text("mine")
    assert list_removed(tmp_path) == ()


def test_a_name_in_another_encoding_goes_out_and_comes_back(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    raw = os.fsencode(corpus) + "/通知.txt".encode("gbk")
    with open(raw, "wb") as file:
        file.write(b"content")
    settings = Settings(corpus, tmp_path / "index")
    (place,) = find_places(settings, ["通知.txt"])
    remove(corpus, place)
    (kept,) = list_removed(corpus)
    assert kept.name == "通知.txt"
    assert restore(corpus, kept) == "通知.txt"
    assert os.path.exists(raw)


def test_what_cannot_be_moved_is_said_and_stays(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "通知.txt"
    path.write_bytes(b"1")
    place = removal.Place("通知.txt", path, (), False)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(removal.shutil, "move", refuse)
        with pytest.raises(SuyuanError, match="没有移出"):
            remove(tmp_path, place)
    assert (path.read_bytes(), list_removed(tmp_path)) == (b"1", ())
    kept = remove(tmp_path, place)
    with monkeypatch.context() as patched:
        patched.setattr(removal.shutil, "move", refuse)
        with pytest.raises(SuyuanError, match="没有恢复"):
            restore(tmp_path, kept)
    assert not path.exists()
    assert [each.path.read_bytes() for each in list_removed(tmp_path)] == [b"1"]
    with pytest.raises(SuyuanError, match="没有移出"):
        remove(tmp_path, place)
