"""Which type each tensor gets in a quantization, as llama.cpp's quantizer chooses it.

Follows `llama_tensor_get_type_impl` (src/llama-quant.cpp of llama.cpp 0c1e570), without an
importance matrix.
"""

from dataclasses import dataclass, field

from app.core.gguf_types import FILE_TYPES, TENSOR_TYPES

TYPE_IDS = {kind.name: number for number, kind in TENSOR_TYPES.items()}
FILE_TYPE_IDS = {name: number for number, name in FILE_TYPES.items()}
BASE_TYPES = {
    "Q2_K_S": "Q2_K",
    "Q3_K_S": "Q3_K",
    "Q3_K_M": "Q3_K",
    "Q3_K_L": "Q3_K",
    "Q4_K_S": "Q4_K",
    "Q4_K_M": "Q4_K",
    "Q5_K_S": "Q5_K",
    "Q5_K_M": "Q5_K",
    "IQ2_S": "IQ2_XS",
    "IQ2_M": "IQ2_S",
    "IQ3_XS": "IQ3_S",
    "IQ3_M": "IQ3_S",
}
"""`llama_ftype_get_default_type`, where the names differ."""
_TINY = frozenset({"IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ2_M"})
_SMALLER_BLOCK = {"Q4_K": "Q5_0", "Q5_K": "Q5_1", "Q6_K": "Q8_0", "Q2_K": "Q4_0", "Q3_K": "Q4_0"}


