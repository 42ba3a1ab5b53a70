"""The scan worker with a real database and made-up stores; the test plays the window."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from app.core import events
from app.core import hub_events as hub
from app.core.candidate import RemoteFile
from app.core.download import DownloadSpec
from app.core.errors import ErrorCode
from app.core.origin import Origin, Program
from app.core.placement import Placement
from app.core.settings import DEFAULTS, SettingKey
from app.store.database import Database
from app.store.model_files import inspect_model
from app.store.model_records import FileRecord, FolderRecord, write_record
from app.store.other_programs.found import Layout, Place
from app.worker.scan_worker import ScanWorker
from app.worker.signal_types import signal, signal_of
from app.worker.threads import WorkerThread
from tests.gguf_samples import chat_model
from tests.store.other_programs.stores import tree, write_model, write_ollama
from tests.worker.store_rig import StoreRig

Fact = TypeVar("Fact")
COMMIT, SHA = "c" * 40, "d" * 64


class Window(QObject):
    """Asks, and writes down what it hears."""

    began = signal()
    settings_changed = signal_of(events.SettingsChanged)
    scan_requested = signal_of(hub.ScanRequest)
    cancel_requested = signal()
    forget_requested = signal_of(hub.FolderRequest)
    delete_requested = signal_of(hub.ModelRequest)
    keep_requested = signal_of(hub.ModelRequest)
    installed = signal_of(hub.ModelInstalled)
    places_requested = signal()
    closed = signal()

    def __init__(self, worker: ScanWorker) -> None:
        super().__init__()
        self.heard: list[object] = []
        self.began.connect(worker.begin)
        self.settings_changed.connect(worker.apply_settings)
        self.scan_requested.connect(worker.scan)
        self.cancel_requested.connect(worker.cancel)
        self.forget_requested.connect(worker.forget_folder)
        self.delete_requested.connect(worker.delete)
        self.keep_requested.connect(worker.keep)
        self.installed.connect(worker.take_installed)
        self.places_requested.connect(worker.report_places)
        self.closed.connect(worker.close)
        worker.scan_advanced.connect(self._hear)
        worker.scan_finished.connect(self._hear)
        worker.model_deleted.connect(self._hear)
        worker.model_kept.connect(self._hear)
        worker.places_known.connect(self._hear)
        worker.handling_failed.connect(self._hear)
        worker.store_failed.connect(self._hear)

    @Slot(object)
    def _hear(self, fact: object) -> None:
        self.heard.append(fact)


class ScanRig:
    """The scan worker beside the library worker, each on its thread."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.store = StoreRig(qtbot, folder / "data")
        self.models = folder / "data" / "models"
        self.places: list[Place] = []
        database = Database(self.store.database_path)
        self.worker = ScanWorker(database, self.models, lambda: tuple(self.places))
        self.worker.models_changed.connect(self.store.library.report_again)
        self._qtbot = qtbot
        self._thread = WorkerThread("scan")
        self._thread.adopt(self.worker)
        self.window = Window(self.worker)
        self._thread.start()
        self.store.settle()

    def all(self, kind: type[Fact]) -> list[Fact]:
        return [fact for fact in self.window.heard if isinstance(fact, kind)]

    def wait_for(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=5000)

    def after(self, kind: type[Fact], action: Callable[[], object]) -> Fact:
        """Do something and give the next fact of a kind."""
        n_before = len(self.all(kind))
        action()
        self.wait_for(lambda: len(self.all(kind)) > n_before)
        return self.all(kind)[n_before]

    def scan(self, *folders: Path) -> hub.ScanFinished:
        """Scan, and wait until that is done and the list is told."""
        request = hub.ScanRequest(folders)
        n_before = len(self.all(hub.Places))
        finished = self.after(hub.ScanFinished, lambda: self.window.scan_requested.emit(request))
        self.wait_for(lambda: len(self.all(hub.Places)) > n_before)
        return finished

    def library(self) -> events.Library:
        """Give the list of models once everything is done."""
        self.after(hub.Places, self.window.places_requested.emit)
        self.store.settle()
        return self.store.all(events.Library)[-1]

    def names(self) -> list[str]:
        return [model.display_name for model in self.library().models]

    def close(self) -> None:
        self.window.closed.emit()
        assert self._thread.wait()
        assert self.store.close()


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[ScanRig]:
    (tmp_path / "data").mkdir()
    rig = ScanRig(qtbot, tmp_path)
    yield rig
    rig.close()
    assert rig.all(events.StoreFailed) == []


@pytest.fixture
def studio(rig: ScanRig, tmp_path: Path) -> Path:
    """A model of LM Studio."""
    path = write_model(tmp_path / "studio" / "org" / "repo" / "a.gguf", "In LM Studio")
    rig.places.append(Place(Program.LM_STUDIO, tmp_path / "studio"))
    return path


