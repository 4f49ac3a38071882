"""A workbook is read as it is shown: titles, tables with their columns, notes, every cell's words."""

import csv
import io
import random
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from indexer.errors import ReadError
from indexer.readers import sheet
from indexer.readers.source import Source
from indexer.records import Table
from tests.damage import mutate, mutate_part
from tests.make import cut


def saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def book_of(*fillings: Callable[[Worksheet], None], names: tuple[str, ...] = ()) -> bytes:
    book = Workbook()
    for position, fill in enumerate(fillings):
        page = book.active if position == 0 else book.create_sheet()
        if position < len(names):
            page.title = names[position]
        fill(page)
    return saved(book)


def rows(*lines: tuple[object, ...]) -> Callable[[Worksheet], None]:
    """Return what fills a sheet with rows of values."""

    def fill(page: Worksheet) -> None:
        for line in lines:
            page.append(line)

    return fill


def words_of(text: str, table: Table) -> list[list[str]]:
    return [[cut(text, cell) for cell in row.cells] for row in table.rows]


def columns(text: str, table: Table) -> list[str]:
    width = max(len(row.cells) for row in table.rows)
    return [" ".join(cut(text, name) for name in table.column_name(c)) for c in range(width)]


def headings(source: Source) -> list[tuple[str, int]]:
    return [(cut(source.text, span), level) for span, level in source.headings]


def excluded(source: Source) -> list[tuple[str, str]]:
    return [(each.reason, cut(source.text, each.span)) for each in source.exclusions]


def fill_report(page: Worksheet) -> None:
    """Fill a sheet as statisticians do: annex mark, title, labels, two rows of heads, notes."""
    page["A1"] = "附件2"
    page["A2"], page["A2"].font = "某县2023年义务教育学校基本情况表", Font(size=18)
    page.merge_cells("A2:F2")
    page["A3"], page["E3"] = "填报单位：某县教育局", "单位：所、人"
    page.merge_cells("A3:C3")
    for place, words in {
        "A4": "序号",
        "B4": "学校",
        "C4": "在校生",
        "E4": "备注",
        "F4": "日期",
    }.items():
        page[place] = words
    page["C5"], page["D5"] = "小学", "初中占比"
    for area in ("A4:A5", "B4:B5", "C4:D4", "E4:E5", "F4:F5", "E6:E7"):
        page.merge_cells(area)
    for row, name in ((6, "第一小学"), (7, "第二小学")):
        page.cell(row, 1, row - 5)
        page.cell(row, 2, name)
        page.cell(row, 3, 1000 * row).number_format = "#,##0"
        page.cell(row, 4, row / 80).number_format = "0.0%"
        page.cell(row, 6, 45292 + row).number_format = 'yyyy"年"m"月"d"日"'
    page["E6"] = "寄宿制"
    page["A9"], page["C9"] = "合计", 13000
    page["A11"] = "注：1.数据截至2023年底。\n2.不含幼儿园。"
    page.merge_cells("A11:F11")
    page["A12"], page["D12"] = "制表人：张三", "联系电话：12345"


REPORT = (
    "附件2\n某县2023年义务教育学校基本情况表\nSheet\n填报单位：某县教育局 | 单位：所、人\n"
    "序号 | 学校 | 在校生 | 备注 | 日期\n小学 | 初中占比\n"
    "1 | 第一小学 | 6,000 | 7.5% | 寄宿制 | 2024年1月7日\n2 | 第二小学 | 7,000 | 8.8% | 2024年1月8日\n"
    "合计 |  | 13000 |  |  | \n注：1.数据截至2023年底。\n2.不含幼儿园。\n制表人：张三 | 联系电话：12345\n"
)


def check_report(source: Source) -> None:
    assert source.text == REPORT
    assert headings(source) == [("某县2023年义务教育学校基本情况表", 1)]
    assert excluded(source) == [("工作表名", "Sheet")]
    assert source.cautions == ()
    (table,) = source.tables
    assert columns(source.text, table) == [
        "序号",
        "学校",
        "在校生 小学",
        "在校生 初中占比",
        "备注",
        "日期",
    ]
    assert words_of(source.text, table)[3:] == [
        ["2", "第二小学", "7,000", "8.8%", "寄宿制", "2024年1月8日"],
        ["合计", "", "13000", "", "", ""],
    ]


def test_a_statistical_table_has_a_title_column_names_and_notes() -> None:
    check_report(sheet.read(book_of(fill_report)))


@pytest.mark.slow
def test_a_workbook_of_excel_2003_is_read_alike(old_report: bytes) -> None:
    check_report(sheet.read(old_report))


def test_a_name_that_a_program_gave_is_no_heading_and_never_the_title() -> None:
    source = sheet.read(book_of(rows(("学校", "班数"), ("一小", 12)), names=("Sheet1",)))
    assert (headings(source), excluded(source)) == ([], [("工作表名", "Sheet1")])


