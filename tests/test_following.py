"""Asking on from an answer, as a session without a browser sees it."""

from urllib.parse import parse_qs, urlsplit

import pytest

from indexer.settings import Settings
from tests.pages import QUESTION, found, open_page, shown, text_of

LIUXI = "柳溪市大班额的比例控制在百分之三以内"


@pytest.mark.slow
def test_below_an_answer_one_can_ask_on(library: Settings) -> None:
    app = open_page(q=LIUXI)
    app.text_input(key="follow_up").input("松陵县呢")
    next(each for each in app.button if each.label == "继续问").click().run()
    assert app.query_params == {"q": "松陵县呢", "after": LIUXI}
    assert "理解为：松陵县大班额的比例控制在百分之三以内" in shown(app)
    assert "大班額的比例控制在百分之三以內" in text_of(found(app, "p", "statement"))


@pytest.mark.slow
def test_each_step_keeps_the_questions_before_it_as_they_were_understood(library: Settings) -> None:
    app = open_page(q="松陵县呢", after=[LIUXI])
    app.text_input(key="follow_up").input("那柳溪市呢")
    next(each for each in app.button if each.label == "继续问").click().run()
    whole = LIUXI.replace("柳溪市", "松陵县")
    assert app.query_params == {"q": "那柳溪市呢", "after": [LIUXI, whole]}
    assert f"理解为：{LIUXI}" in shown(app)


def test_a_follow_up_can_be_taken_for_a_question_of_its_own(library: Settings) -> None:
    app = open_page(q="松陵县呢", after=[LIUXI])
    (alone,) = [each for each in found(app, "a") if text_of(each) == "不接上文，当作新问题"]
    assert parse_qs(urlsplit(alone[1]["href"]).query) == {"q": ["松陵县呢"]}


def test_a_whole_question_goes_on_from_nothing(library: Settings) -> None:
    app = open_page(q="石门区河道清淤由谁负责", after=[LIUXI])
    assert "理解为" not in shown(app)


def test_other_words_in_the_first_box_ask_something_new(library: Settings) -> None:
    app = open_page(q="松陵县呢", after=[LIUXI])
    app.text_input(key="question").input("河道清淤")
    app.button[0].click().run()
    assert app.query_params == {"q": "河道清淤"}


def test_filters_and_links_keep_what_a_follow_up_goes_on_from(library: Settings) -> None:
    app = open_page(q="松陵县呢", after=[LIUXI])
    mark = found(app, "a", "mark")[0]
    assert parse_qs(urlsplit(mark[1]["href"]).query)["after"] == [LIUXI]
    app.multiselect(key="place").select("松陵县").run()
    assert app.query_params["after"] == LIUXI


def test_follow_ups_are_suggested_that_lead_on(library: Settings) -> None:
    app = open_page(q=LIUXI)
    suggested = [each for each in found(app, "a", "example")]
    assert [text_of(each) for each in suggested] == ["那松陵县呢", "那石门区呢", "什么时候印发"]
    assert all(parse_qs(urlsplit(each[1]["href"]).query)["after"] == [LIUXI] for each in suggested)


def test_a_question_about_the_document_behind_an_answer_is_answered_from_its_fields(
    library: Settings,
) -> None:
    app = open_page(q="什么时候印发", after=[LIUXI])
    assert "理解为：柳政办发〔2023〕5号什么时候印发" in shown(app)
    assert "2023年5月6日" in text_of(found(app, "p", "statement"))


def test_an_address_with_an_empty_question_before_is_answered(library: Settings) -> None:
    app = open_page(q=QUESTION, after=["", "？"])
    assert "没有可以检索的文字" in text_of(found(app, "div", "notice"))
