"""A passage that was found for a question."""

from dataclasses import dataclass

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.core.documents.evidence import DocumentPlace, Passage
from app.ui.documents.evidence_words import Strength, strength_text, strength_tone
from app.ui.documents.marked_label import MarkedLabel
from app.ui.documents.marked_words import excerpt
from app.ui.documents.place_words import place_text
from app.ui.theme import Theme
from app.ui.widgets.badge import Badge
from app.ui.widgets.foreign_text import foreign_text, unbound_text
from app.ui.widgets.labels import FlowingLabel
from app.ui.widgets.two_ends_row import TwoEndsRow
from app.ui.widgets.wrapping_button import WrappingButton
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal_of

MOST_CHARS = 420
WHOLE = 100
BAR_PX = 64
HEADING_SIGN = " \u203a "


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage as it is shown.

    Attributes:
        focus: the part of its text that answers best; empty if not known.
        share: of the best score, from 0 to 1.
    """

    passage: Passage
    question: str
    focus: str
    share: float
    strength: Strength


class PassageCard(QFrame):
    """Where it stands, how good it is, and its text with the words that were asked for.

    Signals:
        place_requested: open the place in the viewer.
    """

    place_requested = signal_of(DocumentPlace)

    def __init__(self, theme: Theme, found: FoundPassage) -> None:
        super().__init__()
        self._theme = theme
        self._place = found.passage.place
        self.setProperty("surface", "card")
        where = place_text(self._place)
        self.opener = WrappingButton(theme, unbound_text(where), "file-text", kind="quiet")
        self.opener.setAccessibleName(self.tr("Open {place}").format(place=where))
        self.opener.clicked.connect(self._on_open)
        badge = Badge(strength_text(found.strength), strength_tone(found.strength))
        self._bar = QProgressBar()
        self._bar.setRange(0, WHOLE)
        self._bar.setValue(round(found.share * WHOLE))
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("How well it fits"))
        score, beginning = QWidget(), WrappingRow(theme)
        across = QHBoxLayout(score)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(badge)
        across.addWidget(self._bar)
        beginning.add(self.opener)
        text = MarkedLabel(theme)
        shown = excerpt(found.passage.text, found.focus, found.question, MOST_CHARS)
        text.show_text(shown, found.question)
        self._column = QVBoxLayout(self)
        self._column.addWidget(TwoEndsRow(beginning, score))
        headings = self._place.heading_path
        if headings and shown.startswith(headings[-1]):
            headings = headings[:-1]  # It is the first line of the text.
        if headings:
            path = HEADING_SIGN.join(foreign_text(one) for one in headings)
            self._column.addWidget(FlowingLabel(path, "faint"))
        self._column.addWidget(text)
        self.setAccessibleName(f"{where}. {badge.text()}. {text.accessibleName()}")
        theme.changed.connect(self._restyle)
        self._restyle()

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        px = self._theme.px
        self._column.setContentsMargins(px(8), px(8), px(14), px(12))
        self._column.setSpacing(px(4))
        self._bar.setFixedWidth(px(BAR_PX))
        for place in range(1, self._column.count()):
            item = self._column.itemAt(place)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.setContentsMargins(px(10), 0, 0, 0)

    @Slot()
    def _on_open(self) -> None:
        """Open it in the viewer."""
        self.place_requested.emit(self._place)
