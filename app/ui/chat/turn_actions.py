"""The quiet row below a turn: what can be done with it, and what was measured."""

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGraphicsOpacityEffect, QHBoxLayout, QWidget

from app.core.conversation import Role, ShownTurn, TurnState
from app.ui.chat.answer_facts import measurement_details, measurement_text
from app.ui.theme import Theme
from app.ui.widgets.icon_button import IconButton
from app.ui.widgets.labels import ElidedLabel, label
from app.worker.signal_types import signal, signal_of

ICON_PX = 16
GAP_PX = 2
COPIED_MS = 1_500


class TurnActions(QWidget):
    """Copy, try again, versions, delete, and the facts.

    Args:
        theme: colours and scale.
        role: whose turn it is; only answers can be tried again and have facts.

    Signals:
        copy_requested, regenerate_requested, delete_requested: the button was pressed.
        sibling_requested: another version is wanted; carries its turn's id.
    """

    copy_requested = signal()
    regenerate_requested = signal()
    delete_requested = signal()
    sibling_requested = signal_of(str)

    def __init__(self, theme: Theme, role: Role, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_answer = role is Role.ASSISTANT
        self._shown: ShownTurn | None = None
        self._copy = self._button("copy", self.tr("Copy"))
        self._copy.clicked.connect(self._on_copy)
        self._copied_timer = QTimer(self, singleShot=True, interval=COPIED_MS)
        self._copied_timer.timeout.connect(self._show_copy)
        self._again = self._button("refresh-cw", self.tr("Try again"))
        self._again.clicked.connect(self._on_again)
        self._again.setVisible(self._is_answer)
        self._previous = self._button("chevron-left", self.tr("Previous version"))
        self._previous.clicked.connect(self._on_previous)
        self._version = label("", "faint")
        self._next = self._button("chevron-right", self.tr("Next version"))
        self._next.clicked.connect(self._on_next)
        self._delete = self._button("trash-2", self.tr("Delete"))
        self._delete.clicked.connect(self._on_delete)
        self._facts = ElidedLabel()
        self._facts.setProperty("role", "faint")
        self._lay_out()

    def _button(self, icon_name: str, name: str) -> IconButton:
        return IconButton(self._theme, icon_name, name, size_px=ICON_PX, parent=self)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP_PX)
        if not self._is_answer:
            layout.addStretch(1)
        for widget in (
            self._copy,
            self._again,
            self._previous,
            self._version,
            self._next,
            self._delete,
        ):
            layout.addWidget(widget)
        if self._is_answer:
            layout.addSpacing(self._theme.px(6))
            layout.addWidget(self._facts, 1)

    def show_turn(self, shown: ShownTurn) -> None:
        """Offer what can be done with a turn as it is now."""
        self._shown = shown
        n_versions = len(shown.sibling_ids)
        for widget in (self._previous, self._version, self._next):
            widget.setVisible(n_versions > 1)
        place = shown.sibling_index
        text = self.tr("{place} of {n}").format(place=place + 1, n=n_versions)
        self._version.setText(text)
        self._version.setAccessibleName(self.tr("Version {version}").format(version=text))
        self._previous.setEnabled(place > 0)
        self._next.setEnabled(place < n_versions - 1)
        is_writing = shown.turn.state is TurnState.WRITING
        self._copy.setVisible(bool(shown.turn.text) and not is_writing)
        self._again.setVisible(self._is_answer and not is_writing)
        self._delete.setVisible(not is_writing)
        self._facts.setText(measurement_text(shown.turn))
        self._facts.setToolTip(measurement_details(shown.turn))

    def set_can_regenerate(self, *, can_regenerate: bool) -> None:
        """Hold Try again back while another answer of this chat is written."""
        self._again.setEnabled(can_regenerate)

    def confirm_copy(self) -> None:
        """Show for a moment that the text is on the clipboard."""
        self._copy.change_icon("check")
        self._copy.rename(self.tr("Copied"))
        self._copied_timer.start()

    @Slot()
    def _show_copy(self) -> None:
        self._copy.change_icon("copy")
        self._copy.rename(self.tr("Copy"))

    @Slot()
    def _on_copy(self) -> None:
        self.copy_requested.emit()

    @Slot()
    def _on_again(self) -> None:
        self.regenerate_requested.emit()

    @Slot()
    def _on_delete(self) -> None:
        self.delete_requested.emit()

    @Slot()
    def _on_previous(self) -> None:
        self._request_sibling(-1)

    @Slot()
    def _on_next(self) -> None:
        self._request_sibling(1)

    def _request_sibling(self, step: int) -> None:
        if self._shown is None:
            return
        place = self._shown.sibling_index + step
        if 0 <= place < len(self._shown.sibling_ids):
            self.sibling_requested.emit(self._shown.sibling_ids[place])


class HoverReveal(QObject):
    """Keeps a row of buttons unseen until the pointer is on its owner or the focus in the row.

    The buttons stay where they are, so nothing moves and the keyboard always reaches them.
    """

    def __init__(self, owner: QWidget, row: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self._row = row
        self._effect = QGraphicsOpacityEffect(row)
        row.setGraphicsEffect(self._effect)
        owner.installEventFilter(self)
        for button in row.findChildren(IconButton):
            button.installEventFilter(self)
        self._effect.setOpacity(0.0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow pointer and focus."""
        match event.type():
            case QEvent.Type.Enter | QEvent.Type.FocusIn:
                self._effect.setOpacity(1.0)
            case QEvent.Type.Leave if watched is self._owner:
                self._effect.setOpacity(1.0 if self._has_focus() else 0.0)
            case QEvent.Type.FocusOut:
                self._effect.setOpacity(1.0 if self._owner.underMouse() else 0.0)
            case _:
                pass
        return False

    def _has_focus(self) -> bool:
        focused = QGuiApplication.focusObject()
        return isinstance(focused, QWidget) and self._row.isAncestorOf(focused)
