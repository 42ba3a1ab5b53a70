"""The shape of a model of which only the architecture and the size are known.

Models of one architecture are built alike: a larger one has more layers and wider ones. So the
nearest known relative is stretched to the size. How good that is was measured by telling each of
74 known models from the others (tests/core/test_nearest_shape.py does it again): of the memory
at a context of 8,192 tokens, half are within 7 % and nine of ten within 32 %; where there is a
model of the same architecture of half to twice the size, within 5 % and 10 %; the worst is 61 %.
Weights are nearly exact, as the size of the file is known; what is told badly is how much a
conversation takes. Where no relative is known, plain attention is assumed, which takes more than
most new architectures do. So such a shape is good for a verdict before a download, and the
file's own header replaces it.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.core.model_shape import (
    FeedForward,
    LayerGraph,
    LayerShape,
    ModelShape,
    TypeBytes,
    bytes_of,
)


@dataclass(frozen=True, slots=True)
class KnownShape:
    """The shape of a model that is known exactly.

    Attributes:
        name: of the model, such as "qwen3.5-4b".
        n_parameters: that it has.
        size_bytes: of the weights that the shape is of.
    """

    name: str
    n_parameters: int
    size_bytes: int
    shape: ModelShape


USUAL_BITS = 4.85
"""Of a weight in Q4_K_M, where only one of parameters and size is known."""
GROWTH = 1 / 3
"""Layers, their width and so the embedding grow with this power of the parameters: a model of
twice the size in three directions."""
LEAST_FOR_LAYERS = 0.2
"""At least so much of the weights is in the layers."""
SAME_SIZE = 0.1
"""Models whose parameters differ by less than this part have the same size."""
_FAMILY = re.compile(r"[a-z]+")
_PLAIN_SIZES = (
    (1.5e9, 1536, 24, 512),
    (5e9, 2560, 32, 640),
    (1e10, 4096, 32, 1024),
    (2e10, 5120, 40, 1024),
    (math.inf, 6144, 60, 1024),
)
"""Parameters up to which a llama-like model has this width, so many layers, and keys and values
so wide."""
_PLAIN_HEAD, _PLAIN_VOCABULARY = 128, 128_256


def nearest_shape(
    shapes: Sequence[KnownShape], architecture: str, n_parameters: int, size_bytes: int
) -> ModelShape | None:
    """Tell the shape of a model from its nearest relative.

    Args:
        shapes: models that are known.
        architecture: llama.cpp's name; may be empty.
        n_parameters: of the model; 0 if not known.
        size_bytes: of its weights; 0 if not known.

    Returns:
        A shape whose weights are about `size_bytes`, or None if nothing is known of the size.
    """
    n_parameters = n_parameters or round(size_bytes * 8 / USUAL_BITS)
    if n_parameters <= 0:
        return None
    size_bytes = size_bytes or round(n_parameters * USUAL_BITS / 8)
    relative = _relative(shapes, architecture, n_parameters)
    if relative is None:
        return _plain(architecture, n_parameters, size_bytes)
    stretched = _stretched(relative, n_parameters / relative.n_parameters, size_bytes)
    return replace(stretched, architecture=architecture or stretched.architecture)


def _relative(
    shapes: Sequence[KnownShape], architecture: str, n_parameters: int
) -> KnownShape | None:
    """Choose the model nearest in size: of the same architecture, or else of its family.

    Experts change more than the family does: an architecture that is named for them is told
    from any model with experts rather than from a dense one. Where one architecture has both
    kinds (gemma4), a model is taken for dense unless it has the very size of one with experts.
    """

    def distance(one: KnownShape) -> float:
        return abs(math.log(one.n_parameters / n_parameters))

    has_experts = "moe" in architecture
    family = _family(architecture)
    same = [one for one in shapes if one.shape.architecture == architecture]
    alike = [one for one in shapes if bool(one.shape.n_experts) == has_experts]
    related = [one for one in alike if family and _family(one.shape.architecture) == family]
    dense = [one for one in same if not one.shape.n_experts]
    near = min(same, key=distance, default=None)
    if near is not None and near.shape.n_experts and dense and distance(near) > SAME_SIZE:
        return min(dense, key=distance)
    return near or min(related or (alike if has_experts else ()), key=distance, default=None)


def _family(architecture: str) -> str:
    """Give "qwen" for "qwen3moe": what stands before the first number or sign."""
    found = _FAMILY.match(architecture)
    return found.group() if found else ""


def _stretched(known: KnownShape, ratio: float, size_bytes: int) -> ModelShape:
    """Give a shape of `ratio` times the parameters, whose weights take `size_bytes`."""
    shape = known.shape
    growth = ratio**GROWTH
    n_layers = max(1, round(len(shape.layers) * growth))
    layers = tuple(shape.layers[i % len(shape.layers)] for i in range(n_layers))
    bits = size_bytes / known.size_bytes / ratio
    ends = bits * growth
    tables = ends * n_layers / len(shape.layers)
    of_ends = bytes_of(shape.embedding) + bytes_of(shape.output)
    n_ends = ends * of_ends + tables * bytes_of(shape.tables)
    left = max(size_bytes - n_ends, LEAST_FOR_LAYERS * size_bytes)
    shrink = min(1.0, (size_bytes - left) / n_ends) if n_ends else 1.0
    weights = left / max(1, sum(bytes_of(one.weights + one.experts) for one in layers))
    return replace(
        shape,
        n_embedding=_even(shape.n_embedding * growth),
        n_feed_forward=_even(shape.n_feed_forward * growth),
        embedding=_times(shape.embedding, ends * shrink),
        output=_times(shape.output, ends * shrink),
        tables=_times(shape.tables, tables * shrink),
        layers=tuple(
            replace(
                one,
                weights=_times(one.weights, weights),
                experts=_times(one.experts, weights),
            )
            for one in layers
        ),
        graphs=tuple(_wider(one, growth) for one in shape.graphs),
        n_layer_inputs=round(shape.n_layer_inputs * n_layers / len(shape.layers)),
    )


def _wider(graph: LayerGraph, growth: float) -> LayerGraph:
    """Widen what grows with a model; heads of keys and the recurrent state mostly stay."""
    return replace(
        graph,
        n_heads=max(1, round(graph.n_heads * growth)) if graph.n_heads else 0,
        q_width=_even(graph.q_width * growth),
        o_width=_even(graph.o_width * growth),
        n_feed_forward=_even(graph.n_feed_forward * growth),
    )


def _plain(architecture: str, n_parameters: int, size_bytes: int) -> ModelShape:
    """Give a shape like Llama's: full attention in every layer, all weights read each time."""
    width, n_layers, kv_width = next(
        (width, n_layers, kv_width)
        for most, width, n_layers, kv_width in _PLAIN_SIZES
        if n_parameters <= most
    )
    embedding = min(size_bytes // 5, round(_PLAIN_VOCABULARY * width * size_bytes / n_parameters))
    layer = LayerShape(
        (("Q4_K", max(0, size_bytes - embedding) // n_layers),),
        k_width=kv_width,
        v_width=kv_width,
    )
    graph = LayerGraph(
        n_heads=width // _PLAIN_HEAD,
        q_width=width,
        v_width=kv_width,
        o_width=width,
        feed_forward=FeedForward.GATED,
        n_feed_forward=4 * width,
    )
    return ModelShape(
        architecture=architecture,
        n_embedding=width,
        n_heads=width // _PLAIN_HEAD,
        head_width=2 * _PLAIN_HEAD,
        n_feed_forward=4 * width,
        n_vocabulary=_PLAIN_VOCABULARY,
        n_vocabulary_texts=_PLAIN_VOCABULARY,
        embedding=(("Q6_K", embedding),),
        layers=(layer,) * n_layers,
        graphs=(graph,),
        n_merges=_PLAIN_VOCABULARY,
        n_tensors=9 * n_layers,
    )


def _even(width: float) -> int:
    """Round as widths are: they are multiples of 64."""
    return round(width / 64) * 64 if width > 64 else round(width)  # noqa: PLR2004


def _times(weights: TypeBytes, factor: float) -> TypeBytes:
    return tuple((kind, round(n_bytes * factor)) for kind, n_bytes in weights)
