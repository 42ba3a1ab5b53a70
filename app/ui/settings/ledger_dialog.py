"""What went over the network: every request, to whom, why, and how much."""

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHeaderView,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.core.hub_events import LedgerShown
from app.ui.quantities import count_text, traffic_text
from app.ui.settings.ledger_model import SUBJECT_COLUMN, LedgerModel
from app.ui.theme import Theme
from app.ui.widgets.confirm_dialog import ConfirmDialog
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.labels import label
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal

WIDTH_PX = 900
HEIGHT_PX = 560
COLUMNS_PX = (124, 156, 140, 120, 64, 80, 124)
"""How wide the columns are; that of what a request was about takes what is left."""
ROW_PX = 30
REFRESH_MS = 1000
"""While something goes on, the list is asked for anew this often."""


class LedgerDialog(QDialog):
    """The list, newest first, with its sums.

    Signals:
        ledger_requested: tell what the list says now.
        clear_requested: empty it.
    """

    ledger_requested = signal()
    clear_requested = signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = LedgerModel()
        self.setWindowTitle(self.tr("What went over the network"))
        self._sums = label("", "dim", wraps=True)
        self._table = QTableView()
        self._table.setModel(self._model)
        self._table.setAccessibleName(self.windowTitle())
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setTabKeyNavigation(False)
        self._table.setShowGrid(False)
        self._table.setWordWrap(False)
        # Always there, so that what is left for the columns is known before they are filled.
        self._table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._table.verticalHeader().hide()
        fixed = QHeaderView.ResizeMode.Fixed
        self._table.verticalHeader().setSectionResizeMode(fixed)
        self._table.horizontalHeader().setHighlightSections(False)
        self._copy = TextButton(theme, self.tr("Copy the list"), "copy")
        self._copy.clicked.connect(self._on_copy)
        self._clear = TextButton(theme, self.tr("Clear the list…"), "trash-2")
        self._clear.clicked.connect(self._on_clear)
        close = TextButton(theme, self.tr("Close"))
        close.clicked.connect(self.reject)
        close.setDefault(True)
        buttons = WrappingRow(theme, gap_px=8)
        for button in (close, self._copy, self._clear):
            button.setAutoDefault(button is close)
            buttons.add(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(label(self.windowTitle(), "heading", wraps=True))
        layout.addWidget(self._sums)
        layout.addWidget(self._table, 1)
        layout.addWidget(buttons)
        self._timer = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._timer.timeout.connect(self._on_refresh)
        theme.changed.connect(self._restyle)
        self._restyle()
        self._say_nothing_yet()

    def show_ledger(self, shown: LedgerShown) -> None:
        """Show the list; where one was in it stays."""
        bar = self._table.verticalScrollBar()
        place = bar.value()
        self._model.show_entries(shown.entries)
        bar.setValue(place)
        self._share_width()
        self._copy.setEnabled(bool(shown.entries))
        self._clear.setEnabled(bool(shown.n_entries))
        if not shown.n_entries:
            self._say_nothing_yet()
            return
        text = self.tr("{n} requests: {sent} sent, {received} received.").format(
            n=count_text(shown.n_entries),
            sent=traffic_text(shown.sent_bytes),
            received=traffic_text(shown.received_bytes),
        )
        if len(shown.entries) < shown.n_entries:
            newest = self.tr("The newest {n} are listed.")
            text = f"{text} {newest.format(n=count_text(len(shown.entries)))}"
        self._sums.setText(text)

    def _say_nothing_yet(self) -> None:
        self._sums.setText(self.tr("Nothing has gone over the network."))
        self._copy.setEnabled(False)
        self._clear.setEnabled(False)

    def refresh_soon(self) -> None:
        """Ask for the list again, but not more often than can be read."""
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give what is left to what a request was about."""
        super().resizeEvent(event)
        self._share_width()

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        px, screen = self._theme.px, self.screen().availableSize()
        self.resize(min(px(WIDTH_PX), screen.width()), min(px(HEIGHT_PX), screen.height()))
        self._table.verticalHeader().setDefaultSectionSize(px(ROW_PX))
        for column, width in enumerate(COLUMNS_PX):
            self._table.setColumnWidth(column, px(width))
        self._share_width()

    def _share_width(self) -> None:
        px = self._theme.px
        # How long a moment is in words is for the locale to say.
        moment = max(px(COLUMNS_PX[0]), self._table.sizeHintForColumn(0))
        self._table.setColumnWidth(0, moment)
        others = moment + px(sum(COLUMNS_PX[1:]) - COLUMNS_PX[SUBJECT_COLUMN])
        left = self._table.viewport().width() - others
        self._table.setColumnWidth(SUBJECT_COLUMN, max(px(COLUMNS_PX[SUBJECT_COLUMN]), left))

    @Slot()
    def _on_refresh(self) -> None:
        """Ask anew."""
        if self.isVisible():
            self.ledger_requested.emit()

    @Slot()
    def _on_copy(self) -> None:
        """Put the list into the clipboard."""
        QGuiApplication.clipboard().setText(self._model.as_text())

    @Slot()
    def _on_clear(self) -> None:
        """Ask first: it cannot come back."""
        question = ConfirmDialog(
            self._theme,
            self.tr("Clear the list?"),
            self.tr("Then nobody can see any more what went over the network before."),
            self.tr("Clear the list"),
            self.tr("Keep it"),
            self,
        )
        question.accepted.connect(self.clear_requested.emit)
        question.finished.connect(question.deleteLater)
        question.open()
