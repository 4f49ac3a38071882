"""Whole notices are read as a person reads them: the five real ones, the project's own, laws."""

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from indexer.chunking import cut_passages
from indexer.division import stem
from indexer.notices import read_document
from indexer.records import Document, Exclusion, Span
from indexer.text import simplify
from tests.make import OWN, SHARED, cut, make_document
from tests.test_chunking import check_passages
from tests.test_header import check_proofs
from tests.test_outline import check_nesting

LIMIT = 220


def read(path: Path, folder: Path) -> Document:
    return read_document(path.relative_to(folder).as_posix(), path.read_bytes())


def check(document: Document) -> None:
    """What every document keeps, whatever it says."""
    check_proofs(document.header, document.text)
    check_nesting(document.sections, document.text)
    check_passages(document, cut_passages(document, len, LIMIT), LIMIT)


@dataclass(frozen=True)
class Truth:
    """What a person finds in a notice; `title` gives the ends of a long one and its length."""

    title: tuple[str, str, int]
    locality: str
    kind: str | None = None
    doc_number: str | None = None
    index_number: str | None = None
    issuer: str | None = None
    issued_on: str | None = None
    published_on: str | None = None
    status: str | None = None
    roots: int = 0
    levels: tuple[int, ...] = ()  # how many sections stand on level 1, 2, …
    excluded: tuple[tuple[str, int], ...] = ()  # how many stretches, by reason


def found_in(document: Document) -> Truth:
    header = document.header
    title = document.title
    levels = Counter(section.level for section in document.sections)
    unnumbered = [s for s in document.sections if s.level == 1 and (s.is_annex or not s.number)]
    return Truth(
        title=(title[:5], title[-5:], len(title)),
        locality=document.locality,
        roots=len(unnumbered),
        levels=tuple(levels[level] for level in sorted(levels)),
        excluded=tuple(sorted(Counter(e.reason for e in document.exclusions).items())),
        **{
            name: field.value if (field := getattr(header, name)) else None
            for name in ("kind", "doc_number", "index_number", "issuer", "issued_on",
                         "published_on", "status")
        },
    )  # fmt: skip


