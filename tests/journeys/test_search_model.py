"""German documents, and a search model that knows German: on the disk already, or to download."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.core.documents.embedding_profiles import LIGHT_MULTILINGUAL_ID
from app.core.settings import SettingKey
from app.store.data_folder import DataFolder
from app.store.database import Database
from app.store.settings_table import SettingsTable
from tests.engine import tiny_embedders
from tests.hub.loopback_fixtures import allow_loopback, hub
from tests.hub.loopback_hub import LoopbackHub
from tests.journeys.user import User

__all__ = ["allow_loopback", "hub"]

LETTERS = {
    "mietvertrag.txt": (
        "Der Mieter zahlt die Miete bis zum dritten Werktag eines jeden Monats. Die Kaution"
        " beträgt drei Monatsmieten und wird verzinst angelegt. Haustiere dürfen nur mit der"
        " Zustimmung des Vermieters gehalten werden."
    ),
    "bescheid.txt": (
        "Gegen diesen Bescheid kann innerhalb eines Monats nach Bekanntgabe Widerspruch erhoben"
        " werden. Der Widerspruch ist schriftlich bei der Behörde einzulegen, die den Bescheid"
        " erlassen hat."
    ),
    "protokoll.txt": (
        "Die Versammlung wählte Frau Schneider zur Vorsitzenden. Der Bus für den Ausflug wird"
        " von Herrn Vogel bis zum fünfzehnten November bestellt."
    ),
}
FILE = "multilingual-e5-small-q8_0.gguf"
"""As the catalogue has it."""
QUESTION = "Wer bestellt den Bus?"
OFFER = "Use a model for many languages, 124 MB"


@pytest.fixture
def letters(own_home: Path) -> Path:
    """A folder of German documents."""
    folder = own_home / "Kanzlei"
    folder.mkdir()
    for name, text in LETTERS.items():
        folder.joinpath(name).write_text(text, encoding="utf-8")
    return folder


def drops_a_folder(user: User, folder: Path) -> None:
    user.clicks("Documents")
    user.drops(folder, user.shell.window.documents_page)
    user.sees("3 files")
    user.until(lambda: "Understanding" not in user.screen())


def models_of_vectors() -> list[str]:
    """Which models' vectors are kept."""
    with closing(sqlite3.connect(DataFolder.open().document_index)) as connection:
        rows = connection.execute("SELECT DISTINCT embedding_key FROM vector").fetchall()
    return [row[0] for row in rows]


def key_of(path: Path) -> str:
    return f"{path.stem}-{path.stat().st_size}"


def asks(user: User, question: str) -> None:
    """Ask the collection on the screen, and let the passages themselves answer."""
    user.clicks("Ask")
    user.clicks("With the model")
    user.sends(question)


@pytest.fixture
def model_here() -> Path:
    """A model for many languages, that somebody has copied here."""
    folder = DataFolder.open().models
    folder.mkdir(parents=True, exist_ok=True)
    return tiny_embedders.xlm_roberta(folder / "multilingual-e5-small-F32.gguf").path


@pytest.fixture
def with_model(model_here: Path, user: User) -> User:
    """A user who has the model before the window is made."""
    return user


def test_a_model_that_is_here_is_offered_and_used_and_told_of_when_it_is_gone(
    model_here: Path, with_model: User, letters: Path
) -> None:
    user = with_model
    drops_a_folder(user, letters)
    user.sees("The built-in search model knows English.")
    user.sees("mostly in German")
    user.clicks("Use “Tiny XLM-R”")
    user.until(lambda: models_of_vectors() == [key_of(model_here)])
    user.until(lambda: "mostly in German" not in user.screen())
    asks(user, QUESTION)
    user.sees("von Herrn Vogel")
    user.closes()

    model_here.unlink()
    user.starts_again()
    user.clicks("Documents")
    user.clicks("Open Kanzlei")
    user.sees("The search model is gone")
    user.sees("multilingual-e5-small-F32, with which this collection is searched by meaning")
    assert user.button("Choose another model") is not None
    asks(user, QUESTION)
    user.sees("von Herrn Vogel")


@pytest.fixture
def filled_hub(hub: LoopbackHub, tmp_path: Path) -> LoopbackHub:
    """The model of the offer on a Hub of our own."""
    tiny = tiny_embedders.xlm_roberta(tmp_path / FILE)
    hub.add(LIGHT_MULTILINGUAL_ID, {FILE: tiny.path.read_bytes()}, card={"license": "mit"})
    database = Database(DataFolder.open().database)
    database.open()
    SettingsTable(database).change(SettingKey.HUB_ENDPOINT, hub.endpoint)
    database.close()
    return hub


@pytest.fixture
def online(filled_hub: LoopbackHub, user: User) -> User:
    """A user whose Hub is ours; made before the window is."""
    return user


def test_a_model_that_is_offered_is_downloaded_after_consent_and_then_used(
    filled_hub: LoopbackHub, online: User, letters: Path, tmp_path: Path
) -> None:
    user = online
    drops_a_folder(user, letters)
    user.clicks(OFFER)
    user.sees("Multilingual E5 small")
    assert filled_hub.log == [], "something was asked for before the user agreed"
    user.clicks("Download about 124 MB")
    user.sees("Use the internet?")
    assert filled_hub.log == [], "something was asked for before the user agreed"
    user.clicks("Use the internet")
    arrived = DataFolder.open().models / LIGHT_MULTILINGUAL_ID.replace("/", "__") / FILE
    user.until(lambda: arrived.is_file() and models_of_vectors() == [key_of(arrived)])
    user.clicks("Documents")
    user.until(lambda: "mostly in German" not in user.screen())
    asks(user, QUESTION)
    user.sees("von Herrn Vogel")
