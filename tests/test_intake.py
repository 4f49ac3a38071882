"""Uploads are read and reported before anything of them is in the corpus; none stops another."""

import io
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from indexer import staging
from indexer.build import build
from indexer.errors import SuyuanError
from indexer.generations import open_live
from indexer.intake import (
    SAME_CONTENT,
    SAME_NAME,
    SAME_NUMBER,
    SAME_TITLE,
    Examined,
    Holdings,
    Like,
    examine,
)
from indexer.notices import read_document
from indexer.records import Document
from indexer.settings import Settings
from indexer.staging import Staging
from tests.pages import NOTICES, make_library

pytestmark = pytest.mark.slow

NEW = NOTICES["a/柳溪.txt"].replace("柳溪", "云岭").replace("柳政", "云政")
PAGE = f"<html><head><title>x</title></head><body><p>{NEW}</p></body></html>"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = make_library(tmp_path_factory.mktemp("intake"), NOTICES)
    return Settings(folder / "corpus", folder / "index", "hashing")


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def upload(library: Settings, folder: Path, files: dict[str, bytes]) -> dict[str, Examined]:
    """Return what is found in uploads, by name."""
    staged = Staging(folder)
    for name, content in files.items():
        staged.put(name, content)
    uploads = {each.id for each in staged.files()}
    live = open_live(library.index)
    found = list(examine(library, folder, uploads, live, lambda *_: None))
    assert {each.upload for each in found} == uploads
    return {each.file: each for each in found}


def fields(document: Document) -> dict[str, object]:
    header = document.header
    return {
        "title": document.title,
        "doc_number": header.doc_number.value if header.doc_number else "",
        "issued_on": header.issued_on.value if header.issued_on else "",
        "locality": document.locality,
        "kind": header.kind.value if header.kind else "",
        "sha256": document.sha256,
        "cautions": document.cautions,
        "excluded": document.excluded,
    }


def test_every_upload_has_its_line_and_a_bad_one_stops_none(
    library: Settings, tmp_path: Path
) -> None:
    before = sorted(library.corpus.rglob("*"))
    found = upload(
        library,
        tmp_path,
        {
            "云岭.txt": NEW.encode(),
            "空.txt": b"",
            "坏.docx": b"\0\1" * 99,
            "表.rar": b"Rar!\x1a\x07\0",
            "网页.pdf": PAGE.encode(),
            "包.zip": zipped({"甲/一.txt": NEW.encode() + b"1", "坏.pdf": b"%PDF-"}),
        },
    )
    assert {name: each.is_readable for name, each in found.items()} == {
        "云岭.txt": True, "空.txt": False, "坏.docx": False, "表.rar": False, "网页.pdf": True,
        "包.zip/甲/一.txt": True, "包.zip/坏.pdf": False,
    }  # fmt: skip
    assert found["空.txt"].fact == "文件是空的。"
    assert all(each.cure for each in found.values() if not each.is_readable)
    assert "扩展名是 .pdf" in found["网页.pdf"].cautions[0].fact
    assert sorted(library.corpus.rglob("*")) == before


def test_what_is_reported_is_what_a_build_reads(library: Settings, tmp_path: Path) -> None:
    contents = {
        "云岭.txt": NEW.encode(),
        "网页.pdf": PAGE.encode(),
        "库里的.txt": NOTICES["a/柳溪.txt"].encode(),
    }
    for name, each in upload(library, tmp_path, contents).items():
        document = read_document(name, contents[name])
        expected = fields(document)
        assert {key: getattr(each, key) for key in expected} == expected
        assert each.characters == len("".join(document.text.split()))
        assert document.text.startswith(each.opening[:50])


def test_a_second_upload_of_one_content_is_reported_alike(
    library: Settings, tmp_path: Path
) -> None:
    found = upload(library, tmp_path, {"一.txt": NEW.encode(), "二.txt": NEW.encode()})
    one, two = found["一.txt"], found["二.txt"]
    assert replace(two, upload=one.upload, file=one.file) == one


def test_only_what_is_asked_for_is_examined(library: Settings, tmp_path: Path) -> None:
    staged = Staging(tmp_path)
    first, second = staged.put("一.txt", b"1"), staged.put("二.txt", NEW.encode())
    found = examine(library, tmp_path, {second.id}, None, lambda *_: None)
    assert [each.upload for each in found] == [second.id]
    assert list(examine(library, tmp_path / "none", {first.id}, None, lambda *_: None)) == []


