"""Many people asking the application at once: how long they wait, and what the server takes.

    python -m benchmarks.load                                    20 people, 2,000 questions
    python -m benchmarks.load --people 5 --questions 100         a short run
    python -m benchmarks.load --index DIR --questions-file FILE
    python -m benchmarks.load --tabs 3                           also in Chromium, for comparison

The real application is started over an index (without --index, over one of the project's corpus)
and asked over its websocket, as browsers do (`benchmarks.visitor`). First all press Enter at the
same moment, some rounds long. Then each asks, waits until all of the answer is there, reads for a
while (drawn at random, `--think` seconds in the mean) and asks on; now and then a tab is closed and
a new one opened. Every page must have cited statements or a refusal, and some of the questions are
asked again by one person alone, who must be answered the same.

Each question is worded in many ways and asked once, so that what is kept of every question ever
asked would show as memory. This program runs on the same cores as the server; what it takes of
them is among the figures.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from itertools import islice, product
from pathlib import Path
from typing import Any

from benchmarks.kept import prepare
from benchmarks.metrics import Figures
from benchmarks.quality import add_keep
from benchmarks.runs import this_run
from benchmarks.serving import Server, serve
from benchmarks.sets import choose_sources, read_questions
from benchmarks.tables import format_table
from benchmarks.tabs import opened_chromium
from benchmarks.timing import percentile
from benchmarks.visitor import Opening, Person, VisitFailed, Visitor
from indexer.errors import SuyuanError
from indexer.settings import Settings, read_settings

_SEED = 20261122
_OPENINGS = ("", "请问", "想问一下，", "请教：", "麻烦查一下，", "您好，", "我想知道", "帮忙看看")
_CLOSINGS = ("", "？", "呢", "，谢谢", "，请告知", "，急")
_WARM = 5  # questions before, not counted: the first waits for the model
_ROUNDS = 5  # in which all press Enter at the same moment
_VISIT = 10  # questions until a tab is closed
_COMPARED = 60  # questions asked again by one person alone
_EVERY = 20  # answers between two looks at the server's memory
# Of the questions: before, memory may still grow to what so many people need at once.
_SETTLED = 0.25


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, how long until its answer was there, the answer or why there was none."""

    question: str
    seconds: float
    answer: str = ""
    failure: str = ""


