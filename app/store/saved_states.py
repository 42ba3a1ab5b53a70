"""What the model remembers of each chat, in files, so that long chats go on at once.

A cache: every file may be deleted at any time and only costs time. The files reveal the
chats, so they are as private as the database and go when their chat goes. The engine process
writes them, and both worker threads delete them, so that any file may be gone when looked at.
"""

import logging
import re
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from app.store.data_folder import PRIVATE_FOLDER, write_error

_LOG = logging.getLogger(__name__)

SUFFIX = ".state"
PART_SUFFIX = ".part"
STALE_PART_S = 3600.0
"""A file still half written after this time (seconds) belongs to an engine that was killed."""
_SAFE_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")


@dataclass(frozen=True, slots=True, order=True)
class _File:
    """A file of the folder; the one used longest ago sorts first."""

    modified_ns: int
    size_bytes: int
    path: Path

    @property
    def conversation_id(self) -> str:
        """Whose memory it is."""
        return self.path.name.split(".", 1)[0]

    @property
    def is_part(self) -> bool:
        """Whether it is half written."""
        return self.path.name.endswith(PART_SUFFIX)


class SavedStates:
    """The folder of saved model memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path_for(self, conversation_id: str, fingerprint: str) -> Path:
        """Give the file for a conversation with what `fingerprint` stands for.

        Args:
            conversation_id: letters, digits and hyphens.
            fingerprint: of model file, cache format and engine version; a file with another
                one is never read.

        Raises:
            ValueError: the id or fingerprint could leave the folder.
            WorldError: the folder cannot be made.
        """
        if not (_SAFE_NAME.fullmatch(conversation_id) and _SAFE_NAME.fullmatch(fingerprint)):
            raise ValueError("not a safe file name")
        try:
            self._folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        except OSError as error:
            raise write_error(error, self._folder) from error
        return self._folder / f"{conversation_id}.{fingerprint}{SUFFIX}"

    def delete_conversation(self, conversation_id: str) -> None:
        """Delete what is remembered of a conversation, for all models."""
        for file in self._files():
            if file.conversation_id == conversation_id:
                _delete(file)

    def keep_only(self, conversation_ids: Collection[str]) -> None:
        """Delete what a killed program left: memory of no chat, and files half written.

        Only before the engine runs.
        """
        for file in self._files():
            if file.is_part or file.conversation_id not in conversation_ids:
                _delete(file)

    def evict(self, limit_bytes: int) -> int:
        """Delete the files used longest ago until the rest takes `limit_bytes` at most.

        Returns:
            How many bytes were freed.
        """
        files = self._files()
        too_old_ns = time.time_ns() - int(STALE_PART_S * 1e9)
        excess_bytes = sum(file.size_bytes for file in files if not file.is_part) - limit_bytes
        freed_bytes = 0
        for file in files:
            if file.is_part:
                freed_bytes += _delete(file) if file.modified_ns < too_old_ns else 0
            elif excess_bytes > 0:
                excess_bytes -= file.size_bytes
                freed_bytes += _delete(file)
        return freed_bytes

    def total_bytes(self) -> int:
        """Give how much room the files take, those half written as well."""
        return sum(file.size_bytes for file in self._files())

    def _files(self) -> list[_File]:
        """Give the files of the engine, the one used longest ago first."""
        found = []
        for path in self._folder.glob("*"):
            if not path.name.endswith((SUFFIX, PART_SUFFIX)):
                continue
            try:
                status = path.stat()
            except FileNotFoundError:
                continue  # Renamed or deleted by the engine a moment ago.
            found.append(_File(status.st_mtime_ns, status.st_size, path))
        return sorted(found)


def _delete(file: _File) -> int:
    """Delete a file; give how many bytes that freed."""
    try:
        file.path.unlink(missing_ok=True)
    except OSError as error:
        # On Windows the engine may have it open; it goes with the next eviction.
        _LOG.warning("saved memory not deleted: %s", error.strerror)
        return 0
    return file.size_bytes
