"""One setting: what it is, its control, a sentence, and a way back to the default."""

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QPlainTextEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.core.events import SettingRequest
from app.core.settings import Setting, SettingValue
from app.ui.settings.field_checks import LINE_KEYS
from app.ui.settings.line_field import LineField
from app.ui.theme import Theme
from app.ui.widgets.icon_button import IconButton
from app.ui.widgets.labels import label
from app.ui.widgets.two_ends_row import TwoEndsRow
from app.worker.signal_types import signal_of

QUIET_MS = 500
"""How long typing must pause before a value is taken."""
CONTROL_PX = 170
TEXT_HEIGHT_PX = 84
TEXT_SIDE_PX = 7


def translated(text: str) -> str:
    """Translate a text of the settings table."""
    return QCoreApplication.translate("settings", text)


class SettingRow(QWidget):
    """One row of the page, made from one row of the table.

    Signals:
        changed: the user chose a value; None for the default.
    """

    changed = signal_of(SettingRequest)

    def __init__(self, theme: Theme, row: Setting) -> None:
        super().__init__()
        self.row = row
        self._theme = theme
        self._shown: SettingValue = row.default
        self._is_filling = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET_MS)
        self._timer.timeout.connect(self._send)
        self._control = self._make_control()
        named = self._control.edit if isinstance(self._control, LineField) else self._control
        named.setAccessibleName(translated(row.title))
        named.setAccessibleDescription(translated(row.explanation))
        self._reset = IconButton(
            theme,
            "rotate-ccw",
            self.tr("Reset “{title}”").format(title=translated(row.title)),
        )
        self._reset.clicked.connect(self._on_reset)
        self._lay_out()
        theme.changed.connect(self._restyle)
        self._restyle()
        self.show_value(row.default)

    def matches(self, wanted: str) -> bool:
        """Say whether the row speaks of `wanted`."""
        text = f"{translated(self.row.title)} {translated(self.row.explanation)}"
        return wanted.lower() in text.lower()

    def focus_control(self) -> None:
        """Give the keyboard to what changes the value."""
        self._control.setFocus()

    def show_value(self, value: SettingValue) -> None:
        """Show the value in force, unless the user is just changing it."""
        if self._timer.isActive() or (value == self._shown and self._holds_unusable()):
            return
        self._shown = value
        self._is_filling = True
        control = self._control
        if isinstance(control, QCheckBox):
            control.setChecked(bool(value))
        elif isinstance(control, QComboBox):
            control.setCurrentIndex(control.findData(value))
        elif isinstance(control, QSpinBox):
            control.setValue(int(value))
        elif isinstance(control, QDoubleSpinBox):
            control.setValue(float(value))
        else:
            self._show_text(str(value))
        self._is_filling = False
        self._reset.setEnabled(value != self.row.default)

    def _holds_unusable(self) -> bool:
        """Say whether something stands here that was not taken, and may still be corrected."""
        return isinstance(self._control, LineField) and not self._control.is_usable

    def _show_text(self, text: str) -> None:
        control = self._control
        if isinstance(control, LineField):
            control.show_text(text)
        elif isinstance(control, QPlainTextEdit) and control.toPlainText() != text:
            control.setPlainText(text)

    def _lay_out(self) -> None:
        title = label(translated(self.row.title), "strong", wraps=True)
        title.setBuddy(self._control)
        end_part = QWidget()
        end = QHBoxLayout(end_part)
        end.setContentsMargins(0, 0, 0, 0)
        end.setSpacing(8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 8)
        layout.setSpacing(4)
        layout.addWidget(TwoEndsRow(title, end_part))
        layout.addWidget(label(translated(self.row.explanation), "dim", wraps=True))
        if isinstance(self._control, QPlainTextEdit | LineField):
            layout.addWidget(self._control)
        else:
            end.addWidget(self._control)
        end.addWidget(self._reset)

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        if isinstance(self._control, QPlainTextEdit):
            self._control.setFixedHeight(self._theme.px(TEXT_HEIGHT_PX))
        elif not isinstance(self._control, QCheckBox | LineField):
            self._control.setFixedWidth(self._theme.px(CONTROL_PX))
        if isinstance(self._control, QAbstractSpinBox):
            # The style sheet's padding does not reach a field beside arrows of our own.
            side = self._theme.px(TEXT_SIDE_PX)
            self._control.lineEdit().setTextMargins(side, 0, side, 0)

    def _make_control(self) -> QWidget:
        row = self.row
        if isinstance(row.default, bool):
            box = QCheckBox()
            box.toggled.connect(self._on_edited)
            return box
        if row.choices:
            choice = QComboBox()
            _leave_wheel_to_page(choice)
            for value, title in row.choices:
                choice.addItem(translated(title), value)
            choice.currentIndexChanged.connect(self._on_edited)
            return choice
        if row.key in LINE_KEYS:
            line = LineField(self._theme, row.key)
            line.edited.connect(self._on_edited)
            return line
        if isinstance(row.default, str):
            text = QPlainTextEdit()
            text.setTabChangesFocus(True)
            text.textChanged.connect(self._on_edited)
            return text
        return self._make_spin_box(row)

    def _make_spin_box(self, row: Setting) -> QAbstractSpinBox:
        spin: QSpinBox | QDoubleSpinBox
        if isinstance(row.default, float):
            spin = QDoubleSpinBox()
            spin.setDecimals(2)
            spin.setRange(row.minimum, row.maximum)
            spin.setSingleStep(row.step)
        else:
            spin = QSpinBox()
            spin.setRange(int(row.minimum), int(row.maximum))
            spin.setSingleStep(int(row.step))
            spin.setGroupSeparatorShown(True)
        if row.unit:
            spin.setSuffix(f"\u00a0{translated(row.unit)}")
        spin.setSpecialValueText(translated(row.lowest_words))
        _leave_wheel_to_page(spin)
        spin.valueChanged.connect(self._on_edited)
        return spin

    def _value(self) -> SettingValue:
        control = self._control
        if isinstance(control, QCheckBox):
            return control.isChecked()
        if isinstance(control, QComboBox):
            return str(control.currentData())
        if isinstance(control, QSpinBox | QDoubleSpinBox):
            return control.value()
        if isinstance(control, LineField):
            return control.text()
        return control.toPlainText() if isinstance(control, QPlainTextEdit) else ""

    @Slot()
    def _on_edited(self) -> None:
        """Take a choice at once, and typing after a pause."""
        if self._is_filling:
            return
        if isinstance(self._control, QCheckBox | QComboBox):
            self._send()
        else:
            self._timer.start()

    def send_now(self) -> None:
        """Ask for what was just typed, without waiting for a pause."""
        if self._timer.isActive():
            self._send()

    @Slot()
    def _send(self) -> None:
        """Ask for the value shown; a text that cannot be used stays where it was typed."""
        self._timer.stop()
        self._reset.setEnabled(self._value() != self.row.default)
        if self._holds_unusable():
            return
        if self._value() != self._shown:
            self._shown = self._value()
            self.changed.emit(SettingRequest(self.row.key, self._shown))

    @Slot()
    def _on_reset(self) -> None:
        """Ask for the default."""
        self._timer.stop()
        if isinstance(self._control, LineField):
            self._control.show_text(str(self.row.default))
        self.show_value(self.row.default)
        self.changed.emit(SettingRequest(self.row.key, None))


def _leave_wheel_to_page(control: QAbstractSpinBox | QComboBox) -> None:
    """A wheel that scrolls the page must not change what it passes over."""
    control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    control.wheelEvent = lambda event: event.ignore()  # type: ignore[method-assign]
