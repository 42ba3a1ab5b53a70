"""How the rows of the chat list are drawn."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import (
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.ui.chat.chat_rows import ROW_ROLE, ModelIndex, Row, RowKind
from app.ui.chat.snippet import Snippet, parse_snippet, with_match_in_sight
from app.ui.theme import Theme
from app.ui.widgets.prose_style import interface_font

HEADING_HEIGHT_PX = 32
CHAT_HEIGHT_PX = 34
HIT_HEIGHT_PX = 54
SIDE_PX = 10
RADIUS_PX = 8
RING_PX = 2
TITLE_PX = 14
SMALL_PX = 12


class ChatRowsDelegate(QStyledItemDelegate):
    """Draws headings, chats and search hits in the colours of the theme.

    Attributes:
        open_id: the conversation on the screen, drawn with a surface; None for none.
        shows_focus_ring: the keyboard is in use, so the current row gets a ring.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.open_id: str | None = None
        self.shows_focus_ring = False

    def sizeHint(self, _option: QStyleOptionViewItem, index: ModelIndex) -> QSize:
        """Give the height of a row; the width is that of the list."""
        row: Row = index.data(ROW_ROLE)
        match row.kind:
            case RowKind.HEADING:
                height_px = HEADING_HEIGHT_PX
            case RowKind.HIT if not _is_title_hit(row):
                height_px = HIT_HEIGHT_PX
            case _:
                height_px = CHAT_HEIGHT_PX
        return QSize(0, self._theme.px(height_px))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ModelIndex) -> None:
        """Draw one row."""
        row: Row = index.data(ROW_ROLE)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setLayoutDirection(option.direction)
        inner = rect.adjusted(self._theme.px(SIDE_PX), 0, -self._theme.px(SIDE_PX), 0)
        if row.kind is RowKind.HEADING:
            self._draw_heading(painter, inner, row.title)
        else:
            self._draw_surface(painter, option, rect, is_open=row.key == self.open_id)
            self._draw_chat(painter, inner, row)
        painter.restore()

    def _draw_heading(self, painter: QPainter, rect: QRect, title: str) -> None:
        font = interface_font(self._theme, SMALL_PX, QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.tokens.faint))
        shown = QFontMetrics(font).elidedText(title, Qt.TextElideMode.ElideRight, rect.width())
        bottom = rect.adjusted(0, 0, 0, -self._theme.px(4))
        painter.drawText(
            bottom, Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignBottom, shown
        )

    def _draw_surface(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, *, is_open: bool
    ) -> None:
        state: QStyle.StateFlag = option.state
        surface = QColor(self._theme.tokens.user_bubble)
        if not is_open:
            surface.setAlphaF(0.6)
        is_hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        has_ring = self.shows_focus_ring and bool(state & QStyle.StateFlag.State_HasFocus)
        painter.setBrush(surface if is_open or is_hovered else Qt.BrushStyle.NoBrush)
        ring = QPen(QColor(self._theme.tokens.accent), RING_PX)
        painter.setPen(ring if has_ring else Qt.PenStyle.NoPen)
        box = QRectF(rect).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(box, RADIUS_PX, RADIUS_PX)

    def _draw_chat(self, painter: QPainter, rect: QRect, row: Row) -> None:
        tokens = self._theme.tokens
        is_open = row.key == self.open_id
        weight = QFont.Weight.DemiBold if is_open else QFont.Weight.Normal
        title_font = interface_font(self._theme, TITLE_PX, weight)
        if row.kind is RowKind.CHAT:
            self._draw_line(painter, rect, title_font, QColor(tokens.text), Snippet(row.title, ()))
            return
        if _is_title_hit(row):
            title = parse_snippet(row.snippet)
            self._draw_line(painter, rect, title_font, QColor(tokens.text), title)
            return
        middle = rect.height() // 2
        above = QRect(rect.left(), rect.top() + self._theme.px(5), rect.width(), middle)
        above.setBottom(rect.top() + middle)
        below = QRect(rect.left(), rect.top() + middle, rect.width(), middle - self._theme.px(5))
        self._draw_line(painter, above, title_font, QColor(tokens.text), Snippet(row.title, ()))
        small = interface_font(self._theme, SMALL_PX, QFont.Weight.Normal)
        found = with_match_in_sight(parse_snippet(row.snippet))
        self._draw_line(painter, below, small, QColor(tokens.dim), found)

    def _draw_line(
        self, painter: QPainter, rect: QRect, font: QFont, colour: QColor, shown: Snippet
    ) -> None:
        """Draw one line in the middle of `rect`, cut at its end, with the matches in bold."""
        metrics = QFontMetrics(font)
        text = metrics.elidedText(shown.text, Qt.TextElideMode.ElideRight, rect.width())
        layout = QTextLayout(text, font)
        bold = QTextCharFormat()
        bold.setFontWeight(QFont.Weight.Bold)
        bold.setForeground(QColor(self._theme.tokens.text))
        layout.setFormats([_range(text, start, end, bold) for start, end in shown.matches])
        option = layout.textOption()
        # The words read as they are written; the line begins where the list does.
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        is_mirrored = painter.layoutDirection() is Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft
        option.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
        layout.setTextOption(option)
        layout.beginLayout()
        line = layout.createLine()
        line.setLineWidth(rect.width())
        layout.endLayout()
        top = rect.top() + (rect.height() - line.height()) / 2
        painter.setPen(colour)
        painter.setClipRect(rect)
        layout.draw(painter, QPointF(rect.left(), top))
        painter.setClipping(False)

    def createEditor(
        self, parent: QWidget, _option: QStyleOptionViewItem, _index: ModelIndex
    ) -> QWidget:
        """Give the field in which a chat is renamed."""
        editor = QLineEdit(parent)
        editor.setAccessibleName(self.tr("New name of the chat"))
        editor.setFrame(False)
        return editor

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, _index: ModelIndex
    ) -> None:
        """Lay the field over the row."""
        editor.setGeometry(option.rect)


def _is_title_hit(row: Row) -> bool:
    return parse_snippet(row.snippet).text == row.title


def _range(
    text: str, start: int, end: int, text_format: QTextCharFormat
) -> QTextLayout.FormatRange:
    """Give a part of `text` as Qt counts it: characters beyond U+FFFF, such as emoji, twice."""
    found = QTextLayout.FormatRange()
    found.start = _n_units(text[:start])
    found.length = _n_units(text[start:end])
    found.format = text_format
    return found


def _n_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
