"""The shape of the project: imports run one way, and the pages say what is true."""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.settings import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")
CHINESE = (PROJECT / "README.zh-CN.md").read_text(encoding="utf-8")
FOLDERS = ("indexer", "retrieval", "ui", "benchmarks")
SOURCES = [
    *sorted(path for folder in FOLDERS for path in (PROJECT / folder).rglob("*.py")),
    PROJECT / "app.py",
]


def _module(path: Path) -> str:
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {_module(path) for path in SOURCES}
# What the read side may use of the write side: its ground, never its composers or readers.
GROUND = {
    "records", "settings", "errors", "text", "terms", "embedding", "documents", "manifest", "postings", "encoder", "hub", "memo", "store",
    "generations", "concordance", "division", "places", "labels", "script", "doc_number", "findings", "chunking",
}  # fmt: skip


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_imports_run_one_way(path: Path) -> None:
    part = path.relative_to(PROJECT).parts[0]
    imported = set(_imports(path))
    tops = {name.split(".")[0] for name in imported}
    if part == "indexer":
        assert not tops & {"retrieval", "ui", "streamlit", "benchmarks"}
    if part == "retrieval":
        assert not tops & {"ui", "streamlit", "benchmarks"}
        ours = {name.split(".")[1] for name in imported if name.startswith("indexer.")}
        assert ours <= GROUND
    if part == "benchmarks":  # a load test speaks the protocol, whose messages are streamlit's
        tops = {n.split(".")[0] for n in imported if not n.startswith("streamlit.proto.")}
    if part not in ("ui", "app.py"):
        assert "streamlit" not in tops


@pytest.mark.slow
def test_no_module_imports_itself_in_a_circle() -> None:
    graph = {_module(path): set(_imports(path)) for path in SOURCES}
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " -> ".join((*above, name))
        if name in done or name not in graph:
            return
        for imported in graph[name]:
            visit(imported, (*above, name))
        done.add(name)

    for name in graph:
        visit(name, ())


@pytest.mark.parametrize("folder", ["indexer", "retrieval"])
def test_a_package_page_re_exports_nothing(folder: str) -> None:
    tree = ast.parse((PROJECT / folder / "__init__.py").read_text(encoding="utf-8"))
    assert [type(node) for node in tree.body] == [ast.Expr]


@pytest.mark.parametrize("text", [README, CHINESE], ids=["README.md", "README.zh-CN.md"])
def test_every_setting_is_in_the_readme_and_no_other(text: str) -> None:
    source = (PROJECT / "indexer" / "settings.py").read_text(encoding="utf-8")
    assert set(re.findall(r"SUYUAN_[A-Z_]+", text)) == set(re.findall(r"SUYUAN_[A-Z_]+", source))


@pytest.mark.parametrize("text", [README, CHINESE], ids=["README.md", "README.zh-CN.md"])
def test_every_make_target_of_the_readme_exists(text: str) -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"`?make ([a-z-]+)", text))
    assert {"app", "test"} <= named <= targets


@pytest.mark.parametrize("text", [README, CHINESE], ids=["README.md", "README.zh-CN.md"])
def test_every_file_the_readme_links_to_exists(text: str) -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert links
    assert [link for link in links if not (PROJECT / link).exists()] == []


def test_every_requirement_is_pinned_exactly() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (PROJECT / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith(("#", "-r")):
                assert re.match(r"[\w\[\]-]+==[\w.]+(\s+#|$)", line), line


def test_what_comes_by_npm_is_pinned_and_from_wherever_a_person_has_it() -> None:
    wanted = json.loads((PROJECT / "tests/package.json").read_text(encoding="utf-8"))
    locked = json.loads((PROJECT / "tests/package-lock.json").read_text(encoding="utf-8"))
    for name, version in wanted["devDependencies"].items():
        package = locked["packages"][f"node_modules/{name}"]
        assert package["version"] == version
        assert package["integrity"].startswith("sha512-")
    assert not [name for name, of in locked["packages"].items() if "resolved" in of]


def test_the_project_needs_python_3_11() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["requires-python"] == ">=3.11"


def test_only_settings_reads_the_environment() -> None:
    readers = [
        path.relative_to(PROJECT).as_posix()
        for path in SOURCES
        if re.search(r"environ(?!\.setdefault)|getenv", path.read_text(encoding="utf-8"))
    ]
    assert readers == ["indexer/settings.py"]


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module
