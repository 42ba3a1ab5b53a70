"""Whether a file that has arrived is a model that can be used."""

from pathlib import Path

from app.core.errors import ErrorCode, Facts, WorldError
from app.core.gguf_checks import check_loadable
from app.core.gguf_reader import read_header
from app.store.disk_room import DISK_GONE, folder_absent


def check_arrived(path: Path, file_name: str, *, is_chat_model: bool) -> None:
    """Read the header of a verified file.

    Args:
        path: where it is now.
        file_name: that it will have.
        is_chat_model: it should load and be chatted with; parts of a set, projectors and
            embedding models are only seen to be sound.

    Raises:
        WorldError: NOT_A_GGUF, MODEL_DAMAGED, MODEL_UNSUPPORTED and such; FILE_UNREADABLE or
            FOLDER_ABSENT when it is not the file that is at fault.
    """
    try:
        with path.open("rb") as stream:
            header = read_header(stream, path.stat().st_size, file_name)
    except OSError as error:
        if error.errno in DISK_GONE:
            raise folder_absent(error, path.parent) from error
        facts = Facts(file_name, str(path), error.strerror or "")
        raise WorldError(ErrorCode.FILE_UNREADABLE, facts, str(error)) from error
    n_parts = header.number("split.count") or 1
    if is_chat_model and n_parts == 1:
        check_loadable(header)
