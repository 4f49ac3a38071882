"""Messages between the program and a child that reads for it: a length, then so many bytes.

Records travel as JSON, each as the list of its fields, and never as pickles: what a child sends
can be wrong, but it cannot be run.
"""

import json
import struct
from collections.abc import Callable, Hashable, Sequence
from dataclasses import fields, is_dataclass
from typing import IO, TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from indexer.readers.source import Source

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

OUT_OF_MEMORY = 86  # the exit status of a child that may not have the memory it needs

_Maker = Callable[[Any], Any]
_LENGTH = struct.Struct("<Q")


def write_frame(stream: IO[bytes], content: bytes) -> None:
    """Send one message."""
    stream.write(_LENGTH.pack(len(content)))
    stream.write(content)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes | None:
    """Wait for the next message; None where the other side has gone."""
    length = stream.read(_LENGTH.size)
    if len(length) < _LENGTH.size:
        return None
    return stream.read(*_LENGTH.unpack(length))


def take_frame(received: bytearray) -> bytes | None:
    """Cut the first message off what was received so far; None until it is complete."""
    if len(received) < _LENGTH.size:
        return None
    end = _LENGTH.size + _LENGTH.unpack_from(received)[0]
    if len(received) < end:
        return None
    frame = bytes(memoryview(received)[_LENGTH.size : end])
    del received[:end]
    return frame


def pack(record: object) -> bytes:
    """Return a record, or a list of such, as JSON."""
    return json.dumps(record, default=_values).encode("ascii")


def _values(record: "DataclassInstance") -> list[object]:
    return [getattr(record, field.name) for field in fields(record)]


def _maker(kind: Hashable) -> _Maker:
    """Return what makes a value of a type from its JSON."""
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        return _making(kind, [hints[field.name] for field in fields(kind)])
    if isinstance(kind, type) and issubclass(kind, tuple):  # a NamedTuple, such as Span
        return _making(kind, list(get_type_hints(kind).values()))
    if get_origin(kind) is not tuple:
        return lambda value: value
    inner = get_args(kind)
    if inner[-1] is not Ellipsis:
        return _making(lambda *values: values, inner)
    make = _maker(inner[0])
    return lambda values: tuple(map(make, values))


def _making(join: Callable[..., object], kinds: Sequence[Hashable]) -> _Maker:
    """Return what makes each value of its own kind and joins them."""
    makers = [_maker(kind) for kind in kinds]
    return lambda values: join(*(make(each) for make, each in zip(makers, values, strict=True)))


_make_source = _maker(Source)


def unpack_source(packed: object) -> Source:
    """Return the source that was packed."""
    source: Source = _make_source(packed)
    return source
