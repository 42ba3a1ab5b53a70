"""A block of code: its language, a button that copies it, and its lines."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from app.ui.widgets.code_colours import language_name
from app.ui.widgets.code_text import CodeText
from app.ui.widgets.markdown_leaves import CodeLeaf
from app.ui.widgets.prose_style import ProseStyle, interface_font
from app.ui.widgets.quiet_button import QuietButton

_HEADER_PX: Final = 34
_SIDE_PX: Final = 10
_BELOW_PX: Final = 8
_LABEL_PX: Final = 12
_RADIUS_PX: Final = 8
_COPIED_MS: Final = 1_500


class CodeBlock(QWidget):
    """Shows one `CodeLeaf`."""

    def __init__(self, style: ProseStyle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._leaf = CodeLeaf("", "")
        self._text = CodeText(style, self)
        self._button = QuietButton(style.theme, self.tr("Copy"), self)
        self._button.setAccessibleName(self.tr("Copy code"))
        self._button.clicked.connect(self._copy)
        self._reset_timer = QTimer(self)
        self._reset_timer.setSingleShot(True)
        self._reset_timer.setInterval(_COPIED_MS)
        self._reset_timer.timeout.connect(self._show_copy)

    @property
    def text(self) -> CodeText:
        """The widget that shows the lines."""
        return self._text

    @property
    def copy_button(self) -> QuietButton:
        """The button that copies the code."""
        return self._button

    @property
    def leaf(self) -> CodeLeaf:
        """What is shown."""
        return self._leaf

    def set_leaf(self, leaf: CodeLeaf) -> None:
        """Show `leaf`; lines already shown are not touched."""
        self._leaf = leaf
        self._text.set_leaf(leaf)
        self._text.setAccessibleName(self._name())
        self.update(0, 0, self.width(), self._style.px(_HEADER_PX))

    def restyle(self, style: ProseStyle) -> None:
        """Draw everything again in another style."""
        self._style = style
        self._text.restyle(style)
        self._button.updateGeometry()
        self._place_parts()
        self.update()

    def _name(self) -> str:
        if not self._leaf.language:
            return self.tr("Code")
        return self.tr("Code in {language}").format(language=self._leaf.language)

    def height_for_width(self, width_px: int) -> int:
        """The height in px of header and lines at this width."""
        lines = self._text.height_for_width(width_px - 2 * self._style.px(_SIDE_PX))
        return self._style.px(_HEADER_PX) + lines + self._style.px(_BELOW_PX)

    def sizeHint(self) -> QSize:
        """All lines at the present width."""
        return QSize(self.width(), self.height_for_width(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place button and lines."""
        super().resizeEvent(event)
        self._place_parts()

    def _place_parts(self) -> None:
        header, side = self._style.px(_HEADER_PX), self._style.px(_SIDE_PX)
        below = self._style.px(_BELOW_PX)
        self._text.setGeometry(
            side, header, self.width() - 2 * side, self.height() - header - below
        )
        size = self._button.sizeHint()
        left = side // 2 if self._is_mirrored() else self.width() - size.width() - side // 2
        self._button.setGeometry(left, (header - size.height()) // 2, size.width(), size.height())

    def _is_mirrored(self) -> bool:
        return self.layoutDirection() is Qt.LayoutDirection.RightToLeft

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._leaf.code)
        self._show_label(self.tr("Copied"))
        self._reset_timer.start()

    def _show_copy(self) -> None:
        self._show_label(self.tr("Copy"))

    def _show_label(self, label: str) -> None:
        self._button.setText(label)
        self._place_parts()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the surface and the name of the language."""
        tokens = self._style.theme.tokens
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(tokens.line), 1))
            painter.setBrush(QColor(tokens.code_surface))
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(box, _RADIUS_PX, _RADIUS_PX)
            painter.setPen(QColor(tokens.dim))
            font = interface_font(self._style.theme, _LABEL_PX, QFont.Weight.Medium)
            painter.setFont(font)
            side = self._style.px(_SIDE_PX) + 4
            label = QRectF(side, 0, self._button.x() - side, self._style.px(_HEADER_PX))
            alignment = Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
            if self._is_mirrored():
                left = self._button.geometry().right()
                label = QRectF(left, 0, self.width() - side - left, label.height())
            language = language_name(self._leaf.language)
            shown = QFontMetrics(font).elidedText(
                language, Qt.TextElideMode.ElideRight, int(label.width())
            )
            painter.drawText(label, alignment, shown)