def test_the_names_of_several_sheets_are_headings_below_their_titles() -> None:
    def titled(page: Worksheet) -> None:
        page.append(("学校一览表",))
        page.append(("学校", "班数"))
        page.append(("一小", 12))

    untitled = rows(("学校", "班数"), ("一中", 30))
    source = sheet.read(book_of(titled, titled, untitled, names=("小学", "工作表2", "初中")))
    assert source.text == (
        "学校一览表\n小学\n学校 | 班数\n一小 | 12\n学校一览表\n工作表2\n学校 | 班数\n一小 | 12\n"
        "初中\n学校 | 班数\n一中 | 30\n"
    )
    assert headings(source) == [("学校一览表", 1), ("小学", 2), ("学校一览表", 1), ("初中", 1)]
    assert [table.heads for table in source.tables] == [1, 1, 1]


def test_blank_rows_part_tables_and_captions_of_later_ones_are_headings() -> None:
    source = sheet.read(
        book_of(
            rows(
                (None,), ("一、小学情况",), (None, "学校", "班数"), (None, "一小", 12), (),
                ("二、初中情况",), (None, "学校", "班数"), (None, "一中", 30), (None, None, 30),
            )
        )
    )  # fmt: skip
    assert headings(source) == [("一、小学情况", 1), ("二、初中情况", 3)]
    assert [words_of(source.text, table) for table in source.tables] == [
        [["学校", "班数"], ["一小", "12"]],
        [["学校", "班数"], ["一中", "30"], ["", "30"]],
    ]


def test_a_blank_row_before_the_total_ends_no_table() -> None:
    source = sheet.read(
        book_of(rows(("县区", "2022年", "2023年"), ("甲县", 1, 2), (), ("合计", 1, 2)))
    )
    (table,) = source.tables
    assert columns(source.text, table) == ["县区", "2022年", "2023年"]
    assert len(table.rows) == 3


def test_a_sheet_of_plain_lines_is_text() -> None:
    source = sheet.read(book_of(rows(("填表说明",), ("1.按学年填写。",), ("2.不得空项。",))))
    assert (source.tables, source.text) == ((), "Sheet\n填表说明\n1.按学年填写。\n2.不得空项。\n")


def test_what_is_hidden_is_left_out_and_said() -> None:
    def fill(page: Worksheet) -> None:
        rows(
            ("学校", "身份证号", "班数"),
            ("一小", "5301", 12),
            ("撤并小学", "5302", 3),
            ("二小", "5303", 9),
        )(page)
        page.column_dimensions["B"].hidden = True
        page.row_dimensions[3].hidden = True

    def hide(page: Worksheet) -> None:
        page.append(("底稿",))
        page.sheet_state = "hidden"

    source = sheet.read(book_of(fill, hide, names=("Sheet1", "底稿")))
    assert source.text == "Sheet1\n学校 | 班数\n一小 | 12\n二小 | 9\n"
    assert [caution.fact for caution in source.cautions] == [
        "隐藏的工作表“底稿”没有读入。",
        "表格里有隐藏的行或列，没有读入。",
    ]


def test_a_merged_cell_whose_first_row_is_hidden_is_still_shown() -> None:
    def fill(page: Worksheet) -> None:
        rows(("县区", "学校"), ("甲县", "撤并小学"), (None, "一小"), (None, "二小"))(page)
        page.merge_cells("A2:A4")
        page.row_dimensions[2].hidden = True

    source = sheet.read(book_of(fill))
    assert words_of(source.text, source.tables[0])[1:] == [["甲县", "一小"], ["甲县", "二小"]]


def test_formulas_comments_and_values_are_as_shown() -> None:
    def fill(page: Worksheet) -> None:
        rows(("项目", "值"), ("真", True), ("错", "#N/A"), ("文本数字", "007"), ("和", "=1+1"))(
            page
        )
        page["A2"].comment = Comment("批注", "甲")

    source = sheet.read(book_of(fill))
    assert source.text == "Sheet\n项目 | 值\n真 | TRUE\n错 | #N/A\n文本数字 | 007\n和 | \n"
    assert [caution.fact for caution in source.cautions] == [
        "工作表“Sheet”有 1 个公式没有保存计算结果，按空白读入。",
        "表格里有批注，没有读入。",
    ]


