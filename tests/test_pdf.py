"""A PDF becomes the text that it prints: paragraphs whole, tables in cells, pages known."""

import io
import random
import re
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption

from indexer.errors import ReadError
from indexer.notices import read_document
from indexer.readers import pdf
from indexer.readers.pdf import read
from indexer.readers.source import Source
from indexer.records import Caution
from tests.make import cut
from tests.pdf_files import (
    ACROSS,
    DOWNWARDS,
    LEFT,
    PITCH,
    SIZE,
    TOP,
    Paper,
    broken,
    odf,
    odf_columns,
    odf_note,
    odf_table,
    office_pdf,
    picture,
    printed_words,
)

TITLE = "青岚市人民政府办公室关于印发学前教育发展提升行动计划的通知"
FIRST = (
    "为贯彻落实国家和省关于学前教育的部署，健全普及普惠、安全优质的公共服务体系，到2025年底，全市普惠性幼儿园"
    "覆盖率达到90%以上，各县区要结合实际制定方案，明确时间表和路线图，压实工作责任，按期完成任务。"
)
SECOND = "各县区要落实属地管理责任，把学前教育经费列入年度预算，按照每生每年不低于600元的标准拨付公用经费，并逐年提高。"


def lines_of(source: Source) -> list[str]:
    return source.text.splitlines()


def left_out(source: Source) -> list[tuple[str, str]]:
    return [(cut(source.text, each.span), each.reason) for each in source.exclusions]


def on_pages(source: Source) -> list[str]:
    return [cut(source.text, page.span) for page in source.pages]


def notice() -> Paper:
    """A notice as it is printed: red head, title of two lines, body, signature."""
    paper = Paper()
    paper.canvas.setFillColorRGB(0.9, 0, 0)
    paper.middle("青岚市人民政府办公室文件", 90, 30)
    paper.canvas.setFillColorRGB(0, 0, 0)
    paper.middle("青政办发〔2023〕5号", 130)
    paper.middle("青岚市人民政府办公室关于印发", 190, 22)
    paper.middle("学前教育发展提升行动计划的通知", 222, 22)
    paper.write("各县（区）人民政府，市政府各部门：", LEFT, 280)
    paper.at = 308
    paper.paragraph(FIRST)
    paper.paragraph("一、总体要求")
    paper.paragraph(SECOND)
    paper.right("青岚市人民政府办公室", paper.at + 56)
    paper.right("2023年5月6日", paper.at + 84)
    return paper


def test_broken_lines_are_paragraphs_again() -> None:
    source = read(notice().content())
    assert lines_of(source) == [
        "青岚市人民政府办公室文件",
        "青政办发〔2023〕5号",
        TITLE,
        "各县（区）人民政府，市政府各部门：",
        FIRST,
        "一、总体要求",
        SECOND,
        "青岚市人民政府办公室",
        "2023年5月6日",
    ]
    assert source.cautions == source.exclusions == ()


def test_a_title_over_two_lines_is_one_heading_and_the_red_head_is_none() -> None:
    source = read(notice().content())
    assert [(cut(source.text, span), level) for span, level in source.headings] == [(TITLE, 1)]


def test_the_title_and_number_of_a_printed_notice_are_found() -> None:
    document = read_document("a.pdf", notice().content())
    assert document.title == TITLE
    assert document.header.doc_number and document.header.doc_number.value == "青政办发〔2023〕5号"


def test_words_of_latin_letters_keep_their_spaces_and_hyphens() -> None:
    paper = Paper()
    paper.write("The plan of action of the city government covers all kinder-", LEFT, 100)
    paper.write("gartens and primary schools, and it is carried out in all of the", LEFT, 128)
    paper.write("counties，包括县区ABC三类。", LEFT, 156)
    assert lines_of(read(paper.content())) == [
        "The plan of action of the city government covers all kinder-gartens and primary schools, "
        "and it is carried out in all of the counties，包括县区ABC三类。"
    ]


def edges(paper: Paper, number: int) -> None:
    """Running heads and numbers, those of left and of right pages."""
    if number % 2:
        paper.right("青岚市教育局文件汇编", 60, 10.5)
        paper.write(f"— {number} —", 430, 770, 14)
    else:
        paper.write("学前教育发展提升行动计划", LEFT, 60, 10.5)
        paper.write(f"— {number} —", 100, 770, 14)


