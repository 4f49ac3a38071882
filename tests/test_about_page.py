"""The page of settings and about: choices, facts, checks, licences, in each state."""

import shutil
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from indexer.settings import Settings
from retrieval.language_model import LanguageModel
from tests.pages import found, open_page, press, settle, shown, text_of
from ui.licences import read_packages

PINNED = Path(__file__).resolve().parent.parent / "requirements.txt"


def wait_for(app: AppTest, words: str) -> None:
    """Run the page anew, as its fragment does, until it shows some words."""
    deadline = time.monotonic() + 60
    while words not in shown(app):
        assert time.monotonic() < deadline, shown(app)
        time.sleep(0.1)
        app.run()


def facts(app: AppTest) -> dict[str, str]:
    """Return what stands in the lists of facts."""
    names = [text_of(each) for each in found(app, "dt")]
    return dict(zip(names, (text_of(each) for each in found(app, "dd")), strict=True))


@pytest.mark.slow
def test_the_page_says_what_is_loaded_and_what_runs(library: Settings) -> None:
    app = open_page("about")
    said = facts(app)
    assert app.title[0].value == "设置与关于"
    assert said["内容"].startswith("3 份文件，")
    assert said["涉及"] == "3 个地区，2021—2023 年"
    assert "随程序" in said["拒答阈值"]
    assert said["语言模型"].startswith("未设置")
    assert said["程序"].startswith("溯源 0.1.0")
    assert "试连语言模型" not in [each.label for each in app.button]


@pytest.mark.slow
def test_settings_in_force_are_told_and_secrets_are_not(
    library: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUYUAN_LLM_BASE_URL", "http://name:password@127.0.0.1:9/v1?key=hidden")
    monkeypatch.setenv("SUYUAN_LLM_MODEL", "model-of-the-office")
    monkeypatch.setenv("SUYUAN_LLM_KEY", "sk-very-secret")
    app = open_page("about")
    rows = {text_of(each[2]): [text_of(cell) for cell in each[3:]] for each in found(app, "tr")}
    assert rows["SUYUAN_LLM_BASE_URL"] == ["http://***@127.0.0.1:9/v1?***", "已设置"]
    assert rows["SUYUAN_LLM_KEY"] == ["***", "已设置"]
    assert rows["SUYUAN_PASSAGE_TOKENS"] == ["220", "默认"]
    assert "SUYUAN_LLM_BASE_URL" in text_of(found(app, "div", "notice"))  # what cannot be meant
    for secret in ("password", "hidden", "sk-very-secret"):
        assert secret not in shown(app)


def test_the_index_is_checked_and_found_whole_or_damaged(
    tmp_path: Path, built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(built, tmp_path / "library")
    settings = settle(tmp_path / "library", monkeypatch)
    app = open_page("about")
    press(app, "检查索引")
    wait_for(app, "索引完好")
    (damaged,) = settings.index.glob("segments/*/vectors/sentences.npy")
    content = bytearray(damaged.read_bytes())
    content[-1] ^= 255
    damaged.write_bytes(content)
    press(app, "检查索引")
    wait_for(app, "处问题")
    assert "sentences.npy" in shown(app)
    assert "再运行 python -m indexer build" in shown(app)


def test_the_index_asks_itself_and_says_what_that_does_not_show(library: Settings) -> None:
    app = open_page("about")
    press(app, "自检")
    wait_for(app, "没有测的")
    rows = {text_of(each[2]): text_of(each[3]) for each in found(app, "tr")}
    tried, right = rows["逐字查找原句"].split(" / ")
    assert tried == right != "0"
    assert "向量召回率 100.0%" in shown(app)
    assert "没有测的" in shown(open_page("about"))  # another session sees it, too


def test_every_package_is_listed_with_its_licence(library: Settings) -> None:
    lines = PINNED.read_text(encoding="utf-8").splitlines()
    names = [line.split("==")[0].split("[")[0] for line in lines if "==" in line]
    assert [each.name for each in read_packages()] == names
    assert all(each.version and each.licence and each.use for each in read_packages())
    app = open_page("about")
    assert set(names) <= {text_of(each[2]) for each in found(app, "tr")}


def test_without_an_index_the_rest_of_the_page_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(tmp_path, monkeypatch)
    app = open_page("about")
    assert "还没有索引" in shown(app)
    assert "建立索引" in [each.label for each in app.button]
    assert "许可证" in [each.value for each in app.header]
    assert facts(app)["语言模型"].startswith("未设置")


def test_the_language_model_is_tried_only_when_asked(
    library: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUYUAN_LLM_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("SUYUAN_LLM_MODEL", "model")
    tried: list[str] = []
    monkeypatch.setattr(LanguageModel, "try_out", lambda _: tried.append("once"))
    app = open_page("about")
    assert tried == []
    press(app, "试连语言模型")
    assert tried == ["once"]
    assert "语言模型有应答" in shown(app)


@pytest.mark.slow
def test_choices_go_into_the_address_and_the_interface(library: Settings) -> None:
    app = open_page("about")
    app.radio(key="interface script").set_value("繁體").run()
    assert app.query_params["hant"] == "1"
    assert app.title[0].value == "設置與關於"
    app.toggle(key="document script").set_value(True).run()
    assert app.query_params["conv"] == "1"
    assert "文件文字已轉換顯示" in shown(app)
    app.radio(key="interface script").set_value("简体").run()
    assert "hant" not in app.query_params


def test_documents_are_shown_converted_and_copied_as_they_are(library: Settings) -> None:
    question = "松陵县大班额的比例控制在百分之三以内"
    for params, quote in (
        ({}, "大班額的比例控制在百分之三以內。"),
        ({"conv": "1"}, "大班额的比例控制在百分之三以内。"),
        ({"hant": "1"}, "大班額的比例控制在百分之三以內。"),
    ):
        app = open_page(q=question, **params)
        assert quote in text_of(found(app, "blockquote")[0])
        copied = [each[1]["data-copy"] for each in found(app, "button") if "data-copy" in each[1]]
        assert "“大班額的比例控制在百分之三以內。”" in copied[0]
    page = open_page("document", doc="a/柳溪.txt", conv="1", hant="1")
    assert "關於化解大班額的通知" in text_of(found(page, "h1"))
    assert "文件文字已轉換顯示，引用請以原文爲準" in shown(page)
    assert "conv=1" in found(page, "a", "back")[0][1]["href"]
