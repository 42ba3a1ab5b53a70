"""What the header of a GGUF file says; `app/core/gguf_reader.py` reads it.

`app/core/gguf_checks.py` says whether a file with such a header can run.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod

from app.core.gguf_types import FILE_TYPES, TENSOR_TYPES, TensorType, ValueType


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
