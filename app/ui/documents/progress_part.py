"""How far reading and understanding a collection is."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from app.core.documents.collections import CollectionSummary, IndexProgress
from app.ui.documents import document_words as words
from app.ui.theme import Theme
from app.ui.widgets.steady_line import SteadyLine

WHOLE = 1000
"""Steps of the bar."""


class ProgressPart(QWidget):
    """A bar and a line below it; hidden while nothing goes on."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._bar = QProgressBar()
        self._bar.setRange(0, WHOLE)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("How much is done"))
        self._line = SteadyLine("dim")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._bar)
        self._column.addWidget(self._line)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def show_progress(self, summary: CollectionSummary, progress: IndexProgress | None) -> None:
        """Show how far it is."""
        fraction = words.done_fraction(summary, progress)
        self._bar.setVisible(fraction is not None)
        self._bar.setValue(round((fraction or 0.0) * WHOLE))
        text = words.progress_text(summary, progress)
        self._line.say(text)
        self._line.setVisible(bool(text))
        is_wanted = fraction is not None or bool(text)
        if self.isHidden() == is_wanted:
            self.setVisible(is_wanted)

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        self._column.setSpacing(self._theme.px(4))
