"""What decides memory and speed, read from headers alone."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings

from app.core.gguf import GgufHeader
from app.core.gguf_reader import read_header
from app.core.gguf_shape import shape_of
from app.core.model_shape import FeedForward, Mixing, ModelShape, bytes_of
from tests.core.random_headers import headers
from tests.gguf_samples import Sample, chat_model
from tests.phantom_models import PHANTOMS, write_phantom


def shape_named(folder: Path, name: str) -> ModelShape:
    path = write_phantom(folder, name)
    with path.open("rb") as stream:
        return shape_of(read_header(stream, path.stat().st_size, name))


def shape_of_sample(sample: Sample) -> ModelShape:
    content = sample.file()
    return shape_of(read_header(io.BytesIO(content), len(content), "a"))


@pytest.mark.parametrize("name", PHANTOMS)
def test_all_weights_that_are_loaded_are_counted(tmp_path: Path, name: str) -> None:
    path = write_phantom(tmp_path, name)
    with path.open("rb") as stream:
        header = read_header(stream, path.stat().st_size, name)
    shape = shape_of(header)
    drafts = [one for one in header.tensors if one.name.startswith(f"blk.{len(shape.layers)}.")]
    expected = header.weights_bytes - sum(one.size_bytes for one in drafts)
    assert 0 <= shape.weights_bytes - expected < 32 * len(header.tensors)
    assert len(shape.layers) == PHANTOMS[name].n_layers
    assert shape.n_vocabulary == PHANTOMS[name].n_vocabulary


def test_grouped_heads_keep_less(tmp_path: Path) -> None:
    shape = shape_named(tmp_path, "llama-3.1-8b")
    assert {(layer.k_width, layer.v_width) for layer in shape.layers} == {(1024, 1024)}
    assert (shape.n_heads, shape.head_width, shape.n_feed_forward) == (32, 256, 14336)
    assert not shape.is_tied
    assert len(shape.graphs) == 1


def test_heads_differ_by_layer(tmp_path: Path) -> None:
    shape = shape_named(tmp_path, "lfm2-1.2b")
    full = {2, 5, 8, 10, 12, 14}
    assert [layer.k_width for layer in shape.layers] == [512 * (i in full) for i in range(16)]
    # (l_cache - 1) numbers of each channel, as F32.
    assert [layer.state_bytes for layer in shape.layers] == [
        0 if i in full else 4 * 2 * 2048 for i in range(16)
    ]


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("gemma-2-2b", set(range(1, 26, 2))),
        ("gemma-3-1b", {5, 11, 17, 23}),
        ("gpt-oss-20b", set(range(1, 24, 2))),
        ("command-r7b", set(range(3, 32, 4))),
        ("olmo-3-7b", set(range(3, 32, 4))),
        ("llama-4-scout", set(range(3, 48, 4))),
        ("smallthinker-21b-a3b", set(range(0, 52, 4))),
        ("gemma-3n-e2b", set(range(4, 30, 5))),
        ("phi-3-mini", set(range(32))),
    ],
)
def test_some_layers_see_a_window_only(tmp_path: Path, name: str, full: set[int]) -> None:
    shape = shape_named(tmp_path, name)
    assert {i for i, layer in enumerate(shape.layers) if not layer.is_windowed} == full


def test_a_window_of_an_architecture_without_windows_means_nothing() -> None:
    sample = chat_model().set("llama.attention.sliding_window", "u32", 4096)
    assert shape_of_sample(sample).window_tokens == 0


def test_layers_that_share_a_cache_have_none(tmp_path: Path) -> None:
    shape = shape_named(tmp_path, "gemma-3n-e2b")
    assert [layer.k_width > 0 for layer in shape.layers] == [i < 20 for i in range(30)]
    shape = shape_named(tmp_path, "gemma-4-e2b")
    assert [layer.k_width > 0 for layer in shape.layers] == [i < 15 for i in range(35)]
    assert {layer.k_width for layer in shape.layers if layer.is_windowed} == {0, 256}


def test_latent_attention_keeps_one_vector(tmp_path: Path) -> None:
    shape = shape_named(tmp_path, "deepseek-v2-lite")
    assert {(layer.k_width, layer.v_width) for layer in shape.layers} == {(576, 0)}


@pytest.mark.parametrize(
    ("name", "mixing", "state_bytes"),
    [
        # 4 ((kernel - 1) (inner + 2 groups state) + state inner), fit.md section 2
        ("mamba2-2.7b", Mixing.STATE_SPACE, 4 * (3 * (5120 + 256) + 128 * 5120)),
        ("mamba-1.4b", Mixing.SELECTIVE_SCAN, 4 * (3 * 4096 + 16 * 4096)),
        ("qwen3.5-4b", Mixing.DELTA_NET, 4 * (3 * (4096 + 2 * 16 * 128) + 128 * 4096)),
        ("granite-4.0-h-tiny", Mixing.STATE_SPACE, 4 * (3 * (3072 + 256) + 128 * 3072)),
        ("rwkv7-2.9b", Mixing.TIME_MIX, 4 * (2 * 2560 + 64 * 2560)),
    ],
)
def test_recurrent_layers_keep_a_state(
    tmp_path: Path, name: str, mixing: Mixing, state_bytes: int
) -> None:
    shape = shape_named(tmp_path, name)
    assert shape.layers[0].state_bytes == state_bytes
    assert shape.layers[0].k_width == 0
    assert shape.graphs[shape.layers[0].graph].mixing is mixing


def test_falcon_h1_has_both_in_each_layer(tmp_path: Path) -> None:
    shape = shape_named(tmp_path, "falcon-h1-1.5b")
    assert all(layer.k_width and layer.state_bytes for layer in shape.layers)


def test_nemotron_h_has_one_thing_in_each_layer(tmp_path: Path) -> None:
    shape = shape_named(tmp_path, "nemotron-nano-9b-v2")
    kinds = [shape.graphs[layer.graph] for layer in shape.layers]
    feed_forwards = [graph for graph in kinds if graph.feed_forward is FeedForward.PLAIN]
    assert len(feed_forwards) == 25
    assert {graph.mixing for graph in feed_forwards} == {Mixing.NONE}
    assert sum(1 for layer in shape.layers if layer.k_width) == 4


def test_experts_are_counted_apart(tmp_path: Path) -> None:
    shape = shape_named(tmp_path, "glm-4.7-flash")
    assert bytes_of(shape.layers[0].experts) == 0
    assert bytes_of(shape.layers[1].experts) > 9 * bytes_of(shape.layers[1].weights)
    assert (shape.n_experts, shape.n_experts_used, shape.n_expert_feed_forward) == (64, 4, 1536)
    graph = shape.graphs[shape.layers[1].graph]
    assert graph.n_shared_feed_forward == 1536


def test_layers_for_drafting_are_not_loaded(tmp_path: Path) -> None:
    shape = shape_named(tmp_path, "glm-4.5-air")
    assert (len(shape.layers), shape.n_draft_layers) == (46, 1)


def test_lookups_stand_apart_from_what_is_read_for_each_token(tmp_path: Path) -> None:
    shape = shape_named(tmp_path, "gemma-4-e2b")
    assert bytes_of(shape.tables) > 4 * bytes_of(shape.embedding)
    assert shape.is_tied
    assert shape.is_embedding_doubled
    assert shape.n_layer_inputs == 256 * 35


def test_an_unknown_architecture_has_attention_everywhere() -> None:
    sample = chat_model().set("general.architecture", "str", "of-the-future")
    for key in ("block_count", "embedding_length", "attention.head_count"):
        kind, value = sample.metadata[f"llama.{key}"]
        sample.set(f"of-the-future.{key}", kind, value)
    shape = shape_of_sample(sample)
    assert all(layer.k_width == layer.v_width == 64 for layer in shape.layers)


def test_weights_of_layers_that_no_key_speaks_of_are_counted_all_the_same() -> None:
    shape = shape_of_sample(chat_model().without("llama.block_count"))
    assert shape.layers == ()
    assert shape.weights_bytes == shape_of_sample(chat_model()).weights_bytes


@settings(max_examples=300, deadline=None)
@given(headers())
def test_no_header_is_too_strange(header: GgufHeader) -> None:
    shape = shape_of(header)
    assert len(shape.layers) <= 512
    for layer in shape.layers:
        assert min(layer.k_width, layer.v_width, layer.state_bytes) >= 0
        assert 0 <= layer.graph < len(shape.graphs)
    assert shape.weights_bytes >= 0
    assert shape.n_vocabulary >= 0
