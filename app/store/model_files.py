"""Model files on disk: opened read-only, looked at, never loaded or changed."""

import os
import stat
from pathlib import Path

from app.core.errors import ErrorCode, Facts, WorldError
from app.core.gguf import GgufHeader, plain_name
from app.core.gguf_checks import check_chat, check_loadable
from app.core.gguf_reader import read_header
from app.core.gguf_shape import shape_of
from app.core.model import ModelFile


def inspect_model(path: Path) -> ModelFile:
    """Read the facts of a chat model from the header of its file.

    Raises:
        WorldError: the file is missing or unreadable, or it is not a sound chat model that
            this engine can load; code and facts say why.
    """
    name = plain_name(path.name)
    try:
        status = _status(path)
        if not stat.S_ISREG(status.st_mode):
            # Reading a pipe or device could wait for ever.
            kind = "folder" if stat.S_ISDIR(status.st_mode) else "unknown"
            raise WorldError(ErrorCode.NOT_A_GGUF, Facts(name, str(path), kind))
        with path.open("rb") as stream:
            header = read_header(stream, status.st_size, name)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise WorldError(ErrorCode.FILE_MISSING, Facts(name, str(path)), str(error)) from error
    except OSError as error:
        facts = Facts(name, str(path), error.strerror or "")
        raise WorldError(ErrorCode.FILE_UNREADABLE, facts, str(error)) from error
    check_loadable(header)
    check_chat(header)
    return _model_file(path, status.st_size, status.st_mtime_ns, header)


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


def _model_file(path: Path, size_bytes: int, modified_ns: int, header: GgufHeader) -> ModelFile:
    return ModelFile(
        path=path,
        size_bytes=size_bytes,
        modified_ns=modified_ns,
        display_name=header.name or plain_name(path.stem),
        architecture=header.architecture,
        quantization=header.quantization,
        n_ctx_train=header.n_ctx_train,
        n_layers=header.n_layers,
        n_parameters=header.n_parameters,
        weights_bytes=header.weights_bytes,
        licence=header.licence,
        shape=shape_of(header),
    )
