"""What tests of several modules share."""

import errno
import gc
import os
import socket
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

from indexer.embedding import Encoder, load_encoder

pytest_plugins = ("tests.browsing", "tests.pages")

# Speed is measured in benchmarks; a busy machine must not fail a test.
settings.register_profile("untimed", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=20)
settings.load_profile("untimed")

CACHE = Path(os.environ.get("SUYUAN_CACHE", Path.home() / ".cache" / "suyuan"))


def pytest_collection_finish() -> None:
    """Take what is there by now out of the collector's sight: Streamlit collects garbage after
    each run of a page, and looking through all tests and libraries took longer than the page."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With CI=true nothing may be skipped: what a test needs is installed or it has failed."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def model_encoder() -> Encoder:
    """The default model, loaded once; tests that use it carry the marker `model`."""
    return load_encoder("default", CACHE)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Cut the network off; return the list that every try to reach it is added to."""
    tried: list[object] = []

    def refuse(*target: object, **_: object) -> None:
        tried.append(target)
        raise OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return tried
