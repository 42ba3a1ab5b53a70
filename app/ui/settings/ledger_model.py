"""The list of what went over the network, as Qt's tables want it."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QDateTime, QLocale, Qt

from app.core.network import LedgerEntry
from app.ui.network_words import purpose_words, result_words
from app.ui.quantities import traffic_text
from app.ui.widgets.foreign_text import foreign_text
from app.ui.widgets.titled_table_model import NO_INDEX, Index, TitledTableModel

SUBJECT_COLUMN = 3


class LedgerModel(TitledTableModel):
    """One row for each request; texts are made only for the rows that are seen."""

    number_columns = frozenset({4, 5})

    def __init__(self) -> None:
        super().__init__()
        self._entries: Sequence[LedgerEntry] = ()

    def show_entries(self, entries: Sequence[LedgerEntry]) -> None:
        """Show other requests."""
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()

    def titles(self) -> tuple[str, ...]:
        """Give what stands above the columns."""
        return (
            self.tr("When"),
            self.tr("Why"),
            self.tr("To whom"),
            self.tr("About"),
            self.tr("Sent"),
            self.tr("Received"),
            self.tr("Answer"),
        )

    def texts(self, row: int) -> tuple[str, ...]:
        """Give what stands in a row."""
        entry = self._entries[row]
        local = QDateTime.fromSecsSinceEpoch(int(entry.at.timestamp()))
        return (
            QLocale().toString(local, QLocale.FormatType.ShortFormat),
            purpose_words(entry.purpose),
            foreign_text(entry.host),
            foreign_text(entry.subject),
            traffic_text(entry.bytes_up),
            traffic_text(entry.bytes_down),
            result_words(entry.status),
        )

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """How many requests there are."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - as in Qt
        """Give a fact in words; the tooltip has the whole where a column is narrow."""
        if not index.isValid():
            return None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return self.texts(index.row())[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.alignment_of(index.column())
        return None

    def as_text(self) -> str:
        """Give the whole list for the clipboard, a tab between two facts."""
        rows = [self.titles(), *(self.texts(row) for row in range(len(self._entries)))]
        return "\n".join("\t".join(row) for row in rows)
