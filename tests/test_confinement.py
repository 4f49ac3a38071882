"""Reading in children: what one file does to its reader harms no other file and not the program."""

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.errors import ReadError
from indexer.readers import read_source
from indexer.readers.confinement import Children
from indexer.readers.frames import pack, take_frame, unpack_source, write_frame
from indexer.readers.source import Source, ignore_steps
from indexer.records import Caution, Exclusion, Page, Row, Span, Table
from indexer.settings import Settings
from tests.make import OWN, PROJECT

pytestmark = pytest.mark.slow

MEMORY = 300 << 20
BAD = Settings(read_memory_bytes=MEMORY)


@pytest.fixture
def bad() -> Iterator[Children]:
    """Children that do what the content of a file tells them."""
    with Children(BAD, "tests.misbehaving") as children:
        yield children


@pytest.fixture
def hasty() -> Iterator[Children]:
    """The same, but not waited for."""
    with Children(replace(BAD, read_seconds=2), "tests.misbehaving") as children:
        yield children


def told(children: Children, command: str, name: str = "a.txt") -> str:
    return children.read(name, command.encode()).text


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def until(fact: Callable[[], bool]) -> bool:
    """Wait for what the kernel does in its own time; False after ten seconds."""
    end = time.monotonic() + 10
    while not fact() and time.monotonic() < end:
        time.sleep(0.02)
    return fact()


def test_a_child_reads_what_the_program_itself_reads() -> None:
    files = sorted(path for path in OWN.rglob("*") if path.is_file())
    with Children(Settings()) as children:
        begun = [children.start(path.name, path.read_bytes, ignore_steps) for path in files]
        found = [future.result() for future in begun]
    assert found == [read_source(path.name, path.read_bytes()) for path in files]


def test_a_source_arrives_whole() -> None:
    row = Row(Span(0, 5), (Span(0, 2), Span(3, 5)))
    source = Source(
        text="字\ud800\n\x00😀",
        headings=((Span(0, 1), 2),),
        exclusions=(Exclusion("页码", Span(1, 2)),),
        pages=(Page(1, Span(0, 2), 0.93), Page(2, Span(2, 5))),
        tables=(Table((row, row), 1), Table((), 0)),
        cautions=(Caution("事实", "办法"),),
    )
    assert unpack_source(json.loads(pack(source))) == source


def test_a_message_is_taken_when_it_is_complete(tmp_path: Path) -> None:
    with (tmp_path / "sent").open("wb") as file:
        write_frame(file, b"one")
        write_frame(file, b"")
    received, taken = bytearray(), []
    for byte in (tmp_path / "sent").read_bytes():
        received.append(byte)
        taken.append(take_frame(received))
    assert [frame for frame in taken if frame is not None] == [b"one", b""]
    assert not received


@pytest.mark.parametrize(
    ("command", "fact"),
    [
        ("eat", "读取所需的内存超过 300 MB 的上限。"),
        ("segfault", "读取程序崩溃（SIGSEGV）。"),
        ("abort", "读取程序崩溃（SIGABRT）。"),
        ("leave", "读取程序意外退出（代码 7）。"),
        ("stumble", "读取时出错（KeyError: 'styles'）。"),
        ("fill the disk", "读取时出错（OSError: [Errno 27] File too large）。"),
        ("refuse", "读不了。"),
    ],
)
def test_what_goes_wrong_is_said_and_the_next_file_is_read(
    bad: Children, command: str, fact: str
) -> None:
    with pytest.raises(ReadError) as error:
        told(bad, command)
    assert error.value.fact == fact
    assert error.value.cure
    assert told(bad, "go on").startswith("go on: a.txt")


@pytest.mark.parametrize("command", ["hang", "hang in a library"])
def test_what_hangs_is_given_up_and_the_next_file_is_read(hasty: Children, command: str) -> None:
    with pytest.raises(ReadError, match="读取超过 2 秒没有进展，已中止。"):
        told(hasty, command)
    assert told(hasty, "go on").startswith("go on: a.txt")


def test_endless_recursion_is_an_error_of_its_file(bad: Children) -> None:
    with pytest.raises(ReadError, match="读取时出错（RecursionError"):
        told(bad, "recurse")


