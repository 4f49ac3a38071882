"""Which fields of a document a question asks for, and when they alone answer it."""

import pytest

from retrieval.asked_fields import asked_fields, is_about_document, subject_words


@pytest.mark.parametrize(
    ("question", "fields"),
    [
        ("某政发〔2022〕26号的标题是什么", ("title",)),
        ("高龄津贴办法的文号和施行日期", ("doc_number", "effective_on")),
        ("防汛公告的落款日期是哪天", ("issued_on",)),
        ("方案那份通知的索引号", ("index_number",)),
        ("主送哪些单位", ("addressee",)),
        ("哪份文件的发布日期是2020年11月30日", ("published_on", "title")),
        ("大班额的比例是多少", ()),
    ],
)
def test_fields_are_told_from_words(question: str, fields: tuple[str, ...]) -> None:
    assert asked_fields(question) == fields


def test_what_asks_for_a_field_is_no_subject() -> None:
    assert subject_words(("高龄津贴", "办法", "文号", "施行日期")) == ["高龄津贴"]


@pytest.mark.parametrize(
    ("fields", "content", "has_number", "has_date", "about"),
    [
        (("title",), (), True, False, True),
        ((), (), True, False, True),
        ((), ("大班额",), True, False, False),
        (("title",), ("大班额",), True, False, True),
        (("title",), (), False, True, True),
        (("title",), ("大班额",), False, True, False),
        (("title",), (), False, False, False),
    ],
)
def test_a_document_answers_by_its_fields_where_it_is_given(
    fields: tuple[str, ...], content: tuple[str, ...], has_number: bool, has_date: bool, about: bool
) -> None:
    assert is_about_document(fields, content, has_number, has_date) is about
