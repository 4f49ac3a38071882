"""The commands: what they print, where, and how they exit."""

import json
from pathlib import Path
from typing import Any

import pytest

from indexer.__main__ import main as write
from retrieval.__main__ import main as read

pytestmark = pytest.mark.slow

NOTICES = {
    "青岚/班额.txt": """青岚市教育局关于消除大班额的通知
青教发〔2023〕7号
各县（区）教育局：
一、目标
到2025年，义务教育阶段基本消除56人及以上大班额。
二、招生
起始年级班额不得超过50人。
青岚市教育局
2023年5月8日
""",
    "望溪/托育.txt": """望溪县发展和改革局关于普惠托育收费的通知
各托育机构：
全日托每人每月收费不得超过1500元。
望溪县发展和改革局
2024年3月1日
""",
}


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A corpus of two notices and where its index goes; the encoder needs no model."""
    monkeypatch.setenv("SUYUAN_MODEL", "hashing")
    for name, text in NOTICES.items():
        path = tmp_path / "corpus" / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    return {"--corpus": str(tmp_path / "corpus"), "--index": str(tmp_path / "index")}


@pytest.fixture
def index(folders: dict[str, str], capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The arguments that name a built index."""
    assert write(["build", *_given(folders)]) == 0
    capsys.readouterr()
    return ["--index", folders["--index"]]


def _given(folders: dict[str, str]) -> list[str]:
    return [part for pair in folders.items() for part in pair]


def _printed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    out, _ = capsys.readouterr()
    return [json.loads(line) for line in out.splitlines()]


