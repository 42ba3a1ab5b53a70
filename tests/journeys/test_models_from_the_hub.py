"""From a search to an answer of a model that was not there before, and what is known of it."""

import json
import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QListView

from app.core.settings import SettingKey
from app.store.data_folder import DataFolder
from app.store.database import Database
from app.store.ledger import LedgerTable
from app.store.model_files import inspect_model
from app.store.settings_table import SettingsTable
from tests.hub.loopback_faults import FaultKind, Place
from tests.hub.loopback_fixtures import allow_loopback, hub
from tests.hub.loopback_hub import LoopbackHub
from tests.journeys.user import User

__all__ = ["allow_loopback", "hub"]

REPO = "maker/Tiny-Helper-GGUF"
FILE = "Tiny-Helper-Q8_0.gguf"
SLOW_BYTES_PER_S = 8_000_000
"""So slowly the model takes 17 s, so that there is time to pause it."""
MOST_TWICE_BYTES = 1 << 20
CARD = b"---\nlicense: apache-2.0\n---\n# Tiny Helper\n\nMade to be tested with.\n"


@pytest.fixture
def filled_hub(hub: LoopbackHub, starter_path: Path) -> LoopbackHub:
    """The model that comes with Quillhouse, under another name, on a Hub of our own."""
    files = {FILE: starter_path.read_bytes(), "README.md": CARD}
    hub.add(REPO, files, card={"license": "apache-2.0"})
    data = DataFolder.open()
    database = Database(data.database)
    database.open()
    SettingsTable(database).change(SettingKey.HUB_ENDPOINT, hub.endpoint)
    database.close()
    return hub


@pytest.fixture
def online(filled_hub: LoopbackHub, user: User) -> User:
    """A user whose Hub is ours; made before the window is."""
    user.waits_for_the_model()
    return user


def search(user: User, words: str) -> None:
    user.clicks("Models")
    user.until(lambda: [one for one in fields(user) if one.isVisible()])
    (field,) = [one for one in fields(user) if one.isVisible()]
    field.setText(words)
    user.presses_on(field, Qt.Key.Key_Return)


def fields(user: User) -> list[QLineEdit]:
    return [
        one
        for one in user.window.findChildren(QLineEdit)
        if one.accessibleName() == "Search models"
    ]


def open_row(user: User, name: str) -> None:
    """Open the details of the model with the keyboard, once it is in the list."""

    def place() -> int | None:
        model = models(user).model()
        for row in range(model.rowCount()):
            if str(model.index(row, 0).data(Qt.ItemDataRole.DisplayRole)).startswith(name):
                return row
        return None

    user.until(lambda: place() is not None)
    view = models(user)
    view.setCurrentIndex(view.model().index(place() or 0, 0))
    user.presses_on(view, Qt.Key.Key_Return)


def models(user: User) -> QListView:
    (view,) = [
        one
        for one in user.window.findChildren(QListView)
        if one.accessibleName() == "Models to be found"
    ]
    return view


def test_a_model_is_searched_for_downloaded_used_and_deleted(
    filled_hub: LoopbackHub, online: User, starter_path: Path
) -> None:
    user, in_use = online, f"Model: {inspect_model(starter_path).display_name}"
    search(user, REPO)
    user.sees("Use the internet?")
    assert filled_hub.log == [], "something was asked for before the user agreed"
    user.clicks("Use the internet")
    open_row(user, "Tiny-Helper")
    user.sees("Free to use, also at work")
    user.clicks("Download 138 MB")
    user.sees("Use this model")
    user.clicks("Use this model")
    user.until(lambda: "Tiny, often wrong" not in user.screen())
    user.until(lambda: user.button(in_use))
    user.sends("Say hello.")
    user.sees("words per second")

    folder = DataFolder.open().models / "maker__Tiny-Helper-GGUF"
    record = json.loads(folder.joinpath("model.json").read_text("utf-8"))
    assert record["repo_id"] == REPO
    assert folder.joinpath(FILE).is_file()
    assert not list(folder.glob("*.part*"))
    assert not any(one.authorization for one in filled_hub.log)

    user.closes()
    asked = len(filled_hub.log)
    user.starts_again()
    user.until(lambda: user.button(in_use))
    assert len(filled_hub.log) == asked, "a start asked for something by itself"


