"""Embedding models of each kind that can be downloaded, with random weights and few words.

What is real is what a mistake would hide in: architecture, tokenizer, pooling, and the tokens
that must stand around a text. Each file takes less than 300 KB and some hundredths of a second.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
from embedding_model import gguf_name, gguf_token
from numpy.typing import NDArray

Array = NDArray[np.float32]
Weights = dict[str, Array]
WIDTH, FEED_FORWARD, N_HEADS, N_KV_HEADS, N_LAYERS = 64, 96, 4, 2, 2
N_GEMMA_LAYERS = 6
"""Every sixth layer sees the whole text; without any of those llama.cpp would abort."""
HEAD_WIDTH = WIDTH // N_HEADS
N_CTX_TRAIN = 128
N_EXPERTS = 4
DENSE_WIDTH = 160
LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDS = ("query", "passage", "search", "document", "title", "the", "rent", "is", "due", "tenant")
PARTS = (
    *(f"attention.self.{one}" for one in ("query", "key", "value")),
    *(f"{one}.dense" for one in ("attention.output", "intermediate", "output")),
    *(f"{one}.LayerNorm" for one in ("attention.output", "output")),
)
"""What a layer of a BERT is made of, by the published names."""
END_OF_TEXT, END_OF_TURN = "<|endoftext|>", "<|im_end|>"

Token = tuple[str, gguf.TokenType, float]


@dataclass(frozen=True, slots=True)
class Tiny:
    """One model.

    Attributes:
        weights: as they are named in the file.
        vocabulary: its tokens, by number.
    """

    path: Path
    weights: Weights
    vocabulary: tuple[str, ...]


class _Writer:
    """Writes one file; always the same for the same name."""

    def __init__(self, path: Path, architecture: str, name: str) -> None:
        self.path = path
        self.out = gguf.GGUFWriter(path, architecture)
        self.out.add_type(gguf.GGUFType.MODEL)
        self.out.add_name(name)
        self.weights: Weights = {}
        self._numbers = np.random.default_rng(seed=len(architecture))
        self.vocabulary: tuple[str, ...] = ()

    def dimensions(self, n_kv_heads: int = N_HEADS, n_layers: int = N_LAYERS) -> None:
        self.out.add_context_length(N_CTX_TRAIN)
        self.out.add_embedding_length(WIDTH)
        self.out.add_feed_forward_length(FEED_FORWARD)
        self.out.add_block_count(n_layers)
        self.out.add_head_count(N_HEADS)
        self.out.add_head_count_kv(n_kv_heads)

    def tokens(self, model: str, pre: str, tokens: Sequence[Token]) -> None:
        self.vocabulary = tuple(text for text, _, _ in tokens)
        self.out.add_tokenizer_model(model)
        self.out.add_tokenizer_pre(pre)
        self.out.add_token_list(self.vocabulary)
        self.out.add_token_types([kind for _, kind, _ in tokens])
        self.out.add_token_scores([score for _, _, score in tokens])

    def matrix(self, name: str, *shape: int) -> None:
        """Add weights, rows first; those of norms lie around 1."""
        numbers = self._numbers.standard_normal(shape, np.float32)
        scale = 1.0 if len(shape) == 1 or "embd" in name else shape[-1] ** -0.5
        if len(shape) == 1:
            scale = 0.1
        self.weights[name] = numbers * np.float32(scale)
        if "norm.weight" in name:
            self.weights[name] += 1

    def linear(self, name: str, n_out: int, n_in: int, *, bias: bool = False) -> None:
        self.matrix(f"{name}.weight", n_out, n_in)
        if bias:
            self.matrix(f"{name}.bias", n_out)

    def norm(self, name: str, width: int = WIDTH, *, bias: bool = False) -> None:
        self.matrix(f"{name}.weight", width)
        if bias:
            self.matrix(f"{name}.bias", width)

    def write(self) -> Tiny:
        for name, numbers in self.weights.items():
            self.out.add_tensor(name, numbers)
        self.out.write_header_to_file()
        self.out.write_kv_data_to_file()
        self.out.write_tensors_to_file()
        self.out.close()
        return Tiny(self.path, self.weights, self.vocabulary)


# --- tokenizers --------------------------------------------------------------------------------


def _word_pieces(writer: _Writer) -> None:
    """BERT's: [CLS] before, [SEP] behind."""
    control = gguf.TokenType.CONTROL
    tokens: list[Token] = [("[PAD]", control, 0.0), ("[UNK]", gguf.TokenType.UNKNOWN, 0.0)]
    tokens += [(text, control, 0.0) for text in ("[CLS]", "[SEP]", "[MASK]")]
    plain = [*WORDS, *LETTERS, *(f"##{one}" for one in LETTERS), *".:,?"]
    tokens += [(gguf_token(text), gguf.TokenType.NORMAL, 0.0) for text in plain]
    writer.tokens("bert", "default", tokens)
    out = writer.out
    out.add_token_type_count(2)
    out.add_pad_token_id(0)
    out.add_unk_token_id(1)
    out.add_bos_token_id(2)
    out.add_sep_token_id(3)
    out.add_mask_token_id(4)


