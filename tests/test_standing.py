"""时效 on a day: a value only where a sentence proves it, and that sentence."""

import json
from datetime import date
from pathlib import Path

import pytest

from indexer.build import build
from indexer.errors import DocumentMissing
from indexer.records import Document
from indexer.settings import Settings
from retrieval.__main__ import main
from retrieval.engine import Engine
from retrieval.results import Relation, Standing
from retrieval.standing import CHANGES, Proof, Standings
from tests.make import cut, link, make_document, span_of

TODAY = date(2024, 6, 1)


def rule(name: str, *lines: str, title: str = "停车条例") -> Document:
    return make_document("\n\n".join((f"# {title}", *lines)) + "\n", name)


def standing(document: Document, *others: Document, today: date = TODAY) -> tuple[str, ...]:
    """The value, the document that proves it, and the words that do; () where nothing does."""
    corpus = {each.id: each for each in (document, *others)}
    links = link(list(corpus.values()))
    changes = [each for each in links.references if each.cited and each.reference.action in CHANGES]
    headers = {name: each.header for name, each in corpus.items()}
    proof = Standings(headers, links.versions, changes, today).of(document.id)
    return () if proof is None else (proof.value, proof.document, _words(proof, corpus))


def _words(proof: Proof, corpus: dict[str, Document]) -> str:
    return cut(corpus[proof.document].text, proof.span)


