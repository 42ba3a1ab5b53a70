"""Tensors of the layers of many architectures, by the names that llama.cpp reads them under.

Source: `load_arch_tensors` in src/models/*.cpp of llama.cpp 0c1e570.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

QUANTIZED, F32, F16 = "quantized", "F32", "F16"

Part = tuple[str, tuple[int, ...], str]
"""Name without the layer, shape (innermost first), and kind of numbers."""


@dataclass(frozen=True)
class Phantom:
    """Dimensions of a real model.

    Attributes:
        n_kv_heads, n_feed_forward: of all layers, or of each.
        head, head_value: width of a head; 0 for width / n_heads.
        facts: metadata by key, without the architecture's name in front.
        layer: gives the tensors of layer i.
        ends: tensors outside of layers, beside the embedding, output and their norm.
        output_norm: what the norm before the output is called.
    """

    architecture: str
    n_layers: int
    width: int
    n_heads: int
    n_kv_heads: int | tuple[int, ...]
    n_feed_forward: int | tuple[int, ...]
    n_vocabulary: int
    layer: Callable[["Phantom", int], Iterator[Part]]
    head: int = 0
    head_value: int = 0
    n_ctx_train: int = 131_072
    is_tied: bool = False
    n_experts: int = 0
    n_experts_used: int = 0
    n_expert_feed_forward: int = 0
    n_shared_feed_forward: int = 0
    n_leading_dense: int = 0
    n_draft_layers: int = 0
    window: int = 0
    facts: Mapping[str, object] = field(default_factory=dict)
    ends: Callable[["Phantom"], Iterator[Part]] = lambda _: iter(())
    output_norm: str = "output_norm"
    quantization: str = "Q4_K_M"

    @property
    def k_head(self) -> int:
        """Width of a key."""
        return self.head or self.width // self.n_heads

    @property
    def v_head(self) -> int:
        """Width of a value."""
        return self.head_value or self.k_head

    def kv_heads(self, i: int) -> int:
        """Key heads of layer i."""
        heads = self.n_kv_heads
        return heads if isinstance(heads, int) else heads[i]

    def feed_forward(self, i: int) -> int:
        """Feed-forward width of layer i."""
        widths = self.n_feed_forward
        return widths if isinstance(widths, int) else widths[i]

    def fact(self, key: str) -> int:
        """A whole number among the facts."""
        value = self.facts[key]
        assert isinstance(value, int)
        return value


def norm(name: str, width: int, *, bias: bool = False) -> Iterator[Part]:
    """A norm."""
    yield f"{name}.weight", (width,), F32
    if bias:
        yield f"{name}.bias", (width,), F32


def linear(name: str, n_in: int, n_out: int, *, bias: bool = False) -> Iterator[Part]:
    """A matrix."""
    yield f"{name}.weight", (n_in, n_out), QUANTIZED
    if bias:
        yield f"{name}.bias", (n_out,), F32


def attention(
    p: Phantom, i: int, *, bias: bool = False, out_bias: bool = False, gated: int = 1
) -> Iterator[Part]:
    """Queries, keys, values and what comes of them."""
    kv = p.kv_heads(i)
    yield from linear("attn_q", p.width, p.k_head * p.n_heads * gated, bias=bias)
    yield from linear("attn_k", p.width, p.k_head * kv, bias=bias)
    yield from linear("attn_v", p.width, p.v_head * kv, bias=bias)
    yield from linear("attn_output", p.v_head * p.n_heads, p.width, bias=out_bias)


def fused_attention(p: Phantom, i: int) -> Iterator[Part]:
    """The same with one matrix for queries, keys and values."""
    rows = p.k_head * p.n_heads + (p.k_head + p.v_head) * p.kv_heads(i)
    yield from linear("attn_qkv", p.width, rows)
    yield from linear("attn_output", p.v_head * p.n_heads, p.width)


def head_norms(p: Phantom, i: int) -> Iterator[Part]:
    """Norms of single heads."""
    yield from norm("attn_q_norm", p.k_head)
    yield from norm("attn_k_norm", p.k_head)


def row_norms(p: Phantom, i: int) -> Iterator[Part]:
    """Norms of all heads together."""
    yield from norm("attn_q_norm", p.k_head * p.n_heads)
    yield from norm("attn_k_norm", p.k_head * p.kv_heads(i))


def feed_forward(p: Phantom, i: int) -> Iterator[Part]:
    """Gate, up and down."""
    yield from linear("ffn_gate", p.width, p.feed_forward(i))
    yield from linear("ffn_up", p.width, p.feed_forward(i))
    yield from linear("ffn_down", p.feed_forward(i), p.width)


def fused_feed_forward(p: Phantom, i: int) -> Iterator[Part]:
    """Gate and up in one matrix."""
    yield from linear("ffn_up", p.width, 2 * p.feed_forward(i))
    yield from linear("ffn_down", p.feed_forward(i), p.width)


def plain_feed_forward(p: Phantom, i: int, *, bias: bool = False) -> Iterator[Part]:
    """Without a gate."""
    yield from linear("ffn_up", p.width, p.feed_forward(i), bias=bias)
    yield from linear("ffn_down", p.feed_forward(i), p.width, bias=bias)


def experts(p: Phantom, i: int, *, bias: bool = False) -> Iterator[Part]:
    """Router and experts."""
    n_ff = p.n_expert_feed_forward or p.feed_forward(i)
    yield "ffn_gate_inp.weight", (p.width, p.n_experts), F32
    yield "ffn_gate_exps.weight", (p.width, n_ff, p.n_experts), QUANTIZED
    yield "ffn_up_exps.weight", (p.width, n_ff, p.n_experts), QUANTIZED
    yield "ffn_down_exps.weight", (n_ff, p.width, p.n_experts), QUANTIZED
    if bias:
        yield "ffn_gate_inp.bias", (p.n_experts,), F32
        yield "ffn_gate_exps.bias", (n_ff, p.n_experts), F32
        yield "ffn_up_exps.bias", (n_ff, p.n_experts), F32
        yield "ffn_down_exps.bias", (p.width, p.n_experts), F32


def shared_expert(p: Phantom, i: int) -> Iterator[Part]:
    """The expert that every token asks."""
    yield from linear("ffn_gate_shexp", p.width, p.n_shared_feed_forward)
    yield from linear("ffn_up_shexp", p.width, p.n_shared_feed_forward)
    yield from linear("ffn_down_shexp", p.n_shared_feed_forward, p.width)


def experts_after_dense(p: Phantom, i: int, *, router_bias: bool = False) -> Iterator[Part]:
    """Experts with a shared one, but not in the leading layers."""
    if i < p.n_leading_dense:
        yield from feed_forward(p, i)
        return
    yield from experts(p, i)
    if router_bias:
        yield "exp_probs_b.bias", (p.n_experts,), F32
    if p.n_shared_feed_forward:
        yield from shared_expert(p, i)


def mamba2(p: Phantom, i: int, *, normed: bool = True) -> Iterator[Part]:
    """State space layer of the second kind."""
    inner, state = p.fact("ssm.inner_size"), p.fact("ssm.state_size")
    groups, heads = p.fact("ssm.group_count"), p.fact("ssm.time_step_rank")
    conv = inner + 2 * groups * state
    yield from linear("ssm_in", p.width, inner + conv + heads)
    yield "ssm_conv1d.weight", (p.fact("ssm.conv_kernel"), conv), F32
    yield "ssm_conv1d.bias", (conv,), F32
    yield "ssm_dt.bias", (heads,), F32
    yield "ssm_a", (1, heads), F32
    yield "ssm_d", (1, heads), F32
    if normed:
        yield "ssm_norm.weight", (inner // groups, groups), F32
    yield from linear("ssm_out", inner, p.width)


def mamba1(p: Phantom, i: int, *, normed: bool = False) -> Iterator[Part]:
    """State space layer of the first kind."""
    inner, state = p.fact("ssm.inner_size"), p.fact("ssm.state_size")
    rank = p.fact("ssm.time_step_rank")
    yield from linear("ssm_in", p.width, 2 * inner)
    yield "ssm_conv1d.weight", (p.fact("ssm.conv_kernel"), inner), F32
    yield "ssm_conv1d.bias", (inner,), F32
    yield from linear("ssm_x", inner, rank + 2 * state)
    yield from linear("ssm_dt", rank, inner, bias=True)
    yield "ssm_a", (state, inner), F32
    yield "ssm_d", (inner,), F32
    yield from linear("ssm_out", inner, p.width)
    if normed:
        yield from norm("ssm_dt_norm", rank)
        yield from norm("ssm_b_norm", state)
        yield from norm("ssm_c_norm", state)


def delta_net(p: Phantom, i: int, *, joined: bool) -> Iterator[Part]:
    """Gated delta net of qwen3next (`joined`: beta and alpha in one matrix) and qwen35."""
    state, groups, heads = (
        p.fact(f"ssm.{key}") for key in ("state_size", "group_count", "time_step_rank")
    )
    value = state * heads
    conv = 2 * state * groups + value
    yield from linear("attn_qkv", p.width, conv)
    yield from linear("attn_gate", p.width, value)
    yield "ssm_conv1d.weight", (p.fact("ssm.conv_kernel"), conv), F32
    yield "ssm_dt.bias", (heads,), F32
    yield "ssm_a", (heads,), F32
    if joined:
        yield from linear("ssm_ba", p.width, 2 * heads)
    else:
        yield from linear("ssm_beta", p.width, heads)
        yield from linear("ssm_alpha", p.width, heads)
    yield from norm("ssm_norm", state)
    yield from linear("ssm_out", value, p.width)


def short_convolution(p: Phantom, i: int) -> Iterator[Part]:
    """Convolution of LFM2."""
    yield "shortconv.conv.weight", (p.fact("shortconv.l_cache"), p.width), F32
    yield from linear("shortconv.in_proj", p.width, 3 * p.width)
    yield from linear("shortconv.out_proj", p.width, p.width)


def latent_attention(p: Phantom, i: int) -> Iterator[Part]:
    """Multi-head latent attention: keys and values from one short vector."""
    latent, rope = p.fact("attention.kv_lora_rank"), p.fact("rope.dimension_count")
    k, v = p.fact("attention.key_length_mla"), p.fact("attention.value_length_mla")
    rank = p.facts.get("attention.q_lora_rank")
    if isinstance(rank, int):
        yield from norm("attn_q_a_norm", rank)
        yield from linear("attn_q_a", p.width, rank)
        yield from linear("attn_q_b", rank, p.n_heads * k)
    else:
        yield from linear("attn_q", p.width, p.n_heads * k)
    yield from norm("attn_kv_a_norm", latent)
    yield from linear("attn_kv_a_mqa", p.width, latent + rope)
    yield "attn_k_b.weight", (k - rope, latent, p.n_heads), QUANTIZED
    yield "attn_v_b.weight", (latent, v, p.n_heads), QUANTIZED
    yield from linear("attn_output", p.n_heads * v, p.width)
