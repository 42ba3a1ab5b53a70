"""What the model remembers of each chat, in files, so that long chats go on at once.

A cache: every file may be deleted at any time and only costs time. The files reveal the
chats, so they are as private as the database and go when their chat goes.
"""

import logging
import re
from pathlib import Path

_LOG = logging.getLogger(__name__)

SUFFIX = ".state"
PART_SUFFIX = ".part"
_SAFE_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")


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
        """
        if not (_SAFE_NAME.fullmatch(conversation_id) and _SAFE_NAME.fullmatch(fingerprint)):
            raise ValueError("not a safe file name")
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._folder / f"{conversation_id}.{fingerprint}{SUFFIX}"

    def delete_conversation(self, conversation_id: str) -> None:
        """Delete what is remembered of a conversation, for all models."""
        for path in self._folder.glob("*"):
            if path.name.split(".", 1)[0] == conversation_id:
                self._delete(path)

    def evict(self, limit_bytes: int) -> int:
        """Delete the files used longest ago until the rest takes `limit_bytes` at most.

        Returns:
            How many bytes were freed.
        """
        files = [(path.stat(), path) for path in self._folder.glob(f"*{SUFFIX}")]
        sizes = sorted((status.st_mtime_ns, status.st_size, path) for status, path in files)
        total_bytes = before_bytes = sum(size for _, size, _ in sizes)
        for _, size_bytes, path in sizes:
            if total_bytes <= limit_bytes:
                break
            self._delete(path)
            total_bytes -= size_bytes
        return before_bytes - total_bytes

    def sweep(self) -> None:
        """Delete what a killed engine left half written; only when no engine runs."""
        for path in self._folder.glob(f"*{PART_SUFFIX}"):
            self._delete(path)

    def total_bytes(self) -> int:
        """Give how much room the files take."""
        return sum(path.stat().st_size for path in self._folder.glob(f"*{SUFFIX}"))

    @staticmethod
    def _delete(path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            # On Windows the engine may have it open; it goes with the next eviction.
            _LOG.warning("saved memory not deleted: %s", error.strerror)
