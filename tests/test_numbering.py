"""Automatic numbers: how they are counted and written. What LibreOffice prints is the check."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.readers import word
from indexer.readers.numerals import write_number
from tests.word_files import (
    abstract,
    cell,
    docx,
    level,
    num,
    numbered,
    override,
    p,
    row,
    style,
    styled,
    table,
    text_box,
)  # fmt: skip

FOUR = tuple(level(at, "decimal", ".".join(f"%{n + 1}" for n in range(at + 1))) for at in range(4))


def lines(body: str, numbering: str, styles: str = "") -> list[str]:
    return word.read(docx(body, numbering=numbering, styles=styles)).text.splitlines()


def numbers(levels: Sequence[int], numbering: str) -> list[str]:
    """The numbers of paragraphs of these levels in list 1."""
    found = lines("".join(numbered(1, at, "@") for at in levels), numbering)
    return [line.removesuffix("@").rstrip() for line in found]


@pytest.mark.parametrize(
    ("form", "written"),
    [
        ("decimal", {1: "1", 10: "10"}),
        ("decimalZero", {1: "01", 10: "10", 100: "100"}),
        ("decimalFullWidth", {1: "１", 23: "２３"}),
        ("decimalEnclosedCircle", {1: "①", 10: "⑩", 20: "⑳", 21: "21"}),
        ("decimalEnclosedCircleChinese", {1: "①", 10: "⑩"}),
        ("decimalEnclosedFullstop", {1: "⒈", 20: "⒛"}),
        ("decimalEnclosedParen", {1: "⑴", 20: "⒇"}),
        ("ideographEnclosedCircle", {1: "㈠", 10: "㈩", 11: "11"}),
        ("chineseCounting", {1: "一", 10: "十", 11: "十一", 20: "二十", 99: "九十九", 100: "一○○"}),
        (
            "chineseCountingThousand",
            {
                9: "九", 10: "十", 12: "十二", 20: "二十", 21: "二十一", 100: "一百", 101: "一百零一",
                110: "一百一十", 111: "一百一十一", 200: "二百", 1000: "一千", 1001: "一千零一", 1010: "一千零一十",
            },
        ),
        ("chineseLegalSimplified", {1: "壹", 2: "贰", 10: "壹拾", 23: "贰拾叁", 101: "壹佰零壹"}),
        ("ideographDigital", {1: "一", 10: "一〇", 21: "二一", 100: "一〇〇"}),
        ("ideographTraditional", {1: "甲", 10: "癸", 11: "11"}),
        ("ideographZodiac", {1: "子", 12: "亥", 13: "13"}),
        ("ideographZodiacTraditional", {1: "甲子", 13: "丙子", 60: "癸亥", 61: "61"}),
        ("ideographLegalTraditional", {1: "壹", 2: "貳", 3: "參", 10: "壹拾", 1000: "壹仟"}),
        ("taiwaneseCounting", {1: "一", 10: "十", 21: "二十一", 100: "一○○"}),
        ("taiwaneseCountingThousand", {10: "十", 101: "一百零一", 1000: "一千"}),
        ("taiwaneseDigital", {1: "一", 10: "一○"}),
        ("japaneseCounting", {1: "一", 10: "十", 21: "二十一", 100: "百", 101: "百一", 1000: "千"}),
        ("japaneseLegal", {1: "壱", 10: "壱拾", 23: "弐拾参"}),
        ("upperRoman", {1: "I", 4: "IV", 9: "IX", 1994: "MCMXCIV"}),
        ("lowerRoman", {1: "i", 40: "xl"}),
        ("upperLetter", {1: "A", 26: "Z", 27: "AA", 53: "AAA"}),
        ("lowerLetter", {1: "a", 28: "bb"}),
        ("ordinal", {1: "1st", 2: "2nd", 3: "3rd", 11: "11th", 21: "21st", 112: "112th"}),
        ("none", {1: ""}),
        ("numberInDash", {1: "- 1 -"}),
        ("hex", {10: "A"}),
        ("003", {7: "7"}),
        ("03", {7: "007"}),
    ],
)  # fmt: skip
def test_a_number_is_written_in_the_form_that_word_prints(form, written):
    assert {value: write_number(value, form) for value in written} == written


@pytest.mark.parametrize("form", ["upperRoman", "lowerLetter", "chineseCountingThousand", "？"])
@pytest.mark.parametrize("value", [0, -1, 10**9])
def test_a_number_that_a_form_cannot_write_stands_in_digits(form, value):
    assert write_number(value, form) in (str(value), "零")


def test_levels_count_under_each_other():
    definition = abstract(0, *FOUR) + num(1, 0)
    assert numbers([0, 1, 1, 2, 1, 0, 1, 2, 2], definition) == [
        "1", "1.1", "1.2", "1.2.1", "1.3", "2", "2.1", "2.1.1", "2.1.2"
    ]  # fmt: skip


def test_a_level_that_was_passed_over_counts_as_begun():
    definition = abstract(0, *FOUR) + num(1, 0)
    assert numbers([2, 1, 0], definition) == ["1.1.1", "1.2", "2"]


def test_a_chapter_list_of_a_statute_keeps_its_articles_counting():
    # 第一条 goes on through the chapters: the level of articles never restarts.
    levels = (
        level(0, "chineseCountingThousand", "第%1章"),
        level(1, "chineseCountingThousand", "第%2条", more='<w:lvlRestart w:val="0"/>'),
        level(2, "chineseCountingThousand", "（%3）", suffix="nothing"),
    )
    assert lines(
        "".join(numbered(1, at, words) for at, words in (
            (0, "总则"), (1, "为了规范管理。"), (1, "适用范围："), (2, "学校；"), (2, "幼儿园。"), (0, "附则"), (1, "施行。"), (2, "甲。"),
        )),
        abstract(0, *levels) + num(1, 0),
    ) == [
        "第一章　总则", "第一条　为了规范管理。", "第二条　适用范围：", "（一）学校；", "（二）幼儿园。", "第二章　附则",
        "第三条　施行。", "（一）甲。",
    ]  # fmt: skip


def test_a_level_may_restart_after_one_level_only():
    levels = (*FOUR[:2], level(2, "decimal", "%3", more='<w:lvlRestart w:val="1"/>'))
    definition = abstract(0, *levels) + num(1, 0)
    assert numbers([0, 1, 2, 1, 2, 0, 1, 2], definition) == [
        "1", "1.1", "1", "1.2", "2", "2", "2.1", "1"
    ]  # fmt: skip


def test_legal_numbers_are_arabic_on_every_level():
    levels = (
        level(0, "chineseCounting", "第%1章"),
        level(1, "chineseCounting", "%1.%2", more="<w:isLgl/>"),
    )
    assert numbers([0, 1, 1], abstract(0, *levels) + num(1, 0)) == ["第一章", "1.1", "1.2"]


def test_a_list_starts_where_it_says():
    assert numbers([0, 0], abstract(0, level(0, "decimal", "%1", start=5)) + num(1, 0)) == [
        "5",
        "6",
    ]


def test_a_list_without_a_start_begins_with_zero_as_the_standard_says():
    bare = '<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1"/></w:lvl>'
    assert numbers([0, 0], abstract(0, bare) + num(1, 0)) == ["0", "1"]


def test_two_lists_of_one_definition_go_on_counting_and_one_with_a_start_of_its_own_begins_anew():
    definition = abstract(0, *FOUR) + num(1, 0) + num(2, 0) + num(3, 0, override(0, 1))
    body = "".join(numbered(n, 0, "@") for n in (1, 1, 2, 3, 3, 1))
    assert lines(body, definition) == ["1 @", "2 @", "3 @", "1 @", "2 @", "3 @"]


def test_a_list_may_write_a_level_in_its_own_way():
    own = f'<w:lvlOverride w:ilvl="0">{level(0, "upperRoman", "%1)", start=4)}</w:lvlOverride>'
    definition = abstract(0, *FOUR) + num(1, 0, own)
    assert numbers([0, 0, 1], definition) == ["IV)", "V)", "V.1"]


def test_a_list_may_stand_for_a_numbering_style():
    definition = (
        abstract(0, level(0, "decimal", "%1)"), more='<w:styleLink w:val="List1"/>')
        + abstract(1, more='<w:numStyleLink w:val="List1"/>')
        + num(7, 0)
        + num(1, 1)
    )
    link = '<w:numPr><w:numId w:val="7"/></w:numPr>'
    styles = style("List1", "List 1", kind="numbering", p_pr=link)
    assert lines(numbered(1, 0, "甲") + numbered(7, 0, "乙"), definition, styles) == [
        "1) 甲",
        "2) 乙",
    ]


def test_numbering_styles_that_point_at_each_other_number_nothing():
    definition = abstract(0, more='<w:numStyleLink w:val="A"/>') + num(1, 0)
    styles = style("A", "A", kind="numbering", p_pr='<w:numPr><w:numId w:val="1"/></w:numPr>')
    assert lines(numbered(1, 0, "甲"), definition, styles) == ["甲"]


def test_a_paragraph_style_numbers_its_paragraphs_at_the_level_that_names_it():
    levels = (
        level(0, "chineseCounting", "%1、", suffix="nothing", more='<w:pStyle w:val="H1"/>'),
        level(1, "chineseCounting", "（%2）", suffix="nothing", more='<w:pStyle w:val="H2"/>'),
    )
    link = '<w:numPr><w:numId w:val="1"/></w:numPr>'
    styles = (
        style("H1", "heading 1", p_pr=link)
        + style("H2", "heading 2", p_pr=link)
        + style("H2own", "my heading", based_on="H2")
        + style(
            "H1off", "unnumbered", based_on="H1", p_pr='<w:numPr><w:numId w:val="0"/></w:numPr>'
        )
    )
    body = (
        styled("H1", "总体要求") + styled("H2", "原则") + styled("H2own", "目标") + styled("H1off", "前言")
        + styled("H1", "任务") + p("不编号", properties='<w:pStyle w:val="H1"/><w:numPr><w:numId w:val="0"/></w:numPr>')
        + p("直接指定", properties='<w:pStyle w:val="H2"/><w:numPr><w:ilvl w:val="0"/></w:numPr>')
    )  # fmt: skip
    assert lines(body, abstract(0, *levels) + num(1, 0), styles) == [
        "一、总体要求", "（一）原则", "（二）目标", "前言", "二、任务", "不编号", "三、直接指定"
    ]  # fmt: skip


def test_a_hidden_number_counts_and_is_not_printed():
    hidden = level(0, "decimal", "%1", after="<w:rPr><w:vanish/></w:rPr>")
    definition = abstract(0, hidden, FOUR[1]) + num(1, 0)
    assert numbers([0, 0, 1], definition) == ["", "", "2.1"]


@pytest.mark.parametrize(
    ("pattern", "font", "printed"),
    [
        ("\uf06c", "Wingdings", "●"),
        ("\uf06e", "Wingdings", "■"),
        ("\uf075", "Wingdings", "◆"),
        ("\uf0d8", "Wingdings", "➢"),
        ("\uf0fc", "Wingdings", "✓"),
        ("\uf0b7", "Symbol", "•"),
        ("\uf052", "Wingdings 2", "☑"),
        ("\uf0ff", "Unheard Of", "•"),
        ("●", "", "●"),
        ("", "", "•"),
    ],
)
def test_a_bullet_is_the_character_that_its_font_shows(pattern, font, printed):
    fonts = f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}"/></w:rPr>' if font else ""
    definition = abstract(0, level(0, "bullet", pattern, after=fonts)) + num(1, 0)
    assert lines(numbered(1, 0, "要点"), definition) == [f"{printed} 要点"]


@pytest.mark.parametrize(
    ("pattern", "suffix", "begins"),
    [
        ("第%1条", "", "第一条　@"),
        ("第%1条", "space", "第一条　@"),
        ("第%1条", "nothing", "第一条@"),
        ("%1、", "", "一、@"),
        ("（%1）", "space", "（一）@"),
        ("%1.", "", "一. @"),
        ("附件", "", "附件　@"),
    ],
)
def test_the_gap_after_a_number_is_what_its_last_character_wants(pattern, suffix, begins):
    definition = abstract(0, level(0, "chineseCounting", pattern, suffix=suffix)) + num(1, 0)
    assert lines(numbered(1, 0, "@"), definition) == [begins]


def test_numbers_go_on_through_tables_and_stand_in_empty_cells():
    definition = abstract(0, level(0, "decimal", "%1")) + num(1, 0)
    body = numbered(1, 0, "前") + table(
        row(cell(numbered(1, 0)), cell("甲")), row(cell(numbered(1, 0)), cell("乙"))
    ) + numbered(1, 0, "后")  # fmt: skip
    assert lines(body, definition) == ["1 前", "2 | 甲", "3 | 乙", "4 后"]


def test_lists_in_text_boxes_are_counted_apart():
    definition = abstract(0, level(0, "decimal", "%1")) + num(1, 0)
    body = numbered(1, 0, "甲", text_box(numbered(1, 0, "框"))) + numbered(1, 0, "乙")
    assert lines(body, definition) == ["1 甲", "1 框", "2 乙"]


def test_a_deleted_paragraph_takes_no_number():
    definition = abstract(0, level(0, "decimal", "%1")) + num(1, 0)
    deleted = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr>'
        "</w:pPr><w:del><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>"
    )
    assert lines(numbered(1, 0, "甲") + deleted + numbered(1, 0, "乙"), definition) == [
        "1 甲",
        "2 乙",
    ]


def test_digits_made_to_order_are_padded():
    made = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><mc:AlternateContent><mc:Choice Requires="w14">'
        '<w:numFmt w:val="custom" w:format="001, 002, 003, ..."/></mc:Choice><mc:Fallback>'
        '<w:numFmt w:val="decimal"/></mc:Fallback></mc:AlternateContent>'
        '<w:lvlText w:val="%1"/></w:lvl>'
    )
    assert numbers([0, 0], abstract(0, made) + num(1, 0)) == ["001", "002"]


def test_a_form_that_is_not_known_is_said():
    definition = abstract(0, level(0, "cardinalText", "%1")) + num(1, 0)
    source = word.read(docx(numbered(1, 0, "甲"), numbering=definition))
    assert source.text == "1 甲\n"
    assert [c.fact for c in source.cautions] == [
        "有的自动编号样式（cardinalText）没有对应的写法，按阿拉伯数字写出。"
    ]


def test_a_list_or_a_level_that_is_not_defined_numbers_nothing():
    definition = abstract(0, FOUR[0]) + num(1, 0) + num(2, 9)
    body = (
        numbered(2, 0, "甲") + numbered(3, 0, "乙") + numbered(1, 5, "丙") + numbered(1, -1, "丁")
    )
    assert lines(body, definition) == ["甲", "乙", "丙", "丁"]


def _count(levels: Sequence[int], starts: Sequence[int], upto: int) -> str:
    """The number of the paragraph `upto`, by looking at all before it anew."""
    parts = []
    for at in range(levels[upto] + 1):
        begin = max((i + 1 for i in range(upto) if levels[i] < at), default=0)
        since = [found for found in levels[begin : upto + 1] if found >= at]
        passed_over = since[0] > at
        parts.append(starts[at] + since.count(at) + passed_over - 1)
    return ".".join(map(str, parts))


@given(
    levels=st.lists(st.integers(0, 3), min_size=1, max_size=30),
    starts=st.tuples(*[st.integers(0, 9)] * 4),
)
def test_a_number_is_how_many_stand_before_it_since_the_level_above(levels, starts):
    definition = abstract(0, *(
        level(at, "decimal", ".".join(f"%{n + 1}" for n in range(at + 1)), start=starts[at])
        for at in range(4)
    )) + num(1, 0)  # fmt: skip
    assert numbers(levels, definition) == [_count(levels, starts, i) for i in range(len(levels))]


_VALUES = st.sampled_from(["", "0", "1", "2", "8", "-1", "99", "x", "1" * 30])
_FORM_NAMES = st.sampled_from(
    ["decimal", "bullet", "none", "chineseCounting", "upperRoman", "nonsense", ""]
)


@st.composite
def _definitions(draw):
    """Numbering such as no program writes."""
    element = st.builds(
        lambda name, value: f'<w:{name} w:val="{value}"/>',
        st.sampled_from("start lvlRestart isLgl suff pStyle numStyleLink startOverride".split()), _VALUES,
    )  # fmt: skip
    made_level = st.builds(
        lambda at, form, more, text: (
            f'<w:lvl w:ilvl="{at}"><w:numFmt w:val="{form}"/>{"".join(more)}<w:lvlText w:val="{text}"/></w:lvl>'
        ),
        _VALUES, _FORM_NAMES, st.lists(element, max_size=3), st.sampled_from(["%1", "%1.%2.%9", "%%", "", "%0"]),
    )  # fmt: skip
    made_abstract = st.builds(
        lambda identity, levels, more: abstract(identity, *levels, more="".join(more)),
        _VALUES, st.lists(made_level, max_size=4), st.lists(element, max_size=2),
    )  # fmt: skip
    made_num = st.builds(
        lambda identity, of, at, levels: (
            f'<w:num w:numId="{identity}"><w:abstractNumId w:val="{of}"/><w:lvlOverride w:ilvl="{at}">'
            f"{''.join(levels)}</w:lvlOverride></w:num>"
        ),
        _VALUES, _VALUES, _VALUES, st.lists(st.one_of(made_level, element), max_size=2),
    )  # fmt: skip
    return "".join(draw(st.lists(made_abstract, max_size=3)) + draw(st.lists(made_num, max_size=3)))


@given(
    definitions=_definitions(),
    paragraphs=st.lists(st.tuples(_VALUES, _VALUES), max_size=8),
)
def test_no_numbering_breaks_a_reading(definitions, paragraphs):
    body = "".join(
        p("字", properties=f'<w:numPr><w:ilvl w:val="{at}"/><w:numId w:val="{num}"/></w:numPr>')
        for num, at in paragraphs
    )
    source = word.read(docx(body, numbering=definitions))
    assert [line[-1] for line in source.text.splitlines()] == ["字"] * len(paragraphs)
