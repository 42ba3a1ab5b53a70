"""How much memory a model takes, by arithmetic alone.

What the engine allocates follows llama.cpp 0c1e570: src/llama-kv-cache*.cpp,
src/llama-memory-recurrent.cpp, llama_context::output_reserve. It is compared with the engine's
own count in tests/engine/test_memory_formula.py, and what the process grows by besides with a
real process in tests/engine/test_memory_of_process.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.core.fit.process_memory import process_bytes
from app.core.fit.working_memory import Batch, Part, working_bytes
from app.core.model_shape import LayerShape, ModelShape, bytes_of
from app.core.placement import KvType, Placement, layer_owners

CONTEXT_STEP = 256
"""llama.cpp rounds context lengths up to this (tokens)."""
FLOAT_BYTES = 4
"""Results are kept in F32."""
REPACKED_TYPES = frozenset({"Q4_0", "Q4_K", "IQ4_NL", "MXFP4"})
"""Types that a processor of the usual kind (AVX2) keeps in another layout (repack.cpp). Of a
tied embedding in one of them the engine holds both layouts."""
REPACKED_ROWS = 8
"""Rows are repacked by so many at a time."""


@dataclass(frozen=True, slots=True)
class MemoryShare:
    """What one device holds, in bytes.

    Attributes:
        weights_bytes: what was learnt.
        conversation_bytes: KV cache and recurrent state.
        working_bytes: buffers to compute in, results, tokenizer.
    """

    weights_bytes: int = 0
    conversation_bytes: int = 0
    working_bytes: int = 0

    @property
    def total_bytes(self) -> int:
        """All of it."""
        return self.weights_bytes + self.conversation_bytes + self.working_bytes


@dataclass(frozen=True, slots=True)
class MemoryNeed:
    """What a model takes as placed: on the processor, and on each device of the placement."""

    processor: MemoryShare
    devices: tuple[MemoryShare, ...] = ()

    @property
    def shares(self) -> tuple[MemoryShare, ...]:
        """The processor's and the devices' shares."""
        return (self.processor, *self.devices)

    @property
    def weights_bytes(self) -> int:
        """Weights everywhere."""
        return sum(share.weights_bytes for share in self.shares)

    @property
    def conversation_bytes(self) -> int:
        """KV cache and recurrent state everywhere."""
        return sum(share.conversation_bytes for share in self.shares)

    @property
    def working_bytes(self) -> int:
        """Everything else."""
        return sum(share.working_bytes for share in self.shares)

    @property
    def total_bytes(self) -> int:
        """All of it."""
        return sum(share.total_bytes for share in self.shares)


NO_MEMORY = MemoryNeed(MemoryShare())
"""What nothing takes."""


def predict_memory(shape: ModelShape, placement: Placement) -> MemoryNeed:
    """Say how much memory a model takes as placed, in well under a millisecond."""
    need = engine_need(shape, placement)
    processor = need.processor
    besides = processor.working_bytes + process_bytes(shape, batch_of(shape, placement))
    return MemoryNeed(
        MemoryShare(processor.weights_bytes, processor.conversation_bytes, besides), need.devices
    )


def engine_need(shape: ModelShape, placement: Placement) -> MemoryNeed:
    """Say what the engine allocates: weights, conversation, buffers and results."""
    batch = batch_of(shape, placement)
    n_all = len(shape.layers) + shape.n_draft_layers
    owners = layer_owners(n_all, placement)[: len(shape.layers)]
    n_owners = 1 + len(placement.devices)
    weights = _weights(shape, placement, owners, n_owners)
    conversation = _conversation(shape, placement, batch, owners, n_owners)
    working = _working(shape, placement, batch, owners)
    shares = [MemoryShare(*parts) for parts in zip(weights, conversation, working, strict=True)]
    return MemoryNeed(shares[0], tuple(shares[1:]))


def batch_of(shape: ModelShape, placement: Placement) -> Batch:
    """Give how many tokens are computed at once, and how many are seen by them."""
    n_tokens = min(max(1, placement.n_ctx), max(1, placement.n_batch))
    n_cells = _padded(max(1, placement.n_ctx))
    windowed = min(n_cells, _padded(min(n_cells, shape.window_tokens + n_tokens)))
    return Batch(
        n_tokens=n_tokens,
        n_cells=n_cells,
        n_windowed_cells=windowed if shape.window_tokens else 0,
        is_quantized=placement.kv_type is not KvType.F16,
        flash_attention=placement.flash_attention,
    )


def _padded(n_tokens: int) -> int:
    return -(-n_tokens // CONTEXT_STEP) * CONTEXT_STEP


# --- weights ---------------------------------------------------------------------------------


def _weights(
    shape: ModelShape, placement: Placement, owners: list[int], n_owners: int
) -> list[int]:
    """Sum the weights by owner: the processor and each device."""
    sums = [0] * n_owners
    sums[0] += bytes_of(shape.embedding) + bytes_of(shape.tables)
    output_owner = _output_owner(placement)
    sums[output_owner] += bytes_of(shape.output) + _second_embedding(shape, placement)
    for number, (layer, owner) in enumerate(zip(shape.layers, owners, strict=True)):
        sums[owner] += bytes_of(layer.weights)
        stays = number < placement.n_processor_experts
        sums[0 if stays else owner] += bytes_of(layer.experts)
    return sums


def _output_owner(placement: Placement) -> int:
    """The first layer that is offloaded is the output; it goes to the last device used."""
    used = [number for number, n in enumerate(placement.device_layers, start=1) if n]
    return used[-1] if used else 0


def _second_embedding(shape: ModelShape, placement: Placement) -> int:
    """Bytes of the embedding's copy that serves as the output."""
    if not shape.is_tied:
        return 0
    is_repacked = (
        not placement.use_mmap
        and shape.n_vocabulary % REPACKED_ROWS == 0
        and all(kind in REPACKED_TYPES for kind, _ in shape.embedding)
    )
    is_twice = _output_owner(placement) or is_repacked or shape.is_embedding_doubled
    return bytes_of(shape.embedding) if is_twice else 0


