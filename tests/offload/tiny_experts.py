"""A model with experts, with random weights, small enough to be written for each test run."""

from pathlib import Path

import numpy as np

from tests.gguf_samples import Sample, tensor_bytes

N_LAYERS, WIDTH, N_TOKENS = 4, 128, 96
N_EXPERTS, EXPERT_WIDTH = 8, 256
N_HEADS, N_KV_HEADS, HEAD_WIDTH = 4, 2, 32
EXPERT_BYTES = 4 * 3 * WIDTH * EXPERT_WIDTH * N_EXPERTS
"""All experts of one layer."""


def write(path: Path) -> Path:
    """Write the model; always the same."""
    sample = _sample()
    header = sample.header()
    numbers = np.random.default_rng(seed=1)
    with path.open("wb") as file:
        file.write(header + b"\0" * (-len(header) % sample.alignment))
        for name, shape, _ in sample.tensors:
            size = tensor_bytes(shape) // 4
            weights = numbers.standard_normal(size, np.float32) / np.sqrt(shape[0])
            if len(shape) == 1:
                weights = np.ones(size, np.float32)
            assert tensor_bytes(shape) % sample.alignment == 0, name
            file.write(weights.astype("<f4").tobytes())
    return path


def _sample() -> Sample:
    sample = Sample()
    sample.set("general.architecture", "str", "llama")
    sample.set("llama.block_count", "u32", N_LAYERS)
    sample.set("llama.context_length", "u32", 512)
    sample.set("llama.embedding_length", "u32", WIDTH)
    sample.set("llama.feed_forward_length", "u32", EXPERT_WIDTH)
    sample.set("llama.attention.head_count", "u32", N_HEADS)
    sample.set("llama.attention.head_count_kv", "u32", N_KV_HEADS)
    sample.set("llama.attention.layer_norm_rms_epsilon", "f32", 1e-5)
    sample.set("llama.expert_count", "u32", N_EXPERTS)
    sample.set("llama.expert_used_count", "u32", 2)
    sample.set("llama.vocab_size", "u32", N_TOKENS)
    # Its tokens need no text.
    sample.set("tokenizer.ggml.model", "str", "none")
    sample.tensors = [
        ("token_embd.weight", (WIDTH, N_TOKENS), 0),
        ("output_norm.weight", (WIDTH,), 0),
        ("output.weight", (WIDTH, N_TOKENS), 0),
    ]
    for layer in range(N_LAYERS):
        shapes = {
            "attn_norm": (WIDTH,),
            "attn_q": (WIDTH, N_HEADS * HEAD_WIDTH),
            "attn_k": (WIDTH, N_KV_HEADS * HEAD_WIDTH),
            "attn_v": (WIDTH, N_KV_HEADS * HEAD_WIDTH),
            "attn_output": (N_HEADS * HEAD_WIDTH, WIDTH),
            "ffn_norm": (WIDTH,),
            "ffn_gate_inp": (WIDTH, N_EXPERTS),
            "ffn_gate_exps": (WIDTH, EXPERT_WIDTH, N_EXPERTS),
            "ffn_up_exps": (WIDTH, EXPERT_WIDTH, N_EXPERTS),
            "ffn_down_exps": (EXPERT_WIDTH, WIDTH, N_EXPERTS),
        }
        sample.tensors += [
            (f"blk.{layer}.{name}.weight", shape, 0) for name, shape in shapes.items()
        ]
    return sample
