"""What questions ask in terms of a notice's structure, and the sentences that say it."""

import pytest
from hypothesis import given

from retrieval.asked_roles import roles_asked, roles_of
from tests.make import any_text

ASKED = [
    ("河道清淤由哪些单位牵头", {"responsible"}),
    ("校車安全由誰監管", {"responsible"}),
    ("老旧管网改造的责任单位是谁", {"responsible"}),
    ("66人以上的班级什么时候消除", {"deadline"}),
    ("营业执照多久能办下来", {"deadline"}),
    ("燃气改造的完成时限是什么", {"deadline"}),
    ("高龄津贴每月发多少", {"amount"}),
    ("起步价的上限是多少", {"amount"}),
    ("补助对象是哪些", {"object"}),
    ("哪些家庭可以申请低保", {"object"}),
    ("占道经营怎么处罚", {"consequence"}),
    ("老師品行不端會有什麼後果", {"consequence"}),
    ("居住证怎么办理", {"procedure"}),
    ("按什么步骤劝学生返校", {"procedure"}),
    ("申领补贴需要哪些材料", {"procedure"}),
    ("什么是两案一课", {"definition"}),
    ("“五小水利”指什么", {"definition"}),
    ("违规排放罚款多少", {"amount", "consequence"}),
    ("各地对大班额的要求是什么", set()),
    ("我被车撞了怎么办", set()),
    ("高坠物致人损害由谁承担责任", set()),  # not who has a task
    ("近几年的好做法", set()),
]
SAID = [
    ("（牵头单位：市水务局，配合单位：市财政局）", {"responsible"}),
    ("清淤工作由区水务局会同街道负责。", {"responsible"}),
    ("縣教育部門負責日常監管。", {"responsible"}),
    ("到2025年底，全部完成改造。", {"deadline"}),
    ("自受理之日起十五个工作日内作出决定。", {"deadline"}),
    ("每人每月补助300元。", {"amount"}),
    ("补助对象为具有本市户籍的老年人。", {"object"}),
    ("未取得許可擅自辦園的，依法予以取締。", {"consequence"}),
    ("逾期不改正的，处以罚款。", {"consequence", "deadline"}),
    ("申请人向村委会提出申请，经乡镇审核后公示。", {"procedure"}),
    ("本办法所称餐厨垃圾，是指食物残余。", {"definition"}),
    ("推行“两单一表”（任务单、责任单、进度表）。", {"definition"}),
    ("加强宣传引导，营造良好氛围。", set()),
    ("坚持质量第一，统筹推进各项工作。", set()),
    ("依照本条第五项规定执行。", set()),
]


@pytest.mark.parametrize(("question", "roles"), ASKED)
def test_a_question_asks_for_roles(question: str, roles: set[str]) -> None:
    assert roles_asked(question) == roles


@pytest.mark.parametrize(("sentence", "roles"), SAID)
def test_a_sentence_plays_the_roles_that_it_has_cues_of(sentence: str, roles: set[str]) -> None:
    assert roles_of(sentence) == roles


@given(any_text)
def test_any_text_has_roles_or_none(text: str) -> None:
    assert roles_of(text) | roles_asked(text) <= {
        "responsible", "deadline", "amount", "object", "consequence", "procedure", "definition",
    }  # fmt: skip
