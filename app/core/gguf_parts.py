"""Models in several files, as llama.cpp's gguf-split writes them.

"model-00001-of-00003.gguf" has all the metadata; each of the files has some of the tensors,
and says which one it is. llama.cpp is given the first and finds the others by their names
(`llama_split_prefix`, llama.cpp 0c1e570).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

from app.core.errors import ErrorCode, Facts, WorldError
from app.core.gguf import GgufHeader, Tensor

MAX_PARTS = 512
"""No model seen has more than some dozens; a name may promise any number."""

_PART = re.compile(
    r"(?P<stem>.+)-(?P<number>[0-9]{5})-of-(?P<count>[0-9]{5})(?P<ending>\.gguf)", re.IGNORECASE
)
_SPLIT_KEYS = frozenset({"split.no", "split.count", "split.tensors.count"})


@dataclass(frozen=True, slots=True)
class PartName:
    """What the name of one part says.

    Attributes:
        stem: what the names of all parts begin with.
        number: of this part, from 1.
        count: how many there are.
        ending: ".gguf", as it is written.
    """

    stem: str
    number: int
    count: int
    ending: str

    def sibling(self, number: int) -> str:
        """Give the name of another part."""
        return f"{self.stem}-{number:05}-of-{self.count:05}{self.ending}"

    @property
    def all_names(self) -> tuple[str, ...]:
        """The names of all parts, first to last."""
        return tuple(self.sibling(number) for number in range(1, self.count + 1))


def part_name(file_name: str) -> PartName | None:
    """Read the name of a part; None for every other file."""
    hit = _PART.fullmatch(file_name)
    if hit is None:
        return None
    number, count = int(hit["number"]), int(hit["count"])
    if not 1 <= number <= count <= MAX_PARTS:
        return None
    return PartName(hit["stem"], number, count, hit["ending"])


def part_names(file_name: str) -> tuple[str, ...]:
    """Give the names of all parts of the set that a file is of; its own if it is of none."""
    part = part_name(file_name)
    return (file_name,) if part is None else part.all_names


def stem_of(file_name: str) -> str:
    """Give the name without what numbers the parts, and without the ending."""
    part = part_name(file_name)
    return file_name.rpartition(".")[0] or file_name if part is None else part.stem


def is_part(header: GgufHeader) -> bool:
    """Say whether a file is one of several that make a model."""
    return (header.number("split.count") or 1) > 1


def joined(headers: Sequence[GgufHeader]) -> GgufHeader:
    """Give the header that the whole model would have in one file.

    Args:
        headers: of all parts, first to last.

    Raises:
        WorldError: MODEL_DAMAGED, the parts are not of one set.
    """
    first, names = headers[0], set[str]()
    tensors: list[Tensor] = []
    place = 0
    for number, header in enumerate(headers):
        count = header.number("split.count")
        if (header.number("split.no"), count) != (number, len(headers)):
            _refuse(header, f"part {number + 1} of {len(headers)} says that it is another")
        for tensor in header.tensors:
            if tensor.name in names:
                _refuse(header, f"{tensor.name} is in two parts")
            names.add(tensor.name)
            tensors.append(replace(tensor, offset_bytes=place))
            place += -(-tensor.size_bytes // first.alignment_bytes) * first.alignment_bytes
    promised = first.number("split.tensors.count")
    if promised is not None and promised != len(tensors):
        _refuse(first, f"{len(tensors)} tensors instead of {promised}")
    metadata = {key: value for key, value in first.metadata.items() if key not in _SPLIT_KEYS}
    return replace(first, metadata=metadata, tensors=tuple(tensors))


def data_bytes(header: GgufHeader) -> int:
    """Give the room that the tensors take in the file, each at a place that is aligned."""
    if not header.tensors:
        return 0
    last, alignment = header.tensors[-1], header.alignment_bytes
    return last.offset_bytes + -(-last.size_bytes // alignment) * alignment


def _refuse(header: GgufHeader, reason: str) -> NoReturn:
    raise WorldError(ErrorCode.MODEL_DAMAGED, Facts(header.file_name, reason=reason[:120]))
