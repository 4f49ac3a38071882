"""Which document is meant: by 文号, by an equal name, in the version of its day; or none."""

from pathlib import Path

import pytest

from indexer.build import build
from indexer.generations import open_live
from indexer.naming import names_of
from indexer.notices import read_document
from indexer.records import Document, Links
from indexer.settings import Settings
from tests.make import SHARED, link, make_document

RULE = "# {title}\n\n{history}\n\n第一条 为了管理，{cites}制定本规定。\n\n第二条 本规定自公布之日起施行。{ends}\n"


def rule(title: str, day: str = "", cites: str = "", ends: str = "", name: str = "") -> Document:
    history = f"{day} 白鹭市人民政府令第{len(title)}{day[2:4]}号公布" if day else ""
    text = RULE.format(title=title, history=history, cites=cites, ends=ends)
    return make_document(text, name or f"{title}({day}).md")


def notice(
    title: str, number: str, body: str, name: str, issuer: str = "白鹭市人民政府"
) -> Document:
    text = f"{title}\n{number}\n各区：\n{body}\n{issuer}\n2022年6月1日\n"
    return make_document(text, name)


def pairs(*documents: Document) -> list[tuple[str, str, str]]:
    """What each document cites: its path, the name or 文号, the path of what is meant."""
    return [
        (each.citing, each.reference.name or each.reference.doc_number, each.cited)
        for each in link(documents).references
    ]


def meant(cites: str, *others: Document, day: str = "2020年1月1日") -> list[str]:
    citing = rule("青岚省总规定", day, f"根据{cites}，", name="citing.md")
    links = link([citing, *others]).references
    return [each.cited for each in links if each.citing == citing.id]


@pytest.mark.parametrize(
    "cites",
    [
        "《停车条例》",
        "《中华人民共和国停车条例》",
        "《 停车 条例 》",
        "《停車條例》",
        "《停车条例（2018年修正）》",
        "停车条例第三条",
    ],
)
def test_ways_of_writing_a_title_are_one(cites: str) -> None:
    document = rule("停车条例", "2018年1月1日", name="a.md")
    assert meant(cites, document) == ["a.md"]


@pytest.mark.parametrize("cites", ["《停车管理条例》", "《停车条例实施办法》", "《城市停车条例》"])
def test_a_title_that_is_not_equal_is_not_meant(cites: str) -> None:
    assert meant(cites, rule("停车条例", "2018年1月1日")) == [""]


def test_the_years_of_a_plan_and_the_edition_of_a_list_tell_it_from_others() -> None:
    plan = rule("教育行动规定（2022—2025年）", "2022年1月1日", name="plan.md")
    assert meant("《教育行动规定（2022-2025年）》", plan) == ["plan.md"]
    assert meant("《教育行动规定（2026—2028年）》", plan) == [""]
    edition = rule("产业目录（2019年本）", "2019年1月1日", name="list.md")
    assert meant("《产业目录》", edition) == ["list.md"]
    assert meant("《产业目录（2024年本）》", edition) == [""]


def test_a_doc_number_outweighs_a_title() -> None:
    one = notice("白鹭市停车办法", "白政发〔2021〕7号", "照办。", "one.txt")
    other = notice("白鹭市养犬办法", "白政发〔2021〕8号", "照办。", "other.txt")
    assert meant("《白鹭市养犬办法》（白政发[2021]07号）", one, other) == ["one.txt"]
    assert meant("白政发（2021）8号文件", one, other) == ["other.txt"]
    assert meant("白政发〔2021〕9号文件", one, other) == [""]


def test_what_a_notice_hands_out_is_known_by_its_own_name() -> None:
    handed = "白鹭市人民政府关于印发白鹭市停车办法的通知"
    document = notice(handed, "白政发〔2021〕7号", "现将《白鹭市停车办法》印发给你们。", "a.txt")
    assert meant("《白鹭市停车办法》", document) == ["a.txt"]
    assert meant("《关于印发白鹭市停车办法的通知》", document) == ["a.txt"]
    alone = rule("白鹭市停车办法", "2019年1月1日", name="alone.md")
    assert meant("《白鹭市停车办法》", document, alone) == ["alone.md"]
    assert pairs(document) == []