PARAGRAPHS = [f"第{number}项任务，{FIRST * 2}" for number in "一二三四五六七八九"]


@pytest.fixture(scope="module")
def long_text() -> Source:
    paper = Paper(edges)
    for words in PARAGRAPHS:
        paper.paragraph(words)
    return read(paper.content())


def test_a_paragraph_over_the_end_of_a_page_is_whole(long_text: Source) -> None:
    assert [line for line in lines_of(long_text) if line.startswith("第")] == PARAGRAPHS


def test_what_stands_around_the_text_is_kept_out_with_the_reason(long_text: Source) -> None:
    assert left_out(long_text) == [
        ("青岚市教育局文件汇编", "页眉"),
        ("— 1 —", "页码"),
        ("学前教育发展提升行动计划", "页眉"),
        ("— 2 —", "页码"),
        ("青岚市教育局文件汇编", "页眉"),
        ("— 3 —", "页码"),
        ("学前教育发展提升行动计划", "页眉"),
        ("— 4 —", "页码"),
    ]


def test_a_page_begins_where_its_first_line_begins(long_text: Source) -> None:
    pages = on_pages(long_text)
    assert "".join(pages) == long_text.text
    for number, page in enumerate(pages, 1):
        assert page.count(f"— {number} —") == 1
    # Each page but the last is full, and ends within a sentence.
    lines = [line for words in PARAGRAPHS for line in broken(words, ACROSS)]
    for number in (1, 2, 3):
        assert pages[number - 1].endswith(lines[22 * number - 1])
        assert pages[number].startswith(lines[22 * number])


@pytest.mark.parametrize(
    "printed",
    ["— 7 —", "- 7 -", "第7页", "第 7 页 共 20 页", "7/20", "·7·", "－7－", "Page 7 of 20"],
)
def test_a_page_number_is_known_by_its_form(printed: str) -> None:
    paper = notice()
    paper.middle(printed, 790, 10.5)
    assert left_out(read(paper.content())) == [(printed, "页码")]


def test_a_bare_number_at_the_foot_is_a_page_number_where_it_counts_the_pages() -> None:
    paper = Paper(lambda paper, number: paper.middle(str(number), 790, 10.5))
    for words in PARAGRAPHS[:4]:
        paper.paragraph(words)
    assert left_out(read(paper.content())) == [("1", "页码"), ("2", "页码")]


def test_two_columns_are_read_one_after_the_other() -> None:
    paper = Paper()
    paper.middle(TITLE, 80, 16)
    left = [f"左栏第{n}段，{SECOND}" for n in "一二三"]
    right = [f"右栏第{n}段，{SECOND}" for n in "一二三"]
    for words, x in ((left, LEFT), (right, LEFT + 16 * 10.5 + 21)):
        paper.at = 120
        for paragraph in words:
            paper.paragraph(paragraph, x, 16, 10.5, 18)
    paper.write("以上内容跨两栏通排，作为全文的结束语，读在两栏之后。", LEFT, paper.at + 30, 10.5)
    assert lines_of(read(paper.content())) == [
        TITLE, *left, *right, "以上内容跨两栏通排，作为全文的结束语，读在两栏之后。",
    ]  # fmt: skip


def test_columns_of_short_words_are_rows() -> None:
    paper = Paper()
    for row, (name, place) in enumerate(
        (("张三", "望溪县"), ("李四光", "砚湖县"), ("王五", "鹤汀县教育局"), ("赵六", "临枫区"))
    ):
        paper.write(name, LEFT, 120 + 28 * row)
        paper.write(place, 320, 120 + 28 * row)
    assert lines_of(read(paper.content())) == [
        "张三\t望溪县",
        "李四光\t砚湖县",
        "王五\t鹤汀县教育局",
        "赵六\t临枫区",
    ]


XS, YS = (79, 130, 230, 400, 500), (150, 180, 230, 260, 290)
CELLS = [
    (0, 0, 1, 1, "序号"), (0, 1, 1, 1, "县区"), (0, 2, 1, 2, "任务和资金"),
    (1, 0, 1, 1, "1"), (1, 1, 2, 1, "望溪县"), (1, 2, 1, 1, "新建公办幼儿园三所，于本年年底\n前投入使用"), (1, 3, 1, 1, "500"),
    (2, 0, 1, 1, "2"), (2, 2, 1, 1, "改扩建两所"), (2, 3, 1, 1, "230"),
    (3, 0, 1, 1, "3"), (3, 1, 1, 3, "合计七百三十万元"),
]  # fmt: skip


