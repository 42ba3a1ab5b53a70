"""A read-only text that opens nothing by itself and is exactly as high as its content."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

from PySide6.QtCore import QEvent, QMimeData, QPoint, QRectF, Qt, QUrl, Slot
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QTextCursor,
    QTextDocumentFragment,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QScrollArea, QTextBrowser, QWidget

from app.ui.widgets.announcement import announce
from app.ui.widgets.chip_surfaces import draw_chips
from app.ui.widgets.cited_text import chip_number, with_copied_chips
from app.ui.widgets.prose_style import MARKER_GAP, ProseStyle

TEXT_MARGIN_PX: Final = 4
"""Room around the text for the ring that shows the keyboard focus."""

_RING_PX: Final = 2
_RING_RADIUS_PX: Final = 6
_CURSOR_ROOM_PX: Final = 8
_PAGE_KEYS: Final = frozenset({Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Space})
_KEYBOARD_REASONS: Final = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
    }
)


class SharedSelection(Protocol):
    """Makes the sections of an answer one text to the reader who selects in it."""

    def begin(self, source: "SafeTextBrowser") -> None:
        """A new selection begins in `source`."""

    def drag(self, source: "SafeTextBrowser", event: QMouseEvent) -> bool:
        """The pointer was dragged; false if `source` is to select by itself."""

    def select_all(self) -> None:
        """Select all of the answer."""

    def selected_text(self) -> str:
        """What is selected in all sections."""


class SafeTextBrowser(QTextBrowser):
    """Base of the texts of an answer.

    `anchorClicked` tells of a click on a link; the link is not followed. The width of the text
    is set by `height_for_width`, not by resizing: one layout instead of two.
    """

    def __init__(self, style: ProseStyle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.prose_style = style
        self._shows_focus_ring = False
        self._selection: SharedSelection | None = None
        self._active_url = ""
        self._shows_chips = False
        self.highlighted.connect(self._on_highlighted)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)
        self.setAcceptDrops(False)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setLineWrapMode(QTextBrowser.LineWrapMode.FixedPixelWidth)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextBrowserInteraction
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(TEXT_MARGIN_PX)
        self.setCursorWidth(0)
        self._apply_style()

    def restyle(self, style: ProseStyle) -> None:
        """Draw everything again in another style."""
        self.prose_style = style
        self._apply_style()

    def _apply_style(self) -> None:
        self.setPalette(self.prose_style.palette(self.palette()))
        self.setFont(self._base_font())

    def _base_font(self) -> QFont:
        """The font of text that has no other."""
        return self.prose_style.text_font

    def changeEvent(self, event: QEvent) -> None:
        """Keep the font of the answer whatever the style sheet says of text fields."""
        super().changeEvent(event)
        is_font_change = event.type() == QEvent.Type.FontChange
        if is_font_change and self.document().defaultFont() != self._base_font():
            self.document().setDefaultFont(self._base_font())

    def height_for_width(self, width_px: int) -> int:
        """The height in px that shows all of the text, and a bar if it must scroll sideways."""
        self._wrap(width_px)
        size = self.document().size()
        can_scroll = self.horizontalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAsNeeded
        is_scrolled = can_scroll and size.width() > width_px
        bar_px = self.horizontalScrollBar().sizeHint().height() if is_scrolled else 0
        return math.ceil(size.height()) + bar_px

    def _wrap(self, width_px: int) -> None:
        is_wrapped = self.lineWrapMode() is QTextBrowser.LineWrapMode.FixedPixelWidth
        if is_wrapped and width_px != self.lineWrapColumnOrWidth():
            self.setLineWrapColumnOrWidth(width_px)

    @contextmanager
    def editing(self) -> Iterator[QTextCursor]:
        """Change the text through the cursor given; the reader's selection stays where it is."""
        reader = self.textCursor()
        anchor, position = reader.anchor(), reader.position()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        yield cursor
        cursor.endEditBlock()
        reader = self.textCursor()
        if (reader.anchor(), reader.position()) != (anchor, position):
            # Text put in at the end of the selection would have become selected.
            last = self.document().characterCount() - 1
            reader.setPosition(min(anchor, last))
            reader.setPosition(min(position, last), QTextCursor.MoveMode.KeepAnchor)
            self.setTextCursor(reader)

    def loadResource(self, _kind: int, _url: QUrl | str) -> QImage:
        """Load nothing. For any other answer than an image Qt would open the file itself."""
        return QImage(1, 1, QImage.Format.Format_ARGB32)

    def share_selection(self, selection: SharedSelection) -> None:
        """Make this text part of a selection that spans several."""
        self._selection = selection

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy plain text only: formatted text would carry colours and fonts along."""
        selection = self._selection
        data = QMimeData()
        data.setText(selection.selected_text() if selection else self.selected_text())
        return data

    def selected_text(self) -> str:
        """The selected text as it is copied."""
        text = self.textCursor().selection().toPlainText().replace(MARKER_GAP, " ")
        return with_copied_chips(text)

    def set_shows_chips(self, *, shows_chips: bool) -> None:
        """Say whether there are numbers of sources in the text, which need a surface."""
        self._shows_chips = shows_chips

    @Slot(QUrl)
    def _on_highlighted(self, url: QUrl) -> None:
        """Show which chip the pointer or the keyboard is on; tell those who only listen."""
        self._active_url = url.toString() if chip_number(url.toString()) is not None else ""
        self.viewport().update()
        chip_format = self.textCursor().charFormat()
        is_chosen_by_key = self.hasFocus() and self.textCursor().hasSelection()
        if self._active_url and is_chosen_by_key:
            note = QTextDocumentFragment.fromHtml(chip_format.toolTip()).toPlainText()
            announce(self, note)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a selection here."""
        if self._selection is not None and event.button() is Qt.MouseButton.LeftButton:
            self._selection.begin(self)
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Let a selection go on in the next section."""
        is_drag = bool(event.buttons() & Qt.MouseButton.LeftButton)
        if is_drag and self._selection is not None and self._selection.drag(self, event):
            return
        super().mouseMoveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Select all of the answer, not just this section; leave pages to the list of answers."""
        is_select_all = event.matches(QKeySequence.StandardKey.SelectAll)
        if is_select_all and self._selection is not None:
            self._selection.select_all()
        elif event.key() in _PAGE_KEYS:
            event.ignore()
        else:
            before = self.textCursor().position()
            super().keyPressEvent(event)
            if self.textCursor().position() != before:
                self._keep_cursor_in_view()

    def _keep_cursor_in_view(self) -> None:
        """Scroll the list of answers, since this text never scrolls up and down by itself."""
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        inside = area.widget() if area is not None else None
        if area is None or inside is None:
            return
        place = self.cursorRect().translated(self.viewport().mapTo(inside, QPoint(0, 0)))
        bar = area.verticalScrollBar()
        above, below = place.top() - _CURSOR_ROOM_PX, place.bottom() + _CURSOR_ROOM_PX
        if above < bar.value():
            bar.setValue(above)
        elif below > bar.value() + area.viewport().height():
            bar.setValue(below - area.viewport().height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave scrolling up and down to the list of answers."""
        is_sideways = abs(event.angleDelta().x()) > abs(event.angleDelta().y())
        if is_sideways or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            super().wheelEvent(event)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show ring and cursor if the keyboard brought the focus here."""
        self._show_focus(is_shown=event.reason() in _KEYBOARD_REASONS)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus ring."""
        self._show_focus(is_shown=False)
        super().focusOutEvent(event)

    def _show_focus(self, *, is_shown: bool) -> None:
        self._shows_focus_ring = is_shown
        # Whoever selects with the keyboard has to see where.
        self.setCursorWidth(1 if is_shown else 0)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text and the focus ring."""
        # A layout may have asked for the height at a width that it did not give.
        self._wrap(self.width())
        if self._shows_chips:
            with QPainter(self.viewport()) as painter:
                scrolled_px = self.horizontalScrollBar().value()
                painter.setTransform(QTransform.fromTranslate(-scrolled_px, 0))
                draw_chips(painter, self.document(), self.prose_style, self._active_url)
        super().paintEvent(event)
        if self._shows_focus_ring:
            with QPainter(self.viewport()) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(QPen(QColor(self.prose_style.theme.tokens.accent), _RING_PX))
                inset = _RING_PX / 2
                box = QRectF(self.viewport().rect()).adjusted(inset, inset, -inset, -inset)
                painter.drawRoundedRect(box, _RING_RADIUS_PX, _RING_RADIUS_PX)
