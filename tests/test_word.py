"""Word files: every visible character in reading order, and what the form says of it."""

import io
import random
import re
import zipfile
from collections import Counter
from html import unescape

import docx as python_docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import ReadError
from indexer.notices import read_document
from indexer.readers import word
from indexer.readers.source import Source
from indexer.records import Span
from tests.make import SHARED, cut
from tests.word_files import (
    abstract,
    cell,
    docx,
    field_of,
    level,
    num,
    num_pr,
    numbered,
    p,
    part,
    picture,
    rewritten,
    row,
    run,
    style,
    styled,
    table,
    text_box,
)  # fmt: skip

PROVINCIAL = SHARED / "corpora" / "provincial_2025"


def text(body: str, **parts) -> str:
    return word.read(docx(body, **parts)).text


def facts(body: str, **parts) -> list[str]:
    return [caution.fact for caution in word.read(docx(body, **parts)).cautions]


def headings(source: Source) -> list[tuple[str, int]]:
    return [(cut(source.text, span), level) for span, level in source.headings]


def excluded(source: Source) -> list[tuple[str, str]]:
    return [(each.reason, cut(source.text, each.span)) for each in source.exclusions]


def grid(source: Source) -> list[list[str]]:
    """The cells of the only table, a merged one in every place that it covers."""
    (found,) = source.tables
    return [[cut(source.text, each) for each in line.cells] for line in found.rows]


# Runs


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r>", "甲\t乙"),
        ('<w:r><w:t>甲</w:t><w:ptab w:alignment="right"/><w:t>乙</w:t></w:r>', "甲\t乙"),
        ("<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:cr/><w:t>丙</w:t></w:r>", "甲\n乙\n丙"),
        ('<w:r><w:t>甲</w:t><w:br w:type="page"/><w:t>　乙</w:t></w:r>', "甲\n乙"),
        ("<w:r><w:t>A</w:t><w:noBreakHyphen/><w:t>1</w:t><w:softHyphen/></w:r>", "A-1"),
        ("<w:r><w:t>甲\n乙</w:t></w:r>", "甲 乙"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>' + run("是"), "□是"),
        ('<w:r><w:sym w:font="Wingdings 2" w:char="0052"/></w:r>' + run("否"), "☑否"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "☑"),
        ('<w:r><w:sym w:font="宋体" w:char="25CB"/></w:r>', "○"),
        ('<w:r><w:sym w:font="Symbol" w:char="F0B0"/></w:r>' + run("C"), "°C"),
        ('<w:r><w:sym w:font="宋体" w:char="D800"/><w:t>甲</w:t></w:r>', "甲"),
        ('<w:r><w:sym w:font="宋体" w:char="zz"/><w:t>甲</w:t></w:r>', "甲"),
        (run("\u00fe", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'), "☑"),
        (run("甲R", '<w:rFonts w:ascii="Wingdings 2"/>'), "甲☑"),
        ('<w:hyperlink r:id="rId1">' + run("网站") + "</w:hyperlink>" + run("上"), "网站上"),
        ("<w:smartTag><w:customXml>" + run("昆明") + "</w:customXml></w:smartTag>", "昆明"),
        ("<w:sdt><w:sdtPr/><w:sdtContent>" + run("控件") + "</w:sdtContent></w:sdt>", "控件"),
        ('<w:bdo w:val="ltr">' + run("次序") + "</w:bdo>", "次序"),
        (run("小写", "<w:caps/>"), "小写"),
        (
            "<w:r><w:ruby><w:rubyPr/><w:rt>" + run("hàn") + "</w:rt><w:rubyBase>" + run("汉")
            + "</w:rubyBase></w:ruby></w:r>" + run("字"),
            "汉（hàn）字",
        ),
        (field_of('HYPERLINK "http://a.cn/x"', "链接") + run("后"), "链接后"),
        ('<w:fldSimple w:instr=" DATE ">' + run("2024年5月1日") + "</w:fldSimple>", "2024年5月1日"),
        (field_of(f"IF {field_of('PAGE', '3')} = 1", "显示"), "显示"),
        (field_of("XE 索引") + run("正文"), "正文"),
        (field_of(r"eq \o\ac(○,11)") + run("第十一"), "⑪第十一"),
        (field_of(r"EQ \o\ac(○,甲)"), "甲"),
        (field_of(r'EQ \* jc2 \* "Font:宋体" \* hps10 \o\ad(\s\up 9(hàn),汉)'), "汉（hàn）"),
        (field_of(r"EQ \f(1,2)"), "1/2"),
        (field_of(r'SYMBOL 168 \f "Wingdings"') + run("同意"), "□同意"),
        (field_of("FORMCHECKBOX", begin="<w:ffData><w:checkBox><w:default w:val='1'/></w:checkBox></w:ffData>"), "☑"),
        (
            field_of(
                "FORMCHECKBOX",
                begin="<w:ffData><w:checkBox><w:default w:val='1'/><w:checked w:val='0'/></w:checkBox></w:ffData>",
            ),
            "□",
        ),
        (
            field_of(
                "FORMDROPDOWN",
                begin="<w:ffData><w:ddList><w:result w:val='1'/><w:listEntry w:val='甲'/><w:listEntry w:val='乙'/></w:ddList></w:ffData>",
            ),
            "乙",
        ),
        (field_of("FORMTEXT", "填写的内容"), "填写的内容"),
        (
            "<m:oMath><m:r><m:t>x=</m:t></m:r><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t>"
            "</m:r></m:den></m:f><m:sSup><m:e><m:r><m:t>y</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup>"
            "</m:sSup><m:d><m:e><m:r><m:t>z</m:t></m:r></m:e></m:d></m:oMath>",
            "x=(a+b)/2y^2(z)",
        ),
    ],
)  # fmt: skip
def test_a_paragraph_reads_as_it_is_printed(content, words):
    assert text(p(content)) == words + "\n"


def test_a_field_whose_end_is_missing_takes_no_text_with_it():
    begun = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC </w:instrText></w:r>'
    )
    assert text(p("甲", begun) + p("乙")) == "甲\n乙\n"
    assert (
        text(
            p(
                '<w:r><w:fldChar w:fldCharType="end"/><w:fldChar w:fldCharType="separate"/></w:r>',
                "丙",
            )
        )
        == "丙\n"
    )