@pytest.mark.parametrize("command", ["eat when used", "leave when used"])
def test_what_was_read_before_does_not_decide_what_becomes_of_a_file(
    bad: Children, command: str
) -> None:
    first = told(bad, "go on").rsplit(", ")[-1]
    assert told(bad, command).rsplit(", ")[-1] != first


def test_a_file_that_takes_long_is_read_as_long_as_its_pages_come(hasty: Children) -> None:
    seen: list[tuple[int, int]] = []
    hasty.read("a.txt", b"take pages", lambda done, total: seen.append((done, total)))
    assert seen == [(page, 6) for page in range(1, 7)]


def test_what_a_library_prints_does_not_disturb(bad: Children) -> None:
    assert told(bad, "chatter") == "''"


def test_a_child_knows_none_of_the_secrets(bad: Children, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUYUAN_MODEL", "hashing")
    monkeypatch.setenv("SERVICE_KEY", "secret")
    known = told(bad, "know")
    assert "PATH" in known
    assert "SUYUAN" not in known
    assert "SERVICE_KEY" not in known


def test_a_child_runs_wherever_the_program_was_started(
    bad: Children, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert told(bad, "go on").startswith("go on")


def test_a_program_that_a_reader_started_ends_with_it(hasty: Children, tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="没有进展"):
        told(hasty, "run a program and hang", str(tmp_path / "pids"))
    program, child = map(int, (tmp_path / "pids").read_text(encoding="ascii").split())
    assert until(lambda: not is_alive(program) and not is_alive(child))


def test_files_that_a_reader_leaves_are_removed_with_its_child() -> None:
    with Children(BAD, "tests.misbehaving") as children:
        left = Path(told(children, "leave a file"))
        assert left.exists()
        assert left.parent != Path(tempfile.gettempdir())
    assert not left.parent.exists()


def test_busy_children_end_when_the_program_has_enough(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    with Children(Settings(), "tests.misbehaving") as children:
        future = children.start(str(pids), lambda: b"run a program and hang", ignore_steps)
        assert until(lambda: pids.exists() and " " in pids.read_text(encoding="ascii"))
    assert isinstance(future.exception(), ReadError)
    program, child = map(int, pids.read_text(encoding="ascii").split())
    assert until(lambda: not is_alive(program) and not is_alive(child))


PROGRAM = """
import signal, sys, tempfile, time
from indexer.readers.confinement import Children
from indexer.readers.source import ignore_steps
from indexer.settings import Settings
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
if len(sys.argv) > 2:
    tempfile.tempdir = sys.argv[2]
children = Children(Settings(), "tests.misbehaving")
def tell(name, content):
    return children.start(name, lambda: content, ignore_steps).result().text
"""


def run_program(script: str, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM + script, *arguments],
        cwd=PROJECT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_children_and_their_programs_end_when_the_program_is_killed(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    with run_program("tell(sys.argv[1], b'run a program and hang')", str(pids)) as program:
        assert until(lambda: pids.exists() and " " in pids.read_text(encoding="ascii"))
        program.send_signal(signal.SIGKILL)
    both = [int(pid) for pid in pids.read_text(encoding="ascii").split()]
    assert until(lambda: not any(map(is_alive, both)))


def test_what_a_killed_program_left_is_removed_by_the_next(tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    arguments = (str(pids), str(tmp_path))
    with run_program("tell(sys.argv[1], b'run a program and hang')", *arguments) as killed:
        assert until(lambda: pids.exists() and " " in pids.read_text(encoding="ascii"))
        with run_program(
            "tell('a', b'go on'); children.__exit__(None, None, None)", *arguments
        ) as other:
            other.wait(60)
        assert len(list(tmp_path.glob("suyuan-reading-*"))) == 1
        killed.send_signal(signal.SIGKILL)
    assert until(lambda: not is_alive(int(pids.read_text(encoding="ascii").split()[1])))
    with run_program("children.__exit__(None, None, None)", *arguments) as other:
        other.wait(60)
    assert list(tmp_path.glob("suyuan-reading-*")) == []


def test_a_child_that_dies_between_two_files_is_replaced() -> None:
    """Also where a program lets a broken pipe end it, as the commands do."""
    script = "tell('a', b'die later'); time.sleep(1); print(tell('b', b'x' * 10**7)[-20:-3])"
    with run_program(script + "; children.__exit__(None, None, None)") as program:
        said, _ = program.communicate(timeout=60)
    assert (program.returncode, "b, " in said) == (0, True)
