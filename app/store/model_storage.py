"""Model files in Quillhouse's own folders: what they take, keeping more, deleting them.

Nothing else on the disk is ever deleted: a file must lie in one of these folders, in its true
place, and stand in the record beside it.
"""

import errno
import logging
import os
import re
import shutil
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from app.core.errors import ErrorCode, Facts, WorldError
from app.core.gguf_name import ENDING, FileKind, parse_gguf_name
from app.core.gguf_parts import part_name
from app.core.hub_events import Places
from app.core.model import ModelFile
from app.core.origin import Origin, Program
from app.store.conversation_rows import moment_text
from app.store.conversations import utc_now
from app.store.data_folder import PRIVATE_FOLDER, write_error
from app.store.disk_room import reserve_bytes
from app.store.model_files import file_paths
from app.store.model_records import (
    RECORD_NAME,
    FileRecord,
    FolderRecord,
    read_record,
    write_record,
)

_LOG = logging.getLogger(__name__)

FAT_SYSTEMS = frozenset({"vfat", "msdos", "fat", "fat32", "msdosfs", "exfat"})
"""They know one name for each file only."""
NETWORK_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "afpfs", "webdav", "fuse.sshfs"}
)
"""A server may allow a second name, but what becomes of it is the server's affair."""
MAX_NAME_CHARACTERS = 80
MAX_FOLDERS = 100

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class ModelStorage:
    """The folders that downloads go to, and went to before.

    Args:
        folders: the present one first; they may not be there.
        file_system_of: names the file system that a path is on; empty if it is not known.
        now: tells the time.
    """

    def __init__(
        self,
        folders: tuple[Path, ...],
        file_system_of: Callable[[Path], str] = lambda _: "",
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.folders = folders
        self._file_system_of = file_system_of
        self._now = now

    # --- what is here ---

    def origin_of(self, path: Path) -> Origin | None:
        """Give where a file in these folders comes from; None if it has no record here."""
        found = self._recorded(path)
        if found is None:
            return None
        record, file = found
        program = _program(file.origin)
        return Origin(
            program,
            record.repo_id,
            file.commit,
            file.sha256,
            is_kept=program is not Program.QUILLHOUSE,
        )

    def places(self) -> Places:
        """Say what the recorded files take, and what deleting each model would free."""
        by_path: dict[Path, int] = {}
        taken_bytes = 0
        for top in self.folders:
            for folder in _recorded_folders(top):
                files = self._files_in(folder)
                taken_bytes += sum(_sizes(path).all_bytes for path in files)
                by_path |= _freed_by_model(files)
        free_bytes, reserve = _room(self.folders[0])
        return Places(self.folders[0], taken_bytes, free_bytes, by_path, reserve)

    def _recorded(self, path: Path) -> tuple[FolderRecord, FileRecord] | None:
        """Find the record of a file that is truly in one of these folders."""
        if not any(_is_truly_in(path, folder) for folder in self.folders):
            return None
        record = read_record(path.parent)
        for file in record.files if record is not None else ():
            if file.name == path.name and record is not None:
                return record, file
        return None

    def _files_in(self, folder: Path) -> list[Path]:
        """Give the recorded files of one folder that are there."""
        record = read_record(folder)
        paths = [folder / Path(file.name).name for file in record.files] if record else []
        return [path for path in paths if self._recorded(path) is not None and path.is_file()]

    # --- deleting ---

    def delete(self, path: Path) -> int:
        """Delete a model that was downloaded or kept, with all its parts and its record.

        Args:
            path: of its file, or of the first of its parts.

        Returns:
            How many bytes the disk gains: none for a file that another program has too.

        Raises:
            WorldError: FILE_NOT_OURS, nothing was touched; FILE_MISSING; DATA_FOLDER_UNWRITABLE.
        """
        found = self._recorded(path)
        if found is None:
            if not os.path.lexists(path):
                raise WorldError(ErrorCode.FILE_MISSING, Facts(path.name, str(path)))
            raise WorldError(ErrorCode.FILE_NOT_OURS, Facts(path.name, str(path)))
        parts = [part for part in file_paths(path) if self._recorded(part) is not None]
        freed_bytes = sum(self._delete_file(part) for part in parts)
        rest = self._files_in(path.parent)
        if all(_is_projector(one) for one in rest):
            # Without a model they are of no use.
            freed_bytes += sum(self._delete_file(one) for one in rest)
        self._remove_empty(path.parent)
        return freed_bytes

    def _delete_file(self, path: Path) -> int:
        freed_bytes = _sizes(path).freed_bytes
        try:
            path.unlink(missing_ok=True)
            record = read_record(path.parent)
            rest = record.without_file(path.name) if record is not None else None
            if rest is not None and rest.files:
                write_record(path.parent, rest)
            else:
                path.with_name(RECORD_NAME).unlink(missing_ok=True)
        except OSError as error:
            raise write_error(error, path) from error
        return freed_bytes

    def _remove_empty(self, folder: Path) -> None:
        """Remove a folder and those above it that have nothing in them any more."""
        while any(_is_truly_in(folder, top) for top in self.folders):
            try:
                folder.rmdir()
            except OSError as error:
                _LOG.debug("%s stays: %s", folder.name, error.strerror)
                return
            folder = folder.parent

    # --- keeping ---

    def keep(self, model: ModelFile, origin: Origin) -> Path:
        """Give another program's file a second name here, so that it stays if that is deleted.

        It takes no room: both names are of one file. Nothing of it is changed.

        Args:
            model: of the other program.
            origin: what is known of it.

        Returns:
            The new name; of the first part if there are several.

        Raises:
            WorldError: LINK_IMPOSSIBLE, FILE_MISSING, DISK_FULL or DATA_FOLDER_UNWRITABLE.
        """
        sources = file_paths(model.path)
        try:
            # What is linked is the file itself, not another link to it.
            real = [source.resolve(strict=True) for source in sources]
            folder, names = self._place_for(model, origin, real)
            self._check_linkable(model.path, real)
            folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        except FileNotFoundError as error:
            facts = Facts(model.path.name, str(model.path))
            raise WorldError(ErrorCode.FILE_MISSING, facts, str(error)) from error
        except OSError as error:
            raise write_error(error, self.folders[0]) from error
        try:
            self._link_all(real, [folder / name for name in names])
        except WorldError:
            self._remove_empty(folder)
            raise
        record = read_record(folder) or FolderRecord(origin.repo_id)
        for name in names:
            record = record.with_file(self._file_record(folder / name, origin, len(names)))
        write_record(folder, record)
        return folder / names[0]

    def _check_linkable(self, path: Path, real: list[Path]) -> None:
        """Refuse disks where a second name is not possible, or not safe."""
        here = next(one for one in (self.folders[0], *self.folders[0].parents) if one.exists())
        for place in (here, *real):
            name = self._file_system_of(place).casefold()
            if name in FAT_SYSTEMS:
                raise _link_impossible(path, "fat_disk")
            if name in NETWORK_SYSTEMS:
                raise _link_impossible(path, "network_disk")
        if any(one.stat().st_dev != here.stat().st_dev for one in real):
            raise _link_impossible(path, "other_disk")

    def _place_for(
        self, model: ModelFile, origin: Origin, real: list[Path]
    ) -> tuple[Path, tuple[str, ...]]:
        """Find a folder of our own where the names are free, or of this very file already."""
        names = _names(model)
        base = f"{origin.program}__{_safe(model.display_name)}"
        for number in range(1, MAX_FOLDERS):
            folder = self.folders[0] / (base if number == 1 else f"{base}_{number}")
            taken = [folder / name for name in names if os.path.lexists(folder / name)]
            is_this = len(taken) == len(names) and all(
                _is_same(ours, theirs) for ours, theirs in zip(taken, real, strict=True)
            )
            is_ours = not folder.is_symlink() and _is_truly_in(folder, self.folders[0])
            if is_ours and (not taken or is_this):
                return folder, names
        raise _link_impossible(model.path, "names_taken")

    def _link_all(self, sources: list[Path], targets: list[Path]) -> None:
        """Link all files, or none."""
        made: list[Path] = []
        for source, target in zip(sources, targets, strict=True):
            if os.path.lexists(target):
                continue  # It is this very file already.
            try:
                os.link(source, target)
            except OSError as error:
                for one in made:
                    one.unlink(missing_ok=True)
                raise _link_error(error, source, target) from error
            made.append(target)

    def _file_record(self, path: Path, origin: Origin, n_parts: int) -> FileRecord:
        return FileRecord(
            name=path.name,
            path=path.name,
            commit=origin.commit,
            size_bytes=path.stat().st_size,
            # Of several parts only the whole set's origin is known.
            sha256=origin.sha256 if n_parts == 1 else "",
            downloaded_at=moment_text(self._now()),
            origin=origin.program.value,
        )


def _program(origin: str) -> Program:
    try:
        return Program(origin) if origin else Program.QUILLHOUSE
    except ValueError:
        return Program.FOLDER  # noted by a newer version


def _is_truly_in(path: Path, folder: Path) -> bool:
    """Say whether a path is inside a folder, with no link on the way and none at its end."""
    if ".." in path.parts or not path.is_relative_to(folder) or path == folder:
        return False
    try:
        return path.resolve() == folder.resolve() / path.relative_to(folder)
    except (OSError, RuntimeError, ValueError):
        return False


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


class _Sizes(NamedTuple):
    """How large a file is, and how much deleting it would free."""

    all_bytes: int
    freed_bytes: int


def _sizes(path: Path) -> _Sizes:
    try:
        status = path.lstat()
    except OSError:
        return _Sizes(0, 0)
    if not stat.S_ISREG(status.st_mode):
        return _Sizes(0, 0)
    return _Sizes(status.st_size, status.st_size if status.st_nlink == 1 else 0)


def _freed_by_model(files: list[Path]) -> dict[Path, int]:
    """Give what deleting each model of a folder frees; the last one takes projectors along."""
    by_path: dict[Path, int] = {}
    for path in files:
        if not _is_projector(path):
            first = file_paths(path)[0]
            by_path[first] = by_path.get(first, 0) + _sizes(path).freed_bytes
    if len(by_path) == 1:
        projectors = sum(_sizes(path).freed_bytes for path in files if _is_projector(path))
        by_path = {path: n_bytes + projectors for path, n_bytes in by_path.items()}
    return by_path


def _is_projector(path: Path) -> bool:
    return parse_gguf_name(path.name).kind is FileKind.PROJECTOR


def _recorded_folders(top: Path) -> list[Path]:
    """Give the folders that have a record; no deeper, since `top` may be all of a user's files."""
    try:
        return sorted(
            note.parent
            for note in (*top.glob(f"*/{RECORD_NAME}"), *top.glob(f"*/*/{RECORD_NAME}"))
        )
    except OSError as error:
        _LOG.warning("the models folder cannot be listed: %s", error.strerror)
        return []


def _room(folder: Path) -> tuple[int, int]:
    """Give how many bytes are free on the disk of a folder, and how many of them stay so."""
    for place in (folder, *folder.parents):
        try:
            usage = shutil.disk_usage(place)
        except OSError:
            continue
        return usage.free, reserve_bytes(usage.total)
    return 0, 0


def _names(model: ModelFile) -> tuple[str, ...]:
    """Give names for the files that say what they are, as other programs want them."""
    names = tuple(part.name for part in file_paths(model.path))
    # A name that is no text could not stand in the record.
    if _can_be_stored(names[0]) and names[0].casefold().endswith(ENDING):
        return names
    part = part_name(names[0])
    if part is not None:
        return replace(part, stem=_safe(part.stem)).all_names
    return (f"{_safe(model.display_name)}{ENDING}",)


def _can_be_stored(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _safe(text: str) -> str:
    """Give a name that is one on every system."""
    return _UNSAFE.sub("-", text)[:MAX_NAME_CHARACTERS].strip(".-_") or "model"


def _link_error(error: OSError, source: Path, target: Path) -> WorldError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return write_error(error, target)
    reason = "other_disk" if error.errno == errno.EXDEV else error.strerror or ""
    return _link_impossible(source, reason, str(error))


def _link_impossible(path: Path, reason: str, detail: str = "") -> WorldError:
    return WorldError(ErrorCode.LINK_IMPOSSIBLE, Facts(path.name, reason=reason), detail)
