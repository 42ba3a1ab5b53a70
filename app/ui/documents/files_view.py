"""Every file of a collection, and what is the matter with it."""

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.document_events import FileRequest, PathRequest
from app.core.documents.collections import CollectionHealth, FileHealth
from app.ui.documents.choice_chips import ChoiceChips
from app.ui.documents.documents_table import DocumentsTable
from app.ui.documents.file_detail import FileDetail
from app.ui.documents.files_model import Column, FileFilter, FilesModel
from app.ui.documents.requests import DocumentRequests
from app.ui.quantities import count_text
from app.ui.theme import Theme
from app.ui.widgets.labels import label
from app.ui.widgets.search_field import SearchField
from app.ui.widgets.two_ends_row import TwoEndsRow
from app.worker.signal_types import signal

WIDTHS_PX = (-5, -4, 60, 104, 84, 88, 96)
DISPENSABLE = (Column.PASSAGES, Column.LANGUAGE, Column.CHANGED, Column.NO_TEXT)
SEARCH_PX = 220
COALESCE_MS = 200
"""Changes that come faster than they can be read are shown together."""


class FilesView(QWidget):
    """Filters, a table of files, and a card about the chosen one.

    Signals:
        model_requested: choose another search model.
    """

    model_requested = signal()

    def __init__(self, theme: Theme, requests: DocumentRequests) -> None:
        super().__init__()
        self._theme = theme
        self._requests = requests
        self._collection_id = ""
        self._chosen_id: int | None = None
        self._pending: tuple[FileHealth, ...] | None = None
        self._timer = QTimer(self, singleShot=True, interval=COALESCE_MS)
        self._timer.timeout.connect(self._show_pending)
        self._model = FilesModel(theme)
        self._chips = ChoiceChips(
            theme, self.tr("Which files to show"), [(one.value, "") for one in FileFilter]
        )
        self._chips.changed.connect(self._on_wanted)
        self._search = SearchField(theme, self.tr("Find a file"))
        self._search.textChanged.connect(self._on_wanted)
        self._search.left_downwards.connect(self._on_downwards)
        self.table = DocumentsTable(theme, self.tr("Files"), self._model, WIDTHS_PX, DISPENSABLE)
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(Column.NAME, Qt.SortOrder.AscendingOrder)
        self.table.row_chosen.connect(self._on_row)
        self._model.modelReset.connect(self._on_reset)
        self._none = label("", "dim", wraps=True)
        self._detail = FileDetail(theme)
        self._detail.place_requested.connect(requests.place_requested.emit)
        self.table.row_opened.connect(self._detail.open)
        self._detail.retry_requested.connect(self._on_retry)
        self._detail.show_in_folder_requested.connect(self._on_folder)
        self._detail.model_requested.connect(self.model_requested.emit)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        end = QWidget()  # A layout keeps to the width of the field, which a row would not.
        inner = QHBoxLayout(end)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self._search)
        self._column.addWidget(TwoEndsRow(self._chips, end))
        self._column.addWidget(self._none)
        self._column.addWidget(self.table, 1)
        self._column.addWidget(self._detail)
        theme.changed.connect(self._restyle)
        self._restyle()
        self._name_chips()
        self._say_none()

    # --- what is known ---

    def begin(self, collection_id: str) -> None:
        """Show the files of another collection, once they are told."""
        self._collection_id = collection_id
        self._chosen_id, self._pending = None, None
        self._chips.choose(FileFilter.ALL)
        self._search.clear()
        self._show(())

    def show_health(self, health: CollectionHealth) -> None:
        """Show how the files are now."""
        if health.collection_id != self._collection_id:
            return
        self._pending = health.files
        if not self._timer.isActive():
            self._show_pending()
            self._timer.start()

    @Slot()
    def _show_pending(self) -> None:
        """Show what was told last."""
        pending, self._pending = self._pending, None
        if pending is not None:
            self._show(pending)

    def _show(self, files: tuple[FileHealth, ...]) -> None:
        bar = self.table.verticalScrollBar()
        place = bar.value()
        self._model.show_files(files)
        bar.setValue(place)
        self._name_chips()
        self._say_none()
        self._show_detail()

    def _name_chips(self) -> None:
        names = {
            FileFilter.ALL: self.tr("All {n}"),
            FileFilter.ATTENTION: self.tr("Needs attention {n}"),
            FileFilter.SCANS: self.tr("Without text {n}"),
            FileFilter.UNREAD: self.tr("Not read yet {n}"),
        }
        for which, text in names.items():
            self._chips.rename(which, text.format(n=count_text(self._model.count(which))))

    def _say_none(self) -> None:
        """Say why the table is empty."""
        is_empty = not self._model.rowCount()
        has_files = self._model.count(FileFilter.ALL) > 0
        text = self.tr("No file is like that.") if has_files else self.tr("No files so far.")
        self._none.setText(text)
        self._none.setVisible(is_empty)

    # --- which is shown ---

    @Slot()
    @Slot(str)
    def _on_wanted(self, _text: str = "") -> None:
        """Show other files."""
        self._model.want(FileFilter(self._chips.chosen), self._search.text())
        self._on_reset()  # Rows are inserted, and nothing is reset, where there were none.
        self._say_none()

    @Slot()
    def _on_downwards(self) -> None:
        """Let the keyboard go on in the table."""
        self.table.setFocus()
        if not self.table.currentIndex().isValid() and self._model.rowCount():
            self.table.selectRow(0)

    @Slot()
    def _on_row(self) -> None:
        """Tell more of the chosen file."""
        file = self._model.row_at(self.table.currentIndex().row())
        self._chosen_id = file.file_id if file is not None else self._chosen_id
        self._show_detail()

    @Slot()
    def _on_reset(self) -> None:
        """Go on with the same file where rows have moved."""
        row = self._model.place_of(self._chosen_id)
        if row >= 0:
            self.table.selectRow(row)
        self._show_detail()

    def _chosen(self) -> FileHealth | None:
        return self._model.row_at(self._model.place_of(self._chosen_id))

    def _show_detail(self) -> None:
        self._detail.show_file(self._chosen())

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        self._search.setFixedWidth(self._theme.px(SEARCH_PX))
        self._column.setSpacing(self._theme.px(10))

    # --- buttons ---

    @Slot()
    def _on_retry(self) -> None:
        """Read the file again."""
        if self._chosen_id is not None:
            self._requests.retry_requested.emit(FileRequest(self._collection_id, self._chosen_id))

    @Slot()
    def _on_folder(self) -> None:
        """Show where it lies."""
        if (file := self._chosen()) is not None:
            self._requests.show_in_folder_requested.emit(PathRequest(file.path))
