"""Text is folded for comparison, and every folded character knows where it came from."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer import text as text_module
from indexer.records import Span
from indexer.text import find_dates, fold, folded, lines, outside, read_date, simplify
from tests.make import any_text, cut, notice_text, span_of


@given(any_text)
def test_simplifying_keeps_the_length_and_is_done_once(text: str) -> None:
    simple = simplify(text)
    assert len(simple) == len(text)
    assert simplify(simple) == simple


@given(any_text)
def test_folding_is_done_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def defined_fold(text: str) -> tuple[str, list[int]]:
    """The definition of `fold`, character by character."""
    characters: list[tuple[str, int]] = []
    for offset, character in enumerate(simplify(text).translate(text_module._FAMILIES)):
        if character in text_module._INVISIBLE:
            continue
        normal = unicodedata.normalize("NFKC", character).lower() or character
        if not character.isascii():
            normal = normal.translate(text_module._script()).translate(text_module._FAMILIES)
        characters += [(piece, offset) for piece in normal]
    joined = "".join(character for character, _ in characters)
    for run in reversed(list(re.finditer(r"\s+", joined))):
        around = joined[max(0, run.start() - 1) : run.start()] + joined[run.end() :][:1]
        space = [(" ", characters[run.start()][1])] if re.fullmatch("[0-9a-z]{2}", around) else []
        characters[slice(*run.span())] = space
    whole = "".join(character for character, _ in characters)
    return text_module._look_around(whole), [*(offset for _, offset in characters), len(text)]


# White space, invisible and expanding characters, surrogates alone and in pairs, letters beyond.
_HARD = "a1Z \t\n\x1c\x85\u3000\u2028\u200b\ufeff\xad¨ㅤ﷽㎡①ǅßİΣςſ\ud83d\ude00\udc00𝐀𠮷𐐀﹐﹍著画計&"
hard_text = st.one_of(
    st.text(st.sampled_from(_HARD), max_size=40), st.text(st.characters(), max_size=40), notice_text
)


@given(hard_text)
@example("a \u200b b")
@example("共 ㎡ 3 ¨ㅤ﷽ x﷽y")
def test_folding_is_what_its_definition_says(text: str) -> None:
    whole = fold(text)
    assert (whole.text, whole.starts.tolist()) == defined_fold(text)
    assert folded(text) == whole.text


@given(hard_text)
def test_simplifying_is_what_the_table_of_characters_says(text: str) -> None:
    plain = text.translate(text_module._script())
    assert simplify(text) == text_module._look_around(plain)


@given(any_text)
def test_every_folded_character_has_a_place_in_the_original(text: str) -> None:
    whole = fold(text)
    assert len(whole.starts) == len(whole.text) + 1
    assert whole.starts[-1] == len(text)
    assert list(whole.starts) == sorted(whole.starts)
    for index in range(len(whole.text)):
        span = whole.original(index, index + 1)
        assert span == (whole.starts[index], whole.starts[index] + 1)
        assert span.end <= len(text)
        assert whole.starts[whole.position(span.start)] == span.start


@given(any_text)
def test_the_original_of_all_folded_text_holds_every_character_of_it(text: str) -> None:
    whole = fold(text)
    span = whole.original(0, len(whole.text))
    assert folded(cut(text, span)) == whole.text


@pytest.mark.parametrize(
    ("printed", "simple"),
    [
        ("著力推進", "着力推进"), ("名著", "名著"), ("編著者", "编著者"), ("顯著", "显著"),
        ("三年行動計畫", "三年行动计划"), ("圖畫", "图画"), ("服務&&", "服务平台"), ("R&&D", "R&&D"),
        ("戰畧", "战略"), ("配寘", "配置"), ("臺階", "台阶"), ("什麼", "什么"), ("國中", "国中"),
        ("ＡＢ１２％", "AB12%"), ("班额（人）", "班额(人)"), ("玉溪市", "玉溪市"),
    ],
)  # fmt: skip
def test_one_script_and_one_width(printed: str, simple: str) -> None:
    assert simplify(printed) == simple


@pytest.mark.parametrize(
    "written",
    [
        "玉教体联〔2022〕26号", "玉教體聯〔2022〕26號", "玉教体联[2022]26号", "玉教体联（2022）26号",
        "玉教体联【２０２２】２６号", " 玉教 体联〔2022〕 26 号 ",
    ],
)  # fmt: skip
def test_one_doc_number_has_one_folded_form(written: str) -> None:
    assert folded(written) == "玉教体联[2022]26号"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("大 班　额", "大班额"), ("Wi Fi  6 代", "wi fi 6代"), ("面积3㎡", "面积3m2"), ("①②", "12"),
        ("“大班额”", '"大班额"'), ("「大班額」", '"大班额"'), ("1—2所", "1-2所"), ("甲\u200b乙", "甲乙"),
    ],
)  # fmt: skip
def test_folding_drops_what_comparison_ignores(written: str, plain: str) -> None:
    assert folded(written) == plain


def test_a_match_in_folded_text_is_a_span_of_the_original() -> None:
    text = "加快化 解「大班　額」問題"
    whole = fold(text)
    start = whole.text.index("大班额")
    assert cut(text, whole.original(start, start + 3)) == "大班　額"


def test_an_empty_match_is_an_empty_span() -> None:
    assert fold("甲乙").original(1, 1) == (1, 1)


def test_lines_have_no_white_space_around_them() -> None:
    text = "  甲 乙 \n\n\t\n丙\u3000"
    assert [cut(text, line) for line in lines(text)] == ["甲 乙", "丙"]


def test_lines_outside_keep_clear_of_every_exclusion() -> None:
    text = "甲\n乙\n丙\n丁"
    excluded = [Span(1, 3), Span(2, 3), Span(6, 7)]
    assert outside(lines(text), excluded) == [span_of(text, "甲"), span_of(text, "丙")]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2022年12月6日", "2022-12-06"), ("二〇二二年十二月六日", "2022-12-06"),
        ("二○二四年五月二十日", "2024-05-20"), ("一九九八年十月三十一日", "1998-10-31"),
        ("2023-02-14", "2023-02-14"), ("2024-10-17 15:21:26", "2024-10-17"), ("2024.1.5", "2024-01-05"),
        ("2024/1/5", "2024-01-05"), ("２０２２年１月２日", "2022-01-02"), ("2022 年 1 月 2 日", "2022-01-02"),
        ("2022年2月30日", None), ("2022年13月1日", None), ("2022年12月", None), ("12022-01-02", None),
        ("", None), ("3022年1月1日", None),
    ],
)  # fmt: skip
def test_a_date_is_read_as_the_calendar_has_it(written: str, day: str | None) -> None:
    assert read_date(written) == day


def test_every_date_is_found_where_it_stands() -> None:
    text = "自2021年10月1日起至二〇二二年一月三日止"
    assert [cut(text, span) for span in find_dates(text)] == ["2021年10月1日", "二〇二二年一月三日"]


def test_radicals_of_pdf_fonts_are_the_characters_that_they_look_like() -> None:
    assert folded("⼈⺠政府⻓期⻅⻔⻛⻢⻩⻰") == "人民政府长期见门风马黄龙"
