"""The application itself, started for a measurement, and what its process takes."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from indexer.errors import SuyuanError
from indexer.settings import PROJECT, Settings

_PATIENCE = 60.0  # seconds until it answers
_TICKS = os.sysconf("SC_CLK_TCK")  # of processor time a second


class NotServing(SuyuanError):
    """The application did not start."""

    exit_code = 5


@dataclass(frozen=True, slots=True)
class Server:
    """A running application: its address with a final "/", and its process."""

    address: str
    process: int

    def memory(self) -> float:
        """Return the memory that the process holds now, in millions of bytes (Linux)."""
        status = Path(f"/proc/{self.process}/status").read_text(encoding="ascii")
        (line,) = (line for line in status.splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024 / 1e6

    def processor_seconds(self) -> float:
        """Return the processor time that the process has taken, in seconds (Linux)."""
        after_name = Path(f"/proc/{self.process}/stat").read_text(encoding="utf-8").split(")")[-1]
        user, system = after_name.split()[11:13]
        return (int(user) + int(system)) / _TICKS


@contextmanager
def serve(settings: Settings, log: Path) -> Iterator[Server]:
    """Start the application over an index on a free port and give it; what it says goes to `log`.

    Raises:
        NotServing: it does not answer.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    named = {
        "CORPUS": settings.corpus,
        "INDEX": settings.index,
        "MODEL": settings.model,
        "CACHE": settings.cache,
    }
    command = [
        "env",
        *(f"SUYUAN_{name}={value}" for name, value in named.items()),
        *(sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)),
    ]
    with log.open("wb") as said:
        process = subprocess.Popen(command, cwd=PROJECT, stdout=said, stderr=said)
        try:
            address = f"http://localhost:{port}/"
            _wait(process, f"{address}_stcore/health", log)
            yield Server(address, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(address, timeout=2):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise NotServing("应用没有启动。", f"请看日志 {log}。")
