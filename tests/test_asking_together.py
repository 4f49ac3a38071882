"""Many ask one engine, and the index is replaced meanwhile: same answers, no mixed states."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from indexer.build import build
from indexer.settings import PROJECT, Settings
from retrieval.engine import Engine
from retrieval.results import Answer, Hit
from tests.pages import NOTICES, write_notices
from tests.rebuilder import CHANGING, COMING, change, changing, coming, rebuilding
from ui import opening
from ui.opening import OpenIndex

pytestmark = pytest.mark.slow

QUESTIONS = (
    "大班额的比例控制在多少以内",
    "增加学位多少个",
    "河道清淤由谁负责",
    "校车每日检查几次",
    "夜班车每晚发车几班",
    "石门区清淤多少公里",
    "月球基地由谁审批",
)
REBUILDS = 50


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(tmp_path / "corpus", tmp_path / "index", "hashing", tmp_path)
    write_notices(settings.corpus, NOTICES)
    change(settings.corpus, 1000)
    build(settings, lambda _: None)
    return settings


def ask(engine: Engine, question: str) -> tuple[Answer, tuple[Hit, ...]]:
    return replace(engine.ask(question), milliseconds=0.0), engine.search(question)


def test_twenty_who_ask_one_engine_are_answered_as_one_alone(settings: Settings) -> None:
    engine = Engine.open(settings)
    alone = [ask(engine, question) for question in QUESTIONS]
    with ThreadPoolExecutor(20) as people:
        together = list(people.map(lambda question: ask(engine, question), QUESTIONS * 20))
    assert together == alone * 20


def check(engine: Engine, answer: Answer, least: int) -> None:
    """Every quote stands in its document of this generation, and nothing is older than it."""
    numbers = set()
    for citation in answer.citations:
        text = engine.document(citation.source.document).text
        assert text[citation.span.start : citation.span.end] == citation.quote
    known = {source.document for source in engine.sources()}
    for name, made in ((CHANGING, changing), (COMING, coming)):
        if name in known:
            text = engine.document(name).text
            number = int("".join(filter(str.isdigit, text)))
            assert text == made(number)
            numbers.add(number)
    assert len(numbers) == 1, "notices of two generations"
    assert numbers.pop() >= least


@pytest.mark.slow
def test_who_asks_while_the_index_is_replaced_sees_one_generation_at_a_time(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_PATIENCE", 60.0)  # whoever finds it out of date waits
    index, over = OpenIndex(settings), Event()

    def ask_on(number: int) -> int:
        count = 0
        while not over.is_set() or not count:
            engine = index.engine()
            check(engine, engine.ask(QUESTIONS[(count + number) % len(QUESTIONS)]), 1000)
            count += 1
            over.wait(0.2)  # leaves the processors to the builds
        return count

    with (
        ThreadPoolExecutor(4) as people,
        rebuilding(settings) as rebuilder,
        batch(settings, tmp_path) as rows,
    ):
        readers = [people.submit(ask_on, number) for number in range(4)]
        try:
            for number in range(1001, 1001 + REBUILDS):
                generation = rebuilder.rebuild(number)
                while (engine := index.engine()).generation != generation:
                    over.wait(0.01)  # another page has found it out of date and waits for it
                check(engine, engine.ask("夜班车每晚发车几班"), number)
                shown = {hit.source.document for hit in engine.search("夜班车每晚发车几班")}
                assert (COMING in shown) == (number % 2 == 0), "a removed notice is shown"
        finally:
            over.set()
        assert min(reader.result() for reader in readers) > 0
        numbers = {found for row in rows() for found in re.findall("1[0-9]{3}", row["text"])}
    assert len(numbers) == 1, "one batch has answered from two generations"


@contextmanager
def batch(settings: Settings, folder: Path) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Ask on the command line all the while; give what returns its rows."""
    asked = [
        json.dumps({"id": str(number), "question": question}, ensure_ascii=False)
        for number, question in enumerate(QUESTIONS[3:4] * 100)
    ]
    (folder / "asked.jsonl").write_text("\n".join(asked), encoding="utf-8")
    command = [sys.executable, "-m", "retrieval", "ask", "--index", settings.index]
    with subprocess.Popen(
        [*command, "--batch", folder / "asked.jsonl"],
        cwd=PROJECT,
        env=os.environ | {"SUYUAN_MODEL": "hashing"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:

        def rows() -> list[dict[str, Any]]:
            said, _ = process.communicate(timeout=60)
            assert process.returncode == 0
            found = [json.loads(line) for line in said.splitlines()]
            assert [row["refused"] for row in found] == [False] * len(asked)
            return found

        yield rows
