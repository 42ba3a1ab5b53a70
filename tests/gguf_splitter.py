"""Splits a model file into parts, as llama.cpp's gguf-split does.

The first part has all the metadata, the others only which one they are: `split.no` and
`split.count` (u16), `split.tensors.count` (i32); see `split_strategy` in gguf-split.cpp.
"""

import struct
from pathlib import Path

from app.core.gguf import Tensor
from app.core.gguf_reader import read_header
from tests.gguf_samples import text

ALIGNMENT = 32
_SCALAR_BYTES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_STRING, _ARRAY = 8, 9


def split(source: Path, folder: Path, count: int, *, stem: str = "") -> list[Path]:
    """Write `source` in `count` parts into `folder`, with about as many tensors in each."""
    data = source.read_bytes()
    with source.open("rb") as stream:
        header = read_header(stream, len(data), source.name)
    (n_keys,) = struct.unpack_from("<Q", data, 16)
    metadata = data[24 : _end_of_metadata(data, n_keys)]
    size = -(-len(header.tensors) // count)
    paths = []
    for number in range(count):
        tensors = header.tensors[number * size : (number + 1) * size]
        name = f"{stem or source.stem}-{number + 1:05}-of-{count:05}.gguf"
        own = _split_keys(number, count, len(header.tensors))
        keys, n_own = (metadata + own, n_keys + 3) if number == 0 else (own, 3)
        weights = data[header.data_offset_bytes :]
        folder.joinpath(name).write_bytes(_part(keys, n_own, tensors, weights))
        paths.append(folder / name)
    return paths


def _part(keys: bytes, n_keys: int, tensors: tuple[Tensor, ...], weights: bytes) -> bytes:
    infos, pieces, place = b"", [], 0
    for tensor in tensors:
        infos += text(tensor.name) + struct.pack("<I", len(tensor.shape))
        infos += struct.pack(f"<{len(tensor.shape)}QIQ", *tensor.shape, tensor.type_id, place)
        piece = weights[tensor.offset_bytes : tensor.offset_bytes + tensor.size_bytes]
        pieces.append(piece + b"\0" * (-len(piece) % ALIGNMENT))
        place += len(pieces[-1])
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), n_keys) + keys + infos
    return head + b"\0" * (-len(head) % ALIGNMENT) + b"".join(pieces)


def _split_keys(number: int, count: int, n_tensors: int) -> bytes:
    return (
        text("split.no")
        + struct.pack("<IH", 2, number)
        + text("split.count")
        + struct.pack("<IH", 2, count)
        + text("split.tensors.count")
        + struct.pack("<Ii", 5, n_tensors)
    )


def _end_of_metadata(data: bytes, n_keys: int) -> int:
    place = 24
    for _ in range(n_keys):
        place = _after_text(data, place)
        (kind,) = struct.unpack_from("<I", data, place)
        place = _after_value(data, place + 4, kind)
    return place


def _after_text(data: bytes, place: int) -> int:
    (length,) = struct.unpack_from("<Q", data, place)
    return place + 8 + int(length)


def _after_value(data: bytes, place: int, kind: int) -> int:
    if kind == _STRING:
        return _after_text(data, place)
    if kind != _ARRAY:
        return place + _SCALAR_BYTES[kind]
    item, length = struct.unpack_from("<IQ", data, place)
    place += 12
    if item != _STRING:
        return place + int(length) * _SCALAR_BYTES[item]
    for _ in range(length):
        place = _after_text(data, place)
    return place