def test_what_the_text_of_a_notice_hands_out_is_known_too() -> None:
    body = "现将《白鹭市停车办法》和《白鹭市养犬办法》印发给你们，请遵照执行。"
    document = notice("白鹭市关于印发两个办法的通知", "白政发〔2021〕7号", body, "a.txt")
    assert meant("《白鹭市养犬办法》", document) == ["a.txt"]
    assert pairs(document) == []


def test_a_title_that_its_issuer_tells_from_others_needs_its_issuer() -> None:
    county = notice(
        "望溪县人民政府关于加强停车的意见",
        "望政发〔2021〕7号",
        "照办。",
        "county.txt",
        "望溪县人民政府",
    )
    assert meant("望溪县人民政府《关于加强停车的意见》", county) == ["county.txt"]
    assert meant("鹤汀县人民政府《关于加强停车的意见》", county) == [""]
    assert meant("《关于加强停车的意见》", county) == [""]


def test_of_several_documents_of_one_name_that_of_the_own_place_is_meant() -> None:
    titles = {"白鹭市": "a.txt", "青岚市": "b.txt"}
    plans = [
        notice("停车工作要点", "白政〔2021〕1号", "落实。", name, f"{place}人民政府")
        for place, name in titles.items()
    ]
    own = notice("关于停车的通知", "白政〔2022〕2号", "按照《停车工作要点》执行。", "own.txt")
    far = notice(
        "关于停车的通知",
        "霁政〔2022〕2号",
        "按照《停车工作要点》执行。",
        "far.txt",
        "霁川市人民政府",
    )
    assert pairs(*plans, own, far) == [
        ("far.txt", "停车工作要点", ""),
        ("own.txt", "停车工作要点", "a.txt"),
    ]


OLD, NEW = (rule("停车条例", f"{year}年1月1日", name=f"{year}.md") for year in (2010, 2018))


@pytest.mark.parametrize(
    ("day", "cited"),
    [("2012年1月1日", "2010.md"), ("2018年1月1日", "2018.md"), ("2005年1月1日", "2018.md")],
)
def test_the_version_that_was_in_force_is_meant(day: str, cited: str) -> None:
    assert meant("《停车条例》", NEW, OLD, day=day) == [cited]


def test_what_is_repealed_is_older_than_what_repeals_it() -> None:
    new = rule("停车条例", "2018年1月1日", ends="原《停车条例》同时废止。", name="2018.md")
    assert pairs(OLD, new) == [("2018.md", "停车条例", "2010.md")]
    assert pairs(new) == []
    other = rule("停放条例", "2014年1月1日", ends="《停车条例》同时废止。", name="2014.md")
    assert pairs(NEW, other) == [("2014.md", "停车条例", "")]


def test_a_document_never_cites_itself() -> None:
    amended = (
        "2010年1月1日 白鹭市人民政府令第1号公布\n\n2018年1月1日 《关于修改〈停车条例〉的决定》修正"
    )
    text = RULE.format(title="停车条例", history=amended, cites="根据《停车条例》，", ends="")
    found = pairs(make_document(text, "a.md"))
    assert found == [("a.md", "关于修改〈停车条例〉的决定", "")]


def test_a_book_is_no_reference_unless_the_corpus_has_it() -> None:
    assert meant("《青岚故事》") == []
    assert meant("《青岚故事》", rule("青岚故事", "2018年1月1日", name="a.md")) == ["a.md"]


def versions(*documents: Document) -> tuple[tuple[str, ...], ...]:
    return link(documents).versions


def test_versions_of_one_rule_are_linked_oldest_first() -> None:
    trial = rule("停车条例（试行）", "2005年1月1日", name="trial.md")
    assert versions(NEW, OLD, trial) == (("trial.md", "2010.md", "2018.md"),)


