"""The folder of downloaded models: plain folders and files that other programs can use.

```
<models>/maker__model-GGUF/model-Q4_K_M.gguf      the file, under its own name
                           model.json             where it is from, and its hash
                           1a2b3c4d/...           files of a commit whose names were taken
```
"""

import logging
import stat
from dataclasses import dataclass
from pathlib import Path

from app.core.download import DownloadSpec
from app.core.errors import ErrorCode, Facts, WorldError
from app.core.file_identity import FileIdentity
from app.store.data_folder import PRIVATE_FOLDER
from app.store.disk_room import folder_absent, part_error
from app.store.model_names import file_names, folder_name, is_same_name
from app.store.model_records import FileRecord, FolderRecord, read_record, write_record
from app.store.partial_file import PartialFile

_LOG = logging.getLogger(__name__)

N_COMMIT_DIGITS = 8


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """Where a file goes.

    Attributes:
        is_here: the very file is there already, verified.
    """

    identity: FileIdentity
    target: Path
    is_here: bool


class ModelsFolder:
    """Finds places for files, and keeps the records beside them.

    Args:
        path: of the folder; made when first needed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def make(self) -> None:
        """Make the folder, but not those above it: what is missing may be a whole disk.

        Raises:
            WorldError: FOLDER_ABSENT, DATA_FOLDER_UNWRITABLE or DISK_FULL.
        """
        try:
            self.path.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        except PermissionError as error:
            # Disks come up in folders of the system's, where nobody else makes any.
            raise folder_absent(error, self.path) from error
        except OSError as error:
            raise part_error(error, self.path / "part", 0) from error

    def check_names(self, spec: DownloadSpec) -> None:
        """See that all files of a download can have a place here.

        Raises:
            WorldError: FILE_NAME_REFUSED.
        """
        self._inside(self.path / folder_name(spec.repo_id))
        file_names([one.path for one in spec.files])

    def plan(self, repo_id: str, files: tuple[FileIdentity, ...]) -> tuple[PlannedFile, ...]:
        """Find places for the files of one model, all in the same folder.

        Args:
            repo_id: of the repository.
            files: with sizes and hashes.

        Raises:
            WorldError: FILE_NAME_REFUSED; FOLDER_ABSENT or DATA_FOLDER_UNWRITABLE when
                it cannot be looked into.
        """
        try:
            return self._plan(repo_id, files)
        except OSError as error:
            raise part_error(error, self.path / "part", 0) from error

    def _plan(self, repo_id: str, files: tuple[FileIdentity, ...]) -> tuple[PlannedFile, ...]:
        if len(files) == 1 and (found := self._find(files[0])) is not None:
            return (PlannedFile(files[0], found, is_here=True),)
        base = self.path / folder_name(repo_id)
        names = file_names([one.path for one in files])
        # A stranger may have put a link in the place of a folder.
        commit = files[0].commit[:N_COMMIT_DIGITS]
        for folder in (base, base / commit, base / f"{commit}_2"):
            self._inside(folder)
            planned = self._plan_in(folder, names, files)
            if planned is not None:
                return planned
        raise WorldError(ErrorCode.FILE_NAME_REFUSED, Facts(names[0]), "names are taken")

    def partial_files(self, spec: DownloadSpec) -> tuple[PartialFile, ...]:
        """Give what may be here of a download whose sizes and hashes are known."""
        identities = identities_of(spec)
        if not identities:
            return ()
        planned = self.plan(spec.repo_id, identities)
        return tuple(PartialFile(one.target, one.identity) for one in planned if not one.is_here)

    def present_bytes(self, spec: DownloadSpec) -> int:
        """Count what is here of a download."""
        identities = identities_of(spec)
        if not identities:
            return 0
        planned = self.plan(spec.repo_id, identities)
        return sum(
            one.identity.size_bytes
            if one.is_here
            else PartialFile(one.target, one.identity).present_bytes()
            for one in planned
        )

    def discard(self, spec: DownloadSpec) -> None:
        """Delete what has arrived of a download that is not finished.

        Files that are in their places stay: they belong to a model that is whole.

        Raises:
            WorldError: DATA_FOLDER_UNWRITABLE, ALREADY_DOWNLOADING.
        """
        for partial in self.partial_files(spec):
            if partial.is_begun():
                # Another download of the same file may have just begun.
                with partial.locked():
                    partial.discard()
            self._remove_if_empty(partial.target.parent)

    def keep_record(
        self, file: PlannedFile, spec: DownloadSpec, endpoint: str, at: str, licence: str = ""
    ) -> None:
        """Note beside a file where it is from, before it is put into its place.

        Args:
            file: that is verified.
            spec: what was downloaded.
            endpoint: where from.
            at: when, UTC, ISO 8601.
            licence: its full text, if there is one.

        Raises:
            WorldError: DISK_FULL or DATA_FOLDER_UNWRITABLE.
        """
        folder = file.target.parent
        known = read_record(folder) or FolderRecord(spec.repo_id)
        record = FolderRecord(
            spec.repo_id,
            endpoint,
            spec.licence_id or known.licence_id,
            spec.licence_name or known.licence_name,
            spec.licence_link or known.licence_link,
            licence or known.licence_text,
            known.files,
        )
        one = file.identity
        row = FileRecord(file.target.name, one.path, one.commit, one.size_bytes, one.sha256, at)
        write_record(folder, record.with_file(row))

    # --- what is there ---

    def _plan_in(
        self, folder: Path, names: tuple[str, ...], files: tuple[FileIdentity, ...]
    ) -> tuple[PlannedFile, ...] | None:
        """Plan with one folder; None if other files have these names there."""
        present = {one.name for one in folder.iterdir()} if folder.is_dir() else set()
        record = read_record(folder) or FolderRecord("")
        planned = []
        for name, identity in zip(names, files, strict=True):
            taken = [one for one in present if is_same_name(one, name)]
            is_here = taken == [name] and _is_recorded(folder, record, name, identity)
            if taken and not is_here:
                return None
            planned.append(PlannedFile(identity, folder / name, is_here))
        return tuple(planned)

    def _find(self, identity: FileIdentity) -> Path | None:
        """Find a file by its content, whatever repository it came from."""
        for note in sorted(self.path.glob("*/**/model.json")):
            record = read_record(note.parent)
            for row in record.files if record is not None else ():
                if row.has_content_of(identity) and _is_file(note.parent / row.name, row):
                    return note.parent / row.name
        return None

    def _inside(self, folder: Path) -> None:
        if not folder.resolve().is_relative_to(self.path.resolve()):
            raise WorldError(ErrorCode.FILE_NAME_REFUSED, Facts(folder.name), "leads elsewhere")

    def _remove_if_empty(self, folder: Path) -> None:
        if folder == self.path:
            return
        try:
            folder.rmdir()
        except OSError as error:
            _LOG.debug("%s stays: %s", folder, error.strerror)


def identities_of(spec: DownloadSpec) -> tuple[FileIdentity, ...]:
    """Give the files of a download; empty while sizes, hashes or the commit are not known."""
    if not spec.commit or not spec.files or not all(one.is_verified for one in spec.files):
        return ()
    return tuple(
        FileIdentity(spec.repo_id, one.path, spec.commit, one.size_bytes, one.sha256)
        for one in spec.files
    )


def _is_recorded(folder: Path, record: FolderRecord, name: str, identity: FileIdentity) -> bool:
    return any(
        row.name == name and row.has_content_of(identity) and _is_file(folder / name, row)
        for row in record.files
    )


def _is_file(path: Path, row: FileRecord) -> bool:
    """Say whether the file that a record speaks of is there in full."""
    try:
        status = path.lstat()
    except (OSError, ValueError):
        return False
    is_plain = Path(row.name).name == row.name
    return is_plain and stat.S_ISREG(status.st_mode) and status.st_size == row.size_bytes
