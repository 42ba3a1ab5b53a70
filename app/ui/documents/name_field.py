"""The name of a collection, which can be changed where it stands."""

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.ui.theme import Theme
from app.ui.widgets.foreign_text import breakable_text, foreign_text
from app.ui.widgets.icon_button import IconButton
from app.ui.widgets.labels import FlowingLabel
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal, signal_of

LONGEST_CHARS = 100


class _Field(QLineEdit):
    """Esc gives up.

    Signals:
        given_up: the old name stays.
    """

    given_up = signal()

    def event(self, event: QEvent) -> bool:
        """Keep Esc for itself; else it would stop an answer."""
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up, or type."""
        if event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)


class NameField(QWidget):
    """A title with a pencil; while it is changed, a field.

    Signals:
        renamed: to this.
    """

    renamed = signal_of(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._name = ""
        self._title = FlowingLabel("", "title")
        self._pencil = IconButton(theme, "pencil", self.tr("Rename"), "F2")
        self._pencil.clicked.connect(self.begin)
        self._row = WrappingRow(theme, gap_px=4)
        self._row.add(self._title)
        self._row.add(self._pencil)
        self._field = _Field()
        self._field.setAccessibleName(self.tr("Name of the collection"))
        self._field.setMaxLength(LONGEST_CHARS)
        self._field.given_up.connect(self._on_given_up)
        self._field.editingFinished.connect(self._on_finished)
        self._field.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._row)
        layout.addWidget(self._field)

    def show_name(self, name: str) -> None:
        """Show another name; what is being typed stays."""
        self._name = name
        self._title.setText(breakable_text(foreign_text(name)))

    @Slot()
    def begin(self) -> None:
        """Let the user type another name."""
        self._field.setText(self._name)
        self._field.show()
        self._row.hide()
        self._field.selectAll()
        self._field.setFocus()

    def _end(self) -> None:
        had_focus = self._field.hasFocus()
        self._row.show()
        self._field.hide()
        if had_focus:
            self._pencil.setFocus()

    @Slot()
    def _on_given_up(self) -> None:
        """Keep the old name."""
        self._field.setText(self._name)
        self._end()

    @Slot()
    def _on_finished(self) -> None:
        """Take what was typed, if it is a name and another one."""
        if self._field.isHidden():
            return
        name = " ".join(self._field.text().split())
        self._end()
        if name and name != self._name:
            self.show_name(name)
            self.renamed.emit(name)
