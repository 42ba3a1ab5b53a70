"""BERT in plain numpy, from the published weights: vectors to hold the engine against.

Independent of llama.cpp and of how the model is written for it: own word pieces, own arithmetic
in float64. `python tests/engine/plain_bert.py FOLDER` (with the package's `model.safetensors` and
`vocab.txt`) wrote `minilm_vectors.json`.
"""

import base64
import json
import sys
import unicodedata
from math import erf
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
N_LAYERS, N_HEADS, MAX_TOKENS = 6, 12, 256
TEXTS = (
    "The notice period is two months.",
    "How long is the notice period?",
    "",
    "Café naïve — 100 % ÜBER 3.14, e-mail: a@b.example!",
    "合同的终止日期是什么时候？",
    "Договор заканчивается 31 декабря.",
    "unbelievabletransmogrification zzzzqx \U0001f600 [CLS] [SEP] ##ing",
    "The tenant shall pay the rent by the third working day of each month. " * 30,
)
FILE = Path(__file__).with_name("minilm_vectors.json")


def words(text: str) -> list[str]:
    """Lower case without accents, cut at blanks, punctuation and Chinese characters."""
    found: list[str] = [""]
    for sign in unicodedata.normalize("NFD", text.lower()):
        kind = unicodedata.category(sign)
        if kind == "Mn" or (kind.startswith("C") and not sign.isspace()):
            continue
        is_alone = kind.startswith("P") or sign in "$+<=>^`|~" or 0x4E00 <= ord(sign) <= 0x9FFF
        if sign.isspace():
            found.append("")
        elif is_alone:
            found += [sign, ""]
        else:
            found[-1] += sign
    return [word for word in found if word]


def pieces(word: str, vocabulary: dict[str, int]) -> list[int]:
    """Cut a word into the longest pieces known, from its beginning."""
    found, begin = [], 0
    while begin < len(word):
        for end in range(len(word), begin, -1):
            piece = ("##" if begin else "") + word[begin:end]
            if piece in vocabulary:
                found.append(vocabulary[piece])
                begin = end
                break
        else:
            return [vocabulary["[UNK]"]]
    return found


def token_ids(text: str, vocabulary: dict[str, int]) -> list[int]:
    """Give the tokens of a text with [CLS] and [SEP], at most as many as were trained on."""
    inner = [token for word in words(text) for token in pieces(word, vocabulary)]
    return [vocabulary["[CLS]"], *inner[: MAX_TOKENS - 2], vocabulary["[SEP]"]]


def vector(
    ids: list[int],
    weights: dict[str, Array],
    shape: tuple[int, int] = (N_LAYERS, N_HEADS),
    *,
    is_first_token: bool = False,
) -> Array:
    """Compute the vector of length 1: the mean of all tokens, or the first.

    Args:
        ids: of the tokens.
        weights: by their published names.
        shape: layers and heads.
        is_first_token: the first token is the vector.
    """
    n_layers, n_heads = shape

    def linear(state: Array, name: str) -> Array:
        product: Array = state @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]
        return product

    def normed(state: Array, name: str) -> Array:
        centred = state - state.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12)
        result: Array = scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]
        return result

    table = "embeddings."
    state = weights[table + "word_embeddings.weight"][ids]
    state = state + weights[table + "position_embeddings.weight"][: len(ids)]
    state = normed(state + weights[table + "token_type_embeddings.weight"][0], table + "LayerNorm")
    gelu = np.vectorize(lambda x: x * 0.5 * (1 + erf(x / 2**0.5)))
    for number in range(n_layers):
        layer = f"encoder.layer.{number}."
        query, key, value = (
            linear(state, f"{layer}attention.self.{one}")
            .reshape(len(ids), n_heads, -1)
            .transpose(1, 0, 2)
            for one in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 2, 1) / np.sqrt(query.shape[-1])
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        shares /= shares.sum(-1, keepdims=True)
        seen = (shares @ value).transpose(1, 0, 2).reshape(len(ids), -1)
        seen = linear(seen, f"{layer}attention.output.dense")
        state = normed(state + seen, f"{layer}attention.output.LayerNorm")
        thought = linear(gelu(linear(state, f"{layer}intermediate.dense")), f"{layer}output.dense")
        state = normed(state + thought, f"{layer}output.LayerNorm")
    pooled: Array = state[0] if is_first_token else state.mean(0)
    return pooled / np.linalg.norm(pooled)


def reference_vectors() -> dict[str, Array]:
    """Give the stored vectors by their texts."""
    stored = json.loads(FILE.read_text("utf-8"))
    return {
        text: np.frombuffer(base64.b64decode(encoded), np.float32).astype(np.float64)
        for text, encoded in stored.items()
    }


def main(folder: Path) -> None:
    """Compute the vectors of `TEXTS` and store them."""
    from safetensors.numpy import load_file  # noqa: PLC0415 - only needed here

    tokens = (folder / "vocab.txt").read_text("utf-8").removesuffix("\n").split("\n")
    vocabulary = {token: i for i, token in enumerate(tokens)}
    weights = {
        name: tensor.astype(np.float64)
        for name, tensor in load_file(folder / "model.safetensors").items()
    }
    found = {text: vector(token_ids(text, vocabulary), weights) for text in TEXTS}
    stored = {
        text: base64.b64encode(one.astype(np.float32).tobytes()).decode()
        for text, one in found.items()
    }
    FILE.write_text(json.dumps(stored, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