def test_what_is_made_anew_each_year_is_no_version() -> None:
    plans = [
        notice(f"白鹭市{year}年停车管理办法", f"白政〔{year}〕1号", "一", f"{year}.txt")
        for year in (2021, 2022)
    ]
    reports = [
        make_document(f"政府工作报告\n各位代表：\n一年来取得成绩。\n{y}年1月2日\n", f"r{y}.txt")
        for y in (2021, 2022)
    ]
    assert versions(*plans, *reports) == ()


def test_rules_of_one_name_from_two_places_are_no_versions() -> None:
    two = [
        notice("停车办法", "白政〔2021〕1号", "一", f"{place}.txt", f"{place}人民政府")
        for place in ("白鹭市", "青岚市")
    ]
    assert versions(*two) == ()


@pytest.mark.parametrize(
    ("title", "plain", "carried"),
    [
        ("停车办法（试行）", "停车办法", ()),
        ("停车办法(2018年修订)（试行）", "停车办法", ()),
        ("产业目录（2019年本）", "产业目录", ()),
        ("停车办法（甲区）", "停车办法[甲区]", ()),
        ("白鹭市关于印发《停车办法》《养犬办法》的通知", "白鹭市关于印发停车办法养犬办法的通知", ("停车办法", "养犬办法")),
        ("白鹭市关于印发停车办法（试行）的通知", "白鹭市关于印发停车办法[试行]的通知", ("停车办法",)),
        ("甲市关于加强信息发布办法的意见", "甲市关于加强信息发布办法的意见", ()),
        ("停车规划（2022—2025年）", "停车规划[2022-2025年]", ()),
        ("甲市、乙市关于“停车”的意见", "甲市乙市关于停车的意见", ()),
    ],
)  # fmt: skip
def test_a_name_without_what_may_be_left_out(
    title: str, plain: str, carried: tuple[str, ...]
) -> None:
    names = names_of(title)
    assert (names.plain, names.carried) == (plain, carried)


@pytest.mark.slow
def test_links_are_stored_both_ways(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    documents = [
        OLD,
        rule("停车条例", "2018年1月1日", "根据《道路法》，", "《停车条例》同时废止。", "2018.md"),
    ]
    for document in documents:
        (corpus / document.id).write_text(document.text, encoding="utf-8")
    build(Settings(corpus=corpus, index=tmp_path / "index", model="hashing", cache=tmp_path))
    generation = open_live(tmp_path / "index")
    expected = link([generation.document(name) for name in generation.ids])
    stored = Links(
        tuple(each for name in generation.ids for each in generation.links_from(name)),
        tuple(generation.versions()),
    )
    assert stored == expected
    assert [each.cited for each in stored.references] == ["", "2010.md"]
    assert generation.links_to("2010.md") == [stored.references[1]] == generation.changes(["废止"])
    assert generation.links_to("2018.md") == []


@pytest.mark.slow
def test_the_laws_with_several_versions_are_linked() -> None:
    laws = SHARED / "corpora" / "laws_cn"
    if not laws.is_dir():
        pytest.skip("the laws are not beside the project")
    by_title: dict[str, list[Path]] = {}
    for path in sorted(laws.rglob("*.md")):
        with path.open(encoding="utf-8") as file:
            by_title.setdefault(file.readline().strip("# \n"), []).append(path)
    several = [paths for paths in by_title.values() if len(paths) > 1]
    documents = [
        read_document(path.relative_to(laws).as_posix(), path.read_bytes())
        for paths in several
        for path in paths
    ]
    families = {name: family for family in versions(*documents) for name in family}
    apart = [
        paths[0].name
        for paths in several
        if len({families.get(p.relative_to(laws).as_posix()) for p in paths}) > 1
        or paths[0].relative_to(laws).as_posix() not in families
    ]
    assert (len(several), apart) == (97, [])