@pytest.mark.parametrize(
    ("body", "words", "fact"),
    [
        (
            p("甲", "<w:ins>" + run("新") + "</w:ins><w:del><w:r><w:delText>旧</w:delText></w:r></w:del>", "乙"),
            "甲新乙\n",
            "文件有修订痕迹，按接受全部修订后的文字读取。",
        ),
        (
            p("<w:moveFrom>" + run("移") + "</w:moveFrom>", "甲") + p("<w:moveTo>" + run("移") + "</w:moveTo>"),
            "甲\n移\n",
            "文件有修订痕迹，按接受全部修订后的文字读取。",
        ),
        (
            "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" + run("前半，") + "</w:p>" + p("后半。"),
            "前半，后半。\n",
            "文件有修订痕迹，按接受全部修订后的文字读取。",
        ),
        (
            table(row(cell("甲"), cell("1")), row(cell("乙"), cell("2"), properties="<w:del/>")),
            "甲 | 1\n",
            "文件有修订痕迹，按接受全部修订后的文字读取。",
        ),
        (p("看得见", run("看不见", "<w:vanish/>")), "看得见\n", "文件有隐藏文字，没有读入。"),
        (
            p("甲", "<w:commentRangeStart w:id='0'/>", "乙", '<w:r><w:commentReference w:id="0"/></w:r>'),
            "甲乙\n",
            "文件有批注，没有读入。",
        ),
        (p("甲", picture(8, 5)), "甲\n", "文件有图片，图片里的文字没有读入。"),
        (
            p("甲", '<w:r><w:pict><v:shape style="width:300pt;height:60pt"><v:imagedata/></v:shape></w:pict></w:r>'),
            "甲\n",
            "文件有图片，图片里的文字没有读入。",
        ),
        (p("甲\ue000"), "甲\ue000\n", "文件有认不出的符号或自造字。"),
        (p('<w:r><w:sym w:font="Wingdings" w:char="F0C0"/></w:r>'), "\uf0c0\n", "文件有认不出的符号或自造字。"),
        (p("甲") + '<w:altChunk r:id="rId1"/>', "甲\n", "文件嵌有另一份文件，没有读入。"),
        (p(field_of("LISTNUM"), "甲"), "甲\n", "文件有用域写的自动编号，没有读入。"),
        (p(r"甲", field_of(r"EQ \i(1,2,3)")), "甲\n", "文件有公式，按先后写成一行，形式没有保留。"),
        (
            p("甲", '<w:r><w:object><o:OLEObject ProgID="Excel.Sheet.12"/></w:object></w:r>'),
            "甲\n",
            "文件有图表或嵌入的对象，其中的文字没有读入。",
        ),
    ],
)  # fmt: skip
def test_what_is_not_read_as_it_stands_is_said(body, words, fact):
    source = word.read(docx(body))
    assert (source.text, [caution.fact for caution in source.cautions]) == (words, [fact])


