"""Questions made to be refused: the same each time, and what they ask for is really not there."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from benchmarks.near_misses import Case, foreign_cases, main, own_cases, sample, trial_cases
from benchmarks.sets import Source
from indexer.build import build
from indexer.generations import open_live
from indexer.settings import Settings
from indexer.store import Generation
from indexer.terms import content_words, normalised
from retrieval.catalogue import Catalogue
from retrieval.engine import Engine

COUNT = 30
NOTICE = """{place}教育局关于{subject}的通知

一、{subject}达到{figure}%以上，城乡学校应当同步推进。
二、小学起始年级班额不得超过45人，超过的学校限期整改。
三、{extra}经费由市级财政承担，每年核定一次，不低于{figure}万元。
"""
SUBJECTS = (
    ("课后服务覆盖率", "校舍维修"),
    ("校园网络接入率", "机房改造"),
    ("体育场馆开放率", "操场翻新"),
    ("心理教师配备率", "辅导热线"),
    ("营养食堂建成率", "厨房设备"),
    ("乡村教师到岗率", "周转宿舍"),
    ("图书馆藏书达标率", "阅览桌椅"),
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Seven short notices of two towns, indexed without a model."""
    folder = tmp_path_factory.mktemp("near_misses")
    (folder / "corpus").mkdir()
    for number, (subject, extra) in enumerate(SUBJECTS):
        place = ("银川市", "昭通市")[number % 2]
        text = NOTICE.format(place=place, subject=subject, figure=60 + number, extra=extra)
        (folder / "corpus" / f"{number}.txt").write_text(text, encoding="utf-8")
    made = Settings(folder / "corpus", folder / "index", "hashing")
    build(made)
    return made


@pytest.fixture(scope="module")
def generation(settings: Settings) -> Generation:
    return open_live(settings.index)


@pytest.fixture(scope="module")
def cases(generation: Generation) -> list[Case]:
    return list(trial_cases("own", generation, COUNT))


def _passages(generation: Generation) -> list[tuple[str, str]]:
    """Each passage's document and its words, normalised."""
    found = generation.passages(range(len(generation.document_of)))
    return [(passage.document, normalised(passage.text)) for passage in found]


def _of_kind(cases: list[Case], kind: str) -> list[Case]:
    found = [case for case in cases if case.kind == kind]
    assert found, kind
    return found


def _subject_words(case: Case) -> list[str]:
    """The words of a question that some sentence of the notices could have."""
    said = "".join(NOTICE) + "".join(subject + extra for subject, extra in SUBJECTS)
    return [word for word in content_words(case.text) if word in said]


def test_the_cases_of_an_index_are_the_same_each_time(
    settings: Settings, cases: list[Case]
) -> None:
    again = open_live(settings.index)
    assert list(trial_cases("own", again, COUNT)) == cases
    assert {case.set for case in cases} == {"own"}
    assert len({(case.kind, case.text) for case in cases}) == len(cases)


def test_only_what_was_left_as_the_notice_says_it_can_be_answered(cases: list[Case]) -> None:
    assert {case.kind for case in cases if case.is_answerable} == {"whole", "words left out"}
    assert {case.kind for case in cases if not case.is_answerable} == {
        "another year",
        "another object",
        "a silent place",
        "left out",
    }
    assert all(bool(case.without) is (case.kind == "left out") for case in cases)


def test_what_can_be_answered_stands_in_one_passage(
    generation: Generation, cases: list[Case]
) -> None:
    texts = [text for _, text in _passages(generation)]
    for case in _of_kind(cases, "whole"):
        words = [word for word in _subject_words(case) if not word.endswith("市")]
        assert len(words) > 1, case
        assert any(all(word in text for word in words) for text in texts), case


def test_another_year_is_one_that_no_notice_names(
    generation: Generation, cases: list[Case]
) -> None:
    for case in _of_kind(cases, "another year"):
        (year,) = re.findall(r"(20\d\d)年", case.text)
        assert not [text for _, text in _passages(generation) if year in text]


def test_another_object_stands_beside_no_word_of_its_question(
    generation: Generation, cases: list[Case]
) -> None:
    known = {word for case in _of_kind(cases, "whole") for word in content_words(case.text)}
    for case in _of_kind(cases, "another object"):
        words = content_words(case.text)
        other = [word for word in words if word not in known]
        assert other, case
        kept = [word for word in _subject_words(case) if word in known and word[-1] != "市"]
        for _, text in _passages(generation):
            if all(word in text for word in other):
                assert not any(word in text for word in kept), case


def test_a_silent_place_has_notices_and_none_of_them_has_all_that_is_asked(
    generation: Generation, cases: list[Case]
) -> None:
    catalogue = Catalogue(generation, date(2024, 6, 1))
    for case in _of_kind(cases, "a silent place"):
        place = next(each for each in catalogue.localities if case.text.startswith(each))
        words = [word for word in _subject_words(case) if word not in place]
        own = [text for name, text in _passages(generation) if catalogue.place_of(name) == place]
        assert own
        assert not [text for text in own if all(word in text for word in words)], case


def test_what_is_left_when_documents_are_left_out_has_not_all_that_is_asked(
    generation: Generation, cases: list[Case]
) -> None:
    for case in _of_kind(cases, "left out"):
        words = [word for word in _subject_words(case) if word[-1] != "市"]
        having = {n for n, text in _passages(generation) if all(word in text for word in words)}
        assert having <= set(case.without), case
        assert set(case.without) < set(generation.ids)


def test_cases_are_printed_with_what_is_to_come_of_them(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["--index", str(settings.index), "--count", "2"])
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    expected = trial_cases("", open_live(settings.index), 2)
    assert lines == [
        ["可答" if case.is_answerable else "不可答", case.kind, case.text] for case in expected
    ]


@pytest.fixture
def questions(tmp_path: Path) -> Source:
    """A set of five questions, every other one answerable."""
    path = tmp_path / "questions.jsonl"
    rows = [
        {
            "id": str(number),
            "type": "fact",
            "question": f"第{number}问",
            "answerable": number % 2 == 0,
            "evidence": [{"doc": "0.txt", "text": "班额"}] if number % 2 == 0 else [],
        }
        for number in range(5)
    ]
    path.write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8"
    )
    return Source("five", path, tmp_path)


def test_questions_of_a_set_keep_their_outcome_on_its_own_corpus(
    questions: Source, settings: Settings, generation: Generation
) -> None:
    engine = Engine.open(settings)
    assert list(own_cases(questions, engine, generation, 9)) == [
        Case("five", "answerable" if n % 2 == 0 else "unanswerable", f"第{n}问", n % 2 == 0)
        for n in range(5)
    ]


def test_answerable_questions_have_no_answer_in_another_corpus(questions: Source) -> None:
    assert list(foreign_cases("own", questions, 2)) == [
        Case("own", "of five", "第0问", False),
        Case("own", "of five", "第4问", False),
    ]


@pytest.mark.parametrize(
    ("count", "taken"), [(1, [0]), (2, [0, 4]), (3, [0, 3, 6]), (7, [*range(7)]), (99, [*range(7)])]
)
def test_a_sample_is_evenly_spaced_and_never_larger(count: int, taken: list[int]) -> None:
    questions = [str(n) for n in range(7)]
    assert sample(questions, count) == [str(n) for n in taken]  # type: ignore[arg-type, comparison-overlap]