# Read by eye in the files; the first and the fourth are in Traditional characters.
REAL = {
    "000": Truth(
        ("昭通市教育", "025年)", 26), "昭通市", "行动方案", roots=5, levels=(5,),
        excluded=(("图片说明", 4), ("评论", 1)),
    ),
    "001": Truth(("奋力谱写羚", "教育新篇章", 11), "合作市", levels=(5,), excluded=(("编辑署名", 1),)),
    "002": Truth(
        ("玉溪市教育", "方案的通知", 70), "玉溪市", "通知", "玉教体联〔2022〕26号", "53040020231421357",
        "玉溪市教育体育局", "2022-12-06", "2023-02-14",
        roots=2, levels=(2, 8, 28, 18), excluded=(("相关链接", 10),),
    ),
    "003": Truth(
        ("聽“銀”説", "高質量發展", 31), "银川市", issuer="银川市教育局", published_on="2024-10-17",
        levels=(3, 8), excluded=(("编辑署名", 1), ("网页标题", 1)),
    ),
    "004": Truth(
        ("施甸县教育", "年工作计划", 17), "施甸县", "工作计划", index_number="01525914-6-/2020-1130003",
        issuer="施甸县教育体育局", published_on="2020-11-30", levels=(5, 11),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def real() -> dict[str, Document]:
    folder = SHARED / "corpus"
    if not folder.is_dir():
        pytest.skip("the five real notices are not beside the project")
    return {path.name[:3]: read(path, folder) for path in sorted(folder.glob("*.txt"))}


@pytest.mark.parametrize("name", REAL)
def test_a_real_notice_is_read_as_a_person_reads_it(real: dict[str, Document], name: str) -> None:
    assert found_in(real[name]) == REAL[name]
    check(real[name])


def test_the_captions_of_a_report_are_found_by_what_they_name(real: dict[str, Document]) -> None:
    document = real["000"]
    captions = [cut(document.text, e.span) for e in document.exclusions if e.reason == "图片说明"]
    assert [simplify(caption)[-6:] for caption in captions] == [
        "附属镇雄中学", "小学课间阅读", "六一”运动会", "课间文体活动",
    ]  # fmt: skip
    assert [section.heading for section in document.sections] == [
        "補齊教育短板", "明確工作目標", "部署重點任務", "强化保障措施", "聲音",
    ]  # fmt: skip


def test_a_wrong_number_stays_as_printed(real: dict[str, Document]) -> None:
    """The plan's fourth part counts (一), (二), (三), (五)."""
    sections = real["002"].sections
    part = next(n for n, s in enumerate(sections) if s.number == "四、")
    assert [s.number for s in sections if s.parent == part] == ["(一)", "(二)", "(三)", "(五)"]
    assert [s.number for s in sections if s.parent == 0] == ["一、", "二、", "三、", "四、", "五、"]


def test_a_sentence_knows_the_headings_above_it(real: dict[str, Document]) -> None:
    document = real["002"]
    passages = cut_passages(document, len, LIMIT)
    (passage,) = [each for each in passages if "不得超过55人" in each.text]
    assert [heading[:5] for heading in passage.headings] == ["玉溪市“十", "二、重点任", "(七)消除"]
    assert any(quote.endswith("不得超过3000人。") for quote in passage.quotes())


def test_answers_belong_to_their_question(real: dict[str, Document]) -> None:
    document = real["003"]
    levels = [(section.level, section.number) for section in document.sections]
    assert levels == [
        (1, "问:"),
        (1, "问:"), (2, "一、"), (2, "二、"), (2, "三、"),
        (1, "问:"), (2, "一、"), (2, "二、"), (2, "三、"), (2, "四、"), (2, "五、"),
    ]  # fmt: skip


# -- the project's own corpus --------------------------------------------------------------------

OWN_FILES = sorted(path for path in OWN.rglob("*") if path.suffix in (".txt", ".md", ".html"))
OWN_TRUTH = {
    "digests/003.txt": Truth(
        ("銀川市統籌", "答（摘要）", 15), "银川市", "问答", published_on="2024-10-17", levels=(3, 12, 10),
    ),
    "digests/20230214_26号文摘要.txt": Truth(
        ("玉溪市学前", "案（摘要）", 20), "玉溪市", "方案", "玉教体联〔2022〕26号", "53040020231421357",
        "玉溪市教育体育局", "2022-12-06", "2023-02-14", levels=(2, 8, 21),
    ),
    "digests/hezuo_2023.md": Truth(
        ("合作市20", "点（摘要）", 18), "合作市", "工作要点", levels=(7, 23)
    ),
    "digests/施甸县2021年教育工作计划摘要.md": Truth(
        ("施甸县20", "划（摘要）", 20), "施甸县", "工作计划", index_number="01525914-6-/2020-1130003",
        issuer="施甸县教育体育局", published_on="2020-11-30", levels=(4, 15, 9),
    ),
    "digests/昭通三年行動摘要.txt": Truth(
        ("昭通市教育", "點（摘要）", 15), "昭通市", "要点", levels=(5, 22)
    ),
    "invented/临枫区/t20240312_88213.html": Truth(
        ("《临枫区普", "》政策解读", 22), "临枫区", "解读", "临枫发改价〔2024〕6号", "LF006/2024-00057",
        "临枫区发展和改革局", published_on="2024-03-12", levels=(7,),
        excluded=(("导航", 3), ("相关链接", 1), ("编辑署名", 1), ("页脚", 1)),
    ),
    "invented/临枫区/函-星湖湾二期.txt": Truth(
        ("临枫区教育", "幼儿园的函", 24), "临枫区", "函", "临枫教函〔2023〕9号", None, "临枫区教育局",
        "2023-08-14", levels=(4, 5),
    ),
    "invented/望溪县/P020240118402215.txt": Truth(
        ("政府工作报", "府工作报告", 6), "望溪县", "政府工作报告", issued_on="2024-01-12", levels=(4, 7),
        excluded=(("图片说明", 1),),
    ),
    "invented/汐湾区/公告.txt": Truth(
        ("关于进一步", "工作的公告", 30), "汐湾区", "公告", "汐湾防指告〔2024〕2号", None,
        "汐湾区人民政府防汛抗旱指挥部", "2024-05-20", levels=(9,),
    ),
    "invented/白鹭市/20230602高龄津贴.txt": Truth(
        ("白鹭市人民", "订）的通知", 36), "白鹭市", "通知", "白鹭政规〔2023〕5号", None, "白鹭市人民政府",
        "2023-06-02", roots=1, levels=(1, 5, 15, 3),
    ),
    "invented/白鹭市/art_1273_40956.html": Truth(
        ("白鹭市人民", "文件的通知", 28), "白鹭市", "通知", "白鹭政办发〔2022〕27号", "BL001-01-2022-0139",
        "白鹭市人民政府办公室", "2022-08-15", "2022-08-18", levels=(5,),
        excluded=(("导航", 3), ("链接列表", 1), ("页脚", 1), ("页面按钮", 1)),
    ),
    "invented/白鹭市/高龄津贴发放管理办法（试行）.md": Truth(
        ("白鹭市人民", "行）的通知", 31), "白鹭市", "通知", "白鹭政规〔2019〕3号", None, "白鹭市人民政府",
        "2019-05-30", roots=1, levels=(1, 5, 14, 6),
    ),
    "invented/砚湖县/P020231009318.html": Truth(
        ("白鹭市农业", "设计的批复", 34), "白鹭市", "批复", "白鹭农建复〔2023〕7号", "YH023-2023-10009",
        "白鹭市农业农村局", "2023-09-26", "2023-10-09", levels=(5, 7),
        excluded=(("导航", 2), ("相关链接", 3), ("编辑署名", 1), ("链接列表", 1), ("页脚", 1)),
    ),
    "invented/砚湖县/砚湖政办发[2021]12号.txt": Truth(
        ("砚湖县人民", "标准的通知", 32), "砚湖县", "通知", "砚湖政办发〔2021〕12号", None,
        "砚湖县人民政府办公室", "2021-08-26", levels=(4, 9),
    ),
    "invented/霁川市/content_5561.html": Truth(
        ("霁川市职工", "障实施细则", 21), "霁川市", "实施细则", None, "JC-YB-2022-0088",
        "霁川市医疗保障局", published_on="2022-12-19", status="有效", levels=(12, 5),
        excluded=(("导航", 3), ("相关链接", 4), ("页脚", 1), ("页面按钮", 1)),
    ),
    "invented/霁川市/新建文本文档.md": Truth(
        ("霁川市人民", "措施的通知", 30), "霁川市", "通知", "霁川政办发〔2023〕14号", None,
        "霁川市人民政府办公室", "2023-03-15", roots=1, levels=(1, 4, 13),
    ),
    "invented/青岚市/qzbf_2022_31.md": Truth(
        ("青岚市人民", "方案的通知", 50), "青岚市", "通知", "青岚政办发〔2022〕31号", None,
        "青岚市人民政府办公室", "2022-08-09", roots=2, levels=(2, 7, 9, 5),
    ),
    "invented/青岚市/青岚市义务教育学校大班额化解工作方案.txt": Truth(
        ("青岚市教育", "案》的通知", 33), "青岚市", "通知", "青岚教发〔2023〕18号", "QL018-2023-00417",
        "青岚市教育局", "2023-04-17", "2023-04-21", roots=3, levels=(3, 7, 9, 8, 3),
    ),
    "invented/鹤汀县/託育學位計劃.txt": Truth(
        ("鶴汀縣人民", "計劃的通知", 33), "鹤汀县", "通知", "鹤汀政发〔2022〕15号", None, "鹤汀县人民政府",
        "2022-10-28", roots=1, levels=(1, 4, 7, 11),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OWN_TRUTH)
def test_a_notice_of_the_projects_own_is_read_as_it_was_written(name: str) -> None:
    document = read(OWN / name, OWN)
    assert found_in(document) == OWN_TRUTH[name]
    check(document)


def test_every_notice_of_the_projects_own_has_its_truth() -> None:
    assert [path.relative_to(OWN).as_posix() for path in OWN_FILES] == sorted(OWN_TRUTH)


@pytest.mark.parametrize("name", [name for name in OWN_TRUTH if name.endswith(".html")])
@pytest.mark.parametrize(
    "debris",
    ["首页", "当前位置", "打印", "责任编辑", "相关阅读", "相关链接", "备案号", "主办单位", "登录"],
)
def test_nothing_around_the_article_is_in_a_passage(name: str, debris: str) -> None:
    document = read(OWN / name, OWN)
    passages = cut_passages(document, len, LIMIT)
    assert [passage.text for passage in passages if debris in passage.text] == []


def test_a_table_of_a_page_keeps_its_empty_cells() -> None:
    name = "invented/霁川市/content_5561.html"
    rows = [row for row in read(OWN / name, OWN).text.split("\n") if " | " in row]
    assert rows[2:] == ["文号 |  | 时效 | 有效", "来源 |  | 浏览次数 | 1306"]


# -- laws, where they are at hand ----------------------------------------------------------------


def laws(country: str, step: int) -> list[Path]:
    return sorted((SHARED / "corpora" / country).rglob("*.md"))[::step]


@pytest.mark.slow
@pytest.mark.parametrize(("country", "step"), [("laws_cn", 75), ("laws_tw", 36)])
def test_a_law_has_its_name_and_its_articles(country: str, step: int) -> None:
    sample = laws(country, step)
    if not sample:
        pytest.skip("the laws are not beside the project")
    for path in sample:
        document = read(path, SHARED)
        check(document)
        first_line = document.text.split("\n", 1)[0]
        assert document.title == first_line.removeprefix("# ").strip()
        articles = [s for s in document.sections if s.number.endswith(("条", "條"))]
        in_text = sum(
            simplify(line.lstrip("#* ")).replace(" ", "")[:2] in _ARTICLE_STARTS
            and "条" in simplify(line)[:9]
            for line in document.text.split("\n")
        )
        assert len(articles) >= in_text * 0.9, path.name
        assert {e.reason for e in document.exclusions} <= {"注释"}


_ARTICLE_STARTS = {f"第{digit}" for digit in "一二三四五六七八九十0123456789"}


# -- what a notice may do to the reader ----------------------------------------------------------


def test_the_same_content_gives_the_same_document() -> None:
    text = "某市关于招生的通知\n一、做。"
    assert make_document(text) == make_document(text)


def test_excluded_characters_are_counted_by_reason() -> None:
    exclusions = (
        Exclusion("导航", Span(0, 3)),
        Exclusion("页脚", Span(5, 6)),
        Exclusion("导航", Span(8, 10)),
    )
    document = replace(make_document("某市关于招生的通知\n一、做。"), exclusions=exclusions)
    assert document.excluded == (("导航", 5), ("页脚", 1))


PARAGRAPH = "为解决大班额问题，改善办学条件，促进教育公平，根据有关要求，结合实际，制定本方案。"
HUGE = {
    "10,000 headings": "某市关于招生的通知\n"
    + "\n".join(
        f"第{n}条 {PARAGRAPH}" if n % 3 else f"（一）加强。{PARAGRAPH}" for n in range(10_000)
    ),
    "10,000 bare headings": "某市关于招生的通知\n" + "\n".join(["1.加强工作"] * 10_000),
    "one line of 100,000 characters": "字" * 100_000,
    "an exclusion in every other line": f"某市关于招生的通知\n{PARAGRAPH}\n编辑：张三\n" * 5_000,
    "plans without end": "某市关于招生的通知\n" + f"某某实施方案\n{PARAGRAPH}\n" * 5_000,
    "quotes that never close": "某市关于招生的通知\n" + "《〈“（" * 10_000,
    "labels without end": "来源：发布日期：" * 5_000,
    "white space": "某市关于招生的通知" + " " * 50_000 + "x" + "\n" * 50_000 + "x",
}


@pytest.mark.slow
@pytest.mark.parametrize("text", HUGE.values(), ids=HUGE)
def test_a_huge_notice_of_any_form_is_read_whole(text: str) -> None:
    document = make_document(text)
    covered = sum(len("".join(p.text.split())) for p in cut_passages(document, len, LIMIT))
    left_out = sum(len("".join(document.text[slice(*e.span)].split())) for e in document.exclusions)
    signs = sum(not c.isalnum() for c in "".join(text.split()))
    assert len("".join(text.split())) - signs <= covered + left_out <= len("".join(text.split()))


def test_headings_nested_as_deep_as_they_go_are_read() -> None:
    marks = [
        "第一编 甲",
        "第一章 乙",
        "第一节 丙",
        "第一条",
        "■丁",
        "一、戊",
        "（一）己",
        "1.庚",
        "（1）辛",
        "①壬",
        "——癸。子",
    ]
    document = make_document("某市关于招生的通知\n" + "\n".join(marks))
    assert [section.level for section in document.sections] == list(range(1, 12))
    check(document)


REPORTS = SHARED / "corpora" / "provincial_2025"


@pytest.mark.slow
@pytest.mark.skipif(not REPORTS.is_dir(), reason="the shared documents are not beside the project")
def test_every_provincial_report_gets_its_province_its_year_and_its_kind() -> None:
    read_rightly = []
    paths = sorted(REPORTS.glob("*.docx"))
    for path in paths:
        document = read_document(path.name, path.read_bytes())
        header = document.header
        year, place = path.name[:4], path.name[5:].removesuffix("政府工作报告.docx")
        read_rightly.append(
            stem(document.locality) == stem(place)
            and header.issued_on is not None
            and header.issued_on.value.startswith(year)
            and header.kind is not None
            and header.kind.value == "政府工作报告"
        )
    assert read_rightly == [True] * 31
