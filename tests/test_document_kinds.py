"""Which kinds of documents a question asks for: a document word is not always one."""

import pytest

from indexer.records import Span
from retrieval.document_kinds import find_kinds, is_of_kind
from retrieval.results import Source


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("哪些办法规定了大班额", ["办法"]),
        ("哪些意见提出了县管校聘", ["意见"]),
        ("哪些通知提到县管校聘", ["通知"]),
        ("哪份通知里有班额的要求", ["通知"]),
        ("哪些条例", ["条例"]),
        ("2022年印发的通知", ["通知"]),
        ("去年发布的关于高龄津贴的公告", ["公告"]),
        ("云南省出台的指导意见", ["指导意见"]),
        ("近三年各地出台的实施方案", ["实施方案"]),
        ("北京印发的关于双减的方案有哪些", ["方案"]),
        ("关于化解大班额的通知", ["通知"]),
        ("关于化解大班额的实施意见有哪些要求", ["实施意见"]),
        ("各省政府工作报告里的就业目标", ["政府工作报告"]),
        ("工作报告提出的目标", ["工作报告"]),
        ("所有管理办法", ["管理办法"]),
        # Words of every day, or a document that the question does not tell from others.
        ("实施方案中的保障措施有哪些", []),
        ("通知要求各校何时上报", []),
        ("有什么办法解决大班额", []),
        ("哪些办法可以解决大班额", []),
        ("关于大班额的意见", []),
        ("县中发展提升方案由哪些单位牵头", []),
        ("规划中的铁路", []),
        ("教育计划目标", []),
        ("收到解除劳动合同的通知后怎么办", []),
        ("公司下发的通知", []),
        ("公司关于解除劳动合同的通知", []),
        ("用人单位制定的规定", []),
        ("法院公告送达", []),
        ("学校有没有通知家长", []),
        ("录取通知书什么时候发", []),
        ("政府工作报告由谁审议", []),
    ],
)
def test_kinds_are_told_from_words(question: str, kinds: list[str]) -> None:
    assert [kind.name for kind in find_kinds(question, [])] == kinds


def test_a_kind_right_after_a_place_is_its() -> None:
    question = "云南省的实施意见里怎么说"
    (kind,) = find_kinds(question, [Span(0, 3)])
    assert (kind.name, question[slice(*kind.span)]) == ("实施意见", "实施意见")
    assert find_kinds(question, []) == []


def _source(title: str, kind: str) -> Source:
    return Source("a.txt", title, "", "", "", "", kind)


@pytest.mark.parametrize(
    ("title", "kind", "asked", "fits"),
    [
        ("某市关于大班额的实施意见", "实施意见", "意见", True),
        ("某市关于印发实施方案的通知", "通知", "方案", True),
        ("某市关于印发实施方案的通知", "通知", "通知", True),
        ("某縣關於消除大班額的實施方案", "实施方案", "实施方案", True),
        ("某市关于大班额的通知", "通知", "意见", False),
        ("某市函授教育管理办法", "管理办法", "函", False),
        ("某市关于大班额的复函", "复函", "函", True),
        ("某市大班额方案摘要", "", "通知", True),
    ],
)
def test_a_document_is_of_the_kind_that_it_is_or_carries(
    title: str, kind: str, asked: str, fits: bool
) -> None:
    assert is_of_kind(_source(title, kind), [asked]) is fits
