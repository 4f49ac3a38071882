"""Which year a sentence is about, and whether it sets an aim: the nearest words that say so."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.terms import normalised
from retrieval.query import understand
from retrieval.time_frames import Frame, Setting, agreement, frame_asked, frame_of
from tests.make import any_text

REPORT = Setting((), "云溪市2025年政府工作报告", 2025)
NOWHERE = Setting((), "", None)


def asked(question: str) -> Frame:
    return frame_asked(understand(question, (), date(2025, 6, 1)))


def said(sentence: str, setting: Setting = NOWHERE, clause: str = "") -> Frame:
    plain = normalised(sentence)
    return frame_of((normalised(clause) or plain, plain), setting)


def below(*above: str) -> Setting:
    return Setting(above, REPORT.title, REPORT.year)


@pytest.mark.parametrize(
    ("question", "frame"),
    [
        ("2025年城镇新增就业的目标是多少", Frame((2025,), (), True)),
        ("2024年城镇新增就业完成了多少", Frame((2024,), (), False)),
        ("2023年到2025年新增学位多少", Frame((2023, 2024, 2025), (), None)),
        ("今年城镇新增就业目标是多少", Frame((), (0,), True)),
        ("去年粮食产量实际是多少", Frame((), (-1,), False)),
        ("各地对大班额怎么说", Frame((), (), None)),
        ("班额目标完成了没有", Frame((), (), None)),  # both are said, so neither is known
    ],
)
def test_a_question_wants_a_year_an_aim_or_a_result(question: str, frame: Frame) -> None:
    assert asked(question) == frame


def test_a_long_period_names_no_year() -> None:
    assert asked("1990年至2025年修订过几次") == Frame((), (), None)


@pytest.mark.parametrize(
    ("sentence", "years", "offsets"),
    [
        ("2024年新增学位三千个。", (2024,), (-1,)),
        ("二〇二四年新增学位三千个。", (2024,), (-1,)),
        ("今年新增学位三千个。", (2025,), (0,)),
        ("过去一年新增学位三千个。", (2024,), (-1,)),
        ("比上年增加三千个，2025年再增两千个。", (2025, 2024), (0, -1)),
        ("2023—2025年新增学位三千个。", (2023, 2025), (-2, 0)),
        ("本年级不超过2025人。", (2025,), (0,)),  # by the title alone
    ],
)
def test_a_sentence_is_of_the_years_it_names_else_of_the_titles(
    sentence: str, years: tuple[int, ...], offsets: tuple[int, ...]
) -> None:
    frame = said(sentence, REPORT)
    assert (frame.years, frame.offsets) == (years, offsets)


def test_the_nearest_words_name_the_year() -> None:
    inner = below("2024年工作回顾", "2023年以来的工作")
    assert said("新增学位三千个。", inner) == Frame((2024,), (-1,), False)
    assert said("2025年将新增学位两千个。", inner).years == (2025,)
    assert said("新增学位三千个。", below("", "2024年工作回顾")).years == (2024,)


def test_a_sentence_of_two_years_is_of_both_and_its_clause_sets_the_aim() -> None:
    sentence = "2024年新增学位三千个，2025年计划新增两千个。"
    assert said(sentence, REPORT, "2024年新增学位三千个").years == (2024, 2025)
    assert said(sentence, REPORT, "2025年计划新增两千个").is_aim is True
    assert said("去年同比增长3%，今年力争5%。", REPORT, "去年同比增长3%").is_aim is False


@pytest.mark.parametrize("words", ["比2020年提高", "自2015年以来", "〔2015〕3号", "2015年起"])
def test_a_year_that_is_compared_with_or_counted_from_is_not_the_sentences(words: str) -> None:
    assert said(f"{words}新增学位三千个。", REPORT).years == (2025,)


def test_years_of_the_title_alone_are_known_as_such() -> None:
    assert said("新增学位三千个。", REPORT) == Frame((2025,), (0,), None, by_title=True)
    assert said("今年新增学位三千个。", REPORT).by_title is False


def test_a_document_without_a_date_gives_this_year_no_meaning() -> None:
    assert said("今年新增学位三千个。") == Frame((), (), None, by_title=True)


@pytest.mark.parametrize(
    ("sentence", "is_aim"),
    [
        ("主要预期目标是城镇新增就业5万人。", True),
        ("力争新增学位三千个。", True),
        ("普通高中班额不得超过55人。", True),
        ("粮食产量同比增长3%。", False),
        ("新增就业完成年度目标。", None),  # 目标 alone makes no aim of it
        ("截至年底，已建成学校五所。", False),
        ("投资增长左右摇摆。", True),  # a weak word decides where nothing better does
        ("全市共有学校五所。", None),
    ],
)
def test_a_sentence_sets_an_aim_or_reports(sentence: str, is_aim: bool | None) -> None:
    assert said(sentence).is_aim is is_aim


@pytest.mark.parametrize(
    ("heading", "is_aim"),
    [("2025年主要目标和任务", True), ("过去一年工作回顾", False), ("各项事业", None)],
)
def test_headings_say_what_a_sentence_does_not(heading: str, is_aim: bool | None) -> None:
    assert said("新增学位三千个。", below(heading)).is_aim is is_aim


def test_the_sentences_own_words_come_before_its_headings() -> None:
    assert said("粮食产量同比增长3%。", below("2025年主要目标和任务")).is_aim is False
    assert said("力争新增学位三千个。", below("2024年工作回顾")).is_aim is True


def test_this_years_aim_and_last_years_result_agree_with_their_own_questions_only() -> None:
    aim = said("城镇新增就业50万人以上。", below("2025年主要预期目标"))
    result = said("城镇新增就业51万人。", below("2024年工作回顾"))
    for question, fitting, other in (
        ("2025年就业目标是多少", aim, result),
        ("2024年就业完成多少", result, aim),
        ("今年就业目标是多少", aim, result),
        ("去年就业实际是多少", result, aim),
    ):
        assert agreement(asked(question), fitting) == 1, question
        assert agreement(asked(question), other) < 0, question


def test_a_sentence_of_another_year_does_not_fit_whatever_else_it_says() -> None:
    aim = said("力争新增就业50万人。", below("2025年主要目标"))
    assert aim.is_aim
    assert agreement(asked("2024年就业目标是多少"), aim) < 0
    assert agreement(asked("2026年就业目标是多少"), aim) < 0


def test_another_year_that_only_the_title_names_does_not_speak_against_a_sentence() -> None:
    unsaid = said("城镇新增就业51万人。", REPORT)
    assert agreement(asked("2024年就业多少人"), unsaid) == 0
    assert agreement(asked("2026年就业多少人"), unsaid) < 0  # it can not tell of later years
    assert agreement(asked("2025年就业多少人"), unsaid) > 0


def test_what_asks_for_no_frame_agrees_with_everything() -> None:
    anything = asked("各地对大班额怎么说")
    assert agreement(anything, said("2024年同比增长3%。", REPORT)) == 0
    assert agreement(asked("2025年就业目标"), said("全市有学校五所。")) == 0


_years = st.lists(st.integers(2019, 2027), max_size=3, unique=True).map(tuple)
_aims = st.sampled_from((True, False, None))
_found = st.builds(
    lambda years, aim, by_title: Frame(years, tuple(y - 2025 for y in years), aim, by_title),
    _years,
    _aims,
    st.booleans(),
)
_wanted = st.one_of(
    st.builds(Frame, _years, st.just(()), _aims),
    st.builds(Frame, st.just(()), st.sampled_from(((0,), (-1,), (0, -1))), _aims),
)


@given(_wanted, _found)
def test_agreement_lies_between_minus_one_and_one(wanted: Frame, found: Frame) -> None:
    assert -1 <= agreement(wanted, found) <= 1


@given(_wanted)
def test_a_frame_agrees_with_itself(frame: Frame) -> None:
    says_something = frame.is_aim is not None or frame.years or frame.offsets
    assert (agreement(frame, frame) > 0) is bool(says_something)


@given(any_text, any_text)
def test_any_sentence_has_a_frame(text: str, heading: str) -> None:
    plain = normalised(text)
    frame = frame_of((plain, plain), below(normalised(heading)))
    assert len(frame.offsets) == len(frame.years)
    assert [year - 2025 for year in frame.years] == list(frame.offsets)