def table_of(source: Source) -> list[list[str]]:
    (table,) = source.tables
    return [[cut(source.text, cell) for cell in row.cells] for row in table.rows]


def test_a_ruled_table_is_rows_of_cells_merged_ones_included() -> None:
    paper = Paper()
    paper.paragraph("任务分解如下：")
    paper.table(XS, YS, CELLS)
    paper.at = 330
    paper.paragraph(SECOND)
    source = read(paper.content())
    assert lines_of(source) == [
        "任务分解如下：",
        "序号 | 县区 | 任务和资金",
        "1 | 望溪县 | 新建公办幼儿园三所，于本年年底前投入使用 | 500",
        "2 | 改扩建两所 | 230",
        "3 | 合计七百三十万元",
        SECOND,
    ]
    assert table_of(source) == [
        ["序号", "县区", "任务和资金", "任务和资金"],
        ["1", "望溪县", "新建公办幼儿园三所，于本年年底前投入使用", "500"],
        ["2", "望溪县", "改扩建两所", "230"],
        ["3", "合计七百三十万元", "合计七百三十万元", "合计七百三十万元"],
    ]
    assert source.tables[0].heads == 1


def test_a_frame_around_text_is_no_table() -> None:
    paper = Paper()
    paper.table((79, 500), (90, 200), [(0, 0, 1, 1, "")])
    paper.write("提示：本表由学校填写。", 90, 120)
    source = read(paper.content())
    assert (source.text, source.tables) == ("提示：本表由学校填写。\n", ())


