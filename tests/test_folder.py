"""What a corpus folder holds: files, members of archives, and what is neither."""

import io
import os
import socket
import stat
import struct
import subprocess
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import ReadError
from indexer.folder import FileChanged, Folder, Listing, read_bytes
from indexer.hash_cache import HashCache
from indexer.records import Problem

LIMIT = 1_000_000
DAMAGED = "压缩包打不开，可能已损坏或不完整。"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    return tmp_path / "corpus"


@pytest.fixture
def folder(root: Path) -> Iterator[Folder]:
    opened = Folder(root, LIMIT)
    yield opened
    opened.close()


def listing_of(folder: Folder) -> Listing:
    """Return what a folder holds, nothing being known of it yet."""
    return folder.listing(HashCache(Path("/nowhere"), ""))


def names(folder: Folder) -> list[str]:
    return [file.name for file in listing_of(folder).files]


def contents(folder: Folder) -> dict[str, bytes]:
    return {file.name: folder.read(file) for file in listing_of(folder).files}


def facts(folder: Folder) -> dict[str, str]:
    """What is said of each file that cannot be had, on listing or on reading."""
    listing = listing_of(folder)
    found = {problem.file: problem.fact for problem, _ in listing.problems}
    for file in listing.files:
        try:
            folder.read(file)
        except ReadError as error:
            found[file.name] = error.fact
    return found


def make_zip(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def raw_zip(name: bytes, content: bytes = b"x", flags: int = 0, method: int = 0) -> bytes:
    """Return a zip as other programs write it: the name in any bytes, not compressed."""
    crc, size = zipfile.crc32(content), len(content)
    shared = struct.pack("<HHHHHIIIHH", 20, flags, method, 0, 33, crc, size, size, len(name), 0)
    local = b"PK\3\4" + shared + name + content
    entry = b"PK\1\2" + struct.pack("<H", 20) + shared + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), len(local), 0)
    return local + entry + end


# -- files on the disk ---------------------------------------------------------------------------


def test_files_come_in_the_order_of_their_names(root: Path, folder: Folder) -> None:
    for name in (
        "b/2.txt",
        "b/1.docx",
        "a.txt",
        "b.txt",
        "通知 （定稿）😀.pdf",
        "长" * 83 + ".txt",
    ):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(name.encode())
    found = contents(folder)
    assert list(found) == sorted(found)
    assert found == {name: name.encode() for name in found}
    assert len(found) == 6


@pytest.mark.parametrize("encoding", ["gb18030", "big5"])
def test_names_in_other_encodings_are_shown_readable(
    root: Path, folder: Folder, encoding: str
) -> None:
    inner = os.fsencode(root) + b"/" + "國民教育計畫".encode(encoding)
    os.mkdir(inner)
    with open(inner + b"/" + "關於招生工作的通知.txt".encode(encoding), "wb") as file:
        file.write(b"1")
    assert contents(folder) == {"國民教育計畫/關於招生工作的通知.txt": b"1"}


def test_names_that_read_the_same_stay_apart(root: Path, folder: Folder) -> None:
    for encoding in ("utf-8", "gb18030"):
        with open(os.fsencode(root) + b"/" + "通知.txt".encode(encoding), "wb") as file:
            file.write(encoding.encode())
    assert contents(folder) == {"通知.txt": b"gb18030", "通知（2）.txt": b"utf-8"}


def test_a_name_that_nobody_can_read_shows_its_bytes(root: Path, folder: Folder) -> None:
    for name in (b"\xff\xff.txt", b"\x1b[2J.txt"):
        with open(os.fsencode(root) + b"/" + name, "wb") as file:
            file.write(b"1")
    assert names(folder) == ["\\x1b[2J.txt", "\\xff\\xff.txt"]


def test_what_systems_leave_is_passed_over_in_silence(root: Path, folder: Folder) -> None:
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", ".~lock.a.docx#", ".git/a.txt"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(b"x")
    (root / "a.zip").write_bytes(make_zip({"__MACOSX/._a.txt": b"x", "b/.a.txt": b"x"}))
    listing = listing_of(folder)
    assert (listing.files, listing.problems, listing.skipped) == ((), (), ())


@pytest.mark.parametrize("name", ["~$通知.docx", "~WRL0001.TMP", "通知.pdf.crdownload"])
def test_what_programs_leave_is_named(root: Path, folder: Folder, name: str) -> None:
    (root / name).write_bytes(b"x")
    (root / "a.zip").write_bytes(make_zip({name: b"x"}))
    assert names(folder) == []
    assert [(each.file, each.fact) for each in listing_of(folder).skipped] == [
        (f"a.zip/{name}", "这是打开或下载文件时留下的临时文件，没有收录。"),
        (name, "这是打开或下载文件时留下的临时文件，没有收录。"),
    ]


