"""Which documents a generation holds, and what is to be known of the files of the corpus."""

from dataclasses import replace
from pathlib import Path

import pytest

from indexer.errors import IndexUnusable
from indexer.inventory import Inventory, Notes, Place, new_inventory
from indexer.records import Caution, Problem
from tests.make import make_document

CAUTION = Caution("第2页识别得不清楚。", "请对照原件。")
PROBLEM = Problem("坏.txt", "文件是空的。", "请补上内容。")
SKIPPED = Problem("~$甲.docx", "这是临时文件。", "可以删去。")


def _write(
    path: Path, previous: Path | None = None, *names: str, gone: tuple[int, ...] = ()
) -> str:
    with new_inventory(path, previous) as writer:
        documents = [
            replace(
                make_document(f"{name}县通知\n一、{name}。"), id=f"{name}.txt", cautions=(CAUTION,)
            )
            for name in names
        ]
        places = [Place("s1", row) for row in range(len(documents))]
        writer.change(gone, zip(documents, places, strict=True))
        writer.note(Notes([(PROBLEM, "ab")], [("乙二.txt", "乙.txt")], [SKIPPED]))
        return writer.finish()


def test_what_is_written_is_read(tmp_path: Path) -> None:
    inventory = Inventory(tmp_path / "a", _write(tmp_path / "a", None, "甲", "乙"))
    listed = inventory.documents()
    assert [(each.id, each.place) for each in listed] == [
        ("乙.txt", Place("s1", 1)), ("甲.txt", Place("s1", 0)),
    ]  # fmt: skip
    assert inventory.problems() == (PROBLEM,)
    assert inventory.skipped() == (SKIPPED,)
    assert inventory.duplicates() == (("乙二.txt", "乙.txt"),)
    assert [each.file for each in inventory.cautions()] == ["乙.txt", "甲.txt"]
    hashes = {each.id: each.sha256 for each in listed}
    assert inventory.contents() == hashes | {"坏.txt": "ab", "乙二.txt": hashes["乙.txt"]}


def test_a_change_goes_on_from_the_library_before_and_leaves_it_alone(tmp_path: Path) -> None:
    first = _write(tmp_path / "a", None, "甲", "乙")
    before = Inventory(tmp_path / "a", first)
    number = {each.id: each.number for each in before.documents()}
    second = _write(tmp_path / "b", tmp_path / "a", "丙", gone=(number["甲.txt"],))
    after = Inventory(tmp_path / "b", second)
    assert [each.id for each in after.documents()] == ["丙.txt", "乙.txt"]
    assert [each.file for each in after.cautions()] == ["丙.txt", "乙.txt"]
    assert {each.id: each.number for each in after.documents()}["丙.txt"] not in number.values()
    assert len(Inventory(tmp_path / "a", first).documents()) == 2


def test_documents_are_moved_by_where_they_lay(tmp_path: Path) -> None:
    _write(tmp_path / "a", None, "甲", "乙")
    with new_inventory(tmp_path / "b", tmp_path / "a") as writer:
        writer.move({Place("s1", 0): Place("s2", 7)})
        sha256 = writer.finish()
    found = {each.id: each.place for each in Inventory(tmp_path / "b", sha256).documents()}
    assert found == {"甲.txt": Place("s2", 7), "乙.txt": Place("s1", 1)}


@pytest.mark.parametrize("damage", [lambda p: p.unlink(), lambda p: p.write_bytes(b"x")])
def test_a_library_that_is_not_what_was_written_is_refused(tmp_path: Path, damage: object) -> None:
    sha256 = _write(tmp_path / "a", None, "甲")
    damage(tmp_path / "a")  # type: ignore[operator]
    with pytest.raises(IndexUnusable, match="索引已损坏"):
        Inventory(tmp_path / "a", sha256)


def test_a_library_that_is_removed_while_it_is_opened_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = _write(tmp_path / "a", None, "甲")

    def read_and_remove(path: Path) -> str:
        path.unlink()
        return sha256

    monkeypatch.setattr("indexer.inventory._sha256", read_and_remove)
    with pytest.raises(IndexUnusable, match="打不开文件 a"):
        Inventory(tmp_path / "a", sha256)
