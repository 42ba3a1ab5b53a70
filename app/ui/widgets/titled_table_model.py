"""What every table of facts tells Qt: titles above its columns, and numbers below one another."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()


class TitledTableModel(QAbstractTableModel):
    """A table whose columns have titles.

    Attributes:
        number_columns: those that hold numbers.
    """

    number_columns: frozenset[int] = frozenset()

    def titles(self) -> tuple[str, ...]:
        """Give what stands above the columns."""
        raise NotImplementedError

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        """How many facts are told in each row."""
        return 0 if parent.isValid() else len(self.titles())

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:  # noqa: ANN401 - as in Qt
        """Give what stands above a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.titles()[section]
        is_alignment = role == Qt.ItemDataRole.TextAlignmentRole
        return self.alignment_of(section) if is_alignment else None

    def alignment_of(self, column: int) -> Qt.AlignmentFlag:
        """Give the side on which the words of a column begin."""
        is_number = column in self.number_columns
        side = Qt.AlignmentFlag.AlignTrailing if is_number else Qt.AlignmentFlag.AlignLeading
        return side | Qt.AlignmentFlag.AlignVCenter
