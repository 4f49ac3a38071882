"""When a document takes effect, until when it is valid, when it was amended: only what it says."""

import pytest
from hypothesis import given

from indexer.records import Document, Field, Header
from indexer.validity import with_validity
from tests.make import any_text, cut, make_document, notice_text

NOTICE = (
    "白鹭市人民政府关于印发白鹭市管理办法的通知\n各区：\n{clause}\n白鹭市人民政府\n2022年12月6日\n"
)


def days(text: str) -> tuple[str | None, str | None]:
    """施行日期 and the last day of validity."""
    header = make_document(text).header
    return tuple(field and field.value for field in (header.effective_on, header.expires_on))


@pytest.mark.parametrize(
    ("clause", "effective", "expires"),
    [
        ("本办法自2022年1月1日起施行。", "2022-01-01", None),
        ("本办法自二〇二二年五月一日起施行,有效期三年。", "2022-05-01", "2025-04-30"),
        ("本辦法自中華民國一百零四年一月一日施行。", "2015-01-01", None),
        ("本办法自2022年9月起施行。", "2022-09-01", None),
        ("本意见自印发之日起施行，有效期至2025年12月31日。", "2022-12-06", "2025-12-31"),
        ("本通知自印发之日起30日后施行，有效期为5年。", "2023-01-05", "2028-01-04"),
        ("本标准自发布之日起满三个月后施行，有效期2年。", "2023-03-06", "2025-03-05"),
        ("本实施细则自2020年12月1日起施行，试行期两年。", "2020-12-01", "2022-11-30"),
        ("本办法自2020年3月1日起暂行一年。", "2020-03-01", "2021-02-28"),
        ("本方案自印发之日起实施，有效期截至2025年12月31日。", "2022-12-06", "2025-12-31"),
        ("本公告执行至2027年12月31日。", None, "2027-12-31"),
        ("本通知执行期限自2019年1月1日至2021年12月31日。", None, "2021-12-31"),
        ("本细则自2022年4月15日起实施，有效期为2022年4月15日至2025年4月14日。", "2022-04-15", "2025-04-14"),
        ("本办法自2021年9月1日起施行，至2026年8月31日止。", "2021-09-01", "2026-08-31"),
        ("本办法自2018年7月1日起施行，2023年6月30日废止。", "2018-07-01", "2023-06-30"),
        ("本意见自2022年8月1日起施行，有效期5年至2027年7月31日。", "2022-08-01", "2027-07-31"),
        ("本规定由市教育局负责解释，自2021年3月1日起施行。", "2021-03-01", None),
        ("现将《白鹭市管理办法》印发给你们，自2023年3月1日起施行，有效期3年。", "2023-03-01", "2026-02-28"),
        ("本办法除第九条外，自2023年3月1日起施行。", "2023-03-01", None),
        ("本办法有效期五年。", None, None),
        ("本规定自2024年2月30日起施行。", None, None),
        ("本法施行日期，由行政院以命令定之。", None, None),
        ("《白鹭市停车办法》自2020年1月1日起施行。", None, None),
        ("本市自2020年1月1日起实施垃圾分类，许可证有效期5年。", None, None),
        ("取得资格证书的，自2020年1月1日起执行，证书有效期五年。", None, None),
        ("将第九条修改为：“本办法自2019年1月1日起施行。”", None, None),
        ("本方案实施三年行动计划，到2025年底完成。", None, None),
    ],
)  # fmt: skip
def test_a_day_is_read_from_the_clause_that_gives_it(
    clause: str, effective: str | None, expires: str | None
) -> None:
    assert days(NOTICE.format(clause=clause)) == (effective, expires)


def test_each_day_carries_the_clause_that_proves_it() -> None:
    document = make_document(NOTICE.format(clause="第九条 本办法自2022年1月1日起施行，有效期5年。"))
    header, text = document.header, document.text
    assert header.effective_on and header.expires_on and header.effect
    assert cut(text, header.effective_on.span) == "本办法自2022年1月1日起施行"
    assert cut(text, header.expires_on.span) == "有效期5年"
    assert header.effect.span == header.effective_on.span


@pytest.mark.parametrize(
    ("history", "effective", "amended"),
    [
        ("2007年3月31日 国务院令第491号公布", "2007-03-31", None),
        ("2007年3月31日 国务院令第491号公布\n2013年1月2日 《国务院关于修改〈停车条例〉的决定》第一次修订", "2007-03-31", "2013-01-02"),
        ("2007年3月31日 白鹭市第三届人民代表大会通过", None, None),
        ("2007年3月31日 白鹭市人大通过\n2008年1月5日 青岚省人大批准", None, None),
        ("2007年3月31日 白鹭市第三届人民代表大会通过\n2019年1月5日 白鹭市第九届人民代表大会通过", None, "2019-01-05"),
        ("（1998年4月29日白鹭市人大通过 根据2010年1月2日《关于修改部分规定的决定》修正）", None, "2010-01-02"),
    ],
)  # fmt: skip
def test_the_history_of_a_rule_says_when_it_was_published_and_amended(
    history: str, effective: str | None, amended: str | None
) -> None:
    text = f"# 停车条例\n\n{history}\n\n第一条 为了停车，制定本条例。\n第二条 本条例自公布之日起施行。\n"
    header = make_document(text, "a.md").header
    assert days(text) == (effective, None)
    assert (header.amended_on and header.amended_on.value) == amended
    assert header.effect and header.effect.value == "本条例自公布之日起施行"


def test_the_history_itself_may_say_when_a_rule_takes_effect() -> None:
    text = "# 民法\n\n2020年5月28日 大会通过\n\n2021年1月1日 施行\n\n第一条 为了保护，制定本法。\n"
    assert days(text) == ("2021-01-01", None)


def test_the_day_of_an_amendment_is_not_that_of_publication() -> None:
    text = "# 圖書館辦法\n\n最新異動日期：20141216\n\n第1條　為了閱讀。\n\n第2條　本辦法自發布日施行。\n"
    header = make_document(text, "a.md").header
    assert header.issued_on and header.issued_on.value == "2014-12-16"
    assert header.effective_on is None
    assert header.effect and header.effect.value == "本办法自发布日施行"


def test_an_explanation_of_a_rule_is_not_the_rule() -> None:
    text = "《停车办法》政策解读\n《停车办法》已经印发，现将有关内容解读如下，自2024年4月1日起施行，有效期5年。\n"
    assert days(text) == (None, None)


def test_what_a_label_says_stands() -> None:
    text = "文号：白政规〔2022〕1号\n施行日期：2022年2月1日\n白鹭市停车办法\n本办法自2022年1月1日起施行。\n"
    document = make_document(text)
    assert document.header.effective_on == Field("2022-02-01", document.header.effective_on.span)


@given(notice_text)
def test_every_clause_lies_in_the_text(text: str) -> None:
    whole = f"{text}\n本办法自{text[:9]}2022年1月1日起施行，有效期{text[-3:]}5年。\n{text[::-1]}"
    header = with_validity(Document("a.txt", "", whole, Header(), (), ())).header
    for field in (header.effect, header.effective_on, header.expires_on, header.amended_on):
        assert field is None or 0 <= field.span.start < field.span.end <= len(whole)


@given(any_text)
def test_any_text_can_be_read_for_clauses(text: str) -> None:
    whole = f"民国{text}年{text[:2]}月一日起施行，有效期至{text}年9月{text[:1]}日"
    with_validity(Document("a.txt", "", whole, Header(), (), ()))
