"""Questions that were put to every file before."""

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.document_events import RunRequest
from app.core.documents.evidence import FileAnswers
from app.ui.documents.run_words import progress_text
from app.ui.documents.runs import Runs
from app.ui.theme import Theme
from app.ui.widgets.foreign_text import foreign_text, unbound_text
from app.ui.widgets.icon_button import IconButton
from app.ui.widgets.labels import FlowingLabel, label
from app.ui.widgets.wrapping_button import WrappingButton
from app.worker.signal_types import signal_of

LONGEST_CHARS = 120


class _RunRow(QWidget):
    """A question with how far it came, and a cross.

    Signals:
        chosen: show it.
        forgotten: delete it.
    """

    chosen = signal_of(RunRequest)
    forgotten = signal_of(RunRequest)

    def __init__(self, theme: Theme, answers: FileAnswers, *, is_running: bool) -> None:
        super().__init__()
        self._request = RunRequest(answers.run_id)
        question = foreign_text(answers.question, LONGEST_CHARS)
        opener = WrappingButton(theme, unbound_text(question), "rotate-ccw", kind="quiet")
        opener.setAccessibleName(self.tr("Show “{question}”").format(question=question))
        opener.clicked.connect(self._on_chosen)
        away = IconButton(theme, "x", self.tr("Forget “{question}”").format(question=question))
        away.clicked.connect(self._on_forgotten)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(opener)
        layout.addWidget(FlowingLabel(progress_text(answers, is_running=is_running), "faint"), 1)
        layout.addWidget(away)

    @Slot()
    def _on_chosen(self) -> None:
        """Show it."""
        self.chosen.emit(self._request)

    @Slot()
    def _on_forgotten(self) -> None:
        """Delete it."""
        self.forgotten.emit(self._request)


class EarlierRuns(QWidget):
    """A row for each; hidden without any.

    Signals:
        chosen: show this one.
        forgotten: delete this one.
    """

    chosen = signal_of(RunRequest)
    forgotten = signal_of(RunRequest)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown: list[tuple[FileAnswers, bool]] = []
        self._rows: list[_RunRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addWidget(label(self.tr("Earlier questions"), "strong"))
        self.hide()

    def show_runs(self, listed: Sequence[FileAnswers], runs: Runs) -> None:
        """Show these; nothing is touched where nothing has changed."""
        wanted = [(one, runs.is_running(one.run_id)) for one in listed]
        if wanted == self._shown:
            return
        self._shown = wanted
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [
            _RunRow(self._theme, one, is_running=is_running) for one, is_running in wanted
        ]
        for row in self._rows:
            row.chosen.connect(self.chosen.emit)
            row.forgotten.connect(self.forgotten.emit)
            self._column.addWidget(row)
            row.show()
        self.setVisible(bool(wanted))