def _unigrams(writer: _Writer, *, says_what_is_around: bool = True) -> None:
    """XLM-R's: <s> before, </s> behind, if the file says so."""
    control = gguf.TokenType.CONTROL
    tokens: list[Token] = [(text, control, 0.0) for text in ("<s>", "<pad>", "</s>")]
    tokens.append(("<unk>", gguf.TokenType.UNKNOWN, 0.0))
    tokens += [(f"\u2581{one}", gguf.TokenType.NORMAL, -3.0) for one in WORDS]
    single = ("\u2581", *LETTERS, *".:,?")
    tokens += [(one, gguf.TokenType.NORMAL, -6.0) for one in single]
    writer.tokens("t5", "default", tokens)
    out = writer.out
    out.add_token_type_count(1)
    out.add_bos_token_id(0)
    out.add_pad_token_id(1)
    out.add_eos_token_id(2)
    out.add_sep_token_id(2)
    out.add_unk_token_id(3)
    out.add_add_space_prefix(value=True)
    out.add_remove_extra_whitespaces(value=True)
    out.add_add_bos_token(value=says_what_is_around)
    out.add_add_eos_token(value=says_what_is_around)


def _sentence_pieces(writer: _Writer) -> None:
    """Gemma's: <bos> before, <eos> behind."""
    control = gguf.TokenType.CONTROL
    tokens: list[Token] = [(text, control, 0.0) for text in ("<pad>", "<eos>", "<bos>")]
    tokens.append(("<unk>", gguf.TokenType.UNKNOWN, 0.0))
    tokens += [(f"<0x{one:02X}>", gguf.TokenType.BYTE, 0.0) for one in range(256)]
    tokens += [(one, gguf.TokenType.NORMAL, -9.0) for one in ("\u2581", *LETTERS)]
    writer.tokens("llama", "default", tokens)
    out = writer.out
    out.add_pad_token_id(0)
    out.add_eos_token_id(1)
    out.add_bos_token_id(2)
    out.add_unk_token_id(3)
    out.add_add_space_prefix(value=False)
    out.add_add_bos_token(value=True)
    out.add_add_eos_token(value=True)


def byte_letters() -> dict[int, str]:
    """How tokenizers of the kind of GPT-2 write a byte."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [one for one in range(256) if one not in shown]
    return {one: chr(one) for one in shown} | {
        one: chr(256 + place) for place, one in enumerate(hidden)
    }


def _bytes(writer: _Writer, *, end: str, adds_end: bool | None) -> None:
    """Qwen's: nothing before; the file says which end it has, and may add it."""
    normal, control = gguf.TokenType.NORMAL, gguf.TokenType.CONTROL
    letters = byte_letters()
    tokens: list[Token] = [(letters[one], normal, 0.0) for one in range(256)]
    tokens.append((letters[ord("t")] + letters[ord("h")], normal, 0.0))
    tokens += [(one, control, 0.0) for one in (END_OF_TEXT, END_OF_TURN)]
    writer.tokens("gpt2", "qwen2", tokens)
    out = writer.out
    out.add_token_merges(["t h"])
    out.add_eos_token_id(writer.vocabulary.index(end))
    out.add_pad_token_id(writer.vocabulary.index(END_OF_TEXT))
    out.add_add_bos_token(value=False)
    if adds_end is not None:
        out.add_add_eos_token(value=adds_end)


# --- architectures -----------------------------------------------------------------------------


