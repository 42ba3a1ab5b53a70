"""One file's answer in full, with what it rests on."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.core.documents.evidence import DocumentPlace, FileAnswer
from app.ui.documents.place_words import place_text
from app.ui.theme import Theme
from app.ui.widgets.badge import Badge, Tone
from app.ui.widgets.foreign_text import breakable_text, foreign_text, unbound_text
from app.ui.widgets.labels import FlowingLabel
from app.ui.widgets.text_safety import visible_text
from app.ui.widgets.wrapping_button import WrappingButton
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal_of


class AnswerDetail(QFrame):
    """The answer, the words it was taken from, and a button that opens them; hidden without one.

    Signals:
        place_requested: open the place in the viewer.
    """

    place_requested = signal_of(DocumentPlace)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._place: DocumentPlace | None = None
        self.setProperty("surface", "card")
        self._name = FlowingLabel("", "strong")
        self._badge = Badge()
        self._answer = FlowingLabel()
        self._quote = FlowingLabel("", "dim")
        for one in (self._answer, self._quote):
            one.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._open = WrappingButton(theme, "", "file-text")
        self._open.clicked.connect(self._on_open)
        titles, buttons = WrappingRow(theme, gap_px=8), WrappingRow(theme, gap_px=8)
        titles.add(self._name)
        titles.add(self._badge)
        buttons.add(self._open)
        self._column = QVBoxLayout(self)
        for part in (titles, self._answer, self._quote, buttons):
            self._column.addWidget(part)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def show_answer(self, row: FileAnswer | None, checked_text: str) -> None:
        """Show another row, or none."""
        self.setVisible(row is not None)
        if row is None:
            return
        self._name.setText(breakable_text(foreign_text(row.path.name)))
        self._badge.say(checked_text, Tone.GOOD if row.is_verified else Tone.WARN)
        self._badge.setVisible(bool(checked_text))
        answer = visible_text(row.answer) or self.tr("This file says nothing about it.")
        self._answer.setText(answer)
        self._place = row.source.place if row.source is not None else None
        quote = visible_text(row.source.quote) if row.source is not None else ""
        self._quote.setText(f"“{quote}”")
        self._quote.setVisible(bool(quote) and quote != answer)
        self._open.setVisible(self._place is not None)
        if self._place is not None:
            text = self.tr("Open {place}").format(place=place_text(self._place))
            self._open.say(unbound_text(text))
            self._open.setAccessibleName(text)
        self.setAccessibleName(f"{self._name.text()}. {answer}. {checked_text}")

    @Slot()
    def _restyle(self) -> None:
        """Take the sizes of the theme."""
        px = self._theme.px
        self._column.setContentsMargins(px(16), px(12), px(16), px(14))
        self._column.setSpacing(px(6))

    @Slot()
    def _on_open(self) -> None:
        """Open the place."""
        if self._place is not None:
            self.place_requested.emit(self._place)
