"""What a notice says of itself, each field with the span that proves it."""

import pytest
from hypothesis import given

from indexer.division import NATION
from indexer.doc_number import find_doc_numbers
from indexer.errors import ReadError
from indexer.header import read_header
from indexer.places import place_at_start
from indexer.records import Document, Field, Header, Locality
from indexer.text import lines, simplify
from tests.make import any_text, cut, make_document, notice_text

BODY = (
    "各县（区）人民政府：\n现将有关事项通知如下。\n一、加强领导。\n二、落实责任。\n三、按时报送。"
)


def fields(text: str, name: str = "a.txt") -> dict[str, str]:
    """The values of the fields that are there."""
    header = make_document(text, name).header
    return {
        label: field.value
        for label in Header.__slots__
        if label != "mentions"
        for field in [getattr(header, label)]
        if field is not None
    }


def check_proofs(header: Header, text: str) -> None:
    """Every span lies in the text and says what the field's value says."""
    plain = simplify(text)
    exact = ("title", "index_number", "issuer", "kind", "status")
    for label in exact:
        field: Field | None = getattr(header, label)
        if field is not None:
            assert cut(plain, field.span).replace("\n", "") == simplify(field.value)
    for place in filter(None, [header.locality, *header.mentions]):
        check_place(place, cut(plain, place.span))
    for field in (header.doc_number, header.issued_on, header.published_on):
        if field is not None:
            assert 0 <= field.span.start < field.span.end <= len(text)
    if header.doc_number:
        written = cut(text, header.doc_number.span)
        assert [number for number, _ in find_doc_numbers(written)] == [header.doc_number.value]


def check_place(place: Locality, written: str) -> None:
    """The words name the place, in full, in short or as it was called; or they are the 文号 or the
    host that tells it."""
    named = place_at_start(f"{written}管委会", place.parents, short=True)  # it may be a zone
    told = find_doc_numbers(written) or written.endswith(".tw")
    assert place.value == NATION or told or (named and named.place.name == place.value)


@given(any_text)
def test_any_text_has_a_header_with_proofs(text: str) -> None:
    check_proofs(read_header(text, lines(text), []), text)


@given(notice_text)
def test_what_looks_like_a_notice_has_a_header_with_proofs(text: str) -> None:
    for name in ("a.txt", "a.md"):
        try:
            document: Document = make_document(text, name)
        except ReadError:
            return
        check_proofs(document.header, document.text)


TABLE = (
    "索引号 | 000014349/2023-00012 | 文　　号 | 某政办发〔2023〕5号 |\n"
    "发布机构 | 玉溪市教育局 | 公开日期 | 2023-03-15 |\n时效 | 有效 | 体裁分类 | 通知 |\n"
)


def test_a_header_table_is_read() -> None:
    assert fields(f"{TABLE}玉溪市教育局关于做好招生工作的通知\n{BODY}") == {
        "title": "玉溪市教育局关于做好招生工作的通知",
        "doc_number": "某政办发〔2023〕5号",
        "index_number": "000014349/2023-00012",
        "issuer": "玉溪市教育局",
        "published_on": "2023-03-15",
        "kind": "通知",
        "status": "有效",
        "addressee": "各县(区)人民政府",
        "locality": "玉溪市",
    }


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ("文号 | 浏览量 | 9 |", {}),
        ("文号 |  | 时效 | 有效", {"status": "有效"}),
        ("时效 |  | 主动公开 |", {}),
        ("发布机构 |  | 发布日期 |  ", {}),
        ("| 索引号 | QL018-2023 |", {"index_number": "QL018-2023"}),
        ("索 引 号：\tQL018-2023\t时效：\t\t有效", {"index_number": "QL018-2023", "status": "有效"}),
        ("文号：", {}),
        ("文号： 发布日期：2023-02-14", {"published_on": "2023-02-14"}),
        ("- 文号：玉政发〔2023〕1号", {"doc_number": "玉政发〔2023〕1号"}),
        ("【文号】玉政发〔2023〕1号", {}),
        ("【文号】：玉政发（2023）1号", {"doc_number": "玉政发〔2023〕1号"}),
        ("文 號：玉政發[2023]1號 來源：玉溪市教育局",
         {"doc_number": "玉政发〔2023〕1号", "issuer": "玉溪市教育局", "locality": "玉溪市"}),
        ("来源：新华网  时间：2023年2月14日", {"published_on": "2023-02-14"}),
        ("最新異動日期：20231024", {"issued_on": "2023-10-24"}),
        ("成文日期：20231324", {}),
        ("成文日期：未知", {}),
        ("索引号：无", {}),
        ("责任单位：玉溪市教育局", {"locality": "玉溪市"}),
    ],
)  # fmt: skip
def test_a_label_announces_its_own_value_or_nothing(row: str, found: dict[str, str]) -> None:
    text = f"{row}\n做好招生工作\n一、加强领导。"
    expected = {"title": "做好招生工作", **found}
    assert fields(text) == expected


