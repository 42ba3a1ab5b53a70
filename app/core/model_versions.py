"""Which model files are versions (quantizations) of the same model."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.core.model import ModelFile

SAME_SIZE = 0.02
"""Files whose parameters differ by less than this part are the same model: some quantizers write
an output that others share with the embedding."""

_VERSION = re.compile(
    r"""[\s._\-(\[]+
        (?: (?:UD|i1|imat|imatrix)[\s._\-]+ )?
        (?: I?Q[1-8](?:_[01]|_K|_NL|_[SMLX]{1,3})* | TQ[12]_0 | (?:MX|NV)FP4
          | BF16 | FP?16 | FP?32 | GGUF | imat | imatrix )
        (?:_MOE)? [)\]]* $""",
    re.IGNORECASE | re.VERBOSE,
)
_SEPARATORS = re.compile(r"[\s_\-]+")


@dataclass(frozen=True, slots=True)
class ModelVersions:
    """One model, in all versions of it that are known.

    Attributes:
        key: names the model for as long as one of its files is known.
        name: for the user, without the name of a quantization.
        models: its files, in the order they were given.
    """

    key: str
    name: str
    models: tuple[ModelFile, ...]

    def find(self, path: Path) -> ModelFile | None:
        """Give the version that lies at `path`."""
        return next((model for model in self.models if model.path == path), None)


def group_versions(models: Iterable[ModelFile]) -> tuple[ModelVersions, ...]:
    """Put together the files that are versions of one model, in the order of first mention.

    The same model has the same name but for the quantization, the same architecture, and the
    same number of parameters within `SAME_SIZE`.
    """
    groups: list[list[ModelFile]] = []
    for model in models:
        group = next((one for one in groups if _is_same(one[0], model)), None)
        if group is None:
            groups.append([model])
        else:
            group.append(model)
    return tuple(_versions(group) for group in groups)


def base_name(display_name: str) -> str:
    """Give the name of a model without that of its quantization: "Qwen3-4B-Q4_K_M" is Qwen3-4B."""
    name = display_name.strip()
    while (shorter := _VERSION.sub("", name)) != name:
        if not shorter:
            break
        name = shorter
    return name


def _versions(group: list[ModelFile]) -> ModelVersions:
    first = group[0]
    name = base_name(first.display_name)
    key = f"{_folded(name)}:{first.architecture}:{first.n_parameters}"
    return ModelVersions(key, name, tuple(group))


def _is_same(one: ModelFile, other: ModelFile) -> bool:
    if one.architecture != other.architecture:
        return False
    if _folded(base_name(one.display_name)) != _folded(base_name(other.display_name)):
        return False
    difference = abs(one.n_parameters - other.n_parameters)
    return difference <= SAME_SIZE * max(one.n_parameters, other.n_parameters)


def _folded(name: str) -> str:
    """Give a name as it is compared: people write "Qwen3 4B" and "qwen3-4b"."""
    return _SEPARATORS.sub(" ", name).casefold()
