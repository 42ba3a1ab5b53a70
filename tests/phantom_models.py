"""Writes phantom models: real dimensions and a real header, but no weights.

The file is sparse: it has the size of the real one and takes some kilobytes of the disk. The
engine loads it like any other; the holes read as zeros.

    path = write_phantom(tmp_path, "llama-3.1-8b", "Q4_K_M")

`PHANTOMS` has all names. A phantom has no vocabulary unless `with_vocabulary` is set: then its
header passes `inspect_model` too, but takes megabytes and some tenths of a second.
"""

import struct
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from app.core.gguf_types import TENSOR_TYPES
from tests.gguf_samples import TEMPLATE, text, typed
from tests.phantom_catalogue import CATALOGUE
from tests.phantom_layers import QUANTIZED, Part, Phantom
from tests.quantization_mixes import FILE_TYPE_IDS, TYPE_IDS, Mix

PHANTOMS = CATALOGUE
ALIGNMENT_BYTES = 32
_SECTIONS = {"qwen35", "qwen35moe"}
"""Architectures that want `rope.dimension_sections`."""


def write_phantom(
    folder: Path, name: str, quantization: str = "", *, with_vocabulary: bool = False
) -> Path:
    """Write a phantom of `PHANTOMS`; without a quantization, the one it is usual with."""
    quantization = quantization or PHANTOMS[name].quantization
    path = folder / f"{name}-{quantization}.gguf"
    write_model(path, PHANTOMS[name], quantization, name, with_vocabulary=with_vocabulary)
    return path


