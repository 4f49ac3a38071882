"""An OFD file's characters become paragraphs, tables and pages, as those of a PDF do."""

import io
import random
import re
from contextlib import suppress
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from indexer.errors import ReadError
from indexer.readers import ofd as reader
from indexer.readers.source import Source
from tests.damage import mutate, mutate_part
from tests.make import cut
from tests.ofd_files import A4, LETTER, ofd, packed, page, rule, text

BODY = "为切实解决我市城区义务教育学校大班额问题，改善办学条件，促进教育公平，根据有关要求，结合实际，制定本方案。"
TRADITIONAL = "為切實解決我縣義務教育學校大班額問題，改善辦學條件，促進教育公平，根據有關要求，結合實際，制定本計劃。"
RED = '<ofd:FillColor Value="255 0 0"/>'
NAMES = 'xmlns:ofd="http://www.ofdspec.org/2016"'


def paragraph(words: str, y: float, x: float = 28, width: int = 28) -> str:
    """Set words in lines of so many letters, the first one two letters in."""
    lines = [
        words[: width - 2],
        *(words[at : at + width] for at in range(width - 2, len(words), width)),
    ]
    return "".join(
        text(line, x + (0 if number else 2 * LETTER), y + number * 10.2)
        for number, line in enumerate(lines)
    )


def excluded(source: Source) -> list[tuple[str, str]]:
    return [(each.reason, cut(source.text, each.span)) for each in source.exclusions]


def headings(source: Source) -> list[tuple[str, int]]:
    return [(cut(source.text, span), level) for span, level in source.headings]


NOTICE = [
    page(
        text("某市人民政府文件", 50, 40, 14, inner=RED), text("某政发〔2023〕5号", 80, 70),
        text("某市人民政府关于印发方案的通知", 45, 95, 8), text("各县（区）人民政府：", 28, 125),
        paragraph(BODY, 140), paragraph(BODY + BODY, 171), text("— 1 —", 100, 275, 4),
    ),
    page(
        paragraph("附件请在门户网站下载。", 40), text("某市人民政府", 140, 80), text("2023年5月6日", 138, 91),
        text("— 2 —", 100, 275, 4),
    ),
]  # fmt: skip


def test_a_notice_has_its_red_head_title_paragraphs_and_pages() -> None:
    source = reader.read(ofd(NOTICE))
    assert source.text.split("\n") == [
        "某市人民政府文件", "某政发〔2023〕5号", "某市人民政府关于印发方案的通知", "各县（区）人民政府：", BODY,
        BODY + BODY, "— 1 —", "附件请在门户网站下载。", "某市人民政府", "2023年5月6日", "— 2 —", "",
    ]  # fmt: skip
    assert excluded(source) == [("页码", "— 1 —"), ("页码", "— 2 —")]
    assert headings(source) == [("某市人民政府关于印发方案的通知", 1)]
    assert [(p.number, cut(source.text, p.span)[:4]) for p in source.pages] == [
        (1, "某市人民"),
        (2, "附件请在"),
    ]
    assert source.cautions == ()


def test_traditional_text_is_read() -> None:
    assert reader.read(ofd([page(paragraph(TRADITIONAL, 40))])).text == TRADITIONAL + "\n"


def test_a_line_in_several_pieces_is_one_line() -> None:
    codes = (
        '<ofd:TextCode X="0" Y="5" DeltaX="5.6 g 2 5.6">为切实解</ofd:TextCode>'
        '<ofd:TextCode X="22.4" Y="5">决</ofd:TextCode><ofd:TextCode X="28" DeltaX="5.6">问题</ofd:TextCode>'
    )
    lines = f'<ofd:TextObject ID="1" Boundary="30 40 60 6" Size="5.6">{codes}</ofd:TextObject>'
    apart = text("，制定", 30 + 7 * LETTER, 40.1) + text("本方案。", 30 + 10 * LETTER, 39.9)
    assert reader.read(ofd([page(apart, lines)])).text == "为切实解决问题，制定本方案。\n"


def test_latin_words_keep_their_spaces() -> None:
    steps = " ".join(["2.8"] * 3 + ["2"] + ["2.8"] * 2)
    code = f'<ofd:TextCode X="0" Y="5" DeltaX="{steps}">GDP 5.0</ofd:TextCode>'
    line = f'<ofd:TextObject ID="1" Boundary="30 40 60 6" Size="5.6">{code}</ofd:TextObject>'
    assert reader.read(ofd([page(line)])).text == "GDP 5.0\n"