def test_readings_above_characters_and_escapes_are_no_words() -> None:
    content = parts(
        '<row r="1"><c r="A1" t="inlineStr"><is><r><t>大班</t></r><r><t>额_x000A_比例</t></r>'
        '<rPh sb="0" eb="1"><t>da</t></rPh></is></c><c r="B1" s="1" t="d"><v>2024-01-01</v></c></row>'
    )
    assert sheet.read(content).text == "甲\n大班额 比例 | 45292\n"


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def parts(cells: str, **others: str) -> bytes:
    """Write the parts of a workbook of one sheet by hand."""
    written = {
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="a" Type="x/worksheet" Target="sheet.xml"/><Relationship Id="b" Type="x/styles" Target="styles.xml"/>'
        '<Relationship Id="c" Type="x/sharedStrings" Target="strings.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="r">'
        '<sheets><sheet name="甲" r:id="a"/></sheets></workbook>',
        "xl/styles.xml": '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<cellXfs><xf numFmtId="31"/></cellXfs></styleSheet>',
        "xl/sheet.xml": '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{cells}</sheetData></worksheet>",
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, words in (written | others).items():
            archive.writestr(name, words)
    return content.getvalue()


def test_a_cell_that_names_no_string_is_empty() -> None:
    strings = f'<sst xmlns="{MAIN}"><si><t>学校</t></si><si><t>班数</t></si></sst>'
    content = parts(
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
        '<row r="2"><c r="A2" t="s"><v></v></c><c r="B2" t="s"><v>9</v></c><c r="C2" t="str"><v>甲</v></c></row>',
        **{"xl/strings.xml": strings},
    )
    assert sheet.read(content).text == "甲\n学校 | 班数 | \n |  | 甲\n"


def test_a_chinese_format_that_goes_by_number_alone_is_applied() -> None:
    content = parts(
        '<row r="1"><c r="A1" s="0"><v>45292</v></c><c r="B1" s="9"><v>45292</v></c></row>'
    )
    assert sheet.read(content).text == "甲\n2024年1月1日 | 45292\n"


# -- merged cells --------------------------------------------------------------------------------


@st.composite
def grids(draw: st.DrawFn) -> tuple[list[list[str]], list[tuple[int, int, int, int]]]:
    """Draw words for every cell and areas that are merged, none over another."""
    height, width = draw(st.integers(2, 6)), draw(st.integers(2, 5))
    words = [[f"格{row}{column}" for column in range(width)] for row in range(height)]
    areas: list[tuple[int, int, int, int]] = []
    taken: set[tuple[int, int]] = set()
    for _ in range(draw(st.integers(0, 4))):
        top, left = draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))
        bottom, right = draw(st.integers(top, height - 1)), draw(st.integers(left, width - 1))
        places = {(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)}
        if not places & taken and len(places) > 1:
            taken |= places
            areas.append((top, left, bottom, right))
    return words, areas


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(grids())
def test_every_place_of_a_table_says_the_words_of_the_cell_that_covers_it(
    drawn: tuple[list[list[str]], list[tuple[int, int, int, int]]],
) -> None:
    words, areas = drawn
    page_words = [list(row) for row in words]
    for top, left, bottom, right in areas:
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                page_words[row][column] = words[top][left]

    def fill(page: Worksheet) -> None:
        for row in words:
            page.append(row)
        for top, left, bottom, right in areas:
            page.merge_cells(None, top + 1, left + 1, bottom + 1, right + 1)

    source = sheet.read(book_of(fill))
    seen = {
        cut(source.text, span)
        for table in source.tables
        for row in table.rows
        for span in row.cells
    }
    lines = set(source.text.split("\n"))
    assert {each for row in page_words for each in row} <= seen | lines  # a line may be a caption
    begun = [sorted({each for each in row}) for row in page_words]
    for table in source.tables:
        for got in words_of(source.text, table):
            assert sorted(set(got)) in begun
            assert got in [shrunk(row, page_words) for row in page_words]


def shrunk(row: list[str], page: list[list[str]]) -> list[str]:
    """Leave out the columns in which no cell begins, as the reader does."""
    begins: set[int] = set()
    met: set[str] = set()
    for line in page:
        for column, words in enumerate(line):
            if words not in met:
                met.add(words)
                begins.add(column)
    return [words for column, words in enumerate(row) if column in begins]


# -- conservation --------------------------------------------------------------------------------

SCRIPTS = {
    "简体": ("学校", "在校生", "大班额占比", "经费（万元）", "更新日期"),
    "繁體": ("學校", "在學學生", "大班額佔比", "經費（萬元）", "更新日期"),
}


def fill_figures(page: Worksheet) -> None:
    chooser = random.Random(7)
    heads = SCRIPTS[page.title]
    page.append((f"{page.title}情况表",))
    page.merge_cells("A1:E1")
    page.append(heads)
    for number in range(1, 60):
        page.append(
            (
                f"第{number}{heads[0]}" if number % 9 else "",
                chooser.randrange(3000),
                round(chooser.random(), 4),
                round(chooser.uniform(-1e6, 1e6), 2),
                45000 + number,
            )
        )
        for column, code in (
            (2, "#,##0"),
            (3, "0.00%"),
            (4, "#,##0.00_ ;[Red]-#,##0.00 "),
            (5, 'yyyy"年"m"月"d"日"'),
        ):
            page.cell(page.max_row, column).number_format = code
    page.append((None,))
    page.append(("注：以上数据为模拟数据，“—”表示没有。",))


