"""What the licence of a model allows, in plain language."""

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.candidate import Candidate
from app.core.licences import Licence
from app.ui.catalogue.licence_words import (
    badge_tone,
    badge_words,
    condition_words,
    licence_for,
    long_words,
    openness_words,
    title_words,
)
from app.ui.theme import Theme
from app.ui.widgets.badge import Badge, Tone
from app.ui.widgets.icon_line import IconLine
from app.ui.widgets.info_card import InfoCard
from app.ui.widgets.labels import breakable, label
from app.ui.widgets.section_column import LinkActivated
from app.ui.widgets.text_safety import is_safe_link
from app.ui.widgets.wrapping_button import WrappingButton
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal_of


class LicenceCard(InfoCard):
    """Badge, name, each condition, and the way to the whole text.

    Signals:
        link_requested: open the text of the licence.
    """

    link_requested = signal_of(LinkActivated)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, QCoreApplication.translate("LicenceCard", "What you may do"))
        self._shown: Licence | None = None
        self._badge = Badge()
        self._name = label("", "dim", wraps=True)
        self._sentence = label("", wraps=True)
        self._conditions = QWidget()
        self._rows = QVBoxLayout(self._conditions)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(4)
        self._openness = label("", "faint", wraps=True)
        caution = label(self.tr("A summary to help, not legal advice."), "faint", wraps=True)
        self._link = WrappingButton(
            theme, self.tr("The text of the licence"), "external-link", "quiet"
        )
        self._link.clicked.connect(self._on_link)
        self._link_row = WrappingRow(theme)
        self._link_row.add(self._link)
        for part in (
            self._badge,
            self._name,
            self._sentence,
            self._conditions,
            self._openness,
            caution,
            self._link_row,
        ):
            self.column.addWidget(part)

    def show_candidate(self, candidate: Candidate) -> None:
        """Show the licence of another model."""
        licence = licence_for(candidate)
        if licence == self._shown:
            return
        self._shown = licence
        self._badge.say(badge_words(licence), badge_tone(licence))
        name = breakable(title_words(licence))
        self._name.setText(self.tr("Licence: {name}").format(name=name))
        self._name.setVisible(bool(licence.title))
        conditions = condition_words(licence)
        self._sentence.setText(long_words(licence))
        self._show_conditions(conditions)
        self._openness.setText(openness_words(licence))
        self._link_row.setVisible(is_safe_link(licence.link))

    def _show_conditions(self, conditions: list[str]) -> None:
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for words in conditions:
            line = IconLine(self._theme, "dim", "chevron-right")
            # First: what has no parent yet would be shown as a window of its own.
            self._rows.addWidget(line)
            line.say(Tone.PLAIN, words)
        self._conditions.setVisible(bool(conditions))

    @Slot()
    def _on_link(self) -> None:
        """The text was asked for."""
        if self._shown is not None:
            self.link_requested.emit(LinkActivated(self._shown.link))
