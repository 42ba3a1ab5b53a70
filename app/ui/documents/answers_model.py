"""What every file says to a question, as Qt's tables want it."""

from enum import IntEnum

from PySide6.QtGui import QColor

from app.core.documents.evidence import FileAnswer
from app.ui.documents.file_rows_model import FileRowsModel
from app.ui.documents.place_words import page_text
from app.ui.theme import Theme
from app.ui.widgets.foreign_text import foreign_text

LONGEST_CHARS = 600


class AnswerColumn(IntEnum):
    """What is told of each file, from left to right."""

    FILE = 0
    ANSWER = 1
    WHERE = 2
    CHECKED = 3


class AnswersModel(FileRowsModel[FileAnswer, AnswerColumn]):
    """One row for each file that was asked."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, AnswerColumn)

    def titles(self) -> tuple[str, ...]:
        """Give what stands above the columns."""
        return self.tr("File"), self.tr("Answer"), self.tr("Where"), self.tr("Checked")

    def text(self, row: FileAnswer, column: AnswerColumn) -> str:
        """Give a fact in words."""
        match column:
            case AnswerColumn.FILE:
                return self.name_of(row)
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

    def color(self, row: FileAnswer, column: AnswerColumn) -> QColor | None:
        """Tell what was confirmed from what was not, and let files that say nothing be quiet."""
        tokens = self._theme.tokens
        if column is AnswerColumn.CHECKED:
            return QColor(tokens.good if row.is_verified else tokens.warn)
        is_quiet = column is AnswerColumn.ANSWER and not row.answer
        return QColor(tokens.faint) if is_quiet else None
