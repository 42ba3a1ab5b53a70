"""Shows all of a widget where there is room, and lets it scroll where there is not."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from app.ui.theme import Theme

LEAST_PX = 80
CHANGES = frozenset(
    {QEvent.Type.LayoutRequest, QEvent.Type.ShowToParent, QEvent.Type.HideToParent}
)


class ShrinkingArea(QScrollArea):
    """As high as the widget in it wants to be at this width, or less if a layout must save."""

    def __init__(self, theme: Theme, inside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._inside = inside
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        is_hidden = inside.isHidden()
        is_wish = inside.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)
        self.setWidget(inside)
        # Qt would show a widget that hides until there is something to say.
        inside.setVisible(not (is_hidden and is_wish))
        inside.installEventFilter(self)

    def _height_px(self, width_px: int) -> int:
        inside = self._inside
        if inside.isHidden():
            return 0
        if inside.hasHeightForWidth():
            return max(0, inside.heightForWidth(width_px))
        return inside.sizeHint().height()

    def sizeHint(self) -> QSize:
        """All of the widget."""
        return QSize(self._inside.sizeHint().width(), self._height_px(self.width()))

    def minimumSizeHint(self) -> QSize:
        """A line or two of it."""
        least = self._inside.minimumSizeHint().width()
        return QSize(least, min(self._height_px(self.width()), self._theme.px(LEAST_PX)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear that the widget wants another height."""
        if watched is self._inside and event.type() in CHANGES:
            self._arrange()
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width needs another height."""
        super().resizeEvent(event)
        self._arrange()
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _arrange(self) -> None:
        """Give the widget its height; as a resizable one it would get that of its narrowest."""
        width = self.width()
        if self._height_px(width) > self.height():
            width -= self.verticalScrollBar().sizeHint().width()
        self._inside.resize(width, self._height_px(width))