def test_stretched_text_and_glyphs_of_a_font_stand_where_they_are_drawn() -> None:
    """A matrix doubles the letters; a list of glyphs says how a font draws the characters."""
    inner = '<ofd:CGTransform CodePosition="0" CodeCount="2" GlyphCount="1"><ofd:Glyphs>7</ofd:Glyphs></ofd:CGTransform>'
    large = text("关于印发方案的通知", 50, 40, 4, 'CTM="2 0 0 2 0 0"', inner)
    source = reader.read(ofd([page(large, paragraph(BODY, 70), paragraph(BODY, 100))]))
    assert headings(source) == [("关于印发方案的通知", 1)]


def test_a_template_lies_under_every_page_that_names_it() -> None:
    template = page(text("某市教育局文件", 60, 12, 4))
    named = '<ofd:Template TemplateID="t" ZOrder="Background"/>'
    pages = [page(paragraph(BODY[number:], 60 + 20 * number), before=named) for number in range(3)]
    source = reader.read(
        ofd(
            pages,
            '<ofd:TemplatePage ID="t" BaseLoc="Tpls/T.xml"/>',
            Doc_0__Tpls__T_dot_xml=template,
        )
    )
    assert excluded(source) == [("页眉", "某市教育局文件")] * 3


def test_ruled_lines_make_a_table_with_merged_cells() -> None:
    grid = [rule(30, y, 150, y) for y in (40, 50, 60, 70)] + [rule(x, 40, x, 70) for x in (30, 150)]
    grid += [rule(70, 40, 70, 70), rule(110, 50, 110, 70)]
    cells = [text("县区", 35, 42), text("学位", 100, 42), text("甲县", 35, 52), text("10", 75, 52), text("20", 115, 52),
             text("乙县", 35, 62), text("11", 75, 62), text("21", 115, 62)]  # fmt: skip
    source = reader.read(ofd([page(*grid, *cells)]))
    assert source.text == "县区 | 学位\n甲县 | 10 | 20\n乙县 | 11 | 21\n"
    assert [[cut(source.text, c) for c in row.cells] for row in source.tables[0].rows] == [
        ["县区", "学位", "学位"], ["甲县", "10", "20"], ["乙县", "11", "21"],
    ]  # fmt: skip


def test_a_table_may_be_drawn_in_one_path_inside_blocks_and_composites() -> None:
    data = "M 0 0 L 60 0 L 60 20 L 0 20 C M 0 10 L 60 10 M 30 0 L 30 20"
    path = f'<ofd:PathObject ID="1" Boundary="30 40 60 20"><ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>'
    unit = f'<ofd:CompositeGraphicUnit ID="5" Width="210" Height="297"><ofd:Content>{text("班数", 62, 42)}</ofd:Content></ofd:CompositeGraphicUnit>'
    resources = f'<ofd:Res {NAMES} BaseLoc="Res"><ofd:CompositeGraphicUnits>{unit}</ofd:CompositeGraphicUnits></ofd:Res>'
    objects = f'<ofd:PageBlock ID="2">{path}{text("学校", 32, 42)}</ofd:PageBlock>{text("一小", 32, 52)}{text("12", 62, 52)}'
    used = '<ofd:CompositeObject ID="3" Boundary="0 0 210 297" ResourceID="5"/>'
    source = reader.read(
        ofd(
            [page(objects, used)],
            "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>",
            Doc_0__DocumentRes_dot_xml=resources,
        )
    )
    assert source.text == "学校 | 班数\n一小 | 12\n"


def test_colours_may_come_from_a_way_of_drawing() -> None:
    resources = (
        f'<ofd:Res {NAMES}><ofd:DrawParams><ofd:DrawParam ID="1">{RED}</ofd:DrawParam>'
        '<ofd:DrawParam ID="2" Relative="1"/></ofd:DrawParams></ofd:Res>'
    )
    red = text("某市人民政府文件", 50, 30, 9, 'DrawParam="2"')
    title = text("关于印发方案的通知", 50, 42, 9)
    source = reader.read(
        ofd(
            [page(red, title, paragraph(BODY, 70), paragraph(BODY, 110))],
            "<ofd:PublicRes>/Doc_0/R.xml</ofd:PublicRes>",
            Doc_0__R_dot_xml=resources,
        )
    )
    assert source.text.split("\n")[:2] == ["某市人民政府文件", "关于印发方案的通知"]