@dataclass
class Mix:
    """Chooses types for one model, tensor after tensor in the order of the file.

    Attributes:
        quantization: such as "Q4_K_M".
        n_attention_values: layers with an attn_v or attn_qkv tensor.
        n_layers: of the model.
        queries_per_key: query heads for each key head in the first layer.
    """

    quantization: str
    n_attention_values: int
    n_layers: int
    queries_per_key: int
    n_experts: int = 0
    is_tied: bool = False
    _seen: dict[str, int] = field(default_factory=dict)

    def type_of(self, name: str, shape: tuple[int, ...]) -> str:
        """Give the type of a tensor that is quantized at all."""
        base = BASE_TYPES.get(self.quantization, self.quantization)
        if base in {"F32", "F16", "BF16"}:
            return base
        return _fitting(self._wanted(name, shape, base), shape[0])

    def _wanted(self, name: str, shape: tuple[int, ...], base: str) -> str:
        is_embedding = name.endswith("token_embd.weight")
        if name == "output.weight" or (is_embedding and self.is_tied):
            return self._output(base, shape[0])
        if self.quantization == "MXFP4":
            return "MXFP4" if len(shape) > 2 else "Q8_0"
        if is_embedding:
            return self._embedding(base)
        for part, choose in (
            ("attn_qkv.", self._value),
            ("attn_kv_b.", self._value),
            ("attn_v.", self._value),
            ("attn_k.", self._key),
            ("attn_q.", self._query),
            ("attn_output.", self._attention_output),
            ("ffn_down", self._down),
        ):
            if part in name:
                return choose(name, base)
        return base

    def _output(self, base: str, width: int) -> str:
        if self.quantization == "MXFP4" or width % TENSOR_TYPES[TYPE_IDS[base]].block:
            return "Q8_0"
        if self.quantization in _TINY | {"IQ3_XXS"}:
            return "Q5_K"
        return base if base == "Q8_0" else "Q6_K"

    def _embedding(self, base: str) -> str:
        if self.quantization in {"IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS"}:
            return "Q2_K"
        return "IQ3_S" if self.quantization in {"IQ2_S", "IQ2_M", "IQ3_XXS"} else base

    def _count(self, what: str) -> int:
        number = self._seen.get(what, 0)
        self._seen[what] = number + 1
        return number

    def _layer(self, name: str, number: int) -> int:
        return int(name.split(".")[1]) if self.n_experts > 1 else number

    def _value(self, _name: str, base: str) -> str:
        number, grouped = self._count("value"), self.queries_per_key >= 4
        if self.quantization in _TINY:
            big = "IQ3_S" if self.quantization in {"IQ2_S", "IQ2_M"} else "Q2_K"
            return "Q4_K" if grouped or self.n_experts >= 4 else big
        if self.n_experts == 8:
            return "Q8_0"
        return {
            "Q2_K": "Q4_K" if grouped else "Q3_K",
            "Q2_K_S": "Q4_K" if grouped else base,
            "IQ3_XXS": "Q4_K" if grouped else "IQ3_S",
            "IQ3_XS": "Q4_K" if grouped else base,
            "IQ3_S": "Q4_K" if grouped else base,
            "IQ3_M": "Q4_K",
            "Q3_K_M": "Q5_K" if number < 2 else "Q4_K",
            "Q3_K_L": "Q5_K",
            "IQ4_NL": "Q5_K" if grouped else base,
            "IQ4_XS": "Q5_K" if grouped else base,
            "Q4_K_M": "Q6_K" if _gets_more(number, self.n_attention_values) else base,
            "Q5_K_M": "Q6_K" if _gets_more(number, self.n_attention_values) else base,
            "Q4_K_S": "Q5_K" if number < 4 else base,
        }.get(self.quantization, base)

    def _key(self, name: str, base: str) -> str:
        if self.n_experts == 8:
            return "Q4_K" if self.quantization in _TINY else "Q8_0"
        return self._query(name, base)

    def _query(self, _name: str, base: str) -> str:
        return {"IQ3_XS": "IQ3_XXS", "IQ3_XXS": "IQ2_S"}.get(self.quantization, base)

    def _attention_output(self, _name: str, base: str) -> str:
        if self.n_experts == 8:
            stays = {"Q8_0", "Q6_K", "Q5_K_M", "Q5_K_S", "Q4_0", "Q4_1", "Q5_0", "Q5_1"}
            return base if self.quantization in stays else "Q5_K"
        return {
            "IQ1_S": "IQ2_XXS",
            "IQ1_M": "IQ2_XXS",
            "IQ2_S": "IQ3_S",
            "IQ2_M": "IQ3_S",
            "Q2_K": "Q3_K",
            "IQ3_XXS": "IQ3_S",
            "Q3_K_M": "Q4_K",
            "Q3_K_L": "Q5_K",
            "IQ3_M": "Q4_K",
        }.get(self.quantization, base)

    def _down(self, name: str, base: str) -> str:
        number, n_down = self._count("down"), self.n_layers
        if self.quantization in _TINY:
            big = "IQ3_S" if self.quantization in {"IQ2_S", "IQ2_M"} else "Q2_K"
            return big if number < n_down // 8 else base
        layer = self._layer(name, number)
        is_early = layer < n_down // 8
        return {
            "Q2_K": "Q3_K",
            "Q2_K_S": "Q4_K" if is_early else base,
            "IQ3_XXS": "Q4_K" if is_early else "Q3_K",
            "Q3_K_M": "Q5_K" if layer < n_down // 16 else "Q4_K",
            "IQ3_M": "Q4_K" if is_early else base,
            "Q3_K_L": "Q5_K",
            "Q4_K_M": "Q6_K" if _gets_more(layer, n_down) else base,
            "Q5_K_M": "Q6_K" if _gets_more(layer, n_down) else base,
            "IQ4_NL": "Q5_K" if is_early else base,
            "IQ4_XS": "Q5_K" if is_early else base,
            "Q4_K_S": "Q5_K" if is_early else base,
        }.get(self.quantization, base)


def _gets_more(layer: int, n_layers: int) -> bool:
    """`use_more_bits`."""
    eighth = n_layers // 8
    return layer < eighth or layer >= 7 * n_layers // 8 or (layer - eighth) % 3 == 2


def _fitting(wanted: str, width: int) -> str:
    """`tensor_type_fallback`: a type whose blocks fit into a row."""
    if width % TENSOR_TYPES[TYPE_IDS[wanted]].block == 0:
        return wanted
    smaller = _SMALLER_BLOCK.get(wanted, "IQ4_NL" if wanted.startswith("IQ") else wanted)
    return smaller if width % TENSOR_TYPES[TYPE_IDS[smaller]].block == 0 else "F16"
