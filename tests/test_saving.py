"""A notice comes into the corpus under a name of its own, in a folder of the corpus."""

from pathlib import Path

import pytest

from indexer.errors import SuyuanError
from indexer.saving import check_folder, save_notice


def test_an_upload_never_replaces_a_notice(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    names = [save_notice(corpus, name, name.encode()) for name in ("通知.txt", "C:\\x\\通知.txt")]
    names.append(save_notice(corpus, "../../通知.txt", b"3"))
    assert names == ["通知.txt", "通知-2.txt", "通知-3.txt"]
    assert (corpus / "通知.txt").read_bytes() == "通知.txt".encode()
    assert sorted(path.name for path in tmp_path.rglob("*.txt")) == sorted(names)


@pytest.mark.parametrize(
    "name", [".txt", "../.htm", "", "a.exe", "a.txt/", "a\n.txt", "长" * 99 + ".txt"]
)
def test_an_upload_with_an_unsafe_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SuyuanError):
        save_notice(tmp_path, name, b"")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("asked", "folder"),
    [
        ("", ""),
        ("/", ""),
        ("甲/乙", "甲/乙"),
        (" 甲 /乙/ ", "甲/乙"),
        ("甲\\乙", "甲/乙"),
        ("甲//乙", "甲/乙"),
    ],
)
def test_a_notice_is_saved_in_a_folder_of_the_corpus(
    tmp_path: Path, asked: str, folder: str
) -> None:
    assert check_folder(asked) == folder
    assert save_notice(tmp_path, "通知.txt", b"1", asked) == f"{folder}/通知.txt".lstrip("/")
    assert (tmp_path / folder / "通知.txt").read_bytes() == b"1"


@pytest.mark.parametrize(
    "folder", ["..", "甲/../..", ".removed", "甲/.x", "甲\x01乙", "长" * 99, "a/" * 9]
)
def test_a_folder_elsewhere_is_refused(tmp_path: Path, folder: str) -> None:
    with pytest.raises(SuyuanError, match="不能用作文件夹"):
        save_notice(tmp_path, "通知.txt", b"1", folder)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "corpus").write_text("no folder")
    with pytest.raises(SuyuanError, match="没有存入") as raised:
        save_notice(tmp_path / "corpus", "通知.txt", b"1")
    assert "能否写入" in raised.value.cure
