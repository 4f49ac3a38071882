"""A language model's wording of a follow-up: taken where it adds nothing, else the rules' stands."""

from collections.abc import Sequence
from datetime import date
from typing import cast

import pytest

from indexer.errors import LanguageModelError
from retrieval.follow_up import FollowUp
from retrieval.language_model import LanguageModel, Message
from retrieval.rewriting import rewrite

LOCALITIES = ("柳溪市", "松陵县")
TURNS = ["柳溪市2023年大班额的标准是多少", "松陵县2023年大班额的标准是多少"]
RULES = FollowUp("松陵县2023年小学的标准是多少", replaced=(("大班额", "小学"),))


class Said:
    """A language model that says one thing, and keeps what it was sent."""

    def __init__(self, reply: str) -> None:
        self.reply = reply
        self.sent: Sequence[Message] = ()

    def complete(self, messages: Sequence[Message]) -> str:
        self.sent = messages
        return self.reply


def ask(reply: str, follow_up: str = "那小学呢") -> FollowUp:
    model = cast(LanguageModel, Said(reply))
    return rewrite(model, TURNS, follow_up, LOCALITIES, date(2025, 6, 1), RULES)


@pytest.mark.parametrize(
    "reply",
    ["松陵县2023年小学大班额的标准是多少", "柳溪小學2023年大班額的標準是多少"],
)
def test_a_question_of_what_was_said_is_taken(reply: str) -> None:
    assert ask(reply) == FollowUp(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "石门区2023年小学大班额的标准是多少",  # another place
        "松陵县2024年小学大班额的标准是多少",  # another year
        "松陵县2023年小学大班额的标准是56人吗",  # another number
        "松教发〔2021〕12号里小学大班额的标准是多少",  # another 文号
        "松陵县2023年小学大班额的标准是多少？\n这里指的是超过规定人数的班级。",
        "松陵县2023年小学大班额的标准是多少，以及有关部门准备采取哪些办法去化解和消除这些班级",
        "",
        "？？",
        "松陵县2023年小学大班额\u202e的标准是多少",  # turns the direction of what follows
        "松陵县2023年小学\u200b大班额的标准是多少",  # unseen
        "松陵县2023年小学大班额的标准是多少\x1b[2J",
    ],
)
def test_what_was_not_said_is_left_to_the_rules(reply: str) -> None:
    assert ask(reply) == RULES


def test_a_question_that_the_model_leaves_as_it_is_stands_alone() -> None:
    assert ask("河道清淤由谁负责", "河道清淤由谁负责") == FollowUp(
        "河道清淤由谁负责", is_alone=True
    )


def test_the_model_sees_the_last_questions_and_the_follow_up() -> None:
    said = Said("松陵县2023年小学大班额的标准是多少")
    turns = ["最早的问题", *TURNS, TURNS[0]]
    rewrite(cast(LanguageModel, said), turns, "那小学呢", LOCALITIES, date(2025, 6, 1), RULES)
    assert said.sent[1].content == f"问：{TURNS[0]}\n问：{TURNS[1]}\n问：{TURNS[0]}\n追问：那小学呢"


def test_a_model_that_fails_is_told_of_and_the_rules_stand() -> None:
    class Failing:
        def complete(self, messages: Sequence[Message]) -> str:
            raise LanguageModelError("语言模型没有回应。", "请检查它是否在运行。")

    model = cast(LanguageModel, Failing())
    found = rewrite(model, TURNS, "那小学呢", LOCALITIES, date(2025, 6, 1), RULES)
    assert (found.question, found.failure) == (RULES.question, "语言模型没有回应。")
