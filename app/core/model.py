"""A model file on disk, as far as its header tells."""

from dataclasses import dataclass
from pathlib import Path

from app.core.model_shape import ModelShape


@dataclass(frozen=True, slots=True)
class ModelFile:
    """Facts of a model file, read from its header without loading it.

    Attributes:
        path: of the file; of the first one if the model comes in several.
        size_bytes: size of the file, or of all its parts together.
        modified_ns: modification time in nanoseconds, to notice that the file changed.
        n_ctx_train: longest context the model was trained for, in tokens.
        weights_bytes: sum of all tensors.
        licence: as the header names it; empty when it does not.
        shape: what decides memory and speed.
    """

    path: Path
    size_bytes: int
    modified_ns: int
    display_name: str
    architecture: str
    quantization: str
    n_ctx_train: int
    n_layers: int
    n_parameters: int
    weights_bytes: int
    licence: str
    shape: ModelShape = ModelShape()
