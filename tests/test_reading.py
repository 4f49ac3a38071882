"""The files of a corpus become documents, whatever lies in it, and each is accounted for."""

import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.__main__ import main as write
from indexer.build import build, check
from indexer.errors import CorpusError
from indexer.generations import live_folder, live_generation, open_live
from indexer.reading import read_all
from indexer.records import Document, Problem, Progress
from indexer.scanning import scan
from indexer.settings import Settings
from indexer.store import Generation
from tests.test_folder import make_zip, raw_zip

pytestmark = pytest.mark.slow

# The parser of pages goes through nesting in quadratic time: 0.3 s.
NESTED = b"<div>" * 9_000 + "通知".encode() + b"</div>" * 9_000
NOTICE = """青岚市教育局关于做好{subject}工作的通知
青教发〔2023〕7号
各县（区）教育局：
一、总体要求
{subject}工作要坚持公平，7月底前完成。各学校每学期至少检查2次。
青岚市教育局
2023年3月7日
"""
WRONG_SUFFIX = "扩展名是 .doc，内容其实是网页（.html）；已按内容读取。"


def notice(subject: str) -> bytes:
    return NOTICE.format(subject=subject).encode()


def page(subject: str) -> bytes:
    return f"<html><body><pre>{NOTICE.format(subject=subject)}</pre>".encode()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_bytes(notice("招生入学"))
    return Settings(corpus=corpus, index=tmp_path / "index", model="hashing", cache=tmp_path)


def at_stage(stage: str, act: Callable[[], object]) -> Callable[[Progress], None]:
    """Do something once, when a build reaches a stage."""
    done: list[Progress] = []

    def handle(progress: Progress) -> None:
        if progress.stage == stage and not done:
            done.append(progress)
            act()

    return handle


def ids(settings: Settings) -> tuple[str, ...]:
    return open_live(settings.index).ids


def test_members_of_archives_are_notices(settings: Settings) -> None:
    inner = make_zip({"丙.txt": notice("营养改善")})
    (settings.corpus / "包.zip").write_bytes(
        make_zip({"乙/通知.txt": notice("校园安全"), "里.zip": inner, "又.txt": notice("招生入学")})
    )
    report = build(settings)
    members = ("包.zip/乙/通知.txt", "包.zip/里.zip/丙.txt")
    assert report.added == tuple(sorted(("a.txt", *members, "包.zip/又.txt")))
    assert report.duplicates == (("包.zip/又.txt", "a.txt"),)
    assert ids(settings) == ("a.txt", *members)
    assert build(settings).changes_nothing


def test_an_archive_that_was_packed_again_is_not_read_again(settings: Settings) -> None:
    path = settings.corpus / "包.zip"
    path.write_bytes(make_zip({"通知.txt": notice("校园安全")}))
    build(settings)
    path.write_bytes(make_zip({"通知.txt": notice("校园安全")}, zipfile.ZIP_STORED))
    assert build(settings).changes_nothing
    path.write_bytes(make_zip({"通知.txt": notice("营养改善")}))
    assert build(settings).changed == ("包.zip/通知.txt",)


def test_what_is_known_of_a_file_is_in_every_report(settings: Settings) -> None:
    (settings.corpus / "b.doc").write_bytes(page("校园安全"))
    (settings.corpus / "~$b.doc").write_bytes(b"x")
    caution = Problem("b.doc", WRONG_SUFFIX, "建议改正扩展名。")
    planned, first = check(settings), build(settings)
    unchanged = build(settings)
    assert unchanged.changes_nothing
    (settings.corpus / "c.txt").write_bytes(notice("营养改善"))
    grown = build(settings)
    for report in (planned, first, unchanged, grown):
        assert report.cautions == (caution,)
        assert [problem.file for problem in report.skipped] == ["~$b.doc"]


def test_a_file_that_changes_between_two_looks_is_reported_and_read_the_next_time(
    settings: Settings,
) -> None:
    (settings.corpus / "b.txt").write_bytes(notice("校园安全"))
    changed = settings.corpus / "a.txt"
    report = build(settings, at_stage("加载模型", lambda: changed.write_bytes(notice("营养改善"))))
    assert report.problems == (
        Problem("a.txt", "文件在读取期间被改动。", "请等它写完后再更新索引。"),
    )
    assert ids(settings) == ("b.txt",)
    assert build(settings).problems == ()
    assert ids(settings) == ("a.txt", "b.txt")


