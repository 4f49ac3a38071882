"""How a quote is cited: officials' form and GB/T 7714, out of the document's own words."""

from dataclasses import replace

import pytest
from hypothesis import given

from indexer.chunking import split_sentences
from indexer.errors import ReadError
from indexer.records import Header, Page, Span
from indexer.text import simplify
from retrieval.citation_forms import cite_forms, copy_text
from retrieval.citations import cite
from retrieval.results import CitationForms, Source
from tests.make import make_document, notice_text, span_of

NOTICE = """云溪市住房和城乡建设局等三部门关于印发《云溪市停车治理方案》的通知

云溪建发[2024]3号

各区住房和城乡建设局：
现将《云溪市停车治理方案》印发给你们。

云溪市住房和城乡建设局
2024年3月5日

云溪市停车治理方案

一、总体目标
三年新增车位两万个。
二、重点任务
（一）盘活存量。机关院落夜间开放。
"""
PATH = "云溪市/停车.txt"


def forms(text: str, quote: str, day: str = "", name: str = PATH) -> CitationForms:
    document = make_document(text, name)
    source = Source(document.id, document.title, "", "", "", day, "")
    return cite(1, document, source, (), span_of(document.text, quote)).forms


def test_a_plan_is_cited_with_the_notice_that_carries_it() -> None:
    title = (
        "云溪市住房和城乡建设局等三部门关于印发《云溪市停车治理方案》的通知：云溪建发〔2024〕3号"
    )
    place = "《云溪市停车治理方案》第二部分第（一）条"
    assert forms(NOTICE, "机关院落夜间开放。", "2024-03-05") == CitationForms(
        official="《云溪市住房和城乡建设局等三部门关于印发〈云溪市停车治理方案〉的通知》"
        f"（云溪建发〔2024〕3号）所附{place}",
        gbt7714_2015=f"云溪市住房和城乡建设局，等. {title}[A/DK]. (2024-03-05). {PATH}.",
        gbt7714_2025=f"云溪市住房和城乡建设局，等. {title}[A/DK]. 2024-03-05. {PATH}.",
    )


def test_what_a_document_does_not_say_is_left_out() -> None:
    text = "停车那些事\n\n车位越来越少。居民都很着急。\n"
    assert forms(text, "居民都很着急。") == CitationForms(
        official="《停车那些事》",
        gbt7714_2015=f"停车那些事[Z/DK]. {PATH}.",
        gbt7714_2025=f"停车那些事[Z/DK]. {PATH}.",
    )


def test_a_report_is_one_and_a_day_without_a_place_stands_alone() -> None:
    text = "云溪市人民政府工作报告\n\n各位代表：\n过去一年新增车位两万个。\n"
    found = forms(text, "过去一年新增车位两万个。", "2024-01-12")
    assert found.gbt7714_2015.endswith(f"云溪市人民政府工作报告[R/DK]. (2024-01-12). {PATH}.")
    assert found.gbt7714_2025.endswith(f"云溪市人民政府工作报告[R/DK]. 2024-01-12. {PATH}.")


def test_pages_are_cited_where_the_file_has_them() -> None:
    document = replace(
        make_document(NOTICE, PATH), pages=(Page(4, Span(0, 300)), Page(5, Span(300, 900)))
    )
    whole = cite_forms(document, "2024-03-05", "第一部分", (4, 5))
    assert whole.gbt7714_2015.endswith(f"[A/DK]. 2024：4-5(2024-03-05). {PATH}.")
    assert whole.gbt7714_2025.endswith(f"[A/DK]. 2024-03-05：4-5. {PATH}.")
    assert whole.official.endswith("（云溪建发〔2024〕3号）第一部分")
    assert cite_forms(document, "", "", (5,)).official.endswith("3号）第5页")


def test_an_untitled_text_is_cited_by_its_file() -> None:
    document = replace(make_document("车位越来越少。", "停车/1.txt"), header=Header())
    found = cite_forms(document, "", "", ())
    assert found.official == "1.txt"
    assert found.gbt7714_2025 == "[1.txt][Z/DK]. 停车/1.txt."


def test_a_traditional_notice_is_cited_in_traditional_characters() -> None:
    text = (
        "雲溪市人民政府關於印發停車辦法的通知\n\n雲溪政發〔2024〕3號\n\n一、不得佔用消防通道。\n"
        "二、不得佔用人行道。\n\n雲溪市人民政府\n2024年3月5日\n"
    )
    found = forms(text, "二、不得佔用人行道。", "2024-03-05")
    assert found.official == "《雲溪市人民政府關於印發停車辦法的通知》（雲溪政發〔2024〕3號）第二條"
    assert found.gbt7714_2015.startswith(
        "雲溪市人民政府. 雲溪市人民政府關於印發停車辦法的通知：雲溪政發"
    )


@pytest.mark.parametrize("quote", ["“可以”停车。", "甲 | 乙", "一、\n二、"])
def test_a_copied_quote_is_word_for_word_and_its_form_below(quote: str) -> None:
    assert copy_text(quote, "《办法》第一条") == f"“{quote}”\n《办法》第一条"


# What the forms add to the document's own words.
_OURS = (
    "《》〈〉“”‘’（）()[]〔〕：，.-、…/ 第部分条款项目点附件页所等ARZDK标题发文字号索引成日期布印制机关"
    "主送说明署名份密级保限紧急程度签人抄零一二三四五六七八九十"
)


@given(notice_text)
def test_the_forms_are_made_of_the_documents_own_words(text: str) -> None:
    try:
        document = make_document(text, PATH)
    except ReadError:
        return
    ours = set(simplify(_OURS))
    day = document.header.issued_on.value if document.header.issued_on else ""
    known = {*simplify(document.text), *document.id, *day}
    source = Source(document.id, document.title, "", "", "", day, "")
    for sentence in split_sentences(document.text)[:8]:
        found = cite(1, document, source, (), sentence).forms
        for form in (found.official, found.gbt7714_2015, found.gbt7714_2025):
            assert set(simplify(form)) <= known | ours
            assert "None" not in form