def test_a_link_out_of_the_folder_is_not_followed(
    root: Path, folder: Folder, tmp_path: Path
) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret.txt").write_bytes(b"secret")
    (root / "file.txt").symlink_to(tmp_path / "outside/secret.txt")
    (root / "folder").symlink_to(tmp_path / "outside")
    (root / "sub").mkdir()
    (root / "sub/up.txt").symlink_to("../../outside/secret.txt")
    fact = "这是指向语料文件夹之外的链接，没有收录。"
    assert names(folder) == []
    assert [(each.file, each.fact) for each in listing_of(folder).skipped] == [
        ("file.txt", fact),
        ("folder", fact),
        ("sub/up.txt", fact),
    ]


def test_a_link_inside_the_folder_is_a_file_and_never_a_folder(root: Path, folder: Folder) -> None:
    (root / "a.txt").write_bytes(b"a")
    (root / "b.txt").symlink_to("a.txt")
    (root / "round").symlink_to(".")
    (root / "loop.txt").symlink_to("loop.txt")
    (root / "gone.txt").symlink_to("nowhere.txt")
    listing = listing_of(folder)
    assert contents(folder) == {"a.txt": b"a", "b.txt": b"a"}
    assert [problem.file for problem, _ in listing.problems] == ["gone.txt", "loop.txt"]
    assert all(problem.fact.startswith("文件打不开") for problem, _ in listing.problems)
    assert [each.file for each in listing.skipped] == ["round"]


def test_a_linked_corpus_is_read(root: Path, tmp_path: Path) -> None:
    (root / "a.txt").write_bytes(b"a")
    (tmp_path / "link").symlink_to(root)
    assert contents(Folder(tmp_path / "link", LIMIT)) == {"a.txt": b"a"}


