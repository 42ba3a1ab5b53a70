"""Dimensions of a model by layer, from the keys of its header.

Follows `load_hparams` and each `load_arch_hparams` of llama.cpp 0c1e570 (src/llama-model.cpp,
src/llama-hparams.cpp, src/models/*.cpp). Whatever is missing or absurd gets the engine's
default, or the value that takes more memory: nothing here raises.
"""

import math

from app.core.gguf import GgufHeader, LongArray
from app.core.gguf_types import RECURRENT_ARCHITECTURES

MAX_LAYERS = 512
"""LLAMA_MAX_LAYERS (llama-hparams.h)."""

_BY_KEY_HEADS = frozenset(
    {
        "bailingmoe3",
        "glm5-next",
        "granitehybrid",
        "jamba",
        "kimi-k3",
        "kimi-linear",
        "lfm2",
        "lfm2moe",
        "plamo2",
    }
)
"""Layers without key heads are recurrent."""
_EVERY_NTH_IS_FULL = {
    "minimax-01": 8,
    "qwen35": 4,
    "qwen35moe": 4,
    "qwen3next": 4,
    "qwen4exp": 4,
}
"""Every so many layers one has attention, the others are recurrent."""
_NEMOTRON_H = frozenset({"nemotron_h", "nemotron_h_moe"})

_WINDOW_PERIODS = {
    "afmoe": 4,
    "cohere2": 4,
    "cohere2moe": 4,
    "exaone-moe": 4,
    "exaone4": 4,
    "gemma2": 2,
    "gemma3": 6,
    "gemma3n": 5,
    "gpt-oss": 2,
    "laguna": 4,
    "llama4": 4,
    "mellum": 4,
    "muse-glimmer": 4,
    "olmo2": 4,
    "plamo3": 8,
    "smallthinker": 4,
}
"""Of so many layers one sees everything, unless the header says otherwise."""
_FULL_LAYER_FIRST = frozenset({"cohere2moe", "laguna", "smallthinker"})
_WINDOW_BY_ARRAY = frozenset(
    {"dots3note", "gemma4", "granite_swa", "maple", "mimo2", "spark2_5", "step35"}
)
"""The header names the windowed layers one by one."""
_DEFAULT_WINDOWS = {"exaone-moe": 128, "exaone4": 4096, "gemma2": 4096, "llama4": 8192}
_FIXED_WINDOWS = {"llama4": 8192, "smallthinker": 4096}
_EXAONE4_WINDOWED_LAYERS = 64
"""Only EXAONE 4 32B has windows."""
_GEMMA3N_OWN_LAYERS = 20
"""Layers with a KV cache of their own; the later ones use theirs (gemma3n.cpp)."""


