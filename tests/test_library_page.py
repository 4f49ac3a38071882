"""The library page in each of its states: list, overview, uploads, problems, what was taken out."""

import csv
import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from indexer.errors import SuyuanError
from indexer.removal import find_places, list_removed, remove
from indexer.settings import Settings
from retrieval.results import Filters
from tests.pages import (
    HOSTILE,
    NOTICES,
    elements,
    found,
    make_library,
    open_page,
    papers,
    press,
    settle,
    shown,
    streamlit_words,
    text_of,
)
from tests.test_watching import ids, wait_until
from ui.address import chosen, make_filters
from ui.findings import write_file as write_findings
from ui.inbox import the_inbox
from ui.listing import write_file
from ui.opening import open_engine
from ui.picking import key_of
from ui.rebuilding import the_rebuild

pytestmark = pytest.mark.slow

NEW = NOTICES["a/柳溪.txt"].replace("柳溪", "云岭").replace("柳政", "云政")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of four notices, a copy and a file that cannot be read."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "坏.docx").write_bytes(b"\0\1" * 99)
    more = {"d/副本.txt": NOTICES["a/柳溪.txt"], "d/无日期.txt": "说明\n\n内容。\n"}
    return make_library(folder, {**NOTICES, **more})


@pytest.fixture(scope="module")
def still(built: Path) -> Iterator[None]:
    """The application over it, for tests that change nothing; opened once."""
    with pytest.MonkeyPatch.context() as patched:
        settle(built, patched)
        yield


