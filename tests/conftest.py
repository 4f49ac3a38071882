"""What tests of several modules share."""

import os
from pathlib import Path

import pytest

from indexer.embedding import Encoder, load_encoder

CACHE = Path(os.environ.get("SUYUAN_CACHE", Path.home() / ".cache" / "suyuan"))


@pytest.fixture(scope="session")
def model_encoder() -> Encoder:
    """The default model, loaded once; tests that use it carry the marker `model`."""
    return load_encoder("default", CACHE)
