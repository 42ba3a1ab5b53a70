"""How large the buffers are that a model computes in.

llama.cpp lays one graph of a whole step out in one buffer: each result gets the smallest hole
it fits into, and is freed after its last use (ggml-alloc.c). So the buffer is as large as the
widest moment of the widest layer, what waits meanwhile, and the holes that nothing fits into.
The moments were read from src/llama-graph.cpp and src/models/*.cpp of llama.cpp 0c1e570, and
the holes from the layout of such graphs: a layer leaves one as wide as its queries and one as
wide as the stream.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.model_shape import FeedForward, LayerGraph, Mixing, ModelShape

FLOAT_BYTES = 4
"""Everything is computed in F32."""
HALF_BYTES = 2
"""The mask is F16 for flash attention."""
INDEX_BYTES = 8
"""Places in the cache are told as I64."""
CONVOLUTION_HOLES = 1.3
"""Beside the scan of a state space layer, widths of its convolution lie unused."""
PIPELINE_COPIES = 4
"""Steps that several devices work on at once."""
LATER_STREAMS = 5
"""Streams that such a device holds for steps that wait, but for the first device."""
ALTUP_WIDTHS = 21
"""Widths of the stream that gemma3n's AltUp holds while it corrects its four streams."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One step of computing.

    Attributes:
        n_tokens: computed at once.
        n_cells: of the cache; all are compared with.
        n_windowed_cells: of the cache of windowed layers; 0 if there are none.
        is_quantized: keys and values are quantized, and turned before that.
        flash_attention: attention without a table of all scores.
    """

    n_tokens: int
    n_cells: int
    n_windowed_cells: int
    is_quantized: bool
    flash_attention: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What one owner - the processor or a device - computes.

    Attributes:
        graphs: kinds of its layers.
        with_experts: its layers' experts are its own.
        foreign_experts: kinds of other owners' layers whose experts it computes.
        with_output: it turns the last layer into tokens.
    """

    graphs: frozenset[int]
    with_experts: bool = True
    foreign_experts: frozenset[int] = frozenset()
    with_output: bool = False


def working_bytes(shape: ModelShape, batch: Batch, parts: Sequence[Part]) -> list[int]:
    """Give the size of the buffer of each owner.

    Args:
        shape: the model.
        batch: one step.
        parts: the processor's, then those of the devices.

    Devices were measured with llama.cpp's RPC backend. A card to which the engine hands single
    products of the processor's layers needs room for their weights besides.
    """
    processor, *devices = parts
    n_computing = sum(1 for part in devices if part.graphs)
    # Several devices with all layers work on several steps at once (GGML_SCHED_MAX_COPIES).
    n_copies = PIPELINE_COPIES - 1 if n_computing > 1 and not processor.graphs else 0
    if any(part.foreign_experts for part in parts):
        n_copies = 0
    copies = n_copies * _input_bytes(shape, batch)
    stream = FLOAT_BYTES * batch.n_tokens * shape.n_embedding
    sizes = [_processor_bytes(shape, batch, processor) + copies]
    for number, part in enumerate(devices):
        n_streams = (1 if number == 0 else LATER_STREAMS) if n_copies else 0
        sizes.append(_device_bytes(shape, batch, part) + copies + n_streams * stream)
    return sizes


def _processor_bytes(shape: ModelShape, batch: Batch, part: Part) -> int:
    inputs = _input_bytes(shape, batch)
    widest = _widest(shape, batch, part)
    if part.graphs:
        return inputs + FLOAT_BYTES * widest
    embeddings = FLOAT_BYTES * batch.n_tokens * shape.n_embedding
    return max(inputs + embeddings, FLOAT_BYTES * widest)


def _device_bytes(shape: ModelShape, batch: Batch, part: Part) -> int:
    """A device gets embeddings, not what they might be given as instead."""
    if not part.graphs:
        return FLOAT_BYTES * shape.n_vocabulary if part.with_output else 0
    not_there = FLOAT_BYTES * batch.n_tokens * shape.n_embedding
    return _input_bytes(shape, batch) - not_there + FLOAT_BYTES * _widest(shape, batch, part)


def _widest(shape: ModelShape, batch: Batch, part: Part) -> int:
    """Numbers that a part holds at its widest moment."""
    own = [
        _layer_numbers(shape, shape.graphs[number], batch, with_experts=part.with_experts)
        for number in part.graphs
    ]
    width, n_tokens = shape.n_embedding, batch.n_tokens
    foreign = [
        n_tokens * _expert_numbers(width, shape.graphs[number]) for number in part.foreign_experts
    ]
    return max(own + foreign, default=0)


