"""The script of a text: which forms it has more of."""

import pytest
from opencc import OpenCC

from indexer.script import SIMPLIFIED, TRADITIONAL, script_of
from tests.make import OWN


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("关于化解大班额的通知", "简体"),
        ("關於化解大班額的通知", "繁体"),
        ("教师張國華获奖，名单公布如下，请各单位认真学习。", "简体"),
        ("繁體與繁體", "繁体"),
        ("公里", "简体"),
        ("2023", "简体"),
        ("", "简体"),
    ],
)
def test_the_forms_that_one_script_alone_has_decide_by_majority(text: str, script: str) -> None:
    assert script_of(text) == script


def test_every_notice_turned_into_the_other_script_is_of_the_other_script() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(OWN.rglob("*.md"))]
    assert len(texts) > 3
    assert {script_of(OpenCC("s2t").convert(text)) for text in texts} == {TRADITIONAL}
    assert {script_of(OpenCC("t2s").convert(text)) for text in texts} == {SIMPLIFIED}
