"""The years that a question names, and when they say that documents were issued then."""

from datetime import date

import pytest

from retrieval.periods import find_periods

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("question", "years", "words", "limits"),
    [
        # Issued then.
        ("近三年各地出台的大班额政策", "2023-", "近三年", True),
        ("去年印发的通知", "2025", "去年", True),
        ("今年以来的文件", "2026", "今年以来", True),
        ("前年发布的公告", "2024", "前年", True),
        ("最近两年的政策", "2024-", "最近两年", True),
        ("近5年的文件", "2021-", "近5年", True),
        ("近两年教育部门下发了哪些通知", "2024-", "近两年", True),
        ("2020年以来云南省出台了哪些意见", "2020-", "2020年以来", True),
        ("2020年以来，各地出台的措施", "2020-", "2020年以来", True),
        ("2021年至2023年印发的办法", "2021-2023", "2021年至2023年", True),
        ("2021—2023年发布的管理办法", "2021-2023", "2021—2023年", True),
        ("2022年印发的通知", "2022", "2022年", True),
        ("2022年3月印发的通知", "2022", "2022年", True),
        ("二〇二二年印发的通知", "2022", "二〇二二年", True),
        ("2020年以前印发的文件", "-2019", "2020年以前", True),
        ("印发日期是2022年的文件", "2022", "2022年", True),
        ("党的十八大以来出台的法规", "2012-", "党的十八大以来", True),
        ("“十三五”时期出台的方案", "2016-2020", "“十三五”时期", True),
        ("2021年制定的实施方案", "2021", "2021年", True),
        # Part of what is asked.
        ("2025年各省地区生产总值增长的预期目标分别是多少", "2025", "2025年", False),
        ("2025年大班额消除任务由谁印发", "2025", "2025年", False),
        ("2025年底前消除大班额", "2025", "2025年底", False),
        ("2025年前消除大班额", "2025", "2025年", False),
        ("2021年制定的目标", "2021", "2021年", False),
        ("2022年发布的失信名单", "2022", "2022年", False),
        ("2022年的通知书", "2022", "2022年", False),
        ("申请人近三年无违法记录", "2023-", "近三年", False),
        ("2021—2023年的目标", "2021-2023", "2021—2023年", False),
        ("“十四五”期间大班额目标", "2021-2025", "“十四五”期间", False),
        ("「十四五」大班额目标", "2021-2025", "「十四五」", False),
        ("十四五规划", "2021-2025", "十四五规划", False),
        ("十五五时期", "2026-2030", "十五五时期", False),
        ("“八五”规划", "1991-1995", "“八五”规划", False),
        ("一五时期", "1953-1957", "一五时期", False),
        ("三五时期", "1966-1970", "三五时期", False),
        ("自2020年起施行", "2020-", "自2020年起", False),
        ("有效期到2025年的文件", "2025", "2025年", False),
        ("明年的安排", "2027", "明年", False),
        ("本年度预算", "2026", "本年度", False),
    ],
)
def test_years_are_read(question: str, years: str, words: str, limits: bool) -> None:
    (period,) = find_periods(question, TODAY)
    found = (period.name(TODAY), question[slice(*period.span)], period.is_limit)
    assert found == (years, words, limits)


@pytest.mark.parametrize(
    "question",
    ["学前三年毛入园率", "三年级", "近三年级", "二十四五岁", "第十五条", "十五条", "将近三年没有",
     "两年内办结", "今年60岁", "20210年", "编号120201年", "1930年代", "2021年代"],
)  # fmt: skip
def test_what_only_looks_like_years_is_none(question: str) -> None:
    assert find_periods(question, TODAY) == []


def test_several_years_come_in_order() -> None:
    found = find_periods("2019年和2023年分别是多少", TODAY)
    assert [period.years for period in found] == [(2019, 2019), (2023, 2023)]


def test_the_day_decides_what_recent_years_are() -> None:
    assert find_periods("去年", date(2020, 1, 1))[0].years == (2019, 2019)
    assert find_periods("近三年", date(2020, 1, 1))[0].years == (2017, 2020)