def _input_bytes(shape: ModelShape, batch: Batch) -> int:
    """What is there from the first layer to the last: embeddings, masks, places in the cache."""
    n_tokens = batch.n_tokens
    numbers = shape.n_embedding + shape.n_layer_inputs
    size = FLOAT_BYTES * n_tokens * numbers
    if not any(layer.k_width for layer in shape.layers):
        return size
    mask_bytes = HALF_BYTES if batch.flash_attention else FLOAT_BYTES
    size += mask_bytes * n_tokens * (batch.n_cells + batch.n_windowed_cells)
    if not batch.flash_attention:
        # Values lie the other way round: each of their numbers has a place of its own.
        n_caches = 2 if batch.n_windowed_cells else 1
        widest = max(layer.v_width for layer in shape.layers)
        size += INDEX_BYTES * n_tokens * widest * n_caches
    return size


def _layer_numbers(
    shape: ModelShape, graph: LayerGraph, batch: Batch, *, with_experts: bool
) -> int:
    """Numbers that a kind of layer holds at its widest moment, with the stream around it."""
    width, n_tokens = shape.n_embedding, batch.n_tokens
    other_streams = n_tokens * width * (graph.n_streams - 1)
    moments = (
        _attention_numbers(width, graph, batch) + other_streams,
        _recurrent_numbers(width, graph, n_tokens),
        n_tokens * _feed_forward_numbers(width, graph),
        n_tokens * _expert_numbers(width, graph) if with_experts else 0,
        n_tokens * (ALTUP_WIDTHS * width if graph.n_streams > 1 else 0),
    )
    return n_tokens * width + max(moments)


def _hole(width: int, graph: LayerGraph) -> int:
    """What mixing leaves free that the feed-forward does not fit into."""
    if graph.mixing in {Mixing.STATE_SPACE, Mixing.SELECTIVE_SCAN}:
        return width + graph.inner_width
    is_split = graph.mixing in {Mixing.ATTENTION, Mixing.ATTENTION_AND_STATE_SPACE}
    return width + (graph.q_width if is_split and not graph.is_fused else 0)


def _attention_numbers(width: int, graph: LayerGraph, batch: Batch) -> int:
    """Queries, what they give and, without flash attention, the scores of all heads."""
    n_tokens = batch.n_tokens
    if not graph.n_heads:
        return 0
    if batch.flash_attention:
        beside = 2 * width + graph.o_width + 2 * graph.v_width
        n_queries = 2 if graph.mixing is Mixing.LATENT_ATTENTION else 3
        return n_tokens * (n_queries * graph.q_width + beside)
    n_cells = batch.n_windowed_cells if graph.is_windowed else batch.n_cells
    beside = graph.q_width + (0 if graph.is_fused else width + graph.q_width)
    if graph.mixing is Mixing.LATENT_ATTENTION:
        beside += graph.q_width
    return n_tokens * (graph.n_heads * n_cells + beside)


def _recurrent_numbers(width: int, graph: LayerGraph, n_tokens: int) -> int:
    """Projection, convolution and scan of a recurrent layer."""
    inner, project, conv = graph.inner_width, graph.project_width, graph.conv_width
    match graph.mixing:
        case Mixing.SELECTIVE_SCAN:
            return n_tokens * (project + 3 * inner + width) + graph.n_state
        case Mixing.STATE_SPACE | Mixing.ATTENTION_AND_STATE_SPACE:
            holes = int(CONVOLUTION_HOLES * conv)
            return n_tokens * (project + conv + inner + width + holes) + graph.n_state
        case Mixing.DELTA_NET:
            return n_tokens * (3 * conv + width) + graph.n_state
        case Mixing.CONVOLUTION:
            return n_tokens * (project + 3 * width)
        case Mixing.TIME_MIX:
            return n_tokens * 16 * width + graph.n_state
        case _:
            return 0


def _feed_forward_numbers(width: int, graph: LayerGraph) -> int:
    """Gate, up and their product; or up alone beside what it is made from."""
    n_ff = graph.n_feed_forward
    beside = _hole(width, graph) + (width if graph.is_parallel else 0)
    match graph.feed_forward:
        case FeedForward.GATED | FeedForward.FUSED:
            return 3 * n_ff + beside
        case FeedForward.PLAIN:
            return n_ff + beside
        case _:
            return 0


def _expert_numbers(width: int, graph: LayerGraph) -> int:
    """Gate, up, product and result of every expert that is asked."""
    if not graph.n_experts_used:
        return 0
    inside, outside = graph.n_expert_feed_forward, width
    asked = 3 * graph.n_experts_used * inside + 2 * width
    # The results take the place of gate and up if they fit, and if these lie side by side.
    if outside > 2 * inside or graph.mixing is Mixing.LATENT_ATTENTION:
        asked += graph.n_experts_used * outside + width
    shared = 3 * graph.n_shared_feed_forward + 3 * width
    return max(asked, shared)