def _bert_layers(writer: _Writer, n_types: int) -> None:
    writer.matrix("token_embd.weight", len(writer.vocabulary), WIDTH)
    writer.matrix("position_embd.weight", N_CTX_TRAIN, WIDTH)
    writer.matrix("token_types.weight", n_types, WIDTH)
    writer.norm("token_embd_norm", bias=True)
    for number in range(N_LAYERS):
        layer = f"blk.{number}."
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            writer.linear(layer + part, WIDTH, WIDTH, bias=True)
        writer.norm(f"{layer}attn_output_norm", bias=True)
        writer.linear(f"{layer}ffn_up", FEED_FORWARD, WIDTH, bias=True)
        writer.linear(f"{layer}ffn_down", WIDTH, FEED_FORWARD, bias=True)
        writer.norm(f"{layer}layer_output_norm", bias=True)


def _encoder(writer: _Writer, pooling: gguf.PoolingType | None) -> None:
    writer.dimensions()
    writer.out.add_layer_norm_eps(1e-12)
    writer.out.add_causal_attention(value=False)
    if pooling is not None:
        writer.out.add_pooling_type(pooling)


def bert(
    path: Path,
    pooling: gguf.PoolingType | None = gguf.PoolingType.CLS,
    leaves_out: str = "",
) -> Tiny:
    """As bge-small and arctic-embed: word pieces; the first token is the vector."""
    writer = _Writer(path, "bert", "Tiny BERT")
    _encoder(writer, pooling)
    _word_pieces(writer)
    _bert_layers(writer, 2)
    if pooling is gguf.PoolingType.RANK:
        writer.linear("cls", WIDTH, WIDTH, bias=True)
        writer.linear("cls.output", 1, WIDTH, bias=True)
    writer.weights.pop(leaves_out, None)
    return writer.write()


def xlm_roberta(
    path: Path,
    pooling: gguf.PoolingType = gguf.PoolingType.MEAN,
    *,
    says_what_is_around: bool = True,
) -> Tiny:
    """As multilingual-e5 (mean) and bge-m3 (first token): pieces by likelihood."""
    writer = _Writer(path, "bert", "Tiny XLM-R")
    _encoder(writer, pooling)
    _unigrams(writer, says_what_is_around=says_what_is_around)
    _bert_layers(writer, 1)
    return writer.write()


def nomic(path: Path, *, has_experts: bool = False) -> Tiny:
    """As nomic-embed-text v1.5, or v2 with experts in every second layer: rotated positions."""
    writer = _Writer(path, "nomic-bert-moe" if has_experts else "nomic-bert", "Tiny Nomic")
    _encoder(writer, gguf.PoolingType.MEAN)
    writer.out.add_rope_freq_base(10_000.0)
    if has_experts:
        writer.out.add_moe_every_n_layers(2)
        writer.out.add_expert_count(N_EXPERTS)
        writer.out.add_expert_used_count(2)
        _unigrams(writer)
    else:
        _word_pieces(writer)
    writer.matrix("token_embd.weight", len(writer.vocabulary), WIDTH)
    writer.matrix("token_types.weight", 1 if has_experts else 2, WIDTH)
    writer.norm("token_embd_norm", bias=True)
    for number in range(N_LAYERS):
        layer = f"blk.{number}."
        writer.linear(f"{layer}attn_qkv", 3 * WIDTH, WIDTH, bias=has_experts)
        writer.linear(f"{layer}attn_output", WIDTH, WIDTH, bias=has_experts)
        writer.norm(f"{layer}attn_output_norm", bias=True)
        if has_experts and number % 2:
            writer.matrix(f"{layer}ffn_gate_inp.weight", N_EXPERTS, WIDTH)
            writer.matrix(f"{layer}ffn_up_exps.weight", N_EXPERTS, FEED_FORWARD, WIDTH)
            writer.matrix(f"{layer}ffn_down_exps.weight", N_EXPERTS, WIDTH, FEED_FORWARD)
        else:
            writer.linear(f"{layer}ffn_up", FEED_FORWARD, WIDTH, bias=has_experts)
            writer.linear(f"{layer}ffn_down", WIDTH, FEED_FORWARD, bias=has_experts)
            if not has_experts:
                writer.linear(f"{layer}ffn_gate", FEED_FORWARD, WIDTH)
        writer.norm(f"{layer}layer_output_norm", bias=True)
    return writer.write()


