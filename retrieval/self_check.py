"""What the open index gives when it is asked about itself: sentences of its own, titles, questions
made of it. What each should find is known, so a person needs to judge nothing.

The questions are the same for the same index; how many of them are asked may depend on the time.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import chain, islice, zip_longest
from statistics import median

from indexer.errors import QuestionError
from indexer.records import Progress, ProgressHandler
from indexer.text import folded
from retrieval.engine import Engine
from retrieval.results import Answer, Filters, Hit
from retrieval.trial_questions import SURE, Trial

_SENTENCES = _TITLES = 30
_SUBJECTS = 12  # sentences that questions are made of, four or so of each
_LENGTHS = range(12, 100)  # characters of a sentence that is looked for
_SECONDS = 20.0  # after which no more is asked
_SEED = 0
_UNSUITED = frozenset('|\n“”"「」『』')

EXACT, WORDING, TITLE = "exact", "wording", "title"
ANSWERED, REFUSED, QUOTES = "answered", "refused", "quotes"
# What is tried, as it is called in Chinese, and what should come of it.
TRIED = {
    EXACT: ("逐字查找原句", "从语料里抽取句子，加引号查找，应在它所在的文件里找到。"),
    WORDING: ("用原句做语义检索", "同样的句子不加引号，排在第一的段落里应有这句话。"),
    TITLE: ("用标题做语义检索", "排在第一的应是这个标题的文件。"),
    ANSWERED: ("该回答的问题", "由语料里的句子生成，有原文可以回答，应当回答。"),
    REFUSED: ("该拒答的问题", "同样的问题改动年份或对象，语料里没有依据，应当拒答。"),
    QUOTES: ("答案里的引文", "每一处都与所引文件在该位置的文字逐字比对，应当相同。"),
}
UNTRIED = (
    "没有测的：答案是否齐全、是否切题，文件读取和识别是否准确。题目由程序生成，有的并不通顺，"
    "得数不等于真人提问的成绩；没有拒答时，显示的仍是原文，只是可能答非所问。"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How often something was tried, how often it came out as it should, and what did not."""

    tried: int = 0
    right: int = 0
    missed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """What was measured, by the names in `TRIED`, and when; medians in milliseconds, None where
    nothing was asked. `is_cut_short` tells that the time was up before all was asked."""

    generation: str
    made: str  # in UTC, ISO 8601
    outcomes: dict[str, Outcome]
    recall: float
    find_ms: float | None
    search_ms: float | None
    ask_ms: float | None
    seconds: float
    is_cut_short: bool


def check_itself(
    engine: Engine, progress: ProgressHandler = lambda _: None, seconds: float = _SECONDS
) -> SelfCheck:
    """Ask an open index about itself for some seconds and return what came of it.

    Raises:
        SuyuanError: the model cannot be loaded.
    """
    progress(Progress("准备题目", 0, 1))
    engine.wait()
    tally = _Tally(engine)
    steps = list(_steps(engine, tally))
    started = time.perf_counter()
    is_cut_short = False
    for number, step in enumerate(steps):
        progress(Progress("自检", number, len(steps)))
        if is_cut_short := time.perf_counter() - started > seconds:
            break
        step()
    return SelfCheck(
        generation=engine.generation,
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        outcomes={name: tally.outcome(name) for name in TRIED},
        recall=engine.index.manifest.recall,
        find_ms=tally.median("find"),
        search_ms=tally.median("search"),
        ask_ms=tally.median("ask"),
        seconds=round(time.perf_counter() - started, 1),
        is_cut_short=is_cut_short,
    )


class _Tally:
    """Asks, and notes what came out and how long it took."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._right: Counter[str] = Counter()
        self._missed: dict[str, list[str]] = {name: [] for name in TRIED}
        self._took: dict[str, list[float]] = {"find": [], "search": [], "ask": []}

    def outcome(self, name: str) -> Outcome:
        right, missed = self._right[name], self._missed[name]
        return Outcome(right + len(missed), right, tuple(dict.fromkeys(missed)))

    def median(self, how: str) -> float | None:
        took = self._took[how]
        return round(median(took), 1) if took else None

    def try_sentence(self, sentence: str, document: str) -> None:
        """Look for a sentence of a document to the letter, and by its meaning."""
        found = self._engine.find(f"“{sentence}”", filters=Filters(documents=(document,)))
        self._took["find"].append(found.milliseconds)
        self._note(EXACT, sentence, found.documents == 1)
        wanted = folded(sentence)
        hits = self._search(sentence)
        self._note(WORDING, sentence, any(wanted in folded(hit.passage.text) for hit in hits))

    def try_title(self, title: str) -> None:
        """Ask for a title."""
        hits = self._search(title)
        self._note(TITLE, title, any(folded(hit.source.title) == folded(title) for hit in hits))

    def try_question(self, trial: Trial) -> None:
        """Ask a question, and compare each quote of the answer with its document."""
        answer = self._engine.ask(trial.text)
        self._took["ask"].append(answer.milliseconds)
        name = ANSWERED if trial.is_answerable else REFUSED
        self._note(name, trial.text, answer.refused != trial.is_answerable)
        self._compare_quotes(answer)

    def _compare_quotes(self, answer: Answer) -> None:
        for each in answer.citations:
            text = self._engine.document(each.source.document).text
            stands = text[each.span.start : each.span.end] == each.quote
            self._note(QUOTES, each.quote, stands)

    def _search(self, question: str) -> tuple[Hit, ...]:
        """Return the best hit."""
        started = time.perf_counter()
        try:
            return self._engine.search(question, 1)
        except QuestionError:  # a title of signs alone, which no one can ask for
            return ()
        finally:
            self._took["search"].append((time.perf_counter() - started) * 1000)

    def _note(self, name: str, asked: str, is_right: bool) -> None:
        if is_right:
            self._right[name] += 1
        else:
            self._missed[name].append(asked)


def _steps(engine: Engine, tally: _Tally) -> Iterator[Callable[[], None]]:
    """Yield what is to be asked, each sort in turn: where the time is up, all have had some."""
    sentences = (partial(tally.try_sentence, *each) for each in _some_sentences(engine).items())
    titles = (partial(tally.try_title, each) for each in _some_titles(engine))
    trials = (each for each in engine.trials(_SUBJECTS) if each.kind in SURE)
    questions = (partial(tally.try_question, each) for each in trials)
    turns: Iterable[tuple[Callable[[], None] | None, ...]]
    turns = zip_longest(sentences, titles, questions)
    return (step for step in chain.from_iterable(turns) if step)


def _some_sentences(engine: Engine) -> dict[str, str]:
    """Return sentences of the corpus that are no table rows and can be put between quotation
    marks, each of another passage and with its document, in an order of chance."""
    index = engine.index
    positions = list(range(len(index.document_of)))
    random.Random(_SEED).shuffle(positions)

    def sentences() -> Iterator[tuple[str, str]]:
        for position in positions:
            (passage,) = index.passages([position])
            start = passage.span.start
            found = (passage.text[s.start - start : s.end - start] for s in passage.sentences)
            suited = (s for s in found if len(s) in _LENGTHS and not _UNSUITED.intersection(s))
            yield from ((sentence, passage.document) for sentence in islice(suited, 1))

    return dict(islice(sentences(), _SENTENCES))


def _some_titles(engine: Engine) -> list[str]:
    """Return titles of documents, in an order of chance."""
    titles = sorted({source.title for source in engine.sources() if source.title})
    random.Random(_SEED).shuffle(titles)
    return titles[:_TITLES]
