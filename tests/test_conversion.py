"""Words in the other script: as OpenCC has them, as many characters, whatever they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opencc import OpenCC

from ui.conversion import to_simplified, to_traditional

# Characters that become several, alone and in phrases that overlap.
SENTENCES = (
    "皇后来到里程碑，头发干燥，理发店发布干部制度：制造、制定。",
    "台湾的云南面馆只有一只松鼠；征求意见，长征，准予批准，标准范围。",
    "才能、人才，钢材。复印件答复复杂的复习；系统关系维系。",
)


@pytest.mark.parametrize("text", SENTENCES)
def test_words_are_converted_as_opencc_does(text: str) -> None:
    traditional = to_traditional(text)
    assert traditional == OpenCC("s2t").convert(text)
    assert to_simplified(traditional) == OpenCC("t2s").convert(traditional)


@given(st.text(st.sampled_from("后来里发干制面只系，。\n $<:a的人才布范围")))
def test_nothing_is_lost_or_added(text: str) -> None:
    for converted in (to_traditional(text), to_simplified(text)):
        assert len(converted) == len(text)
        kept = [(a, b) for a, b in zip(text, converted, strict=True) if not "一" <= a <= "鿿"]
        assert all(a == b for a, b in kept)
