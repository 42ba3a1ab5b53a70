"""Writes small GGUF files for tests, sound ones and broken ones."""

import struct
from dataclasses import dataclass, field

TYPES = {"u32": 4, "i32": 5, "f32": 6, "bool": 7, "str": 8, "u64": 10}
FORMATS = {"u32": "I", "i32": "i", "f32": "f", "bool": "B", "u64": "Q"}
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}"
    "<|im_end|>\n{% endfor %}<|im_start|>assistant\n"
)
WIDTH, N_TOKENS, N_LAYERS = 64, 80, 2


@dataclass
class Sample:
    """A GGUF file to be written; change what a test is about.

    Attributes:
        metadata: (type, value) by key; type "[str]" or "[u32]" for arrays.
        tensors: (name, shape, type number).
    """

    metadata: dict[str, tuple[str, object]] = field(default_factory=dict)
    tensors: list[tuple[str, tuple[int, ...], int]] = field(default_factory=list)
    version: int = 3
    alignment: int = 32

    def set(self, key: str, kind: str, value: object) -> "Sample":
        """Set one metadata value."""
        self.metadata[key] = (kind, value)
        return self

    def without(self, key: str) -> "Sample":
        """Leave one metadata value out."""
        del self.metadata[key]
        return self

    def header(self) -> bytes:
        """The bytes before the tensor data, without padding."""
        parts = [b"GGUF", struct.pack("<IQQ", self.version, len(self.tensors), len(self.metadata))]
        for key, (kind, value) in self.metadata.items():
            parts.append(text(key) + typed(kind, value))
        offset = 0
        for name, shape, type_id in self.tensors:
            parts.append(text(name) + struct.pack("<I", len(shape)))
            parts.append(struct.pack(f"<{len(shape)}QIQ", *shape, type_id, offset))
            offset += -(-tensor_bytes(shape) // self.alignment) * self.alignment
        return b"".join(parts)

    def file(self) -> bytes:
        """The whole file, its weights all zero."""
        header = self.header()
        header += b"\0" * (-len(header) % self.alignment)
        sizes = [-(-tensor_bytes(shape) // self.alignment) for _, shape, _ in self.tensors]
        return header + b"\0" * sum(size * self.alignment for size in sizes)


def text(value: str | bytes) -> bytes:
    """A text with its length."""
    encoded = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(encoded)) + encoded


def typed(kind: str, value: object) -> bytes:
    """A value with its type."""
    if kind.startswith("["):
        item = kind[1:-1]
        assert isinstance(value, list | tuple)
        items = b"".join(plain(item, one) for one in value)
        return struct.pack("<IIQ", 9, TYPES[item], len(value)) + items
    return struct.pack("<I", TYPES[kind]) + plain(kind, value)


def plain(kind: str, value: object) -> bytes:
    """A value without its type."""
    if kind == "str":
        assert isinstance(value, str | bytes)
        return text(value)
    return struct.pack(f"<{FORMATS[kind]}", value)


def tensor_bytes(shape: tuple[int, ...]) -> int:
    """Size of an F32 tensor."""
    size = 4
    for length in shape:
        size *= length
    return size


def chat_model() -> Sample:
    """A sound chat model, too small to be any use."""
    sample = Sample()
    sample.set("general.architecture", "str", "llama")
    sample.set("general.type", "str", "model")
    sample.set("general.name", "str", "Tiny Sample")
    sample.set("general.license", "str", "apache-2.0")
    sample.set("general.file_type", "u32", 0)
    sample.set("llama.block_count", "u32", N_LAYERS)
    sample.set("llama.context_length", "u32", 512)
    sample.set("llama.embedding_length", "u32", WIDTH)
    sample.set("llama.feed_forward_length", "u32", 128)
    sample.set("llama.attention.head_count", "u32", 4)
    sample.set("llama.attention.head_count_kv", "u32", 2)
    sample.set("llama.attention.layer_norm_rms_epsilon", "f32", 1e-5)
    sample.set("tokenizer.ggml.model", "str", "gpt2")
    sample.set("tokenizer.ggml.tokens", "[str]", [f"token{n}" for n in range(N_TOKENS)])
    sample.set("tokenizer.ggml.token_type", "[i32]", [1] * N_TOKENS)
    sample.set("tokenizer.ggml.merges", "[str]", ["t o", "k e"])
    sample.set("tokenizer.ggml.eos_token_id", "u32", 2)
    sample.set("tokenizer.chat_template", "str", TEMPLATE)
    sample.tensors = [
        ("token_embd.weight", (WIDTH, N_TOKENS), 0),
        ("output_norm.weight", (WIDTH,), 0),
    ]
    for layer in range(N_LAYERS):
        sample.tensors.append((f"blk.{layer}.attn_norm.weight", (WIDTH,), 0))
        sample.tensors.append((f"blk.{layer}.attn_q.weight", (WIDTH, WIDTH), 0))
    return sample
