"""A model that can be had: from the bundled catalogue, or found on the Hub."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from app.core.model import ModelFile
from app.core.model_shape import ModelShape
from app.core.model_versions import ModelVersions


class Use(StrEnum):
    """What a model is good for; the first use of a model is the one that it is shown under."""

    CHAT = "chat"
    DOCUMENTS = "documents"
    WRITING = "writing"
    CODE = "code"
    VISION = "vision"
    LANGUAGES = "languages"
    EMBEDDING = "embedding"
    """Finds passages in documents; cannot chat."""


class Capability(StrEnum):
    """What a model was trained for besides writing."""

    TOOLS = "tools"
    THINKING = "thinking"
    VISION = "vision"
    AUDIO = "audio"


class Gate(StrEnum):
    """Whether the publisher wants to be asked before a download."""

    NONE = "none"
    AUTOMATIC = "automatic"
    """Who accepts the terms on the page is let in at once."""
    MANUAL = "manual"
    """The publisher answers each request."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of a repository.

    Attributes:
        path: in the repository, with "/" between folders.
        size_bytes: 0 while it is not known.
        sha256: 64 hexadecimal digits; empty while it is not known.
    """

    path: str
    size_bytes: int = 0
    sha256: str = ""

    @property
    def name(self) -> str:
        """The name without its folder."""
        return self.path.rpartition("/")[2]

    @property
    def is_verified(self) -> bool:
        """Whether size and hash are known, so that a download can be checked."""
        return self.size_bytes > 0 and bool(self.sha256)

    def has_content_of(self, other: "RemoteFile") -> bool:
        """Say whether both are the same, byte for byte."""
        return (self.size_bytes, self.sha256) == (other.size_bytes, other.sha256)


@dataclass(frozen=True, slots=True)
class RemoteVersion:
    """One quantization of a model, in one file or in several parts.

    Attributes:
        quantization: "Q4_K_M"; empty when the name does not tell.
        files: all parts, first to last; the first one is what is loaded.
    """

    quantization: str
    files: tuple[RemoteFile, ...]

    @property
    def size_bytes(self) -> int:
        """Size of all parts; 0 while that of one is not known."""
        sizes = [one.size_bytes for one in self.files]
        return sum(sizes) if all(sizes) else 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model in one repository of the Hub.

    Attributes:
        repo_id: "publisher/name" of the repository that has the files; names the candidate.
        name: for the user.
        publisher: who made the model; empty if that is not known.
        sentence: what it is good for, honestly; empty for those found by searching.
        architecture: llama.cpp's name; empty if not known.
        n_parameters: 0 if not known.
        n_ctx_train: longest context in tokens; 0 if not known.
        licence_id: of the Hub ("apache-2.0", "other"); empty if none is stated.
        licence_name, licence_link: what the page says for "other".
        languages: codes ("en", "de"); empty if not stated.
        versions: what can be downloaded, in the order of the repository.
        projectors: what turns pictures into tokens, if the model can see.
        base_models: what it was made from.
        commit: 40 hexadecimal digits; empty while it is not known.
        shape: what decides memory and speed, of a version of `shape_bytes`; None: not known.
        is_shape_exact: it was read from the file itself, or is published; else it is that of a
            similar model.
        unverified: names of attributes that nobody has checked; read from the Hub before a
            download.
        n_downloads: of the last 30 days; n_likes: of all time; 0 if not known.
        updated_on: day of the last change, "2026-11-30"; empty if not known.
        is_curated: from the bundled catalogue.
    """

    repo_id: str
    name: str
    publisher: str = ""
    sentence: str = ""
    architecture: str = ""
    n_parameters: int = 0
    n_ctx_train: int = 0
    licence_id: str = ""
    licence_name: str = ""
    licence_link: str = ""
    uses: tuple[Use, ...] = ()
    capabilities: frozenset[Capability] = frozenset()
    languages: tuple[str, ...] = ()
    versions: tuple[RemoteVersion, ...] = ()
    projectors: tuple[RemoteFile, ...] = ()
    base_models: tuple[str, ...] = ()
    gate: Gate = Gate.NONE
    commit: str = ""
    shape: ModelShape | None = None
    shape_bytes: int = 0
    is_shape_exact: bool = False
    unverified: frozenset[str] = field(default_factory=frozenset)
    n_downloads: int = 0
    n_likes: int = 0
    updated_on: str = ""
    is_curated: bool = False

    @property
    def quantizer(self) -> str:
        """Whose repository has the files."""
        return self.repo_id.partition("/")[0]


def judged_path(candidate: Candidate, version: RemoteVersion) -> Path:
    """Name a version in verdicts, which speak of files; no such file is on this computer."""
    return Path(candidate.repo_id, version.files[0].path)


def as_model_versions(candidate: Candidate) -> ModelVersions:
    """Give the versions of a candidate as models that `core/prospects.py` can judge.

    The shape is scaled to the size of each version. Versions whose size is not known, and all
    of a candidate without a shape, come without layers, so that nothing is said about them.
    """
    models = tuple(_as_model(candidate, version) for version in candidate.versions)
    return ModelVersions(candidate.repo_id, candidate.name, models)


def _as_model(candidate: Candidate, version: RemoteVersion) -> ModelFile:
    shape, size_bytes = ModelShape(), version.size_bytes
    if candidate.shape is not None and candidate.shape_bytes and size_bytes:
        shape = candidate.shape.scaled(size_bytes / candidate.shape_bytes)
    return ModelFile(
        path=judged_path(candidate, version),
        size_bytes=size_bytes,
        modified_ns=0,
        display_name=candidate.name,
        architecture=candidate.architecture,
        quantization=version.quantization,
        n_ctx_train=candidate.n_ctx_train,
        n_layers=len(shape.layers),
        n_parameters=candidate.n_parameters,
        weights_bytes=size_bytes,
        licence=candidate.licence_id,
        shape=shape,
    )