def test_the_first_sound_value_of_a_label_wins() -> None:
    text = "发布日期：待定\n发布日期：2023-02-14\n发布日期：2024-02-14\n做好招生工作\n一、做。"
    assert fields(text)["published_on"] == "2023-02-14"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("【虚构示例】本文为虚构。\n某市关于招生的通知\n一、做。", "某市关于招生的通知"),
        ("某市工作要点（摘要）\n说明：本文为摘要。\n一、做。", "某市工作要点（摘要）"),
        ("说明：本文为摘要\n某市工作要点（摘要）\n一、做。", "某市工作要点（摘要）"),
        ("某市人民政府文件\n某政发〔2023〕1号\n某市关于招生的通知\n一、做。", "某市关于招生的通知"),
        ("某市关于印发《某市招生工作\n实施方案》的通知\n各县：\n一、做。", "某市关于印发《某市招生工作实施方案》的通知"),
        ("奋力谱写教育新篇章\n作者: 张三讲了很多话。\n一、做。", "奋力谱写教育新篇章"),
        ("**某市关于招生的通知**\n一、做。", "某市关于招生的通知"),
        ("2023年5月6日\n首页 > 公开\n附件：表\n某市关于招生的通知\n一、做。", "某市关于招生的通知"),
        # Without a title line: the document that is announced, else how the notice begins.
        ("近日印发《某市招生工作实施方案》，要求做好。\n一、做。", "某市招生工作实施方案"),
        ("今年我市招生工作有新的变化，请注意。\n一、做。", "今年我市招生工作有新的变化"),
        ("索引号 | 1234 |\n今年我市招生工作有新的变化！", "今年我市招生工作有新的变化"),
    ],
)  # fmt: skip
def test_the_title(text: str, title: str) -> None:
    assert fields(text)["title"] == title


@pytest.mark.parametrize(
    ("page", "title"),
    [
        (
            "<h1>某市人民政府门户网站</h1><h2>某市关于招生的通知</h2><p>一、做。</p>",
            "某市关于招生的通知",
        ),
        ("<h1>某市教育局</h1><p>某市关于招生的通知</p><p>做。</p>", "某市关于招生的通知"),
        (
            "<div class=related><h3>相关阅读</h3></div><h2>招生工作问答</h2><p>做。</p>",
            "招生工作问答",
        ),
    ],
)
def test_the_title_of_a_page_is_not_the_name_of_its_site(page: str, title: str) -> None:
    assert fields(page, "a.html")["title"] == title


@pytest.mark.parametrize(
    ("title", "issuer", "locality"),
    [
        ("青岚市人民政府办公室关于印发某方案的通知", "青岚市人民政府办公室", "青岚市"),
        ("北京市人民代表大会常务委员会关于加强监督的决定", "北京市人民代表大会常务委员会", "北京市"),
        ("玉溪市教育体育局等九部门关于招生的通知", "玉溪市教育体育局", "玉溪市"),
        ("玉溪市教育局 玉溪市财政局关于经费的通知", "玉溪市教育局", "玉溪市"),
        ("中共合作市委市人民政府关于改革的意见", "中共合作市委市人民政府", "合作市"),
        ("国务院办公厅关于招生的通知", "国务院办公厅", "国家"),
        ("施甸县教育体育局2021年工作计划", "施甸县教育体育局", "施甸县"),
        ("听政策丨银川市教育局:促进公平", "银川市教育局", "银川市"),
        ("上海市促进浦东新区商事调解规定", None, "上海市"),
        ("做好全市招生工作的通知", None, None),
    ],
)  # fmt: skip
def test_the_issuer_and_the_place_in_a_title(
    title: str, issuer: str | None, locality: str | None
) -> None:
    found = fields(f"{title}\n一、做。")
    assert (found["title"], found.get("issuer"), found.get("locality")) == (
        title,
        issuer,
        locality,
    )


@pytest.mark.parametrize(
    ("signature", "found"),
    [
        ("玉溪市教育局\n2022年12月6日", ("玉溪市教育局", "2022-12-06")),
        ("玉溪市教育局 玉溪市财政局\n玉溪市税务局\n二〇二二年十二月六日", ("玉溪市教育局", "2022-12-06")),
        ("2022年12月6日", (None, "2022-12-06")),
        ("玉溪市教育局\n到2022年12月6日完成。", (None, None)),
        ("玉溪市教育局\n2022年2月30日", (None, None)),
    ],
)  # fmt: skip
def test_the_signature(signature: str, found: tuple[str | None, str | None]) -> None:
    values = fields(f"关于做好招生工作的通知\n{BODY}\n{signature}")
    assert (values.get("issuer"), values.get("issued_on")) == found


@pytest.mark.parametrize(
    ("history", "day"),
    [
        ("2018年5月24日 某市人大常委会第四次会议通过\n2020年3月1日 第九次会议修正", "2020-03-01"),
        ("（2018年5月24日某市人大常委会通过　根据2020年3月1日《决定》修正）", "2020-03-01"),
        ("（2024年1月12日）", "2024-01-12"),
        ("——2024年1月12日在某市第十八届人民代表大会第三次会议上", "2024-01-12"),
        ("2001年12月27日 施行", None),
        ("2018年5月24日，市政府通过了方案。", None),
    ],
)
def test_a_rule_says_below_its_title_when_it_was_passed(history: str, day: str | None) -> None:
    found = fields(f"某市招生条例\n{history}\n第一条　为规范，制定本条例。")
    assert found.get("issued_on") == day


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("玉政发〔2023〕1号", "玉政发〔2023〕1号"),
        ("（玉政发[2023]第１号）", "玉政发〔2023〕1号"),
        ("**玉政發（2023）001號**", "玉政发〔2023〕1号"),
        ("根据玉政发〔2023〕1号文件", None),
        ("玉政发〔2023〕1号、玉政发〔2023〕2号", None),
    ],
)
def test_a_doc_number_stands_alone_near_the_title(line: str, number: str | None) -> None:
    assert fields(f"做好招生工作的通知\n{line}\n一、做。").get("doc_number") == number


def test_a_doc_number_in_the_title_is_the_notices_own() -> None:
    text = "关于做好招生工作的通知（玉政发〔2023〕1号）\n一、做。"
    assert fields(text)["doc_number"] == "玉政发〔2023〕1号"
