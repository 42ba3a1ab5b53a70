"""Choosing what of its folders a collection leaves out."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from app.ui.theme import Theme
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.labels import label
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal_of

WIDTH_PX = 460
HEIGHT_PX = 140


@dataclass(frozen=True, slots=True)
class IgnoredPatterns:
    """Patterns of names to leave out, as in a .gitignore."""

    patterns: tuple[str, ...]


class IgnoredDialog(QDialog):
    """A field with a pattern in each line. Show it with `open`.

    Signals:
        chosen: leave these out.
    """

    chosen = signal_of(IgnoredPatterns)

    def __init__(self, theme: Theme, ignored: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("What to leave out"))
        self._field = QPlainTextEdit("\n".join(ignored))
        self._field.setAccessibleName(self.tr("Names to leave out, one a line"))
        self._field.setTabChangesFocus(True)
        self._field.setPlaceholderText("drafts/\n*.bak")
        self._field.setMinimumHeight(theme.px(HEIGHT_PX))
        save = TextButton(theme, self.tr("Save"), kind="primary")
        save.clicked.connect(self._on_save)
        cancel = TextButton(theme, self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        buttons = WrappingRow(theme, gap_px=8)
        buttons.add(save)
        buttons.add(cancel)
        text = self.tr(
            "Names of files and folders, one a line; * stands for anything, and a / at the end for"
            " a whole folder. Hidden and temporary files are always left out."
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(label(self.windowTitle(), "heading"))
        layout.addWidget(label(text, "dim", wraps=True))
        layout.addWidget(self._field, 1)
        layout.addWidget(buttons)
        self.setFixedWidth(min(theme.px(WIDTH_PX), self.screen().availableSize().width()))
        self._field.setFocus()

    @Slot()
    def _on_save(self) -> None:
        """Take what was typed."""
        lines = (line.strip() for line in self._field.toPlainText().splitlines())
        self.accept()
        self.chosen.emit(IgnoredPatterns(tuple(line for line in lines if line)))
