"""A notice that was removed is gone: from every leg, every page, and from the weights of words."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from google.protobuf.json_format import MessageToJson
from streamlit.testing.v1 import AppTest

from indexer.build import build
from indexer.errors import DocumentMissing
from indexer.settings import Settings
from retrieval.__main__ import main as read
from retrieval.engine import Engine
from retrieval.results import Filters
from tests.invented import (
    EXPRESSIONS,
    QUESTIONS,
    in_process,  # noqa: F401
    invented_corpus,
    see,
    write_corpus,
    zip_of,
)
from tests.pages import open_page, papers, settle

WORD = "鹦鹉螺"
NAME = "新/九.txt"
TITLE = "漠河市教育局关于鹦鹉螺标本进校园的办法"
NUMBER = "漠教发〔2024〕9号"
PLACE = "漠河市"
TRACES = (WORD, TITLE, NUMBER, PLACE, "漠教发")
NOTICE = f"""{TITLE}
{NUMBER}

各学校：
一、标本配备
每所学校配备鹦鹉螺标本三件，校车每月检查九次。大班额比例控制在百分之九以内。
二、监督检查
鹦鹉螺标本每学期清点一次，鹦鹉螺标本损坏的应当登记。
三、附则
本办法自2024年3月1日起施行。《关于做好校外鹦鹉标本工作的通知》（玉教发〔2016〕8号）同时废止。