def test_pipes_and_sockets_are_never_opened(root: Path, folder: Folder) -> None:
    os.mkfifo(root / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.open(root, os.O_RDONLY)  # the path of a socket must be short
        listening.bind(f"/proc/self/fd/{here}/socket.txt")
        os.close(here)
        assert listing_of(folder).files == ()
        assert [(each.file, each.fact) for each in listing_of(folder).skipped] == [
            ("pipe.txt", "这是管道或设备，没有打开。"),
            ("socket.txt", "这是管道或设备，没有打开。"),
        ]


def test_what_takes_the_place_of_a_file_does_not_block(root: Path, folder: Folder) -> None:
    (root / "a.txt").write_bytes(b"a")
    (file,) = listing_of(folder).files
    (root / "a.txt").unlink()
    os.mkfifo(root / "a.txt")
    with pytest.raises(FileChanged):
        folder.read(file)


def test_a_folder_that_cannot_be_listed_is_a_problem(root: Path, folder: Folder) -> None:
    """Its path is longer than the system allows, which stops the administrator too."""
    (root / "a.txt").write_bytes(b"a")
    here = os.open(root, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("深" * 80, dir_fd=here)
        here, above = os.open("深" * 80, os.O_RDONLY, dir_fd=here), here
        os.close(above)
    os.close(here)
    ((problem, stamp),) = listing_of(folder).problems
    assert (names(folder), stamp) == (["a.txt"], "unread")
    assert problem.fact.startswith("文件夹打不开（")
    assert problem.cure == "请检查文件夹的读取权限后重建索引。"


def test_a_thousand_folders_deep_is_no_problem(root: Path, folder: Folder) -> None:
    deep = f"{root}{'/d' * 1000}"
    for end in range(len(str(root)) + 2, len(deep) + 1, 2):
        os.mkdir(deep[:end])
    with open(f"{deep}/a.txt", "wb") as file:
        file.write(b"a")
    try:
        assert list(contents(folder).values()) == [b"a"]
    finally:
        subprocess.run(["rm", "-r", root / "d"], check=True)  # pytest's own way is recursive


@pytest.mark.parametrize("content", [b"", b" \r\n\t"])
def test_an_empty_file_is_refused(root: Path, folder: Folder, content: bytes) -> None:
    (root / "a.txt").write_bytes(content)
    (root / "b.zip").write_bytes(make_zip({"b.txt": content}))
    assert facts(folder) == {"a.txt": "文件是空的。", "b.zip/b.txt": "文件是空的。"}


def test_a_file_over_the_limit_is_not_read(root: Path, folder: Folder) -> None:
    with (root / "a.txt").open("wb") as file:
        file.truncate(50_000_000)
    (root / "b.zip").write_bytes(make_zip({"b.txt": bytes(2_000_000)}))
    assert facts(folder) == {
        "a.txt": "文件有 50 MB，超过单个文件 1 MB 的上限。",
        "b.zip/b.txt": "文件有 2 MB，超过单个文件 1 MB 的上限。",
    }


def test_a_file_that_is_gone_says_why(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="文件打不开（No such file"):
        read_bytes(tmp_path / "no.txt", LIMIT)


def test_a_file_that_grows_while_it_is_read_is_refused() -> None:
    """The kernel gives the size of such files as 0, as it does of one just begun."""
    with pytest.raises(FileChanged):
        read_bytes(Path("/proc/version"), LIMIT)


# -- archives ------------------------------------------------------------------------------------


def test_members_are_files_of_their_own(root: Path, folder: Folder) -> None:
    inner = make_zip({"丙 .txt": b"3", "d/e.txt": b"4"})
    (root / "sub").mkdir()
    (root / "sub/包.ZIP").write_bytes(make_zip({"甲.txt": b"1", "z/乙.zip": inner, "😀.txt": b"2"}))
    (root / "sub/a.txt").write_bytes(b"0")
    found = contents(folder)
    assert found == {
        "sub/a.txt": b"0",
        "sub/包.ZIP/z/乙.zip/d/e.txt": b"4",
        "sub/包.ZIP/z/乙.zip/丙 .txt": b"3",
        "sub/包.ZIP/甲.txt": b"1",
        "sub/包.ZIP/😀.txt": b"2",
    }
    assert list(found) == sorted(found)


@pytest.mark.parametrize(
    ("name", "flags", "shown"),
    [
        ("教育/通知.txt".encode("gbk"), 0, "教育/通知.txt"),
        ("教育\\通知.txt".encode("gbk"), 0, "教育/通知.txt"),
        ("教育/通知.txt".encode(), 0, "教育/通知.txt"),
        ("教育/通知.txt".encode(), 0x800, "教育/通知.txt"),
        ("關於招生工作的通知.txt".encode("big5"), 0, "關於招生工作的通知.txt"),
        (("長" * 300).encode() + b".txt", 0x800, "長" * 300 + ".txt"),
        (b"\x1b[2J.txt", 0, "\\x1b[2J.txt"),
    ],
)
def test_names_of_members_are_shown_readable(
    root: Path, folder: Folder, name: bytes, flags: int, shown: str
) -> None:
    (root / "a.zip").write_bytes(raw_zip(name, flags=flags))
    assert contents(folder) == {f"a.zip/{shown}": b"x"}


def test_an_archive_in_an_archive_in_an_archive_is_a_problem(root: Path, folder: Folder) -> None:
    third = make_zip({"c.zip": make_zip({"a.txt": b"x"}), "b.txt": b"x"})
    (root / "a.zip").write_bytes(make_zip({"b.zip": third}))
    assert contents(folder) == {"a.zip/b.zip/b.txt": b"x"}
    assert facts(folder) == {"a.zip/b.zip/c.zip": "压缩包套了 2 层以上，没有解压。"}


def test_a_document_kept_as_a_zip_is_no_archive(root: Path, folder: Folder) -> None:
    made = make_zip({"OFD.xml": b"<OFD/>", "a.txt": b"x"})
    (root / "a.zip").write_bytes(made)
    (root / "b.zip").write_bytes(make_zip({"c.zip": made}))
    assert contents(folder) == {"a.zip": made, "b.zip/c.zip": made}


@pytest.mark.parametrize("content", [b"Rar!\x1a\x07\0", b"PK\3\4 cut off", b"%PDF-1.4", b"PK"])
def test_what_is_called_zip_and_is_none_is_left_to_the_readers(
    root: Path, folder: Folder, content: bytes
) -> None:
    (root / "a.zip").write_bytes(content)
    (root / "b.zip").write_bytes(make_zip({"c.zip": content}))
    assert contents(folder) == {"a.zip": content, "b.zip/c.zip": content}


@pytest.mark.parametrize(
    "name", ["../a.txt", "/etc/a.txt", "b/../../a.txt", "C:\\a.txt", "..\\a.txt"]
)
def test_a_path_out_of_the_archive_is_reported_and_nothing_is_written(
    root: Path, folder: Folder, tmp_path: Path, name: str
) -> None:
    (root / "a.zip").write_bytes(raw_zip(name.encode()))
    before = sorted(tmp_path.rglob("*"))
    shown = name.replace("\\", "/")
    assert facts(folder) == {f"a.zip/{shown}": "压缩包里的这个路径指向压缩包之外。"}
    assert sorted(tmp_path.rglob("*")) == before


def test_a_link_in_an_archive_is_passed_over(root: Path, folder: Folder) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(root / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert names(folder) == []
    assert listing_of(folder).skipped == (
        Problem("a.zip/link.txt", "这是压缩包里的链接，没有收录。", "请放入它指向的文件。"),
    )


def test_of_two_members_with_one_name_the_last_is_taken(root: Path, folder: Folder) -> None:
    with zipfile.ZipFile(root / "a.zip", "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("a.txt", b"1")
        archive.writestr("a.txt", b"2")
    assert contents(folder) == {"a.zip/a.txt": b"2"}


def test_members_that_cannot_be_unpacked_say_why(root: Path, folder: Folder) -> None:
    (root / "1.zip").write_bytes(raw_zip(b"a.txt", flags=1))
    (root / "2.zip").write_bytes(raw_zip(b"a.txt", method=9))
    (root / "3.zip").write_bytes(make_zip({"a.txt": b"x"}, zipfile.ZIP_LZMA))
    (root / "4.zip").write_bytes(raw_zip(b"a.txt", b"damage").replace(b"damage", b"Damage", 1))
    assert facts(folder) == {
        "1.zip/a.txt": "压缩包里的这个文件有密码，打不开。",
        "2.zip/a.txt": "压缩包里的这个文件用了不支持的压缩方式。",
        "3.zip/a.txt": "压缩包里的这个文件用了不支持的压缩方式。",
        "4.zip/a.txt": "压缩包里的这个文件已损坏，解不开。",
    }


@pytest.mark.slow
def test_a_bomb_is_refused_before_it_is_unpacked(root: Path) -> None:
    (root / "a.zip").write_bytes(make_zip({f"{n}.txt": bytes(99_000_000) for n in range(2)}))
    assert facts(Folder(root, 100_000_000)) == {
        f"a.zip/{n}.txt": "压缩包里的这个文件解压后有 99 MB，是压缩时的 1028 倍，不像文件，没有解压。"
        for n in range(2)
    }


@pytest.mark.slow
def test_an_archive_that_holds_too_much_in_all_is_refused(root: Path, folder: Folder) -> None:
    """All its members lie over one another, as in Fifield's bomb: 2 MB that would become 4 GB."""
    member = make_zip({"a": bytes(4_000_000)})
    local, entry = member[: member.index(b"PK\1\2")], member[member.index(b"PK\1\2") :][:47]
    entries = b"".join(entry[:-1] + bytes([n % 95 + 32]) for n in range(1000))
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1000, 1000, len(entries), len(local), 0)
    (root / "a.zip").write_bytes(local + entries + end)
    (root / "b.zip").write_bytes(make_zip({f"{n}.zip": b"" for n in range(10_001)}))
    assert facts(folder) == {
        "a.zip": "压缩包里有 4.0 GB，解压后的总量超过 1 GB的上限，没有解压。",
        "b.zip": "压缩包里有 10001 个文件，超过 10000 个的上限，没有解压。",
    }


@pytest.mark.slow
def test_the_limits_hold_for_all_archives_in_an_archive_together(
    root: Path, folder: Folder
) -> None:
    inner = make_zip({f"{n}.txt": b"" for n in range(4000)}, zipfile.ZIP_STORED)
    (root / "a.zip").write_bytes(make_zip({f"{n}.zip": inner for n in range(3)}))
    listing = listing_of(folder)
    assert len(listing.files) == 8000
    assert [problem.file for problem, _ in listing.problems] == ["a.zip/2.zip"]


def test_a_directory_of_a_million_entries_is_not_even_read(root: Path, folder: Folder) -> None:
    entry = raw_zip(b"a", b"").partition(b"PK\1\2")[2][:-22]
    entries = (b"PK\1\2" + entry) * 1_000_000
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entries), 0, 0)
    (root / "a.zip").write_bytes(entries + end)
    assert names(folder) == ["a.zip"]


def test_an_archive_that_is_replaced_while_it_is_read_is_noticed(
    root: Path, folder: Folder
) -> None:
    (root / "a.zip").write_bytes(make_zip({"a.txt": b"1"}))
    (file,) = listing_of(folder).files
    folder.close()
    (root / "a.zip").write_bytes(make_zip({"b.txt": b"1"}))
    with pytest.raises(FileChanged):
        folder.read(file)


SMALL = make_zip({"a.txt": b"first " * 20, "b/c.zip": make_zip({"d.txt": b"second"})})


@given(st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 255)), max_size=6))
def test_a_damaged_archive_raises_nothing_but_read_errors(
    tmp_path_factory: pytest.TempPathFactory, damage: list[tuple[int, int]]
) -> None:
    content = bytearray(SMALL)
    for at, value in damage:
        content[at] = value
    root = tmp_path_factory.mktemp("damaged")
    (root / "a.zip").write_bytes(content)
    facts(Folder(root, LIMIT))
