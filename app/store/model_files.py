"""Model files on disk: opened read-only, looked at, never loaded or changed."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import ErrorCode, Facts, WorldError
from app.core.gguf import GgufHeader, plain_name
from app.core.gguf_checks import check_chat, check_loadable
from app.core.gguf_parts import is_part, joined, part_name, part_names, stem_of
from app.core.gguf_reader import read_header
from app.core.gguf_shape import shape_of
from app.core.model import ModelFile


@dataclass(frozen=True, slots=True)
class FileState:
    """What tells that a model file, or one of its parts, has changed.

    Attributes:
        size_bytes: of all parts together.
        modified_ns: when the last of them was changed, in nanoseconds.
    """

    size_bytes: int
    modified_ns: int


def inspect_model(path: Path) -> ModelFile:
    """Read the facts of a chat model from the header of its file.

    Of a model in several files any part may be given; the facts are those of the whole, and
    their path is that of the first part, which is what the engine loads.

    Raises:
        WorldError: the file is missing or unreadable, or it is not a sound chat model that
            this engine can load; code and facts say why.
    """
    header, state = _read(path)
    part = part_name(path.name)
    if is_part(header) and part is not None and part.count == header.number("split.count"):
        path = path.with_name(part.sibling(1))
        header, state = _read_parts(path)
    check_loadable(header)
    check_chat(header)
    return _model_file(path, state, header)


def file_paths(path: Path) -> tuple[Path, ...]:
    """Give the files of a model, first to last, as their names say; they may be missing."""
    return tuple(path.with_name(name) for name in part_names(path.name))


def file_state(path: Path) -> FileState:
    """Give size and time of a model file, with all its parts that are there.

    Raises:
        OSError: the first cannot be looked at.
    """
    first, *others = file_paths(path)
    states = [_state_of(first.stat())]
    for other in others:
        try:
            states.append(_state_of(other.stat()))
        except FileNotFoundError:
            continue
    return _sum(states)


def _read_parts(first: Path) -> tuple[GgufHeader, FileState]:
    """Read the headers of all parts as one.

    Raises:
        WorldError: as `inspect_model`; MODEL_PART_MISSING names the part that is not there.
    """
    headers, states = [], []
    for path in file_paths(first):
        try:
            header, state = _read(path)
        except WorldError as error:
            if error.code is not ErrorCode.FILE_MISSING:
                raise
            raise WorldError(ErrorCode.MODEL_PART_MISSING, error.facts, error.detail) from error
        headers.append(header)
        states.append(state)
    return joined(headers), _sum(states)


def _read(path: Path) -> tuple[GgufHeader, FileState]:
    """Read the header of one file."""
    name = plain_name(path.name)
    try:
        status = _status(path)
        if not stat.S_ISREG(status.st_mode):
            # Reading a pipe or device could wait for ever.
            kind = "folder" if stat.S_ISDIR(status.st_mode) else "unknown"
            raise WorldError(ErrorCode.NOT_A_GGUF, Facts(name, str(path), kind))
        with path.open("rb") as stream:
            return read_header(stream, status.st_size, name), _state_of(status)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise WorldError(ErrorCode.FILE_MISSING, Facts(name, str(path)), str(error)) from error
    except OSError as error:
        facts = Facts(name, str(path), error.strerror or "")
        raise WorldError(ErrorCode.FILE_UNREADABLE, facts, str(error)) from error


def _state_of(status: os.stat_result) -> FileState:
    return FileState(status.st_size, status.st_mtime_ns)


def _sum(states: list[FileState]) -> FileState:
    return FileState(sum(one.size_bytes for one in states), max(one.modified_ns for one in states))


def _status(path: Path) -> os.stat_result:
    """Ask for a file's size and kind.

    Raises:
        FileNotFoundError: it is not there; nor is any whose name has a zero in it, or half a
            character, which no file system can hold.
        OSError: it cannot be told.
    """
    try:
        return path.stat()
    except ValueError as error:
        raise FileNotFoundError(str(error)) from error


def _model_file(path: Path, state: FileState, header: GgufHeader) -> ModelFile:
    return ModelFile(
        path=path,
        size_bytes=state.size_bytes,
        modified_ns=state.modified_ns,
        display_name=header.name or plain_name(stem_of(path.name)),
        architecture=header.architecture,
        quantization=header.quantization,
        n_ctx_train=header.n_ctx_train,
        n_layers=header.n_layers,
        n_parameters=header.n_parameters,
        weights_bytes=header.weights_bytes,
        licence=header.licence,
        shape=shape_of(header),
    )
