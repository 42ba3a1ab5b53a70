"""A page as a picture, with the words that were found marked in it."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from app.core.document_events import PagePicture
from app.core.documents.text import Box
from app.ui.theme import Theme
from app.ui.viewer.marks import mark_look
from app.worker.signal_types import signal, signal_of

BYTES_PER_PIXEL = 3
RESIZE_PAUSE_MS = 150
MARGIN_PX = 12
MARK_EDGE_PX = 2
MARK_RADIUS_PX = 3
ABOVE_MARK = 1 / 3
"""So far down in the view a mark is brought, so that what comes before it can be read too."""


def picture_image(picture: PagePicture) -> QImage | None:
    """Give the image of a page; None if there are more or fewer bytes than it needs."""
    width, height = picture.width_px, picture.height_px
    if width <= 0 or height <= 0 or len(picture.pixels) != width * height * BYTES_PER_PIXEL:
        return None
    lent = QImage(
        picture.pixels, width, height, width * BYTES_PER_PIXEL, QImage.Format.Format_BGR888
    )
    return lent.copy()


class PageCanvas(QWidget):
    """Draws an image as wide as the widget, and marks in it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._image = QImage()
        self._boxes: Sequence[Box] = ()

    @property
    def aspect(self) -> float:
        """Height over width of the page; that of A4 before there is one."""
        if self._image.isNull():
            return 2**0.5
        return self._image.height() / self._image.width()

    def show_image(self, image: QImage, boxes: Sequence[Box]) -> None:
        """Show a page; boxes are in its pixels."""
        self._image = image
        self._boxes = boxes
        self.update()

    def marks(self) -> list[QRectF]:
        """Give where the marks are in this widget."""
        if self._image.isNull():
            return []
        scale = self.width() / self._image.width()
        edge = self._theme.px(MARK_EDGE_PX)
        return [
            QRectF(
                box.left * scale - edge,
                box.top * scale - edge,
                (box.right - box.left) * scale + 2 * edge,
                (box.bottom - box.top) * scale + 2 * edge,
            )
            for box in self._boxes
        ]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the page, then the marks over it as if with a marker pen."""
        look = mark_look(self._theme.tokens)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), Qt.GlobalColor.white)
            painter.drawImage(QRectF(self.rect()), self._image)
            for mark in self.marks():
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(look.surface)
                painter.drawRoundedRect(mark, MARK_RADIUS_PX, MARK_RADIUS_PX)
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
                painter.setPen(QPen(look.line, look.line_px))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(mark, MARK_RADIUS_PX, MARK_RADIUS_PX)


class PictureView(QScrollArea):
    """Scrolls a page that is as wide as the view, or wider.

    Signals:
        width_wanted: the page is shown larger or smaller than it was drawn; draw it anew.
        page_turned: the reader goes on past the end (1) or the beginning (-1) of the page.
    """

    width_wanted = signal()
    page_turned = signal_of(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._zoom = 1.0
        self._is_at_mark = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.canvas = PageCanvas(theme)
        self.setWidget(self.canvas)
        self._timer = QTimer(self, singleShot=True, interval=RESIZE_PAUSE_MS)
        self._timer.timeout.connect(self._ask_for_width)

    def wanted_width_px(self) -> int:
        """Give the width of the page in device pixels."""
        return max(1, round(self._canvas_width() * self.devicePixelRatioF()))

    def set_zoom(self, zoom: float) -> None:
        """Show the page so many times as wide as the view; what is in the middle stays there."""
        self._zoom = zoom
        bar = self.verticalScrollBar()
        middle = (bar.value() + self.viewport().height() / 2) / max(1, self.canvas.height())
        self._fit()
        if not self._is_at_mark:
            bar.setValue(round(middle * self.canvas.height() - self.viewport().height() / 2))
        self._timer.start()

    def show_image(self, image: QImage, boxes: Sequence[Box], name: str) -> None:
        """Show another page, scrolled to its first mark or to its beginning."""
        self.show_sharper(image, boxes, name)
        self._is_at_mark = True
        self._fit()

    def show_sharper(self, image: QImage, boxes: Sequence[Box], name: str) -> None:
        """Show the same page in another size, without scrolling."""
        self.canvas.show_image(image, boxes)
        self.setAccessibleName(name)
        self._fit()

    def go_to_end(self) -> None:
        """Show the end of the page: the reader comes from the page after it."""
        self._is_at_mark = False
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

    def _canvas_width(self) -> float:
        # As if the bar were always there: its coming must not change the width.
        bar = self.verticalScrollBar().sizeHint().width()
        room = self.width() - bar - 2 * self._theme.px(MARGIN_PX)
        return max(1.0, room * self._zoom)

    def _fit(self) -> None:
        width = self._canvas_width()
        self.canvas.resize(round(width), max(1, round(width * self.canvas.aspect)))
        if self._is_at_mark:
            self._scroll_to_mark()

    def _scroll_to_mark(self) -> None:
        marks = self.canvas.marks()
        first = min((mark.top() for mark in marks), default=0.0)
        left = min((mark.left() for mark in marks), default=0.0)
        self.verticalScrollBar().setValue(round(first - self.viewport().height() * ABOVE_MARK))
        self.horizontalScrollBar().setValue(round(left - self._theme.px(MARGIN_PX)))

    @Slot()
    def _ask_for_width(self) -> None:
        self.width_wanted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stretch what there is, and ask for a sharp one once the size stays."""
        super().resizeEvent(event)
        self._fit()
        if event.size().width() != event.oldSize().width():
            self._timer.start()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The reader looks elsewhere now."""
        self._is_at_mark = False
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll by screens, and past the end of a page to the next one."""
        self._is_at_mark = False
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_PageDown and bar.value() >= bar.maximum():
            self.page_turned.emit(1)
        elif event.key() == Qt.Key.Key_PageUp and bar.value() <= bar.minimum():
            self.page_turned.emit(-1)
        elif event.key() == Qt.Key.Key_Home:
            bar.setValue(bar.minimum())
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        else:
            super().keyPressEvent(event)

    def mark_in_view(self) -> bool:
        """Say whether the first mark can be seen."""
        marks = self.canvas.marks()
        if not marks:
            return False
        top = self.canvas.mapTo(self.viewport(), QPoint(0, round(marks[0].top()))).y()
        return 0 <= top < self.viewport().height()
