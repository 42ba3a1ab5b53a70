"""What of a model's build decides how much memory it takes and how fast it computes."""

from dataclasses import dataclass, replace
from enum import StrEnum

from app.core.gguf_types import TENSOR_TYPES

TypeBytes = tuple[tuple[str, int], ...]
"""Pairs of a tensor type ("Q4_K") and how many bytes of weights are kept in it."""

_TYPES_BY_NAME = {kind.name: kind for kind in TENSOR_TYPES.values()}


class Mixing(StrEnum):
    """How a layer lets a token see the ones before it."""

    NONE = "none"
    ATTENTION = "attention"
    LATENT_ATTENTION = "latent_attention"
    """Keys and values are one short vector for all heads (MLA)."""
    SELECTIVE_SCAN = "selective_scan"
    """Mamba 1."""
    STATE_SPACE = "state_space"
    """Mamba 2."""
    ATTENTION_AND_STATE_SPACE = "attention_and_state_space"
    """Side by side, as in Falcon H1."""
    DELTA_NET = "delta_net"
    """Gated delta net, Kimi's delta attention and other linear attention."""
    CONVOLUTION = "convolution"
    """Short convolution of LFM2."""
    TIME_MIX = "time_mix"
    """RWKV."""


class FeedForward(StrEnum):
    """How a dense feed-forward is built."""

    NONE = "none"
    GATED = "gated"
    """Gate and up, each a matrix."""
    FUSED = "fused"
    """Gate and up in one matrix."""
    PLAIN = "plain"
    """Up and down only."""


@dataclass(frozen=True, slots=True)
class LayerGraph:
    """What a kind of layer computes, as far as it decides the buffers to compute in.

    Widths are numbers for each token.

    Attributes:
        mixing: how tokens see each other.
        n_heads: query heads.
        q_width: queries of all heads (as compared with keys).
        v_width: values that enter the cache.
        o_width: what attention gives before it is projected back.
        is_windowed: attention sees the sliding window only.
        inner_width: state space, convolution or time mix: the stream inside.
        project_width: all that the projection into it gives.
        conv_width: what its convolution gives.
        n_state: numbers of the recurrent state.
        feed_forward: how the dense feed-forward is built.
        n_feed_forward: its width.
        n_expert_feed_forward: width of one expert; 0 without experts.
        n_experts_used: experts that a token asks.
        n_shared_feed_forward: width of the shared expert; 0 if there is none.
        n_streams: parallel streams between layers (gemma3n's AltUp keeps four).
        is_fused: one matrix gives queries, keys and values.
        is_parallel: attention and feed-forward see the same and are added.
    """

    mixing: Mixing = Mixing.ATTENTION
    n_heads: int = 0
    q_width: int = 0
    v_width: int = 0
    o_width: int = 0
    is_windowed: bool = False
    inner_width: int = 0
    project_width: int = 0
    conv_width: int = 0
    n_state: int = 0
    feed_forward: FeedForward = FeedForward.NONE
    n_feed_forward: int = 0
    n_expert_feed_forward: int = 0
    n_experts_used: int = 0
    n_shared_feed_forward: int = 0
    n_streams: int = 1
    is_fused: bool = False
    is_parallel: bool = False


@dataclass(frozen=True, slots=True)
class LayerShape:
    """One layer.

    Attributes:
        weights: what is read for every token.
        experts: weights of all experts, of which only some are read for a token.
        k_width, v_width: numbers that the KV cache keeps for each token; 0 if none.
        is_windowed: keeps only the tokens of the sliding window.
        state_bytes: recurrent state, the same for every length of text.
        graph: which of the model's `graphs` it computes.
    """

    weights: TypeBytes
    experts: TypeBytes = ()
    k_width: int = 0
    v_width: int = 0
    is_windowed: bool = False
    state_bytes: int = 0
    graph: int = 0


