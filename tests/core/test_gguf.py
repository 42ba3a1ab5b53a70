"""The header reader over samples made here."""

import io
import os
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import ErrorCode, WorldError
from app.core.gguf import GgufHeader, LongArray, plain_name
from app.core.gguf_checks import check_chat, check_loadable
from app.core.gguf_foreign import LooksLike
from app.core.gguf_reader import read_header
from tests.gguf_samples import Sample, chat_model

EXPECTED = {
    ErrorCode.NOT_A_GGUF,
    ErrorCode.MODEL_TRUNCATED,
    ErrorCode.MODEL_DAMAGED,
    ErrorCode.MODEL_UNSUPPORTED,
    ErrorCode.MODEL_NOT_FOR_CHAT,
    ErrorCode.CHAT_TEMPLATE_MISSING,
}
SOUND = chat_model().file()
HEADER_BYTES = len(chat_model().header())


def read(content: bytes) -> GgufHeader:
    return read_header(io.BytesIO(content), len(content), "model.gguf")


def read_to_the_end(content: bytes) -> GgufHeader:
    """Read and do every check."""
    header = read(content)
    check_loadable(header)
    check_chat(header)
    return header


def refusal(content: bytes) -> WorldError:
    """Read and check to the end; give the error it must end in."""
    with pytest.raises(WorldError) as caught:
        read_to_the_end(content)
    assert caught.value.facts.file_name == "model.gguf"
    return caught.value


def test_a_sound_file_says_what_it_is() -> None:
    header = read(SOUND)
    check_loadable(header)
    check_chat(header)
    assert header.architecture == "llama"
    assert header.name == "Tiny Sample"
    assert header.licence == "apache-2.0"
    assert header.quantization == "F32"
    assert (header.n_layers, header.n_ctx_train, len(header.token_texts)) == (2, 512, 80)
    assert header.n_parameters == 64 * 80 + 64 + 2 * (64 + 64 * 64)
    assert header.weights_bytes == 4 * header.n_parameters
    assert header.data_offset_bytes % 32 == 0
    assert isinstance(header.metadata["tokenizer.ggml.tokens"], LongArray)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", LooksLike.EMPTY),
        (b"\0" * 100, LooksLike.ZEROS),
        (b"<!DOCTYPE html><html>", LooksLike.HTML),
        (b"  \n<html lang=en>", LooksLike.HTML),
        (b'{"error": "not found"}', LooksLike.JSON),
        (b"Entry not found", LooksLike.TEXT),
        (b"PK\x03\x04rest", LooksLike.ZIP),
        (b"\x1f\x8b\x08rest", LooksLike.GZIP),
        (b"%PDF-1.7", LooksLike.PDF),
        (b"version https://git-lfs.github.com/spec/v1\n", LooksLike.GIT_LFS_POINTER),
        (struct.pack("<Q", 20) + b'{"a": {}}           ', LooksLike.SAFETENSORS),
        (b"tjggrest", LooksLike.GGML),
        (b"\x80\x02\x8a\x0a", LooksLike.PYTORCH),
        (b"\x01\x02\x03\xff", LooksLike.UNKNOWN),
    ],
)
def test_a_foreign_file_is_named(content: bytes, kind: LooksLike) -> None:
    error = refusal(content)
    assert (error.code, error.facts.reason) == (ErrorCode.NOT_A_GGUF, kind)


@pytest.mark.parametrize("end", range(len(b"GGUF"), HEADER_BYTES, 7))
def test_a_file_cut_off_anywhere_in_the_header_is_incomplete(end: int) -> None:
    error = refusal(SOUND[:end])
    assert error.code is ErrorCode.MODEL_TRUNCATED
    assert error.facts.needed_bytes > error.facts.available_bytes


@pytest.mark.parametrize("missing", [1, 1000, 20_000])
def test_a_file_cut_off_in_the_weights_is_incomplete(missing: int) -> None:
    error = refusal(SOUND[:-missing])
    assert error.code is ErrorCode.MODEL_TRUNCATED
    assert error.facts.needed_bytes == len(SOUND)


def changed(change: Callable[[Sample], object]) -> bytes:
    sample = chat_model()
    change(sample)
    return sample.file()


def with_tokens(sample: Sample, *first: str) -> Sample:
    tokens = [*first, *(f"token{n}" for n in range(80 - len(first)))]
    return sample.set("tokenizer.ggml.tokens", "[str]", tokens)


def of_architecture(sample: Sample, architecture: str) -> Sample:
    for key in [key for key in sample.metadata if key.startswith("llama.")]:
        kind, value = sample.metadata.pop(key)
        sample.set(key.replace("llama", architecture, 1), kind, value)
    return sample.set("general.architecture", "str", architecture)


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.set("tokenizer.huggingface.json", "str", "{" + " " * (2 << 20) + "}"),
        lambda s: s.set("tokenizer.ggml.image_token_id", "u32", 80),
        lambda s: s.set("tokenizer.ggml.eos_token_id", "u32", 0xFFFFFFFF),
        lambda s: with_tokens(s, "", "a", ""),
        lambda s: s.set("made by", "str", "x"),
        lambda s: s.set("training.loss", "f32", float("nan")),
        lambda s: of_architecture(s, "mamba").set("mamba.attention.head_count", "u32", 0),
        lambda s: of_architecture(s, "rwkv7").set("rwkv7.attention.head_count", "u32", 0),
    ],
)
def test_what_the_engine_does_not_mind_is_not_refused(change: Callable[[Sample], object]) -> None:
    read_to_the_end(changed(change))