def installed(path: Path, *, is_embedding: bool = False, replaces: str = "") -> hub.ModelInstalled:
    """Put a file where downloads go, with its record."""
    size = path.stat().st_size
    record = FolderRecord("org/repo")
    write_record(
        path.parent, record.with_file(FileRecord(path.name, path.name, COMMIT, size, SHA))
    )
    spec = DownloadSpec(
        "org/repo",
        COMMIT,
        "Name",
        "Q4_K_M",
        (RemoteFile(path.name, size, SHA),),
        is_embedding=is_embedding,
        replaces=replaces,
    )
    return hub.ModelInstalled(path, spec, SHA, COMMIT)


def test_models_of_other_programs_are_listed(rig: ScanRig, studio: Path, tmp_path: Path) -> None:
    write_ollama(tmp_path / "ollama", title="In Ollama")
    rig.places.append(Place(Program.OLLAMA, tmp_path / "ollama", Layout.OLLAMA))
    before = tree(tmp_path / "studio")
    finished = rig.scan()
    assert finished.n_new == 2
    assert [(one.program, one.n_models) for one in finished.places] == [
        (Program.LM_STUDIO, 1),
        (Program.OLLAMA, 1),
    ]
    assert rig.names() == ["In LM Studio", "llama3.2:3b"]
    assert rig.library().origins[studio] == Origin(Program.LM_STUDIO, "org/repo")
    assert rig.all(hub.ScanProgress)
    assert rig.scan().n_new == 0
    assert tree(tmp_path / "studio") == before


def test_the_first_scan_begins_when_the_store_is_ready(rig: ScanRig, studio: Path) -> None:
    rig.after(hub.ScanFinished, rig.window.began.emit)
    assert rig.names() == ["In LM Studio"]


def test_downloads_are_looked_into_once_the_user_has_asked(rig: ScanRig, tmp_path: Path) -> None:
    write_model(tmp_path / "Downloads" / "a.gguf")
    rig.places.append(Place(Program.DOWNLOADS, tmp_path / "Downloads", depth=1))

    def begin() -> int:
        return rig.after(hub.ScanFinished, rig.window.began.emit).n_new

    assert begin() == 0
    assert rig.scan().n_new == 1
    write_model(tmp_path / "Downloads" / "b.gguf", "Another")
    assert begin() == 1


def test_a_folder_that_the_user_names_is_looked_at_from_then_on(
    rig: ScanRig, tmp_path: Path
) -> None:
    write_model(tmp_path / "stick" / "b.gguf", "On the stick")
    (result,) = rig.scan(tmp_path / "stick").places
    assert (result.program, result.n_models) == (Program.FOLDER, 1)
    away = (tmp_path / "stick").rename(tmp_path / "away")
    (result,) = rig.scan().places
    assert result.is_absent
    library = rig.library()
    assert [model.display_name for model in library.missing] == ["On the stick"]
    assert library.origins[library.missing[0].path].program is Program.FOLDER
    away.rename(tmp_path / "stick")
    assert rig.scan().n_new == 0
    assert rig.names() == ["On the stick"]
    write_model(tmp_path / "stick" / "c.gguf", "Other")
    (tmp_path / "stick" / "b.gguf").unlink()
    rig.scan()
    assert rig.names() == ["Other"]
    assert rig.library().missing == ()
    rig.window.forget_requested.emit(hub.FolderRequest(tmp_path / "stick"))
    assert rig.scan().places == ()
    assert rig.names() == []


def test_a_program_that_is_no_longer_there_is_told(rig: ScanRig, studio: Path) -> None:
    rig.scan()
    studio.parents[2].rename(studio.parents[2].with_name("gone"))
    (result,) = rig.scan().places
    assert result.is_absent


def test_naming_the_downloads_folder_looks_deeper(rig: ScanRig, tmp_path: Path) -> None:
    downloads = tmp_path / "Downloads"
    write_model(downloads / "below" / "a.gguf")
    rig.places.append(Place(Program.DOWNLOADS, downloads, depth=1))
    assert rig.scan().n_new == 0
    finished = rig.scan(downloads)
    assert finished.n_new == 1
    assert [one.program for one in finished.places] == [Program.FOLDER]


def test_a_copy_of_a_model_that_is_known_is_not_new(
    rig: ScanRig, studio: Path, tmp_path: Path
) -> None:
    rig.scan()
    write_model(tmp_path / "more" / "copy.gguf", "In LM Studio")
    assert rig.scan(tmp_path / "more").n_new == 0
    (origin,) = rig.library().origins.values()
    assert origin.also_probably_at == (str(tmp_path / "more" / "copy.gguf"),)


