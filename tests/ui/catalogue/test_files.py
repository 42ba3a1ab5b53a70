"""Whose model files are, what can be done with them, and looking for those of other programs."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.core import events
from app.core.errors import ErrorCode, Facts, Failure
from app.core.hub_events import (
    FolderRequest,
    HandlingFailed,
    ModelDeleted,
    ModelKept,
    ModelRequest,
    Places,
    PlaceScanned,
    ScanFinished,
    ScanProgress,
    ScanRequest,
    UpdateAnswer,
    UpdateRequest,
)
from app.core.origin import Origin, Program
from app.ui.catalogue.files_part import FilesPart
from app.ui.catalogue.installed_view import InstalledView
from app.ui.catalogue.model_card import ModelCard
from app.ui.catalogue.origin_words import (
    origin_sentence,
    origin_tag,
    program_name,
    result_sentence,
)
from app.ui.message import Action, ActionRequest
from app.ui.theme import Theme
from app.ui.widgets.confirm_dialog import ConfirmDialog
from tests.fit_samples import NEMO, SMOL
from tests.ui.catalogue.conftest import LIBRARY
from tests.ui.downloads.samples import spec

REPO = "unsloth/SmolLM3-3B-GGUF"
FROM_STUDIO = Origin(Program.LM_STUDIO, REPO, "a" * 40, "b" * 64, ("/home/ada/other.gguf",))
OURS = Origin(Program.QUILLHOUSE, "unsloth/Nemo", "c" * 40, "d" * 64)
STICK = Path("/media/stick/models")


@pytest.fixture
def known(page: InstalledView) -> InstalledView:
    origins = {SMOL.path: FROM_STUDIO, NEMO.path: OURS}
    page.show_library(replace(LIBRARY, origins=origins))
    return page


def texts(part: QWidget) -> str:
    shown = [one.text() for one in part.findChildren(QLabel) if one.isVisibleTo(part)]
    return "\n".join(shown).replace("\u200b", "")


def card(page: InstalledView, name: str) -> ModelCard:
    return next(
        one
        for one in page.findChildren(ModelCard)
        if one.accessibleName() == name and one.isVisibleTo(page)
    )


def entries(page: InstalledView, name: str) -> dict[str, QAction]:
    menu = card(page, name).menu.menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    return {one.text(): one for one in menu.actions() if one.text()}


def button(part: QWidget, name: str) -> QAbstractButton:
    return next(
        one
        for one in part.findChildren(QAbstractButton)
        if one.accessibleName() == name and one.isVisibleTo(part)
    )


def question(page: QWidget) -> ConfirmDialog:
    return next(one for one in page.findChildren(ConfirmDialog) if one.isVisible())


# --- the menu of a card ---


def test_a_file_of_another_program_is_called_so(known: InstalledView, qtbot: QtBot) -> None:
    shown = entries(known, "SmolLM3 3B")
    assert list(shown) == [
        "From LM Studio, used where it is",
        "Show in folder",
        "Copies elsewhere: 1",
        "Look for a newer version",
        "Keep it if LM Studio deletes it…",
        "Take off the list",
    ]
    assert not shown["From LM Studio, used where it is"].isEnabled()
    assert "from LM Studio" in texts(card(known, "SmolLM3 3B"))
    with qtbot.waitSignal(known.files.update_requested) as asked:
        shown["Look for a newer version"].trigger()
    assert asked.args == [UpdateRequest(SMOL.path, REPO, "a" * 40, "b" * 64)]
    copies = shown["Copies elsewhere: 1"].menu()
    assert isinstance(copies, QMenu)
    with qtbot.waitSignal(known.show_in_folder_requested) as showing:
        copies.actions()[0].trigger()
    assert showing.args == [events.LoadRequest(Path("/home/ada/other.gguf"))]


def test_keeping_a_file_is_explained_first(known: InstalledView, qtbot: QtBot) -> None:
    entries(known, "SmolLM3 3B")["Keep it if LM Studio deletes it…"].trigger()
    asked = question(known)
    assert "Keep SmolLM3 3B Q4_K_M?" in texts(asked)
    assert "takes no more room now" in texts(asked)
    with qtbot.waitSignal(known.files.keep_requested) as kept:
        button(asked, "Keep it").click()
    assert kept.args == [ModelRequest(SMOL.path)]
    origin = replace(FROM_STUDIO, is_kept=True)
    known.show_library(replace(LIBRARY, origins={SMOL.path: origin}))
    shown = entries(known, "SmolLM3 3B")
    assert "From LM Studio, and kept by Quillhouse" in shown
    assert "Keep it if LM Studio deletes it…" not in shown


def test_only_downloads_can_be_deleted_and_only_after_asking(
    known: InstalledView, qtbot: QtBot
) -> None:
    assert not [text for text in entries(known, "SmolLM3 3B") if text.startswith("Delete")]
    assert "Delete…" in entries(known, "Mistral Nemo 12B")
    known.files.show_places(Places(Path("/m"), 1, 1, {NEMO.path: 7 << 30}))
    entries(known, "Mistral Nemo 12B")["Delete… frees 7.0 GB"].trigger()
    with qtbot.assertNotEmitted(known.files.delete_requested):
        assert "7.0 GB of the disk are free again" in texts(question(known))
        QTest.keyClick(question(known), Qt.Key.Key_Return)
    entries(known, "Mistral Nemo 12B")["Delete… frees 7.0 GB"].trigger()
    with qtbot.waitSignal(known.files.delete_requested) as deleted:
        button(question(known), "Delete").click()
    assert deleted.args == [ModelRequest(NEMO.path)]


def test_a_kept_file_can_be_deleted_once_it_is_the_only_one(
    known: InstalledView, qtbot: QtBot
) -> None:
    only = replace(FROM_STUDIO, repo_id="", also_at=(), is_kept=True)
    known.show_library(replace(LIBRARY, origins={SMOL.path: only}))
    known.files.show_places(Places(Path("/m"), 1, 1, {SMOL.path: 2 << 30}))
    entries(known, "SmolLM3 3B")["Delete… frees 2.0 GB"].trigger()
    assert "This cannot be undone." in texts(question(known))
    with qtbot.waitSignal(known.files.delete_requested) as deleted:
        button(question(known), "Delete").click()
    assert deleted.args == [ModelRequest(SMOL.path)]


def test_keeping_a_file_can_be_ended(known: InstalledView, qtbot: QtBot) -> None:
    kept = Path("/m/smol.gguf")
    both = replace(FROM_STUDIO, also_at=(str(kept),), is_kept=True)
    known.show_library(replace(LIBRARY, origins={SMOL.path: both}))
    known.files.show_places(Places(Path("/m"), 1, 1, {kept: 0}))
    shown = entries(known, "SmolLM3 3B")
    assert not [text for text in shown if text.startswith("Delete")]
    shown["Keep it no longer…"].trigger()
    assert "No room becomes free." in texts(question(known))
    with qtbot.waitSignal(known.files.delete_requested) as deleted:
        button(question(known), "Keep it no longer").click()
    assert deleted.args == [ModelRequest(kept)]


def test_deleting_one_of_two_copies_promises_no_room(known: InstalledView) -> None:
    known.files.show_places(Places(Path("/m"), 1, 1, {NEMO.path: 0}))
    entries(known, "Mistral Nemo 12B")["Delete…"].trigger()
    assert "A copy elsewhere stays, so no room becomes free." in texts(question(known))


@pytest.mark.parametrize(
    "origin",
    [
        Origin(Program.LM_STUDIO, also_at=("/home/ada/copy.gguf",)),
        Origin(Program.LM_STUDIO, also_probably_at=("/home/ada/copy.gguf",)),
    ],
)
def test_a_model_is_in_use_also_when_its_other_copy_is_listed(
    known: InstalledView, origin: Origin
) -> None:
    other = Path("/home/ada/copy.gguf")
    known.show_library(replace(LIBRARY, origins={SMOL.path: origin}))
    loaded = replace(SMOL, path=other)
    known.show_status(events.EngineStatus(events.EngineState.READY, loaded))
    assert "In use" in texts(card(known, "SmolLM3 3B"))
    known.show_status(events.EngineStatus(events.EngineState.READY, NEMO))
    assert "In use" not in texts(card(known, "SmolLM3 3B"))


def test_versions_that_differ_only_in_their_place_can_be_told_apart(page: InstalledView) -> None:
    twin = replace(SMOL, path=Path("/home/ada/twin.gguf"))
    origins = {SMOL.path: FROM_STUDIO, twin.path: OURS}
    page.show_library(replace(LIBRARY, models=(SMOL, twin), origins=origins))
    shown = list(entries(page, "SmolLM3 3B"))
    assert len(shown) == len(set(shown)) == 2
    assert any("from LM Studio" in one for one in shown)


def test_a_file_that_is_gone_can_only_be_taken_off_the_list(known: InstalledView) -> None:
    library = events.Library((), (NEMO,), None, {NEMO.path: OURS})
    known.show_library(library)
    assert list(entries(known, "Mistral Nemo 12B")) == [
        "Downloaded by Quillhouse",
        "Show in folder",
        "Take off the list",
    ]


@pytest.mark.parametrize("program", list(Program))
def test_every_program_has_words(program: Program) -> None:
    assert program_name(program)
    origin = Origin(program)
    assert origin_sentence(origin)
    assert origin_tag(origin)


# --- what came of it ---


def test_what_was_done_is_said(known: InstalledView, qtbot: QtBot) -> None:
    said: list[str] = []
    files = known.files
    files.note_requested.connect(said.append)
    files.show_deleted(ModelDeleted(NEMO.path, 7 << 30))
    files.show_deleted(ModelDeleted(NEMO.path, 0))
    files.show_kept(ModelKept(SMOL.path, Path("/m/smol.gguf")))
    files.show_update_answer(UpdateAnswer(SMOL.path))
    assert said == [
        "Deleted; 7.0 GB are free again",
        "Deleted; a copy elsewhere still takes its room",
        "SmolLM3 3B Q4_K_M stays now, whatever other programs do",
        "SmolLM3 3B Q4_K_M is the newest version",
    ]


def test_a_newer_version_is_offered_and_the_old_one_stays(
    known: InstalledView, qtbot: QtBot
) -> None:
    newer = spec()
    known.files.show_update_answer(UpdateAnswer(SMOL.path, newer))
    shown = texts(known.files)
    assert "There is a newer version of SmolLM3 3B Q4_K_M" in shown
    assert "The old one stays until the new one has proved itself." in shown
    with qtbot.waitSignal(known.files.download_requested) as asked:
        button(known.files, "Download it").click()
    assert asked.args == [newer]


def test_what_failed_is_said_with_its_way_out(known: InstalledView, qtbot: QtBot) -> None:
    offline = Failure(ErrorCode.OFFLINE, Facts())
    known.files.show_update_answer(UpdateAnswer(SMOL.path, failure=offline))
    assert "SmolLM3 3B Q4_K_M: Quillhouse is offline" in texts(known.files)
    with qtbot.waitSignal(known.files.action_requested) as asked:
        button(known.files, "Use the internet").click()
    assert asked.args == [ActionRequest(Action.GO_ONLINE, "", str(SMOL.path))]
    facts = Facts(file_name="smol.gguf")
    known.files.show_handling_failed(
        HandlingFailed(SMOL.path, Failure(ErrorCode.LINK_IMPOSSIBLE, facts))
    )
    assert "This file cannot be kept" in texts(known.files)


# --- looking for models ---

LM_STUDIO = PlaceScanned(Program.LM_STUDIO, Path("/home/ada/.lmstudio/models"), 2)
UNREADABLE = PlaceScanned(
    Program.OLLAMA,
    Path("/usr/share/ollama"),
    failure=Failure(ErrorCode.FOLDER_UNREADABLE, Facts(path="/usr/share/ollama")),
)
ABSENT = PlaceScanned(Program.FOLDER, STICK, is_absent=True)


@pytest.fixture
def files(qtbot: QtBot, theme: Theme) -> FilesPart:
    files = FilesPart(theme)
    qtbot.addWidget(files)
    files.resize(600, 400)
    files.show()
    return files


def test_looking_can_be_begun_watched_and_stopped(files: FilesPart, qtbot: QtBot) -> None:
    with qtbot.waitSignal(files.scan_requested) as asked:
        button(files, "Look for models of other programs").click()
    assert asked.args == [ScanRequest()]
    files.show_scan_progress(ScanProgress("/home/ada/.lmstudio/models", 3))
    assert "Looking in /home/ada/.lmstudio/models… 3 found" in texts(files)
    assert not button(files, "Add a folder…").isEnabled()
    with qtbot.waitSignal(files.scan_cancel_requested):
        button(files, "Stop looking").click()
    files.show_scan_finished(ScanFinished((LM_STUDIO,), 2))
    assert "2 models found: 2 from LM Studio. New: 2." in texts(files)
    with qtbot.waitSignal(files.scan_requested):
        button(files, "Look again").click()


def test_a_folder_can_be_added_and_given_up(
    files: FilesPart, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(STICK))
    with qtbot.waitSignal(files.scan_requested) as asked:
        button(files, "Add a folder…").click()
    assert asked.args == [ScanRequest((STICK,))]
    files.show_scan_finished(ScanFinished((LM_STUDIO, UNREADABLE, ABSENT), 0))
    shown = texts(files)
    assert "Not connected" in shown
    assert "Cannot be read" in shown
    assert "/home/ada/.lmstudio/models" not in shown, "nothing is to be done about it"
    with qtbot.waitSignal(files.folder_forget_requested) as forgotten:
        button(files, f"Look in {STICK} no more").click()
    assert forgotten.args == [FolderRequest(STICK)]
    files.show_scan_finished(ScanFinished((LM_STUDIO,), 0))
    QApplication.processEvents()
    assert "Not connected" not in texts(files)


@pytest.mark.parametrize(
    ("places", "n_new", "expected"),
    [
        ((), 0, "No models of other programs were found."),
        ((ABSENT,), 0, "No models of other programs were found."),
        ((replace(LM_STUDIO, n_models=1),), 1, "1 model found: 1 from LM Studio. New: 1."),
        (
            (
                replace(LM_STUDIO, n_unusable=1),
                PlaceScanned(Program.OLLAMA, Path("/o"), 3),
                PlaceScanned(Program.FOLDER, Path("/a"), 1),
                PlaceScanned(Program.FOLDER, Path("/b"), 1, 2),
            ),
            0,
            (
                "7 models found: 3 from Ollama, 2 from LM Studio, 2 from your folders."
                " None is new. 3 files cannot run here."
            ),
        ),
        (
            (PlaceScanned(Program.JAN, Path("/j"), 0, 1),),
            0,
            "No models of other programs were found. 1 file cannot run here.",
        ),
    ],
)
def test_the_result_is_one_honest_line(
    places: tuple[PlaceScanned, ...], n_new: int, expected: str
) -> None:
    assert result_sentence(ScanFinished(places, n_new)) == expected


def test_hostile_paths_neither_format_nor_widen_the_part(files: FilesPart, theme: Theme) -> None:
    theme.set_scale(1.5)
    path = Path("/<b>x</b>\u202e" + "y" * 500)
    places = (PlaceScanned(Program.FOLDER, path, 1), replace(UNREADABLE, path=path))
    files.show_scan_finished(ScanFinished(places, 0))
    files.resize(480, 800)
    QApplication.processEvents()
    assert files.width() == 480
    assert "<b>x</b>y" in texts(files)
    for one in files.findChildren(QLabel):
        if one.isVisibleTo(files):
            assert one.mapTo(files, one.rect().bottomRight()).x() < files.width()
