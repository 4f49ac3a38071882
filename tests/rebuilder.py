"""A second process that rebuilds an index again and again, as a person's command would.

python -m tests.rebuilder CORPUS INDEX < numbers      for each line: change a notice and build
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.build import build
from indexer.readers.confinement import Children
from indexer.settings import PROJECT, Settings
from tests.invented import read_here

CHANGING, COMING = "校车.txt", "夜班.txt"


def changing(number: int) -> str:
    return f"云岭市教育局关于校车的通知\n\n校车每日检查{number}次，费用由财政安排。\n"


def coming(number: int) -> str:
    return f"云岭市教育局关于夜班车的通知\n\n夜班车每晚发车{number}班，由运管部门安排。\n"


def change(corpus: Path, number: int) -> None:
    """Put notices of this number in place; every second time one of them is removed."""
    (corpus / CHANGING).write_text(changing(number), encoding="utf-8")
    if number % 2:
        (corpus / COMING).unlink(missing_ok=True)
    else:
        (corpus / COMING).write_text(coming(number), encoding="utf-8")


class Rebuilder:
    """The second process, one build at a time."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def rebuild(self, number: int) -> str:
        """Rebuild with the notices of this number and return the generation."""
        self._process.stdin.write(f"{number}\n")
        self._process.stdin.flush()
        generation = self._process.stdout.readline().strip()
        assert generation, "the second process failed"
        return generation


@contextmanager
def rebuilding(settings: Settings) -> Iterator[Rebuilder]:
    """Start the second process and give it."""
    command = [sys.executable, "-m", "tests.rebuilder", settings.corpus, settings.index]
    with subprocess.Popen(
        command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Rebuilder(process)
        finally:
            process.stdin.close()
            process.wait(60)


if __name__ == "__main__":
    Children.start = read_here  # what children do is the matter of test_confinement
    at = Settings(Path(sys.argv[1]), Path(sys.argv[2]), "hashing")
    for line in sys.stdin:
        change(at.corpus, int(line))
        print(build(at, lambda _: None).generation, flush=True)