def _decoder_layers(
    writer: _Writer, n_kv_heads: int, n_layers: int = N_LAYERS, *, is_gemma: bool = False
) -> None:
    writer.matrix("token_embd.weight", len(writer.vocabulary), WIDTH)
    writer.norm("output_norm")
    for number in range(n_layers):
        layer = f"blk.{number}."
        writer.norm(f"{layer}attn_norm")
        writer.linear(f"{layer}attn_q", WIDTH, WIDTH)
        for part in ("attn_k", "attn_v"):
            writer.linear(layer + part, n_kv_heads * HEAD_WIDTH, WIDTH)
        for part in ("attn_q_norm", "attn_k_norm"):
            writer.norm(layer + part, HEAD_WIDTH)
        writer.linear(f"{layer}attn_output", WIDTH, WIDTH)
        writer.norm(f"{layer}ffn_norm")
        for part in ("ffn_gate", "ffn_up"):
            writer.linear(layer + part, FEED_FORWARD, WIDTH)
        writer.linear(f"{layer}ffn_down", WIDTH, FEED_FORWARD)
        if is_gemma:
            for part in ("post_attention_norm", "post_ffw_norm"):
                writer.norm(layer + part)


def _decoder(writer: _Writer, n_kv_heads: int, n_layers: int = N_LAYERS) -> None:
    writer.dimensions(n_kv_heads, n_layers)
    writer.out.add_key_length(HEAD_WIDTH)
    writer.out.add_value_length(HEAD_WIDTH)
    writer.out.add_layer_norm_rms_eps(1e-6)
    writer.out.add_rope_freq_base(1e6)


def gemma(path: Path, *, has_dense: bool = True, n_layers: int = N_GEMMA_LAYERS) -> Tiny:
    """As embeddinggemma: the mean of all tokens, through two more layers."""
    writer = _Writer(path, "gemma-embedding", "Tiny EmbeddingGemma")
    _decoder(writer, 1, n_layers)
    writer.out.add_sliding_window(32)
    writer.out.add_causal_attention(value=False)
    writer.out.add_pooling_type(gguf.PoolingType.MEAN)
    if has_dense:
        writer.out.add_dense_features_dims("dense_2", WIDTH, DENSE_WIDTH)
        writer.out.add_dense_features_dims("dense_3", DENSE_WIDTH, WIDTH)
    _sentence_pieces(writer)
    _decoder_layers(writer, 1, n_layers, is_gemma=True)
    if has_dense:
        writer.linear("dense_2", DENSE_WIDTH, WIDTH)
        writer.linear("dense_3", WIDTH, DENSE_WIDTH)
    return writer.write()


def qwen(path: Path, *, end: str = END_OF_TEXT, adds_end: bool | None = True) -> Tiny:
    """As Qwen3-Embedding: reads forward; the last token is the vector.

    Args:
        path: of the file.
        end: what the file names as the end of a text.
        adds_end: the file asks for it to be added; None if it says nothing.
    """
    writer = _Writer(path, "qwen3", "Qwen3 Embedding Tiny")
    _decoder(writer, N_KV_HEADS)
    writer.out.add_pooling_type(gguf.PoolingType.LAST)
    _bytes(writer, end=end, adds_end=adds_end)
    _decoder_layers(writer, N_KV_HEADS)
    return writer.write()


def published_names(weights: Weights) -> dict[str, NDArray[np.float64]]:
    """Give the weights of a BERT by the names under which they are published."""
    stems = [f"encoder.layer.{number}.{part}" for number in range(N_LAYERS) for part in PARTS]
    stems += [f"embeddings.{one}_embeddings" for one in ("word", "position", "token_type")]
    stems.append("embeddings.LayerNorm")
    names = (f"{stem}.{kind}" for stem in stems for kind in ("weight", "bias"))
    return {
        name: weights[ours].astype(np.float64)
        for name in names
        if (ours := gguf_name(name)) is not None and ours in weights
    }


def published_token(written: str) -> str:
    """Give a word piece as it is published, from how the file has it."""
    if written.startswith("["):
        return written
    return written[1:] if written.startswith("\u2581") else f"##{written}"


KINDS: dict[str, Callable[[Path], Tiny]] = {
    "bge-small-en-v1.5": bert,
    "snowflake-arctic-embed-xs": bert,
    "multilingual-e5-small": xlm_roberta,
    "bge-m3": lambda path: xlm_roberta(path, gguf.PoolingType.CLS),
    "nomic-embed-text-v1.5": nomic,
    "nomic-embed-text-v2-moe": lambda path: nomic(path, has_experts=True),
    "embeddinggemma-300M": gemma,
    "Qwen3-Embedding-0.6B": qwen,
}
"""One of each kind, by a name under which its profile is known."""
