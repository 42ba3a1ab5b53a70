"""The window speaks the language of the system where there is a translation."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel
from pytestqt.qtbot import QtBot

from app.core.candidate import Candidate
from app.core.catalogue_sentences import SENTENCES
from app.core.errors import ErrorCode, Failure
from app.ui.catalogue.offering import Offering
from app.ui.catalogue.offering_words import sentence_words
from app.ui.messages import message_for
from app.ui.settings.page import SettingsPage
from app.ui.shortcuts_dialog import ShortcutsDialog
from app.ui.theme import Theme
from app.ui.translation import speak

LRELEASE = Path(sys.executable).with_name("pyside6-lrelease")
GERMAN = {
    ("settings", "Colours"): "Farben",
    ("shortcuts", "New chat"): "Neuer Chat",
    ("messages", "The disk is full"): "Die Festplatte ist voll",
    ("catalogue", SENTENCES[0]): "Kann alles ein wenig.",
}


class Languages(QLocale):
    """A system whose user wants these languages, best first."""

    def __init__(self, *names: str) -> None:
        super().__init__(names[0])
        self._names = list(names)

    def uiLanguages(self) -> list[str]:  # type: ignore[override]  # noqa: N802
        return self._names


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    contexts = "".join(
        f"<context><name>{context}</name><message><source>{source}</source>"
        f"<translation>{words}</translation></message></context>"
        for (context, source), words in GERMAN.items()
    )
    written = tmp_path / "quillhouse_de.ts"
    written.write_text(f'<TS version="2.1" language="de">{contexts}</TS>', encoding="utf-8")
    command = [str(LRELEASE), str(written), "-qm", str(written.with_suffix(".qm"))]
    subprocess.run(command, check=True, capture_output=True)
    return tmp_path


@pytest.fixture(autouse=True)
def english_again(qapp: QApplication) -> Iterator[None]:
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)
        translator.deleteLater()


def shown(qtbot: QtBot) -> list[str]:
    theme = Theme()
    page, shortcuts = SettingsPage(theme, Path("/data")), ShortcutsDialog()
    qtbot.addWidget(page)
    qtbot.addWidget(shortcuts)
    page.show()
    labels = [one.text() for root in (page, shortcuts) for one in root.findChildren(QLabel)]
    sentence = sentence_words(Offering(Candidate("a/b", "B", sentence=SENTENCES[0])))
    return [*labels, message_for(Failure(ErrorCode.DISK_FULL)).title, sentence]


@pytest.mark.parametrize("names", [("de-DE", "de"), ("de", "en"), ("fr-FR", "fr", "de-AT")])
def test_tables_are_shown_in_the_language_of_the_system(
    qtbot: QtBot, qapp: QApplication, folder: Path, names: tuple[str, ...]
) -> None:
    speak(qapp, Languages(*names), folder)
    assert set(GERMAN.values()) <= set(shown(qtbot))


@pytest.mark.parametrize("names", [("en-GB", "en", "de"), ("fr",), ("fr", "en-US", "de")])
def test_english_is_shown_where_it_is_wanted_more_or_nothing_else_is_there(
    qtbot: QtBot, qapp: QApplication, folder: Path, names: tuple[str, ...]
) -> None:
    speak(qapp, Languages(*names), folder)
    assert {source for _, source in GERMAN} <= set(shown(qtbot))


def test_the_buttons_of_qt_speak_the_same_language(
    qtbot: QtBot, qapp: QApplication, folder: Path
) -> None:
    speak(qapp, Languages("de"), folder)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    qtbot.addWidget(buttons)
    assert buttons.buttons()[0].text().replace("&", "") == "Schließen"


def test_without_any_translation_nothing_happens(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    speak(qapp, Languages("de"), tmp_path / "missing")
    assert {source for _, source in GERMAN} <= set(shown(qtbot))
