"""Whether a sound GGUF file can be loaded and chatted with, told from its header alone.

Every check stands for a file that makes llama.cpp 0c1e570 abort or answer nonsense; the place
in its source is named. What only llama.cpp can know is left to it, in its own process.
"""

import math
import re
from typing import NoReturn

from app.core.errors import ErrorCode, Facts, WorldError
from app.core.gguf import GgufHeader, LongArray
from app.core.gguf_types import (
    CHAT_ARCHITECTURES,
    EMBEDDING_ARCHITECTURES,
    F32,
    OTHER_ARCHITECTURES,
    RECURRENT_ARCHITECTURES,
    ROPE_SCALING_TYPES,
    TOKENIZER_MODELS,
    NotForChat,
    ValueType,
)

MAX_LAYERS = 512
MAX_EXPERTS = 512
"""LLAMA_MAX_LAYERS and LLAMA_MAX_EXPERTS (llama-hparams.h)."""
MAX_FLOAT = 1e12
MIN_TOKENS = 64
N_BYTE_TOKENS = 256

_LIMITS = {
    "context_length": 1 << 27,
    "embedding_length": 1 << 18,
    "attention.head_count": 4096,
    "attention.key_length": 8192,
    "attention.value_length": 8192,
}
_WHOLE = {
    ValueType.UINT8,
    ValueType.UINT16,
    ValueType.UINT32,
    ValueType.UINT64,
    ValueType.INT32,
    ValueType.INT64,
}
_BYTE_TOKEN = re.compile(rb"<0x[0-9A-F]{2}>")
_LAYER = re.compile(r"blk\.(\d+)\.")


def check_loadable(header: GgufHeader) -> None:
    """See that llama.cpp can load the file without harm.

    Raises:
        WorldError: MODEL_NOT_FOR_CHAT, MODEL_UNSUPPORTED or MODEL_DAMAGED.
    """
    _check_kind(header)
    _check_layers(header)
    _check_numbers(header)
    _check_experts(header)
    _check_tensors(header)
    _check_vocabulary(header)


def check_chat(header: GgufHeader) -> None:
    """See that one can chat with the file.

    Raises:
        WorldError: CHAT_TEMPLATE_MISSING.
    """
    if header.chat_template is None:
        raise WorldError(ErrorCode.CHAT_TEMPLATE_MISSING, Facts(header.file_name))


def _check_kind(header: GgufHeader) -> None:
    """Only whole chat models of a known architecture go on."""
    kind, architecture = header.text("general.type"), header.architecture
    split = header.number("split.count")
    reason: NotForChat | None = OTHER_ARCHITECTURES.get(architecture)
    if split is not None and split > 1:
        reason = NotForChat.PART_OF_SET
    elif kind == "imatrix":
        reason = NotForChat.IMATRIX
    elif kind == "adapter":
        reason = NotForChat.ADAPTER
    elif kind in {"mmproj", "projector", "clip-vision"}:
        reason = NotForChat.PROJECTOR
    elif architecture in EMBEDDING_ARCHITECTURES:
        reason = NotForChat.EMBEDDING
    if reason is not None:
        raise WorldError(ErrorCode.MODEL_NOT_FOR_CHAT, Facts(header.file_name, reason=reason))
    if architecture not in CHAT_ARCHITECTURES:
        facts = Facts(header.file_name, reason=architecture[:40] or "no architecture")
        raise WorldError(ErrorCode.MODEL_UNSUPPORTED, facts)
    if not header.tensors:
        _refuse(header, "no weights")


def _check_layers(header: GgufHeader) -> None:
    """A count of layers that does not match aborts (llama-model.cpp:1328)."""
    if not 0 < header.n_layers <= MAX_LAYERS:
        _refuse(header, f"{header.n_layers} layers")
    found = {int(hit.group(1)) for tensor in header.tensors if (hit := _LAYER.match(tensor.name))}
    if found and max(found) >= header.n_layers:
        _refuse(header, f"{max(found) + 1} layers instead of {header.n_layers}")
    # Some layers may hold nothing of their own, such as those for drafting.
    if len(found) < header.n_layers - 4:
        _refuse(header, f"{len(found)} layers instead of {header.n_layers}")


def _check_numbers(header: GgufHeader) -> None:
    """Sizes in range, of the right type, and numbers that are numbers (ops.cpp:4132)."""
    for key, limit in _LIMITS.items():
        value = header.of_architecture(key)
        if value is None or isinstance(value, tuple | LongArray):
            continue
        least = _least(header, key)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= limit:
            _refuse(header, f"{key} {value}")
        if header.types[f"{header.architecture}.{key}"] not in _WHOLE:
            _refuse(header, f"{key} of the wrong type")
    if header.of_architecture("embedding_length") is None or not header.n_ctx_train:
        _refuse(header, "missing sizes")
    for key, value in header.metadata.items():
        is_read = key.startswith(f"{header.architecture}.")
        if is_read and isinstance(value, float) and not _is_sound(key, value):
            _refuse(header, f"{key} {value}")
    scaling = header.of_architecture("rope.scaling.type")
    if scaling is not None and scaling not in ROPE_SCALING_TYPES:
        _refuse(header, f"rope scaling {scaling}")  # llama-model.cpp:1420
    _check_heads(header)


def _least(header: GgufHeader, key: str) -> int:
    """Give the smallest number that a size may be."""
    has_no_heads = header.architecture in RECURRENT_ARCHITECTURES
    return 0 if has_no_heads and key == "attention.head_count" else 1


