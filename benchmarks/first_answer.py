"""How long it takes from Enter until the first words of an answer can be seen in the browser.

    python -m benchmarks.first_answer [--sets notices own] [--rounds 2]

One person asks the questions of a set one after another, in a tab of Chromium. Beside that stands
until all of the page is there, and what the engine alone takes for the same questions: what lies
between is Streamlit, the connection and the browser.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks.kept import prepare
from benchmarks.metrics import Figures
from benchmarks.quality import add_keep
from benchmarks.runs import this_run
from benchmarks.serving import serve
from benchmarks.sets import choose_sources
from benchmarks.tables import format_table
from benchmarks.tabs import opened_chromium
from benchmarks.timing import percentile, seconds
from indexer.errors import SuyuanError
from indexer.settings import Settings, read_settings
from retrieval.engine import Engine

_WARM = 3  # questions asked before, not counted


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure each set that is at hand, print a table and keep the figures."""
    settings = read_settings()
    parser = argparse.ArgumentParser(description="从回车到看见答案的时间")
    parser.add_argument("--sets", nargs="+", default=["notices", "own"], metavar="SET")
    parser.add_argument("--rounds", type=int, default=2, help="每个问题问几遍")
    add_keep(parser, settings)
    given = parser.parse_args(arguments)
    rows: dict[str, Figures] = {}
    try:
        for source in choose_sources(given.sets):
            if source.is_there:
                asked, at = prepare(source, given.keep, settings)
                questions = [question.text for question in asked.questions]
                rows[source.name] = measure(at, questions * given.rounds)
    except SuyuanError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print("从回车起，毫秒")
    print(format_table(rows))
    print(this_run().save("first-answer", rows))
    return 0


def measure(settings: Settings, questions: Sequence[str]) -> Figures:
    """Return p50 and p95 of the first words, of the whole page and of the engine alone."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(settings, Path(folder) / "log") as server,
    ):
        first, whole = asyncio.run(_ask(server.address, questions))
    engine = Engine.open(settings)
    engine.ask(questions[0])
    alone = [seconds(partial(engine.ask, question)) * 1000 for question in questions]
    return {
        f"{name} p{share:.0f} ms": percentile(taken, share / 100)
        for name, taken in (("first", first), ("page", whole), ("engine", alone))
        for share in (50, 95)
    }


async def _ask(address: str, questions: Sequence[str]) -> tuple[list[float], list[float]]:
    """Return how long each question took until its first words, and until all, were there."""
    first, whole = [], []
    async with opened_chromium(address) as opening, opening() as tab:
        await tab.open()
        for number, question in enumerate([*questions[-_WARM:], *questions]):
            started = time.perf_counter()
            (await tab.ask(question)).check()
            if number >= _WARM:
                first.append(tab.first)
                whole.append((time.perf_counter() - started) * 1000)
    return first, whole


if __name__ == "__main__":
    sys.exit(main())
