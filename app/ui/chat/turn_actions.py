"""The quiet row below a turn: what can be done with it, and what was measured."""

import html

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGraphicsOpacityEffect, QWidget

from app.core.conversation import Role, ShownTurn, TurnState
from app.ui.chat.answer_facts import ending_action, measurement_details, measurement_text
from app.ui.chat.version_switch import VersionSwitch
from app.ui.message import Action
from app.ui.theme import Theme
from app.ui.widgets.icon_button import IconButton
from app.ui.widgets.labels import ElidedLabel
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal, signal_of

ICON_PX = 16
FACTS_GAP = "\u2002"
COPIED_MS = 1_500


class TurnActions(WrappingRow):
    """Copy, edit or try again, versions, delete, and the facts.

    Args:
        theme: colours and scale.
        role: whose turn it is; only answers can be tried again and have facts, and only what
            the user wrote can be edited.

    Signals:
        copy_requested, edit_requested, regenerate_requested, delete_requested: the button was
            pressed.
        sibling_requested: another version is wanted; carries its turn's id.
    """

    copy_requested = signal()
    edit_requested = signal()
    regenerate_requested = signal()
    delete_requested = signal()
    sibling_requested = signal_of(str)

    def __init__(self, theme: Theme, role: Role, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._is_answer = role is Role.ASSISTANT
        self._copy = self._button("copy", self.tr("Copy"))
        self._copy.clicked.connect(self._on_copy)
        self._copied_timer = QTimer(self, singleShot=True, interval=COPIED_MS)
        self._copied_timer.timeout.connect(self._show_copy)
        self._edit = self._button("pencil", self.tr("Edit"))
        self._edit.clicked.connect(self._on_edit)
        self._edit.setVisible(not self._is_answer)
        self._again = self._button("refresh-cw", self.tr("Try again"))
        self._again.clicked.connect(self._on_again)
        self._again.setVisible(self._is_answer)
        self._versions = VersionSwitch(theme, ICON_PX, self)
        self._versions.sibling_requested.connect(self._request_sibling)
        self._delete = self._button("trash-2", self.tr("Delete"))
        self._delete.clicked.connect(self._on_delete)
        self._facts = ElidedLabel(parent=self)
        self._facts.setProperty("role", "faint")
        self._lay_out()

    def _button(self, icon_name: str, name: str) -> IconButton:
        return IconButton(self._theme, icon_name, name, size_px=ICON_PX, parent=self)

    def _lay_out(self) -> None:
        changes = (self._edit, self._again)
        for widget in (self._copy, *changes, self._versions, self._delete, self._facts):
            self.add(widget)

    def show_turn(self, shown: ShownTurn) -> None:
        """Offer what can be done with a turn as it is now."""
        self._versions.show_turn(shown)
        is_writing = shown.turn.state is TurnState.WRITING
        self._copy.setVisible(bool(shown.turn.text) and not is_writing)
        # Some that ended badly have a larger button for it.
        has_button = ending_action(shown.turn) is Action.TRY_AGAIN
        self._again.setVisible(self._is_answer and not is_writing and not has_button)
        self._delete.setVisible(not is_writing)
        facts = measurement_text(shown.turn)
        self._facts.setText(f"{FACTS_GAP}{facts}")
        self.setToolTip(_plain(measurement_details(shown.turn)))
        self._facts.setVisible(bool(facts))
        self.arrange()
        self.updateGeometry()

    def set_can_ask(self, *, can_ask: bool) -> None:
        """Hold what would begin another answer back while one of this chat is written."""
        self._again.setEnabled(can_ask)
        self._edit.setEnabled(can_ask)

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
    def _on_edit(self) -> None:
        self.edit_requested.emit()

    @Slot()
    def _on_again(self) -> None:
        self.regenerate_requested.emit()

    @Slot()
    def _on_delete(self) -> None:
        self.delete_requested.emit()

    @Slot(object)
    def _request_sibling(self, turn_id: str) -> None:
        self.sibling_requested.emit(turn_id)


def _plain(text: str) -> str:
    """Keep Qt from reading the name of a model as markup."""
    return f"<p>{html.escape(text)}</p>" if text else ""


class HoverReveal(QObject):
    """Keeps a row of buttons unseen until the pointer is on its owner or the focus in the row.

    The buttons stay where they are, so nothing moves and the keyboard always reaches them.
    """

    def __init__(self, owner: QWidget, row: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self._row = row
        self._is_always_seen = False
        self._effect = QGraphicsOpacityEffect(row)
        row.setGraphicsEffect(self._effect)
        owner.installEventFilter(self)
        for button in row.findChildren(IconButton):
            button.installEventFilter(self)
        self._reveal(is_wanted=False)

    def set_always_seen(self, *, is_always_seen: bool) -> None:
        """Keep the row in sight, since it shows something besides buttons."""
        self._is_always_seen = is_always_seen
        self._reveal(is_wanted=self._owner.underMouse() or self._has_focus())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow pointer and focus."""
        match event.type():
            case QEvent.Type.Enter | QEvent.Type.FocusIn:
                self._reveal(is_wanted=True)
            case QEvent.Type.Leave if watched is self._owner:
                self._reveal(is_wanted=self._has_focus())
            case QEvent.Type.FocusOut:
                self._reveal(is_wanted=self._owner.underMouse())
            case _:
                pass
        return False

    def _reveal(self, *, is_wanted: bool) -> None:
        self._effect.setOpacity(1.0 if is_wanted or self._is_always_seen else 0.0)

    def _has_focus(self) -> bool:
        focused = QGuiApplication.focusObject()
        return isinstance(focused, QWidget) and self._row.isAncestorOf(focused)
