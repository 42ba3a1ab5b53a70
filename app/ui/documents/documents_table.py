"""A table of rows to choose from, which shares its width among its columns."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    QSize,
    Qt,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from app.ui.theme import Theme
from app.worker.signal_types import signal

ROW_PX = 34
HEAD_PX = 44
LEAST_HEIGHT_PX = 200
HEIGHT_PX = 310
"""Leaves room for a card below it in a window of 780 px."""
LEAST_PX = 130
"""Of a column that shares what is left, on average."""
ROOMY_PX = 230
"""Columns are left out until those that share what is left have so much, on average."""


class _NameDelegate(QStyledItemDelegate):
    """Leaves out the middle of long names of files: the ends tell them apart."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Cut in the middle."""
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideMiddle


class DocumentsTable(QTableView):
    """One row is chosen at a time; Enter or a double click opens it.

    Args:
        theme: colours and scale.
        name: what it lists, for those who listen.
        model: what it shows; the names of files are in the first column.
        widths_px: of the columns; one below zero stands for so many shares of what is left.
        dispensable: columns that are left out where there is no room, first things first.

    Signals:
        row_chosen: another row is current, or none.
        row_opened: the current row is to be opened.
    """

    row_chosen = signal()
    row_opened = signal()

    def __init__(
        self,
        theme: Theme,
        name: str,
        model: QAbstractItemModel,
        widths_px: Sequence[int],
        dispensable: Sequence[int] = (),
    ) -> None:
        super().__init__()
        self._theme = theme
        self._widths = tuple(widths_px)
        self._dispensable = tuple(dispensable)
        self.setModel(model)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._names = _NameDelegate(self)
        self.setItemDelegateForColumn(0, self._names)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(24)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        model.modelReset.connect(self.updateGeometry)
        model.rowsInserted.connect(self.updateGeometry)
        self.doubleClicked.connect(self._on_opened)
        theme.changed.connect(self._restyle)
        self._restyle()

    def sizeHint(self) -> QSize:
        """All rows, up to a good part of a page."""
        px = self._theme.px
        rows_px = self.model().rowCount() * px(ROW_PX)
        wanted = rows_px + px(HEAD_PX)
        return QSize(
            super().sizeHint().width(), max(px(LEAST_HEIGHT_PX), min(px(HEIGHT_PX), wanted))
        )

    def minimumSizeHint(self) -> QSize:
        """A few rows."""
        return QSize(self._theme.px(120), self._theme.px(LEAST_HEIGHT_PX))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the row with Enter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.row_opened.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width anew."""
        super().resizeEvent(event)
        self._share_width()

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        self.verticalHeader().setDefaultSectionSize(self._theme.px(ROW_PX))
        self._share_width()
        self.updateGeometry()

    def _share_width(self) -> None:
        """Give the columns without a width of their own what the others leave."""
        px = self._theme.px
        n_shares = -sum(width for width in self._widths if width < 0)
        n_sharing = sum(1 for width in self._widths if width < 0)
        least, roomy = px(LEAST_PX) * n_sharing, px(ROOMY_PX) * n_sharing
        left = self.viewport().width() - sum(px(width) for width in self._widths if width > 0)
        for column in self._dispensable:
            is_left_out = left < roomy
            left += px(self._widths[column]) if is_left_out else 0
            self.setColumnHidden(column, is_left_out)
        for column, width in enumerate(self._widths):
            share = max(left, least) * -width // max(1, n_shares)
            self.setColumnWidth(column, px(width) if width > 0 else share)

    @Slot()
    def _on_current(self) -> None:
        """Tell of another row."""
        self.row_chosen.emit()

    @Slot()
    def _on_opened(self) -> None:
        """Tell that it is to be opened."""
        self.row_opened.emit()
