"""Reads a model's shape from the header of its file."""

from collections import Counter
from dataclasses import dataclass, field

from app.core.gguf import GgufHeader, LongArray, Tensor
from app.core.gguf_dimensions import Dimensions
from app.core.gguf_graph import graph_of
from app.core.model_shape import LayerGraph, LayerShape, ModelShape, TypeBytes

ALIGNMENT_BYTES = 32
"""Tensors lie at multiples of this in the engine's buffers (TENSOR_ALIGNMENT, ggml.h)."""
FLOAT_BYTES = 4
"""Recurrent state is kept in F32."""

_OUTPUT_FIRST = frozenset({"gemma3n", "gemma4"})
_TABLES = ("per_layer_token_embd.", "position_embd.", "token_types.")


@dataclass(slots=True)
class _Sums:
    """Bytes by type of what belongs together."""

    embedding: Counter[str] = field(default_factory=Counter)
    output: Counter[str] = field(default_factory=Counter)
    tables: Counter[str] = field(default_factory=Counter)
    weights: list[Counter[str]] = field(default_factory=list)
    experts: list[Counter[str]] = field(default_factory=list)
    names: list[dict[str, tuple[int, ...]]] = field(default_factory=list)


def shape_of(header: GgufHeader) -> ModelShape:
    """Give what of the header decides how much memory a model takes and how fast it computes.

    An architecture that is not known is taken for one with full attention in every layer,
    which takes more memory than any other.
    """
    dimensions = Dimensions(header)
    sums = _sums_of(header, dimensions)
    graphs: dict[LayerGraph, int] = {}
    layers = [
        _layer(dimensions, sums, i, graphs.setdefault(graph, len(graphs)))
        for i, graph in enumerate(
            graph_of(dimensions, i, sums.names[i]) for i in range(dimensions.n_layers)
        )
    ]
    is_tied = not any(kind != "F32" for kind in sums.output)
    n_texts = len(header.token_texts)
    return ModelShape(
        architecture=header.architecture,
        n_embedding=dimensions.width,
        n_heads=max(dimensions.heads, default=0),
        head_width=dimensions.k_head + dimensions.v_head,
        n_feed_forward=max((graph.n_feed_forward for graph in graphs), default=0),
        n_vocabulary=n_texts or dimensions.number("vocab_size") or _n_rows(header),
        n_vocabulary_texts=n_texts,
        n_experts=dimensions.number("expert_count"),
        n_experts_used=max((graph.n_experts_used for graph in graphs), default=0),
        n_expert_feed_forward=max((graph.n_expert_feed_forward for graph in graphs), default=0),
        window_tokens=dimensions.window,
        embedding=_pairs(sums.embedding),
        output=_pairs(sums.output),
        layers=_looped(layers, dimensions.n_loops),
        tables=_pairs(sums.tables),
        graphs=tuple(graphs),
        n_layer_inputs=dimensions.n_layers * _layer_input(header, dimensions),
        n_draft_layers=dimensions.n_draft,
        is_embedding_doubled=is_tied and header.architecture in _OUTPUT_FIRST,
        n_merges=_n_merges(header),
        n_tensors=len(header.tensors),
    )


def _sums_of(header: GgufHeader, dimensions: Dimensions) -> _Sums:
    n_layers = dimensions.n_layers
    sums = _Sums(
        weights=[Counter() for _ in range(n_layers)],
        experts=[Counter() for _ in range(n_layers)],
        names=[{} for _ in range(n_layers)],
    )
    other: Counter[str] = Counter()
    for tensor in header.tensors:
        n_bytes = -(-tensor.size_bytes // ALIGNMENT_BYTES) * ALIGNMENT_BYTES
        layer = _layer_of(tensor.name)
        if layer is None or layer >= n_layers + dimensions.n_draft:
            _part(sums, tensor.name, other, header.architecture)[tensor.type.name] += n_bytes
        elif layer < n_layers:
            _add_to_layer(sums, layer, tensor, n_bytes)
    (sums.weights[0] if n_layers else sums.output).update(other)
    return sums


def _layer_of(name: str) -> int | None:
    """Give the layer that a tensor is of; None if it is of none."""
    if not name.startswith("blk."):
        return None
    number = name.removeprefix("blk.").partition(".")[0]
    return int(number) if number.isascii() and number.isdecimal() else None


def _add_to_layer(sums: _Sums, layer: int, tensor: Tensor, n_bytes: int) -> None:
    name = tensor.name.removeprefix(f"blk.{layer}.")
    part = sums.experts if "exps." in name or _is_split_expert(name) else sums.weights
    part[layer][tensor.type.name] += n_bytes
    sums.names[layer][name] = tensor.shape


def _is_split_expert(name: str) -> bool:
    """Old files keep each expert by itself: ffn_up.7.weight."""
    parts = name.split(".")
    return len(parts) > 2 and parts[0].startswith("ffn_") and parts[1].isdecimal()  # noqa: PLR2004


def _part(sums: _Sums, name: str, other: Counter[str], architecture: str) -> Counter[str]:
    if name.startswith("token_embd."):
        return sums.embedding
    if name.startswith(_TABLES):
        return sums.tables
    is_lfm2_norm = name.startswith("token_embd_norm.") and architecture.startswith("lfm2")
    if name.startswith("output") or is_lfm2_norm:
        return sums.output
    return other


def _layer(dimensions: Dimensions, sums: _Sums, i: int, graph: int) -> LayerShape:
    has_cache = dimensions.has_attention[i] and dimensions.owns_cache[i]
    return LayerShape(
        weights=_pairs(sums.weights[i]),
        experts=_pairs(sums.experts[i]),
        k_width=dimensions.k_width(i) if has_cache else 0,
        v_width=dimensions.v_width(i) if has_cache else 0,
        is_windowed=dimensions.is_windowed[i],
        state_bytes=FLOAT_BYTES * dimensions.state_numbers(i),
        graph=graph,
    )


def _looped(layers: list[LayerShape], n_loops: int) -> tuple[LayerShape, ...]:
    """Go through the layers several times: the weights are the same, the caches are not."""
    again = [
        LayerShape((), (), one.k_width, one.v_width, one.is_windowed, one.state_bytes, one.graph)
        for one in layers
    ]
    return tuple(layers + again * (n_loops - 1))


def _layer_input(header: GgufHeader, dimensions: Dimensions) -> int:
    """Width of the embedding that each layer has of its own."""
    if header.architecture == "gemma3n":
        return 256  # n_embd_altup (llama-hparams.h)
    return dimensions.number("embedding_length_per_layer_input")


def _n_merges(header: GgufHeader) -> int:
    merges = header.metadata.get("tokenizer.ggml.merges")
    return merges.length if isinstance(merges, LongArray) else 0


def _n_rows(header: GgufHeader) -> int:
    """Rows of the embedding, where the header does not say how many tokens there are."""
    shapes = (one.shape for one in header.tensors if one.name == "token_embd.weight")
    shape = next(shapes, ())
    return shape[1] if len(shape) > 1 else 0


def _pairs(sizes: Counter[str]) -> TypeBytes:
    return tuple(sorted(sizes.items()))
