"""Why no model answers, and what to do about it, where every file is to be asked."""

from PySide6.QtCore import Slot

from app.core.events import Library, LoadRequest
from app.ui.engine_picture import EnginePicture
from app.ui.messages import message_for
from app.ui.theme import Theme
from app.ui.widgets.badge import Tone
from app.ui.widgets.banner import Banner
from app.worker.signal_types import signal, signal_of

LOAD_KEY = "load"
CHOOSE_KEY = "choose"
ENGINE_KEY = "engine"


class ModelNotice(Banner):
    """Says that there is no model, while one is waited for; goes away by itself.

    Signals:
        load_requested: load the model that was used last.
        models_requested: show all models.
        engine_requested: start the engine again.
    """

    load_requested = signal_of(LoadRequest)
    models_requested = signal()
    engine_requested = signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._engine = EnginePicture()
        self._library = Library(())
        self._is_waiting = False
        self._said: tuple[object, ...] = ()
        self.chosen.connect(self._on_button)

    def show_engine(self, engine: EnginePicture) -> None:
        """Follow what the engine is doing."""
        self._engine = engine
        self._follow()

    def show_library(self, library: Library) -> None:
        """Know which model was used last."""
        self._library = library
        self._follow()

    def set_waiting(self, *, is_waiting: bool) -> None:
        """Say whether anything waits for a model."""
        self._is_waiting = is_waiting
        self._follow()

    def _follow(self) -> None:
        """Say what is the matter once; what the user has closed stays closed."""
        said = self._matter()
        if said == self._said:
            return
        self._said = said
        if not said:
            self.hide()
            return
        (last,) = self._library.models[:1] or (None,)
        if said[0] == ENGINE_KEY:
            self.say(
                Tone.BAD,
                self.tr("The engine does not start"),
                self.tr("Nothing can be asked meanwhile. What was answered stays."),
                ((ENGINE_KEY, self.tr("Try again")),),
            )
            return
        text = self.tr(
            "The files are asked as soon as a model is loaded. “Quotes only” needs none."
        )
        if self._engine.load_failure is not None:
            message = message_for(self._engine.load_failure)
            text = f"{message.title}. {message.what_happened} {text}"
        choose = (CHOOSE_KEY, self.tr("Choose a model"))
        load: tuple[tuple[str, str], ...] = ()
        if last is not None:
            load = ((LOAD_KEY, self.tr("Load {name}").format(name=last.display_name)),)
        self.say(Tone.WARN, self.tr("No model is loaded"), text, (*load, choose))

    def _matter(self) -> tuple[object, ...]:
        """Give what is to be said; nothing if nothing is the matter."""
        if not self._is_waiting:
            return ()
        if self._engine.is_given_up:
            return (ENGINE_KEY,)
        if self._engine.has_no_model and not self._engine.is_loading:
            return (CHOOSE_KEY, self._library.models[:1], self._engine.load_failure)
        return ()

    @Slot(object)
    def _on_button(self, key: str) -> None:
        """Do what the button says; the sentence comes back if that did not help."""
        self._said = ()
        match key:
            case _ if key == LOAD_KEY and self._library.models:
                self.load_requested.emit(LoadRequest(self._library.models[0].path))
            case _ if key == ENGINE_KEY:
                self.engine_requested.emit()
            case _:
                self.models_requested.emit()
