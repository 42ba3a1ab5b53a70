"""How much memory a model takes, by arithmetic. Numbers in comments are the engine's own."""

import functools
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.fit.memory import MemoryNeed, engine_need, predict_memory
from app.core.gguf import GgufHeader
from app.core.gguf_reader import read_header
from app.core.gguf_shape import shape_of
from app.core.model_shape import ModelShape, bytes_of
from app.core.placement import KvType, Placement
from tests.core.random_headers import headers
from tests.phantom_models import PHANTOMS, write_phantom

MIB = 2**20


@functools.cache
def shape_named(name: str) -> ModelShape:
    with TemporaryDirectory() as folder:
        path = write_phantom(Path(folder), name)
        with path.open("rb") as stream:
            return shape_of(read_header(stream, path.stat().st_size, name))


def conversation_mib(name: str, placement: Placement) -> float:
    return engine_need(shape_named(name), placement).conversation_bytes / MIB


@pytest.mark.parametrize(
    ("name", "mib"),
    [("llama-3.1-8b", 1024), ("gemma-3-12b", 992), ("gemma-3-4b", 334), ("gpt-oss-20b", 210)],
)
def test_the_cache_is_as_large_as_the_engine_makes_it(name: str, mib: int) -> None:
    assert conversation_mib(name, Placement(8192, n_batch=512)) == mib


@pytest.mark.parametrize("name", ["llama-3.1-8b", "gemma-3-4b", "deepseek-v2-lite"])
def test_q8_0_takes_53_percent_of_f16(name: str) -> None:
    full = conversation_mib(name, Placement(8192))
    assert conversation_mib(name, Placement(8192, KvType.Q8_0)) / full == 17 / 32


def test_contexts_are_padded() -> None:
    shape = shape_named("qwen3-4b")
    needs = {predict_memory(shape, Placement(n)).conversation_bytes for n in (257, 300, 512)}
    assert len(needs) == 1
    assert predict_memory(shape, Placement(513)).conversation_bytes > needs.pop()


def test_values_are_padded_without_flash_attention() -> None:
    """gemma4 has heads of two widths."""
    with_it = conversation_mib("gemma-4-e2b", Placement(4096))
    assert conversation_mib("gemma-4-e2b", Placement(4096, flash_attention=False)) > with_it


def test_a_state_does_not_grow_with_the_text() -> None:
    assert conversation_mib("mamba2-2.7b", Placement(512)) == conversation_mib(
        "mamba2-2.7b", Placement(32768)
    )


def test_scores_of_all_heads_take_room_without_flash_attention() -> None:
    placement = Placement(8192, n_batch=512)
    shape = shape_named("llama-3.1-8b")
    with_it = engine_need(shape, placement).working_bytes
    without = engine_need(shape, replace(placement, flash_attention=False)).working_bytes
    assert without - with_it > 32 * 8192 * 512 * 4 - 100 * MIB  # 572 MiB against 124


def test_a_doubled_embedding_counts_twice() -> None:
    shape = shape_named("gemma-3n-e2b")
    need = predict_memory(shape, Placement(4096))
    assert need.weights_bytes == shape.weights_bytes + bytes_of(shape.embedding)


# --- devices ---------------------------------------------------------------------------------


def on_devices(*layers: int, n_ctx: int = 8192, n_experts: int = 0) -> Placement:
    return Placement(
        n_ctx,
        n_batch=512,
        devices=tuple(f"D{number}" for number in range(len(layers))),
        device_layers=layers,
        n_processor_experts=n_experts,
    )


def in_mib(need: MemoryNeed) -> list[list[int]]:
    return [
        [
            round(part / MIB)
            for part in (share.weights_bytes, share.conversation_bytes, share.working_bytes)
        ]
        for share in need.shares
    ]