def test_a_cancelled_scan_keeps_what_it_found(rig: ScanRig, tmp_path: Path) -> None:
    for number in range(250):
        write_model(tmp_path / "many" / f"{number}.gguf", f"Number {number}")
    rig.places.append(Place(Program.FOLDER, tmp_path / "many"))

    def begin_and_cancel() -> None:
        rig.after(hub.ScanProgress, lambda: rig.window.scan_requested.emit(hub.ScanRequest()))
        rig.window.cancel_requested.emit()

    finished = rig.after(hub.ScanFinished, begin_and_cancel)
    assert finished.places == ()
    assert 0 < finished.n_new < 250
    assert len(rig.names()) == finished.n_new
    assert rig.scan().n_new == 250 - finished.n_new


def test_a_scan_that_is_asked_for_during_another_comes_after_it(
    rig: ScanRig, studio: Path, tmp_path: Path
) -> None:
    write_model(tmp_path / "stick" / "b.gguf", "On the stick")

    rig.window.scan_requested.emit(hub.ScanRequest())
    rig.window.scan_requested.emit(hub.ScanRequest((tmp_path / "stick",)))
    rig.wait_for(lambda: len(rig.all(hub.ScanFinished)) == 2)
    assert [len(one.places) for one in rig.all(hub.ScanFinished)] == [1, 2]


def test_what_was_taken_off_comes_back_only_when_its_folder_is_named(
    rig: ScanRig, studio: Path, tmp_path: Path
) -> None:
    rig.scan()
    rig.store.window.forget_model_requested.emit(events.LoadRequest(studio))
    rig.store.settle()
    assert rig.scan().n_new == 0
    assert rig.names() == []
    rig.scan(tmp_path / "studio")
    assert rig.names() == ["In LM Studio"]


# --- downloads ---


def test_a_download_is_listed_with_where_it_is_from(rig: ScanRig) -> None:
    path = write_model(rig.models / "org__repo" / "new.gguf", "New")
    fact = installed(path, replaces="/older.gguf")
    places = rig.after(hub.Places, lambda: rig.window.installed.emit(fact))
    assert places.by_path == {path: path.stat().st_size}
    assert places.taken_bytes == path.stat().st_size
    assert places.free_bytes > 0
    expected = Origin(Program.QUILLHOUSE, "org/repo", COMMIT, SHA, replaces="/older.gguf")
    assert rig.library().origins == {path: expected}
    rig.scan()
    assert rig.library().origins == {path: expected}


def test_a_download_for_searching_texts_is_no_chat_model(rig: ScanRig) -> None:
    path = rig.models / "org__repo" / "embedding.gguf"
    path.parent.mkdir(parents=True)
    path.write_bytes(chat_model().set("general.architecture", "str", "bert").file())
    fact = installed(path, is_embedding=True)
    rig.after(hub.Places, lambda: rig.window.installed.emit(fact))
    assert rig.all(hub.HandlingFailed) == []
    assert rig.names() == []


def test_a_download_that_is_opened_before_any_scan_is_ours(rig: ScanRig) -> None:
    path = write_model(rig.models / "org__repo" / "a.gguf")
    installed(path)
    loaded = events.LoadedModel(inspect_model(path), Placement(512), (), 0, 0.1, "processor")
    rig.store.window.loaded.emit(loaded)
    assert rig.library().origins[path] == Origin(Program.QUILLHOUSE, "org/repo", COMMIT, SHA)


def test_downloads_are_found_again_without_a_list(rig: ScanRig) -> None:
    """After the database was lost, or with models that were brought along."""
    path = write_model(rig.models / "org__repo" / "a.gguf", "Brought along")
    installed(path)
    mine = write_model(rig.models / "mine.gguf", "Put there by hand")
    assert rig.scan().places == ()
    origins = rig.library().origins
    assert origins[path] == Origin(Program.QUILLHOUSE, "org/repo", COMMIT, SHA)
    assert origins[mine].program is Program.FOLDER


def test_models_stay_ours_when_downloads_go_elsewhere(rig: ScanRig, tmp_path: Path) -> None:
    path = write_model(rig.models / "org__repo" / "a.gguf")
    rig.after(hub.Places, lambda: rig.window.installed.emit(installed(path)))
    rig.scan()
    for folder in ("second", "third"):
        values = {**DEFAULTS, SettingKey.MODELS_FOLDER: str(tmp_path / folder)}
        rig.window.settings_changed.emit(events.SettingsChanged(values))
        other = write_model(tmp_path / folder / "org__repo" / f"{folder}.gguf", folder)
        rig.after(hub.Places, partial(rig.window.installed.emit, installed(other)))
        rig.scan()
    places = rig.after(hub.Places, rig.window.places_requested.emit)
    assert places.folder == tmp_path / "third"
    assert len(places.by_path) == 3
    request = hub.ModelRequest(tmp_path / "second" / "org__repo" / "second.gguf")
    rig.after(hub.ModelDeleted, lambda: rig.window.delete_requested.emit(request))
    assert not request.path.exists()


