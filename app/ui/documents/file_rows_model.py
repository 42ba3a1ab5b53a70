"""A table with a row for each file, as Qt wants it; what stands in it is said elsewhere."""

from collections import Counter
from collections.abc import Sequence
from enum import IntEnum
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from app.core.documents.collections import FileHealth
from app.core.documents.evidence import FileAnswer
from app.ui.document_words import SEPARATOR
from app.ui.theme import Theme
from app.ui.widgets.foreign_text import foreign_text
from app.ui.widgets.titled_table_model import NO_INDEX, Index, TitledTableModel

Row = TypeVar("Row", bound=FileHealth | FileAnswer)
Column = TypeVar("Column", bound=IntEnum)
LONGEST_NAME_CHARS = 255
"""As long as a name can be on a disk; the table cuts it in its middle."""
_TEXT_ROLES = frozenset({Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole})


class FileRowsModel(TitledTableModel, Generic[Row, Column]):
    """Keeps the rows in the order in which they are shown.

    Args:
        theme: colours.
        columns: what is told of each file, from left to right.
    """

    def __init__(self, theme: Theme, columns: type[Column]) -> None:
        super().__init__()
        self._theme = theme
        self._columns = columns
        self._rows: list[Row] = []
        self._repeated: frozenset[str] = frozenset()

    # --- said by each table ---

    def text(self, row: Row, column: Column) -> str:
        """Give a fact in words."""
        raise NotImplementedError

    def tooltip(self, row: Row, column: Column) -> str:
        """Give the whole where a column is narrow."""
        return self.text(row, column)

    def color(self, row: Row, column: Column) -> QColor | None:
        """Give the colour of the words; None for the usual one."""
        raise NotImplementedError

    # --- rows ---

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these; what stays where it was keeps its place and whether it is chosen."""
        before, shown = self._rows, list(rows)
        self._note_repeated(shown)
        n_before = len(before)
        is_longer = len(shown) >= n_before
        if not is_longer or any(
            old.file_id != new.file_id for old, new in zip(before, shown, strict=False)
        ):
            self.beginResetModel()
            self._rows = shown
            self.endResetModel()
            return
        self._rows = shown[:n_before]
        last = self.columnCount() - 1
        for place, (old, new) in enumerate(zip(before, self._rows, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(place, 0), self.index(place, last))
        if len(shown) > n_before:
            self.beginInsertRows(NO_INDEX, n_before, len(shown) - 1)
            self._rows = shown
            self.endInsertRows()

    def _note_repeated(self, rows: Sequence[Row]) -> None:
        """Know which names more than one file has."""
        counted = Counter(row.path.name for row in rows)
        repeated = frozenset(name for name, n in counted.items() if n > 1)
        if repeated != self._repeated:
            self._repeated = repeated
            if self._rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 0))

    def name_of(self, row: Row) -> str:
        """Give the name of a file, with that of its folder where it does not tell them apart."""
        name = foreign_text(row.path.name, LONGEST_NAME_CHARS)
        if row.path.name not in self._repeated:
            return name
        return SEPARATOR.join((name, foreign_text(row.path.parent.name)))

    def row_at(self, place: int) -> Row | None:
        """Give a row; None if there is no such one."""
        return self._rows[place] if 0 <= place < len(self._rows) else None

    def place_of(self, file_id: int | None) -> int:
        """Give where a file is shown; -1 if it is not."""
        places = (at for at, row in enumerate(self._rows) if row.file_id == file_id)
        return next(places, -1)

    # --- for Qt ---

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """How many files are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - as in Qt
        """Give what Qt asks for of one fact."""
        row = self.row_at(index.row()) if index.isValid() else None
        if row is None:
            return None
        column = self._columns(index.column())
        if role in _TEXT_ROLES:
            return self.text(row, column)
        match role:
            case Qt.ItemDataRole.ToolTipRole:
                return self.tooltip(row, column)
            case Qt.ItemDataRole.ForegroundRole:
                return self.color(row, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return self.alignment_of(column)
            case _:
                return None
