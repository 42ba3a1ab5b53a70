"""Where the user's data lives on disk."""

import errno
import logging
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from app.core.errors import ErrorCode, Facts, WorldError

_LOG = logging.getLogger(__name__)

HOME_VARIABLE = "QUILLHOUSE_HOME"
"""Puts the data elsewhere: portable use, and tests."""
PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The folder of one user's data and the places in it."""

    path: Path

    @classmethod
    def open(cls) -> "DataFolder":
        """Give the data folder, made with its sub-folders if they are not there.

        Raises:
            WorldError: DATA_FOLDER_UNWRITABLE or DISK_FULL.
        """
        named = os.environ.get(HOME_VARIABLE)
        path = Path(named) if named else Path(platformdirs.user_data_dir("Quillhouse", False))
        # A relative path would mean another folder after a change of the working directory.
        folder = cls(path.expanduser().absolute())
        for one in (folder.path, folder.saved_states, folder.logs):
            _make_private(one)
        return folder

    @property
    def database(self) -> Path:
        """Chats, settings and the list of models."""
        return self.path / "quillhouse.db"

    @property
    def document_index(self) -> Path:
        """Collections of documents and what they are found by."""
        return self.path / "documents.db"

    @property
    def pasted(self) -> Path:
        """Texts that were pasted into chats as documents."""
        return self.path / "pasted"

    @property
    def look(self) -> Path:
        """How the window looks, known before the database is open."""
        return self.path / "look.json"

    @property
    def saved_states(self) -> Path:
        """What the model remembers of each chat."""
        return self.path / "memory"

    @property
    def models(self) -> Path:
        """Downloaded models, unless the user wants them elsewhere."""
        return self.path / "models"

    @property
    def logs(self) -> Path:
        """Log files, without any text of the user."""
        return self.path / "logs"

    @property
    def lock_file(self) -> Path:
        """Held by the one window that uses this folder."""
        return self.path / "window.lock"


def _make_private(folder: Path) -> None:
    """Make a folder that only its user can enter."""
    try:
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(error, folder) from error
    try:
        folder.chmod(PRIVATE_FOLDER)
    except OSError as error:
        # A memory stick formatted for Windows knows no permissions; it can be used all the same.
        _LOG.warning("%s cannot be made private: %s", folder, error.strerror)
    if not os.access(folder, os.W_OK | os.X_OK):
        facts = Facts(path=str(folder), reason=os.strerror(errno.EACCES))
        raise WorldError(ErrorCode.DATA_FOLDER_UNWRITABLE, facts)


def write_error(error: OSError, path: Path) -> WorldError:
    """Give the error to report when `path` could not be written."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return disk_full(path, str(error))
    facts = Facts(path=str(path), reason=error.strerror or "")
    return WorldError(ErrorCode.DATA_FOLDER_UNWRITABLE, facts, str(error))


def disk_full(path: Path, detail: str) -> WorldError:
    """Give the error for a disk without room, with how much is left."""
    try:
        available_bytes = shutil.disk_usage(path.parent).free
    except OSError as error:
        _LOG.warning("free room of %s not known: %s", path.parent, error.strerror)
        available_bytes = 0
    facts = Facts(path=str(path), available_bytes=available_bytes)
    return WorldError(ErrorCode.DISK_FULL, facts, detail)