@pytest.fixture
def library(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """A copy of it to change."""
    for name in ("corpus", "index"):
        shutil.copytree(built / name, tmp_path / name)
    yield settle(tmp_path, monkeypatch)
    wait_until(lambda: not (the_rebuild().running or the_inbox().is_busy), 60)
    st.cache_resource.clear()


def titles(app: AppTest) -> list[str]:
    return [text_of(each) for each in found(app, "a", "row")]


def href(node: list) -> dict[str, list[str]]:
    return parse_qs(urlsplit(node[1]["href"]).query)


def figures(app: AppTest) -> dict[str, str]:
    """Return what each bar says, by its name."""
    return {text_of(each[2]): text_of(each[4]) for each in bars(app)}


def bars(app: AppTest) -> list[list]:
    return [each for tag in ("a", "span") for each in found(app, tag, "bar")]


def settle_update(app: AppTest) -> None:
    wait_until(lambda: not (the_rebuild().running or the_rebuild().is_waiting), 60)
    app.run()
    assert not app.exception


def upload(app: AppTest, *files: tuple[str, bytes]) -> None:
    """Drop files on the field and wait until they are examined."""
    for name, content in files:
        app.file_uploader[0].upload(name, content).run()
    wait_until_examined(app)


def wait_until_examined(app: AppTest) -> None:
    inbox = the_inbox()
    while not all(inbox.is_examined(each) for each in inbox.files()):
        wait_until(lambda: not inbox.is_busy, 60)
    app.run()
    assert not app.exception


def choose(*documents: str, do: str, view: str = "files") -> AppTest:
    return open_page("library", view=view, do=do, pick=[key_of(each) for each in documents])


# The list


def test_the_address_sorts_the_list(still: None) -> None:
    newest = titles(open_page("library", order="无此序"))
    dated = newest[:3]
    assert newest == [
        "柳溪市人民政府办公室关于化解大班额的通知", "石门区水务局关于河道清淤的通知",
        "松陵縣教育局關於消除大班額的實施方案", "说明",
    ]  # fmt: skip
    assert titles(open_page("library", order="-date")) == [*reversed(dated), newest[3]]
    assert titles(open_page("library", order="title"))[0] == dated[0]


def test_a_head_sorts_and_says_which_way(still: None) -> None:
    app = open_page("library", order="-title", q="通知")
    sorts = {text_of(each): each[1].get("aria-sort") for each in found(app, "th")}
    assert sorts["标题、文号、发文机关↓"] == "descending"
    assert sorts["日期"] is None
    back = next(each for each in found(app, "th") if text_of(each).startswith("标题"))
    assert href(back[2]) == {"view": ["files"], "order": ["title"], "q": ["通知"]}


def test_a_document_knows_the_way_back_to_the_list_as_it_was(still: None) -> None:
    app = open_page("library", order="-date", q="通知")
    way = href(found(app, "a", "row")[0])
    (name,) = way.pop("doc")
    back = found(open_page("document", doc=name, **way), "a", "back")[0]
    assert text_of(back) == "← 返回文件库"
    assert href(back) == {"view": ["files"], "order": ["-date"], "q": ["通知"]}


def test_a_long_list_is_turned_page_by_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = {f"{n:03}.txt": f"第{n:03}号通知\n\n内容{n}。\n" for n in range(120)}
    settle(make_library(tmp_path, many), monkeypatch)
    app = open_page("library", order="title", page="2")
    assert titles(app)[0] == "第050号通知"
    links = {text_of(each): each for each in elements(found(app, "nav", "turn")) if each[0] == "a"}
    assert list(links) == ["上一页", "1", "3", "下一页"]
    assert href(links["3"])["page"] == ["3"]
    assert titles(open_page("library", order="title", page="3")) == [
        f"第{n:03}号通知" for n in range(100, 120)
    ]
    assert titles(open_page("library", order="title", page="99"))[0] == "第100号通知"


def test_the_list_can_be_taken_along(still: None) -> None:
    app = open_page("library", q="通知")
    assert [each.label for each in app.get("download_button")] == ["下载清单（CSV）"]
    sources = open_engine().listed("通知")
    rows = list(csv.reader(io.StringIO(write_file(sources).decode("utf-8-sig"))))
    assert rows[0] == ["标题", "文号", "发文机关", "地区", "日期", "文种", "时效", "文件"]
    assert [row[0] for row in rows[1:]] == titles(app)
    assert rows[1][1:] == [
        "柳政办发〔2023〕5号", "柳溪市人民政府办公室", "柳溪市", "2023-05-06", "通知", "未知", "a/柳溪.txt",
    ]  # fmt: skip


# The overview


def test_the_plots_have_the_figures_of_a_count(still: None) -> None:
    app = open_page("library", view="overview")
    sources = open_engine().sources()
    years = {
        f"{y} 年": sum(s.issued_on.startswith(str(y)) for s in sources) for y in range(2021, 2024)
    }
    kinds = {k: sum(s.kind == k for s in sources) for k in {s.kind for s in sources} - {""}}
    places = {p: sum(s.locality == p for s in sources) for p in ("柳溪市", "松陵县", "石门区")}
    statuses = {v: sum(s.status == v for s in sources) for v in {s.status for s in sources}}
    expected = {k: f"{v} 份" for k, v in (years | kinds | places | statuses).items()}
    shown_figures = figures(app)
    assert {name: shown_figures[name] for name in expected} == expected
    assert "4 份文件，3 个地区，2021—2023 年，最近一份 2023-05-06" in shown(app)
    assert "另有 1 份未注明地区。" in shown(app)


def test_a_bar_leads_to_the_documents_that_it_counts(still: None) -> None:
    app = open_page("library", view="overview", status="未知")
    ways = [each for each in found(app, "a", "bar") if each[1]["href"].startswith("library?")]
    assert {text_of(each[2]) for each in ways} >= {"柳溪市", "2022 年", "通知", "未知"}
    for bar in ways:
        way = href(bar)
        named = {name: tuple(way.get(name, ())) for name in chosen(Filters())}
        years = [int(way[name][0]) if name in way else None for name in ("from", "to")]
        listed = open_engine().listed(filters=make_filters(named, *years))
        assert text_of(bar[4]) == f"{len(listed)} 份"
        assert way["status"]


def test_filters_and_words_narrow_the_plots(still: None) -> None:
    by_place = open_page("library", view="overview", place="柳溪市")
    assert figures(by_place)["2023 年"] == "1 份"
    assert "2022 年" not in figures(by_place)
    chosen = [text_of(each[2]) for each in bars(by_place) if each[1].get("aria-current")]
    assert chosen == ["柳溪市"]
    by_words = open_page("library", view="overview", q="清淤")
    assert figures(by_words)["石门区"] == "1 份"
    assert "柳溪市" not in figures(by_words)
    assert "没有符合条件的文件" in shown(open_page("library", view="overview", q="无此词"))


def test_a_topic_leads_to_where_it_is_named_and_says_who_is_silent(still: None) -> None:
    app = open_page("library", view="overview")
    topic = next(each for each in found(app, "ul", "topics")[0][2:] if "大班额" in text_of(each))
    bar = next(each for each in elements(topic) if each[1].get("class") == "bar")
    assert bar[1]["href"].startswith("search?")
    assert href(bar) == {"mode": ["exact"], "q": ["“大班额”"]}
    assert text_of(bar) == "大班额2 份文件，2 个地区"
    assert "1 个地区没有提到石门区" in text_of(topic)
    ask = next(each for each in elements(topic) if text_of(each) == "提问" and each[0] == "a")
    assert href(ask) == {"q": ["各地对大班额的要求是什么"]}


def test_problems_stand_by_their_sorts_with_their_cure(still: None) -> None:
    app = open_page("library", view="problems")
    assert [text_of(each) for each in found(app, "h2")] == ["未能收录（1）", "内容重复（1）"]
    assert "需要留意（2）" in [text_of(each) for each in found(app, "a", "view")]
    assert "与 a/柳溪.txt 内容相同。" in shown(app)
    out = next(each for each in found(app, "a") if each[1].get("aria-label") == "移出 坏.docx")
    assert "移出下列文件？坏.docx" in shown(open_page("library", **href(out)))
    rows = list(
        csv.reader(io.StringIO(write_findings(open_engine().findings()).decode("utf-8-sig")))
    )
    assert [row[:2] for row in rows] == [
        ["文件", "情况"],
        ["坏.docx", "未能收录"],
        ["d/副本.txt", "内容重复"],
    ]


def test_the_views_speak_traditional(still: None) -> None:
    assert "未能收錄（1）" in shown(open_page("library", view="problems", hant="1"))
    assert "份文件，2 個地區" in shown(open_page("library", view="overview", hant="1"))


def test_files_are_ticked_where_they_are_managed(still: None) -> None:
    app = open_page("library", manage="1")
    boxes = [each for each in found(app, "input") if each[1].get("name") == "pick"]
    assert {each[1]["value"] for each in boxes} == {
        key_of(s.document) for s in open_engine().sources()
    }
    assert boxes[0][1]["aria-label"] == "选择 柳溪市人民政府办公室关于化解大班额的通知"
    assert not [each for each in found(open_page("library"), "input")]


# Uploads


def test_an_upload_is_reported_before_it_is_anywhere_in_the_library(library: Settings) -> None:
    app = open_page("library", view="update")
    before = sorted(library.corpus.rglob("*"))
    upload(app, ("云岭.txt", NEW.encode()), ("空.txt", b""), ("x.rar", b"Rar!\x1a\x07\0"))
    upload(app, ("Thumbs.db", b"x"))
    assert sorted(library.corpus.rglob("*")) == before
    assert "检查报告：上传 4 份，1 份可读" in shown(app)
    rows = {
        text_of(each[2]).split("11-")[0]: text_of(each)
        for each in found(app, "table", "uploads")[0][3][2:]
    }
    report = "\n".join(rows.values())
    assert "云岭市人民政府办公室关于化解大班额的通知云政办发〔2023〕5号" in report
    assert "文件是空的。" in report
    assert "暂不支持 .rar 文件" in report
    assert "里面没有可收录的文件。" in report
    assert [each.label for each in app.button if "收下" in each.label] == [
        "收下 1 份并立即收录", "只收下，稍后收录",
    ]  # fmt: skip


def test_what_is_chosen_is_taken_in_and_can_be_found(library: Settings) -> None:
    app = open_page("library", view="update")
    upload(app, ("云岭.txt", NEW.encode()), ("空.txt", b""))
    app.selectbox(key="upload folder").set_value("a").run()
    press(app, "收下 1 份并立即收录")
    settle_update(app)
    assert "收下了 1 份文件。已存入 a/云岭.txt" in shown(app)
    assert "新增 1 份" in shown(app)
    assert "a/云岭.txt" in ids(library)
    assert (library.corpus / "a/云岭.txt").read_text() == NEW
    assert "检查报告：上传 1 份，0 份可读" in shown(app)
    press(app, "全部放弃")
    assert "已放弃 1 份上传的文件。" in shown(app)
    assert the_inbox().files() == ()


def test_uploads_outlast_a_reload_and_are_seen_by_all(library: Settings) -> None:
    upload(open_page("library", view="update"), ("云岭.txt", NEW.encode()))
    st.cache_resource.clear()  # as after a restart
    app = open_page("library", view="update")
    wait_until_examined(app)
    assert "检查报告：上传 1 份，1 份可读" in shown(app)
    press(app, "只收下，稍后收录")
    assert "收下了 1 份文件。已存入 云岭.txt更新索引后即可检索。" in shown(app)
    assert "云岭.txt" not in ids(library)


def test_what_the_library_has_is_left_out_unless_asked_for(library: Settings) -> None:
    app = open_page("library", view="update")
    newer = NOTICES["a/柳溪.txt"].replace("5月6日", "9月6日")
    upload(app, ("又一份.txt", NOTICES["a/柳溪.txt"].encode()), ("新版.txt", newer.encode()))
    assert "内容相同：库中已有 a/柳溪.txt" in shown(app)
    assert "可能是较新的版本（库中 2023-05-06，这份 2023-09-06）" in shown(app)
    assert "收下 1 份并立即收录" in [each.label for each in app.button]
    other = next(each for each in found(app, "a") if text_of(each) == "改为收下")
    again = open_page("library", **href(other))
    assert "收下 2 份并立即收录" in [each.label for each in again.button]


def test_the_members_of_an_archive_are_reported_each(library: Settings) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("里/云岭.txt", NEW)
        archive.writestr("坏.pdf", b"%PDF-")
    app = open_page("library", view="update")
    upload(app, ("包.zip", file.getvalue()))
    assert "压缩包：2 份文件，1 份可读；收下时整包存入。" in shown(app)
    members = [text_of(each[2]) for each in found(app, "tr", "member")]
    assert members == ["坏.pdf", "里/云岭.txt"]


def test_what_cannot_be_saved_is_said_and_goes_on_waiting(
    library: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("library", view="update")
    upload(app, ("云岭.txt", NEW.encode()))

    def refuse(*_: object) -> None:
        raise SuyuanError("“云岭.txt”没有存入：磁盘已满。", "请腾出空间。")

    monkeypatch.setattr("indexer.staging.save_notice", refuse)
    press(app, "收下 1 份并立即收录")
    assert "没有收下文件。“云岭.txt”没有存入：磁盘已满。请腾出空间。" in shown(app)
    assert [each.name for each in the_inbox().files()] == ["云岭.txt"]


def test_an_upload_into_an_empty_library_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settle(tmp_path, monkeypatch)
    app = open_page("library", view="update")
    upload(app, ("云岭.txt", NEW.encode()))
    press(app, "收下 1 份并立即收录")
    settle_update(app)
    assert list(ids(settings)) == ["云岭.txt"]
    assert titles(open_page("library")) == ["云岭市人民政府办公室关于化解大班额的通知"]


def test_hostile_uploads_stay_words(library: Settings) -> None:
    app = open_page("library", view="update")
    name = "**粗** :red[x] $x$.txt"
    upload(app, (name, NEW.replace("总体要求", HOSTILE).encode()))
    assert name in shown(app)
    assert HOSTILE in shown(app)
    assert "**粗**" not in streamlit_words(app)
    assert not [each for each in elements(papers(app)) if each[0] == "script"]


# Problems


def test_no_problem_is_said_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(make_library(tmp_path, NOTICES), monkeypatch)
    assert "没有需要留意的文件。" in shown(open_page("library", view="problems"))


# Taking out and bringing back


def test_what_is_confirmed_is_taken_out_and_brought_back(library: Settings) -> None:
    app = choose("c/石门.txt", do="remove")
    assert "移出下列文件？c/石门.txt" in shown(app)
    assert (library.corpus / "c/石门.txt").exists()
    press(app, "移出这份文件")
    settle_update(app)
    assert "已移出 1 份文件。c/石门.txt" in shown(app)
    assert "石门区水务局关于河道清淤的通知" not in titles(app)
    assert "do" not in app.query_params
    (kept,) = list_removed(library.corpus)
    listed = open_page("library", view="removed")
    assert "c/石门.txt" in shown(listed)
    app = choose(kept.id, do="restore", view="removed")
    assert "恢复下列文件？c/石门.txt" in shown(app)
    press(app, "恢复这 1 份文件")
    settle_update(app)
    assert "已恢复 1 份文件。c/石门.txt" in shown(app)
    assert "石门区水务局关于河道清淤的通知" in titles(open_page("library"))
    assert "没有移出的文件" in shown(open_page("library", view="removed"))


def test_nothing_happens_that_is_not_confirmed(built: Path, still: None) -> None:
    before = sorted((built / "corpus").rglob("*"))
    app = choose("c/石门.txt", do="remove")
    press(app, "取消")
    assert len(titles(app)) == 4
    assert sorted((built / "corpus").rglob("*")) == before


def test_a_copy_that_would_take_its_place_is_named(still: None) -> None:
    app = choose("a/柳溪.txt", do="remove")
    assert "另有内容相同的文件，移出后由它们代替：d/副本.txt" in shown(app)
    both = next(each for each in found(app, "a") if text_of(each) == "一并移出")
    app = open_page("library", **href(both))
    assert "移出下列文件？a/柳溪.txtd/副本.txt" in shown(app)
    assert "移出这 2 份文件" in [each.label for each in app.button]


def test_an_archive_goes_whole_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "corpus").mkdir()
    with zipfile.ZipFile(tmp_path / "corpus" / "包.zip", "w") as archive:
        for name, text in NOTICES.items():
            archive.writestr(name, text)
    settle(make_library(tmp_path, {}), monkeypatch)
    app = choose("包.zip/a/柳溪.txt", do="remove")
    assert "包.zip压缩包里的文件不能单独移出，其中 3 份会一起移出。" in shown(app)
    assert "一起移出的 2 份b/松陵.mdc/石门.txt" in shown(app).replace("包.zip/", "")


def test_deleting_for_good_is_asked_and_done(library: Settings) -> None:
    (place,) = find_places(library, ["c/石门.txt"])
    kept = remove(library.corpus, place)
    app = choose(kept.id, do="purge", view="removed")
    assert "彻底删除下列文件？c/石门.txt删除后不能恢复。" in shown(app)
    press(app, "彻底删除这 1 份文件")
    assert "已彻底删除 1 份文件。c/石门.txt" in shown(app)
    assert list_removed(library.corpus) == ()


def test_what_cannot_be_taken_out_is_said_with_its_cure(
    built: Path, still: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("indexer.removal.shutil.move", refuse)
    app = choose("c/石门.txt", do="remove")
    press(app, "移出这份文件")
    assert "“c/石门.txt”没有移出" in shown(app)
    assert "能否写入" in shown(app)
    assert (built / "corpus/c/石门.txt").exists()


def test_a_file_that_is_no_longer_there_is_said_to_be_gone(library: Settings) -> None:
    (library.corpus / "c/石门.txt").unlink()
    assert "所选文件已不在语料文件夹里。" in shown(choose("c/石门.txt", do="remove"))
