"""What the name of a file on the Hub says: kind, quantization, and which parts belong together.

People name files as they like, so that a name is only a first guess; the header decides. The
names that were looked at are in tests/core/gguf_names.tsv.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.core.candidate import RemoteFile, RemoteVersion
from app.core.gguf_parts import part_names


class FileKind(StrEnum):
    """What a file is, by its name."""

    MODEL = "model"
    PROJECTOR = "projector"
    """Turns pictures or sound into tokens (mmproj)."""
    DRAFT = "draft"
    """A small model that guesses ahead for a large one."""
    IMATRIX = "imatrix"
    """What a quantizer measured; nothing that can be run."""
    VOCABULARY = "vocabulary"
    """A tokenizer without weights."""
    ADAPTER = "adapter"
    """Changes to another model (LoRA)."""
    OLD_PART = "old_part"
    """Cut by an old tool; the parts would have to be joined by hand."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class GgufName:
    """What a name says.

    Attributes:
        kind: what the file is.
        quantization: in capitals ("Q4_K_M", "UD-Q4_K_XL"); empty if the name does not tell.
        stem: the path without ending and number of the part: the same for all parts.
        part: from 1.
        n_parts: of which there are so many; 1 for a file that is whole, 0 if not known.
    """

    kind: FileKind
    quantization: str = ""
    stem: str = ""
    part: int = 1
    n_parts: int = 1


@dataclass(frozen=True, slots=True)
class FileGroups:
    """The files of a repository that can be used.

    Attributes:
        versions: each with all its parts, in the order of first mention.
        projectors: for pictures and sound.
    """

    versions: tuple[RemoteVersion, ...]
    projectors: tuple[RemoteFile, ...]


ENDING = ".gguf"
_QUANTIZATION = re.compile(
    r"""(?<![a-z0-9]) (?:UD-)? (?:
      IQ[1-6]_(?:XXS|XXL|XS|XL|NL|KT|KSS|KS|KL|K|S|M|L)(?:_(?:4_4|4_8|8_8|R4|R8|XL|L|M|S))?
    | Q[1-9]_K(?:_(?:XXL|XXS|XL|XS|LL|L|M|S|P))?
    | Q[1-9]_[01](?:_(?:4_4|4_8|8_8|XL|L|G[0-9]+|R8|C))?
    | Q[0-9]R[0-9]+ | TQ[12]_0 | MXFP4(?:_MOE)? | NVFP4 | (?:FP8|F8)(?:_E[45]M[23])?
    | BF16 | FP16 | F16 | FP32 | F32 | F64
    ) (?![a-z0-9])""",
    re.IGNORECASE | re.VERBOSE | re.ASCII,
)
_SHARD = re.compile(
    r"(?P<stem>.+)-(?P<part>[0-9]{5})-of-(?P<n_parts>[0-9]{5})", re.IGNORECASE | re.DOTALL
)
_OLD_PART = re.compile(
    r"\.gguf[.-](?:part(?P<part>[0-9]{1,5})of(?P<n_parts>[0-9]{1,5})"
    r"|split-[a-z]|part-?[a-z0-9]{1,5})\Z",
    re.IGNORECASE | re.ASCII,
)
_DRAFT = re.compile(
    r"(?:mtp|eagle-?3|dflash|dspark|draft)-|.*[-_.](?:eagle-?3|dflash|dspark|draft)[-_.]",
    re.IGNORECASE | re.DOTALL,
)
"""An "MTP" inside a name is a whole model that can draft for itself."""
_ADAPTER = re.compile(r"(?:^|[-_.])(?:lora|adapter)(?:[-_.]|$)", re.IGNORECASE)
_KINDS_OF_FOLDERS = {
    "mmproj": FileKind.PROJECTOR,
    "draft": FileKind.DRAFT,
    "lora": FileKind.ADAPTER,
    "loras": FileKind.ADAPTER,
    "adapter": FileKind.ADAPTER,
    "adapters": FileKind.ADAPTER,
    "imatrix": FileKind.IMATRIX,
}
"""What is in folders of such names, whatever it is called itself: "mmproj/model-f16.gguf"."""
_BITS = re.compile(r"[0-9][-_ ]?bpw", re.IGNORECASE)
"""Bits per weight: only a model has them."""
_OTHER_NAMES = {"FP16": "F16", "FP32": "F32", "F8": "FP8"}
_NOT_LOADED = re.compile(
    r"""(?:UD-)? (?:
      .+_(?:4_4|4_8|8_8)                  # repacked for one processor; llama.cpp does it itself
    | IQ[1-6]_(?:K|KS|KSS|KT|KL)(?:_.+)? | .+_R[48]                               # ik_llama.cpp
    | Q[0-9]R[0-9]+ | FP8.* | F64                                           # of other engines
    )""",
    re.VERBOSE,
)
"""Types that this engine does not load."""
_OTHER_FORMATS = re.compile(r"(?:^|[-_.])i2_s$", re.IGNORECASE)
"""BitNet's own."""
_NO_LANGUAGE = re.compile(
    r"(?:^|[-_./])(?:hifigan2?|token2wav|vocoder|wavtokenizer|vae|flux1?|t5xxl)(?:[-_./]|$)",
    re.IGNORECASE,
)
"""Parts of programs for sound and pictures."""


