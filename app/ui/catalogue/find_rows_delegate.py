"""How the rows of the list of models to be found are drawn."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.catalogue.card_painter import CardPainter
from app.ui.catalogue.card_place import CardPlaces, column_rect
from app.ui.catalogue.card_text import CardText, card_text
from app.ui.catalogue.find_rows import FindRow, FindRowsModel, ModelIndex, RowKind
from app.ui.catalogue.offering import Offering
from app.ui.theme import Theme
from app.ui.widgets.prose_style import interface_font

GAP_PX = 10
"""Between two cards."""
HEADING_PX = 46
MORE_PX = 54
NOTE_PX = 76


@dataclass(slots=True)
class Marks:
    """What is marked in the list.

    Attributes:
        open_key: the card whose details are shown.
        hot_key: the card under the pointer.
        is_button_hot: the pointer is on its button.
        shows_focus_ring: the keyboard is in use, so the current row gets a ring.
    """

    open_key: str = ""
    hot_key: str = ""
    is_button_hot: bool = False
    shows_focus_ring: bool = False


class FindRowsDelegate(QStyledItemDelegate):
    """Draws headings, cards and notes in the colours of the theme.

    Attributes:
        marks: what is marked.
        head_px: height of the widgets above the list.
    """

    def __init__(self, theme: Theme, rows: FindRowsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows = rows
        self._painter = CardPainter(theme)
        self._texts: dict[str, CardText] = {}
        self._heights: dict[str, tuple[Offering | None, QSize]] = {}
        self._row_width = 0
        self._card_width = 0
        self.marks = Marks()
        self.head_px = 0
        theme.changed.connect(self._forget)

    @Slot()
    def _forget(self) -> None:
        """Measure and word everything anew."""
        self._texts.clear()
        self._heights.clear()
        self._row_width = 0

    def text_of(self, row: FindRow) -> CardText:
        """Give the words of a card; they are made once."""
        text = self._texts.get(row.key)
        offering = row.offering
        assert offering is not None  # noqa: S101 - only cards are asked for
        is_same = text is not None and text.offering is offering
        if text is None or not is_same or text.is_first is not row.is_primary:
            text = card_text(offering, is_primary=row.is_primary)
            self._texts[row.key] = text
        return text

    def places(self, row: FindRow, rect: QRect, direction: Qt.LayoutDirection) -> CardPlaces:
        """Say where everything is on a card whose row is `rect`."""
        column = column_rect(self._theme, rect)
        return self._painter.places(self.text_of(row), column, direction)

    def sizeHint(self, option: QStyleOptionViewItem, index: ModelIndex) -> QSize:
        """Give the height of a row; the width is that of the list.

        Qt asks for all rows at once whenever some come or go, so heights of cards are kept.
        """
        row = self._rows.rows[index.row()]
        if row.kind is not RowKind.CARD:
            return QSize(0, self._plain_px(row.kind))
        if option.rect.width() != self._row_width:
            self._row_width = option.rect.width()
            self._take_width(column_rect(self._theme, option.rect).width())
        known = self._heights.get(row.key)
        if known is not None and known[0] is row.offering:
            return known[1]
        height = self._painter.height_px(self.text_of(row), self._card_width)
        size = QSize(0, height + self._theme.px(GAP_PX))
        self._heights[row.key] = row.offering, size
        return size

    def _take_width(self, card_width: int) -> None:
        """Measure cards anew if they become wider or narrower; a scroll bar may not matter."""
        if card_width != self._card_width:
            self._card_width = card_width
            self._heights.clear()

    def _plain_px(self, kind: RowKind) -> int:
        """Give the height of a row that is no card."""
        if kind is RowKind.HEAD:
            return self.head_px
        heights = {RowKind.HEADING: HEADING_PX, RowKind.MORE: MORE_PX}
        return self._theme.px(heights.get(kind, NOTE_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ModelIndex) -> None:
        """Draw one row."""
        row = self._rows.rows[index.row()]
        if row.kind is RowKind.HEAD:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(option.direction)
        column = column_rect(self._theme, option.rect)
        has_focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
        has_ring = has_focus and self.marks.shows_focus_ring
        match row.kind:
            case RowKind.CARD:
                self._draw_card(painter, option, row, has_ring=has_ring)
            case RowKind.HEADING:
                self._draw_heading(painter, column, row)
            case RowKind.NOTE:
                self._draw_note(painter, column, row)
            case _:
                self._draw_more(painter, column, row, has_ring=has_ring)
        painter.restore()

    def _draw_card(
        self, painter: QPainter, option: QStyleOptionViewItem, row: FindRow, *, has_ring: bool
    ) -> None:
        text = self.text_of(row)
        places = self.places(row, option.rect, option.direction)
        marks = self.marks
        self._painter.draw_surface(
            painter,
            places.card,
            is_open=row.key == marks.open_key,
            is_hot=row.key == marks.hot_key,
            has_ring=has_ring,
        )
        self._painter.draw(
            painter, text, places, is_hot=row.key == marks.hot_key and marks.is_button_hot
        )

    def _draw_heading(self, painter: QPainter, column: QRect, row: FindRow) -> None:
        font = interface_font(self._theme, 15, QFont.Weight.DemiBold)
        metrics = QFontMetrics(font)
        bottom = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignBottom
        place = column.adjusted(0, 0, 0, -self._theme.px(8))
        shown = metrics.elidedText(row.title, Qt.TextElideMode.ElideRight, place.width())
        painter.setFont(font)
        painter.setPen(QColor(self._theme.tokens.text))
        painter.drawText(place, bottom, shown)
        taken = metrics.horizontalAdvance(shown) + self._theme.px(10)
        if not row.text or taken > place.width() // 2:
            return
        small = interface_font(self._theme, 12, QFont.Weight.Normal)
        is_mirrored = painter.layoutDirection() is Qt.LayoutDirection.RightToLeft
        beside = (
            place.adjusted(0, 0, -taken, -1) if is_mirrored else place.adjusted(taken, 0, 0, -1)
        )
        text = QFontMetrics(small).elidedText(
            row.text, Qt.TextElideMode.ElideRight, beside.width()
        )
        painter.setFont(small)
        painter.setPen(QColor(self._theme.tokens.faint))
        painter.drawText(beside, bottom, text)

    def _draw_note(self, painter: QPainter, column: QRect, row: FindRow) -> None:
        px, tokens = self._theme.px, self._theme.tokens
        strong = interface_font(self._theme, 14, QFont.Weight.DemiBold)
        plain = interface_font(self._theme, 14, QFont.Weight.Normal)
        line = QFontMetrics(strong).height()
        place = column.adjusted(0, px(6), 0, 0)
        leading = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignTop
        painter.setFont(strong)
        painter.setPen(QColor(tokens.text))
        painter.drawText(place, leading, row.title)
        painter.setFont(plain)
        painter.setPen(QColor(tokens.dim))
        below = place.adjusted(0, line + px(3), 0, 0)
        painter.drawText(below, leading | Qt.TextFlag.TextWordWrap, row.text)

    def _draw_more(
        self, painter: QPainter, column: QRect, row: FindRow, *, has_ring: bool
    ) -> None:
        px, tokens = self._theme.px, self._theme.tokens
        font = interface_font(self._theme, 14, QFont.Weight.Medium)
        width = QFontMetrics(font).horizontalAdvance(row.title) + px(28)
        box = QRect(0, column.top() + px(6), min(width, column.width()), px(34))
        box.moveLeft(column.left() + (column.width() - box.width()) // 2)
        is_hot = self.marks.hot_key == row.key
        painter.setBrush(QColor(tokens.accent_soft if is_hot else tokens.card))
        ring = QPen(QColor(tokens.accent), 2) if has_ring else QPen(QColor(tokens.line), 1)
        painter.setPen(ring)
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), px(8), px(8))
        painter.setFont(font)
        painter.setPen(QColor(tokens.text))
        shown = QFontMetrics(font).elidedText(
            row.title, Qt.TextElideMode.ElideRight, box.width() - px(12)
        )
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)

    def is_on_button(
        self, row: FindRow, rect: QRect, place: QPoint, direction: Qt.LayoutDirection
    ) -> bool:
        """Say whether a place is on the button of a card."""
        return self.places(row, rect, direction).button.contains(place)
