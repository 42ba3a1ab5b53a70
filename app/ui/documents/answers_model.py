"""What every file says to a question, as Qt's tables want it."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from app.core.documents.evidence import FileAnswer
from app.ui.documents.place_words import page_text
from app.ui.theme import Theme
from app.ui.widgets.foreign_text import foreign_text

Index = QModelIndex | QPersistentModelIndex
NO_INDEX = QModelIndex()
LONGEST_CHARS = 600


class AnswerColumn(IntEnum):
    """What is told of each file, from left to right."""

    FILE = 0
    ANSWER = 1
    WHERE = 2
    CHECKED = 3


class AnswersModel(QAbstractTableModel):
    """One row for each file that was asked."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: Sequence[FileAnswer] = ()

    def show_rows(self, rows: Sequence[FileAnswer]) -> None:
        """Show more rows, or others."""
        if rows == self._rows:
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row_at(self, row: int) -> FileAnswer | None:
        """Give a row; None if there is no such one."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row_of(self, file_id: int) -> int:
        """Give where a file is shown; -1 if it is not."""
        rows = (row for row, one in enumerate(self._rows) if one.file_id == file_id)
        return next(rows, -1)

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """How many files were asked."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        """How many facts are told of each."""
        return 0 if parent.isValid() else len(AnswerColumn)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - as in Qt
        """Give a fact in words; the tooltip has the whole where a column is narrow."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], AnswerColumn(index.column())
        match role:
            case (
                Qt.ItemDataRole.DisplayRole
                | Qt.ItemDataRole.AccessibleTextRole
                | Qt.ItemDataRole.ToolTipRole
            ):
                return self._text(row, column)
            case Qt.ItemDataRole.ForegroundRole:
                return self._color(row, column)
            case _:
                return None

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
            titles = self.tr("File"), self.tr("Answer"), self.tr("Where"), self.tr("Checked")
            return titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter
        return None

    def _text(self, row: FileAnswer, column: AnswerColumn) -> str:
        match column:
            case AnswerColumn.FILE:
                return foreign_text(row.path.name)
            case AnswerColumn.ANSWER:
                return foreign_text(row.answer, LONGEST_CHARS) or self.tr("Says nothing about it")
            case AnswerColumn.WHERE:
                if row.source is None:
                    return ""
                return page_text(row.source.place) or self.tr("open")
            case AnswerColumn.CHECKED:
                return self.checked_text(row)

    def checked_text(self, row: FileAnswer) -> str:
        """Say whether an answer can be relied on."""
        if not row.answer:
            return ""
        if row.is_verified:
            return self.tr("In the source")
        return self.tr("Not confirmed")

    def _color(self, row: FileAnswer, column: AnswerColumn) -> QColor | None:
        tokens = self._theme.tokens
        if column is AnswerColumn.CHECKED:
            return QColor(tokens.good if row.is_verified else tokens.warn)
        is_quiet = column is AnswerColumn.ANSWER and not row.answer
        return QColor(tokens.faint) if is_quiet else None
