"""One model on the page of models."""

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QEnterEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.core.events import LoadRequest
from app.core.fit.choice import FitState
from app.ui.catalogue.bar_pictures import fit_picture, fit_words
from app.ui.catalogue.card_facts import card_tags
from app.ui.catalogue.file_menu import FileMenuButton
from app.ui.catalogue.origin_menu import FileFacts
from app.ui.catalogue.origin_words import origin_sentence, origin_tag
from app.ui.catalogue.shelf import Entry, ModelState
from app.ui.theme import Theme
from app.ui.verdict_words import STATE_TONES, need_words, state_words, verdict_sentence
from app.ui.widgets.badge import Badge, Tone
from app.ui.widgets.fit_bar import FitBar
from app.ui.widgets.icon_button import TextButton
from app.ui.widgets.labels import FlowingLabel, breakable, label
from app.ui.widgets.quiet_button import QuietButton
from app.ui.widgets.two_ends_row import TwoEndsRow
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal, signal_of


class ModelCard(QFrame):
    """Name, verdict, one sentence, fit bar, facts, and one button; a click opens the details.

    Signals:
        load_requested: use this version of the model.
        cancel_requested: it is not wanted any more; it is still being loaded.
        details_requested: show everything about this model; carries its key.
        remove_requested: take a version off the list.
        show_in_folder_requested: show where a file lies.
    """

    load_requested = signal_of(LoadRequest)
    cancel_requested = signal()
    details_requested = signal_of(str)
    remove_requested = signal_of(LoadRequest)
    show_in_folder_requested = signal_of(LoadRequest)

    def __init__(self, theme: Theme, entry: Entry, facts: FileFacts | None = None) -> None:
        super().__init__()
        self._theme = theme
        self._facts = facts if facts is not None else FileFacts(self)
        self._facts.changed.connect(self._show_tags)
        self._entry = entry
        self._is_selected = False
        self.setProperty("surface", "card")
        self.setProperty("clickable", "true")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._eyebrow = label(self.tr("Recommended for this computer"), "eyebrow", wraps=True)
        self._name = FlowingLabel("", "heading")
        self._verdict_badge, self._badge = Badge(), Badge()
        self._button = TextButton(theme, "")
        self._button.clicked.connect(self._on_button)
        self._menu = FileMenuButton(theme, self._facts)
        self._menu.remove_requested.connect(self.remove_requested.emit)
        self._menu.show_in_folder_requested.connect(self.show_in_folder_requested.emit)
        self._sentence = label("", "dim", wraps=True)
        self._bar = FitBar(theme)
        self._bar.setAccessibleName(self.tr("Memory"))
        self._need = label("", "faint")
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(self.tr("Getting the model ready"))
        self._tags = WrappingRow(theme, gap_px=6)
        self._shown_tags: list[tuple[str, str]] = []
        self._details = QuietButton(theme, self.tr("Details"))
        self._details.setCheckable(True)
        self._details.clicked.connect(self._on_details)
        self._lay_out()
        self.show_entry(entry)

    def _lay_out(self) -> None:
        titles, buttons_part = WrappingRow(self._theme, gap_px=8), QWidget()
        for part in (self._name, self._verdict_badge, self._badge):
            titles.add(part)
        buttons = QHBoxLayout(buttons_part)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.addWidget(self._button)
        buttons.addWidget(self._menu)
        self._bar_part = QWidget()
        bar = QHBoxLayout(self._bar_part)
        bar.setContentsMargins(0, 0, 0, 0)
        bar.setSpacing(12)
        bar.addWidget(self._bar, 3)
        bar.addWidget(self._need, 2)
        middle = QHBoxLayout()
        middle.setSpacing(8)
        middle.addWidget(self._sentence, 1)
        middle.addWidget(self._details, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 14, 14)
        layout.setSpacing(8)
        layout.addWidget(self._eyebrow)
        layout.addWidget(TwoEndsRow(titles, buttons_part))
        layout.addLayout(middle)
        layout.addWidget(self._bar_part)
        layout.addWidget(self._progress)
        layout.addWidget(self._tags)

    @property
    def menu(self) -> FileMenuButton:
        """What else can be done with its files."""
        return self._menu

    @property
    def details_button(self) -> QuietButton:
        """What the keyboard comes back to when the details are closed."""
        return self._details

    def show_entry(self, entry: Entry) -> None:
        """Show another state of the same model."""
        self._entry = entry
        self.setAccessibleName(entry.versions.name)
        self._name.setText(breakable(entry.versions.name))
        self._details.setAccessibleName(self.tr("Details of {name}").format(name=self._plain()))
        self._eyebrow.setVisible(entry.is_recommended)
        self._sentence.setText(self._sentence_text())
        files = () if entry.is_starter else entry.versions.models
        self._menu.show_files(files, entry.missing)
        self._show_verdict()
        self._show_state()
        self._show_tags()

    def set_selected(self, *, is_selected: bool) -> None:
        """Mark the card whose details are shown."""
        self._details.setChecked(is_selected)
        if is_selected == self._is_selected:
            return
        self._is_selected = is_selected
        self.setProperty("selected", "true" if is_selected else "false")
        self.style().unpolish(self)
        self.style().polish(self)

    def set_primary(self, *, is_primary: bool) -> None:
        """Let the button stand out; at most one card's does."""
        self._button.set_kind("primary" if is_primary else "")

    def show_progress(self, fraction: float) -> None:
        """Show how far loading is, 0.0 to 1.0."""
        self._progress.setValue(round(fraction * 100))

    def _plain(self) -> str:
        return self._entry.versions.name

    def _show_verdict(self) -> None:
        verdict = self._entry.verdict
        is_judged = verdict is not None
        self._bar_part.setVisible(is_judged)
        self._verdict_badge.setVisible(is_judged)
        if verdict is None:
            return
        self._verdict_badge.say(state_words(verdict.state), STATE_TONES[verdict.state])
        self._bar.show_picture(fit_picture(verdict, self._entry.scale_bytes), fit_words(verdict))
        self._need.setText(need_words(verdict))

    def _show_state(self) -> None:
        state = self._entry.state
        match state:
            case ModelState.IN_USE:
                self._badge.say(self.tr("In use"), Tone.NEUTRAL)
                self._button.say(self.tr("Chat"))
            case ModelState.LOADING:
                self._badge.say(self.tr("Getting ready"), Tone.NEUTRAL)
                self._button.say(self.tr("Cancel"))
            case ModelState.MISSING:
                self._badge.say(self.tr("File is missing"), Tone.WARN)
            case ModelState.READY:
                self._button.say(self._words_of_use())
        self._badge.setVisible(state is not ModelState.READY)
        self._button.setVisible(state is not ModelState.MISSING)
        self._progress.setVisible(state is ModelState.LOADING)

    @Slot()
    def _show_tags(self) -> None:
        """Show the facts of the model, and whose file it is."""
        tags = card_tags(self._entry)
        origin = self._facts.origin_of(self._entry.model.path)
        if origin is not None:
            tags.append((origin_tag(origin), origin_sentence(origin)))
        if tags == self._shown_tags:
            return
        self._shown_tags = tags
        self._tags.clear()
        for words, explanation in tags:
            tag = Badge(words, Tone.PLAIN)
            tag.setToolTip(explanation)
            self._tags.add(tag)

    def _sentence_text(self) -> str:
        verdict = self._entry.verdict
        if self._entry.is_starter:
            return self.tr(
                "Came with Quillhouse so that you can try everything at once. It is tiny and"
                " often wrong: use a larger model for real work."
            )
        if verdict is None:
            return breakable(str(self._entry.model.path))
        sentence = verdict_sentence(verdict)
        if self._entry.is_recommended:
            praise = self.tr("The largest of your models that runs well here.")
            sentence = f"{praise} {sentence}"
        return sentence

    def _words_of_use(self) -> str:
        verdict = self._entry.verdict
        if verdict is not None and verdict.state is FitState.TOO_BIG:
            return self.tr("Why?")
        return self.tr("Use this model…") if self._entry.is_doubtful else self.tr("Use this model")

    @Slot()
    def _on_button(self) -> None:
        """The button was pressed."""
        if self._entry.state is ModelState.LOADING:
            self.cancel_requested.emit()
        elif self._entry.state is ModelState.READY and self._entry.is_doubtful:
            # The answer to "Why?" stays if it is there already.
            if not self._is_selected:
                self._on_details()
        else:
            self.load_requested.emit(LoadRequest(self._entry.model.path))

    @Slot()
    def _on_details(self) -> None:
        """Show everything."""
        self.details_requested.emit(self._entry.versions.key)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the click, which is for the whole card."""
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Show everything when the card is clicked anywhere."""
        is_left = event.button() is Qt.MouseButton.LeftButton
        if is_left and self.rect().contains(event.position().toPoint()):
            self._on_details()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Let the style know that the mouse is over the card."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Let the style know that the mouse has left."""
        super().leaveEvent(event)
        self.update()
