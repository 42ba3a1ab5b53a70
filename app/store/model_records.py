"""`model.json`: what is known of the models in a folder, beside them, for people and programs."""

import logging
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from app.core.file_identity import FileIdentity
from app.store.disk_room import part_error
from app.store.durable_file import write_whole

_LOG = logging.getLogger(__name__)

RECORD_NAME = "model.json"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file that was verified.

    Attributes:
        name: in this folder.
        path: in the repository.
        downloaded_at: UTC, ISO 8601.
        origin: the program that the file was linked from, a value of `core.origin.Program`;
            empty for a download.
    """

    name: str
    path: str
    commit: str
    size_bytes: int
    sha256: str
    downloaded_at: str = ""
    origin: str = ""

    def has_content_of(self, identity: FileIdentity) -> bool:
        """Say whether it is the same file, byte for byte."""
        return (self.size_bytes, self.sha256) == (identity.size_bytes, identity.sha256)


@dataclass(frozen=True, slots=True)
class FolderRecord:
    """All of one folder.

    Attributes:
        repo_id: where its files are from.
        endpoint: the Hub or mirror that they were downloaded from.
        licence_id, licence_name, licence_link: as the page stated them then.
        licence_text: in full, as far as the repository had it.
    """

    repo_id: str
    endpoint: str = ""
    licence_id: str = ""
    licence_name: str = ""
    licence_link: str = ""
    licence_text: str = ""
    files: tuple[FileRecord, ...] = field(default_factory=tuple)

    def with_file(self, file: FileRecord) -> "FolderRecord":
        """Give the record with one more file, in place of one of the same name."""
        others = tuple(one for one in self.files if one.name != file.name)
        return replace(self, files=(*others, file))

    def without_file(self, name: str) -> "FolderRecord":
        """Give the record without one file."""
        return replace(self, files=tuple(one for one in self.files if one.name != name))


def read_record(folder: Path) -> FolderRecord | None:
    """Read the record of a folder; None if there is none, or none that can be understood."""
    try:
        return msgspec.json.decode((folder / RECORD_NAME).read_bytes(), type=FolderRecord)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, msgspec.MsgspecError) as error:
        _LOG.warning("a %s is ignored: %s", RECORD_NAME, type(error).__name__)
        return None


def write_record(folder: Path, record: FolderRecord) -> None:
    """Keep the record of a folder.

    Raises:
        WorldError: DISK_FULL, FOLDER_ABSENT or DATA_FOLDER_UNWRITABLE.
    """
    path = folder / RECORD_NAME
    try:
        write_whole(path, msgspec.json.format(msgspec.json.encode(record), indent=2))
    except OSError as error:
        raise part_error(error, path, 0) from error
