"""Open a model from this machine; only a hub name that is not here yet reaches the network.

Importing this module takes seconds.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from huggingface_hub import constants, model_info
from huggingface_hub.utils import httpx  # type: ignore[attr-defined]
from safetensors import SafetensorError
from transformers.utils import logging

from indexer.errors import ModelError

T = TypeVar("T")

_PATIENCE = 10.0  # seconds for the hub to answer
_FAILURES = (OSError, ValueError, RuntimeError, ImportError, SafetensorError, httpx.HTTPError)


def open_from_here_first(model: str, load: Callable[[bool], T], kind: str, cure: str) -> T:
    """Return what `load` makes of a folder or a hub name; it is told whether to stay offline.

    Raises:
        ModelError: it cannot be loaded, here or from the hub; `kind` says what it should be.
    """
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    constants.HF_HUB_DISABLE_TELEMETRY = True  # else even a look into its cache asks the hub
    for offline in (True,) if Path(model).is_dir() else (True, False):
        try:
            if not offline:  # ask once, since the loader would try again for more than a minute
                model_info(model, timeout=_PATIENCE)
            return load(offline)
        except _FAILURES as error:
            failure = error
    reason = (str(failure).strip() or type(failure).__name__).splitlines()[0]
    raise ModelError(f"{kind} {model} 打不开（{reason}）。", cure) from failure
