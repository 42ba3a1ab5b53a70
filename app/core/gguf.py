"""Reads the header of a GGUF file and refuses what is not sound.

Pure Python over a stream, so that a damaged or foreign file gets a sentence that names the
cause and never reaches native code. Nothing is allocated by a number in the file before the
file is known to hold that much. `app/core/gguf_checks.py` says whether a sound file can run.

Format: gguf.md in the ggml repository, versions 2 and 3.
"""

import re
import struct
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import prod
from typing import BinaryIO

from app.core.errors import ErrorCode, Facts, WorldError
from app.core.gguf_types import (
    FILE_TYPES,
    SCALAR_FORMATS,
    TENSOR_TYPES,
    TensorType,
    ValueType,
)

MAGIC = b"GGUF"
VERSIONS = (2, 3)
MAX_KEYS = 4096
MAX_TENSORS = 65_536
MAX_KEY_BYTES = 256
MAX_STRING_BYTES = 1 << 20
MAX_TEMPLATE_BYTES = 256 * 1024
MAX_TENSOR_NAME_BYTES = 63
MAX_ARRAY_LENGTH = 4_000_000
MAX_HEADER_BYTES = 256 * 1024 * 1024
"""Limits well above every model in use (the largest header seen has 16 MB, the largest
vocabulary 262,144 tokens) and well below what would hurt."""
SHORT_ARRAY = 4096
"""Number arrays up to this length are kept; of longer ones only the length is."""
MAX_DIMENSIONS = 4
MAX_DIMENSION = 1 << 32
MIN_ALIGNMENT, MAX_ALIGNMENT = 32, 65_536
"""Smaller alignments make llama.cpp abort (ggml-backend.cpp:2527)."""
DEFAULT_ALIGNMENT = 32
MAX_TRAILING_BYTES = 1 << 16
"""Padding after the last tensor; more means that the header speaks of another file."""
_READ_AHEAD_BYTES = 1 << 20

_KEY = re.compile(rb"[A-Za-z0-9_.\-]+")
_TENSOR_NAME = re.compile(rb"[A-Za-z0-9_.\-/]+")


class LooksLike(StrEnum):
    """What a file that is no GGUF seems to be."""

    EMPTY = "empty"
    HTML = "html"
    JSON = "json"
    TEXT = "text"
    ZIP = "zip"
    GZIP = "gzip"
    PDF = "pdf"
    SAFETENSORS = "safetensors"
    PYTORCH = "pytorch"
    GIT_LFS_POINTER = "git_lfs_pointer"
    GGML = "ggml"
    ZEROS = "zeros"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LongArray:
    """An array of which only the type and length are kept."""

    item_type: ValueType
    length: int


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor: name, shape (innermost first), type, place in the data, size in bytes."""

    name: str
    shape: tuple[int, ...]
    type_id: int
    offset_bytes: int
    size_bytes: int

    @property
    def type(self) -> TensorType:
        """How its numbers are kept."""
        return TENSOR_TYPES[self.type_id]


Value = int | float | bool | str | tuple[int | float, ...] | LongArray


@dataclass(frozen=True, slots=True)
class GgufHeader:
    """What the header of a sound file says.

    Attributes:
        file_name: for the sentences shown.
        metadata: values by key; long arrays as `LongArray`.
        types: type of each value; of an array, of its items.
        token_texts: the vocabulary, as it stands in the file.
        data_offset_bytes: where the tensors begin.
    """

    file_name: str
    version: int
    metadata: Mapping[str, Value]
    types: Mapping[str, ValueType]
    token_texts: tuple[bytes, ...]
    tensors: tuple[Tensor, ...]
    alignment_bytes: int
    data_offset_bytes: int

    def text(self, key: str) -> str:
        """Give a text; empty when it is not there or no text."""
        value = self.metadata.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str) -> int | None:
        """Give a whole number; None when it is not there or none."""
        value = self.metadata.get(key)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def of_architecture(self, key: str) -> Value | None:
        """Give the value of a key that begins with the architecture's name."""
        return self.metadata.get(f"{self.architecture}.{key}")

    @property
    def architecture(self) -> str:
        """Which kind of network it is."""
        return self.text("general.architecture")

    @property
    def name(self) -> str:
        """Name in the file, safe to be shown; empty when it has none."""
        return plain_name(self.text("general.name"))

    @property
    def chat_template(self) -> str | None:
        """How conversations are written for it; None if it does not say."""
        return self.text("tokenizer.chat_template") or None

    @property
    def n_layers(self) -> int:
        """Number of layers."""
        return self.number(f"{self.architecture}.block_count") or 0

    @property
    def n_ctx_train(self) -> int:
        """Longest context it was trained for, in tokens; 0 if not said."""
        return self.number(f"{self.architecture}.context_length") or 0

    @property
    def n_parameters(self) -> int:
        """How many numbers were learnt."""
        return sum(prod(tensor.shape) for tensor in self.tensors)

    @property
    def weights_bytes(self) -> int:
        """Sum of all tensors in bytes."""
        return sum(tensor.size_bytes for tensor in self.tensors)

    @property
    def quantization(self) -> str:
        """Name of the quantization: as the file says, else the type of most of it."""
        file_type = self.number("general.file_type")
        if file_type in FILE_TYPES:
            return FILE_TYPES[file_type]
        sizes: dict[str, int] = {}
        for tensor in self.tensors:
            sizes[tensor.type.name] = sizes.get(tensor.type.name, 0) + tensor.size_bytes
        return max(sizes, key=sizes.__getitem__, default="")

    @property
    def licence(self) -> str:
        """Licence as the file names it; empty when it does not."""
        return plain_name(self.text("general.license"))


