"""Read files in child processes: one that hangs, eats memory or crashes harms only its own file.

A few children live as long as a build. Each reads one file at a time; one that is silent for too
long is killed together with every program it started, and the next file gets a new one.
"""

import contextlib
import fcntl
import json
import logging
import os
import queue
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, TypeVar, overload

from indexer.errors import BuildError, ReadError
from indexer.readers.frames import OUT_OF_MEMORY, take_frame, unpack_source, write_frame
from indexer.readers.source import Source, Step, ignore_steps
from indexer.settings import PROJECT, Settings, variables_for_children

_MOST = 4  # children; each may take the whole limit of memory
_STARTING = 60  # seconds; 0.2 are usual
_CHUNK = 1 << 20  # bytes taken from a child at once
_LOG_TAIL = 4000  # bytes of what a child wrote before it died that go to the log
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # the children are parallel
_DAMAGED = "文件可能已损坏，请用原来的程序打开检查，另存一份后重建索引。"
_FOLDER, _LOG = "suyuan-reading-", "log"
_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")


class Children(Generic[_Result]):
    """The child processes of one build; leaving the context ends them all at once."""

    @overload
    def __init__(self: "Children[Source]", settings: Settings, module: str = ...) -> None: ...

    @overload
    def __init__(
        self, settings: Settings, module: str, unpack: Callable[[object], _Result]
    ) -> None: ...

    def __init__(
        self,
        settings: Settings,
        module: str = "indexer.readers.child",
        unpack: Callable[[object], Any] = unpack_source,
    ) -> None:
        """`module` is what a child runs; it calls `indexer.readers.child.serve`, and `unpack` makes
        the record that it sends of its JSON."""
        _remove_abandoned()
        self.count = min(_MOST, os.cpu_count() or 1)
        self._children = [_Child(settings, module, unpack) for _ in range(self.count)]
        # The one used last is used next: a folder of two files starts one child or two, not four.
        self._idle: queue.LifoQueue[_Child[_Result]] = queue.LifoQueue()
        for child in self._children:
            self._idle.put(child)
        # A write to a child that has died is to raise, though the commands let SIGPIPE end them.
        self._threads = ThreadPoolExecutor(
            self.count, "reading", signal.pthread_sigmask, (signal.SIG_BLOCK, {signal.SIGPIPE})
        )

    def start(self, name: str, load: Callable[[], bytes], step: Step) -> Future[_Result]:
        """Begin to read what `load` gives; `load` and `step` are called from another thread."""
        return self._threads.submit(lambda: self.read(name, load(), step))

    def read(self, name: str, content: bytes, step: Step = ignore_steps) -> _Result:
        """Read a file in a child, waiting for one that is free.

        Raises:
            ReadError: the content cannot be read, or not within the limits.
        """
        child = self._idle.get()
        try:
            return child.read(name, content, step)
        finally:
            self._idle.put(child)

    def __enter__(self) -> "Children[_Result]":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        for child in self._children:
            child.stop()
        self._threads.shutdown()
        for child in self._children:
            child.end()


class _Died(ReadError):
    """The child is gone, and with it the reading; a fresh child may do better."""


class _Child(Generic[_Result]):
    """A process that reads, started when it is first needed and again after it has ended."""

    def __init__(
        self, settings: Settings, module: str, unpack: Callable[[object], _Result]
    ) -> None:
        self._settings = settings
        self._module = module
        self._unpack = unpack
        self._process: _Process | None = None
        self._changing = threading.Lock()
        self._is_stopped = False

    def read(self, name: str, content: bytes, step: Step) -> _Result:
        """Read a file; what the process has read before does not decide what becomes of it."""
        if self._process is not None:
            with contextlib.suppress(_Died):
                return self._ask(name, content, step)
        return self._ask(name, content, step)

    def stop(self) -> None:
        """Kill the process, busy or not; there will be no other."""
        with self._changing:
            self._is_stopped = True
            if self._process is not None:
                self._process.kill()  # a thread that waits for a reply sees it end

    def end(self) -> int:
        """End the process and return its exit status."""
        with self._changing:
            process, self._process = self._process, None
            return process.end() if process else 0

    def _ask(self, name: str, content: bytes, step: Step) -> _Result:
        process = self._start()
        try:
            process.send(name, content)
            while (reply := process.receive(self._settings.read_seconds))[0] == "step":
                step(*reply[1:])
        except (EOFError, BrokenPipeError):
            raise self._died(self.end()) from None
        except TimeoutError:
            self.end()
            raise ReadError(
                f"读取超过 {self._settings.read_seconds} 秒没有进展，已中止。",
                "请拆成几个文件，或用 SUYUAN_READ_SECONDS 调大时限后重建索引。",
            ) from None
        return self._accept(*reply)

    def _accept(self, kind: str, *values: Any) -> _Result:  # noqa: ANN401
        """Return what a child made of a file, or raise what it says went wrong."""
        if kind == "done":
            return self._unpack(*values)
        if kind == "refused":
            raise ReadError(*values)
        self.end()
        raise _Died(f"读取时出错（{values[0]}）。", _DAMAGED)

    def _died(self, status: int) -> _Died:
        """Return the error that the exit status of a child stands for."""
        if status == OUT_OF_MEMORY:
            return _Died(
                f"读取所需的内存超过 {self._settings.read_memory_bytes >> 20} MB 的上限。",
                "请拆成几个文件，或用 SUYUAN_READ_MEMORY_MB 调大上限后重建索引。",
            )
        if status == -signal.SIGKILL:
            return _Died("读取程序被系统终止，多半因为内存不足。", "请关闭其他程序后重建索引。")
        if status < 0:
            return _Died(f"读取程序崩溃（{signal.Signals(-status).name}）。", _DAMAGED)
        return _Died(f"读取程序意外退出（代码 {status}）。", _DAMAGED)

    def _start(self) -> "_Process":
        """Return the process, a new one where there is none."""
        with self._changing:
            if self._is_stopped:
                raise _Died("读取已停止。", "请再运行 python -m indexer build。")
            if self._process is None:
                self._process = self._new()
            return self._process

    def _new(self) -> "_Process":
        try:
            return _Process(self._module, self._settings.read_memory_bytes)
        except OSError as error:
            raise BuildError(
                f"读取程序启动不了（{error.strerror}）。",
                "请检查可用内存和临时文件夹的空间后再更新索引；原有索引可以照常使用。",
            ) from error