def test_a_download_is_deleted_and_leaves_the_list(rig: ScanRig) -> None:
    path = write_model(rig.models / "org__repo" / "a.gguf")
    rig.after(hub.Places, lambda: rig.window.installed.emit(installed(path)))
    size = path.stat().st_size
    deleted = rig.after(
        hub.ModelDeleted, lambda: rig.window.delete_requested.emit(hub.ModelRequest(path))
    )
    assert deleted == hub.ModelDeleted(path, size)
    assert rig.library().models == rig.library().missing == ()
    assert list(rig.models.iterdir()) == []


def test_another_programs_file_is_not_deleted(rig: ScanRig, studio: Path) -> None:
    rig.scan()
    refused = rig.after(
        hub.HandlingFailed, lambda: rig.window.delete_requested.emit(hub.ModelRequest(studio))
    )
    assert refused.path == studio
    assert refused.failure.code is ErrorCode.FILE_NOT_OURS
    assert studio.exists()
    assert rig.names() == ["In LM Studio"]


def test_a_kept_model_stays_when_the_other_program_deletes_it(rig: ScanRig, studio: Path) -> None:
    rig.scan()
    kept = rig.after(
        hub.ModelKept, lambda: rig.window.keep_requested.emit(hub.ModelRequest(studio))
    )
    assert kept.kept_path.samefile(studio)
    library = rig.library()
    also_at = (str(kept.kept_path),)
    expected = Origin(Program.LM_STUDIO, "org/repo", also_at=also_at, is_kept=True)
    assert library.origins == {studio: expected}
    rig.scan()
    assert rig.library().origins == {studio: expected}
    studio.unlink()
    rig.scan()
    library = rig.library()
    assert [model.path for model in library.models] == [kept.kept_path]
    assert library.origins[kept.kept_path].program is Program.LM_STUDIO
    assert library.missing == ()
    request = hub.ModelRequest(kept.kept_path)
    deleted = rig.after(hub.ModelDeleted, lambda: rig.window.delete_requested.emit(request))
    assert deleted.freed_bytes > 0


def test_the_next_start_takes_the_copy_of_a_model_that_is_gone(
    qtbot: QtBot, rig: ScanRig, studio: Path
) -> None:
    rig.scan()
    model = inspect_model(studio)
    rig.store.window.loaded.emit(
        events.LoadedModel(model, Placement(512), (), 0, 0.1, "processor")
    )
    kept = rig.after(
        hub.ModelKept, lambda: rig.window.keep_requested.emit(hub.ModelRequest(studio))
    )
    rig.store.settle()
    studio.unlink()
    again = StoreRig(qtbot, rig.store.database_path.parent)
    assert again.nth(events.LoadRequest).path == kept.kept_path
    assert again.close()


def test_without_a_list_a_scan_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    worker = ScanWorker(Database(tmp_path / "none.db"), tmp_path, tuple)
    with qtbot.waitSignal(worker.store_failed) as caught:
        worker.scan(hub.ScanRequest())
    assert caught.args[0].failure.code is ErrorCode.DATABASE_BUSY
    assert not os.path.lexists(tmp_path / "none.db")


def test_downloads_on_a_disk_that_is_not_connected_stay_on_the_list(rig: ScanRig) -> None:
    path = write_model(rig.models / "org__repo" / "a.gguf", "Downloaded")
    rig.after(hub.Places, lambda: rig.window.installed.emit(installed(path)))
    disk = rig.models.rename(rig.models.with_name("disk"))
    rig.models.mkdir()
    rig.scan()
    assert [model.display_name for model in rig.library().missing] == ["Downloaded"]
    rig.models.rmdir()
    disk.rename(rig.models)
    rig.scan()
    assert rig.names() == ["Downloaded"]


def test_a_kept_file_that_the_user_deleted_by_hand_leaves_the_list(
    rig: ScanRig, studio: Path
) -> None:
    rig.scan()
    request = hub.ModelRequest(studio)
    kept = rig.after(hub.ModelKept, lambda: rig.window.keep_requested.emit(request)).kept_path
    studio.unlink()
    kept.unlink()
    rig.scan()
    library = rig.library()
    assert (library.models, library.missing) == ((), ())