def plain_name(text: str, max_characters: int = 80) -> str:
    """Give a foreign name fit to be shown: one line, no control or direction signs."""
    kept = (sign for sign in text if unicodedata.category(sign) not in {"Cc", "Cf", "Co", "Cs"})
    return " ".join("".join(kept).split())[:max_characters]


def read_header(stream: BinaryIO, file_size_bytes: int, file_name: str) -> GgufHeader:
    """Read and check the header of a GGUF file.

    Args:
        stream: at the beginning of the file.
        file_size_bytes: size of the whole file.
        file_name: for the sentences shown.

    Raises:
        WorldError: NOT_A_GGUF, MODEL_TRUNCATED, MODEL_DAMAGED or MODEL_UNSUPPORTED.
    """
    return _Reader(stream, file_size_bytes, file_name).header()


def looks_like(head: bytes) -> LooksLike:  # noqa: PLR0911 - a list of signatures
    """Tell from its first bytes what a file that is no GGUF seems to be."""
    if not head:
        return LooksLike.EMPTY
    if not head.strip(b"\0"):
        return LooksLike.ZEROS
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    stripped = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if stripped.startswith((b"<!doctype", b"<html", b"<?xml", b"<head", b"<body")):
        return LooksLike.HTML
    if stripped.startswith((b"{", b"[")):
        return LooksLike.JSON
    if len(head) > 9 and head[8:9] == b"{" and struct.unpack("<Q", head[:8])[0] < 1 << 30:  # noqa: PLR2004 - the format's own layout
        return LooksLike.SAFETENSORS
    if all(byte >= ord(" ") or byte in b"\t\r\n" for byte in head):
        return LooksLike.TEXT
    return LooksLike.UNKNOWN


_SIGNATURES: tuple[tuple[bytes, LooksLike], ...] = (
    (b"version https://git-lfs", LooksLike.GIT_LFS_POINTER),
    (b"PK\x03\x04", LooksLike.ZIP),
    (b"\x1f\x8b", LooksLike.GZIP),
    (b"%PDF", LooksLike.PDF),
    (b"\x80\x02", LooksLike.PYTORCH),
    (b"lmgg", LooksLike.GGML),
    (b"fmgg", LooksLike.GGML),
    (b"tjgg", LooksLike.GGML),
    (b"algg", LooksLike.GGML),
)