def test_build_prints_its_report(
    folders: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert write(["build", *_given(folders)]) == 0
    out, err = capsys.readouterr()
    assert "已新增 2 份" in out
    assert "望溪/托育.txt" in out
    assert err == ""


def test_a_build_in_part_exits_with_3_and_the_list(
    folders: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    (Path(folders["--corpus"]) / "空.txt").write_bytes(b"")
    assert write(["build", *_given(folders)]) == 3
    assert "空.txt：文件是空的。" in capsys.readouterr().out


def test_check_and_build_speak_json(
    folders: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert write(["check", "--json", *_given(folders)]) == 0
    assert write(["build", "--json", *_given(folders)]) == 0
    planned, done = _printed(capsys)
    assert planned["added"] == done["added"] == ["望溪/托育.txt", "青岚/班额.txt"]


def test_status_verify_and_rollback(
    folders: dict[str, str], index: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert write(["status", *index]) == 0
    assert write(["verify", *index]) == 0
    assert write(["rollback", *index]) == 1
    out, err = capsys.readouterr()
    assert "文件 2 份" in out
    assert "全部校验通过" in out
    assert "没有更早的索引可以退回" in err
    (Path(folders["--corpus"]) / "望溪" / "托育.txt").unlink()
    assert write(["build", *_given(folders)]) == 0
    assert write(["rollback", *index]) == 0
    assert write(["verify", *index]) == 0
    assert "2 份文件" in capsys.readouterr().out


def test_status_shows_what_it_takes_and_where_rollback_goes(
    folders: dict[str, str], index: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert write(["status", "--json", *index]) == 0
    (first,) = _printed(capsys)
    assert (first["documents"], first["previous"]) == (2, [])
    (Path(folders["--corpus"]) / "望溪" / "托育.txt").unlink()
    assert write(["build", *_given(folders)]) == 0
    capsys.readouterr()
    assert write(["status", "--json", *index]) == 0
    (second,) = _printed(capsys)
    assert [each["generation"] for each in second["previous"]] == [first["generation"]]
    files = [path for path in Path(folders["--index"]).rglob("*") if path.is_file()]
    assert second["bytes"] == sum(path.stat().st_size for path in files)
    assert write(["status", *index]) == 0
    out = capsys.readouterr().out
    assert f"可退回：索引 {first['generation']}，建于 20" in out
    assert "占用磁盘 " in out


def test_a_damaged_index_is_said_to_be_line_by_line(
    folders: dict[str, str], index: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for path in Path(folders["--index"]).rglob("*.sqlite"):
        if path.parent != Path(folders["--index"]):
            path.write_bytes(path.read_bytes()[:-1] + b"!")
    assert write(["verify", *index]) == 4
    out, err = capsys.readouterr()
    heading, *lines = out.splitlines()
    assert (heading, err) == (f"索引有 {len(lines)} 处损坏：", "")
    assert lines
    assert write(["verify", "--json", *index]) == 4
    (damage,) = _printed(capsys)
    assert [f"  {each['file']}：{each['fact']}{each['cure']}" for each in damage] == lines


@pytest.mark.parametrize(
    "command", [["search", "问"], ["ask", "问"], ["document", "a.txt"]], ids=lambda c: c[0]
)
def test_reading_without_an_index_exits_with_4_and_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert read([*command, "--index", str(tmp_path)]) == 4
    out, err = capsys.readouterr()
    assert out == ""
    assert "python -m indexer build" in err


@pytest.mark.parametrize("command", ["status", "verify"])
def test_looking_without_an_index_exits_with_4(tmp_path: Path, command: str) -> None:
    assert write([command, "--index", str(tmp_path)]) == 4


@pytest.mark.parametrize("question", ["", "？！。", "班" * 10_000])
def test_a_question_that_cannot_be_asked_exits_with_2(
    index: list[str], capsys: pytest.CaptureFixture[str], question: str
) -> None:
    assert read(["ask", question, *index]) == 2
    assert capsys.readouterr().err.startswith("错误：问题")


@pytest.mark.parametrize("arguments", [[], ["find"], ["search"], ["search", "问", "-k", "0"]])
def test_wrong_use_exits_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        read(arguments)
    assert left.value.code == 2


def test_a_model_that_is_not_there_exits_with_1(
    folders: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SUYUAN_MODEL", "/nowhere/model")
    assert write(["build", *_given(folders)]) == 1
    assert "SUYUAN_MODEL" in capsys.readouterr().err


def test_a_setting_that_is_no_number_exits_with_1(
    folders: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SUYUAN_PASSAGE_TOKENS", "many")
    assert write(["build", *_given(folders)]) == 1
    assert "SUYUAN_PASSAGE_TOKENS" in capsys.readouterr().err


def test_search_batch_prints_one_object_a_line_and_nothing_else(
    index: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = _batch(tmp_path, ["各地对大班额的要求是什么", "托育每月收费", ""])
    assert read(["search", "--batch", batch, "-k", "2", *index]) == 0
    first, second, third = _printed(capsys)
    assert set(first) == {"id", "question", "ms", "hits"}
    assert set(first["hits"][0]) == {
        "rank", "score", "document", "title", "doc_number", "issuer", "locality", "issued_on",
        "headings", "start", "end", "pages", "text",
    }  # fmt: skip
    assert [row["id"] for row in (first, second, third)] == ["q0", "q1", "q2"]
    assert first["hits"][0]["document"] == "青岚/班额.txt"
    assert first["hits"][0]["issued_on"] == "2023-05-08"
    assert second["hits"][0]["locality"] == "望溪县"
    assert (third["hits"], third["reason"][:6]) == ([], "问题是空的。")


def test_ask_batch_prints_the_contract(
    index: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = _batch(tmp_path, ["各地对大班额的要求是什么", "杭州市的托育收费", "？"])
    assert read(["ask", "--batch", batch, *index]) == 0
    answered, refused, wrong = _printed(capsys)
    assert set(answered) == {
        "id", "question", "ms", "refused", "reason", "text", "statements", "citations",
        "localities", "table", "coverage", "nearest",
    }  # fmt: skip
    citation = answered["citations"][0]
    assert set(citation) == {
        "number", "document", "title", "doc_number", "issuer", "locality", "issued_on",
        "headings", "start", "end", "pages", "confidence", "cells", "quote", "place", "focus",
        "values", "cite",
    }  # fmt: skip
    assert set(citation["cite"]) == {"official", "gbt7714_2015", "gbt7714_2025"}
    text = NOTICES[citation["document"]]
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert citation["doc_number"] == "青教发〔2023〕7号"
    assert set(answered["coverage"]) == {"localities", "with", "without"}
    assert refused["refused"]
    assert refused["reason"] == "没有找到：语料库的 2 份文件中，没有杭州市的文件。"
    assert wrong["refused"]
    assert "问题里没有可以检索的文字" in wrong["reason"]


@pytest.mark.parametrize(
    ("filters", "documents"),
    [
        (["--place", "青岚市"], {"青岚/班额.txt"}),
        (["--place", "北京市"], set()),
        (["--issuer", "青岚市教育局", "--issuer", "望溪县發展和改革局"], {"青岚/班额.txt", "望溪/托育.txt"}),
        (["--folder", "望溪/", "--script", "简体"], {"望溪/托育.txt"}),
        (["--script", "繁体"], set()),
        (["--status", "未知", "--from-year", "2024"], {"望溪/托育.txt"}),
    ],
)  # fmt: skip
def test_filters_narrow_a_search(
    index: list[str],
    capsys: pytest.CaptureFixture[str],
    filters: list[str],
    documents: set[str],
) -> None:
    assert read(["search", "每班人数和每月收费", "--json", *filters, *index]) == 0
    (row,) = _printed(capsys)
    assert {hit["document"] for hit in row["hits"]} == documents


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        (["--issuer", "教育局"], "没有发文机关“教育局”。相近的有：青岚市教育局。"),
        (["--kind", "批复"], "没有文种“批复”。可用的有：通知等。"),
        (["--folder", "青岚市"], "没有文件夹“青岚市”。相近的有：青岚。"),
    ],
)
def test_a_filter_that_no_document_can_pass_exits_with_2_and_what_there_is(
    index: list[str], capsys: pytest.CaptureFixture[str], filters: list[str], message: str
) -> None:
    assert read(["ask", "班额", *filters, *index]) == 2
    out, err = capsys.readouterr()
    assert (out, message in err) == ("", True)


def test_document_prints_fields_with_their_proof(
    index: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert read(["document", "青岚/班额.txt", "--json", *index]) == 0
    (row,) = _printed(capsys)
    assert set(row) >= {
        "document", "title", "text", "kind", "doc_number", "index_number", "issuer", "issued_on",
        "published_on", "localities", "status", "outline",
    }  # fmt: skip
    assert row["text"] == NOTICES["青岚/班额.txt"]
    for name, value in (("doc_number", "青教发〔2023〕7号"), ("issued_on", "2023-05-08")):
        assert row[name]["value"] == value
    proof = row["issued_on"]
    assert row["text"][proof["start"] : proof["end"]] == "2023年5月8日"
    assert row["index_number"] is None
    assert [section["heading"] for section in row["outline"]] == ["一、目标", "二、招生"]


def test_a_document_that_is_not_there_exits_with_1(
    index: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert read(["document", "nowhere.txt", *index]) == 1
    assert "nowhere.txt" in capsys.readouterr().err


def test_a_person_reads_the_answer_in_the_terminal(
    index: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert read(["ask", "各地对大班额的要求是什么", *index]) == 0
    out = capsys.readouterr().out
    assert "青岚市：" in out
    assert "语料库含 2 个地区" in out
    assert "《青岚市教育局关于消除大班额的通知》（青教发〔2023〕7号）" in out


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', "班额"])
def test_a_question_file_that_is_wrong_names_the_line(
    index: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(f"\n{line}\n", encoding="utf-8")
    assert read(["ask", "--batch", str(path), *index]) == 2
    assert "第 2 行" in capsys.readouterr().err


def _batch(folder: Path, questions: list[str]) -> str:
    path = folder / "questions.jsonl"
    rows = [{"id": f"q{i}", "question": question} for i, question in enumerate(questions)]
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)
