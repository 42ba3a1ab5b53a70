"""Dimensions of real models, as their configurations say."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from tests.phantom_layers import (
    F16,
    F32,
    QUANTIZED,
    Part,
    Phantom,
    attention,
    delta_net,
    experts,
    experts_after_dense,
    feed_forward,
    fused_attention,
    fused_feed_forward,
    head_norms,
    latent_attention,
    linear,
    mamba1,
    mamba2,
    norm,
    plain_feed_forward,
    row_norms,
    shared_expert,
    short_convolution,
)

Layer = Callable[[Phantom, int], Iterator[Part]]


def _llama(p: Phantom, i: int) -> Iterator[Part]:
    yield from norm("attn_norm", p.width)
    yield from attention(p, i)
    yield from norm("ffn_norm", p.width)
    yield from experts(p, i) if p.n_experts else feed_forward(p, i)


def _rope_factors(p: Phantom) -> Iterator[Part]:
    yield "rope_freqs.weight", (p.k_head // 2,), F32


def _qwen2(p: Phantom, i: int) -> Iterator[Part]:
    yield from norm("attn_norm", p.width)
    yield from attention(p, i, bias=True)
    yield from norm("ffn_norm", p.width)
    yield from feed_forward(p, i)


def _qwen3(p: Phantom, i: int) -> Iterator[Part]:
    yield from _llama(p, i)
    yield from head_norms(p, i)


def _qwen2moe(p: Phantom, i: int) -> Iterator[Part]:
    yield from norm("attn_norm", p.width)
    yield from attention(p, i, bias=True)
    yield from norm("ffn_norm", p.width)
    yield from experts(p, i)
    yield "ffn_gate_inp_shexp.weight", (p.width,), F32
    yield from shared_expert(p, i)


def _gemma(p: Phantom, i: int) -> Iterator[Part]:
    yield from _llama(p, i)
    yield from norm("post_attention_norm", p.width)
    yield from norm("post_ffw_norm", p.width)


def _gemma3(p: Phantom, i: int) -> Iterator[Part]:
    yield from _gemma(p, i)
    yield from head_norms(p, i)


def _gemma3n(p: Phantom, i: int) -> Iterator[Part]:
    yield from _gemma3(p, i)
    yield from linear("inp_gate", p.width, 256)
    yield from linear("proj", 256, p.width)
    yield from norm("post_norm", p.width)
    yield "altup_correct_coef.weight", (4, 4), F32
    yield "altup_correct_scale.weight", (p.width,), F32
    yield "altup_predict_coef.weight", (4, 16), F32
    yield "altup_router.weight", (p.width, 4), F32
    yield from norm("altup_router_norm", p.width)
    yield "laurel_l.weight", (p.width, 64), F16
    yield "laurel_r.weight", (64, p.width), F16
    yield from norm("laurel_post_norm", p.width)


def _gemma3n_ends(p: Phantom) -> Iterator[Part]:
    yield "altup_proj.weight", (p.width, p.width, 3), F16
    yield "altup_unembd_proj.weight", (p.width, p.width, 3), F16
    yield "per_layer_token_embd.weight", (256 * p.n_layers, p.n_vocabulary), QUANTIZED
    yield "per_layer_model_proj.weight", (p.width, 256 * p.n_layers), F16
    yield "per_layer_proj_norm.weight", (256,), F32


def _gemma4(p: Phantom, i: int) -> Iterator[Part]:
    pattern = p.facts["attention.sliding_window_pattern"]
    assert isinstance(pattern, list)
    is_windowed, n_inputs = pattern[i], p.fact("embedding_length_per_layer_input")
    # The large ones take the keys for values where they see everything.
    has_values = is_windowed or n_inputs > 0
    p = p if not is_windowed else replace(p, head=p.fact("attention.key_length_swa"))
    for part in _gemma4_block(p, i):
        if has_values or not part[0].startswith("attn_v."):
            yield part
    yield "layer_output_scale.weight", (1,), F32
    if n_inputs:
        yield from linear("inp_gate", p.width, n_inputs)
        yield from linear("proj", n_inputs, p.width)
        yield from norm("post_norm", p.width)


def _gemma4_block(p: Phantom, i: int) -> Iterator[Part]:
    dense = replace(p, n_experts=0)
    yield from _gemma3(dense, i)
    if p.n_experts:
        yield "ffn_gate_inp.weight", (p.width, p.n_experts), F32
        yield "ffn_gate_inp.scale", (p.width,), F32
        for name in ("pre_ffw_norm_2", "post_ffw_norm_1", "post_ffw_norm_2"):
            yield from norm(name, p.width)
        width = p.n_expert_feed_forward
        yield "ffn_gate_up_exps.weight", (p.width, 2 * width, p.n_experts), QUANTIZED
        yield "ffn_down_exps.weight", (width, p.width, p.n_experts), QUANTIZED
        yield "ffn_down_exps.scale", (p.n_experts,), F32


def _gemma4_ends(p: Phantom) -> Iterator[Part]:
    n_inputs = p.fact("embedding_length_per_layer_input") * p.n_layers
    if n_inputs:
        yield "per_layer_token_embd.weight", (n_inputs, p.n_vocabulary), QUANTIZED
        yield "per_layer_model_proj.weight", (p.width, n_inputs), F16
        yield "per_layer_proj_norm.weight", (n_inputs // p.n_layers,), F32
    yield from _rope_factors(p)


def _gpt_oss(p: Phantom, i: int) -> Iterator[Part]:
    yield from norm("attn_norm", p.width)
    yield from attention(p, i, bias=True, out_bias=True)
    yield "attn_sinks.weight", (p.n_heads,), F32
    yield from norm("post_attention_norm", p.width)
    yield from experts(p, i, bias=True)


def _deepseek2(p: Phantom, i: int) -> Iterator[Part]:
    yield from norm("attn_norm", p.width)
    yield from latent_attention(p, i)
    yield from norm("ffn_norm", p.width)
    yield from experts_after_dense(p, i)


def _is_full(p: Phantom, i: int) -> bool:
    return (i + 1) % 4 == 0


def _qwen3next(p: Phantom, i: int) -> Iterator[Part]:
    joined = p.architecture == "qwen3next"
    yield from norm("attn_norm", p.width)
    yield from norm("post_attention_norm", p.width)
    if _is_full(p, i):
        yield from attention(p, i, gated=2)
        yield from head_norms(p, i)
    else:
        yield from delta_net(p, i, joined=joined)
    if not p.n_experts:
        yield from feed_forward(p, i)
        return
    yield from experts(p, i)
    yield "ffn_gate_inp_shexp.weight", (p.width,), F32
    yield from shared_expert(p, i)


def _lfm2(p: Phantom, i: int) -> Iterator[Part]:
    yield from norm("attn_norm", p.width)
    yield from norm("ffn_norm", p.width)
    if p.kv_heads(i):
        yield from attention(p, i)
        yield from head_norms(p, i)
    else:
        yield from short_convolution(p, i)
    if p.n_experts:
        yield from experts_after_dense(p, i, router_bias=True)
    else:
        yield from feed_forward(p, i)


def _phi3(p: Phantom, i: int) -> Iterator[Part]:
    yield from norm("attn_norm", p.width)
    yield from fused_attention(p, i)
    yield from norm("ffn_norm", p.width)
    yield from fused_feed_forward(p, i)


def _granite_hybrid(p: Phantom, i: int) -> Iterator[Part]:
    yield from norm("attn_norm", p.width)
    yield from attention(p, i) if p.kv_heads(i) else mamba2(p, i)
    yield from norm("ffn_norm", p.width)
    yield from experts_after_dense(p, i) if p.n_experts else feed_forward(p, i)


def _falcon_h1(p: Phantom, i: int) -> Iterator[Part]:
    yield from norm("attn_norm", p.width)
    yield from mamba2(p, i, normed=False)
    yield from attention(p, i)
    yield "ffn_norm", (p.width,), F32
    yield from feed_forward(p, i)


def _mamba2(p: Phantom, i: int) -> Iterator[Part]:
    yield from norm("attn_norm", p.width)
    yield from mamba2(p, i)


def _mamba(p: Phantom, i: int) -> Iterator[Part]:
    yield from norm("attn_norm", p.width)
    yield from mamba1(p, i)


def _nemotron_h(p: Phantom, i: int) -> Iterator[Part]:
    yield from norm("attn_norm", p.width)
    if p.feed_forward(i):
        yield from plain_feed_forward(p, i)
    else:
        yield from attention(p, i) if p.kv_heads(i) else mamba2(p, i)


def _jamba(p: Phantom, i: int) -> Iterator[Part]:
    yield from norm("attn_norm", p.width)
    yield from attention(p, i) if p.kv_heads(i) else mamba1(p, i, normed=True)
    yield from norm("ffn_norm", p.width)
    yield from feed_forward(p, i)


def _olmo2(p: Phantom, i: int) -> Iterator[Part]:
    yield from attention(p, i)
    yield from row_norms(p, i)
    yield from norm("post_attention_norm", p.width)
    yield from feed_forward(p, i)
    yield from norm("post_ffw_norm", p.width)


def _cohere2(p: Phantom, i: int) -> Iterator[Part]:
    yield from norm("attn_norm", p.width)
    yield from attention(p, i)
    yield from feed_forward(p, i)


def _glm4(p: Phantom, i: int) -> Iterator[Part]:
    yield from norm("attn_norm", p.width)
    yield from attention(p, i, bias=True)
    yield from norm("post_attention_norm", p.width)
    yield from norm("ffn_norm", p.width)
    yield from fused_feed_forward(p, i)
    yield from norm("post_ffw_norm", p.width)


def _glm4moe(p: Phantom, i: int) -> Iterator[Part]:
    yield from norm("attn_norm", p.width)
    yield from attention(p, i, bias=True)
    yield from norm("post_attention_norm", p.width)
    yield from experts_after_dense(p, i, router_bias=True)
    if i >= p.n_layers:
        yield from linear("nextn.eh_proj", 2 * p.width, p.width)
        for name in ("enorm", "hnorm", "shared_head_norm"):
            yield from norm(f"nextn.{name}", p.width)


def _exaone4(p: Phantom, i: int) -> Iterator[Part]:
    yield from attention(p, i)
    yield from head_norms(p, i)
    yield from norm("post_attention_norm", p.width)
    yield from feed_forward(p, i)
    yield from norm("post_ffw_norm", p.width)


def _starcoder2(p: Phantom, i: int) -> Iterator[Part]:
    yield from norm("attn_norm", p.width, bias=True)
    yield from attention(p, i, bias=True, out_bias=True)
    yield from norm("ffn_norm", p.width, bias=True)
    yield from plain_feed_forward(p, i, bias=True)


def _norm_bias(p: Phantom) -> Iterator[Part]:
    yield "output_norm.bias", (p.width,), F32


def _ernie4_5_moe(p: Phantom, i: int) -> Iterator[Part]:
    yield from norm("attn_norm", p.width)
    yield from attention(p, i)
    yield from norm("ffn_norm", p.width)
    yield from experts_after_dense(p, i, router_bias=True)


def _olmoe(p: Phantom, i: int) -> Iterator[Part]:
    yield from _llama(p, i)
    yield from row_norms(p, i)


def _bailingmoe2(p: Phantom, i: int) -> Iterator[Part]:
    yield from norm("attn_norm", p.width)
    yield from fused_attention(p, i)
    yield from head_norms(p, i)
    yield from norm("ffn_norm", p.width)
    yield from experts_after_dense(p, i, router_bias=True)


def _arcee(p: Phantom, i: int) -> Iterator[Part]:
    yield from norm("attn_norm", p.width)
    yield from attention(p, i)
    yield from norm("ffn_norm", p.width)
    yield from plain_feed_forward(p, i)


def _minicpm3(p: Phantom, i: int) -> Iterator[Part]:
    latent, rank = p.fact("attention.kv_lora_rank"), p.fact("attention.q_lora_rank")
    rope = p.fact("rope.dimension_count")
    yield from norm("attn_norm", p.width)
    yield from norm("attn_q_a_norm", rank)
    yield from norm("attn_kv_a_norm", latent)
    yield from linear("attn_q_a", p.width, rank)
    yield from linear("attn_q_b", rank, p.n_heads * p.k_head)
    yield from linear("attn_kv_a_mqa", p.width, latent + rope)
    yield from linear("attn_kv_b", latent, p.n_heads * (p.k_head - rope + p.v_head))
    yield from linear("attn_output", p.n_heads * p.v_head, p.width)
    yield from norm("ffn_norm", p.width)
    yield from feed_forward(p, i)


def _llama4(p: Phantom, i: int) -> Iterator[Part]:
    yield from norm("attn_norm", p.width)
    yield from attention(p, i)
    yield from norm("ffn_norm", p.width)
    yield from experts(p, i)
    yield from shared_expert(p, i)


def _plamo2(p: Phantom, i: int) -> Iterator[Part]:
    inner, state = p.fact("ssm.inner_size"), p.fact("ssm.state_size")
    heads, rank = p.fact("ssm.time_step_rank"), max(64, p.width // 16)
    yield from norm("attn_norm", p.width)
    if p.kv_heads(i):
        yield from fused_attention(p, i)
        yield "attn_q_norm.weight", (p.k_head, p.n_heads), F32
        yield "attn_k_norm.weight", (p.k_head, p.kv_heads(i)), F32
    else:
        yield from linear("ssm_in", p.width, 2 * inner)
        yield "ssm_conv1d.weight", (p.fact("ssm.conv_kernel"), inner), F32
        yield from linear("ssm_x", inner, rank + 2 * state)
        yield from linear("ssm_dt", rank, heads, bias=True)
        yield "ssm_a", (heads,), F32
        yield "ssm_d", (heads,), F32
        yield from linear("ssm_out", inner, p.width)
        for name, width in (("dt", rank), ("b", state), ("c", state)):
            yield f"ssm_{name}_norm", (width,), F32
    yield "post_attention_norm", (p.width,), F32
    yield from norm("ffn_norm", p.width)
    yield from fused_feed_forward(p, i)
    yield "post_ffw_norm", (p.width,), F32


def _rwkv7(p: Phantom, i: int) -> Iterator[Part]:
    ranks = {key: p.fact(f"attention.{key}_lora_rank") for key in ("decay", "iclr", "gate")}
    mix = ranks["iclr"] if i == 0 else p.fact("attention.value_residual_mix_lora_rank")
    yield from norm("attn_norm", p.width, bias=True)
    yield from norm("attn_norm_2", p.width, bias=True)
    for key, rank in (("w", ranks["decay"]), ("a", ranks["iclr"]), ("v", mix)):
        yield f"time_mix_{key}0.weight", (p.width,), F32
        yield f"time_mix_{key}1.weight", (p.width, rank), F32
        yield f"time_mix_{key}2.weight", (rank, p.width), F32
    yield "time_mix_g1.weight", (p.width, ranks["gate"]), F32
    yield "time_mix_g2.weight", (ranks["gate"], p.width), F32
    yield "time_mix_lerp_fused.weight", (p.width, 1, 1, 6), F32
    for key in ("k_k", "k_a", "r_k"):
        yield f"time_mix_{key}.weight", (p.width,), F32
    for key in ("key", "value", "receptance", "output"):
        yield from linear(f"time_mix_{key}", p.width, p.width)
    yield from norm("time_mix_ln", p.width, bias=True)
    yield "channel_mix_lerp_k.weight", (p.width, 1, 1), F32
    yield from linear("channel_mix_key", p.width, p.feed_forward(i))
    yield from linear("channel_mix_value", p.feed_forward(i), p.width)


def _rwkv7_ends(p: Phantom) -> Iterator[Part]:
    yield from norm("token_embd_norm", p.width, bias=True)
    yield "output_norm.bias", (p.width,), F32


def _at(layers: set[int], n_layers: int, value: int) -> tuple[int, ...]:
    return tuple(value if i in layers else 0 for i in range(n_layers))


def _ssm(conv: int, inner: int, state: int, rank: int, groups: int) -> dict[str, object]:
    return {
        "ssm.conv_kernel": conv,
        "ssm.inner_size": inner,
        "ssm.state_size": state,
        "ssm.time_step_rank": rank,
        "ssm.group_count": groups,
    }


def _latent(latent: int, rope: int, nope: int, value: int, rank: int = 0) -> dict[str, object]:
    facts: dict[str, object] = {
        "attention.kv_lora_rank": latent,
        "attention.key_length": latent + rope,
        "attention.value_length": latent,
        "attention.key_length_mla": nope + rope,
        "attention.value_length_mla": value,
        "rope.dimension_count": rope,
        "expert_weights_scale": 1.0,
    }
    return facts | ({"attention.q_lora_rank": rank} if rank else {})


def _gemma4_facts(
    n_layers: int, interval: int, n_shared: int = 0, n_inputs: int = 0
) -> dict[str, object]:
    """Every `interval`-th layer sees everything; the last `n_shared` keep no keys of their own."""
    return {
        "attention.sliding_window_pattern": [(i + 1) % interval != 0 for i in range(n_layers)],
        "attention.shared_kv_layers": n_shared,
        "attention.key_length_swa": 256,
        "attention.value_length_swa": 256,
        "embedding_length_per_layer_input": n_inputs,
    }


_SCALES: dict[str, object] = {
    "logit_scale": 8.0,
    "residual_scale": 0.22,
    "embedding_scale": 12.0,
    "attention.scale": 0.015625,
}
_NANO_9B = "M-M-M-MM-M-M-M*-M-M-M*-M-M-M-M*-M-M-M-M*-M-MM-M-M-M-M-M-"
"""Mamba, feed-forward (-) and attention (*) layers of Nemotron Nano 9B v2."""
_LFM2_FULL = {2, 5, 8, 10, 12, 14}
_LFM2_MOE_FULL = {2, 6, 10, 14, 18, 21}

P = Phantom
CATALOGUE: dict[str, Phantom] = {
    "smollm2-135m": P("llama", 30, 576, 9, 3, 1536, 49152, _llama, is_tied=True),
    "llama-3.2-1b": P(
        "llama", 16, 2048, 32, 8, 8192, 128256, _llama, is_tied=True, ends=_rope_factors
    ),
    "llama-3.2-3b": P(
        "llama", 28, 3072, 24, 8, 8192, 128256, _llama, is_tied=True, ends=_rope_factors
    ),
    "llama-3.1-8b": P("llama", 32, 4096, 32, 8, 14336, 128256, _llama, ends=_rope_factors),
    "mixtral-8x7b": P(
        "llama", 32, 4096, 32, 8, 14336, 32000, _llama, n_experts=8, n_experts_used=2
    ),
    "qwen2.5-0.5b": P("qwen2", 24, 896, 14, 2, 4864, 151936, _qwen2, is_tied=True),
    "qwen2.5-1.5b": P("qwen2", 28, 1536, 12, 2, 8960, 151936, _qwen2, is_tied=True),
    "qwen2.5-7b": P("qwen2", 28, 3584, 28, 4, 18944, 152064, _qwen2),
    "qwen2.5-14b": P("qwen2", 48, 5120, 40, 8, 13824, 152064, _qwen2),
    "qwen3-0.6b": P("qwen3", 28, 1024, 16, 8, 3072, 151936, _qwen3, head=128, is_tied=True),
    "qwen3-1.7b": P("qwen3", 28, 2048, 16, 8, 6144, 151936, _qwen3, head=128, is_tied=True),
    "qwen3-4b": P("qwen3", 36, 2560, 32, 8, 9728, 151936, _qwen3, head=128, is_tied=True),
    "qwen3-8b": P("qwen3", 36, 4096, 32, 8, 12288, 151936, _qwen3, head=128),
    "qwen3-14b": P("qwen3", 40, 5120, 40, 8, 17408, 151936, _qwen3, head=128),
    "qwen3-30b-a3b": P(
        "qwen3moe", 48, 2048, 32, 4, 6144, 151936, _qwen3, head=128,
        n_experts=128, n_experts_used=8, n_expert_feed_forward=768,
    ),
    "qwen1.5-moe-a2.7b": P(
        "qwen2moe", 24, 2048, 16, 16, 5632, 151936, _qwen2moe, n_experts=60, n_experts_used=4,
        n_expert_feed_forward=1408, n_shared_feed_forward=5632,
    ),
    "gemma-2b": P("gemma", 18, 2048, 8, 1, 16384, 256000, _llama, head=256, is_tied=True),
    "gemma-2-2b": P(
        "gemma2", 26, 2304, 8, 4, 9216, 256000, _gemma, head=256, is_tied=True, window=4096
    ),
    "gemma-2-9b": P(
        "gemma2", 42, 3584, 16, 8, 14336, 256000, _gemma, head=256, is_tied=True, window=4096
    ),
    "gemma-3-1b": P(
        "gemma3", 26, 1152, 4, 1, 6912, 262144, _gemma3, head=256, is_tied=True, window=512
    ),
    "gemma-3-4b": P(
        "gemma3", 34, 2560, 8, 4, 10240, 262208, _gemma3, head=256, is_tied=True, window=1024
    ),
    "gemma-3-12b": P(
        "gemma3", 48, 3840, 16, 8, 15360, 262208, _gemma3, head=256, is_tied=True, window=1024
    ),
    "gemma-3n-e2b": P(
        "gemma3n", 30, 2048, 8, 2, 8192, 262144, _gemma3n, head=256, is_tied=True, window=512,
        facts={"attention.sliding_window_pattern": [i % 5 != 4 for i in range(30)]},
        ends=_gemma3n_ends,
    ),
    "gemma-4-e2b": P(
        "gemma4", 35, 1536, 8, 1, (6144,) * 15 + (12288,) * 20, 262144, _gemma4, head=512,
        is_tied=True, window=512, ends=_gemma4_ends, facts=_gemma4_facts(35, 5, 20, 256),
    ),
    "gemma-4-e4b": P(
        "gemma4", 42, 2560, 8, 2, 10240, 262144, _gemma4, head=512,
        is_tied=True, window=512, ends=_gemma4_ends, facts=_gemma4_facts(42, 6, 18, 256),
    ),
    "gemma-4-26b-a4b": P(
        "gemma4", 30, 2816, 16, (8, 8, 8, 8, 8, 2) * 5, 2112, 262144, _gemma4, head=512,
        n_ctx_train=262_144, is_tied=True, window=1024, n_experts=128, n_experts_used=8,
        n_expert_feed_forward=704, ends=_gemma4_ends, facts=_gemma4_facts(30, 6),
    ),
    "gemma-4-31b": P(
        "gemma4", 60, 5376, 32, (16, 16, 16, 16, 16, 4) * 10, 21504, 262144, _gemma4, head=512,
        n_ctx_train=262_144, is_tied=True, window=1024, ends=_gemma4_ends,
        facts=_gemma4_facts(60, 6),
    ),
    "gpt-oss-20b": P(
        "gpt-oss", 24, 2880, 64, 8, 2880, 201088, _gpt_oss, head=64, window=128, n_experts=32,
        n_experts_used=4, n_expert_feed_forward=2880, quantization="MXFP4",
    ),
    "deepseek-v2-lite": P(
        "deepseek2", 27, 2048, 16, 1, 10944, 102400, _deepseek2, n_experts=64,
        n_experts_used=6, n_expert_feed_forward=1408, n_shared_feed_forward=2816,
        n_leading_dense=1, facts={**_latent(512, 64, 128, 128), "expert_shared_count": 2},
    ),
    "glm-4.7-flash": P(
        "deepseek2", 47, 2048, 20, 1, 10240, 154880, _deepseek2, n_experts=64,
        n_experts_used=4, n_expert_feed_forward=1536, n_shared_feed_forward=1536,
        n_leading_dense=1, facts={**_latent(512, 64, 192, 256, 768), "expert_shared_count": 1},
    ),
    "qwen3-next-80b-a3b": P(
        "qwen3next", 48, 2048, 16, 2, 5120, 151936, _qwen3next, head=256, n_experts=512,
        n_experts_used=10, n_expert_feed_forward=512, n_shared_feed_forward=512,
        facts={**_ssm(4, 4096, 128, 32, 16), "rope.dimension_count": 64},
    ),
    "qwen3.5-0.8b": P(
        "qwen35", 24, 1024, 8, 2, 3584, 248320, _qwen3next, head=256, is_tied=True,
        facts={**_ssm(4, 2048, 128, 16, 16), "rope.dimension_count": 64},
    ),
    "qwen3.5-2b": P(
        "qwen35", 24, 2048, 8, 2, 6144, 248320, _qwen3next, head=256, is_tied=True,
        facts={**_ssm(4, 2048, 128, 16, 16), "rope.dimension_count": 64},
    ),
    "qwen3.5-4b": P(
        "qwen35", 32, 2560, 16, 4, 9216, 248320, _qwen3next, head=256, is_tied=True,
        facts={**_ssm(4, 4096, 128, 32, 16), "rope.dimension_count": 64},
    ),
    "qwen3.5-9b": P(
        "qwen35", 32, 4096, 16, 4, 12288, 248320, _qwen3next, head=256,
        facts={**_ssm(4, 4096, 128, 32, 16), "rope.dimension_count": 64},
    ),
    "qwen3.5-27b": P(
        "qwen35", 64, 5120, 24, 4, 17408, 248320, _qwen3next, head=256,
        facts={**_ssm(4, 6144, 128, 48, 16), "rope.dimension_count": 64},
    ),
    "qwen3.5-35b-a3b": P(
        "qwen35moe", 40, 2048, 16, 2, 512, 248320, _qwen3next, head=256, n_experts=256,
        n_experts_used=8, n_expert_feed_forward=512, n_shared_feed_forward=512,
        facts={**_ssm(4, 4096, 128, 32, 16), "rope.dimension_count": 64},
    ),
    "lfm2-350m": P(
        "lfm2", 16, 1024, 16, _at(_LFM2_FULL, 16, 8), 4608, 65536, _lfm2, is_tied=True,
        facts={"shortconv.l_cache": 3}, output_norm="token_embd_norm",
    ),
    "lfm2-1.2b": P(
        "lfm2", 16, 2048, 32, _at(_LFM2_FULL, 16, 8), 8192, 65536, _lfm2, is_tied=True,
        facts={"shortconv.l_cache": 3}, output_norm="token_embd_norm",
    ),
    "lfm2-8b-a1b": P(
        "lfm2moe", 24, 2048, 32, _at(_LFM2_MOE_FULL, 24, 8), 7168, 65536, _lfm2, is_tied=True,
        n_experts=32, n_experts_used=4, n_expert_feed_forward=1792, n_leading_dense=2,
        facts={"shortconv.l_cache": 3, "expert_gating_func": 2}, output_norm="token_embd_norm",
    ),
    "phi-3-mini": P("phi3", 32, 3072, 32, 32, 8192, 32064, _phi3),
    "phi-4": P("phi3", 40, 5120, 40, 10, 17920, 100352, _phi3),
    "granite-3.3-2b": P(
        "granite", 40, 2048, 32, 8, 8192, 49159, _llama, is_tied=True, facts=_SCALES
    ),
    "granite-4.0-h-micro": P(
        "granitehybrid", 40, 2048, 32, _at({5, 15, 25, 35}, 40, 8), 8192, 100352,
        _granite_hybrid, is_tied=True, facts={**_ssm(4, 4096, 128, 64, 1), **_SCALES},
    ),
    "granite-4.0-h-tiny": P(
        "granitehybrid", 40, 1536, 12, _at({5, 15, 25, 35}, 40, 4), 512, 100352,
        _granite_hybrid, is_tied=True, n_experts=64, n_experts_used=6,
        n_shared_feed_forward=1024, facts={**_ssm(4, 3072, 128, 48, 1), **_SCALES},
    ),
    "falcon-h1-1.5b": P(
        "falcon-h1", 24, 2048, 8, 2, 4096, 65537, _falcon_h1, head=128,
        facts=_ssm(4, 3072, 256, 48, 1),
    ),
    "mamba2-2.7b": P(
        "mamba2", 64, 2560, 0, 0, 0, 50280, _mamba2, head=1, is_tied=True,
        facts=_ssm(4, 5120, 128, 80, 1),
    ),
    "mamba-1.4b": P(
        "mamba", 48, 2048, 0, 0, 0, 50280, _mamba, head=1, is_tied=True,
        facts=_ssm(4, 4096, 16, 128, 0),
    ),
    "nemotron-nano-9b-v2": P(
        "nemotron_h", len(_NANO_9B), 4480, 40,
        tuple(8 if sign == "*" else 0 for sign in _NANO_9B),
        tuple(15680 if sign == "-" else 0 for sign in _NANO_9B), 131072, _nemotron_h, head=128,
        facts={**_ssm(4, 10240, 128, 128, 8), "attention.layer_norm_epsilon": 1e-5},
    ),
    "jamba-reasoning-3b": P(
        "jamba", 28, 2560, 20, _at({7, 21}, 28, 1), 8192, 65536, _jamba, is_tied=True,
        facts=_ssm(4, 5120, 16, 160, 0),
    ),
    "olmo-2-1b": P("olmo2", 16, 2048, 16, 16, 8192, 100352, _olmo2),
    "olmo-3-7b": P("olmo2", 32, 4096, 32, 32, 11008, 100278, _olmo2, window=4096),
    "command-r7b": P(
        "cohere2", 32, 4096, 32, 8, 14336, 256000, _cohere2, is_tied=True, window=4096,
        facts={"logit_scale": 0.25, "attention.layer_norm_epsilon": 1e-5},
    ),
    "glm-4-9b": P("glm4", 40, 4096, 32, 2, 13696, 151552, _glm4, head=128),
    "glm-4.5-air": P(
        "glm4moe", 46, 4096, 96, 8, 10944, 151552, _glm4moe, head=128, n_experts=128,
        n_experts_used=8, n_expert_feed_forward=1408, n_shared_feed_forward=1408,
        n_leading_dense=1, n_draft_layers=1,
        facts={"expert_shared_count": 1, "expert_gating_func": 2, "rope.dimension_count": 64},
    ),
    "exaone-4.0-1.2b": P("exaone4", 30, 2048, 32, 8, 4096, 102400, _exaone4, is_tied=True),
    "smollm3-3b": P("smollm3", 36, 2048, 16, 4, 11008, 128256, _llama, is_tied=True),
    "starcoder2-3b": P(
        "starcoder2", 30, 3072, 24, 2, 12288, 49152, _starcoder2, is_tied=True,
        ends=_norm_bias, facts={"attention.layer_norm_epsilon": 1e-5},
    ),
    "ernie-4.5-0.3b": P(
        "ernie4_5", 18, 1024, 16, 2, 3072, 103424, _llama, head=128, is_tied=True
    ),
    "ernie-4.5-21b-a3b": P(
        "ernie4_5-moe", 28, 2560, 20, 4, 12288, 103424, _ernie4_5_moe, head=128, is_tied=True,
        n_experts=64, n_experts_used=6, n_expert_feed_forward=1536,
        n_shared_feed_forward=3072, n_leading_dense=1, facts={"interleave_moe_layer_step": 1},
    ),
    "olmoe-1b-7b": P(
        "olmoe", 16, 2048, 16, 16, 1024, 50304, _olmoe, n_experts=64, n_experts_used=8
    ),
    "hunyuan-1.8b": P(
        "hunyuan-dense", 32, 2048, 16, 4, 6144, 120818, _qwen3, head=128, is_tied=True
    ),
    "internlm2-1.8b": P("internlm2", 24, 2048, 16, 8, 8192, 92544, _llama),
    "minicpm-2b": P("minicpm", 40, 2304, 36, 36, 5760, 122753, _llama, is_tied=True),
    "minicpm3-4b": P(
        "minicpm3", 62, 2560, 40, 40, 6400, 73448, _minicpm3, head=96, head_value=64,
        is_tied=True,
        facts={
            "attention.kv_lora_rank": 256,
            "attention.q_lora_rank": 768,
            "rope.dimension_count": 32,
        },
    ),
    "ling-mini-2.0": P(
        "bailingmoe2", 20, 2048, 16, 4, 5120, 157184, _bailingmoe2, head=128, n_experts=256,
        n_experts_used=8, n_expert_feed_forward=512, n_shared_feed_forward=512,
        n_leading_dense=1,
        facts={"expert_shared_count": 1, "expert_gating_func": 2, "rope.dimension_count": 64},
    ),
    "ministral-3-3b": P(
        "mistral3", 26, 3072, 32, 8, 9216, 131072, _llama, head=128, is_tied=True
    ),
    "ministral-3-8b": P("mistral3", 34, 4096, 32, 8, 14336, 131072, _llama, head=128),
    "ministral-3-14b": P("mistral3", 40, 5120, 32, 8, 16384, 131072, _llama, head=128),
    "llama-4-scout": P(
        "llama4", 48, 5120, 40, 8, 16384, 202048, _llama4, head=128, n_experts=16,
        n_experts_used=1, n_expert_feed_forward=8192, n_shared_feed_forward=8192,
        facts={"interleave_moe_layer_step": 1},
    ),
    "smallthinker-21b-a3b": P(
        "smallthinker", 52, 2560, 28, 4, 768, 151936, _llama, head=128, n_experts=64,
        n_experts_used=6, n_expert_feed_forward=768, facts={"expert_gating_func": 2},
        window=4096, is_tied=True,
    ),
    "plamo-2-1b": P(
        "plamo2", 16, 2048, 16, _at(set(range(1, 16, 2)), 16, 1), 8192, 100032, _plamo2,
        head=128, is_tied=True, facts=_ssm(4, 4096, 64, 32, 0),
    ),
    "rwkv7-2.9b": P(
        "rwkv7", 32, 2560, 0, 0, 10240, 65536, _rwkv7, head=1, ends=_rwkv7_ends,
        facts={
            "wkv.head_size": 64,
            "attention.decay_lora_rank": 96,
            "attention.iclr_lora_rank": 96,
            "attention.value_residual_mix_lora_rank": 64,
            "attention.gate_lora_rank": 320,
            "attention.layer_norm_epsilon": 1e-5,
        },
    ),
    "afm-4.5b": P("arcee", 36, 2560, 20, 4, 18432, 128000, _arcee),
}  # fmt: skip