def write_model(
    path: Path,
    phantom: Phantom,
    quantization: str,
    name: str,
    *,
    with_vocabulary: bool = False,
    types: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Write a phantom of any dimensions; `types` are those of single tensors."""
    metadata = metadata_of(phantom, quantization, name, with_vocabulary=with_vocabulary)
    tensors = [
        (tensor, shape, TYPE_IDS[types[tensor]] if tensor in types else type_id)
        for tensor, shape, type_id in tensors_of(phantom, quantization)
    ]
    parts = [b"GGUF", struct.pack("<IQQ", 3, len(tensors), len(metadata))]
    parts += [text(key) + typed(kind, value) for key, (kind, value) in metadata.items()]
    offset, factors = 0, {}
    for tensor, shape, type_id in tensors:
        parts.append(text(tensor) + struct.pack("<I", len(shape)))
        parts.append(struct.pack(f"<{len(shape)}QIQ", *shape, type_id, offset))
        if tensor == "rope_freqs.weight":
            # These are divided by; with holes the model would compute no numbers.
            factors[offset] = struct.pack(f"<{shape[0]}f", *[1.0] * shape[0])
        offset += _aligned(tensor_bytes(shape, type_id))
    header = b"".join(parts)
    with path.open("wb") as stream:
        stream.write(header)
        stream.truncate(_aligned(len(header)) + offset)
        for place, numbers in factors.items():
            stream.seek(_aligned(len(header)) + place)
            stream.write(numbers)


def tensors_of(phantom: Phantom, quantization: str) -> Iterator[tuple[str, tuple[int, ...], int]]:
    """Give name, shape and type number of all tensors, in the order of the file."""
    parts = list(_parts(phantom))
    mix = Mix(
        quantization,
        n_attention_values=sum(
            1 for name, _, _ in parts if any(key in name for key in ("attn_qkv.", "attn_v."))
        ),
        n_layers=phantom.n_layers + phantom.n_draft_layers,
        queries_per_key=phantom.n_heads // max(1, phantom.kv_heads(0)),
        n_experts=phantom.n_experts,
        is_tied=phantom.is_tied,
    )
    for name, shape, kind in parts:
        chosen = mix.type_of(name, shape) if kind == QUANTIZED else kind
        yield name, shape, TYPE_IDS[chosen]


def tensor_bytes(shape: tuple[int, ...], type_id: int) -> int:
    """Size of a tensor."""
    size = TENSOR_TYPES[type_id].block_bytes
    for length in shape:
        size *= length
    return size // TENSOR_TYPES[type_id].block


def metadata_of(
    p: Phantom, quantization: str, name: str, *, with_vocabulary: bool
) -> dict[str, tuple[str, object]]:
    """Give (type, value) of all keys."""
    facts: dict[str, object] = {
        "block_count": p.n_layers + p.n_draft_layers,
        "context_length": p.n_ctx_train,
        "embedding_length": p.width,
        "feed_forward_length": _by_layer(p, p.n_feed_forward),
        "attention.head_count": p.n_heads,
        "attention.head_count_kv": _by_layer(p, p.n_kv_heads),
        "attention.layer_norm_rms_epsilon": 1e-6,
        "vocab_size": p.n_vocabulary,
        "rope.freq_base": 1e6,
    }
    if p.n_heads:
        facts["attention.key_length"] = p.k_head
        facts["attention.value_length"] = p.v_head
        facts["rope.dimension_count"] = p.k_head
    optional = {
        "attention.sliding_window": p.window,
        "expert_count": p.n_experts,
        "expert_used_count": p.n_experts_used,
        "expert_feed_forward_length": p.n_expert_feed_forward,
        "expert_shared_feed_forward_length": p.n_shared_feed_forward,
        "leading_dense_block_count": p.n_leading_dense,
        "nextn_predict_layers": p.n_draft_layers,
    }
    facts |= {key: value for key, value in optional.items() if value}
    if p.architecture in _SECTIONS:
        facts["rope.dimension_sections"] = (11, 11, 10, 0)
    metadata: dict[str, tuple[str, object]] = {
        "general.architecture": ("str", p.architecture),
        "general.type": ("str", "model"),
        "general.name": ("str", name),
        "general.file_type": ("u32", FILE_TYPE_IDS[quantization]),
    }
    for key, fact in {**facts, **p.facts}.items():
        metadata[f"{p.architecture}.{key}"] = (_kind(fact), fact)
    return metadata | (_vocabulary(p.n_vocabulary) if with_vocabulary else _no_vocabulary())


def _parts(p: Phantom) -> Iterator[Part]:
    yield "token_embd.weight", (p.width, p.n_vocabulary), QUANTIZED
    yield f"{p.output_norm}.weight", (p.width,), "F32"
    if not p.is_tied:
        yield "output.weight", (p.width, p.n_vocabulary), QUANTIZED
    yield from p.ends(p)
    for i in range(p.n_layers + p.n_draft_layers):
        for part, shape, kind in p.layer(p, i):
            yield f"blk.{i}.{part}", shape, kind


def _by_layer(p: Phantom, value: int | tuple[int, ...]) -> int | tuple[int, ...]:
    return value if isinstance(value, int) else value + (value[-1],) * p.n_draft_layers


def _kind(value: object) -> str:
    if isinstance(value, list | tuple):
        return "[bool]" if isinstance(value[0], bool) else "[i32]"
    return {bool: "bool", int: "u32", float: "f32", str: "str"}[type(value)]


def _no_vocabulary() -> dict[str, tuple[str, object]]:
    return {"tokenizer.ggml.model": ("str", "none")}


@cache
def _vocabulary(n_tokens: int) -> dict[str, tuple[str, object]]:
    texts = [f"token{number}" for number in range(n_tokens)]
    return {
        "tokenizer.ggml.model": ("str", "gpt2"),
        "tokenizer.ggml.pre": ("str", "llama-bpe"),
        "tokenizer.ggml.tokens": ("[str]", texts),
        "tokenizer.ggml.token_type": ("[i32]", [1] * n_tokens),
        "tokenizer.ggml.merges": ("[str]", [f"t {number}" for number in range(n_tokens)]),
        "tokenizer.ggml.eos_token_id": ("u32", 2),
        "tokenizer.chat_template": ("str", TEMPLATE),
    }


def _aligned(size_bytes: int) -> int:
    return -(-size_bytes // ALIGNMENT_BYTES) * ALIGNMENT_BYTES


def disk_bytes(path: Path) -> int:
    """What a file really takes on the disk."""
    status = path.stat()
    return getattr(status, "st_blocks", status.st_size // 512) * 512
