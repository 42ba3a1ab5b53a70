"""The keyboard shortcuts: the table they are made from, and the list that F1 shows."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QVBoxLayout, QWidget

from app.core.translation import QT_TRANSLATE_NOOP
from app.ui.widgets.labels import label


class ShortcutKey(StrEnum):
    """What a shortcut does."""

    NEW_CHAT = "new_chat"
    SEARCH = "search"
    CHAT_PAGE = "chat_page"
    DOCUMENTS_PAGE = "documents_page"
    MODELS_PAGE = "models_page"
    DOWNLOADS_PAGE = "downloads_page"
    SETTINGS_PAGE = "settings_page"
    COMPOSER = "composer"
    STOP = "stop"
    COPY_LAST_ANSWER = "copy_last_answer"
    OPEN_MODEL_FILE = "open_model_file"
    SHORTCUTS = "shortcuts"
    LARGER_TEXT = "larger_text"
    SMALLER_TEXT = "smaller_text"
    NORMAL_TEXT = "normal_text"


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One shortcut: its keys, the first of which is shown, and what it does in words."""

    key: ShortcutKey
    sequences: tuple[str, ...]
    title: str


SHORTCUTS: tuple[Shortcut, ...] = (
    Shortcut(ShortcutKey.NEW_CHAT, ("Ctrl+N",), QT_TRANSLATE_NOOP("shortcuts", "New chat")),
    Shortcut(ShortcutKey.SEARCH, ("Ctrl+K",), QT_TRANSLATE_NOOP("shortcuts", "Search chats")),
    Shortcut(ShortcutKey.COMPOSER, ("Ctrl+L",), QT_TRANSLATE_NOOP("shortcuts", "Write a message")),
    Shortcut(ShortcutKey.STOP, ("Esc",), QT_TRANSLATE_NOOP("shortcuts", "Stop the answer")),
    Shortcut(
        ShortcutKey.COPY_LAST_ANSWER,
        ("Ctrl+Shift+C",),
        QT_TRANSLATE_NOOP("shortcuts", "Copy the last answer"),
    ),
    Shortcut(
        ShortcutKey.OPEN_MODEL_FILE,
        ("Ctrl+O",),
        QT_TRANSLATE_NOOP("shortcuts", "Open a model file"),
    ),
    Shortcut(ShortcutKey.CHAT_PAGE, ("Ctrl+1",), QT_TRANSLATE_NOOP("shortcuts", "Show the chat")),
    Shortcut(
        ShortcutKey.DOCUMENTS_PAGE, ("Ctrl+2",), QT_TRANSLATE_NOOP("shortcuts", "Show documents")
    ),
    Shortcut(ShortcutKey.MODELS_PAGE, ("Ctrl+3",), QT_TRANSLATE_NOOP("shortcuts", "Show models")),
    Shortcut(
        ShortcutKey.DOWNLOADS_PAGE, ("Ctrl+4",), QT_TRANSLATE_NOOP("shortcuts", "Show downloads")
    ),
    Shortcut(
        ShortcutKey.SETTINGS_PAGE,
        ("Ctrl+5", "Ctrl+,"),
        QT_TRANSLATE_NOOP("shortcuts", "Show settings"),
    ),
    Shortcut(
        ShortcutKey.LARGER_TEXT,
        ("Ctrl++", "Ctrl+="),
        QT_TRANSLATE_NOOP("shortcuts", "Larger text"),
    ),
    Shortcut(
        ShortcutKey.SMALLER_TEXT, ("Ctrl+-",), QT_TRANSLATE_NOOP("shortcuts", "Smaller text")
    ),
    Shortcut(
        ShortcutKey.NORMAL_TEXT, ("Ctrl+0",), QT_TRANSLATE_NOOP("shortcuts", "Normal text size")
    ),
    Shortcut(ShortcutKey.SHORTCUTS, ("F1",), QT_TRANSLATE_NOOP("shortcuts", "This list")),
)


KEYS_OF_PLACES: tuple[tuple[str, str], ...] = (
    ("Return", QT_TRANSLATE_NOOP("shortcuts", "Send the message")),
    ("Shift+Return", QT_TRANSLATE_NOOP("shortcuts", "Begin a new line in the message")),
    ("PgUp", QT_TRANSLATE_NOOP("shortcuts", "Scroll the chat (also Page Down)")),
    ("F2", QT_TRANSLATE_NOOP("shortcuts", "In the list of chats: rename")),
    ("Del", QT_TRANSLATE_NOOP("shortcuts", "In the list of chats: delete")),
)
"""Keys that count where the keyboard is, and what they do in words."""


def shortcut_words(title: str) -> str:
    """Say what keys do in the user's language."""
    return QCoreApplication.translate("shortcuts", title)


class ShortcutsDialog(QDialog):
    """A list of all shortcuts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(8)
        everywhere = tuple((one.sequences[0], one.title) for one in SHORTCUTS)
        for row, (sequence, title) in enumerate((*KEYS_OF_PLACES, *everywhere)):
            native = QKeySequence.SequenceFormat.NativeText
            keys = label(QKeySequence(sequence).toString(native), "strong")
            grid.addWidget(label(shortcut_words(title)), row, 0)
            grid.addWidget(keys, row, 1, Qt.AlignmentFlag.AlignRight)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(16)
        layout.addWidget(label(self.tr("Keyboard shortcuts"), "heading"))
        layout.addLayout(grid)
        layout.addWidget(buttons)
