"""Qwen3 in plain numpy, to hold vectors of the last token against; independent of llama.cpp."""

import numpy as np
from numpy.typing import NDArray

from tests.engine.tiny_embedders import (
    END_OF_TEXT,
    HEAD_WIDTH,
    N_HEADS,
    N_KV_HEADS,
    N_LAYERS,
    Weights,
    byte_letters,
)

Array = NDArray[np.float64]
ROPE_BASE, EPSILON = 1e6, 1e-6


def token_ids(text: str, vocabulary: tuple[str, ...]) -> list[int]:
    """Give the tokens of a text without "th", a byte each, and the end of a text."""
    assert "th" not in text, "that would be one token"
    letters = byte_letters()
    written = [letters[one] for one in text.encode()]
    return [vocabulary.index(one) for one in (*written, END_OF_TEXT)]


def _normed(state: Array, weight: Array) -> Array:
    scaled: Array = state / np.sqrt((state**2).mean(-1, keepdims=True) + EPSILON)
    return scaled * weight


def _rotated(heads: Array) -> Array:
    """Rotate pairs of numbers, one of each half, by the place of their token."""
    half = HEAD_WIDTH // 2
    speeds = ROPE_BASE ** (-np.arange(half) / half)
    angles = np.arange(heads.shape[1])[:, None] * speeds
    cosine, sine = np.cos(angles), np.sin(angles)
    first, second = heads[..., :half], heads[..., half:]
    turned = (first * cosine - second * sine, first * sine + second * cosine)
    return np.concatenate(turned, axis=-1)


def _heads(state: Array, weight: Array, n_heads: int) -> Array:
    split: Array = (state @ weight.T).reshape(len(state), n_heads, HEAD_WIDTH)
    return split.transpose(1, 0, 2)


def _read(seen: Array, layer: dict[str, Array]) -> Array:
    """Attend to the tokens before; two heads of the query share one of key and value."""
    query = _rotated(_normed(_heads(seen, layer["attn_q"], N_HEADS), layer["attn_q_norm"]))
    key = _rotated(_normed(_heads(seen, layer["attn_k"], N_KV_HEADS), layer["attn_k_norm"]))
    value = _heads(seen, layer["attn_v"], N_KV_HEADS)
    key, value = (np.repeat(one, N_HEADS // N_KV_HEADS, axis=0) for one in (key, value))
    n = len(seen)
    later = np.triu(np.full((n, n), -np.inf), 1)
    scores = query @ key.transpose(0, 2, 1) / np.sqrt(HEAD_WIDTH) + later
    shares = np.exp(scores - scores.max(-1, keepdims=True))
    shares /= shares.sum(-1, keepdims=True)
    result: Array = (shares @ value).transpose(1, 0, 2).reshape(n, -1) @ layer["attn_output"].T
    return result


def vector(ids: list[int], weights: Weights) -> Array:
    """Compute the vector of length 1: what the last token knows of those before it."""
    state = weights["token_embd.weight"][ids].astype(np.float64)
    for number in range(N_LAYERS):
        layer = {
            name.removeprefix(f"blk.{number}.").removesuffix(".weight"): one.astype(np.float64)
            for name, one in weights.items()
            if name.startswith(f"blk.{number}.")
        }
        state = state + _read(_normed(state, layer["attn_norm"]), layer)
        seen = _normed(state, layer["ffn_norm"])
        gate = seen @ layer["ffn_gate"].T
        thought = gate / (1 + np.exp(-gate)) * (seen @ layer["ffn_up"].T)
        state = state + thought @ layer["ffn_down"].T
    last: Array = _normed(state[-1], weights["output_norm.weight"].astype(np.float64))
    return last / np.linalg.norm(last)
