"""What is the matter with a collection as a whole, above its views."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.documents.collections import CollectionSummary
from app.core.errors import Failure
from app.ui.language_names import language_name
from app.ui.message import Action
from app.ui.messages import action_words, message_for
from app.ui.theme import Theme
from app.ui.widgets.badge import Tone
from app.ui.widgets.banner import Banner
from app.worker.signal_types import signal

MODELS_KEY = "models"
CHOOSE_KEY = "choose"
OFFERED = frozenset({Action.TRY_AGAIN, Action.CHOOSE_EMBEDDING_MODEL})
"""What a button can be for here; other actions lead to this very page."""


class CollectionNotice(QWidget):
    """A failure, or a search model that does not know the language; once closed it stays so.

    Signals:
        models_requested: show search models to download.
        model_requested: choose another one that is here.
        retry_requested: look through the folders again.
    """

    models_requested = signal()
    model_requested = signal()
    retry_requested = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._said: tuple[object, ...] = ()
        self._failure = Banner(theme)
        self._failure.chosen.connect(self._on_chosen)
        self._language = Banner(theme)
        self._language.chosen.connect(self._on_chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for banner in (self._failure, self._language):
            banner.closed.connect(self._follow)
            column.addWidget(banner)
        self.hide()

    def show_collection(self, summary: CollectionSummary) -> None:
        """Say what is the matter, unless that was said before."""
        language = summary.languages[0] if summary.languages else ""
        is_unfit = not summary.fits_languages and bool(language)
        key = summary.collection.collection_id, summary.collection.embedding_key
        said = (*key, summary.failure, is_unfit, language)
        if said == self._said:
            return
        self._said = said
        self._failure.hide()
        self._language.hide()
        if summary.failure is not None:
            self._say_failure(summary.failure)
        if is_unfit:
            self._say_language(summary, language)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        """Take no room while there is nothing to say."""
        self.setVisible(not (self._failure.isHidden() and self._language.isHidden()))

    def _say_failure(self, failure: Failure) -> None:
        message = message_for(failure)
        action = message.action if message.action in OFFERED else None
        buttons = ((action.value, action_words(action)),) if action is not None else ()
        text = f"{message.what_happened} {message.what_to_do}"
        self._failure.say(Tone.BAD, message.title, text, buttons)

    def _say_language(self, summary: CollectionSummary, language: str) -> None:
        name = language_name(language)
        title = self.tr("The search model does not know {language}").format(language=name)
        text = self.tr(
            "Much of the text here is in {language}; “{model}” does not understand it. Words are"
            " found all the same, but not other words for the same thing."
        ).format(language=name, model=summary.embedding_name)
        buttons = (
            (MODELS_KEY, self.tr("Find a search model")),
            (CHOOSE_KEY, self.tr("Choose one that is here")),
        )
        self._language.say(Tone.WARN, title, text, buttons)

    @Slot(object)
    def _on_chosen(self, key: str) -> None:
        """Do what the button says; the sentence comes back if that did not help."""
        self._said = ()
        self._follow()
        match key:
            case _ if key == MODELS_KEY:
                self.models_requested.emit()
            case Action.TRY_AGAIN:
                self.retry_requested.emit()
            case _:
                self.model_requested.emit()
