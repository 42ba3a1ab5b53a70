"""A setting that is an address or a path: one line, a button to choose, and what is wrong."""

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.core.settings import SettingKey
from app.ui.settings.field_checks import check_line
from app.ui.theme import Theme
from app.ui.widgets.announcement import announce
from app.ui.widgets.badge import Tone
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.icon_line import IconLine
from app.worker.signal_types import signal

_CHOSEN_KEYS = frozenset({SettingKey.CERTIFICATES, SettingKey.MODELS_FOLDER})


class LineField(QWidget):
    """One line of text; what cannot be used stays in it, with the reason below.

    Signals:
        edited: something was typed or chosen.

    Attributes:
        edit: where one types.
    """

    edited = signal()

    def __init__(self, theme: Theme, key: SettingKey) -> None:
        super().__init__()
        self._theme = theme
        self._key = key
        self.edit = QLineEdit()
        # Addresses and paths are read from left to right everywhere.
        self.edit.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.edit.textEdited.connect(self._on_edited)
        self._finding = IconLine(theme, "dim")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.edit, 1)
        if key in _CHOSEN_KEYS:
            choose = TextButton(theme, self.tr("Choose…"), "folder-open")
            choose.clicked.connect(self._on_choose)
            line.addWidget(choose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(line)
        layout.addWidget(self._finding)
        self.setFocusProxy(self.edit)

    @property
    def is_usable(self) -> bool:
        """Whether what stands here can be taken."""
        finding = check_line(self._key, self.text())
        return finding is None or not finding.is_problem

    def text(self) -> str:
        """Give what was typed, without blanks around it."""
        return self.edit.text().strip()

    def show_text(self, text: str) -> None:
        """Show the value in force."""
        if self.text() != text:
            with QSignalBlocker(self.edit):
                self.edit.setText(text)
        self._show_finding()

    def _show_finding(self) -> None:
        finding = check_line(self._key, self.text())
        words = finding.text if finding is not None else ""
        if words and words != self._finding.text.text():
            announce(self, words)
        is_problem = finding is not None and finding.is_problem
        self._finding.say(Tone.BAD if is_problem else Tone.WARN, words)
        self.edit.setAccessibleDescription(words)

    @Slot()
    def _on_edited(self) -> None:
        """Say at once whether it can be used."""
        self._show_finding()
        self.edited.emit()

    @Slot()
    def _on_choose(self) -> None:
        """Let the user pick a folder or a file."""
        if self._key is SettingKey.MODELS_FOLDER:
            title = self.tr("Choose a folder for models")
            chosen = QFileDialog.getExistingDirectory(self, title, self.text())
        else:
            title = self.tr("Choose a certificate file")
            kinds = self.tr("Certificates (*.pem *.crt)")
            chosen, _ = QFileDialog.getOpenFileName(self, title, self.text(), kinds)
        if chosen:
            self.edit.setText(chosen)
            self._on_edited()
