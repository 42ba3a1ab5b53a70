"""A field to search with."""

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from app.ui.icons import pixmap
from app.ui.theme import Theme
from app.ui.widgets.icon_button import IconButton
from app.worker.signal_types import signal

ICON_PX = 16
EDGE_PX = 10


class SearchField(QLineEdit):
    """Esc empties it; Down goes to what was found.

    Sign and clear button are placed by hand: Qt's own do not follow the height that the style
    sheet gives the field.

    Args:
        theme: colours and scale.
        name: what it searches, as "Search chats".
        parent: the widget this one belongs to.

    Signals:
        left_downwards: the keyboard is to go on in the list below.
        entered: Enter was pressed.
    """

    left_downwards = signal()
    entered = signal()

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setPlaceholderText(name)
        self.setAccessibleName(name)
        self._sign = QLabel(self)
        self._sign.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._clear = IconButton(theme, "x", self.tr("Clear the search"), parent=self)
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.setCursor(Qt.CursorShape.ArrowCursor)
        self._clear.clicked.connect(self.clear)
        self._clear.hide()
        self.textChanged.connect(self._on_text_changed)
        theme.changed.connect(self._restyle)
        self._restyle()

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        self._clear.setVisible(bool(text))

    @Slot()
    def _restyle(self) -> None:
        side = self._theme.px(ICON_PX)
        self._sign.setPixmap(
            pixmap("search", self._theme.tokens.faint, side, self.devicePixelRatioF())
        )
        self._sign.resize(side, side)
        room = side + self._theme.px(EDGE_PX)
        self.setTextMargins(room, 0, room, 0)
        self._place_signs()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep sign and button in the middle of the height."""
        super().resizeEvent(event)
        self._place_signs()

    def _place_signs(self) -> None:
        edge = self._theme.px(EDGE_PX)
        middle = self.height() // 2
        clear_size = self._clear.sizeHint()
        self._clear.resize(clear_size)
        left, right = edge, self.width() - clear_size.width() - edge // 3
        if self.isRightToLeft():
            left, right = self.width() - edge - self._sign.width(), edge // 3
        self._sign.move(left, middle - self._sign.height() // 2)
        self._clear.move(right, middle - clear_size.height() // 2)

    def event(self, event: QEvent) -> bool:
        """Keep Esc for itself while there is text; else it would stop an answer."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and event.key() == Qt.Key.Key_Escape
            and self.text()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Empty the field, go to the list, or type."""
        match event.key():
            case Qt.Key.Key_Escape if self.text():
                self.clear()
            case Qt.Key.Key_Down:
                self.left_downwards.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.entered.emit()
            case _:
                super().keyPressEvent(event)
