"""A user in front of the real window: types, clicks, and waits for what appears."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.core.events import LoadedModel
from app.core.settings import SettingKey
from app.shell.shell import Shell
from app.shell.start import embedding_model
from app.store.data_folder import DataFolder
from app.store.database import Database
from app.store.settings_table import SettingsTable

WAIT_MS = 60_000
WINDOW_SIZE = 1180, 780
"""As on a laptop; the screen of the tests is so small that the rail would collapse."""
MAX_TOKENS = 300
"""The starter model may ramble until its context is full; three seconds of it are enough."""


def keep_answers_short(data: DataFolder) -> None:
    """Set the longest answer as a user would in the settings, and a seed, before the start."""
    database = Database(data.database)
    database.open()
    settings = SettingsTable(database)
    settings.change(SettingKey.MAX_TOKENS, MAX_TOKENS)
    settings.change(SettingKey.SEED, 1)
    database.close()


class User:
    """One person, one window, the real engine and the real store.

    Attributes:
        loaded: every model that was loaded since the start.
    """

    loaded: list[LoadedModel]

    def __init__(self, qtbot: QtBot, qapp: QApplication, starter: Path | None) -> None:
        self._qtbot = qtbot
        self._qapp = qapp
        self._starter = starter
        self.shell = self._new_shell()

    def _new_shell(self) -> Shell:
        data = DataFolder.open()
        keep_answers_short(data)
        shell = Shell(self._qapp, data, self._starter, embedding_model=embedding_model())
        shell.window.resize(*WINDOW_SIZE)
        self.loaded = []
        self._is_open = True
        shell.engine.model_loaded.connect(self.loaded.append)
        with self._qtbot.waitSignal(shell.window.opened):
            shell.start()
        return shell

    @property
    def window(self) -> QWidget:
        """The window."""
        return self.shell.window

    def closes(self) -> None:
        """Close the window, if that has not been done, and wait until everything has ended."""
        if not self._is_open:
            return
        self._is_open = False
        self.shell.window.close()
        self.shell.close()
        self.shell.window.deleteLater()
        # Now and here: the collector might else do it in a thread of the next window.
        self._qapp.sendPostedEvents(self.shell.window, QEvent.Type.DeferredDelete)
        # As a process that ends; nothing of it may be there when the next one runs.
        del self.shell

    def starts_again(self) -> None:
        """Start Quillhouse a second time."""
        self.shell = self._new_shell()

    def until(self, condition: Callable[[], object]) -> None:
        """Wait for something to become true."""
        self._qtbot.waitUntil(lambda: bool(condition()), timeout=WAIT_MS)

    def sees(self, text: str) -> None:
        """Wait until a text stands somewhere in the window."""
        self.until(lambda: text in self.screen())

    def screen(self) -> str:
        """Everything that can be read in the window now."""
        texts: list[str] = []
        for widget in self.window.findChildren(QWidget):
            if not widget.isVisible():
                continue
            if isinstance(widget, QLabel | QAbstractButton):
                texts.append(widget.text())
            elif isinstance(widget, QTextEdit | QPlainTextEdit):
                texts.append(widget.toPlainText())
            elif isinstance(widget, QListView) and widget.model() is not None:
                model = widget.model()
                rows = [model.index(row, 0) for row in range(model.rowCount())]
                texts += [str(row.data(Qt.ItemDataRole.DisplayRole)) for row in rows]
        return "\n".join(texts)

    def composer(self) -> QPlainTextEdit:
        """The field for messages."""
        for field in self.window.findChildren(QPlainTextEdit):
            if field.isVisible() and not field.isReadOnly():
                return field
        raise AssertionError("there is no field to type into")

    def types(self, text: str) -> None:
        """Type into the field for messages."""
        self._qtbot.keyClicks(self.composer(), text)

    def field(self, name: str) -> QLineEdit:
        """Wait for a line to type into, and give it."""

        def shown() -> list[QLineEdit]:
            fields = self.window.findChildren(QLineEdit)
            return [one for one in fields if one.accessibleName() == name and one.isVisible()]

        self.until(shown)
        return shown()[0]

    def presses(self, key: Qt.Key, modifiers: Qt.KeyboardModifier | None = None) -> None:
        """Press a key where the keyboard is."""
        target = self._qapp.focusWidget() or self.window
        none = Qt.KeyboardModifier.NoModifier
        self._qtbot.keyClick(target, key, modifiers or none)

    def presses_on(self, widget: QWidget, key: Qt.Key) -> None:
        """Press a key where the keyboard has been taken to."""
        widget.setFocus()
        self._qtbot.keyClick(widget, key)

    def sends(self, text: str) -> None:
        """Type a message and send it; returns when it is shown as sent."""
        self.until(lambda: self.composer().isEnabled())
        self.composer().setFocus()
        self.types(text)
        self._qtbot.keyClick(self.composer(), Qt.Key.Key_Return)
        self.until(lambda: self.composer().toPlainText() == "")

    def button(self, name: str) -> QAbstractButton | None:
        """Find a button that can be seen by the name that is read aloud."""
        for one in self.window.findChildren(QAbstractButton):
            if one.accessibleName() == name and one.isVisible() and one.isEnabled():
                return one
        return None

    def clicks(self, name: str) -> None:
        """Wait for a button and click it."""
        self.until(lambda: self.button(name))
        found = self.button(name)
        assert found is not None
        self._qtbot.mouseClick(found, Qt.MouseButton.LeftButton)

    def chooses(self, tab: str) -> None:
        """Wait for a tab and click it."""
        self.until(lambda: self._tab(tab))
        found = self._tab(tab)
        assert found is not None
        bar, place = found
        self._qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(place).center())

    def _tab(self, name: str) -> tuple[QTabBar, int] | None:
        for bar in self.window.findChildren(QTabBar):
            for place in range(bar.count()):
                if bar.isVisible() and bar.tabText(place) == name:
                    return bar, place
        return None

    def drops(self, path: Path, on: QWidget) -> None:
        """Drag a file from elsewhere over a widget and let go."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        place, action = on.rect().center(), Qt.DropAction.CopyAction
        held = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        # Qt hands a drop only to the widget that has accepted what was dragged over it.
        self._qapp.sendEvent(on, QDragEnterEvent(place, action, data, *held))
        self._qapp.sendEvent(on, QDropEvent(QPointF(place), action, data, *held))

    def waits_for_the_model(self) -> None:
        """Wait until a model can answer."""
        # What is said of it instead, until it is loaded: how far the loading has come.
        self.sees("Tiny, often wrong")
        self.until(lambda: self.loaded)

    def searches(self, text: str) -> None:
        """Search all chats."""
        field = self.field("Search chats")
        field.clear()
        self._qtbot.keyClicks(field, text)
