"""What documents can be narrowed by: which pass, and the counts before and after."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.documents import Known
from indexer.errors import FilterError
from indexer.places import distinct_name, lies_in
from indexer.records import Header, Locality, Span
from retrieval.facets import Axes, check_known
from retrieval.results import Facet, Facets, Filters, Source

PLACES = (
    None,
    ("国家", ()),
    ("云南省", ()),
    ("玉溪市", ("云南省",)),
    ("施甸县", ("云南省", "保山市")),
    ("朝阳区", ("北京市",)),
    ("朝阳区", ("吉林省", "长春市")),
    ("朝阳区", ()),
    ("青岚市", ()),
    ("望溪县", ("青岚市",)),
    ("青岚市", ("望溪县",)),  # nonsense that a corpus may say
)
ASKED = ("云南省", "保山市", "施甸县", "朝阳区", "北京市朝阳区", "北京市", "青岚市", "无此县")
KINDS = ("", "通知", "意见", "公告")
ISSUERS = ("", "玉溪市教育局", "玉溪市财政局", "玉溪市教育局、玉溪市财政局")
FOLDERS = ("", "甲/", "甲/乙/", "甲乙/", "丙.zip/甲/")
YEARS = ("", "2019-05-06", "2021-01-01", "2023-12-31")
STATUSES = ("现行有效", "已废止", "未知")
SCRIPTS = ("简体", "繁体")

Notice = tuple[Known, Source]


def notice(
    number: int = 0,
    place: tuple[str, tuple[str, ...]] | None = None,
    kind: str = "",
    issuer: str = "",
    folder: str = "",
    day: str = "",
    status: str = "未知",
    script: str = "简体",
) -> Notice:
    name = f"{folder}{number}.txt"
    locality = Locality(place[0], Span(0, 1), place[1]) if place else None
    known = Known(name, Header(locality=locality), name, script)
    own = distinct_name(*place) if place else ""
    return known, Source(name, name, "", issuer, own, day, kind, status)


notices = st.lists(
    st.builds(
        notice,
        st.integers(0, 99),
        st.sampled_from(PLACES),
        st.sampled_from(KINDS),
        st.sampled_from(ISSUERS),
        st.sampled_from(FOLDERS),
        st.sampled_from(YEARS),
        st.sampled_from(STATUSES),
        st.sampled_from(SCRIPTS),
    ),
    max_size=12,
)


def some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), max_size=2).map(tuple)


year = st.none() | st.integers(2018, 2024)
filters = st.builds(
    Filters,
    some(ASKED),
    some(KINDS[1:]),
    year,
    year,
    some(ISSUERS[1:3]),
    some(STATUSES),
    some(SCRIPTS),
    some(("甲", "甲/乙", "甲乙", "丙.zip", "丙.zip/甲", "丁")),
)


def axes(corpus: list[Notice]) -> Axes:
    return Axes([known for known, _ in corpus], [source for _, source in corpus])


def passes(each: Notice, asked: Filters) -> bool:
    """Say in plain words what the arrays compute."""
    known, source = each
    around = known.header.locality.parents if known.header.locality else ()
    lies = [p in around or lies_in(source.locality, p) for p in asked.localities]
    dated = int(source.issued_on[:4]) if source.issued_on else None
    return (
        (not lies or any(lies))
        and (not asked.kinds or source.kind in asked.kinds)
        and (asked.first_year is None or (dated is not None and asked.first_year <= dated))
        and (asked.last_year is None or (dated is not None and dated <= asked.last_year))
        and (not asked.issuers or not {*asked.issuers}.isdisjoint(source.issuer.split("、")))
        and (not asked.statuses or source.status in asked.statuses)
        and (not asked.scripts or known.script in asked.scripts)
        and (not asked.folders or any(known.document.startswith(f"{f}/") for f in asked.folders))
    )


@given(notices, filters)
def test_a_document_passes_if_it_has_one_value_of_each_kind_asked_for(
    corpus: list[Notice], asked: Filters
) -> None:
    found = axes(corpus).select(asked).tolist()
    assert found == [passes(each, asked) for each in corpus]


@given(notices, filters)
def test_counts_are_what_choosing_the_value_gives(corpus: list[Notice], asked: Filters) -> None:
    facets = axes(corpus).count(asked)
    for values, field in (
        (facets.localities, "localities"),
        (facets.kinds, "kinds"),
        (facets.issuers, "issuers"),
        (facets.statuses, "statuses"),
        (facets.scripts, "scripts"),
        (facets.folders, "folders"),
    ):
        for facet in values:
            chosen = replace(asked, **{field: (facet.value,)})
            alone = replace(Filters(), **{field: (facet.value,)})
            assert facet.documents == sum(passes(each, chosen) for each in corpus)
            assert facet.total == sum(passes(each, alone) for each in corpus) > 0
    for facet in facets.years:
        chosen = replace(asked, first_year=int(facet.value), last_year=int(facet.value))
        assert facet.documents == sum(passes(each, chosen) for each in corpus)
    assert facets.documents == sum(passes(each, asked) for each in corpus)
    assert facets.total == len(corpus)


@given(notices)
def test_every_value_is_there_once_and_below_what_it_lies_in(corpus: list[Notice]) -> None:
    facets = axes(corpus).count(Filters())
    assert {f.value for f in facets.kinds} == {s.kind for _, s in corpus} - {""}
    assert {f.value for f in facets.localities} >= {s.locality for _, s in corpus} - {""}
    for tree in (facets.localities, facets.folders):
        values = [facet.value for facet in tree]
        assert len(set(values)) == len(values)
        for at, facet in enumerate(tree):
            for depth, parent in enumerate(facet.parents):
                assert values.index(parent) < at
                assert tree[values.index(parent)].parents == facet.parents[:depth]


def test_places_are_a_tree_with_counts_of_what_lies_in_them() -> None:
    corpus = [
        notice(1, ("施甸县", ("云南省", "保山市"))),
        notice(2, ("玉溪市", ("云南省",)), "通知"),
        notice(3, ("玉溪市", ("云南省",))),
        notice(4, ("朝阳区", ("北京市",))),
        notice(5),
    ]
    assert axes(corpus).count(Filters(kinds=("通知",))).localities == (
        Facet("云南省", 1, 3),
        Facet("玉溪市", 1, 2, ("云南省",)),
        Facet("保山市", 0, 1, ("云南省",)),
        Facet("施甸县", 0, 1, ("云南省", "保山市")),
        Facet("北京市", 0, 1),
        Facet("北京市朝阳区", 0, 1, ("北京市",)),
    )


def test_a_list_of_places_is_offered_where_several_of_them_have_documents() -> None:
    corpus = [
        notice(1, ("施甸县", ("云南省", "保山市")), "通知"),
        notice(2, ("银川市", ("宁夏回族自治区",))),
        notice(3, ("朝阳区", ("北京市",))),
    ]
    facets = axes(corpus).count(Filters(kinds=("通知",)))
    assert facets.regions == (Facet("民族八省区", 1, 2), Facet("西部", 1, 2))
    assert axes(corpus).select(Filters(localities=("西部",))).tolist() == [True, True, False]
    assert axes(corpus).select(Filters(localities=("西北",))).tolist() == [False, True, False]


def test_facets_are_in_a_steady_order_with_counts_before_and_after() -> None:
    corpus = [
        notice(1, kind="通知", folder="甲/乙/", day="2021-02-03", status="已废止", script="繁体"),
        notice(2, kind="通知", folder="甲/", day="2023-02-03", issuer="甲局、乙局"),
        notice(3, kind="公告", day="2023-05-06", issuer="乙局"),
        notice(4, kind="公告", day="2022-05-06"),
        notice(5, kind="公告"),
    ]
    assert axes(corpus).count(Filters(kinds=("通知",), first_year=2022)) == Facets(
        localities=(),
        regions=(),
        kinds=(Facet("公告", 2, 3), Facet("通知", 1, 2)),
        years=(Facet("2023", 1, 2), Facet("2022", 0, 1), Facet("2021", 1, 1)),
        issuers=(Facet("乙局", 1, 2), Facet("甲局", 1, 1)),
        statuses=(Facet("未知", 1, 4), Facet("已废止", 0, 1)),
        scripts=(Facet("简体", 1, 4), Facet("繁体", 0, 1)),
        folders=(Facet("甲", 1, 2), Facet("甲/乙", 0, 1, ("甲",))),
        documents=1,
        total=5,
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("云南省", [True, False, False]),
        ("云南", [True, False, False]),
        ("雲南省", [True, False, False]),
        ("云南省玉溪市", [True, False, False]),
        ("玉溪地区", [True, False, False]),
        ("朝阳区", [False, True, False]),
        ("北京市朝阳区", [False, True, False]),
        ("青嵐市", [False, False, True]),
        ("昆明市", [False, False, False]),
        ("", [False, False, False]),
    ],
)
def test_a_place_can_be_asked_for_by_any_of_its_names(asked: str, found: list[bool]) -> None:
    corpus = [
        notice(1, ("玉溪市", ("云南省",))),
        notice(2, ("朝阳区", ("北京市",))),
        notice(3, ("青岚市", ())),
    ]
    assert axes(corpus).select(Filters(localities=(asked,))).tolist() == found


def test_a_value_that_no_document_has_is_an_error_that_names_the_nearest() -> None:
    corpus = [
        notice(1, kind="通知", issuer="玉溪市教育体育局", folder="甲/乙/"),
        notice(2, kind="公告", issuer="玉溪市财政局"),
    ]
    facets = axes(corpus).count(Filters())
    check_known(
        Filters(("无此县",), ("通知",), issuers=("玉溪市財政局",), folders=("甲/",)), facets
    )
    for filters, fact, cure in (
        (Filters(kinds=("批复",)), "没有文种“批复”", "可用的有：公告、通知等。"),
        (Filters(issuers=("玉溪市教育局",)), "没有发文机关“玉溪市教育局”", "相近的有：玉溪市教育体育局、玉溪市财政局。"),
        (Filters(folders=("乙",)), "没有文件夹“乙”", "相近的有：甲/乙。"),
    ):  # fmt: skip
        with pytest.raises(FilterError) as error:
            check_known(filters, facets)
        assert fact in error.value.fact
        assert error.value.cure == cure
