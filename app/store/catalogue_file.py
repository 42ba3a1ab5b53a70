"""Reads the bundled catalogue: `models.json` and `shapes.json`.

The files come with the program, so whatever is wrong in them is a mistake of ours: they are read
strictly, and `tests/catalogue/` reads them before anyone else does. Should they be damaged on
this computer, Quillhouse works without a catalogue.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from app.core.candidate import Candidate, Capability, Gate, RemoteFile, Use
from app.core.errors import BugError
from app.core.gguf_name import group_files
from app.core.model_shape import LayerShape, ModelShape
from app.core.nearest_shape import KnownShape, nearest_shape

_LOG = logging.getLogger(__name__)
_T = TypeVar("_T")

MODELS_NAME, SHAPES_NAME = "models.json", "shapes.json"
SCHEMA = 1
"""Version of the files' build; an older Quillhouse does not guess what a newer file means."""
MAX_FILE_BYTES = 4 << 20

Unverified = Literal[
    "repo_id",
    "commit",
    "sha256",
    "size",
    "file_names",
    "licence",
    "n_ctx_train",
    "n_parameters",
    "capabilities",
    "languages",
    "architecture",
]
"""What of a model nobody has checked on the Hub."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What comes with the program.

    Attributes:
        candidates: in the order of the file.
        shapes: of models that are known exactly, for `nearest_shape`.
        verified_on: day when everything was compared with the Hub, "2026-11-30"; empty if never.
        engine_version: of llama-cpp-python that the architectures were checked against.
    """

    candidates: tuple[Candidate, ...] = ()
    shapes: tuple[KnownShape, ...] = ()
    verified_on: str = ""
    engine_version: str = ""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    path: str
    size_bytes: int = 0
    sha256: str = ""


class _Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One model.

    `shape` names its dimensions in shapes.json, if they are published; `relative` those of a
    model that it resembles more than the nearest of its architecture does.
    """

    repo_id: str
    name: str
    publisher: str
    sentence: str
    architecture: str
    n_parameters: int
    licence: str
    uses: tuple[Use, ...]
    languages: tuple[str, ...]
    files: tuple[_File, ...]
    unverified: frozenset[Unverified]
    n_ctx_train: int = 0
    licence_name: str = ""
    licence_link: str = ""
    capabilities: frozenset[Capability] = frozenset()
    base_models: tuple[str, ...] = ()
    gate: Gate = Gate.NONE
    commit: str = ""
    shape: str = ""
    relative: str = ""


class _Models(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    verified_on: str
    engine_version: str
    models: tuple[_Model, ...]


class _Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A shape; `layers` are places in `kinds`, since most layers of a model are the same."""

    name: str
    n_parameters: int
    size_bytes: int
    kinds: tuple[LayerShape, ...]
    layers: tuple[int, ...]
    shape: ModelShape


class _Shapes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    schema: int
    models: tuple[_Shape, ...]


def load_catalogue(folder: Path) -> Catalogue:
    """Read the catalogue in `folder`; a damaged one is empty, and the log says why."""
    try:
        return read_catalogue(folder)
    except BugError as error:
        _LOG.error("there is no catalogue: %s", error.detail)
        return Catalogue()


def read_catalogue(folder: Path) -> Catalogue:
    """Read the catalogue in `folder`.

    Raises:
        BugError: A file is missing, has another build, or contradicts itself; `detail` says
            which and where.
    """
    shapes = read_shapes(folder)
    file = _decoded(folder / MODELS_NAME, _Models)
    _check_schema(MODELS_NAME, file.schema)
    by_name = {one.name: one for one in shapes}
    candidates = tuple(_candidate(one, by_name, shapes) for one in file.models)
    repo_ids = [one.repo_id for one in candidates]
    if twice := {one for one in repo_ids if repo_ids.count(one) > 1}:
        raise BugError(f"{MODELS_NAME}: twice: {sorted(twice)}")
    return Catalogue(candidates, shapes, file.verified_on, file.engine_version)


def read_shapes(folder: Path) -> tuple[KnownShape, ...]:
    """Read the shapes in `folder`.

    Raises:
        BugError: As `read_catalogue`.
    """
    file = _decoded(folder / SHAPES_NAME, _Shapes)
    _check_schema(SHAPES_NAME, file.schema)
    return tuple(_known_shape(one) for one in file.models)


def _decoded(path: Path, kind: type[_T]) -> _T:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise BugError(f"{path.name}: larger than {MAX_FILE_BYTES} bytes")
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except OSError as error:
        raise BugError(f"{path.name}: {error.strerror}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BugError(f"{path.name}: {error}") from error


def _check_schema(name: str, schema: int) -> None:
    if schema != SCHEMA:
        raise BugError(f"{name}: schema {schema}, expected {SCHEMA}")


def _known_shape(row: _Shape) -> KnownShape:
    if not all(0 <= i < len(row.kinds) for i in row.layers) or not row.layers:
        raise BugError(f"{SHAPES_NAME}: {row.name}: no such layer")
    shape = replace(row.shape, layers=tuple(row.kinds[i] for i in row.layers))
    return KnownShape(row.name, row.n_parameters, row.size_bytes, shape)


def _candidate(
    row: _Model, by_name: dict[str, KnownShape], shapes: Sequence[KnownShape]
) -> Candidate:
    groups = group_files(RemoteFile(one.path, one.size_bytes, one.sha256) for one in row.files)
    n_used = sum(len(one.files) for one in groups.versions) + len(groups.projectors)
    if n_used != len(row.files) or not groups.versions:
        raise BugError(f"{MODELS_NAME}: {row.repo_id}: a file is of no version")
    shape, is_exact = _shape(row, by_name, shapes)
    return Candidate(
        repo_id=row.repo_id,
        name=row.name,
        publisher=row.publisher,
        sentence=row.sentence,
        architecture=row.architecture,
        n_parameters=row.n_parameters,
        n_ctx_train=row.n_ctx_train,
        licence_id=row.licence,
        licence_name=row.licence_name,
        licence_link=row.licence_link,
        uses=row.uses,
        capabilities=row.capabilities,
        languages=row.languages,
        versions=groups.versions,
        projectors=groups.projectors,
        base_models=row.base_models,
        gate=row.gate,
        commit=row.commit,
        shape=shape,
        shape_bytes=shape.weights_bytes if shape is not None else 0,
        is_shape_exact=is_exact,
        unverified=frozenset(row.unverified),
        is_curated=True,
    )


def _shape(
    row: _Model, by_name: dict[str, KnownShape], shapes: Sequence[KnownShape]
) -> tuple[ModelShape | None, bool]:
    """Give a model's shape, and whether it is the very model's."""
    name = row.shape or row.relative
    if not name:
        return nearest_shape(shapes, row.architecture, row.n_parameters, 0), False
    if name not in by_name:
        raise BugError(f"{MODELS_NAME}: {row.repo_id}: no shape {name}")
    known = by_name[name]
    shape: ModelShape | None = known.shape
    if row.relative:
        shape = nearest_shape((known,), known.shape.architecture, row.n_parameters, 0)
    named = None if shape is None else replace(shape, architecture=row.architecture)
    return named, bool(row.shape)
