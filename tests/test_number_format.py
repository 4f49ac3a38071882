"""A number is shown as Excel in Chinese shows it."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.readers.number_format import BUILT_IN, format_number, format_text

NEW_YEAR = 45292  # 2024-01-01, a Monday
ACCOUNTING = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (12, "0", "12"), (2.5, "0", "3"), (-2.5, "0", "-3"), (0.285, "0.00", "0.29"),
        (1.005, "0.00", "1.01"), (3, "0.0#", "3.0"), (3, "0.##", "3."), (0.5, "#.##", ".5"),
        (7, "000", "007"), (12, "00000", "00012"), (1234567.891, "#,##0.00", "1,234,567.89"), (12, "#,##0", "12"),
        (1e15, "#,##0", "1,000,000,000,000,000"), (12345678, "#,##0,", "12,346"),
        (12345678, '0.0,,"百万"', "12.3百万"), (12345678, '0\\.0,"万"', "1234.6万"),
        (12345678, '0!.0,"万"', "1234.6万"), (0.1234, "0%", "12%"), (0.12345, "0.00%", "12.35%"),
        (13800138000, "000-0000-0000", "138-0013-8000"), (5, '"第"0"号"', "第5号"),
        (-0.4, "0", "0"), (-0.4, "0.0", "-0.4"), (0, "#", ""), (-5, "0_);(0)", "(5)"),
        (-1234.5, "#,##0.00_);[Red](#,##0.00)", "(1,234.50)"), (0, "0;-0;;@", ""), (5, ";;;", ""),
        (1234.5, ACCOUNTING, "1,234.50"), (0, ACCOUNTING, "-"), (-1234.5, ACCOUNTING, "-1,234.50"),
        (1234.5, "[$¥-804]#,##0.00", "¥1,234.50"), (1234.5, "[$-804]0.0", "1234.5"),
        (85, "[红色][<60]0;[蓝色][>=60]0", "85"), (85, '[<60]"不及格";[>=60]"及格"', "及格"),
        (-3, '[<0]"减"0;[=0]"平";"增"0', "减3"), (-5, "[>=1000]#,##0;0", "5"),
        (1234.5, "0.00E+00", "1.23E+03"), (0.00123, "0.0E-0", "1.2E-3"),
        (12345, "##0.0E+0", "12.3E+3"), (999.96, "0.0E+0", "1.0E+3"),
        (0.5, "# ?/?", "1/2"), (2.25, "# ??/??", "2 1/4"), (2.3, "# ?/4", "2 1/4"), (3, "# ?/?", "3"),
        (2.75, "?/?", "11/4"), (12, "@", "12"), (True, "General", "1"),
    ],
)  # fmt: skip
def test_a_number_is_shown_in_its_format(value: float, code: str, shown: str) -> None:
    assert format_number(value, code).strip() == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"), (-0.0, "0"), (100, "100"), (0.1 + 0.2, "0.3"), (1 / 3, "0.333333333"),
        (12345.678901234, "12345.6789"), (99999999999, "99999999999"), (123456789012, "1.23457E+11"),
        (1e20, "1E+20"), (-0.000123456789, "-0.000123457"), (0.00001, "0.00001"),
        (1.23456e-5, "1.23456E-05"), (9.999999e15, "1E+16"),
    ],
)  # fmt: skip
def test_a_number_without_a_format_takes_eleven_characters_at_most(
    value: float, shown: str
) -> None:
    assert format_number(value, "General") == shown


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (NEW_YEAR, "yyyy-mm-dd", "2024-01-01"), (NEW_YEAR, "yyyy/m/d;@", "2024/1/1"),
        (NEW_YEAR, 'yyyy"年"m"月"d"日"', "2024年1月1日"), (NEW_YEAR, "yy.m.d", "24.1.1"),
        (NEW_YEAR, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "2024年1月1日"),
        (NEW_YEAR, '[DBNum1][$-804]yyyy"年"m"月"d"日"', "二〇二四年一月一日"),
        (45280, '[DBNum1][$-804]m"月"d"日"', "十二月二十日"), (NEW_YEAR, "[$-804]aaaa", "星期一"),
        (NEW_YEAR, "[$-804]aaa", "一"), (NEW_YEAR, "[$-804]dddd", "星期一"),
        (NEW_YEAR, "[$-804]ddd", "周一"), (NEW_YEAR, "dddd", "Monday"), (NEW_YEAR, "d-mmm-yy", "1-Jan-24"),
        (NEW_YEAR, "[$-804]mmmm", "一月"), (NEW_YEAR, '[$-404]e"年"m"月"d"日"', "113年1月1日"),
        (NEW_YEAR, '[$-404]ggge"年"', "中華民國113年"), (NEW_YEAR + 0.75, "h:mm AM/PM", "6:00 PM"),
        (NEW_YEAR + 0.75, '上午/下午h"时"mm"分"', "下午6时00分"), (1.5, "[h]:mm", "36:00"),
        (1.5, "[mm]", "2160"), (NEW_YEAR + 0.999999, "yyyy-mm-dd", "2024-01-01"),
        (0.999999, "h:mm:ss", "0:00:00"), (0.5 + 1.25 / 86400, "mm:ss.00", "00:01.25"),
        (60, "yyyy-m-d", "1900-2-29"), (59, "yyyy-m-d", "1900-2-28"), (61, "yyyy-m-d", "1900-3-1"),
        (-5, "yyyy-mm-dd", "-5"), (1e10, "yyyy-mm-dd", "10000000000"),
    ],
)  # fmt: skip
def test_a_day_is_shown_in_its_format(value: float, code: str, shown: str) -> None:
    assert format_number(value, code) == shown


def test_days_may_be_counted_from_1904() -> None:
    assert format_number(NEW_YEAR - 1462, "yyyy-mm-dd", from_1904=True) == "2024-01-01"


@pytest.mark.parametrize(
    ("number", "shown"),
    [(14, "2024/1/1"), (31, "2024年1月1日"), (57, "2024年1月"), (32, "0时00分")],
)
def test_a_format_that_goes_by_number_alone_is_that_of_chinese_excel(
    number: int, shown: str
) -> None:
    assert format_number(NEW_YEAR, BUILT_IN[number]) == shown


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (123, "[DBNum1][$-804]General", "一百二十三"), (1005, "[DBNum1]General", "一千〇五"),
        (100000, "[DBNum1]General", "一十万"), (20300040, "[DBNum2]General", "贰仟零叁拾万零肆拾"),
        (1.5, "[DBNum2][$-804]General", "壹.伍"), (0, "[DBNum2]General", "零"),
        (2024, "[DBNum1]0", "二〇二四"), (12.5, '[DBNum2]0.00"元"', "壹贰.伍零元"),
    ],
)  # fmt: skip
def test_chinese_numerals_are_written(value: float, code: str, shown: str) -> None:
    assert format_number(value, code) == shown


@pytest.mark.parametrize(
    ("words", "code", "shown"),
    [("甲", "General", "甲"), ("甲", "0.00", "甲"), ("甲", '@"县"', "甲县"), ("甲", "0;-0;0;", ""),
     ("甲", ";;;@", "甲"), ("甲", '0;-0;0;"乙"@', "乙甲")],
)  # fmt: skip
def test_words_are_shown_in_their_format(words: str, code: str, shown: str) -> None:
    assert format_text(words, code) == shown


@given(st.datetimes(datetime(1900, 3, 1), datetime(9999, 12, 31, 23, 59, 58)))
def test_every_second_of_the_calendar_is_shown_as_it_is(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    days = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
    assert format_number(days, "yyyy-mm-dd hh:mm:ss") == moment.isoformat(" ")


@given(st.integers(-(10**14), 10**14), st.integers(0, 6))
def test_digits_are_never_lost_or_invented(number: int, places: int) -> None:
    code = "#,##0" + ("." + "0" * places if places else "")
    assert format_number(number, code).replace(",", "").partition(".")[0] == str(number)


@given(
    st.floats(),
    st.text('0#?.,;%/EemdyhsAP"\\[]<>=@_* aGeneral$-804DBNum1万年红+-', max_size=20),
)
def test_any_number_is_shown_in_any_format(value: float, code: str) -> None:
    assert isinstance(format_number(value, code), str)
    assert isinstance(format_text("甲", code), str)
