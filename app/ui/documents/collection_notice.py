"""What is the matter with a collection as a whole, above its views."""

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.documents.collections import CollectionSummary
from app.core.documents.embedding_model import BUILT_IN_KEY, EmbeddingModel
from app.core.documents.embedding_profiles import LIGHT_MULTILINGUAL_BYTES, model_here_for
from app.core.errors import Failure
from app.ui.documents.document_words import model_name
from app.ui.language_names import language_name
from app.ui.message import Action
from app.ui.messages import action_words, message_for
from app.ui.quantities import bytes_text
from app.ui.theme import Theme
from app.ui.widgets.badge import Tone
from app.ui.widgets.banner import Banner
from app.ui.widgets.foreign_text import foreign_text
from app.worker.signal_types import signal, signal_of

USE_KEY = "use"
DOWNLOAD_KEY = "download"
CHOOSE_KEY = "choose"
_LEAST_TO_CHOOSE = 2
"""With no more models than the present and the offered one there is nothing else to choose."""
OFFERED = frozenset({Action.TRY_AGAIN, Action.CHOOSE_EMBEDDING_MODEL})
"""What a button can be for here; other actions lead to this very page."""


class CollectionNotice(QWidget):
    """A failure, or a search model that does not know the language; once closed it stays so.

    Signals:
        better_requested: get a model that knows many languages.
        model_requested: choose another one that is here.
        chosen: use this one, which is here; carries its key.
        declined: no other model is wanted for files in a language; carries it.
        retry_requested: look through the folders again.
    """

    better_requested = signal()
    model_requested = signal()
    chosen = signal_of(str)
    declined = signal_of(str)
    retry_requested = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._said: tuple[object, ...] = ()
        self._unknown = ""
        self._offered_key = ""
        self._failure = Banner(theme)
        self._failure.chosen.connect(self._on_chosen)
        self._language = Banner(theme)
        self._language.chosen.connect(self._on_chosen)
        self._language.closed.connect(self._on_declined)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for banner in (self._failure, self._language):
            banner.closed.connect(self._follow)
            column.addWidget(banner)
        self.hide()

    def show_collection(
        self, summary: CollectionSummary, models: Sequence[EmbeddingModel]
    ) -> None:
        """Say what is the matter, unless that was said before.

        Args:
            summary: of the collection.
            models: search models on this computer.
        """
        collection, unknown = summary.collection, summary.unknown_language
        if unknown == collection.declined_language:
            unknown = ""
        better = model_here_for(unknown, models) if unknown else None
        key = collection.collection_id, collection.embedding_key
        said = (*key, summary.failure, unknown, better)
        if said == self._said:
            return
        self._said = said
        self._unknown = unknown
        self._offered_key = better.key if better is not None else ""
        self._failure.hide()
        self._language.hide()
        if summary.failure is not None:
            self._say_failure(summary.failure)
        if unknown:
            self._say_language(summary, better, has_others=len(models) > _LEAST_TO_CHOOSE)
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

    def _say_language(
        self, summary: CollectionSummary, better: EmbeddingModel | None, *, has_others: bool
    ) -> None:
        language = language_name(self._unknown)
        title = self.tr("The search model does not know {language}").format(language=language)
        if summary.collection.embedding_key == BUILT_IN_KEY:
            text = self.tr(
                "The built-in search model knows English. These documents are mostly in"
                " {language}: their words are found, but hardly what is meant."
            ).format(language=language)
        else:
            text = self.tr(
                "These documents are mostly in {language}, which “{model}” does not know: their"
                " words are found, but hardly what is meant."
            ).format(language=language, model=foreign_text(summary.embedding_name))
        if better is not None:
            words = self.tr("Use “{model}”").format(model=model_name(better))
            text += " " + self.tr("Another model on this computer knows it.")
            buttons: tuple[tuple[str, str], ...] = ((USE_KEY, words),)
            if has_others:
                buttons += ((CHOOSE_KEY, self.tr("Choose another one")),)
        else:
            words = self.tr("Use a model for many languages, {size}")
            words = words.format(size=bytes_text(LIGHT_MULTILINGUAL_BYTES))
            buttons = ((DOWNLOAD_KEY, words),)
        self._language.say(Tone.WARN, title, text, buttons)

    @Slot()
    def _on_declined(self) -> None:
        """Offer nothing for this language any more."""
        self.declined.emit(self._unknown)

    @Slot(object)
    def _on_chosen(self, key: str) -> None:
        """Do what the button says; the sentence comes back if that did not help."""
        self._said = ()
        self._follow()
        match key:
            case _ if key == DOWNLOAD_KEY:
                self.better_requested.emit()
            case _ if key == USE_KEY:
                self.chosen.emit(self._offered_key)
            case Action.TRY_AGAIN:
                self.retry_requested.emit()
            case _:
                self.model_requested.emit()
