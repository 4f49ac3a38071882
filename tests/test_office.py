"""Old and other formats through LibreOffice: the same words and numbers as in .docx."""

import contextlib
import http.server
import io
import os
import random
import subprocess
import threading
import zipfile
from pathlib import Path

import pytest

from indexer.errors import ReadError
from indexer.readers import office, word
from tests.make import cut
from tests.word_files import (
    abstract,
    cell,
    docx,
    field_of,
    level,
    num,
    numbered,
    override,
    p,
    rewritten,
    row,
    run,
    style,
    styled,
    table,
)

pytestmark = pytest.mark.slow

needs_office = pytest.mark.skipif(
    office.find_program() is None, reason="needs LibreOffice (apt-get install libreoffice-writer)"
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_LEVELS = (
    level(0, "chineseCountingThousand", "第%1章"),
    level(1, "chineseCountingThousand", "第%2条"),
    level(2, "chineseCountingThousand", "（%3）", suffix="nothing"),
    level(3, "decimal", "%4."),
)
_BULLET = '<w:rPr><w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings" w:hint="default"/></w:rPr>'
_NUMBERING = (
    abstract(0, *_LEVELS)
    + abstract(1, level(0, "bullet", "\uf06e", after=_BULLET))
    + abstract(2, level(0, "ideographLegalTraditional", "%1、"))
    + num(1, 0) + num(2, 1) + num(3, 2) + num(4, 2, override(0, 1))
)  # fmt: skip
_STYLES = (
    style("a", "Normal", default=True)
    + style("T", "Title", based_on="a")
    + style("1", "heading 1", based_on="a", p_pr='<w:outlineLvl w:val="0"/>')
    + style("2", "heading 2", based_on="a", p_pr='<w:outlineLvl w:val="1"/>')
)
_FOOTNOTES = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
    f'<w:footnote w:id="1">{p("<w:r><w:footnoteRef/></w:r>", "指上一年度。")}</w:footnote>'
)
_UNNUMBERED = (
    styled("T", "某某市管理办法")
    + p("統計數字", '<w:r><w:footnoteReference w:id="1"/></w:r>', "如下「表一」：")
    + table(
        row(cell("地区", merge="restart"), cell("学校", span=2)),
        row(cell(merge="continue"), cell("小学"), cell("中学")),
        row(cell("甲县"), cell("3"), cell("1")),
    ).replace("<w:tblGrid/>", "<w:tblGrid>" + 3 * '<w:gridCol w:w="2000"/>' + "</w:tblGrid>")
    + styled("1", "总体要求") + styled("2", "目标") + p("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r>")
    + p('<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>', "是", '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "否")
    + p('<w:hyperlink w:anchor="x">' + run("链接") + "</w:hyperlink>", "之后")
)  # fmt: skip
_NUMBERED = "".join(
    numbered(which, at, words)
    for which, at, words in (
        (1, 0, "总则"), (1, 1, "为了规范管理，制定本办法。"), (1, 1, "适用范围："), (1, 2, "小学；"), (1, 2, "初中，包括："),
        (1, 3, "公办；"), (1, 3, "民办。"), (1, 0, "附则"), (1, 1, "施行。"), (2, 0, "要点"), (3, 0, "甲"), (3, 0, "乙"), (4, 0, "丙"),
    )
)  # fmt: skip
_HEADS = {
    "headers": (p("市政府公报"),),
    "footers": (p("第", field_of("PAGE", "1"), "页"),),
    "section": '<w:headerReference w:type="default" r:id="rIdheader1"/><w:footerReference w:type="default" r:id="rIdfooter1"/>',
}
PLAIN = docx(_UNNUMBERED, styles=_STYLES, footnotes=_FOOTNOTES, **_HEADS)
FULL = docx(
    _UNNUMBERED + _NUMBERED, numbering=_NUMBERING, styles=_STYLES, footnotes=_FOOTNOTES, **_HEADS
)


def export(folder: Path, to: str, files: dict[str, bytes]) -> dict[str, bytes]:
    """Let LibreOffice write some files in another format, all with one start."""
    for name, content in files.items():
        (folder / f"{name}.docx").write_bytes(content)
    command = [
        "soffice", "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to", to, "--outdir", str(folder / "out"), *(str(folder / f"{name}.docx") for name in files),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    return {name: (folder / "out" / f"{name}.{to.split(':')[0]}").read_bytes() for name in files}


@pytest.fixture(scope="module")
def exported(tmp_path_factory) -> dict[str, dict[str, bytes]]:
    folder = tmp_path_factory.mktemp("exported")
    return {to: export(folder, to, {"plain": PLAIN, "full": FULL}) for to in ("doc", "rtf", "odt")}


@needs_office
@pytest.mark.parametrize("form", ["doc", "odt"])
def test_a_file_gives_the_same_words_numbers_and_structure_as_its_docx(exported, form):
    want, got = word.read(FULL), office.read(exported[form]["full"])
    assert got.text == want.text
    assert "第二条　适用范围：\n（一）小学；\n（二）初中，包括：\n1. 公办；" in got.text
    assert [(cut(got.text, span), at) for span, at in got.headings] == [
        ("某某市管理办法", 1),
        ("总体要求", 2),
        ("目标", 3),
    ]
    assert (got.tables, got.exclusions) == (want.tables, want.exclusions)
    assert [c.fact for c in got.cautions] == [
        "多级自动编号由 LibreOffice 还原，可能与 Word 里显示的不同。"
    ]


@needs_office
def test_rtf_gives_the_same_words_and_structure(exported):
    want, got = word.read(PLAIN), office.read(exported["rtf"]["plain"])
    assert (got.text, got.tables, got.headings, got.cautions) == (
        want.text,
        want.tables,
        want.headings,
        (),
    )


@needs_office
def test_chinese_numbers_in_rtf_as_word_writes_them_are_read():
    # LibreOffice's own RTF has "?" for the Chinese characters of a number, Word's has not.
    list_level = (
        rb"\levelnfc39\levelnfcn39\leveljc0\levelfollow0\levelstartat1"
        rb"{\leveltext\'03\u31532 \'b5\'da\'00\u26465 \'cc\'f5;}{\levelnumbers\'02;}"
    )
    content = (
        rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 SimSun;}}{\*\listtable{\list\listtemplateid1{\listlevel"
        + list_level
        + rb"}{\listname ;}\listid1}}{\*\listoverridetable{\listoverride\listid1\listoverridecount0\ls1}}"
        rb"\uc2\pard\ls1\ilvl0\f0 \u20026\'ce\'aa\u20102\'c1\'cb\par\pard\ls1\ilvl0 \'b6\'fe\par}"
    )
    assert office.read(content).text == "第一条　为了\n第二条　二\n"


def _random_numbering(chance: random.Random) -> bytes:
    forms = (
        "decimal",
        "decimalZero",
        "chineseCountingThousand",
        "chineseLegalSimplified",
        "upperRoman",
        "lowerLetter",
        "ideographTraditional",
        "ordinal",
    )
    abstracts, nums = [], []
    for identity in range(chance.randint(1, 2)):
        patterns = ("%{0}.", "第%{0}条", "（%{0}）", "{1}")
        levels = (
            level(
                at,
                chance.choice(forms),
                chance.choice(patterns).format(
                    at + 1, ".".join(f"%{n + 1}" for n in range(at + 1))
                ),
                start=chance.randint(1, 3),
                suffix=chance.choice(("", "space", "nothing")),
            )
            for at in range(4)
        )
        abstracts.append(abstract(identity, *levels))
        nums += [num(len(nums) + 1 + more, identity) for more in range(chance.randint(1, 2))]
    body = "".join(
        numbered(chance.randint(1, len(nums)), chance.randint(0, 3), f"@{n}") for n in range(chance.randint(5, 20))
    )  # fmt: skip
    return docx(body, numbering="".join(abstracts + nums))


def _solid_lines(text: str) -> list[str]:
    return ["".join(line.split()) for line in text.splitlines() if line.strip()]


@needs_office
def test_numbers_are_those_that_libreoffice_prints(tmp_path):
    # Left out, since LibreOffice does not follow the standard there: w:isLgl, w:lvlRestart,
    # Chinese zeros, w:startOverride below the first level.
    chance = random.Random(17376)
    files = {f"{n}": _random_numbering(chance) for n in range(60)}
    printed = export(tmp_path, "txt:Text (encoded):UTF8", files)
    for name, content in files.items():
        assert _solid_lines(word.read(content).text) == _solid_lines(
            printed[name].decode("utf-8-sig")
        )


@needs_office
def test_a_list_that_begins_anew_does_so_in_libreoffice_too(tmp_path):
    numbering = (
        abstract(0, *_LEVELS) + num(1, 0) + num(2, 0, override(0, 1)) + num(3, 0, override(0, 7))
    )
    body = "".join(numbered(which, at, "@") for which in (1, 2, 3) for at in (0, 1, 1, 0, 1))
    content = docx(body, numbering=numbering)
    printed = export(tmp_path, "txt:Text (encoded):UTF8", {"a": content})["a"].decode("utf-8-sig")
    assert _solid_lines(word.read(content).text) == _solid_lines(printed)


class _Recorder(http.server.BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def recorder():
    """A server on this machine and the list of what it was asked for."""
    asked: list[str] = []
    handler = type("Recorder", (_Recorder,), {"asked": asked})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


@needs_office
def test_nothing_that_a_file_links_to_is_fetched(exported, recorder):
    address, asked = recorder
    linked = (
        f'<text:p><draw:frame svg:width="5cm" svg:height="5cm"><draw:image xlink:href="{address}/a.png"'
        f' xlink:type="simple"/></draw:frame></text:p><text:section text:name="s"><text:section-source'
        f' xlink:href="{address}/a.odt"/><text:p>节</text:p></text:section></office:text>'
    )
    odt = exported["odt"]["plain"]
    with zipfile.ZipFile(io.BytesIO(odt)) as archive:
        content = archive.read("content.xml").replace(b"</office:text>", linked.encode())
    rtf = rf'{{\rtf1 text {{\field{{\*\fldinst INCLUDEPICTURE "{address}/a.png" \\d}}{{\fldrslt x}}}}\par}}'
    assert "节\n" in office.read(rewritten(odt, {"content.xml": content})).text
    assert office.read(rtf.encode()).text == "text x\n"
    assert asked == []


def fact_of(content: bytes) -> str:
    with pytest.raises(ReadError) as raised:
        office.read(content)
    return raised.value.fact


@needs_office
def test_a_password_is_told_apart_from_damage(exported):
    doc, odt = exported["doc"]["plain"], exported["odt"]["plain"]
    head = doc.index(b"\xec\xa5", 512)
    flagged = doc[: head + 11] + bytes([doc[head + 11] | 1]) + doc[head + 12 :]
    sealed = rewritten(odt, {"META-INF/manifest.xml": b"<manifest:encryption-data/>"})
    stream = doc.index("WordDocument".encode("utf-16-le"))
    name = "EncryptedPackage".encode("utf-16-le").ljust(64, b"\0") + bytes([34, 0])
    ole = doc[:stream] + name + doc[stream + len(name) :]
    assert fact_of(flagged) == fact_of(sealed) == fact_of(ole) == "文件有打开密码，读不了。"
    assert (
        fact_of(b"") == fact_of(b"text") == "内容不是 Word、WPS、RTF 或 ODF 文档，文件可能已损坏。"
    )
    assert fact_of(OLE + bytes(4000)) == "LibreOffice 打不开这个文件，文件可能已损坏。"


@needs_office
def test_damaged_files_are_read_or_refused_and_leave_nothing_behind(
    exported, tmp_path, monkeypatch
):
    monkeypatch.setattr(office.tempfile, "tempdir", str(tmp_path))
    chance = random.Random(7)
    flipped = bytearray(exported["doc"]["full"])
    for _ in range(40):
        flipped[chance.randrange(len(flipped))] = chance.randrange(256)
    halves = (exported[form]["full"][: len(exported[form]["full"]) // 2] for form in ("rtf", "odt"))
    for content in (bytes(flipped), *halves):
        with contextlib.suppress(ReadError):
            office.read(content)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_libreoffice_is_said_with_the_command_that_installs_it(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(office, "_PLACES", ())
    with pytest.raises(ReadError) as raised:
        office.read(b"{\\rtf1 a}")
    assert raised.value.fact == "本机没有安装 LibreOffice，读不了这种文件。"
    assert "apt-get install libreoffice-writer" in raised.value.cure


def _stand_in(folder: Path, script: str, monkeypatch) -> None:
    """Put a program called soffice first on the path."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@pytest.mark.parametrize(
    ("script", "fact"),
    [
        ("kill -SEGV $$", "LibreOffice 读这个文件时崩溃，或所需的内存超过上限。"),
        ("exit 1", "LibreOffice 打不开这个文件，文件可能已损坏。"),
        ("exit 81", "LibreOffice 打不开这个文件，文件可能已损坏。"),
    ],
)
def test_what_becomes_of_libreoffice_is_said(script, fact, tmp_path, monkeypatch):
    _stand_in(tmp_path, script, monkeypatch)
    assert fact_of(b"{\\rtf1 a}") == fact


def test_a_conversion_that_hangs_is_ended(tmp_path, monkeypatch):
    _stand_in(tmp_path, f"echo $$ > {tmp_path}/process; exec sleep 600", monkeypatch)
    monkeypatch.setattr(office, "SECONDS", 1)
    assert fact_of(b"{\\rtf1 a}") == "LibreOffice 转换超过 1 秒，已中止。"
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "process").read_text()), 0)


def test_what_libreoffice_is_given_says_what_the_content_is(tmp_path, monkeypatch):
    _stand_in(tmp_path, f'for last; do :; done; basename "$last" >> {tmp_path}/names', monkeypatch)
    odt = io.BytesIO()
    with zipfile.ZipFile(odt, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    word_xml = b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>'
    for content in (b"{\\rtf1 a}", odt.getvalue(), word_xml, OLE + bytes(4000)):
        fact_of(content)
    names = (tmp_path / "names").read_text().split()
    assert names == ["source.rtf", "source.odt", "source.xml", "source.wps"]