@pytest.mark.parametrize("repeats", [True, False])
def test_a_table_that_goes_on_is_one(repeats: bool) -> None:
    paper = Paper(lambda paper, number: paper.middle("青岚市教育局文件汇编", 60, 10.5))
    xs = (79, 130, 300, 500)
    head = [(0, 0, 1, 1, "序号"), (0, 1, 1, 1, "学校"), (0, 2, 1, 1, "任务")]
    for page in range(2):
        first = head if page == 0 or repeats else []
        rows = [
            (len(first) // 3 + n, column, 1, 1, words)
            for n in range(2)
            for column, words in enumerate(
                (str(2 * page + n + 1), f"第{2 * page + n + 1}小学", "新建校舍")
            )
        ]
        count = len(first) // 3 + 2
        top = 700 - 30 * count if page == 0 else 100
        if page == 0:
            paper.paragraph("任务见下表：")
        paper.table(xs, [top + 30 * n for n in range(count + 1)], [*first, *rows])
        paper.turn() if page == 0 else None
    source = read(paper.content())
    assert table_of(source) == [
        ["序号", "学校", "任务"],
        *([str(n), f"第{n}小学", "新建校舍"] for n in (1, 2, 3, 4)),
    ]
    assert [words for words, reason in left_out(source) if reason == "重复表头"] == (
        ["序号 | 学校 | 任务"] if repeats else []
    )
    second = cut(source.text, source.pages[1].span)
    assert "2 | 第2小学" not in second and "3 | 第3小学" in second


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What LibreOffice makes of a notice of seven pages."""
    body = odf("青岚市教育局关于印发学前教育发展<text:line-break/>提升行动计划的通知", "Title")
    for number, words in enumerate(PARAGRAPHS[:5]):
        note = odf_note("本说明由青岚市教育局负责解释，自发布之日起施行。") if number == 1 else ""
        body += odf(words + note)
    rows = [
        (
            str(n),
            f"望溪县第{n}小学",
            f"新建教学楼{n}栋，配套建设运动场和图书室，改善办学条件",
            f"{100 + n}",
        )
        for n in range(1, 31)
    ]
    body += odf("——坚持统筹推进。")  # the dash is one shape that says two characters
    body += odf_table(("序号", "学校", "任务", "资金（万元）"), rows)
    body += odf_columns("".join(odf(words, "Column") for words in PARAGRAPHS))
    body += odf("青岚市教育局", "Right") + odf("2024年3月5日", "Right")
    return office_pdf(tmp_path_factory.mktemp("office"), body)


@pytest.mark.slow
def test_an_office_document_comes_back_whole(office: bytes) -> None:
    source = read(office)
    article = [
        line
        for line in lines_of(source)
        if line not in dict(left_out(source)) and " | " not in line
    ]
    assert article == [
        "青岚市教育局关于印发学前教育发展提升行动计划的通知",
        PARAGRAPHS[0],
        PARAGRAPHS[1] + "1",
        "1本说明由青岚市教育局负责解释，自发布之日起施行。",
        *PARAGRAPHS[2:5],
        "——坚持统筹推进。",
        *PARAGRAPHS,
        "青岚市教育局",
        "2024年3月5日",
    ]


@pytest.mark.slow
def test_rows_cut_by_the_end_of_a_page_are_whole(office: bytes) -> None:
    rows = table_of(read(office))
    assert rows == [
        ["序号", "学校", "任务", "资金（万元）"],
        *(
            [
                str(n),
                f"望溪县第{n}小学",
                f"新建教学楼{n}栋，配套建设运动场和图书室，改善办学条件",
                f"{100 + n}",
            ]
            for n in range(1, 31)
        ),
    ]


def solid(words: str) -> Counter[str]:
    return Counter(each for each in words if not each.isspace() and each != "|")


@pytest.mark.slow
def test_no_character_is_lost_or_invented(office: bytes, tmp_path: Path) -> None:
    paper = notice()
    paper.turn()
    paper.table(XS, YS, CELLS)
    for content in (office, paper.content()):
        assert solid(read(content).text) == solid(printed_words(content, tmp_path))


def test_a_turned_page_is_read_upright() -> None:
    paper = Paper()
    paper.canvas.rotate(90)
    lines = broken(SECOND, 40, 0)
    for number, line in enumerate(lines):
        paper.canvas.setFont("STSong-Light", SIZE)
        paper.canvas.drawString(100, -200 - PITCH * number, line)
    paper.canvas.setPageSize(A4[::-1])  # reportlab swaps the sides of a page that is turned
    paper.canvas.setPageRotation(90)
    assert lines_of(read(paper.content())) == [SECOND]


def test_text_from_the_top_down_is_read_from_the_right() -> None:
    paper = Paper()
    for number, line in enumerate(broken(SECOND, 40, 0)):
        paper.write(line, 480 - PITCH * number, 100, SIZE, DOWNWARDS)
    assert lines_of(read(paper.content())) == [SECOND]


def test_a_watermark_and_words_along_the_edge_are_kept_out() -> None:
    paper = notice()
    paper.canvas.saveState()
    paper.canvas.setFillGray(0.85)
    paper.canvas.translate(200, 300)
    paper.canvas.rotate(45)
    paper.canvas.setFont("STSong-Light", 60)
    paper.canvas.drawString(0, 0, "内部资料")
    paper.canvas.restoreState()
    paper.canvas.rotate(90)
    paper.canvas.setFont("STSong-Light", 10)
    paper.canvas.drawString(300, -30, "装订线")
    source = read(paper.content())
    assert left_out(source) == [("内部资料", "水印"), ("装订线", "侧边文字")]
    assert FIRST in lines_of(source)


def hidden(paper: Paper, words: str) -> None:
    text = paper.canvas.beginText(LEFT, A4[1] - TOP)
    text.setFont("STSong-Light", SIZE)
    text.setTextRenderMode(3)
    text.setLeading(PITCH)
    text.textLines(broken(words, ACROSS, 0))
    paper.canvas.drawText(text)


@pytest.mark.slow
def test_the_hidden_text_of_a_scan_is_its_text() -> None:
    paper = Paper()
    paper.canvas.drawInlineImage(picture("", 30), 0, 0, *A4)
    hidden(
        paper,
        "这一页是扫描件，文字在图片下面，由扫描仪自带的软件识别而来，共有四十多个字，看不见但可以复制。",
    )
    source = read(paper.content())
    assert (
        source.text
        == "这一页是扫描件，文字在图片下面，由扫描仪自带的软件识别而来，共有四十多个字，看不见但可以复制。\n"
    )
    assert source.cautions == (
        Caution("第1页是扫描页，文字取自文件自带的识别结果。", "引用前请核对原件。"),
    )


def test_hidden_text_that_nobody_sees_is_left_out_and_reported() -> None:
    paper = notice()
    hidden(paper, "隐藏的关键词")
    source = read(paper.content())
    assert "隐藏" not in source.text
    assert [each.fact for each in source.cautions] == ["第1页有看不见的文字，没有收入。"]


def test_what_is_filled_into_a_form_is_read() -> None:
    paper = Paper()
    paper.write("Name:", LEFT, 120)
    paper.canvas.acroForm.textfield(
        name="n", value="Zhang San", x=LEFT + 60, y=A4[1] - 124, width=200, height=20
    )
    assert read(paper.content()).text == "Name: Zhang San\n"


@pytest.mark.parametrize(("password", "fact"), [("secret", "PDF 设有打开密码。")])
def test_a_file_with_a_password_is_refused(password: str, fact: str) -> None:
    paper = Paper(encrypt=StandardEncryption(password, "owner"))
    paper.paragraph(FIRST)
    with pytest.raises(ReadError) as refused:
        read(paper.content())
    assert refused.value.fact == fact


def test_a_file_that_only_forbids_changes_is_read() -> None:
    paper = Paper(encrypt=StandardEncryption("", "owner", canModify=0, canCopy=0))
    paper.paragraph(FIRST)
    assert lines_of(read(paper.content())) == [FIRST]


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n", b"%PDF-1.4\n%%EOF\n", b"PK\x03\x04 no PDF at all"]
)
def test_a_damaged_file_is_refused(content: bytes) -> None:
    with pytest.raises(ReadError, match="已损坏"):
        read(content)


def test_a_file_of_too_many_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_PAGES", 1)
    paper = Paper()
    paper.paragraph(FIRST)
    paper.turn()
    with pytest.raises(ReadError, match="2 页"):
        read(paper.content())


def test_the_reader_says_before_each_page_how_far_it_is() -> None:
    paper = Paper()
    for words in PARAGRAPHS[:4]:
        paper.paragraph(words)
    steps: list[tuple[int, int]] = []
    read(paper.content(), lambda done, total: steps.append((done, total)))
    assert steps == [(0, 2), (1, 2)]


@pytest.mark.slow
def test_a_long_file_is_read_in_several_goes(
    monkeypatch: pytest.MonkeyPatch, office: bytes
) -> None:
    whole = read(office)
    monkeypatch.setattr(pdf, "_AT_ONCE", 2)
    assert read(office) == whole


def test_files_within_the_file_are_reported() -> None:
    document = pypdfium2.PdfDocument(notice().content())
    document.new_attachment("附表.xlsx").set_data(b"PK")
    made = io.BytesIO()
    document.save(made)
    assert read(made.getvalue()).cautions == (
        Caution("PDF 里夹带 1 个文件，没有读。", "请另存到语料文件夹后重建索引。"),
    )


def test_a_page_that_is_damaged_is_named_and_the_others_are_read() -> None:
    paper = notice()
    paper.turn()
    paper.paragraph(FIRST)
    content, count = re.subn(rb"(/Kids \[ \d+ 0 R )\d+( 0 R)", rb"\g<1>999\2", paper.content())
    assert count == 1
    source = read(content)
    first, second = on_pages(source)
    assert TITLE in first.splitlines() and second == ""
    assert source.cautions == (
        Caution("第2页已损坏，没有读出。", "请用阅读器打开检查，重新导出后重建索引。"),
    )


def test_a_page_with_a_picture_is_reported() -> None:
    paper = notice()
    paper.canvas.drawInlineImage(picture("", 20), 80, 30, 300, 200)
    assert read(paper.content()).cautions == (
        Caution("第1页有图片，图片里的文字没有读。", "需要引用图片里的文字时，请查看原件。"),
    )


@pytest.mark.slow
def test_mutated_files_raise_nothing_but_read_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_RECOGNISED", 0)  # it would take its time over pages spoilt
    paper = notice()
    paper.table(XS, YS, CELLS)
    seeds = [paper.content()]
    chance = random.Random(3)
    read_well = 0
    for number in range(300):
        content = bytearray(seeds[number % len(seeds)])
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(content))
            if chance.random() < 0.3:
                del content[at : at + chance.randint(1, 40)]
            else:
                content[at] = chance.randrange(256)
        try:
            source = read(bytes(content))
        except ReadError:
            continue
        read_well += 1
        assert all(
            0 <= each.span.start <= each.span.end <= len(source.text) for each in source.exclusions
        )
    assert read_well > 0
