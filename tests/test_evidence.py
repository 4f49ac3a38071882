"""What a sentence that somebody else wrote is doubted for, and what not."""

import pytest

from indexer.records import Span
from retrieval.evidence import Evidence
from retrieval.results import Citation, Source


def cite(
    number: int,
    quote: str,
    locality: str = "柳溪市",
    title: str = "柳溪市教育局关于消除大班额的通知",
) -> Citation:
    source = Source(
        "a.txt", title, "柳教发〔2023〕5号", f"{locality}教育局", locality, "2023-05-06", "通知"
    )
    return Citation(number, source, ("二、学位保障",), Span(0, len(quote)), quote)


CLASSES = cite(1, "普通高中新入学年级班额不得超过55人，新建普通高中学校规模不得超过3000人。")
SHARE = cite(
    2,
    "到２０２５年，大班額的比例控制在百分之三以內，由縣教育局牽頭落實。",
    "松陵县",
    "松陵縣消除大班額實施方案（2021—2025年）",
)
DUTIES = cite(
    3,
    "学校应当逐步化解大班额，鼓励有条件的学校实行“小班化”教学，严禁违规收费，收费依照《收费管理办法》执行。",
)
ALL = (CLASSES, SHARE, DUTIES)


def doubt(sentence: str, *numbers: int) -> str:
    cited = tuple(each for each in ALL if each.number in numbers)
    return Evidence(cited, tuple(each for each in ALL if each not in cited)).doubt(sentence)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (1, "柳溪市要求普通高中新入学年级每班不得超过55人，新建学校规模不得超过3000人。"),
        (1, "柳溪规定，新入学的普通高中年级班额不超过五十五人。"),
        (2, "松陵县明确，到2025年大班额比例控制在3%以内，由县教育局牵头。"),
        (2, "松陵縣明確，到二〇二五年大班額比例控制在３％以內，由縣教育局牽頭。"),
        (2, "《松陵县消除大班额实施方案（2021—2025年）》提出，大班额的比例控制在百分之三以内。"),
        (3, "学校应逐步化解大班额，有条件的学校鼓励实行“小班化”教学。"),
        (3, "此外，该市还鼓励有条件的学校开展小班化教学，同时严禁违规收费。"),
        (3, "柳溪市教育局在柳教发（2023）5号中要求，学校应当逐步化解大班额。"),
        (3, "收费依照〈收费管理办法〉执行。"),
        (3, "學校應當逐步化解大班額，嚴禁違規收費。"),
    ],
)  # fmt: skip
def test_a_faithful_sentence_is_not_doubted(number: int, sentence: str) -> None:
    assert doubt(sentence, number) == ""


@pytest.mark.parametrize("each", ALL, ids=lambda each: str(each.number))
def test_a_quote_proves_itself_and_no_other_proves_it(each: Citation) -> None:
    assert doubt(each.quote, each.number) == ""
    for other in ALL:
        if other is not each:
            assert doubt(each.quote, other.number)


@pytest.mark.parametrize(
    ("number", "sentence", "reason"),
    [
        # figures and dates
        (1, "普通高中新入学年级班额不得超过56人。", "“不得超过56人”在所引原文里没有"),
        (1, "普通高中新入学年级班额不得超过55%。", "“不得超过55%”在所引原文里没有"),
        (1, "普通高中新入学年级班额不少于55人。", "“不少于55人”在所引原文里没有"),
        (1, "普通高中新入学年级班额超过55人。", "“超过55人”在所引原文里没有"),
        (1, "普通高中新入学年级班额不得超过3000人。", "“不得超过3000人”在所引原文里说的是别的事"),
        (2, "到2021年，大班额的比例控制在百分之三以内。", "“2021年”在所引原文里没有"),
        (2, "二〇二六年大班额的比例控制在百分之三以内。", "“二〇二六年”在所引原文里没有"),
        # names
        (3, "云南省学校应当逐步化解大班额。", "“云南省”在所引原文里没有"),
        (3, "松陵县学校应当逐步化解大班额。", "“松陵县”在所引原文里没有"),
        (2, "大班额的比例控制在百分之三以内，由市教育局牵头落实。", "“市教育局”在所引原文里没有"),
        (2, "大班额的比例控制在百分之三以内，由县财政局牵头落实。", "“县财政局”在所引原文里没有"),
        (3, "有条件的学校实行“走班制”教学。", "“走班制”在所引原文里没有"),
        (3, "收费依照《价格管理办法》执行。", "“价格管理办法”在所引原文里没有"),
        (3, "柳教发〔2023〕6号要求学校应当逐步化解大班额。", "文号“柳教发〔2023〕6号”在所引原文里没有"),
        (3, "学校应当逐步化解大班额，详见http://evil.example/x。", "“http://evil.example/x”在所引原文里没有"),
        (1, "普通高中新入学年级班额不得超过⑤人。", "“不得超过5人”在所引原文里没有"),
        (1, "普通高中新入学年级班额不得超过❺人。", "“❺”在所引原文里没有"),
        (1, "普通高中新入学年级班额不得超过伍拾陆人。", "“不得超过五十六人”在所引原文里没有"),
        (3, "学校应当逐步化解大班额，контроль。", "“контроль”在所引原文里没有"),
        # what must, may, or must not be
        (3, "学校必须逐步化解大班额。", "“必须”在所引原文里没有"),
        (3, "学校可以逐步化解大班额。", "“可以”在所引原文里没有"),
        (3, "学校可逐步化解大班额。", "“可”在所引原文里没有"),
        (3, "学校不得逐步化解大班额。", "“不得”在所引原文里没有"),
        (1, "班额不得超过55人应由学校落实。", "“应”在所引原文里没有"),
        (3, "学校应当逐步化解一半的大班额。", "“一半”在所引原文里没有"),
        (3, "学校应当每年化解大班额。", "“每年”在所引原文里没有"),
        (3, "学校应当全部化解大班额。", "“全部”在所引原文里没有"),
        # what is denied
        (3, "有条件的学校违规收费。", "所引原文否定了“违规”"),
        (3, "学校应当逐步化解大班额，不鼓励有条件的学校实行小班化教学。", "所引原文没有否定“鼓励”"),
        (2, "大班额的比例不控制在百分之三以内。", "所引原文里没有这样的否定"),
        # what is said by another, or by none
        (3, "大班额的比例由县里控制和牵头落实。", "更像出自[2]"),
        (3, "教师待遇稳步改善，职称评审向农村倾斜。", "多数词语在所引原文里没有（教师、待遇、稳步、改善）"),
    ],
)  # fmt: skip
def test_what_the_quotes_do_not_prove_is_doubted_with_the_reason(
    number: int, sentence: str, reason: str
) -> None:
    assert doubt(sentence, number) == reason


def test_two_quotes_prove_together_what_neither_does_alone() -> None:
    sentence = "柳溪市和松陵县提出，学校应当逐步化解大班额，到2025年控制在百分之三以内。"
    assert doubt(sentence, 2, 3) == ""
    assert doubt(sentence, 2) and doubt(sentence, 3)