class _Process:
    """A running child, what ties it to this program, and its own folder for temporary files."""

    def __init__(self, module: str, memory: int) -> None:
        self._kept = contextlib.ExitStack()
        folder = self._kept.enter_context(
            tempfile.TemporaryDirectory(prefix=_FOLDER, ignore_cleanup_errors=True)
        )
        self._log = self._kept.enter_context(Path(folder, _LOG).open("w+b"))  # noqa: SIM115
        fcntl.flock(self._log, fcntl.LOCK_EX)  # until this program and the child have ended
        lifeline, ours = os.pipe()
        self._kept.callback(os.close, ours)
        try:
            self._child = subprocess.Popen(
                [sys.executable, "-m", module, str(memory), str(lifeline)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                cwd=PROJECT,  # where the module is found, wherever this program was started
                env={**variables_for_children(), **_ONE_THREAD, "TMPDIR": folder},
                pass_fds=(lifeline,),
                start_new_session=True,
            )
        finally:
            os.close(lifeline)
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self._requests, self._replies = self._child.stdin, self._child.stdout
        self._received = bytearray()
        self._is_ready = False

    def send(self, name: str, content: bytes) -> None:
        """Ask for a file to be read, once the child is there; a slow disk is no file's fault.

        Raises:
            EOFError, BrokenPipeError: the child has ended.
            TimeoutError: it did not even start.
        """
        if not self._is_ready:
            self.receive(_STARTING)
            self._is_ready = True
        write_frame(self._requests, name.encode())
        write_frame(self._requests, content)

    def receive(self, seconds: int) -> list[Any]:
        """Wait for the next reply.

        Raises:
            EOFError: the child has ended.
            TimeoutError: nothing came for so many seconds.
        """
        coming = select.poll()
        coming.register(self._replies, select.POLLIN)
        while (frame := take_frame(self._received)) is None:
            if not coming.poll(seconds * 1000):
                raise TimeoutError
            chunk = os.read(self._replies.fileno(), _CHUNK)
            if not chunk:
                raise EOFError
            self._received += chunk
        reply: list[Any] = json.loads(frame)
        return reply

    def kill(self) -> None:
        """Kill the child and every program that it started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: it is a zombie
            os.killpg(self._child.pid, signal.SIGKILL)

    def end(self) -> int:
        """Kill the child, tidy up and return its exit status; its last words go to the log."""
        self.kill()
        status = self._child.wait()
        with contextlib.suppress(BrokenPipeError):  # what was not sent need not be
            self._requests.close()
        self._replies.close()
        _log.info("reader ended with %d: %s", status, self._last_words())
        self._kept.close()
        return status

    def _last_words(self) -> str:
        self._log.seek(max(0, self._log.seek(0, os.SEEK_END) - _LOG_TAIL))
        return self._log.read().decode("utf-8", "replace")


def _remove_abandoned() -> None:
    """Remove the folders of programs that were killed: nobody holds their logs any more."""
    for log in Path(tempfile.gettempdir()).glob(f"{_FOLDER}*/{_LOG}"):
        with contextlib.suppress(OSError), log.open("rb") as file:  # in use, or another user's
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(log.parent, ignore_errors=True)
