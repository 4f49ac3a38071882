"""The basket's files say what the notices say, cite it, and run nothing."""

import html
import io
import re
from datetime import date

import pytest
from markdown_it import MarkdownIt
from openpyxl import load_workbook

from indexer.records import Span
from retrieval.basket import Item, Kept
from retrieval.markdown_file import escaped, write_markdown
from retrieval.material import Form, Material
from retrieval.sheet_file import write_sheet
from retrieval.word_file import write_word
from tests.basket_files import print_text, read_word
from tests.make import make_document, span_of
from tests.test_basket import TEXT, WORDS, keep, look_up

DAY = date(2026, 1, 5)
FIRST = "各校每学期检修一次供水管道，并公布结果。"
HOSTILE = """=1+1 $x^2$ :red[红] **粗** [链](javascript:alert(1)) <script>alert(1)</script> &amp; _x0041_
- 一　| 二 |
1. 甲\x0c乙\\
    四格 ~~删~~ `码` http://a.cn www.b.cn c@d.cn :smile: [^1] -- ... "引" {a} #井 ==亮==
===
+ 号"""
OFFICIAL = "《鹤汀市教育局关于规范校园用水管理的通知》（鹤教发〔2024〕7号）"


def make_material(*kept: Kept, form: Form = "official") -> Material:
    return Material(kept, form, DAY)


def kept_quotes() -> tuple[Kept, ...]:
    """Two quotes of one notice, one of another, and between them two that are not confirmed."""
    other = TEXT.replace("鹤汀市教育局", "柳溪区教育局").replace("鹤教发", "柳教发")
    notice, second = make_document(TEXT), make_document(other, "b.txt")
    return (
        look_up(keep(WORDS, note="放在第二段\n并核对年份"), notice),
        look_up(keep(FIRST, name="gone.txt", note="旧注")),
        look_up(keep(FIRST), notice),
        look_up(keep(WORDS), make_document("另一份文件\n")),
        look_up(keep(WORDS, other, "b.txt"), second),
    )


def hostile_quote() -> Kept:
    text = f"石门区关于清淤的通知\n\n{HOSTILE}\n完。\n"
    found = span_of(text, HOSTILE)
    item = Item("=cmd.txt", found, HOSTILE, "=题", HOSTILE)
    return look_up(item, make_document(text, "=cmd.txt"))


def test_a_word_file_has_each_quote_with_its_footnote_in_the_readers_order() -> None:
    read = read_word(write_word(make_material(*kept_quotes())))
    assert read.of_style("引文") == [WORDS, FIRST, WORDS]
    assert read.cited[FIRST] == f"{OFFICIAL}第一部分"
    assert read.of_style("批注") == ["批注：放在第二段\n并核对年份", "批注：旧注"]
    assert read.of_style("资料来源") == [
        f"[1] {OFFICIAL}",
        "[2] 《柳溪区教育局关于规范校园用水管理的通知》（柳教发〔2024〕7号）",
    ]
    assert read.of_style("Subtitle") == ["导出日期：2026年1月5日　引文 3 条，来源 2 份文件"]


def test_what_is_not_confirmed_stands_apart_without_a_footnote() -> None:
    read = read_word(write_word(make_material(*kept_quotes())))
    assert read.of_style("未核实引文") == [FIRST, WORDS]
    assert read.of_style("Heading 2") == [
        "《收录时的标题》〔未核实：文件已不在库中〕",
        "《收录时的标题》〔未核实：文件有改动，原处已不是这段文字，别处也不能唯一确定〕",
    ]
    assert len(read_word(write_word(make_material(kept_quotes()[1]))).cited) == 0


@pytest.mark.parametrize(
    ("form", "footnote", "source"),
    [
        ("gbt7714_2015", "通知：鹤教发〔2024〕7号[A/DK]. (2024-03-05). a.txt.", "a.txt."),
        ("gbt7714_2025", "通知：鹤教发〔2024〕7号[A/DK]. 2024-03-05. a.txt.", "a.txt."),
    ],
)
def test_the_chosen_form_is_that_of_footnotes_and_of_the_sources(
    form: Form, footnote: str, source: str
) -> None:
    kept = kept_quotes()[0]
    read = read_word(write_word(make_material(kept, form=form)))
    assert read.cited[WORDS].endswith(footnote)
    assert read.of_style("资料来源")[0].endswith(source)


@pytest.mark.slow
def test_libreoffice_prints_the_words_and_the_footnotes(tmp_path) -> None:
    printed = print_text(write_word(make_material(*kept_quotes(), hostile_quote())), tmp_path)
    assert printed.count(WORDS) == 3
    assert f"1{OFFICIAL}第二部分2{OFFICIAL}第一部分" in printed
    assert "〔未核实：文件已不在库中〕" in printed
    assert "<script>alert(1)</script>" in printed