class _Reader:
    """Reads forward through the header; knows where it is and how large the file is."""

    def __init__(self, stream: BinaryIO, file_size_bytes: int, file_name: str) -> None:
        self._stream = stream
        self._size = file_size_bytes
        self._name = file_name
        self._buffer = b""
        self._place = 0

    def header(self) -> GgufHeader:
        self._check_magic()
        version, n_tensors, n_keys = self._unpack("<IQQ", 20)
        if version not in VERSIONS:
            swapped = version > 0xFFFF  # noqa: PLR2004 - its bytes are in the other order
            reason = "big-endian" if swapped else f"GGUF version {version}"
            raise self._error(ErrorCode.MODEL_UNSUPPORTED, reason)
        if n_tensors > MAX_TENSORS or not 0 < n_keys <= MAX_KEYS:
            raise self._damaged(f"{n_keys} keys, {n_tensors} tensors")
        metadata, types, tokens = self._metadata(n_keys)
        alignment = self._alignment(metadata, types)
        tensors = self._tensors(n_tensors, alignment)
        data_offset = -(-self._place // alignment) * alignment
        self._check_length(tensors, data_offset, alignment)
        return GgufHeader(
            self._name, version, metadata, types, tokens, tensors, alignment, data_offset
        )

    # --- pieces of the file ---

    def _check_magic(self) -> None:
        self._fill(min(64, self._size))
        if not self._buffer.startswith(MAGIC):
            raise self._error(ErrorCode.NOT_A_GGUF, looks_like(self._buffer[:64]))
        self._place = len(MAGIC)

    def _fill(self, end: int) -> None:
        """Have the file up to `end` in the buffer."""
        if end <= len(self._buffer):
            return
        if end > self._size:
            facts = Facts(self._name, needed_bytes=end, available_bytes=self._size)
            raise WorldError(ErrorCode.MODEL_TRUNCATED, facts, "ends inside the header")
        if end > MAX_HEADER_BYTES:
            raise self._damaged("header too long")
        wanted = max(end - len(self._buffer), _READ_AHEAD_BYTES, len(self._buffer))
        self._buffer += self._stream.read(wanted)
        if end > len(self._buffer):
            facts = Facts(self._name, needed_bytes=end, available_bytes=len(self._buffer))
            raise WorldError(ErrorCode.MODEL_TRUNCATED, facts, "shorter than its size")

    def _unpack(self, layout: str, n_bytes: int) -> tuple[int, ...]:
        self._fill(self._place + n_bytes)
        values = struct.unpack_from(layout, self._buffer, self._place)
        self._place += n_bytes
        return values

    def _string(self, max_bytes: int) -> bytes:
        (n_bytes,) = self._unpack("<Q", 8)
        if n_bytes > self._size - self._place:
            self._fill(min(self._place + n_bytes, self._size + 1))
        if n_bytes > max_bytes:
            raise self._damaged(f"a text of {n_bytes} bytes")
        self._fill(self._place + n_bytes)
        start, self._place = self._place, self._place + n_bytes
        return self._buffer[start : self._place]

    # --- metadata ---

    def _metadata(
        self, n_keys: int
    ) -> tuple[dict[str, Value], dict[str, ValueType], tuple[bytes, ...]]:
        metadata: dict[str, Value] = {}
        types: dict[str, ValueType] = {}
        tokens: tuple[bytes, ...] = ()
        for _ in range(n_keys):
            raw_key = self._string(MAX_KEY_BYTES)
            if not _KEY.fullmatch(raw_key):
                raise self._damaged("a key that is none")
            key = raw_key.decode("ascii")
            if key in metadata:
                raise self._damaged(f"{key} twice")
            value_type = self._value_type()
            if value_type is ValueType.ARRAY:
                types[key] = item_type = self._value_type()
                (length,) = self._unpack("<Q", 8)
                if key == "tokenizer.ggml.tokens" and item_type is ValueType.STRING:
                    tokens = tuple(self._strings(length, keeps=True))
                    metadata[key] = LongArray(item_type, length)
                else:
                    metadata[key] = self._array(item_type, length)
            else:
                types[key] = value_type
                metadata[key] = self._scalar(key, value_type)
        return metadata, types, tokens

    def _value_type(self) -> ValueType:
        (number,) = self._unpack("<I", 4)
        try:
            return ValueType(number)
        except ValueError as error:
            raise self._damaged(f"value type {number}") from error

    def _scalar(self, key: str, value_type: ValueType) -> Value:
        if value_type is ValueType.STRING:
            is_template = "chat_template" in key
            text = self._string(MAX_TEMPLATE_BYTES if is_template else MAX_STRING_BYTES)
            try:
                return text.decode("utf-8")
            except UnicodeDecodeError as error:
                raise self._damaged(f"{key} is no text") from error
        letter, n_bytes = SCALAR_FORMATS[value_type]
        (value,) = self._unpack(f"<{letter}", n_bytes)
        if value_type is ValueType.BOOL:
            if value > 1:
                raise self._damaged(f"{key} is neither yes nor no")
            return bool(value)
        return value

    def _array(self, item_type: ValueType, length: int) -> Value:
        if length > MAX_ARRAY_LENGTH:
            raise self._damaged(f"an array of {length}")
        if item_type is ValueType.ARRAY:
            raise self._damaged("arrays in arrays")
        if item_type is ValueType.STRING:
            self._strings(length, keeps=False)
            return LongArray(item_type, length)
        letter, item_bytes = SCALAR_FORMATS[item_type]
        n_bytes = item_bytes * length
        if length <= SHORT_ARRAY:
            return tuple(self._unpack(f"<{length}{letter}", n_bytes))
        self._fill(self._place + n_bytes)
        self._place += n_bytes
        return LongArray(item_type, length)

    def _strings(self, length: int, *, keeps: bool) -> list[bytes]:
        """Read or skip an array of texts; the one loop here that must be quick."""
        if length > MAX_ARRAY_LENGTH:
            raise self._damaged(f"an array of {length}")
        kept: list[bytes] = []
        unpack = struct.Struct("<Q").unpack_from
        place = self._place
        for _ in range(length):
            if place + 8 > len(self._buffer):
                self._fill(place + 8)
            (n_bytes,) = unpack(self._buffer, place)
            end = place + 8 + n_bytes
            if end > len(self._buffer):
                if n_bytes > MAX_STRING_BYTES and end <= self._size:
                    raise self._damaged(f"a text of {n_bytes} bytes")
                self._fill(min(end, self._size + 1))
            if keeps:
                kept.append(self._buffer[place + 8 : end])
            place = end
        self._place = place
        return kept

    # --- tensors ---

    def _alignment(self, metadata: Mapping[str, Value], types: Mapping[str, ValueType]) -> int:
        key = "general.alignment"
        value = metadata.get(key, DEFAULT_ALIGNMENT)
        is_right_type = types.get(key, ValueType.UINT32) is ValueType.UINT32
        if not isinstance(value, int) or not is_right_type:
            raise self._damaged("alignment")
        if not MIN_ALIGNMENT <= value <= MAX_ALIGNMENT or value & (value - 1):
            raise self._damaged(f"alignment {value}")
        return value

    def _tensors(self, n_tensors: int, alignment: int) -> tuple[Tensor, ...]:
        tensors: list[Tensor] = []
        names: set[bytes] = set()
        expected_offset = 0
        for _ in range(n_tensors):
            name = self._string(MAX_TENSOR_NAME_BYTES)
            if not _TENSOR_NAME.fullmatch(name) or name in names:
                raise self._damaged("a tensor without a name of its own")
            names.add(name)
            tensor = self._tensor(name.decode("ascii"))
            if tensor.offset_bytes != expected_offset:
                raise self._damaged(f"{tensor.name} is not where it should be")
            expected_offset += -(-tensor.size_bytes // alignment) * alignment
            tensors.append(tensor)
        return tuple(tensors)

    def _tensor(self, name: str) -> Tensor:
        (n_dimensions,) = self._unpack("<I", 4)
        if not 1 <= n_dimensions <= MAX_DIMENSIONS:
            raise self._damaged(f"{name} has {n_dimensions} dimensions")
        shape = self._unpack(f"<{n_dimensions}Q", 8 * n_dimensions)
        type_id, offset = self._unpack("<IQ", 12)
        if not all(0 < length <= MAX_DIMENSION for length in shape):
            raise self._damaged(f"{name} has an impossible shape")
        tensor_type = TENSOR_TYPES.get(type_id)
        if tensor_type is None:
            raise self._error(ErrorCode.MODEL_UNSUPPORTED, f"tensor type {type_id}")
        if shape[0] % tensor_type.block:
            raise self._damaged(f"{name} has rows of the wrong length")
        size = prod(shape) // tensor_type.block * tensor_type.block_bytes
        return Tensor(name, shape, type_id, offset, size)

    def _check_length(self, tensors: tuple[Tensor, ...], data_offset: int, alignment: int) -> None:
        if not tensors:
            return
        last = tensors[-1]
        needed = data_offset + last.offset_bytes + last.size_bytes
        if needed > self._size:
            facts = Facts(self._name, needed_bytes=needed, available_bytes=self._size)
            raise WorldError(ErrorCode.MODEL_TRUNCATED, facts, "ends inside the tensors")
        if self._size - needed > MAX_TRAILING_BYTES + alignment:
            raise self._damaged("longer than its tensors")

    # --- errors ---

    def _damaged(self, reason: str) -> WorldError:
        return self._error(ErrorCode.MODEL_DAMAGED, reason)

    def _error(self, code: ErrorCode, reason: str) -> WorldError:
        return WorldError(code, Facts(self._name, reason=reason), f"{reason} at {self._place}")
