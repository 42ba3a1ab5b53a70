"""Draws a place in a table as a chip."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from app.ui.theme import Theme

RADIUS_PX = 9
SIDE_PX = 8
ABOVE_PX = 6


class PlaceDelegate(QStyledItemDelegate):
    """A rounded ground behind the words, which says that they open something."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Draw the cell without its words, and then the chip."""
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        bare = QModelIndex()
        super().paint(painter, option, bare)
        if not text:
            return
        tokens, px = self._theme.tokens, self._theme.px
        rect, metrics = option.rect, option.fontMetrics
        room = QRectF(rect).adjusted(px(4), px(ABOVE_PX), -px(4), -px(ABOVE_PX))
        shown = metrics.elidedText(
            text, Qt.TextElideMode.ElideRight, int(room.width()) - 2 * px(SIDE_PX)
        )
        width = min(room.width(), metrics.horizontalAdvance(shown) + 2 * px(SIDE_PX))
        chip = QRectF(room.left(), room.top(), width, room.height())
        if option.direction is Qt.LayoutDirection.RightToLeft:
            chip.moveRight(room.right())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.accent), 1))
        painter.setBrush(QColor(tokens.accent_soft))
        painter.drawRoundedRect(chip, px(RADIUS_PX), px(RADIUS_PX))
        painter.setPen(QColor(tokens.on_accent_soft))
        painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), shown)
        painter.restore()
