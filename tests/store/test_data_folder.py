"""Where data lives, and what is said when it cannot."""

import errno
import os
import stat
import sys
from pathlib import Path

import platformdirs
import pytest

from app.core.errors import ErrorCode, WorldError
from app.store.data_folder import HOME_VARIABLE, DataFolder, write_error


def test_the_variable_names_the_folder(own_data_folder: Path) -> None:
    folder = DataFolder.open()
    assert folder.path == own_data_folder
    for place in (folder.database, folder.saved_states, folder.logs, folder.lock_file):
        assert place.is_relative_to(own_data_folder)


def test_without_it_data_goes_where_the_system_keeps_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(HOME_VARIABLE)

    def user_data_dir(name: str, author: object) -> str:
        return str(tmp_path / f"{name} {author}")

    monkeypatch.setattr(platformdirs, "user_data_dir", user_data_dir)
    assert DataFolder.open().path == tmp_path / "Quillhouse False"


def test_a_relative_folder_stays_where_it_was_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(HOME_VARIABLE, "portable")
    assert DataFolder.open().path == tmp_path / "portable"


@pytest.mark.skipif(sys.platform == "win32", reason="no such permissions on Windows")
def test_folders_are_for_their_user_only_also_those_that_were_there(own_data_folder: Path) -> None:
    (own_data_folder / "logs").mkdir(parents=True)
    (own_data_folder / "logs").chmod(0o755)
    folder = DataFolder.open()
    for one in (folder.path, folder.saved_states, folder.logs):
        assert stat.S_IMODE(one.stat().st_mode) == 0o700


def test_a_folder_whose_permissions_cannot_be_set_is_used_all_the_same(
    own_data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, mode: int) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refuse)
    assert DataFolder.open().path == own_data_folder


def test_a_file_in_the_way_is_said(own_data_folder: Path) -> None:
    own_data_folder.write_text("in the way")
    with pytest.raises(WorldError) as caught:
        DataFolder.open()
    assert caught.value.code is ErrorCode.DATA_FOLDER_UNWRITABLE
    assert caught.value.facts.path == str(own_data_folder)


def test_a_folder_that_may_not_be_written_is_said(
    own_data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    with pytest.raises(WorldError) as caught:
        DataFolder.open()
    assert caught.value.code is ErrorCode.DATA_FOLDER_UNWRITABLE


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, ErrorCode.DISK_FULL),
        (errno.EDQUOT, ErrorCode.DISK_FULL),
        (errno.EROFS, ErrorCode.DATA_FOLDER_UNWRITABLE),
        (errno.EACCES, ErrorCode.DATA_FOLDER_UNWRITABLE),
    ],
)
def test_a_full_disk_is_not_taken_for_a_locked_one(
    tmp_path: Path, number: int, code: ErrorCode
) -> None:
    error = write_error(OSError(number, "said the system"), tmp_path / "file")
    assert error.code is code
    assert (error.facts.available_bytes > 0) is (code is ErrorCode.DISK_FULL)
