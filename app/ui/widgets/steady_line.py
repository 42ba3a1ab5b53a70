"""A line whose words change several times a second without moving anything around it."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.widgets.labels import FlowingLabel


class SteadyLine(QWidget):
    """Text that asks for a new layout only when it needs more or fewer lines than before.

    A label in a layout asks for one at every change, and all cards of a page are placed anew.

    Args:
        role: of the style sheet.
        parent: the widget this one belongs to.
    """

    def __init__(self, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = FlowingLabel("", role, self)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def text(self) -> str:
        """Give the words shown."""
        return self._label.text()

    def say(self, text: str) -> None:
        """Show other words; nothing is shown where there are none."""
        if text == self._label.text():
            return
        self._label.setText(text)
        if self.isHidden() == bool(text):
            self.setVisible(bool(text))
        if self.heightForWidth(self.width()) != self.height():
            self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """Narrower is higher."""
        return True

    def heightForWidth(self, width_px: int) -> int:
        """Give the height in px of all lines at this width."""
        return self._label.heightForWidth(width_px)

    def sizeHint(self) -> QSize:
        """All words in one line."""
        return self._label.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """As narrow as it has to be."""
        return QSize(0, self._label.minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the whole room."""
        super().resizeEvent(event)
        self._label.setGeometry(self.rect())
