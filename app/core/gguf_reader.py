"""Reads the header of a GGUF file and refuses what is not sound.

Pure Python over a stream, so that a damaged or foreign file gets a sentence that names the
cause and never reaches native code. Nothing is allocated by a number in the file before the
file is known to hold that much. `app/core/gguf_checks.py` says whether a sound file can run.

Format: gguf.md in the ggml repository, versions 2 and 3.
"""

import re
from collections.abc import Mapping
from math import prod
from typing import BinaryIO

from app.core.errors import ErrorCode, Facts, WorldError
from app.core.gguf import GgufHeader, LongArray, Tensor, Value
from app.core.gguf_foreign import looks_like
from app.core.gguf_stream import HeaderStream
from app.core.gguf_types import SCALAR_FORMATS, TENSOR_TYPES, ValueType

MAGIC = b"GGUF"
VERSIONS = (2, 3)
MAX_KEYS = 4096
MAX_TENSORS = 65_536
MAX_KEY_BYTES = 256
MAX_STRING_BYTES = 1 << 20
MAX_TEMPLATE_BYTES = 256 * 1024
MAX_TENSOR_NAME_BYTES = 63
MAX_TOKENS = 1_000_000
MAX_ARRAY_ITEMS = 4_000_000
"""Limits well above every model in use (the largest vocabulary has 262,144 tokens, and a
header about five items for each) and well below what would hurt. The items are counted over
all arrays: a small sparse file may promise very many."""
SHORT_ARRAY = 4096
"""Number arrays up to this length are kept; of longer ones only the length is."""
MAX_DIMENSIONS = 4
MAX_DIMENSION = 1 << 32
MIN_ALIGNMENT, MAX_ALIGNMENT = 32, 65_536
"""Smaller alignments make llama.cpp abort (ggml-backend.cpp:2527)."""
DEFAULT_ALIGNMENT = 32
MAX_TRAILING_BYTES = 1 << 16
"""Padding after the last tensor; more means that the header speaks of another file, unless
nothing but zeros follows."""
LOOKED_AT_BYTES = 1 << 20
"""No weights begin with so many zeros."""

_KEY = re.compile(rb"[ -~]+")
_PASSED_OVER = frozenset({"tokenizer.huggingface.json"})
"""Long texts that nothing here or in llama.cpp reads; the specification knows them."""
_TENSOR_NAME = re.compile(rb"[A-Za-z0-9_.\-/]+")


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


