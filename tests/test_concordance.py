"""The folded texts on disk: the same words as folding gives, and a way back to every text."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from indexer import notices
from indexer.concordance import Concordance, Stretches, merge_concordance, write_concordance
from indexer.readers.source import Source
from indexer.records import Document, Header, Span
from indexer.text import folded
from tests.make import any_text, cut, make_document, notice_text, span_of

LAW = """某某市校园安全条例
第一编　总纲
第一章 总则
第一条　为了安全，制定本条例。
第二条　适用于学校。学校包括幼儿园。
第二章 附则
第三条　本条例自2024年1月1日起施行。
"""
PLAN = """某某市教育局关于印发方案的通知
某教发〔2023〕5号

现印发《某某市校车方案》。
某某市教育局
2023年5月6日

附件1
某某市校车方案
一、目标
（一）保障安全。
二、措施
（一）配备校车。
"""


def bare(text: str) -> Document:
    """A document of which nothing is known but its text."""
    return Document("a.txt", "", text, Header(), (), ())


def save(folder: Path, *documents: Document) -> Concordance:
    write_concordance(folder / "concordance", documents)
    return Concordance(folder / "concordance")


def spans(texts: Concordance, found: Stretches) -> list[tuple[int, Span]]:
    documents = texts.document_of(found.starts).tolist()
    return list(zip(documents, texts.originals(found), strict=True))


@given(st.lists(st.one_of(any_text, notice_text), min_size=1, max_size=3), st.data())
def test_every_stretch_of_a_folded_text_is_found_where_it_stands(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], data: st.DataObject
) -> None:
    notices = [bare(text) for text in texts]
    kept = save(tmp_path_factory.mktemp("texts"), *notices)
    wholes = [folded(notice.text) for notice in notices]
    joined = "\n".join(wholes)
    if not joined.strip():
        return
    start = data.draw(st.integers(0, len(joined) - 1))
    words = joined[start : start + data.draw(st.integers(1, 8))].split("\n")[0]
    if not words:
        return
    found = spans(kept, kept.find(words))
    assert [n for n, _ in found] == [
        n for n, whole in enumerate(wholes) for _ in range(whole.count(words))
    ]
    for n, span in found:
        assert words in folded(notices[n].text)
        assert 0 <= span.start < span.end <= len(notices[n].text)


def test_what_is_found_is_a_span_of_the_text_itself(tmp_path: Path) -> None:
    first = make_document("關於印發的通知\n\n一、學校　食堂面積300㎡。", "a.txt")
    second = make_document("𠮷林學校\n食堂在\u200b此", "b.txt")
    texts = save(tmp_path, first, second)
    assert spans(texts, texts.find("学校食堂")) == [
        (0, span_of(first.text, "學校　食堂")),
        (1, span_of(second.text, "學校\n食堂")),
    ]
    assert spans(texts, texts.find("300m2")) == [(0, span_of(first.text, "300㎡"))]
    assert spans(texts, texts.find("𠮷林")) == [(1, span_of(second.text, "𠮷林"))]
    assert spans(texts, texts.find("在此")) == [(1, span_of(second.text, "在\u200b此"))]
    assert spans(texts, texts.find("通知学校")) == []


def test_places_of_words_that_overlap_themselves_are_apart(tmp_path: Path) -> None:
    texts = save(tmp_path, make_document("哈哈哈哈哈"))
    assert [span for _, span in spans(texts, texts.find("哈哈"))] == [Span(0, 2), Span(2, 4)]


def test_words_are_found_across_the_pieces_of_a_scan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.concordance._CHUNK", 3)
    text = "学校食堂与学校宿舍，学校"
    texts = save(tmp_path, make_document(text))
    found = [span.start for _, span in spans(texts, texts.find("学校"))]
    assert found == [0, 5, 10]
    assert len(texts.find("学校食堂与学校宿舍，学校。").starts) == 0


@pytest.mark.parametrize("words", ["学校学校", "学校学校学", "学校" * 9])
def test_words_longer_than_all_texts_are_not_found(tmp_path: Path, words: str) -> None:
    assert len(save(tmp_path, bare("学校")).find(words).starts) == 0


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        (LAW, ["第一编", "第一章", "第二章"]),
        (PLAN, ["附件1", "一、目标", "二、措施"]),
    ],
)
def test_a_section_is_a_chapter_or_an_item_not_what_holds_them(
    tmp_path: Path, text: str, begins: list[str]
) -> None:
    document = make_document(text)
    texts = save(tmp_path, document)
    parts = texts.parts("sections")
    inside = Stretches(parts.starts, np.minimum(parts.ends, parts.ends[-1] - 1))
    starts = [0, *(text.index(words) for words in begins)]
    assert [span.start for _, span in spans(texts, inside)] == starts


def test_doc_numbers_are_known_with_their_places(tmp_path: Path) -> None:
    text = "关于贯彻的通知\n文号 某教發【二〇二三】五號\n根据国发[2022]3号、国务院令第588号，现通知如下。\n"
    document = make_document(text)
    texts = save(tmp_path, document)
    where = texts.numbers(range(len(texts.doc_numbers)))
    shown = [cut(text, span) for _, span in spans(texts, where)]
    assert list(zip(texts.doc_numbers, shown, strict=True))[1:] == [
        ("国发〔2022〕3号", "国发[2022]3号"),
        ("国务院令第588号", "国务院令第588号"),
    ]
    assert texts.doc_numbers[0].endswith("某教发〔2023〕5号")


def test_a_title_is_known_where_the_text_has_one(tmp_path: Path) -> None:
    titled, untitled = make_document(PLAN), bare("说明。")
    texts = save(tmp_path, untitled, titled)
    assert spans(texts, texts.titles) == [(1, span_of(PLAN, "某某市教育局关于印发方案的通知"))]


any_notice = st.one_of(any_text, notice_text, notice_text.map(f"{PLAN}{{}}".format)).map(
    lambda text: notices.make_document("a.txt", "", Source(text))
)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.slow
@limits(max_examples=40)
@given(st.data())
def test_merging_writes_what_writing_the_kept_documents_does(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("merged")
    kept: list[Document] = []
    parts = []
    for number in range(data.draw(st.integers(1, 3))):
        drawn = data.draw(st.lists(st.tuples(any_notice, st.booleans()), min_size=1, max_size=4))
        write_concordance(folder / str(number), [document for document, _ in drawn])
        parts.append((folder / str(number), np.array([is_kept for _, is_kept in drawn])))
        kept += [document for document, is_kept in drawn if is_kept]
    merge_concordance(folder / "merged", parts)
    write_concordance(folder / "fresh", kept)
    assert files(folder / "merged") == files(folder / "fresh")