class Dimensions:
    """Counts and widths of all layers that run.

    Attributes:
        n_layers: layers that run, without those that only serve to draft.
        n_draft: layers that are not loaded.
        n_loops: how often the layers are gone through, each time with a cache of its own.
        heads, kv_heads: by layer.
        is_windowed, is_recurrent, has_attention, owns_cache: by layer.
        window: tokens of the sliding window; 0 if there is none.
        is_latent: only keys are cached, one vector for all heads (MLA).
    """

    def __init__(self, header: GgufHeader) -> None:
        self._header = header
        self.architecture = header.architecture
        n_all = min(max(0, header.n_layers), MAX_LAYERS)
        self.n_draft = min(self.number("nextn_predict_layers"), max(0, n_all - 1))
        self.n_layers = n_all - self.n_draft
        self.n_loops = min(max(1, self.number("num_loops", 1)), MAX_LAYERS // max(1, n_all))
        self.width = self.number("embedding_length")
        self.heads = self.by_layer("attention.head_count", 0)
        self.kv_heads = self._by_layer_or("attention.head_count_kv", self.heads)
        self.feed_forward = self.by_layer("feed_forward_length", 0)
        self.window = self._window()
        self.is_windowed = self._windowed()
        self.is_recurrent = self._recurrent()
        self.has_attention = self._attention()
        n_own = self._n_own_layers()
        self.owns_cache = [i < n_own for i in range(self.n_layers)]
        self.is_latent = bool(
            self.number("attention.key_length_mla") and self.number("attention.value_length_mla")
        )
        head = self.width // self.heads[0] if self.heads and self.heads[0] else 0
        self.k_head = self.number("attention.key_length", head)
        self.v_head = self.number("attention.value_length", head)
        self.k_head_windowed = self.number("attention.key_length_swa", self.k_head)
        self.v_head_windowed = self.number("attention.value_length_swa", self.v_head)

    def number(self, key: str, default: int = 0) -> int:
        """Give a whole number that is not negative."""
        value = self._header.number(f"{self.architecture}.{key}")
        return default if value is None or value < 0 else value

    def by_layer(self, key: str, default: int) -> list[int]:
        """Give whole numbers of all layers; one number holds for all of them."""
        return self._by_layer_or(key, [default] * self.n_layers)

    def k_width(self, layer: int) -> int:
        """Keys that the cache keeps for a token."""
        head = self.k_head_windowed if self.is_windowed[layer] else self.k_head
        return head * self.kv_heads[layer] + self._index_width(layer)

    def v_width(self, layer: int) -> int:
        """Values that the cache keeps for a token."""
        if self.is_latent:
            return 0
        head = self.v_head_windowed if self.is_windowed[layer] else self.v_head
        return head * self.kv_heads[layer]

    def state_numbers(self, layer: int) -> int:
        """Numbers of the recurrent state of a layer (`n_embd_r` and `n_embd_s`)."""
        if not self.is_recurrent[layer]:
            return 0
        wkv, kda = self.number("wkv.head_size"), self.number("kda.head_dim")
        inner, state = self.number("ssm.inner_size"), self.number("ssm.state_size")
        if wkv:
            return self.width * (self.number("token_shift_count", 2) + wkv)
        if shortconv := self.number("shortconv.l_cache"):
            return self.width * (shortconv - 1)
        n_heads = self.heads[0]
        if kda:
            kernel = self.number("ssm.conv_kernel") or 4
            return kda * n_heads * (3 * (kernel - 1) + kda)
        if self.architecture == "minimax-01":
            return self.k_head * self.k_head * n_heads
        kernel = max(0, self.number("ssm.conv_kernel") - 1)
        return kernel * (inner + 2 * self.number("ssm.group_count") * state) + state * inner

    def _by_layer_or(self, key: str, default: list[int]) -> list[int]:
        value = self._header.of_architecture(key)
        if isinstance(value, bool) or value is None or isinstance(value, str | LongArray):
            return default
        if isinstance(value, tuple):
            numbers = [_count(item) for item in value[: self.n_layers]]
            return numbers + default[len(numbers) :]
        return [_count(value)] * self.n_layers

    def _window(self) -> int:
        given = self._header.of_architecture("attention.sliding_window")
        window = given if isinstance(given, int) and given > 0 else 0
        architecture = self.architecture
        if architecture == "exaone4" and self.n_layers != _EXAONE4_WINDOWED_LAYERS:
            return 0
        if given is None:
            window = _DEFAULT_WINDOWS.get(architecture, 0)
        elif window:
            window = _FIXED_WINDOWS.get(architecture, window)
        knows_windows = (
            architecture in _WINDOW_PERIODS
            or architecture in _WINDOW_BY_ARRAY
            or architecture in {"deepseek4", "lfm2"}
        )
        return window if knows_windows else 0

    def _windowed(self) -> list[bool]:
        if not self.window:
            return [False] * self.n_layers
        if self.architecture == "lfm2":
            return [n_heads > 0 for n_heads in self.kv_heads]
        if self.architecture == "deepseek4":
            return [True] * self.n_layers
        pattern = self._header.of_architecture("attention.sliding_window_pattern")
        if isinstance(pattern, tuple):
            flags = [bool(item) for item in pattern[: self.n_layers]]
            return flags + [False] * (self.n_layers - len(flags))
        period = _WINDOW_PERIODS.get(self.architecture, 1)
        if isinstance(pattern, int) and not isinstance(pattern, bool) and pattern >= 0:
            period = pattern
        if period == 0:
            return [True] * self.n_layers
        full = 0 if self.architecture in _FULL_LAYER_FIRST else period - 1
        return [i % period != full for i in range(self.n_layers)]

    def _recurrent(self) -> list[bool]:
        architecture, n_layers = self.architecture, self.n_layers
        if architecture in RECURRENT_ARCHITECTURES or architecture == "falcon-h1":
            return [True] * n_layers
        if architecture in _NEMOTRON_H:
            both = zip(self.kv_heads, self.feed_forward, strict=True)
            return [not heads and not width for heads, width in both]
        if architecture in _EVERY_NTH_IS_FULL:
            named = self._header.of_architecture("attention.recurrent_layers")
            if isinstance(named, tuple):
                flags = [bool(item) for item in named[:n_layers]]
                return flags + [False] * (n_layers - len(flags))
            default = _EVERY_NTH_IS_FULL[architecture]
            interval = max(1, self.number("full_attention_interval", default))
            return [(i + 1) % interval != 0 for i in range(n_layers)]
        if architecture in _BY_KEY_HEADS or self._has_state_keys():
            return [heads == 0 for heads in self.kv_heads]
        return [False] * n_layers

    def _has_state_keys(self) -> bool:
        """An architecture not known here that speaks of a state."""
        keys = ("ssm.state_size", "wkv.head_size", "shortconv.l_cache", "kda.head_dim")
        return any(self.number(key) for key in keys)

    def _attention(self) -> list[bool]:
        if self.architecture in RECURRENT_ARCHITECTURES:
            return [False] * self.n_layers
        if self.architecture == "falcon-h1":
            return [True] * self.n_layers
        if self.architecture in _NEMOTRON_H:
            return [heads > 0 for heads in self.kv_heads]
        return [not recurrent for recurrent in self.is_recurrent]

    def _n_own_layers(self) -> int:
        if self.architecture == "gemma3n":
            return _GEMMA3N_OWN_LAYERS
        if self.architecture == "gemma4":
            return self.n_layers - self.number("attention.shared_kv_layers")
        return self.n_layers

    def _index_width(self, layer: int) -> int:
        """Keys of the index that sparse attention looks tokens up in, kept beside the others."""
        width = self.number("attention.indexer.key_length")
        if not width or (self.architecture == "minimax-m3" and layer < self._n_dense()):
            return 0
        types = self._header.of_architecture("attention.indexer.types")
        if isinstance(types, tuple) and layer < len(types) and not types[layer]:
            return 0
        return width * (3 if self.number("attention.indexer.kpool") else 1)

    def _n_dense(self) -> int:
        return self.number("leading_dense_block_count")


def _count(value: float) -> int:
    return max(0, int(value)) if math.isfinite(value) else 0
