"""Every setting, read once from the environment and passed down; nothing else reads it.

Each field can be set by the environment variable named beside it; README lists them all.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from indexer.errors import SuyuanError
from indexer.precision import FLOAT32, PRECISIONS

PROJECT = Path(__file__).resolve().parent.parent
_MASK = "***"  # stands for a secret
_SECRETS = re.compile(r"(?<=://).*(?=@)|(?<=\?).+")  # what an address may hold of them


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person may choose; the defaults work offline on an ordinary machine."""

    corpus: Path = PROJECT / "corpus"  # SUYUAN_CORPUS
    index: Path = PROJECT / "index"  # SUYUAN_INDEX
    model: str = ""  # SUYUAN_MODEL: a hub name or a folder; empty is the built-in model
    # SUYUAN_PRECISION: float32 or int8, in which the model computes. An index made in one is not
    # searched in the other.
    precision: str = FLOAT32
    cache: Path = Path.home() / ".cache" / "suyuan"  # SUYUAN_CACHE: the unpacked built-in model
    max_file_bytes: int = 100_000_000  # SUYUAN_MAX_FILE_MB, in millions of bytes
    # SUYUAN_READ_SECONDS: a reader that makes no progress for so long is stopped; a conversion by
    # LibreOffice has a limit of its own below this one.
    read_seconds: int = 180
    # SUYUAN_READ_MEMORY_MB: what reading one file may take; OCR of a dense page takes 900 MB.
    read_memory_bytes: int = 1 << 30
    # SUYUAN_PASSAGE_TOKENS: measured in docs/evaluation.md; the model's window bounds it.
    passage_tokens: int = 220
    # SUYUAN_RERANKER: a cross-encoder's hub name or folder; empty is none.
    reranker: str = ""
    # SUYUAN_RERANK_MS: what it may take for a question; on two cores one of the size of
    # the built-in model reads about a dozen passages in it, and a large one none.
    rerank_milliseconds: int = 800
    # SUYUAN_LLM_BASE_URL: an OpenAI-compatible server such as http://127.0.0.1:8000/v1; empty is
    # none. SUYUAN_LLM_MODEL is what it calls its model.
    llm_base_url: str = ""
    llm_model: str = ""
    llm_key: str = field(default="", repr=False)  # SUYUAN_LLM_KEY: a secret, never shown
    # SUYUAN_LLM_SECONDS: what a whole reply may take; a small model on a processor writes a few
    # sentences in one minute.
    llm_seconds: int = 120


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings that the environment asks for.

    Raises:
        SuyuanError: a number is not one, or not positive; a precision is not known.
    """
    default = Settings()

    def path(name: str, fallback: Path) -> Path:
        given = environment.get(name, "").strip()
        return Path(given).expanduser() if given else fallback

    def positive(name: str, fallback: int, unit: int = 1) -> int:
        given = environment.get(name, "").strip()
        if not given:
            return fallback
        if not given.isdecimal() or int(given) == 0:
            raise SuyuanError(
                f"环境变量 {name} 的值“{given}”不是正整数。", "请改正或删去它后重试。"
            )
        return int(given) * unit

    precision = environment.get("SUYUAN_PRECISION", "").strip().lower() or FLOAT32
    if precision not in PRECISIONS:
        raise SuyuanError(
            f"环境变量 SUYUAN_PRECISION 的值“{precision}”不认识。",
            f"请改为 {' 或 '.join(PRECISIONS)}，或删去它后重试。",
        )

    return Settings(
        corpus=path("SUYUAN_CORPUS", default.corpus),
        index=path("SUYUAN_INDEX", default.index),
        model=environment.get("SUYUAN_MODEL", "").strip(),
        precision=precision,
        cache=path("SUYUAN_CACHE", default.cache),
        max_file_bytes=positive("SUYUAN_MAX_FILE_MB", default.max_file_bytes, 1_000_000),
        read_seconds=positive("SUYUAN_READ_SECONDS", default.read_seconds),
        read_memory_bytes=positive("SUYUAN_READ_MEMORY_MB", default.read_memory_bytes, 1 << 20),
        passage_tokens=positive("SUYUAN_PASSAGE_TOKENS", default.passage_tokens),
        reranker=environment.get("SUYUAN_RERANKER", "").strip(),
        rerank_milliseconds=positive("SUYUAN_RERANK_MS", default.rerank_milliseconds),
        llm_base_url=environment.get("SUYUAN_LLM_BASE_URL", "").strip(),
        llm_model=environment.get("SUYUAN_LLM_MODEL", "").strip(),
        llm_key=environment.get("SUYUAN_LLM_KEY", "").strip(),
        llm_seconds=positive("SUYUAN_LLM_SECONDS", default.llm_seconds),
    )


def variables(settings: Settings) -> dict[str, str]:
    """Return each environment variable with its value in force, as a person would write it; of
    secrets, and of what an address may hold of them, only that they are there."""
    return {
        "SUYUAN_CORPUS": str(settings.corpus),
        "SUYUAN_INDEX": str(settings.index),
        "SUYUAN_MODEL": settings.model,
        "SUYUAN_PRECISION": settings.precision,
        "SUYUAN_CACHE": str(settings.cache),
        "SUYUAN_MAX_FILE_MB": str(settings.max_file_bytes // 1_000_000),
        "SUYUAN_READ_SECONDS": str(settings.read_seconds),
        "SUYUAN_READ_MEMORY_MB": str(settings.read_memory_bytes >> 20),
        "SUYUAN_PASSAGE_TOKENS": str(settings.passage_tokens),
        "SUYUAN_RERANKER": settings.reranker,
        "SUYUAN_RERANK_MS": str(settings.rerank_milliseconds),
        "SUYUAN_LLM_BASE_URL": _SECRETS.sub(_MASK, settings.llm_base_url),
        "SUYUAN_LLM_MODEL": settings.llm_model,
        "SUYUAN_LLM_KEY": _MASK if settings.llm_key else "",
        "SUYUAN_LLM_SECONDS": str(settings.llm_seconds),
    }


def variables_for_children(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return what a child process that reads files is to know of the environment: no secrets."""
    wanted = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH")
    return {name: environment[name] for name in wanted if name in environment}
