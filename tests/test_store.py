"""What is written of a passage is what is read: its spans, headings, pages and lead-ins."""

from pathlib import Path

import pytest

from indexer.build import build
from indexer.chunking import cut_passages
from indexer.embedding import load_encoder
from indexer.generations import open_live
from indexer.records import LeadIn
from indexer.settings import Settings
from indexer.store import Generation
from tests.make import span_of

pytestmark = pytest.mark.slow

LEAD_IN = "津贴按下列标准按月发放："
NOTICES = {
    "a.txt": f"松陵县关于发放津贴的通知\n{LEAD_IN}\n（一）满80周岁的，每月100元；\n"
    "（二）满90周岁的，每月“200”元。\n二、申领办法\n到乡镇登记。",
    "b.txt": "松陵县关于停车的通知\n夜间停车每晚十元。",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "corpus").mkdir()
    for name, text in NOTICES.items():
        (tmp_path / "corpus" / name).write_text(text, encoding="utf-8")
    return Settings(tmp_path / "corpus", tmp_path / "index", "hashing")


@pytest.fixture
def generation(settings: Settings) -> Generation:
    build(settings)
    return open_live(settings.index)


def test_passages_are_read_as_they_were_written(settings: Settings, generation: Generation) -> None:
    encoder = load_encoder("hashing", Path())
    limit = min(settings.passage_tokens, encoder.window * 3 // 4)
    written = [
        passage
        for document in generation.ids
        for passage in cut_passages(generation.document(document), encoder.count_tokens, limit)
    ]
    assert generation.passages(range(len(written))) == written
    assert len(generation.document_of) == len(written)


def test_a_lead_in_comes_back_with_its_span_and_its_words(generation: Generation) -> None:
    lead_in = LeadIn(span_of(NOTICES["a.txt"], LEAD_IN), LEAD_IN)
    found = generation.passages(range(len(generation.document_of)))
    assert [each for passage in found for each in passage.lead_ins if each] == [lead_in, lead_in]
    assert all(type(each) is LeadIn for passage in found for each in passage.lead_ins if each)
    assert [passage.lead_ins for passage in found if passage.document == "b.txt"] == [()]


def test_passages_come_in_the_order_asked_for(generation: Generation) -> None:
    count = len(generation.document_of)
    forwards = generation.passages(range(count))
    assert generation.passages(range(count)[::-1]) == forwards[::-1]
    assert generation.passages([]) == []


def test_sentences_have_vectors_in_their_own_number(generation: Generation) -> None:
    positions = range(len(generation.document_of))
    passages = generation.passages(positions)
    vectors = generation.sentence_vectors_of(positions)
    assert [len(each) for each in vectors] == [len(each.sentences) for each in passages]


def test_an_unchanged_notice_keeps_its_lead_ins_when_another_comes(settings: Settings) -> None:
    build(settings)
    (settings.corpus / "c.txt").write_text("松陵县公告\n河道清淤十日。", encoding="utf-8")
    before = open_live(settings.index)
    build(settings)
    after = open_live(settings.index)
    assert (before.ids, after.ids) == (("a.txt", "b.txt"), ("a.txt", "b.txt", "c.txt"))
    count = len(before.document_of)
    assert after.passages(range(count)) == before.passages(range(count))