@pytest.mark.parametrize(
    ("name", "placement", "expected"),
    [
        ("llama-3.1-8b", on_devices(33), [[282, 0, 24], [4403, 1024, 116]]),
        ("llama-3.1-8b", on_devices(20), [[1912, 416, 124], [2774, 608, 116]]),
        ("llama-3.1-8b", on_devices(10), [[3128, 736, 124], [1557, 288, 116]]),
        (
            "llama-3.1-8b",
            on_devices(16, 17),
            [[282, 0, 72], [1996, 512, 172], [2407, 512, 204]],
        ),
        ("qwen3-4b", on_devices(37), [[304, 0, 19], [2376, 1152, 83]]),
        (
            "qwen3-30b-a3b",
            on_devices(49, n_experts=48),
            [[16907, 0, 81], [784, 768, 54]],  # 56 on the device
        ),
        ("gpt-oss-20b", on_devices(25), [[587, 0, 21], [10949, 210, 93]]),
    ],
)
def test_each_device_gets_its_layers(
    name: str, placement: Placement, expected: list[list[int]]
) -> None:
    assert in_mib(engine_need(shape_named(name), placement)) == expected


def test_a_tied_embedding_is_held_again_where_the_output_is() -> None:
    shape = shape_named("qwen3-4b")
    need = engine_need(shape, on_devices(37))
    assert need.weights_bytes == shape.weights_bytes + bytes_of(shape.embedding)
    assert need.processor.weights_bytes == bytes_of(shape.embedding)


def test_a_device_without_layers_holds_nothing() -> None:
    need = engine_need(shape_named("llama-3.1-8b"), on_devices(33, 0))
    assert need.devices[1].total_bytes == 0


@pytest.mark.parametrize("name", ["llama-3.1-8b", "gemma-3-4b", "qwen3-30b-a3b", "glm-4.5-air"])
@pytest.mark.parametrize("layers", [(1,), (7,), (5, 6), (48,)])
def test_what_is_offloaded_is_the_same_in_all(name: str, layers: tuple[int, ...]) -> None:
    shape = shape_named(name)
    alone, shared = engine_need(shape, Placement(8192)), engine_need(shape, on_devices(*layers))
    again = bytes_of(shape.embedding) if shape.is_tied else 0
    assert shared.weights_bytes == alone.weights_bytes + again
    # A larger batch keeps some more tokens of a window.
    assert 0 <= shared.conversation_bytes - alone.conversation_bytes < alone.conversation_bytes


# --- properties ------------------------------------------------------------------------------


PLACEMENTS = st.builds(
    Placement,
    n_ctx=st.integers(0, 300_000),
    kv_type=st.sampled_from(KvType),
    n_batch=st.integers(0, 4096),
    use_mmap=st.booleans(),
    flash_attention=st.booleans(),
    n_processor_experts=st.integers(0, 100),
).flatmap(
    lambda placement: st.lists(st.integers(0, 60), max_size=3).map(
        lambda layers: replace(
            placement,
            devices=tuple(f"D{i}" for i in range(len(layers))),
            device_layers=tuple(layers),
        )
    )
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(headers().map(shape_of), st.sampled_from(sorted(PHANTOMS))), PLACEMENTS)
def test_every_part_is_a_size_and_the_parts_add_up(
    which: ModelShape | str, placement: Placement
) -> None:
    shape = shape_named(which) if isinstance(which, str) else which
    need = predict_memory(shape, placement)
    assert len(need.shares) == 1 + len(placement.devices)
    for share in need.shares:
        parts = (share.weights_bytes, share.conversation_bytes, share.working_bytes)
        assert {type(part) for part in parts} == {int}
        assert min(parts) >= 0
        assert share.total_bytes == sum(parts)
    assert need.total_bytes == sum(share.total_bytes for share in need.shares)
    assert need.total_bytes == (need.weights_bytes + need.conversation_bytes + need.working_bytes)
    assert need.weights_bytes >= shape.weights_bytes


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(sorted(PHANTOMS)),
    PLACEMENTS,
    st.integers(0, 100_000),
)
def test_a_longer_context_never_takes_less(name: str, placement: Placement, more: int) -> None:
    shape = shape_named(name)
    longer = replace(placement, n_ctx=placement.n_ctx + more)
    before, after = predict_memory(shape, placement), predict_memory(shape, longer)
    assert after.total_bytes >= before.total_bytes
    for share, longer_share in zip(before.shares, after.shares, strict=True):
        assert longer_share.total_bytes >= share.total_bytes


@settings(max_examples=100, deadline=None)
@given(headers(), st.integers(1, 100_000))
def test_a_strange_header_gives_a_size(header: GgufHeader, n_ctx: int) -> None:
    need = predict_memory(shape_of(header), Placement(n_ctx))
    assert need.processor.working_bytes > 0