_SEEN = ("<w:ins>{}</w:ins>", "<w:moveTo>{}</w:moveTo>", "<w:hyperlink>{}</w:hyperlink>", "<w:smartTag>{}</w:smartTag>",
         "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>", '<w:fldSimple w:instr="REF x">{}</w:fldSimple>',
         "<mc:AlternateContent><mc:Choice>{}</mc:Choice><mc:Fallback><w:r><w:t>副</w:t></w:r></mc:Fallback></mc:AlternateContent>",
         "<w:unheardOf>{}</w:unheardOf>", '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF</w:instrText></w:r>'
         '<w:r><w:fldChar w:fldCharType="separate"/></w:r>{}<w:r><w:fldChar w:fldCharType="end"/></w:r>')  # fmt: skip
_UNSEEN = ("<w:del>{}</w:del>", "<w:moveFrom>{}</w:moveFrom>",
           '<w:r><w:fldChar w:fldCharType="begin"/></w:r>{}<w:r><w:fldChar w:fldCharType="end"/></w:r>')  # fmt: skip
_leaf = st.text(st.sampled_from("甲乙丙丁戊，。Ａ1 "), min_size=1, max_size=4).map(
    lambda words: (run(words), words)
)


def _wrapped(inner):
    joined = st.lists(inner, max_size=3).map(
        lambda parts: ("".join(m for m, _ in parts), "".join(w for _, w in parts))
    )
    seen = st.tuples(st.sampled_from(_SEEN), joined).map(
        lambda made: (made[0].format(made[1][0]), made[1][1])
    )
    unseen = st.tuples(st.sampled_from(_UNSEEN), joined).map(
        lambda made: (made[0].format(made[1][0]), "")
    )
    return st.one_of(seen, unseen)


@given(st.lists(st.recursive(_leaf, _wrapped, max_leaves=12), max_size=6))
def test_every_run_that_is_seen_is_read_however_it_is_wrapped(parts):
    words = "".join(seen for _, seen in parts).strip()
    assert text(p("".join(markup for markup, _ in parts) or "<w:r/>")) == (
        words + "\n" if words else ""
    )


@pytest.mark.parametrize("size", [(2.5, 2.5), (15, 0.1)])
def test_a_picture_too_small_for_words_is_no_caution(size):
    assert facts(p("甲", picture(*size))) == []


def test_text_hidden_by_a_style_is_left_out_unless_a_run_shows_it():
    styles = style("Note", "note", r_pr="<w:vanish/>") + style(
        "C", "c", r_pr="<w:vanish/>", kind="character"
    )
    body = styled("Note", "藏", run("显", '<w:vanish w:val="0"/>')) + p(
        "甲", run("藏", '<w:rStyle w:val="C"/>')
    )
    assert text(body, styles=styles) == "显\n甲\n"


def test_macros_are_left_alone_and_said():
    content = docx(
        p("正文"),
        extra={"vbaProject.bin": ("vbaProject", b"\0")},
        main_type="document.macroEnabled.main+xml",
    )
    source = word.read(content)
    assert (source.text, [c.fact for c in source.cautions]) == (
        "正文\n",
        ["文件含宏，宏没有运行，也没有读入。"],
    )


# Blocks


def test_paragraphs_tables_and_controls_keep_their_order():
    control = (
        "<w:sdt><w:sdtPr/><w:sdtContent>"
        + p("乙")
        + table(row(cell("丙"), cell("丁")))
        + "</w:sdtContent></w:sdt>"
    )
    assert (
        text(p("甲") + control + p("") + "<w:customXml>" + p("戊") + "</w:customXml>")
        == "甲\n乙\n丙 | 丁\n戊\n"
    )


def test_a_text_box_is_read_once_after_the_paragraph_that_holds_it():
    assert text(p("甲", text_box(p("框一"), p("框二")), "乙") + p("丙")) == "甲乙\n框一\n框二\n丙\n"


def test_an_older_shape_and_word_art_are_read():
    shape = (
        "<w:r><w:pict><v:shape><v:textbox><w:txbxContent>"
        + p("框")
        + "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    art = '<w:r><w:pict><v:shape><v:textpath string="某某市人民政府文件"/></v:shape></w:pict></w:r>'
    assert text(p(shape) + p(art)) == "框\n某某市人民政府文件\n"


def test_the_words_of_smart_art_are_read():
    data = (
        '<?xml version="1.0"?><dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
        ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><dgm:pt><dgm:t><a:p><a:r><a:t>领导</a:t></a:r>'
        "<a:r><a:t>小组</a:t></a:r></a:p><a:p><a:r><a:t>办公室</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:dataModel>"
    ).encode()
    drawing = '<w:r><w:drawing><wp:inline><a:graphic><a:graphicData><dgm:relIds r:dm="rIddata1"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    assert (
        text(p("甲", drawing), extra={"data1.xml": ("diagramData", data)})
        == "甲\n领导小组\n办公室\n"
    )


