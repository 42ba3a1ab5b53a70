"""What stands below an answer from documents: its files, and how far it can be relied on."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.documents.evidence import AnswerSources, DocumentPlace, Verdict
from app.ui.chat.citation_words import (
    FileChip,
    answers_in_words,
    file_chips,
    legend,
    place_of,
    quoted,
    source_note,
    summary,
    verdict_text,
)
from app.ui.chat.quote_card import QuoteCard
from app.ui.document_words import SEPARATOR, place_name
from app.ui.theme import Theme
from app.ui.widgets.badge import Tone
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.icon_line import IconLine
from app.ui.widgets.labels import label
from app.ui.widgets.wrapping_button import WrappingButton
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal, signal_of

GAP_PX = 8
MOST_QUOTES = 6


class SourceButton(TextButton):
    """A small button with the page of a file that an answer rests on."""

    place_requested = signal_of(DocumentPlace)

    def __init__(self, theme: Theme, chip: FileChip) -> None:
        super().__init__(theme, chip.text, "file-text", kind="chip")
        self._chip = chip
        numbers = ", ".join(map(str, chip.numbers))
        name = self.tr("Source {numbers}: {place}")
        self.setAccessibleName(name.format(numbers=numbers, place=place_name(chip.source.place)))
        self.setToolTip(f"{chip.source.place.path}\n{source_note(chip.source)}")
        self.clicked.connect(self._on_click)

    @Slot()
    def _on_click(self) -> None:
        self.place_requested.emit(place_of(self._chip.source))


class SourcesPart(QWidget):
    """Shows `AnswerSources`; hidden where there is nothing to say.

    Signals:
        place_requested: a page is to be opened.
        closest_answer_requested: the model is to answer from the closest passages.
        general_answer_requested: the model is to answer from what it knows.
    """

    place_requested = signal_of(DocumentPlace)
    closest_answer_requested = signal()
    general_answer_requested = signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sources: AnswerSources | None = None
        self._cards: list[QuoteCard] = []
        self._chips: list[FileChip] = []
        self._verdict = label("", wraps=True)
        # Beside an answer it must not be taken for a part of it.
        self._warning = IconLine(theme, "dim")
        self._closest = label("", "dim", wraps=True)
        self._quotes = QVBoxLayout()
        self._row = WrappingRow(theme, gap_px=6)
        self._summary = label("", "faint", wraps=True)
        words = self.tr("Let the model read these passages")
        self._read = WrappingButton(theme, words, "file-text")
        self._read.clicked.connect(self._on_read)
        words = self.tr("Answer from general knowledge")
        self._general = WrappingButton(theme, words, "sparkles")
        self._general.clicked.connect(self._on_general)
        self._choices = WrappingRow(theme, gap_px=GAP_PX)
        self._choices.add(self._read)
        self._choices.add(self._general)
        self._layout = QVBoxLayout(self)
        self._layout.addWidget(self._verdict)
        self._layout.addWidget(self._warning)
        self._layout.addWidget(self._closest)
        self._layout.addLayout(self._quotes)
        self._layout.addWidget(self._choices)
        self._layout.addWidget(self._row)
        self._layout.addWidget(self._summary)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def show_sources(self, sources: AnswerSources | None) -> None:
        """Show what an answer rests on; None for an answer without documents."""
        if sources == self._sources:
            return
        self._sources = sources
        if sources is None:
            self.hide()
            return
        words = verdict_text(sources)
        is_warning = answers_in_words(sources)
        self._verdict.setText("" if is_warning else words)
        self._verdict.setVisible(bool(words) and not is_warning)
        self._warning.say(Tone.WARN, words if is_warning else "")
        is_lost = sources.verdict is Verdict.NOT_FOUND
        self._show_quotes(sources)
        is_close = is_lost or sources.verdict is Verdict.CLOSEST
        says = self.tr("The closest passages:") if is_close else self.tr("Your documents say:")
        self._closest.setText(says)
        has_words = is_lost or answers_in_words(sources)
        self._closest.setVisible(has_words and bool(self._cards))
        self._read.setVisible(is_lost and bool(self._cards))
        # A model that was of no help with the passages may know it by itself.
        self._general.setVisible(is_lost or (is_close and bool(self._cards)))
        self._choices.setVisible(not self._general.isHidden())
        self._show_chips(file_chips(sources) if answers_in_words(sources) else [])
        lines = SEPARATOR.join(part for part in (summary(sources), legend(sources)) if part)
        self._summary.setText(lines)
        self._summary.setVisible(bool(lines))
        self.setVisible(bool(words or self._cards or self._chips or lines))
        self.updateGeometry()

    def set_can_ask(self, *, can_ask: bool) -> None:
        """Hold back what would begin another answer."""
        self._read.setEnabled(can_ask)
        self._general.setEnabled(can_ask)

    def _show_quotes(self, sources: AnswerSources) -> None:
        for card in self._cards:
            self._quotes.removeWidget(card)
            card.hide()
            card.deleteLater()
        wanted = list(quoted(sources))[:MOST_QUOTES]
        self._cards = [QuoteCard(self._theme, source, self) for source in wanted]
        for card in self._cards:
            card.place_requested.connect(self._report_place)
            self._quotes.addWidget(card)
            card.show()

    def _show_chips(self, chips: list[FileChip]) -> None:
        """Leave those alone that are there, so that the keyboard stays on them."""
        if chips != self._chips:
            self._chips = chips
            self._row.clear()
            for chip in chips:
                button = SourceButton(self._theme, chip)
                button.place_requested.connect(self._report_place)
                self._row.add(button)
        self._row.setVisible(bool(chips))

    @Slot(object)
    def _report_place(self, place: DocumentPlace) -> None:
        self.place_requested.emit(place)

    @Slot()
    def _on_read(self) -> None:
        self.closest_answer_requested.emit()

    @Slot()
    def _on_general(self) -> None:
        self.general_answer_requested.emit()

    @Slot()
    def _restyle(self) -> None:
        gap = self._theme.px(GAP_PX)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(gap)
        self._quotes.setSpacing(gap)