def test_a_file_that_changes_and_changes_back_is_read_the_next_time(settings: Settings) -> None:
    (settings.corpus / "b.txt").write_bytes(notice("校园安全"))
    path = settings.corpus / "a.txt"
    before = path.read_bytes()
    build(settings, at_stage("加载模型", lambda: path.write_bytes(b"half")))
    path.write_bytes(before)
    assert build(settings).problems == ()
    assert ids(settings) == ("a.txt", "b.txt")


def test_a_file_that_is_removed_between_two_looks_is_reported(settings: Settings) -> None:
    (settings.corpus / "b.txt").write_bytes(notice("校园安全"))
    report = build(settings, at_stage("加载模型", (settings.corpus / "a.txt").unlink))
    assert [problem.fact for problem in report.problems] == [
        "文件打不开（No such file or directory）。"
    ]
    assert build(settings).removed == ("a.txt",)


def test_of_files_with_one_content_the_first_that_can_be_read_is_kept(settings: Settings) -> None:
    for name in ("1.csv.bak", "2.txt", "3.txt"):
        (settings.corpus / name).write_bytes(notice("校园安全"))
    report = build(settings)
    assert [problem.file for problem in report.problems] == ["1.csv.bak"]
    assert report.duplicates == (("3.txt", "2.txt"),)


def test_a_file_that_takes_too_long_is_given_up(settings: Settings) -> None:
    (settings.corpus / "deep.html").write_bytes(NESTED * 60)
    report = build(replace(settings, read_seconds=2))
    assert [(problem.file, problem.fact) for problem in report.problems] == [
        ("deep.html", "读取超过 2 秒没有进展，已中止。")
    ]
    assert ids(settings) == ("a.txt",)


def test_what_could_not_be_read_is_tried_again_when_more_is_allowed(settings: Settings) -> None:
    (settings.corpus / "b.txt").write_bytes("。".encode() * 20_000_000)
    small = replace(settings, read_memory_bytes=100 << 20)
    problem = Problem(
        "b.txt",
        "读取所需的内存超过 100 MB 的上限。",
        "请拆成几个文件，或用 SUYUAN_READ_MEMORY_MB 调大上限后重建索引。",
    )
    assert build(small).problems == (problem,)
    assert build(small).problems == (problem,)
    first = live_generation(settings.index)
    assert [each.fact for each in build(settings).problems] == ["文件里没有文字。"]
    assert live_generation(settings.index) != first


def test_progress_names_the_file_that_is_waited_for(settings: Settings) -> None:
    (settings.corpus / "deep.html").write_bytes(NESTED * 4)
    seen: list[Progress] = []
    build(settings, seen.append)
    reading = [progress for progress in seen if progress.stage == "读取文件"]
    steps = [each for each in reading if not each.detail or each.detail.endswith(" 段")]
    assert [(each.done, each.total) for each in steps] == [(1, 2), (2, 2)]
    # Files are read ahead of their turn, so that one before it may be what is waited for.
    waiting = {each.detail.split("（")[0] for each in reading if each not in steps}
    assert waiting
    assert waiting <= {path.name for path in settings.corpus.iterdir()}


def test_the_order_of_documents_is_that_of_their_names(settings: Settings) -> None:
    for number in range(30):
        (settings.corpus / f"{number:02}.txt").write_bytes(notice(f"第{number}项") * (30 - number))
    found = scan(settings, lambda _: None)
    outcomes = read_all(settings, found, None, lambda *_: None)
    assert [each.id for each in outcomes if isinstance(each, Document)] == sorted(
        path.name for path in settings.corpus.iterdir()
    )


def test_a_folder_with_nothing_but_leavings_is_empty(settings: Settings) -> None:
    (settings.corpus / "a.txt").rename(settings.corpus / "~$a.txt")
    with pytest.raises(CorpusError, match="是空的"):
        build(settings)


# -- a folder as bad as can be -------------------------------------------------------------------

LAUGHS = "<!DOCTYPE x [<!ENTITY a0 '通知'>{}]>".format(
    "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
)
STEALS = '<!DOCTYPE x [<!ENTITY a11 SYSTEM "file:///etc/passwd">]>'
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word(doctype: str) -> bytes:
    body = f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&a11;</w:t></w:r></w:p></w:body></w:document>'
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    return make_zip({
        "[Content_Types].xml": f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="{main}"/></Types>'.encode(),
        "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" Type="{relation}" Target="word/document.xml"/></Relationships>'.encode(),
        "word/document.xml": f'<?xml version="1.0"?>{doctype}{body}'.encode(),
    })  # fmt: skip


