"""Where and when a measurement was made, and the file that keeps it.

    python -m benchmarks.runs

prints the former, for the head of what is measured next.
"""

import json
import platform
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from indexer.settings import PROJECT

RESULTS = PROJECT / "benchmarks" / "results"


@dataclass(frozen=True, slots=True)
class Run:
    """The date, commit and machine of a measurement."""

    date: str
    commit: str
    machine: str

    def __str__(self) -> str:
        return f"{self.date}, commit {self.commit}, {self.machine}"

    def save(self, name: str, figures: object) -> Path:
        """Write figures with this run's particulars to results/ and return the file."""
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / f"{self.date}-{self.commit}-{name}.json"
        row = {"date": self.date, "commit": self.commit, "machine": self.machine, name: figures}
        text = json.dumps(row, ensure_ascii=False, indent=1, sort_keys=True)
        path.write_text(text + "\n", encoding="utf-8")
        return path


def this_run() -> Run:
    """Return the particulars of a measurement made now."""
    return Run(datetime.now(UTC).date().isoformat(), _commit(), _machine())


def _commit() -> str:
    found = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip() or "unversioned"


def _machine() -> str:
    cores = len(_processors()) or 1
    model = next(iter(_processors()), platform.processor() or platform.machine())
    return f"{cores} x {model}, Python {platform.python_version()}, {platform.system()}"


def _processors() -> list[str]:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    return [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]


if __name__ == "__main__":
    print(this_run())
