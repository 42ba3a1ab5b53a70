"""The button at the foot of a model's details: use it, go on with it, or insist."""

from PySide6.QtCore import Slot

from app.core.events import LoadRequest
from app.core.fit.choice import FitState, Verdict
from app.core.fit.portions import missing_now_bytes
from app.ui.catalogue.foot_bar import FootBar
from app.ui.catalogue.shelf import Entry, ModelState
from app.ui.theme import Theme
from app.worker.signal_types import signal, signal_of


class UseBar(FootBar):
    """One button, and a plain word of warning where one is due.

    Signals:
        load_requested: the button was pressed.
        cancel_requested: it was pressed while the model is being loaded.
    """

    load_requested = signal_of(LoadRequest)
    cancel_requested = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.progress.setAccessibleName(self.tr("Getting the model ready"))
        self.button.clicked.connect(self._on_button)
        self._request: LoadRequest | None = None
        self._is_loading = False

    def show_choice(self, entry: Entry | None, verdict: Verdict | None) -> None:
        """Offer what can be done with the version that is meant."""
        is_gone = entry is None or entry.state is ModelState.MISSING
        self.setVisible(not is_gone)
        if entry is None:
            return
        state = entry.state
        self._is_loading = state is ModelState.LOADING
        self.progress.setVisible(self._is_loading)
        is_forced = verdict is not None and verdict.state is FitState.TOO_BIG
        self._request = LoadRequest(entry.model.path, is_forced=is_forced)
        warning, words = self._words(verdict)
        if state is ModelState.IN_USE:
            warning, words = "", self.tr("Chat")
        elif self._is_loading:
            warning, words = "", self.tr("Cancel")
        self.warn(warning)
        kind = "" if warning or self._is_loading else "primary"
        self.button.set_kind(kind)
        self.button.say(words)

    def _words(self, verdict: Verdict | None) -> tuple[str, str]:
        """Give a warning, or none, and what stands on the button."""
        if verdict is None:
            return "", self.tr("Use this model")
        missing = missing_now_bytes(verdict.need, verdict.placement, verdict.budget)
        if verdict.fits and not missing:
            return "", self.tr("Use this model")
        if verdict.fits:
            warning = self.tr(
                "If nothing is closed, the computer moves other programs to the disk and becomes"
                " slow for a while."
            )
        else:
            warning = self.tr(
                "It will most likely fail, or make this computer very slow. Your chats are safe:"
                " models run in a process of their own."
            )
        return warning, self.tr("Load anyway")

    @Slot()
    def _on_button(self) -> None:
        """The button was pressed."""
        if self._is_loading:
            self.cancel_requested.emit()
        elif self._request is not None:
            self.load_requested.emit(self._request)