@pytest.fixture(scope="session")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Convert workbooks with LibreOffice, the independent program that these tests compare with."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("sheets")
    (folder / "report.xlsx").write_bytes(book_of(fill_report))
    (folder / "figures.xlsx").write_bytes(book_of(fill_figures, fill_figures, names=tuple(SCRIPTS)))
    as_shown = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,true,false,false,-1"
    for form, name in (("xls", "report.xlsx"), ("xls", "figures.xlsx"), (as_shown, "figures.xlsx")):
        subprocess.run(
            ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
             "--convert-to", form, "--outdir", folder, folder / name],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    return folder


@pytest.fixture(scope="session")
def old_report(converted: Path) -> bytes:
    return (converted / "report.xls").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("form", ["xlsx", "xls"])
def test_no_character_is_lost_or_invented(converted: Path, form: str) -> None:
    source = sheet.read((converted / f"figures.{form}").read_bytes())
    shown = "".join(
        "".join("".join(row) for row in csv.reader(path.open(encoding="utf-8-sig")))
        for path in (converted / f"figures-{name}.csv" for name in SCRIPTS)
    )
    names = [cut(source.text, span) for span, level in source.headings if level == 2]
    names += [words for _, words in excluded(source)]
    assert sorted(names) == sorted(SCRIPTS)
    said = source.text.replace(" | ", "")
    for name in SCRIPTS:
        said = said.replace(f"\n{name}\n", "\n")
    assert "".join(said.split()) == "".join(shown.split())


# -- bad files -----------------------------------------------------------------------------------

LAUGH = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet><row>&b;</row></worksheet>'
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "fact"),
    [
        (b"PK\x03\x04" + bytes(99), "文件已损坏（压缩包不完整）。"),
        (book_of(fill_report)[:-200], "文件已损坏（压缩包不完整）。"),
        (parts("<row"), "文件已损坏（其中的 xl/sheet.xml 不是完整的 XML）。"),
        (parts("", **{"xl/sheet.xml": LAUGH}), "文件里的 xl/sheet.xml 含有 DTD，正常的文件没有。"),
        (parts("", **{"xl/styles.xml": " " * 70_000_000}), "解压后超过 64 MB，可能是压缩炸弹。"),
        (parts("", **{"_rels/.rels": "<a/>"}), "文件里没有工作簿。"),
        (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "文件有打开密码，读不了。"),
        (OLE + bytes(600), "文件已损坏，或者不是 Excel 97-2003 工作簿。"),
    ],
    ids=["no zip", "cut off", "broken XML", "billion laughs", "bomb", "no workbook", "password", "no OLE"],
)  # fmt: skip
def test_a_bad_file_says_what_is_wrong(content: bytes, fact: str) -> None:
    with pytest.raises(ReadError) as error:
        sheet.read(content)
    assert error.value.fact == fact


@pytest.mark.slow
def test_an_old_workbook_with_a_password_says_so(old_report: bytes) -> None:
    begin = old_report.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    locked = old_report[:begin] + b"\x2f\x00" + old_report[begin + 2 :]  # a FILEPASS record
    with pytest.raises(ReadError, match="文件有打开密码"):
        sheet.read(locked)


@pytest.mark.slow
def test_a_million_formatted_rows_without_words_cost_nothing() -> None:
    empty = "".join(
        f'<row r="{row}" ht="15"><c r="A{row}" s="0"/></row>' for row in range(2, 50_000)
    )
    content = parts(
        f'<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="str"><v>甲</v></c></row>{empty}'
    )
    assert sheet.read(content).text == "甲\n1900年1月1日 | 甲\n"


def test_a_sheet_with_more_places_than_any_real_one_is_refused() -> None:
    far = '<row r="1">' + "".join(f"<c><v>{n}</v></c>" for n in range(1100)) + "</row>"
    deep = "".join(
        f'<row r="{row}"><c r="A{row}"><v>1</v></c><c><v>1</v></c></row>' for row in range(2, 1000)
    )
    with pytest.raises(ReadError, match="一张表超过 100 万格"):
        sheet.read(parts(far + deep))


@pytest.mark.slow
@pytest.mark.parametrize("form", ["xlsx", "parts of xlsx", "xls"])
def test_mutated_files_are_read_or_refused(form: str, old_report: bytes) -> None:
    good = old_report if form == "xls" else book_of(fill_report)
    for seed in range(200):
        chooser = random.Random(seed)
        change = mutate_part if form == "parts of xlsx" else mutate
        with suppress(ReadError):
            sheet.read(change(good, chooser))