def test_what_is_not_printed_is_left_out_and_said() -> None:
    source = reader.read(
        ofd([page(paragraph(BODY, 40), text("隐藏", 40, 100, attributes='Fill="false"'), text("藏", 40, 120, attributes='Visible="false"'),
                  text("外", 400, 120), text("透明", 40, 140, inner='<ofd:FillColor Value="0 0 0" Alpha="0"/>'))])
    )  # fmt: skip
    assert source.text == BODY + "\n"
    assert [caution.fact for caution in source.cautions] == ["第1页有看不见的文字，没有收入。"]


def test_watermarks_and_attachments_are_no_text_of_the_page() -> None:
    mark = f'<ofd:Annot ID="1" Type="Watermark"><ofd:Appearance Boundary="0 0 210 297">{text("内部资料", 60, 120, 20)}</ofd:Appearance></ofd:Annot>'
    pale = text("仅供查阅", 60, 200, 20, inner='<ofd:FillColor Value="220 220 220"/>')
    source = reader.read(
        ofd(
            [page(paragraph(BODY, 40), pale)],
            after="<ofd:Annotations>A.xml</ofd:Annotations><ofd:Attachments>F.xml</ofd:Attachments>",
            Doc_0__A_dot_xml=f'<ofd:Annotations {NAMES}><ofd:Page PageID="0"><ofd:FileLoc>P.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>',
            Doc_0__P_dot_xml=f"<ofd:PageAnnot {NAMES}>{mark}</ofd:PageAnnot>",
            Doc_0__F_dot_xml=f'<ofd:Attachments {NAMES}><ofd:Attachment Name="底表.xlsx"/></ofd:Attachments>',
        )
    )
    assert sorted(excluded(source)) == [("水印", "仅供查阅"), ("水印", "内部资料")]
    assert [caution.fact for caution in source.cautions] == [
        "文件里夹带了 1 个附件（底表.xlsx），没有读入。"
    ]


def test_several_documents_and_odd_paths_are_read_in_order() -> None:
    document = f"<ofd:Document {NAMES}><ofd:Pages><ofd:Page ID='1' BaseLoc='{{}}'/></ofd:Pages></ofd:Document>"
    source = reader.read(
        packed(
            {
                "OFD.xml": f"<ofd:OFD {NAMES}><ofd:DocBody><ofd:DocRoot>/A/D.xml</ofd:DocRoot></ofd:DocBody>"
                "<ofd:DocBody><ofd:DocRoot>B\\D.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
                "A/D.xml": document.format("A/P.XML"), "a/p.xml": page(text("第一个文件", 30, 40)),
                "B/D.xml": document.format("../B/./P.xml"), "B/P.xml": page(text("第二个文件", 30, 40)),
            }
        )
    )  # fmt: skip
    assert source.text == "第一个文件\n第二个文件\n"
    assert [each.number for each in source.pages] == [1, 2]


def picture(words: str) -> bytes:
    image = Image.new("L", (1240, 1754), "white")
    font = ImageFont.truetype("NotoSansCJK-Regular.ttc", 36)
    for number, at in enumerate(range(0, len(words), 26)):
        ImageDraw.Draw(image).text((140, 300 + 60 * number), words[at : at + 26], "black", font)
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


@pytest.mark.slow
def test_a_page_that_is_a_picture_is_recognised() -> None:
    resources = (
        f'<ofd:Res {NAMES} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="4" Type="Image"><ofd:MediaFile>i.png'
        "</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>"
    )
    image = '<ofd:ImageObject ID="1" Boundary="0 0 210 297" CTM="210 0 0 297 0 0" ResourceID="4"/>'
    source = reader.read(
        ofd([page(image), page(image.replace('ID="4"', 'ID="5"'))], "<ofd:DocumentRes>R.xml</ofd:DocumentRes>",
            Doc_0__R_dot_xml=resources, Doc_0__Res__i_dot_png=picture(BODY))
    )  # fmt: skip
    assert "大班额问题" in source.text
    assert (source.pages[0].confidence or 0) > 0.9
    assert [caution.fact for caution in source.cautions] == ["第2页是扫描页，没有识别。"]