def test_notes_stand_after_the_paragraph_that_refers_to_them():
    footnotes = (
        '<w:footnote w:type="separator" w:id="-1">'
        + p("线")
        + "</w:footnote>"
        + '<w:footnote w:id="1">'
        + p("<w:r><w:footnoteRef/></w:r>", "见附表。")
        + p("另见。")
        + "</w:footnote>"
        + '<w:footnote w:id="3">'
        + p("＊自定。")
        + "</w:footnote>"
    )
    endnotes = '<w:endnote w:id="1">' + p("出处。") + "</w:endnote>"
    body = (
        p(
            "甲",
            '<w:r><w:footnoteReference w:id="1"/></w:r>',
            "，乙",
            '<w:r><w:endnoteReference w:id="1"/></w:r>',
            "。",
        )
        + p("丙", '<w:r><w:footnoteReference w:customMarkFollows="1" w:id="3"/><w:t>＊</w:t></w:r>')
        + p("丁", '<w:r><w:footnoteReference w:id="1"/></w:r>')
    )
    assert text(body, footnotes=footnotes, endnotes=endnotes) == (
        "甲[1]，乙[2]。\n[1] 见附表。\n另见。\n[2] 出处。\n丙＊\n＊自定。\n丁[1]\n"
    )


def test_a_note_in_a_table_stands_after_the_table():
    footnotes = '<w:footnote w:id="1">' + p("口径。") + "</w:footnote>"
    marked = p("数量", '<w:r><w:footnoteReference w:id="1"/></w:r>')
    body = table(row(cell("地区"), cell(marked)), row(cell("甲"), cell("3"))) + p("后")
    assert text(body, footnotes=footnotes) == "地区 | 数量[1]\n甲 | 3\n[1] 口径。\n后\n"


def test_a_note_that_refers_to_itself_ends():
    footnotes = (
        '<w:footnote w:id="1">'
        + p("注", '<w:r><w:footnoteReference w:id="1"/></w:r>')
        + "</w:footnote>"
    )
    assert (
        text(p("甲", '<w:r><w:footnoteReference w:id="1"/></w:r>'), footnotes=footnotes)
        == "甲[1]\n[1] 注\n"
    )


def test_running_heads_stand_once_at_the_end_without_page_numbers():
    page = p(
        "第",
        field_of("PAGE", "1"),
        "页 共",
        '<w:fldSimple w:instr="NUMPAGES">' + run("9") + "</w:fldSimple>",
        "页",
    )
    section = "".join(
        f'<w:{kind}Reference w:type="{which}" r:id="rId{kind}{number}"/>'
        for kind, which, number in (
            ("header", "default", 1), ("header", "first", 2), ("header", "even", 3),
            ("footer", "default", 1), ("footer", "default", 2),
        )
    )  # fmt: skip
    content = docx(
        p("甲", properties=f"<w:sectPr>{section}</w:sectPr>") + p("乙"),
        headers=(p("某某市人民政府公报"), p("首页眉"), p("双页眉")),
        footers=(page + p("内部资料"), p("—", field_of("PAGE", "2"), "—") + p("内部资料")),
        section=section + "<w:titlePg/>",
    )
    source = word.read(content)
    assert source.text == "甲\n乙\n某某市人民政府公报\n内部资料\n首页眉\n"
    assert excluded(source) == [
        ("页眉", "某某市人民政府公报"),
        ("页脚", "内部资料"),
        ("页眉", "首页眉"),
    ]


def test_even_headers_are_read_where_the_file_uses_them():
    source = word.read(
        docx(
            p("甲"), headers=(p("双页眉"),), settings="<w:evenAndOddHeaders/>",
            section='<w:headerReference w:type="even" r:id="rIdheader1"/>',
        )
    )  # fmt: skip
    assert source.text == "甲\n双页眉\n"