def _is_sound(key: str, value: float) -> bool:
    if key.endswith("epsilon"):
        return 0 <= value <= 1
    return math.isfinite(value) and abs(value) <= MAX_FLOAT


def _check_heads(header: GgufHeader) -> None:
    heads, heads_kv = (
        header.of_architecture(f"attention.head_count{suffix}") for suffix in ("", "_kv")
    )
    for name, value in (("head_count", heads), ("head_count_kv", heads_kv)):
        length = len(value) if isinstance(value, tuple) else getattr(value, "length", None)
        if length is not None and length < header.n_layers:
            _refuse(header, f"{name} for {length} layers")
    width = header.of_architecture("embedding_length")
    has_width = header.of_architecture("attention.key_length") is not None
    if not isinstance(heads, int) or heads == 0:
        return
    if isinstance(width, int) and not has_width and width % heads:
        _refuse(header, f"{width} numbers for {heads} heads")
    if isinstance(heads_kv, int) and heads_kv and heads % heads_kv:
        _refuse(header, f"{heads} heads for {heads_kv}")


def _check_experts(header: GgufHeader) -> None:
    """Counts of experts that contradict each other abort (llama-model.cpp:1361 to 1364)."""
    n_experts = header.of_architecture("expert_count") or 0
    n_used = header.of_architecture("expert_used_count") or 0
    if not isinstance(n_experts, int) or not isinstance(n_used, int):
        return
    if n_experts > MAX_EXPERTS or n_used > n_experts or (n_experts and not n_used):
        _refuse(header, f"{n_used} of {n_experts} experts")
    has_experts = any("_exps" in one.name for one in header.tensors)
    if n_experts and not has_experts and not _has_split_experts(header):
        _refuse(header, f"{n_experts} experts without weights")


def _has_split_experts(header: GgufHeader) -> bool:
    """Old files keep each expert by itself."""
    return any(re.search(r"ffn_(up|gate|down)\.\d+\.", one.name) for one in header.tensors)


def _check_tensors(header: GgufHeader) -> None:
    """Norms not in F32 abort while computing (binary-ops.cpp:135)."""
    for tensor in header.tensors:
        is_norm = tensor.name.endswith(("norm.weight", "norm.bias"))
        if len(tensor.shape) == 1 and is_norm and tensor.type_id != F32:
            _refuse(header, f"{tensor.name} is {tensor.type.name}")
    embedding = next((one for one in header.tensors if one.name == "token_embd.weight"), None)
    if embedding is None:
        _refuse(header, "no token embeddings")
    width = header.of_architecture("embedding_length")
    if embedding.shape[0] != width:
        _refuse(header, f"embeddings of {embedding.shape[0]} instead of {width}")
    n_tokens = len(header.token_texts)
    if n_tokens and len(embedding.shape) > 1 and embedding.shape[1] < n_tokens:
        _refuse(header, f"{embedding.shape[1]} embeddings for {n_tokens} tokens")


def _check_vocabulary(header: GgufHeader) -> None:
    """Vocabularies that llama.cpp asserts on (llama-vocab.cpp:2544, 3422, 3554)."""
    model, tokens = header.text("tokenizer.ggml.model"), header.token_texts
    if model not in TOKENIZER_MODELS:
        facts = Facts(header.file_name, reason=f"tokenizer {model[:40]}")
        raise WorldError(ErrorCode.MODEL_UNSUPPORTED, facts)
    if len(tokens) < MIN_TOKENS:
        _refuse(header, f"{len(tokens)} tokens")
    # An empty one gets a name of its own (llama-vocab.cpp:2516).
    texts = [token or b"[EMPTY_%d]" % number for number, token in enumerate(tokens)]
    if len(set(texts)) != len(texts):
        _refuse(header, "tokens twice")
    if model == "llama":
        n_bytes = sum(1 for token in tokens if len(token) == 6 and _BYTE_TOKEN.fullmatch(token))  # noqa: PLR2004 - <0x41>
        if n_bytes != N_BYTE_TOKENS:
            _refuse(header, f"{n_bytes} byte tokens")
    for name in ("scores", "token_type"):
        value = header.metadata.get(f"tokenizer.ggml.{name}")
        length = len(value) if isinstance(value, tuple) else getattr(value, "length", None)
        if length is not None and length != len(tokens):
            _refuse(header, f"{length} {name} for {len(tokens)} tokens")
    if model == "gpt2" and not isinstance(header.metadata.get("tokenizer.ggml.merges"), LongArray):
        _refuse(header, "no merges")
    _check_special_tokens(header)


def _check_special_tokens(header: GgufHeader) -> None:
    for key, value in header.metadata.items():
        if not key.startswith("tokenizer.ggml."):
            continue
        if key.endswith("_token_id"):
            is_id = isinstance(value, int) and not isinstance(value, bool)
            if not is_id or header.types[key] is not ValueType.UINT32:
                _refuse(header, f"{key} of the wrong type")
        if key.startswith("tokenizer.ggml.add_") and not isinstance(value, bool):
            _refuse(header, f"{key} of the wrong type")
    if header.text("tokenizer.ggml.model") == "t5":
        # An id outside the vocabulary is taken for none, and only here none is asserted on.
        adds = header.metadata.get("tokenizer.ggml.add_bos_token") is True
        first = header.number("tokenizer.ggml.bos_token_id")
        if adds and (first is None or first >= len(header.token_texts)):
            _refuse(header, "no first token")


def _refuse(header: GgufHeader, reason: str) -> NoReturn:
    raise WorldError(ErrorCode.MODEL_DAMAGED, Facts(header.file_name, reason=reason[:120]))
