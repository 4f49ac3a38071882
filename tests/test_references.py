"""What a text cites, where it stands, and what the text does with it."""

import pytest
from hypothesis import given

from indexer.records import Document, Header, Reference
from indexer.references import read_references
from tests.make import any_text, cut, make_document, notice_text


def cited(text: str, *known: str) -> list[tuple[str, str, str]]:
    """The references of a text: name, 文号, action."""
    found = read_references(make_document(f"白鹭市关于有关事项的通知\n{text}"), frozenset(known))
    return [(r.name, r.doc_number, r.action) for r in found if r.is_document or known]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("根据《白鹭市教育条例》，制定本办法。", [("白鹭市教育条例", "", "依据")]),
        ("按照《白鹭市教育条例》第三条规定执行。", [("白鹭市教育条例", "", "依据")]),
        ("为深入贯彻落实《白鹭市教育规划》，现通知如下。", [("白鹭市教育规划", "", "依据")]),
        ("违反《白鹭市教育条例》的，予以通报。", [("白鹭市教育条例", "", "引用")]),
        (
            "依据《白鹭市教育规划》（白政发〔2022〕3号）要求。",
            [("白鹭市教育规划", "白政发〔2022〕3号", "依据")],
        ),
        (
            "省教育厅《关于加强校园安全的意见》(白教发[2021]第08号，以下简称《意见》)印发后，各地落实《意见》。",
            [
                ("关于加强校园安全的意见", "白教发〔2021〕8号", "引用"),
                ("关于加强校园安全的意见", "白教发〔2021〕8号", "引用"),
            ],
        ),
        ("本规定自5月1日起施行，《白鹭市教育办法》同时废止。", [("白鹭市教育办法", "", "废止")]),
        (
            "2003年市政府发布的《甲市办法》、2005年市政府发布的《乙市规定》和《丙市细则》同时废止。",
            [("甲市办法", "", "废止"), ("乙市规定", "", "废止"), ("丙市细则", "", "废止")],
        ),
        ("决定废止《白鹭市教育办法》（2001年发布）。", [("白鹭市教育办法", "", "废止")]),
        ("《白鹭市教育办法》中关于收费的规定同时废止。", [("白鹭市教育办法", "", "修改")]),
        ("《白鹭市教育办法》废止前订立的合同继续履行。", [("白鹭市教育办法", "", "引用")]),
        ("对《白鹭市教育条例》作如下修改：", [("白鹭市教育条例", "", "修改")]),
        ("将《白鹭市教育条例》第九条修改为：“九”。", [("白鹭市教育条例", "", "修改")]),
        ("现将《白鹭市教育办法》印发给你们，请遵照执行。", [("白鹭市教育办法", "", "印发")]),
        (
            "现将《省教育厅关于减负的通知》转发给你们。",
            [("省教育厅关于减负的通知", "", "转发")],
        ),
        (
            "将第九条（《乙市条例》第三条）修改为：“九”。",
            [("乙市条例", "", "引用")],
        ),
        ("国务院印发《青年发展规划》。", [("青年发展规划", "", "引用")]),
        (
            "根据《关于印发〈白鹭市教育办法〉的通知》执行。",
            [
                ("关于印发〈白鹭市教育办法〉的通知", "", "依据"),
                ("白鹭市教育办法", "", "依据"),
            ],
        ),
        (
            "见《关于修改<白鹭市教育条例>的决定》。",
            [("关于修改<白鹭市教育条例>的决定", "", "引用"), ("白鹭市教育条例", "", "引用")],
        ),
        ("请按云政发〔2022〕3号文件办理。", [("", "云政发〔2022〕3号", "依据")]),
        ("市人民政府令第12号公布的《白鹭市停车办法》", [("白鹭市停车办法", "市人民政府令第12号", "引用")]),
        ("依照《中華人民共和國教師法》辦理。", [("中華人民共和國教師法", "", "依据")]),
        ("应当取得《食品经营许可证》，并填写《申请表》，见《白鹭日报》。", []),
        ("按照本办法和该条例的规定，公布《办法》。", []),
        ("依法处理，不依不饶；无依据。", []),
    ],
)  # fmt: skip
def test_a_citation_is_found_with_what_is_done_with_it(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    assert cited(text) == expected


def test_the_span_is_the_title_without_its_brackets_and_the_proof_its_sentence() -> None:
    text = "一、总则\n甲。根据《白鹭市教育条例》（白政发〔2022〕3号）、市政规〔2021〕9号制定。乙。"
    title, number = read_references(make_document(text))
    assert cut(text, title.span) == "白鹭市教育条例"
    assert cut(text, number.span) == "市政规〔2021〕9号"
    proof = "根据《白鹭市教育条例》（白政发〔2022〕3号）、市政规〔2021〕9号制定。"
    assert [cut(text, r.sentence) for r in (title, number)] == [proof, proof]


def test_a_title_may_run_over_the_end_of_a_line_but_not_over_a_paragraph() -> None:
    assert cited("根据《白鹭市\n教育条例》制定。\n") == [("白鹭市教育条例", "", "依据")]
    assert cited("《白鹭市\n\n教育条例》\n") == []


def test_a_name_without_the_form_of_a_document_is_left_to_the_corpus() -> None:
    (found,) = read_references(make_document("阅读《青岚故事》。"))
    assert found == Reference("青岚故事", "", "引用", found.span, found.sentence, is_document=False)


def test_what_stands_outside_the_article_is_not_looked_at() -> None:
    page = (
        "<html><body><nav><a>《白鹭市停车办法》</a></nav><h1>关于养犬的通知</h1>"
        "<p>各区：根据《白鹭市养犬条例》，现就有关事项通知如下。请认真执行。</p></body></html>"
    )
    found = read_references(make_document(page, "a.html"))
    assert [r.name for r in found] == ["白鹭市养犬条例"]


def test_a_rule_does_not_cite_the_order_that_published_it() -> None:
    assert cited("# 停车条例\n\n2007年3月31日 国务院令第491号公布\n\n第一条 为了停车。\n") == []


@pytest.mark.parametrize(
    "lead", ["下列文件予以废止：", "现决定废止以下2件文件。", "附件：废止的规范性文件目录"]
)
def test_a_list_has_the_action_that_its_lead_announces(lead: str) -> None:
    text = f"关于清理文件的通知\n请知悉。\n{lead}\n1.《甲市办法》（甲政发〔2001〕2号）\n2.《乙市办法》\n特此通知。\n《丙市办法》另行制定。\n"
    assert cited(text) == [
        ("甲市办法", "甲政发〔2001〕2号", "废止"),
        ("乙市办法", "", "废止"),
        ("丙市办法", "", "引用"),
    ]


def test_a_row_of_a_list_needs_no_brackets() -> None:
    text = (
        "白鹭市关于废止2件文件的通知\n经研究，决定废止以下2件文件。\n序号 | 名称 | 文号 | 理由\n"
        "1 | 白鹭市登记办法 | 白政规〔2015〕6号 | 已免费\n2 | 白鹭市采购规定 | | 不符\n一、上述文件一律停止执行。\n"
    )
    assert cited(text) == [
        ("白鹭市登记办法", "白政规〔2015〕6号", "废止"),
        ("白鹭市采购规定", "", "废止"),
    ]


def test_what_stays_in_force_is_not_repealed() -> None:
    text = "关于废止部分文件的决定\n一、《甲市办法》予以废止。\n二、《乙市办法》继续有效。\n"
    assert [action for _, _, action in cited(text)] == ["废止", "引用"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("依照刑法第六条处理。", [("刑法", "", "依据")]),
        ("本辦法依大學法（以下簡稱本法）第三條規定訂定。", [("大學法", "", "依据")]),
        ("违反刑法和大学法规定的。", [("刑法", "", "引用"), ("大学法", "", "引用")][1:]),
        ("依照中华人民共和国刑法第六条。", [("中华人民共和国刑法", "", "依据")]),
        ("依照军事刑法第六条。", []),
        ("依照本法第六条。", []),
        ("刑法很重要。", []),
    ],
)
def test_a_title_of_the_corpus_is_known_without_brackets_before_an_article(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    assert cited(text, "刑法", "大学法") == expected


def check(text: str) -> None:
    document = Document("a.txt", "", text, Header(), (), ())
    for reference in read_references(document, frozenset({"刑法"})):
        assert reference.name or reference.doc_number
        assert 0 <= reference.span.start < reference.span.end <= len(document.text)
        assert reference.sentence.contains(reference.span)


@given(notice_text)
def test_every_reference_lies_in_the_sentence_that_proves_it(text: str) -> None:
    check(f"{text}\n依据《{text[:30]}》（甲政发〔2022〕3号）、刑法第三条。")


@given(any_text)
def test_any_text_can_be_read_for_references(text: str) -> None:
    check(f"甲《{text}〈{text[::-1]}》同时废止，以下简称《{text[:5]}》")