def writer(doctype: str) -> bytes:
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    content = f'<office:document-content xmlns:office="{office}" xmlns:text="{text}"><office:body><office:text><text:p>&a11;</text:p></office:text></office:body></office:document-content>'
    return make_zip({
        "mimetype": b"application/vnd.oasis.opendocument.text",
        "content.xml": f'<?xml version="1.0"?>{doctype}{content}'.encode(),
    })  # fmt: skip


def mail(doctype: str) -> bytes:
    page = f"<?xml version='1.0'?>{doctype}<html><body>&a11;<pre>{NOTICE}</pre></body></html>"
    head = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\n"
    part = "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return f"{head}{part}{page}\r\n--b--\r\n".encode()


def write_bad_corpus(corpus: Path, outside: Path) -> None:
    """Fill a folder with one of each thing that must not stop a build."""
    files = {
        "好 通知😀.txt": notice("招生入学"),
        "其实是网页.doc": page("校园安全"),
        "截断.docx": word("")[:300],
        "截断.pdf": b"%PDF-1.7\n1 0 obj <<",
        "截断.zip": make_zip({"a.txt": notice("甲")})[:80],
        "笑.docx": word(LAUGHS),
        "偷.docx": word(STEALS),
        "笑.odt": writer(LAUGHS),
        "偷.odt": writer(STEALS),
        "笑.mht": mail(LAUGHS),
        "炸弹.zip": make_zip({"zeros.txt": bytes(99_000_000)}),
        "出路.zip": raw_zip("../../出路.txt".encode()),
        "绝对.zip": raw_zip(b"/tmp/suyuan-escaped.txt"),
        "有锁.zip": raw_zip(b"a.txt", flags=1),
        "国标.zip": raw_zip("内/通知.txt".encode("gbk"), notice("课后服务")),
        "长.zip": raw_zip(("长" * 300 + ".txt").encode(), notice("营养改善"), flags=0x800),
        "套.zip": make_zip({"b.zip": make_zip({"c.zip": make_zip({"d.txt": notice("乙")})})}),
        "~$好.docx": b"x",
        "没有扩展名": b"\0\1\2\3",
    }
    for name, content in files.items():
        (corpus / name).write_bytes(content)
    outside.write_bytes(notice("机密"))
    (corpus / "外.txt").symlink_to(outside)
    os.mkfifo(corpus / "管道.txt")
    with open(os.fsencode(corpus) + b"/" + "国标名.txt".encode("gbk"), "wb") as file:
        file.write(notice("学前教育"))


def test_the_worst_folder_is_read_as_far_as_it_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    write_bad_corpus(corpus, tmp_path / "机密.txt")
    before = {
        path: path.lstat().st_mtime_ns for path in tmp_path.rglob("*") if path.parent == corpus
    }
    monkeypatch.setenv("SUYUAN_MODEL", "hashing")
    given = ["--corpus", str(corpus), "--index", str(tmp_path / "index")]
    assert write(["build", "--json", *given]) == 3
    report = json.loads(capsys.readouterr().out)
    live = Generation(live_folder(tmp_path / "index"))
    texts = {name: live.document(name).text for name in live.ids}
    assert set(texts) == {
        "笑.mht",
        "其实是网页.doc", "国标.zip/内/通知.txt", "国标名.txt", "好 通知😀.txt",
        f"长.zip/{'长' * 300}.txt",
    }  # fmt: skip
    assert "通知通知" not in texts["笑.mht"]
    assert "root:" not in "".join(texts.values())
    assert {problem["file"] for problem in report["problems"]} == {
        "截断.docx", "截断.pdf", "截断.zip", "笑.docx", "偷.docx", "笑.odt", "偷.odt",
        "炸弹.zip/zeros.txt", "出路.zip/../../出路.txt", "绝对.zip//tmp/suyuan-escaped.txt",
        "有锁.zip/a.txt", "套.zip/b.zip/c.zip", "没有扩展名",
    }  # fmt: skip
    assert all(problem["fact"] and problem["cure"] for problem in report["problems"])
    assert {skipped["file"] for skipped in report["skipped"]} == {"~$好.docx", "外.txt", "管道.txt"}
    assert [caution["file"] for caution in report["cautions"]] == ["其实是网页.doc"]
    assert before == {path: path.lstat().st_mtime_ns for path in corpus.rglob("*")}
    assert not Path("/tmp/suyuan-escaped.txt").exists()
    assert write(["build", *given]) == 3