@pytest.mark.parametrize("write", [write_word, write_markdown, write_sheet])
def test_the_same_basket_gives_the_same_bytes(write) -> None:
    material = make_material(*kept_quotes(), hostile_quote())
    assert write(material) == write(material)


@pytest.mark.parametrize("write", [write_word, write_markdown, write_sheet])
def test_an_empty_basket_gives_a_file(write) -> None:
    assert write(make_material())


def test_a_word_file_keeps_what_looks_like_markup() -> None:
    quote, note = (
        words for _, words in read_word(write_word(make_material(hostile_quote()))).paragraphs[2:4]
    )
    assert quote == HOSTILE.replace("\x0c", "")
    assert note == f"批注：{quote}"


def test_a_workbook_has_a_row_for_each_quote() -> None:
    sheet = load_workbook(io.BytesIO(write_sheet(make_material(*kept_quotes())))).active
    head, *rows = ([cell or "" for cell in row] for row in sheet.iter_rows(values_only=True))
    assert head == [
        "序号", "引文", "标题", "文号", "发文机关", "地区", "日期", "时效", "位置", "页码", "批注",
        "公文格式", "GB/T 7714—2015", "GB/T 7714—2025", "核对", "文件",
    ]  # fmt: skip
    first = dict(zip(head, rows[0], strict=True))
    assert (first["序号"], first["引文"], first["位置"]) == (1, WORDS, "第二部分")
    assert (first["批注"], first["核对"]) == ("放在第二段\n并核对年份", "与原文一致")
    assert first["公文格式"] == f"{OFFICIAL}第二部分"
    gone = dict(zip(head, rows[1], strict=True))
    assert {name: value for name, value in gone.items() if value} == {
        "序号": 2, "引文": f"〔未核实〕{FIRST}", "标题": "收录时的标题", "批注": "旧注", "核对": "未核实：文件已不在库中", "文件": "gone.txt",
    }  # fmt: skip


def test_a_workbook_runs_nothing_that_a_notice_says() -> None:
    kept = hostile_quote()
    errors = [Item("a.txt", Span(0, 4), word, word) for word in ("#N/A", "@SUM", "-1-1", "+1+1")]
    sheet = load_workbook(
        io.BytesIO(write_sheet(make_material(kept, *(Kept(each, "gone") for each in errors))))
    ).active
    for row in sheet.iter_rows(min_row=2):
        assert not {cell.data_type for cell in row} & {"f", "e"}
        assert all(isinstance(cell.value, str | None) for cell in row[1:])
    quote = sheet.cell(2, 2)
    assert quote.value == HOSTILE.replace("\x0c", "").replace("_x0041_", "_x005F_x0041_")
    assert quote.quotePrefix and sheet.cell(4, 3).quotePrefix


def test_markdown_shows_every_word_and_nothing_else() -> None:
    written = write_markdown(make_material(hostile_quote())).decode()
    body = written.split("## 资料来源")[0].replace("[^1]\n", "\n", 1)
    rendered = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(body)
    assert set(re.findall(r"<(?!/)(\w+)", rendered)) <= {"h1", "p", "blockquote", "br", "strong"}
    said = html.unescape(re.sub(r"<[^>]+>", "", rendered))
    for line in HOSTILE.replace("\x0c", "").split("\n"):
        assert said.count(line.strip()) >= 2  # the quote and the note


def test_markdown_cites_by_footnotes_and_marks_what_is_not_confirmed() -> None:
    written = write_markdown(make_material(*kept_quotes())).decode()
    assert (
        written
        == f"""# 资料摘编

导出日期：2026年1月5日　引文 3 条，来源 2 份文件

> {WORDS}[^1]

**批注**

放在第二段\\
并核对年份

> {FIRST}[^2]

> {WORDS}[^3]

## 未能核实的摘录

以下文字与库中现有原文对不上，查对原件以前请勿引用。

### 《收录时的标题》〔未核实：文件已不在库中〕

> {FIRST}

**批注**

旧注

### 《收录时的标题》〔未核实：文件有改动，原处已不是这段文字，别处也不能唯一确定〕

> {WORDS}

## 资料来源

1. {OFFICIAL}
2. 《柳溪区教育局关于规范校园用水管理的通知》（柳教发〔2024〕7号）

[^1]: {OFFICIAL}第二部分
[^2]: {OFFICIAL}第一部分
[^3]: 《柳溪区教育局关于规范校园用水管理的通知》（柳教发〔2024〕7号）第二部分
"""
    )


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("一、普通的话，2024-03-05，50%。", "一、普通的话，2024-03-05，50%。"),
        ("12. 条", "12\\. 条"),
        ("(1) 项", "(1\\) 项"),
        ("- 项", "\\- 项"),
        ("    码", "&#32;   码"),
        ("a--b...c", "a-\\-b.\\.\\.c"),
    ],
)
def test_a_line_is_escaped_where_it_means_something(line: str, written: str) -> None:
    assert escaped(line) == written
