"""Texts that were pasted into chats, kept as files of their attachments."""

import logging
import re
import shutil
from pathlib import Path

from app.core.errors import BugError
from app.store.data_folder import PRIVATE_FOLDER, write_error
from app.store.durable_file import write_whole

_LOG = logging.getLogger(__name__)

_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
_UNFIT = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
LONGEST_NAME = 60
USUAL_NAME = "Text"


class PastedTexts:
    """Writes and removes pasted texts.

    Args:
        folder: for a folder of each attachment; made when it is needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, collection_id: str, name: str, text: str) -> Path:
        """Write a text to a file with a name like the collection's.

        Raises:
            WorldError: it could not be written.
        """
        folder = self._folder_of(collection_id)
        plain = _UNFIT.sub(" ", name).strip(" .")[:LONGEST_NAME].strip(" .") or USUAL_NAME
        path = folder / f"{plain}.txt"
        try:
            folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            write_whole(path, text.encode("utf-8", "replace"))
        except OSError as error:
            raise write_error(error, path) from error
        return path

    def remove(self, collection_id: str) -> None:
        """Remove what was pasted for a collection that is removed for good."""
        folder = self._folder_of(collection_id)
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            return
        except OSError as error:
            _LOG.warning("a pasted text stays: %s", error.strerror)

    def _folder_of(self, collection_id: str) -> Path:
        if not _ID.fullmatch(collection_id):
            raise BugError("an id of a collection that names no folder")
        return self._folder / collection_id