def test_a_table_of_contents_is_kept_out_with_the_reason():
    styles = style("T1", "toc 1") + style("H1", "heading 1")
    toc = (
        p('<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC \\o</w:instrText></w:r>'
          '<w:r><w:fldChar w:fldCharType="separate"/></w:r>', "一、总则\t1")
        + p("二、附则\t2", '<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    )  # fmt: skip
    source = word.read(
        docx(toc + styled("T1", "三、其他\t3") + styled("H1", "总则") + p("正文"), styles=styles)
    )
    assert excluded(source) == [
        ("目录", "一、总则\t1"),
        ("目录", "二、附则\t2"),
        ("目录", "三、其他\t3"),
    ]
    assert headings(source) == [("总则", 1)]


def test_a_contents_control_is_kept_out_whole():
    control = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        "<w:sdtContent>" + p("目　录") + p("一、总则\t1") + "</w:sdtContent></w:sdt>"
    )
    assert excluded(word.read(docx(control + p("正文")))) == [
        ("目录", "目　录"),
        ("目录", "一、总则\t1"),
    ]


def test_contents_whose_end_was_forgotten_end_at_the_first_heading():
    begun = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )
    source = word.read(
        docx(
            p(begun, "总则\t1") + styled("H1", "总则") + p("正文"), styles=style("H1", "heading 1")
        )
    )
    assert excluded(source) == [("目录", "总则\t1")]


# Headings


def test_headings_come_from_styles_and_outline_levels():
    styles = (
        style("1", "heading 1") + style("2", "标题 2") + style("3", "heading 3", p_pr='<w:outlineLvl w:val="3"/>')
        + style("4", "child", based_on="2") + style("5", "body", p_pr='<w:outlineLvl w:val="9"/>', based_on="1")
    )  # fmt: skip
    body = (
        styled("1", "章") + styled("1", "章二") + styled("2", "节") + styled("3", "目") + styled("4", "子节")
        + styled("5", "正文") + p("直接", properties='<w:outlineLvl w:val="0"/>')
        + p("不是", properties='<w:pStyle w:val="1"/><w:outlineLvl w:val="9"/>') + styled("1", "长" * 121)
    )  # fmt: skip
    assert headings(word.read(docx(body, styles=styles))) == [
        ("章", 2), ("章二", 2), ("节", 3), ("目", 5), ("子节", 3), ("直接", 2)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (styled("T", "某市关于印发办法") + styled("T", "的通知") + styled("1", "总则"), [("某市关于印发办法\n的通知", 1), ("总则", 2)]),
        (styled("1", "某市管理办法") + styled("2", "总则") + styled("2", "附则"), [("某市管理办法", 1), ("总则", 2), ("附则", 2)]),
        (styled("1", "一、总则") + styled("2", "目标"), [("一、总则", 2), ("目标", 3)]),
        (styled("1", "总则") + styled("1", "附则"), [("总则", 2), ("附则", 2)]),
        (styled("2", "目标") + styled("1", "总则"), [("目标", 3), ("总则", 2)]),
    ],
)  # fmt: skip
def test_only_a_title_is_a_heading_of_the_first_level(body, found):
    styles = style("T", "Title") + style("1", "heading 1") + style("2", "heading 2")
    assert headings(word.read(docx(body, styles=styles))) == found


def test_styles_based_on_each_other_end():
    styles = style("1", "a", based_on="2") + style("2", "heading 2", based_on="1")
    assert headings(word.read(docx(styled("1", "节") + styled("2", "目"), styles=styles))) == [
        ("节", 3),
        ("目", 3),
    ]


@pytest.mark.parametrize("numbers", [num_pr(1, 0), ""])
def test_a_notice_whose_chapters_alone_are_headings_keeps_its_printed_title(numbers):
    numbering = abstract(0, level(0, "chineseCounting", "%1、", suffix="nothing")) + num(1, 0)
    body = (
        p("某某市教育局关于加强校园安全工作的通知") + p("各县区教育局：")
        + p("为了加强校园安全工作，现将有关事项通知如下。") + styled("1", "提高认识") + p("各校要提高认识。")
        + styled("1", "落实责任") + p("各校要落实责任。") + p("某某市教育局") + p("2024年5月6日")
    )  # fmt: skip
    styles = style("1", "heading 1", p_pr=numbers)
    document = read_document("a.docx", docx(body, styles=styles, numbering=numbering))
    assert document.title == "某某市教育局关于加强校园安全工作的通知"
    marks = ("一、", "二、") if numbers else ("", "")
    assert [each.heading for each in document.sections] == [
        f"{marks[0]}提高认识",
        f"{marks[1]}落实责任",
    ]


def test_a_title_styled_so_is_the_title_of_the_notice_over_all_its_lines():
    body = (
        styled("T", "某某市人民政府文件") + p("某政发〔2024〕5号") + styled("T", "某某市人民政府关于印发")
        + styled("T", "学校管理办法的通知") + p("各县区：") + p("现将办法印发给你们，请执行。") + styled("1", "总则") + p("为了管理。")
    )  # fmt: skip
    document = read_document(
        "a.docx", docx(body, styles=style("T", "Title") + style("1", "heading 1"))
    )
    assert document.title == "某某市人民政府关于印发学校管理办法的通知"
    assert [each.heading for each in document.sections] == ["总则"]