@dataclass(slots=True)
class Crowd:
    """People who ask one server: what became of each question, and the server's memory meanwhile,
    in millions of bytes, with the number of answers so far."""

    server: Server
    opening: Opening
    asked: list[Asked] = field(default_factory=list)
    memory: list[tuple[int, float]] = field(default_factory=list)

    async def ask_at_once(self, people: int, questions: Sequence[str]) -> None:
        """Have all press Enter at the same moment, again and again."""
        async with AsyncExitStack() as tabs:
            persons = [await tabs.enter_async_context(self.opening()) for _ in range(people)]
            for person in persons:
                await person.open()
            rest = iter(questions)
            while chosen := list(islice(rest, people)):
                await asyncio.gather(*map(self._ask, persons, chosen))

    async def ask_on(self, people: int, questions: Sequence[str], think: float = 0) -> None:
        """Have each ask, read for `think` seconds in the mean, and ask on, until all are asked."""
        rest = iter(questions)
        await asyncio.gather(*(self._come(number, rest, think) for number in range(people)))

    async def _come(self, number: int, rest: Iterator[str], think: float) -> None:
        dice = random.Random(_SEED + number)
        await asyncio.sleep(dice.uniform(0, think))  # they do not arrive at the same moment
        while questions := list(islice(rest, _VISIT)):
            async with self.opening() as person:
                await person.open()
                for question in questions:
                    await self._ask(person, question)
                    await asyncio.sleep(dice.expovariate(1 / think) if think else 0)

    async def _ask(self, person: Person, question: str) -> None:
        started = time.perf_counter()
        try:
            shown = await person.ask(question)
            took = time.perf_counter() - started
            shown.check()
            self.asked.append(Asked(question, took, shown.answer))
        except VisitFailed as error:
            took = time.perf_counter() - started
            self.asked.append(Asked(question, took, failure=str(error)))
            print(f"{question}：{error}", file=sys.stderr)
        if len(self.asked) % _EVERY == 0:
            self.memory.append((len(self.asked), self.server.memory()))

    def figures(self) -> Figures:
        """Return how many failed and how long the others took."""
        took = [each.seconds * 1000 for each in self.asked if not each.failure]
        return {
            "asked": len(self.asked),
            "errors": len(self.asked) - len(took),
            "p50 ms": statistics.median(took) if took else 0.0,
            "p95 ms": percentile(took, 0.95) if took else 0.0,
            "max ms": max(took, default=0.0),
        }

    def growth(self) -> Figures:
        """Return the server's memory when it had settled and at the end, and by how much it grew
        for a thousand questions, by a line through all between."""
        looks = [look for look in self.memory if look[0] >= len(self.asked) * _SETTLED]
        if len(looks) < 2:
            return {}
        line = statistics.linear_regression(*zip(*looks, strict=True))
        return {
            "settled MB": looks[0][1],
            "last MB": looks[-1][1],
            "MB per 1000": line.slope * 1000,
        }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a table and keep the figures."""
    settings = read_settings()
    given = _parse(settings, arguments)
    try:
        questions, at = _open(given, settings)
        with tempfile.TemporaryDirectory() as folder, serve(at, Path(folder) / "log") as server:
            rows = asyncio.run(measure(server, vary(questions), given))
    except SuyuanError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(f"{given.people} 人，看一个回答平均 {given.think:g} 秒")
    print(format_table(rows))
    print(this_run().save("load", {"people": given.people, "think": given.think, **rows}))
    return 1 if any(row["errors"] or row.get("unlike") for row in rows.values()) else 0


def _parse(settings: Settings, arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="多人同时提问")
    parser.add_argument("--people", type=int, default=20, help="几个人")
    parser.add_argument("--questions", type=int, default=2000, help="一共问多少次")
    parser.add_argument("--think", type=float, default=3.0, help="看一个回答平均几秒")
    parser.add_argument("--index", type=Path, help="已有的索引；不给则用项目自己的语料")
    parser.add_argument("--questions-file", type=Path, help="每行一个 JSON 问题的文件")
    parser.add_argument("--tabs", type=int, default=0, help="另用 Chromium 开几个标签页对照")
    add_keep(parser, settings)
    return parser.parse_args(arguments)


def _open(given: argparse.Namespace, settings: Settings) -> tuple[list[str], Settings]:
    """Return the questions to ask and the settings of the index to ask them of."""
    (source,) = choose_sources(["own"])
    if given.index:
        at = replace(settings, index=given.index.resolve())
    else:
        _, at = prepare(source, given.keep, settings)
    if given.questions_file:
        source = replace(source, questions=given.questions_file)
    return [question.text for question in read_questions(source)], at


def vary(questions: Sequence[str]) -> Iterator[str]:
    """Yield questions, each different: first as they are, then in other wordings; the same only
    when these are used up."""
    while True:
        for opening, closing in product(_OPENINGS, _CLOSINGS):
            for question in questions:
                yield f"{opening}{question.rstrip('？')}{closing}"


async def measure(
    server: Server, questions: Iterator[str], given: argparse.Namespace
) -> dict[str, Figures]:
    """Return the figures of all asking at the same moment, of each asking on, and of one alone who
    asks some of that again; with tabs, of so many by the protocol and in Chromium."""

    def visit() -> Visitor:
        return Visitor(server.address)

    await Crowd(server, visit).ask_on(1, list(islice(questions, _WARM)))
    at_once, on, alone = (Crowd(server, visit) for _ in range(3))
    rows = {}
    chosen = list(islice(questions, given.people * _ROUNDS))
    rows["同时"] = await _measure(at_once, at_once.ask_at_once(given.people, chosen))
    chosen = list(islice(questions, given.questions))
    rows["陆续"] = await _measure(on, on.ask_on(given.people, chosen, given.think))
    rows["陆续"] |= on.growth()
    among = {each.question: each.answer for each in (*at_once.asked, *on.asked)}
    again = random.Random(_SEED).sample(sorted(among), min(_COMPARED, len(among)))
    rows["一人"] = await _measure(alone, alone.ask_on(1, again))
    rows["一人"]["unlike"] = sum(each.answer != among[each.question] for each in alone.asked)
    if given.tabs:
        chosen = list(islice(questions, given.tabs * _VISIT))
        by_protocol = Crowd(server, visit)
        rows[f"{given.tabs} 人"] = await _measure(
            by_protocol, by_protocol.ask_on(given.tabs, chosen)
        )
        async with opened_chromium(server.address) as tab:
            in_tabs = Crowd(server, tab)
            name = f"{given.tabs} 个标签页"
            rows[name] = await _measure(in_tabs, in_tabs.ask_on(given.tabs, chosen))
    return rows


async def _measure(crowd: Crowd, asking: Coroutine[Any, Any, None]) -> Figures:
    """Wait until all is asked; return the figures, with the processor time that a question took of
    the server and of this program."""
    started = time.perf_counter()
    server, own = crowd.server.processor_seconds(), time.process_time()
    await asking
    took = time.perf_counter() - started
    count = len(crowd.asked)
    return crowd.figures() | {
        "a second": count / took,
        "server ms": (crowd.server.processor_seconds() - server) / count * 1000,
        "client ms": (time.process_time() - own) / count * 1000,
    }


if __name__ == "__main__":
    sys.exit(main())