IN_FORCE = "第九条 本条例自2020年1月1日起施行。"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((IN_FORCE,), ("现行有效", "本条例自2020年1月1日起施行")),
        (("第九条 本条例自公布之日起施行。",), ("现行有效", "本条例自公布之日起施行")),
        (("第九条 本条例自2024年6月2日起施行。",), ("尚未施行", "本条例自2024年6月2日起施行")),
        (("第九条 本条例自2024年6月1日起施行。",), ("现行有效", "本条例自2024年6月1日起施行")),
        (("第九条 本条例自2020年1月1日起施行，有效期5年。",), ("现行有效", "有效期5年")),
        (("第九条 本条例自2020年1月1日起施行，试行期3年。",), ("试行期满", "试行期3年")),
        (("第九条 本条例自2020年1月1日起施行，有效期至2024年5月31日。",), ("试行期满", "有效期至2024年5月31日")),
        (("时效性：有效", "第九条 停车有序。"), ("现行有效", "有效")),
        (("时效性：失效", IN_FORCE), ("已废止", "失效")),
        (("时效性：已修改", IN_FORCE), ("已修改", "已修改")),
        (("时效性：尚未生效", "第九条 停车有序。"), ("尚未施行", "尚未生效")),
        (("第九条 停车有序。",), ()),
        (("第九条 本条例施行日期由市人民政府规定。",), ()),
    ],
)  # fmt: skip
def test_a_document_alone_is_what_its_own_words_prove(
    lines: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    found = standing(rule("a.md", *lines))
    assert found == ((expected[0], "a.md", expected[1]) if expected else ())


def test_a_title_may_say_that_a_document_is_repealed() -> None:
    document = rule("a.md", IN_FORCE, title="白鹭市停车管理办法（已废止）")
    assert standing(document)[0] == "已废止"


PASSED = "2010年1月1日 白鹭市人大通过"
OLD = rule("2010.md", PASSED, "第九条 本条例自2010年3月1日起施行。")


def test_a_repealed_document_is_proven_by_the_sentence_that_repeals_it() -> None:
    other = rule(
        "new.md", "第九条 本规定自2020年1月1日起施行。《停车条例》同时废止。", title="停放规定"
    )
    assert standing(OLD, other) == ("已废止", "new.md", "《停车条例》同时废止。")
    assert standing(OLD, other, today=date(2019, 12, 31))[0] == "现行有效"
    assert standing(other, OLD)[0] == "现行有效"


def test_a_new_version_that_repeals_its_namesake_ends_it() -> None:
    new = rule("2020.md", "第九条 本条例自2020年1月1日起施行，原《停车条例》同时废止。")
    sentence = "第九条 本条例自2020年1月1日起施行，原《停车条例》同时废止。"
    assert standing(OLD, new) == ("已废止", "2020.md", sentence)


AMENDMENT = "2018年5月6日 《关于修改〈停车条例〉的决定》修正"


def test_an_amended_document_is_proven_by_the_history_of_its_next_version() -> None:
    new = rule("2018.md", PASSED, AMENDMENT, "第九条 本条例自2010年3月1日起施行。")
    assert standing(OLD, new) == ("已修改", "2018.md", AMENDMENT)
    assert standing(OLD, new, today=date(2018, 5, 5))[0] == "现行有效"
    assert standing(new, OLD) == ("现行有效", "2018.md", "本条例自2010年3月1日起施行")


def test_what_an_older_version_repealed_is_not_the_version_before_an_amendment() -> None:
    clause = "第九条 本条例自2010年3月1日起施行，1999年发布的《停车条例》同时废止。"
    old = rule("2010.md", PASSED, clause)
    new = rule("2018.md", PASSED, AMENDMENT, clause)
    assert standing(old, new) == ("已修改", "2018.md", AMENDMENT)


def test_a_decision_amends_what_was_there_before_it() -> None:
    decision = rule(
        "decision.md",
        "2019年1月1日 白鹭市人大通过",
        "对《停车条例》作如下修改：",
        "一、删去第三条。",
        title="白鹭市人大关于修改《停车条例》的决定",
    )
    title = "白鹭市人大关于修改《停车条例》的决定"
    assert standing(OLD, decision) == ("已修改", "decision.md", title)
    new = rule("2019.md", PASSED, "2019年1月1日 《关于修改〈停车条例〉的决定》修正", IN_FORCE)
    assert standing(new, decision)[0] == "现行有效"


def test_a_newer_version_without_a_sentence_on_the_older_leaves_it_unknown() -> None:
    new = rule("2020.md", "第九条 本条例自2020年1月1日起施行。")
    assert standing(OLD, new) == ()
    assert standing(new, OLD)[0] == "现行有效"


def test_a_copy_is_no_newer_version() -> None:
    copy = rule("copy.md", "第九条 本条例自2010年3月1日起施行。")
    assert standing(OLD, copy)[0] == "现行有效" == standing(copy, OLD)[0]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An index of three documents that speak of each other."""
    folder = tmp_path_factory.mktemp("related")
    corpus = folder / "corpus"
    corpus.mkdir()
    new = rule("2020.md", "第九条 本条例自2020年1月1日起施行，原《停车条例》同时废止。")
    far = rule(
        "far.md",
        "第一条 依照《道路法》和《停车条例》，制定本规定。《停车条例》另有规定的，从其规定。",
        title="停放规定",
    )
    for document in (OLD, new, far):
        Path(corpus, document.id).write_text(document.text, encoding="utf-8")
    settings = Settings(corpus=corpus, index=folder / "index", model="hashing", cache=folder)
    build(settings)
    return settings


@pytest.fixture(scope="module")
def engine(settings: Settings) -> Engine:
    return Engine.open(settings)


def test_relations_quote_the_sentences_that_prove_them(engine: Engine) -> None:
    found = engine.relations("2010.md")
    repeal = "第九条 本条例自2020年1月1日起施行，原《停车条例》同时废止。"
    text = engine.document("2020.md").text
    (by,) = found.cited_by
    assert by == Relation(by.source, "停车条例", "2020.md", by.span, "废止", repeal)
    assert cut(text, by.span) == repeal
    assert found.cites == ()
    assert [source.document for source in found.versions] == ["2010.md", "2020.md"]
    assert found.standing == Standing("已废止", "2020.md", by.span, repeal)


def test_each_document_is_named_once_for_each_thing_done(engine: Engine) -> None:
    found = engine.relations("far.md")
    known = [(r.name, r.action, r.source and r.source.document) for r in found.cites]
    assert known == [
        ("道路法", "依据", None),
        ("停车条例", "依据", "2020.md"),
        ("停车条例", "引用", "2020.md"),
    ]
    assert (found.cited_by, found.versions, found.standing) == ((), (), Standing("未知"))


def test_the_library_knows_the_standing_of_every_document(engine: Engine) -> None:
    known = {source.document: source.status for source in engine.sources()}
    assert known == {"2010.md": "已废止", "2020.md": "现行有效", "far.md": "未知"}


def test_a_document_that_is_not_there_has_no_relations(engine: Engine) -> None:
    with pytest.raises(DocumentMissing):
        engine.relations("gone.md")


def test_the_command_says_what_relates_a_document_to_others(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = {}
    for name in ("2010.md", "far.md"):
        assert main(["document", name, "--json", "--index", str(settings.index)]) == 0
        rows[name] = json.loads(capsys.readouterr().out)
    start, end = span_of(
        (settings.corpus / "2020.md").read_text(encoding="utf-8"), "原《停车条例》"
    )
    old = rows["2010.md"]
    assert old["cited_by"] == [
        {"document": "2020.md", "action": "废止", "start": start + 2, "end": end - 1}
    ]
    assert old["status"]["value"] == "已废止" and old["status"]["document"] == "2020.md"
    assert old["effective_on"]["value"] == "2010-03-01"
    assert [row["document"] for row in old["versions"]] == ["2010.md", "2020.md"]
    far = rows["far.md"]
    assert (far["status"], far["versions"]) == (None, [])
    named = [(r["name"], r["doc_number"], r["action"], r["document"]) for r in far["references"]]
    assert named == [
        ("道路法", None, "依据", None),
        ("停车条例", None, "依据", "2020.md"),
        ("停车条例", None, "引用", "2020.md"),
    ]
    for row in far["references"]:
        assert far["text"][row["start"] : row["end"]] == row["name"]