def test_a_paused_download_goes_on_after_the_next_start(
    filled_hub: LoopbackHub, online: User, starter_path: Path
) -> None:
    user, size = online, starter_path.stat().st_size
    filled_hub.fail(Place.CDN, FaultKind.THROTTLE, bytes_per_s=SLOW_BYTES_PER_S, times=100)
    search(user, REPO)
    user.clicks("Use the internet")
    open_row(user, "Tiny-Helper")
    user.clicks("Download 138 MB")
    user.sees("Show downloads")
    user.clicks("Show downloads")
    user.until(lambda: arrived_bytes() > SLOW_BYTES_PER_S)
    user.clicks("Pause")
    user.sees("Paused")
    arrived = arrived_bytes()
    assert 0 < arrived < size

    user.closes()
    asked = len(filled_hub.log)
    filled_hub.faults.clear()
    user.starts_again()
    user.waits_for_the_model()
    user.clicks("Downloads")
    user.sees("Paused")
    assert len(filled_hub.log) == asked, "a paused download went on by itself"
    sent = filled_hub.bytes_of_files()
    user.clicks("Resume")
    user.sees("Ready to use")
    assert filled_hub.bytes_of_files() - sent <= size - arrived + MOST_TWICE_BYTES
    user.clicks("Use this model")
    user.until(lambda: "Tiny, often wrong" not in user.screen())
    user.sends("Say hello.")
    user.sees("words per second")


def test_what_was_asked_just_before_the_end_is_in_the_list(
    filled_hub: LoopbackHub, online: User
) -> None:
    user = online
    search(user, REPO)
    user.clicks("Use the internet")
    user.until(lambda: filled_hub.log and "Tiny-Helper" in user.screen())
    user.closes()
    database = Database(DataFolder.open().database)
    database.open()
    sums = LedgerTable(database).sums()
    database.close()
    assert sums.n_entries == len(filled_hub.log)


def arrived_bytes() -> int:
    """What has arrived of the model that is being downloaded."""
    return sum(part.stat().st_size for part in DataFolder.open().models.rglob("*.part"))


def test_who_stays_offline_asks_for_nothing(filled_hub: LoopbackHub, online: User) -> None:
    user = online
    search(user, "tiny")
    user.sees("Use the internet?")
    user.clicks("Stay offline")
    user.sees("Quillhouse is offline")
    assert filled_hub.log == []


def test_what_was_asked_for_just_before_the_end_is_in_the_ledger(
    filled_hub: LoopbackHub, online: User
) -> None:
    user = online
    search(user, "tiny")
    user.sees("Use the internet?")
    user.clicks("Use the internet")
    user.until(lambda: filled_hub.log)
    user.closes()
    database = Database(DataFolder.open().database)
    database.open()
    entries = LedgerTable(database).newest(100)
    database.close()
    assert len(entries) == len(filled_hub.log)
    user.starts_again()


def test_models_of_other_programs_are_found_and_used_where_they_are(
    user: User, own_home: Path, starter_path: Path
) -> None:
    store = own_home / ".lmstudio" / "models" / "maker" / "Tiny-Helper-GGUF"
    store.mkdir(parents=True)
    shutil.copyfile(starter_path, store / FILE)
    before = {path: path.stat().st_mtime_ns for path in own_home.rglob("*")}
    user.waits_for_the_model()
    user.clicks("Models")
    user.chooses("On this computer")
    user.sees("from LM Studio")
    after = {path: path.stat().st_mtime_ns for path in own_home.rglob("*")}
    assert before.items() <= after.items()