def test_zeros_may_follow_the_tensors_and_nothing_else() -> None:
    read_to_the_end(SOUND + b"\0" * (3 << 20))
    assert refusal(SOUND + b"\0" * 100_000 + b"x" * 100_000).code is ErrorCode.MODEL_DAMAGED


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda s: setattr(s, "version", 1), ErrorCode.MODEL_UNSUPPORTED),
        (lambda s: setattr(s, "version", 4), ErrorCode.MODEL_UNSUPPORTED),
        (lambda s: setattr(s, "version", 0x03000000), ErrorCode.MODEL_UNSUPPORTED),
        (lambda s: s.set("general.alignment", "u32", 8), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.set("general.alignment", "u32", 33), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.set("general.alignment", "u64", 64), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.set("general.architecture", "str", "future"), ErrorCode.MODEL_UNSUPPORTED),
        (lambda s: s.set("general.architecture", "str", "bert"), ErrorCode.MODEL_NOT_FOR_CHAT),
        (lambda s: s.set("general.architecture", "str", "clip"), ErrorCode.MODEL_NOT_FOR_CHAT),
        (lambda s: s.set("general.type", "str", "adapter"), ErrorCode.MODEL_NOT_FOR_CHAT),
        (lambda s: s.set("general.type", "str", "imatrix"), ErrorCode.MODEL_NOT_FOR_CHAT),
        (lambda s: s.set("split.count", "u32", 3), ErrorCode.MODEL_NOT_FOR_CHAT),
        (lambda s: s.without("tokenizer.chat_template"), ErrorCode.CHAT_TEMPLATE_MISSING),
        (lambda s: s.set("llama.block_count", "u32", 0), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.set("llama.block_count", "u32", 16414), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.set("llama.block_count", "u32", 1), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.set("llama.context_length", "u32", 0), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.set("llama.embedding_length", "u32", 32), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.set("llama.attention.head_count", "u32", 7), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.set("llama.attention.head_count_kv", "u32", 3), ErrorCode.MODEL_DAMAGED),
        (
            lambda s: s.set("llama.attention.layer_norm_rms_epsilon", "f32", -1e-5),
            ErrorCode.MODEL_DAMAGED,
        ),
        (
            lambda s: s.set("llama.attention.layer_norm_rms_epsilon", "f32", float("nan")),
            ErrorCode.MODEL_DAMAGED,
        ),
        (lambda s: s.set("llama.rope.freq_base", "f32", float("inf")), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.set("llama.rope.scaling.type", "str", "odd"), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.set("llama.expert_count", "u32", 8), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.set("llama.expert_used_count", "u32", 2), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.set("tokenizer.ggml.model", "str", "none"), ErrorCode.MODEL_UNSUPPORTED),
        (lambda s: s.set("tokenizer.ggml.model", "str", "llama"), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.set("tokenizer.ggml.tokens", "[str]", ["a"] * 80), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.set("tokenizer.ggml.tokens", "[str]", ["a"]), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.set("tokenizer.ggml.eos_token_id", "i32", 2), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.set("tokenizer.ggml.token_type", "[i32]", [1]), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.set("tokenizer.ggml.add_bos_token", "u32", 1), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.without("tokenizer.ggml.merges"), ErrorCode.MODEL_DAMAGED),
        (
            lambda s: s.set("tokenizer.chat_template", "str", "x" * 300_000),
            ErrorCode.MODEL_DAMAGED,
        ),
        (lambda s: s.set("general.name", "str", b"\xff\xfe"), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.set("a\nkey", "u32", 1), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.set("general.architecture", "str", "t5"), ErrorCode.MODEL_NOT_FOR_CHAT),
        (lambda s: with_tokens(s, "[EMPTY_1]", ""), ErrorCode.MODEL_DAMAGED),
        (
            lambda s: (
                s.set("tokenizer.ggml.model", "str", "t5")
                .set("tokenizer.ggml.add_bos_token", "bool", True)
                .set("tokenizer.ggml.bos_token_id", "u32", 80)
            ),
            ErrorCode.MODEL_DAMAGED,
        ),
        (lambda s: s.tensors.append(s.tensors[0]), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.tensors.clear(), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.tensors.pop(0), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.tensors.append(("x", (0, 4), 0)), ErrorCode.MODEL_DAMAGED),
        (lambda s: s.tensors.append(("x", (4,), 99)), ErrorCode.MODEL_UNSUPPORTED),
        (lambda s: s.tensors.append(("x", (33,), 8)), ErrorCode.MODEL_DAMAGED),
    ],
)
def test_what_would_harm_the_engine_is_refused(
    change: Callable[[Sample], object], code: ErrorCode
) -> None:
    assert refusal(changed(change)).code is code


