"""The list of models to be found: what a click and a key do, and widgets that scroll with it."""

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QListView, QStyleOptionViewItem, QWidget

from app.ui.catalogue.find_head import FindHead
from app.ui.catalogue.find_rows import FindRow, FindRowsModel, ModelIndex, RowKind
from app.ui.catalogue.find_rows_delegate import FindRowsDelegate
from app.ui.catalogue.offering import CardAction, Offering
from app.ui.theme import Theme
from app.worker.signal_types import signal, signal_of

ENTER_KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})
KEYBOARD_REASONS = frozenset(
    {
        Qt.FocusReason.TabFocusReason,
        Qt.FocusReason.BacktabFocusReason,
        Qt.FocusReason.ShortcutFocusReason,
    }
)


class FindList(QListView):
    """Cards below a head of widgets, all in one column that scrolls.

    Enter and a click open a card, D does what its button does.

    Args:
        theme: colours and scale.
        head: the widgets above the first card.

    Signals:
        details_requested: show everything about this model.
        action_requested: do what the button on its card says.
        more_requested: show more of what the Hub has found.
        left_upwards: the keyboard is to go on in the head.
    """

    details_requested = signal_of(str)
    action_requested = signal_of(str)
    more_requested = signal()
    left_upwards = signal()

    def __init__(self, theme: Theme, head: FindHead) -> None:
        super().__init__()
        self._theme = theme
        self._head = head
        self.rows = FindRowsModel(self)
        self._delegate = FindRowsDelegate(theme, self.rows, self)
        self.setModel(self.rows)
        self.setItemDelegate(self._delegate)
        self.setProperty("bare", "true")
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.viewport().setAutoFillBackground(False)
        self.setAccessibleName(self.tr("Models to be found"))
        self.setAccessibleDescription(self.tr("Enter shows everything, D downloads"))
        head.setParent(self.viewport())
        head.installEventFilter(self)
        head.show()
        self.clicked.connect(self._on_clicked)
        theme.changed.connect(self._measure_head)

    # --- what is shown ---

    def show_rows(self, wanted: Sequence[FindRow]) -> None:
        """Show these below the head; place and current card stay as far as they are there."""
        self._measure_head()
        current = self.rows.row_at(self.currentIndex())
        place = self.verticalScrollBar().value()
        self.rows.show_rows(wanted)
        if current is not None and current.kind is RowKind.CARD:
            self.setCurrentIndex(self.rows.index_of(current.key))
        self.executeDelayedItemsLayout()
        self.verticalScrollBar().setValue(place)
        self._place_head()

    def change_cards(self, changed: Mapping[str, Offering]) -> None:
        """Let some cards show something else; nothing moves."""
        heights = self._heights(changed)
        self.rows.change_cards(changed)
        if self._heights(changed) != heights:
            self.scheduleDelayedItemsLayout()
        for key in changed:
            self.update(self.rows.index_of(key))

    def _heights(self, keys: Iterable[str]) -> list[int]:
        option = self._option()
        indexes = (self.rows.index_of(key) for key in keys)
        return [self._delegate.sizeHint(option, one).height() for one in indexes if one.isValid()]

    def _option(self) -> QStyleOptionViewItem:
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        option.rect = self.viewport().rect()
        return option

    def mark_open(self, key: str) -> None:
        """Mark the card whose details are shown."""
        self._delegate.marks.open_key = key
        self.viewport().update()

    def visible_keys(self) -> tuple[str, ...]:
        """Name the cards in sight."""
        port = self.viewport().rect()
        first = self._row_near(port.top())
        found = []
        for place in range(first, len(self.rows.rows)):
            if self.visualRect(self.rows.index(place)).top() > port.bottom():
                break
            row = self.rows.rows[place]
            if row.kind is RowKind.CARD:
                found.append(row.key)
        return tuple(found)

    def _row_near(self, height: int) -> int:
        """Give the row at a height of the viewport."""
        index = self.indexAt(QPoint(self.viewport().width() // 2, max(0, height)))
        return index.row() if index.isValid() else 0

    def bring_up(self, key: str) -> None:
        """Bring a heading to the top if it is not in sight."""
        for place, row in enumerate(self.rows.rows):
            if row.kind is RowKind.HEADING and row.key == key:
                index = self.rows.index(place)
                rect = self.visualRect(index)
                if rect.top() < 0 or rect.bottom() > self.viewport().height():
                    self.scrollTo(index, QListView.ScrollHint.PositionAtTop)

    @property
    def is_keyboard_used(self) -> bool:
        """Whether the keyboard was used here last, not the mouse."""
        return self._delegate.marks.shows_focus_ring

    def bring_into_sight(self, part: QWidget) -> None:
        """Scroll so that a part of the head can be seen."""
        if not self._head.isAncestorOf(part):
            return
        top = part.mapTo(self._head, QPoint(0, 0)).y()
        bar = self.verticalScrollBar()
        if top < bar.value() or top + part.height() > bar.value() + self.viewport().height():
            bar.setValue(max(0, top - self._theme.px(8)))

    @Slot()
    def focus_first(self) -> None:
        """Go on with the keyboard at the first card."""
        self._go_to_first()
        self.setFocus(Qt.FocusReason.TabFocusReason)

    def take_focus(self, key: str) -> None:
        """Go on with the keyboard at a card, or where it was here."""
        index = self.rows.index_of(key)
        if index.isValid():
            self.setCurrentIndex(index)
        self.setFocus(Qt.FocusReason.TabFocusReason)

    def _go_to_first(self) -> None:
        for place, row in enumerate(self.rows.rows):
            if row.is_reachable:
                self.setCurrentIndex(self.rows.index(place))
                return

    # --- the head ---

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the head when it needs another height."""
        if watched is self._head and event.type() == QEvent.Type.LayoutRequest:
            self._measure_head()
        return super().eventFilter(watched, event)

    @Slot()
    def _measure_head(self) -> None:
        """Make as much room above the first card as the head needs."""
        width = self.viewport().width()
        height = self._head.height_px(width)
        if height != self._delegate.head_px or width != self._head.width():
            self._delegate.head_px = height
            self._head.resize(width, height)
            self.scheduleDelayedItemsLayout()

    def doItemsLayout(self) -> None:
        """Keep the head where its row is."""
        super().doItemsLayout()
        self._place_head()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Scroll the head along."""
        super().scrollContentsBy(dx, dy)
        self._place_head()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap everything anew."""
        super().resizeEvent(event)
        self._measure_head()
        self._place_head()

    def _place_head(self) -> None:
        top = -self.verticalScrollBar().value()
        if self._head.y() != top:
            self._head.move(0, top)

    # --- mouse and keys ---

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        """Do what is under the pointer."""
        row = self.rows.row_at(index)
        if row is None:
            return
        if row.kind is RowKind.MORE:
            self.more_requested.emit()
        elif row.kind is RowKind.CARD and self._delegate.marks.hot_key == row.key:
            wanted = self.action_requested if self._is_on_button(row) else self.details_requested
            wanted.emit(row.key)

    def _is_on_button(self, row: FindRow) -> bool:
        is_action = row.offering is not None and row.offering.action not in {
            CardAction.WHY,
            CardAction.DETAILS,
        }
        return is_action and self._delegate.marks.is_button_hot

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what a click would do."""
        self._point_at(event.position().toPoint())
        super().mouseMoveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Whoever uses the mouse sees where it is."""
        self._delegate.marks.shows_focus_ring = False
        self._point_at(event.position().toPoint())
        super().mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        super().leaveEvent(event)
        self._point_at(QPoint(-1, -1))

    def _point_at(self, place: QPoint) -> None:
        marks = self._delegate.marks
        before = marks.hot_key, marks.is_button_hot
        index = self.indexAt(place)
        row = self.rows.row_at(index)
        marks.hot_key, marks.is_button_hot = "", False
        if row is not None and row.kind is RowKind.MORE:
            marks.hot_key = row.key
        elif row is not None and row.kind is RowKind.CARD:
            rect, direction = self.visualRect(index), self.layoutDirection()
            if self._delegate.places(row, rect, direction).card.contains(place):
                marks.hot_key = row.key
                marks.is_button_hot = self._delegate.is_on_button(row, rect, place, direction)
        if before != (marks.hot_key, marks.is_button_hot):
            hand, arrow = Qt.CursorShape.PointingHandCursor, Qt.CursorShape.ArrowCursor
            self.viewport().setCursor(hand if marks.hot_key else arrow)
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open, download, or move."""
        self._delegate.marks.shows_focus_ring = True
        row = self.rows.row_at(self.currentIndex())
        key = event.key()
        if row is not None and key in ENTER_KEYS:
            self._open(row)
        elif row is not None and key == Qt.Key.Key_D and not event.modifiers():
            self._act(row)
        elif key == Qt.Key.Key_Up and self._is_first(self.currentIndex()):
            self.verticalScrollBar().setValue(0)
            self.left_upwards.emit()
        else:
            super().keyPressEvent(event)
        self.viewport().update()

    def _open(self, row: FindRow) -> None:
        if row.kind is RowKind.CARD:
            self.details_requested.emit(row.key)
        elif row.kind is RowKind.MORE:
            self.more_requested.emit()

    def _act(self, row: FindRow) -> None:
        if row.kind is RowKind.CARD:
            self.action_requested.emit(row.key)

    def _is_first(self, index: ModelIndex) -> bool:
        return not any(row.is_reachable for row in self.rows.rows[: max(0, index.row())])

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is, if it brought the focus."""
        self._delegate.marks.shows_focus_ring = event.reason() in KEYBOARD_REASONS
        if event.reason() in KEYBOARD_REASONS and not self.currentIndex().isValid():
            self._go_to_first()
        super().focusInEvent(event)