漠河市教育局
2024年2月9日
"""
# Another notice rests on it, and one that it repealed is in force again without it.
CITING = """玉溪市教育局关于学习外地经验的通知
玉教发〔2024〕31号
各县（区）教育局：
请参照《漠河市教育局关于{word}标本进校园的办法》（漠教发〔2024〕9号）开展工作，每月报送两次。
玉溪市教育局
2024年5月1日
"""
REPEALED = """玉溪市教育局关于做好校外鹦鹉标本工作的通知
玉教发〔2016〕8号
各县（区）教育局：
校外标本每年清点一次。本通知自2016年3月1日起施行。
玉溪市教育局
2016年2月1日
"""
ABOUT_IT = "鹦鹉螺每所配备几件"
ASKED = (
    ABOUT_IT,
    "鹦鹉螺",
    "鹦鹉螺标本每所学校配备几件",
    "各地大班额比例控制在百分之几",
    "各地校车每月检查几次",
    "漠河市有哪些规定",
    f"{NUMBER}是什么文件",
    f"《{TITLE}》什么时候施行",
    "2024年以来哪些办法提到标本清点",
    *QUESTIONS,
)
SOUGHT = (WORD, f"文号:{NUMBER}", "标本 AND 清点", "每月检查", *EXPRESSIONS)

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("in_process")]

Files = dict[str, bytes]


def without(files: Files) -> Files:
    return {name: content for name, content in files.items() if name != NAME}


def in_archive(files: Files) -> Files:
    """The notice comes and goes as a member of an archive."""
    members = {"一/通知.txt": files["泸州市/2020/校车安全.txt"].decode() + "另行通知。\n"}
    if NAME in files:
        members["二/鹦鹉.txt"] = NOTICE
    return {**without(files), "另.zip": zip_of(members)}


def emptied(files: Files) -> Files:
    return files if NAME in files else {**files, NAME: b" \n"}


def broken(files: Files) -> Files:
    return files if NAME in files else {**files, NAME: bytes(range(256))}


def replaced(files: Files) -> Files:
    """Another notice takes its place under the same name."""
    return files if NAME in files else {**files, NAME: REPEALED.replace("校外", "校内").encode()}


def beside_a_copy(files: Files) -> Files:
    """It was there twice, and both are removed."""
    return {**files, "0/又一份.txt": NOTICE.encode()} if NAME in files else files


def as_it_is(files: Files) -> Files:
    return files


WAYS = (as_it_is, in_archive, emptied, broken, replaced, beside_a_copy)


def base() -> Files:
    kept = ("2020/校车", "大班额", "施甸县", "学位", "坏.txt")
    files = {n: c for n, c in invented_corpus().items() if any(part in n for part in kept)}
    return {**files, "玉溪市/废.txt": REPEALED.encode()}


@pytest.fixture(params=WAYS, ids=lambda way: way.__name__)
def removed(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Settings, Settings]:
    """An index that the notice was removed from, and one that never had it."""
    way: Callable[[Files], Files] = request.param
    monkeypatch.setenv("SUYUAN_MODEL", "hashing")
    settings = make(tmp_path / "with", way({**base(), NAME: NOTICE.encode()}))
    engine = Engine.open(settings)
    assert engine.find(WORD).documents == 1
    assert not engine.ask(ABOUT_IT).refused
    write_corpus(settings.corpus, way(base()))
    report = build(settings)
    assert report.embedded == (1 if way is replaced else 0)
    return settings, make(tmp_path / "never", way(base()))


def make(folder: Path, files: Files) -> Settings:
    settings = Settings(folder / "corpus", folder / "index", "hashing", folder)
    settings.corpus.mkdir(parents=True)
    write_corpus(settings.corpus, files)
    build(settings)
    return settings


def test_no_search_shows_a_removed_notice(removed: tuple[Settings, Settings]) -> None:
    """Nor do its words, places and years weigh in any score: all is as if it had never been."""
    settings, never = removed
    assert see(settings, ASKED, SOUGHT) == see(never, ASKED, SOUGHT)
    engine, other = Engine.open(settings), Engine.open(never)
    ids = {source.document for source in engine.sources()}
    for question in ASKED:
        assert {hit.source.document for hit in engine.search(question, 100)} <= ids
        hits = engine.search(question, 100, collapse=True)
        assert hits == other.search(question, 100, collapse=True)
        assert not [hit for hit in hits if any(trace in repr(hit) for trace in TRACES)]
        assert engine.support(question) == other.support(question)
    assert engine.facets() == other.facets()
    assert not any(trace in repr(engine.facets()) for trace in TRACES)
    assert not any(trace in each for trace in TRACES for each in engine.examples())
    assert engine.sources(Filters(localities=(PLACE,))) == ()


def test_a_removed_notice_answers_nothing(removed: tuple[Settings, Settings]) -> None:
    engine = Engine.open(removed[0])
    answer = engine.ask(ABOUT_IT)
    assert answer.refused
    # A word that only it had is again one that the corpus does not know.
    assert f"没有出现“{WORD}”" in answer.reason
    assert engine.find(WORD).documents == 0
    assert engine.find(f"文号:{NUMBER}").documents == 0
    assert engine.find(TITLE, in_title=True).documents == 0
    across = engine.ask("各地大班额比例控制在百分之几")
    assert not across.refused and across.coverage is not None
    assert PLACE not in {group.name for group in across.localities} | {*across.coverage.without}
    for question in ASKED:
        found = engine.ask(question)
        assert not any(trace in repr(found.citations) for trace in TRACES)
        assert not any(trace in repr((found.nearest, found.hits)) for trace in TRACES)
    # What it repealed is in force again.
    assert engine.relations("玉溪市/废.txt").standing.value != "已废止"
    with pytest.raises(DocumentMissing):
        engine.document("新/没有.txt")


@pytest.mark.parametrize("removed", [as_it_is], indirect=True)
def test_no_command_prints_a_removed_notice(
    removed: tuple[Settings, Settings], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = removed[0]
    index = ["--index", str(settings.index)]
    assert read(["document", NAME, "--json", *index]) == 1
    assert "没有文件" in capsys.readouterr().err
    assert read(["compare", NAME, "玉溪市/废.txt", *index]) == 1
    batch = tmp_path / "batch.jsonl"
    batch.write_text(
        "".join(f"{json.dumps({'id': n, 'question': q})}\n" for n, q in enumerate(ASKED)), "utf-8"
    )
    capsys.readouterr()
    for command in ("search", "ask", "find"):
        assert read([command, "--batch", str(batch), "-k", "50", *index]) in (0, 3)
        for line in capsys.readouterr().out.splitlines():
            row = json.loads(line)
            shown = {name: row[name] for name in row if name not in ("question", "text", "reason")}
            # The question itself, and a reason that repeats its words, may name what is gone.
            shown.pop("expression", None), shown.pop("error", None)
            assert not any(trace in json.dumps(shown, ensure_ascii=False) for trace in TRACES)
    for name in sorted({source.document for source in Engine.open(settings).sources()}):
        assert read(["document", name, "--json", *index]) == 0
        out = capsys.readouterr().out
        assert not any(trace in out for trace in TRACES)


def test_who_cites_a_removed_notice_leads_nowhere(tmp_path: Path) -> None:
    """The words of the one that cites it stay; the way to it ends."""
    files = {**base(), "玉溪市/学习.txt": CITING.format(word=WORD).encode()}
    settings = make(tmp_path / "with", {**files, NAME: NOTICE.encode()})
    engine = Engine.open(settings)
    assert [each.source and each.source.document for each in engine.relations(
        "玉溪市/学习.txt").cites] == [NAME]  # fmt: skip
    assert engine.relations("玉溪市/废.txt").standing.value == "已废止"
    write_corpus(settings.corpus, files)
    build(settings)
    engine = Engine.open(settings)
    assert [each.source for each in engine.relations("玉溪市/学习.txt").cites] == [None]
    assert engine.relations("玉溪市/废.txt").cited_by == ()
    assert {hit.source.document for hit in engine.search(WORD, 100)} >= {"玉溪市/学习.txt"}
    never = make(tmp_path / "never", files)
    assert see(settings, ASKED, SOUGHT) == see(never, ASKED, SOUGHT)


@pytest.mark.parametrize("removed", [as_it_is, beside_a_copy], indirect=True)
def test_no_page_shows_a_removed_notice(
    removed: tuple[Settings, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(removed[0].index.parent, monkeypatch)
    neutral = ("各地大班额比例控制在百分之几", "各地校车每月检查几次", "标本清点")
    pages = [open_page(), open_page("library")]
    for question in neutral:
        pages += [open_page(q=question), open_page("search", q=question)]
    for app in pages:
        assert not [trace for trace in TRACES if trace in everything(app)]
    # Its old address says that it is gone, and nothing of what it said.
    app = open_page("document", doc=NAME, start="0", end="5", q="标本清点")
    assert "没有文件" in everything(app)
    assert not [trace for trace in (WORD, TITLE, NUMBER, "漠教发") if trace in everything(app)]
    app = open_page("search", q=WORD)
    assert not [trace for trace in (TITLE, NUMBER, PLACE) if trace in everything(app)]
    app = open_page(q=ABOUT_IT)
    assert f"没有出现“{WORD}”" in everything(app)
    assert not [trace for trace in (TITLE, NUMBER, PLACE) if trace in everything(app)]


def everything(app: AppTest) -> str:
    """Return all that a session sends to the browser, as text."""
    protos = [getattr(node, "proto", None) for node in (*app.main, *app.sidebar)]
    sent = [MessageToJson(proto, ensure_ascii=False) for proto in protos if proto is not None]
    # What travels as JSON inside JSON has its characters escaped.
    return "\n".join((*sent, json.dumps(papers(app), ensure_ascii=False)))