class _Reader:
    """Reads forward through the header, and counts what it promises."""

    def __init__(self, stream: BinaryIO, file_size_bytes: int, file_name: str) -> None:
        self._stream = HeaderStream(stream, file_size_bytes, file_name)
        self._size = file_size_bytes
        self._name = file_name
        self._n_items = 0

    def header(self) -> GgufHeader:
        self._check_magic()
        version, n_tensors, n_keys = self._stream.unpack("<IQQ", 20)
        if version not in VERSIONS:
            swapped = version > 0xFFFF  # noqa: PLR2004 - its bytes are in the other order
            reason = "big-endian" if swapped else f"GGUF version {version}"
            raise self._error(ErrorCode.MODEL_UNSUPPORTED, reason)
        if n_tensors > MAX_TENSORS or not 0 < n_keys <= MAX_KEYS:
            raise self._damaged(f"{n_keys} keys, {n_tensors} tensors")
        metadata, types, tokens = self._metadata(n_keys)
        alignment = self._alignment(metadata, types)
        tensors = self._tensors(n_tensors, alignment)
        data_offset = -(-self._stream.place // alignment) * alignment
        self._check_length(tensors, data_offset, alignment)
        return GgufHeader(
            self._name, version, metadata, types, tokens, tensors, alignment, data_offset
        )

    # --- pieces of the file ---

    def _check_magic(self) -> None:
        head = self._stream.peek(64)
        if not head.startswith(MAGIC):
            raise self._error(ErrorCode.NOT_A_GGUF, looks_like(head))
        self._stream.skip(len(MAGIC))

    # --- metadata ---

    def _metadata(
        self, n_keys: int
    ) -> tuple[dict[str, Value], dict[str, ValueType], tuple[bytes, ...]]:
        metadata: dict[str, Value] = {}
        types: dict[str, ValueType] = {}
        tokens: tuple[bytes, ...] = ()
        for _ in range(n_keys):
            raw_key = self._stream.text(MAX_KEY_BYTES)
            if not _KEY.fullmatch(raw_key):
                raise self._damaged("a key that is none")
            key = raw_key.decode("ascii")
            if key in metadata:
                raise self._damaged(f"{key} twice")
            value_type = self._value_type()
            if value_type is ValueType.ARRAY:
                types[key] = item_type = self._value_type()
                length = self._array_length()
                if key == "tokenizer.ggml.tokens" and item_type is ValueType.STRING:
                    tokens = self._tokens(length)
                    metadata[key] = LongArray(item_type, length)
                else:
                    metadata[key] = self._array(item_type, length)
            else:
                types[key] = value_type
                metadata[key] = self._scalar(key, value_type)
        return metadata, types, tokens

    def _value_type(self) -> ValueType:
        (number,) = self._stream.unpack("<I", 4)
        try:
            return ValueType(number)
        except ValueError as error:
            raise self._damaged(f"value type {number}") from error

    def _scalar(self, key: str, value_type: ValueType) -> Value:
        if value_type is ValueType.STRING and key in _PASSED_OVER:
            self._stream.skip_text()
            return ""
        if value_type is ValueType.STRING:
            is_template = "chat_template" in key
            text = self._stream.text(MAX_TEMPLATE_BYTES if is_template else MAX_STRING_BYTES)
            try:
                return text.decode("utf-8")
            except UnicodeDecodeError as error:
                raise self._damaged(f"{key} is no text") from error
        letter, n_bytes = SCALAR_FORMATS[value_type]
        (value,) = self._stream.unpack(f"<{letter}", n_bytes)
        if value_type is ValueType.BOOL:
            if value > 1:
                raise self._damaged(f"{key} is neither yes nor no")
            return bool(value)
        return value

    def _array_length(self) -> int:
        (length,) = self._stream.unpack("<Q", 8)
        self._n_items += length
        if self._n_items > MAX_ARRAY_ITEMS:
            raise self._damaged(f"arrays of {self._n_items}")
        return length

    def _tokens(self, length: int) -> tuple[bytes, ...]:
        if length > MAX_TOKENS:
            raise self._damaged(f"a vocabulary of {length}")
        return tuple(self._stream.texts(length, MAX_STRING_BYTES, keeps=True))

    def _array(self, item_type: ValueType, length: int) -> Value:
        if item_type is ValueType.ARRAY:
            raise self._damaged("arrays in arrays")
        if item_type is ValueType.STRING:
            self._stream.texts(length, MAX_STRING_BYTES, keeps=False)
            return LongArray(item_type, length)
        letter, item_bytes = SCALAR_FORMATS[item_type]
        n_bytes = item_bytes * length
        if length <= SHORT_ARRAY:
            return tuple(self._stream.unpack(f"<{length}{letter}", n_bytes))
        self._stream.skip(n_bytes)
        return LongArray(item_type, length)

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
            name = self._stream.text(MAX_TENSOR_NAME_BYTES)
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
        (n_dimensions,) = self._stream.unpack("<I", 4)
        if not 1 <= n_dimensions <= MAX_DIMENSIONS:
            raise self._damaged(f"{name} has {n_dimensions} dimensions")
        shape = self._stream.unpack(f"<{n_dimensions}Q", 8 * n_dimensions)
        type_id, offset = self._stream.unpack("<IQ", 12)
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
        is_longer = self._size - needed > MAX_TRAILING_BYTES + alignment
        if is_longer and not self._stream.is_zero(needed, LOOKED_AT_BYTES):
            raise self._damaged("longer than its tensors")

    # --- errors ---

    def _damaged(self, reason: str) -> WorldError:
        return self._error(ErrorCode.MODEL_DAMAGED, reason)

    def _error(self, code: ErrorCode, reason: str) -> WorldError:
        return WorldError(
            code, Facts(self._name, reason=reason), f"{reason} at {self._stream.place}"
        )
