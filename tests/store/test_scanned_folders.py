from pathlib import Path

from app.core.origin import Program
from app.store.database import Database
from app.store.scanned_folders import ScannedFolder, ScannedFolders
from tests.store.conftest import Clock


def test_folders_that_were_named_and_seen(database: Database, clock: Clock) -> None:
    folders = ScannedFolders(database, clock)
    studio, stick = Path("/studio"), Path("/media/stick")
    folders.see(studio, Program.LM_STUDIO)
    folders.name([stick])
    assert folders.all() == [
        ScannedFolder(studio, Program.LM_STUDIO, is_named=False, was_there=True),
        ScannedFolder(stick, Program.FOLDER, is_named=True, was_there=False),
    ]
    folders.see(stick, Program.FOLDER)
    folders.name([stick])
    assert folders.all()[1] == ScannedFolder(stick, Program.FOLDER, True, True)
    folders.forget(stick)
    assert [one.path for one in folders.all()] == [studio]


def test_programs_of_another_version_are_passed_over(database: Database) -> None:
    with database.write() as connection:
        connection.execute("INSERT INTO scanned_folder (path, program) VALUES ('/x', 'future')")
    assert ScannedFolders(database).all() == []