# --- conversation ----------------------------------------------------------------------------


def _conversation(
    shape: ModelShape, placement: Placement, batch: Batch, owners: list[int], n_owners: int
) -> list[int]:
    """Sum KV cache and recurrent state by owner."""
    sums = [0] * n_owners
    # Without flash attention values lie the other way round, all as wide as the widest
    # (TAG_V_CACHE_VARIABLE, llama-kv-cache.cpp).
    widest = 0 if placement.flash_attention else _widest_value(shape.layers)
    for layer, owner in zip(shape.layers, owners, strict=True):
        sums[owner] += layer.state_bytes
        if layer.k_width or layer.v_width:
            v_width = max(layer.v_width, widest) if layer.v_width else 0
            row = row_bytes(layer.k_width, placement.kv_type)
            row += row_bytes(v_width, placement.kv_type)
            sums[owner] += row * (batch.n_windowed_cells if layer.is_windowed else batch.n_cells)
    return sums


def _widest_value(layers: Iterable[LayerShape]) -> int:
    return max((layer.v_width for layer in layers), default=0)


def row_bytes(width: int, kv_type: KvType) -> int:
    """Bytes that `width` numbers take in the cache."""
    return width * 2 if kv_type is KvType.F16 else width // 32 * 34


# --- buffers ---------------------------------------------------------------------------------


def _working(
    shape: ModelShape, placement: Placement, batch: Batch, owners: list[int]
) -> list[int]:
    """Sum buffers to compute in, by owner, and the results."""
    parts = [_part(shape, placement, owners, owner) for owner in range(1 + len(placement.devices))]
    sums = working_bytes(shape, batch, parts)
    sums[0] += FLOAT_BYTES * shape.n_vocabulary
    return sums


def _part(shape: ModelShape, placement: Placement, owners: list[int], owner: int) -> Part:
    """Say what the processor (0) or a device computes."""
    own, with_experts, foreign = set(), False, set()
    for number, (layer, its_owner) in enumerate(zip(shape.layers, owners, strict=True)):
        stays = number < placement.n_processor_experts
        if its_owner == owner:
            own.add(layer.graph)
            with_experts = with_experts or owner == 0 or not stays
        elif owner == 0 and stays and layer.experts:
            foreign.add(layer.graph)
    return Part(
        graphs=frozenset(own),
        with_experts=with_experts,
        foreign_experts=frozenset(foreign),
        with_output=_output_owner(placement) == owner,
    )
