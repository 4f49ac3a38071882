"""A search by meaning is ranked once and paged through."""

from collections import Counter
from pathlib import Path

import pytest

from indexer.settings import Settings
from retrieval.engine import Engine
from retrieval.results import Filters
from tests.pages import make_library

COUNT = 230  # more than are looked through for copies


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    notices = {
        f"{n:03}.txt": f"第{n}号河道清淤公告\n清淤第{n}段，长{n * 7}米。\n某某市水务局\n{2000 + n % 20}年3月1日\n"
        for n in range(COUNT)
    }
    folder: Path = make_library(tmp_path_factory.mktemp("ranked"), notices)
    return Engine.open(Settings(folder / "corpus", folder / "index", "hashing"))


def test_pages_together_are_the_whole_ranking(engine: Engine) -> None:
    ranked = engine.rank("河道清淤多长")
    count = ranked.count("relevance")
    whole = engine.show(ranked, limit=count)
    pages = [engine.show(ranked, offset=at, limit=20) for at in range(0, count, 20)]
    assert [hit for page in pages for hit in page] == list(whole)
    assert [hit.rank for hit in whole] == list(range(1, count + 1))
    assert len({hit.passage for hit in whole}) == count == COUNT
    assert engine.show(ranked, offset=count, limit=20) == ()


def test_the_first_page_is_that_of_a_search(engine: Engine) -> None:
    searched = engine.search("河道清淤多长", 20, collapse=True)
    shown = engine.show(engine.rank("河道清淤多长"), limit=20)
    assert [hit.passage for hit in shown] == [hit.passage for hit in searched]


def test_only_the_nearest_are_put_in_the_order_of_their_dates(engine: Engine) -> None:
    ranked = engine.rank("河道清淤多长")
    count = ranked.count("date")
    days = [hit.source.issued_on for hit in engine.show(ranked, "date", limit=COUNT)]
    assert len(days) == count < COUNT
    assert days == sorted(days, reverse=True)


def test_what_is_ranked_is_counted_by_what_it_can_be_narrowed_by(engine: Engine) -> None:
    ranked = engine.rank("河道清淤多长", Filters(first_year=2003, last_year=2005))
    shown = engine.show(ranked, limit=COUNT)
    by_year = Counter(hit.source.issued_on[:4] for hit in shown)
    assert {each.value: each.documents for each in ranked.facets.years if each.documents} == by_year
    assert set(by_year) == {"2003", "2004", "2005"}