@dataclass(frozen=True, slots=True)
class ModelShape:
    """A model without its weights.

    Attributes:
        architecture: llama.cpp's name of the kind of network.
        n_embedding: width of the stream between layers.
        n_heads: query heads of the widest layer.
        head_width: numbers of a key and of a value together, for one head.
        n_feed_forward: widest feed-forward of a dense layer; 0 if there is none.
        n_vocabulary: tokens that the output tells apart.
        n_vocabulary_texts: tokens with a text, which the tokenizer keeps; 0 if it has none.
        n_experts, n_experts_used: experts of a layer, and how many of them a token asks.
        n_expert_feed_forward: feed-forward width of one expert.
        window_tokens: of the sliding window; 0 if there is none.
        embedding: the table of tokens, of which a few rows are read.
        output: what turns the last layer into tokens; empty if the embedding serves for that.
        layers: those that run, first to last.
        tables: further tables of which a few rows are read (gemma3n's and gemma4's embeddings
            for each layer).
        graphs: the kinds of layers, in the order in which they first come.
        n_layer_inputs: width of such embeddings, for all layers together.
        n_draft_layers: layers at the end that only serve to draft and are not loaded.
        is_embedding_doubled: the engine holds a tied embedding twice even without a graphics
            card (it makes the output's copy first: gemma3n, gemma4).
        n_merges: pairs of texts that the tokenizer joins.
        n_tensors: pieces that the weights are in.
    """

    architecture: str = ""
    n_embedding: int = 0
    n_heads: int = 0
    head_width: int = 0
    n_feed_forward: int = 0
    n_vocabulary: int = 0
    n_vocabulary_texts: int = 0
    n_experts: int = 0
    n_experts_used: int = 0
    n_expert_feed_forward: int = 0
    window_tokens: int = 0
    embedding: TypeBytes = ()
    output: TypeBytes = ()
    layers: tuple[LayerShape, ...] = ()
    tables: TypeBytes = ()
    graphs: tuple[LayerGraph, ...] = ()
    n_layer_inputs: int = 0
    n_draft_layers: int = 0
    is_embedding_doubled: bool = False
    n_merges: int = 0
    n_tensors: int = 0

    @property
    def is_tied(self) -> bool:
        """Whether the embedding is the output too."""
        return all(kind == "F32" for kind, _ in self.output)

    @property
    def n_offloadable(self) -> int:
        """What can be offloaded at most: all layers, also those that draft, and the output."""
        return len(self.layers) + self.n_draft_layers + 1

    def scaled(self, factor: float) -> "ModelShape":
        """Give the shape with weights of `factor` times the size, for another quantization."""
        layers = tuple(
            replace(
                layer,
                weights=_scaled(layer.weights, factor),
                experts=_scaled(layer.experts, factor),
            )
            for layer in self.layers
        )
        return replace(
            self,
            embedding=_scaled(self.embedding, factor),
            output=_scaled(self.output, factor),
            tables=_scaled(self.tables, factor),
            layers=layers,
        )

    @property
    def weights_bytes(self) -> int:
        """All weights."""
        parts = [self.embedding, self.output, self.tables]
        parts += [layer.weights for layer in self.layers]
        parts += [layer.experts for layer in self.layers]
        return sum(n_bytes for part in parts for _, n_bytes in part)


def _scaled(weights: TypeBytes, factor: float) -> TypeBytes:
    return tuple((kind, round(n_bytes * factor)) for kind, n_bytes in weights)


def bytes_of(weights: TypeBytes) -> int:
    """Sum weights of all types, in bytes."""
    return sum(n_bytes for _, n_bytes in weights)


def numbers_in(kind: str, n_bytes: int) -> int:
    """Count the numbers that `n_bytes` of a tensor type hold."""
    of_kind = _TYPES_BY_NAME[kind]
    return n_bytes // of_kind.block_bytes * of_kind.block


def bits_of(kind: str) -> float:
    """Give the bits that one number takes in a tensor type."""
    of_kind = _TYPES_BY_NAME[kind]
    return of_kind.block_bytes * 8 / of_kind.block
