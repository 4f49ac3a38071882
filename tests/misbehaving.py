"""A child that does what the content of the file tells it; run as `python -m tests.misbehaving`."""

import ctypes
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from indexer.errors import ReadError
from indexer.readers.child import serve
from indexer.readers.source import Source, Step

_before: list[str] = []  # what this process was asked for already


def misbehave(name: str, content: bytes, step: Step) -> Source:
    """Do what a broken reader might do."""
    command, is_first = content.decode(), not _before
    _before.append(command)
    if command == "hang":
        while True:
            time.sleep(1)
    elif command == "hang in a library":  # which keeps the interpreter's lock
        re.match("(a+)+$", "a" * 60 + "b")
    elif command == "take pages":
        for page in range(1, 7):
            step(page, 6)
            time.sleep(0.5)
    elif command == "eat" or (command == "eat when used" and not is_first):
        taken = [b"x" * (1 << 20) for _ in range(4000)]
        return Source(str(len(taken)))
    elif command == "segfault":
        ctypes.string_at(0)
    elif command == "abort":
        os.abort()
    elif command == "leave" or (command == "leave when used" and not is_first):
        os._exit(7)
    elif command == "die later":
        threading.Timer(0.1, os._exit, [7]).start()
    elif command == "recurse":
        misbehave(name, content, step)
    elif command == "refuse":
        raise ReadError("读不了。", "请放弃。")
    elif command == "stumble":
        raise KeyError("styles")
    elif command == "chatter":
        print("on standard output")
        os.write(1, b"\0" * 100)
        sys.stdout.flush()
        return Source(repr(sys.stdin.read()))
    elif command == "know":
        return Source(repr(sorted(os.environ)))
    elif command == "run a program and hang":
        program = subprocess.Popen(["sleep", "600"])
        Path(name).write_text(f"{program.pid} {os.getpid()}", encoding="ascii")
        program.wait()
    elif command == "leave a file":
        return Source(tempfile.mkstemp()[1])
    elif command == "fill the disk":
        with tempfile.TemporaryFile() as file:
            file.truncate(1 << 31)
    return Source(f"{command}: {name}, {os.getpid()}")


if __name__ == "__main__":
    serve(misbehave)
