"""What a process grows by beside what the engine allocates as weights, cache and buffers.

Counted from the structures of llama.cpp 0c1e570 (libstdc++, 64 bits), and compared with the
growth of real processes in tests/engine/test_memory_of_process.py.
"""

from app.core.fit.working_memory import Batch
from app.core.model_shape import ModelShape

LIBRARY_BYTES = 7 * 2**20
"""Code of the libraries that only a loaded model runs, and what Python keeps of it (measured
with the smallest models: 6 to 8 MiB)."""
TOKEN_BYTES = 44
"""Of each token, text or not: llama_vocab::token_data and its number in a list of all."""
TEXT_BYTES = 135
"""Of each text: its entry in the table from texts to tokens, its piece, and its place in the
sampler's list."""
MERGE_BYTES = 105
"""Of each merge: its entry in the table of ranks."""
CELL_BYTES = 56
"""Of each cell of the cache: position, shift and the set of its sequences (llama-kv-cells.h)."""
NODE_BYTES = 408
"""Of each node that a graph has room for: ggml_tensor and its places in ggml_cgraph."""
N_GRAPHS = 3
"""The one that was reserved with, and the last two that were computed."""
NODES_PER_TENSOR = 8
MANY_NODES_PER_TENSOR = 32
MANY_NODES_ARCHITECTURES = frozenset(
    {
        "bailingmoe3",
        "deepseek4",
        "hy_v4",
        "kimi-linear",
        "minimax-01",
        "minimax-m3",
        "nanbeige",
        "qwen35",
        "qwen35moe",
        "qwen3next",
        "qwen4exp",
    }
)
MIN_NODES = 1024
"""Room that graphs are given (llama_context::graph_max_nodes)."""
QUANTIZED_BYTES = 292 / 256
"""Bytes of a number that enters a product with quantized weights (block_q8_K)."""


def process_bytes(shape: ModelShape, batch: Batch) -> int:
    """Say what the process grows by besides, in bytes."""
    return (
        LIBRARY_BYTES
        + _tokenizer_bytes(shape)
        + _graph_bytes(shape)
        + CELL_BYTES * (batch.n_cells + batch.n_windowed_cells)
        + _product_bytes(shape, batch)
    )


def _tokenizer_bytes(shape: ModelShape) -> int:
    texts = TEXT_BYTES * shape.n_vocabulary_texts
    return TOKEN_BYTES * shape.n_vocabulary + texts + MERGE_BYTES * shape.n_merges


def _graph_bytes(shape: ModelShape) -> int:
    has_many = shape.architecture in MANY_NODES_ARCHITECTURES
    per_tensor = MANY_NODES_PER_TENSOR if has_many else NODES_PER_TENSOR
    return N_GRAPHS * NODE_BYTES * max(MIN_NODES, per_tensor * shape.n_tensors)


def _product_bytes(shape: ModelShape, batch: Batch) -> int:
    """What the widest product's input takes in the form that quantized weights want."""
    experts = shape.n_experts_used * shape.n_expert_feed_forward
    widest = max(shape.n_embedding, shape.n_feed_forward, experts)
    return int(QUANTIZED_BYTES * widest * batch.n_tokens)