# -- conservation --------------------------------------------------------------------------------

LINES = st.lists(
    st.text("学校班额，。一二GDP12 &<", min_size=1, max_size=12).filter(str.strip),
    min_size=1,
    max_size=20,
)


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(st.lists(LINES, min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_no_character_is_lost_or_invented(drawn: list[list[str]], chooser: random.Random) -> None:
    """What the parts of the file say, found by a plain search, is what this is compared with."""
    pages = []
    for lines in drawn:
        objects = [
            text(words, chooser.choice((28, 39.2, 110)), 30 + 11 * n)
            for n, words in enumerate(lines)
        ]
        chooser.shuffle(objects)
        pages.append(page(*objects))
    said = "".join(re.findall("<ofd:TextCode[^>]*>([^<]*)<", "".join(pages)))
    said = said.replace("&lt;", "<").replace("&amp;", "&")
    got = reader.read(ofd(pages)).text
    assert sorted("".join(got.split())) == sorted("".join(said.split()))
    for lines in drawn:
        for words in lines:
            assert words.split()[0] in got


# -- bad files -----------------------------------------------------------------------------------

DTD = '<!DOCTYPE x [<!ENTITY a "ha">]>'


@pytest.mark.parametrize(
    ("content", "fact"),
    [
        (b"PK\x03\x04" + bytes(99), "文件已损坏（压缩包不完整）。"),
        (packed({"a.xml": "<a/>"}), "文件里没有 OFD.xml，不是 OFD 文件。"),
        (packed({"OFD.xml": "<a"}), "文件已损坏（其中的 OFD.xml 不是完整的 XML）。"),
        (packed({"OFD.xml": f"{DTD}<a/>"}), "文件里的 OFD.xml 含有 DTD，正常的文件没有。"),
        (packed({"OFD.xml": "<a/>"}), "OFD 有 0 页，能读的是 1 到 20000 页。"),
        (ofd(["<broken", DTD + page()]), "OFD 的每一页都已损坏，没有读出。"),
        (ofd([page(escape(" " * 70_000_000))]), "OFD 的每一页都已损坏，没有读出。"),
    ],
    ids=["no zip", "no root", "broken XML", "entities", "no page", "broken pages", "bomb"],
)  # fmt: skip
def test_a_bad_file_says_what_is_wrong(content: bytes, fact: str) -> None:
    with pytest.raises(ReadError) as error:
        reader.read(content)
    assert error.value.fact == fact


def test_a_damaged_page_is_said_and_the_others_are_read() -> None:
    source = reader.read(ofd([NOTICE[0], "<broken", NOTICE[1]]))
    assert [caution.fact for caution in source.cautions] == ["第2页已损坏，没有读出。"]
    assert "门户网站" in source.text


@pytest.mark.parametrize(
    "attributes",
    [
        'CTM="1e300 0 0 0 0 0"',
        'CTM="0 0 0 0 0 0"',
        'Size="-5"',
        'HScale="1e9"',
        'CharDirection="1e6"',
        'CTM="a b"',
    ],
)
def test_senseless_measures_are_read_without_an_error(attributes: str) -> None:
    reader.read(
        ofd(
            [
                page(
                    paragraph(BODY, 40),
                    text("字句", 40, 90, attributes=attributes).replace('Size="5.6" Size', "Size"),
                )
            ]
        )
    )


def test_a_step_said_a_billion_times_costs_nothing() -> None:
    code = '<ofd:TextCode X="0" Y="5" DeltaX="g 999999999 5.6 g 1e400 5.6">甲乙丙</ofd:TextCode>'
    line = f'<ofd:TextObject ID="1" Boundary="30 40 60 6" Size="5.6">{code}</ofd:TextObject>'
    assert reader.read(ofd([page(line)])).text == "甲乙丙\n"


@pytest.mark.slow
@pytest.mark.parametrize("change", [mutate, mutate_part])
def test_mutated_files_are_read_or_refused(change) -> None:
    good = ofd([*NOTICE, page(rule(30, 40, 90, 40), text(A4, 30, 50))])
    for seed in range(200):
        with suppress(ReadError):
            reader.read(change(good, random.Random(seed)))
