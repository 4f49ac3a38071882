"""What is known of every document, as a built index says it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from indexer.build import build
from indexer.generations import open_live
from indexer.settings import Settings
from retrieval.catalogue import About, Catalogue
from retrieval.engine import Engine
from retrieval.results import Facet, Filters

NOTICES: Mapping[str, str] = {
    "甲/1.txt": """玉溪市教育局关于化解大班额的通知
玉教发〔2021〕5号
各县区教育局：
一、到2025年消除大班额。
二、起始年级班额不超过50人。
本通知自2021年6月1日起施行。
玉溪市教育局
2021年5月6日
""",
    "甲/乙/2.txt": """玉溪市人民政府關於施甸縣學校建設的批復
玉政復〔2023〕12號
一、同意新建學校三所，化解大班額。
玉溪市人民政府
2023年2月1日
""",
    "丙/3.txt": """青岚市教育局、青岚市财政局关于大班额专项资金的通知
青教发〔2021〕15号
一、大班额专项资金按学位拨付。
青岚市教育局　青岚市财政局
2022年3月1日
""",
    "4.txt": """关于大班额的说明
大班额是指56人以上的班级。
""",
}
NAMES = ("4.txt", "丙/3.txt", "甲/1.txt", "甲/乙/2.txt")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("catalogue")
    for name, text in NOTICES.items():
        path: Path = folder / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    made = Settings(folder / "corpus", folder / "index", "hashing")
    build(made)
    return made


@pytest.fixture(scope="module")
def catalogue(settings: Settings) -> Catalogue:
    return Catalogue(open_live(settings.index), date(2024, 6, 1))


@pytest.mark.parametrize(
    ("filters", "passing"),
    [
        (Filters(localities=("云南省",)), ("甲/1.txt", "甲/乙/2.txt")),
        (Filters(localities=("青岚市", "北京市")), ("丙/3.txt",)),
        (Filters(kinds=("通知",)), ("丙/3.txt", "甲/1.txt")),
        (Filters(first_year=2022), ("丙/3.txt", "甲/乙/2.txt")),
        (Filters(last_year=2022), ("丙/3.txt", "甲/1.txt")),
        (Filters(first_year=2023, last_year=2021), ()),
        (Filters(issuers=("青岚市财政局",)), ("丙/3.txt",)),
        (Filters(issuers=("玉溪市人民政府", "青嵐市教育局")), ("丙/3.txt", "甲/乙/2.txt")),
        (Filters(statuses=("现行有效",)), ("甲/1.txt",)),
        (Filters(scripts=("繁体",)), ("甲/乙/2.txt",)),
        (Filters(folders=("甲",)), ("甲/1.txt", "甲/乙/2.txt")),
        (Filters(folders=("甲/乙/",)), ("甲/乙/2.txt",)),
        (Filters(kinds=("通知",), folders=("甲",), scripts=("简体",)), ("甲/1.txt",)),
    ],
)
def test_documents_are_selected_by_what_they_say_of_themselves(
    catalogue: Catalogue, filters: Filters, passing: tuple[str, ...]
) -> None:
    assert [catalogue.sources[p].document for p in catalogue.select(filters) or ()] == [*passing]


def test_no_filter_selects_without_a_list(catalogue: Catalogue) -> None:
    assert tuple(source.document for source in catalogue.sources) == NAMES
    assert catalogue.select(Filters()) is None


def test_facets_come_from_the_index(catalogue: Catalogue) -> None:
    facets = catalogue.facets(Filters(scripts=("简体",)))
    assert facets.localities == (
        Facet("云南省", 1, 2),
        Facet("玉溪市", 1, 2, ("云南省",)),
        Facet("青岚市", 1, 1),
    )
    assert facets.scripts == (Facet("简体", 3, 3), Facet("繁体", 1, 1))
    assert facets.folders == (Facet("丙", 1, 1), Facet("甲", 1, 2), Facet("甲/乙", 0, 1, ("甲",)))
    assert (facets.documents, facets.total) == (3, 4)


def test_a_place_has_the_documents_that_name_it_in_the_title_too(catalogue: Catalogue) -> None:
    def of(*places: str) -> list[str]:
        return [catalogue.sources[p].document for p in catalogue.of_places(places)]

    assert of("施甸县") == ["甲/乙/2.txt"]
    assert of("云南省") == ["甲/1.txt", "甲/乙/2.txt"]
    assert of("施甸县", "青岚市") == ["丙/3.txt", "甲/乙/2.txt"]
    assert of() == []


def test_localities_stand_in_administrative_order_and_places_outside_it_last(
    catalogue: Catalogue,
) -> None:
    assert catalogue.localities == ("玉溪市", "青岚市")
    assert catalogue.in_order({"青岚市", "玉溪市"}) == ("玉溪市", "青岚市")
    assert catalogue.in_order(["青岚市"]) == ("青岚市",)
    assert catalogue.in_order([]) == ()
    assert catalogue.localities_of(None) == catalogue.localities
    assert catalogue.localities_of([1, 0]) == ("青岚市",)


def test_the_place_of_a_document_is_that_of_its_issuer_or_none(catalogue: Catalogue) -> None:
    assert [catalogue.place_of(name) for name in NAMES] == ["", "青岚市", "玉溪市", "玉溪市"]
    assert [catalogue.locality_of(n) for n in range(4)] == ["", "青岚市", "玉溪市", "玉溪市"]


def test_the_year_of_a_document_is_that_of_its_date(catalogue: Catalogue) -> None:
    assert [catalogue.about(name).year for name in NAMES] == [None, 2022, 2021, 2023]
    assert catalogue.about("4.txt") == About("关于大班额的说明", None, is_superseded=False)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("title", "signed", "year"),
    [
        ("松陵县2021年工作计划", "2020年12月30日", 2021),
        ("松陵县2021年工作计划", "2021年1月5日", 2021),
        ("松陵县2025年政府工作报告", "", 2025),
        ("关于修订2013年办法的通知", "2021年1月5日", 2021),
        ("松陵县2021—2025年规划", "2021年6月5日", 2021),
        ("松陵县工作计划", "", None),
    ],
)
def test_a_title_names_the_year_unless_it_is_another_things(
    title: str, signed: str, year: int | None, tmp_path: Path
) -> None:
    (tmp_path / "corpus").mkdir()
    text = f"{title}\n一、今年新建学校三所。\n松陵县人民政府\n{signed}\n"
    (tmp_path / "corpus" / "a.txt").write_text(text, encoding="utf-8")
    build(made := Settings(tmp_path / "corpus", tmp_path / "index", "hashing"))
    assert Catalogue(open_live(made.index), date(2024, 6, 1)).about("a.txt").year == year


def test_a_document_is_found_by_its_number_whatever_stands_before_it(catalogue: Catalogue) -> None:
    def bearing(*numbers: str) -> list[str]:
        return [catalogue.sources[p].document for p in catalogue.with_doc_number(numbers)]

    assert bearing("玉教发〔2021〕5号") == ["甲/1.txt"]
    assert bearing("文号为青教发〔2021〕15号", "玉教发〔2021〕5号") == ["丙/3.txt", "甲/1.txt"]
    assert bearing("教发〔2021〕5号", "") == []


@pytest.mark.parametrize("k", [1, 2, 50])
def test_a_narrow_filter_gives_all_that_is_there_up_to_k(settings: Settings, k: int) -> None:
    engine = Engine.open(settings)
    everything = engine.search("大班额", 50)
    for filters in (
        Filters(folders=("甲/乙",)),
        Filters(scripts=("简体",)),
        Filters(kinds=("通知",), last_year=2021),
    ):
        passing = {source.document for source in engine.sources(filters)}
        there = {h.passage.span for h in everything if h.passage.document in passing}
        hits = engine.search("大班额", k, filters)
        assert len(hits) == min(k, len(there)) > 0
        assert {hit.passage.document for hit in hits} <= passing
