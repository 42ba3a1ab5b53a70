"""One model on the page of models."""

from enum import Enum

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QProgressBar, QVBoxLayout, QWidget

from app.core.events import LoadRequest
from app.core.model import ModelFile
from app.ui.quantities import bytes_text, count_text, large_count_text
from app.ui.theme import Theme
from app.ui.widgets.badge import Badge, Tone
from app.ui.widgets.icon_button import IconButton, TextButton
from app.ui.widgets.labels import breakable, label
from app.ui.widgets.two_ends_row import TwoEndsRow
from app.ui.widgets.wrapping_row import WrappingRow
from app.worker.signal_types import signal, signal_of

WORDS_PER_TOKEN = 0.75
"""English text, a common rule of thumb; only for "about"."""
_BITS = {"Q2": 2, "IQ2": 2, "IQ1": 1, "Q3": 3, "IQ3": 3, "Q4": 4, "IQ4": 4, "MXFP4": 4}


class ModelState(Enum):
    """What a card says about its model."""

    READY = "ready"
    LOADING = "loading"
    IN_USE = "in_use"
    MISSING = "missing"


class ModelCard(QFrame):
    """Name, badge, one sentence, facts, and one button.

    Signals:
        load_requested: use this model.
        cancel_requested: it is not wanted any more; it is still being loaded.
        remove_requested: take it off the list.
        show_in_folder_requested: show where its file lies.
    """

    load_requested = signal_of(LoadRequest)
    cancel_requested = signal()
    remove_requested = signal_of(LoadRequest)
    show_in_folder_requested = signal_of(LoadRequest)

    def __init__(self, theme: Theme, model: ModelFile, *, is_starter: bool) -> None:
        super().__init__()
        self.model = model
        self._theme = theme
        self._state = ModelState.READY
        self.setProperty("surface", "card")
        self.setAccessibleName(model.display_name)
        self._badge = Badge()
        self._button = TextButton(theme, "")
        self._button.clicked.connect(self._on_button)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(self.tr("Getting the model ready"))
        name_part, buttons_part = QWidget(), QWidget()
        name = QHBoxLayout(name_part)
        name.setContentsMargins(0, 0, 0, 0)
        name.setSpacing(10)
        name.addWidget(label(breakable(model.display_name), "heading", wraps=True))
        name.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignVCenter)
        name.addStretch(1)
        buttons = QHBoxLayout(buttons_part)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.addWidget(self._button)
        if not is_starter:
            buttons.addWidget(self._menu_button())
        tags = WrappingRow(theme, gap_px=6)
        for words, explanation in self._facts():
            tag = Badge(words, Tone.PLAIN)
            tag.setToolTip(explanation)
            tags.add(tag)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 14, 14)
        layout.setSpacing(8)
        layout.addWidget(TwoEndsRow(name_part, buttons_part))
        layout.addWidget(label(self._sentence(is_starter=is_starter), "dim", wraps=True))
        layout.addWidget(self._progress)
        layout.addWidget(tags)
        self.show_state(ModelState.READY)

    def show_state(self, state: ModelState) -> None:
        """Say whether the model is in use, loading, or gone."""
        self._state = state
        match state:
            case ModelState.IN_USE:
                self._badge.say(self.tr("In use"), Tone.GOOD)
                self._button.say(self.tr("Chat"))
            case ModelState.LOADING:
                self._badge.say(self.tr("Getting ready"), Tone.NEUTRAL)
                self._button.say(self.tr("Cancel"))
            case ModelState.MISSING:
                self._badge.say(self.tr("File is missing"), Tone.WARN)
            case ModelState.READY:
                self._button.say(self.tr("Use this model"))
        self._badge.setVisible(state is not ModelState.READY)
        self._button.setVisible(state is not ModelState.MISSING)
        self._progress.setVisible(state is ModelState.LOADING)
        self.setProperty("selected", "true" if state is ModelState.IN_USE else "false")
        self.style().unpolish(self)
        self.style().polish(self)

    def show_progress(self, fraction: float) -> None:
        """Show how far loading is, 0.0 to 1.0."""
        self._progress.setValue(round(fraction * 100))

    def _menu_button(self) -> IconButton:
        button = IconButton(self._theme, "ellipsis", self.tr("More"))
        menu = QMenu(button)
        menu.addAction(self.tr("Show in folder"), self._on_show_in_folder)
        removal = menu.addAction(self.tr("Remove from this list"), self._on_remove)
        removal.setToolTip(self.tr("The file stays where it is."))
        menu.setToolTipsVisible(True)
        button.setMenu(menu)
        button.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _sentence(self, *, is_starter: bool) -> str:
        if is_starter:
            return self.tr(
                "Came with Quillhouse so that you can try everything at once. It is tiny and"
                " often wrong: use a larger model for real work."
            )
        return breakable(str(self.model.path))

    def _facts(self) -> list[tuple[str, str]]:
        """Give the facts worth a tag, each with its explanation."""
        model, facts = self.model, []
        size = self.tr("{size} on disk").format(size=bytes_text(model.size_bytes))
        facts.append((size, self.tr("The size of the file.")))
        if model.n_parameters:
            number = large_count_text(model.n_parameters)
            facts.append(
                (
                    self.tr("{n} parameters").format(n=number),
                    self.tr("The numbers that a model has learnt; more know more."),
                )
            )
        if model.quantization:
            facts.append(
                (
                    f"{self._precision()} \u00b7 {model.quantization}",
                    self.tr("How exactly the numbers are kept (quantization)."),
                )
            )
        if model.n_ctx_train:
            n_words = round(model.n_ctx_train * WORDS_PER_TOKEN, -2)
            text = self.tr("remembers up to {n} words").format(n=count_text(int(n_words)))
            facts.append((text, self.tr("The longest conversation it was made for.")))
        if model.licence:
            licence = self.tr("Licence {name}").format(name=model.licence)
            facts.append((licence, self.tr("As the file itself says.")))
        return facts

    def _precision(self) -> str:
        n_bits = _BITS.get(self.model.quantization.upper().split("_")[0], 8)
        if n_bits < 4:  # noqa: PLR2004 - bits
            return self.tr("Smallest")
        return self.tr("Balanced") if n_bits == 4 else self.tr("Close to full quality")  # noqa: PLR2004

    @Slot()
    def _on_button(self) -> None:
        """The button was pressed."""
        if self._state is ModelState.LOADING:
            self.cancel_requested.emit()
        else:
            self.load_requested.emit(LoadRequest(self.model.path))

    @Slot()
    def _on_remove(self) -> None:
        """Remove was chosen."""
        self.remove_requested.emit(LoadRequest(self.model.path))

    @Slot()
    def _on_show_in_folder(self) -> None:
        """Show in folder was chosen."""
        self.show_in_folder_requested.emit(LoadRequest(self.model.path))
