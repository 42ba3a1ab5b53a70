"""Writes model files without weights, of any size, to measure a computer with.

Such a file takes a few kilobytes on disk: its header is followed by a hole, which reads as
zeros. The engine computes with zeros exactly as long as with weights.
"""

import struct
from dataclasses import dataclass
from math import prod
from pathlib import Path

from app.core.gguf_types import TENSOR_TYPES, ValueType

_ALIGNMENT = 32
_VERSION = 3
_IDS = {kind.name: type_id for type_id, kind in TENSOR_TYPES.items()}
_NORM = "F32"


@dataclass(frozen=True, slots=True)
class SyntheticModel:
    """Dimensions of a model of the kind of Llama, with almost no vocabulary.

    Attributes:
        kind: tensor type of all weights.
        n_layers: how many layers.
        n_embedding: width of the stream between layers.
        n_feed_forward: width inside a layer.
        n_heads, n_kv_heads, head_width: of attention.
    """

    kind: str
    n_layers: int
    n_embedding: int
    n_feed_forward: int
    n_heads: int
    n_kv_heads: int
    head_width: int
    n_vocabulary: int = 256

    def tensors(self) -> list[tuple[str, tuple[int, ...], str]]:
        """Give name, shape (innermost first) and type of each tensor."""
        wide, kind = self.n_embedding, self.kind
        queries, keys = self.n_heads * self.head_width, self.n_kv_heads * self.head_width
        found = [
            ("token_embd.weight", (wide, self.n_vocabulary), "F16"),
            ("output_norm.weight", (wide,), _NORM),
            ("output.weight", (wide, self.n_vocabulary), "F16"),
        ]
        for n in range(self.n_layers):
            found += [
                (f"blk.{n}.attn_norm.weight", (wide,), _NORM),
                (f"blk.{n}.attn_q.weight", (wide, queries), kind),
                (f"blk.{n}.attn_k.weight", (wide, keys), kind),
                (f"blk.{n}.attn_v.weight", (wide, keys), kind),
                (f"blk.{n}.attn_output.weight", (queries, wide), kind),
                (f"blk.{n}.ffn_norm.weight", (wide,), _NORM),
                (f"blk.{n}.ffn_gate.weight", (wide, self.n_feed_forward), kind),
                (f"blk.{n}.ffn_up.weight", (wide, self.n_feed_forward), kind),
                (f"blk.{n}.ffn_down.weight", (self.n_feed_forward, wide), kind),
            ]
        return found

    def layer_bytes(self) -> int:
        """Give the weights of all layers, in bytes."""
        named = self.tensors()
        return sum(_size(shape, kind) for name, shape, kind in named if name.startswith("blk."))

    def write(self, path: Path) -> None:
        """Write the file; its weights are a hole."""
        fields: dict[str, str | int | float] = {
            "general.architecture": "llama",
            "llama.block_count": self.n_layers,
            "llama.context_length": 131072,
            "llama.embedding_length": self.n_embedding,
            "llama.feed_forward_length": self.n_feed_forward,
            "llama.attention.head_count": self.n_heads,
            "llama.attention.head_count_kv": self.n_kv_heads,
            "llama.attention.key_length": self.head_width,
            "llama.attention.value_length": self.head_width,
            "llama.attention.layer_norm_rms_epsilon": 1e-5,
            "llama.rope.dimension_count": self.head_width,
            "llama.vocab_size": self.n_vocabulary,
            "tokenizer.ggml.model": "none",
        }
        tensors, infos, offset = self.tensors(), b"", 0
        for name, shape, kind in tensors:
            infos += _text(name) + struct.pack(f"<I{len(shape)}Q", len(shape), *shape)
            infos += struct.pack("<IQ", _IDS[kind], offset)
            offset += _padded(_size(shape, kind))
        counts = struct.pack("<IQQ", _VERSION, len(tensors), len(fields))
        values = b"".join(_text(key) + _value(value) for key, value in fields.items())
        header = b"GGUF" + counts + values + infos
        with path.open("wb") as stream:
            stream.write(header)
            stream.truncate(_padded(len(header)) + offset)


def _size(shape: tuple[int, ...], kind: str) -> int:
    of_kind = TENSOR_TYPES[_IDS[kind]]
    return prod(shape) // of_kind.block * of_kind.block_bytes


def _padded(n_bytes: int) -> int:
    return -(-n_bytes // _ALIGNMENT) * _ALIGNMENT


def _text(text: str) -> bytes:
    encoded = text.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def _value(value: str | float) -> bytes:
    if isinstance(value, str):
        return struct.pack("<I", ValueType.STRING) + _text(value)
    if isinstance(value, int):
        return struct.pack("<II", ValueType.UINT32, value)
    return struct.pack("<If", ValueType.FLOAT32, value)