# Tables


def test_merged_cells_stand_once_and_cover_their_columns_and_rows():
    body = table(
        row(cell("地区", merge="restart"), cell("学校", span=2)),
        row(cell(merge="continue"), cell("小学"), cell("中学")),
        row(cell("甲县"), cell("3"), cell("1")),
    )
    source = word.read(docx(body))
    assert source.text == "地区 | 学校\n小学 | 中学\n甲县 | 3 | 1\n"
    assert grid(source) == [["地区", "学校", "学校"], ["地区", "小学", "中学"], ["甲县", "3", "1"]]
    assert source.tables[0].heads == 2


def test_a_row_of_nothing_but_merged_cells_is_not_there():
    body = table(
        row(cell("甲", merge="restart"), cell("乙", merge="restart"), cell("丙")),
        row(cell(merge="continue"), cell(merge="continue")),
        row(cell(merge="continue"), cell("戊"), cell("己")),
    )
    assert grid(word.read(docx(body))) == [["甲", "乙", "丙"], ["甲", "戊", "己"]]


def test_cells_are_merged_across_in_the_old_way_too():
    merged = "<w:tc><w:tcPr><w:hMerge/></w:tcPr><w:p/></w:tc>"
    first = "<w:tc><w:tcPr><w:hMerge w:val='restart'/></w:tcPr>" + p("甲") + "</w:tc>"
    body = table(f"<w:tr>{first}{merged}{cell('乙')}</w:tr>", row(cell("1"), cell("2"), cell("3")))
    assert grid(word.read(docx(body))) == [["甲", "甲", "乙"], ["1", "2", "3"]]


def test_a_row_that_begins_further_right_keeps_its_columns():
    body = table(
        row(cell("甲"), cell("乙"), cell("丙")),
        row(cell("2"), cell("3"), properties='<w:gridBefore w:val="1"/>'),
    )
    assert grid(word.read(docx(body))) == [["甲", "乙", "丙"], ["", "2", "3"]]


def test_a_merged_cell_without_a_beginning_is_a_cell():
    body = table(row(cell("甲", merge="continue"), cell("乙")), row(cell("1"), cell("2")))
    assert grid(word.read(docx(body))) == [["甲", "乙"], ["1", "2"]]


def test_more_columns_than_word_has_are_not_made():
    body = table(row(cell("甲", span=10**8), cell("乙")), row(cell("1"), cell("2")))
    assert len(grid(word.read(docx(body)))[0]) == 64


def test_rows_marked_as_heads_are_the_heads():
    mark = "<w:tblHeader/>"
    body = table(
        row(cell("2023"), cell("2024"), properties=mark), row(cell("3"), cell("5"), properties=mark), row(cell("1"), cell("2"))
    )  # fmt: skip
    assert word.read(docx(body)).tables[0].heads == 2


def test_paragraphs_and_tables_in_a_cell_are_its_words():
    inner = table(row(cell("内一"), cell("内二")))
    body = table(row(cell(p("甲"), p("乙"), inner, p("")), cell("丙")), row(cell("1"), cell("2")))
    assert grid(word.read(docx(body))) == [["甲 乙 内一 内二", "丙"], ["1", "2"]]


def test_a_table_that_frames_a_document_is_read_as_paragraphs():
    inner = table(row(cell("地区"), cell("数量")), row(cell("甲县"), cell("3")))
    source = word.read(
        docx(
            table(row(cell(styled("1", "标题"), p("正文一。"), inner, p("正文二。")))),
            styles=style("1", "heading 1"),
        )
    )
    assert source.text == "标题\n正文一。\n地区 | 数量\n甲县 | 3\n正文二。\n"
    assert (headings(source), len(source.tables)) == ([("标题", 1)], 1)


def test_a_narrow_table_around_long_text_is_a_frame_and_a_wide_one_is_not():
    long = [p("为了规范管理，" * 10) for _ in range(3)]
    framed = word.read(docx(table(row(cell("名称"), cell("办法")), row(cell("正文"), cell(*long)))))
    assert (framed.text.count("\n"), framed.tables) == (6, ())
    wide = word.read(
        docx(
            table(
                row(cell("序号"), cell("任务"), cell("单位")),
                row(cell("1"), cell(*long), cell("甲局")),
            )
        )
    )
    assert (wide.text.count("\n"), len(wide.tables)) == (2, 1)