@pytest.mark.parametrize(
    ("name", "text", "like"),
    [
        ("x.txt", NOTICES["a/柳溪.txt"], Like(SAME_CONTENT, "a/柳溪.txt", True)),
        (
            "x.txt",
            NOTICES["a/柳溪.txt"] + "补充。\n",
            Like(SAME_NUMBER, "a/柳溪.txt", True, "2023-05-06"),
        ),
        (
            "x.txt",
            NOTICES["a/柳溪.txt"].replace("5号", "9号").replace("5月", "7月"),
            Like(SAME_TITLE, "a/柳溪.txt", True, "2023-05-06"),
        ),
        ("柳溪.txt", NEW, Like(SAME_NAME, "a/柳溪.txt", True)),
        ("x.txt", NEW, None),
        ("柳溪.txt", "", Like(SAME_NAME, "a/柳溪.txt", True)),
    ],
)
def test_an_upload_is_compared_with_the_library(
    library: Settings, tmp_path: Path, name: str, text: str, like: Like | None
) -> None:
    (found,) = upload(library, tmp_path, {name: text.encode()}).values()
    assert Holdings(library, open_live(library.index)).like(found) == like


def test_what_is_in_the_folder_but_in_no_index_is_compared_with(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "corpus", tmp_path / "index", "hashing")
    settings.corpus.mkdir()
    (settings.corpus / "新.txt").write_text(NEW, encoding="utf-8")
    staged = Staging(tmp_path / "staged")
    upload_of = staged.put("x.txt", NEW.encode())
    (found,) = examine(settings, staged.folder, {upload_of.id}, None, lambda *_: None)
    assert Holdings(settings, None).like(found) == Like(SAME_CONTENT, "新.txt", False)


def test_titles_of_two_places_are_not_one(tmp_path: Path) -> None:
    plan = "2024年工作计划\n\n{place}教育局\n2024年1月2日\n一、目标\n做好工作。\n"
    folder = make_library(tmp_path, {"一.txt": plan.format(place="石门县") + "甲。"})
    settings = Settings(folder / "corpus", folder / "index", "hashing")
    (found,) = upload(
        settings, tmp_path / "staged", {"二.txt": plan.format(place="柳溪县").encode()}
    ).values()
    assert found.locality != open_live(settings.index).document("一.txt").locality
    assert Holdings(settings, open_live(settings.index)).like(found) is None


def test_uploads_of_one_name_keep_apart_and_outlast_the_program(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    for content in (b"1", b"2"):
        Staging(tmp_path / "staged").put("C:\\x\\通知.txt", content)
    staged = Staging(tmp_path / "staged")
    assert [each.path.read_bytes() for each in staged.files()] == [b"1", b"2"]
    assert [staged.take_in(each, corpus, "甲") for each in staged.files()] == [
        "甲/通知.txt", "甲/通知-2.txt",
    ]  # fmt: skip
    assert staged.files() == ()


def test_what_cannot_be_taken_in_goes_on_waiting(tmp_path: Path) -> None:
    staged = Staging(tmp_path / "staged")
    waiting = staged.put("x.rar", b"1")
    with pytest.raises(SuyuanError, match="不是可收录的格式"):
        staged.take_in(waiting, tmp_path / "corpus")
    assert staged.files() == (waiting,)
    staged.discard(waiting)
    with pytest.raises(SuyuanError, match="已不在待收文件中"):
        staged.take_in(waiting, tmp_path / "corpus")


@pytest.mark.parametrize("name", ["", ".x", "a\n.txt", "长" * 99 + ".txt"])
def test_an_unsafe_name_never_reaches_the_disk(tmp_path: Path, name: str) -> None:
    with pytest.raises(SuyuanError, match="不能用作文件名"):
        Staging(tmp_path / "staged").put(name, b"1")
    assert not (tmp_path / "staged").exists()


def test_what_nobody_decided_on_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged = Staging(tmp_path)
    old = staged.put("旧.txt", b"1")
    now = time.time()
    monkeypatch.setattr(staging.time, "time", lambda: now + staging._KEPT + 60)
    staged.forget_old()
    assert staged.files() == ()
    monkeypatch.setattr(staging.time, "time", lambda: now + 60)
    staged.put("旧.txt", b"1")
    staged.forget_old()
    assert [each.name for each in staged.files()] == [old.name]


def test_what_took_long_to_read_is_kept_for_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.reading._LONG", -1.0)
    settings = Settings(tmp_path / "corpus", tmp_path / "index", "hashing")
    staged = Staging(settings.index / "staged")
    waiting = staged.put("新.txt", NEW.encode())
    list(examine(settings, staged.folder, {waiting.id}, None, lambda *_: None))
    staged.take_in(waiting, settings.corpus)
    monkeypatch.setattr("indexer.reading._Reading._load", None)  # reads no more
    assert build(settings).added == ("新.txt",)
