"""How large the buffers are that a model computes in."""

from dataclasses import dataclass

from app.core.model_shape import ModelShape


@dataclass(frozen=True, slots=True)
class Batch:
    n_tokens: int
    n_cells: int
    n_windowed_cells: int
    is_quantized: bool
    flash_attention: bool


def working_bytes(shape: ModelShape, batch: Batch) -> int:
    return 0


def device_working_bytes(shape: ModelShape, batch: Batch) -> int:
    return 0
