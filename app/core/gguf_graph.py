"""What each layer computes, told by its dimensions and the names of its tensors."""

from collections.abc import Mapping

from app.core.gguf_dimensions import Dimensions
from app.core.gguf_types import RECURRENT_ARCHITECTURES
from app.core.model_shape import FeedForward, LayerGraph, Mixing

Shapes = Mapping[str, tuple[int, ...]]
"""Shapes of a layer's tensors by name ("attn_q.weight"), innermost dimension first."""

_ALTUP_STREAMS = 4
"""n_altup (llama-hparams.h)."""


_SECOND_NORMS = {"ffn_norm.weight", "ffn_norm", "post_attention_norm.weight"}
"""One of them stands between attention and feed-forward, unless both see the same."""


def graph_of(dimensions: Dimensions, i: int, shapes: Shapes) -> LayerGraph:
    """Say what layer `i` computes."""
    mixing = _mixing(dimensions, i, shapes)
    heads, is_windowed = dimensions.heads[i], dimensions.is_windowed[i]
    k_head = dimensions.k_head_windowed if is_windowed else dimensions.k_head
    v_head = dimensions.v_head_windowed if is_windowed else dimensions.v_head
    has_attention = dimensions.has_attention[i]
    inner, project, conv = _inner(dimensions, shapes)
    n_ff, feed_forward = _feed_forward(shapes)
    n_expert_ff, n_used = _experts(dimensions, i, shapes)
    return LayerGraph(
        mixing=mixing,
        n_heads=heads if has_attention else 0,
        q_width=heads * k_head if has_attention else 0,
        v_width=dimensions.kv_heads[i] * v_head if has_attention else 0,
        o_width=heads * v_head if has_attention else 0,
        is_windowed=is_windowed and has_attention,
        inner_width=inner,
        project_width=project,
        conv_width=conv,
        n_state=dimensions.state_numbers(i),
        feed_forward=feed_forward,
        n_feed_forward=n_ff,
        n_expert_feed_forward=n_expert_ff,
        n_experts_used=n_used,
        n_shared_feed_forward=_rows(shapes, "ffn_up_shexp.weight"),
        n_streams=_ALTUP_STREAMS if "altup_router.weight" in shapes else 1,
        is_fused="attn_qkv.weight" in shapes,
        is_parallel=has_attention and not _SECOND_NORMS & shapes.keys(),
    )


def _mixing(dimensions: Dimensions, i: int, shapes: Shapes) -> Mixing:  # noqa: PLR0911
    if dimensions.has_attention[i]:
        if dimensions.is_recurrent[i]:
            return Mixing.ATTENTION_AND_STATE_SPACE
        return Mixing.LATENT_ATTENTION if dimensions.is_latent else Mixing.ATTENTION
    if not dimensions.is_recurrent[i]:
        return Mixing.NONE
    if "shortconv.conv.weight" in shapes:
        return Mixing.CONVOLUTION
    if dimensions.architecture in RECURRENT_ARCHITECTURES and "ssm_in.weight" not in shapes:
        return Mixing.TIME_MIX
    if "ssm_x.weight" in shapes:
        return Mixing.SELECTIVE_SCAN
    return Mixing.STATE_SPACE if "ssm_in.weight" in shapes else Mixing.DELTA_NET


def _inner(dimensions: Dimensions, shapes: Shapes) -> tuple[int, int, int]:
    """Widths of the stream inside, of the projection into it and of the convolution."""
    inner = dimensions.number("ssm.inner_size")
    if shapes.get("shortconv.conv.weight"):
        return dimensions.width, _rows(shapes, "shortconv.in_proj.weight"), dimensions.width
    project = _rows(shapes, "ssm_in.weight") or _rows(shapes, "attn_qkv.weight")
    conv = _rows(shapes, "ssm_conv1d.weight")
    return (inner, project, conv) if conv else (0, 0, 0)


def _feed_forward(shapes: Shapes) -> tuple[int, FeedForward]:
    up, down = shapes.get("ffn_up.weight"), shapes.get("ffn_down.weight")
    if not up or not down:
        mix = _rows(shapes, "channel_mix_key.weight")
        return (mix, FeedForward.PLAIN) if mix else (0, FeedForward.NONE)
    n_ff = down[0]
    if "ffn_gate.weight" in shapes:
        return n_ff, FeedForward.GATED
    is_fused = len(up) > 1 and up[1] == 2 * n_ff
    return n_ff, FeedForward.FUSED if is_fused else FeedForward.PLAIN


def _experts(dimensions: Dimensions, i: int, shapes: Shapes) -> tuple[int, int]:
    """Width of an expert of this layer, and how many are asked."""
    down = shapes.get("ffn_down_exps.weight") or shapes.get("ffn_down.0.weight")
    if not down:
        return 0, 0
    return down[0], dimensions.by_layer("expert_used_count", 1)[i]


def _rows(shapes: Shapes, name: str) -> int:
    shape = shapes.get(name, ())
    return shape[1] if len(shape) > 1 else 0
