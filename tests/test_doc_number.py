"""Every way of writing a 文号 is one value, with the span that proves it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.doc_number import find_doc_numbers, is_doc_number
from tests.make import any_text, cut

_CODES = st.sampled_from(["云政发", "玉政办规", "发改价格", "教基", "渝府办发", "京建发"])
_BRACKETS = st.sampled_from(["〔〕", "[]", "（）", "()", "【】", "［］", "﹝﹞", "{}"])


def chinese(number: int) -> str:
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("根据云政发【２０２２】第3号文件要求", ["云政发〔2022〕3号"]),
        ("国发[二〇一二]十四号", ["国发〔2012〕14号"]),
        ("雲政辦函（2012）14 號", ["云政办函〔2012〕14号"]),
        ("成教（基）〔2019〕3号", ["成教(基)〔2019〕3号"]),
        ("依据国发[2023]第03号和玉教體聯（2022）26號", ["国发〔2023〕3号", "玉教体联〔2022〕26号"]),
        ("渝府办发〔2022〕7号、渝府发〔2021〕9号", ["渝府办发〔2022〕7号", "渝府发〔2021〕9号"]),
        ("中华人民共和国国务院令 第 七百一十四 号", ["国务院令第714号"]),
        ("2020年12月25日住房和城乡建设部令第53号公布", ["住房和城乡建设部令第53号"]),
        ("教育部公告2022年第3号", ["教育部公告2022年第3号"]),
        ("主席令第五十五号", ["主席令第55号"]),
        ("臺教國署國字第1120012345A號", ["台教国署国字第1120012345A号"]),
        ("建标〔1999〕", []),
        ("第12号楼", []),
        ("共有〔2022〕人", []),
    ],
)
def test_every_number_of_a_text_is_found(text: str, numbers: list[str]) -> None:
    assert [value for value, _ in find_doc_numbers(text)] == numbers


@given(code=_CODES, year=st.integers(1980, 2039), serial=st.integers(1, 9999), brackets=_BRACKETS)
def test_brackets_and_digits_of_any_kind_are_one_number(
    code: str, year: int, serial: int, brackets: str
) -> None:
    expected = f"{code}〔{year}〕{serial}号"
    for written in (str(year), chinese(year)):
        for number in (str(serial), f"第{serial}", f"　{serial} "):
            text = f"见{code}{brackets[0]}{written}{brackets[1]}{number}号。"
            ((value, span),) = find_doc_numbers(f"（{text[1:]}")
            assert value == expected
            assert cut(f"（{text[1:]}", span).endswith("号")


@given(any_text)
def test_every_span_says_its_number(text: str) -> None:
    for value, span in find_doc_numbers(text):
        assert value in [number for number, _ in find_doc_numbers(cut(text, span))]


def test_a_number_alone_is_told_from_one_in_a_sentence() -> None:
    assert is_doc_number("云政发〔2022〕3号")
    assert not is_doc_number("按云政发〔2022〕3号执行")
