"""Reads a model's shape from the header of its file."""

from app.core.gguf import GgufHeader
from app.core.model_shape import ModelShape


def shape_of(header: GgufHeader) -> ModelShape:
    """Give what of the header decides how much memory a model takes and how fast it computes."""
    raise NotImplementedError