# Files by others


def test_a_file_that_python_docx_writes_is_read():
    made = python_docx.Document()
    made.add_heading("某某市管理办法", 0)
    made.add_heading("总则", 1)
    made.add_paragraph("为了规范管理，制定本办法。")
    made.add_paragraph("要点", style="List Bullet")
    made.add_paragraph("步骤", style="List Number")
    grid_made = made.add_table(3, 3)
    for index, each in enumerate(grid_made._cells):
        each.text = f"格{index}"
    grid_made.cell(0, 0).merge(grid_made.cell(1, 1))
    made.sections[0].header.paragraphs[0].text = "页眉文字"
    made.core_properties.title = "属性里的题目"
    stream = io.BytesIO()
    made.save(stream)
    source = word.read(stream.getvalue())
    assert source.text == (
        "某某市管理办法\n总则\n为了规范管理，制定本办法。\n• 要点\n1. 步骤\n格0 格1 格3 格4 | 格2\n格5\n格6 | 格7 | 格8\n页眉文字\n"
    )
    assert headings(source) == [("某某市管理办法", 1), ("总则", 2)]
    assert grid(source)[1] == ["格0 格1 格3 格4", "格0 格1 格3 格4", "格5"]


def test_a_strict_file_is_read():
    content = docx(
        styled("1", "章") + p("正文") + table(row(cell("甲"), cell("乙"))),
        styles=style("1", "heading 1"),
    )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        strict = {
            name: archive.read(name)
            .replace(
                b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                b"http://purl.oclc.org/ooxml/wordprocessingml/main",
            )
            .replace(
                b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"http://purl.oclc.org/ooxml/officeDocument/relationships",
            )
            for name in archive.namelist()
        }
    source = word.read(rewritten(content, strict))
    assert (source.text, headings(source)) == ("章\n正文\n甲 | 乙\n", [("章", 1)])


def test_parts_are_found_whatever_their_names_look_like():
    content = docx(p("正文"))
    rels = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="x/officeDocument" Target="/Word/Document.xml"/></Relationships>'
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        main = archive.read("word/document.xml")
    moved = rewritten(
        content, {"word/document.xml": None, "word\\document.xml": main, "_rels/.rels": rels}
    )
    assert word.read(moved).text == "正文\n"


def test_a_relationship_that_points_nowhere_costs_nothing():
    content = docx(p("正文"), extra={"styles.xml": ("styles", b"")})
    assert word.read(rewritten(content, {"word/styles.xml": None})).text == "正文\n"


def test_traditional_text_is_read_as_written():
    body = p("臺北市政府教育局函") + p("「國民教育法」第四條　規定…—－．Ａ１ ㈠①㎡")
    assert text(body) == "臺北市政府教育局函\n「國民教育法」第四條　規定…—－．Ａ１ ㈠①㎡\n"


@pytest.mark.skipif(not PROVINCIAL.is_dir(), reason="needs the shared corpus of reports")
@pytest.mark.parametrize("path", sorted(PROVINCIAL.glob("*.docx")), ids=lambda path: path.stem)
def test_no_character_of_a_real_file_is_lost_or_invented(path):
    content = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        raw = archive.read("word/document.xml").decode()
    independent = unescape("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", raw)))
    source = word.read(content)
    assert Counter("".join(source.text.split())) == Counter("".join(independent.split()))
    assert source.text.strip().startswith("".join(independent.split())[:4])


# Bad input


def fact_of(content: bytes) -> str:
    with pytest.raises(ReadError) as raised:
        word.read(content)
    return raised.value.fact


def test_a_password_and_an_old_file_under_a_new_name_are_told_apart():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert fact_of(ole + "EncryptedPackage".encode("utf-16-le")) == "文件有打开密码，读不了。"
    assert fact_of(ole) == "文件是旧版二进制格式，扩展名却是新版的。"


def test_damage_is_said():
    content = docx(p("正文"), styles=style("1", "heading 1"))
    assert (
        fact_of(b"")
        == fact_of(b"PK\3\4 text")
        == fact_of(content[:-30])
        == "文件已损坏（压缩包不完整）。"
    )
    assert (
        fact_of(rewritten(content, {"word/document.xml": None})) == "文件里没有 Word 文档的正文。"
    )
    assert (
        fact_of(rewritten(content, {"word/document.xml": part("workbook", "").encode()}))
        == "文件里没有 Word 文档的正文。"
    )
    broken = rewritten(content, {"word/styles.xml": b"<w:styles"})
    assert fact_of(broken) == "文件已损坏（其中的 word/styles.xml 不是完整的 XML）。"


