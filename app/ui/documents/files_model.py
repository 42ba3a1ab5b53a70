"""The files of a collection, as Qt's tables want them: filtered and sorted."""

from collections.abc import Callable, Sequence
from enum import IntEnum, StrEnum
from typing import Any

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtGui import QColor

from app.core.documents.collections import FileHealth, FileState
from app.ui.documents import file_words as words
from app.ui.documents.file_rows_model import FileRowsModel
from app.ui.language_names import language_name
from app.ui.quantities import count_text
from app.ui.theme import Theme
from app.ui.widgets.badge import Tone
from app.ui.widgets.foreign_text import foreign_text

LONGEST_PATH_CHARS = 400


class Column(IntEnum):
    """What is told of each file, from left to right."""

    NAME = 0
    STATE = 1
    PAGES = 2
    NO_TEXT = 3
    PASSAGES = 4
    LANGUAGE = 5
    CHANGED = 6


class FileFilter(StrEnum):
    """Which files are wanted."""

    ALL = "all"
    ATTENTION = "attention"
    SCANS = "scans"
    UNREAD = "unread"


FILTERS: dict[FileFilter, Callable[[FileHealth], bool]] = {
    FileFilter.ALL: lambda _file: True,
    FileFilter.ATTENTION: words.wants_attention,
    FileFilter.SCANS: words.is_scan,
    FileFilter.UNREAD: words.is_unread,
}
_STATES = list(FileState)
_KEYS: dict[Column, Callable[[FileHealth], Any]] = {
    Column.NAME: lambda _file: "",
    # What cannot be read comes first or last, and not in the middle.
    Column.STATE: lambda file: (words.wants_attention(file), _STATES.index(file.state)),
    Column.PAGES: lambda file: file.n_pages,
    Column.NO_TEXT: lambda file: len(file.pages_without_text),
    Column.PASSAGES: lambda file: file.n_chunks,
    Column.LANGUAGE: lambda file: file.language,
    Column.CHANGED: lambda file: file.changed_at.timestamp() if file.changed_at else 0.0,
}
"""What rows are sorted by; the name decides between equals."""


class FilesModel(FileRowsModel[FileHealth, Column]):
    """Keeps all files, and the order of those that are wanted.

    A proxy in Python would be called back a hundred thousand times to sort ten thousand files.
    """

    number_columns = frozenset({Column.PAGES, Column.NO_TEXT, Column.PASSAGES})

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, Column)
        self._files: Sequence[FileHealth] = ()
        self._filter = FileFilter.ALL
        self._query = ""
        self._column = Column.NAME
        self._is_descending = False

    # --- what is wanted ---

    def show_files(self, files: Sequence[FileHealth]) -> None:
        """Show how files are now; rows that only changed stay where they are."""
        self._files = files
        self._refresh()

    def want(self, which: FileFilter, query: str) -> None:
        """Show only these, with `query` in their path."""
        self._filter, self._query = which, query.strip().casefold()
        self._refresh()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Show them in another order."""
        self._column = Column(column)
        self._is_descending = order is Qt.SortOrder.DescendingOrder
        self._refresh()

    def _refresh(self) -> None:
        is_wanted = FILTERS[self._filter]
        shown = [one for one in self._files if is_wanted(one) and self._is_found(one)]
        key = _KEYS[self._column]
        shown.sort(
            key=lambda file: (key(file), file.path.name.casefold(), file.path),
            reverse=self._is_descending,
        )
        self.set_rows(shown)

    def _is_found(self, file: FileHealth) -> bool:
        return not self._query or self._query in str(file.path).casefold()

    def count(self, which: FileFilter) -> int:
        """Say how many files there are of a kind, whatever is shown."""
        return sum(map(FILTERS[which], self._files))

    # --- what stands in it ---

    def titles(self) -> tuple[str, ...]:
        """Give what stands above the columns."""
        return (
            self.tr("File"),
            self.tr("State"),
            self.tr("Pages"),
            self.tr("Without text"),
            self.tr("Passages"),
            self.tr("Language"),
            self.tr("Changed"),
        )

    def text(self, row: FileHealth, column: Column) -> str:
        """Give a fact in words."""
        return self.name_of(row) if column is Column.NAME else _TEXTS[column](row)

    def tooltip(self, row: FileHealth, column: Column) -> str:
        """Give the whole path, or the fact."""
        is_name = column is Column.NAME
        path = foreign_text(str(row.path), LONGEST_PATH_CHARS)
        return path if is_name else self.text(row, column)

    def color(self, row: FileHealth, column: Column) -> QColor | None:
        """Tell good states from bad ones."""
        if column is not Column.STATE:
            return None
        tokens = self._theme.tokens
        colors = {Tone.GOOD: tokens.good, Tone.WARN: tokens.warn, Tone.BAD: tokens.bad}
        return QColor(colors.get(words.state_tone(row), tokens.dim))


def _count(n: int) -> str:
    """Nothing is quieter than a column of zeros."""
    return count_text(n) if n else ""


def _day_text(file: FileHealth) -> str:
    if file.changed_at is None:
        return ""
    local = QDateTime.fromSecsSinceEpoch(int(file.changed_at.timestamp()))
    return QLocale().toString(local.date(), QLocale.FormatType.ShortFormat)


_TEXTS: dict[Column, Callable[[FileHealth], str]] = {
    Column.STATE: words.state_text,
    Column.PAGES: lambda file: _count(file.n_pages),
    Column.NO_TEXT: lambda file: _count(len(file.pages_without_text)),
    Column.PASSAGES: lambda file: _count(file.n_chunks),
    Column.LANGUAGE: lambda file: language_name(file.language) if file.language else "",
    Column.CHANGED: _day_text,
}
