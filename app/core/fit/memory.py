"""How much memory a model takes, by arithmetic alone."""

from dataclasses import dataclass

from app.core.model_shape import LayerShape, ModelShape, bytes_of
from app.core.placement import KvType, Placement

CONTEXT_STEP = 256
"""llama.cpp rounds context lengths up to this (tokens)."""


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
    n_ctx = -(-placement.n_ctx // CONTEXT_STEP) * CONTEXT_STEP
    n_batch = min(n_ctx, placement.n_batch)
    windowed = min(n_ctx, -(-(shape.window_tokens + n_batch) // CONTEXT_STEP) * CONTEXT_STEP)

    def conversation_of(layer: LayerShape) -> int:
        n_cells = windowed if layer.is_windowed else n_ctx
        row = _row_bytes(layer.k_width, placement.kv_type)
        row += _row_bytes(layer.v_width, placement.kv_type)
        return n_cells * row + layer.state_bytes

    weights = shape.weights_bytes
    conversation = sum(conversation_of(layer) for layer in shape.layers)
    mask = n_batch * 2 * (n_ctx + (windowed if shape.window_tokens else 0))
    wide = 4 * n_batch * (3 * shape.n_feed_forward + 4 * shape.n_embedding)
    if shape.n_experts:
        expert = shape.n_embedding + shape.n_expert_feed_forward
        wide = max(wide, 8 * n_batch * shape.n_experts_used * expert)
    working = wide + mask + 4 * shape.n_vocabulary
    return MemoryNeed(MemoryShare(weights, conversation, working))


def _row_bytes(width: int, kv_type: KvType) -> int:
    return width * 2 if kv_type is KvType.F16 else width // 32 * 34


__all__ = ["MemoryNeed", "MemoryShare", "bytes_of", "predict_memory"]