def test_a_model_without_attention_may_say_that_it_has_no_heads() -> None:
    sample = chat_model()
    for name in ("block_count", "context_length", "embedding_length", "feed_forward_length"):
        sample.set(f"mamba.{name}", "u32", read(sample.file()).metadata[f"llama.{name}"])
    sample.set("general.architecture", "str", "mamba")
    sample.set("mamba.attention.head_count", "u32", 0)
    check_loadable(read(sample.file()))
    sample.set("general.architecture", "str", "llama")
    sample.set("llama.attention.head_count", "u32", 0)
    assert refusal(sample.file()).code is ErrorCode.MODEL_DAMAGED


def test_a_number_that_promises_more_than_the_file_holds_allocates_nothing() -> None:
    key = b"\x01" + b"\0" * 7 + b"x" + struct.pack("<I", 8)
    promises = [
        struct.pack("<IQQ", 3, 1 << 40, 1),
        struct.pack("<IQQ", 3, 0, 1 << 60),
        struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1 << 62),
        struct.pack("<IQQ", 3, 0, 1) + key + struct.pack("<Q", (1 << 64) - 1),
        struct.pack("<IQQ", 3, 0, 1) + key[:9] + struct.pack("<IIQ", 9, 4, 1 << 61),
        struct.pack("<IQQ", 3, 0, 1) + key[:9] + struct.pack("<IIQ", 9, 8, 3_000_000),
        struct.pack("<IQQ", 3, 0, 1) + key[:9] + struct.pack("<IIQ", 9, 9, 1),
    ]
    for promise in promises:
        assert refusal(b"GGUF" + promise).code in EXPECTED


@settings(max_examples=400)
@given(st.binary(max_size=400))
def test_any_bytes_end_in_a_refusal(content: bytes) -> None:
    assert refusal(b"GGUF" + content).code in EXPECTED
    assert refusal(content).code in EXPECTED


@settings(max_examples=600)
@given(st.integers(0, HEADER_BYTES * 8 - 1))
def test_a_flipped_bit_gives_a_header_or_a_refusal_and_nothing_else(bit: int) -> None:
    content = bytearray(SOUND)
    content[bit // 8] ^= 1 << bit % 8
    try:
        read_to_the_end(bytes(content))
    except WorldError as error:
        code = error.code
    else:
        return
    assert code in EXPECTED


@given(st.text())
def test_a_name_to_be_shown_is_one_plain_line(name: str) -> None:
    shown = plain_name(name)
    assert len(shown) <= 80
    assert not set(shown) & set("\n\r\t\x1b\u202e\u200b\u2066")


def write_sparse(path: Path, item_type: int, item_bytes: int, lengths: tuple[int, ...]) -> None:
    """Write a header that promises much and takes no room on the disk."""
    with path.open("wb") as stream:
        stream.write(b"GGUF" + struct.pack("<IQQ", 3, 0, len(lengths)))
        for number, n_items in enumerate(lengths):
            key = b"k%d" % number
            stream.write(struct.pack("<Q", len(key)) + key)
            stream.write(struct.pack("<IIQ", 9, item_type, n_items))
            stream.seek(item_bytes * n_items, os.SEEK_CUR)
        stream.truncate(stream.tell() + (1 << 30))


@pytest.mark.parametrize(("item_type", "item_bytes"), [(8, 8), (11, 8), (0, 1)])
def test_a_small_file_that_promises_very_much_is_refused_at_little_cost(
    tmp_path: Path, item_type: int, item_bytes: int
) -> None:
    path = tmp_path / "sparse.gguf"
    # Only the first is read to its end: to count what is allocated takes very long.
    lengths = (500_000, 10_000, *[3_500_000] * 60)
    write_sparse(path, item_type, item_bytes, lengths)
    tracemalloc.start()
    with path.open("rb") as stream, pytest.raises(WorldError) as caught:
        read_header(stream, path.stat().st_size, "model.gguf")
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert caught.value.facts.reason == "arrays of 4010000"
    # A list of the first array alone would take four million.
    assert peak_bytes < 2_000_000


def test_a_header_is_never_longer_than_any_in_use() -> None:
    sample = chat_model()
    for number in range(70):
        sample.set(f"k{number}", "str", b"x" * (1 << 20))
    assert refusal(sample.file()).facts.reason == "header too long"


def test_a_vocabulary_larger_than_any_is_refused_unread() -> None:
    tokens = (
        struct.pack("<Q", 21) + b"tokenizer.ggml.tokens" + struct.pack("<IIQ", 9, 8, 1_000_001)
    )
    content = b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + tokens
    assert refusal(content).facts.reason == "a vocabulary of 1000001"


def test_long_arrays_are_passed_over_wherever_the_reading_stands() -> None:
    for n_items in (4096, 4097, 40_000, 300_000):
        sample = chat_model()
        sample.set("odd.numbers", "[u32]", list(range(n_items)))
        sample.set("odd.name", "str", "after them")
        header = read_to_the_end(sample.file())
        assert header.text("odd.name") == "after them"