def parse_gguf_name(path: str) -> GgufName:
    """Read the name of a file in a repository.

    Where two quantizations are named, the last one counts ("v0.1-F32-Q2_K"); where none is, that
    of the folder ("BF16/model.gguf").
    """
    folder, _, name = path.rpartition("/")
    if found := _OLD_PART.search(name):
        return GgufName(
            FileKind.OLD_PART,
            _quantization(name[: found.start()]),
            path[: len(path) - len(found.group())],
            int(found["part"] or 1),
            int(found["n_parts"] or 0),
        )
    folded = name.lower()
    if not folded.endswith(ENDING):
        kind = FileKind.IMATRIX if _is_measurement(folded) else FileKind.OTHER
        return GgufName(kind, stem=path)
    stem, part, n_parts = name[: -len(ENDING)], 1, 1
    if found := _SHARD.fullmatch(stem):
        stem, part, n_parts = found["stem"], int(found["part"]), int(found["n_parts"])
    in_name = _quantization(stem)
    quantization = in_name or _quantization(folder.rpartition("/")[2])
    whole_stem = path[: len(path) - len(name)] + stem
    kind = _kind(folded, in_name)
    if kind is FileKind.MODEL:
        kind = _KINDS_OF_FOLDERS.get(folder.rpartition("/")[2].lower(), kind)
    return GgufName(kind, quantization, whole_stem, part, n_parts)


def group_files(files: Iterable[RemoteFile]) -> FileGroups:
    """Put together the parts of each version, and leave out what this engine cannot use.

    A version of which a part is missing is left out, or has another name than llama.cpp, which
    is given the first, would look for. Versions of one quantization in two folders
    stay two. Those whose name tells no quantization keep an empty one.
    """
    sets: dict[tuple[str, int], dict[int, RemoteFile]] = {}
    quantizations: dict[tuple[str, int], str] = {}
    projectors = []
    for file in files:
        name = parse_gguf_name(file.path)
        if name.kind is FileKind.PROJECTOR:
            projectors.append(file)
        elif _is_usable(file.path, name):
            key = (name.stem, name.n_parts)
            sets.setdefault(key, {}).setdefault(name.part, file)
            quantizations.setdefault(key, name.quantization)
    versions = (
        RemoteVersion(quantizations[key], tuple(parts[number] for number in sorted(parts)))
        for key, parts in sets.items()
        if len(parts) == key[1]
    )
    return FileGroups(tuple(filter(_is_whole, versions)), tuple(projectors))


def _quantization(text: str) -> str:
    found = _QUANTIZATION.findall(text)
    if not found:
        return ""
    name = str(found[-1]).upper()
    return _OTHER_NAMES.get(name, name)


def _is_measurement(folded: str) -> bool:
    return "imatrix" in folded or folded.endswith(".dat")


def _kind(folded: str, quantization: str) -> FileKind:
    """Say what a GGUF file is, by its name in small letters and the quantization in it."""
    is_measurement = "imatrix" in folded and not quantization and not _BITS.search(folded)
    kinds = (
        ("mmproj" in folded, FileKind.PROJECTOR),
        (is_measurement, FileKind.IMATRIX),
        (folded.startswith("ggml-vocab-"), FileKind.VOCABULARY),
        (folded.endswith("-vocab.gguf"), FileKind.VOCABULARY),
        (_ADAPTER.search(folded) is not None, FileKind.ADAPTER),
        (_DRAFT.match(folded) is not None, FileKind.DRAFT),
    )
    return next((kind for applies, kind in kinds if applies), FileKind.MODEL)


def _is_whole(version: RemoteVersion) -> bool:
    """Whether all parts are there, by the names under which they are looked for."""
    names = tuple(one.name for one in version.files)
    return names == part_names(names[0])


def _is_usable(path: str, name: GgufName) -> bool:
    """Whether a file is of a version that this engine can load, as far as its name tells."""
    return (
        name.kind is FileKind.MODEL
        and not _NOT_LOADED.fullmatch(name.quantization)
        and not _OTHER_FORMATS.search(name.stem)
        and not _NO_LANGUAGE.search(path)
    )
