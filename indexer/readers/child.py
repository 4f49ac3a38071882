"""What runs inside a child process: read one file after another, within limits.

Started by `indexer.readers.confinement` as a module of its own, with the limit of memory in bytes
and the number of a pipe that closes when the program that started it has gone. A request is a
file's name and its content; the replies are `[kind, ...]` in JSON: "ready" once, then for each file
any number of "step" and one of "done" (with the record that was made of the file), "refused" (a
`ReadError`) and "failed".
"""

import contextlib
import faulthandler
import fcntl
import os
import resource
import select
import signal
import sys
import traceback
from collections.abc import Callable
from typing import IO

from indexer.errors import ReadError
from indexer.readers import read_source
from indexer.readers.frames import OUT_OF_MEMORY, pack, read_frame, write_frame
from indexer.readers.source import Step

_LARGEST_FILE = 1 << 30  # bytes of a temporary file


def serve(read: Callable[[str, bytes, Step], object]) -> None:
    """Read what is asked for until nothing more is."""
    memory, lifeline = map(int, sys.argv[1:])
    _die_with(lifeline)
    _limit(memory)
    faulthandler.enable()
    requests, replies = _take_channels()
    write_frame(replies, pack(["ready"]))
    try:
        while (name := read_frame(requests)) is not None:
            content = read_frame(requests) or b""
            write_frame(replies, _answer(read, name.decode(), content, replies))
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _answer(
    read: Callable[[str, bytes, Step], object], name: str, content: bytes, replies: IO[bytes]
) -> bytes:
    def step(done: int, total: int) -> None:
        write_frame(replies, pack(["step", done, total]))

    try:
        return pack(["done", read(name, content, step)])
    except ReadError as error:
        return pack(["refused", error.fact, error.cure])
    except MemoryError:
        raise
    except Exception as error:  # whatever a parser makes of a broken file must end here
        traceback.print_exc()
        return pack(["failed", f"{type(error).__name__}: {error}"])


def _take_channels() -> tuple[IO[bytes], IO[bytes]]:
    """Keep standard input and output for the messages; what libraries print goes to the log."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    return requests, replies


def _limit(memory: int) -> None:
    """Bound what this process and the programs it runs may take, each for itself.

    RLIMIT_DATA counts private writable memory on Linux (from 4.7 on). RLIMIT_AS would count what
    is only reserved too: a page through OCR reserves 1.5 GB and uses 0.9. macOS enforces neither;
    there the limit of time must do.
    """
    with contextlib.suppress(ValueError):  # a lower limit is in force already
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    with contextlib.suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE, _LARGEST_FILE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _die_with(lifeline: int) -> None:
    """Have the kernel kill this whole group of processes once the other end of the pipe closes.

    Nothing is ever written to the pipe, so its only event is that end. A thread that waits for it
    would not do: a library that hangs may hold the interpreter's lock. Elsewhere than on Linux a
    child ends when it next wants to read a request or to send a reply.
    """
    if sys.platform == "linux":
        fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpgrp())
        fcntl.fcntl(lifeline, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(lifeline, fcntl.F_SETFL, os.O_ASYNC | os.O_NONBLOCK)
    if select.select([lifeline], [], [], 0)[0]:  # it closed before this was set
        sys.exit()


if __name__ == "__main__":
    serve(read_source)