def _main(doctype: str, words: str) -> bytes:
    body = part("document", f"<w:body>{p(words)}</w:body>")
    return rewritten(
        docx(p("")),
        {"word/document.xml": body.replace("<w:document", f"{doctype}<w:document", 1).encode()},
    )


@pytest.mark.parametrize(
    ("doctype", "words"),
    [
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;"),
        ('<!DOCTYPE a [<!ENTITY x "1"><!ENTITY y "&x;&x;">]>', "&y;"),
        ('<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">', "甲"),
    ],
)
def test_entities_are_refused_unread(doctype, words):
    assert "DTD" in fact_of(_main(doctype, words))


def test_a_billion_laughs_in_an_attribute_are_refused():
    entities = '<!ENTITY a0 "哈哈哈哈哈哈哈哈哈哈">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    content = _main(f"<!DOCTYPE a [{entities}]>", '<w:r w:rsidR="&a9;"/>')
    assert fact_of(content) == "文件已损坏（其中的 word/document.xml 不是完整的 XML）。"


@pytest.mark.slow
def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = docx(p("甲"), extra={"styles.xml": ("styles", bytes(100_000_000))})
    assert len(bomb) < 200_000
    assert fact_of(bomb) == "解压后超过 64 MB，可能是压缩炸弹。"


@pytest.mark.slow
def test_a_picture_is_not_unpacked():
    large = docx(p("甲"), extra={"media.bmp": ("image", bytes(100_000_000))})
    assert word.read(large).text == "甲\n"


@pytest.mark.parametrize("tag", ["w:ins", "w:sdt", "w:smartTag", "mc:AlternateContent"])
def test_nesting_without_end_is_refused(tag):
    deep = f"<{tag}>" * 3000 + run("甲") + f"</{tag}>" * 3000
    assert "文件" in fact_of(docx(p(deep)))


def test_tables_nested_as_deeply_as_xml_may_be_are_read_or_refused():
    body = p("甲")
    for _ in range(60):
        body = table(row(cell(body)))
    assert text(body) == "甲\n"


def _mutations(content: bytes, count: int):
    """Files with damage inside: flipped bytes in unpacked parts, swapped parts, cut or flipped zips."""
    chance = random.Random(2024)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for number in range(count):
        name, other = chance.choice(list(parts)), chance.choice(list(parts))
        data = bytearray(parts[name])
        kind = number % 5
        if kind == 0:
            for _ in range(chance.randint(1, 8)):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            yield rewritten(content, {name: bytes(data)})
        elif kind == 1:
            yield rewritten(content, {name: parts[other]})
        elif kind == 2:
            # Markup that is whole but means nothing: a value or a name is exchanged for another.
            words = re.findall(rb"w:\w+|\"[^\"]*\"", parts["word/document.xml"])
            yield rewritten(
                content, {name: parts[name].replace(chance.choice(words), chance.choice(words))}
            )
        elif kind == 3:
            yield content[: chance.randrange(len(content))]
        else:
            raw = bytearray(content)
            for _ in range(chance.randint(1, 20)):
                raw[chance.randrange(len(raw))] = chance.randrange(256)
            yield bytes(raw)


def _rich() -> bytes:
    numbering = abstract(
        0, level(0, "chineseCounting", "第%1条"), level(1, "decimal", "%1.%2")
    ) + num(1, 0)
    return docx(
        styled("T", "题目") + numbered(1, 0, "条") + numbered(1, 1, "款", text_box(p("框")))
        + table(row(cell("甲", merge="restart"), cell("乙", span=2)), row(cell(merge="continue"), cell("丙"), cell("丁")))
        + p("注", '<w:r><w:footnoteReference w:id="1"/></w:r>', field_of("TOC", "目"), "<w:ins>" + run("新") + "</w:ins>"),
        numbering=numbering,
        styles=style("T", "Title") + style("1", "heading 1", based_on="T"),
        footnotes='<w:footnote w:id="1">' + p("脚注") + "</w:footnote>",
        headers=(p("页眉"),),
        section='<w:headerReference w:type="default" r:id="rIdheader1"/>',
    )  # fmt: skip


@pytest.mark.slow
def test_damaged_files_are_read_or_refused_and_nothing_else():
    outcomes = Counter()
    for content in _mutations(_rich(), 300):
        try:
            source = word.read(content)
        except ReadError:
            outcomes["refused"] += 1
        else:
            outcomes["read"] += 1
            assert all(Span(0, len(source.text)).contains(e.span) for e in source.exclusions)
    assert outcomes["read"] > 20 and outcomes["refused"] > 100
