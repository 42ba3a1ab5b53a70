"""What the makers of a model say about it: their page, read when asked for."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Slot

from app.ui.theme import Theme
from app.ui.widgets.info_card import InfoCard
from app.ui.widgets.labels import label
from app.ui.widgets.section_column import LinkActivated
from app.ui.widgets.wrapping_button import WrappingButton
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal, signal_of

if TYPE_CHECKING:
    from app.ui.widgets.markdown_view import MarkdownView

LONGEST_CHARS = 60_000
"""Of a page; some have the tables of a whole paper."""


class MakersCard(InfoCard):
    """A button, and the page once it is there. Pictures are never loaded, links ask first.

    Signals:
        card_requested: read the page from the Hub.
        link_requested: follow a link of the page.
    """

    card_requested = signal()
    link_requested = signal_of(LinkActivated)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, QCoreApplication.translate("MakersCard", "What its makers say"))
        self._note = label("", "faint", wraps=True)
        self._button = WrappingButton(theme, self.tr("Read it on Hugging Face"), "file-text")
        self._button.clicked.connect(self._on_button)
        self._view: MarkdownView | None = None
        self.column.addWidget(self._note)
        self._row = WrappingRow(theme)
        self._row.add(self._button)
        self.column.addWidget(self._row)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Offer to read the page."""
        self._note.setText(self.tr("Their own words: an advertisement more often than a test."))
        self._row.show()
        self._button.setEnabled(True)
        if self._view is not None:
            self._view.hide()

    def show_reading(self) -> None:
        """Say that the page is being read."""
        self._note.setText(self.tr("Being read from Hugging Face…"))
        self._button.setEnabled(False)

    def show_text(self, text: str) -> None:
        """Show the page."""
        shown = text[:LONGEST_CHARS]
        note = self.tr("As they wrote it; pictures are not loaded.")
        if len(text) > LONGEST_CHARS:
            note = self.tr("As they wrote it, the beginning; pictures are not loaded.")
        if not shown.strip():
            note = self.tr("They have written nothing.")
        self._note.setText(note)
        self._row.hide()
        view = self._made_view()
        view.set_text(shown)
        view.setVisible(bool(shown.strip()))

    def _made_view(self) -> "MarkdownView":
        from app.ui.widgets.markdown_view import (  # noqa: PLC0415 - most people never ask for it
            MarkdownView,
        )

        if self._view is None:
            self._view = MarkdownView(self._theme, is_quiet=True)
            self._view.link_activated.connect(self.link_requested.emit)
            self._theme.changed.connect(self._view.restyle)
            self.column.addWidget(self._view)
        return self._view

    @Slot()
    def _on_button(self) -> None:
        """The page was asked for."""
        self.card_requested.emit()
